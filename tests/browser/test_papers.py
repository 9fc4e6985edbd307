"""Workbooks handed in by somebody at a browser: progress, preview, confirmation, on a screen and on a telephone."""

from __future__ import annotations

import io
import os
import zipfile
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Browser, Page

from browsers import barriers
from fourgates.papers import forms

SHOTS = os.environ.get("FOURGATES_SHOTS", "")


def look(page: Page, name: str) -> list[str]:
    """What axe-core objects to; with a folder for pictures, one of the page."""
    if SHOTS:
        page.screenshot(path=Path(SHOTS) / f"{name}.png", full_page=True)
    return [f"{name}: {one}" for one in barriers(page)]


@pytest.fixture(scope="module")
def packed(small: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The county folder in one archive, with a vote in it that is no number."""
    file = tmp_path_factory.mktemp("packed") / "county.zip"
    with zipfile.ZipFile(file, "w") as archive:
        for one in sorted(small.rglob("*")):
            if one.is_file() and one.name != forms.REVIEWS:
                archive.write(one, one.relative_to(small))
        archive.writestr(forms.REVIEWS, spoilt((small / forms.REVIEWS).read_bytes()))
    return file


def spoilt(content: bytes) -> bytes:
    """The workbook with the first vote for somebody made a word."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    sheet = book.worksheets[0]
    head = next(cell for row in sheet.iter_rows(max_row=5) for cell in row if cell.value == "同意")
    sheet.cell(head.row + 1, head.column).value = "许多"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize("locale", ["zh-CN", "en-GB"])
def test_a_folder_is_handed_in(browser: Browser, site: str, packed: Path, locale: str) -> None:
    context = browser.new_context(locale=locale, extra_http_headers={"Accept-Language": locale})
    page = context.new_page()
    page.goto(f"{site}/")
    page.click("button[value=county]")
    page.goto(f"{site}/s/demo/papers/")
    found = look(page, f"papers-{locale}")
    page.set_input_files("#files", packed)
    page.click("form[enctype] button.primary")
    page.wait_for_selector("#planned", timeout=60_000)
    assert page.locator("#upload progress").count() == 0
    assert page.locator("#planned + details li").count() > 0
    found += look(page, f"upload-{locale}")
    upload = page.url
    page.click("main a[href$='/rows/']")
    assert page.locator("tbody tr").count() == 200
    found += look(page, f"rows-{locale}")
    page.click("main .lead a[href*='state=faulty']")
    assert page.locator("tbody tr").count() > 0
    page.goto(upload)
    page.set_viewport_size({"width": 360, "height": 640})
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    page.click("form[action$='drop/'] button")
    assert page.url == f"{site}/s/demo/papers/"
    assert found == []
    context.close()
