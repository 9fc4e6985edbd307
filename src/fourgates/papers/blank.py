"""The forms that go out (空白表册): the whole county folder, ready to fill in, in the layout the readers expect.

Options drop down, numbers that must stay text are text, headings and totals are locked without a password, the 合计 row
counts by itself, and each workbook says in a hidden place which form it is, of which version, for whom (``stamp``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO
from pathlib import Path
from typing import Any, Final

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name

from fourgates.days import Window
from fourgates.errors import Refused
from fourgates.i18n import _
from fourgates.papers import cells, files, forms, nationalities, stamp
from fourgates.papers.cells import Options
from fourgates.papers.folder import PLAN, Expected, of_committees, of_county
from fourgates.papers.forms import Column, Form
from fourgates.papers.prefill import Line, Prefill
from fourgates.papers.workbook import Cell
from fourgates.papers.writing import inert
from fourgates.plan import Plan

Progress = Callable[[int, int], None]
FIRST: Final = 3
"""The first row of what is filled in, counted from nought: title, unit and date, and headings stand above."""
ANYBODY: Final = "（文件名改为01中的党委全称）"
"""Whose form it is where no committee is known yet."""
_CREATED = datetime(2000, 1, 1)  # noqa: DTZ001 - workbooks know no zones; fixed, so that bytes repeat
_OPTIONS = "选项"
_TALL = 20
"""Points a row is high: room to write by hand where a form is printed first."""
_LOCKS = {
    "sort": True,
    "autofilter": True,
    "insert_rows": True,
    "delete_rows": True,
    "format_cells": True,
    "format_columns": True,
    "format_rows": True,
}
_COUNTS = (cells.count, cells.optional_count)
_DAYS = (cells.day, cells.optional_day)
_MONTHS = (cells.month_or_day, cells.optional_month_or_day)
_TELEPHONES = ("联系电话", "手机号码")


@dataclass(frozen=True, slots=True)
class _Shape:
    """How a form is printed: its title, whether A4 lies across, empty rows beyond those filled in, which 合计 it carries
    (headings of counts are summed, any other heading counts the rows; none named: every count), and the columns that
    name a unit."""

    title: str
    across: bool
    spare: int
    totals: tuple[str, ...]
    units: tuple[str, ...] = ()


_SHAPES: Mapping[str, _Shape] = {
    forms.UNITS: _Shape("党组织名册", False, 60, ("推荐名额",), ("上级党组织",)),
    forms.ROSTER: _Shape("党员名册表", True, 40, ("姓名",), ("所在党支部",)),
    forms.STEPS: _Shape("工作纪实表", True, 20, ("环节",), ("党组织",)),
    forms.MARKS: _Shape("参与情况表", True, 20, ("姓名",), ("所在党支部",)),
    forms.SURVEYS: _Shape("推荐工作满意度测评汇总表", False, 20, (), ("党支部",)),
    forms.NOMINATIONS: _Shape("推荐提名表", True, 30, ("提名党员数",), ("党支部",)),
    forms.REVIEWS: _Shape("各党（工）委研究推荐人选情况表", True, 100, ("姓名",), ("党委",)),
    forms.PROFILES: _Shape("推荐人选基本情况表", True, 100, ("姓名",), ("所在党支部",)),
    forms.STANDARD: _Shape("推荐人选政治标准考察表", True, 100, ("姓名",)),
    forms.CHECKS: _Shape("推荐人选“四必”核查表", True, 100, ("姓名",)),
    forms.REPLIES: _Shape("征求意见回函", False, 100, ("姓名",)),
    forms.SANCTIONS: _Shape("党员受处分情况表", False, 30, ("姓名",)),
    forms.DECISION: _Shape("县委研究推荐人选情况表", True, 30, ("姓名",)),
}


def write(
    folder: Path, plan: Plan, text: str, prefill: Prefill, progress: Progress | None = None
) -> tuple[list[str], list[str]]:
    """Write every form of the county folder, and plan.toml (``text``), into ``folder``; gives what was written and what was
    there already: nothing that is there is touched."""
    layout = forms.forms(plan)
    wanted = [*expected(plan, prefill)]
    written: list[str] = []
    kept: list[str] = []
    folder.mkdir(parents=True, exist_ok=True)
    for number, one in enumerate([Expected(PLAN, PLAN), *wanted], start=1):
        try:
            path = files.within(folder, one.file)
        except ValueError:
            raise Refused(
                "F.1",
                "{file}不能用：{wrong}。{mend}",
                file=forms.UNITS,
                wrong=_("“{name}”不能作文件名").format(name=one.of),
                mend=_("名称里不要有 / \\ : 和 .."),
            ) from None
        if path.exists():
            kept.append(one.file)
        else:
            path.parent.mkdir(exist_ok=True)
            content = text.encode() if one.file == PLAN else workbook(plan, layout[one.form], one.of, prefill)
            files.put(path, content)
            written.append(one.file)
        if progress is not None:
            progress(number, len(wanted) + 1)
    return written, kept


def expected(plan: Plan, prefill: Prefill) -> Iterator[Expected]:
    """The files of the county folder; one of each kind for ``ANYBODY`` where no committee is known."""
    yield Expected(forms.UNITS, forms.UNITS)
    yield from of_committees(prefill.committees or [ANYBODY])
    yield from of_county(plan.integrity.departments)


def workbook(plan: Plan, form: Form, of: str, prefill: Prefill) -> bytes:
    """The bytes of one form, for the committee or department ``of`` (empty: the county's own)."""
    out = BytesIO()
    unit = "" if of == ANYBODY else of or prefill.county
    with xlsxwriter.Workbook(
        out,
        {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
            "default_date_format": "yyyy-mm-dd",
        },
    ) as book:
        book.set_properties({"created": _CREATED})
        for name, said in {
            stamp.FORM: form.name,
            stamp.VERSION: stamp.CURRENT,
            stamp.SELECTION: plan.selection.id,
            stamp.UNIT: unit,
        }.items():
            book.defined_names.append([stamp.PREFIX + name, -1, stamp.formula(said), 1])
        sheet = book.add_worksheet(_SHAPES[form.name].title[:31])
        lines = prefill.lines.get((form.name, of), ())
        _Page(book, sheet, plan, form, _SHAPES[form.name]).fill(unit, lines, _choices(form, of, prefill))
    return out.getvalue()


def _choices(form: Form, of: str, prefill: Prefill) -> Mapping[str, Sequence[str]]:
    """What may be chosen in columns whose words are too many for the cell's own list."""
    found: dict[str, Sequence[str]] = {}
    for column in form.columns:
        if isinstance(column.read, Options) and _too_long(column.read.words):
            found[column.heading] = column.read.words
        if column.read is cells.nationality:
            found[column.heading] = sorted(set(nationalities.NATIONALITIES.values()), key=_nationality_order)
    every = [branch for name in prefill.committees for branch in prefill.branches[name]]
    branches = list(prefill.branches.get(of, every))
    known = {
        "党支部": branches,
        "所在党支部": branches,
        "党委": list(prefill.committees),
        "党组织": [of or prefill.county, *branches] if branches else [],
    }
    for heading in _SHAPES[form.name].units:
        if known.get(heading):
            found[heading] = known[heading]
    return found


def _too_long(words: Sequence[str]) -> bool:
    """Whether a cell's own list cannot hold these words: it ends at 255 characters and is parted at commas."""
    return len(",".join(words)) > 255 or any("," in word or '"' in word for word in words)


def _nationality_order(name: str) -> int:
    return list(nationalities.NATIONALITIES.values()).index(name)


class _Page:
    """One form being written."""

    def __init__(self, book: Any, sheet: Any, plan: Plan, form: Form, shape: _Shape) -> None:
        self._book, self._sheet, self._plan, self._form, self._shape = book, sheet, plan, form, shape
        self._styles: dict[tuple[tuple[str, Any], ...], Any] = {}

    def _style(self, **more: Any) -> Any:
        key = tuple(sorted(more.items()))
        if key not in self._styles:
            face = {"font_name": "宋体", "font_size": 10, "valign": "vcenter", "text_wrap": True}
            self._styles[key] = self._book.add_format(face | more)
        return self._styles[key]

    def fill(self, unit: str, lines: Sequence[Line], choices: Mapping[str, Sequence[str]]) -> None:
        """Title, headings, the rows known and some to spare, the total, the footer; then locks and print set-up."""
        sheet, columns, shape = self._sheet, self._form.columns, self._shape
        rows = len(lines) + shape.spare
        last, total = len(columns) - 1, FIRST + rows
        locked = {"locked": True}
        heading = self._style(
            font_name="黑体", bold=True, align="center", border=1, bg_color="#F2F2F2", **locked
        )
        above = (unit if self._form.name != forms.REPLIES else "") + shape.title
        title = self._style(font_name="黑体", font_size=16, align="center", **locked)
        sheet.merge_range(0, 0, 0, last, inert(above), title)
        sheet.set_row(0, 32)
        sheet.write_string(1, 0, inert(_("填报单位：{unit}").format(unit=unit)), self._plain(locked=True))
        sheet.write_string(1, max(1, last - 2), _("填报日期：    年  月  日"), self._plain(locked=False))
        for at, column in enumerate(columns):
            sheet.write_string(2, at, column.heading, heading)
            sheet.set_column(at, at, _width(column))
        sheet.set_row(2, 30)
        listed = self._list(choices)
        for at, column in enumerate(columns):
            self._validate(FIRST, total - 1, at, column, listed.get(column.heading, ""))
        free = self._style(locked=False, border=1, align="center")
        for number in range(rows):
            # The whole row is open, or nobody could delete one: a locked cell far to the right would forbid it.
            sheet.set_row(FIRST + number, _TALL, self._plain(locked=False))
            line = lines[number] if number < len(lines) else {}
            for at, column in enumerate(columns):
                value = number + 1 if column.heading == "序号" else line.get(column.heading)
                self._put(FIRST + number, at, value, self._format(column) if at else free)
        self._total(total, lines, heading)
        footer = _("填表人：　　　　　　审核人：　　　　　　联系电话：")
        sheet.write_string(total + 1, 0, footer, self._plain(locked=False))
        sheet.protect("", _LOCKS)
        sheet.autofilter(2, 0, total - 1, last)
        self._print()

    def _plain(self, **more: Any) -> Any:
        return self._style(**(more | {"text_wrap": False}))

    def _list(self, choices: Mapping[str, Sequence[str]]) -> dict[str, str]:
        """Put long lists of choices on a sheet nobody sees; gives heading → the range that holds them."""
        if not choices:
            return {}
        hidden = self._book.add_worksheet(_OPTIONS)
        hidden.very_hidden()
        listed: dict[str, str] = {}
        for at, (heading, words) in enumerate(choices.items()):
            hidden.write_column(0, at, [heading, *words])
            letter = xl_col_to_name(at)
            listed[heading] = f"={_OPTIONS}!${letter}$2:${letter}${len(words) + 1}"
        return listed

    def _format(self, column: Column) -> Any:
        if column.read in _DAYS:
            return self._style(locked=False, border=1, align="center", num_format="yyyy-mm-dd")
        if column.read in _COUNTS:
            return self._style(locked=False, border=1, align="center")
        return self._style(locked=False, border=1, num_format="@")

    def _put(self, row: int, at: int, value: Cell, style: Any) -> None:
        match value:
            case bool():
                self._sheet.write_boolean(row, at, value, style)
            case int() | float():
                self._sheet.write_number(row, at, value, style)
            case date():
                # A day in a cell that is otherwise text (入党日期 to the month) is still shown as a day.
                day = self._style(locked=False, border=1, align="center", num_format="yyyy-mm-dd")
                self._sheet.write_datetime(row, at, value, day)
            case str() if value:
                self._sheet.write_string(row, at, inert(value), style)
            case _:
                self._sheet.write_blank(row, at, None, style)

    def _validate(self, first: int, last: int, at: int, column: Column, listed: str) -> None:
        """What the cell drops down, refuses or warns of, and the hint beside it."""
        rule: dict[str, Any] = {"validate": "any"}
        hint = ""
        if isinstance(column.read, Options):
            words = "、".join(column.read.words)
            hint = _("从下拉列表中选一个：{words}").format(words=words)
            if column.read.blank:
                hint += _("；没有的留空")
            rule = {"validate": "list", "source": listed or list(column.read.words), "error_type": "stop"}
        elif column.read in _COUNTS:
            hint = _("填写不带单位的整数，例如 12")
            rule = {"validate": "integer", "criteria": ">=", "value": 0, "error_type": "stop"}
        elif column.read in _DAYS:
            window = self._window(column.heading)
            hint = _("填写日期，例如 {day}").format(day=window.first.isoformat())
            if window.first.year > cells.FIRST_YEAR:
                hint += _("；规定时间{first}至{last}").format(
                    first=window.first.isoformat(), last=window.last.isoformat()
                )
            rule = {
                "validate": "date",
                "criteria": "between",
                "minimum": window.first,
                "maximum": window.last,
            }
            # Who met outside the window must still be able to say so.
            rule |= {"error_type": "warning"}
        elif column.read in _MONTHS:
            hint = _("填写到日或到月，例如 1998-07-01、1998.07；10月写 1998.10，这一格已设为文本")
        elif column.read is cells.citizen:
            hint = _("照身份证填写18位号码；这一格已设为文本，不要改成数字格式")
            rule = {"validate": "length", "criteria": "==", "value": 18, "error_type": "stop"}
        elif listed:
            hint = _("从下拉列表中选，与01中的全称一致") if column.heading != "民族" else ""
            rule = {"validate": "list", "source": listed, "error_type": "warning"}
        if not hint and rule["validate"] == "any":
            return
        said = {
            "input_title": column.heading,
            "input_message": hint,
            "error_title": column.heading,
            "error_message": hint or _("请从下拉列表中选"),
        }
        self._sheet.data_validation(first, at, last, at, rule | {k: v[:255] for k, v in said.items() if v})

    def _window(self, heading: str) -> Window:
        """The days a meeting of this form may be held on; any day where there is no such window."""
        windows = self._plan.windows
        own = {
            (forms.NOMINATIONS, "会议日期"): windows.nomination,
            (forms.REVIEWS, "会议日期"): windows.committee_review,
            (forms.DECISION, "会议日期"): windows.county_review,
            **{(forms.CHECKS, check.name + "日期"): windows.vetting for check in self._plan.integrity.checks},
        }
        whole = Window(date(cells.FIRST_YEAR, 1, 1), date(cells.LAST_YEAR, 12, 31))
        return own.get((self._form.name, heading), whole)

    def _total(self, row: int, lines: Sequence[Line], style: Any) -> None:
        """The 合计 row: formulas that go on counting, and the values they have now."""
        self._sheet.write_string(row, 0, _("合计"), style)
        for at, column in enumerate(self._form.columns):
            if at == 0:
                continue
            if not (column.heading in self._shape.totals or (column.sums and not self._shape.totals)):
                self._sheet.write_blank(row, at, None, style)
                continue
            letter = xl_col_to_name(at)
            # Up to the row above, wherever that is by then: a row added at the very end counts too.
            reach = f"{letter}{FIRST + 1}:INDEX({letter}:{letter},ROW()-1)"
            said = [line.get(column.heading) for line in lines]
            if column.sums:
                value = sum(one for one in said if isinstance(one, int))
                self._sheet.write_formula(row, at, f"=SUM({reach})", style, value)
            else:
                value = sum(1 for one in said if one not in (None, ""))
                self._sheet.write_formula(row, at, f"=COUNTA({reach})", style, value)

    def _print(self) -> None:
        sheet = self._sheet
        sheet.freeze_panes(FIRST, 0)
        sheet.set_paper(9)
        if self._shape.across:
            sheet.set_landscape()
        else:
            sheet.set_portrait()
        sheet.repeat_rows(0, 2)
        sheet.fit_to_pages(1, 0)
        sheet.center_horizontally()
        sheet.set_margins(left=0.6, right=0.6, top=0.7, bottom=0.8)
        sheet.set_footer("&C第 &P 页，共 &N 页")


def _width(column: Column) -> float:
    """Characters a column needs: a citizen number and a unit's full name are long, an option is short."""
    if column.heading == "序号":
        return 6
    if column.read is cells.citizen:
        return 21
    if column.read in _DAYS or column.read in _MONTHS or column.heading in _TELEPHONES:
        return 13
    if "党" in column.heading and column.read is cells.needed:
        return 28
    if column.heading in (
        "主要内容",
        "主要事迹",
        "事实依据",
        "说明",
        "未参与原因",
        "未上报理由",
        "单位及职务",
    ):
        return 24
    return max(8.0, 2.0 * len(column.heading) + 1)
