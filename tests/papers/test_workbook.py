"""What stands in a workbook is what is read, by the fast reader and by the careful one alike."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import msgspec
import openpyxl
import pytest

from fourgates.i18n import speaking
from fourgates.papers import reading, workbook
from fourgates.papers.reading import _sheet
from fourgates.papers.workbook import NO_VALUE, Cell, CellError, Limits, Reason, Sheet, Unreadable, written
from fourgates.papers.worker import Answer, read
from papers.strange import MAIN, book, packed, parts, row, sheet

CITIZEN = "621226199001011234"
NOON = datetime(2022, 2, 21, 12)  # noqa: DTZ001 - a workbook knows no zones
FACTS = ("size", "size_limit", "limit", "found", "row", "column", "known")


@pytest.fixture(params=["fast", "careful"])
def rows(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[..., list[list[Cell]]]:
    """Reads a hand-made workbook in this very process: these are friendly files."""

    def look(xml: str, *, after: str = "", **options: object) -> list[list[Cell]]:
        path = tmp_path / "表.xlsx"
        path.write_bytes(packed(parts(sheet(xml, after=after), **options)))  # type: ignore[arg-type]
        answer = read(path, Limits(), careful=request.param == "careful")
        found = _sheet(msgspec.msgpack.encode(answer))
        assert isinstance(found, Sheet), found
        return found.rows

    return look


Look = Callable[..., list[list[Cell]]]


def test_plain_values(rows: Look) -> None:
    cells = row(
        "><v>12</v>", "><v>1.5</v>", 't="b"><v>1</v>', 't="b"><v>0</v>', 't="s"><v>0</v>', ">", "><v>0</v>"
    )
    found = rows(cells, strings=["<t>是</t>"])
    assert found == [[12, 1.5, True, False, "是", None, 0]]
    assert [type(cell) for cell in found[0]] == [int, float, bool, bool, str, type(None), int]


def test_a_citizen_number_typed_as_a_number_stays_what_excel_kept(rows: Look) -> None:
    found = rows(row("><v>6.21226199001011E+17</v>", f"><v>{CITIZEN}</v>", "><v>999999999999999</v>"))
    assert found == [[6.21226199001011e17, 6.21226199001011234e17, 999999999999999]]
    assert [type(cell) for cell in found[0]] == [float, float, int]
    assert written(found[0][0]) == "6.21226199001011E+17"


def test_row_numbers_are_those_of_excel(rows: Look) -> None:
    found = rows(row("><v>1</v>", number=3) + row(">", "><v>2</v>", number=5))
    assert found == [[None, None], [None, None], [1, None], [None, None], [None, 2]]


def test_texts_rich_inline_and_shared(rows: Look) -> None:
    found = rows(
        row(
            't="s"><v>1</v>',
            't="inlineStr"><is><t>行内</t></is>',
            't="inlineStr"><is><r><t>分</t></r><r><rPr><b/></rPr><t xml:space="preserve">段 </t></r></is>',
            't="s"><v>0</v>',
        ),
        strings=["<t>一</t>", "<r><t>富</t></r><r><t>文本</t></r><rPh sb='0' eb='1'><t>fu</t></rPh>"],
    )
    assert found == [["富文本", "行内", "分段 ", "一"]]


@pytest.mark.parametrize("style", [1, 2, 3, 4])
def test_serials_with_a_date_format_are_days(rows: Look, style: int) -> None:
    found = rows(row(*(f's="{style}"><v>{serial}</v>' for serial in ("44613", "61", "1", "44613.5"))))
    assert found == [[date(2022, 2, 21), date(1900, 3, 1), date(1900, 1, 1), NOON]]
    assert type(found[0][0]) is date


def test_serials_from_1904(rows: Look) -> None:
    assert rows(row('s="1"><v>43151</v>'), from_1904=True) == [[date(2022, 2, 21)]]


def test_days_written_as_days(rows: Look) -> None:
    assert rows(row('t="d"><v>2022-02-21</v>')) == [[date(2022, 2, 21)]]


@pytest.mark.parametrize("serial", ["2958466", "1e10", "-5", "1e300", "1e999"])
def test_an_impossible_day_is_no_day(rows: Look, serial: str) -> None:
    ((cell, beside),) = rows(row(f's="1"><v>{serial}</v>', "><v>1</v>"))
    assert not isinstance(cell, date)
    assert cell is not None
    assert beside == 1


@pytest.mark.parametrize("style", [0, 1])
def test_no_number_gets_into_a_count(tmp_path: Path, style: int) -> None:
    path = book(tmp_path / "表.xlsx", row(f's="{style}"><v>NaN</v>', "><v>1</v>"))
    assert reading.read(path) == Sheet("表", [["nan" if style == 0 else 0, 1]])


def test_an_hour_is_the_part_of_a_day_that_is_stored(rows: Look) -> None:
    assert rows(row('s="2"><v>0.5</v>')) == [[0.5]]


def test_formulas_give_what_they_stored(rows: Look) -> None:
    found = rows(
        row(
            "><f>SUM(B1:C1)</f><v>3</v>",
            't="str"><f>IF(1,"是","否")</f><v>是</v>',
            't="b"><f>1=1</f><v>1</v>',
            "><f>'别的 表'!A1</f><v>4</v>",
            '><f t="shared" ref="E1:F1" si="0">A1+1</f><v>5</v>',
            '><f t="shared" si="0"/><v>6</v>',
            '><f t="array" ref="G1">1</f><v>7</v>',
            't="str"><f>""</f><v></v>',
        )
    )
    assert found == [[3, "是", True, 4, 5, 6, 7, None][: len(found[0])]]
    assert len(found[0]) >= 7


def test_a_formula_without_a_value_says_so(rows: Look) -> None:
    found = rows(
        row("><f>1+1</f>", "><f>1+1</f><v></v>", "><f>1+1</f><v/>", '><f t="shared" si="0"/>', "><v>1</v>")
        + row(">", "><f>2</f><v />", number=4)
    )
    nothing = [None] * 5
    assert found == [
        [NO_VALUE, NO_VALUE, NO_VALUE, NO_VALUE, 1],
        nothing,
        nothing,
        [None, NO_VALUE, None, None, None],
    ]


def test_openpyxl_leaves_formulas_without_values(tmp_path: Path) -> None:
    made = openpyxl.Workbook()
    assert made.active is not None
    made.active.append([1, "=A1+1"])
    made.save(tmp_path / "表.xlsx")
    found = reading.read(tmp_path / "表.xlsx")
    assert found == Sheet("Sheet", [[1, NO_VALUE]])


@pytest.mark.parametrize(
    "text", ["#REF!", "#N/A", "#DIV/0!", "#VALUE!", "#NAME?", "#NUM!", "#NULL!", "#BUSY!"]
)
def test_errors_are_errors(rows: Look, text: str) -> None:
    found = rows(row(f't="e"><v>{text}</v>', "><v>1</v>", f't="e"><f>X</f><v>{text}</v>'))
    assert found == [[CellError(text), 1, CellError(text)]]


def test_errors_beyond_the_last_value(rows: Look) -> None:
    assert rows(row("><v>1</v>") + row(">", 't="e"><v>#REF!</v>', number=3)) == [
        [1, None],
        [None, None],
        [None, CellError("#REF!")],
    ]


def test_of_merged_cells_only_the_first_has_a_value(rows: Look) -> None:
    found = rows(
        row("><v>1</v>", "><v>2</v>", 's="1"><v>44613</v>', "><v>4</v>")
        + row("><f>1</f>", "><v>6</v>", 't="e"><v>#REF!</v>', "><v>8</v>", number=2),
        after='<mergeCells count="2"><mergeCell ref="A1:C2"/><mergeCell ref="D2:D9"/></mergeCells>',
    )
    assert found == [[1, None, None, 4], [None, None, None, 8]]


def test_unusual_spellings_read_the_same(tmp_path: Path) -> None:
    usual = row('t="s"><v>0</v>', "><v>2</v>") + row("><f>1</f>", 't="e"><v>#REF!</v>', number=2)
    expected: list[list[Cell]] = [["字", 2], [NO_VALUE, CellError("#REF!")]]
    unusual = {
        "as usual": usual,
        "single quotes": usual.replace('"', "'"),
        "another order": usual.replace('r="A1" t="s"', 't="s" r="A1"'),
        "spaces": usual.replace('r="A1"', ' r = "A1" '),
        "without places": usual.replace('r="A1" ', "").replace('r="B1" ', ""),
        "a comment": usual.replace("<row", '<!-- <c r="Z9"><f>1</f></c> --><row'),
        "CDATA": usual.replace("<v>2</v>", "<v><![CDATA[2]]></v>"),
        "prefixed": usual.replace("</", "</x:")
        .replace("<c", "<x:c")
        .replace("<v", "<x:v")
        .replace("<r", "<x:r")
        .replace("<f", "<x:f"),
    }
    for name, xml in unusual.items():
        made = parts(sheet(xml), strings=["<t>字</t>"])
        if name == "prefixed":
            made["xl/worksheets/sheet1.xml"] = (
                f'<x:worksheet xmlns:x="{MAIN}"><x:sheetData>{xml}</x:sheetData></x:worksheet>'
            )
        path = tmp_path / f"{name}.xlsx"
        path.write_bytes(packed(made))
    paths = [tmp_path / f"{name}.xlsx" for name in unusual]
    found = {path.stem: result for path, result in reading.read_all(paths)}
    assert found == {name: Sheet("表", expected) for name in unusual}


def test_shared_texts_as_cdata(tmp_path: Path) -> None:
    path = book(tmp_path / "表.xlsx", row('t="s"><v>0</v>'), strings=["<t><![CDATA[字<]]></t>"])
    assert reading.read(path) == Sheet("表", [["字<"]])


def test_only_the_first_visible_sheet_is_read(tmp_path: Path) -> None:
    sheets = {name: sheet(row(f"><v>{at}</v>")) for at, name in enumerate(["甲", "乙", "丙", "丁"])}
    made = parts(sheets, states={"甲": "hidden", "乙": "veryHidden"})
    made["xl/worksheets/sheet4.xml"] = b"never looked at"
    path = tmp_path / "表.xlsx"
    path.write_bytes(packed(made))
    assert reading.read(path) == Sheet("丙", [[2]])


def test_no_visible_sheet(tmp_path: Path) -> None:
    path = tmp_path / "表.xlsx"
    path.write_bytes(packed(parts({"甲": sheet("")}, states={"甲": "hidden"})))
    assert reading.read(path) == Unreadable(Reason.NO_SHEET)


def test_an_empty_sheet(tmp_path: Path) -> None:
    assert reading.read(book(tmp_path / "表.xlsx", "")) == Sheet("表", [])


def test_parts_named_as_some_programs_name_them(tmp_path: Path) -> None:
    made = parts(sheet(row("><v>1</v>")))
    path = tmp_path / "表.xlsx"
    path.write_bytes(packed({name.replace("/", "\\"): content for name, content in made.items()}))
    assert reading.read(path) == Sheet("表", [[1]])


def test_a_long_roster_is_read_whole(tmp_path: Path) -> None:
    many = "".join(row(f"><v>{at}</v>", 't="s"><v>0</v>', number=at) for at in range(1, 12_001))
    found = reading.read(book(tmp_path / "表.xlsx", many, strings=["<t>字</t>"]))
    assert found == Sheet("表", [[at, "字"] for at in range(1, 12_001)])


def test_styled_empty_cells_to_the_end_of_the_sheet_do_not_matter(tmp_path: Path) -> None:
    path = book(tmp_path / "表.xlsx", row("><v>1</v>") + '<row r="1048576"><c r="XFD1048576" s="1"/></row>')
    assert reading.read(path) == Sheet("表", [[1]])


def test_many_files_come_in_the_order_asked(tmp_path: Path) -> None:
    paths = [book(tmp_path / f"{at}.xlsx", row(f"><v>{at}</v>")) for at in range(40)]
    steps: list[tuple[int, int]] = []
    found = list(reading.read_all(paths, progress=lambda done, of: steps.append((done, of))))
    assert found == [(path, Sheet("表", [[at]])) for at, path in enumerate(paths)]
    assert steps == [(at, 40) for at in range(1, 41)]


def test_nothing_to_read() -> None:
    assert list(reading.read_all([])) == []


@pytest.mark.parametrize(
    ("cell", "shown"),
    [
        (None, ""),
        ("是", "是"),
        (12, "12"),
        (0.1, "0.1"),
        (True, "TRUE"),
        (date(2022, 2, 21), "2022-02-21"),
        (NOON, "2022-02-21 12:00:00"),
        (CellError("#REF!"), "#REF!"),
        (NO_VALUE, "（公式没有结果）"),
    ],
)
def test_how_a_cell_is_shown(cell: Cell, shown: str) -> None:
    with speaking("zh"):
        assert written(cell) == shown


@pytest.mark.parametrize("reason", list(Reason))
def test_every_reason_has_its_sentences(reason: Reason) -> None:
    known: dict[str, str | int] = dict.fromkeys(FACTS, 1)
    with speaking("zh"):
        problem, remedy = workbook.explain(Unreadable(reason, known | {"kind": "symlink", "suffix": ".xls"}))
        assert problem
        assert remedy
        assert "？" not in problem + remedy
        assert "{" not in problem + remedy


def test_a_fact_that_is_missing_is_no_failure() -> None:
    with speaking("zh"):
        assert workbook.explain(Unreadable(Reason.TOO_LARGE))[0] == "文件有？，超过上限？"
        assert workbook.explain(Unreadable(Reason.TOO_LARGE, {"size": 40 << 20, "size_limit": 32 << 20}))[
            0
        ] == ("文件有40.0 MB，超过上限32.0 MB")


def test_an_answer_that_makes_no_sense_is_a_dead_reader() -> None:
    assert _sheet(b"\xc1") == Unreadable(Reason.DIED)
    assert _sheet(msgspec.msgpack.encode(Answer(dates=[(3, 0, 1)]))) == Unreadable(Reason.DIED)
