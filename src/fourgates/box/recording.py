"""The box and the record (推荐箱与纪实): opening, extending and closing a box are entries; closing brings two documents.

The record may be a folder or a store; what is told is the same. The names of visitors and the names written in become keyed
digests, and their texts go where all texts that people wrote are kept: beside the record, never in it.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Protocol

import filelock

from fourgates import ballots, bundle, canon, events, identity
from fourgates.ballots import Paper, Part
from fourgates.box.counting import Opened
from fourgates.box.question import Question
from fourgates.errors import Refused
from fourgates.keeper import Keeper, moment
from fourgates.papers import people as names
from fourgates.papers.people import People
from fourgates.selection import Selection
from fourgates.store import open_store


class Recorder(Protocol):
    """Where a box is recorded."""

    def current(self) -> Selection:
        """Where things stand."""

    def people(self) -> People:
        """The names behind the ids."""

    def record(self, event: events.Event, documents: Mapping[str, bytes], kept: People | None) -> None:
        """Record ``event``, and the names as they are with it; ``Refused`` when a rule says no, and then nothing is."""


class Folder:
    """A record in a folder."""

    def __init__(self, writer: bundle.Writer) -> None:
        self._writer = writer

    def current(self) -> Selection:
        """See ``Recorder``."""
        return self._writer.selection

    def people(self) -> People:
        """See ``Recorder``."""
        content = self._writer.people()
        return names.read(content) if content is not None else People("")

    def record(self, event: events.Event, documents: Mapping[str, bytes], kept: People | None) -> None:
        """See ``Recorder``."""
        office = self.current().facts.rulebook().selection.unit
        at = moment()
        self._writer.offer(event, documents=documents, at=at, by=office, salt=secrets.token_hex(16))
        if kept is not None:
            content = canon.spell(kept)
            digest = self._writer.keep_people(content)
            named = events.PeopleKept(digest, len(kept.people))
            self._writer.offer(named, at=at, by=office, salt=secrets.token_hex(16))
        self._writer.commit()


class Store:
    """A record in a store."""

    def __init__(self, keeper: Keeper) -> None:
        self._keeper = keeper

    def current(self) -> Selection:
        """See ``Recorder``."""
        return self._keeper.current()

    def people(self) -> People:
        """See ``Recorder``."""
        return self._keeper.people()

    def record(self, event: events.Event, documents: Mapping[str, bytes], kept: People | None) -> None:
        """See ``Recorder``."""
        office = self.current().facts.rulebook().selection.unit
        told: list[events.Event] = [event]
        people: dict[str, bytes | None] = {}
        if kept is not None:
            content = canon.spell(kept)
            told.append(events.PeopleKept(canon.digest(content), len(kept.people)))
            people[f"{canon.digest(content)}.json"] = content
        self._keeper.offer(told, by=office, documents=documents, people=people)


@contextmanager
def recorder(address: str) -> Iterator[Recorder]:
    """The record at ``address``, a folder or a store's address, held while the block runs."""
    if "://" in address:
        store = open_store(address)
        try:
            yield Store(Keeper(store))
        finally:
            store.close()
        return
    folder = Path(address)
    inside = folder / "record"
    record = inside if (inside / bundle.HEAD).exists() else folder
    with filelock.FileLock(record.parent / ".lock", timeout=0):  # the lock of a run
        yield Folder(bundle.Writer(record))


def open_(record: Recorder, question: Question) -> None:
    """Record that the box is opened."""
    record.record(
        events.BoxOpened(
            question.box,
            question.branches,
            question.names_at_most,
            question.write_in,
            bool(question.satisfaction),
            question.closes,
            question.changeable,
        ),
        {},
        None,
    )


def extend(record: Recorder, question: Question, until: str, ground: str, note: str, by: str) -> None:
    """Record that the box stays open until later, on a ground of the rulebook, with a note, decided by somebody.

    ``Refused`` (14.2) for a ground that the rulebook does not have, or beyond its hours.
    """
    people = record.people()
    noted, decided = (identity.keyed(_key(people), "box", text) for text in (note, by))
    event = events.BoxExtended(question.box, until, ground, noted, decided)
    record.record(event, {}, _with(people, {noted: note, decided: by}))


def closed(record: Recorder, question: Question) -> bool:
    """Whether the record has the box closed already: what was broken off then only remains to be destroyed."""
    box = record.current().facts.boxes.get(question.box)
    return box is not None and bool(box.closed)


def close(record: Recorder, question: Question, opened: Opened, at: str) -> int:
    """Record what was in the box as two documents and one entry; gives how many took part.

    ``Refused`` (14.3, 14.4, 14.5) when a rule says no; the box is destroyed by whoever calls, once this has returned.
    """
    people = record.people()
    key = _key(people)
    texts = {text for one in opened.papers for text in one.written} | {
        one.by for one in opened.took_part if one.by
    }
    told = {identity.keyed(key, "box", text): text for text in sorted(texts)}
    digest = {text: keyed for keyed, text in told.items()} | {"": ""}
    parts = events.PartsDocument(
        tuple(
            Part(one.member, one.branch, one.channel, date.fromisoformat(one.day), digest[one.by])
            for one in opened.took_part
        )
    )
    papers = events.PapersDocument(
        tuple(
            Paper(
                one.tag,
                one.branch,
                one.names,
                tuple(digest[text] for text in one.written),
                one.satisfaction,
                one.void,
                one.seal,
            )
            for one in opened.papers
        )
    )
    shown = events.PublishedDocument(ballots.sealed(papers.papers))
    spelt = [canon.spell(document) for document in (parts, papers, shown)]
    came, named, published = map(canon.digest, spelt)
    record.record(
        events.BoxClosed(question.box, at, came, named, len(parts.parts), published=published),
        {canon.digest(content): content for content in spelt},
        _with(people, told) if told else None,
    )
    return len(parts.parts)


def _key(people: People) -> bytes:
    if not people.key:
        raise Refused("F.2", "这份纪实的人员附件已经删除，不能在它上面继续；请换一个输出文件夹")
    return bytes.fromhex(people.key)


def _with(people: People, texts: Mapping[str, str]) -> People:
    return People(people.key, people.people, {**people.texts, **texts})
