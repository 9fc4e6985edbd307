"""What a meeting resolved is filed (报送): names put forward by a branch, names voted on by a committee and by the county."""

from __future__ import annotations

import re
from collections.abc import Container, Sequence
from dataclasses import dataclass

from django.core.cache import cache
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path

from fourgates import judging
from fourgates.convening import Attendance, Meeting
from fourgates.errors import Broken, Refused
from fourgates.events import (
    CommitteeReviewed,
    CountyDecided,
    Event,
    ListProposed,
    MotionVoted,
    NominationsFiled,
)
from fourgates.i18n import _
from fourgates.nominations import Name
from fourgates.nominations import Sitting as BranchSitting
from fourgates.papers.summary import ranked
from fourgates.review import Sitting as ReviewSitting
from fourgates.review import Vote
from fourgates.units import COMMITTEES, Unit
from fourgates.web import access, listing, roles, texts
from fourgates.web.access import Room
from fourgates.web.listing import Head, Listing, Row, cell
from fourgates.web.roles import BRANCH, COMMITTEE, COUNTY
from fourgates.web.views.meetings import found, number, way

TAIL = re.compile("[0-9]{3}[0-9X]")
TRIES = 10
"""Digits that may be written wrong within an hour."""
ROWS = 8
"""Lines of the form on which names are put forward; filed names come first, and there are always some left."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the form: the person or what was typed for one, what is said beside, and what was entered."""

    id: str = ""
    who: str = ""
    tail: str = ""
    members: str = ""
    merit: str = ""
    note: str = ""
    votes: tuple[str, str, str] = ("", "", "")
    up: bool = False
    reason: str = ""


@access.page(*roles.WITHIN)
def filing(room: Room, name: str) -> HttpResponse:
    """What this meeting resolved, and the form to file it on."""
    one, unit = found(room, name)
    lines = put_forward(room, name, unit) if unit.kind == "branch" else voted(room, name, unit)
    return shown(room, name, one, unit, lines, None)


def shown(
    room: Room, name: str, one: Meeting, unit: Unit, lines: Sequence[Line], refusal: Refused | Broken | None
) -> HttpResponse:
    """The form with these lines; what the record refused stays as it was typed, under the reason."""
    table = listing.arranged(room.request, listed(one, unit, lines))
    if listing.wanted(room.request):
        return listing.workbook(table)
    works = room.has(COUNTY, COMMITTEE, BRANCH)
    grey = _refusal(room, name, one, unit) if works else None
    return render(
        room.request,
        "meetings/names.html" if unit.kind == "branch" else "meetings/review.html",
        {
            "name": name,
            "one": one,
            "unit": unit,
            "lines": lines,
            "table": table,
            "works": works and one.attendance is not None and room.at is None,
            "refused": refusal or (grey if one.attendance is None else None),
            "refusal": grey,
            "quota": judging.quotas(room.facts).get(unit.name),
            "unnamed": any(not met for met, _other in _others(room, unit, name)),
            "filed": bool(_told(room, unit, name)),
            "trail": way(room, unit, one.called.day.isoformat()),
        },
        status=409 if refusal is not None else 200,
    )


def _refusal(room: Room, name: str, one: Meeting, unit: Unit) -> Refused | Broken | None:
    """What would be said now to filing at all, whatever is on the form."""
    try:
        trial: Event = (
            _nominated(room, name, one, unit, ())
            if unit.kind == "branch"
            else _resolved(room, name, one, unit, [])[-1]
        )
    except (Refused, Broken) as no:
        return no
    return room.may(trial, unit.name)


def listed(one: Meeting, unit: Unit, lines: Sequence[Line]) -> Listing:
    """The names with what was entered, one a row."""
    title = _("{unit}{day}会议报送").format(unit=unit.name, day=one.called.day.isoformat())
    if unit.kind == "branch":
        heads = [Head(_("姓名")), Head(_("提名的党员"), "number"), Head(_("主要事迹"))]
        rows = [
            Row([cell(line.who), cell(figure(line.members)), cell(line.merit)]) for line in lines if line.who
        ]
        return Listing(title, heads, rows)
    heads = [
        Head(_("姓名")), Head(_("推荐情况")), Head(_("同意"), "number"), Head(_("不同意"), "number"),
        Head(_("弃权"), "number"), Head(_("上报")), Head(_("理由")),
    ]  # fmt: skip
    rows = [
        Row(
            [
                cell(line.who),
                cell(line.note),
                *(cell(figure(vote)) for vote in line.votes),
                cell(_("是") if line.up else _("否")),
                cell(line.reason),
            ]
        )
        for line in lines
    ]
    return Listing(title, heads, rows)


def figure(text: str) -> int | None:
    """A figure for a table, as far as it is one."""
    return int(text) if text.isascii() and text.isdigit() else None


def _told(room: Room, unit: Unit, name: str) -> BranchSitting | ReviewSitting | None:
    """What was filed of this meeting before; ``None`` when nothing was."""
    facts = room.facts
    kind, about, sittings = _filed(room, unit)
    met = facts.met.get((kind, about), ())
    return next((sitting for met_, sitting in zip(met, sittings, strict=False) if met_ == name), None)


