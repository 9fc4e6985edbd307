"""A whole selection at the screens, in a real browser, from an empty site to the bundle that anybody recomputes.

The small county's folder is worked out once from the terminal. Here the same county is carried through by its people: the
administrator by the one-time link, the office with the workbooks, a branch, a committee, a department by its link, whoever
objects to the notice, and those who look on. What comes out must be what the folder came to, in either database.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from playwright.sync_api import Browser, Page

import databases
from counties import asked
from fourgates import bundle, judging
from fourgates.papers import forms
from fourgates.papers.people import read
from fourgates.report.build import build
from fourgates.review import Sitting
from fourgates.web import serving
from screens import PASSWORD, Walk, served


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def walk(
    request: pytest.FixtureRequest,
    small: Path,
    small_out: Path,
    browser: Browser,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Walk]:
    """The screens of an empty site, and what the folder came to."""
    whole = bundle.verify(small_out / "record").selection
    assert whole.people is not None
    people = read((small_out / "record" / "people" / f"{whole.people.document}.json").read_bytes())
    home = tmp_path_factory.mktemp("walk") / "home"
    database = ""
    if request.param == "postgresql":
        database = databases.made(request.getfixturevalue("postgresql"), "walk")
    port = serving.free("127.0.0.1", 8650)
    with served(home, database, port) as first:
        yield Walk(first, database or f"sqlite://{home}/site.db", browser, small, whole, people)


def figures(record: Path) -> dict[str, Any]:
    """What a record comes to, with numbers for the ids, which are another record's own."""
    whole = bundle.verify(record).selection
    assert whole.people is not None
    people, report = read((record / "people" / f"{whole.people.document}.json").read_bytes()), build(whole)
    decided = judging.decision(whole.facts)
    assert decided is not None
    return {
        "organisations": report.organisations.rate,
        "members": report.members.rate,
        "funnel": [(one.label, one.part) for one in report.funnel],
        "sent up": sorted(map(people.number, report.people)),
        "outcomes": sorted(
            (people.number(id_), one.judged.standard, one.judged.integrity)
            for id_, one in report.people.items()
        ),
        "proposed": sorted(people.number(one) for one in report.structure.chosen),
        "decided": sorted(people.number(one) for one in decided.people),
        "lawful": decided.lawful,
    }


def first_steps(walk: Walk) -> Page:
    """The administrator comes in by the one link there is, begins the selection, and hands in plan, units and rosters."""
    page = walk.page()
    page.goto(walk.site)
    walk.site = walk.site.partition("/link/")[0]
    page.fill("input[name=username]", "office")
    page.fill("input[name=name]", "组织部的人")
    page.fill("input[name=password]", PASSWORD)
    walk.button(page, "确定")
    walk.guarded(page)
    walk.go(page, "installation/")
    walk.link(page, "开始一次推选")
    page.fill("input[name=title]", "某省第十四次党代会代表推荐提名（青梧县，虚构）")
    page.fill("input[name=slug]", "walk")
    walk.button(page, "确定")
    windows = walk.facts.rulebook().windows
    walk.turn(windows.plan.first)
    walk.handed_in(page, walk.papers("plan.toml", forms.UNITS, forms.ROSTER, forms.SANCTIONS))
    walk.go(page, "s/walk/")
    walk.link(page, "名额分解")
    return page


def branch_meets(walk: Walk, page: Page, branch: str) -> None:
    """The branch: its meeting, signed in to on the sheet, the names put forward, the minutes, and who took part how."""
    facts, plan = walk.facts, walk.facts.rulebook()
    sitting, marks = facts.filed[branch][0], judging.marks(facts)
    own = [marks[id_] for id_, one in facts.roster().members.items() if one.branch == branch and id_ in marks]
    walk.go(page, "s/walk/")
    walk.link(page, "会议")
    walk.called_to(page, "党员大会", sitting.day)
    walk.link(page, "签到表")
    for mark in own:
        if mark.channel == plan.marking.meeting:
            page.get_by_label(walk.called(mark.person)).and_(page.locator("[name=here]")).check()
    walk.button(page, "录入签到")
    assert "达到法定人数" in page.inner_text("main")
    walk.link(page, "报送推荐结果")
    for number, name in enumerate(sitting.names):
        page.fill(f"input[name=who] >> nth={number}", walk.people.name(name.person))
        page.fill(f"input[name=tail] >> nth={number}", walk.people.number(name.person)[-4:])
        page.fill(f"input[name=members] >> nth={number}", str(name.members))
        page.fill(f"input[name=merit] >> nth={number}", "事迹突出")
    walk.button(page, "报送")
    walk.signed(page, sitting.day)
    walk.go(page, "s/walk/")
    walk.link(page, "参与登记")
    for mark in own:
        line = walk.row(page, mark.person, "ul.roll li")
        if mark.channel == plan.marking.meeting:
            continue
        assert mark.day is not None
        page.fill("input[name=day]", mark.day.isoformat())
        page.fill("input[name=second]", "李四")
        walk.press(page, line.locator(f"button[value='{mark.channel}']"))
    assert "都参与了" in page.inner_text("main")


