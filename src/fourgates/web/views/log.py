"""The log (纪实): every entry told in a sentence, with the page as it was then."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import path

from fourgates import chronicle, events
from fourgates.i18n import _
from fourgates.ledger import Entry
from fourgates.web import access, roles
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
    # The sentence of a correction quotes what it corrects, so the whole record is told up to here.
    entries = until(room, upper)
    told = [
        (told, entry)
        for told, entry in zip(chronicle.tell(entries, room.keeper.documents), entries, strict=True)
        if concerns(room, entry)
    ]
    shown = told[-PAGE:][::-1]
    return render(
        room.request,
        "log/log.html",
        {
            "told": [one for one, _entry in shown],
            "before": shown[-1][0].n if len(told) > PAGE else None,
            "takes_away": room.has(COUNTY),
            "trail": [(_("纪实"), "")],
        },
    )


def until(room: Room, n: int) -> list[Entry]:
    """The entries up to number ``n``."""
    found = []
    for entry in room.keeper.entries():
        if entry.n > n:
            break
        found.append(entry)
    return found


def concerns(room: Room, entry: Entry) -> bool:
    """Whether an entry is about something the visitor sees: all of it, or the visitor's own units."""
    if room.whole:
        return True
    event = entry.event
    if isinstance(event, events.Withdrawn | events.Keeping):
        return False
    kind, about = events.subject(event)
    return kind in ("PlanAdopted", "UnitsEntered") or (bool(about) and room.sees(about))


urlpatterns = [path("log/", log, name="log")]
