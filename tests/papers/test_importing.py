"""A roster made elsewhere is understood, compared and shown; what is written is what was shown, and nothing is lost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fourgates.days import Month
from fourgates.errors import Refused
from fourgates.papers import forms, nationalities, reading
from fourgates.papers.cells import squeeze
from fourgates.papers.importing import entering, header, standing, taking, words
from fourgates.papers.importing.preview import Line, Said, Taken
from fourgates.papers.importing.standing import Standing
from fourgates.papers.workbook import Cell, Sheet
from papers import qingwu
from papers.qingwu import FARM, FIELD, FOREIGN, HILL, LI, MA, PLAN, STREET, TOWN, WANG, ZHAO, number, text


@pytest.fixture
def county(tmp_path: Path) -> Path:
    return qingwu.county(tmp_path / "青梧县")


def stands(root: Path) -> Standing:
    return standing.of(root, PLAN)


def take(*paths: Path, said: Said | None = None, against: Standing | None = None) -> Taken:
    return taking.take(paths, said or Said(), against or Standing())


def states(taken: Taken) -> dict[str, str]:
    return {line.name: line.state for line in taken.preview.lines}


def line(taken: Taken, name: str) -> Line:
    (found,) = (one for one in taken.preview.lines if one.name == name)
    return found


def in_folder(root: Path, committee: str) -> dict[str, Mapping[str, Any]]:
    found = standing.of_folder(root, PLAN)
    return {one: person.values for one, person in found.people.items() if person.committee == committee}


TOLD = Said(told={"党籍状态": "正常", "流动党员": "否", "年老体弱": "否"})


# --- the table of words -------------------------------------------------------------------------------------------


def test_every_word_of_the_table_means_one_thing_and_names_a_column_of_the_form() -> None:
    own = {column.heading for column in forms.roster().columns}
    table = words.words()
    assert set(table.headings) == own
    said = [words.bare(one) for heading, others in table.headings.items() for one in (heading, *others)]
    assert sorted({one for one in said if said.count(one) > 1}) == []
    for values in table.values:
        assert values.column in own
        assert values.source
        assert values.mark in {"✔", "◐", "✎"}
        meant = [words.code(one) for ours, others in values.words.items() for one in (ours, *others)]
        assert sorted({one for one in meant if meant.count(one) > 1}) == [], values.column


def test_every_value_of_the_table_is_one_that_the_form_takes() -> None:
    readers = {column.heading: column.read for column in forms.roster().columns}
    for values in words.words().values:
        for own in values.words:
            assert readers[values.column](own) == own


def test_the_codes_of_the_nationalities_are_the_56_of_the_standard() -> None:
    (table,) = (values for values in words.words().values if values.column == "民族")
    assert sorted(table.words) == sorted(set(nationalities.NATIONALITIES.values()))
    assert [codes[0] for codes in table.words.values()] == [f"{at:02d}" for at in range(1, 57)]
    assert {own: table.words[own] for own in ("汉族", "藏族", "佤族")} == {
        "汉族": ("01", "HA"),
        "藏族": ("04", "ZA"),
        "佤族": ("21", "VA"),
    }


@pytest.mark.parametrize(
    ("column", "word", "own"),
    [
        ("性别", "1", "男"),
        ("性别", " 女 性", "女"),
        ("民族", "HA", "汉族"),
        ("民族", "3", "回族"),
        ("民族", "０３", "回族"),
        ("学历", "21", "大学本科毕业"),
        ("人员类别", "02", "预备党员"),
        ("流动党员", "√", "是"),
        ("性别", "9", ""),
        ("人员类别", "党员", ""),
    ],
)
def test_a_value_is_what_the_table_says_and_nothing_else(column: str, word: str, own: str) -> None:
    assert words.value(column, word) == own


# --- headings -----------------------------------------------------------------------------------------------------


def found(*rows: Sequence[str | None]) -> header.Header | None:
    return header.find(Sheet("表", [list(row) for row in rows]))


def test_headings_are_found_by_their_words_wherever_they_stand() -> None:
    head = found(("青梧镇党员名册", None, None), (None,) * 3, ("姓　名*", "身份证 号码：", "性别（男/女）"))
    assert head is not None
    assert head.below == 3
    assert [(one.column, one.taken) for one in head.labels] == [(0, "姓名"), (1, "公民身份号码"), (2, "性别")]


def test_headings_in_two_rows_are_read_together() -> None:
    head = found(
        ("姓名", "证件", None, "加入党组织", None, "备注"),
        (None, "号码", "类型", "日期", "介绍人", None),
        ("王秀兰", WANG, "身份证", "2005-07-01", "老周", None),
    )
    assert head is not None
    assert head.below == 2
    assert {one.written: one.taken for one in head.labels} == {
        "姓名": "姓名",
        "证件号码": "公民身份号码",
        "类型": "",
        "加入党组织日期": "入党日期",
        "介绍人": "",
        "备注": "",
    }


def test_our_own_word_goes_before_others_and_the_rest_by_the_order_of_the_table() -> None:
    head = found(("姓名", "联系电话", "手机号码", "工作单位", "单位及职务"))
    assert head is not None
    assert [(one.written, one.taken, one.beside) for one in head.labels] == [
        ("姓名", "姓名", ""),
        ("联系电话", "", "手机号码"),
        ("手机号码", "手机号码", ""),
        ("工作单位", "", "单位及职务"),
        ("单位及职务", "工作岗位", ""),
    ]


@pytest.mark.parametrize("rows", [(), (("姓名", "性别"),), (("性别", "民族", "学历", "入党时间"),)])
def test_what_has_too_few_headings_is_no_roster(rows: tuple[Sequence[str], ...]) -> None:
    assert found(*rows) is None


def test_two_columns_of_one_name_are_asked_back(tmp_path: Path) -> None:
    taken = take(
        text(
            tmp_path / "名册.csv",
            ["姓名", "性别", "性别", "民族", "学历"],
            ["王秀兰", "女", "男", "汉", "大学"],
        )
    )
    assert [(one.place.column, one.place.row) for one in taken.problems] == [("性别", 1), ("性别", 1)]
    assert taken.preview.lines == ()


# --- rows ---------------------------------------------------------------------------------------------------------


def test_a_strange_roster_is_compared_cell_by_cell(tmp_path: Path, county: Path) -> None:
    path = text(
        tmp_path / "名册.csv",
        ["青梧镇党员花名册"],
        FOREIGN,
        ["王　兰", WANG.lower(), "HA", "大学", "正式", STREET, "2005/7/1", "200607", ""],
        ["李建国", LI, "01", "21", "01", HILL, "2005.07", "", ""],
        ["马小青", MA, "03", "高中", "预备", STREET, "2021/7/1", "", "新"],
        ["赵明", ZHAO, "HU", "初中", "正式", FIELD, "20050701", "2006年7月", ""],
    )
    taken = take(path, said=TOLD, against=stands(county))
    assert states(taken) == {"王兰": "changed", "李建国": "changed", "马小青": "new", "赵明": "unchanged"}
    assert [(one.heading, one.old, one.new) for one in line(taken, "王兰").changes] == [
        ("姓名", "王秀兰", "王兰")
    ]
    assert [(one.heading, one.old, one.new) for one in line(taken, "李建国").changes] == [
        ("学历", "高中", "大学本科毕业")
    ]
    assert line(taken, "马小青").filled == {
        "性别": "number",
        "出生日期": "number",
        "流动党员": "assumed",
        "年老体弱": "assumed",
        "党籍状态": "assumed",
    }
    assert taken.problems == []
    totals = taken.preview.totals
    assert (totals.rows, totals.new, totals.changed, totals.unchanged, totals.faulty, totals.absent) == (
        4,
        1,
        2,
        1,
        0,
        0,
    )
    all_ = taken.preview.follows[""]
    assert (all_.before.members, all_.after.members) == (3, 4)
    assert (all_.before.with_rights, all_.after.with_rights) == (3, 3)  # 马小青 is a probationary member
    assert MA not in taken.preview.lines[2].number


def test_the_month_of_a_birth_is_made_a_day_only_where_the_number_agrees(tmp_path: Path) -> None:
    head = ("姓名", "身份证号", "出生年月", "民族", "人员类别", "所在党支部", "入党时间")
    path = text(
        tmp_path / "名册.csv",
        head,
        ["王秀兰", WANG, "1982.07", "汉", "正式", STREET, "2005.07"],
        ["李建国", LI, "1981.06", "汉", "正式", HILL, "2005-07"],
        ["赵明", ZHAO, "70.8", "回", "正式", FIELD, "2005.13"],
    )
    taken = take(path, said=TOLD)
    assert states(taken) == {"王秀兰": "new", "李建国": "faulty", "赵明": "faulty"}
    assert [(one.place.row, one.place.column, one.read) for one in taken.problems] == [
        (3, "出生年月", "1981-06"),
        (4, "出生年月", "70.8"),
        (4, "入党时间", "2005.13"),
    ]
    (entry,) = taken.entries
    assert (entry.values["出生日期"], entry.values["入党日期"]) == (date(1982, 7, 5), Month(2005, 7))


def test_a_faulty_row_is_named_cell_by_cell_and_changes_nothing(tmp_path: Path, county: Path) -> None:
    path = text(
        tmp_path / "名册.csv",
        FOREIGN,
        [
            "王秀兰",
            WANG[:-1] + ("0" if WANG[-1] != "0" else "1"),
            "汉",
            "大学",
            "正式",
            STREET,
            "2005/7/1",
            "",
            "",
        ],
        ["李建国", LI, "汉", "高中", "群众", "街道支部", "2005/7/1", "", ""],
        ["赵明", "6.29921E+17", "回", "初中", "正式", FIELD, "2005/7/1", "", ""],
        ["王秀兰", WANG, "汉", "研究生", "正式", FIELD, "2005/7/1", "", ""],
        ["合计", "5", "", "", "", "", "", "", ""],
    )
    taken = take(path, said=TOLD, against=stands(county))
    assert [one.state for one in taken.preview.lines] == ["faulty"] * 4
    assert [(one.place.row, one.place.column) for one in taken.problems] == [
        (2, "身份证号码"),
        (3, "党员类别"),
        (4, "身份证号码"),
        (6, "身份证号码"),
        (5, "身份证号码"),
    ]
    assert taken.entries == []
    assert taken.preview.totals.faulty == 4
    assert taken.preview.follows[""].before == taken.preview.follows[""].after


def test_a_branch_that_01_does_not_have_is_asked_back_with_the_likest(tmp_path: Path, county: Path) -> None:
    path = text(
        tmp_path / "名册.csv",
        FOREIGN,
        ["王秀兰", WANG, "汉", "大学", "正式", "街道党支部", "2005/7/1", "", ""],
    )
    taken = take(path, said=TOLD, against=stands(county))
    (one,) = taken.problems
    assert (one.place.column, one.read) == ("支部名称", "街道党支部")
    assert f"“{STREET}”" in one.mend


def test_a_member_twice_is_faulty_twice_even_in_two_files(tmp_path: Path, county: Path) -> None:
    row = ["王秀兰", WANG, "汉", "大学", "正式", STREET, "2005/7/1", "", ""]
    paths = [text(tmp_path / name, FOREIGN, row) for name in ("甲.csv", "乙.csv")]
    taken = take(*paths, said=TOLD, against=stands(county))
    assert [one.state for one in taken.preview.lines] == ["faulty", "faulty"]
    assert [one.place.file for one in taken.problems] == ["甲.csv", "乙.csv"]


def test_a_column_that_is_not_there_is_one_problem_with_its_rows(tmp_path: Path) -> None:
    rows = [
        ["王秀兰", WANG, "汉", "大学", "正式", STREET, "2005/7/1", "", ""],
        ["李建国", LI, "汉", "", "正式", HILL, "2005", "", ""],
    ]
    taken = take(text(tmp_path / "名册.csv", FOREIGN, *rows))
    assert [(one.place.row, one.place.column, one.wrong) for one in taken.problems] == [
        (3, "入党时间(年月日)", "日期读不懂，或者没有这一天"),
        (None, "流动党员", "没有“流动党员”这一列，有1行因此不能用"),
        (None, "年老体弱", "没有“年老体弱”这一列，有1行因此不能用"),
        (None, "党籍状态", "没有“党籍状态”这一列，有1行因此不能用"),
    ]
    assert line(taken, "王秀兰").wrong == ("缺“流动党员”", "缺“年老体弱”", "缺“党籍状态”")


def test_a_file_that_cannot_be_read_is_a_problem_and_the_others_go_on(tmp_path: Path, county: Path) -> None:
    bad = tmp_path / "坏.xls"
    bad.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))
    good = text(
        tmp_path / "好.csv", FOREIGN, ["王秀兰", WANG, "汉", "大学", "正式", STREET, "2005/7/1", "", ""]
    )
    strange = text(tmp_path / "账.csv", ["日期", "金额"], ["2005/7/1", "3"])
    taken = take(bad, strange, good, said=TOLD, against=stands(county))
    assert [one.place.file for one in taken.problems] == ["坏.xls", "账.csv"]
    assert states(taken) == {"王秀兰": "unchanged"}


def test_a_cadre_form_that_says_words_for_a_date_is_faulty_by_that_cell(tmp_path: Path) -> None:
    form = "<Person><XingMing>王秀兰</XingMing><ShenFenZheng>{}</ShenFenZheng><RuDangShiJian>{}</RuDangShiJian></Person>"
    paths = []
    for name, joined in {"甲": "民盟", "乙": "200507"}.items():
        paths.append(tmp_path / f"{name}.lrmx")
        paths[-1].write_text(form.format(WANG if name == "甲" else LI, joined), encoding="utf-8")
    told = {**TOLD.told, "民族": "汉族", "人员类别": "正式党员"}
    taken = take(*paths, said=Said(branch=STREET, told=told))
    assert [(one.state, one.file) for one in taken.preview.lines] == [
        ("faulty", "甲.lrmx"),
        ("new", "乙.lrmx"),
    ]
    assert ("甲.lrmx", "入党日期", "民盟") in [
        (one.place.file, one.place.column, one.read) for one in taken.problems
    ]


def test_a_cadre_form_without_a_number_is_shown_whom_it_may_mean_and_takes_nothing_from_it(
    tmp_path: Path, county: Path
) -> None:
    path = tmp_path / "王秀兰.lrmx"
    form = "<Person><XingMing>王 秀兰</XingMing><XingBie>女</XingBie><ChuShengNianYue>{}</ChuShengNianYue></Person>"
    hints = []
    for born in ("198207", "198208"):
        path.write_text(form.format(born), encoding="utf-8")
        taken = take(path, said=Said(committee=TOWN, branch=STREET, told=TOLD.told), against=stands(county))
        assert [one.state for one in taken.preview.lines] == ["faulty"]
        hints.append([one.mend for one in taken.problems if one.place.column == "公民身份号码"])
    masked = WANG[:6] + "*" * 11 + WANG[17]
    assert [[f"王秀兰 {masked} {STREET}" in mend for mend in one] for one in hints] == [[True], [False]]


# --- into the folder ----------------------------------------------------------------------------------------------


def test_what_was_shown_is_what_is_written_and_the_rest_stays(tmp_path: Path, county: Path) -> None:
    path = text(
        tmp_path / "名册.csv",
        FOREIGN,
        ["李建国", LI, "汉", "大专", "正式", HILL, "2005/7", "", ""],
        ["马小青", MA, "回", "高中", "预备", STREET, "2021/7/1", "", ""],
        ["孙大伟", "62992119", "汉", "高中", "正式", STREET, "2011/7/1", "", ""],
    )
    before = in_folder(county, TOWN)
    (county / forms.ROSTER / f"{TOWN}.xlsx").chmod(0o640)
    old = (county / forms.ROSTER / f"{TOWN}.xlsx").read_bytes()
    taken = take(path, said=TOLD, against=stands(county))
    (entered,) = entering.enter(county, taken, stands(county))
    assert (entered.committee, entered.new, entered.changed, entered.faulty) == (TOWN, 1, 1, 1)
    assert (county / forms.ROSTER / entered.before).read_bytes() == old
    after = in_folder(county, TOWN)
    assert after[WANG] == {**before[WANG], "序号": "1"}
    assert after[LI] == {**before[LI], "学历": "大专", "序号": "2"}
    assert {key: after[MA][key] for key in ("姓名", "民族", "性别", "人员类别", "入党日期")} == {
        "姓名": "马小青",
        "民族": "回族",
        "性别": "女",
        "人员类别": "预备党员",
        "入党日期": date(2021, 7, 1),
    }
    sheet = reading.read(county / entered.file)
    assert isinstance(sheet, Sheet)
    assert sheet.rows[2][-2:] == ["帮扶人", "导入存疑"]
    assert [row[-2:] for row in sheet.rows[3:7]] == [
        ["老周", None],
        ["老周", None],
        [None, None],
        [None, "名册.csv 第4"],
    ]
    assert [row[1] for row in sheet.rows[3:8]] == ["王秀兰", "李建国", "马小青", "孙大伟", 4]


def test_the_same_file_again_changes_nothing_and_a_mended_one_takes_the_place_of_its_faults(
    tmp_path: Path, county: Path
) -> None:
    faulty = ["孙大伟", "62992119", "汉", "高中", "正式", STREET, "2011/7/1", "", ""]
    path = text(tmp_path / "名册.csv", FOREIGN, faulty)
    target = county / forms.ROSTER / f"{TOWN}.xlsx"
    entering.enter(county, take(path, said=TOLD, against=stands(county)), stands(county))
    once = target.read_bytes()
    (again,) = entering.enter(county, take(path, said=TOLD, against=stands(county)), stands(county))
    assert (target.read_bytes(), again.before) == (once, "")
    sun = number("19790101", "013")
    text(tmp_path / "名册.csv", FOREIGN, [faulty[0], sun, *faulty[2:]])
    entering.enter(county, take(path, said=TOLD, against=stands(county)), stands(county))
    assert sorted(in_folder(county, TOWN)) == sorted([WANG, LI, sun])
    assert [row.number for row in stands(county).rosters[TOWN][0].faulty] == []


def test_a_transfer_is_not_made_by_an_import(tmp_path: Path, county: Path) -> None:
    path = text(
        tmp_path / "名册.csv", FOREIGN, ["赵明", ZHAO, "回", "初中", "正式", STREET, "2005/7/1", "", ""]
    )
    taken = take(path, said=TOLD, against=stands(county))
    (one,) = taken.problems
    assert one.wrong == f"这个号码现在在{FARM}的名册里（第4行）"
    assert entering.enter(county, taken, stands(county)) == []


def test_into_an_empty_folder_somebody_must_say_whose_roster_it_is(tmp_path: Path) -> None:
    path = text(
        tmp_path / "名册.csv", FOREIGN, ["王秀兰", WANG, "汉", "大学", "正式", STREET, "2005/7/1", "", ""]
    )
    root = tmp_path / "新县"
    root.mkdir()
    with pytest.raises(Refused) as refused:
        entering.enter(root, take(path, said=TOLD), Standing())
    assert refused.value.rule == "F.7"
    taken = take(path, said=Said(committee=TOWN, told=TOLD.told))
    assert [one.file for one in entering.enter(root, taken, Standing())] == [f"{forms.ROSTER}/{TOWN}.xlsx"]
    assert standing.of_folder(root, None).people[WANG].values["姓名"] == "王秀兰"


def test_a_roster_that_cannot_be_read_is_never_written_over(tmp_path: Path, county: Path) -> None:
    target = county / forms.ROSTER / f"{TOWN}.xlsx"
    target.write_bytes(b"PK damaged")
    path = text(
        tmp_path / "名册.csv", FOREIGN, ["王秀兰", WANG, "汉", "大学", "正式", STREET, "2005/7/1", "", ""]
    )
    taken = take(path, said=TOLD, against=stands(county))
    with pytest.raises(Refused) as refused:
        entering.enter(county, taken, stands(county))
    assert (refused.value.rule, target.read_bytes()) == ("F.7", b"PK damaged")


def test_what_a_record_does_not_keep_is_no_difference(tmp_path: Path, county: Path) -> None:
    whole = stands(county)
    kept = {
        heading: whole.people[WANG].values[heading]
        for heading in ("姓名", "公民身份号码", "性别", "所在党支部")
    }
    record = Standing(whole.plan, whole.tree, partial=True)
    record.people[WANG] = standing.Person(TOWN, 0, sound=True, values=kept)
    found = []
    for branch in (STREET, HILL):
        path = text(
            tmp_path / "名册.csv", FOREIGN, ["王秀兰", WANG, "汉", "大学", "正式", branch, "2005/7/1", "", ""]
        )
        (one,) = take(path, said=TOLD, against=record).preview.lines
        found.append((one.state, [change.heading for change in one.changes]))
    assert found == [("unchanged", []), ("changed", ["所在党支部"])]


def test_names_are_compared_as_they_are_matched(tmp_path: Path, county: Path) -> None:
    path = text(
        tmp_path / "名册.csv",
        FOREIGN,
        ["王 秀 兰", WANG, "汉", " 大 学", "正式", squeeze(STREET), "2005/7", "", ""],
    )
    assert [one.state for one in take(path, said=TOLD, against=stands(county)).preview.lines] == ["unchanged"]


# --- every value, there and back ----------------------------------------------------------------------------------

DAYS = st.dates(date(1930, 1, 1), date(2021, 12, 31))
SPELLINGS = ("{:%Y-%m-%d}", "{:%Y/%m/%d}", "{:%Y.%m.%d}", "{:%Y年%m月%d日}", "{:%Y%m%d}")
MONTHS = ("{:%Y.%m}", "{:%Y年%m月}", "{:%Y%m}", "{:%Y-%m}", "{:%Y/%m}")
PLAIN = st.text("青梧镇中学教师农民（）·、-=+@'0123456789abc", max_size=12).map(str.strip)


@st.composite
def members(draw: st.DrawFn) -> tuple[dict[str, str], dict[str, Any]]:
    """A member as a strange roster writes one, and as our form must read it."""
    born, joined = draw(DAYS), draw(DAYS)
    order = f"{draw(st.integers(1, 999)):03d}"
    own = number(f"{born:%Y%m%d}", order)
    nationality = draw(st.sampled_from(sorted(set(nationalities.NATIONALITIES.values()))))
    codes = words._values()["民族"]
    to_month = draw(st.booleans())
    full = draw(st.booleans())
    moving = draw(st.booleans())
    post = draw(PLAIN.filter(lambda text: not text.startswith(("=", "'"))))
    strange = {
        "党员姓名": draw(st.sampled_from(["王伟", "王　伟", "阿依古丽·赛力克", "欧阳 春", "𠮷山"])),
        "身份证号码": draw(st.sampled_from([own, own.lower(), f" {own} "])),
        "性别": draw(st.sampled_from(["2", "女"] if int(order[2]) % 2 == 0 else ["1", "男", "男性"])),
        "族别": draw(st.sampled_from(sorted(word for word, meant in codes.items() if meant == nationality))),
        "出生年月": draw(st.sampled_from([*SPELLINGS, *MONTHS])).format(born),
        "文化程度": draw(st.sampled_from(["21", "大学本科毕业"])),
        "党员类别": draw(st.sampled_from(["正式", "01", "正式党员"] if full else ["预备", "2", "预备党员"])),
        "支部名称": STREET,
        "入党时间": draw(st.sampled_from(MONTHS if to_month else SPELLINGS)).format(joined),
        "工作单位及职务": post,
        "是否流动": draw(st.sampled_from(["√", "Y", "是", "1"] if moving else ["×", "N", "否", "0"])),
    }
    meant = {
        "姓名": "".join(strange["党员姓名"].split())
        if strange["党员姓名"][1:2].isspace()
        else strange["党员姓名"],
        "公民身份号码": own,
        "性别": "女" if int(order[2]) % 2 == 0 else "男",
        "民族": nationality,
        "出生日期": born,
        "学历": "大学本科毕业",
        "人员类别": "正式党员" if full else "预备党员",
        "所在党支部": STREET,
        "入党日期": Month(joined.year, joined.month) if to_month else joined,
        "流动党员": "是" if moving else "否",
        "年老体弱": "否",
        "党籍状态": "正常",
    } | ({"工作岗位": post} if post else {})
    return strange, meant


@settings(max_examples=40, deadline=None)
@given(st.lists(members(), min_size=1, max_size=6, unique_by=lambda one: one[1]["公民身份号码"]))
def test_what_a_strange_roster_says_is_what_stands_in_ours(
    tmp_path_factory: pytest.TempPathFactory, people: list[tuple[dict[str, str], dict[str, Any]]]
) -> None:
    root = tmp_path_factory.mktemp("import")
    headings = list(people[0][0])
    rows: list[list[Cell]] = [[*headings]]
    rows.extend([*one.values()] for one, _ in people)
    told = {"年老体弱": "否", "党籍状态": "正常"}
    taken = taking.compare([("名册", Sheet("表", rows))], Said(committee=TOWN, told=told), Standing())
    assert taken.problems == []
    assert [one.values for one in taken.entries] == [meant for _, meant in people]
    entering.enter(root, taken, Standing())
    stands = standing.of_folder(root, None).people
    for _strange, meant in people:
        kept = {
            key: value
            for key, value in stands[meant["公民身份号码"]].values.items()
            if key != "序号" and value not in ("", None)
        }
        assert kept == meant