def committee_reviews(walk: Walk, page: Page, committee: str) -> None:
    """The committee: its review, by votes that add up, and sending up."""
    review = walk.facts.reviews[committee][0]
    walk.go(page, "s/walk/")
    walk.link(page, "会议")
    walk.called_to(page, "党委会", review.day)
    voted(walk, page, review)


def voted(walk: Walk, page: Page, sitting: Sitting) -> None:
    """A meeting with its numbers, the vote on each, and its minutes."""
    page.fill("input[name=due]", str(sitting.due))
    page.fill("input[name=present]", str(sitting.present))
    walk.button(page, "录入")
    walk.link(page, "逐人表决，报送结果")
    for vote in sitting.votes:
        row = walk.row(page, vote.person)
        for what, count in (
            ("for", vote.votes_for),
            ("against", vote.against),
            ("abstained", vote.abstained),
        ):
            row.locator(f"input[name^={what}-]").fill(str(count))
        if vote.up:
            row.locator("input[name^=up-]").check()
        else:
            row.locator("input[name^=reason-]").fill("同意票未过半数")
    walk.button(page, "报送")
    walk.signed(page, sitting.day)


def consults(walk: Walk, page: Page, department: str) -> Page:
    """The county asks every department, and gives one of them a link; gives the department's own screen."""
    walk.go(page, "s/walk/consultation/")
    page.click("details.card summary >> nth=0")
    walk.button(page, "记下发函")
    with page.expect_download() as letters:
        page.get_by_role("link", name="下载全部函件和回函表").click()
    with zipfile.ZipFile(letters.value.path()) as archive:
        assert len(archive.namelist()) == 2 * len(walk.facts.rulebook().integrity.departments)
    page.locator("summary", has_text="发链接").click()
    walk.button(page, department)
    theirs = walk.page()
    theirs.goto(page.inner_text(".secret code"))
    walk.button(theirs, "进入")
    return theirs


def answers(walk: Walk, page: Page, department: str) -> None:
    """The department answers: the first at the screen with a file, the others in the workbook it gives back."""
    first, *others = walk.facts.replies[department]
    walk.go(page, "s/walk/")
    walk.press(page, page.locator("main tbody a", has_text=walk.called(first.person)))
    page.check(f"input[name=word][value='{first.word}']")
    page.fill("input[name=day]", str(first.day))
    page.fill("textarea[name=note]", "见附件")
    page.set_input_files(
        "input[name=file]",
        {"name": "说明.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4\n%%EOF\n"},
    )
    walk.button(page, "记下答复")
    walk.go(page, "s/walk/")
    with page.expect_download() as form:
        page.get_by_role("link", name="下载回函表").click()
    book = openpyxl.load_workbook(io.BytesIO(Path(form.value.path()).read_bytes()))
    sheet: Any = book.worksheets[0]
    head = next(row for row in sheet.iter_rows(max_row=6) if "意见" in [cell.value for cell in row])
    column = {cell.value: cell.column for cell in head}
    told = {walk.people.number(one.person)[-4:]: one for one in others}
    for row in range(head[0].row + 1, sheet.max_row + 1):
        one = told.get(str(sheet.cell(row, column["公民身份号码"]).value)[-4:])
        if one is not None:
            sheet.cell(row, column["意见"]).value = one.word
            sheet.cell(row, column["回函日期"]).value = str(one.day)
            sheet.cell(row, column["说明"]).value = "已核" if one.note else None
    held = io.BytesIO()
    book.save(held)
    page.set_input_files(
        "#file", {"name": "回函.xlsx", "mimeType": "application/octet-stream", "buffer": held.getvalue()}
    )
    walk.button(page, "预览")
    walk.button(page, f"记下{len(others)}人的答复")


