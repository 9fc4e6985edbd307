"""Where nominations lie while the box is open (箱体): three files with nothing in common but the moment of coming in.

``intake.db`` holds a spent code and its sealed nomination in one transaction, for as long as it takes until enough have
gathered; then, in drawn order, ``roll.db`` learns that the codes are spent and ``urn.db`` gets the nominations, and the
intake is emptied and overwritten. A break at any moment loses nothing: what is still in the intake is moved again.

Rows go down many at a time in one statement: a statement for each would let go of Python's lock and wait for it again,
as often as there are rows, while members are being answered.
"""

from __future__ import annotations

import os
import secrets
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from enum import IntEnum
from pathlib import Path
from typing import NamedTuple, Protocol, TypeVar

GATHERED = 64
"""So many nominations gather before they are moved, so that their order is lost among them."""

_AT_ONCE = 64
"""Rows in one statement."""


Row = TypeVar("Row")


class State(IntEnum):
    """What became of a code: still good, used, or dead (its slip was lost and replaced, or the member took part otherwise)."""

    GOOD = 0
    SPENT = 1
    DEAD = 2


class Ballot(NamedTuple):
    """One nomination coming in: the handle it lies under, the digest of the code it spends (``None`` when it changes an
    earlier one), the branch by its place in the question, the sealed content, and what the roll is told: by which
    channel, on which day, by whom."""

    handle: bytes
    code: bytes | None
    branch: int
    sealed: bytes
    channel: str = ""
    day: str = ""
    by: str = ""


class Code(NamedTuple):
    """One code on the roll: its digest, whose it is, the branch, what became of it, and how its owner took part."""

    digest: bytes
    member: str
    branch: str
    state: State = State.GOOD
    channel: str = ""
    day: str = ""
    by: str = ""


class Urn(Protocol):
    """What a box asks of its files; one process writes."""

    def enrol(self, codes: Iterable[Code]) -> None:
        """Put codes on the roll, or change what is known of them; on the disk when it returns."""

    def roll(self) -> Iterator[Code]:
        """Every code, in the order of its digest, with spent ones still in the intake counted as spent."""

    def handles(self) -> Iterator[bytes]:
        """The handles of every nomination that lies in the box."""

    def commit(self, batch: Sequence[Ballot]) -> None:
        """Store nominations and spend their codes, all or none; on the disk when it returns."""

    def waiting(self) -> int:
        """How many gather in the intake."""

    def settle(self, at_most: int = -1) -> int:
        """Move what gathered to the roll and the urn, in drawn order, the oldest ``at_most`` or all; gives how many."""

    def sealed(self) -> Iterator[tuple[int, bytes]]:
        """Every nomination, branch and sealed content, in the order of random handles."""

    def destroy(self) -> None:
        """Overwrite and remove everything: the box is closed and its documents are on record."""

    def close(self) -> None:
        """Let go of the files."""


def shuffled(rows: list[Row]) -> list[Row]:
    """The rows in an order drawn by the system's own generator."""
    secrets.SystemRandom().shuffle(rows)
    return rows


