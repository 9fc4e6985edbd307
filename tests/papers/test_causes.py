"""Every guess at what went wrong, from workbooks made as people make them; and silence where nothing can be guessed."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from fourgates import identity
from fourgates import run as running
from fourgates.days import Window
from fourgates.papers import blank, forms, guesses, prefill, stamp
from fourgates.papers.folder import look
from fourgates.papers.intake import Intake, take
from fourgates.papers.problems import Problem
from fourgates.simulate import county

KEY = b"k" * 32


@pytest.fixture(scope="module")
def honest(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("county") / "县"
    county.make(folder, seed="原因", size=county.SMALL)
    return folder


@pytest.fixture
def folder(honest: Path, tmp_path: Path) -> Path:
    return shutil.copytree(honest, tmp_path / "县")


def took(folder: Path) -> Intake:
    return take(running.adopt(folder), look(folder), KEY)


def first(folder: Path, form: str) -> Path:
    return sorted(path for path in (folder / form).iterdir() if path.stem != "县委")[0]


class Page:
    """A form opened to be spoilt: cells by row and heading, totals as the numbers they are."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.book = openpyxl.load_workbook(path)
        shown = [sheet for sheet in self.book.worksheets if sheet.sheet_state == "visible"]
        self.sheet: Any = shown[0]
        self.at = {"".join(str(cell.value).split()): cell.column for cell in self.sheet[3] if cell.value}
        first = (
            "".join(str(self.sheet.cell(row, 1).value).split()) for row in range(1, self.sheet.max_row + 1)
        )
        self.total = next(
            row for row, said in enumerate(first, start=1) if re.match("合计|总计|小计|共计", said)
        )
        known = openpyxl.load_workbook(path, data_only=True)[self.sheet.title]
        for cell in self.sheet[self.total]:
            cell.value = known[cell.coordinate].value
        for row in self.sheet.iter_rows(min_row=4, max_row=self.total - 1):
            for cell in row:
                cell.value = known[cell.coordinate].value

    def rows(self) -> list[int]:
        filled = self.at["序号"] + 1
        return [row for row in range(4, self.total) if self.sheet.cell(row, filled).value is not None]

    def __getitem__(self, where: tuple[int, str]) -> Any:
        return self.sheet.cell(where[0], self.at[where[1]]).value

    def __setitem__(self, where: tuple[int, str], value: Any) -> None:
        cell = self.sheet.cell(where[0], self.at[where[1]])
        cell.value = value
        if isinstance(value, int | float):
            cell.number_format = "General"

    def save(self) -> None:
        self.book.save(self.path)


def spoilt(folder: Path, form: str, heading: str, wrong: Callable[[Any], Any]) -> tuple[Any, list[Problem]]:
    """Spoil the first row's cell under ``heading`` in the first committee's form; what stood there, and every problem."""
    page = Page(first(folder, form) if (folder / form).is_dir() else folder / form)
    row = page.rows()[0]
    stood = page[row, heading]
    page[row, heading] = wrong(stood)
    page.save()
    return stood, took(folder).desk.problems


def only(problems: list[Problem], column: str) -> Problem:
    (one,) = (one for one in problems if one.place.column == column)
    return one


# --- words ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "words", "meant"),
    [
        ("是的", ("是", "否"), "是"),
        ("√", ("是", "否"), "是"),
        ("×", ("是", "否"), "否"),
        ("是。", ("是", "否"), "是"),
        ("男性", ("男", "女"), "男"),
        ("无意见", ("无异议", "有影响", "不适用"), "无异议"),
        ("正式", ("正式党员", "预备党员"), "正式党员"),
        ("正式党圆", ("正式党员", "预备党员"), "正式党员"),
        ("留党察看1年", ("留党察看一年", "留党察看两年"), "留党察看一年"),
        ("不是", ("是",), ""),
        ("不通过", ("通过", "不适用"), ""),
        ("无影响", ("有影响", "无异议"), ""),
        ("短信", ("会议", "上门", "电话", "微信", "未参与"), ""),
        ("留党察看三年", ("留党察看一年", "留党察看两年"), ""),
    ],
)
def test_an_option_that_was_meant(written: str, words: tuple[str, ...], meant: str) -> None:
    assert guesses.option(written, words) == meant


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("城关镇红光村", "城关镇红光村党支部"),
        ("城关镇红光村支部", "城关镇红光村党支部"),
        ("城关镇红光材党支部", "城关镇红光村党支部"),
        ("城关镇红村光党支部", "城关镇红光村党支部"),
        ("城关镇红光村党支部\u200b", "城关镇红光村党支部"),
        ("城关镇第三党支部", ""),  # the first or the second: nobody may guess
        ("纸坊镇红旗村党支部", ""),
    ],
)
def test_a_unit_that_was_meant(written: str, meant: str) -> None:
    known = ["城关镇红光村党支部", "城关镇第一党支部", "城关镇第二党支部", "中共某县城关镇委员会"]
    assert guesses.unit(written, known) == meant


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (20220221, "2022-02-21"),
        (44613, "2022-02-21"),
        ("2022/2/21", "2022-02-21"),
        ("2022、2、21", "2022-02-21"),
        ("2022年2月30日", ""),
        (1978.1, ""),
        (78, ""),
        ("去年", ""),
    ],
)
def test_a_day_that_was_meant(written: str | int | float, meant: str) -> None:
    assert guesses.day(written) == meant


