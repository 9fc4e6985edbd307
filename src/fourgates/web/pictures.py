"""Tables that are drawn (图): participation day by day against the window, and how far each unit is; the browser draws them.

A picture is a table whose headings say how their columns are drawn, so that it can show no number which is not in it;
``static/pictures.js`` reads the table as it stands on the page. Without scripts there is the table.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from fractions import Fraction

from fourgates import judging, participation
from fourgates.days import Window
from fourgates.i18n import _
from fourgates.judging.memo import again
from fourgates.participation import Rate
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


def course(room: Room, branches: Iterable[str], of: str = "", *, channels: bool = True) -> Listing | None:
    """How many of these branches' members had taken part at the end of each day of the window, by channel where that is
    asked for; how many an even pace asks for, and where the pace so far leads. ``None`` before the window opens.

    Who took part before the window or on no written day is counted from its first day on. The sum so far opens, ``of`` the
    unit with this address.
    """
    window, names = _window(room), list(branches)
    whole = sum(len(judging.due(room.facts).get(name, ())) for name in names)
    if room.today < window.first or not whole:
        return None
    words = room.facts.rulebook().participation.channels
    today = min(room.today, window.last)
    by_day = judging.by_day(room.facts)
    every = tuple(by_day[name] for name in names if name in by_day)
    took: dict[int, Counter[str]] = {}
    for day, counts in again(room.facts, ("days", of), participation.together_by_day, every).items():
        place = (min(max(day, window.first), today) - window.first).days if day else 0
        took.setdefault(place, Counter()).update(counts)
    heads = [
        Head(_("日期")),
        *(Head(_(word), "number", drawn=f"area c{place}") for place, word in enumerate(words) if channels),
        Head(_("已参与"), "number", drawn="" if channels else "area c0"),
        Head(_("均匀进度"), "number", drawn="line even"),
    ]
    passed, length = (today - window.first).days + 1, _length(window)
    going = passed < length
    if going:
        heads.append(Head(_("照现在的速度"), "number", drawn="line pace"))
    rows, so_far = [], Counter[str]()
    for place in range(length):
        so_far.update(took.get(place, {}))
        known, part = place < passed, so_far.total()
        shown = [*(so_far[word] for word in words if channels), part]
        cells = [cell(number if known else None, kind="number") for number in shown]
        if place + 1 == passed:
            cells[-1] = cell(part, room.to("figure", "members", of=of))
        cells.append(cell(whole * (place + 1) // length, kind="number"))
        if going:
            cells.append(
                cell(None if place + 1 < passed else min(whole, part * (place + 1) // passed), kind="number")
            )
        day = window.first + timedelta(place)
        rows.append(Row([Cell(place, f"{day.month}.{day.day}"), *cells]))
    return Listing(_("逐日参与情况"), heads, rows)


def reach(room: Room, units: Sequence[Reached]) -> tuple[Listing, int] | None:
    """How far each unit has come, the furthest behind first, with how many will miss the window at their pace since it
    opened; once it is over, by which channels they came there."""
    window = _window(room)
    if room.today < window.first:
        return None
    length, passed = _length(window), (room.today - window.first).days + 1
    going = passed < length
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
        expected = Rate(min(whole, part * length // min(passed, length)), whole)
        missing = going and expected.part < whole
        late += missing
        cells = [
            cell(one.name, one.where),
            Cell(part, str(one.took), one.figure, kind="number"),
            cell(f"{part}/{whole}", kind="number"),
        ]
        if going:
            cells += [cell(str(expected), kind="number"), cell(_("赶不上") if missing else _("能"))]
        else:
            cells += [cell(str(Rate(one.channels.get(word, 0), whole)), kind="number") for word in words]
        rows.append((Fraction(part, whole), Row(cells, "late" if missing else "")))
    drawn = [row for _far, row in sorted(rows, key=lambda each: each[0])]
    return Listing(_("各党（工）委参与率"), heads, drawn), late


def _window(room: Room) -> Window:
    return room.facts.rulebook().windows.nomination


def _length(window: Window) -> int:
    return (window.last - window.first).days + 1
