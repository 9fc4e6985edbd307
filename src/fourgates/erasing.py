"""Names erased (删除个人信息): the facts, salts and keys of one person, or of everybody, destroyed, with an entry that says so.

The entry is on the disk first, then the names go; whoever asks again after a break finishes what was left. In a store the
keys of the names are destroyed, so that backups and write-ahead logs hold nothing that can be read either; in a folder the
document of names is written again without the person, and the old one overwritten.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any, Protocol

import msgspec

from fourgates import events, recorder, vault
from fourgates.bundle import PEOPLE
from fourgates.errors import Refused
from fourgates.events import Event
from fourgates.log.durable import shred
from fourgates.papers.people import People
from fourgates.recorder import Recorder
from fourgates.selection.keeping import until as until


class Record(Recorder, Protocol):
    """A record whose names can be destroyed, in a folder or a store."""

    def told(self) -> Iterable[Event]:
        """Every event of it."""
        ...

    def offer(self, said: Event, left: People | None) -> None:
        """Record what is said, with what is left of the names; ``None`` where nothing is."""
        ...

    def destroy(self, gone: set[str] | None) -> None:
        """Destroy what is still there of the names of these keys, and of what nothing is kept under; of all for ``None``."""
        ...


class Folder(recorder.Folder):
    """A record in a folder."""

    def told(self) -> Iterable[Event]:
        """See ``Record``."""
        return self.writer.events.values()

    def offer(self, said: Event, left: People | None) -> None:
        """See ``Record``."""
        self.record(said, {}, left, pin=True)

    def destroy(self, gone: set[str] | None) -> None:
        """See ``Record``; a person's row went with the document that was overwritten."""
        if gone is None:
            for path in sorted(self.writer.folder.joinpath(PEOPLE).glob("*")):
                shred(path)


class Kept(recorder.Store):
    """A record in a store."""

    def told(self) -> Iterable[Event]:
        """See ``Record``."""
        return (entry.event for entry in self.keeper.entries())

    def offer(self, said: Event, left: People | None) -> None:
        """See ``Record``."""
        gone: list[str] = []
        if left is None:
            with self.keeper.store.reading() as view:
                gone = [name for name, _row in view.rows_of_people()]
        self.record(said, {}, left, gone=gone)

    def destroy(self, gone: set[str] | None) -> None:
        """See ``Record``."""
        store = self.keeper.store
        store.settle()
        if store.keys is None:
            return
        with store.reading() as view:
            used = {name for _name, row in view.rows_of_people() for name in vault.names(row)}
        every = store.keys.every().keys()
        left_over = {name for name in every - used if name.startswith((vault.DOCUMENT, vault.PAPERS))}
        store.keys.destroy(every if gone is None else gone | left_over)


def person(record: Record, id_: str, ground: str) -> bool:
    """Erase one person, on a ground that the rulebook knows; whether that was not done before.

    ``Refused``: V.5 where no names of the person are kept, V.2, V.3 and 1.5 as the fold says.
    """
    said = record.current()
    names = record.people()
    told = [*record.told()]
    written = about(told, id_)
    cases = {one.case for one in told if isinstance(one, events.ObjectionReceived) and one.person == id_}
    keys = {vault.person(id_), *map(vault.text, written), *map(vault.statement, cases)}
    if id_ in said.erased and id_ not in names.people:
        record.destroy(keys)
        return False
    if id_ not in names.people and (said.ended or id_ not in said.facts.roster().members):
        raise Refused("V.5", "人员附件里没有“{who}”", who=id_)
    record.offer(events.PersonErased(id_, ground), names.without(id_, written))
    record.destroy(keys)
    return True


def everybody(record: Record, today: date) -> tuple[date, int]:
    """Destroy all names if the day until which they are kept has passed; gives that day, and of how many persons (0 when it
    has not passed, or they were gone already)."""
    last = until(record.current().facts)
    if today <= last:
        return last, 0
    count = len(record.people().people)
    if not record.current().ended:
        record.offer(events.RetentionEnded(last, count), None)
    record.destroy(None)
    return last, count


def about(told: Iterable[Event], id_: str) -> set[str]:
    """Every text in the parts of events that are about this person, and in no other part."""
    own, others = set[str](), set[str]()
    for event in told:
        _sort(msgspec.to_builtins(event, enc_hook=str), id_, own, others)
    return own - others


def _sort(part: Any, id_: str, own: set[str], others: set[str]) -> None:
    parts = list(part.values()) if isinstance(part, dict) else part
    if not isinstance(parts, list | tuple):
        others.update([parts] if isinstance(parts, str) else [])
    elif id_ in parts and not any(
        isinstance(one, dict | list | tuple) and id_ in _texts(one) for one in parts
    ):
        own.update(_texts(parts))
    else:
        for one in parts:
            _sort(one, id_, own, others)


def _texts(part: Any) -> Iterator[str]:
    if isinstance(part, str):
        yield part
    elif isinstance(part, dict):
        for one in part.values():
            yield from _texts(one)
    elif isinstance(part, list | tuple):
        for one in part:
            yield from _texts(one)
