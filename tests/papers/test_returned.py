"""The same workbook back: faults shown where they are, everything else as people left it, and readable again."""

from __future__ import annotations

import random
import re
import shutil
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import msgspec
import openpyxl
import pytest
import xlsxwriter
from defusedxml import ElementTree
from openpyxl.comments import Comment
from openpyxl.formatting.rule import CellIsRule
from openpyxl.styles import Border, Font, PatternFill, Side
from openpyxl.worksheet.datavalidation import DataValidation

from fourgates import run as running
from fourgates.papers import reading, returned, stamp
from fourgates.papers.intake import Grid
from fourgates.papers.problems import Place, Problem
from fourgates.papers.remarks import MARK, Cell
from fourgates.papers.styling import COLOUR
from fourgates.papers.workbook import Limits, Sheet
from fourgates.papers.worker import read as read_here
from fourgates.simulate import county, writing
from fourgates.simulate.chances import chances
from fourgates.simulate.faults.catalogue import plant

OFFICE = shutil.which("soffice")
HEADINGS = ["序号", "姓名", "性别", "日期"]
AT = {heading: [column] for column, heading in enumerate(HEADINGS)}


def grid(path: Path) -> Grid:
    return Grid(path, 3, AT)


def fault(row: int | None, column: str, wrong: str = "错了") -> Problem:
    return Problem(Place("表.xlsx", "名册", row, column), "甲", wrong, "改正它")


def dressed(path: Path) -> Path:
    """A workbook as offices dress one: widths, merges, fills, rules, a drop-down list, a note of their own, more sheets."""
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    page.title = "名册"
    page.append(["某党委党员名册表"])
    page.merge_cells("A1:D1")
    page.append(["填报单位：某党委"])
    page.append(HEADINGS)
    for row in (
        ["1", "王伟", "男", "2022-02-21"],
        ["2", "李娜", None, "=DATE(2022,2,21)"],
        ["3", "赵敏", "女", ""],
    ):
        page.append(row)
    page["B4"].font = Font(name="楷体", bold=True, color="FF0000FF")
    page["B4"].border = Border(left=Side(style="thick"))
    page["C4"].fill = PatternFill("solid", fgColor="FFFFFF00")
    page["D4"].number_format = "yyyy年m月d日"
    page.column_dimensions["B"].width = 31.5
    page.row_dimensions[5].height = 44
    page.column_dimensions["C"].hidden = True
    rule = DataValidation(type="list", formula1='"男,女"', allow_blank=True)
    rule.add("C4:C99")
    page.add_data_validation(rule)
    page.conditional_formatting.add("A4:A9", CellIsRule("equal", ["1"], fill=PatternFill(bgColor="FF00FF00")))
    page["B5"].comment = Comment("她已调走", "县委办")
    page["A6"].comment = Comment("核对过", "县委办")
    page.print_title_rows = "1:3"
    page.freeze_panes = "A4"
    page.auto_filter.ref = "A3:D6"
    page.protection.sheet = True
    other = book.create_sheet("说明")
    other.append(["=名册!A4", "不用填"])
    book.save(path)
    return path


def give_back(path: Path, problems: list[Problem], oddities: list[Problem] | None = None) -> Path:
    back = path.with_name("退改.xlsx")
    back.write_bytes(returned.workbook(path.read_bytes(), grid(path), problems, oddities or []))
    return back


def looks(cell: Any) -> tuple[Any, ...]:
    return (
        cell.value,
        cell.number_format,
        repr(cell.font),
        repr(cell.fill),
        repr(cell.border),
        repr(cell.alignment),
        repr(cell.protection),
        cell.comment.text if cell.comment else None,
    )


def sheet_of(path: Path) -> Sheet:
    found = reading.read(path)
    assert isinstance(found, Sheet), found
    return found


