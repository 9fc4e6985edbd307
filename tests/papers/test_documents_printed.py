"""Every kind of document, printed by a word processor: pages, margins, lines, nothing beyond the text block."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections import Counter
from html import unescape
from pathlib import Path
from typing import NamedTuple

import pytest

from fourgates.papers.documents import writing
from fourgates.papers.documents.kind import Kind
from fourgates.papers.documents.kinds import KINDS
from fourgates.papers.documents.writing import Source, Templates
from fourgates.papers.stationery import Paper

OFFICE = shutil.which("soffice") or shutil.which("libreoffice")
READER = shutil.which("pdftotext")
pytestmark = pytest.mark.skipif(
    OFFICE is None or READER is None,
    reason="LibreOffice (soffice) or poppler (pdftotext) is not here: nobody looked at the printed documents",
)
WIDE = {"summary", "checks", "joint-review", "list"}
MM = 72 / 25.4
# Pages of the longest document of each kind in the small county, and not one more.
MOST = {"work-plan": 5, "bulletin": 4, "request": 4, "public-notice": 2, "participation": 2}


class Word(NamedTuple):
    """A run of characters on a printed page, its box in millimetres from the upper left corner."""

    left: float
    top: float
    right: float
    bottom: float
    text: str


class Page(NamedTuple):
    """A printed page: width and height in millimetres, and its words."""

    width: float
    height: float
    words: list[Word]


def printed(folder: Path, into: Path) -> dict[str, list[Page]]:
    """Every document of a folder, printed in one go; by its name without ending."""
    files = sorted(str(path) for path in folder.glob("*.docx"))
    subprocess.run(
        [
            str(OFFICE),
            f"-env:UserInstallation={(into / 'profile').as_uri()}",
            *("--headless", "--convert-to", "pdf", "--outdir", str(into), *files),
        ],
        capture_output=True,
        timeout=300,
        check=True,
    )
    return {path.stem: read(path) for path in sorted(into.glob("*.pdf"))}


def read(path: Path) -> list[Page]:
    """The pages of a printed document."""
    done = subprocess.run(
        [str(READER), "-bbox", str(path), "-"], capture_output=True, text=True, encoding="utf-8", check=True
    )
    pages = []
    for page in re.findall(r'<page width="([\d.]+)" height="([\d.]+)">(.*?)</page>', done.stdout, re.DOTALL):
        words = [
            Word(float(left) / MM, float(top) / MM, float(right) / MM, float(bottom) / MM, unescape(text))
            for left, top, right, bottom, text in re.findall(
                r'<word xMin="([-\d.]+)" yMin="([-\d.]+)" xMax="([-\d.]+)" yMax="([-\d.]+)">(.*?)</word>',
                page[2],
            )
        ]
        pages.append(Page(float(page[0]) / MM, float(page[1]) / MM, words))
    return pages


@pytest.fixture(scope="module")
def source(small_out: Path) -> Source:
    return writing.source(small_out / "record")


@pytest.fixture(scope="module")
def pages(source: Source, tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Page]]:
    """The longest document of each kind, and a page of nothing but characters, printed together."""
    folder, into = tmp_path_factory.mktemp("written"), tmp_path_factory.mktemp("printed")
    for kind in KINDS:
        made = [writing.make(source, kind, subject, Templates()) for subject in kind.subjects(source.ground)]
        longest = max(made, key=lambda one: sum(len(line.text) + 10 for line in one.lines))
        (folder / f"{kind.key}.docx").write_bytes(longest.content)
    paper = Paper("版心")
    for _turn in range(5):
        paper.say("国" * (28 * 10 - 2))
    (folder / "block.docx").write_bytes(paper.content())
    return printed(folder, into)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: str(kind.key))
def test_a_document_prints_on_its_page_and_nothing_leaves_the_text_block(
    pages: dict[str, list[Page]], kind: Kind
) -> None:
    found = pages[kind.key]
    assert 1 <= len(found) <= MOST.get(kind.key, 3)
    wide = kind.key in WIDE
    left, right, top, foot = (37, 262, 28, 184) if wide else (28, 184, 37, 262)
    for number, page in enumerate(found, start=1):
        assert (round(page.width), round(page.height)) == ((297, 210) if wide else (210, 297))
        text = "".join(word.text for word in page.words)
        assert "{{" not in text
        assert "}}" not in text
        assert "四关｜" in text.replace(" ", "")
        if not (kind.key == "letter" and number == 1):
            assert f"—{number}—" in "".join(text.split())
        for word in page.words:
            assert left - 1 <= word.left <= word.right <= right + 1.5, word
            assert word.top >= (29 if kind.key == "letter" and number == 1 else top - 1), word
            assert word.bottom <= page.height - 4
        body = [word for word in page.words if word.bottom <= foot + 1]
        assert body, f"page {number} says nothing"
        below = "".join(word.text for word in page.words if word.bottom > foot + 1)
        assert re.sub(r"—\d+—", "", "".join(below.split())).startswith("四关｜"), below


def test_no_page_holds_a_signature_alone(pages: dict[str, list[Page]]) -> None:
    for key, found in pages.items():
        if key in {"registration", "block"}:
            continue
        for page in found[1:]:
            text = "".join(word.text for word in page.words if word.bottom <= page.height - 35)
            assert len(re.findall(r"[\u4e00-\u9fff]", text)) > 25, (key, text)


def test_the_text_block_holds_22_lines_of_28_characters(pages: dict[str, list[Page]]) -> None:
    first = pages["block"][0]
    body = [word for word in first.words if "国" in word.text]
    lines = Counter(round(word.top, 1) for word in body for _char in word.text)
    assert len(lines) == 22
    assert set(lines.values()) == {28, 26}  # 26 after the indent of two
    assert min(word.left for word in body) == pytest.approx(28, abs=0.5)
    assert max(word.right for word in body) == pytest.approx(184, abs=1.5)


def test_a_document_says_in_print_what_it_says(source: Source, pages: dict[str, list[Page]]) -> None:
    """Nothing of a table is cut off by a cell too small for it."""
    for key in ("allotment", "joint-review", "reply"):
        (kind,) = (one for one in KINDS if one.key == key)
        shown = "".join(word.text for page in pages[key] for word in page.words)
        subjects = kind.subjects(source.ground)
        lines = max(
            (writing.make(source, kind, subject, Templates()).lines for subject in subjects),
            key=lambda lines: sum(len(line.text) + 10 for line in lines),
        )
        want = Counter(char for line in lines for char in line.text if "\u4e00" <= char <= "\u9fff")
        have = Counter(shown)
        assert {char: count for char, count in want.items() if have[char] < count} == {}, key
