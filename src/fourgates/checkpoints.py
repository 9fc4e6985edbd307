"""The checkpoints of a record (检查点): when one is due, signed over the lines written, and held against them.

Beside the ledger lie ``policy`` (whose word the office itself wants), ``checkpoints/<n>`` (the note over the first n
entries with whatever cosignatures came in since) and ``checkpoint``, the latest of them. The private key never lies there.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from fourgates.errors import Broken, Refused
from fourgates.events import (
    BoxClosed,
    CommitteeReviewed,
    CountyDecided,
    DecisionJudged,
    Event,
    ListImpossible,
    ListProposed,
    MinutesSigned,
    NoticeEnded,
    PlanAdopted,
)
from fourgates.log import note, tree
from fourgates.log import policy as policies
from fourgates.log.checkpoint import Checkpoint
from fourgates.log.durable import put as durable_put
from fourgates.log.durable import settle
from fourgates.log.key import Key, Signer
from fourgates.log.note import Note
from fourgates.log.policy import Checked, Policy
from fourgates.log.tree import Frontier, Hash
from fourgates.plan import Plan

FOLDER, LATEST, POLICY = "checkpoints", "checkpoint", "policy"
PENDING = "pending"
GATES = (
    PlanAdopted,
    BoxClosed,
    CommitteeReviewed,
    MinutesSigned,
    ListProposed,
    ListImpossible,
    CountyDecided,
    DecisionJudged,
    NoticeEnded,
)
NOBODY = Policy((), {}, {}, policies.NONE)
_NUMBER = re.compile("0|[1-9][0-9]{0,9}")


@dataclass(frozen=True, slots=True)
class Kept:
    """What lies in a record: its policy, and the notes by the number of entries they cover."""

    policy: Policy = NOBODY
    notes: Mapping[int, Note] = field(default_factory=dict)

    def until(self, n: int | None) -> Kept:
        """What lies there of the first ``n`` entries; all of it for ``None``."""
        return Kept(self.policy, {size: one for size, one in self.notes.items() if n is None or size <= n})

    @property
    def hashing(self) -> Hash:
        """The hash of its tree: what goes with its log's key, SHA-256 before there is one."""
        return self.policy.logs[0].algorithm.hash if self.policy.logs else sha256


def hashing(policy: bytes | None) -> Hash:
    """The hash of the tree of a record with this policy; SHA-256 where there is none."""
    return Kept(policies.read(policy)).hashing if policy is not None else sha256


def names(kept: Kept) -> list[str]:
    """The files these are read from."""
    notes = [f"{FOLDER}/{size}" for size in kept.notes]
    return [*notes, *([LATEST] if notes else []), *([POLICY] if kept.policy is not NOBODY else [])]


def read(folder: Path, *, settled: bool = True) -> Kept:
    """What lies in the record in ``folder``; not ``settled``: a writing that was broken off may have left the latest behind.

    Raises ``Refused`` (R.8, R.9) for what cannot be read or does not belong together, ``OSError`` for what does not open.
    """
    notes = {}
    for path in sorted((folder / FOLDER).glob("*")):
        if _NUMBER.fullmatch(path.name):
            notes[int(path.name)] = note.read(_content(path))
    held = policies.read(_content(folder / POLICY)) if (folder / POLICY).exists() else NOBODY
    latest = str(notes[max(notes)]).encode() if notes else None
    if settled and latest != (_content(folder / LATEST) if (folder / LATEST).exists() else None):
        raise Refused("R.9", "{file}不是最近一个检查点", file=LATEST)
    if len({log.algorithm.hash for log in held.logs}) > 1 or len({log.name for log in held.logs}) > 1:
        raise Refused("R.9", "一份纪实只有一个来源、一种算法，{file}里不止", file=POLICY)
    return Kept(held, notes)


def _content(path: Path) -> bytes:
    if not path.is_file() or path.is_symlink():
        raise OSError(path.name)
    with path.open("rb") as file:
        return file.read(note.LARGEST + 1)


