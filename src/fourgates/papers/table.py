"""A sheet as the rows of a form (表): headings found by name, every cell read by its column, totals compared.

The title, the unit line and the footer are left alone. A row is sound when every cell of it is; the others stand in the
problems with each cell that is wrong, and nothing of them is used.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from fourgates.i18n import _
from fourgates.papers.cells import Bad, squeeze
from fourgates.papers.forms import Column, Form
from fourgates.papers.problems import Place, Problem, problem
from fourgates.papers.workbook import Cell, Sheet

SEARCHED = 20  # rows from the top among which the headings must stand
_TOTAL = re.compile(r"(合计|总计|小计|共计)([:(\d].*)?")
_FOOTER = re.compile(r"(填表人|制表人|填报人|审核人|负责人|联系电话|联系人|填表日期|(备注|注|说明):)")
_ROWS = re.compile(r"共?(\d+)(人|名|条|个|行|户|次|份|项)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its number as Excel counts, the values by heading, and the cells as they stood."""

    number: int
    values: dict[str, Any]
    cells: dict[str, Cell]


@dataclass(slots=True)
class Table:
    """What a file gave: sound rows, faulty rows (number → what could be read), and every problem.

    ``usable`` is false when a heading is missing or doubled without which nothing can be judged.
    """

    file: str
    sheet: str
    rows: list[Row] = field(default_factory=list)
    faulty: list[Row] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    usable: bool = True

    def place(self, row: int | None = None, column: str = "") -> Place:
        """A place in this file."""
        return Place(self.file, self.sheet, row, column)

    def reject(self, row: Row, column: str, wrong: str, mend: str) -> None:
        """Put a problem at a cell; the caller moves the row."""
        self.problems.append(problem(self.place(row.number, column), row.cells.get(column), wrong, mend))

    def keep(self, judge: Callable[[Row], bool]) -> None:
        """Keep the rows ``judge`` finds sound; the others become faulty (``judge`` has put their problems)."""
        sound: list[Row] = []
        for row in self.rows:
            (sound if judge(row) else self.faulty).append(row)
        self.rows = sound


def read(file: str, sheet: Sheet, form: Form) -> Table:
    """The rows of ``sheet``, read as ``form``."""
    table = Table(file, sheet.name)
    found = _headings(sheet, form)
    if found is None:
        table.usable = False
        table.problems.append(
            problem(
                table.place(),
                None,
                _("没有找到表头：前{rows}行里没有“{headings}”").format(
                    rows=SEARCHED, headings="、".join(c.heading for c in form.columns if c.needed)
                ),
                _("核对是不是放错了文件；表头应在第3行"),
            )
        )
        return table
    header, columns = found
    for column in form.columns:
        if len(columns.get(column.heading, ())) != 1:
            table.usable &= not column.needed
            table.problems.append(_heading_problem(table, column, columns))
    if table.usable:
        _rows(
            table, sheet, header, [(c, columns[c.heading][0]) for c in form.columns if c.heading in columns]
        )
    return table


def _headings(sheet: Sheet, form: Form) -> tuple[int, dict[str, list[int]]] | None:
    """The row that holds most of the form's headings, if at least half, and where each stands."""
    wanted = {squeeze(column.heading): column.heading for column in form.columns}
    best: tuple[int, dict[str, list[int]]] | None = None
    for index, cells in enumerate(sheet.rows[:SEARCHED]):
        places: dict[str, list[int]] = {}
        for position, cell in enumerate(cells):
            heading = wanted.get(squeeze(cell)) if isinstance(cell, str) else None
            if heading:
                places.setdefault(heading, []).append(position)
        if 2 * len(places) >= len(wanted) and (best is None or len(places) > len(best[1])):
            best = index, places
    return best


def _heading_problem(table: Table, column: Column, columns: dict[str, list[int]]) -> Problem:
    if column.heading not in columns:
        return problem(
            table.place(column=column.heading),
            None,
            _("缺少表头“{heading}”").format(heading=column.heading),
            _("补上这一列，表头写“{heading}”").format(heading=column.heading),
        )
    return problem(
        table.place(column=column.heading),
        column.heading,
        _("表头“{heading}”出现了{times}次").format(
            heading=column.heading, times=len(columns[column.heading])
        ),
        _("只保留一列，其余的删去或者改名"),
    )


