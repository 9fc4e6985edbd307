"""What a reader of values does not tell (格子标记): formulas without a result, error cells, cells a merge covers.

The sheet's XML is searched, not parsed. Formulas, errors and unusual spellings each need a certain byte, which the
cells of a filled-in form hardly ever have; the few cells that have one are looked at by themselves, and a sheet that
is written in any unusual way is left to the careful reader (``Unusual``). The same look bounds how far the cells
reach: the fast reader sets out the whole rectangle, and one cell at XFD1048576 would ask for half a terabyte.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec

from fourgates.papers.precheck import Stopped
from fourgates.papers.workbook import Limits, Reason

# How every known program begins a cell (ECMA-376 part 1, 18.3.1.4), within 26 columns and 9,999 rows, and anywhere.
# Possessive (`++`): what was taken is never given back, which saves half the time.
_NEAR = re.compile(rb'<c(?! r="[A-Z][0-9]{1,4}+"|[a-zA-Z])')
_WIDE = re.compile(rb'<c(?! r="[A-Z]{1,3}+[0-9]{1,7}+"|[a-zA-Z])')
# A formula needs an `f`, an error a `#`, an attribute in single quotes a `'`, a comment or CDATA a `!`.
_TELLING = (b"f", b"#", b"'", b"!")
_FILLED = re.compile(rb'<c r="([A-Z]{1,3})(\d{1,7})"[^<>/]*>')
_STRIDE = 4 << 20
_CELL = re.compile(rb'<c((?:\s+[\w:]+="[^"<]*")*)\s*(/?)>')
_PLACE = re.compile(rb'\sr="([A-Z]{1,3})([1-9]\d{0,6})"')
_TYPE = re.compile(rb'\st="(\w+)"')
_FORMULA = re.compile(rb"<f[\s/>]")
_VALUE = re.compile(rb"<v(?:\s[^<>]*)?(?:/>|>([^<]*)</v>)")
_MERGED = re.compile(rb'<(?:\w+:)?mergeCell\s[^<>]*?ref="([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})"')


class Unusual(Exception):
    """The sheet is well-formed for all one knows, but not written as usual: read it carefully."""


class Marks(msgspec.Struct, frozen=True):
    """Places, row and column counted from 0, of cells with an error (with its text) and of formulas without a value."""

    errors: list[tuple[int, int, str]]
    no_values: list[tuple[int, int]]


def find(sheet: bytes, strings: bytes, limits: Limits) -> Marks:
    """The marks of a sheet part; raises ``Unusual``, or ``Stopped`` when cells lie beyond the limits."""
    start, end = sheet.find(b"<sheetData"), sheet.rfind(b"</sheetData")
    # The fast reader leaves out what stands as CDATA, in a sheet and in the shared texts.
    if start < 0 or b"<!" in strings:
        raise Unusual
    end = max(start, end)
    far = _NEAR.search(sheet, start, end)
    if far:
        if _WIDE.search(sheet, far.start(), end):
            raise Unusual
        check_extent(*_reach(sheet, far.start(), end), limits)
    errors: dict[tuple[int, int], str] = {}
    no_values: set[tuple[int, int]] = set()
    for byte in _TELLING:
        position = start
        while (at := sheet.find(byte, position, end)) >= 0:
            begins = sheet.rfind(b"<c ", max(start, at - 8 * limits.characters - 8192), at)
            cell = _CELL.match(sheet, max(0, begins), end)
            place = _PLACE.search(cell[1]) if cell else None
            position = sheet.find(b"</c>", at, at + 8 * limits.characters + 8192)
            if not cell or not place or cell[2] or position < 0:
                raise Unusual
            content = sheet[cell.end() : position]
            if b"<!" in content or b"</c>" in content:
                raise Unusual
            where = int(place[2]) - 1, column_number(place[1]) - 1
            match _mark(cell[1], content):
                case str(error):
                    errors[where] = error
                case None:
                    no_values.add(where)
    return Marks([(*where, text) for where, text in errors.items()], sorted(no_values))


def _mark(attributes: bytes, content: bytes) -> str | bool | None:
    """The text of an error, none for a formula without a value, and ``True`` when the value can be taken as it is."""
    typed = _TYPE.search(attributes)
    kind = typed[1] if typed else b"n"
    value = _VALUE.search(content)
    text = (value[1] or b"") if value else b""
    if kind == b"e" and text:
        return text.decode("utf-8", "replace")
    # A formula whose result is the empty text keeps an empty value of type str: that is a result.
    return None if not text and _FORMULA.search(content) and not (value and kind == b"str") else True


def _reach(sheet: bytes, start: int, end: int) -> tuple[int, int]:
    """The last row and the last column that hold something, from ``start`` on."""
    rows: set[bytes] = set()
    columns: set[bytes] = set()
    for position in range(start, end, _STRIDE):
        found = _FILLED.findall(sheet, position, min(end, position + _STRIDE + 256))
        columns.update({letters for letters, _ in found})
        rows.update({digits for _, digits in found})
    return max(map(int, rows), default=0), max(map(column_number, columns), default=0)


def check_extent(rows: int, columns: int, limits: Limits) -> None:
    """Raise ``Stopped`` when a table of so many rows and columns is larger than is read."""
    if rows > limits.rows:
        raise Stopped(Reason.TOO_MANY_ROWS, found=rows, limit=limits.rows)
    if columns > limits.columns:
        raise Stopped(Reason.TOO_MANY_COLUMNS, found=columns, limit=limits.columns)
    if rows * columns > limits.cells:
        raise Stopped(Reason.TOO_MANY_CELLS, found=rows * columns, limit=limits.cells)


def column_number(letters: bytes) -> int:
    """``A`` is 1, ``Z`` 26, ``AA`` 27, ``XFD`` 16,384."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def covered(sheet: bytes, rows: int, columns: int) -> Iterator[tuple[int, int, int, int]]:
    """The merged ranges inside a table of so many rows and columns: first row, first column, ends (not included).

    Excel lets no two of them overlap, so together they are no larger than the table; more than that is not given.
    """
    left = rows * columns
    for merge in _MERGED.finditer(sheet, max(0, sheet.rfind(b"sheetData>"))):
        top, first = int(merge[2]) - 1, column_number(merge[1]) - 1
        bottom, last = min(int(merge[4]), rows), min(column_number(merge[3]), columns)
        if 0 <= top < bottom and first < last:
            left -= (bottom - top) * (last - first)
            if left < 0:
                return
            yield top, first, bottom, last
