"""A unit's own page (党组织): a committee with its branches and its tally, a branch with its roster and its meetings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path

from fourgates import convening, judging, nominations, review
from fourgates.arrangements import MeetingKind
from fourgates.convening import Meeting
from fourgates.i18n import _
from fourgates.papers import charts
from fourgates.papers.summary import ranked
from fourgates.participation import NOBODY, Rate
from fourgates.tally import Line
from fourgates.units import COMMITTEES, Unit
from fourgates.web import access, boxes, figures, listing, pictures, reaching, roles
from fourgates.web.access import Room
from fourgates.web.duties import duties
from fourgates.web.listing import Cell, Head, Listing, Row, cell
from fourgates.web.quotas import gaps, lacking
from fourgates.web.views.county import settled


@access.page(*roles.WITHIN)
def unit(room: Room, key: str) -> HttpResponse:
    """A committee, a general branch or a branch, by its address."""
    found = room.unit(key)
    if found.kind == "county":
        return redirect(room.to("county"))
    return _branch(room, found) if found.kind == "branch" else _committee(room, found)


def trail(room: Room, found: Unit) -> list[tuple[str, str]]:
    """The way from the county down to a unit, as far as it may be followed."""
    if found.kind == "county":
        return [(found.name, "")]
    way = [(room.tree.county, room.to("county") if room.whole else "")]
    way += [
        (name, room.to("unit", access.key(name)) if room.sees(name) else "")
        for name in reversed(room.tree.above(found.name)[1:])
    ]
    return [*way, (found.name, "")]


# --- a committee ------------------------------------------------------------------------------------------------


def _committee(room: Room, found: Unit) -> HttpResponse:
    table = listing.arranged(room.request, branches(room, found))
    whole, of = found.kind in COMMITTEES, access.key(found.name)
    days = pictures.course(room, room.tree.branches(found.name), of)
    if listing.wanted(room.request):
        more = [lacking(room, found), *([tallied(room, found)] if whole else [])]
        return listing.workbook(table, *more, *([days] if days else []))
    one, held = settled(room).get(found.name), meetings(room, found)
    return render(
        room.request,
        "unit/committee.html",
        {
            "unit": found,
            "of": of,
            "one": one,
            "table": table,
            "duties": duties(room, found.name),
            "trail": trail(room, found),
            "tally": tally(room, found) if whole else [],
            "sittings": judging.reviewed(room.facts).get(found.name, ()),
            "reviewed": figures.entry(room, "CommitteeReviewed", found.name),
            "quota": judging.quotas(room.facts).get(found.name),
            "meetings": held,
            "signing": room.at is None and any(one.open for one in held),
            "gaps": gaps(room, found),
            "course": days,
        },
    )


@dataclass(frozen=True, slots=True)
class Sitting:
    """A meeting of a unit: its name, how far it has come in a word, how many are due, have come and must
    come (0: not known yet); ``open``: members are still signing in."""

    name: str
    one: Meeting
    word: str
    due: int
    came: int
    least: int
    open: bool

    @property
    def enough(self) -> bool:
        """Whether as many have come as must."""
        return self.came >= self.least


def meetings(room: Room, found: Unit) -> list[Sitting]:
    """The unit's meetings, the latest first."""
    rule = room.facts.rulebook().meetings
    own = {name: one for name, one in room.facts.meetings.items() if one.called.unit == found.name}
    signing = {
        name
        for name, one in own.items()
        if one.attendance is None and not one.called.cancelled and _by_name(rule.kind(one.called.kind))
    }
    arrived = Counter(
        room.row.arrivals.filter(meeting__in=signing).values_list("meeting", flat=True)
        if signing and room.at is None
        else ()
    )
    roll = len(convening.roll(found.name, room.tree, room.facts.roster())) if signing else 0
    said = []
    for name, one in sorted(own.items(), key=lambda each: each[1].called.day, reverse=True):
        kind, entered = rule.kind(one.called.kind), one.attendance
        due, came = (
            (entered.due, entered.present) if entered else (roll if name in signing else 0, arrived[name])
        )
        least = convening.needed(kind, due) if kind and due else 0
        said.append(Sitting(name, one, status(room, one), due, came, least, name in signing))
    return said


