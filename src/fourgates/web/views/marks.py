"""Marks of a branch (参与登记): how each member took part, one click each, and who is still missing and why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path

from fourgates import judging
from fourgates.events import MemberMarked, Withdrawn
from fourgates.i18n import _
from fourgates.participation import NOBODY, Mark, Rate
from fourgates.units import Unit
from fourgates.web import access, boxes, listing, roles
from fourgates.web.access import Room
from fourgates.web.listing import Head, Listing, Row, cell
from fourgates.web.roles import BRANCH, COMMITTEE, COUNTY
from fourgates.web.views.unit import ordered, trail


@dataclass(frozen=True, slots=True)
class Member:
    """A member with rights, as marked so far: by which channels, on which days, why not, and whether the mark is ours."""

    id: str
    took: bool
    said: str = ""
    day: str = ""
    why: str = ""
    by: str = ""
    own: bool = False
    contradicts: bool = False
    box: bool = False
    """Took part by the box that is still open; counted when it is closed."""


@access.page(*roles.WITHIN)
def marks(room: Room, key: str) -> HttpResponse:
    """Everybody with rights in a branch."""
    branch = room.branch(key)
    everyone = members(room, branch)
    table = listing.arranged(room.request, whole(room, branch, everyone))
    if listing.wanted(room.request):
        return listing.workbook(table)
    rule = room.facts.rulebook()
    missing = [one for one in everyone if not one.took]
    counted = sum(one.took and not one.box for one in everyone)
    window = rule.windows.nomination
    asked = _day(room.request.GET.get("day", ""))
    works = room.has(COUNTY, COMMITTEE, BRANCH)
    refusal = None
    if works and everyone:
        event = marked(room, everyone[0].id, rule.participation.absent, None, "", "")
        refusal = room.may(event, branch.name)
    return render(
        room.request,
        "marks/marks.html",
        {
            "unit": branch,
            "of": key,
            "trail": [*trail(room, branch)[:-1], (branch.name, room.to("unit", key)), (_("参与登记"), "")],
            "missing": missing,
            "took": [one for one in everyone if one.took],
            "rate": Rate(counted, len(everyone)),
            "box": boxes.seen(room),
            "boxed": len(everyone) - len(missing) - counted,
            "table": table,
            "channels": rule.participation.channels,
            "absent": rule.participation.absent,
            "two": _("、").join(_(channel) for channel in rule.marking.two_visitors),
            "works": works,
            "refusal": refusal,
            "day": asked or min(max(room.today, window.first), window.last),
            "second": room.request.GET.get("second", ""),
            "last": room.today,
        },
    )


def members(room: Room, branch: Unit) -> list[Member]:
    """Everybody of a branch who counts for participation, in the order of its roster."""
    rule = room.facts.rulebook().participation
    entitled = set(judging.due(room.facts).get(branch.name, ()))
    absent = set(judging.turnout(room.facts).get(branch.name, NOBODY).absent)
    open_ = {conflict.person for conflict in judging.conflicts(room.facts)}
    own = {id_: judging.said(room.facts, id_) for id_ in ordered(room, branch) if id_ in entitled}
    box = boxes.took(room)
    texts = room.written(
        *(part for said in own.values() for mark in said.values() for part in (mark.reason, mark.handler))
    )
    found = []
    for id_, said in own.items():
        took = [mark for mark in said.values() if mark.channel in rule.channels]
        if id_ in absent and id_ in box and id_ not in open_:
            channel, day = box[id_]
            found.append(Member(id_, True, _(channel), day, box=True))
            continue
        why = _("重复登记，等待核定") if id_ in open_ else _reason(list(said.values()), texts)
        found.append(
            Member(
                id_,
                id_ not in absent,
                _("、").join(dict.fromkeys(_(mark.channel) for mark in took)),
                _("、").join(sorted({mark.day.isoformat() for mark in took if mark.day})),
                "" if id_ not in absent else why,
                _("、").join(dict.fromkeys(texts[mark.handler] for mark in took if mark.handler in texts)),
                _source(room) in said,
                id_ in open_,
            )
        )
    return found


def _reason(said: list[Mark], texts: dict[str, str]) -> str:
    """Why somebody did not take part, as far as anybody wrote it."""
    given = [texts[mark.reason] for mark in said if mark.reason in texts]
    return "；".join(dict.fromkeys(given)) or (_("没有写原因") if said else _("还没有登记"))


def whole(room: Room, branch: Unit, everyone: list[Member]) -> Listing:
    """Everybody, one a row, to be taken away."""
    heads = [
        Head(_("姓名")), Head(_("公民身份号码")), Head(_("参与方式")), Head(_("日期")),
        Head(_("经办人")), Head(_("没有参与的原因")),
    ]  # fmt: skip
    rows = [
        Row(
            [
                cell(room.names.name(one.id), where=room.to("person", one.id)),
                cell(access.masked(room.names, one.id)),
                cell(one.said if one.took else ""),
                cell(one.day if one.took else ""),
                cell(one.by),
                cell(one.why),
            ]
        )
        for one in everyone
    ]
    return Listing(_("{unit}参与登记").format(unit=branch.name), heads, rows)


def marked(room: Room, person: str, channel: str, day: date | None, second: str, reason: str) -> MemberMarked:
    """A mark as this visitor makes it, correcting the one that their office made before."""
    rule = room.facts.rulebook().marking
    with_ = room.put_away("handler", second) if channel in rule.two_visitors else ""
    why = room.put_away(f"reason:{person}", reason)
    return room.anew(MemberMarked(person, _source(room), channel, day, room.hand(), with_, why))


def _source(room: Room) -> str:
    """Under which source an office's marks stand: a later one takes the place of its own, never of another's."""
    return room.roles[0].kind


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def one_of(room: Room, branch: Unit, person: str) -> str:
    """The id of a member of this branch; 404 for anybody else."""
    if room.facts.roster().members[room.person(person)].branch != branch.name:
        raise Http404
    return person


@access.act(COUNTY, COMMITTEE, BRANCH)
def mark(room: Room, key: str, person: str) -> HttpResponse:
    """Record how one member took part."""
    branch = room.branch(key)
    person, posted = one_of(room, branch, person), room.request.POST
    channel, second = posted.get("channel", ""), posted.get("second", "")
    absent = channel == room.facts.rulebook().participation.absent
    day = None if absent else _day(posted.get("day", ""))
    reason = posted.get(f"reason-{person}", "")[:200] if absent else ""
    room.offer(marked(room, person, channel, day, second[:40], reason), unit=branch.name)
    return redirect(room.to("marks", key, day=posted.get("day", ""), second=second) + "#missing")


@access.act(COUNTY, COMMITTEE, BRANCH)
def unmark(room: Room, key: str, person: str) -> HttpResponse:
    """Take back the mark that the visitor's own office made."""
    branch = room.branch(key)
    person = one_of(room, branch, person)
    stands = room.state.standing.get(("MemberMarked", f"{person} {_source(room)}"), 0)
    room.offer(Withdrawn(stands), unit=branch.name)
    return redirect(room.to("marks", key))


urlpatterns = [
    path("units/<str:key>/marks/", marks, name="marks"),
    path("units/<str:key>/marks/<str:person>/", mark, name="mark"),
    path("units/<str:key>/marks/<str:person>/back/", unmark, name="unmark"),
]
