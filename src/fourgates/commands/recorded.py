"""The record that a command writes into (所记入的纪实): a folder of results, a store, or a selection of a site."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from fourgates.commands import standing

if TYPE_CHECKING:
    from fourgates.bundle import Writer
    from fourgates.keeper import Keeper
    from fourgates.recorder import Folder, Store

SITE = "site:"
F = TypeVar("F")
S = TypeVar("S")


@contextmanager
def held(record: str, folder: Callable[[Writer], F], store: Callable[[Keeper], S]) -> Iterator[F | S]:
    """The record in a folder of results or at a store's address, held while the block runs, in the hands of whoever writes
    there."""
    if "://" in record:
        from fourgates.keeper import Keeper
        from fourgates.store import open_store

        database = open_store(record)
        try:
            yield store(Keeper(database))
        finally:
            database.close()
        return
    import filelock

    from fourgates.bundle import Writer

    place = standing.folder(Path(record))
    with filelock.FileLock(place.parent / ".lock", timeout=0):  # the lock of a run
        yield folder(Writer(place))


def recorder(record: str) -> AbstractContextManager[Folder | Store]:
    """The record that a box is recorded in, held while the block runs. ``site:DIR/NAME``: of the selection NAME of the site in
    DIR, which may be open meanwhile; ``Refused`` (B.8) where there is no such selection."""
    from fourgates.recorder import Folder, Store

    if record.startswith(SITE):
        folder, _slash, slug = record.removeprefix(SITE).rpartition("/")
        # Here and not above: who works on folders and records needs no site.
        from fourgates.web import serving

        serving.set_up(Path(folder))
        record = serving.kept(slug)
    return held(record, Folder, Store)
