"""The box in PostgreSQL (箱体): the same three places as tables of a schema of their own, never joined."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import psycopg

from fourgates.box.urn import Ballot, Code, State, shuffled

_TABLES = """
CREATE SCHEMA IF NOT EXISTS fourgates_box;
CREATE TABLE IF NOT EXISTS fourgates_box.code
  (digest bytea PRIMARY KEY, member text NOT NULL, branch text NOT NULL, state smallint NOT NULL,
   channel text NOT NULL, day text NOT NULL, by text NOT NULL);
CREATE TABLE IF NOT EXISTS fourgates_box.nomination
  (handle bytea PRIMARY KEY, branch integer NOT NULL, sealed bytea NOT NULL);
CREATE TABLE IF NOT EXISTS fourgates_box.coming
  (n bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY, handle bytea NOT NULL, code bytea, branch integer NOT NULL,
   sealed bytea NOT NULL, channel text NOT NULL, day text NOT NULL, by text NOT NULL);
"""


class Database:
    """The box in the PostgreSQL database at ``url``."""

    def __init__(self, url: str) -> None:
        self._link = psycopg.connect(url, autocommit=True)
        self._link.execute("SET synchronous_commit = on")
        self._link.execute(_TABLES)

    def enrol(self, codes: Iterable[Code]) -> None:
        """See ``Urn.enrol``."""
        with self._link.transaction(), self._link.cursor() as cursor:
            cursor.executemany(
                "INSERT INTO fourgates_box.code VALUES (%s, %s, %s, %s, %s, %s, %s) ON CONFLICT (digest) DO UPDATE SET "
                "state = excluded.state, channel = excluded.channel, day = excluded.day, by = excluded.by",
                [(one.digest, one.member, one.branch, one.state.value, *one[4:]) for one in codes],
            )

    def roll(self) -> Iterator[Code]:
        """See ``Urn.roll``."""
        asked = "SELECT code, channel, day, by FROM fourgates_box.coming WHERE code IS NOT NULL"
        coming = {code: told for code, *told in self._link.execute(asked)}
        for digest, member, branch, state, *told in self._link.execute(
            "SELECT * FROM fourgates_box.code ORDER BY digest"
        ):
            state_, told_ = (State.SPENT, coming[digest]) if digest in coming else (State(state), told)
            yield Code(digest, member, branch, state_, *told_)

    def handles(self) -> Iterator[bytes]:
        """See ``Urn.handles``."""
        asked = (
            "SELECT handle FROM fourgates_box.nomination UNION ALL SELECT handle FROM fourgates_box.coming"
        )
        yield from (handle for (handle,) in self._link.execute(asked))

    def commit(self, batch: Sequence[Ballot]) -> None:
        """See ``Urn.commit``."""
        self._link.execute(
            "INSERT INTO fourgates_box.coming (handle, code, branch, sealed, channel, day, by) SELECT * FROM "
            "unnest(%s::bytea[], %s::bytea[], %s::int[], %s::bytea[], %s::text[], %s::text[], %s::text[])",
            _columns(batch),
        )

    def waiting(self) -> int:
        """See ``Urn.waiting``."""
        found = self._link.execute("SELECT count(*) FROM fourgates_box.coming").fetchone()
        return int(found[0]) if found else 0

    def settle(self, at_most: int = -1) -> int:
        """See ``Urn.settle``.

        One transaction for each place, so that no row's transaction number says which belonged together.
        """
        asked = "SELECT n, handle, code, branch, sealed, channel, day, by FROM fourgates_box.coming ORDER BY n LIMIT %s"
        found = self._link.execute(asked, [at_most if at_most >= 0 else None]).fetchall()
        if not found:
            return 0
        rows = [Ballot(*row) for _n, *row in found]
        last = {row.handle: (row.handle, row.branch, row.sealed) for row in rows}
        self._link.execute(
            "INSERT INTO fourgates_box.nomination SELECT * FROM unnest(%s::bytea[], %s::int[], %s::bytea[]) "
            "ON CONFLICT (handle) DO UPDATE SET sealed = excluded.sealed",
            _columns(shuffled([*last.values()])),
        )
        spent = shuffled([(row.code, row.channel, row.day, row.by) for row in rows if row.code is not None])
        if spent:
            self._link.execute(
                "UPDATE fourgates_box.code SET state = 1, channel = came.channel, day = came.day, by = came.by "
                "FROM unnest(%s::bytea[], %s::text[], %s::text[], %s::text[]) AS came (digest, channel, day, by) "
                "WHERE code.digest = came.digest",
                _columns(spent),
            )
        self._link.execute("DELETE FROM fourgates_box.coming WHERE n <= %s", [found[-1][0]])
        self._link.execute("VACUUM fourgates_box.coming")
        return len(rows)

    def sealed(self) -> Iterator[tuple[int, bytes]]:
        """See ``Urn.sealed``."""
        yield from self._link.execute("SELECT branch, sealed FROM fourgates_box.nomination ORDER BY handle")

    def destroy(self) -> None:
        """See ``Urn.destroy``; the server frees the files of the tables at once."""
        self._link.execute("DROP SCHEMA fourgates_box CASCADE")
        self.close()

    def close(self) -> None:
        """See ``Urn.close``."""
        self._link.close()


def _columns(rows: Sequence[tuple[object, ...]]) -> list[list[object]]:
    return [list(column) for column in zip(*rows, strict=True)]
