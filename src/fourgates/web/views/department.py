"""A consulted department's page (征求意见): its list and its answers, nothing else."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path

from fourgates import judging
from fourgates.i18n import _
from fourgates.web import access, listing
from fourgates.web.access import Room
from fourgates.web.duties import duties
from fourgates.web.listing import Head, Listing, Row, cell
from fourgates.web.roles import COUNTY, DEPARTMENT, SUPERVISOR


@access.page(COUNTY, DEPARTMENT, SUPERVISOR)
def department(room: Room, name: str) -> HttpResponse:
    """Who is asked about, and what was answered."""
    name = room.department(name)
    table = listing.arranged(room.request, asked(room, name))
    if listing.wanted(room.request):
        return listing.workbook(table)
    return render(
        room.request,
        "department/department.html",
        {"department": name, "table": table, "duties": duties(room), "trail": [(_(name), "")]},
    )


def asked(room: Room, name: str) -> Listing:
    """Everybody sent up, with the department's answer."""
    answers = {opinion.person: opinion for opinion in room.facts.replies.get(name, ())}
    up = judging.sent_up(room.facts) if room.facts.reviews else {}
    heads = [Head(_("姓名")), Head(_("公民身份号码")), Head(_("党（工）委")), Head(_("答复"))]
    rows = []
    for id_, committee in up.items():
        answer = answers.get(id_)
        rows.append(
            Row(
                [
                    cell(room.names.name(id_)),
                    cell(access.masked(room.names, id_)),
                    cell(committee),
                    cell(_(answer.word) if answer else ""),
                ]
            )
        )
    return Listing(_("征求{department}意见").format(department=_(name)), heads, rows)


urlpatterns = [path("departments/<str:name>/", department, name="department")]
