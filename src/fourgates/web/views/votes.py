"""Votes and minutes of a meeting (表决、会议记录): whole numbers that add up, signed by those named, then locked."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import path

from fourgates import canon
from fourgates.errors import Refused
from fourgates.events import MinutesSigned, MotionVoted
from fourgates.web import access, leaving, roles
from fourgates.web.access import Room
from fourgates.web.papers import minutes_of
from fourgates.web.roles import BRANCH, COMMITTEE, COUNTY
from fourgates.web.views.meetings import found, number, parsed


@access.act(COUNTY, COMMITTEE, BRANCH)
def vote(room: Room, name: str) -> HttpResponse:
    """Enter a vote, or correct one."""
    one, unit = found(room, name)
    posted = room.request.POST
    motion = posted.get("motion", "") or f"m{len(one.motions) + 1}"
    text = posted.get("text", "").strip()[:200]
    if not text:
        raise Refused("11.2", "没有写表决的是什么")
    event = MotionVoted(
        name,
        motion,
        room.put_away(f"motion:{name}", text),
        number(posted.get("for", "")),
        number(posted.get("against", "")),
        number(posted.get("abstained", "")),
        reason=room.put_away(f"reason:{name}", posted.get("reason", "")[:200]),
    )
    room.offer(room.anew(event), unit=unit.name)
    return redirect(room.to("meeting", name))


@access.page(*roles.WITHIN)
def minutes(room: Room, name: str) -> HttpResponse:
    """The minutes from their template, as a document to sign."""
    one, unit = found(room, name)
    title = f"{unit.name}{one.called.day.isoformat()}会议记录.docx"
    return leaving.attached(minutes_of(room, name, unit), title)


@access.act(COUNTY, COMMITTEE, BRANCH)
def sign(room: Room, name: str) -> HttpResponse:
    """Enter that the minutes were signed: by whom, on which day, and which paper, by its digest alone."""
    _one, unit = found(room, name)
    posted = room.request.POST
    scan = room.request.FILES.get("paper")
    paper = canon.digest(scan.read() if scan is not None else minutes_of(room, name, unit))
    signers = tuple(
        dict.fromkeys(room.put_away("handler", who[:40]) for who in posted.getlist("signer") if who.strip())
    )
    reason = room.put_away(f"reason:{name}", posted.get("reason", "")[:200])
    event = MinutesSigned(name, paper, signers, parsed(posted.get("day", "")), reason)
    room.offer(room.anew(event), unit=unit.name)
    return redirect(room.to("meeting", name))


urlpatterns = [
    path("meetings/<str:name>/votes/", vote, name="vote"),
    path("meetings/<str:name>/minutes.docx", minutes, name="minutes"),
    path("meetings/<str:name>/sign/", sign, name="sign"),
]
