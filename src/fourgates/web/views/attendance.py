"""Signing in to a meeting (签到): by a QR code that changes, by name on a ticked sheet, or by figures typed in."""

from __future__ import annotations

import re
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.safestring import SafeString
from django.views.decorators.http import require_http_methods

from fourgates import convening
from fourgates.box.slips import picture
from fourgates.convening import Excluded, Manner, Meeting
from fourgates.errors import Refused
from fourgates.events import AttendanceTaken
from fourgates.facts import Facts
from fourgates.i18n import _
from fourgates.units import Unit
from fourgates.web import access, listing, records, roles, texts
from fourgates.web.access import Room
from fourgates.web.listing import Head, Listing, Row, cell
from fourgates.web.models import Arrival, Selection
from fourgates.web.roles import BRANCH, COMMITTEE, COUNTY
from fourgates.web.views.meetings import acts, found, number, refusal, taken, way

STEP: Final = 30
"""Seconds after which the chair's page shows another code; each is good for one step more."""
TRIES: Final = 5
"""Wrong digits for one name at one meeting; after that the name signs on paper."""
EXCLUSIONS: Final = 3


# --- the chair's page and the members' ---------------------------------------------------------------------------


def code(row: Selection, meeting: str, step: int) -> str:
    """The code of a meeting in one step of time: nobody can tell the next from the last."""
    return salted_hmac("fourgates.attendance", f"{row.pk}:{meeting}:{step}", algorithm="sha256").hexdigest()[
        :16
    ]


def now() -> int:
    """The step of time it is."""
    return int(time.time()) // STEP


@access.page(COUNTY, COMMITTEE, BRANCH)
def signin(room: Room, name: str) -> HttpResponse:
    """What the chair shows: a QR code that changes, and how many have come, as it changes."""
    one, unit = found(room, name)
    if not _open(room.facts, one) or room.at is not None:
        raise Http404
    where = room.request.build_absolute_uri(
        reverse("arrive", args=[room.row.slug, name, code(room.row, name, now())])
    )
    shown = {
        "name": name, "one": one, "unit": unit, "where": where, "picture": SafeString(picture(where)),  # drawn by us
        "trail": way(room, unit, one.called.day.isoformat()), **so_far(room, one, name),
    }  # fmt: skip
    part = room.request.headers.get("HX-Request") == "true"
    return render(room.request, "attendance/door.html" if part else "attendance/signin.html", shown)


def so_far(room: Room, one: Meeting, name: str, out: int = 0) -> dict[str, object]:
    """How many have come, of how many less those left ``out``, and how many are needed."""
    due = len(convening.roll(one.called.unit, room.tree, room.facts.roster())) - out
    kind = room.facts.rulebook().meetings.kind(one.called.kind)
    came = len(present(room, name, one))
    least = convening.needed(kind, due) if kind else 0
    return {"came": came, "due": due, "least": least, "enough": came >= least, "left": max(0, least - came)}


def _open(facts: Facts, one: Meeting) -> bool:
    """Whether members may still sign in themselves: a meeting of members, called and not yet entered."""
    kind = facts.rulebook().meetings.kind(one.called.kind)
    return kind is not None and kind.due == "roll" and one.attendance is None and not one.called.cancelled


@login_not_required
@require_http_methods(["GET", "POST"])
def arrive(request: HttpRequest, slug: str, name: str, shown: str) -> HttpResponse:
    """A member signs in with name and the last four digits of the citizen number. The answer to a wrong name and to wrong
    digits is one and the same."""
    row = get_object_or_404(Selection, slug=slug)
    request.drill = row.rehearsal  # type: ignore[attr-defined]  # every page of a rehearsal says that it is one
    keeper = records.keeper(row)
    facts = keeper.current().facts
    one = facts.meetings.get(name)
    good = [code(row, name, now() - back) for back in range(4 if request.method == "POST" else 2)]
    if one is None or not _open(facts, one) or not any(constant_time_compare(shown, each) for each in good):
        return render(request, "attendance/late.html", status=410)
    said = {"unit": one.called.unit, "when": one.called.day, "wrong": False}
    if request.method == "POST":
        typed = texts.plain(request.POST.get("who", ""))[:40]
        digits = request.POST.get("digits", "").strip().upper()
        tries = f"arrive:{row.pk}:{name}:{typed}"
        people = keeper.people()
        due = convening.roll(one.called.unit, facts.register(), facts.roster())
        found_ = [
            id_
            for id_ in due
            if re.fullmatch(r"[0-9]{3}[0-9X]", digits)
            and texts.plain(people.name(id_)) == typed
            and people.number(id_).endswith(digits)
        ]
        if len(found_) == 1 and cache.get(tries, 0) < TRIES:
            Arrival.objects.get_or_create(
                selection=row, meeting=name, person=found_[0], defaults={"manner": "qr", "at": timezone.now()}
            )
            return render(request, "attendance/arrived.html", said | {"who": typed})
        cache.set(tries, cache.get(tries, 0) + 1, 24 * 60 * 60)
        said["wrong"] = True
    return render(request, "attendance/arrive.html", said, status=422 if said["wrong"] else 200)


