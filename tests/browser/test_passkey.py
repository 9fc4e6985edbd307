"""A passkey in a real browser: made on one's own page, enough to come in with, and gone when it is taken away."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page

import servers
from browsers import barriers
from fourgates.web import serving

WORD = "梧桐-槐树-月亮湾-柳河"
DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def link(tmp_path: Path) -> Iterator[str]:
    """The first link of an empty site. A passkey belongs to a name, so it is asked for by one."""
    port = serving.free("127.0.0.1", 8760)
    server = subprocess.Popen(
        [sys.executable, "-m", "fourgates", "serve", tmp_path / "site", "--port", str(port)],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert server.stdout is not None
    found = next(filter(None, (re.search(r"http://\S+/link/\S+", line) for line in server.stdout)))
    servers.answers(f"http://127.0.0.1:{port}", server)
    yield found[0].replace("127.0.0.1", "localhost")
    server.send_signal(signal.SIGINT)
    server.communicate(timeout=30)


def test_a_passkey_is_made_opens_the_door_and_is_taken_away(browser: Browser, link: str) -> None:
    with browser.new_context(locale="zh-CN") as context:
        page = context.new_page()
        home = "{0.scheme}://{0.netloc}".format(urlsplit(link))
        opened(page, link)
        page.fill("[name=username]", "admin")
        page.fill("[name=name]", "张三")
        page.fill("[name=password]", WORD)
        page.click("main button")
        page.wait_for_url(f"{home}/installation/")
        device = context.new_cdp_session(page)
        device.send("WebAuthn.enable")
        made = device.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})

        page.goto(f"{home}/accounts/2fa/webauthn/add/")
        again(page)
        assert barriers(page) == []
        page.fill("main [name=name]", "办公电脑")
        page.check("main [name=passwordless]")
        page.click("main button")
        page.wait_for_url("**/recovery-codes/**")
        held = device.send("WebAuthn.getCredentials", made)["credentials"]
        assert [one["isResidentCredential"] for one in held] == [True]

        leave(page)
        assert barriers(page) == []
        page.click("#passkey_login")
        page.wait_for_url(f"{home}/")
        assert page.text_content("details.me summary") == "张三"

        page.goto(f"{home}/accounts/2fa/webauthn/")
        assert "办公电脑" in page.inner_text("main")
        page.click("main a[href$='/remove/']")
        again(page)
        page.click("main button[type=submit]")
        page.wait_for_url("**/accounts/2fa/webauthn/")
        leave(page)
        page.click("#passkey_login")
        page.wait_for_load_state("networkidle")
        assert page.url == f"{home}/accounts/login/"
        assert page.query_selector("details.me") is None


def opened(page: Page, link: str) -> None:
    """The first page, once the server answers."""
    for _try in range(100):
        answer = page.request.get(
            link.rpartition("/link/")[0] + "/accounts/login/", fail_on_status_code=False
        )
        if answer.status == 200:
            break
    page.goto(link)


def again(page: Page) -> None:
    """The password once more, where it is asked for."""
    if "/reauthenticate/" in page.url:
        page.fill("main [name=password]", WORD)
        page.click("main button[type=submit]")
        page.wait_for_load_state()


def leave(page: Page) -> None:
    """Sign out, and stand before the door again."""
    page.click("details.me summary")
    page.click("details.me form[action*=logout] button")
    page.wait_for_load_state()
    page.goto("{0.scheme}://{0.netloc}/accounts/login/".format(urlsplit(page.url)))