def test_a_year_that_was_meant() -> None:
    window = Window(date(2022, 2, 21), date(2022, 3, 2))
    assert guesses.year(date(2021, 2, 25), window) == "2022-02-25"
    assert guesses.year(date(2022, 4, 25), window) == ""
    assert guesses.year(date(2021, 4, 25), window) == ""


def test_how_a_number_went_wrong() -> None:
    number = "11010519491231002X"
    man = "440524188001010014"
    assert guesses.same_number("110105491231002", number) == "old"
    assert guesses.same_number("11010519491231020X", number) == "swapped"
    assert guesses.same_number("11010519491231003X", number) == "one"
    assert guesses.same_number(float(man[:15] + "000"), man) == "lost"
    assert guesses.same_number(float(man), man) == "lost"
    assert guesses.same_number(float(man[:14] + "9000"), man) == ""
    assert guesses.same_number("11010519491231113X", number) == ""


# --- cells ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("form", "heading", "wrong", "said"),
    [
        (forms.ROSTER, "流动党员", lambda _stood: "是的", "可能是想写“是”"),
        (forms.ROSTER, "性别", lambda stood: stood + "性", "可能是想写“"),
        (forms.ROSTER, "出生日期", lambda _stood: 19781012, "可能是想写“1978-10-12”"),
        (forms.ROSTER, "入党日期", lambda _stood: 1978.1, "把这一格设为文本格式，写成 1978.01 或 1978.10"),
        (forms.NOMINATIONS, "实到会", lambda stood: f"{stood}人", "可能是想写“"),
        (forms.NOMINATIONS, "会议日期", lambda _stood: "2021-02-23", "可能是想写“2022-02-23”"),
        (forms.ROSTER, "公民身份号码", lambda stood: "'" + stood, "这一格里多了“'”，删去即可"),
        (forms.ROSTER, "公民身份号码", lambda stood: stood + "\u200b", "零宽空格（U+200B）"),
        (forms.ROSTER, "公民身份号码", lambda stood: float(stood[:15] + "000"), "照身份证重新输入18位号码"),
        (forms.ROSTER, "公民身份号码", lambda _stood: "6.29921E+17", "设为文本格式"),
        (forms.ROSTER, "所在党支部", lambda stood: stood.removesuffix("党支部"), "党支部”"),
        (forms.ROSTER, "所在党支部", lambda stood: stood + "\u200b", "看不见的零宽空格"),
    ],
)
def test_a_cell_is_answered_with_what_was_probably_meant(
    folder: Path, form: str, heading: str, wrong: Callable[[Any], Any], said: str
) -> None:
    _stood, problems = spoilt(folder, form, heading, wrong)
    faults = [one for one in problems if one.place.column == heading and one.place.file.startswith(form)]
    assert faults
    assert all(said in one.mend for one in faults)


# --- numbers against the rosters --------------------------------------------------------------------------------


def wrong_digit(number: str) -> str:
    """The number with one digit other, its check digit no longer right."""
    return number[:15] + str((int(number[15]) + 1) % 10) + number[16:]


def swapped(number: str) -> str:
    """The number with the first two unlike neighbours of the sequence exchanged."""
    at = next(at for at in range(13, 16) if number[at] != number[at + 1])
    return number[:at] + number[at + 1] + number[at] + number[at + 2 :]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (lambda number: float(number[:15] + "000"), "留下的前15位与名册中"),
        (lambda number: number[:6] + number[8:17], "18位号码相符"),
        (wrong_digit, "只有一位不同"),
        (swapped, "只有相邻两位颠倒"),
    ],
)
def test_a_number_is_told_whose_it_probably_is(folder: Path, wrong: Callable[[str], Any], said: str) -> None:
    page = Page(first(folder, forms.MARKS))
    row = next(row for row in page.rows() if page[row, "公民身份号码"].strip().isdigit())
    number, name = identity.normalise(page[row, "公民身份号码"]), page[row, "姓名"]
    page[row, "公民身份号码"] = wrong(number)
    page.save()
    (one,) = took(folder).desk.problems
    assert said in one.mend
    assert identity.masked(number) in one.mend
    assert number not in one.mend
    assert name.strip()[0] in one.mend