class Growth:
    """The tree of a record as it grows line by line, held against every checkpoint it passes.

    ``checked``: what the policy says of each checkpoint; ``at``: the time of the last entry; ``pinned``: that of the last one
    a checkpoint covers.
    """

    def __init__(self, kept: Kept, policy: Policy | None = None, hashing: Hash | None = None) -> None:
        """``policy``: judge by this one and not by the record's own; ``hashing``: for a record without any checkpoint.

        Raises ``Refused`` (R.8) when a checkpoint is not signed by a log of the policy, or a signature does not hold.
        """
        self.policy = policy or kept.policy
        self.checked: dict[int, Checked] = {size: self.policy.check(one) for size, one in kept.notes.items()}
        self.at = self.pinned = ""
        self.frontier = Frontier(kept.hashing if kept.policy.logs else hashing or sha256)
        self._to_come = sorted(self.checked, reverse=True)

    def add(self, line: bytes, at: str) -> None:
        """One more line; ``Broken`` (R.9) when a checkpoint over the lines so far has another root."""
        self.frontier.add(tree.leaf(line, self.frontier.hash))
        self.at = at
        n = self.frontier.size
        while self._to_come and self._to_come[-1] <= n:
            size = self._to_come.pop()
            found = self.checked[size].checkpoint
            if (size, found.size, found.root) != (n, n, self.frontier.root()):
                raise Broken(n, "R.9", "检查点所封的不是这{n}条：其中有改动，或者检查点被换过", n=n)
            self.pinned = at

    @property
    def turned(self) -> bool:
        """Whether the last entry is of another day than the last that a checkpoint covers."""
        return self.at[:10] != self.pinned[:10]

    def done(self) -> None:
        """``Broken`` (R.9) when a checkpoint covers more than there is."""
        if self._to_come:
            n = self.frontier.size
            raise Broken(
                n, "R.9", "检查点封到第{size}条，账本只有{n}条：末尾被截去", size=self._to_come[0], n=n
            )


def put(folder: Path, coming: Mapping[str, bytes]) -> None:
    """Put these files into the record in ``folder``: each whole, the latest last, under ``pending``.

    ``Refused`` (R.9) while another writing is unfinished.
    """
    if (folder / PENDING).exists():
        raise Refused("R.9", "上一次记录没有写完，请先再运行一次汇总")
    (folder / FOLDER).mkdir(exist_ok=True)
    with (folder / PENDING).open("wb") as file:
        file.write("\n".join(f"{name}.new" for name in coming).encode())
        file.flush()
        os.fsync(file.fileno())
    settle(folder)
    order = [POLICY, *(name for name in coming if name not in (POLICY, LATEST)), LATEST]
    for name in order:
        if name in coming:
            durable_put(folder / name, coming[name])
    (folder / PENDING).unlink()


def mend(folder: Path) -> None:
    """Bring the latest up to the notes, where a writing that was broken off did not."""
    kept = read(folder, settled=False)
    if kept.notes:
        durable_put(folder / LATEST, str(kept.notes[max(kept.notes)]).encode())


def due(event: Event) -> bool:
    """Whether ``event`` closes a gate, so that a checkpoint is signed over it."""
    return isinstance(event, GATES)


def fits(signer: Key, plan: Plan | None) -> None:
    """``Refused`` (R.14) when the plan in force wants checkpoints signed by another algorithm."""
    wanted = plan.seals.algorithm if plan is not None else None
    if wanted not in (None, signer.algorithm.name):
        raise Refused(
            "R.14",
            "方案规定检查点用{wanted}签发，这把密钥是{read}",
            wanted=wanted,
            read=signer.algorithm.name,
        )


def files(kept: Kept, signer: Signer, roots: Mapping[int, bytes]) -> dict[str, bytes]:
    """The files that come when ``signer`` signs ``roots`` by number of entries: notes, the latest, the policy if the key is new.

    ``Refused`` (R.9) when the record's checkpoints so far are of another origin or hash.
    """
    log = signer.key
    if any((one.name, one.algorithm.hash) != (log.name, log.algorithm.hash) for one in kept.policy.logs):
        raise Refused(
            "R.9", "这份纪实的检查点由“{name}”签发，不能换来源和算法", name=kept.policy.logs[0].name
        )
    notes = {size: Checkpoint(log.name, size, root).sign(signer) for size, root in roots.items()}
    found = {f"{FOLDER}/{size}": str(one).encode() for size, one in notes.items()}
    if notes:
        found[LATEST] = found[f"{FOLDER}/{max(notes)}"]
    if log not in kept.policy.logs:
        found[POLICY] = str(joined(kept.policy, log)).encode()
    return found


def joined(policy: Policy, log: Key) -> Policy:
    """The policy with one more log."""
    return Policy((*policy.logs, log), policy.witnesses, policy.groups, policy.quorum)


def cosigned(kept: Kept, size: int, signatures: tuple[note.Signature, ...]) -> dict[str, bytes]:
    """The files that come when cosignatures of the checkpoint over ``size`` entries came in.

    ``Refused``: R.9 when there is no such checkpoint or none of them is of a witness of the policy, R.8 when one is false.
    """
    if size not in kept.notes:
        raise Refused("R.9", "纪实没有封到第{size}条的检查点", size=size)
    known = [one for one in signatures if any(one.by(key) for key in kept.policy.witnesses.values())]
    if not known:
        raise Refused("R.9", "联署不是见证方案中的见证人所作")
    noted = kept.notes[size].cosigned(known)
    kept.policy.check(noted)
    content = str(noted).encode()
    latest = {LATEST: content} if size == max(kept.notes) else {}
    return {f"{FOLDER}/{size}": content, **latest}
