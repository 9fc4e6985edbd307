"""Where a record lives durably (存库): one interface over SQLite and PostgreSQL, one record in each store.

What is stored is the line that was hashed. A store knows no rule: ``fourgates.keeper`` judges and is the only one who
writes. ``open_store`` gives a store; ``reading()`` is one unchanging view of it, ``writing()`` the one transaction that
may change it, on the disk when it ends. Threads and processes may share a store.
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol

from fourgates.bundle import Head
from fourgates.errors import Refused
from fourgates.store.rows import Reading, Writing
from fourgates.vault import Keys


class Unsure(OSError):
    """The database did not take it, or did not say: full, gone, or broken off (存库未应答).

    What was being written is there whole or not at all. Who must know asks again under the same key.
    """


class Store(Protocol):
    """One record in a database. ``Unsure`` is raised by everything here when the database cannot answer."""

    url: str
    keys: Keys | None
    """The keys under which names are sealed; ``None`` for a PostgreSQL without them: there names lie open."""

    def head(self) -> Head:
        """How far the record reaches, as committed at this moment."""
        ...

    def reading(self) -> AbstractContextManager[Reading]:
        """One view of everything committed, which does not change while it is open."""
        ...

    def writing(self) -> AbstractContextManager[Writing]:
        """The one transaction that may write: it waits for its turn, sees all that was committed, and is durable when
        it has ended. An exception inside leaves everything as it was."""
        ...

    def settle(self) -> None:
        """Bring what lies beside the database into it, and what was erased off the disk, as far as the database can."""
        ...

    def close(self) -> None:
        """Give back the connections; the store may not be used afterwards."""
        ...


def open_store(url: str) -> Store:
    """The store at ``url``, made when there is none: ``sqlite:////abs/file.db`` or ``postgresql://…`` (one record in a
    schema: ``…?schema=NAME``, ``fourgates`` when not given; the keys of the names in a file: ``&keys=PATH``).

    ``Refused`` (K.1) for an address of no known kind, (K.2) for a database that does not keep its promises.
    """
    # Here and not above: each brings its own library, and nobody needs both.
    if url.startswith("sqlite:///"):
        from fourgates.store.sqlite import SQLite

        return SQLite(Path(url.removeprefix("sqlite:///")))
    if url.startswith(("postgresql://", "postgres://")):
        from fourgates.store.postgresql import PostgreSQL

        return PostgreSQL(url)
    raise Refused("K.1", "存库地址“{url}”不认识：写 sqlite:////路径/文件.db 或者 postgresql://…", url=url)
