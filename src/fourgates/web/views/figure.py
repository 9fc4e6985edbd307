"""Explain a figure (数字的来历): what it counts, over which rows, up to when, by which rule, from which entries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import path

from fourgates.i18n import _
from fourgates.report.figures import Figure
from fourgates.units import Unit
from fourgates.web import access, addends, figures, grounds, listing, roles, rules
from fourgates.web.access import Room
from fourgates.web.addends import Addend
from fourgates.web.listing import Head, Listing, Row, cell
from fourgates.web.rules import Rule

SHOWN = 60
"""Entries that a page names; how many there are it says."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A figure with everything behind it: ``rows`` are those the visitor may see of those that come to ``total``; ``at`` is the
    time of the last entry counted, ``day`` the day it was judged for, ``claims`` the entries it was worked out from."""

    figure: Figure
    unit: Unit
    rows: list[Addend]
    hidden: int
    total: tuple[int, int | None]
    n: int
    at: str
    day: date | None
    rule: Rule | None
    entries: tuple[int, ...]
    claims: tuple[int, ...]


def opened(room: Room, key: str, of: str) -> Opened:
    """The figure ``key`` of the county or of the unit with the address ``of``; 404 where there is none to be seen."""
    found = figures.find(room, key, of)
    if found is None:
        raise Http404
    unit = room.unit(of) if of else room.tree[room.tree.county]
    every, n = addends.of(room, key, unit, found), room.state.n
    rows, within = addends.seen(room, every), room.has(*roles.WITHIN)
    last = room.keeper.some([n]).get(n)
    return Opened(
        found,
        unit,
        rows,
        len(every) - len(rows),
        addends.adds_up(found, every),
        n,
        last.at if last else "",
        found.day,
        rules.rule(found.rule),
        found.entries if within else (),
        grounds.of(room, key, unit) if within else (),
    )


@access.page(*roles.WITHIN, roles.OBSERVER)
def figure(room: Room, key: str) -> HttpResponse:
    """One figure with everything behind it."""
    found = opened(room, key, room.request.GET.get("of", ""))
    table = listing.arranged(room.request, behind(room, found))
    if listing.wanted(room.request):
        return listing.workbook(table)
    name = found.unit.name
    return render(
        room.request,
        "figure/figure.html",
        {
            "opened": found,
            "figure": found.figure,
            "unit": found.unit,
            "table": table if table.whole else None,
            "entries": found.entries[:SHOWN],
            "claims": found.claims[:SHOWN],
            "trail": [
                (name, room.to("unit", access.key(name)) if room.sees(name) else ""),
                (_("数字的来历"), ""),
            ],
        },
    )


def behind(room: Room, found: Opened) -> Listing:
    """The rows: each unit opens to its own figure, each person to the path up the levels."""
    people = any(row.person for row in found.rows)
    said = any(row.said for row in found.rows)
    shared = found.total[1] is not None
    heads = [
        *([Head(_("姓名")), Head(_("公民身份号码"))] if people else [Head(_("党组织"))]),
        *([Head(_("参与方式"))] if said else []),
        Head(_("计入"), "number"),
        *([Head(_("共"), "number")] if shared else []),
    ]

    def made(place: str) -> Row:
        row = found.rows[int(place)]
        page = room.to("person", row.about) if row.person else room.to("unit", access.key(row.about))
        where = room.to("figure", row.key, of=access.key(row.about)) if row.key else page
        name = room.names.name(row.about) if row.person else row.about
        return Row(
            [
                cell(name, where=page),
                *([cell(access.masked(room.names, row.about))] if people else []),
                *([cell(_(row.said) if row.said else _("还没有参与"))] if said else []),
                cell(row.part, where=where),
                *([cell(row.whole, where=where)] if shared else []),
            ],
            "late" if shared and row.whole and row.part < row.whole else "",
        )

    rows = listing.Rows([str(place) for place in range(len(found.rows))], made)
    return Listing(_(found.figure.label), heads, rows)


urlpatterns = [path("figures/<str:key>/", figure, name="figure")]
