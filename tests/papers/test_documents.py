"""Every document of a county: what it says is the record's, what was altered is named, and no number gets out."""

from __future__ import annotations

import random
import re
import shutil
import zipfile
from collections.abc import Callable, Iterator
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.shared import Mm, Pt

from counties import asked, written
from counties import small as small_county
from fourgates import names
from fourgates.errors import Broken, Refused
from fourgates.papers import template
from fourgates.papers.documents import checking, fingerprint, writing
from fourgates.papers.documents.ground import shares
from fourgates.papers.documents.kind import Kind
from fourgates.papers.documents.kinds import KINDS, kind
from fourgates.papers.documents.writing import Source, Templates
from fourgates.papers.template import BLANK, Values
from scripts.documents.__main__ import PAGE, contents
from scripts.documents.page import page

WIDE = {"summary", "checks", "joint-review", "list"}


@pytest.fixture(scope="module")
def source(small_out: Path) -> Source:
    return writing.source(small_out / "record")


@pytest.fixture(scope="module")
def folder(source: Source, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Every document of the small county, one folder."""
    into = tmp_path_factory.mktemp("documents")
    for _path in writing.write(source, writing.possible(source.ground), into, Templates()):
        pass
    return into


@cache
def source_of(out: Path) -> Source:
    """The record read once for many documents."""
    return writing.source(out / "record")


def one(source: Source, key: str, at: int = 0) -> Any:
    """A document of a kind, read again."""
    subject = kind(key).subjects(source.ground)[at]
    return docx.Document(BytesIO(writing.make(source, kind(key), subject, Templates()).content))


def text(document: Any) -> str:
    """All that a document says, tables too."""
    return "\n".join(line.text for line in template.lines(document.element))


# --- every kind -------------------------------------------------------------------------------------------------


def places(values: Values) -> Iterator[str]:
    for name, value in values.items():
        if isinstance(value, list):
            for item in value:
                yield from (f"{name}.{key}" for key in item)
        else:
            yield name


@pytest.mark.parametrize("one_kind", KINDS, ids=lambda one_kind: str(one_kind.key))
def test_a_kind_gives_exactly_the_places_it_documents(source: Source, one_kind: Kind) -> None:
    subjects = one_kind.subjects(source.ground)
    assert subjects
    given = {place for subject in subjects for place in places(one_kind.values(source.ground, subject))}
    empty = {name for name in one_kind.places if "." in name} - given
    assert given | empty == set(one_kind.places)
    assert all(one_kind.values(source.ground, subjects[0])[name.partition(".")[0]] == [] for name in empty)


def test_the_templates_shipped_are_those_the_script_writes() -> None:
    made = contents()
    assert set(made) == {f"{one_kind.key}.docx" for one_kind in KINDS}
    for one_kind in KINDS:
        ours = template.unpacked("", made[f"{one_kind.key}.docx"])
        assert template.unpacked("", writing.shipped(one_kind.key)) == ours, "run python -m scripts.documents"


def test_the_page_on_documents_is_current() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run python -m scripts.documents"


def test_every_document_is_whole_and_has_no_place_left(folder: Path) -> None:
    found = sorted(folder.rglob("*.docx"))
    assert len(
        {path.relative_to(folder).parts[0].partition("_")[0].removesuffix(".docx") for path in found}
    ) == len(KINDS)
    for path in found:
        with zipfile.ZipFile(path) as parts:
            assert parts.testzip() is None
            everything = "".join(
                parts.read(name).decode() for name in parts.namelist() if name.endswith(".xml")
            )
        assert "{{" not in everything, path.name
        assert re.search(r"四关｜[^｜]+｜[^｜]+｜纪实第\d+条｜版式[0-9a-f]{8}｜核对码", everything), path.name


@pytest.mark.parametrize("one_kind", KINDS, ids=lambda one_kind: str(one_kind.key))
def test_the_page_is_that_of_the_standard(source: Source, one_kind: Kind) -> None:
    document = one(source, one_kind.key)
    (section,) = document.sections
    width, height, left, right, top, bottom = (
        round(length / Mm(1))
        for length in (
            section.page_width,
            section.page_height,
            section.left_margin,
            section.right_margin,
            section.top_margin,
            section.bottom_margin,
        )
    )
    block = width - left - right, height - top - bottom
    if one_kind.key in WIDE:
        assert (width, height, left, top, block) == (297, 210, 37, 28, (225, 156))
    else:
        assert (width, height, left, top, block) == (210, 297, 28, 37, (156, 225))
    assert document.styles["Normal"].font.size == Pt(16)
    assert document.styles["Normal"].paragraph_format.line_spacing == Pt(28.95)
    for table in document.tables:
        assert sum(column.width for column in table.columns) <= Mm(block[0] + 1)


def test_fonts_are_named_and_none_is_brought_along(folder: Path) -> None:
    for path in sorted(folder.glob("*.docx")):
        with zipfile.ZipFile(path) as parts:
            assert [name for name in parts.namelist() if "font" in name] == ["word/fontTable.xml"]
            table = parts.read("word/fontTable.xml").decode()
        assert all(f'w:name="{name}"' in table for name in ("方正小标宋简体", "仿宋_GB2312", "楷体_GB2312"))


# --- what they say ----------------------------------------------------------------------------------------------


def test_no_number_leaves_the_county_and_none_stands_in_a_notice(source: Source, folder: Path) -> None:
    numbers = {one_person.number for one_person in source.ground.people.people.values()}
    for path in folder.rglob("*.docx"):
        said = text(docx.Document(str(path)))
        assert numbers.isdisjoint(re.findall(r"\d{17}[\dX]", said)), path.name
        assert re.findall(r"1[3-9]\d{9}", said) == [], path.name


def test_a_letter_carries_numbers_only_where_the_plan_says_so(tmp_path: Path) -> None:
    county = written(small_county(), tmp_path / "county")
    plan = county / "plan.toml"
    toml = plan.read_text(encoding="utf-8")
    assert "departments = [" in toml
    plan.write_text(
        toml.replace("departments = [", 'numbers_to = ["公安"]\ndepartments = [', 1), encoding="utf-8"
    )
    assert asked("run", county, "--out", tmp_path / "out").exit_code == 0
    found = writing.source(tmp_path / "out" / "record")
    departments = found.ground.plan.integrity.departments
    carried = {
        department
        for department in departments
        for key in ("letter", "reply")
        if re.search(r"\d{17}[\dX]", text(one(found, key, departments.index(department))))
    }
    assert carried == {"公安"}


def test_the_list_stands_in_stroke_order_with_names_as_lists_print_them(source: Source) -> None:
    rows = one(source, "list").tables[0].rows[1:]
    printed = [row.cells[1].text for row in rows]
    assert printed == names.order(printed)
    roster = source.ground.facts.roster()
    for id_, name in zip(source.ground.listed, printed, strict=True):
        assert ("女" in name) == roster.members[id_].female
        assert name.partition("（")[0] == names.pad(source.ground.bare(id_))


def test_a_meeting_says_what_the_branch_filed(source: Source) -> None:
    ground = source.ground
    for at, subject in enumerate(kind("meeting").subjects(ground)):
        sitting = ground.facts.filed[subject][0]
        document = one(source, "meeting", at)
        said = text(document)
        assert f"{sitting.day.year}年{sitting.day.month}月{sitting.day.day}日" in said
        assert [row.cells[3].text for row in document.tables[1].rows[1:]] == [
            str(members) for members in sorted((name.members for name in sitting.names), reverse=True)
        ]


def test_the_joint_review_has_a_column_for_each_department(source: Source) -> None:
    table = one(source, "joint-review").tables[0]
    assert [cell.text for cell in table.rows[0].cells][3:-1] == list(source.ground.plan.integrity.departments)
    assert len(table.rows) == 1 + len(source.ground.report.people)


def test_what_the_record_does_not_know_is_a_line(source: Source) -> None:
    assert f"主持：{BLANK}" in text(one(source, "minutes"))
    assert f"条件一：{BLANK}" in text(one(source, "work-plan"))
    assert f"受理单位：{BLANK}" in text(one(source, "public-notice"))


def test_parts_add_up_to_a_hundred() -> None:
    assert shares([12770, 847, 759, 424]) == ["86.3%", "5.7%", "5.1%", "2.9%"]
    assert shares([1, 1, 1]) == ["33.4%", "33.3%", "33.3%"]
    assert shares([99_999, 1, 0]) == ["99.9%", "0.1%", "0.0%"]
    assert shares([5, 0]) == ["100.0%", "0.0%"]
    assert shares([0, 0]) == ["—", "—"]


# --- the fingerprint --------------------------------------------------------------------------------------------


@cache
def _parts(path: Path) -> dict[str, bytes]:
    return template.unpacked(path.name, path.read_bytes())


def altered(path: Path, into: Path, change: Callable[[Any], None]) -> Path:
    """The document with something changed by a word processor."""
    document = docx.Document(str(path))
    change(document)
    into.mkdir(exist_ok=True)
    document.save(str(into / path.name))
    return into / path.name


def put(document: Any, before: str, after: str) -> None:
    for line in document.element.iter(template._T):
        if line.text and before in line.text:
            line.text = line.text.replace(before, after, 1)
            return
    raise AssertionError(before)


def test_every_kind_of_document_holds_against_its_record(folder: Path, small_out: Path) -> None:
    for one_kind in KINDS:
        path = next(path for path in sorted(folder.rglob(f"{one_kind.title}*.docx")))
        found = checking.check(path, small_out / "record", Templates())
        assert found.holds, one_kind.title
        assert found.differences == ()


def test_a_figure_altered_is_named_with_its_place(folder: Path, small_out: Path, tmp_path: Path) -> None:
    path = folder / "简报.docx"
    rate = re.search(r"党员参与率(\d+\.\d%|100%)", text(docx.Document(str(path))))
    assert rate
    changed = altered(path, tmp_path, lambda document: put(document, rate[0], "党员参与率98.7%"))
    result = asked("papers", "check", changed, small_out)
    assert result.exit_code == 1
    assert re.search(
        rf"第\d+段：文书写“.*党员参与率98\.7%.*”，按纪实应为“.*{re.escape(rate[0])}.*”", result.output
    )
    assert "与纪实不一致：简报" in result.output


def test_a_cell_altered_is_named_with_row_and_cell(folder: Path, small_out: Path, tmp_path: Path) -> None:
    path = folder / "名额分配表.docx"

    def change(document: Any) -> None:
        document.tables[0].rows[2].cells[6].paragraphs[0].runs[0].text = "99"

    found = checking.check(altered(path, tmp_path, change), small_out / "record", Templates())
    assert [(one.place, one.says, one.by_hand) for one in found.differences] == [
        ("表1第3行第7格", "99", False)
    ]
    assert not found.holds


def test_a_row_taken_out_or_put_in_is_named(folder: Path, small_out: Path, tmp_path: Path) -> None:
    path = folder / "名册.docx"

    def change(document: Any) -> None:
        row = document.tables[0].rows[1]._tr
        row.getparent().remove(row)

    found = checking.check(altered(path, tmp_path, change), small_out / "record", Templates())
    assert not found.holds
    assert any(one.says == "" and one.record for one in found.altered)
    added = altered(path, tmp_path / "2", lambda document: document.add_paragraph("另有1人。"))
    found = checking.check(added, small_out / "record", Templates())
    assert [(one.says, one.record) for one in found.altered] == [("另有1人。", "")]


def test_a_blank_filled_in_by_hand_is_no_fault(folder: Path, small_out: Path, tmp_path: Path) -> None:
    path = folder / "简报.docx"

    def change(document: Any) -> None:
        put(document, "＿＿＿＿年＿＿月＿＿日", "2022年3月25日")

    changed = altered(path, tmp_path, change)
    found = checking.check(changed, small_out / "record", Templates())
    assert found.holds
    assert [one.by_hand for one in found.differences] == [True]
    result = asked("papers", "check", changed, small_out)
    assert result.exit_code == 0
    assert "手工填写“2022年3月25日”" in result.output


def test_filling_a_blank_hides_no_altered_figure(folder: Path, small_out: Path, tmp_path: Path) -> None:
    path = next(iter(sorted(folder.rglob("请示*.docx"))))

    def change(document: Any) -> None:
        put(document, "签发人：＿＿＿＿", "签发人：李梅")
        count = re.search(r"共\d+名同志", text(document))
        assert count
        put(document, count[0], "共99名同志")

    found = checking.check(altered(path, tmp_path, change), small_out / "record", Templates())
    assert [one.by_hand for one in found.differences] == [True, False]


def test_a_document_of_an_earlier_entry_is_worked_out_as_of_it(small: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert asked("run", small, "--out", out).exit_code == 0
    assert asked("papers", out, "work-plan", "--into", tmp_path).exit_code == 0
    changed = shutil.copytree(small, tmp_path / "county")
    plan = changed / "plan.toml"
    toml = plan.read_text(encoding="utf-8")
    plan.write_text(toml.replace("county_list = 2", "county_list = 3"), encoding="utf-8")
    assert plan.read_text(encoding="utf-8") != toml
    asked("run", changed, "--out", out)
    result = asked("papers", "check", tmp_path / "工作方案.docx", out)
    assert result.exit_code == 0, result.output
    assert asked("papers", out, "work-plan", "--into", tmp_path / "2").exit_code == 0
    first, second = ((tmp_path / name).read_bytes() for name in ("工作方案.docx", "2/工作方案.docx"))
    assert first != second


def test_a_document_of_another_record_is_told_apart(folder: Path, tmp_path: Path) -> None:
    county = written(small_county("别处"), tmp_path / "county")
    asked("run", county, "--out", tmp_path / "out")
    result = asked("papers", "check", folder / "工作方案.docx", tmp_path / "out")
    assert result.exit_code in (1, 2)
    assert "不是这份纪实" in result.output or "不是出自这份纪实" in result.output


def test_a_forged_fingerprint_does_not_help(folder: Path, small_out: Path, tmp_path: Path) -> None:
    path = folder / "简报.docx"
    parts = dict(_parts(path))
    for name, part in parts.items():
        if name.startswith("word/footer"):
            parts[name] = re.sub(rb"([0-9a-f]{4}-){3}[0-9a-f]{4}", b"0000-0000-0000-0000", part)
    forged = tmp_path / path.name
    forged.write_bytes(template.packed(parts))
    found = checking.check(forged, small_out / "record", Templates())
    assert (found.recorded, found.differences, found.holds) == (False, (), False)


@pytest.mark.parametrize(
    ("content", "says"),
    [(b"", "不是 Word 文档"), (b"PK\x05\x06" + bytes(18), "不是 Word 文档"), (None, "没有完整的核对码")],
)
def test_what_cannot_be_checked_is_refused(
    small_out: Path, tmp_path: Path, content: bytes | None, says: str
) -> None:
    path = tmp_path / "来件.docx"
    if content is None:
        docx.Document().save(str(path))
    else:
        path.write_bytes(content)
    result = asked("papers", "check", path, small_out)
    assert result.exit_code == 2
    assert says in result.output


def test_a_record_that_does_not_hold_vouches_for_nothing(
    folder: Path, small_out: Path, tmp_path: Path
) -> None:
    record = shutil.copytree(small_out / "record", tmp_path / "record")
    ledger = record / "ledger.jsonl"
    ledger.write_bytes(ledger.read_bytes().replace(b'"county_list":2', b'"county_list":3'))
    with pytest.raises(Broken):
        checking.check(folder / "工作方案.docx", record, Templates())


def test_the_fingerprint_reads_back() -> None:
    mark = fingerprint.Fingerprint("简报", "中共成县县委", 12, "0123abcd", "0123-4567-89ab-cdef")
    assert fingerprint.find(f"— 1 —\n{mark}") == mark
    assert fingerprint.find(str(mark).replace("｜", " ｜ ")) == mark
    assert fingerprint.find("四关｜简报") is None


# --- names deleted, templates of one's own ----------------------------------------------------------------------


def test_without_names_only_what_needs_none_is_written(folder: Path, small_out: Path, tmp_path: Path) -> None:
    out = shutil.copytree(small_out, tmp_path / "out")
    for path in (out / "record" / "people").iterdir():
        path.unlink()
    refused = asked("papers", out, "list", "--into", tmp_path / "a")
    assert refused.exit_code == 2
    assert "名册要写姓名，而人员附件已经删除" in refused.output
    every = asked("papers", out, "--all", "--into", tmp_path / "b")
    assert every.exit_code == 0
    assert {path.stem.partition("_")[0] for path in (tmp_path / "b").rglob("*.docx")} == {
        one_kind.title for one_kind in KINDS if not one_kind.names
    }
    assert asked("papers", "check", folder / "简报.docx", out).exit_code == 0
    assert asked("papers", "check", folder / "名册.docx", out).exit_code == 2


def test_an_office_edits_its_templates(small_out: Path, tmp_path: Path) -> None:
    own = tmp_path / "模板"
    assert asked("papers", "templates", own).exit_code == 0
    assert {path.stem for path in own.iterdir()} == {one_kind.title for one_kind in KINDS}
    path = own / "简报.docx"
    altered(path, own, lambda document: put(document, "严把“四关”", "用心把好“四关”"))
    assert asked("papers", small_out, "简报", "--into", tmp_path, "--templates", own).exit_code == 0
    made = tmp_path / "简报.docx"
    assert "用心把好“四关”" in text(docx.Document(str(made)))
    assert asked("papers", "check", made, small_out, "--templates", own).exit_code == 0
    without = asked("papers", "check", made, small_out)
    assert without.exit_code == 2
    assert "--templates" in without.output
    assert asked("papers", "templates", own).exit_code == 0
    assert asked("papers", "check", made, small_out, "--templates", own).exit_code == 0


def test_an_unknown_place_in_an_own_template_is_an_error_that_names_it(
    small_out: Path, tmp_path: Path
) -> None:
    own = tmp_path / "模板"
    own.mkdir()
    content = writing.shipped("bulletin")
    (own / "简报.docx").write_bytes(content)
    altered(own / "简报.docx", own, lambda document: put(document, "{{支部数}}", "{{支部书}}"))
    result = asked("papers", small_out, "简报", "--into", tmp_path, "--templates", own)
    assert result.exit_code == 2
    assert re.search(r"模板简报\.docx第\d+段有不认识的占位符“支部书”，最接近的是“支部数”", result.output)
    assert not (tmp_path / "简报.docx").exists()


def test_the_terminal_says_what_it_does_not_know(small_out: Path, tmp_path: Path) -> None:
    assert "最接近的是“会议记录”" in asked("papers", small_out, "会义记录").output
    nobody = asked("papers", small_out, "minutes", "--unit", "没有的党委", "--into", tmp_path)
    assert (nobody.exit_code, "没有可出的会议纪要（没有的党委）" in nobody.output) == (2, True)
    assert asked("papers", small_out).exit_code == 2
    kinds = asked("papers", "kinds").output
    assert [line.split()[0] for line in kinds.splitlines()] == [one_kind.key for one_kind in KINDS]


def test_each_refusal_has_its_rule(source: Source, small_out: Path, folder: Path) -> None:
    with pytest.raises(Refused) as refused:
        kind("没有的文种")
    assert refused.value.rule == "D.2"
    nameless = Source(source.ground, source.n, source.seal, source.root, named=False)
    with pytest.raises(Refused) as refused:
        writing.make(nameless, kind("list"), source.ground.tree.county, Templates())
    assert refused.value.rule == "D.3"
    with pytest.raises(Refused) as refused:
        writing.source(small_out / "record", until=source.n + 1)
    assert refused.value.rule == "D.4"


def test_a_list_decided_against_the_rules_is_not_signed(tmp_path: Path) -> None:
    county = small_county()
    for row in county.sheets["13 县委研究.xlsx"].rows:
        assert row is not None
        row.put("不同意", row.count("同意") + row.count("不同意"))
        row.put("同意", 0)
    folder = written(county, tmp_path / "county")
    asked("run", folder, "--out", tmp_path / "out")
    found = writing.source(tmp_path / "out" / "record")
    assert found.ground.report.decision is not None
    assert not found.ground.lawful
    unsigned = {"list", "registration", "public-notice", "notice-result"}
    assert {one_kind.key for one_kind in KINDS} - {
        one_kind.key for one_kind in writing.possible(found.ground)
    } == unsigned
    assert found.ground.tree.county not in kind("request").subjects(found.ground)
    assert "需要说明：" in text(one(found, "minutes", -1))


@pytest.mark.parametrize("seed", range(120))
def test_a_spoiled_document_is_refused_or_named_and_nothing_else(
    folder: Path, small_out: Path, tmp_path: Path, seed: int
) -> None:
    chance = random.Random(seed)
    content = bytearray((folder / "名册.docx").read_bytes())
    if seed % 2:
        parts = dict(_parts(folder / "名册.docx"))
        body = bytearray(parts["word/document.xml"])
        tags = [found.span() for found in re.finditer(rb"<[^>]*>", bytes(body))]
        for _turn in range(chance.randint(1, 4)):
            start, end = chance.choice(tags)
            body[start:end] = chance.choice(
                [b"", b"<w:tc>", b"<w:tbl/>", b"&x;", b"<w:t>99</w:t>", b"\xff" * (end - start)]
            )
        content = bytearray(template.packed({**parts, "word/document.xml": bytes(body)}))
    else:
        for _turn in range(chance.randint(1, 6)):
            content[chance.randrange(len(content))] = chance.randrange(256)
    path = tmp_path / "来件.docx"
    path.write_bytes(bytes(content))
    said = text(docx.Document(str(folder / "名册.docx")))
    try:
        found = checking.against(path, lambda _entry: source_of(small_out), Templates())
        again = "\n".join(line.text for line in template.body("", template.unpacked("", path.read_bytes())))
    except Refused as refused:
        rule = refused.rule
        assert rule in {"D.1", "D.2", "D.4"}
    else:
        assert found.holds == (found.recorded and again == said)


def test_a_unit_is_called_by_its_short_name_too(source: Source) -> None:
    ground = source.ground
    committee = next(iter(ground.committees))
    full = writing.subjects(ground, kind("meeting"), committee)
    assert full == writing.subjects(ground, kind("meeting"), ground.short[committee])
    assert full == [
        branch.name for branch in ground.tree.branches(committee) if branch.name in ground.facts.filed
    ]
    person = ground.report.committees[0].up[0]
    assert writing.subjects(ground, kind("inspection"), ground.bare(person)) == [person]
    with pytest.raises(Refused, match=r"D\.2"):
        writing.subjects(ground, kind("inspection"), "没有这个人")
