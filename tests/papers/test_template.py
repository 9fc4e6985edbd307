"""Templates: places are filled, lists repeat, cells spread, nothing is executed, and a slip is named with its place."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from io import BytesIO
from typing import Any

import docx
import pytest

from fourgates.errors import Refused
from fourgates.papers.template import BLANK, Template, Values

PLACES = ("单位", "人选.姓名", "人选.票", "人选.备注", "列", "说明", "人选.分")


def file(*paragraphs: str, rows: Sequence[Sequence[str]] = (), foot: str = "{{指纹}}") -> bytes:
    """A template of these paragraphs and one table, as Word would save it."""
    document: Any = docx.Document()
    for text in paragraphs:
        document.add_paragraph(text)
    if rows:
        table = document.add_table(rows=len(rows), cols=len(rows[0]))
        for row, texts in zip(table.rows, rows, strict=True):
            for cell, text in zip(row.cells, texts, strict=True):
                cell.text = text
    document.sections[0].footer.paragraphs[0].text = foot
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def filled(content: bytes, values: Values) -> Any:
    """The document that comes of a template, read again."""
    made = Template("试.docx", content, PLACES).fill(values, lambda _said: "印记")
    return docx.Document(BytesIO(made.content))


def said(content: bytes, values: Values) -> list[str]:
    return [paragraph.text for paragraph in filled(content, values).paragraphs]


def table(content: bytes, values: Values) -> list[list[str]]:
    return [[cell.text for cell in row.cells] for row in filled(content, values).tables[0].rows]


def test_a_value_stands_in_its_place_and_a_missing_one_leaves_a_line() -> None:
    assert said(file("由{{单位}}报送：{{ 说明 }}。"), {"单位": "县委", "说明": None}) == [
        f"由县委报送：{BLANK}。"
    ]


def test_a_place_that_word_cut_into_runs_is_still_one_place() -> None:
    document: Any = docx.Document()
    paragraph = document.add_paragraph()
    for piece in ("甲{", "{单", "位}", "}乙"):
        paragraph.add_run(piece).bold = piece == "{单"
    document.sections[0].footer.paragraphs[0].text = "{{指纹}}"
    out = BytesIO()
    document.save(out)
    assert said(out.getvalue(), {"单位": "县委"}) == ["甲县委乙"]


def test_a_row_and_a_paragraph_repeat_for_each_of_a_list() -> None:
    content = file("{{人选.姓名}}得{{人选.票}}票", rows=[["姓名", "票"], ["{{人选.姓名}}", "{{人选.票}}"]])
    people = [{"姓名": "李梅", "票": "3"}, {"姓名": "赵铁", "票": "2"}]
    assert said(content, {"人选": people}) == ["李梅得3票", "赵铁得2票"]
    assert table(content, {"人选": people}) == [["姓名", "票"], ["李梅", "3"], ["赵铁", "2"]]
    assert table(content, {"人选": []}) == [["姓名", "票"]]


def test_conditions_keep_or_drop_a_paragraph_and_a_row() -> None:
    content = file("{{?说明}}有：{{说明}}", "{{!说明}}没有", rows=[["头"], ["{{?人选.备注}}{{人选.姓名}}"]])
    people = [{"姓名": "李梅", "备注": ""}, {"姓名": "赵铁", "备注": "是"}]
    assert said(content, {"说明": "甲", "人选": people}) == ["有：甲"]
    assert said(content, {"说明": "", "人选": people}) == ["没有"]
    assert table(content, {"说明": "", "人选": people}) == [["头"], ["赵铁"]]


def test_a_value_of_several_parts_spreads_over_columns() -> None:
    content = file(rows=[["姓名", "{{列}}"], ["{{人选.姓名}}", "{{人选.分}}"], ["合计", ""]])
    values: Values = {"列": ("会议", "上门", "电话"), "人选": [{"姓名": "李梅", "分": ("1", "2", "3")}]}
    found = filled(content, values)
    rows = [[cell.text for cell in row.cells] for row in found.tables[0].rows]
    assert rows[:2] == [["姓名", "会议", "上门", "电话"], ["李梅", "1", "2", "3"]]
    assert [row._tr.tc_lst[1].grid_span for row in found.tables[0].rows] == [1, 1, 3]
    assert len(found.tables[0].columns) == 4


def test_what_people_wrote_is_never_read_as_a_place() -> None:
    content = file("{{单位}}", "{{人选.姓名}}", rows=[["{{人选.姓名}}"]])
    hostile = "{{单位}}{{?说明}}{{7*7}}{% for %}</w:t>&\x00"
    values: Values = {"单位": "{{说明}}", "说明": "", "人选": [{"姓名": hostile}]}
    clean = hostile.replace("\x00", "\ufffd")
    assert said(content, values) == ["{{说明}}", clean]
    assert table(content, values) == [[clean]]


def test_new_lines_stay_lines() -> None:
    assert said(file("{{单位}}"), {"单位": "一\n二"}) == ["一\n二"]


@pytest.mark.parametrize(
    ("content", "place", "names"),
    [
        (file("", "由{{单立}}报送"), "第2段", "“单立”，最接近的是“单位”"),
        (file(rows=[["甲", "{{人选.性名}}"]]), "表1第1行第2格", "“人选.性名”，最接近的是“人选.姓名”"),
        (file("{{单位}"), "第1段", "没有写完整：“{{单位}”"),
        (file("{{单位.__class__}}"), "第1段", "“单位.__class__”"),
        (file("{{人选.姓名}}", rows=[["{{7*7}}"]]), "表1第1行第1格", "“7*7”"),
        (file("甲", foot="第1页"), "", "{{指纹}}"),
    ],
)
def test_a_slip_in_a_template_is_named_with_its_place(content: bytes, place: str, names: str) -> None:
    with pytest.raises(Refused) as refused:
        Template("推荐表.docx", content, PLACES)
    assert refused.value.rule == "D.1"
    text = refused.value.why.format(**refused.value.facts)
    assert text.startswith(f"模板推荐表.docx{place}")
    assert names in text


def test_one_row_speaks_of_one_list() -> None:
    with pytest.raises(Refused, match="混用了两个列表"):
        Template("试.docx", file("{{人选.姓名}}{{会议.日期}}"), (*PLACES, "会议.日期"))


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", file("甲")[:900], b"\xd0\xcf\x11\xe0" + bytes(600)])
def test_what_is_no_document_is_refused(content: bytes) -> None:
    with pytest.raises(Refused, match="不是 Word 文档") as refused:
        Template("坏.docx", content, PLACES)
    assert refused.value.rule == "D.1"


def test_what_unpacks_too_large_is_refused() -> None:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("word/document.xml", bytes(40 << 20))
    with pytest.raises(Refused, match="过大"):
        Template("大.docx", out.getvalue(), PLACES)


def test_entities_are_left_alone() -> None:
    out = BytesIO()
    body = (
        '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]>'
        '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r>'
        "<w:t>甲&a;乙</w:t></w:r></w:p></w:body></w:document>"
    )
    foot = body.partition("]>")[2].replace("甲&a;乙", "{{指纹}}").replace("w:document", "w:ftr")
    with zipfile.ZipFile(out, "w") as parts:
        parts.writestr("word/document.xml", body)
        parts.writestr("word/footer1.xml", foot.replace("<w:body>", "").replace("</w:body>", ""))
    made = Template("试.docx", out.getvalue(), PLACES).fill({}, lambda _said: "印记")
    assert [line.text for line in made.lines] == ["甲"]


def test_the_same_values_give_the_same_bytes_and_are_told_in_order() -> None:
    template = Template("试.docx", file("{{单位}}{{说明}}", rows=[["{{人选.姓名}}"]]), PLACES)
    values: Values = {"单位": "县委", "说明": "", "人选": [{"姓名": "李梅"}]}
    made = template.fill(values, str)
    assert made.said == (("人选.姓名", "李梅"), ("单位", "县委"), ("说明", ""))
    assert template.fill(values, str).content == made.content
    with zipfile.ZipFile(BytesIO(made.content)) as parts:
        feet = [parts.read(name).decode() for name in parts.namelist() if name.startswith("word/footer")]
        assert sum("李梅" in foot for foot in feet) == 1
        assert parts.testzip() is None