def test_what_people_did_not_get_wrong_stays_as_it_was(tmp_path: Path) -> None:
    path = dressed(tmp_path / "表.xlsx")
    back = give_back(path, [fault(4, "姓名"), fault(5, "性别"), fault(5, "姓名")])
    before, after = openpyxl.load_workbook(path), openpyxl.load_workbook(back)
    assert after.sheetnames == [stamp.LISTING, *before.sheetnames]
    touched = {"B4", "C5", "B5"}
    for name in before.sheetnames:
        old, new = before[name], after[name]
        assert new.dimensions == old.dimensions
        for row in old.iter_rows():
            for cell in row:
                if name != "名册" or cell.coordinate not in touched:
                    assert looks(new[cell.coordinate]) == looks(cell), cell.coordinate
        assert new.merged_cells.ranges == old.merged_cells.ranges
        assert {k: (v.width, v.hidden) for k, v in new.column_dimensions.items()} == {
            k: (v.width, v.hidden) for k, v in old.column_dimensions.items()
        }
        assert {k: v.height for k, v in new.row_dimensions.items()} == {
            k: v.height for k, v in old.row_dimensions.items()
        }
        rules = [
            [(r.type, r.formula1, str(r.sqref)) for r in one.data_validations.dataValidation]
            for one in (old, new)
        ]
        assert rules[0] == rules[1]
        assert [str(one.sqref) for one in new.conditional_formatting] == [
            str(one.sqref) for one in old.conditional_formatting
        ]
        assert (new.print_title_rows, new.freeze_panes) == (old.print_title_rows, old.freeze_panes)
        assert (new.auto_filter.ref, new.protection.sheet) == (old.auto_filter.ref, old.protection.sheet)


def test_no_byte_of_the_other_cells_changes(tmp_path: Path) -> None:
    path = dressed(tmp_path / "表.xlsx")
    back = give_back(path, [fault(4, "姓名")])
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(back) as new:
        sheets = [archive.read("xl/worksheets/sheet1.xml").split(b"<c ") for archive in (old, new)]
        changed = [
            b for a, b in zip(*sheets, strict=True) if a.replace(b'tabSelected="1"', b'tabSelected="0"') != b
        ]
        assert [one.partition(b" ")[0] for one in changed] == [b'r="B4"']
        kept = {name for name in old.namelist() if old.read(name) == new.read(name)}
        assert set(old.namelist()) - kept == {
            "[Content_Types].xml",
            "xl/workbook.xml",
            "xl/_rels/workbook.xml.rels",
            "xl/styles.xml",
            "xl/worksheets/sheet1.xml",
            *(name for name in old.namelist() if "comment" in name),
        }


def test_a_faulty_cell_is_coloured_and_says_why(tmp_path: Path) -> None:
    path = dressed(tmp_path / "表.xlsx")
    back = give_back(
        path, [fault(4, "姓名", "名字不对"), fault(4, "姓名", "还有"), fault(5, "性别"), fault(5, "姓名")]
    )
    old, new = openpyxl.load_workbook(path)["名册"], openpyxl.load_workbook(back)["名册"]
    for where in ("B4", "C5", "B5"):
        assert new[where].fill.fgColor.rgb == COLOUR
        assert looks(new[where])[:3] == looks(old[where])[:3]
        assert repr(new[where].border) == repr(old[where].border)
    assert (
        new["B4"].comment.text
        == f"{MARK}读到：甲\n问题：名字不对\n怎么改：改正它\n\n读到：甲\n问题：还有\n怎么改：改正它"
    )
    assert new["B5"].comment.text.startswith("她已调走")
    assert "问题：错了" in new["B5"].comment.text


def test_an_empty_cell_where_none_was_written_is_shown_too(tmp_path: Path) -> None:
    path = tmp_path / "表.xlsx"
    with xlsxwriter.Workbook(path) as book:
        page = book.add_worksheet("名册")
        for column, heading in enumerate(HEADINGS):
            page.write(2, column, heading)
        page.write(3, 1, "王伟")
        page.write(3, 3, "2022-02-21")
        page.write(4, 2, "男")
    back = give_back(path, [fault(4, "序号"), fault(4, "性别"), fault(5, "日期")])
    new = openpyxl.load_workbook(back)["名册"]
    assert [new[where].fill.fgColor.rgb for where in ("A4", "C4", "D5")] == [COLOUR] * 3
    assert new["B4"].fill.fill_type is None
    assert sheet_of(back).rows == sheet_of(path).rows