def test_a_number_nobody_has_is_told_of_the_faulty_row_of_that_name(folder: Path) -> None:
    nominated = Page(first(folder, forms.NOMINATIONS))
    row = nominated.rows()[0]
    roster = next(
        page
        for path in (folder / forms.ROSTER).iterdir()
        for page in [Page(path)]
        if any(page[at, "公民身份号码"] == nominated[row, "公民身份号码"] for at in page.rows())
    )
    at = next(at for at in roster.rows() if roster[at, "公民身份号码"] == nominated[row, "公民身份号码"])
    roster[at, "公民身份号码"] = "110"
    roster.save()
    found = [one for one in took(folder).desk.problems if one.place.file.startswith(forms.NOMINATIONS)]
    assert found
    assert all(f"第{at}行有同名的党员，那一行有错" in one.mend for one in found)


def test_a_namesake_in_another_branch_is_named(folder: Path) -> None:
    people = took(folder).desk.known
    roster, marks = Page(first(folder, forms.ROSTER)), Page(first(folder, forms.MARKS))
    one = roster.rows()[0]
    other = next(row for row in roster.rows() if roster[row, "所在党支部"] != roster[one, "所在党支部"])
    for page in (roster, marks):
        for row in page.rows():
            if page[row, "公民身份号码"] == roster[other, "公民身份号码"]:
                page[row, "姓名"] = roster[one, "姓名"]
    row = next(row for row in marks.rows() if marks[row, "公民身份号码"] == roster[one, "公民身份号码"])
    marks[row, "所在党支部"] = roster[other, "所在党支部"]
    roster.save()
    marks.save()
    number = identity.normalise(roster[other, "公民身份号码"])
    found = [one for one in took(folder).desk.problems if one.place.file.startswith(forms.MARKS)]
    assert number in people
    assert f"另有同名党员（{identity.masked(number)}）" in only(found, "所在党支部").mend


# --- rows and files ---------------------------------------------------------------------------------------------


def test_a_total_read_as_a_person_is_recognised(folder: Path) -> None:
    page = Page(first(folder, forms.NOMINATIONS))
    row, summed = page.total, page[page.total, "提名党员数"]
    for cell in page.sheet[row]:
        cell.value = None
    page[row, "提名党员数"] = summed
    page.save()
    problems = took(folder).desk.problems
    assert {one.place.row for one in problems} == {row}
    assert all("这一行像是合计行" in one.mend for one in problems)


def test_a_total_whose_label_stands_behind_other_words_is_recognised(folder: Path) -> None:
    page = Page(first(folder, forms.ROSTER))
    page.sheet.cell(page.total, 1).value = "某县"
    page[page.total, "姓名"] = "合计"
    page.save()
    problems = [one for one in took(folder).desk.problems if one.place.row == page.total]
    assert problems
    assert all("这一行像是合计行" in one.mend for one in problems)


def test_a_total_of_the_register_is_recognised_too(folder: Path) -> None:
    page = Page(folder / forms.UNITS)
    page.sheet.cell(page.total, 1).value = None
    page.save()
    problems = took(folder).desk.problems
    assert {(one.place.file, one.place.row) for one in problems} == {(forms.UNITS, page.total)}
    assert all("这一行像是合计行" in one.mend for one in problems)


def test_a_parent_in_the_register_is_answered_with_what_was_meant(folder: Path) -> None:
    page = Page(folder / forms.UNITS)
    row = next(row for row in page.rows() if page[row, "组织类别"] == "党支部")
    parent = "".join(str(page[row, "上级党组织"]).split())
    page[row, "上级党组织"] = parent[:-2] + parent[-1:]
    page.save()
    found = [one for one in took(folder).desk.problems if one.place.file == forms.UNITS]
    assert f"可能是想写“{parent}”" in only(found, "上级党组织").mend


def test_a_person_in_the_last_row_is_no_total(folder: Path) -> None:
    page = Page(first(folder, forms.ROSTER))
    page[page.rows()[-1], "学历"] = "大学"
    page[page.rows()[-1], "流动党员"] = "？"
    page.save()
    (one,) = (one for one in took(folder).desk.problems if one.place.file.startswith(forms.ROSTER))
    assert "合计" not in one.mend


def test_headings_on_a_later_sheet_are_found(folder: Path) -> None:
    page = Page(folder / forms.CHECKS)
    page.book.create_sheet("填表说明", 0)["A1"] = "请照说明填写"
    page.save()
    (one,) = (one for one in took(folder).desk.problems if one.place.file == forms.CHECKS)
    assert f"表头在后面的工作表“{page.sheet.title}”里" in one.mend