# --- the sheet ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Tick:
    """A box of the sheet: whose, whether it is ticked, and whether the page that asks has to be told."""

    id: str
    ticked: bool
    told: bool = False


@access.page(*roles.WITHIN)
def sheet(room: Room, name: str) -> HttpResponse:
    """Everybody due, ticked or not; the sheet to print, and what is to be entered."""
    one, unit = found(room, name)
    return shown(room, name, one, unit, standing(room, one))


def shown(
    room: Room, name: str, one: Meeting, unit: Unit, out: Sequence[tuple[str, str, str]]
) -> HttpResponse:
    """The sheet with these members left out of those due: whom, on which ground, by whose consent."""
    due, here = roll(room, name, one, unit.name)
    table = listing.arranged(room.request, listed(room, due, here, unit.name, one))
    if listing.wanted(room.request):
        return listing.workbook(table)
    works = acts(room)
    return render(
        room.request,
        "attendance/sheet.html",
        {
            "name": name, "one": one, "unit": unit, "table": table, "works": works,
            "refusal": refusal(room, name, one) if works else None,
            "people": [Tick(id_, id_ in here) for id_ in due], "seen": sorted(here),
            "stands": room.standing(taken(name)), "everybody": [(id_, room.names.name(id_)) for id_ in due],
            "ended": one.attendance.ended if one.attendance else "",
            "grounds": room.facts.rulebook().meetings.exclusions, "exclusions": [*out, *[("", "", "")] * EXCLUSIONS],
            "trail": way(room, unit, one.called.day.isoformat()), **so_far(room, one, name, len(out)),
        },
    )  # fmt: skip


def roll(room: Room, name: str, one: Meeting, unit: str) -> tuple[list[str], set[str]]:
    """Ids of those due, and of those who have come; 404 where members are not due by name."""
    kind = room.facts.rulebook().meetings.kind(one.called.kind)
    if kind is None or kind.due != "roll":
        raise Http404
    return ordered(room, unit), present(room, name, one)


def present(room: Room, name: str, one: Meeting) -> set[str]:
    """Ids of those who have come: as entered, and who signed in and is not entered yet; of what is past as entered alone."""
    entered = set(one.attendance.people) if one.attendance else set()
    if room.at is not None:
        return entered
    return entered | set(room.row.arrivals.filter(meeting=name).values_list("person", flat=True))


def standing(room: Room, one: Meeting) -> list[tuple[str, str, str]]:
    """Whom the attendance that stands left out of those due, as it was typed."""
    out = one.attendance.excluded if one.attendance else ()
    said = room.written(*(each.consent for each in out))
    return [(each.person, each.ground, said.get(each.consent, "")) for each in out]


def ordered(room: Room, unit: str) -> list[str]:
    """Ids of those due, in the order of the rosters."""
    due = convening.roll(unit, room.tree, room.facts.roster())
    return [member.id for roster in room.facts.rosters.values() for member in roster if member.id in due]


def listed(room: Room, due: list[str], here: set[str], unit: str, one: Meeting) -> Listing:
    """The sheet as a table: to be printed and signed, or kept."""
    members = room.facts.roster().members
    heads = [Head(_("姓名")), Head(_("公民身份号码")), Head(_("党支部")), Head(_("到会")), Head(_("签名"))]
    rows = [
        Row(
            [
                cell(room.names.name(id_)),
                cell(access.masked(room.names, id_)),
                cell(members[id_].branch),
                cell(_("到会") if id_ in here else ""),
                cell(""),
            ]
        )
        for id_ in due
    ]
    day = one.called.day.isoformat()
    return Listing(_("{unit}{day}会议签到表").format(unit=unit, day=day), heads, rows)


