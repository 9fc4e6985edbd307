"""The log (纪实): every entry told in a sentence, with the page as it was then."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import path

from fourgates import chronicle
from fourgates.chronicle import EVERYBODY, Told
from fourgates.i18n import _
from fourgates.web import access, records, roles
from fourgates.web.access import Room
from fourgates.web.roles import COUNTY

PAGE = 100


@access.page(*roles.WITHIN)
def log(room: Room) -> HttpResponse:
    """The entries about what the visitor sees, newest first, a hundred a page."""
    before = room.request.GET.get("before", "")
    if before and not (before.isascii() and before.isdigit() and len(before) < 10):
        raise Http404
    last = room.state.n
    upper = min(int(before) - 1, last) if before else last
    found = list(islice(concerning(room, range(upper, 0, -1)), PAGE + 1))
    shown = told(room, found[:PAGE])
    return render(
        room.request,
        "log/log.html",
        {
            "told": shown,
            "before": shown[-1].n if len(found) > PAGE else None,
            "takes_away": room.has(COUNTY),
            "trail": [(_("纪实"), "")],
        },
    )


def concerning(room: Room, numbers: Iterable[int]) -> Iterable[int]:
    """Those of the entries with these numbers that are about what the visitor sees: all of it, or the visitor's own units."""
    if room.whole:
        return numbers
    about = records.course(room.row).about
    seen = {unit.name for unit in room.tree if room.sees(unit.name)} | {EVERYBODY}
    return (number for number in numbers if about[number - 1] in seen)


def told(room: Room, numbers: Iterable[int]) -> list[Told]:
    """The entries with these numbers as sentences, in the order asked for."""
    corrects, wanted = records.course(room.row).corrects, list(numbers)
    entries = room.keeper.some({*wanted, *(corrects[number] for number in wanted if number in corrects)})
    # The sentence of a correction quotes what it corrects.
    seen = {number: entry.event for number, entry in entries.items()}
    return [
        chronicle.told(entries[number], corrects.get(number, 0), seen, room.keeper.documents)
        for number in wanted
    ]


urlpatterns = [path("log/", log, name="log")]
