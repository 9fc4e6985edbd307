"""The record that a command writes into (所记入的纪实): a folder of results, a store, or a selection of a site."""

from __future__ import annotations

import secrets
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from fourgates import canon
from fourgates.commands import remote, standing
from fourgates.commands.remote import Site
from fourgates.errors import Refused
from fourgates.i18n import mark

if TYPE_CHECKING:
    from fourgates.bundle import Writer
    from fourgates.events import Event
    from fourgates.keeper import Keeper
    from fourgates.papers.people import People
    from fourgates.recorder import Recorder
    from fourgates.selection import Selection

SITE = "site:"
ON_SITE = mark("记入这个网站的纪实；这时参数写推选在网址中的简称")
TRIES, PAUSE = 3, 1
"""How often a site is told the same where it does not answer, and the seconds between."""
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


def recorder(record: str, site: str = "", token: str = "") -> AbstractContextManager[Recorder]:
    """The record that a box is recorded in, held while the block runs. ``site:DIR/NAME``: of the selection NAME of the site in
    DIR, which may be open meanwhile; with ``site``, of the selection of that name there. ``Refused`` (B.8, F.10) where there is
    no such selection."""
    from fourgates.recorder import Folder, Store

    if site:
        return _there(remote.Site(site, token, record))
    if record.startswith(SITE):
        folder, _slash, slug = record.removeprefix(SITE).rpartition("/")
        # Here and not above: who works on folders and records needs no site.
        from fourgates.web import serving

        serving.set_up(Path(folder))
        record = serving.kept(slug)
    return held(record, Folder, Store)


@contextmanager
def _there(site: Site) -> Iterator[There]:
    with tempfile.TemporaryDirectory() as place:
        yield There(site, remote.record(site, Path(place)))


class There:
    """The record of a selection on a site: read from a copy of it, written by telling the site; see ``Recorder``."""

    def __init__(self, site: Site, copy: Path) -> None:
        self._site, self._copy = site, copy

    def current(self) -> Selection:
        """Where things stood when the copy was taken."""
        from fourgates import bundle

        return bundle.verify(self._copy).selection

    def people(self) -> People:
        """The names behind the ids."""
        return standing.names(self._copy)

    def record(self, event: Event, documents: Mapping[str, bytes], kept: People | None) -> None:
        """Have the site record it; asked again where it did not answer, it records it once."""
        before = self.people().texts if kept is not None else {}
        texts = {at: text for at, text in kept.texts.items() if at not in before} if kept is not None else {}
        fields = {"claim": canon.spell(event).decode(), "texts": canon.spell(texts).decode()}
        files = [("documents", f"{digest}.json", content) for digest, content in documents.items()]
        once = secrets.token_hex(16)
        for left in reversed(range(TRIES)):
            try:
                self._site.handed("boxes", fields, files, once)
                return
            except Refused as no:
                if no.rule != "F.10" or not left:
                    raise
                time.sleep(PAUSE)
