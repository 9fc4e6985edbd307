"""Writing the invented county to disk, workbook by workbook (XlsxWriter); the same county gives the same bytes."""

from __future__ import annotations

import io
from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Protocol

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from fourgates.simulate.sheet import FIRST_ROW, Cell, Formula, Sheet

_MADE = datetime(2022, 3, 20, 9, 0, tzinfo=UTC)


class Progress(Protocol):
    """Told after each file how many are written and how many there will be."""

    def __call__(self, written: int, of: int, /) -> None:
        """``written`` of ``of`` files are on disk."""


def write(
    sheets: Mapping[str, Sheet],
    plan: str,
    files: Mapping[str, bytes],
    folder: Path,
    progress: Progress | None = None,
) -> None:
    """Write plan.toml, each sheet as a workbook, and ``files`` as they are, into ``folder``, which must be new or empty.

    ``files`` go last, so they replace a sheet of the same path. Raises ``FileExistsError`` when the folder has
    something in it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    if any(folder.iterdir()):
        raise FileExistsError(folder)
    (folder / "plan.toml").write_bytes(plan.encode())
    total = 1 + len(sheets.keys() | files.keys())
    for written, path in enumerate(sorted(sheets.keys() | files.keys()), 2):
        content = files[path] if path in files else workbook(sheets[path])
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)
        if progress:
            progress(written, total)


def workbook(sheet: Sheet) -> bytes:
    """The bytes of the workbook: merged title, unit and date, headings, rows, 合计, footer."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, "default_date_format": "yyyy-mm-dd"})
    book.set_properties({"created": _MADE})
    if sheet.junk:
        book.add_worksheet("旧表").hide()
    page = book.add_worksheet(sheet.name)
    page.activate()
    if sheet.junk:
        book.add_worksheet("说明").write_string(0, 0, "此页不用填")
    title = book.add_format({"bold": True, "align": "center", "font_size": 16})
    head = book.add_format({"bold": True, "border": 1, "align": "center", "text_wrap": True})
    dates = book.add_format({"num_format": "yyyy-mm-dd"})
    last = len(sheet.columns) - 1
    page.merge_range(0, 0, 0, last, sheet.title, title)
    page.write_string(1, 0, f"填报单位：{sheet.unit}")
    page.write_string(1, max(1, last - 1), sheet.month)
    for column, heading in enumerate(sheet.headings):
        page.write_string(2, column, heading, head)
        page.set_column(column, column, 21 if "号码" in heading or "党" in heading else 11)
    page.freeze_panes(3, 2)
    for number, row in sheet.filled():
        for column, heading in enumerate(sheet.columns):
            _put(page, number - 1, column, row.cell(heading), dates)
    _close(page, sheet, dates)
    book.close()
    return buffer.getvalue()


def _close(page: Worksheet, sheet: Sheet, dates: Format) -> None:
    line = FIRST_ROW - 1 + len(sheet.rows)
    page.write_string(line, 0, sheet.label)
    for heading, value in sheet.sum_cells().items():
        if heading in sheet.columns:
            _put(page, line, sheet.columns.index(heading), value, dates)
    page.write_string(line + 1 + sheet.gap, 0, sheet.footer)


def _put(page: Worksheet, row: int, column: int, value: Cell, dates: Format) -> None:
    if value is None or value == "":
        return
    if isinstance(value, str):
        page.write_string(row, column, value)
    elif isinstance(value, date):
        page.write_datetime(row, column, value, dates)
    elif isinstance(value, Formula):
        page.write_formula(row, column, value.text, None, "" if value.value is None else value.value)
    else:
        page.write_number(row, column, value)
