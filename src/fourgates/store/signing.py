"""Checkpoints of a record in a database (存库的检查点): signed over every gate that closed, and over the last entry."""

from __future__ import annotations

from fourgates import checkpoints
from fourgates.ledger import Chain, followed
from fourgates.log import tree
from fourgates.log.key import Signer
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


def _roots(view: Reading, signer: Signer) -> dict[int, bytes]:
    """The root at every entry that wants a checkpoint and has none."""
    grown, there = tree.Frontier(signer.key.algorithm.hash), view.checkpoints()
    last, roots = view.head().entries, dict[int, bytes]()
    for entry, line in followed(view.lines(), Chain()):
        grown.add(tree.leaf(line, grown.hash))
        if (entry.n == last or checkpoints.due(entry.event)) and entry.n not in there:
            roots[entry.n] = grown.root()
    return roots
