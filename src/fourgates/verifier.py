"""Check a bundle without this software (独立验证): one file, Python's own library, nothing else; it goes along as verify.py.

``verify.py [BUNDLE] [--key NAME+HASH+BASE64]...`` checks every file and signature, and counts rights, participation, tallies
and names carried up again; exit 1: where it does not hold. ``fourgates verify BUNDLE`` judges procedure, persons and list."""

from __future__ import annotations

import base64
import json
import sys
from calendar import monthrange
from collections import Counter
from datetime import date
from hashlib import new, sha256, sha512
from pathlib import Path
from typing import Any

FORMAT = "fourgates-bundle/1"
FIELDS = set("entries files format hash head reader root rulebook shown".split())
READERS = {"public": False, "superior": False, "department": True, "person": True}


class Fault(Exception):
    """Something does not hold: where (``entry N`` or the path of a file), and why."""


def need(good: object, place: str, why: str) -> None:
    """A fault at ``place`` unless this is so."""
    if not good:
        raise Fault(place, why)


def spelt(content: bytes, place: str) -> Any:
    """The value in ``content``; a fault unless it stands there in the one spelling, whole numbers only."""
    try:
        value = json.loads(content, parse_float=lambda _text: None)
        text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        same = text.encode() == content
    except (ValueError, RecursionError) as error:
        raise Fault(place, f"cannot be read: {error}") from None
    need(same, place, "is not in its one spelling: it was changed")
    return value


def root(leaves: list[bytes], algorithm: str) -> bytes:
    """The root over leaf hashes (RFC 6962, 2.1): a level that is odd carries its last up as it is."""
    level = leaves or [new(algorithm).digest()]
    while len(level) > 1:
        both = (level[i] + level[i + 1] for i in range(0, len(level) - 1, 2))
        level = [*(new(algorithm, b"\1" + pair).digest() for pair in both), *level[len(level) & ~1 :]]
    return level[0]


def read(folder: Path, name: str) -> bytes:
    """A file of the bundle; a fault where there is none or it is no plain file."""
    path = folder / name
    need(path.is_file() and not path.is_symlink(), name, "is missing")
    return path.read_bytes()


def lines(folder: Path, manifest: dict[str, Any]) -> list[dict[str, Any] | None]:
    """Every entry in its order, ``None`` where it is withheld; each held to its leaf and to the line before."""
    told, listed = (read(folder, name).split(b"\n") for name in ("ledger.jsonl", "leaves.txt"))
    found, leaves = list[dict[str, Any] | None](), list[bytes]()
    before, algorithm, rest = "0" * 64, manifest["hash"], told.pop() + listed.pop()
    for n, line in enumerate(told, start=1):
        place, entry, leaf = f"entry {n}", None, line
        if line[:1] == b"{":
            entry, leaf = spelt(line, place), new(algorithm, b"\0" + line).hexdigest().encode()
            need(entry.get("n") == n, place, f"bears the number {entry.get('n')}: added, dropped or moved")
        need(listed[n - 1 : n] == [leaf], place, "is not what its leaf says: changed, dropped or moved")
        need(entry is None or entry.get("prev") == before or not before, place, "does not follow the last")
        before = sha256(line).hexdigest() if entry is not None else ""
        leaves.append(bytes.fromhex(leaf.decode("ascii")))
        found.append(entry)
    end = len(found) == len(listed) == manifest["entries"] and not rest
    need(end, f"entry {min(len(found), manifest['entries']) + 1}", "the end was cut off or added to")
    end = (len(found) - found.count(None), before) == (manifest["shown"], manifest["head"])
    need(end, "manifest.json", "says another end")
    need(manifest["root"] == root(leaves, algorithm).hex(), "leaves.txt", "the root is another")
    files(folder, manifest)
    keys = read(folder, "policy").decode().split() if "policy" in manifest["files"] else []
    for name in sorted(manifest["files"], key=lambda name: (name == "checkpoint", len(name), name)):
        if name.startswith("checkpoint"):
            note(read(folder, name), name, leaves, algorithm, keys)
    return found


