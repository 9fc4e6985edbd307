"""The lists hold who they should, in stroke order, as inert text, ready to print, without citizen numbers."""

from __future__ import annotations

import zipfile
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

import cast
from fourgates.papers import lists
from fourgates.papers.abbreviations import abbreviations
from fourgates.papers.people import People
from fourgates.selection import Selection
from fourgates.units import Tree, Unit
from papers import reported

ALL = ["推荐人选建议名单.xlsx", "上报人选名册.xlsx", "推荐提名汇总.xlsx", "未参与党员名单.xlsx"]


def sheets(
    folder: Path, selection: Selection | None = None, people: People | None = None
) -> dict[str, Worksheet]:
    made = lists.write(
        folder, selection or reported.stands(), people or reported.people(), head=reported.HEAD
    )
    return {path.stem: openpyxl.load_workbook(path).worksheets[0] for path in made}


def rows(sheet: Worksheet) -> list[dict[str, object]]:
    """The rows between headings and 合计, by heading."""
    lines = [[cell.value for cell in line] for line in sheet.iter_rows(min_row=3)]
    headings = [str(one) for one in lines[0]]
    until = next(place for place, line in enumerate(lines) if line[0] == "合计")
    return [dict(zip(headings, line, strict=True)) for line in lines[1:until]]


def total(sheet: Worksheet) -> list[object]:
    return next(
        [cell.value for cell in line] for line in sheet.iter_rows(min_row=4) if line[0].value == "合计"
    )


def test_the_lists_are_written_and_name_each_other(tmp_path: Path) -> None:
    made = sheets(tmp_path / "lists", reported.stands(cast.without(("CountyDecided", ""))))
    assert [f"{name}.xlsx" for name in made] == ALL
    assert sorted(path.name for path in (tmp_path / "lists").iterdir()) == sorted(ALL)


def test_the_proposed_list_is_in_stroke_order_with_what_stands_behind(tmp_path: Path) -> None:
    sheet = sheets(tmp_path)["推荐人选建议名单"]
    assert [(row["序号"], row["姓名"], row["党（工）委"]) for row in rows(sheet)] == [
        (1, "王　芳（女，回族）", cast.LIUHE),
        (2, "李　梅（女）", cast.CHENGGUAN),
    ]
    assert [(row["推荐党支部"], row["推荐党员"]) for row in rows(sheet)] == [(2, 8), (3, 13)]
    assert rows(sheet)[1]["类别"] == "生产和工作一线、农民"
    assert total(sheet)[:2] == ["合计", "2人"]
    assert total(sheet)[-2:] == [5, 21]


def test_those_sent_up_stand_by_committee_in_the_order_of_the_register(tmp_path: Path) -> None:
    found = rows(sheets(tmp_path)["上报人选名册"])
    assert [(row["党（工）委"], row["姓名"], row["同意/应到"]) for row in found] == [
        (cast.CHENGGUAN, "李　梅（女）", "7/9"),
        (cast.CHENGGUAN, "何　平", "5/9"),
        (cast.LIUHE, "王　芳（女，回族）", "6/7"),
        (cast.SHUILI, "周　正", "3/5"),
    ]
    assert [row["廉洁纪律关"] for row in found] == ["达到"] * 4


def test_the_tally_is_in_the_order_announced(tmp_path: Path) -> None:
    sheet = sheets(tmp_path)["推荐提名汇总"]
    assert [(row["位次"], row["推荐党支部"], row["推荐党员"], row["是否上报"]) for row in rows(sheet)] == [
        (1, 3, 13, "上报"),
        (2, 2, 5, "上报"),
        (3, 2, 3, None),
        (1, 2, 8, "上报"),
        (2, 1, 4, None),
        (3, 1, 1, None),
        (1, 1, 5, "上报"),
        (2, 1, 2, None),
    ]
    assert total(sheet)[2:] == ["8人", None, None, 13, 41, "4人"]


