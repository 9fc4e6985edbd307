"""Files that are no workbooks of today: old ones, plain text, cadre forms. Each gives its rows or one named reason."""

from __future__ import annotations

import struct
from datetime import date
from pathlib import Path

import pytest

from fourgates.papers import legacy, reading
from fourgates.papers.workbook import ANY, Cell, CellError, Kind, Limits, Reason, Sheet, Unreadable
from papers.strange import book, packed, row

OLD = Path(__file__).parent / "old" / "roster.xls"
"""Written by LibreOffice 7 from invented people: a hidden sheet first, merges, days, errors, a formula, a last sheet."""
HEADINGS = ["序号", "党员姓名", "身份证号", "性别", "出生时间", "入党时间", "党费", "备注"]


def rows(path: Path) -> list[list[Cell]]:
    found = reading.read(path, kinds=ANY)
    assert isinstance(found, Sheet), found
    return found.rows


def reason(path: Path, limits: Limits | None = None) -> Reason:
    found = reading.read(path, kinds=ANY, limits=limits)
    assert isinstance(found, Unreadable), found
    return found.reason


def written(path: Path, content: bytes | str) -> Path:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


# --- the county folder stays as strict as it was ------------------------------------------------------------------


def test_without_leave_only_a_workbook_is_read(tmp_path: Path) -> None:
    named = written(tmp_path / "甲.xlsx", OLD.read_bytes())
    assert reading.read(named) == Unreadable(Reason.OLD_FORMAT)
    assert reading.read(written(tmp_path / "乙.xlsx", "姓名,性别\n")) == Unreadable(Reason.TEXT)
    assert reading.read(written(tmp_path / "丙.csv", "姓名,性别\n")) == Unreadable(
        Reason.WRONG_NAME, {"suffix": ".csv"}
    )


def test_the_content_says_what_a_file_is_and_not_its_name(tmp_path: Path) -> None:
    kinds = []
    for name, content in {
        "甲.xls": book(tmp_path / "good.xlsx", row("><v>1</v>")).read_bytes(),
        "乙.xlsx": OLD.read_bytes(),
        "丙.xls": "姓名\t性别\n王秀兰\t女\n".encode(),
    }.items():
        found = reading.read(written(tmp_path / name, content), kinds=ANY)
        assert isinstance(found, Sheet), found
        kinds.append(found.kind)
    assert kinds == [Kind.WORKBOOK, Kind.OLD, Kind.TEXT]


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("甲.doc", "姓名", Reason.FOREIGN),
        ("甲.csv", "", Reason.EMPTY),
        ("甲.xls", "<html><table><tr><td>姓名</td></tr></table></html>", Reason.WEB_PAGE),
        ("甲.xls", '<?xml version="1.0"?><Workbook xmlns="urn:x"/>', Reason.WEB_PAGE),
        ("甲.lrmx", "<html/>", Reason.NOT_A_CADRE_FORM),
        ("甲.lrmx", "姓名", Reason.NOT_A_CADRE_FORM),
        ("甲.lrm", '"王秀兰","女"', Reason.NOT_A_CADRE_FORM),
        ("甲.csv", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", Reason.NOT_A_WORKBOOK),
        ("甲.csv", b"\xff" * 9, Reason.ENCODING),
        ("甲.xls", b"\x09\x08\x10\0\0\6\5\0", Reason.ANCIENT),
        ("甲.xlsx", packed({"word/document.xml": "<w/>"}), Reason.NOT_A_WORKBOOK),
    ],
)
def test_what_is_no_table_is_named(tmp_path: Path, name: str, content: bytes | str, expected: Reason) -> None:
    assert reason(written(tmp_path / name, content)) is expected


# --- old workbooks ------------------------------------------------------------------------------------------------


def test_an_old_workbook_gives_what_it_shows() -> None:
    assert rows(OLD) == [
        ["青梧镇党员名册", *[None] * 7],
        HEADINGS,
        [1, "王秀兰", "629921198207056468", "女", date(1982, 7, 5), "2005.07", 12.5, True],
        [2, "司马·建国", "629921198105048117", "1", date(1981, 5, 4), "=1+1 不是公式", 13.5, 0],
        [3, "𠮷山", "629921197008086918", "男", 1978.06, None, CellError("#DIV/0!"), "三行合一"],
        [None, None, None, None, None, None, "#N/A 是文字", None],
        [1 << 40, None, None, None, None, None, CellError("#N/A"), None],
    ]


BIFF8 = struct.pack("<2H", legacy.BOF, 16) + struct.pack("<2H3I", 0x600, 5, 0, 0, 0)
END = struct.pack("<2H", legacy.EOF, 0)


def record(kind: int, body: bytes) -> bytes:
    return struct.pack("<2H", kind, len(body)) + body


