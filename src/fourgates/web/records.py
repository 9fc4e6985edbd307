"""The records of the installation (纪实): one keeper a selection, shared by every thread of this process."""

from __future__ import annotations

import gc
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from fourgates.chronicle import Course
from fourgates.errors import Refused
from fourgates.keeper import Keeper
from fourgates.report.build import build
from fourgates.report.figures import Report
from fourgates.selection import Selection as State
from fourgates.store import open_store
from fourgates.vault import Keys
from fourgates.web.models import Selection

Time = tuple[int, int, datetime | None]
_open: dict[str, Keeper] = {}
_times: dict[str, Time] = {}
_opening = threading.Lock()
_built: dict[str, tuple[int, Report]] = {}
_courses: dict[str, Course] = {}
_following = threading.Lock()


def clock(ahead: int, pace: int = 1, began: datetime | None = None) -> Callable[[], str]:
    """The clock of a selection: the wall's, or a rehearsal's own."""
    return lambda: now(ahead, pace, began).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def now(ahead: int, pace: int = 1, began: datetime | None = None) -> datetime:
    """The moment it is for a selection ``ahead`` seconds ahead of the wall, of which ``pace`` seconds pass in one of the
    wall's from ``began`` on; at pace 0 it stands still."""
    wall = datetime.now(UTC)
    return (
        wall + timedelta(seconds=ahead) + ((wall - began) * (pace - 1) if began is not None else timedelta())
    )


def keeper(row: Selection) -> Keeper:
    """The keeper of a selection's record, opened once in this process."""
    with _opening:
        if row.store not in _open:
            store = row.store
            _open[store] = Keeper(open_store(store), lambda: clock(*_times[store])())
        _times[row.store] = row.time
        return _open[row.store]


def keys(row: Selection) -> Keys:
    """The keys under which names, texts and papers of a selection are sealed; ``Refused`` (V.1) for a store that has none."""
    found = keeper(row).store.keys
    if found is None:
        raise Refused("V.1", "密钥文件{file}读不了：{what}", file="keys", what=row.slug)
    return found


def course(row: Selection) -> Course:
    """What every entry of a selection's record is about, as far as it has come; read once and followed from there."""
    with _following:
        found = _courses.setdefault(row.store, Course())
        for entry in keeper(row).entries(len(found.about)):
            found.follow(entry)
        return found


def close(row: Selection) -> None:
    """Give back what a selection's record holds open."""
    with _opening:
        found = _open.pop(row.store, None)
        for kept in (_built, _courses):
            kept.pop(row.store, None)
    if found is not None:
        found.store.close()


def report(row: Selection, state: State) -> Report:
    """Every figure of where a selection stands; built once for the newest state and kept while it is the newest."""
    kept = _built.get(row.store)
    if kept is not None and kept[0] == state.n:
        return kept[1]
    fresh = build(state)
    if kept is None:
        gc.freeze()  # where it stands stays until the end: looking through it for rubbish would hold up whoever waits
    if kept is None or kept[0] < state.n:
        _built[row.store] = state.n, fresh
    return fresh


def close_all() -> None:
    """Give back what every record holds open."""
    with _opening:
        kept = list(_open.values())
        _open.clear()
    for one in kept:
        one.store.close()
