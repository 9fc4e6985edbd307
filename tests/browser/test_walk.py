"""One walk through a whole selection in a real browser, every role in its turn; and a meeting by the keyboard alone.

The record is the small county's with everything decided, less what is done here: one branch's nominations, its committee's
review, one department's replies, the county's decision. Whoever does it anew at the screens comes to a list, its papers and
a public notice.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page

import servers
from browsers import barriers
from fourgates import bundle, canon, judging
from fourgates.events import ListProposed
from fourgates.facts import Facts
from fourgates.papers.people import People, read
from fourgates.web import serving

SHOW = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from fourgates import events
from fourgates.web import serving
home, record = Path(sys.argv[1]), Path(sys.argv[2])
serving.demonstrate(home, record)
serving.take_in(record, "walk")
from fourgates.web import demonstration, records
from fourgates.web.models import Role, Selection, User
row = Selection.objects.get(slug="walk")
state = records.keeper(row).current()
facts = state.facts
for kind, unit, department in demonstration.cast(facts.register(), facts.rulebook()):
    user = User.objects.get(username=f"demo-{kind}")
    Role.objects.create(user=user, selection=row, kind=kind, unit=unit, department=department)
held = {role.kind: role for role in row.roles.all()}
now = datetime.combine(facts.rulebook().windows.county_review.first, demonstration.SHOWN, UTC)
row.ahead = int((now - datetime.now(UTC)).total_seconds())
row.save()
records.close(row)
about = [
    ("CountyDecided", ""), ("RepliesReceived", held["department"].department),
    ("CommitteeReviewed", held["committee"].unit), ("NominationsFiled", held["branch"].unit),
]
records.keeper(row).offer([events.Withdrawn(state.standing[one]) for one in about], by=facts.plan.selection.unit)
serving.serve(home, "127.0.0.1", int(sys.argv[3]))
"""


COVERED = re.compile(r"walk/(?:county/|screen/|log/|units/\*/|departments/[^/]+/)?$")
"""What `test_looks` has looked at in light and in dark."""


@dataclass
class Walk:
    """The site, its cast's places, what the forms said, and whoever is at the screen."""

    site: str
    browser: Browser
    facts: Facts
    people: People
    proposed: tuple[str, ...]
    found: list[str]
    seen: set[str] = field(default_factory=set)

    def enter(self, kind: str) -> Page:
        context = self.browser.new_context(locale="zh-CN", viewport={"width": 1280, "height": 900})
        page = context.new_page()
        page.goto(f"{self.site}/")
        page.click(f"button[value={kind}]")
        self.go(page, "")
        return page

    def go(self, page: Page, path: str) -> None:
        page.goto(f"{self.site}/s/walk/{path}")
        self.look(page)

    def look(self, page: Page) -> None:
        assert page.locator(".refusal[role=alert]").all_inner_texts() == [], page.url
        kind = re.sub(r"[0-9a-f]{12,}|[0-9]{8}-[0-9a-f]{6}|[?#].*", "*", page.url)
        if kind not in self.seen and not COVERED.search(
            kind
        ):  # once for each kind of page: the same template says the same
            self.seen.add(kind)
            self.found += [f"{page.url} {one}" for one in barriers(page)]

    def press(self, page: Page, button: Locator | str) -> None:
        """Press what leads to the next page, and look at that."""
        with page.expect_navigation():
            (page.locator(button) if isinstance(button, str) else button).click()
        self.look(page)


@pytest.fixture(scope="module")
def walk(small_out: Path, browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Walk]:
    record, home = small_out / "record", tmp_path_factory.mktemp("walk") / "home"
    whole = bundle.verify(record).selection
    assert whole.people is not None
    names = read((record / "people" / f"{whole.people.document}.json").read_bytes())
    _number, result = whole.results["List", ""]
    assert isinstance(result, ListProposed)
    with servers.shown(SHOW, home, record, serving.free("127.0.0.1", 8650)) as address:
        yield Walk(address, browser, whole.facts, names, result.slate.chosen, [])


