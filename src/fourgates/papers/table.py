"""A sheet as the rows of a form (表): headings found by name, every cell read by its column, totals compared.

The title, the unit line and the footer are left alone. A row is sound when every cell of it is; the others stand in the
problems with each cell that is wrong, and nothing of them is used.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from fourgates.i18n import _
from fourgates.papers import guesses
from fourgates.papers.cells import Bad, Reader, squeeze
from fourgates.papers.forms import Column, Form
from fourgates.papers.problems import Place, Problem, problem
from fourgates.papers.workbook import Cell, Sheet

_MARKS = frozenset("合总小共填制审负联备注说")  # how the words of a total or a footer begin
SEARCHED = 20  # rows from the top among which the headings must stand
_TOTAL = re.compile(r"(合计|总计|小计|共计)([:(\d].*)?")
_FOOTER = re.compile(r"(填表人|制表人|填报人|审核人|负责人|联系电话|联系人|填表日期|(备注|注|说明):)")
_ROWS = re.compile(r"共?(\d+)(人|名|条|个|行|户|次|份|项)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its number as Excel counts, the values by heading, and the cells as they stood."""

    number: int
    values: dict[str, Any]
    raw: list[Cell]
    places: Mapping[str, int]

    def cell(self, heading: str) -> Cell:
        """The cell under ``heading`` as it stood; empty when there is no such heading."""
        place = self.places.get(heading, len(self.raw))
        return self.raw[place] if place < len(self.raw) else None


@dataclass(slots=True)
class Table:
    """What a file gave: sound rows, faulty rows (number → what could be read), and every problem.

    ``usable`` is false when a heading is missing or doubled without which nothing can be judged. ``header`` is the row of
    the headings as Excel numbers it (0: not found), ``headings`` where each stands, columns counted from nought.
    ``title`` is the first row over the headings that has words, ``stamp`` what a form of our own says of itself.
    """

    file: str
    sheet: str
    header: int = 0
    headings: dict[str, list[int]] = field(default_factory=dict)
    title: str = ""
    stamp: Mapping[str, str] = field(default_factory=dict)
    rows: list[Row] = field(default_factory=list)
    faulty: list[Row] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    usable: bool = True

    def place(self, row: int | None = None, column: str = "") -> Place:
        """A place in this file."""
        return Place(self.file, self.sheet, row, column)

    def reject(self, row: Row, column: str, wrong: str, mend: str) -> None:
        """Put a problem at a cell; the caller moves the row."""
        self.problems.append(problem(self.place(row.number, column), row.cell(column), wrong, mend))

    def every(self) -> list[Row]:
        """Sound and faulty rows in the order of the sheet."""
        return sorted((*self.rows, *self.faulty), key=lambda row: row.number)

    def keep(self, judge: Callable[[Row], bool]) -> None:
        """Keep the rows ``judge`` finds sound; the others become faulty (``judge`` has put their problems)."""
        sound: list[Row] = []
        for row in self.rows:
            (sound if judge(row) else self.faulty).append(row)
        self.rows = sound


def read(file: str, sheet: Sheet, form: Form) -> Table:
    """The rows of ``sheet``, read as ``form``."""
    table = Table(file, sheet.name, stamp=sheet.stamp)
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
    table.header, table.headings = header + 1, columns
    table.title = next(filter(None, map(_words, sheet.rows[:header])), "")
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


def alike(sheet: Sheet, form: Form) -> int:
    """How many of the form's headings stand in one row of the sheet; 0 when fewer than half."""
    found = _headings(sheet, form)
    return len(found[1]) if found else 0


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
    places = {column.heading: position for column, position in columns}
    numbering = places.get("序号", -1)
    readers = [
        (column.heading, column.needed, column.sums, column.read, position, column.known)
        for column, position in columns
    ]
    number_of_rows = 0
    sums: dict[str, int | None] = {column.heading: 0 for column, _position in columns if column.sums}
    for index in range(header + 1, len(sheet.rows)):
        cells = sheet.rows[index]
        label = _label(cells)
        if label and label[0] in _MARKS:
            words = squeeze(label)
            if _FOOTER.match(words) and _filled(cells, numbering) <= 3:
                _after(table, sheet, index, numbering, total=False)
                break
            if _TOTAL.fullmatch(words):
                _total(table, index + 1, cells, columns, number_of_rows, sums)
                _after(table, sheet, index, numbering, total=True)
                break
        if not _filled(cells, numbering):
            continue
        number_of_rows += 1
        _row(table, Row(index + 1, {}, cells, places), readers, sums)


def _label(cells: list[Cell]) -> str:
    """The first words in a row, where a total or a footer says what it is."""
    for cell in cells:
        if isinstance(cell, str) and (words := cell.strip()):
            return words
    return ""


def _words(cells: list[Cell]) -> str:
    return " ".join(cell.strip() for cell in cells if isinstance(cell, str) and cell.strip())


def _filled(cells: list[Cell], numbering: int) -> int:
    """How many cells hold something, the running number not counted; 4 stands for more."""
    found = 0
    for position, cell in enumerate(cells):
        if cell is not None and position != numbering and not (isinstance(cell, str) and not cell.strip()):
            found += 1
            if found > 3:
                break
    return found


_Reader = tuple[str, bool, bool, Reader, int, dict[str, Any]]


def _row(table: Table, row: Row, readers: list[_Reader], sums: dict[str, int | None]) -> None:
    sound = True
    values, raw = row.values, row.raw
    for heading, needed, summed, read, position, known in readers:
        cell = raw[position] if position < len(raw) else None
        # Words repeat down a column: what one of them says is worked out once.
        if type(cell) is str and cell in known:
            value = known[cell]
        else:
            try:
                value = read(cell)
            except Bad as bad:
                values[heading] = ""
                if needed:
                    sound = False
                    del values[heading]
                    table.reject(row, heading, bad.wrong, _seen(cell) + bad.mend)
                    if summed:
                        sums[heading] = None
                continue
            if type(cell) is str:
                known[cell] = value
        values[heading] = value
        if summed and (running := sums[heading]) is not None:
            sums[heading] = running + (value or 0)
    (table.rows if sound else table.faulty).append(row)


def _seen(cell: Cell) -> str:
    """What stands in a faulty cell that nobody can see."""
    hidden = guesses.invisible(cell) if isinstance(cell, str) else ""
    return _("这一格里有看不见的{hidden}，删去后重新输入；").format(hidden=hidden) if hidden else ""


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


def _after(table: Table, sheet: Sheet, end: int, numbering: int, *, total: bool) -> None:
    """Rows below the total or the footer that are no footer would be lost: each is a problem."""
    wrong = _("合计行以下还有内容，没有计入") if total else _("表尾以下还有内容，没有计入")
    mend = _("把这一行移到合计行以上，并改正合计") if total else _("把这一行移到表尾以上")
    for index, cells in enumerate(sheet.rows[end + 1 :], start=end + 1):
        label = _label(cells)
        count = _filled(cells, numbering)
        if count >= 3 and not (count == 3 and _FOOTER.match(squeeze(label))):
            table.problems.append(problem(table.place(index + 1), label, wrong, mend))
