"""Pages in a real browser: paper, pictures, keys, without scripts, in English. What holds of every page is in ``test_shapes``."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page

from browsers import barriers
from fourgates.web.roles import KINDS

Enter = Callable[[str], Page]


@pytest.fixture
def enter(site: str, browser: Browser) -> Iterator[Enter]:
    """Enter the demonstration as one of its roles, in a browser as it is asked for."""
    opened = []

    def entered(kind: str, scheme: str = "light", locale: str = "zh-CN", width: int = 1280) -> Page:
        context = browser.new_context(
            color_scheme="dark" if scheme == "dark" else "light",
            locale=locale,
            viewport={"width": width, "height": 800},
            extra_http_headers={"Accept-Language": locale},
        )
        opened.append(context)
        page = context.new_page()
        page.goto(f"{site}/")
        if kind:
            page.click(f"button[value={kind}]")
            page.wait_for_url("**/s/demo/*/**")
            page.wait_for_load_state()
        return page

    yield entered
    for context in opened:
        context.close()


@pytest.mark.parametrize("kind", ["", *KINDS])
def test_axe_finds_nothing_in_english_on_dark(enter: Callable[..., Page], kind: str) -> None:
    assert barriers(enter(kind, "dark", "en-GB")) == []


def test_what_is_printed_is_dark_on_white(enter: Callable[..., Page]) -> None:
    """Whatever the screen looks like, paper is white."""
    page = enter("county", "dark")
    page.emulate_media(media="print", color_scheme="dark")
    assert barriers(page) == []
    colours = page.evaluate(
        "['.sheet thead th', 'body'].map(q => getComputedStyle(document.querySelector(q)).backgroundColor)"
    )
    assert colours == ["rgb(255, 255, 255)", "rgb(255, 255, 255)"]


def test_a_picture_is_drawn_from_its_table_in_the_colours_of_the_page(enter: Callable[..., Page]) -> None:
    page = enter("county", "dark")
    first = "document.querySelector('figure.picture')"
    assert (
        page.locator("figure.picture canvas[role=img]").count() == page.locator("figure.picture").count() == 2
    )
    assert page.evaluate(f"{first}.querySelector('details').open") is False
    picture = f"{first}.querySelector('canvas').toDataURL()"
    dark = page.evaluate(picture)
    page.emulate_media(color_scheme="light")
    page.wait_for_function(f"dark => {picture} !== dark", arg=dark)
    page.emulate_media(color_scheme="dark")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.evaluate(f"[{first}.querySelector('details').open, document.documentElement.className]") == [
        True,
        "paper",
    ]
    assert page.evaluate("getComputedStyle(document.documentElement).getPropertyValue('--card')") == "#fff"


def test_axe_finds_what_is_wrong(enter: Callable[..., Page]) -> None:
    """The control: a picture without words is objected to."""
    page = enter("county")
    page.evaluate("document.querySelector('main').append(document.createElement('img'))")
    assert barriers(page) == ["image-alt: <img>"]


def test_the_keyboard_is_enough(enter: Callable[..., Page]) -> None:
    page = enter("county")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"
    while page.evaluate("document.activeElement.closest('thead') === null"):
        page.keyboard.press("Tab")
    heading = page.evaluate("document.activeElement.textContent.trim()")
    page.keyboard.press("Enter")
    page.wait_for_url("**sort=0**")
    assert page.get_attribute("th[aria-sort]", "aria-sort") == "ascending"
    assert heading in page.inner_text("th[aria-sort]")


def test_a_page_works_without_scripts(browser: Browser, site: str) -> None:
    context = browser.new_context(java_script_enabled=False, locale="zh-CN")
    page = context.new_page()
    page.goto(f"{site}/")
    page.click("button[value=committee]")
    page.click("table.sheet thead th a >> nth=1")
    assert "sort=1" in page.url
    assert page.locator("figure.picture td").first.is_visible()
    page.click(".switch button")
    assert page.get_attribute("html", "lang") == "en"
    context.close()


def test_the_browser_is_asked_for_nothing_from_elsewhere(enter: Callable[..., Page], site: str) -> None:
    page = enter("county")
    asked: list[str] = []
    said: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    page.reload()
    assert [url for url in asked if not url.startswith(site)] == []
    assert said == []