def files(folder: Path, manifest: dict[str, Any]) -> None:
    """Documents by their digest, then every file by the manifest, and no other file."""
    for name, said in sorted(manifest["files"].items()):
        digest = sha256(read(folder, name)).hexdigest()
        need(digest == said, name, "is not the file of the manifest: one of them was changed")
        need(digest == name[10:] or not name.startswith("documents/"), name, "was changed")
    known = {"documents", "checkpoints", "manifest.json", *manifest["files"]}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        need(name in known and not path.is_symlink(), name, "does not belong here")


def disclosures(folder: Path, manifest: dict[str, Any]) -> int:
    """How many fields are disclosed; a fault at one that no sealed document holds the digest of (RFC 9901)."""
    name, digests = "disclosures.json", set[str]()
    for path in manifest["files"]:
        document = spelt(read(folder, path), path) if path.startswith("documents/") else {}
        digests.update(digest for row in document.get("sealed", ()) for digest in row["_sd"])
    found: list[str] = spelt(read(folder, name), name) if name in manifest["files"] else []
    made = {base64.urlsafe_b64encode(sha256(text.encode()).digest())[:43].decode() for text in found}
    need(made <= digests and found == sorted(set(found)), name, "holds more than the sealed documents")
    return len(found)


Claim = dict[str, Any]
STEPS = {"committee", "branch", "person", "keeper", "department", "unit"}
KEYS: list[str] = []
P, D = 2**255 - 19, -121665 * pow(121666, -1, 2**255 - 19) % (2**255 - 19)
ORDER = 2**252 + 27742317777372353535851937790883648493
Point = tuple[int, int, int, int]


def add(a: Point, b: Point) -> Point:
    """The sum of two points of edwards25519 in extended coordinates."""
    e, f = (a[1] - a[0]) * (b[1] - b[0]), (a[1] + a[0]) * (b[1] + b[0])
    g, h = 2 * a[3] * b[3] * D, 2 * a[2] * b[2]
    x, y, z, t = (f - e) % P, (h - g) % P, (h + g) % P, (f + e) % P
    return x * y % P, z * t % P, y * z % P, x * t % P


def times(k: int, a: Point) -> Point:
    """The point ``a`` taken ``k`` times."""
    found: Point = (0, 1, 1, 0)
    while k:
        found, a, k = (add(found, a) if k & 1 else found), add(a, a), k >> 1
    return found


