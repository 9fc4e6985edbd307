"""Members marked by two channels (重复登记): listed, one person proposes which is true, another confirms it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path

from fourgates import judging
from fourgates.errors import Broken, Refused
from fourgates.events import ConflictSettled
from fourgates.i18n import _, mark
from fourgates.web import access, listing, proposals, roles
from fourgates.web.access import Room
from fourgates.web.listing import Head, Listing, Row, cell
from fourgates.web.models import Proposal
from fourgates.web.roles import BRANCH, COMMITTEE, COUNTY

KIND = "conflict"
SOURCES: Mapping[str, str] = {
    "sheet": mark("参与情况表"),
    "county": mark("县里登记"),
    "committee": mark("党委登记"),
    "branch": mark("支部登记"),
    "meeting": mark("会议签到"),
    "box": mark("推荐箱"),
}


@dataclass(frozen=True, slots=True)
class Case:
    """A member whose marks contradict each other: each source with its channel, and what was proposed, if anything."""

    id: str
    said: list[tuple[str, str]]
    channels: list[str]
    proposal: Proposal | None
    refusal: Refused | Broken | None
    ground: str = ""


@access.page(*roles.WITHIN)
def conflicts(room: Room) -> HttpResponse:
    """Every open conflict among the members that are seen."""
    cases = found(room)
    table = listing.arranged(room.request, listed(room, cases))
    if listing.wanted(room.request):
        return listing.workbook(table)
    works = room.has(COUNTY, COMMITTEE, BRANCH) and room.at is None
    shown = {"cases": cases, "table": table, "works": works, "trail": [(_("重复登记"), "")]}
    return render(room.request, "conflicts/conflicts.html", shown)


def found(room: Room) -> list[Case]:
    """The open conflicts that are seen, with what was proposed for each."""
    own = [one for one in judging.conflicts(room.facts) if room.knows(one.person)]
    waiting = {
        one.about: one
        for one in room.row.proposals.filter(kind=KIND, about__in=[c.person for c in own]).select_related(
            "user"
        )
    }
    grounds = room.written(*(str(one.says["ground"]) for one in waiting.values()))
    cases = []
    for one in own:
        proposal = waiting.get(one.person)
        said = [(source_word(act.source), act.channel) for act in one.acts]
        channels = list(dict.fromkeys(act.channel for act in one.acts))
        no = (
            Refused("2.12", "重复登记要由不同的两人核定") if proposal and proposal.user == room.user else None
        )
        cases.append(
            Case(
                one.person,
                said,
                channels,
                proposal,
                no,
                grounds.get(proposal.says["ground"], "") if proposal else "",
            )
        )
    return cases


def source_word(source: str) -> str:
    """What a source of marks is called."""
    return SOURCES.get(source.partition(":")[0], source)


def listed(room: Room, cases: list[Case]) -> Listing:
    """The conflicts, one a row."""
    heads = [Head(_("姓名")), Head(_("公民身份号码")), Head(_("党支部")), Head(_("登记")), Head(_("提出"))]
    members = room.facts.roster().members
    told = {one.id: str(one.proposal.says["channel"]) for one in cases if one.proposal}
    rows = [
        Row(
            [
                cell(room.names.name(one.id), where=room.to("person", one.id)),
                cell(access.masked(room.names, one.id)),
                cell(members[one.id].branch),
                cell("；".join(f"{_(source)}：{_(channel)}" for source, channel in one.said)),
                cell(_(told.get(one.id, ""))),
            ]
        )
        for one in cases
    ]
    return Listing(_("重复登记"), heads, rows)


@access.act(COUNTY, COMMITTEE, BRANCH)
def propose(room: Room, person: str) -> HttpResponse:
    """Say which of the marks is true, and on what ground; somebody else has to confirm it."""
    person, posted = room.person(person), room.request.POST
    channel, ground = posted.get("channel", ""), posted.get("ground", "").strip()[:200]
    unit = room.facts.roster().members[person].branch
    told = room.put_away(f"ground:{person}", ground)
    no = room.may(settled(room, person, channel, room.hand(), "0" * 24, told or "-"), unit)
    if no is not None or not ground:
        raise no or Refused("2.12", "重复登记的核定要写明依据")
    proposals.propose(room, KIND, person, told, room.waiting[told], channel=channel)
    return redirect(room.to("conflicts"))


@access.act(COUNTY, COMMITTEE, BRANCH)
def confirm(room: Room, person: str) -> HttpResponse:
    """Confirm what another proposed, or put it aside."""
    person = room.person(person)
    waits = proposals.waiting(room, KIND, person).select_related("user").first()
    if waits is None:
        raise Refused("2.12", "还没有人提出怎样核定")
    if "aside" in room.request.POST:
        proposals.put_aside(room, KIND, person)
    else:
        if waits.user == room.user:
            raise Refused("2.12", "重复登记要由不同的两人核定")
        first = room.hand(waits.user)
        unit = room.facts.roster().members[person].branch
        says = waits.says
        room.offer(settled(room, person, says["channel"], first, room.hand(), says["ground"]), unit=unit)
        waits.delete()
    return redirect(room.to("conflicts"))


def settled(room: Room, person: str, channel: str, by: str, second: str, told: str) -> ConflictSettled:
    """What two persons found; ``told``: the digest of their ground."""
    return room.anew(ConflictSettled(person, channel, by, second, told))


urlpatterns = [
    path("conflicts/", conflicts, name="conflicts"),
    path("conflicts/<str:person>/propose/", propose, name="settle-propose"),
    path("conflicts/<str:person>/confirm/", confirm, name="settle-confirm"),
]
