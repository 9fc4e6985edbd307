"""Every figure opens: what is printed as a number on a page leads to what it counts, and every such link opens."""

from __future__ import annotations

import re
from collections.abc import Callable
from html.parser import HTMLParser

from django.test import Client

from fourgates.web.models import Selection
from web.test_pages import paths

Visit = Callable[[str], Client]
DATE = re.compile(r"\d{4}-\d\d-\d\d(?: \d\d:\d\d)?|[0-9a-f]{16,}")
FIGURE = {"number", "big", "lead"}
VOID = ("br", "img", "input", "link", "meta", "path", "rect", "hr", "circle", "line")


class Figures(HTMLParser):
    """The numbers of a page that lead nowhere, and the addresses that the others lead to. Numbers are what stands in a column
    of numbers, in large letters, or in the sentence under a heading."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[tuple[str, bool, bool, bool]] = []
        self.closed: list[str] = []
        self.leads: set[str] = set()
        self.where = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        if tag in VOID:
            return
        kinds = set((said.get("class") or "").split())
        figure, linked = self.open[-1][1:3] if self.open else (False, False)
        working = self.open[-1][3] if self.open else False
        # A form is filled in; a table of working is itself what a figure opens to.
        working |= tag in ("thead", "time", "form", "svg", "code") or "worked" in kinds or "note" in kinds
        if tag == "a" and said.get("href"):
            self.where, linked = str(said["href"]), True
        self.open.append((tag, (figure or bool(kinds & FIGURE)) and not working, linked, working))

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID and self.open:
            self.open.pop()

    def handle_data(self, text: str) -> None:
        figure, linked = self.open[-1][1:3] if self.open else (False, False)
        if figure and re.search(r"\d", DATE.sub("", text)):
            if linked:
                self.leads.add(self.where)
            else:
                self.closed.append(" ".join(text.split()))


def read(content: str) -> Figures:
    reader = Figures()
    reader.feed(content.partition("<main")[2].partition("</main>")[0].partition(">")[2])
    return reader


def test_every_figure_opens(county: Selection, halfway: Selection, visit: Visit) -> None:
    closed, leads = [], set()
    for row in (county, halfway):
        for name, path in paths(row):
            if "nowhere" in path or path == "/api/":  # what is not there, and what is written about answers
                continue
            found = read(visit(name).get(path, follow=True).content.decode())
            closed += [(path, one) for one in found.closed]
            leads |= {(name, where) for where in found.leads}
    assert "\n".join(f"{path} {one}" for path, one in sorted(set(closed))) == ""
    kinds = {(name, re.sub(r"[0-9a-f]{12,}", "*", where.partition("#")[0])): where for name, where in leads}
    wrong = [where for (name, _kind), where in kinds.items() if visit(name).get(where).status_code != 200]
    assert wrong == []


def test_a_figure_that_leads_nowhere_is_found() -> None:
    """The control: beside one that opens, on a page of its own."""
    page = '<main id="c"><p class="lead">到<a href="/f/">3</a>人，共7人</p><td class="number">5</td></main>'
    assert (read(page).closed, read(page).leads) == (["人，共7人", "5"], {"/f/"})
