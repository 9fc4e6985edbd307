"""The phone page in a real browser: the whole way, by keyboard, in both languages, and a visit without a network."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from box.boxes import Box, opened
from box.test_app import FAR, Server, _until, code, served
from box.test_desk import in_the_box
from browsers import PHONE, barriers, chromium
from fourgates.box import codes
from fourgates.i18n import translate


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


@pytest.fixture(scope="module")
def box(tmp_path_factory: pytest.TempPathFactory) -> Box:
    made = opened(tmp_path_factory.mktemp("box") / "box")
    object.__setattr__(made, "question", _until(made, FAR))
    return made


@pytest.fixture(scope="module")
def server(box: Box) -> Iterator[Server]:
    with served(box) as found:
        yield found


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(**PHONE)
    found = context.new_page()
    wrong: list[str] = []
    found.on("pageerror", lambda error: wrong.append(str(error)))
    found.on("console", lambda said: wrong.append(said.text) if "Content Security" in said.text else None)
    yield found
    assert wrong == []
    context.close()


@pytest.mark.parametrize(("number", "language", "colours"), [(0, "zh", "light"), (1, "en", "dark")])
def test_a_member_names_two_and_finds_them_under_the_tag(
    box: Box, server: Server, page: Page, number: int, language: str, colours: str
) -> None:
    page.emulate_media(color_scheme=colours)  # type: ignore[arg-type]  # one of the two words
    page.goto(f"http://127.0.0.1:{server.port}/?lang={language}#{box.codes[box.question.voters[number].id]}")
    expect(page.locator("#me")).to_contain_text(f"党员{number}")
    assert "#" not in page.url  # the code does not stay in the address
    assert barriers(page) == []
    page.click("#read")
    page.fill("#find", "党员1")
    page.locator("#list input").nth(1).check()
    page.fill("#written", "某某")
    page.click("#add")
    page.locator("input[name=sat]").nth(0).check()
    assert barriers(page) == []
    page.click("#look")
    expect(page.locator("#sure")).to_contain_text("某某")
    assert barriers(page) == []
    page.click("#send")
    expect(page.locator("#done")).to_have_text(translate("您的推荐已经放进推荐箱。", language))  # type: ignore[arg-type]
    assert barriers(page) == []
    receipt = re.sub(" ", "", page.locator("#receipt").inner_text())
    assert re.sub(" ", "", page.locator("#tag").inner_text()) == codes.tag(receipt)
    assert page.evaluate("[localStorage.length, sessionStorage.length, document.cookie]") == [0, 0, ""]


def test_by_keyboard_alone_and_nobody_named(box: Box, server: Server, page: Page) -> None:
    page.goto(f"http://127.0.0.1:{server.port}/")
    page.focus("#code")
    page.keyboard.type(code(box, 2))
    page.keyboard.press("Enter")
    expect(page.locator("#h-me")).to_be_focused()
    _tab_to(page, "read")
    page.keyboard.press("Enter")
    expect(page.locator("#h-name")).to_be_focused()
    _tab_to(page, "look")
    page.keyboard.press("Enter")
    expect(page.locator("#h-look")).to_be_focused()
    _tab_to(page, "send")
    page.keyboard.press("Space")
    expect(page.locator("#h-done")).to_be_focused()


def _tab_to(page: Page, wanted: str) -> None:
    for _press in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == wanted:
            return
    raise AssertionError(wanted)


def test_a_wrong_code_is_said_where_a_reader_hears_it(server: Server, page: Page) -> None:
    page.goto(f"http://127.0.0.1:{server.port}/")
    page.fill("#code", "0000-0000-0000-0000")
    page.click("#go")
    expect(page.get_by_role("alert")).to_have_text("没有这个编码，请对照纸条再输一次")
    page.click("#larger")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_visit_without_a_network_is_handed_over_later_and_nobody_could_change_it(
    page: Page, tmp_path: Path
) -> None:
    box = opened(tmp_path / "box")
    object.__setattr__(box, "question", _until(box, FAR))
    with served(box) as server:
        receipt = _visited(box, server, page)
    found = in_the_box(box)
    (paper,) = found.papers
    assert (paper.tag, paper.names, paper.void) == (codes.tag(receipt), (box.question.voters[4].id,), "")
    (part,) = found.took_part
    assert (part.member, part.channel, part.by) == (box.question.voters[3].id, "上门", "王芳、李强")


def _visited(box: Box, server: Server, page: Page) -> str:
    """Two visitors fetch their kit, lose the network, let a member choose, and find a network again; the receipt."""
    page.goto(f"http://127.0.0.1:{server.port}/#visit-{box.visitor}")
    expect(page.locator("#net")).to_have_text("上门记录：没有等待送达的推荐。")
    assert [one.inner_text() for one in page.locator("#route li").all()] == ["党员3"]
    assert barriers(page) == []
    page.wait_for_function(
        "caches.open('fourgates-box-1').then(shell => shell.keys()).then(kept => kept.length === 4)"
    )
    page.context.set_offline(True)
    page.goto("about:blank")
    page.goto(
        f"http://127.0.0.1:{server.port}/#visit-{box.visitor}"
    )  # the page itself comes without a network
    page.fill("#code", code(box, 3))
    page.click("#go")
    page.click("#read")
    page.fill("#find", "党员4")
    page.locator("#list input").first.check()
    page.click("#look")
    page.click("#send")
    expect(page.locator("#done")).to_have_text("您的推荐已经密封，上门人员看不到，也改不了。")
    receipt = re.sub(" ", "", page.locator("#receipt").inner_text())
    expect(page.locator("#net")).to_contain_text("1份密封在这部手机里")
    kept = page.evaluate("localStorage.getItem('fourgates.sealed')")
    assert (receipt in kept, box.question.voters[4].id in kept) == (False, False)
    page.context.set_offline(False)
    page.evaluate("window.dispatchEvent(new Event('online'))")
    expect(page.locator("#net")).to_have_text("上门记录：没有等待送达的推荐。")
    assert server.ask("/b/enter", {"code": code(box, 3)})[1]["used"] is True
    return receipt


def test_a_slip_prints_four_to_a_page(box: Box, page: Page, tmp_path: Path) -> None:
    from fourgates.box.slips import Slip, sheet

    slips = [Slip(voter.name, voter.branch, box.codes[voter.id]) for voter in box.question.voters[:9]]
    (tmp_path / "slips.html").write_text(sheet(box.question, "https://cx.example/", slips), encoding="utf-8")
    page.goto((tmp_path / "slips.html").as_uri())
    printed = page.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type /Page\b", printed)) == 3
    assert barriers(page) == []


def test_first_paint_on_a_slow_phone(box: Box, server: Server, page: Page) -> None:
    """What is loaded is small enough to paint within a second at 1.6 Mbit/s and 150 ms; the limit is of bytes, not time."""
    sizes: list[int] = []
    page.on("response", lambda answer: sizes.append(len(answer.body())))
    page.goto(f"http://127.0.0.1:{server.port}/", wait_until="networkidle")
    assert sum(sizes) < 100_000
    assert len(sizes) <= 6
