"""A county folder as plain tables: ``{"plan": dict, "files": {path: table}}``, the table None when it cannot be read.

A table is ``{"headings": [text], "rows": [(number, {heading: cell})], "total": (number, {heading: cell}) or None}``.
A cell is text, a number, a date, None when empty, or ``NO_VALUE`` for a formula that nobody calculated.
"""

from __future__ import annotations

import tomllib
from datetime import date, datetime
from pathlib import Path
from typing import Any

import python_calamine

from fourgates.simulate.county import County
from fourgates.simulate.sheet import Formula, Sheet

NO_VALUE = object()
Table = dict[str, Any]
Folder = dict[str, Any]


def squeezed(value: Any) -> Any:
    """Text without any white space; anything else as it is."""
    return "".join(value.split()) if isinstance(value, str) else value


def from_disk(folder: Path) -> Folder:
    files: dict[str, Table | None] = {}
    for path in sorted(folder.rglob("*.xlsx")):
        files[path.relative_to(folder).as_posix()] = _workbook(path)
    return {"plan": tomllib.loads((folder / "plan.toml").read_text(encoding="utf-8")), "files": files}


def _workbook(path: Path) -> Table | None:
    try:
        book = python_calamine.CalamineWorkbook.from_path(path)
        shown = [
            i
            for i, m in enumerate(book.sheets_metadata)
            if m.visible == python_calamine.SheetVisibleEnum.Visible
        ]
        lines = book.get_sheet_by_index(shown[0]).to_python(skip_empty_area=False)
    except (python_calamine.CalamineError, IndexError, OSError):
        return None
    return _table([[_plain(cell) for cell in line] for line in lines])


def _plain(cell: Any) -> Any:
    if isinstance(cell, datetime):
        return cell.date()
    return None if cell == "" else cell


def _table(lines: list[list[Any]]) -> Table:
    headings = [squeezed(cell) or "" for cell in lines[2]] if len(lines) > 2 else []
    rows, total = [], None
    for number, line in enumerate(lines[3:], 4):
        if all(cell is None or squeezed(cell) == "" for cell in line):
            continue
        row = {heading: cell for heading, cell in zip(headings, line, strict=False) if heading}
        if squeezed(line[0]) == "合计":
            total = (number, row)
            break
        rows.append((number, row))
    return {"headings": [heading for heading in headings if heading], "rows": rows, "total": total}


def from_county(county: County) -> Folder:
    files: dict[str, Table | None] = {path: _sheet(sheet) for path, sheet in county.sheets.items()}
    files |= dict.fromkeys(county.files)
    return {"plan": tomllib.loads(county.toml()), "files": files}


def _sheet(sheet: Sheet) -> Table:
    headings = [squeezed(heading) for heading in sheet.headings]
    names = dict(zip(sheet.columns, headings, strict=True))
    rows = []
    for number, row in sheet.filled():
        rows.append((number, {names[c]: _meant(row.meant.get(c)) for c in sheet.columns}))
    total = {names[c]: _meant(cell) for c, cell in sheet.sum_cells().items() if c in names}
    return {"headings": headings, "rows": rows, "total": (sheet.sum_row, total)}


def _meant(cell: Any) -> Any:
    if isinstance(cell, Formula):
        return NO_VALUE if cell.value is None else cell.value
    if isinstance(cell, date):
        return cell
    return None if cell == "" else cell
