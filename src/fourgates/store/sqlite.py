"""A record in one SQLite file (单文件存库): write-ahead log, every commit synced, one writer at a time.

The names in it are sealed; their keys lie beside it in ``<file>.keys``.
"""

from __future__ import annotations

import os
import sqlite3
import threading
import weakref
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

from fourgates import vault
from fourgates.bundle import Head
from fourgates.errors import Broken, Refused
from fourgates.ledger import FIRST
from fourgates.log.durable import settle
from fourgates.store import Unsure, rows
from fourgates.store.rows import Reading, Writing
from fourgates.vault import Keys

WAIT = 60  # seconds for another process to finish its commit

SCHEMA = f"""
CREATE TABLE ledger (n INTEGER PRIMARY KEY, line BLOB NOT NULL);
CREATE TABLE head (entries INTEGER NOT NULL, bytes INTEGER NOT NULL, head TEXT NOT NULL);
INSERT INTO head VALUES (0, 0, '{FIRST}');
CREATE TABLE documents (digest TEXT PRIMARY KEY, content BLOB NOT NULL);
CREATE TABLE people (name TEXT PRIMARY KEY, content BLOB NOT NULL);
CREATE TABLE checkpoints (n INTEGER PRIMARY KEY, note BLOB NOT NULL);
CREATE TABLE answers (key TEXT PRIMARY KEY, asked TEXT NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL);
PRAGMA user_version = {rows.VERSION};
"""  # noqa: S608  # constants of our own
# INSERT OR REPLACE would take a row away without asking the triggers on DELETE, so what is there is refused before it.
STANDS = """
CREATE TRIGGER {table}_changed BEFORE UPDATE ON {table} BEGIN SELECT RAISE(ABORT, '{table} is never changed'); END;
CREATE TRIGGER {table}_taken BEFORE DELETE ON {table} BEGIN SELECT RAISE(ABORT, '{table} is never taken away'); END;
CREATE TRIGGER {table}_replaced BEFORE INSERT ON {table} WHEN EXISTS (SELECT 1 FROM {table} WHERE {key} = NEW.{key})
  BEGIN SELECT RAISE(ABORT, '{table} is never replaced'); END;
"""
STANDING = {"ledger": "n", "documents": "digest", "answers": "key"}
GAPLESS = """
CREATE TRIGGER ledger_gapless BEFORE INSERT ON ledger WHEN NEW.n <> (SELECT coalesce(max(n), 0) + 1 FROM ledger)
  BEGIN SELECT RAISE(ABORT, 'the ledger has no gaps'); END;
CREATE TRIGGER head_kept BEFORE DELETE ON head BEGIN SELECT RAISE(ABORT, 'the head stays'); END;
CREATE TRIGGER head_one BEFORE INSERT ON head BEGIN SELECT RAISE(ABORT, 'there is one head'); END;
CREATE TRIGGER head_onward BEFORE UPDATE ON head WHEN NEW.entries < OLD.entries
  BEGIN SELECT RAISE(ABORT, 'the head goes onward'); END;
"""


