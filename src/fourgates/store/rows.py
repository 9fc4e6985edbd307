"""The rows of a record (存库的行), said once for both databases: entries, head, documents, names, notes, answers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple, Protocol

from fourgates import canon, vault
from fourgates.bundle import Head
from fourgates.errors import Broken
from fourgates.vault import Keys

VERSION = 1
POLICY = -1  # where a note on so many entries would lie
TABLES = ("ledger", "documents", "people", "checkpoints", "answers")
PAGE, BULK = 2000, 20  # lines, and documents, read at once


def _texts(lines: list[Any]) -> bool:
    """Whether there are lines and all of them are bytes."""
    return bool(lines) and all(type(line) is bytes for line in lines)


class Answer(NamedTuple):
    """What was answered under a key: the digest of what was asked, and the entries from ``first`` to ``last``."""

    asked: str
    first: int
    last: int


class Connection(Protocol):
    """What is needed of a database: statements with ``?`` for values, and many rows put at once."""

    def ask(self, sql: str, *values: Any) -> list[Any]:
        """The rows that a statement gives; none for one that only changes something."""
        ...

    def put(self, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
        """Insert ``rows``."""
        ...


class Reading:
    """A view of one record as it was committed."""

    def __init__(self, connection: Connection, keys: Keys | None = None) -> None:
        self._connection, self._keys = connection, keys

    def head(self) -> Head:
        """How far the record reaches."""
        return head(self._connection)

    def lines(self, after: int = 0, until: int | None = None) -> Iterator[bytes]:
        """The stored lines of the entries ``after + 1`` to ``until`` (to the last when not given), in their order.

        ``Broken`` (R.2) at a number that is missing.
        """
        last = self.head().entries if until is None else until
        while after < last:
            rows = self._connection.ask(
                "SELECT n, line FROM ledger WHERE n > ? AND n <= ? ORDER BY n LIMIT ?", after, last, PAGE
            )
            page = [line for _n, line in rows]
            if [n for n, _line in rows] == list(range(after + 1, after + len(rows) + 1)) and _texts(page):
                yield from page
                after += len(rows)
                continue
            for n, line in rows:
                after += 1
                if n != after:
                    raise Broken(
                        after,
                        "R.2",
                        "编号应为{number}，读到{read}：有条目缺失、多出或换了位置",
                        number=after,
                        read=n,
                    )
                if not isinstance(line, bytes):
                    raise Broken(after, "R.1", "这一条读不懂：{what}", what=type(line).__name__)
                yield line
            if not rows:
                raise Broken(
                    after + 1,
                    "R.4",
                    "账本比账头写明的短：应有{entries}条，读到{read}条",
                    entries=last,
                    read=after,
                )

    def beyond(self) -> int:
        """The number of ledger rows that the head does not speak of: none in a store that holds."""
        (row,) = self._connection.ask("SELECT count(*) FROM ledger WHERE n > ? OR n < 1", self.head().entries)
        return int(row[0])

    def document(self, digest: str) -> bytes | None:
        """The document under ``digest``."""
        return self._one("SELECT content FROM documents WHERE digest = ?", digest)

    def digests(self) -> list[str]:
        """Every document's digest, in the order of the digests."""
        return [row[0] for row in self._connection.ask("SELECT digest FROM documents ORDER BY digest")]

    def documents(self) -> Iterator[tuple[str, bytes]]:
        """Every document with its digest, in the order of the digests."""
        last = ""
        while rows := self._connection.ask(
            "SELECT digest, content FROM documents WHERE digest > ? ORDER BY digest LIMIT ?", last, BULK
        ):
            yield from rows
            last = rows[-1][0]

    def people(self) -> dict[str, bytes]:
        """Everything kept beside the record under its name: the names behind the ids."""
        found = ((name, self._opened(name, content)) for name, content in self.rows_of_people())
        return {name: content for name, content in found if content is not None}

    def rows_of_people(self) -> list[tuple[str, bytes]]:
        """The same as it lies there, sealed where the store has keys."""
        return self._connection.ask("SELECT name, content FROM people ORDER BY name")

    def _opened(self, name: str, content: bytes) -> bytes | None:
        if vault.is_sealed(content):
            return vault.read(content, self._keys) if self._keys is not None else None
        if canon.digest(content) != name.removesuffix(".json"):
            raise Broken(0, "R.5", "附件{digest}被改动过", digest=name)
        return content

    def person(self, name: str) -> bytes | None:
        """What is kept beside the record under one name."""
        content = self._one("SELECT content FROM people WHERE name = ?", name)
        return None if content is None else self._opened(name, content)

    def keeps(self, name: str) -> bool:
        """Whether anything is kept beside the record under one name."""
        return bool(list(self._connection.ask("SELECT 1 FROM people WHERE name = ?", name)))

    def checkpoints(self) -> dict[int, bytes]:
        """Every signed note by the number of entries that it speaks of."""
        return dict(self._connection.ask("SELECT n, note FROM checkpoints WHERE n >= 0 ORDER BY n"))

    def policy(self) -> bytes | None:
        """Whose word on the checkpoints is wanted, as the record has it; ``None`` before there is one."""
        return self._one("SELECT note FROM checkpoints WHERE n = ?", POLICY)

    def answer(self, key: str) -> Answer | None:
        """What was answered under ``key``, if anything was."""
        rows = self._connection.ask("SELECT asked, first, last FROM answers WHERE key = ?", key)
        return Answer(*rows[0]) if rows else None

    def answers(self) -> dict[str, Answer]:
        """Everything answered, by its key."""
        rows = self._connection.ask("SELECT key, asked, first, last FROM answers ORDER BY key")
        return {row[0]: Answer(*row[1:]) for row in rows}

    def _one(self, sql: str, value: str | int) -> bytes | None:
        rows = self._connection.ask(sql, value)
        return rows[0][0] if rows else None


