"""A person's page (一人一档): the path up the levels, as far as the visitor may follow it."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path

from fourgates import account
from fourgates.events import ListProposed
from fourgates.web import access, roles
from fourgates.web.access import Room
from fourgates.web.roles import BRANCH, COMMITTEE, COUNTY
from fourgates.web.views.looks import Reason
from fourgates.web.views.unit import trail


@access.page(*roles.WITHIN)
def person(room: Room, id_: str) -> HttpResponse:
    """Everything that happened to a name, station by station."""
    id_ = room.person(id_)
    _number, result = room.state.results.get(("List", ""), (0, None))
    steps = account.path(room.state, id_, result if isinstance(result, ListProposed) else None)
    branch = room.tree[room.facts.roster().members[id_].branch]
    return render(
        room.request,
        "person/path.html",
        {
            "id": id_,
            "name": room.names.name(id_),
            "number": access.masked(room.names, id_),
            "looks": room.at is None and room.has(COUNTY, COMMITTEE, BRANCH) and Reason(),
            "erases": room.at is None and room.has(COUNTY),
            "branch": branch,
            "steps": steps if room.whole else [step for step in steps if shown(room, step)],
            "trail": [*_linked(room, trail(room, branch), branch.name), (room.names.name(id_), "")],
        },
    )


def _linked(room: Room, way: list[tuple[str, str]], branch: str) -> list[tuple[str, str]]:
    return [*way[:-1], (branch, room.to("unit", access.key(branch)))]


def shown(room: Room, step: account.Step) -> bool:
    """Whether a station is a matter of the visitor's own part: its roster, its nominations, its committee's meeting. What
    departments found is the county's to know."""
    if step.rule.partition(".")[0] not in ("1", "2", "3", "4", "5"):
        return False
    about = {number: subject for subject, number in room.state.standing.items()}
    about |= {number: subject for subject, (number, _event) in room.state.results.items()}
    subject = about.get(step.entry, ("", ""))[1]
    return bool(subject) and (room.sees(subject) or subject in _above(room))


def _above(room: Room) -> set[str]:
    """The committees that the visitor's own units belong to: their rosters name the visitor's members."""
    return {room.tree.committee_of(role.unit) for role in room.roles if role.unit in room.tree}


urlpatterns = [path("people/<str:id_>/", person, name="person")]
