"""Every figure opens: what is printed as a number on a page leads to what it counts, and every such link opens."""

from __future__ import annotations

import re
from collections.abc import Callable
from html.parser import HTMLParser
from typing import Any

import pytest
from django.test import Client, RequestFactory

from fourgates.web import access, addends, figures, roles
from fourgates.web.access import Room
from fourgates.web.models import Selection, User
from fourgates.web.views.figure import Opened, opened
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


def told(room: Room, key: str, of: str) -> list[str]:
    """What is wrong with how a figure opens: rows that do not come to it, a denominator that is neither theirs nor a number of
    the plan, no cut-off, no rule, no entries."""
    found = opened(room, key, of)
    figure, (part, whole) = found.figure, found.total
    wrong = [] if part == figure.part else [f"{part} is not {figure.part}"]
    if whole is None and figure.whole and key not in ("sent-up", "structure"):
        wrong.append("no denominator")
    wrong += [f"of {whole}, not {figure.whole}"] if whole not in (None, figure.whole) else []
    wrong += [] if found.n and found.at else ["no cut-off"]
    wrong += [] if found.rule else ["no rule"]
    wrong += [] if found.claims or found.entries or not figure.part else ["no entries"]
    return wrong


def every(room: Room) -> set[tuple[str, str]]:
    """Every figure there is: the county's, each committee's, each branch's."""
    found = {(key, "") for key in [*figures.of_county(room), "slow"]}
    for unit in [*room.tree.committees(), *room.tree.branches()]:
        found |= {(key, access.key(unit.name)) for key in figures.of_unit(room, unit)}
    return found


def entered(row: Selection, name: str = "office") -> Room:
    """The selection as one of the cast comes to it."""
    request = RequestFactory().get(f"/s/{row.slug}/")
    request.user = User.objects.get(username=name)
    return access.enter(request, row.slug, (*roles.WITHIN, roles.OBSERVER))


def test_the_rows_of_every_figure_add_up_to_it(county: Selection, halfway: Selection) -> None:
    """Down to the member: what a committee's row says is the committee's own figure, and so on below."""
    for row in (county, halfway):
        room = entered(row)
        wrong = {(key, of): told(room, key, of) for key, of in sorted(every(room))}
        assert {about: said for about, said in wrong.items() if said} == {}
        for key, of in sorted(every(room)):
            for one in opened(room, key, of).rows:
                if one.key:
                    own = opened(room, one.key, access.key(one.about)).figure
                    yes = key in ("slow", "held") or (key, one.key) == ("organisations", "members")
                    assert yes or (own.part, own.whole) == (one.part, one.whole), (key, of, one)


def test_a_row_too_many_is_found(county: Selection, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: a member counted twice."""
    room, honest = entered(county), addends.of

    def twice(*about: Any) -> tuple[addends.Addend, ...]:
        rows = honest(*about)
        return (*rows, rows[-1])

    monkeypatch.setattr(addends, "of", twice)
    assert all(told(room, key, "") for key in ("members", "standard", "funnel-3"))


def test_a_figure_is_opened_no_further_than_its_reader_sees(county: Selection, visit: Visit) -> None:
    """An observer sees the figure, its rule and its cut-off, and neither persons nor entries."""
    whole: Opened = opened(entered(county), "standard", "")
    looked = opened(entered(county, "guest"), "standard", "")
    assert (looked.figure, looked.total) == (whole.figure, whole.total)
    assert (looked.rows, looked.hidden, looked.entries, looked.claims) == ([], len(whole.rows), (), ())
    page = visit("office").get(f"/s/{county.slug}/figures/members/").content.decode()
    assert all(f"<dt>{word}</dt>" in page for word in ("算法", "截止", "规则", "认定", "依据的纪实"))


def test_a_figure_that_leads_nowhere_is_found() -> None:
    """The control: beside one that opens, on a page of its own."""
    page = '<main id="c"><p class="lead">到<a href="/f/">3</a>人，共7人</p><td class="number">5</td></main>'
    assert (read(page).closed, read(page).leads) == (["人，共7人", "5"], {"/f/"})
