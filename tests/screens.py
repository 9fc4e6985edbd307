"""The site at the screens of those who work it (屏幕前): started as a clerk starts it, entered, handed papers, met in.

Nothing here knows the site from inside: only addresses, words on buttons, and what a folder of the county holds.
"""

from __future__ import annotations

import base64
import hmac
import io
import os
import re
import signal
import subprocess
import sys
import time as clock
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

import openpyxl
from playwright.sync_api import Browser, Locator, Page

import databases
import servers
from browsers import barriers
from fourgates import identity
from fourgates.facts import Facts
from fourgates.papers.people import People
from fourgates.selection import Selection

PASSWORD = "qingwu-2022-fourgates"  # noqa: S105 - of accounts that live as long as the test
MORNING = time(9, 30)


@dataclass
class Walk:
    """The site at ``site`` with its tables at ``tables``; ``whole`` is what the folder came to, ``people`` its names."""

    site: str
    tables: str
    browser: Browser
    folder: Path
    whole: Selection
    people: People
    found: list[str] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)

    @property
    def facts(self) -> Facts:
        """What the folder says."""
        return self.whole.facts

    def turn(self, day: date) -> None:
        """Let it be the morning of ``day``."""
        there = datetime.combine(day, MORNING, UTC)
        databases.turn(self.tables, int((there - datetime.now(UTC)).total_seconds()))

    def page(self) -> Page:
        """Somebody new at a screen of their own."""
        context = self.browser.new_context(locale="zh-CN", viewport={"width": 1280, "height": 900})
        context.set_default_timeout(15_000)
        return context.new_page()

    def go(self, page: Page, path: str) -> None:
        page.goto(f"{self.site}/{path}")
        self.look(page)

    def look(self, page: Page) -> None:
        """Nothing is refused here, and each kind of page has no barrier."""
        assert page.locator(".refusal[role=alert], .errors").all_inner_texts() == [], page.url
        kind = re.sub(r"[0-9a-f]{12,}|[0-9]+|[?#].*|/link/.*", "*", page.url)
        if kind not in self.seen:
            self.seen.add(kind)
            self.found += [f"{page.url} {one}" for one in barriers(page)]

    def press(self, page: Page, what: Locator | str) -> None:
        """Press what leads to the next page, and look at that."""
        with page.expect_navigation():
            (page.locator(what).first if isinstance(what, str) else what).click()
        self.look(page)

    def button(self, page: Page, name: str) -> None:
        """Press the button of that name in the page's own part."""
        self.press(page, page.locator("main").get_by_role("button", name=name, exact=True))

    def link(self, page: Page, name: str) -> None:
        """Follow the link of that name in the page's own part."""
        self.press(page, page.locator("main").get_by_role("link", name=name, exact=True).first)

    def called(self, person: str) -> re.Pattern[str]:
        """How somebody is called on a page, by the id the folder's record gave them: spaces in a name may be of any kind."""
        return re.compile(r"\s*".join(map(re.escape, self.people.name(person).split())))

    def row(self, page: Page, person: str, rows: str = "main tbody tr") -> Locator:
        """Somebody's row, by name and what a screen shows of their number."""
        number = re.escape(identity.masked(self.people.number(person)))
        who = re.compile(rf"{self.called(person).pattern}\s*{number}")
        return page.locator(rows, has=page.locator(".person", has_text=who))

    def invited(self, office: Page, kind: str, place: str = "") -> Page:
        """Somebody with a new account, signed in by the link they were given."""
        self.go(office, "installation/accounts/new/")
        office.fill("input[name=username]", kind)
        office.fill("input[name=name]", f"{kind}的人")
        office.select_option("select[name=selection]", "walk")
        office.select_option("select[name=kind]", kind)
        office.fill("input[name=place]", place)
        self.button(office, "确定")
        page = self.page()
        page.goto(office.inner_text(".secret code"))
        page.fill("input[name=password]", PASSWORD)
        self.button(page, "确定")
        return page

    def guarded(self, page: Page) -> None:
        """Set up the second factor that whoever runs a selection is led to first, with the password once more."""
        assert "第二重验证" in page.inner_text("main")
        page.goto(f"{self.site}/accounts/2fa/totp/activate/")
        page.fill("main [name=password]", PASSWORD)
        page.click("main button[type=submit]")
        page.fill("main [name=code]", code(page.input_value("#authenticator_secret")))
        page.click("main button[type=submit]")
        page.wait_for_url("**/recovery-codes/**")

    def handed_in(self, page: Page, files: dict[str, bytes]) -> None:
        """Hand papers in, look at what would be recorded, and confirm."""
        held = io.BytesIO()
        with zipfile.ZipFile(held, "w") as archive:
            for name, content in files.items():
                archive.writestr(name, content)
        self.go(page, "s/walk/papers/")
        page.set_input_files(
            "input[type=file]", {"name": "县.zip", "mimeType": "application/zip", "buffer": held.getvalue()}
        )
        self.button(page, "上传并预览")
        confirm = page.get_by_role("button", name="确认记入", exact=True)
        confirm.wait_for(timeout=60_000)
        assert "要改的地方0处" in page.inner_text("main"), page.inner_text("main")
        self.press(page, confirm)
        page.get_by_text(re.compile("已记入[0-9]+条")).wait_for(timeout=60_000)

    def papers(self, *names: str, less: str = "") -> dict[str, bytes]:
        """Those papers of the county whose places begin so, without the rows about the unit ``less``."""
        return {
            name: _without(path, less) if less else path.read_bytes()
            for path in sorted(self.folder.rglob("*"))
            if path.is_file() and (name := path.relative_to(self.folder).as_posix()).startswith(names)
        }

    def called_to(self, page: Page, kind: str, day: date) -> None:
        """Call a meeting from the page of a unit's meetings."""
        page.check(f"input[name=profile][value={kind}]")
        page.fill("input[name=day]", day.isoformat())
        page.fill("input[name=place]", "三楼会议室")
        page.fill("input[name=item] >> nth=0", "研究人选")
        self.button(page, "召集")

    def signed(self, page: Page, day: date) -> None:
        """Enter that the minutes were signed."""
        for number, who in enumerate(("主持人", "记录人")):
            page.fill(f"input[name=signer] >> nth={number}", who)
        page.fill("form[enctype] input[name=day]", day.isoformat())
        self.button(page, "记录已签字")
        assert "已签字，锁定" in page.inner_text("main")


