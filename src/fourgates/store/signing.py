"""Checkpoints of a record in a database (存库的检查点): signed over every gate that closed, and over the last entry; or taken
in where they were signed and cosigned over a copy of the record elsewhere."""

from __future__ import annotations

from fourgates import checkpoints
from fourgates.checkpoints import Growth, Kept
from fourgates.errors import Broken, Refused
from fourgates.ledger import Chain, followed
from fourgates.log import tree
from fourgates.log.key import Signer
from fourgates.log.note import Note
from fourgates.store import Store
from fourgates.store.rows import Reading
from fourgates.store.verdict import growth, kept, verify


def sign(store: Store, signer: Signer) -> list[int]:
    """Sign what has no checkpoint yet: every entry that closed a gate, and the last one; gives the numbers of entries that they
    cover. Others may write meanwhile: what is signed stays as it is.

    The record is replayed first (``Broken``). ``Refused`` (R.9, R.14) when the key is of another origin or algorithm than its
    checkpoints or its plan want.
    """
    with store.reading() as view:
        state = verify(view, grown=growth(view))
        checkpoints.fits(signer.key, state.facts.plan)
        coming = checkpoints.files(kept(view), signer, _roots(view, signer))
    signed = []
    with store.writing() as room:
        there = room.checkpoints()
        for name, content in coming.items():
            place, _slash, number = name.partition("/")
            if name == checkpoints.POLICY:
                room.keep_policy(content)
            elif place == checkpoints.FOLDER and int(number) not in there:
                room.keep_checkpoint(int(number), content)
                signed.append(int(number))
    return sorted(signed)


def take(store: Store, coming: Kept) -> list[int]:
    """Keep the checkpoints of a copy of this record, and its policy; gives the numbers of entries covered by those that are new
    or were cosigned by more. Who signs for the record stays; more may join, and witnesses are as ``coming`` says.

    The record is replayed under them first. ``Refused``: R.8 for a false signature, or one of nobody in the policy, R.9 for
    another origin, checkpoints over other lines or a copy that leaves out whoever signs, R.14 for an algorithm that the plan
    does not want.
    """
    with store.writing() as room:
        before = kept(room)
        if not set(before.policy.logs) <= set(coming.policy.logs):
            raise Refused("R.9", "见证方案里少了这份纪实现有的签发人，没有收")
        notes = {n: _joined(before.notes.get(n), one) for n, one in coming.notes.items()}
        changed = {n: one for n, one in notes.items() if one != before.notes.get(n)}
        merged = Kept(coming.policy, {**before.notes, **notes})
        try:
            state = verify(room, grown=Growth(merged))
        except Broken as broken:
            raise Refused(broken.rule, broken.why, **broken.facts) from None
        for log in coming.policy.logs:
            checkpoints.fits(log, state.facts.plan)
        room.keep_policy(str(coming.policy).encode())
        for n, one in changed.items():
            room.keep_checkpoint(n, str(one).encode())
    return sorted(changed)


def _joined(there: Note | None, coming: Note) -> Note:
    """A checkpoint with the signatures of both copies of it; ``Refused`` (R.9) where they are not of the same text."""
    if there is None:
        return coming
    if there.text != coming.text:
        raise Refused("R.9", "交来的检查点与这份纪实已有的不同，没有收")
    return there.cosigned(coming.signatures)


def _roots(view: Reading, signer: Signer) -> dict[int, bytes]:
    """The root at every entry that wants a checkpoint and has none."""
    grown, there = tree.Frontier(signer.key.algorithm.hash), view.checkpoints()
    last, roots = view.head().entries, dict[int, bytes]()
    for entry, line in followed(view.lines(), Chain()):
        grown.add(tree.leaf(line, grown.hash))
        if (entry.n == last or checkpoints.due(entry.event)) and entry.n not in there:
            roots[entry.n] = grown.root()
    return roots
