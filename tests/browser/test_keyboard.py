"""A branch secretary's whole job by the keyboard alone: only Tab, the space bar, Enter and letters, from the front door on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

import servers
from fourgates.web import serving

SHOW = """
import sys
from pathlib import Path
from fourgates.web import serving
home, record = Path(sys.argv[1]), Path(sys.argv[2])
serving.demonstrate(home, record)
from fourgates import judging
from fourgates.web import records
from fourgates.web.models import Role, Selection
facts = records.keeper(Selection.objects.get()).current().facts
begun = {facts.roster().members[id_].branch for id_ in judging.marks(facts)}
waiting = next(one.name for one in facts.register().branches() if one.name not in {*facts.filed, *begun})
Role.objects.filter(kind="branch").update(unit=waiting)
serving.serve(home, "127.0.0.1", int(sys.argv[3]))
"""


@dataclass
class Keys:
    """Hands on a keyboard before ``page``."""

    page: Page

    def reach(self, what: str) -> None:
        """Go on from field to field until the one wanted has the focus, as it must be seen to have."""
        for _step in range(300):
            if self.page.evaluate("what => document.activeElement.matches(what)", what):
                ring = "getComputedStyle(document.activeElement)"
                assert self.page.evaluate(
                    f"() => {ring}.outlineStyle !== 'none' || {ring}.boxShadow !== 'none'"
                ), what
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(what)

    def write(self, what: str, text: str) -> None:
        """Write into a field."""
        self.reach(what)
        self.page.keyboard.type(text)

    def tick(self, what: str) -> None:
        """Tick a box."""
        self.reach(what)
        self.page.keyboard.press("Space")

    def open(self, what: str) -> None:
        """Unfold what is folded."""
        self.reach(what)
        self.page.keyboard.press("Enter")

    def follow(self, what: str) -> None:
        """Press what leads to the next page."""
        self.reach(what)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")
        assert self.page.locator(".refusal[role=alert]").all_inner_texts() == [], self.page.url


@pytest.fixture(scope="module")
def door(small_out: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A demonstration whose branch has not met yet."""
    home = tmp_path_factory.mktemp("keys") / "home"
    with servers.shown(SHOW, home, small_out / "record", serving.free("127.0.0.1", 8720)) as address:
        yield address


def test_a_branch_secretary_needs_nothing_but_the_keyboard(door: str, browser: Browser) -> None:
    page = browser.new_context(locale="zh-CN", viewport={"width": 1280, "height": 900}).new_page()
    keys = Keys(page)
    page.goto(f"{door}/")
    keys.follow("button[value=branch]")

    keys.follow('main a[href$="/meetings/"]')
    keys.reach("input[name=profile]:checked")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    assert page.locator("input[name=profile]:checked").get_attribute("value") == "党员大会"
    keys.write("input[name=place]", "三楼会议室")
    keys.write("input[name=item]", "推荐代表人选")
    keys.follow("main form button.primary")

    keys.follow('main a[href$="/sheet/"]')
    boxes = page.locator("input[name=here]").evaluate_all("all => all.map(one => one.id)")
    names = [page.inner_text(f"label[for={one}], label:has(#{one})").strip() for one in boxes]
    for one in boxes[:-2]:
        keys.tick(f"#{one}")
    page.get_by_text("达到法定人数").wait_for()
    keys.follow("main form button.primary")
    assert page.inner_text(".quorum .big") == str(len(boxes) - 2)

    keys.follow('main a[href$="/names/"]')
    for number, name in enumerate(names[:2], start=1):
        for field, text in (("who", name), ("members", str(len(boxes) - 2)), ("merit", "事迹突出")):
            keys.write(f"tr:nth-child({number}) input[name={field}]", text)
    keys.follow("main form button.primary")
    keys.write("input[name=signer]", "王主持")
    page.keyboard.press("Tab")
    keys.write("input[name=signer]", "李记录")
    keys.follow("form[enctype] button.primary")
    assert "已签字，锁定" in page.inner_text("main")

    keys.follow(".trail li:nth-last-child(2) a")
    keys.follow('main a[href$="/marks/"]')
    missing = page.locator("ul.roll li[id]").evaluate_all("all => all.map(one => one.id)")
    *called, silent = missing
    for one in called:
        keys.follow(f"#{one} button[value=电话]")
    keys.open(f"#{silent} summary")
    keys.write(f"#{silent} input", "因病住院")
    keys.follow(f"#{silent} details button")
    whole = len(boxes) - 2 + len(missing)
    assert f"{whole - 1}名党员已经参与，占{whole}名有推荐权党员" in page.inner_text("main")
    assert "因病住院" in page.inner_text(f"#{silent}")