def test_those_absent_stand_with_their_reason(tmp_path: Path) -> None:
    sheet = sheets(tmp_path)["未参与党员名单"]
    (row,) = rows(sheet)
    assert (row["姓名"], row["所在党支部"], row["未参与原因"]) == ("宋江河", cast.VILLAGE, "外出务工")
    assert total(sheet)[-1] == "应参与27人"


def test_every_list_prints_on_a4_with_its_headings_on_every_page(tmp_path: Path) -> None:
    for sheet in sheets(tmp_path).values():
        assert sheet.page_setup.paperSize == 9
        assert sheet.print_title_rows == "$1:$3"
        assert sheet["A1"].value == sheet.title
        assert sheet["A2"].value == "单位：中共青梧县委"


@pytest.mark.parametrize("hostile", ["=1+1", "+1", "@SUM(A1)", '=HYPERLINK("http://x/")', "<b>&"])
def test_names_are_inert(tmp_path: Path, hostile: str) -> None:
    sheet = sheets(tmp_path, people=reported.people(李梅=hostile))["上报人选名册"]
    (kind,) = (
        cell.data_type
        for (cell,) in sheet.iter_rows(min_col=3, max_col=3)
        if cell.value == f"{hostile}（女）"
    )
    assert kind == "s"


def test_no_citizen_number_leaves_the_county(tmp_path: Path) -> None:
    sheets(tmp_path)
    for path in tmp_path.iterdir():
        with zipfile.ZipFile(path) as parts:
            everything = "".join(parts.read(name).decode("utf-8", "replace") for name in parts.namelist())
        for name in reported.NAMES:
            assert reported.number(name) not in everything


def test_a_name_that_no_stroke_table_has_stands_last_and_a_note_says_so(tmp_path: Path) -> None:
    sheet = sheets(tmp_path, people=reported.people(王芳="\U00030000芳"))["推荐人选建议名单"]
    assert [row["姓名"] for row in rows(sheet)] == ["李　梅（女）", "\U00030000　芳（女，回族）"]
    last = [cell.value for (cell,) in sheet.iter_rows(min_row=4, max_col=1)][-1]
    assert "笔画表中没有这些字，有关姓名暂列最后，请更正：\U00030000（\U00030000芳）" in str(last)


def test_where_no_list_exists_the_file_says_so_and_nobody_is_on_it(tmp_path: Path) -> None:
    sheets(tmp_path)
    sheet = sheets(tmp_path, reported.infeasible())["推荐人选建议名单"]
    assert rows(sheet) == []
    last = [cell.value for (cell,) in sheet.iter_rows(min_row=4, max_col=1)][-1]
    assert "目前不存在符合人选结构要求的名单" in str(last)


def test_the_decided_list_stands_only_while_there_is_a_decision(tmp_path: Path) -> None:
    decided = sheets(tmp_path)["县委决定上报名单"]
    assert [row["姓名"] for row in rows(decided)] == ["王　芳（女，回族）", "李　梅（女）"]
    sheets(tmp_path, reported.stands(cast.without(("CountyDecided", ""))))
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(ALL)


def test_units_are_called_as_offices_call_them() -> None:
    tree = Tree(
        [
            Unit("中共青梧县县委", "county"),
            Unit("中共青梧县城关镇委员会", "committee", "中共青梧县县委", "township", 1),
            Unit("中共青梧县县直机关工作委员会", "working_committee", "中共青梧县县委", "county_direct", 1),
            Unit("城关镇党委", "branch", "中共青梧县城关镇委员会"),
            Unit("机关党支部", "branch", "中共青梧县县直机关工作委员会"),
        ]
    )
    assert abbreviations(tree) == {
        "中共青梧县县委": "中共青梧县县委",
        "中共青梧县城关镇委员会": "中共青梧县城关镇委员会",
        "中共青梧县县直机关工作委员会": "县直机关工委",
        "城关镇党委": "城关镇党委",
        "机关党支部": "机关党支部",
    }
