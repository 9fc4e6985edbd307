"""One rule (规则), by its number: what it says, where that comes from, and where it is used in this selection."""

from __future__ import annotations

from collections.abc import Iterator

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import path

from fourgates.gates.procedure import Deviation
from fourgates.report.figures import Figure
from fourgates.web import access, figures, roles, rules
from fourgates.web.access import Room
from fourgates.web.roles import OBSERVER
from fourgates.web.views.county import settled


@access.page(*roles.KINDS)
def rule(room: Room, number: str) -> HttpResponse:
    """A rule with the county's figures that it counts, and with what departs from it where the visitor may look."""
    found = rules.rule(number)
    if found is None:
        raise Http404
    plan = room.facts.plan
    return render(
        room.request,
        "rule/rule.html",
        {
            "rule": found,
            "sure": [(one, rules.SURE[one]) for one in found.mark if one in rules.SURE],
            "rulebook": plan.rulebook.title if plan else "",
            "adopted": figures.entry(room, "PlanAdopted") if room.has(*roles.WITHIN) else "",
            "counted": counted(room, number),
            "departs": list(departs(room, number)),
            "trail": [(number, "")],
        },
    )


def counted(room: Room, number: str) -> list[tuple[str, Figure]]:
    """The county's figures that are counted by the rule, by their addresses, for who may open them."""
    if room.facts.tree is None or not (room.whole or room.has(OBSERVER)):
        return []
    return [(key, one) for key, one in figures.named(room.report).items() if one.rule == number]


def departs(room: Room, number: str) -> Iterator[Deviation]:
    """What departs from the rule in the units that are seen, and can no longer be done in time."""
    if room.facts.tree is None or not room.has(*roles.WITHIN):
        return
    for committee in settled(room).values():
        for one in committee.deviations:
            if one.rule == number and room.sees(one.unit):
                yield one


urlpatterns = [path("rules/<str:number>/", rule, name="rule")]