@access.act(COUNTY, COMMITTEE, BRANCH)
def tick(room: Room, name: str) -> HttpResponse:
    """Whose box was ticked has come, whose was cleared has not; of everybody else it stays as it is.

    A page that stays open is told the count, and each box that others changed meanwhile.
    """
    one, unit = found(room, name)
    if not _open(room.facts, one):
        raise Refused("11.2", "签到已经录入，只能更正")
    due = ordered(room, unit.name)
    keep(room, name, *changed(room, due))
    out = left_out(room)
    if room.request.headers.get("HX-Request") == "true":
        came, ticked = present(room, name, one).intersection(due), set(room.request.POST.getlist("here"))
        boxes = [Tick(id_, id_ in came, told=True) for id_ in due if (id_ in came) != (id_ in ticked)]
        counted = so_far(room, one, name, len(out))
        return render(
            room.request, "attendance/ticked.html", {"seen": sorted(came), "boxes": boxes, **counted}
        )
    return shown(room, name, one, unit, out) if out else redirect(room.to("sheet", name))


def changed(room: Room, due: Iterable[str]) -> tuple[set[str], set[str]]:
    """Whose box the sheet ticked, and whose it cleared.

    A sheet says what was ticked when it was opened (``seen``) and what is ticked now (``here``): only the difference is its
    word, so that who signed in meanwhile stays signed in.
    """
    posted = room.request.POST
    seen, here = (set(posted.getlist(name)).intersection(due) for name in ("seen", "here"))
    return here - seen, seen - here


def keep(room: Room, name: str, came: set[str], gone: set[str]) -> None:
    """Keep what a sheet changed until the attendance is entered."""
    arrivals = room.row.arrivals.filter(meeting=name)
    arrivals.filter(person__in=gone).delete()
    Arrival.objects.bulk_create(
        [
            Arrival(selection=room.row, meeting=name, person=id_, manner="paper", at=timezone.now())
            for id_ in sorted(came)
        ],
        ignore_conflicts=True,
    )


@access.act(COUNTY, COMMITTEE, BRANCH)
def attend(room: Room, name: str) -> HttpResponse:
    """Enter the attendance: from the sheet where members are due by name, from figures where they are not."""
    one, unit = found(room, name)
    posted = room.request.POST
    if number(posted.get("stands", "0")) != room.standing(taken(name)):
        raise Refused("11.2", "这张签到表打开以后，签到已经录入或者更正过；请重新打开再改")
    reason = room.put_away(f"reason:{name}", posted.get("reason", "")[:200])
    ended = posted.get("ended", "")
    kind = room.facts.rulebook().meetings.kind(one.called.kind)
    arrivals = list[Arrival]()
    if kind is None or kind.due == "size":
        size, there = number(posted.get("due", "")), number(posted.get("present", ""))
        event = AttendanceTaken(name, size, there, "typed", (), (), ended, reason)
    else:
        members = ordered(room, unit.name)
        came, gone = changed(room, members)
        if one.attendance is None:  # the sheet is kept even if what is entered with it is refused
            keep(room, name, came, gone)
        arrivals = list(room.row.arrivals.filter(meeting=name))
        signed_in = {arrival.person for arrival in arrivals}
        entered = set(one.attendance.people) if one.attendance else set()
        people = ((entered | signed_in | came) - gone).intersection(members)
        scanned = {arrival.person for arrival in arrivals if arrival.manner == "qr"}
        manner: Manner = "qr" if people and people <= scanned else "paper"
        out = tuple(
            Excluded(whom, ground, room.put_away(f"consent:{name}", consent))
            for whom, ground, consent in left_out(room)
        )
        due = len(members) - len(out)
        event = AttendanceTaken(name, due, len(people), manner, tuple(sorted(people)), out, ended, reason)
    room.offer(room.anew(event), unit=unit.name)
    Arrival.objects.filter(pk__in=[arrival.pk for arrival in arrivals]).delete()
    return redirect(room.to("meeting", name))


def left_out(room: Room) -> list[tuple[str, str, str]]:
    """Whom the form leaves out of those due: whom, on which ground, by whose consent."""
    posted = room.request.POST
    rows = zip(posted.getlist("whom"), posted.getlist("ground"), posted.getlist("consent"), strict=False)
    return [(whom, ground, consent[:200]) for whom, ground, consent in rows if whom]


urlpatterns = [
    path("meetings/<str:name>/signin/", signin, name="signin"),
    path("meetings/<str:name>/sheet/", sheet, name="sheet"),
    path("meetings/<str:name>/sheet/tick/", tick, name="tick"),
    path("meetings/<str:name>/attendance/", attend, name="attend"),
]
