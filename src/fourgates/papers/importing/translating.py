"""A strange roster in our own form's words (转换): headings renamed, values put as the form spells them, nothing guessed.

What cannot be put so stays as it stands, and the form's own strict readers then say what is wrong with it. A cell that is
empty, or whose column is not there, is filled only from what is certain: what the roster in force says of the same number,
the birth date and sex inside a sound number, or what somebody told to be assumed. Each such filling is noted.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import msgspec

from fourgates import days, identity
from fourgates.days import Month
from fourgates.errors import Refused
from fourgates.papers.cells import FIRST_YEAR, LAST_YEAR, squeeze
from fourgates.papers.desk import NUMBER
from fourgates.papers.forms import Form
from fourgates.papers.importing import words
from fourgates.papers.importing.header import NAME, Header
from fourgates.papers.workbook import Cell, Sheet

DATES = ("出生日期", "入党日期", "转正日期")
OPTIONAL = ("学历", "转正日期")
"""Columns of the form whose cells may be empty."""
BIRTH, SEX = "出生日期", "性别"
GIVEN, KEPT, INSIDE, TOLD = "given", "kept", "number", "assumed"
"""Where a cell that the file does not say was filled from: what the whole file was said to be of, the roster in force, the
citizen number, what somebody told to be assumed."""
_NUMBER = re.compile(r"[0-9][0-9*]{12,}[0-9*X]|[0-9.]+E\+?[0-9]+", re.ASCII)
_TWO = re.compile(r"(\S)\s+(\S)")
_SLASHED = re.compile(
    r"(\d{4})[/.年-](\d{1,2})(?:[/.月-](\d{1,2})日?)?月?(?:0{1,2}:00(?::00)?(?:\.0+)?)?", re.ASCII
)
_PLAIN = re.compile(r"(\d{4})(\d{2})(\d{2})", re.ASCII)

Known = Mapping[str, Mapping[str, Any]]
"""What is on record: number → our headings → values as the form reads them."""


@dataclass(slots=True)
class Translated:
    """``sheet`` in our own form's headings, each in the column it came from.

    ``absent``: headings the file does not have, put behind; ``lacking``: those of them without which a row cannot be used;
    ``filled``: (row as Excel numbers it, heading) → where its value was taken from.
    """

    sheet: Sheet
    header: Header
    absent: tuple[str, ...]
    lacking: tuple[str, ...]
    filled: dict[tuple[int, str], str] = field(default_factory=dict)

    def written(self, heading: str) -> str:
        """What the file itself calls a column of ours."""
        label = self.header.columns().get(heading)
        return label.written if label else heading


def translate(
    sheet: Sheet,
    header: Header,
    form: Form,
    known: Known,
    given: Mapping[str, str],
    told: Mapping[str, str],
) -> Translated:
    """``sheet`` as ``form`` would say it. ``given``: our headings → what holds for the whole file where it does not say
    itself; ``told``: what to assume where nothing else is known."""
    taken = header.columns()
    absent = tuple(
        column.heading for column in form.columns if column.heading not in taken and column.heading != "序号"
    )
    width = len(sheet.rows[0]) if sheet.rows else 0
    places = {heading: label.column for heading, label in taken.items()}
    places |= {heading: width + at for at, heading in enumerate(absent)}
    headings: list[Cell] = [None] * (width + len(absent))
    for heading, place in places.items():
        headings[place] = heading
    rows: list[list[Cell]] = [[None] * len(headings) for _ in range(header.below - 1)]
    rows.append(headings)
    needed = {column.heading for column in form.columns if column.needed}
    lacking = tuple(heading for heading in absent if heading in needed and heading not in OPTIONAL)
    found = Translated(sheet, header, absent, lacking)
    for index in range(header.below, len(sheet.rows)):
        cells = [*sheet.rows[index], *[None] * len(absent)]
        for heading, label in taken.items():
            cells[label.column] = _spelled(heading, cells[label.column])
        number = cells[places[NUMBER]]
        # A total or a footer has no number: nothing may be filled in there.
        if isinstance(number, float) or (isinstance(number, str) and _NUMBER.fullmatch(number)):
            number = str(number)
            inside = _inside(number)
            sources = ((GIVEN, given), (KEPT, known.get(number, {})), (INSIDE, inside), (TOLD, told))
            filled = _fill(cells, places, inside, sources)
            found.filled |= {(index + 1, heading): source for heading, source in filled.items()}
        rows.append(cells)
    found.sheet = msgspec.structs.replace(sheet, rows=rows)
    return found


def _spelled(heading: str, cell: Cell) -> Cell:
    """One cell as our form spells it, or as it stands."""
    if heading in DATES:
        return _date(cell)
    if isinstance(cell, int):
        return words.value(heading, str(cell)) or cell
    if not isinstance(cell, str):
        return cell
    if heading == NUMBER:
        return identity.normalise(cell)
    if heading == NAME:
        # Two characters are set apart in typeset lists; three never are.
        two = _TWO.fullmatch(cell.strip())
        return two[1] + two[2] if two else cell
    return words.value(heading, cell) or cell


def _date(cell: Cell) -> Cell:
    """A date in any of the usual spellings as a date, a month as ``1998-07``; anything else, and any slip, as it stands."""
    if isinstance(cell, datetime):
        return cell.date()
    text = squeeze(cell) if isinstance(cell, str) else str(cell) if type(cell) is int else ""
    found = _SLASHED.fullmatch(text) or _PLAIN.fullmatch(text)
    try:
        if found:
            year, month, day = (int(part) if part else 0 for part in found.groups())
            if FIRST_YEAR <= year <= LAST_YEAR:
                return date(year, month, day) if day else str(Month(date(year, month, 1).year, month))
        elif text and len(text) == 6:
            return str(days.read(text))
    except ValueError:
        pass
    return cell


def _fill(
    cells: list[Cell],
    places: Mapping[str, int],
    inside: Mapping[str, Any],
    sources: Sequence[tuple[str, Mapping[str, Any]]],
) -> dict[str, str]:
    """Fill what is empty; gives heading → where from."""
    filled: dict[str, str] = {}
    for heading, place in places.items():
        cell = cells[place]
        if heading in {NUMBER, "序号"} or (cell is not None and cell != ""):
            # Of a birth date written to the month the number knows the day, where the months agree.
            born = inside.get(BIRTH)
            if heading == BIRTH and isinstance(born, date) and cell == f"{born:%Y-%m}":
                cells[place], filled[heading] = born, INSIDE
            continue
        for source, values in sources:
            value = values.get(heading)
            if value is not None and value != "":
                cells[place] = str(value) if isinstance(value, Month) else value
                filled[heading] = source
                break
    return filled


def _inside(number: str) -> dict[str, Any]:
    """Birth date and sex, where the number is sound."""
    try:
        identity.check(number)
    except Refused:
        return {}
    return {BIRTH: identity.birth(number), SEX: "女" if identity.female(number) else "男"}
