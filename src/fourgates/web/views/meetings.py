"""Meetings (会议): called at every level, seen with their quorum, their votes and their minutes, corrected with a reason."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import date

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path

from fourgates import convening
from fourgates.arrangements import MeetingKind
from fourgates.convening import Called, Meeting
from fourgates.errors import Broken, Refused
from fourgates.events import AttendanceTaken, MeetingCalled, MinutesSigned, MotionVoted
from fourgates.i18n import _
from fourgates.units import COMMITTEES, Unit
from fourgates.web import access, listing, roles
from fourgates.web.access import Room
from fourgates.web.listing import Head, Listing, Row, cell
from fourgates.web.roles import BRANCH, COMMITTEE, COUNTY
from fourgates.web.views.unit import status, trail

ITEMS = 5


@access.page(*roles.WITHIN)
def meetings(room: Room) -> HttpResponse:
    """Every meeting of the units that are seen."""
    seen = [(name, one) for name, one in room.facts.meetings.items() if room.sees(one.called.unit)]
    table = listing.arranged(room.request, listed(room, seen, _("会议")))
    if listing.wanted(room.request):
        return listing.workbook(table)
    own = [room.tree[role.unit] for role in room.roles if role.unit in room.tree]
    calling = own or ([room.tree[room.tree.county]] if room.has(COUNTY) else [])
    calling = calling if acts(room) else []
    return render(
        room.request, "meetings/all.html", {"table": table, "calling": calling, "trail": [(_("会议"), "")]}
    )


@access.page(*roles.WITHIN)
def held(room: Room, key: str) -> HttpResponse:
    """The meetings of one unit, and a new one to be called."""
    unit = room.unit(key)
    seen = [(name, one) for name, one in room.facts.meetings.items() if one.called.unit == unit.name]
    table = listing.arranged(room.request, listed(room, seen, _("{unit}的会议").format(unit=unit.name)))
    if listing.wanted(room.request):
        return listing.workbook(table)
    kinds = [kind for kind in room.facts.rulebook().meetings.kinds if unit.kind in kind.levels]
    works, no = acts(room), None
    if works:
        name = kinds[0].name if kinds else ""
        no = room.may(MeetingCalled("new", unit.name, name, room.today, "09:00", "-", ()), unit.name)
    return render(
        room.request,
        "meetings/held.html",
        {
            "unit": unit,
            "of": key,
            "table": table,
            "kinds": [(kind.name, share(kind)) for kind in kinds],
            "items": range(ITEMS),
            "works": works,
            "refusal": no,
            "today": room.today,
            "trail": way(room, unit, _("会议")),
        },
    )


def way(room: Room, unit: Unit, here: str) -> list[tuple[str, str]]:
    """The way from the county to a page of a unit."""
    return [*trail(room, unit)[:-1], (unit.name, room.to("unit", access.key(unit.name))), (here, "")]


def share(kind: MeetingKind) -> str:
    """The quorum of a kind of meeting, in words."""
    if kind.at_least is not None:
        return _("实到不少于应到的{share}").format(share=kind.at_least)
    return _("实到超过应到的{share}").format(share=kind.more_than)


def listed(room: Room, seen: Iterable[tuple[str, Meeting]], title: str) -> Listing:
    """Meetings, one a row, the latest first."""
    heads = [
        Head(_("日期")), Head(_("党组织")), Head(_("会议种类")), Head(_("应到"), "number"), Head(_("实到"), "number"),
        Head(_("最少要到"), "number"), Head(_("表决"), "number"), Head(_("情况")), Head(_("编号")),
    ]  # fmt: skip
    rows = []
    for name, one in sorted(seen, key=lambda each: each[1].called.day, reverse=True):
        came = one.attendance
        kind = room.facts.rulebook().meetings.kind(one.called.kind)
        rows.append(
            Row(
                [
                    cell(one.called.day.isoformat(), where=room.to("meeting", name)),
                    cell(one.called.unit),
                    cell(_(one.called.kind)),
                    cell(came.due if came else None),
                    cell(came.present if came else None),
                    cell(convening.needed(kind, came.due) if came and kind else None),
                    cell(len(one.motions)),
                    cell(status(room, one)),
                    cell(name),
                ]
            )
        )
    return Listing(title, heads, rows)


def found(room: Room, name: str) -> tuple[Meeting, Unit]:
    """A meeting and its unit; 404 where there is none or it is another's."""
    one = room.facts.meetings.get(name)
    if one is None or not room.sees(one.called.unit):
        raise Http404
    return one, room.tree[one.called.unit]


