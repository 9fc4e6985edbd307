"""Level to level (上下级): records of counties taken in by the level above, what is new in each, and all of them in one table.

A folder holds one folder a selection: ``record`` as it last came, ``keys``, the county's public keys as they were given or first
seen, and beside them whatever came that could not be a continuation, kept as evidence. Nothing that was taken in is ever
overwritten by another history.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec

from fourgates import bundle, canon, checkpoints, difference, forks, handout, judging, moments
from fourgates.bundle import Head, Verified
from fourgates.errors import Broken, Refused
from fourgates.i18n import _, sentence
from fourgates.log import key
from fourgates.log.durable import put
from fourgates.log.key import Key
from fourgates.moments import Moment
from fourgates.papers import people as kept_people
from fourgates.participation import Rate
from fourgates.selection import Selection

RECORD, KEYS, EVIDENCE = "record", "keys", "refused-"


class Receipt(msgspec.Struct, frozen=True):
    """What came: which county, its selection, the entries known before and now, and the seal of the last.

    ``signed``: whether a key known of the county has signed all of them; ``trusted``: the keys that were taken on trust, because
    this was the first to come and nobody had given any; ``place``: where it lies.
    """

    county: str
    selection: str
    before: int
    entries: int
    head: str
    signed: bool
    trusted: tuple[str, ...]
    place: Path


class County(msgspec.Struct, frozen=True):
    """One county's figures, with the entries of its own record in which they stand (figure → entries)."""

    county: str
    selection: str
    entries: int
    head: str
    organisations: Rate
    members: Rate
    allotted: int
    sent_up: int
    listed: int
    stands: dict[str, tuple[int, ...]]


class Levels(msgspec.Struct, frozen=True):
    """Every county taken in, their sums, and the conflicts somebody has to settle, each a sentence."""

    counties: tuple[County, ...]
    organisations: Rate
    members: Rate
    allotted: int
    sent_up: int
    listed: int
    conflicts: tuple[str, ...]


def receive(offered: Path, into: Path, given: Iterable[Key] = ()) -> Receipt:
    """Take in the record ``offered``, or the bundle for the level above made of it; gives what is new. ``given``: public keys of
    the county, as it told them by another way.

    ``Broken`` when it does not hold; ``Refused`` (X.7) for a bundle that is another reader's, (X.5) when it does not go on from
    what came before, or (X.6) when no key that is known of the county has signed it: it is then kept beside as evidence, and
    what stood still stands.
    """
    if (offered / handout.MANIFEST).is_file():
        into.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=into, prefix=".") as beside:
            return _receive(unpacked(offered, Path(beside) / RECORD), into, given)
    return _receive(offered, into, given)


def unpacked(offered: Path, record: Path) -> Path:
    """The bundle for the level above in ``offered`` as a record, without names, in the new folder ``record``.

    ``Broken`` when the bundle does not hold, ``Refused`` (X.7) when it is another reader's and so not all of the record.
    """
    manifest = handout.verify(offered).manifest
    if manifest.reader != "superior":
        raise Refused(
            "X.7", "这份节录包是给{reader}的，不是给上级的，内容不全，不接受", reader=manifest.reader
        )
    for place in (bundle.DOCUMENTS, bundle.PEOPLE):
        (record / place).mkdir(parents=True)
    for name in manifest.files:
        if name not in (handout.LEAVES, handout.VERIFIER, handout.DISCLOSURES):
            (record / name).parent.mkdir(exist_ok=True)
            shutil.copy(offered / name, record / name)
    size = (record / bundle.LEDGER).stat().st_size
    put(record / bundle.HEAD, canon.spell(Head(manifest.entries, size, manifest.head)))
    return record


def _receive(offered: Path, into: Path, given: Iterable[Key]) -> Receipt:
    found = bundle.verify(offered)
    head = found.selection.facts.rulebook().selection
    place = into / canon.digest(f"{head.unit}\n{head.id}".encode())[:16]
    keys, trusted = _keys(place, offered, given)
    signed = max((size for size, one in found.growth.checked.items() if one.log in keys), default=0)
    before = 0
    if (
        keys and signed < found.head.entries
    ):  # what nobody signed may be anybody's, and would bar the county's own
        _copy(offered, place / f"{EVIDENCE}{found.head.head[:16]}")
        raise Refused(
            "X.6",
            "{county}送来的纪实到末条为止没有已知公钥签发的检查点，不接受，原样保留；"
            "换过密钥的，核实后用 --key 写明新公钥",
            county=head.unit,
        )
    if (place / RECORD).exists():
        known = bundle.head(place / RECORD)
        before = known.entries
        parted = forks.against_record(place / RECORD, offered)
        if parted is not None:
            _copy(offered, place / f"{EVIDENCE}{found.head.head[:16]}")
            raise Refused(
                "X.5",
                "{county}送来的纪实从第{n}条起与以前收到的不同，不接受；两份都保留：{ours}、{theirs}。"
                "两份都签发过的：{signed}",
                county=head.unit, n=parted.n, ours=known.head, theirs=found.head.head,
                signed="、".join(dict.fromkeys(name for name, _ours, _theirs in parted.signed)) or "—",
            )  # fmt: skip
    if found.head.entries > before or _cosigned(offered, place / RECORD, found, before):
        _copy(offered, place / RECORD)
    if keys:
        put(place / KEYS, "".join(f"{one}\n" for one in keys).encode())
    return Receipt(
        head.unit, head.id, before, max(found.head.entries, before), bundle.head(place / RECORD).head,
        bool(keys), tuple(map(str, trusted)), place,
    )  # fmt: skip