def test_another_form_in_this_place_is_named(folder: Path) -> None:
    shutil.copy(folder / forms.STANDARD, folder / forms.CHECKS)
    (one,) = (one for one in took(folder).desk.problems if one.place.file == forms.CHECKS)
    assert "这像是“09 政治标准考察”的表" in one.mend


@pytest.mark.parametrize("form", [forms.ROSTER, forms.STEPS, forms.MARKS, forms.NOMINATIONS])
def test_another_committees_file_in_this_place_is_named(folder: Path, form: str) -> None:
    one, other, *_rest = sorted(path for path in (folder / form).iterdir() if path.stem != "县委")
    shutil.copy(other, one)
    taken = took(folder)
    here = one.relative_to(folder).as_posix()
    assert any(
        f"属于{other.stem}，多半是把它的文件放到了这里" in odd.wrong
        for odd in taken.desk.oddities
        if odd.place.file == here
    )
    branches = [
        found for found in taken.desk.problems if found.place.file == here and "党支部" in found.place.column
    ]
    assert all(f"换成{one.stem}自己的文件" in found.mend for found in branches)
    assert bool(branches) == (form != forms.STEPS)
    there = other.relative_to(folder).as_posix()
    twice = [one for one in taken.desk.problems if one.place.file == there]
    assert all("先改那一个，这里多半不用动" in one.mend for one in twice)
    assert bool(twice) == (form == forms.ROSTER)


def stamped(folder: Path, **said: str) -> Path:
    """The form 08 of that county as it was handed out, filled in, with another stamp."""
    plan = running.adopt(folder)
    made = folder.with_name("发出")
    blank.write(made, plan, "", prefill.nothing(plan))
    source, target = Page(folder / forms.PROFILES), openpyxl.load_workbook(made / forms.PROFILES)
    page = target.worksheets[0]
    total = next(row for row in range(4, page.max_row + 1) if page.cell(row, 1).value == "合计")
    at = {cell.value: cell.column for cell in page[3]}
    for number, row in enumerate(source.rows(), start=4):
        for heading, column in at.items():
            page.cell(number, column).value = source[row, heading]
    page.cell(total, at["姓名"]).value = len(source.rows())
    for name, words in said.items():
        target.defined_names[stamp.PREFIX + name].value = stamp.formula(words)
    target.save(folder / forms.PROFILES)
    return folder / forms.PROFILES


@pytest.mark.parametrize(
    ("name", "words", "said"),
    [
        (stamp.SELECTION, "chengxian-2017", "这份表是为另一次推荐工作发出的"),
        (stamp.VERSION, "0", "这份表是旧的表式版本"),
        (stamp.FORM, forms.CHECKS, "这份表发出时是另一种表"),
    ],
)
def test_an_old_or_other_form_is_named_by_its_stamp(folder: Path, name: str, words: str, said: str) -> None:
    stamped(folder)
    fresh = took(folder).desk
    assert [one for one in (*fresh.problems, *fresh.oddities) if one.place.file == forms.PROFILES] == []
    stamped(folder, **{name: words})
    found = took(folder).desk
    assert found.problems == []
    (one,) = (one for one in found.oddities if one.place.file == forms.PROFILES)
    assert said in one.wrong


def test_last_years_form_is_named_by_its_title(folder: Path) -> None:
    page = Page(folder / forms.SURVEYS)
    page.sheet["A1"] = "2017年推荐工作满意度测评汇总表"
    page.save()
    found = took(folder).desk
    assert found.problems == []
    (one,) = (one for one in found.oddities if one.place.file == forms.SURVEYS)
    assert (one.read, "不是本次工作的2022年" in one.wrong) == ("2017年", True)


def test_two_dots_in_one_name_are_odd(folder: Path) -> None:
    page = Page(first(folder, forms.ROSTER))
    marks = Page(first(folder, forms.MARKS))
    row = page.rows()[0]
    number = page[row, "公民身份号码"]
    for each in (page, marks):
        for at in each.rows():
            if each[at, "公民身份号码"] == number:
                each[at, "姓名"] = "阿不都·热合曼•买买提"
        each.save()
    oddities = [one for one in took(folder).desk.oddities if one.wrong == "一个姓名里用了两种间隔点"]
    assert [one.place.row for one in oddities] == [row]


def test_an_honest_county_is_left_alone(honest: Path) -> None:
    taken = took(honest)
    assert taken.desk.problems == []
    assert not any("多半" in one.wrong or "可能" in one.wrong for one in taken.desk.oddities)
