"""Who writes into a record and keeps the names beside it (执笔): a folder or a store, with the same words for both."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Protocol

from fourgates import canon, events
from fourgates.bundle import Writer
from fourgates.events import Event
from fourgates.keeper import Clock, Keeper, chance, moment
from fourgates.papers import people
from fourgates.papers.people import People
from fourgates.selection import Selection


class Recorder(Protocol):
    """A record with its names, in a folder or a store."""

    def current(self) -> Selection:
        """Where things stand."""
        ...

    def people(self) -> People:
        """The names behind the ids, as they are kept."""
        ...

    def record(self, event: Event, documents: Mapping[str, bytes], kept: People | None) -> None:
        """Record ``event``, and the names as they are with it; ``Refused`` when a rule says no, and then nothing is."""
        ...


class Folder:
    """A record in a folder."""

    def __init__(self, writer: Writer, clock: Clock = moment) -> None:
        self.writer, self._clock = writer, clock

    def current(self) -> Selection:
        """See ``Recorder``."""
        return self.writer.selection

    def people(self) -> People:
        """See ``Recorder``."""
        content = self.writer.people()
        return people.read(content) if content is not None else People("")

    def record(
        self, event: Event, documents: Mapping[str, bytes], kept: People | None, *, pin: bool = False
    ) -> None:
        """See ``Recorder``; ``pin``: sign a checkpoint over it."""
        by, at = self.current().facts.rulebook().selection.unit, self._clock()
        self.writer.offer(event, documents=documents, at=at, by=by, salt=chance())
        if kept is not None:
            digest = self.writer.keep_people(canon.spell(kept))
            self.writer.offer(events.PeopleKept(digest, len(kept.people)), at=at, by=by, salt=chance())
        self.writer.commit(pin=pin)


class Store:
    """A record in a store."""

    def __init__(self, keeper: Keeper) -> None:
        self.keeper = keeper

    def current(self) -> Selection:
        """See ``Recorder``."""
        return self.keeper.current()

    def people(self) -> People:
        """See ``Recorder``."""
        return self.keeper.people()

    def record(
        self,
        event: Event,
        documents: Mapping[str, bytes],
        kept: People | None,
        *,
        gone: Iterable[str] = (),
        once: str = "",
    ) -> None:
        """See ``Recorder``; ``gone``: what lies beside the record and goes with the entry; ``once``: the key under which a
        repeated offer is the same one."""
        told, names = [event], dict[str, bytes | None].fromkeys(gone)
        if kept is not None:
            content = canon.spell(kept)
            told.append(events.PeopleKept(canon.digest(content), len(kept.people)))
            names[f"{canon.digest(content)}.json"] = content
        by = self.current().facts.rulebook().selection.unit
        self.keeper.offer(told, by=by, documents=documents, people=names, key=once)
