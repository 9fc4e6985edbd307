"""A record in a schema of PostgreSQL (服务器存库): the head's row is locked first, every commit is on the disk."""

from __future__ import annotations

import os
import re
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import psycopg

from fourgates.bundle import Head
from fourgates.errors import Refused
from fourgates.ledger import FIRST
from fourgates.store import Unsure, rows
from fourgates.store.rows import Reading, Writing
from fourgates.vault import Keys

SCHEMA = "fourgates"
_NAME = re.compile("[a-z_][a-z0-9_]{0,62}")
TABLES = f"""
CREATE TABLE ledger (n bigint PRIMARY KEY CHECK (n > 0), line bytea NOT NULL);
CREATE TABLE head (one boolean PRIMARY KEY DEFAULT true CHECK (one),
  entries bigint NOT NULL, bytes bigint NOT NULL, head text NOT NULL);
INSERT INTO head (entries, bytes, head) VALUES (0, 0, '{FIRST}');
CREATE TABLE documents (digest text PRIMARY KEY, content bytea NOT NULL);
CREATE TABLE people (name text PRIMARY KEY, content bytea NOT NULL);
CREATE TABLE checkpoints (n bigint PRIMARY KEY, note bytea NOT NULL);
CREATE TABLE answers (key text PRIMARY KEY, asked text NOT NULL, first bigint NOT NULL, last bigint NOT NULL);
CREATE TABLE format (version integer NOT NULL);
INSERT INTO format VALUES ({rows.VERSION});
"""  # noqa: S608  # constants of our own
STANDS = """
CREATE FUNCTION stands() RETURNS trigger LANGUAGE plpgsql AS
  $$ BEGIN RAISE EXCEPTION '% is never changed or taken away', TG_TABLE_NAME; END $$;
CREATE FUNCTION onward() RETURNS trigger LANGUAGE plpgsql AS
  $$ BEGIN IF NEW.entries < OLD.entries THEN RAISE EXCEPTION 'the head goes onward'; END IF; RETURN NEW; END $$;
CREATE TRIGGER onward BEFORE UPDATE ON head FOR EACH ROW EXECUTE FUNCTION onward();
CREATE TRIGGER kept BEFORE DELETE OR TRUNCATE ON head EXECUTE FUNCTION stands();
"""
STANDING = "".join(
    f"CREATE TRIGGER stands BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} EXECUTE FUNCTION stands();"
    for table in ("ledger", "documents", "answers")
)


class Connected:
    """One connection."""

    def __init__(self, url: str, schema: str) -> None:
        self.own = psycopg.connect(url, autocommit=True, application_name="fourgates")
        try:
            # Whatever the server, the database or the role prefers: an acknowledged entry is on the disk.
            self.own.execute(f"SET synchronous_commit TO on; SET search_path TO {schema}".encode())
        except BaseException:
            self.own.close()
            raise

    def ask(self, sql: str, *values: Any) -> list[Any]:
        """The rows that a statement gives."""
        cursor = self.own.execute(sql.replace("?", "%s").encode(), values or None)
        return cursor.fetchall() if cursor.description else []

    def put(self, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
        """Insert ``rows``."""
        copied = f"COPY {table} ({', '.join(columns)}) FROM STDIN"
        with self.own.cursor() as cursor, cursor.copy(copied.encode()) as copy:
            for row in rows:
                copy.write_row(row)


class PostgreSQL:
    """The store in a schema of the database at ``url``, which is made when there is none."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        options = dict(parse_qsl(parts.query))
        self.schema = options.pop("schema", SCHEMA)
        if not _NAME.fullmatch(self.schema):
            raise Refused("K.1", "存库的 schema“{name}”应为小写字母、数字和下划线", name=self.schema)
        self.url = url
        place = options.pop("keys", "")
        self.keys = Keys(Path(place)) if place else None
        self._address = urlunsplit(parts._replace(query=urlencode(options)))
        self._idle: list[Connected] = []
        self._process = os.getpid()
        self._turn = threading.Lock()
        try:
            self._open()
        except BaseException:
            self.close()
            raise

    def _open(self) -> None:
        with _answering(), self._connected() as connection:
            for setting in ("fsync", "full_page_writes"):
                if connection.ask(f"SHOW {setting}") != [("on",)]:
                    raise Refused("K.2", "数据库关闭了 {setting}，断电会丢失已经答复的条目", setting=setting)
            _found(connection, self.schema)
            if connection.ask("SELECT version FROM format") != [(rows.VERSION,)]:
                raise Refused("K.3", "{file}不是存库：{what}", file=self.schema, what="version")

    def head(self) -> Head:
        """How far the record reaches, as committed at this moment."""
        with _answering(), self._connected() as connection:
            return rows.head(connection)

    @contextmanager
    def reading(self) -> Iterator[Reading]:
        """One view of everything committed."""
        with self._transaction("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", "ROLLBACK") as connection:
            yield Reading(connection, self.keys)

    @contextmanager
    def writing(self) -> Iterator[Writing]:
        """The one transaction that may write."""
        with self._turn, self._transaction("BEGIN", "COMMIT") as connection:
            connection.ask("SELECT 1 FROM head FOR UPDATE")
            yield Writing(connection, self.keys)

    def settle(self) -> None:
        """Take what was erased out of the tables' files."""
        with _answering(), self._connected() as connection:
            connection.ask("VACUUM people")

    def close(self) -> None:
        """Give back the connections."""
        while self._idle:
            self._idle.pop().own.close()

    @contextmanager
    def _transaction(self, begins: str, ends: str) -> Iterator[Connected]:
        with _answering(), self._connected() as connection:
            connection.ask(begins)
            try:
                yield connection
            except BaseException:
                if not connection.own.closed:
                    connection.own.rollback()
                raise
            connection.ask(ends)

    @contextmanager
    def _connected(self) -> Iterator[Connected]:
        """A connection for one job; one that failed is not used again, and neither are those opened before it."""
        if self._process != os.getpid():
            self._idle, self._process = [], os.getpid()  # a connection never crosses a fork
        connection = self._living()
        try:
            yield connection
        except psycopg.Error:
            self.close()
            connection.own.close()
            raise
        except BaseException:
            self._idle.append(connection)
            raise
        self._idle.append(connection)

    def _living(self) -> Connected:
        """An idle connection whose server still answers, or a new one."""
        while self._idle:
            connection = self._idle.pop()
            try:
                connection.ask("SELECT 1")
            except psycopg.Error:
                connection.own.close()
            else:
                return connection
        return Connected(self._address, self.schema)


def _found(connection: Connected, schema: str) -> None:
    """The schema and its tables, once, however many come at the same time."""
    known = "SELECT 1 FROM pg_tables WHERE schemaname = ? AND tablename = 'format'"
    if connection.ask(known, schema):
        return
    with connection.own.transaction():
        connection.ask("SELECT pg_advisory_xact_lock(hashtext(?))", f"fourgates {schema}")
        if not connection.ask(known, schema):
            connection.own.execute(f"CREATE SCHEMA IF NOT EXISTS {schema}".encode())
            connection.own.execute((TABLES + STANDS + STANDING).encode())


@contextmanager
def _answering() -> Iterator[None]:
    """Turn what PostgreSQL says when it cannot into ``Unsure``."""
    try:
        yield
    except psycopg.OperationalError as error:
        raise Unsure(str(error).strip()) from error