def _by_name(kind: MeetingKind | None) -> bool:
    return kind is not None and kind.due == "roll"


def status(room: Room, one: Meeting) -> str:
    """How far a meeting has come, in a word."""
    if one.called.cancelled:
        return _("已取消")
    if one.signed:
        return _("已签字，锁定") if judging.holds(room.facts, one) else _("已签字，不足法定人数")
    if one.minutes is not None:
        return _("更正过，要重新签字")
    return _("已签到，等签字") if one.attendance is not None else _("已召集")


def branches(room: Room, found: Unit) -> Listing:
    """The branches below, one a row: members with rights, who took part, meetings, names put forward."""
    heads = [
        Head(_("党支部")), Head(_("有推荐权"), "number"), Head(_("已参与"), "number"),
        Head(_("参与率"), "number"), Head(_("会议")), Head(_("推荐提名"), "number"),
    ]  # fmt: skip
    rows = []
    plan, turnout = room.facts.rulebook(), judging.turnout(room.facts)
    for branch in room.units():
        if found.name not in room.tree.above(branch.name):
            continue
        own = turnout.get(branch.name, NOBODY)

        def opens(name: str, key: str = access.key(branch.name)) -> str:
            return room.to("figure", name, of=key)

        filed = judging.filed(room.facts).get(branch.name, ())
        held = [sitting for sitting in filed if nominations.valid(sitting, plan)]
        met = (
            _("已召开")
            if held
            else _("到会不足或不在时间内，不计")
            if filed
            else _("未召开")
            if own.due
            else _("不需要")
        )
        rows.append(
            Row(
                [
                    cell(branch.name, where=room.to("unit", access.key(branch.name))),
                    cell(own.due, opens("members")),
                    cell(own.took, opens("members")),
                    Cell(
                        own.took * 1000 // own.due if own.due else None,
                        str(Rate(own.took, own.due)),
                        opens("members"),
                        charts.stacked([own.took], own.due, width=90) if own.due else "",
                        "number",
                    ),
                    cell(met),
                    cell(figures.put_forward(room, branch.name).total(), opens("put-forward")),
                ],
                "late" if own.due and not held and room.today > plan.windows.nomination.last else "",
            )
        )
    return Listing(_("{unit}的党支部").format(unit=found.name), heads, rows)


def tally(room: Room, found: Unit) -> list[tuple[int, Line, str, str, bool]]:
    """Everybody nominated below the committee: place, line, how it went at the committee, by which rule, whether up."""
    lines = ranked(judging.tallied(room.facts, found.name), room.names)
    carried = judging.carried(room.facts)
    up = carried.up.get(found.name)
    said = []
    for place, line in enumerate(lines, start=1):
        if up is None:
            why, rule = _("等待集体研究"), "5.1"
        elif line.person in up:
            why, rule = _("上报"), "5.4"
        else:
            why, rule = _why_not(room, found, line)
        said.append((place, line, why, rule, up is not None and line.person in up))
    return said


def tallied(room: Room, found: Unit) -> Listing:
    """The tally as a table to take away."""
    heads = [
        Head(_("名次")), Head(_("姓名")), Head(_("党支部")), Head(_("党员")), Head(_("上报情况")), Head(_("规则")),
    ]  # fmt: skip
    rows = [
        Row(
            [
                cell(place),
                cell(room.names.name(line.person)),
                *map(cell, (line.branches, line.members, why, rule)),
            ]
        )
        for place, line, why, rule, _up in tally(room, found)
    ]
    return Listing(_("推荐情况汇总"), heads, rows)


