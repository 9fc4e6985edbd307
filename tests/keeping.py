"""Stores and keepers for tests: the story of 青梧县 told to one, and what a store holds so that two can be compared."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from cast import AT, BY, documents, story
from fourgates import canon, events
from fourgates.events import Event
from fourgates.keeper import Keeper
from fourgates.ledger import Entry
from fourgates.store import Store

NAMES = b'{"key":"00","people":{},"texts":{}}'


def keeper(store: Store) -> Keeper:
    """One whose entries are the same whenever they are told."""
    return Keeper(store, lambda: AT, lambda: "")


def tell(keeps: Keeper, told: Iterable[Event] | None = None) -> list[Entry]:
    """Tell the whole story, or what is told instead of it, one offer each."""
    given: list[Entry] = []
    for event in story() if told is None else told:
        given += keeps.offer([event], by=BY, documents=documents)
    return given


def kept_people(content: bytes = NAMES) -> dict[str, Any]:
    """The event that puts names away, and the names: what ``offer`` is called with."""
    digest = canon.digest(content)
    return {"events": [events.PeopleKept(digest, 0)], "people": {f"{digest}.json": content}}


def holds(store: Store) -> dict[str, Any]:
    """Everything in a store."""
    with store.reading() as view:
        return {
            "head": view.head(),
            "lines": list(view.lines()),
            "documents": {digest: view.document(digest) for digest in view.digests()},
            "people": view.people(),
            "checkpoints": view.checkpoints(),
            "answers": view.answers(),
        }
