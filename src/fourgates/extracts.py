"""What is taken out of a record so that it proves itself (摘证): receipts, requests to witnesses, tiles.

Nothing here judges an entry; whoever hands an extract out verifies the record first.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec

from fourgates import bundle, canon, checkpoints
from fourgates.checkpoints import LATEST, Kept
from fourgates.errors import Broken, Refused
from fourgates.ledger import Entry
from fourgates.log import checkpoint, cosignature, note, tiles, tree
from fourgates.log import policy as policies
from fourgates.log.cosignature import Cosigned
from fourgates.log.policy import Checked, Policy
from fourgates.log.proof import Proof
from fourgates.log.tree import Tree
from fourgates.log.witness import Request


class Shown(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a receipt brings along: the line it is about, and the policy its maker went by. Nobody has signed it."""

    line: str
    policy: str


def whole(folder: Path) -> tuple[Kept, Tree, list[bytes]]:
    """The checkpoints, the tree and the lines of the record in ``folder``; ``Broken`` where the lines do not follow."""
    kept = checkpoints.read(folder)
    lines = [line for _entry, line in bundle.entries(folder)]
    return kept, Tree((tree.leaf(line, kept.hashing) for line in lines), kept.hashing), lines


def receipt(folder: Path, n: int, until: int | None = None) -> Proof:
    """The receipt for entry ``n``, under the latest checkpoint that its policy holds for enough, else under the latest;
    ``until``: of those over no more entries than that.

    ``Refused`` (R.9) when no such checkpoint covers the entry.
    """
    kept, grown, lines = whole(folder)
    covering = [size for size in kept.until(until).notes if 0 < n <= size]
    if not covering:
        raise Refused("R.9", "还没有检查点封到第{n}条", n=n)
    enough = [size for size in covering if kept.policy.check(kept.notes[size]).enough]
    size = max(enough or covering)
    shown = Shown(lines[n - 1].decode(), str(kept.policy))
    return Proof(n - 1, tuple(grown.inclusion(n - 1, size)), kept.notes[size], canon.spell(shown))


def check(proof: Proof, policy: Policy | None = None) -> tuple[Entry, Checked]:
    """The entry a receipt is about, and what the policy says of it; its own policy unless another is given.

    ``Refused``: R.8 for what cannot be read or a false signature, R.10 when the line is not in the record that was signed.
    """
    try:
        shown = canon.reader(Shown).decode(proof.extra)
        entry = canon.reader(Entry).decode(shown.line)
    except (ValueError, RecursionError):
        raise Refused("R.8", "这不是回执（tlog-proof）") from None
    held = policy or policies.read(shown.policy.encode())
    log = held.check(proof.note).log
    return entry, proof.check(tree.leaf(shown.line.encode(), log.algorithm.hash), held)


def request(folder: Path, name: str, old: int | None = None) -> Request:
    """What the witness ``name`` of the policy is asked: to cosign the latest checkpoint, from the one it cosigned last.

    ``old``: what the witness says it has, where that is something else. ``Refused`` (R.9) when there is no checkpoint, the
    policy knows no such witness, or the record is shorter than what the witness has.
    """
    kept, grown, _lines = whole(folder)
    if not kept.notes or name not in kept.policy.witnesses:
        raise Refused("R.9", "纪实还没有检查点，或者见证方案里没有见证人“{name}”", name=name)
    size = max(kept.notes)
    if old is None:
        old = max((at for at, one in cosigned(kept).items() if name in one), default=0)
    if old > size:
        raise Refused("R.9", "见证人已联署到第{old}条，这份纪实的检查点只到第{size}条", old=old, size=size)
    proof = grown.consistency(old, size) if old else []
    return Request(old, tuple(proof), kept.notes[size])


def cosigned(kept: Kept) -> dict[int, dict[str, int]]:
    """Which witnesses of the policy have cosigned each checkpoint, and when."""
    names = {key: name for name, key in kept.policy.witnesses.items()}
    found: dict[int, dict[str, int]] = {}
    for size, noted in kept.notes.items():
        some: tuple[Cosigned, ...] = cosignature.cosigners(noted, checkpoint.read(noted.text), names)
        found[size] = {names[one.key]: one.at for one in some}
    return found


def take(folder: Path, answer: bytes) -> int:
    """Put the cosignatures a witness answered into the record; gives the number of entries they cover.

    They are tried on every checkpoint, the latest first. ``Refused`` (R.8, R.9) when they fit none.
    """
    kept = checkpoints.read(folder)
    signatures = note.signatures(answer)
    last = Refused("R.9", "纪实没有封到第{size}条的检查点", size=0)
    for size in sorted(kept.notes, reverse=True):
        try:
            coming = checkpoints.cosigned(kept, size, signatures)
        except Refused as no:
            last = no
        else:
            checkpoints.put(folder, coming)
            return size
    raise last


def published(folder: Path, until: int | None = None) -> Iterator[tuple[str, bytes]]:
    """Path and content of every file of the record as a C2SP log: ``checkpoint``, ``tile/…`` and ``tile/entries/…``, as far as
    the latest checkpoint reaches, or the latest over no more than ``until`` entries.

    ``Refused``: R.9 when there is no checkpoint, R.11 for an entry too long for a bundle.
    """
    kept, grown, lines = whole(folder)
    notes = kept.until(until).notes
    if not notes:
        raise Refused("R.9", "还没有检查点封到第{n}条", n=until or len(lines))
    size = max(notes)
    yield from tiles.entries(lines[:size])
    yield from tiles.hashes(grown, size)
    yield LATEST, str(notes[size]).encode()


def publish(folder: Path, into: Path, until: int | None = None) -> int:
    """Write the record as a C2SP log into ``into``, the checkpoint last, as of entry ``until``; gives how many files."""
    count = 0
    for name, content in published(folder, until):
        place = into / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)
        count += 1
    return count


def withheld(leaves: list[bytes], shown: dict[int, bytes], policy: Policy, noted: note.Note) -> Checked:
    """What ``policy`` says of a record of which only some lines are shown (by their number from 1), the others by their leaf.

    ``Broken`` (R.9) at the first line that is not its leaf's, or at the last when the leaves are not those signed.
    """
    found = policy.check(noted)
    lines = {n - 1: line for n, line in shown.items()}
    wrong = tiles.agree(leaves, lines, found.checkpoint.root, found.log.algorithm.hash)
    if wrong is not None or len(leaves) != found.checkpoint.size:
        n = len(leaves) if wrong is None else min(wrong + 1, len(leaves))
        raise Broken(n, "R.9", "检查点所封的不是这{n}条：其中有改动，或者检查点被换过", n=len(leaves))
    return found
