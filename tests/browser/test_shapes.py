"""One address of every kind on a screen, by light and by dark, on a phone, at twice the size, and on paper: axe-core objects to
nothing, nothing sticks out, nothing is cut off, and paper has no buttons."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page, ViewportSize

from browsers import barriers
from fourgates.web.roles import KINDS, WHOLE

WITHIN = re.compile(r"/(s/demo|account|api)/")
FILES = re.compile(r"\.(zip|docx|xlsx|json)$|[?&]as=|/signin/")
"""What is fetched and not shown; and the code that members sign in by, which is shown on a screen alone."""
DEEP = 3
PARTS = tuple(kind for kind in KINDS if kind not in WHOLE)
WIDE: ViewportSize = {"width": 1280, "height": 900}
SMALL: ViewportSize = {"width": 360, "height": 640}
TWICE: ViewportSize = {"width": 640, "height": 400}
"""A screen 1280 wide, at twice the size."""
SHEET: ViewportSize = {"width": 688, "height": 1016}
"""A4 within its margins, at 96 dots an inch."""
STICKS = "() => Math.max(document.documentElement.scrollWidth - innerWidth, 0)"
CUT = """() => [...document.querySelectorAll('body *')].filter(one => {
  const look = getComputedStyle(one)
  return one.clientWidth > 1 && /hidden|clip/.test(look.overflowX) && one.scrollWidth > one.clientWidth + 1
    && one.textContent.trim() && look.visibility !== 'hidden' && !one.closest('.unseen, svg, select')
}).map(one => one.outerHTML.slice(0, 120))"""
ON_PAPER = """() => [...document.querySelectorAll('button, nav, select, input[type=file]')]
  .filter(one => one.getClientRects().length && getComputedStyle(one).visibility !== 'hidden')
  .map(one => one.outerHTML.slice(0, 120))"""
INK = "() => [getComputedStyle(document.body).color, getComputedStyle(document.body).backgroundColor]"


def kind_of(path: str) -> str:
    """What an address is of, whoever it is about."""
    return re.sub(r"[0-9a-f]{12,}|[0-9]{8}-[0-9a-f]{6}|[0-9.]+|%[0-9A-F%]+|[?#].*", "*", path)


def leads(page: Page) -> list[str]:
    """Where the links of the page lead, within what is looked at."""
    links = page.eval_on_selector_all("a[href]", "all => all.map(one => one.getAttribute('href'))")
    return [link for link in links if WITHIN.match(link) and not FILES.search(link)]


def looked_at(page: Page, site: str, seen: set[str]) -> dict[str, dict[str, object]]:
    """What is wrong with one address of every kind that leads on from where somebody comes in, and was not seen before."""
    found, level = {}, [page.url.removeprefix(site)]
    for _depth in range(DEEP):
        ahead = list[str]()
        for path in level:
            if (kind := kind_of(path)) in seen:
                continue
            seen.add(kind)
            page.goto(site + path)
            ahead += leads(page)
            found[path] = wrong(page)
        level = ahead
    return found


def wrong(page: Page) -> dict[str, object]:
    """What is wrong with the page as it stands: on a screen, on a phone, at twice the size, on paper."""
    page.set_viewport_size(WIDE)
    found: dict[str, object] = {"barriers": barriers(page)}
    page.emulate_media(color_scheme="dark")
    found["by dark"] = barriers(page, "color-contrast")
    page.emulate_media(color_scheme="light")
    for name, size in (("phone", SMALL), ("twice", TWICE)):
        page.set_viewport_size(size)
        found[f"{name} sticks out"], found[f"{name} is cut"] = page.evaluate(STICKS), page.evaluate(CUT)
    page.emulate_media(media="print")
    page.set_viewport_size(SHEET)
    found["paper sticks out"], found["paper has buttons"] = page.evaluate(STICKS), page.evaluate(ON_PAPER)
    ink, ground = page.evaluate(INK)
    found["ink"] = "" if (ink, ground) == ("rgb(0, 0, 0)", "rgb(255, 255, 255)") else f"{ink} {ground}"
    page.emulate_media(media="screen")
    return {name: one for name, one in found.items() if one}


@pytest.mark.parametrize("roles", [WHOLE, PARTS], ids=["the whole", "parts of it"])
def test_every_kind_of_page_fits(browser: Browser, site: str, roles: tuple[str, ...]) -> None:
    seen, found = set[str](), dict[tuple[str, str], object]()
    for role in roles:
        page = browser.new_context(locale="zh-CN", reduced_motion="reduce").new_page()
        page.goto(f"{site}/")
        if not seen:
            found["", "/"] = wrong(page)
        page.click(f"button[value={role}]")
        page.wait_for_load_state()
        seen.discard(kind_of(page.url.removeprefix(site)))
        found |= {(role, path): one for path, one in looked_at(page, site, seen).items()}
        page.context.close()
    assert {where: one for where, one in found.items() if one} == {}
    assert len(found) > 6 * len(roles)