def test_the_listing_stands_in_front_and_is_not_read(tmp_path: Path) -> None:
    path = dressed(tmp_path / "表.xlsx")
    back = give_back(
        path, [fault(4, "姓名"), fault(None, "联系电话"), fault(None, "性别")], [fault(6, "日期", "奇怪")]
    )
    page = openpyxl.load_workbook(back)[stamp.LISTING]
    rows = [[cell for cell in row if cell] for row in page.iter_rows(values_only=True)]
    assert rows[0][0].startswith("问题清单：共3处")
    assert rows[3:6] == [
        ["1", "B4", "4", "姓名", "甲", "错了", "改正它"],
        ["2", "联系电话", "甲", "错了", "改正它"],
        ["3", "C3", "性别", "甲", "错了", "改正它"],
    ]
    assert rows[7][:3] == ["1", "6", "日期"]
    assert page["B4"].hyperlink.location == "'名册'!B4"
    assert page["B4"].hyperlink.target is None
    assert (sheet_of(back).name, sheet_of(back).rows) == ("名册", sheet_of(path).rows)


def test_a_sheet_of_the_same_name_that_is_the_offices_own_is_read(tmp_path: Path) -> None:
    path = tmp_path / "表.xlsx"
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active.title = stamp.LISTING
    book.active.append(["某党委"])
    book.active.append([])
    book.active.append(HEADINGS)
    book.active.append(["1", "王伟", "男", "2022-02-21"])
    book.save(path)
    assert sheet_of(path).name == stamp.LISTING
    back = give_back(path, [fault(4, "姓名")])
    assert openpyxl.load_workbook(back).sheetnames == [stamp.LISTING + "2", stamp.LISTING]
    assert sheet_of(back).rows == sheet_of(path).rows


def test_what_strangers_wrote_is_never_worked_out_or_followed(tmp_path: Path) -> None:
    path = dressed(tmp_path / "表.xlsx")
    wrong = msgspec.structs.replace(fault(4, "姓名"), read='=HYPERLINK("http://x/")', wrong="<&>_x0041_\x07")
    back = give_back(path, [wrong])
    page = openpyxl.load_workbook(back)[stamp.LISTING]
    assert (page["E4"].value, page["E4"].data_type) == ('=HYPERLINK("http://x/")', "s")
    assert page["F4"].value == "<&>_x0041_\ufffd" or page["F4"].value == "<&>_x005F_x0041_\ufffd"
    with zipfile.ZipFile(back) as archive:
        assert not any(
            b"External" in archive.read(name) for name in archive.namelist() if name.endswith(".rels")
        )


def test_a_second_return_shows_only_what_is_still_wrong(tmp_path: Path) -> None:
    path = dressed(tmp_path / "表.xlsx")
    once = give_back(path, [fault(4, "姓名"), fault(4, "性别"), fault(5, "姓名")])
    again = tmp_path / "二" / "表.xlsx"
    again.parent.mkdir()
    shutil.copy(once, again)
    back = give_back(again, [fault(4, "性别", "仍然错")])
    assert openpyxl.load_workbook(back).sheetnames == [stamp.LISTING, "名册", "说明"]
    old, new = openpyxl.load_workbook(path)["名册"], openpyxl.load_workbook(back)["名册"]
    assert looks(new["B4"]) == looks(old["B4"])
    assert looks(new["B5"])[:7] == looks(old["B5"])[:7]
    assert new["B5"].comment.text.strip() == "她已调走"
    assert (new["C4"].fill.fgColor.rgb, new["C4"].comment.text) == (
        COLOUR,
        f"{MARK}读到：甲\n问题：仍然错\n怎么改：改正它",
    )
    with zipfile.ZipFile(back) as archive:
        boxes = b"".join(archive.read(name) for name in archive.namelist() if name.endswith(".vml"))
    assert len(re.findall(rb"<(?:\w+:)?Row\b", boxes)) == 3


@pytest.mark.skipif(OFFICE is None, reason="LibreOffice (soffice) is not here: nobody opened the workbook")
def test_the_office_program_opens_it_and_saves_it_readable(tmp_path: Path) -> None:
    path = dressed(tmp_path / "表.xlsx")
    back = give_back(path, [fault(4, "姓名"), fault(5, "性别"), fault(5, "姓名")])
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    command = [
        str(OFFICE),
        profile,
        "--headless",
        "--convert-to",
        "xlsx",
        "--outdir",
        str(tmp_path / "存过"),
        str(back),
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=240)
    saved = tmp_path / "存过" / back.name
    assert sheet_of(saved).name == "名册"
    page = openpyxl.load_workbook(saved)["名册"]
    assert [row[1].value for row in page["A4:D6"]] == ["王伟", "李娜", "赵敏"]
    assert page["B4"].fill.fgColor.rgb == COLOUR
    assert "问题：错了" in page["B4"].comment.text
    assert page["B5"].comment.text.startswith("她已调走")
    # And once more, out of what the office program made of it.
    twice = tmp_path / "三.xlsx"
    twice.write_bytes(returned.workbook(saved.read_bytes(), grid(saved), [fault(4, "性别")], []))
    new = openpyxl.load_workbook(twice)["名册"]
    assert new["B4"].fill.fill_type is None
    assert (new["B4"].comment, new["C4"].fill.fgColor.rgb) == (None, COLOUR)
    assert openpyxl.load_workbook(twice).sheetnames == [stamp.LISTING, "名册", "说明"]


