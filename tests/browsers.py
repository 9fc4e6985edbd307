"""A real Chromium, as a visitor has one; tests that need it are skipped by name where it cannot be had."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PHONE: dict[str, Any] = {
    "viewport": {"width": 360, "height": 640},
    "device_scale_factor": 2,
    "has_touch": True,
    "is_mobile": True,
    "locale": "zh-CN",
}

# Nothing but what is wrong, by its text: a selector for every part of a page takes as long as the rules.
SAID = {"resultTypes": ["violations"], "selectors": False}


@contextmanager
def chromium() -> Iterator[Browser]:
    """The browser, until the block ends.

    For a fixture of one module: while it runs, its thread has an event loop, and other tests want their own.
    """
    if not CHROMIUM.exists():
        pytest.skip(f"the browser tests are skipped: {CHROMIUM} is not here (`make browser` installs it)")
    with sync_playwright() as player:
        browser = player.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        yield browser
        browser.close()


def barriers(page: Page, *rules: str) -> list[str]:
    """What axe-core finds wrong with the page as it stands, by these rules alone where any are named: rule and place."""
    options = {**SAID, "runOnly": list(rules)} if rules else SAID
    found = Axe().run(page, options=options).response["violations"]
    return [f"{one['id']}: {node['html'][:120]}" for one in found for node in one["nodes"]]
