"""The process record of a unit (工作纪实): the steps held, a line each, written where they were held; and what is missing."""

from __future__ import annotations

from datetime import date

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path

from fourgates import judging
from fourgates.errors import Refused
from fourgates.events import StepsRecorded
from fourgates.gates import procedure
from fourgates.gates.procedure import Deviation, Held
from fourgates.i18n import _
from fourgates.units import Unit
from fourgates.web import access, figures, listing, roles
from fourgates.web.access import Room
from fourgates.web.listing import Head, Listing, Row, cell
from fourgates.web.roles import BRANCH, COMMITTEE, COUNTY
from fourgates.web.views.meetings import number, parsed, way


@access.page(*roles.WITHIN)
def process(room: Room, key: str) -> HttpResponse:
    """What was held for a unit and those below it, whoever wrote it down, and what departs from the procedure."""
    unit = room.unit(key)
    table = listing.arranged(room.request, listed(room, unit))
    if listing.wanted(room.request):
        return listing.workbook(table)
    rule, works = room.facts.rulebook().procedure, room.has(COUNTY, COMMITTEE, BRANCH)
    words = (*rule.words.values(), *rule.other_words)
    example = Held(words[0], unit.name, room.today, None, None)
    return render(
        room.request,
        "process/process.html",
        {
            "unit": unit,
            "of": key,
            "table": table,
            "departs": [(one, _open(room, one)) for one in departs(room, unit)],
            "windows": [(word, procedure.window(word, room.facts.rulebook())) for word in words],
            "units": room.tree.under(unit.name),
            "own": list(enumerate(room.facts.steps.get(unit.name, ()))),
            "works": works,
            "refusal": room.may(kept(room, unit, (*_own(room, unit), example)), unit.name) if works else None,
            "today": room.today,
            "trail": way(room, unit, _("工作纪实")),
        },
    )


def listed(room: Room, unit: Unit) -> Listing:
    """The lines about the unit and those below it, one a row, the latest first."""
    heads = [
        Head(_("日期")), Head(_("环节")), Head(_("党组织")), Head(_("应到"), "number"), Head(_("实到"), "number"),
        Head(_("谁记的")),
    ]  # fmt: skip
    rows = []
    for line, keeper in lines(room, unit):
        entry = figures.entry(room, "StepsRecorded", keeper)
        counts = [cell(one, entry) for one in (line.due, line.present)]
        rows.append(Row([cell(line.day), cell(_(line.word)), cell(line.unit), *counts, cell(keeper)]))
    return Listing(_("{unit}的工作纪实").format(unit=unit.name), heads, rows)


def lines(room: Room, unit: Unit) -> list[tuple[Held, str]]:
    """The lines about the unit and those below it with who wrote each down, the latest day first."""
    below = {one.name for one in room.tree.under(unit.name)}
    found = [
        (line, keeper) for keeper, held in room.facts.steps.items() for line in held if line.unit in below
    ]
    return sorted(found, key=lambda each: each[0].day, reverse=True)


def departs(room: Room, unit: Unit) -> list[Deviation]:
    """What departs from the procedure in the unit and those below it, the steps included that can still be taken in time."""
    if unit.kind == "county":
        return []
    below = {one.name for one in room.tree.under(unit.name)}
    found = judging.deviations(room.facts, room.tree.committee_of(unit.name))
    return [one for one in found if one.unit in below]


def _open(room: Room, one: Deviation) -> date | None:
    """The last day on which what is missing can still be done; ``None`` where that is over, or it is not a step left out."""
    plan = room.facts.rulebook()
    last = (procedure.window(one.step, plan) or plan.windows.nomination).last
    return last if last >= room.today else None


def _own(room: Room, unit: Unit) -> tuple[Held, ...]:
    return tuple(room.facts.steps.get(unit.name, ()))


def kept(room: Room, unit: Unit, lines: tuple[Held, ...]) -> StepsRecorded:
    """The unit's process record with these lines, instead of the one that stands."""
    return room.anew(StepsRecorded(unit.name, lines))


@access.act(COUNTY, COMMITTEE, BRANCH)
def write(room: Room, key: str) -> HttpResponse:
    """Write a line into the unit's own record, or strike one of its lines out."""
    unit, posted = room.unit(key), room.request.POST
    lines = _own(room, unit)
    if "strike" in posted:
        place = number(posted["strike"])
        if place >= len(lines):
            raise Refused("6.0", "工作纪实中没有这一行")
        lines = lines[:place] + lines[place + 1 :]
    else:
        about = room.unit(posted.get("about", "")).name if posted.get("about") else unit.name
        due, present = (number(posted[name]) if posted.get(name) else None for name in ("due", "present"))
        lines = (*lines, Held(posted.get("step", ""), about, parsed(posted.get("day", "")), due, present))
    room.offer(kept(room, unit, lines), unit=unit.name, once=posted.get("once", ""))
    return redirect(room.to("process", key))


urlpatterns = [
    path("units/<str:key>/process/", process, name="process"),
    path("units/<str:key>/process/write/", write, name="write-step"),
]
