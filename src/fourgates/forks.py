"""Two histories of one record (两本账): whether one goes on from the other, and if not, where they part and who signed both.

A log that signs two checkpoints that do not go on from each other has shown two people two different records. Its own
signatures prove it.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from fourgates import bundle, checkpoints, difference
from fourgates.checkpoints import Growth, Kept
from fourgates.errors import Refused
from fourgates.log import checkpoint, note
from fourgates.log.checkpoint import Checkpoint
from fourgates.log.key import Key


@dataclass(frozen=True, slots=True)
class Parted:
    """Where two histories part: ``n`` the first entry that differs (0 where only roots are known), and for each key that
    signed both, the sizes it signed that do not go on from each other, ours and theirs."""

    n: int
    signed: tuple[tuple[str, int, int], ...]


def against_record(ours: Path, theirs: Path) -> Parted | None:
    """Where two records part; ``None`` when one goes on from the other. ``Broken`` when either does not follow itself."""
    lines = [(line for _entry, line in bundle.entries(folder)) for folder in (ours, theirs)]
    n = difference.fork(*lines)
    if not n:
        return None
    signed = [_signed(folder, n) for folder in (ours, theirs)]
    both = [key for key in signed[0] if key in signed[1]]
    return Parted(n, tuple((key.name, signed[0][key], signed[1][key]) for key in both))


def _signed(folder: Path, n: int) -> dict[Key, int]:
    """The first checkpoint each key has signed over entry ``n``."""
    kept = checkpoints.read(folder)
    found: dict[Key, int] = {}
    for size in sorted(kept.notes):
        if size >= n:
            found.setdefault(kept.policy.check(kept.notes[size]).log, size)
    return found


def against_note(folder: Path, content: bytes) -> Parted | None:
    """Where our record parts from a checkpoint somebody else holds; ``None`` when it goes on from it.

    ``Refused``: R.8 when it is no checkpoint of a log our policy knows, R.13 when it covers more than our record has: then
    nothing can be said without the rest of theirs.
    """
    kept = checkpoints.read(folder)
    theirs, log = checkpoint.signed(note.read(content), kept.policy.logs)
    root = _root(folder, kept, theirs)
    if root == theirs.root:
        return None
    ours = [size for size in sorted(kept.notes) if size >= theirs.size]
    return Parted(0, tuple((log.name, size, theirs.size) for size in ours[:1]))


def _root(folder: Path, kept: Kept, theirs: Checkpoint) -> bytes:
    """Our root at their size."""
    growth = Growth(Kept(kept.policy))
    for entry, line in bundle.entries(folder):
        if entry.n <= theirs.size:
            growth.add(line, entry.at)
    if growth.frontier.size < theirs.size:
        raise Refused(
            "R.13",
            "对方的检查点封到第{theirs}条，这份纪实只有{ours}条：要有对方的纪实才能比",
            theirs=theirs.size,
            ours=growth.frontier.size,
        )
    return growth.frontier.root()