def old(path: Path, *cells: bytes, before: bytes = b"") -> Path:
    """An old workbook of one sheet with these records."""
    name = struct.pack("<2B", 1, 1) + "表".encode("utf-16-le")
    head = len(BIFF8) + len(before) + 4 + 6 + len(name) + len(END)
    stream = BIFF8 + before + record(legacy.BOUNDSHEET, struct.pack("<I2x", head) + name) + END
    path.write_bytes(legacy._container(stream + BIFF8 + b"".join(cells) + END, "workbook"))
    return path


def number(row_: int, column: int, value: float) -> bytes:
    return record(0x203, struct.pack("<3Hd", row_, column, 0, value))


def test_the_text_a_formula_gave_is_its_value_and_its_working_is_never_looked_at(tmp_path: Path) -> None:
    result = struct.pack("<3H", 0, 0, 0) + b"\0" * 6 + b"\xff\xff" + b"\0" * 6
    said = record(0x207, struct.pack("<HB", 2, 1) + "甲乙".encode("utf-16-le"))
    path = old(tmp_path / "甲.xls", record(legacy.FORMULA, result + struct.pack("<H", 9) + b"\xff" * 9), said)
    assert rows(path) == [["甲乙"]]


def test_the_far_corner_of_an_old_sheet_is_refused_before_it_is_laid_out(tmp_path: Path) -> None:
    path = old(tmp_path / "甲.xls", number(0, 0, 1), number(65535, 255, 2))
    assert reason(path) is Reason.TOO_MANY_CELLS
    assert reason(path, Limits(rows=100)) is Reason.TOO_MANY_ROWS


def test_an_old_workbook_with_a_password_is_named(tmp_path: Path) -> None:
    locked = record(legacy.FILEPASS, b"\1\0" + bytes(52))
    assert reason(old(tmp_path / "甲.xls", number(0, 0, 1), before=locked)) is Reason.ENCRYPTED


def test_every_cut_of_an_old_workbook_is_refused_by_name(tmp_path: Path) -> None:
    content = OLD.read_bytes()
    paths = [written(tmp_path / f"{at}.xls", content[:at]) for at in range(8, len(content), 97)]
    for path, found in reading.read_all(paths, kinds=ANY):
        assert isinstance(found, Unreadable) or found.rows == rows(OLD), path
        if isinstance(found, Unreadable):
            assert found.reason in {Reason.DAMAGED, Reason.NOT_A_WORKBOOK}


