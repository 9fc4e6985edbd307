"""A record carried on in mind (试记): events judged one after another on top of a store's record, and then offered all at once.

What was tried on a draft is what the keeper is offered: it judges again, and takes all of it or nothing.
"""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Mapping
from types import MappingProxyType
from typing import cast

from fourgates import canon, events
from fourgates.events import Event
from fourgates.keeper import Keeper
from fourgates.ledger import Chain, Entry
from fourgates.selection import advance


class Draft:
    """Offers events to the fold on top of what ``keeper`` holds, and stores nothing before ``give``.

    ``selection`` is where things would stand; ``entries`` what would be added, in its order, with its ``documents``.
    """

    def __init__(self, keeper: Keeper) -> None:
        self._keeper = keeper
        self.selection = keeper.current()
        self.events: dict[int, Event] = {entry.n: entry.event for entry in keeper.entries()}
        self.entries: list[Entry] = []
        self.documents: dict[str, bytes] = {}
        self._people: dict[str, bytes] = {}

    def offer(
        self,
        event: Event,
        *,
        at: str,
        by: str,
        documents: Mapping[str, bytes] = MappingProxyType({}),
        salt: str = "",
    ) -> Entry:
        """Judge ``event`` as the next entry; ``Refused`` changes nothing."""
        entry, _line = Chain(self.selection.n).seal(event, at=at, by=by, salt=salt)
        coming = {digest: documents[digest] for digest in events.documents(event) if digest in documents}
        seen = ChainMap(coming, self.documents, cast("dict[str, bytes]", self._keeper.documents))
        self.selection = advance(self.selection, [entry], seen)
        self.documents |= coming
        self.events[entry.n] = entry.event
        self.entries.append(entry)
        return entry

    def keep_people(self, content: bytes) -> str:
        """Put the names aside to be given with the entry that names them; gives their digest for that entry."""
        digest = canon.digest(content)
        self._people = {f"{digest}.json": content}
        return digest

    def people(self) -> bytes | None:
        """The names as they are kept beside the store's record; ``None`` where there are none."""
        kept = self._keeper.current().people
        if kept is None:
            return None
        with self._keeper.store.reading() as view:
            return view.person(f"{kept.document}.json")

    def commit(self, *, pin: bool = False) -> int:
        """Nothing yet: whoever drafts says when."""
        del pin
        return 0

    def give(self, by: str, key: str = "") -> tuple[Entry, ...]:
        """Offer everything to the keeper, all or none; ``Refused`` where the record has gone another way meanwhile."""
        return self._keeper.offer(
            [entry.event for entry in self.entries],
            by=by,
            documents=self.documents,
            people=self._people,
            key=key,
        )