class Files:
    """The box in three SQLite files in a folder of its own, readable by its owner alone."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.folder = folder
        self._roll = _opened(
            folder / "roll.db",
            "CREATE TABLE IF NOT EXISTS code (digest BLOB PRIMARY KEY, member TEXT NOT NULL, branch TEXT NOT NULL, "
            "state INTEGER NOT NULL, channel TEXT NOT NULL, day TEXT NOT NULL, by TEXT NOT NULL) WITHOUT ROWID",
        )
        self._urn = _opened(
            folder / "urn.db",
            "CREATE TABLE IF NOT EXISTS nomination (handle BLOB PRIMARY KEY, branch INTEGER NOT NULL, "
            "sealed BLOB NOT NULL) WITHOUT ROWID",
        )
        self._intake = _opened(
            folder / "intake.db",
            "CREATE TABLE IF NOT EXISTS coming (n INTEGER PRIMARY KEY, handle BLOB NOT NULL, code BLOB, "
            "branch INTEGER NOT NULL, sealed BLOB NOT NULL, channel TEXT NOT NULL, day TEXT NOT NULL, by TEXT NOT NULL)",
        )

    def enrol(self, codes: Iterable[Code]) -> None:
        """See ``Urn.enrol``."""
        with self._roll:
            self._roll.executemany("INSERT OR REPLACE INTO code VALUES (?, ?, ?, ?, ?, ?, ?)", codes)

    def roll(self) -> Iterator[Code]:
        """See ``Urn.roll``."""
        asked = "SELECT code, channel, day, by FROM coming WHERE code IS NOT NULL"
        coming = {code: told for code, *told in self._intake.execute(asked)}
        for digest, member, branch, state, *told in self._roll.execute("SELECT * FROM code ORDER BY digest"):
            state_, told_ = (State.SPENT, coming[digest]) if digest in coming else (State(state), told)
            yield Code(digest, member, branch, state_, *told_)

    def handles(self) -> Iterator[bytes]:
        """See ``Urn.handles``."""
        for table in (
            self._urn.execute("SELECT handle FROM nomination"),
            self._intake.execute("SELECT handle FROM coming"),
        ):
            yield from (handle for (handle,) in table)

    def commit(self, batch: Sequence[Ballot]) -> None:
        """See ``Urn.commit``; what changes an earlier nomination lies behind it until both are moved."""
        with self._intake:
            _put(
                self._intake,
                "INSERT INTO coming (handle, code, branch, sealed, channel, day, by) VALUES {rows}",
                batch,
            )

    def waiting(self) -> int:
        """See ``Urn.waiting``."""
        (count,) = self._intake.execute("SELECT count(*) FROM coming").fetchone()
        return int(count)

    def settle(self, at_most: int = -1) -> int:
        """See ``Urn.settle``."""
        asked = "SELECT n, handle, code, branch, sealed, channel, day, by FROM coming ORDER BY n LIMIT ?"
        found = self._intake.execute(asked, (at_most,)).fetchall()
        rows = [Ballot(*row) for _n, *row in found]
        last = {row.handle: (row.handle, row.branch, row.sealed) for row in rows}
        with self._urn:
            _put(self._urn, "INSERT OR REPLACE INTO nomination VALUES {rows}", shuffled([*last.values()]))
        spent = shuffled([(row.code, row.channel, row.day, row.by) for row in rows if row.code is not None])
        with self._roll:
            _put(
                self._roll,
                "WITH came AS (VALUES {rows}) UPDATE code SET state = 1, channel = came.column2, day = came.column3, "
                "by = came.column4 FROM came WHERE digest = came.column1",
                spent,
            )
        if found:
            with self._intake:
                self._intake.execute("DELETE FROM coming WHERE n <= ?", (found[-1][0],))
        for file in (self._intake, self._urn, self._roll):
            file.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        return len(rows)

    def sealed(self) -> Iterator[tuple[int, bytes]]:
        """See ``Urn.sealed``."""
        yield from self._urn.execute("SELECT branch, sealed FROM nomination ORDER BY handle")

    def destroy(self) -> None:
        """See ``Urn.destroy``."""
        self.close()
        for path in sorted(self.folder.glob("*.db*")):
            overwrite(path)

    def close(self) -> None:
        """See ``Urn.close``."""
        for file in (self._intake, self._urn, self._roll):
            file.close()


def _put(file: sqlite3.Connection, statement: str, rows: Sequence[tuple[object, ...]]) -> None:
    """Do ``statement`` with ``rows`` where it says so, in few steps: each of a power of two, so that few texts are known."""
    left = list(rows)
    while left:
        many = min(_AT_ONCE, 1 << (len(left).bit_length() - 1))
        piece, left = left[:many], left[many:]
        places = f"({', '.join('?' * len(piece[0]))})"
        file.execute(statement.format(rows=", ".join([places] * many)), [one for row in piece for one in row])


def _opened(path: Path, table: str) -> sqlite3.Connection:
    file = sqlite3.connect(path, check_same_thread=False)
    path.chmod(0o600)
    file.execute("PRAGMA secure_delete = ON")
    file.execute("PRAGMA journal_mode = WAL")
    file.execute("PRAGMA synchronous = FULL")
    with file:
        file.execute(table)
    place = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(place)
    finally:
        os.close(place)
    return file


def overwrite(path: Path) -> None:
    """Write zeros over a file, then remove it: as far as a disk lets itself be told."""
    with suppress(FileNotFoundError):
        with path.open("r+b") as file:
            left = path.stat().st_size
            while left > 0:
                left -= file.write(bytes(min(left, 1 << 20)))
            file.flush()
            os.fsync(file.fileno())
        path.unlink()