@pytest.mark.parametrize("size", [10, 4096, 128 * 512 * 3, 7_500_000])
def test_a_container_gives_back_its_stream(size: int) -> None:
    stream = bytes(range(256)) * (size // 256 + 1)
    found, name = legacy._stream(legacy._container(stream[:size], "workbook"))
    assert found[:size] == stream[:size]
    assert name == "workbook"


# --- plain text ---------------------------------------------------------------------------------------------------

TABLE = "姓名,公民身份号码,备注\r\n王秀兰,629921198207056468,=1+1\r\n\r\n𠮷山,,”\r\n"
READ = [
    ["姓名", "公民身份号码", "备注"],
    ["王秀兰", "629921198207056468", "=1+1"],
    [None, None, None],
    ["𠮷山", None, "”"],
]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|"])
def test_encoding_and_delimiter_are_told_from_the_text(tmp_path: Path, encoding: str, delimiter: str) -> None:
    path = tmp_path / "名册.txt"
    assert rows(written(path, TABLE.replace(",", delimiter).encode(encoding))) == READ


def test_quoted_fields_may_hold_delimiters_quotes_or_lines(tmp_path: Path) -> None:
    path = written(tmp_path / "名册.csv", '姓名,备注\n"王,秀兰","说""好"""\n"李\n强",甲\n')
    assert rows(path) == [["姓名", "备注"], ["王,秀兰", '说"好"'], ["李\n强", "甲"]]


@pytest.mark.parametrize(
    "text",
    [
        '姓名,备注\n"王秀兰,甲\n李强,乙\n',
        '姓名,备注\n"王秀兰,甲\n李强",乙\n赵明,丙\n',
        '姓名,备注\n"王秀兰"甲,乙\n',
    ],
)
def test_a_quotation_mark_that_swallows_rows_refuses_the_file(tmp_path: Path, text: str) -> None:
    assert reason(written(tmp_path / "名册.csv", text)) is Reason.QUOTES


def test_what_programs_do_to_keep_long_numbers_is_undone(tmp_path: Path) -> None:
    text = '姓名,号码\n甲,"=""629921198207056468"""\n乙,\'62992119820705646X\n丙,\'甲\n'
    assert [line[1] for line in rows(written(tmp_path / "名册.csv", text))] == [
        "号码",
        "629921198207056468",
        "62992119820705646X",
        "'甲",
    ]


def test_plain_text_has_its_limits(tmp_path: Path) -> None:
    path = written(tmp_path / "名册.csv", "甲,乙\n" * 11 + "丙" * 60 + ",丁\n")
    assert reason(path, Limits(rows=10)) is Reason.TOO_MANY_ROWS
    assert reason(path, Limits(columns=1)) is Reason.TOO_MANY_COLUMNS
    assert reason(path, Limits(characters=50)) is Reason.LONG_CELL


# --- cadre forms --------------------------------------------------------------------------------------------------

FORM = """<?xml version="1.0" encoding="utf-8"?>
<Person>
  <XingMing>王  秀兰</XingMing><XingBie>女</XingBie><ChuShengNianYue>198207</ChuShengNianYue>
  <MinZu>汉族</MinZu><RuDangShiJian>{joined}</RuDangShiJian><JianKangZhuangKuang>健康</JianKangZhuangKuang>
  <QuanRiZhiJiaoYu_XueLi>大学</QuanRiZhiJiaoYu_XueLi><ZaiZhiJiaoYu_XueLi>研究生</ZaiZhiJiaoYu_XueLi>
  <XianRenZhiWu>青梧镇镇长</XianRenZhiWu><JianLi>2000.07--  某处</JianLi>
  <JiaTingChengYuan><Item><ChengWei>丈夫</ChengWei><XingMing>不该出现</XingMing><XingBie>男</XingBie></Item>
  </JiaTingChengYuan><ZhaoPian>{photo}</ZhaoPian><ShenFenZheng>629921198207056468</ShenFenZheng>
</Person>"""
KEPT = [
    ["姓名", "公民身份号码", "性别", "民族", "出生日期", "学历", "入党日期", "工作岗位"],
    [
        "王 秀兰",
        "629921198207056468",
        "女",
        "汉族",
        "198207",
        "大学（全日制）、研究生（在职）",
        "200507",
        "青梧镇镇长",
    ],
]


def test_of_a_cadre_form_only_what_a_roster_asks_for_is_kept(tmp_path: Path) -> None:
    path = written(tmp_path / "王秀兰.lrmx", "\ufeff" + FORM.format(joined="200507", photo="QUJD" * 100_000))
    found = reading.read(path, kinds=ANY)
    assert isinstance(found, Sheet), found
    assert (found.kind, found.rows) == (Kind.CADRE, KEPT)


@pytest.mark.parametrize(
    "text",
    [
        '<!DOCTYPE Person [<!ENTITY a "1">]><Person><XingMing>&a;</XingMing></Person>',
        '<!DOCTYPE Person SYSTEM "file:///etc/passwd"><Person><XingMing>甲</XingMing></Person>',
    ],
)
def test_a_cadre_form_with_a_document_type_is_refused(tmp_path: Path, text: str) -> None:
    assert reason(written(tmp_path / "甲.lrmx", text)) is Reason.UNSAFE_XML


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<Person><XingMing>甲</XingMing>", Reason.DAMAGED),
        ("<Person><XingMing>甲</XingMing><XingMing>乙</XingMing></Person>", Reason.DAMAGED),
        ("<Person>" + "<a>" * 100 + "</a>" * 100 + "</Person>", Reason.DAMAGED),
        ("<Person><XingBie>女</XingBie></Person>", Reason.NOT_A_CADRE_FORM),
        (f"<Person><XingMing>{'甲' * 3000}</XingMing></Person>", Reason.LONG_CELL),
    ],
)
def test_a_cadre_form_that_cannot_be_is_named(tmp_path: Path, text: str, expected: Reason) -> None:
    assert reason(written(tmp_path / "甲.lrmx", text)) is expected


def test_an_older_cadre_form_is_read_by_the_place_of_its_fields(tmp_path: Path) -> None:
    fields = ["" for _ in range(33)]
    fields[:9] = ["王秀兰", "女", "198207", "汉族", "籍贯", "200507", "健康", "出生地", "200107"]
    fields[9] = "大学#学士@研究生#硕士"
    fields[20:25] = ["丈夫@女儿@", "不该@出现@", "198001@201001@", "群众@@", "某处@@"]
    fields[25] = "青梧镇\r\n镇长"
    text = '"' + '","'.join(fields) + '"\r\n'
    found = rows(written(tmp_path / "王秀兰.lrm", text.encode("gb2312")))
    assert found == [
        ["姓名", "性别", "民族", "出生日期", "学历", "入党日期", "工作岗位"],
        ["王秀兰", "女", "汉族", "198207", "大学（全日制）、研究生（在职）", "200507", "青梧镇 镇长"],
    ]
