"""Bundles tampered with in every way an adversary has, each with the places at which it may be found.

A bundle is held as path → content. A way takes chance and a bundle, and gives what becomes of it and where it breaks; what
comes out the same as it went in, or lawful, is tried again with other chance.
"""

from __future__ import annotations

import base64
import random
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from fourgates import bundle, canon, events, handout
from fourgates.ledger import Entry
from fourgates.log import tree
from fourgates.participation import Rate

Content = dict[str, bytes]
LEDGER, LEAVES, MANIFEST = bundle.LEDGER, handout.LEAVES, handout.MANIFEST


class Tampered(NamedTuple):
    """What became of a bundle, and the places one of which both verifiers must name."""

    content: Content
    places: set[str]


Way = Callable[[random.Random, Content], Tampered]


def content(folder: Path) -> Content:
    """The files of a bundle by their paths."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def laid(folder: Path, before: Content, after: Content) -> None:
    """Make the folder, in which ``before`` lies, hold ``after``."""
    for name in before.keys() - after.keys():
        (folder / name).unlink()
    for name, file in after.items():
        if before.get(name) != file:
            (folder / name).parent.mkdir(exist_ok=True)
            (folder / name).write_bytes(file)


def lines(whole: Content, name: str = LEDGER) -> list[bytes]:
    """The lines of a file."""
    return whole[name].split(b"\n")[:-1]


def joined(some: list[bytes]) -> bytes:
    """A file of lines."""
    return b"".join(line + b"\n" for line in some)


def _file(chance: random.Random, whole: Content) -> str:
    """A file, the ledger and the manifest more often than the others."""
    return chance.choice([*whole, LEDGER, LEDGER, LEAVES, MANIFEST, MANIFEST])


def _changed(whole: Content, name: str, file: bytes) -> Tampered:
    """The bundle with one file of other content, and where that shows."""
    after = {**whole, name: file}
    if name in (LEDGER, LEAVES):
        pairs = zip([*lines(whole, name), b""], [*lines(after, name), b""], strict=False)
        n = next(n for n, (one, other) in enumerate(pairs, start=1) if one != other)
        return Tampered(after, {f"entry {n}"})
    return Tampered(after, _says(whole[name], file) if name == MANIFEST else {name})


def _says(before: bytes, after: bytes) -> set[str]:
    """Where a manifest that was changed contradicts the rest."""
    try:
        old, new = msgspec.json.decode(before), msgspec.json.decode(after)
        if old.keys() != new.keys() or not isinstance(new["files"], dict) or canon.spell(new) != after:
            return {MANIFEST}
    except (ValueError, LookupError, TypeError, AttributeError):
        return {MANIFEST}
    files = {name for name, _digest in old["files"].items() ^ new["files"].items()}
    counted = (
        {f"entry {min(old['entries'], new['entries']) + 1}"} if new["entries"] != old["entries"] else set()
    )
    rooted = {LEAVES} if new["root"] != old["root"] else set()
    # Another reader shows at the first line that is not for that one.
    said = {f"entry {n}" for n in range(1, old["entries"] + 1)} if new["reader"] != old["reader"] else set()
    return files | counted | rooted | said | {MANIFEST}


def bit(chance: random.Random, whole: Content) -> Tampered:
    """One bit of one file is turned."""
    name = _file(chance, whole)
    file = bytearray(whole[name])
    file[chance.randrange(len(file))] ^= 1 << chance.randrange(8)
    return _changed(whole, name, bytes(file))


def truncate(chance: random.Random, whole: Content) -> Tampered:
    """A file ends early; or the ledger and its leaves do, both after the same entry."""
    if chance.random() < 0.3:
        n = chance.randrange(len(lines(whole)))
        return _both(whole, lambda some: some[:n])
    name = _file(chance, whole)
    cut = chance.randrange(len(whole[name]))
    if name in (LEDGER, LEAVES):
        n = whole[name][:cut].count(b"\n") + 1
        return Tampered({**whole, name: whole[name][:cut]}, {f"entry {n}"})
    return Tampered({**whole, name: whole[name][:cut]}, {name})


def _both(whole: Content, change: Callable[[list[bytes]], list[bytes]]) -> Tampered:
    """The same done to the lines of the ledger and to the leaves: it shows at the first line that bears another number than
    its place, at the end, or where nobody is shown one, in the root."""
    after = {**whole, LEDGER: joined(change(lines(whole))), LEAVES: joined(change(lines(whole, LEAVES)))}
    told = lines(after)
    for place, line in enumerate(told, start=1):
        if line.startswith(b"{") and msgspec.json.decode(line)["n"] != place:
            return Tampered(after, {f"entry {place}"})
    if len(told) != len(lines(whole)):
        return Tampered(after, {f"entry {min(len(told), len(lines(whole))) + 1}"})
    return Tampered(after, {LEAVES})


def _lines(
    chance: random.Random, whole: Content, change: Callable[[list[bytes]], list[bytes]], at: int
) -> Tampered:
    """The same done to the ledger, to the leaves, or to both; ``at``: the first line that is another afterwards."""
    match chance.randrange(3):
        case 0:
            return _both(whole, change)
        case 1:
            after = {**whole, LEDGER: joined(change(lines(whole)))}
        case _:
            after = {**whole, LEAVES: joined(change(lines(whole, LEAVES)))}
    return Tampered(after, {f"entry {at}"})


def swap(chance: random.Random, whole: Content) -> Tampered:
    """Two lines change places, or two files their content."""
    if chance.random() < 0.2:
        one, other = chance.sample(sorted(whole.keys() - {MANIFEST}), 2)
        named = {one, other}
        if named & {LEDGER, LEAVES}:
            named = {"entry 1"}
        return Tampered({**whole, one: whole[other], other: whole[one]}, named)
    i, j = sorted(chance.sample(range(len(lines(whole))), 2))

    def change(some: list[bytes]) -> list[bytes]:
        return [*some[:i], some[j], *some[i + 1 : j], some[i], *some[j + 1 :]]

    return _lines(chance, whole, change, i + 1)


def drop(chance: random.Random, whole: Content) -> Tampered:
    """A line or a file is gone."""
    if chance.random() < 0.3:
        name = chance.choice(sorted(whole))
        return Tampered({one: file for one, file in whole.items() if one != name}, {name})
    i = chance.randrange(len(lines(whole)))
    return _lines(chance, whole, lambda some: some[:i] + some[i + 1 :], i + 1)


def duplicate(chance: random.Random, whole: Content) -> Tampered:
    """A line stands twice, or a file lies there under another name too."""
    if chance.random() < 0.3:
        file = chance.choice(list(whole.values()))
        name = chance.choice(["more", "documents/" + "0" * 64, "documents/more", "checkpoints/more"])
        return Tampered({**whole, name: file}, {name})
    i = chance.randrange(len(lines(whole)))
    return _lines(chance, whole, lambda some: [*some[: i + 1], *some[i:]], i + 2)


def reorder(chance: random.Random, whole: Content) -> Tampered:
    """A run of lines is turned round or moved along."""
    i, j = sorted(chance.sample(range(len(lines(whole)) + 1), 2))
    j = max(j, i + 2)
    turned = chance.random() < 0.5

    def change(some: list[bytes]) -> list[bytes]:
        run = some[i:j]
        return [*some[:i], *(run[::-1] if turned else run[1:] + run[:1]), *some[j:]]

    return _lines(chance, whole, change, i + 1)


# --- forged, and sealed again as it should be -------------------------------------------------------------------------


def resealed(whole: Content, told: list[bytes]) -> Content:
    """The bundle with these lines: numbered and joined anew, with leaves and a manifest that fit them."""
    before, leaves, told = "0" * 64, [], list(told)
    for n, line in enumerate(told):
        if line.startswith(b"{"):
            entry = canon.reader(Entry).decode(line)
            told[n] = canon.spell(msgspec.structs.replace(entry, n=n + 1, prev=before or entry.prev))
            before = canon.digest(told[n])
            leaves.append(tree.leaf(told[n]))
        else:
            before = ""
            leaves.append(bytes.fromhex(line.decode()))
    after = {**whole, LEDGER: joined(told), LEAVES: joined([leaf.hex().encode() for leaf in leaves])}
    manifest = msgspec.structs.replace(
        canon.reader(handout.Manifest).decode(whole[MANIFEST]),
        entries=len(told),
        shown=sum(line.startswith(b"{") for line in told),
        head=before,
        root=tree.Tree(leaves).root().hex(),
        files={name: canon.digest(file) for name, file in after.items() if name != MANIFEST},
    )
    return {**after, MANIFEST: canon.spell(manifest)}


def unsigned(whole: Content) -> Content:
    """The bundle without its checkpoints, and a manifest that knows of none: what is left to whoever cannot sign."""
    kept = {name: file for name, file in whole.items() if not name.startswith(("checkpoint", "policy"))}
    return resealed(kept, lines(kept))


def _wrong(chance: random.Random, event: Any) -> Any:
    """A result told otherwise than it was found."""
    match event:
        case events.RightsJudged():
            return msgspec.structs.replace(event, people=event.people + chance.choice([-1, 1]))
        case events.TallyCounted() if event.lines:
            i, step = chance.randrange(len(event.lines)), chance.choice([-1, 1])
            one = event.lines[i]
            line = chance.choice(
                [
                    msgspec.structs.replace(one, branches=one.branches + step),
                    msgspec.structs.replace(one, members=one.members + step),
                    msgspec.structs.replace(one, person="nobody"),
                ]
            )
            return msgspec.structs.replace(event, lines=(*event.lines[:i], line, *event.lines[i + 1 :]))
        case events.NamesCarriedUp():
            people = tuple(sorted({*event.people} ^ {chance.choice([*event.people, "nobody"])}))
            return msgspec.structs.replace(event, people=people)
        case events.ParticipationCounted():
            counted, step = event.counted, chance.choice([-1, 1])
            channel = chance.choice(sorted(counted.by_channel))
            members, units = counted.members, counted.organisations
            other: dict[str, Any] = chance.choice(
                [
                    {"members": Rate(members.part + step, members.whole)},
                    {"members": Rate(members.part, members.whole + step)},
                    {"organisations": Rate(units.part + step, units.whole)},
                    {"absent": (*counted.absent, "nobody")},
                    {"silent": (*counted.silent, "nobody")},
                    {"by_channel": {**counted.by_channel, channel: counted.by_channel[channel] + step}},
                ]
            )
            return msgspec.structs.replace(event, counted=msgspec.structs.replace(counted, **other))
    return event


def forge(chance: random.Random, whole: Content) -> Tampered:
    """A result is told otherwise and all is sealed again, with the checkpoints left out; found by counting again."""
    told = lines(whole)
    shown = [
        (n, entry)
        for n, line in enumerate(told)
        if line.startswith(b"{")
        for entry in [canon.reader(Entry).decode(line)]
        if isinstance(entry.event, FORGED)
    ]
    n, entry = chance.choice(shown)
    told[n] = canon.spell(msgspec.structs.replace(entry, event=_wrong(chance, entry.event)))
    return Tampered(unsigned(resealed(whole, told)), {f"entry {n + 1}"})


FORGED = (events.RightsJudged, events.TallyCounted, events.NamesCarriedUp, events.ParticipationCounted)


def rewrite(chance: random.Random, whole: Content) -> Tampered:
    """History told otherwise and sealed again under checkpoints that were signed over the first: lines changed in their time,
    dropped, doubled or moved; found at the first checkpoint that covers them."""
    told = lines(whole)
    i = chance.randrange(1, len(told) - 1)
    if told[i].startswith(b"{") and chance.random() < 0.4:
        entry = canon.reader(Entry).decode(told[i])
        told[i] = canon.spell(msgspec.structs.replace(entry, at="2022-03-25T08:00:00Z"))
    else:
        before, after = told[:i], told[i + 1 :]
        told = chance.choice(
            [[*before, *after], [*before, before[-1], told[i], *after], [*before, *after, told[i]]]
        )
    sizes = sorted(int(name.partition("/")[2]) for name in whole if name.startswith("checkpoints/"))
    covering = next(size for size in sizes if size > i)
    return Tampered(resealed(whole, told), {f"entry {min(covering, len(told))}"})


def resign(chance: random.Random, whole: Content) -> Tampered:
    """The signature under a checkpoint is another, or of a key nobody knows, and the manifest fits."""
    name = chance.choice([one for one in whole if one.startswith("checkpoints/")])
    start = whole[name].rindex(b" ") + 1
    raw = bytearray(base64.b64decode(whole[name][start:-1]))
    raw[chance.randrange(len(raw))] ^= 1 << chance.randrange(8)
    noted = whole[name][:start] + base64.b64encode(bytes(raw)) + b"\n"
    latest = {"checkpoint": noted} if whole[name] == whole["checkpoint"] else {}
    after = {**whole, name: noted, **latest}
    return Tampered(resealed(after, lines(after)), {name})


WAYS: Mapping[str, Way] = {
    way.__name__: way for way in (bit, swap, drop, duplicate, reorder, truncate, forge, rewrite, resign)
}


def tampered(number: int, bundles: list[Content]) -> tuple[str, Content, Tampered]:
    """Mutant ``number``: the way, the bundle it was made from, and what became of it; the same number gives the same again."""
    chance = random.Random(f"tampering {number}")
    way = [*WAYS][number % len(WAYS)]
    while True:
        whole = chance.choice(bundles)
        if way in ("rewrite", "resign") and "checkpoint" not in whole:
            continue
        found = WAYS[way](chance, whole)
        before = {**whole} if way != "forge" else unsigned(whole)
        if found.content != before:
            return way, whole, found
