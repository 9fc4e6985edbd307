"""A store copied into one file while it is written to, and out of it again (备份与恢复).

The file is an SQLite database with the tables of a store, whichever database the store is in: a backup of either can be
restored into either.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from fourgates.bundle import Head, settle
from fourgates.errors import Broken, Refused
from fourgates.selection import Selection
from fourgates.store import Store, sqlite
from fourgates.store.rows import Reading, Writing
from fourgates.store.verdict import verify


def backup(store: Store, file: Path) -> Head:
    """Copy ``store``, as it is at one moment, into a new ``file``; whoever writes is not held up. Gives how far it reaches.

    The file is there whole and on the disk, or not at all. ``Refused`` (K.7) where something lies there already.
    """
    if file.exists():
        raise Refused("K.7", "{file}已经存在，不会覆盖；请换一个名字", file=file.name)
    beside = file.with_name(file.name + ".new")
    beside.unlink(missing_ok=True)
    try:
        if isinstance(store, sqlite.SQLite):
            store.copy(beside)
        else:
            sqlite.lay(beside)
            with store.reading() as view, sqlite.filling(beside) as room:
                _copy(view, room)
        with reading(beside) as view:
            reached = view.head()
        with beside.open("rb+") as written:
            os.fsync(written.fileno())
        os.link(beside, file)  # never over a file that came meanwhile
    finally:
        beside.unlink(missing_ok=True)
    settle(file.parent)
    return reached


def restore(file: Path, store: Store) -> Selection:
    """Copy the backup in ``file`` into ``store``, which must be empty (``Refused`` K.6), all or nothing; gives where things
    stand, replayed from the store as it is then. ``Broken`` where the backup does not hold, and nothing is restored."""
    with reading(file) as view:
        with store.writing() as room:
            if room.head().entries or room.digests() or room.rows_of_people():
                raise Refused("K.6", "存库里已有另一份纪实，或者比这一份更新，没有搬入")
            _copy(view, room)
            state = verify(room)
        wanted = view.head()
    if store.head() != wanted:
        raise Broken(0, "R.4", "恢复后的账头与备份不同")
    return state


@contextmanager
def reading(file: Path) -> Iterator[Reading]:
    """The rows of a backup; ``Refused`` (K.3) when it is none."""
    connection = sqlite.checked(file.absolute(), "ro")
    with sqlite.answering(), closing(connection.own):
        yield Reading(connection)


def _copy(view: Reading, room: Writing) -> None:
    """Every row of ``view``, into a store that has none."""
    room.fill(view.documents())
    room.fill_people(view.rows_of_people())  # sealed as they are: the keys are no part of a backup
    for n, note in view.checkpoints().items():
        room.keep_checkpoint(n, note)
    policy = view.policy()
    if policy is not None:
        room.keep_policy(policy)
    room.keep_answers(view.answers())
    room.append(view.lines(), view.head())