def key(unit: str) -> str:
    """What a unit is called in an address."""
    return canon.digest(unit.encode())[:12]


def called(walk: Walk, page: Page, unit: str, kind: str, day: str) -> None:
    """Call a meeting of a unit."""
    walk.go(page, f"units/{key(unit)}/meetings/")
    page.check(f"input[name=profile][value={kind}]")
    page.fill("input[name=day]", day)
    page.fill("input[name=place]", "三楼会议室")
    page.fill("input[name=item] >> nth=0", "研究人选")
    walk.press(page, "main form.narrow button.primary")


def signed(walk: Walk, page: Page, day: str) -> None:
    """Enter that the minutes were signed."""
    for number, who in enumerate(("主持人", "记录人")):
        page.fill(f"input[name=signer] >> nth={number}", who)
    page.fill("form[enctype] input[name=day]", day)
    walk.press(page, "form[enctype] button.primary")
    assert "已签字，锁定" in page.inner_text("main")


def test_a_whole_selection_by_every_role(walk: Walk) -> None:
    facts, tree, plan = walk.facts, walk.facts.register(), walk.facts.rulebook()
    committee = tree.committees()[0].name
    branch = tree.branches(committee)[0].name

    # The branch: its meeting, signed in to on the sheet, the names put forward, the minutes.
    page, sitting = walk.enter("branch"), facts.filed[branch][0]
    called(walk, page, branch, "党员大会", sitting.day.isoformat())
    walk.press(page, page.get_by_role("link", name="签到表"))
    met = {id_ for id_, mark in judging.marks(facts).items() if mark.channel == plan.marking.meeting}
    boxes = page.locator("input[name=here]")
    for number in range(boxes.count()):
        if boxes.nth(number).get_attribute("value") in met:
            boxes.nth(number).check()
    walk.press(page, page.get_by_role("button", name="录入签到"))
    assert "达到法定人数" in page.inner_text("main")
    walk.press(page, page.get_by_role("link", name="报送推荐结果"))
    for number, name in enumerate(sitting.names):
        page.fill(f"input[name=who] >> nth={number}", walk.people.name(name.person))
        page.fill(f"input[name=tail] >> nth={number}", walk.people.number(name.person)[-4:])
        page.fill(f"input[name=members] >> nth={number}", str(name.members))
        page.fill(f"input[name=merit] >> nth={number}", "事迹突出")
    walk.press(page, "main form button.primary")
    signed(walk, page, sitting.day.isoformat())
    for path in ("marks/", "calls/", ""):
        walk.go(page, f"units/{key(branch)}/{path}")
    page.context.close()

    # The committee: its review, by votes that add up, and sending up.
    page, review = walk.enter("committee"), facts.reviews[committee][0]
    called(walk, page, committee, "党委会", review.day.isoformat())
    page.fill("input[name=due]", str(review.due))
    page.fill("input[name=present]", str(review.present))
    walk.press(page, "form.line button >> nth=0")
    walk.press(page, page.get_by_role("link", name="逐人表决"))
    for vote in review.votes:
        if vote.up:
            for what, count in (
                ("for", vote.votes_for),
                ("against", vote.against),
                ("abstained", vote.abstained),
            ):
                page.fill(f'input[name="{what}-{vote.person}"]', str(count))
            page.check(f'input[name="up-{vote.person}"]')
    walk.press(page, "main form button.primary")
    signed(walk, page, review.day.isoformat())
    walk.go(page, f"units/{key(committee)}/")
    page.context.close()

    # The county asks; the department answers on two, one by one: on whom it is silent may not stand on the list.
    page = walk.enter("county")
    walk.go(page, "consultation/")
    page.click("details.card summary >> nth=0")
    walk.press(page, "details.card[open] button.primary")
    page.context.close()
    page, department = walk.enter("department"), plan.integrity.departments[0]
    proposed = set(walk.proposed)
    for one in (each for each in facts.replies[department] if each.person in proposed):
        walk.go(page, f"departments/{department}/{one.person}/")
        page.check(f'input[name=word][value="{one.word}"]')
        page.fill("input[name=day]", str(one.day))
        walk.press(page, "main form button.primary")
    page.context.close()

    # The county: the list, another one tried, the decision, the papers that go up, the public notice.
    page = walk.enter("county")
    walk.go(page, "list/")
    walk.press(page, page.get_by_role("button", name="拟订名单"))
    page.wait_for_selector("#drawing form, #drawing .refusal", timeout=60_000)
    chosen = page.eval_on_selector_all("input[name=t]:checked", "all => all.map(one => one.value)")
    assert set(chosen) == proposed
    assert page.locator("input[name=t]").count() == len(proposed)
    page.locator(f'input[name=t][value="{chosen[0]}"]').uncheck()
    page.wait_for_selector("#tried .swap")
    assert "最少调换" in page.inner_text("#tried")
    day, due = plan.windows.county_review.first.isoformat(), 9
    called(walk, page, tree.county, "常委会", day)
    page.fill("input[name=due]", str(due))
    page.fill("input[name=present]", str(due))
    walk.press(page, "form.line button >> nth=0")
    walk.press(page, page.get_by_role("link", name="逐人表决"))
    for person in chosen:
        page.fill(f'input[name="for-{person}"]', str(due))
        page.check(f'input[name="up-{person}"]')
    walk.press(page, "main form button.primary")
    signed(walk, page, day)
    walk.go(page, "list/")
    assert "县委决定的名单符合各项规定" in page.inner_text("main")
    walk.go(page, "documents/")
    with page.expect_download() as paper:
        page.get_by_role("link", name="名册", exact=True).click()
    assert paper.value.suggested_filename.startswith("名册")
    walk.go(page, "notices/")
    page.click("details.card summary")
    page.fill("input[name=place]", "县委门口公示栏")
    walk.press(page, "main form button.primary")
    walk.go(page, "county/")
    page.context.close()

    # Whoever looks on sees the procedure and can do nothing; the big screen names nobody.
    page = walk.enter("supervisor")
    for path in ("supervision/", "list/", "notices/"):
        walk.go(page, path)
        assert page.locator("main form[method=post]").count() == 0
    page.context.close()
    page = walk.enter("observer")
    shown = page.inner_text("main")
    assert not any(walk.people.name(person) in shown for person in chosen)
    page.context.close()
    assert walk.found == []


