"""Does a stored record hold (存库验证): everything replayed from the first entry, as in a folder."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from fourgates import canon
from fourgates.errors import Broken, Refused
from fourgates.ledger import Chain, Entry
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


def verify(view: Reading) -> Selection:
    """Where things stand in ``view``, replayed from its first entry and worked out again.

    Raises ``Broken`` with the entry's number, the rule and one sentence at the first thing that does not hold: a line, a
    document missing, changed or spoken of by no entry, a claim no rule allows, a result that is not what the facts give, a
    head that says otherwise.
    """
    reached, chain = view.head(), Chain()
    waiting, size = set(view.digests()), 0

    def watched() -> Iterator[Entry]:
        nonlocal size
        for line in view.lines():
            size += len(line) + 1
            # Whichever field names it: an entry speaks of a document by its digest alone.
            if waiting:
                waiting.difference_update(found.decode() for found in _DIGEST.findall(line))
            yield chain.read(line)

    try:
        state = advance(Selection(), watched(), Documents(view))
    except Refused as refused:
        raise Broken(chain.n, refused.rule, refused.why, **refused.facts) from None
    except Broken as broken:
        raise Broken(broken.entry or chain.n, broken.rule, broken.why, **broken.facts) from None
    if (chain.n, size, chain.head) != (reached.entries, reached.bytes, reached.head) or view.beyond():
        raise Broken(chain.n, "R.4", "账头写明{entries}条，与账本不符", entries=reached.entries)
    for digest, content in view.documents():
        if canon.digest(content) != digest:
            raise Broken(0, "R.5", "{file}被改动过", file=digest)
    if waiting:
        raise Broken(0, "R.6", "纪实包里多出了{file}", file=min(waiting))
    return state
