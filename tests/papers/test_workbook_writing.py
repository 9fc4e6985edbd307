"""What is written reads back equal, is never worked out, and is the same every time."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

import msgspec
import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fourgates.papers import reading
from fourgates.papers.workbook import Cell, Limits, Sheet
from fourgates.papers.worker import read
from fourgates.papers.writing import LONGEST, Column, Table, Value, inert, render, write

RISKY = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\n=1", '=HYPERLINK("http://x/")', "=cmd|' /C calc'!A0"]
TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc", "Cn"]), max_size=40)
VALUES = st.one_of(
    st.none(),
    TEXT,
    st.sampled_from(
        ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "http://x/", "_x0041_", " a ", "0012", "1e5", "{=1}"]
    ),
    st.booleans(),
    st.integers(-(10**15) + 1, 10**15 - 1),
    st.floats(allow_nan=False, allow_infinity=False, width=32)
    .map(lambda number: float(f"{number:.15G}"))
    .filter(lambda number: abs(number) < 1e15),
    st.dates(date(1900, 3, 1), date(9999, 12, 31)),
    st.datetimes(datetime(1900, 3, 1), datetime(2200, 1, 1)).map(lambda at: at.replace(microsecond=0)),  # noqa: DTZ001
)


def expected(value: Value) -> Cell:
    """An empty text is an empty cell, midnight is its day."""
    if value == "" and isinstance(value, str):
        return None
    if isinstance(value, datetime) and value.time() == datetime.min.time():
        return value.date()
    return value


def table(rows: Sequence[Sequence[Value]], **more: object) -> Table:
    columns = [Column(f"栏目{at}") for at in range(len(rows[0]) if rows else 1)]
    return Table("名单", "标题", columns, rows, **more)  # type: ignore[arg-type]


def rows_of(path: Path, *, careful: bool = False) -> list[list[Cell]]:
    found = reading._sheet(msgspec.msgpack.encode(read(path, Limits(), careful=careful)))
    assert isinstance(found, Sheet), found
    return found.rows


ROWS = st.integers(1, 4).flatmap(
    lambda width: st.lists(st.lists(VALUES, min_size=width, max_size=width), max_size=5)
)


@settings(max_examples=30, deadline=None)
@given(rows=ROWS)
def test_what_is_written_is_read(tmp_path_factory: pytest.TempPathFactory, rows: list[list[Value]]) -> None:
    width = len(rows[0]) if rows else 1
    rest: list[None] = [None] * (width - 1)
    path = tmp_path_factory.mktemp("written") / "表.xlsx"
    write(path, [table(rows, unit="单位", total=["合计", *rest], footer="填表人：")])
    wanted: list[list[Cell]] = [
        ["标题", *rest],
        ["单位", *rest],
        [f"栏目{at}" for at in range(width)],
        *([expected(value) for value in row] for row in rows),
        ["合计", *rest],
        ["填表人：", *rest],
    ]
    for careful in (False, True):
        found = rows_of(path, careful=careful)
        assert found == wanted
        # 1 and True are equal, and not the same.
        assert [[cell for cell in row if isinstance(cell, bool)] for row in found] == [
            [cell for cell in row if isinstance(cell, bool)] for row in wanted
        ]


@pytest.mark.parametrize("text", RISKY)
def test_risky_text_is_inert(tmp_path: Path, text: str) -> None:
    path = tmp_path / "表.xlsx"
    write(path, [table([[text]])])
    assert rows_of(path)[3] == [text]
    with zipfile.ZipFile(path) as archive:
        cells = archive.read("xl/worksheets/sheet1.xml")
        styles = archive.read("xl/styles.xml")
        names = archive.namelist()
    assert b"<f" not in cells
    assert b"hyperlink" not in cells
    assert not [name for name in names if "worksheets/_rels" in name]
    # The style of this very cell bids the spreadsheet keep it text when somebody edits it.
    style = re.search(rb'<c r="A4" s="(\d+)" t="s">', cells)
    assert style
    kinds = re.findall(rb"<xf [^>]*>", styles[styles.index(b"<cellXfs") :])
    assert b'quotePrefix="1"' in kinds[int(style[1])]


def test_numbers_that_a_spreadsheet_would_spoil_are_text(tmp_path: Path) -> None:
    path = tmp_path / "表.xlsx"
    odd: list[Value] = [
        621226199001011234,
        -(10**15),
        float("nan"),
        float("inf"),
        date(1900, 2, 28),
        date(1850, 1, 1),
    ]
    write(path, [table([odd])])
    assert rows_of(path)[3] == [
        "621226199001011234",
        "-1000000000000000",
        "nan",
        "inf",
        "1900-02-28",
        "1850-01-01",
    ]


def test_long_text_is_cut_where_excel_would_refuse_it(tmp_path: Path) -> None:
    path = tmp_path / "表.xlsx"
    write(path, [table([["长" * LONGEST], ["长" * (LONGEST + 1)]])])
    whole, cut = (row[0] for row in rows_of(path)[3:])
    assert whole == "长" * LONGEST
    assert isinstance(cut, str)
    assert len(cut) == LONGEST
    assert cut.endswith("长……（共32768字，已截短）")


def test_control_characters_and_broken_file_names(tmp_path: Path) -> None:
    path = tmp_path / "表.xlsx"
    write(path, [table([["a\x00b\x1bc\ud800d\ufffee", "一\r\n二\t三"]])])
    assert rows_of(path)[3] == ["a\ufffdb\ufffdc\ufffdd\ufffde", "一\n二\t三"]
    assert inert("寻常文字") == "寻常文字"


def test_the_same_content_gives_the_same_bytes() -> None:
    tables = [
        table([["甲", 1, date(2022, 2, 21)]], unit="单位", day="2022年2月21日", total=["合计", 1, None])
    ]
    assert render(tables, stamp={"表式": "1"}) == render(tables, stamp={"表式": "1"})
    assert render(tables) != render(tables, stamp={"表式": "1"})


def test_the_sheet_is_ready_to_print(tmp_path: Path) -> None:
    path = tmp_path / "表.xlsx"
    rows: list[list[Value]] = [["甲", 1, "很长的主要事迹" * 20]]
    write(
        path,
        [
            table(rows, unit="中共成县县委", day="2022年3月", landscape=True),
            msgspec.structs.replace(table([["乙"]]), name="乙"),
        ],
        stamp={"表式版本": "1", "填报单位": "中共成县县委"},
    )
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["名单", "乙"]
    assert {prop.name: prop.value for prop in book.custom_doc_props.props} == {
        "表式版本": "1",
        "填报单位": "中共成县县委",
    }
    sheet = book["名单"]
    assert [str(merged) for merged in sheet.merged_cells.ranges] == ["A1:C1"]
    assert (sheet["A2"].value, sheet["C2"].value) == ("中共成县县委", "2022年3月")
    assert sheet.freeze_panes == "A4"
    assert sheet.print_title_rows == "$1:$3"
    assert (sheet.page_setup.paperSize, sheet.page_setup.orientation) == (9, "landscape")
    assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (None, 0)
    assert sheet.sheet_properties.pageSetUpPr.fitToPage is True
    assert sheet.oddFooter.center.text == "第 &P 页，共 &N 页"
    assert book["乙"].page_setup.orientation == "portrait"
    widths = [sheet.column_dimensions[letter].width for letter in "ABC"]
    assert widths[0] < widths[2] < 50
    assert sheet["A4"].number_format == "@"


def test_days_are_written_as_days(tmp_path: Path) -> None:
    path = tmp_path / "表.xlsx"
    write(path, [table([[date(2022, 2, 21)]])])
    cell = openpyxl.load_workbook(path)["名单"]["A4"]
    assert (cell.is_date, cell.number_format) == (True, "yyyy-mm-dd")


def test_a_row_of_another_length_is_a_mistake_of_the_program() -> None:
    with pytest.raises(ValueError, match="a row of 1 under 2 headings"):
        render([Table("名单", "标题", [Column("甲"), Column("乙")], [["一"]])])


def test_a_file_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    path = tmp_path / "表.xlsx"
    write(path, [table([["旧"]])])
    before = path.read_bytes()
    path.with_name(".表.xlsx.part").mkdir()
    with pytest.raises(IsADirectoryError):
        write(path, [table([["新"]])])
    assert path.read_bytes() == before
