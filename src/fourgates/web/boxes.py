"""The box that runs beside the site (推荐箱旁路): its roll, asked for and forgotten again; what is in it never comes here.

A box has a process and files of its own. The site knows where it lies and asks what the office may ask: who has taken part.
That is shown to whoever may see the member, is kept for seconds, and is written nowhere.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from fourgates.box.place import QUESTION, Place, served
from fourgates.errors import Refused
from fourgates.web.access import Room
from fourgates.web.models import Selection

BOXES = "boxes"
"""In the home: a file for each selection with a box, that says where the box lies."""
FRESH, PATIENCE = 5, 5
"""Seconds for which a roll is not asked for again, and for which its answer is waited for."""

_asked: dict[str, tuple[float, Roll | None]] = {}
_asking = threading.Lock()


@dataclass(frozen=True, slots=True)
class Roll:
    """Who has taken part by the box: id → channel and day; and whose code is still good."""

    took: Mapping[str, tuple[str, str]]
    left: frozenset[str]
    open: bool


@dataclass(frozen=True, slots=True)
class Seen:
    """The box as far as a visitor may see it: ``None`` where it does not answer now."""

    roll: Roll | None


def beside(row: Selection, folder: Path) -> None:
    """Say that the box in ``folder`` belongs to a selection."""
    Place(folder).question()
    home = settings.INSTALLATION.folder
    if home is None:
        raise Refused("B.8", "网站没有安装目录，不能在旁边放推荐箱")
    where = home / BOXES
    where.mkdir(exist_ok=True, mode=0o700)
    (where / row.slug).write_text(str(folder.resolve()), encoding="utf-8")


def place(row: Selection) -> Place | None:
    """Where the box of a selection lies; ``None`` without one, and once it was closed and destroyed."""
    home = settings.INSTALLATION.folder
    said = home / BOXES / row.slug if home is not None else None
    if said is None or not said.is_file():
        return None
    folder = Path(said.read_text(encoding="utf-8").strip())
    return Place(folder) if (folder / QUESTION).is_file() else None


def seen(room: Room) -> Seen | None:
    """The box of a selection now; ``None`` where there is none, or the page is of the past. The caller asks ``room.knows``."""
    where = place(room.row) if room.at is None else None
    if where is None:
        return None
    key = str(where.folder)
    with _asking:
        asked, found = _asked.get(key, (-FRESH, None))
        if time.monotonic() - asked >= FRESH:
            found = _roll(where)
            _asked[key] = time.monotonic(), found
    return Seen(found)


def took(room: Room) -> Mapping[str, tuple[str, str]]:
    """Who has taken part by the box, with channel and day; nobody where it does not answer."""
    found = seen(room)
    return found.roll.took if found is not None and found.roll is not None else {}


def _roll(where: Place) -> Roll | None:
    try:
        said = served(where, "/b/roll", {}, PATIENCE)
    except (OSError, Refused, ValueError):
        return None
    took, left = {}, set()
    for member, _branch, state, channel, day, *_by in said["roll"]:
        if channel:
            took[member] = channel, day
        elif state == "good":
            left.add(member)
    return Roll(took, frozenset(left - took.keys()), bool(said["open"]))


def forget() -> None:
    """Ask anew the next time."""
    with _asking:
        _asked.clear()
