"""Tables that are drawn (图): participation day by day against the window, and how far each unit is; the browser draws them.

A picture is a table whose headings say how their columns are drawn, so that it can show no number which is not in it;
``static/pictures.js`` reads the table as it stands on the page. Without scripts there is the table.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from fourgates import judging, participation
from fourgates.days import Window
from fourgates.i18n import _
from fourgates.judging.memo import again
from fourgates.participation import Rate
from fourgates.units import Unit
from fourgates.web.access import Room
from fourgates.web.listing import Cell, Head, Listing, Row, cell


@dataclass(frozen=True, slots=True)
class Reached:
    """How far a unit has come: its name, its page's address, its figure's address, who took part of how many, by which
    channels."""

    name: str
    where: str
    figure: str
    took: Rate
    channels: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Day:
    """A day of the window: how many had taken part by its end, by channel (``None``: still to come); how many an even pace asks
    for; and how many there will be at the pace so far (``None``: that is known)."""

    day: date
    took: Mapping[str, int] | None
    even: int
    pace: int | None

    @property
    def part(self) -> int | None:
        """How many had taken part, however they did."""
        return None if self.took is None else sum(self.took.values())


def days(room: Room, units: Iterable[Unit], of: str = "") -> list[Day]:
    """The days of the window with what these branches' members had done by each; none before the window opens.

    Who took part before the window or on no written day is counted from its first day on. ``of``: the unit they are of.
    """
    window, names = _window(room), [unit.name for unit in units]
    whole = sum(len(judging.due(room.facts).get(name, ())) for name in names)
    if room.today < window.first or not whole:
        return []
    today = min(room.today, window.last)
    by_day = judging.by_day(room.facts)
    every = tuple(by_day[name] for name in names if name in by_day)
    fresh: dict[int, Counter[str]] = {}
    for day, counts in again(room.facts, ("days", of), participation.together_by_day, every).items():
        place = (min(max(day, window.first), today) - window.first).days if day else 0
        fresh.setdefault(place, Counter()).update(counts)
    passed, length = (today - window.first).days + 1, _length(window)
    found, so_far = [], Counter[str]()
    for place in range(length):
        so_far.update(fresh.get(place, {}))
        coming = passed <= place + 1 and passed < length
        found.append(
            Day(
                window.first + timedelta(place),
                Counter(so_far) if place < passed else None,
                whole * (place + 1) // length,
                min(whole, so_far.total() * (place + 1) // passed) if coming else None,
            )
        )
    return found


def course(room: Room, units: Iterable[Unit], of: str = "", *, channels: bool = True) -> Listing | None:
    """The days of the window (``days``) to be drawn, by channel where that is asked for; ``None`` before it opens. The sum so
    far opens, ``of`` the unit with this address."""
    found = days(room, units, of)
    if not found:
        return None
    words = room.facts.rulebook().participation.channels if channels else ()
    going = any(one.pace is not None for one in found)
    heads = [
        Head(_("日期")),
        *(Head(_(word), "number", drawn=f"area c{place}") for place, word in enumerate(words)),
        Head(_("已参与"), "number", drawn="" if channels else "area c0"),
        Head(_("均匀进度"), "number", drawn="line even"),
        *([Head(_("照现在的速度"), "number", drawn="line pace")] if going else []),
    ]
    last = max(place for place, one in enumerate(found) if one.took is not None)
    rows = []
    for place, one in enumerate(found):
        where = room.to("figure", "members", of=of) if place == last else ""
        cells = [
            Cell(place, f"{one.day.month}.{one.day.day}"),
            *(cell(None if one.took is None else one.took.get(word, 0), kind="number") for word in words),
            cell(one.part, where, kind="number"),
            cell(one.even, kind="number"),
            *([cell(one.pace, kind="number")] if going else []),
        ]
        rows.append(Row(cells))
    return Listing(_("逐日参与情况"), heads, rows)


def reach(room: Room, units: Sequence[Reached]) -> tuple[Listing, int] | None:
    """How far each unit has come, the furthest behind first, with how many will miss the window at their pace since it
    opened; once it is over, by which channels they came there."""
    window = _window(room)
    if room.today < window.first:
        return None
    going = room.today < window.last
    words = room.facts.rulebook().participation.channels
    heads = [
        Head(_("党（工）委")),
        Head(_("已参与"), "number", drawn="bar c0" if going else ""),
        Head(_("人数"), "number"),
    ]
    if going:
        heads += [Head(_("照现在的速度"), "number", drawn="bar pace"), Head(_("能否按时"))]
    else:
        heads += [Head(_(word), "number", drawn=f"bar c{place} together") for place, word in enumerate(words)]
    late, rows = 0, list[tuple[Fraction, Row]]()
    for one in (one for one in units if one.took.whole):
        part, whole = one.took.part, one.took.whole
        expected = paced(room, one.took)
        missing = expected is not None and expected.part < whole
        late += missing
        cells = [
            cell(one.name, one.where),
            Cell(part, str(one.took), one.figure, kind="number"),
            cell(f"{part}/{whole}", kind="number"),
        ]
        if expected is not None:
            cells += [cell(str(expected), kind="number"), cell(_("赶不上") if missing else _("能"))]
        else:
            cells += [cell(str(Rate(one.channels.get(word, 0), whole)), kind="number") for word in words]
        rows.append((Fraction(part, whole), Row(cells, "late" if missing else "")))
    drawn = [row for _far, row in sorted(rows, key=lambda each: each[0])]
    return Listing(_("各党（工）委参与率"), heads, drawn), late


def paced(room: Room, took: Rate) -> Rate | None:
    """How far it will have come by the end of the window at its pace since it opened; ``None`` outside the window."""
    window = _window(room)
    if not window.first <= room.today < window.last:
        return None
    passed = (room.today - window.first).days + 1
    return Rate(min(took.whole, took.part * _length(window) // passed), took.whole)


def _window(room: Room) -> Window:
    return room.facts.rulebook().windows.nomination


def _length(window: Window) -> int:
    return (window.last - window.first).days + 1