def _rows(table: Table, sheet: Sheet, header: int, columns: list[tuple[Column, int]]) -> None:
    numbering = next((position for column, position in columns if column.heading == "序号"), None)
    last: int | None = None
    number_of_rows = 0
    sums: dict[str, int | None] = {column.heading: 0 for column, _position in columns if column.sums}
    for index in range(header + 1, len(sheet.rows)):
        cells = sheet.rows[index]
        filled = [
            position
            for position, cell in enumerate(cells)
            if cell is not None and position != numbering and not (isinstance(cell, str) and not cell.strip())
        ]
        first = next((squeeze(cell) for cell in cells if isinstance(cell, str) and cell.strip()), "")
        if not filled and not first:
            continue
        if _FOOTER.match(first) and len(filled) <= 3:
            break
        if _TOTAL.fullmatch(first):
            _total(table, index + 1, cells, columns, number_of_rows, sums)
            last = index
            break
        if not filled:
            continue
        number_of_rows += 1
        _row(table, index + 1, cells, columns, sums)
    if last is not None:
        _after(table, sheet, last, numbering)


def _row(
    table: Table,
    number: int,
    cells: list[Cell],
    columns: list[tuple[Column, int]],
    sums: dict[str, int | None],
) -> None:
    row = Row(number, {}, {})
    sound = True
    for column, position in columns:
        cell = cells[position] if position < len(cells) else None
        row.cells[column.heading] = cell
        try:
            value = row.values[column.heading] = column.read(cell)
        except Bad as bad:
            if not column.needed:
                row.values[column.heading] = ""
                continue
            sound = False
            table.reject(row, column.heading, bad.wrong, bad.mend)
            if column.sums:
                sums[column.heading] = None
        else:
            if column.sums and (running := sums[column.heading]) is not None:
                sums[column.heading] = running + value
    (table.rows if sound else table.faulty).append(row)


def _total(
    table: Table,
    number: int,
    cells: list[Cell],
    columns: list[tuple[Column, int]],
    rows: int,
    sums: dict[str, int | None],
) -> None:
    """The 合计 row: a sum under a column of counts, the number of rows under any other; what it carries must be right."""
    for column, position in columns:
        cell = cells[position] if position < len(cells) else None
        if column.heading == "序号" or cell is None or cell == "":
            continue
        right = sums.get(column.heading, rows)
        if right is None:
            continue
        what = _("各行之和") if column.sums else _("行数")
        claimed = _figure(cell)
        if claimed is None and not column.sums and isinstance(cell, str):
            continue
        if claimed != right:
            table.problems.append(
                problem(
                    table.place(number, column.heading),
                    cell,
                    _("合计与{what}{right}不符").format(what=what, right=right),
                    _("核对各行和合计，改正写错的那一个"),
                )
            )


def _figure(cell: Cell) -> int | None:
    """The whole number a total states: 87, ``87``, ``87人``, ``共87人``; ``None`` when it states none."""
    if isinstance(cell, bool):
        return None
    if isinstance(cell, int | float):
        return int(cell) if cell == cell and int(cell) == cell else None
    found = _ROWS.fullmatch(squeeze(cell)) if isinstance(cell, str) else None
    return int(found[1]) if found else None


def _after(table: Table, sheet: Sheet, total: int, numbering: int | None) -> None:
    """Rows below the total that are no footer would be lost: each is a problem."""
    for index, cells in _below(sheet, total):
        filled = [
            cell for position, cell in enumerate(cells) if position != numbering and cell not in (None, "")
        ]
        first = next((squeeze(cell) for cell in cells if isinstance(cell, str) and cell.strip()), "")
        if len(filled) >= 3 and not _FOOTER.match(first):
            table.problems.append(
                problem(
                    table.place(index + 1),
                    filled[0],
                    _("合计行以下还有内容，没有计入"),
                    _("把这一行移到合计行以上，并改正合计"),
                )
            )


def _below(sheet: Sheet, total: int) -> Iterator[tuple[int, list[Cell]]]:
    yield from enumerate(sheet.rows[total + 1 :], start=total + 1)
