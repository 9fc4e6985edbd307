"""The big screen (大屏): how far the whole has come, to be seen by everybody; no names, no numbers of persons."""

from __future__ import annotations

from dataclasses import replace

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path

from fourgates.papers import charts
from fourgates.papers.abbreviations import abbreviations
from fourgates.web import access, listing, pictures
from fourgates.web.access import Room
from fourgates.web.roles import COUNTY, OBSERVER, SUPERVISOR
from fourgates.web.views.county import gates


@access.page(COUNTY, SUPERVISOR, OBSERVER)
def screen(room: Room) -> HttpResponse:
    """Counts and shares only."""
    if room.facts.plan is None or room.facts.tree is None:
        return render(room.request, "screen/screen.html", {})
    report = room.report
    # By channel and day the numbers are small: what everybody sees has the sums alone.
    days = pictures.course(room, room.tree.branches(), channels=False)
    if days and listing.wanted(room.request):
        return listing.workbook(days)
    short = abbreviations(room.tree)
    bars = [
        (short[one.unit.name], one.members, charts.stacked([one.members.part], one.members.whole, width=220))
        for one in report.committees
    ]
    return render(
        room.request,
        "screen/screen.html",
        {
            "report": report,
            "bars": bars,
            "gates": gates(room),
            "today": room.today,
            "course": replace(days, export="?as=xlsx") if days else None,
        },
    )


urlpatterns = [path("screen/", screen, name="screen")]
