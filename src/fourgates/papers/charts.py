"""The pictures of the report (图), drawn as SVG: stacked bars, bullet bars, the funnel, the days of every step.

Drawn with attributes only, so that a page that allows no styles but its own can show them; colours are named by class.
Every picture stands beside the numbers it shows and carries no figure of its own that is not also in a table.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from markupsafe import Markup, escape

from fourgates.days import Window
from fourgates.report.figures import Asked, Committee, Step

BAR = 10
"""Height of a bar in a table, in units of the picture."""


def _svg(width: int, height: int, inside: Sequence[Markup], kind: str) -> Markup:
    """A picture; bars may be stretched to the width there is, because only their lengths are compared."""
    stretched = Markup(' preserveAspectRatio="none"') if kind in ("stack", "bar") else ""
    return Markup(
        '<svg class="{}" viewBox="0 0 {} {}" width="{}" height="{}"{} aria-hidden="true">{}</svg>'
    ).format(kind, width, height, width, height, stretched, Markup("").join(inside))


@lru_cache(10_000)
def _rect(x: float, y: float, width: float, height: float, kind: str) -> Markup:
    return Markup('<rect x="{}" y="{}" width="{}" height="{}" class="{}"/>').format(
        _short(x), _short(y), _short(width), _short(height), kind
    )


def _line(x: float, top: float, bottom: float, kind: str) -> Markup:
    return Markup('<path d="M{} {}V{}" class="{}"/>').format(_short(x), _short(top), _short(bottom), kind)


@lru_cache(10_000)
def _text(x: float, y: float, text: object, kind: str = "", anchor: str = "start") -> Markup:
    return Markup('<text x="{}" y="{}" class="{}" text-anchor="{}">{}</text>').format(
        _short(x), _short(y), kind, anchor, escape(text)
    )


def _short(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


def stacked(parts: Sequence[int], whole: int, *, width: int = 150, height: int = BAR) -> Markup:
    """Parts of a whole side by side (series ``c0``, ``c1`` …); what is left is drawn as missing. Anything that is there
    is at least half a unit wide, so that one of fifteen thousand is still seen."""
    if whole <= 0:
        return _svg(width, height, [], "stack")
    numbers = [*parts, max(0, whole - sum(parts))]
    drawn, x = [], 0.0
    least = 1.5 if width > 300 else 1.0
    shown = [max(least, width * number / whole) if number else 0.0 for number in numbers]
    scale = width / (sum(shown) or 1)
    for place, wide in enumerate(shown):
        if wide:
            kind = "missing" if place == len(parts) else f"c{place}"
            drawn.append(_rect(x, 0, max(0.4, wide * scale - (0.6 if wide > 2 else 0)), height, kind))
            x += wide * scale
    return _svg(width, height, drawn, "stack")


def bar(part: int, most: int, *, kind: str = "c0", width: int = 360, height: int = BAR) -> Markup:
    """One bar of ``part`` on a scale that ends at ``most``."""
    wide = max(1.0, width * part / most) if part and most else 0.0
    return _svg(width, height, [_rect(0, 0, wide, height, kind)] if wide else [], "bar")


def bullet(asked: Asked, size: int, *, count: int | None, width: int = 260) -> Markup:
    """A requirement against a list of ``size``: pale to the whole list, dark for the count, a stroke at each bound."""
    unit = width / max(1, size)
    drawn = [_rect(0, 3, width, 12, "ground")]
    low, high = asked.at_least, asked.at_most
    if count is not None:
        good = (low is None or count >= low) and (high is None or count <= high)
        drawn.append(_rect(0, 6, unit * min(count, size), 6, "c0" if good else "missing"))
    drawn += [_line(unit * n, 3, 15, "tick") for n in range(1, size)]
    drawn += [
        _line(min(width - 1.0, max(1.0, unit * bound)), 0, 18, "bound")
        for bound in (low, high)
        if bound is not None
    ]
    return _svg(width, 18, drawn, "bullet")


_ROW, _TOP = 17, 36
_COLUMN, _BAR, _GAP = 100, 44, 10


@dataclass(frozen=True, slots=True)
class Column:
    """A column beside the days of the committees: its head, and for each committee what stands there with a bar of ``part``
    on a scale that ends at ``whole``; ``bad``: the committees where it is drawn as missing."""

    head: str
    told: Mapping[str, tuple[str, int, int]]
    bad: frozenset[str] = frozenset()


def calendar(
    committees: Sequence[Committee],
    windows: Mapping[str, Window],
    names: Mapping[str, str],
    *,
    width: int = 1000,
    beside: Sequence[Column] = (),
) -> Markup:
    """The days on which each committee took each step, over the windows as bands; what deviates is drawn as missing.
    ``beside``: how far each committee is, a column each, right of the ``width`` of the days."""
    days = [day for window in windows.values() for day in (window.first, window.last)]
    held = [day for one in committees for step in one.steps for day, _count in step.days]
    inside = [day for day in held if min(days) - timedelta(15) <= day <= max(days) + timedelta(15)]
    first, last = min([*days, *inside]), max([*days, *inside])
    left = 14 + 12 * max(len(names[one.unit.name]) for one in committees)
    unit = (width - left - 8) / ((last - first).days + 1)
    bottom, whole = _TOP + _ROW * len(committees), width + _COLUMN * len(beside)

    def at(day: date) -> float:
        within = min(max(day, first), last)
        return left + unit * (within - first).days

    drawn = [
        _rect(
            at(window.first),
            _TOP - 4,
            at(window.last) + unit - at(window.first),
            bottom - _TOP + 8,
            f"w {key}",
        )
        for key, window in windows.items()
    ]
    every = 1 if unit > 26 else 2 if unit > 14 else 7
    for number in range(0, (last - first).days + 1, every):
        day = first + timedelta(number)
        drawn.append(_text(at(day) + unit / 2, 20, f"{day.month}.{day.day}", "day", "middle"))
    for row, one in enumerate(committees):
        y = _TOP + _ROW * row
        drawn.append(_text(0, y + 13, names[one.unit.name], "place bad" if one.deviations else "place"))
        drawn.append(Markup('<path d="M{} {}H{}" class="rule"/>').format(left, y + _ROW, whole))
        drawn += [part for step in one.steps for part in _held(step, at, unit, y)]
    for place, column in enumerate(beside):
        drawn += _beside(column, committees, width + _COLUMN * place + _GAP)
    return _svg(whole, bottom + 8, drawn, "calendar")


def _beside(column: Column, committees: Sequence[Committee], x: int) -> list[Markup]:
    """A column with its head: a bar and what it says, in each committee's row."""
    drawn = [_text(x, 20, column.head, "day")]
    for row, one in enumerate(committees):
        said, part, whole = column.told[one.unit.name]
        y, bad = _TOP + _ROW * row, one.unit.name in column.bad
        wide = max(1.0, _BAR * part / whole) if part and whole else 0.0
        drawn.append(_rect(x, y + 5, _BAR, 8, "ground"))
        drawn += [_rect(x, y + 5, wide, 8, "missing" if bad else "c0")] if wide else []
        drawn.append(_text(x + _BAR + 4, y + 13, said, "place bad" if bad else "place"))
    return drawn


def _held(step: Step, at: Callable[[date], float], unit: float, y: int) -> list[Markup]:
    """A step in its committee's row: a block for each day, as high as the day's share of the busiest day."""
    kind = "missing" if step.deviates else f"s {step.key}"
    most = max((count for _day, count in step.days), default=1)
    # Mobilisation and warning education share their days: each has half of the block.
    shared = {"mobilisation": (0.0, 0.5), "warning_education": (0.5, 0.5)}
    start, part = shared.get(step.key, (0.0, 1.0))
    drawn = []
    for day, count in step.days:
        height = max(3.0, 12 * count / most) if len(step.days) > 1 else 9.0
        drawn.append(
            _rect(at(day) + 1 + unit * start, y + 15 - height, max(2.0, unit * part - 2), height, kind)
        )
    return drawn
