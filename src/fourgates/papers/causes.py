"""Why a file or a row is probably wrong (原因): a total read as a person, another's file, an old form, digits eaten.

Called when every form has been compared. What is found is said beside the problems that are there, or as an oddity of the
file; no problem is added and none is taken away.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import msgspec

from fourgates import identity
from fourgates.i18n import _
from fourgates.papers import forms, reading, stamp
from fourgates.papers.cells import squeeze
from fourgates.papers.desk import NUMBER, Desk
from fourgates.papers.folder import Expected
from fourgates.papers.forms import Form
from fourgates.papers.problems import Place
from fourgates.papers.table import Row, Table, alike
from fourgates.papers.workbook import Sheet
from fourgates.plan import Plan

SHEETS = 5
"""How many sheets of a workbook are looked through for the headings that are not on the first."""
_UNITS: Mapping[str, str] = {
    forms.ROSTER: "所在党支部",
    forms.STEPS: "党组织",
    forms.MARKS: "所在党支部",
    forms.NOMINATIONS: "党支部",
}
_REGISTERS = (forms.UNITS, forms.ROSTER, forms.SANCTIONS)
_TOTAL = re.compile(r"(合计|总计|小计|共计|总数|累计|总人数)([:(\d].*)?|共\d+[人名条个行户次份项]", re.ASCII)
_YEAR = re.compile(r"(?<!\d)(20\d{2})年", re.ASCII)


def explain(desk: Desk, tables: Mapping[Expected, Table | None], layout: Mapping[str, Form]) -> None:
    """Say beside the problems of every file what probably caused them."""
    misplaced: dict[str, Table] = {}
    for one, table in tables.items():
        if table is not None:
            _explain(desk, one, layout[one.form], table)
            if _misplaced(desk, one, table):
                misplaced[one.file] = table
    for table in tables.values():
        if table is not None and table.file not in misplaced:
            _blame(table, misplaced)


def _explain(desk: Desk, one: Expected, form: Form, table: Table) -> None:
    if one.form != forms.ROSTER:
        _numbers(desk, table)
    _total(form, table)
    _old(desk.plan, desk, one, table)


def _blame(table: Table, misplaced: Mapping[str, Table]) -> None:
    """For a row that stands a second time in a file that is not in its place: that file is to be mended, not this one."""
    for number, one in enumerate(table.problems):
        for file in misplaced:
            if one.place.column == NUMBER and file in one.wrong:
                _amend(table, number, _("{file}多半放错了文件，先改那一个，这里多半不用动").format(file=file))


def elsewhere(path: Path, sheet: Sheet, one: Expected, layout: Mapping[str, Form]) -> str:
    """Where the headings that a file does not have probably are: on a later sheet, or it is another form; else empty."""
    for number in range(1, SHEETS):
        later = reading.read(path, sheet=number)
        if not isinstance(later, Sheet):
            break
        if alike(later, layout[one.form]):
            return _("表头在后面的工作表“{sheet}”里：只读第一个看得见的工作表，把它移到最前面").format(
                sheet=later.name
            )
    said = sheet.stamp.get(stamp.FORM, "")
    if said in layout and said != one.form:
        return _other_form(said)
    found = Counter({name: alike(sheet, form) for name, form in layout.items() if name != one.form})
    (name, headings), *_rest = found.most_common()
    return _other_form(name) if headings else ""


def _other_form(name: str) -> str:
    return _("这像是“{form}”的表，多半放错了文件：放回它的位置，换上这里该放的表").format(
        form=name.removesuffix(".xlsx")
    )


def _amend(table: Table, number: int, said: str) -> None:
    one = table.problems[number]
    table.problems[number] = msgspec.structs.replace(one, mend=said + "；" + one.mend)


def _numbers(desk: Desk, table: Table) -> None:
    """For a citizen number that cannot be read: who on the rosters it probably is."""
    rows = {row.number: row for row in table.faulty}
    for number, one in enumerate(table.problems):
        row = rows.get(one.place.row or 0)
        if one.place.column != NUMBER or row is None or NUMBER in row.values:
            continue
        name = row.values.get("姓名") or row.values.get("被推荐人")
        cell = row.cell(NUMBER)
        if not name or isinstance(cell, bool) or not isinstance(cell, str | int | float):
            continue
        written = identity.normalise(cell) if isinstance(cell, str) else cell
        said = desk.whose(written, name, _branch(desk, row))
        if said:
            _amend(table, number, said)


def _branch(desk: Desk, row: Row) -> str:
    return desk.units.get(squeeze(str(row.values.get("所在党支部", ""))), "")


def _total(form: Form, table: Table) -> None:
    """The last row, where it is faulty, may be the total without its label, or with the label out of its place."""
    rows = table.every()
    if len(rows) < 2 or rows[-1] not in table.faulty:
        return
    last, others = rows[-1], rows[:-1]
    labelled = any(isinstance(cell, str) and _TOTAL.fullmatch(squeeze(cell)) for cell in last.raw)
    sums = [column.heading for column in form.columns if column.sums and last.values.get(column.heading)]
    unnamed = not any(
        isinstance(cell, str) and cell.strip() and not cell.strip().isdigit() for cell in last.raw
    )
    summed = bool(sums) and all(
        last.values[heading] == sum(row.values.get(heading) or 0 for row in others) for heading in sums
    )
    if not labelled and not (unnamed and (summed or _counts_rows(last, len(others)))):
        return
    for number, one in enumerate(table.problems):
        if one.place.row == last.number:
            _amend(table, number, _("这一行像是合计行：把“合计”写在这一行的第一格，就不会当作一行数据"))


def _counts_rows(last: Row, rows: int) -> bool:
    """Whether all that stands in a row is how many rows there are."""
    said = {str(cell).strip() for cell in last.raw if cell not in (None, "")}
    return said in ({str(rows)}, {str(rows), str(rows + 1)})


def _misplaced(desk: Desk, one: Expected, table: Table) -> bool:
    """Whether most rows of a committee's file belong to another committee; said where it is so."""
    column, tree = _UNITS.get(one.form), desk.tree
    if column is None or tree is None or one.of not in tree:
        return False
    rows = table.every()
    whose: dict[int, str] = {}
    for row in rows:
        unit = desk.units.get(squeeze(str(row.values.get(column, ""))))
        if unit is not None and tree[unit].kind != "county":
            whose[row.number] = tree.committee_of(unit)
    found = Counter(whose.values()).most_common(1)
    if not found or found[0][0] == one.of or 2 * found[0][1] <= len(rows):
        return False
    other, count = found[0]
    wrong = _("{rows}行中有{count}行属于{other}，多半是把它的文件放到了这里").format(
        rows=len(rows), count=count, other=other
    )
    mend = _("换成{own}自己的文件").format(own=one.of)
    desk.odd(Place(one.file, table.sheet), table.stamp.get(stamp.UNIT, ""), wrong, mend)
    for number, problem in enumerate(table.problems):
        if problem.place.column == column and whose.get(problem.place.row or 0) == other:
            table.problems[number] = msgspec.structs.replace(problem, mend=f"{wrong}：{mend}")
    return True