def _filed(room: Room, unit: Unit) -> tuple[str, str, Sequence[BranchSitting | ReviewSitting]]:
    """Under what a unit files, and the sittings it filed."""
    if unit.kind == "branch":
        return "NominationsFiled", unit.name, room.facts.filed.get(unit.name, ())
    if unit.kind in COMMITTEES:
        return "CommitteeReviewed", unit.name, room.facts.reviews.get(unit.name, ())
    if unit.kind == "county":
        return "CountyDecided", "", room.facts.decided or ()
    raise Http404


def _others(room: Room, unit: Unit, name: str) -> list[tuple[str, BranchSitting | ReviewSitting]]:
    """What the unit filed of its other meetings, with the names of these: it stays as it is; but what was filed without
    naming a meeting, where this meeting is said to take its place."""
    kind, about, sittings = _filed(room, unit)
    met = room.facts.met.get((kind, about)) or ("",) * len(sittings)
    instead = room.request.POST.get("instead") == "1"
    return [
        (met_, sitting)
        for met_, sitting in zip(met, sittings, strict=True)
        if met_ != name and (met_ or not instead)
    ]


def _came(one: Meeting) -> Attendance:
    if one.attendance is None:
        raise Refused("11.2", "还没有签到，不能表决")
    return one.attendance


# --- a branch puts names forward -----------------------------------------------------------------------------------


def put_forward(room: Room, name: str, unit: Unit) -> list[Line]:
    """The names filed so far, and empty lines."""
    told = _told(room, unit, name)
    names = told.names if isinstance(told, BranchSitting) else ()
    said = room.written(*(one.merit for one in names))
    lines = [
        Line(
            one.person,
            room.names.name(one.person),
            "",
            str(one.members),
            said.get(one.merit, ""),
        )
        for one in names
    ]
    return [*lines, *[Line()] * max(2, ROWS - len(lines))]


@access.act(COUNTY, COMMITTEE, BRANCH)
def nominate(room: Room, name: str) -> HttpResponse:
    """File the names a branch meeting put forward."""
    one, unit = found(room, name)
    if unit.kind != "branch":
        raise Http404
    posted = room.request.POST
    columns = [posted.getlist(column) for column in ("who", "tail", "members", "merit")]
    ids = [*posted.getlist("id"), *[""] * len(columns[0])]
    typed = [Line(*row) for row in zip(ids, *columns, strict=False)]
    lines = [line for line in typed if line.who.strip()]
    filed = {line.id for line in put_forward(room, name, unit) if line.id}
    try:
        names = tuple(_name(room, unit, line, filed) for line in lines)
        room.offer(_nominated(room, name, one, unit, names), unit=unit.name)
    except (Refused, Broken) as no:
        return shown(room, name, one, unit, [*lines, *[Line()] * 2], no)
    return redirect(room.to("meeting", name))


def _nominated(room: Room, name: str, one: Meeting, unit: Unit, names: tuple[Name, ...]) -> NominationsFiled:
    came = _came(one)
    sitting = BranchSitting(one.called.day, came.due, came.present, names)
    others = [(met, other) for met, other in _others(room, unit, name) if isinstance(other, BranchSitting)]
    sittings = (*(other for _met, other in others), sitting)
    return room.anew(NominationsFiled(unit.name, sittings, meetings=(*(met for met, _other in others), name)))


def _name(room: Room, unit: Unit, line: Line, filed: Container[str]) -> Name:
    """The member somebody means by a name and, where several have it, the last four digits; who was filed before is known.

    A number that is written wrong is told from one that is written right, so it is four digits and no more, asked for only once
    everything else is in order, and not often.
    """
    typed, tail, count = texts.plain(line.who), line.tail.strip().upper(), number(line.members)
    people, members = room.names, room.facts.roster().members
    meant = [id_ for id_ in members if texts.plain(people.name(id_)) == typed]
    if line.id in meant and line.id in filed and not tail:
        meant = [line.id]
    elif tail:
        if not TAIL.fullmatch(tail) or wrong(room):
            raise Refused("3.2", "号码后四位要写四位，而且不能一再写错；请核对以后过一小时再报送")
        meant = [id_ for id_ in meant if people.number(id_).endswith(tail)]
        if len(meant) != 1:
            wrong(room, 1)
    elif len(meant) > 1:
        near = [id_ for id_ in meant if members[id_].branch == unit.name]
        meant = near if len(near) == 1 else meant
    if len(meant) != 1:
        raise Refused(
            "3.2", "“{who}”找到{count}人，请写准姓名和号码后四位", who=line.who[:20], count=len(meant)
        )
    return Name(meant[0], count, room.put_away(f"merit:{unit.name}:{meant[0]}", line.merit[:200]))