def test_a_meeting_is_called_by_the_keyboard_alone(walk: Walk) -> None:
    """From the front door to a meeting with its number entered: only Tab, the space bar, Enter and letters."""
    context = walk.browser.new_context(locale="zh-CN", viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.goto(f"{walk.site}/")

    def reach(what: str) -> None:
        for _step in range(200):
            if page.evaluate("what => document.activeElement.matches(what)", what):
                return
            page.keyboard.press("Tab")
        raise AssertionError(what)

    def enter() -> None:
        with page.expect_navigation():
            page.keyboard.press("Enter")

    reach("button[value=committee]")
    enter()
    reach(".me summary")
    page.keyboard.press("Enter")
    reach('.me a[href*="/s/walk/"]')
    enter()
    reach('.main a[href$="/meetings/"]')
    enter()
    reach('main a[href*="/units/"][href$="/meetings/"]')
    enter()
    reach('input[name=profile][value="党员大会"]')
    page.keyboard.press("ArrowDown")
    assert page.locator("input[name=profile]:checked").get_attribute("value") == "党委会"
    reach("input[name=place]")
    page.keyboard.type("三楼会议室")
    reach("main form.narrow button.primary")
    enter()
    reach("input[name=due]")
    page.keyboard.type("7")
    page.keyboard.press("Tab")
    page.keyboard.type("6")
    reach("form.line button")
    enter()
    assert "应到7人，最少要到4人。 达到法定人数。" in page.inner_text("main").replace("\n", " ")
    context.close()