@pytest.mark.parametrize(
    "fault_", ["number_stored_as_number", "unknown_option", "parts_not_whole", "wrong_sum"]
)
def test_a_county_mends_what_comes_back_and_only_that_is_recorded(tmp_path: Path, fault_: str) -> None:
    invented = county.invent("退改", county.SMALL)
    assert plant(invented, [fault_], chances("退改", fault_))
    folder, honest, out = tmp_path / "县", tmp_path / "对", tmp_path / "果"
    writing.write(invented.sheets, invented.toml(), invented.files, folder)
    county.make(honest, seed="退改", size=county.SMALL)
    first = running.run(folder, out, running.adopt(folder))
    places = [one.place for one in first.problems]
    assert len(places) > 0
    written = returned.write(out / "returned", first.grids, first.problems, first.oddities)
    assert written == sorted({place.file for place in places})
    for file in written:
        mend(
            out / "returned" / file,
            honest / file,
            folder / file,
            [place for place in places if place.file == file],
        )
    second = running.run(folder, out, running.adopt(folder))
    assert second.problems == []
    # What was said of the county before the fault, word for word: so only what it touched was recorded anew.
    assert second.added < first.added / 3
    assert returned.write(out / "returned", second.grids, second.problems, second.oddities) == []
    assert list((out / "returned").rglob("*.xlsx")) == []


def mend(back: Path, right: Path, to: Path, places: list[Place]) -> None:
    """Mend the coloured cells of a returned workbook as a clerk does, and put it back; nothing else is touched."""
    good = openpyxl.load_workbook(right).active
    with zipfile.ZipFile(back) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    book = openpyxl.load_workbook(back)
    (name,) = {place.sheet for place in places}
    assert good is not None
    coloured = [cell for row in book[name].iter_rows() for cell in row if cell.fill.fgColor.rgb == COLOUR]
    assert coloured
    sheet = f"xl/worksheets/sheet{book.sheetnames.index(name)}.xml"
    for cell in coloured:
        parts[sheet] = put(parts[sheet], cell.coordinate, good[cell.coordinate])
    with zipfile.ZipFile(to, "w") as archive:
        for part, content in parts.items():
            archive.writestr(part, content)


def put(sheet: bytes, where: str, cell: Any) -> bytes:
    """The sheet with the value of ``cell`` at ``where``, formulas elsewhere keeping the results they have."""
    if isinstance(cell.value, int | float):
        new = f"><v>{cell.value}</v></c>"
    elif cell.is_date:
        new = f' t="inlineStr"><is><t>{cell.value:%Y-%m-%d}</t></is></c>'
    else:
        new = f' t="inlineStr"><is><t>{cell.value}</t></is></c>'
    found = re.search(rf'<c r="{where}"([^>]*?)(?:/>|>.*?</c>)'.encode(), sheet)
    assert found is not None, where
    style = re.search(rb's="\d+"', found[1])
    assert style is not None
    return (
        sheet[: found.start()] + f'<c r="{where}" '.encode() + style[0] + new.encode() + sheet[found.end() :]
    )