def code(secret: str) -> str:
    """What an authenticator shows now for this secret (RFC 6238): six digits."""
    digest = hmac.digest(base64.b32decode(secret), (int(clock.time()) // 30).to_bytes(8, "big"), "sha1")
    start = digest[-1] & 15
    return f"{(int.from_bytes(digest[start : start + 4], 'big') & 0x7FFFFFFF) % 1_000_000:06}"


def _without(path: Path, unit: str) -> bytes:
    """A workbook less the rows about ``unit``, and less the totals, which no longer add up."""
    book = openpyxl.load_workbook(path)
    sheet: Any = book.worksheets[0]
    for row in range(sheet.max_row, 0, -1):
        if {unit, "合计"} & {"".join(str(cell.value).split()) for cell in sheet[row]}:
            sheet.delete_rows(row)
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


@contextmanager
def served(home: Path, database: str, port: int) -> Iterator[str]:
    """A new site as a clerk starts it, until the block ends; gives the link that the terminal shows."""
    server = subprocess.Popen(
        [sys.executable, "-m", "fourgates", "serve", home, "--port", str(port)],
        env={
            **os.environ,
            "FOURGATES_DATABASE": database,
            "PYTHONUNBUFFERED": "1",
            "FOURGATES_SECOND_FACTOR": "",
        },
        stdout=subprocess.PIPE,
        text=True,
    )
    assert server.stdout is not None
    told = next((said[0] for line in server.stdout if (said := re.search(r"http\S+/link/\S+", line))), "")
    servers.answers(told.partition("/link/")[0], server)
    yield told
    server.send_signal(signal.SIGINT)
    server.communicate(timeout=20)
