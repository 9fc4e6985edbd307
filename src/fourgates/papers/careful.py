"""The slow, safe reader (慢读): openpyxl row by row, for a sheet that the fast reader will not or did not survive.

It runs in the same limited process, over the same checked parts, and gives the same values.
"""

from __future__ import annotations

import re
import warnings
import zlib
from collections.abc import Iterator
from datetime import datetime, time
from io import BytesIO
from itertools import repeat
from typing import Any
from xml.sax.saxutils import quoteattr

import msgspec
from openpyxl import load_workbook

from fourgates.papers import marks
from fourgates.papers.frame import MAIN, frame
from fourgates.papers.precheck import Part, Parts, Stopped, elements
from fourgates.papers.workbook import Limits, Reason

_FORMULA = re.compile(rb"<(?:\w+:)?f[\s/>]")
_ROW = re.compile(rb"""<(?:\w+:)?row\s(?:[^<>]*?\s)?r\s*=\s*["'](\d{1,18})["']""")
_STYLED = ("numFmt", "cellXfs", "xf", "cellStyles", "dxfs")
_CHINESE_DAYS = {27, 28, 29, 30, 31, 36, 50, 51, 52, 53, 54, 57, 58}
"""Formats that Chinese Excel has built in and need not spell out (ECMA-376 part 1, 18.8.30, zh-cn); openpyxl has not."""
_LAST_ROW = 1 << 20
_EXACT = 10**15
_FIRST_YEAR = 1900


def read(
    rows: list[list[Any]],
    errors: list[tuple[int, int, str]],
    no_values: list[tuple[int, int]],
    parts: Parts,
    limits: Limits,
) -> None:
    """Fill ``rows`` and the marks; raises ``Stopped`` for a sheet beyond the limits or one that cannot be parsed."""
    width = 0
    try:
        _check_order(parts.sheet.content)
        workbook = frame(msgspec.structs.replace(parts, styles=_formats(parts.styles.content)))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            formulas = _rows(workbook, formulas=True) if _FORMULA.search(parts.sheet.content) else repeat(())
            for number, (row, beside) in enumerate(
                zip(_rows(workbook, formulas=False), formulas, strict=False)
            ):
                if not row:
                    continue
                cells, marked = _spelled(row, beside)
                reach = max([len(cells), *(column + 1 for column, _ in marked)])
                if reach:
                    width = max(width, reach)
                    marks.check_extent(number + 1, width, limits)
                    rows.extend([] for _ in range(number - len(rows)))
                    rows.append(cells)
                    errors.extend((number, column, text) for column, text in marked if text is not None)
                    no_values.extend((number, column) for column, text in marked if text is None)
    except (Stopped, MemoryError):
        raise
    except Exception:  # noqa: BLE001 - whatever a damaged workbook makes of the parser, it is damaged
        raise Stopped(Reason.DAMAGED) from None
    for cells in rows:
        cells.extend([None] * (width - len(cells)))


def _check_order(sheet: bytes) -> None:
    """Rows must ascend: openpyxl would leave out, without a word, one that stands behind its place."""
    last = 0
    for found in _ROW.finditer(sheet):
        number = int(found[1])
        if number <= last:
            raise Stopped(Reason.DAMAGED)
        last = number


def _formats(styles: bytes) -> Part:
    """Of the styles only what tells a day from a number: openpyxl refuses a whole workbook for an odd border."""
    codes: dict[int, str] = {}
    cells: list[str] = []
    inside = False
    for element, attributes in elements(styles or b"<none/>", *_STYLED):
        if element in {"cellStyles", "dxfs"}:
            break
        inside = inside or element == "cellXfs"
        number = int(attributes.get("numFmtId", "0"))
        if element == "numFmt":
            code = quoteattr(attributes.get("formatCode", ""))
            codes[number] = f'<numFmt numFmtId="{number}" formatCode={code}/>'
        elif element == "xf" and inside:
            cells.append(f'<xf numFmtId="{14 if number in _CHINESE_DAYS - codes.keys() else number}"/>')
    formats, kinds = "".join(codes.values()), "".join(cells) or '<xf numFmtId="0"/>'
    xml = f'<styleSheet xmlns="{MAIN}"><numFmts>{formats}</numFmts><cellXfs>{kinds}</cellXfs></styleSheet>'
    return Part(xml.encode(), zlib.crc32(xml.encode()))


def _rows(workbook: bytes, *, formulas: bool) -> Iterator[tuple[Any, ...]]:
    """The rows of the one sheet, gaps filled with empty rows; with formulas, or with the values they left."""
    sheet = load_workbook(BytesIO(workbook), read_only=True, data_only=not formulas).worksheets[0]
    sheet.reset_dimensions()  # What a sheet states of its own size may be a lie.
    for number, row in enumerate(sheet.iter_rows()):
        if number >= _LAST_ROW:
            raise Stopped(Reason.TOO_MANY_ROWS, found=number + 1, limit=_LAST_ROW)
        if any(cell.row != number + 1 for cell in row if cell.value is not None):
            raise Stopped(Reason.DAMAGED)  # The row says one place, its cell another.
        yield row


def _spelled(row: tuple[Any, ...], beside: tuple[Any, ...]) -> tuple[list[Any], list[tuple[int, str | None]]]:
    """The values of a row without empty ones at its end, and its marks: an error's text, none for no value."""
    marked: list[tuple[int, str | None]] = []
    cells: list[Any] = []
    for column, cell in enumerate(row):
        if cell.data_type == "e" and cell.value is not None:
            marked.append((column, str(cell.value)))
            cells.append(None)
        else:
            cells.append(_value(cell.value))
    for column, cell in enumerate(beside):
        # A formula whose result is the empty text keeps the type `str` without a value: that is a result.
        if cell.data_type == "f" and row[column].value is None and row[column].data_type != "str":
            marked.append((column, None))
    while cells and cells[-1] is None:
        cells.pop()
    return cells, marked


def _value(value: Any) -> Any:
    if type(value) is datetime and value.year < _FIRST_YEAR:
        return (
            value.date().isoformat()
        )  # No serial stands for so early a day: let it be read as what it is, a slip.
    if type(value) is datetime and value.time() == time():
        return value.date()
    if type(value) is int and abs(value) >= _EXACT:
        return float(value)
    return value