class Connected:
    """One connection."""

    def __init__(self, path: Path, mode: str = "rw") -> None:
        self.own = sqlite3.connect(
            f"file:{_escaped(path)}?mode={mode}",
            uri=True,
            isolation_level=None,
            check_same_thread=False,
            timeout=WAIT,
        )
        try:
            self.own.executescript(
                "PRAGMA synchronous = FULL; PRAGMA secure_delete = ON; PRAGMA trusted_schema = OFF"
            )
        except sqlite3.Error:
            self.own.close()
            raise

    def ask(self, sql: str, *values: Any) -> list[Any]:
        """The rows that a statement gives."""
        return self.own.execute(sql, values).fetchall()

    def put(self, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
        """Insert ``rows``."""
        places = ", ".join("?" * len(columns))
        self.own.executemany(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({places})", rows)  # noqa: S608  # our own names


class SQLite:
    """The store in the file ``path``, which is made, whole from the first moment, when there is none."""

    def __init__(self, path: Path) -> None:
        self.path = path.absolute()
        self.url = f"sqlite:///{self.path}"
        self.keys: Keys | None = Keys(vault.beside(self.path))
        self._turn = threading.Lock()
        self._queue = Queue(self.path)
        self._idle: list[Connected] = []
        self._process = os.getpid()
        with answering():
            if not self.path.exists():
                _found(self.path)
            self._idle.append(checked(self.path))

    def head(self) -> Head:
        """How far the record reaches, as committed at this moment."""
        with answering(), self._connected() as connection:
            return rows.head(connection)

    @contextmanager
    def reading(self) -> Iterator[Reading]:
        """One view of everything committed."""
        with answering(), self._connected() as connection:
            connection.ask("BEGIN")
            try:
                yield Reading(connection, self.keys)
            finally:
                connection.ask("ROLLBACK")

    @contextmanager
    def writing(self) -> Iterator[Writing]:
        """The one transaction that may write."""
        # Threads queue here: waiting inside SQLite is sleeping, and who sleeps longest is overtaken by all others.
        with self._turn, answering(), self._queue.turn(), self._connected() as connection:
            connection.ask("BEGIN IMMEDIATE")
            try:
                yield Writing(connection, self.keys)
                connection.ask("COMMIT")
            finally:
                if connection.own.in_transaction:
                    connection.ask("ROLLBACK")

    def settle(self) -> None:
        """Bring the write-ahead log into the database and empty it."""
        with self._turn, answering(), self._queue.turn(), self._connected() as connection:
            ((busy, *_pages),) = connection.ask("PRAGMA wal_checkpoint(TRUNCATE)")
        if busy:
            raise Unsure("a reader keeps the write-ahead log from being brought in")

    def copy(self, file: Path) -> None:
        """Copy everything committed at one moment into ``file``; writers go on meanwhile."""
        with answering(), self._connected() as connection, closing(sqlite3.connect(file)) as copied:
            connection.own.backup(copied)
            into_one(copied)  # a backup is one file and nothing beside it

    def close(self) -> None:
        """Give back the connections."""
        while self._idle:
            self._idle.pop().own.close()
        self._queue.close()

    @contextmanager
    def _connected(self) -> Iterator[Connected]:
        """A connection for one job; one that failed is not used again."""
        if self._process != os.getpid():
            self._idle, self._process = [], os.getpid()  # a connection never crosses a fork
        try:
            connection = self._idle.pop()
        except IndexError:
            connection = Connected(self.path)
        try:
            yield connection
        except sqlite3.Error:
            connection.own.close()
            raise
        except BaseException:
            self._idle.append(connection)
            raise
        self._idle.append(connection)


def _found(path: Path) -> None:
    """An empty store, on the disk with its name before anything is accepted: built beside its place and moved there."""
    beside = path.with_name(f"{path.name}.{os.getpid()}.{threading.get_ident()}.new")
    beside.unlink(missing_ok=True)
    lay(beside, "WAL")
    with beside.open("rb+") as file:
        os.fsync(file.fileno())
    with suppress(FileExistsError):  # another was quicker, and its store is as good
        os.link(beside, path)
    beside.unlink()
    settle(path.parent)


def checked(path: Path, mode: str = "rw") -> Connected:
    """A connection to the store in ``path``; ``Refused`` (K.3) when it is none."""
    try:
        connection = Connected(path, mode)
    except sqlite3.OperationalError:
        raise
    except sqlite3.DatabaseError as error:
        raise Refused("K.3", "{file}不是存库：{what}", file=path.name, what=str(error)) from None
    ((version,),) = connection.ask("PRAGMA user_version")
    if version != rows.VERSION:
        connection.own.close()
        raise Refused("K.3", "{file}不是存库：{what}", file=path.name, what=f"version {version}")
    return connection


def lay(path: Path, journal: str = "DELETE") -> None:
    """The empty tables of a store in a new file, and nothing beside it.

    Written with a rollback journal whatever is wanted afterwards: what goes wrong while a write-ahead log is brought in on
    closing is told to nobody.
    """
    stand = "".join(STANDS.format(table=table, key=key) for table, key in STANDING.items())
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.executescript(f"PRAGMA synchronous = FULL; BEGIN; {SCHEMA} {stand} {GAPLESS} COMMIT;")
        into_one(connection, journal)


def into_one(connection: sqlite3.Connection, journal: str = "DELETE") -> None:
    """Change how a database is journalled; ``Unsure`` when that fails, which SQLite only says in passing."""
    if connection.execute(f"PRAGMA journal_mode = {journal}").fetchone() != (journal.lower(),):
        raise Unsure("the journal could not be changed")


@contextmanager
def filling(path: Path) -> Iterator[Writing]:
    """The tables in ``path`` to be filled by nobody else, with one commit at the end."""
    connection = Connected(path)
    with answering(), closing(connection.own):
        connection.ask("BEGIN IMMEDIATE")
        yield Writing(connection)
        connection.ask("COMMIT")


@contextmanager
def answering() -> Iterator[None]:
    """Turn what SQLite says when it cannot into ``Unsure``, and what it says of a damaged file into ``Broken``."""
    try:
        yield
    except sqlite3.OperationalError as error:
        raise Unsure(str(error)) from error
    except (sqlite3.IntegrityError, sqlite3.ProgrammingError, sqlite3.InterfaceError):
        raise
    except sqlite3.DatabaseError as error:
        raise Broken(0, "R.7", "{file}读不了：{what}", file="store", what=str(error)) from error


class Queue:
    """Who writes next, among processes, where the system can queue for a lock on the file beside ``path``. SQLite's own lock
    decides who writes; this one only sees to it that nobody waits asleep while others overtake. One thread at a time."""

    def __init__(self, path: Path) -> None:
        self._path = f"{path}.lock"
        self._file = -1
        self._process = 0
        self._closing: weakref.finalize[[int], Queue] | None = None

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait for one's turn, and pass it on."""
        try:
            import fcntl
        except ImportError:  # a system without it: SQLite's own waiting serves
            yield
            return
        if self._process != os.getpid():  # what is open across a fork would be one lock for both
            self._file, self._process = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o644), os.getpid()
            self._closing = weakref.finalize(self, os.close, self._file)
        fcntl.flock(self._file, fcntl.LOCK_EX)
        try:
            yield
        finally:
            fcntl.flock(self._file, fcntl.LOCK_UN)

    def close(self) -> None:
        """Give back the file."""
        if self._closing is not None:
            self._closing()
        self._process = 0


def _escaped(path: Path) -> str:
    return str(path).replace("%", "%25").replace("?", "%3f").replace("#", "%23")
