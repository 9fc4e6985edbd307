"""How clerks type (填表习惯): the same value written many ways, as real files have it. No value changes its meaning.

Columns in another order, an extra 备注, an empty row, names padded to three characters, dates in four spellings,
counts as text, a full-width digit, a small x, whichever middle dot the keyboard had.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from random import Random

from fourgates.simulate.sheet import Cell, Row, Sheet, SumKind

DOTS = "·•∙・･‧"
NUMBER = "公民身份号码"
NAMES = ("姓名", "被推荐人")
_FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")
_SPACED = ("序号", "姓名", "性别", "民族", "学历", "日期", "类别", "农民", "工人")
_PADS: tuple[str, ...] = ("", "\u3000", "  ", "\u00a0")
DateStyle = Callable[[date], Cell]
_DATES: tuple[DateStyle, ...] = (
    lambda day: day,
    lambda day: day.isoformat(),
    lambda day: f"{day.year}年{day.month}月{day.day}日",
    lambda day: f"{day.year}.{day.month}.{day.day}",
)
_MONTHS: tuple[DateStyle, ...] = (
    lambda day: f"{day.year}.{day.month:02d}",
    lambda day: f"{day.year}年{day.month}月",
    lambda day: f"{day.year}{day.month:02d}",
)


def dress(sheet: Sheet, rng: Random) -> None:
    """Give ``sheet`` one clerk's habits: sets the order of columns, headings, typed cells, empty rows, the sum's form."""
    _arrange_columns(sheet, rng)
    sheet.name = rng.choice(("Sheet1", "Sheet1", sheet.title[-5:]))
    sheet.label = rng.choice(("合计", "合\u3000计"))
    sheet.gap = rng.random() < 0.5
    sheet.footer = "填表人：李\u3000某        审核人：王\u3000某        联系电话：0000-3210000"
    sheet.sums = {heading: _sum_kind(kind, rng) for heading, kind in sheet.sums.items()}
    if len(sheet.rows) > 3 and rng.random() < 0.25:
        sheet.rows.insert(rng.randrange(1, len(sheet.rows)), None)
    pad = rng.choice(_PADS)
    styles = [rng.choice(_DATES)] if rng.random() < 0.6 else list(_DATES)
    as_text = rng.random() < 0.15
    for _, row in sheet.filled():
        for heading, value in row.meant.items():
            typed = _typed(heading, value, pad, styles, as_text, rng)
            if typed is not value:
                row.typed[heading] = typed


def _arrange_columns(sheet: Sheet, rng: Random) -> None:
    rest = sheet.columns[1:]
    if rng.random() < 0.4:
        count = rng.randint(2, len(rest))
        places = sorted(rng.sample(range(len(rest)), count))
        for place, heading in zip(places, rng.sample([rest[i] for i in places], count), strict=True):
            rest[place] = heading
    if rng.random() < 0.3:
        rest.insert(rng.randrange(len(rest)), "备注")
    sheet.columns = [sheet.columns[0], *rest]
    spaced = rng.random() < 0.3
    sheet.headings = [
        f"{heading[0]}\u3000{heading[1]}" if spaced and heading in _SPACED else heading
        for heading in sheet.columns
    ]


def _sum_kind(kind: SumKind, rng: Random) -> SumKind:
    return kind if kind == "sum" or rng.random() < 0.5 else "rows"


def _typed(heading: str, value: Cell, pad: str, styles: list[DateStyle], as_text: bool, rng: Random) -> Cell:
    """How the clerk types ``value``; the very same object when there is nothing particular about it."""
    if isinstance(value, date):
        return (styles[0] if len(styles) == 1 else rng.choice(styles))(value)
    if isinstance(value, int):
        return str(value) if as_text and heading != "序号" else value
    if not isinstance(value, str) or not value:
        return value
    if heading == NUMBER:
        return _number_typed(value, rng)
    if heading in NAMES:
        return _name_typed(value, pad, rng)
    return value + " " if rng.random() < 0.003 else value


def _number_typed(value: str, rng: Random) -> str:
    luck = rng.random()
    if luck < 0.002:
        return value.translate(_FULL_WIDTH)
    if luck < 0.004:
        return f" {value}"
    return value.lower() if value.endswith("X") and luck < 0.05 else value


def _name_typed(value: str, pad: str, rng: Random) -> str:
    if "·" in value:
        return value.replace("·", rng.choice(DOTS))
    return f"{value[0]}{pad}{value[1]}" if pad and len(value) == 2 else value


def month_only(row: Row, heading: str, rng: Random) -> None:
    """Write the date under ``heading`` to the month only, as old cards have it; the value is then the month."""
    text = rng.choice(_MONTHS)(row.day(heading))
    row.put(heading, text)
