"""Writing what was imported into the county folder (写入02): the committee's roster in our own form, whole or not at all.

Rows that stand there stay where they are, with the cells that change; new ones follow, and behind them the faulty ones as
they stood, marked with the file they came from: the next run names them again, and no figure is ever worked out as if they
were not there. What stood before is kept beside it as ``<党委>.xlsx.1.bak``, ``.2.bak`` and so on.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec

from fourgates.days import Month
from fourgates.errors import Refused
from fourgates.i18n import _
from fourgates.papers import files, folder, forms, writing
from fourgates.papers.cells import squeeze
from fourgates.papers.folder import Expected
from fourgates.papers.importing import header
from fourgates.papers.importing.preview import UNCHANGED, Entry, Rest, Taken
from fourgates.papers.importing.standing import Standing
from fourgates.papers.workbook import Cell, CellError, NoValue, written
from fourgates.papers.writing import Column, Value

RUNNING, DOUBT = "序号", "导入存疑"
"""The running number; and the column in which a faulty row says which file it came from, at which row."""
_AT = " 第"
_Line = dict[str, Cell]


class Entered(msgspec.Struct, frozen=True):
    """A roster that was written: whose, its path inside the folder, rows new, changed, and faulty ones kept in sight; the
    name of the copy of what stood before (empty where nothing stood)."""

    committee: str
    file: str
    new: int
    changed: int
    faulty: int
    before: str


def enter(root: Path, taken: Taken, standing: Standing) -> list[Entered]:
    """Write every committee's roster that something changes in; ``standing`` is what ``root`` holds now.

    Raises ``Refused`` (F.7) before anything is written when a row belongs to no known committee, or a roster that stands
    there cannot be read, because what it holds would be lost.
    """
    work: dict[str, tuple[list[Entry], list[Rest]]] = {}
    for entry in taken.entries:
        if entry.state != UNCHANGED or entry.number not in standing.people:
            work.setdefault(entry.committee, ([], []))[0].append(entry)
    for rest in taken.rest:
        if rest.committee and rest.number not in standing.people:
            work.setdefault(rest.committee, ([], []))[1].append(rest)
    for committee in work:
        _check(committee, standing)
    there = folder.look(root)
    return [
        _write(there, committee, entries, rests, standing, taken)
        for committee, (entries, rests) in work.items()
    ]


def _check(committee: str, standing: Standing) -> None:
    if not committee:
        raise Refused(
            "F.7", "不知道这些党员属于哪个党委：文件夹里没有能用的 plan.toml 和01，请用 --committee 说明"
        )
    if standing.tree is not None and committee not in {unit.name for unit in standing.tree.committees()}:
        raise Refused("F.7", "01 党组织名册里没有“{committee}”这个党委", committee=committee)
    table, _sheet = standing.rosters.get(committee, (None, None))
    if committee in standing.unreadable or (table is not None and not table.usable):
        raise Refused(
            "F.7",
            "{committee}现有的名册不能读，没有写入：先用 fourgates run 查明，或者把它移走",
            committee=committee,
        )


def _write(
    there: folder.Folder,
    committee: str,
    entries: Sequence[Entry],
    rests: Sequence[Rest],
    standing: Standing,
    taken: Taken,
) -> Entered:
    headings = [column.heading for column in forms.roster().columns if column.heading != RUNNING]
    extra, lines = _standing_lines(committee, standing)
    behind: list[_Line] = []
    new = 0
    for entry in entries:
        values = {heading: _cell(value) for heading, value in entry.values.items() if heading != RUNNING}
        kept = standing.people.get(entry.number)
        if kept is not None and kept.committee == committee and kept.row in lines:
            lines[kept.row].update(values)
        else:
            behind.append(values)
            new += 1
    # What an earlier import of the same file kept in sight is either mended in it by now or comes again.
    again = {file.file for file in taken.preview.files}
    before = [line for line in lines.values() if _source(line) not in again]
    every = [*before, *behind, *(rest.cells | {DOUBT: f"{rest.file}{_AT}{rest.row}"} for rest in rests)]
    columns = [RUNNING, *headings, *(one for one in extra if one != DOUBT)]
    if any(line.get(DOUBT) for line in every):
        columns.append(DOUBT)
    rows = [
        [number, *(_value(line.get(heading)) for heading in columns[1:])]
        for number, line in enumerate(every, 1)
    ]
    total: list[Value] = ["合计", len(every), *[None] * (len(columns) - 2)]
    table = writing.Table(
        "党员名册",
        f"{committee}党员名册表",
        [Column(heading) for heading in columns],
        rows,
        unit=f"填报单位：{committee}",
        total=total,
        footer="填表人：　　　　　　审核人：　　　　　　联系电话：",
        landscape=True,
    )
    expected = Expected(f"{forms.ROSTER}/{committee}.xlsx", forms.ROSTER, committee)
    path = there.find(expected)
    path.parent.mkdir(parents=True, exist_ok=True)
    content = writing.render([table])
    aside = ""
    if not path.exists() or path.read_bytes() != content:
        aside = _set_aside(path)
        files.put(path, content)
    return Entered(committee, expected.file, new, len(entries) - new, len(rests), aside)


def _source(line: _Line) -> str:
    """The file that a row kept in sight came from; empty for any other row."""
    mark = line.get(DOUBT)
    return mark.rpartition(_AT)[0] if isinstance(mark, str) else ""


def _standing_lines(committee: str, standing: Standing) -> tuple[list[str], dict[int, _Line]]:
    """The columns that stand there and are none of ours, and every row (by its number) by heading as it stands."""
    if committee not in standing.rosters:
        return [], {}
    table, sheet = standing.rosters[committee]
    found = header.find(sheet)
    labels = found.labels if found else ()
    own = {label.column: label.taken for label in labels if squeeze(label.written) == squeeze(label.taken)}
    names: dict[int, str] = {}
    for label in labels:
        if label.column not in own:
            taken = {*own.values(), *names.values()}
            names[label.column] = next(one for one in _numbered(label.written) if one not in taken)
    extra = [
        name
        for column, name in names.items()
        if any(row.raw[column] not in (None, "") for row in table.every())
    ]
    places = own | names
    return extra, {
        row.number: {places[at]: cell for at, cell in enumerate(row.raw) if at in places}
        for row in table.every()
    }


def _numbered(name: str) -> Iterator[str]:
    yield name
    yield from (f"{name}{number}" for number in range(2, 1000))


def _cell(value: Any) -> Cell:
    return str(value) if isinstance(value, Month) else value


def _value(cell: Cell) -> Value:
    """A cell as it can be written: an error or a formula without a result as what it shows."""
    return written(cell) if isinstance(cell, CellError | NoValue) else cell


def _set_aside(path: Path) -> str:
    """Copy what stands at ``path`` beside it under the next free number; gives the name of the copy."""
    if not path.exists():
        return ""
    copy = next(
        one
        for number in range(1, 10_000)
        if not (one := path.with_name(f"{path.name}.{number}.bak")).exists()
    )
    shutil.copy2(path, copy)
    return copy.name


def told(one: Entered) -> str:
    """One sentence on a roster that was written."""
    return _("{file}：新增{new}行，更新{changed}行，留待改正{faulty}行").format(
        file=one.file, new=one.new, changed=one.changed, faulty=one.faulty
    )
