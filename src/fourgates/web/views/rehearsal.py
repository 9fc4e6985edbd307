"""A rehearsal's page (演练): begun from the real selection, its clock turned here, ended with what would have gone wrong."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path

from fourgates import lapses
from fourgates.i18n import _
from fourgates.lapses import Lapse
from fourgates.papers import mending
from fourgates.web import access, listing, rehearsal
from fourgates.web.access import Room, everywhere
from fourgates.web.listing import Head, Listing, Row, cell
from fourgates.web.models import Selection
from fourgates.web.roles import COUNTY, SUPERVISOR

PACES = (1, 5, 15, 60)
"""Minutes that a day of a rehearsal may take."""
MOST = 20
"""Rehearsals of one selection."""


@access.page(COUNTY, SUPERVISOR)
def page(room: Room) -> HttpResponse:
    """In a rehearsal its clock and what went wrong so far; in a real selection the way to begin one."""
    if not room.row.rehearsal:
        return _beginning(room)
    table = listing.arranged(room.request, wrong(room))
    if listing.wanted(room.request):
        return listing.workbook(table)
    ended = room.row.pace == 0
    return render(
        room.request,
        "rehearsal/rehearsal.html",
        {
            "table": table,
            "ended": ended,
            "paces": PACES,
            "minutes": 0 if ended else rehearsal.DAY // room.row.pace,
            "next": coming(room),
            "acts": room.has(COUNTY) and room.at is None,
            "trail": [(_("演练"), "")],
        },
    )


def _beginning(room: Room, status: int = 200) -> HttpResponse:
    drills = [role.selection for role in everywhere(room.user) if role.selection.rehearsal]
    ready = room.facts.plan is not None and room.facts.tree is not None
    return render(
        room.request,
        "rehearsal/begin.html",
        {
            "drills": list(dict.fromkeys(drills)),
            "paces": PACES,
            "committees": room.tree.committees() if ready else (),
            "acts": room.has(COUNTY) and room.at is None and ready,
            "ready": ready,
            "trail": [(_("演练"), "")],
        },
        status=status,
    )


def wrong(room: Room) -> Listing:
    """What was not done, done late or done wrong until now, one a row, with how to keep it from happening."""
    heads = [
        Head(_("规则")), Head(_("党组织")), Head(_("期限")), Head(_("没有办、办晚、办错的")), Head(_("怎么避免")),
    ]  # fmt: skip
    rows = [
        Row(
            [
                cell(one.rule),
                cell(one.unit, where=room.to("unit", access.key(one.unit))),
                cell(one.day),
                cell(mending.told(one)),
                cell(mending.prevented(one)),
            ]
        )
        for one in lapsed(room)
    ]
    return Listing(_("真做的时候会出的问题"), heads, rows)


def lapsed(room: Room) -> tuple[Lapse, ...]:
    """What went wrong until now; nothing while there is neither plan nor register."""
    ready = room.facts.plan is not None and room.facts.tree is not None
    return lapses.found(room.facts, room.today) if ready else ()


def coming(room: Room) -> datetime | None:
    """The morning of the next day on which a step begins; ``None`` after the last has begun."""
    if room.facts.plan is None:
        return None
    windows = room.facts.plan.windows
    days = sorted({getattr(windows, name).first for name in windows.__struct_fields__})
    later = [day for day in days if day > room.today]
    return datetime.combine(later[0], rehearsal.MORNING, access.CHINA) if later else None


@access.act(COUNTY)
def begin(room: Room) -> HttpResponse:
    """Begin a rehearsal of this selection."""
    minutes = room.request.POST.get("minutes", "")
    known = set(
        Selection.objects.filter(slug__startswith=f"{room.row.slug[:30]}-drill").values_list(
            "slug", flat=True
        )
    )
    slug = next(
        (one for one in (f"{room.row.slug[:30]}-drill{n}" for n in range(1, MOST + 1)) if one not in known),
        "",
    )
    others = room.request.POST.get("others", "")
    known_others = others in ("", rehearsal.ALL) or others in {unit.name for unit in room.tree.committees()}
    if room.row.rehearsal or minutes not in map(str, PACES) or not slug or not known_others:
        return _beginning(room, 422) if not room.row.rehearsal else redirect(room.to("rehearsal"))
    return redirect("rehearsal", rehearsal.begin(room.row, slug, int(minutes), others).slug)


@access.act(COUNTY)
def turn(room: Room) -> HttpResponse:
    """Turn the clock of a rehearsal: on to a morning or to a step, while the others do what they owe, or for that alone;
    faster or slower, or stopped for good to look back."""
    row, how = room.row, room.request.POST.get("to", "")
    if not row.rehearsal:
        raise Http404
    now, step = room.clock, coming(room)
    morning = datetime.combine(now + timedelta(days=1), rehearsal.MORNING, access.CHINA)
    until = {"morning": morning, "step": step, "others": now}.get(how)
    if until is not None:
        done = rehearsal.go_on(row, until)
        if row.others:
            messages.success(room.request, _("其余单位办了{count}件事").format(count=done))
    if how == "stop" or how in map(str, PACES):
        rehearsal.turn_to(row, now)
        row.pace = 0 if how == "stop" else rehearsal.DAY // int(how)
    row.save(update_fields=["ahead", "pace", "began"])
    return redirect(room.to("rehearsal"))


urlpatterns = [
    path("rehearsal/", page, name="rehearsal"),
    path("rehearsal/begin/", begin, name="rehearse"),
    path("rehearsal/turn/", turn, name="turn"),
]
