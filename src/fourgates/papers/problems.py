"""Every fault found in what came in (问题清单): where, what was read, what is wrong, how to mend it."""

from __future__ import annotations

import msgspec

from fourgates.papers.workbook import Cell, written

LONGEST = 120  # characters of a cell that are repeated back: enough to find it, never a whole essay


class Place(msgspec.Struct, frozen=True):
    """A place in the county folder: file as the path inside it, sheet, row as Excel numbers it, heading."""

    file: str
    sheet: str = ""
    row: int | None = None
    column: str = ""


class Problem(msgspec.Struct, frozen=True):
    """One fault (or, on the second sheet, one oddity): the place, what was read, what is wrong, how to mend it."""

    place: Place
    read: str
    wrong: str
    mend: str


def problem(place: Place, read: Cell, wrong: str, mend: str) -> Problem:
    """A problem whose cell is written as a clerk would point at it."""
    text = written(read)
    if len(text) > LONGEST:
        text = text[:LONGEST] + "…"
    return Problem(place, text, wrong, mend)