def test_a_workbook_somebody_works_on_is_set_aside_not_overwritten(tmp_path: Path) -> None:
    path = dressed(tmp_path / "表.xlsx")
    out = tmp_path / "returned"
    returned.write(out, {"表.xlsx": grid(path)}, [fault(4, "姓名")], [])
    returned.write(out, {"表.xlsx": grid(path)}, [fault(4, "姓名")], [])
    assert [one.name for one in sorted(out.glob("*.xlsx"))] == ["表.xlsx"]
    book = openpyxl.load_workbook(out / "表.xlsx")
    book["名册"]["B4"].value = "王玮"
    book.save(out / "表.xlsx")
    returned.write(out, {"表.xlsx": grid(path)}, [fault(4, "姓名")], [])
    assert sorted(one.name for one in out.glob("*.xlsx")) == ["表.xlsx", "表（改过，未放回1）.xlsx"]
    returned.write(out, {"表.xlsx": grid(path)}, [], [])
    assert [one.name for one in out.glob("*.xlsx")] == ["表（改过，未放回1）.xlsx"]


def test_two_hundred_mutations_come_back_readable_or_not_at_all(tmp_path: Path) -> None:
    chance = random.Random(20220221)
    whole = dressed(tmp_path / "表.xlsx")
    with zipfile.ZipFile(whole) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    came_back = 0
    for number in range(200):
        name = chance.choice(sorted(parts))
        letters = bytearray(parts[name])
        for _ in range(chance.randrange(1, 4)):
            letters[chance.randrange(len(letters))] = chance.choice(b'<>"/= 0159acr:')
        path = tmp_path / f"{number}.xlsx"
        with zipfile.ZipFile(path, "w") as archive:
            for part, content in parts.items():
                archive.writestr(part, bytes(letters) if part == name else content)
        before = read_here(path, Limits(), careful=False)
        if before.reason:
            continue
        out = tmp_path / f"{number}"
        if returned.write(out, {"表.xlsx": grid(path)}, [fault(4, "姓名"), fault(5, "性别")], []):
            came_back += 1
            after = read_here(out / "表.xlsx", Limits(), careful=False)
            assert (after.reason, after.name, after.rows) == ("", before.name, before.rows), name
            with zipfile.ZipFile(out / "表.xlsx") as archive:
                assert archive.testzip() is None
    assert came_back > 50


@pytest.mark.parametrize("name", ["../甲.xlsx", "02 党员名册/../../甲.xlsx", "/甲.xlsx", "a\\..\\甲.xlsx"])
def test_nothing_is_written_or_removed_outside_its_folder(tmp_path: Path, name: str) -> None:
    path = dressed(tmp_path / "表.xlsx")
    out = tmp_path / "果" / "returned"
    assert (
        returned.write(
            out,
            {name: grid(path)},
            [msgspec.structs.replace(fault(4, "姓名"), place=Place(name, "名册", 4, "姓名"))],
            [],
        )
        == []
    )
    assert list(tmp_path.rglob("*.xlsx")) == [path]


def test_comments_hang_on_the_sheet_itself_not_inside_a_rule(tmp_path: Path) -> None:
    path = tmp_path / "表.xlsx"
    with xlsxwriter.Workbook(path) as book:
        page = book.add_worksheet("名册")
        page.write_row(2, 0, HEADINGS)
        page.write_row(3, 0, [1, "王伟", "男", 3])
        # Such a bar keeps an extLst of its own inside the rule, and another at the end of the sheet.
        page.conditional_format("D4:D9", {"type": "data_bar", "data_bar_2010": True})
        page.add_table("F3:G5")
    back = give_back(path, [fault(4, "姓名")])
    with zipfile.ZipFile(back) as archive:
        top = ElementTree.fromstring(archive.read("xl/worksheets/sheet1.xml"))
    order = [child.tag.rpartition("}")[2] for child in top]
    assert order[-3:] == ["legacyDrawing", "tableParts", "extLst"]
    assert sheet_of(back).rows == sheet_of(path).rows


def test_every_part_that_is_made_is_xml(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "表.xlsx") as book:
        page = book.add_worksheet("名册")
        for column, heading in enumerate(HEADINGS):
            page.write(2, column, heading)
        page.write(3, 1, "王伟")
    for path in (dressed(tmp_path / "有批注.xlsx"), tmp_path / "表.xlsx"):
        with zipfile.ZipFile(give_back(path, [fault(4, "姓名", "<&>\"'"), fault(4, "性别")])) as archive:
            for name in archive.namelist():
                ElementTree.fromstring(archive.read(name))


def test_cells_are_named_as_a_spreadsheet_names_them() -> None:
    assert [Cell(0, column).name for column in (0, 25, 26, 701, 702)] == ["A1", "Z1", "AA1", "ZZ1", "AAA1"]