def point(text: bytes) -> Point:
    """The point in 32 bytes; ``ValueError`` when there is none."""
    y = int.from_bytes(text, "little")
    sign, y = y >> 255, y & (1 << 255) - 1
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    x = x if not (x * x - square) % P else x * pow(2, (P - 1) // 4, P) % P
    if (x * x - square) % P or y >= P or (not x and sign) or len(text) != 32:
        raise ValueError("no point")
    return (x := P - x if x & 1 != sign else x), y, 1, x * y % P


def signed(key: bytes, message: bytes, signature: bytes) -> bool:
    """Whether ``signature`` is that of ``key`` over ``message`` (Ed25519)."""
    try:
        a, r, s = point(key), point(signature[:32]), int.from_bytes(signature[32:], "little")
    except ValueError:
        return False
    h = int.from_bytes(sha512(signature[:32] + key + message).digest(), "little") % ORDER
    left, right = times(s, point((4 * pow(5, -1, P) % P).to_bytes(32, "little"))), add(r, times(h, a))
    apart = [(left[axis] * right[2] - right[axis] * left[2]) % P for axis in (0, 1)]
    return len(signature) == 64 and s < ORDER and apart == [0, 0]


def note(content: bytes, place: str, leaves: list[bytes], algorithm: str, keys: list[str]) -> None:
    """A fault unless the checkpoint is of this tree and every Ed25519 signature by a key that is known is good."""
    body, _, signatures = content.decode().rpartition("\n\n")
    origin, size, digest = body.split("\n")[:3]
    same = int(size) <= len(leaves) and base64.b64decode(digest) == root(leaves[: int(size)], algorithm)
    need(same, f"entry {min(int(size), len(leaves))}", f"{place} is of another history")
    need(f"— {origin} " in signatures, place, "is not signed by its log")
    for line in signatures.splitlines():
        dash, name, text = line.split(" ")
        raw = base64.b64decode(text, validate=True)
        key = next((key for key in [*KEYS, *keys] if key.startswith(f"{name}+{raw[:4].hex()}+")), "")
        public, signature, message = base64.b64decode(key.split("+", 2)[-1]), raw[4:], body.encode() + b"\n"
        if public[:1] == b"\4":
            stamp, signature = int.from_bytes(signature[:8], "big"), signature[8:]
            message = f"cosignature/v1\ntime {stamp}\n".encode() + message
        known = public[:1] in (b"\1", b"\4")
        good = dash == "—" and (not known or signed(public[1:], message, signature))
        need(good and (key or name != origin), place, f"the signature of {name} is not good")
        said = ("good" if key in KEYS else "good by the key in the bundle") if known else "NOT CHECKED"
        print(f"{place}: {size} entries, signature of {name}: {said}")


def over(part: int, share: str, whole: int, *, strictly: bool) -> bool:
    """Whether part / whole reaches (or strictly passes) a share such as ``4/5``."""
    above, _, below = share.partition("/")
    return part * int(below or 1) >= int(above) * whole + strictly


def merged(by: dict[str, int], least: int) -> dict[str, int]:
    """Channels by which some but fewer than the least number took part, put together with the next larger ones."""
    order = sorted((one for one in by if by[one]), key=by.__getitem__)
    before = {one: sum(by[other] for other in order[:n]) for n, one in enumerate(order)}
    small = {one for one in order if by[one] < least or 0 < before[one] < least}
    joint = {"、".join(one for one in by if one in small): sum(by[one] for one in small)}
    return {one: by[one] for one in by if one not in small} | joint if len(small) > 1 else by


class Count:
    """The claims that stand and what follows from them; ``full`` where nothing is withheld."""

    def __init__(self, folder: Path, reader: str) -> None:
        self.folder, self.full, self.own = folder, reader == "superior", [*reader.split(":", 1)]
        self.plan, self.units = Claim(), dict[str, Claim]()
        self.claims, self.left = dict[tuple[str, str], tuple[int, Claim]](), 0
        self.rights, self.due, self.rests = dict[str, str](), dict[str, str](), set[str]()

    def document(self, event: Claim, rows: str) -> list[Any]:
        """The rows of the document that an event names."""
        name = f"documents/{event['document']}"
        return list(spelt(read(self.folder, name), name)[rows])

    def follow(self, n: int, event: Claim) -> None:
        """Take one entry that is shown; a fault where it cannot be, or where a result is not what the claims give."""
        kind, about = event["kind"], [[key, event[key]] for key in ("department", "person") if key in event]
        need(self.full or about in ([], [self.own]), f"entry {n}", "is not for this reader")
        for _day, due, present, rows in event.get("sittings", ()):
            for row in rows:
                good = row[1] <= present if kind == "NominationsFiled" else sum(row[1:4]) == present
                need(good and min(row[1:-1]) >= 0, f"entry {n}", "votes that cannot be")
            need(0 <= present <= due, f"entry {n}", "attendance that cannot be")
        if kind == "Withdrawn":
            self.claims = {key: one for key, one in self.claims.items() if one[0] != event["corrects"]}
        elif kind in CHECKS:
            if not self.rights and self.full:
                self.rights, self.due, _members = self.roll()
            same = CHECKS[kind](self, event)
            need(same or kind in self.rests, f"entry {n}", f"{kind} is not what comes of counting again")
            self.left += not same
        else:
            self.rest(kind, event)
            self.claims[kind, next((event[key] for key in STEPS & event.keys()), "")] = n, event
            self.plan = event.get("plan", self.plan)
            if kind == "UnitsEntered":
                self.units = {unit["name"]: unit for unit in self.document(event, "units")}
        if self.full and kind in ("Withdrawn", "RosterEntered", "SanctionsEntered", "PlanAdopted"):
            self.rights = {}

    def rest(self, kind: str, event: Claim) -> None:
        """Note the results that follow from more than is counted here: from boxes, and from who came to a meeting."""
        met = any(event.get("meetings", ()))
        box = kind == ("BoxClosed" if self.full else "BoxOpened")
        if met or (box and self.plan.get("boxes", {}).get("counts", True)):
            self.rests |= {"TallyCounted", "NamesCarriedUp"}
        if self.full and (met or kind in ("MemberMarked", "ConflictSettled", "BoxClosed")):
            self.rests.add("ParticipationCounted")

    def standing(self, kind: str) -> dict[str, Claim]:
        """The claims of a kind that stand, by what they are about."""
        return {about: event for (its, about), (_n, event) in self.claims.items() if its == kind}

    def rows(self, kind: str, name: str) -> list[Any]:
        """The rows of the documents of every claim of a kind."""
        return [row for event in self.standing(kind).values() for row in self.document(event, name)]

    def roll(self) -> tuple[dict[str, str], dict[str, str], list[list[Any]]]:
        """Who has rights, who is due (id → branch), and the full members, from rosters and punishments."""
        day = date.fromisoformat(self.plan["selection"]["reference_date"])
        terms = {one["kind"]: one["without_rights"] for one in self.plan["integrity"]["punishments"]}
        suspended = set()
        for person, kind, approved in self.standing("SanctionsEntered").get("", {}).get("sanctions", ()):
            start = date.fromisoformat(approved)
            year, month = divmod(start.year * 12 + start.month - 1 + terms[kind], 12)
            if start <= day < date(year, month + 1, min(start.day, monthrange(year, month + 1)[1])):
                suspended.add(person)
        rows = self.rows("RosterEntered", "members")
        rights = {row[0]: row[1] for row in rows if row[2] and row[3] and row[0] not in suspended}
        probationary = {row[0]: row[1] for row in rows if row[3] and not row[2]}
        counted = probationary if self.plan["participation"]["counts_probationary"] else {}
        return rights, {**rights, **counted}, [row for row in rows if row[2]]

    def rights_judged(self, event: Claim) -> bool:
        """The roll: each once, in known branches; where the rosters are shown, what follows from them."""
        rows = self.document(event, "branches")
        rights = {person: branch for branch, some, _counted in rows for person in some}
        due = {**rights, **{person: branch for branch, _some, counted in rows for person in counted}}
        good = (len(due), len(rights)) == (sum(len(row[1] + row[2]) for row in rows), event["people"])
        if self.full:
            own, own_due, full = self.roll()
            tags = {"女": sum(row[4] for row in full), "少数民族": sum(row[5] for row in full)}
            shares = {tag: {"part": n, "whole": len(full)} for tag, n in tags.items()}
            good &= (event["shares"], rights, due) == (shares, own, own_due)
        self.rights, self.due = rights, due
        return good and set(due.values()) <= set(self.units)

    def participation_counted(self, event: Claim) -> bool:
        """Participation from the roll and those absent; by channel and satisfaction too where the rows are shown."""
        said, channels = event["counted"], self.plan["participation"]["channels"]
        by, absent = said["by_channel"], set(said["absent"])
        least = self.plan.get("boxes", {}).get("smallest", 6)
        good = merged(by, least) == by and sorted("、".join(by).split("、")) == sorted(channels)
        if self.full:
            marks = {row[0]: row[1] for row in self.rows("ParticipationMarked", "marks")}
            marks = {person: channel for person, channel in marks.items() if person in self.due}
            absent = {person for person in self.due if marks.get(person) not in channels}
            exact = {channel: list(marks.values()).count(channel) for channel in channels}
            by = exact if exact == by else merged(exact, least)
            rule, asked = self.plan["satisfaction"], self.rows("SatisfactionAsked", "surveys")
            told = [one for row in asked for one in zip(row[3], rule["options"], strict=True)]
            part = sum(n for n, word in told if word in rule["satisfied"])
            rate = {"part": part, "whole": sum(row[2] for row in asked)}
            good = event["satisfaction"] == (rate if self.standing("SatisfactionAsked") else None)
        took = set(self.due) - absent
        obliged, active = set(self.due.values()), {self.due[person] for person in took}
        return good and absent <= set(self.due) and sum(by.values()) == len(took) and said == {
            "absent": sorted(absent), "by_channel": by, "members": {"part": len(took), "whole": len(self.due)},
            "organisations": {"part": len(active), "whole": len(obliged)},
            "silent": [name for name in self.units if name in obliged and name not in active],
        }  # fmt: skip

    def committee_of(self, name: str) -> str:
        """The committee a unit belongs to, empty for the county."""
        while name and self.units[name]["kind"] not in ("committee", "working_committee"):
            name = self.units[name].get("parent", "")
        return name

    def tally(self, committee: str) -> dict[str, tuple[int, int]]:
        """Branches and members behind each name of a committee."""
        (first, last), rule = self.plan["windows"]["nomination"], self.plan["nomination"]["quorum_at_least"]
        branches, members = Counter[str](), Counter[str]()
        for branch, event in self.standing("NominationsFiled").items():
            if branch not in self.units or self.committee_of(branch) != committee:
                continue
            own = set[str]()
            for day, due, present, names in event["sittings"]:
                if first <= day <= last and present > 0 and over(present, rule, due, strictly=False):
                    for person, behind, _merit in names:
                        members[person] += behind
                        own.add(person)
            branches.update(own & self.rights.keys())
        return {person: (count, members[person]) for person, count in branches.items()}

    def tally_counted(self, event: Claim) -> bool:
        """A committee's tally, the greatest support first."""
        ranked = [(-branches, -members) for _person, branches, members in event["lines"]]
        said = {person: (branches, members) for person, branches, members in event["lines"]}
        return len(said) == len(ranked) and (ranked, said) == (sorted(ranked), self.tally(event["committee"]))

    def names_carried_up(self, event: Claim) -> bool:
        """Who goes up: nominated, voted for by more than half of those due, within the quota, from one committee only."""
        (first, last), rule = self.plan["windows"]["committee_review"], self.plan["review"]
        passed: dict[str, list[str]] = {}
        for committee, review in self.standing("CommitteeReviewed").items():
            nominated, own = self.tally(committee), passed.setdefault(committee, [])
            for day, due, present, votes in review["sittings"]:
                if first <= day <= last and over(present, rule["quorum_more_than"], due, strictly=True):
                    for person, votes_for, _against, _abstained, up, _reason in votes:
                        if up and over(votes_for, rule["votes_more_than"], due, strictly=True):
                            own += [person] if person in nominated else []
        own = passed[event["committee"]]
        others = {person for name, names in passed.items() if name != event["committee"] for person in names}
        county = next(name for name, unit in self.units.items() if not unit.get("parent"))
        seats = self.standing("SeatsAllotted").get(county, {}).get("numbers", ())
        quota = {name: unit.get("quota", 0) for name, unit in self.units.items()}
        enough = len(own) <= {**quota, **{row[0]: sum(row[2:4]) for row in seats}}[event["committee"]]
        return bool(event["people"] == (sorted(set(own) - others) if enough else []))


JUDGES = Count.rights_judged, Count.participation_counted, Count.tally_counted, Count.names_carried_up
CHECKS = {judge.__name__.title().replace("_", ""): judge for judge in JUDGES}


def verify(folder: Path) -> str:
    """One sentence about the bundle in ``folder``; a ``Fault`` at the first thing that does not hold."""
    manifest = spelt(read(folder, "manifest.json"), "manifest.json")
    place, good = "manifest.json", isinstance(manifest, dict) and set(manifest) == FIELDS
    need(good and manifest["format"] == FORMAT, place, "is of a format this program does not know")
    kind, colon, name = str(manifest["reader"]).partition(":")
    need(READERS.get(kind) == bool(colon and name), place, "is for a reader nobody knows")
    try:
        found = lines(folder, manifest)
        shown = disclosures(folder, manifest)
        count = Count(folder, manifest["reader"])
        for n, entry in enumerate(found, start=1):
            if entry is not None:
                place = f"entry {n}"
                count.follow(n, entry["event"])
    except (LookupError, TypeError, ValueError, AttributeError, OSError) as error:
        raise Fault(place, f"does not hold what it must: {error!r}") from None
    rulebook = [count.plan["rulebook"][key] for key in ("id", "version")] if count.plan else ["", ""]
    need(manifest["rulebook"] == rulebook, "manifest.json", "names another rulebook than the plan")
    said = f"{len(found)} entries, {manifest['shown']} shown, {shown} fields disclosed"
    said += f", {count.left} results left to fourgates verify" * bool(count.left)
    return f"{said}, counted again, root {manifest['root']}"


def main(words: list[str]) -> int:
    """Check the bundle named, or the one this file lies in; gives the exit code."""
    while "--key" in words:
        KEYS.append(words.pop(words.index("--key") + 1))
        words.remove("--key")
    try:
        print("holds: " + verify(Path(words[0]) if words else Path(__file__).resolve().parent))
    except Fault as fault:
        print("DOES NOT HOLD:", *fault.args, sep=" ")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