def _old(plan: Plan, desk: Desk, one: Expected, table: Table) -> None:
    """Whether a form was handed out for another selection, for somebody else, as another form, or is years old."""
    said = table.stamp
    if said.get(stamp.FORM, one.form) != one.form:
        desk.odd(
            Place(one.file, table.sheet),
            said[stamp.FORM],
            _("这份表发出时是另一种表"),
            _other_form(said[stamp.FORM]),
        )
    if said.get(stamp.SELECTION, plan.selection.id) != plan.selection.id:
        desk.odd(
            Place(one.file, table.sheet),
            said[stamp.SELECTION],
            _("这份表是为另一次推荐工作发出的，不是本次的（{selection}）").format(
                selection=plan.selection.id
            ),
            _("核对是不是用了以前的表；内容确实是本次的，可以不改"),
        )
    if said.get(stamp.VERSION, stamp.CURRENT) != stamp.CURRENT:
        desk.odd(
            Place(one.file, table.sheet),
            said[stamp.VERSION],
            _("这份表是旧的表式版本，现在用的是第{version}版").format(version=stamp.CURRENT),
            _("用 fourgates forms new 取新的表式；缺的表头照新表补上"),
        )
    now = {
        plan.selection.reference_date.year,
        plan.windows.plan.first.year,
        plan.windows.county_review.last.year,
    }
    # A register may well be that of the end of last year.
    now |= {min(now) - 1} if one.form in _REGISTERS else set()
    years = {int(year) for year in _YEAR.findall(squeeze(table.title))}
    if years and years.isdisjoint(now):
        desk.odd(
            Place(one.file, table.sheet),
            "、".join(f"{year}年" for year in sorted(years)),
            _("表头上写的年份不是本次工作的{year}年，可能是以前的表").format(year=max(now)),
            _("核对是不是放错了年份的表"),
        )