def wrong(room: Room, more: int = 0) -> bool:
    """Whether the visitor has written digits that were nobody's too often within the hour; ``more``: and once more now."""
    about = f"tail-{room.row.pk}-{room.user.pk}"
    cache.add(about, 0, 3600)
    return int(cache.incr(about, more)) > TRIES


# --- a committee, and the county, vote on names --------------------------------------------------------------------


def voted(room: Room, name: str, unit: Unit) -> list[Line]:
    """Everybody who may be voted on, as ranked, with the votes entered so far."""
    told = _told(room, unit, name)
    votes = {vote.person: vote for vote in told.votes} if isinstance(told, ReviewSitting) else {}
    said = room.written(*(vote.reason for vote in votes.values()))
    lines = []
    for id_, note in candidates(room, unit):
        vote = votes.get(id_)
        given = (
            ("", "", "") if vote is None else (str(vote.votes_for), str(vote.against), str(vote.abstained))
        )
        reason = said.get(vote.reason, "") if vote else ""
        lines.append(
            Line(
                id_,
                room.names.name(id_),
                note=note,
                votes=given,
                up=vote is not None and vote.up,
                reason=reason,
            )
        )
    return lines


def candidates(room: Room, unit: Unit) -> list[tuple[str, str]]:
    """Whom a meeting may vote on, with what stands behind them: a committee its nominees, the county the list proposed."""
    facts = room.facts
    if unit.kind in COMMITTEES:
        return [
            (
                line.person,
                _("{branches}个支部、{members}名党员推荐").format(
                    branches=line.branches, members=line.members
                ),
            )
            for line in ranked(judging.tallied(facts, unit.name), room.names)
        ]
    if unit.kind != "county":
        raise Http404
    _n, result = room.state.results.get(("List", ""), (0, None))
    eligible = judging.eligible(facts)
    chosen = result.slate.chosen if isinstance(result, ListProposed) else ()
    order = [*chosen, *(id_ for id_ in eligible if id_ not in set(chosen))]
    return [(id_, _("建议名单") if id_ in set(chosen) else eligible[id_].committee) for id_ in order]


@access.act(COUNTY, COMMITTEE, BRANCH)
def decide(room: Room, name: str) -> HttpResponse:
    """File the votes on names: every vote as a motion of the meeting, all of them as what it resolved."""
    one, unit = found(room, name)
    if unit.kind == "branch":
        raise Http404
    posted = room.request.POST
    lines = []
    for id_, note in candidates(room, unit):
        given = (
            posted.get(f"for-{id_}", ""),
            posted.get(f"against-{id_}", ""),
            posted.get(f"abstained-{id_}", ""),
        )
        up, reason = posted.get(f"up-{id_}") == "1", posted.get(f"reason-{id_}", "")[:200]
        lines.append(Line(id_, room.names.name(id_), note=note, votes=given, up=up, reason=reason))
    try:
        cast = meant(room, unit, [line for line in lines if any(line.votes)])
        room.offer(*_resolved(room, name, one, unit, cast), unit=unit.name)
    except (Refused, Broken) as no:
        return shown(room, name, one, unit, lines, no)
    return redirect(room.to("meeting", name))


def meant(room: Room, unit: Unit, cast: list[Line]) -> list[Line]:
    """The lines that were voted on; ``Refused`` (5.4, 10.2) where nobody goes up and it is not said that nobody does."""
    if not any(line.up for line in cast) and room.request.POST.get("nobody") != "1":
        rule = "5.4" if unit.kind in COMMITTEES else "10.2"
        raise Refused(rule, "没有勾选上报的人；要是一个人也不上报，请在表下写明")
    return cast


def _resolved(room: Room, name: str, one: Meeting, unit: Unit, lines: list[Line]) -> list[Event]:
    came = _came(one)
    votes = []
    events: list[Event] = []
    why = room.put_away(f"reason:{name}", room.request.POST.get("reason", "")[:200])
    for line in lines:
        for_, against, abstained = (number(part or "0") for part in line.votes)
        reason = room.put_away(f"reason:{unit.name}:{line.id}", line.reason)
        votes.append(Vote(line.id, for_, against, abstained, line.up, reason))
        text = room.put_away(f"motion:{name}", _("是否上报{who}").format(who=line.who))
        motion = MotionVoted(name, f"p{line.id}"[:64], text, for_, against, abstained, line.id, why)
        events.append(room.anew(motion))
    sitting = ReviewSitting(one.called.day, came.due, came.present, tuple(votes))
    others = [(met, other) for met, other in _others(room, unit, name) if isinstance(other, ReviewSitting)]
    sittings = (*(other for _met, other in others), sitting)
    met = (*(met for met, _other in others), name)
    if unit.kind in COMMITTEES:
        return [*events, room.anew(CommitteeReviewed(unit.name, sittings, meetings=met))]
    return [*events, room.anew(CountyDecided(sittings, meetings=met))]


urlpatterns = [
    path("meetings/<str:name>/names/", filing, name="filing"),
    path("meetings/<str:name>/names/put-forward/", nominate, name="nominate"),
    path("meetings/<str:name>/names/voted/", decide, name="decide"),
]