def _why_not(room: Room, found: Unit, line: Line) -> tuple[str, str]:
    """Why a name was not carried up, and the rule."""
    for sitting in judging.reviewed(room.facts).get(found.name, ()):
        for vote in sitting.votes:
            if vote.person == line.person:
                passed = review.carried(vote, sitting, room.facts.rulebook().review)
                if not vote.up and passed:
                    return _("过半数，没有上报"), "5.8"
                if not passed:
                    return _("同意{votes_for}票，没有超过应到{due}人的半数").format(
                        votes_for=vote.votes_for, due=sitting.due
                    ), "5.4"
                return _("这次研究不计"), "5.1"
    return _("没有提交表决"), "5.8"


# --- a branch ---------------------------------------------------------------------------------------------------


def _branch(room: Room, found: Unit) -> HttpResponse:
    table = listing.arranged(room.request, members(room, found))
    if listing.wanted(room.request):
        return listing.workbook(table, lacking(room, found), put_forward(room, found))
    plan = room.facts.rulebook()
    calls, visits = reaching.apart(room, waiting(room, found))
    held = meetings(room, found)
    sittings = [
        (sitting, nominations.valid(sitting, plan), quorum(sitting.present, sitting.due))
        for sitting in judging.filed(room.facts).get(found.name, ())
    ]
    return render(
        room.request,
        "unit/branch.html",
        {
            "unit": found,
            "of": access.key(found.name),
            "table": table,
            "duties": duties(room, found.name),
            "trail": trail(room, found),
            "sittings": sittings,
            "quorum": plan.nomination.quorum_at_least,
            "calls": calls,
            "visits": visits,
            "filed": figures.entry(room, "NominationsFiled", found.name),
            "meetings": held,
            "signing": room.at is None and any(one.open for one in held),
            "gaps": gaps(room, found),
        },
    )


def put_forward(room: Room, found: Unit) -> Listing:
    """The names of the branch's meetings, one a row."""
    heads = [Head(_("日期")), Head(_("姓名")), Head(_("提名的党员"), "number")]
    rows = [
        Row([cell(sitting.day), cell(room.names.name(name.person)), cell(name.members)])
        for sitting in judging.filed(room.facts).get(found.name, ())
        for name in sitting.names
    ]
    return Listing(_("推荐提名"), heads, rows)


def quorum(present: int, due: int) -> str:
    """Present of due, as a share."""
    return str(Rate(present, due))


def members(room: Room, found: Unit) -> Listing:
    """The roster, one a row: name, masked number, rights, how they took part."""
    heads = [
        Head(_("姓名")),
        Head(_("公民身份号码")),
        Head(_("推荐权")),
        Head(_("参与方式")),
        Head(_("日期")),
    ]
    roster = room.facts.roster()
    rows = []
    for id_ in ordered(room, found):
        marks = list(judging.said(room.facts, id_).values())
        rows.append(
            Row(
                [
                    cell(room.names.name(id_), where=room.to("person", id_)),
                    cell(access.masked(room.names, id_)),
                    cell(_("有") if id_ in roster.rights else _("无")),
                    cell(_("、").join(dict.fromkeys(_(mark.channel) for mark in marks))),
                    cell(_("、").join(sorted({mark.day.isoformat() for mark in marks if mark.day}))),
                ]
            )
        )
    return Listing(_("{unit}党员名册").format(unit=found.name), heads, rows)


def ordered(room: Room, found: Unit) -> Sequence[str]:
    """Ids of a branch's members, in the order of its roster."""
    committee = room.tree.committee_of(found.name)
    return [member.id for member in room.facts.rosters.get(committee, ()) if member.branch == found.name]


def waiting(room: Room, found: Unit) -> list[str]:
    """Members with rights who have not taken part: to be visited or called."""
    absent = set(judging.turnout(room.facts).get(found.name, NOBODY).absent) - boxes.took(room).keys()
    return [id_ for id_ in ordered(room, found) if id_ in absent]


urlpatterns = [path("units/<str:key>/", unit, name="unit")]
