"""Writing tables as workbooks (写工作簿): typed cells, inert text, ready to print on A4.

The layout is the one the readers expect: a merged title, a line with unit and date, the headings, the rows, a 合计
row, a footer line. Text stays text: nothing written here is ever worked out or followed, whatever it begins with.
The same content gives the same bytes.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from io import BytesIO
from pathlib import Path
from typing import Any, Final

import msgspec
import xlsxwriter

Value = str | int | float | bool | date | None
"""What may be written. A whole number of 10¹⁵ or more is written as text: a spreadsheet would lose its last digits."""

LONGEST: Final = 32_767
"""Characters in one cell, which is Excel's own limit."""
_FIRST_DAY: Final = date(1900, 3, 1)  # Excel counts a 29 February 1900 that never was; earlier days are text.
_EXACT: Final = 10**15
_CREATED: Final = datetime(2000, 1, 1)  # noqa: DTZ001 - workbooks know no zones; fixed, so that bytes repeat
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ufffe\uffff\ud800-\udfff]")
_RISKY = ("=", "+", "-", "@", "\t", "\r", "\n")
_NARROWEST, _WIDEST = 6.0, 42.0
_SAMPLE = 300


class Column(msgspec.Struct, frozen=True):
    """A column: its heading 栏目, and its width in characters (0: as wide as its content needs)."""

    heading: str
    width: float = 0


class Table(msgspec.Struct, frozen=True):
    """One sheet (表): what stands above, in and below the rows.

    ``unit`` stands left and ``day`` right in row 2, headings in row 3, rows from row 4. ``total`` is the 合计 row and
    ``footer`` the line below (填表人 / 审核人 / 联系电话); either may be left out.
    """

    name: str
    title: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Value]]
    unit: str = ""
    day: str = ""
    total: Sequence[Value] | None = None
    footer: str = ""
    landscape: bool = False


def write(path: Path, tables: Sequence[Table], *, stamp: Mapping[str, str] | None = None) -> None:
    """Write a workbook of these sheets to ``path``, whole or not at all.

    ``stamp`` (such as the form's version and the unit it was made for) goes into the workbook's custom properties,
    where it is not printed and survives being filled in and saved.
    """
    content = render(tables, stamp=stamp)
    unfinished = path.with_name(f".{path.name}.part")
    try:
        unfinished.write_bytes(content)
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)


def render(tables: Sequence[Table], *, stamp: Mapping[str, str] | None = None) -> bytes:
    """The bytes of a workbook of these sheets."""
    out = BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "default_date_format": "yyyy-mm-dd",
    }
    with xlsxwriter.Workbook(out, options) as workbook:
        workbook.set_properties({"created": _CREATED})
        for name, value in (stamp or {}).items():
            workbook.set_custom_property(name, value, "text")
        styles = _Styles(workbook)
        for table in tables:
            _sheet(workbook.add_worksheet(table.name), table, styles)
    return out.getvalue()


def inert(text: str) -> str:
    """``text`` as a cell can hold it: no control characters but tab and new line, cut where Excel would refuse it."""
    text = _CONTROL.sub("\ufffd", text.replace("\r\n", "\n").replace("\r", "\n"))
    if len(text) > LONGEST:
        note = f"……（共{len(text)}字，已截短）"
        text = text[: LONGEST - len(note)] + note
    return text


class _Styles:
    """The formats of a workbook, each made once."""

    def __init__(self, workbook: Any) -> None:
        face = {"font_name": "宋体", "valign": "vcenter"}
        boxed = face | {"border": 1, "text_wrap": True, "font_size": 10}
        self.title = workbook.add_format(
            {"font_name": "黑体", "font_size": 16, "align": "center", "valign": "vcenter"}
        )
        self.left = workbook.add_format(face | {"font_size": 10})
        self.right = workbook.add_format(face | {"font_size": 10, "align": "right"})
        self.heading = workbook.add_format(
            boxed | {"font_name": "黑体", "align": "center", "bg_color": "#F2F2F2"}
        )
        self.text = workbook.add_format(boxed | {"num_format": "@"})
        # The quote prefix keeps text such as =1+1 text even after somebody has edited the cell.
        self.risky = workbook.add_format(boxed | {"num_format": "@", "quote_prefix": True})
        self.number = workbook.add_format(boxed | {"align": "center"})
        self.day = workbook.add_format(boxed | {"align": "center", "num_format": "yyyy-mm-dd"})
        self.moment = workbook.add_format(boxed | {"align": "center", "num_format": "yyyy-mm-dd hh:mm:ss"})


def _sheet(sheet: Any, table: Table, styles: _Styles) -> None:
    last = len(table.columns) - 1
    if last > 0:
        sheet.merge_range(0, 0, 0, last, "", styles.title)
    sheet.set_row(0, 30)
    _text(sheet, 0, 0, table.title, styles.title)
    _text(sheet, 1, 0, table.unit, styles.left)
    if last > 0:
        _text(sheet, 1, last, table.day, styles.right)
    for column, heading in enumerate(table.columns):
        _text(sheet, 2, column, heading.heading, styles.heading)
    row = 3
    for values in [*table.rows, *([] if table.total is None else [table.total])]:
        if len(values) != len(table.columns):
            raise ValueError(f"{table.name}: a row of {len(values)} under {len(table.columns)} headings")
        for column, value in enumerate(values):
            _cell(sheet, row, column, value, styles)
        row += 1
    _text(sheet, row, 0, table.footer, styles.left)
    for column, heading in enumerate(table.columns):
        sheet.set_column(column, column, heading.width or _width(table, column))
    _print_on_a4(sheet, table)


def _print_on_a4(sheet: Any, table: Table) -> None:
    sheet.freeze_panes(3, 0)
    sheet.set_paper(9)
    if table.landscape:
        sheet.set_landscape()
    else:
        sheet.set_portrait()
    sheet.repeat_rows(0, 2)
    sheet.fit_to_pages(1, 0)
    sheet.center_horizontally()
    sheet.set_margins(left=0.6, right=0.6, top=0.7, bottom=0.8)
    sheet.set_footer("&C第 &P 页，共 &N 页")


def _cell(sheet: Any, row: int, column: int, value: Value, styles: _Styles) -> None:
    match value:
        case None | "":
            sheet.write_blank(row, column, None, styles.text)
        case bool():
            sheet.write_boolean(row, column, value, styles.number)
        case int() | float() if abs(value) < _EXACT:
            sheet.write_number(row, column, value, styles.number)
        case datetime():
            # Workbooks know no zones: the time is written as it is said.
            sheet.write_datetime(row, column, value.replace(tzinfo=None), styles.moment)
        case date() if value >= _FIRST_DAY:
            sheet.write_datetime(row, column, value, styles.day)
        case _:
            text = str(value)
            _text(sheet, row, column, text, styles.risky if text.startswith(_RISKY) else styles.text)


def _text(sheet: Any, row: int, column: int, text: str, style: Any) -> None:
    if text:
        sheet.write_string(row, column, inert(text), style)


def _width(table: Table, column: int) -> float:
    """Wide enough for the longest word of the first rows, in characters; Chinese ones count two."""
    said = [table.columns[column].heading, *(str(row[column] or "") for row in table.rows[:_SAMPLE])]
    longest = max(
        sum(2 if unicodedata.east_asian_width(char) in "FW" else 1 for char in text) for text in said
    )
    return min(_WIDEST, max(_NARROWEST, longest + 2))