def _keys(place: Path, offered: Path, given: Iterable[Key]) -> tuple[tuple[Key, ...], tuple[Key, ...]]:
    """The keys believed of a county: those known and given; else, the first time, those that came along, which are named
    apart as taken on trust."""
    known = (place / KEYS).read_text(encoding="utf-8").split() if (place / KEYS).exists() else []
    believed = tuple(dict.fromkeys((*map(key.read, known), *given)))
    if believed or (place / RECORD).exists():
        return believed, ()
    came = checkpoints.read(offered).policy.logs
    return came, came


def _cosigned(offered: Path, held: Path, found: Verified, before: int) -> bool:
    """Whether the same entries came again with more cosignatures or checkpoints."""
    return found.head.entries == before and checkpoints.read(offered) != checkpoints.read(held)


def _copy(source: Path, target: Path) -> None:
    """The whole folder in its place in one step; a copy that broke off is never taken for one."""
    beside, old = (target.with_name(f"{target.name}.{end}") for end in ("new", "old"))
    for left in (beside, old):
        shutil.rmtree(left, ignore_errors=True)
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copytree(source, beside)
    if target.exists():
        target.rename(old)
    beside.rename(target)
    shutil.rmtree(old, ignore_errors=True)


def fold(received: Path, moment: Moment | None = None) -> Levels:
    """All counties in ``received`` as one: their figures, the sums, and the conflicts; with ``moment``, each as it stood then,
    and none that had no entry yet."""
    counties: list[County] = []
    conflicts: list[str] = []
    units: dict[str, tuple[str, str]] = {}
    numbers: dict[str, tuple[str, str]] = {}
    for place in sorted(
        path for path in received.iterdir() if (path / RECORD).is_dir() and path.name[0] != "."
    ):
        try:
            until = None if moment is None else reached(place / RECORD, moment)
            if until == 0:
                continue
            found = bundle.verify(place / RECORD, until)
            county = _county(found)
        except (Broken, Refused) as no:
            conflicts.append(_("{place}的纪实不成立：{why}").format(place=place.name, why=sentence(no)))
            continue
        counties.append(county)
        conflicts += (
            _("{county}另有一份不同的纪实：{kept}").format(county=county.county, kept=kept.name)
            for kept in sorted(place.glob(f"{EVIDENCE}*"))
        )
        if found.selection.facts.tree is None:
            continue
        conflicts += _same_units((place.name, county.county), found.selection, units)
        conflicts += _same_people((place.name, county.county), place / RECORD, found.selection, numbers)
    return Levels(
        tuple(counties),
        _sum(one.organisations for one in counties),
        _sum(one.members for one in counties),
        sum(one.allotted for one in counties),
        sum(one.sent_up for one in counties),
        sum(one.listed for one in counties),
        tuple(conflicts),
    )


def reached(record: Path, moment: Moment) -> int:
    """The last entry of a county's record at ``moment``, 0 where it had none yet."""
    try:
        return moments.reached((entry for entry, _line in bundle.entries(record)), moment)
    except Refused:
        return 0


def _sum(rates: Iterator[Rate]) -> Rate:
    known = list(rates)
    return Rate(sum(one.part for one in known), sum(one.whole for one in known))


def _county(found: Verified) -> County:
    selection = found.selection
    facts = selection.facts
    plan = facts.rulebook()
    if facts.tree is None:  # the plan was adopted, and nothing has come in so far
        nobody = Rate(0, 0)
        return County(
            plan.selection.unit, plan.selection.id, found.head.entries, found.head.head, nobody, nobody,
            plan.quota.allotted, 0, 0, {},
        )  # fmt: skip
    counted = judging.counted(facts)

    def at(*kinds: str) -> tuple[int, ...]:
        return tuple(sorted(n for (kind, _about), (n, _event) in selection.results.items() if kind in kinds))

    listed = difference.lists(selection)[_("建议名单")]
    stands = {
        "participation": at("ParticipationCounted"),
        "sent_up": at("NamesCarriedUp"),
        "listed": at("List"),
    }
    return County(
        plan.selection.unit, plan.selection.id, found.head.entries, found.head.head, counted.organisations,
        counted.members, plan.quota.allotted, len(judging.sent_up(facts)), len(listed), stands,
    )  # fmt: skip


def _same_units(
    here: tuple[str, str], selection: Selection, seen: dict[str, tuple[str, str]]
) -> Iterator[str]:
    for unit in selection.facts.register():
        other = seen.setdefault(unit.name, here)
        if other != here:
            yield _("党组织{unit}在{one}和{other}都有").format(unit=unit.name, one=other[1], other=here[1])


def _same_people(
    here: tuple[str, str], record: Path, selection: Selection, seen: dict[str, tuple[str, str]]
) -> Iterator[str]:
    """Persons sent up twice, by citizen number, where the county has sent the names along."""
    document = selection.people.document if selection.people is not None else ""
    path = record / bundle.PEOPLE / f"{document}.json"
    if not path.is_file():
        return
    people = kept_people.read(path.read_bytes()).people
    for id_ in judging.sent_up(selection.facts):
        details = people.get(id_)
        if details is None:
            continue
        other = seen.setdefault(details.number, here)
        if other != here:
            yield _("{name}由{one}和{other}都上报了").format(name=details.name, one=other[1], other=here[1])