def county_decides(walk: Walk, page: Page, county: str) -> None:
    """The county: the list, another one tried, the decision by meeting, the papers that go up."""
    walk.go(page, "s/walk/list/")
    page.get_by_role("button", name="认定并拟订名单").click()
    page.wait_for_selector("#tried", timeout=60_000)
    ticked = page.locator("input[name=t]:checked")
    assert ticked.count() == len(build(walk.whole).structure.chosen)
    ticked.first.uncheck()
    page.wait_for_selector("#tried .swap")
    assert "最少调换" in page.inner_text("#tried")
    decided = walk.facts.decided
    assert decided is not None
    walk.link(page, "县委会议")
    walk.called_to(page, "常委会", decided[0].day)
    voted(walk, page, decided[0])
    walk.go(page, "s/walk/list/")
    assert "县委决定的名单符合各项规定" in page.inner_text("main")
    walk.go(page, "s/walk/documents/")
    with page.expect_download() as paper:
        page.get_by_role("link", name="名册", exact=True).click()
    assert paper.value.suggested_filename.startswith("名册")


def notice(walk: Walk, page: Page) -> None:
    """The notice: posted, objected to by a passer-by, answered, and ended once its days are over."""
    walk.go(page, "s/walk/notices/")
    page.click("details.card summary")
    page.fill("input[name=place]", "县委门口公示栏")
    walk.button(page, "记下张贴")
    posted = page.url
    public = page.get_by_role("link", name="公开的页面，不用登录").get_attribute("href")
    assert public is not None
    passer = walk.page()
    passer.goto(public)
    passer.fill("textarea[name=text]", "请核实事迹")
    walk.button(passer, "交上")
    walk.turn(walk.facts.rulebook().windows.county_review.last)
    page.goto(posted)
    walk.press(page, "main tbody a >> nth=0")
    page.fill("#ground", "经核实，事迹属实")
    walk.button(page, "不成立")
    page.fill("#text", "经核实，不成立")
    walk.button(page, "记下答复")
    passer.reload()
    assert "经核实，不成立" in passer.inner_text("main")
    page.goto(posted)
    last = re.search(r"到(\d+)\D(\d+)\D(\d+)日?当日结束", page.inner_text("main"))
    assert last is not None
    walk.turn(date(*map(int, last.groups())) + timedelta(days=1))
    page.goto(posted)
    walk.button(page, "结束公示")
    passer.goto(public)
    assert "公示已经结束" in passer.inner_text("main")


def test_a_whole_selection_by_every_role(walk: Walk, small_out: Path, tmp_path: Path) -> None:
    tree, plan = walk.facts.register(), walk.facts.rulebook()
    windows = plan.windows
    committee = tree.committees()[0].name
    branch = tree.branches(committee)[0].name
    department = plan.integrity.departments[0]

    office = first_steps(walk)
    secretary = walk.invited(office, "branch", branch)
    clerk = walk.invited(office, "committee", committee)
    supervisor, observer = walk.invited(office, "supervisor"), walk.invited(office, "observer")

    walk.turn(windows.nomination.last)
    walk.handed_in(office, walk.papers(forms.MARKS, forms.NOMINATIONS, less=branch))
    branch_meets(walk, secretary, branch)
    walk.turn(windows.committee_review.last)
    walk.handed_in(office, walk.papers(forms.REVIEWS, less=committee))
    committee_reviews(walk, clerk, committee)
    walk.turn(windows.vetting.first)
    door = consults(walk, office, department)
    walk.turn(windows.vetting.last)
    answers(walk, door, department)
    others = {
        name: content
        for name, content in walk.papers(
            forms.STEPS, forms.SURVEYS, forms.PROFILES, forms.STANDARD, forms.CHECKS, forms.REPLIES
        ).items()
        if name != f"{forms.REPLIES}/{department}.xlsx"
    }
    walk.handed_in(office, others)
    walk.turn(windows.county_review.first)
    county_decides(walk, office, tree.county)
    notice(walk, office)
    for page, paths in ((supervisor, ("supervision/", "list/", "notices/")), (observer, ("screen/",))):
        for path in paths:
            walk.go(page, f"s/walk/{path}")
            assert page.locator("main form[method=post]").count() == 0
    shown = observer.inner_text("body")
    assert not any(walk.called(id_).search(shown) for id_ in build(walk.whole).people)

    walk.go(office, "s/walk/log/")
    with office.expect_download() as bundled:
        office.locator("main a[href$='record.zip']").click()
    with zipfile.ZipFile(bundled.value.path()) as archive:
        archive.extractall(tmp_path)
    assert asked("verify", tmp_path / "record").exit_code == 0
    assert figures(tmp_path / "record") == figures(small_out / "record")
    assert walk.found == []
