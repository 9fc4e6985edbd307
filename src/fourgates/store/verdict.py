"""Does a stored record hold (存库验证): everything replayed from the first entry, as in a folder."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from fourgates import canon
from fourgates.checkpoints import Growth, Kept
from fourgates.errors import Broken, Refused
from fourgates.ledger import Chain, Entry
from fourgates.log import note
from fourgates.log import policy as policies
from fourgates.selection import Selection, advance
from fourgates.store.rows import Reading

_DIGEST = re.compile(b'"([0-9a-f]{64})"')


class Documents(Mapping[str, bytes]):
    """The documents of one view by digest, and those that come with an offer."""

    def __init__(self, view: Reading, coming: Mapping[str, bytes] | None = None) -> None:
        self._view, self._coming = view, coming or {}

    def __getitem__(self, digest: str) -> bytes:
        content = self._coming[digest] if digest in self._coming else self._view.document(digest)
        if content is None:
            raise KeyError(digest)
        return content

    def __iter__(self) -> Iterator[str]:
        return iter({*self._view.digests(), *self._coming})

    def __len__(self) -> int:
        return len({*self._view.digests(), *self._coming})


def growth(view: Reading, until: int | None = None) -> Growth | None:
    """The tree to be grown over the lines of ``view`` and held against every checkpoint kept there, over no more than ``until``
    entries; ``None`` where nobody has signed any. ``Broken`` (R.8, R.9) for one that cannot be read or is not signed."""
    if not view.checkpoints():
        return None
    try:
        return Growth(kept(view).until(until))
    except Refused as refused:
        raise Broken(0, refused.rule, refused.why, **refused.facts) from None


def kept(view: Reading) -> Kept:
    """The checkpoints of a store and their policy; ``Refused`` (R.8) where one cannot be read."""
    notes, policy = view.checkpoints(), view.policy()
    if policy is None and not notes:
        return Kept()
    return Kept(policies.read(policy or b""), {n: note.read(content) for n, content in notes.items()})


def verify(view: Reading, until: int | None = None, grown: Growth | None = None) -> Selection:
    """Where things stand in ``view``, replayed from its first entry and worked out again; ``until``: after that entry, and
    nothing behind it is looked at. ``grown``: the tree with the checkpoints that the lines are held against.

    Raises ``Broken`` with the entry's number, the rule and one sentence at the first thing that does not hold: a line, a
    document missing, changed or spoken of by no entry, a claim no rule allows, a result that is not what the facts give, a
    checkpoint over other lines, a head that says otherwise.
    """
    reached, chain = view.head(), Chain()
    waiting, size = set(view.digests()), 0

    def watched() -> Iterator[Entry]:
        nonlocal size
        for line in view.lines(0, until):
            size += len(line) + 1
            # Whichever field names it: an entry speaks of a document by its digest alone.
            if waiting:
                waiting.difference_update(found.decode() for found in _DIGEST.findall(line))
            entry = chain.read(line)
            if grown is not None:
                grown.add(line, entry.at)
            yield entry

    try:
        state = advance(Selection(), watched(), Documents(view))
    except Refused as refused:
        raise Broken(chain.n, refused.rule, refused.why, **refused.facts) from None
    except Broken as broken:
        raise Broken(broken.entry or chain.n, broken.rule, broken.why, **broken.facts) from None
    if until is not None:
        return state
    if grown is not None:
        grown.done()
    if (chain.n, size, chain.head) != (reached.entries, reached.bytes, reached.head) or view.beyond():
        raise Broken(chain.n, "R.4", "账头写明{entries}条，与账本不符", entries=reached.entries)
    for digest, content in view.documents():
        if canon.digest(content) != digest:
            raise Broken(0, "R.5", "{file}被改动过", file=digest)
    if waiting:
        raise Broken(0, "R.6", "纪实包里多出了{file}", file=min(waiting))
    return state