class Writing(Reading):
    """The one transaction that may add to the record; nobody else moves the head meanwhile, so it is read once."""

    def __init__(self, connection: Connection, keys: Keys | None = None) -> None:
        super().__init__(connection, keys)
        self._reached: Head | None = None

    def head(self) -> Head:
        """How far the record reaches, with what was added here."""
        if self._reached is None:
            self._reached = super().head()
        return self._reached

    def append(self, lines: Iterable[bytes], reached: Head) -> None:
        """Add ``lines`` behind the last entry; ``reached`` is the head with them."""
        before = self.head()
        self._connection.put("ledger", ("n", "line"), enumerate(lines, start=before.entries + 1))
        self._connection.ask(
            "UPDATE head SET entries = ?, bytes = ?, head = ?", reached.entries, reached.bytes, reached.head
        )
        self._reached = reached

    def keep_documents(self, documents: Mapping[str, bytes]) -> None:
        """Keep ``documents`` by digest; those that are there already stay."""
        held = [
            digest
            for digest in documents
            if self._connection.ask("SELECT 1 FROM documents WHERE digest = ?", digest)
        ]
        self.fill(item for item in documents.items() if item[0] not in held)

    def fill(self, documents: Iterable[tuple[str, bytes]]) -> None:
        """Keep documents of which none is there yet."""
        self._connection.put("documents", ("digest", "content"), documents)

    def keep_people(self, people: Mapping[str, bytes | None]) -> None:
        """Keep what lies beside the record under its names, in the place of what was there; ``None`` takes it away.

        Where the store has keys it is sealed under them, and those made for it are on the disk before anything of it is.
        """
        for name in people:
            self._connection.ask("DELETE FROM people WHERE name = ?", name)
        kept = [(name, content) for name, content in people.items() if content is not None]
        if self._keys is not None:
            kept = [(name, vault.sealed(content, self._keys)) for name, content in kept]
            self._keys.save()
        self.fill_people(kept)

    def fill_people(self, rows: Iterable[tuple[str, bytes]]) -> None:
        """Keep rows as they lay in another store."""
        self._connection.put("people", ("name", "content"), rows)

    def keep_checkpoint(self, n: int, note: bytes) -> None:
        """Keep the signed note on the first ``n`` entries, in the place of one with fewer signatures."""
        self._connection.ask("DELETE FROM checkpoints WHERE n = ?", n)
        self._connection.put("checkpoints", ("n", "note"), [(n, note)])

    def keep_policy(self, policy: bytes) -> None:
        """Keep whose word on the checkpoints is wanted."""
        self.keep_checkpoint(POLICY, policy)

    def keep_answers(self, answers: Mapping[str, Answer]) -> None:
        """Remember what was answered, by its key."""
        rows = [(key, *answer) for key, answer in answers.items()]
        self._connection.put("answers", ("key", "asked", "first", "last"), rows)


def head(connection: Connection) -> Head:
    """How far the record reaches; ``Broken`` (R.4) when that cannot be read."""
    rows = connection.ask("SELECT entries, bytes, head FROM head")
    if len(rows) != 1:
        raise Broken(0, "R.4", "账头应有1行，读到{rows}行", rows=len(rows))
    return Head(*rows[0])
