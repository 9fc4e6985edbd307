"""The record that a command about a box names (推荐箱所记的纪实): a folder of results, a store, or a selection of a site."""

from __future__ import annotations

from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fourgates.box.recording import Recorder

SITE = "site:"


def recorder(record: str) -> AbstractContextManager[Recorder]:
    """The record, held while the block runs. ``site:DIR/NAME``: of the selection NAME of the site in DIR, which may be open
    meanwhile; ``Refused`` (B.8) where there is no such selection."""
    from fourgates.box import recording

    if not record.startswith(SITE):
        return recording.recorder(record)
    folder, _slash, slug = record.removeprefix(SITE).rpartition("/")
    # Here and not above: who works on folders and records needs no site.
    from fourgates.web import serving

    serving.set_up(Path(folder))
    return recording.recorder(serving.kept(slug))
