"""The supervisor's page (纪检监督): the procedure of every committee, what deviates and how to mend it, and what to ask about.

Nothing is changed here. A signal is a question with what could explain it, never an accusation.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path

from fourgates import signals
from fourgates.i18n import _
from fourgates.papers import mending
from fourgates.signals import Question
from fourgates.web import access, listing
from fourgates.web.access import Room
from fourgates.web.duties import duties
from fourgates.web.listing import Cell, Head, Listing, Row, cell
from fourgates.web.roles import COUNTY, SUPERVISOR
from fourgates.web.views.county import settled

LINKED = 5
"""So many entries of a question are linked; how many there are is said."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as the page puts it: the sentence, what could explain it, the first entries it was seen in, how many."""

    sentence: str
    explanations: tuple[str, ...]
    entries: tuple[int, ...]
    more: int


@access.page(COUNTY, SUPERVISOR)
def supervision(room: Room) -> HttpResponse:
    """What deviates, with its rule and how to mend it, and what to ask about."""
    table = listing.arranged(room.request, deviations(room))
    if listing.wanted(room.request):
        return listing.workbook(table)
    return render(
        room.request,
        "supervision/supervision.html",
        {"table": table, "duties": duties(room), "asked": asked(room), "trail": [(_("监督"), "")]},
    )


@access.page(COUNTY, SUPERVISOR)
def steps(room: Room) -> HttpResponse:
    """Every committee with the first day of each step."""
    table = listing.arranged(room.request, procedure(room))
    if listing.wanted(room.request):
        return listing.workbook(table)
    trail = [(_("监督"), room.to("supervision")), (_("各环节"), "")]
    return render(room.request, "supervision/steps.html", {"table": table, "trail": trail})


def deviations(room: Room) -> Listing:
    """What departs from the procedure and nothing can come in any more to settle, one a row."""
    heads = [
        Head(_("规则")),
        Head(_("党（工）委")),
        Head(_("党组织")),
        Head(_("哪里不合程序")),
        Head(_("怎么改")),
    ]
    rows = [
        Row(
            [
                cell(found.rule),
                cell(one.unit.name, where=room.to("unit", access.key(one.unit.name))),
                cell(found.unit, where=room.to("unit", access.key(found.unit))),
                cell(mending.said(found, found.unit)),
                cell(mending.mend(found)),
            ]
        )
        for one in settled(room).values()
        for found in one.deviations
    ]
    return Listing(_("不合程序之处"), heads, rows)


def procedure(room: Room) -> Listing:
    """The committees, one a row, with the first day of each step; a step that is missing or deviates says so."""
    committees = list(settled(room).values())
    words = [step.word for step in committees[0].steps] if committees else []
    heads = [Head(_("党（工）委")), *(Head(_(word)) for word in words), Head(_("不合程序"), "number")]
    rows = []
    for one in committees:
        cells = [cell(one.unit.name, where=room.to("unit", access.key(one.unit.name)))]
        for step in one.steps:
            first = step.first.isoformat() if step.first else _("没有")
            cells.append(Cell(first, _("{day}，不合程序").format(day=first) if step.deviates else first))
        cells.append(cell(len(one.deviations), room.to("unit", access.key(one.unit.name)) + "#deviations"))
        rows.append(Row(cells, "late" if one.deviations else ""))
    return Listing(_("各环节"), heads, rows)


def asked(room: Room) -> list[Asked]:
    """The questions that the entries raise; worked out once for where things stand."""
    memo = room.facts.memo
    if "signals" not in memo:
        last = room.state.n
        entries = (entry for entry in room.keeper.entries() if entry.n <= last)
        memo["signals"] = signals.questions(entries, room.facts)
    found: tuple[Question, ...] = memo["signals"]
    return [
        Asked(
            signals.sentence(one),
            signals.explanations(one),
            one.entries[:LINKED],
            max(0, len(one.entries) - LINKED),
        )
        for one in found
    ]


urlpatterns = [
    path("supervision/", supervision, name="supervision"),
    path("supervision/steps/", steps, name="steps"),
]