def parsed(text: str) -> date:
    """A day as a form sends it; ``Refused`` (11.1) where it is none."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Refused("11.1", "没有写会议日期，或者日期不对") from None


def number(text: str) -> int:
    """A whole number as a form sends it; ``Refused`` (3.1) where it is none."""
    digits = text.strip()
    if not (digits.isascii() and digits.isdigit() and len(digits) < 9):
        raise Refused("3.1", "“{text}”不是整数", text=text[:20])
    return int(digits)


@access.act(COUNTY, COMMITTEE, BRANCH)
def call(room: Room, key: str) -> HttpResponse:
    """Call a meeting."""
    unit, posted = room.unit(key), room.request.POST
    day = parsed(posted.get("day", ""))
    name = f"{day:%Y%m%d}-{secrets.token_hex(3)}"
    place = room.put_away(f"place:{name}", posted.get("place", "")[:100] or unit.name)
    items = tuple(
        room.put_away(f"item:{name}", text[:100]) for text in posted.getlist("item") if text.strip()
    )
    event = MeetingCalled(
        name, unit.name, posted.get("profile", ""), day, posted.get("time", ""), place, items
    )
    room.offer(event, unit=unit.name, once=posted.get("once", ""))
    return redirect(room.to("meeting", name))


@access.act(COUNTY, COMMITTEE, BRANCH)
def call_off(room: Room, name: str) -> HttpResponse:
    """Call a meeting off; after its minutes were signed only with a reason."""
    one, unit = found(room, name)
    reason = room.put_away(f"reason:{name}", room.request.POST.get("reason", "")[:200])
    event = off(name, one.called, reason)
    room.offer(room.anew(event), unit=unit.name)
    return redirect(room.to("meeting", name))


@access.page(*roles.WITHIN)
def meeting(room: Room, name: str) -> HttpResponse:
    """One meeting: its call, who came, what was voted, its minutes."""
    one, unit = found(room, name)
    table = listing.arranged(room.request, votes(room, name, one))
    if listing.wanted(room.request):
        return listing.workbook(table)
    rule = room.facts.rulebook().meetings
    kind, came = rule.kind(one.called.kind), one.attendance
    said = room.written(one.called.place, *one.called.items, *(one.minutes.signers if one.minutes else ()))
    works = acts(room)
    return render(
        room.request,
        "meetings/meeting.html",
        {
            "name": name,
            "one": one,
            "unit": unit,
            "of": access.key(unit.name),
            "kind": kind,
            "share": share(kind) if kind else "",
            "place": said.get(one.called.place, ""),
            "items": [said.get(item, "—") for item in one.called.items],
            "signers": [said.get(signer, "—") for signer in one.minutes.signers] if one.minutes else [],
            "needed": convening.needed(kind, came.due) if kind and came else 0,
            "quorate": came is not None and convening.quorate(one, rule),
            "status": status(room, one),
            "table": table,
            "stands": room.standing(taken(name)),
            "people": [(id_, room.names.name(id_)) for id_ in (came.people if came else ())],
            "works": works,
            "no": refusals(room, name, one) if works else {},
            "signing": range(rule.signers),
            "files": files(unit),
            "roll": kind is not None and kind.due == "roll",
            "today": room.today,
            "trail": way(room, unit, one.called.day.isoformat()),
        },
    )


def acts(room: Room) -> bool:
    """Whether the visitor may do anything about meetings here: an office, and not in what is past."""
    return room.has(COUNTY, COMMITTEE, BRANCH) and room.at is None


def taken(name: str) -> AttendanceTaken:
    """An attendance of this meeting at which nobody was."""
    return AttendanceTaken(name, 0, 0, "typed")


def off(name: str, called: Called, reason: str) -> MeetingCalled:
    """A meeting as it was called, called off."""
    return MeetingCalled(
        name,
        called.unit,
        called.kind,
        called.day,
        called.time,
        called.place,
        called.items,
        cancelled=True,
        reason=reason,
    )


def refusal(room: Room, name: str, one: Meeting) -> Refused | Broken | None:
    """What would be said now to an attendance, whoever came; a correction is asked about with the reason its form asks for."""
    came, kind = one.attendance, room.facts.rulebook().meetings.kind(one.called.kind)
    if came is not None:
        event = AttendanceTaken(
            name, came.due, came.present, came.manner, came.people, came.excluded, reason="-"
        )
    elif kind is None or kind.due == "size":
        event = taken(name)
    else:
        due = len(convening.roll(one.called.unit, room.tree, room.facts.roster()))
        event = AttendanceTaken(name, due, 0, "typed")
    return room.may(room.anew(event), one.called.unit)


def refusals(room: Room, name: str, one: Meeting) -> dict[str, Refused | Broken | None]:
    """What would be said now to each thing that may be done at a meeting, by its name."""
    came, called, unit = one.attendance, one.called, one.called.unit
    vote = MotionVoted(name, "new", "-", came.present if came else 0, 0, 0, reason="-")
    signers = tuple(map(str, range(room.facts.rulebook().meetings.signers)))
    sign = MinutesSigned(name, "0" * 64, signers, max(room.today, called.day), reason="-")
    return {
        "attend": refusal(room, name, one),
        "vote": room.may(vote, unit),
        "sign": room.may(room.anew(sign), unit),
        "off": room.may(room.anew(off(name, called, "-")), unit),
    }


def files(unit: Unit) -> str:
    """What a unit's meetings file: ``names`` put forward, ``votes`` on names; a general branch's file nothing."""
    if unit.kind == "branch":
        return "names"
    return "votes" if unit.kind in COMMITTEES or unit.kind == "county" else ""


def votes(room: Room, name: str, one: Meeting) -> Listing:
    """What was put to the vote, one a row."""
    heads = [
        Head(_("议题")), Head(_("同意"), "number"), Head(_("不同意"), "number"), Head(_("弃权"), "number"),
        Head(_("合计"), "number"), Head(_("姓名")),
    ]  # fmt: skip
    said = room.written(*(motion.text for motion in one.motions.values()))
    rows = [
        Row(
            [
                cell(said.get(motion.text, "—")),
                cell(motion.votes_for),
                cell(motion.against),
                cell(motion.abstained),
                cell(motion.votes_for + motion.against + motion.abstained),
                cell(room.names.name(motion.person) if motion.person else ""),
            ]
        )
        for motion in one.motions.values()
    ]
    return Listing(_("会议{name}的表决").format(name=name), heads, rows)


urlpatterns = [
    path("meetings/", meetings, name="meetings"),
    path("units/<str:key>/meetings/", held, name="held"),
    path("units/<str:key>/meetings/call/", call, name="call"),
    path("meetings/<str:name>/", meeting, name="meeting"),
    path("meetings/<str:name>/off/", call_off, name="call-off"),
]
