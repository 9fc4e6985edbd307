"""The county overview (县级总览): the committees as one table and one picture, the funnel, the channels, who is missing."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path

from fourgates import judging, nominations
from fourgates.i18n import _
from fourgates.papers import charts
from fourgates.papers.abbreviations import abbreviations
from fourgates.report.figures import Committee
from fourgates.web import access, listing, roles
from fourgates.web.access import Room
from fourgates.web.duties import duties
from fourgates.web.listing import Head, Listing, Row, cell


@access.page(*roles.WHOLE)
def county(room: Room) -> HttpResponse:
    """Where the whole county stands."""
    if room.facts.plan is None or room.facts.tree is None:
        return render(room.request, "county/empty.html", {"duties": duties(room)})
    table = listing.arranged(room.request, committees(room))
    if listing.wanted(room.request):
        return listing.workbook(table)
    report = room.report
    most = max((figure.part for figure in report.funnel), default=0)
    return render(
        room.request,
        "county/overview.html",
        {
            "duties": duties(room),
            "report": report,
            "table": table,
            "trail": [(room.tree.county, "")],
            "funnel": [
                (f"funnel-{number}", figure, charts.bar(figure.part, most))
                for number, figure in enumerate(report.funnel)
            ],
            "channels": [
                (f"channel-{number}", figure, number) for number, figure in enumerate(report.channels)
            ],
            "channels_picture": charts.stacked(
                [figure.part for figure in report.channels], report.members.whole or 0, width=720
            ),
            "gates": gates(room),
            "clocks": clocks(room),
            "calendar": calendar(room),
        },
    )


def committees(room: Room) -> Listing:
    """The committees, one a row: steps, deviations, participation, names sent up."""
    heads = [
        Head(_("党（工）委")),
        Head(_("党支部"), "number"),
        Head(_("已开会提名"), "number"),
        Head(_("党员参与率"), "number"),
        Head(_("未参与"), "number"),
        Head(_("推荐提名"), "number"),
        Head(_("上报"), "number"),
        Head(_("名额"), "number"),
        Head(_("不合程序"), "number"),
    ]
    rows = []
    for one in room.report.committees:
        held = _held(room, one)
        of = access.key(one.unit.name)
        rate = cell(one.members.part, picture=charts.stacked([one.members.part], one.members.whole, width=90))
        rows.append(
            Row(
                [
                    cell(one.unit.name, where=room.to("unit", of)),
                    cell(one.organisations.whole),
                    listing.Cell(held, f"{held}/{one.organisations.whole}", kind="number"),
                    listing.Cell(rate.value, str(one.members), picture=rate.picture, kind="number"),
                    cell(len(one.absent)),
                    cell(one.put_forward),
                    cell(len(one.up)),
                    cell(one.unit.quota),
                    cell(len(one.deviations)),
                ]
            )
        )
    return Listing(_("各党（工）委进展"), heads, rows)


def _held(room: Room, one: Committee) -> int:
    """How many of a committee's branches have held a meeting that counts."""
    plan = room.facts.rulebook()
    return sum(
        any(nominations.valid(sitting, plan) for sitting in room.facts.filed.get(branch.name, ()))
        for branch in room.tree.branches(one.unit.name)
        if room.facts.roster().of_branch.get(branch.name)
    )


def gates(room: Room) -> list[tuple[str, str, int, int]]:
    """The four gates with counts: address of the figure, name, how many met it, of how many."""
    report = room.report
    chosen = len(report.structure.chosen)
    return [
        ("standard", _("政治标准关"), report.standard.part, report.standard.whole or 0),
        ("", _("人选结构关"), chosen, report.plan.quota.county_list),
        ("procedure", _("推荐程序关"), report.procedure.part, report.procedure.whole or 0),
        ("integrity", _("廉洁纪律关"), report.integrity.part, report.integrity.whole or 0),
    ]


def clocks(room: Room) -> list[tuple[str, int, int]]:
    """The departments: how many persons each has answered, of how many."""
    up = judging.sent_up(room.facts)
    return [
        (
            department,
            sum(opinion.person in up for opinion in room.facts.replies.get(department, ())),
            len(up),
        )
        for department in room.facts.rulebook().integrity.departments
    ]


def calendar(room: Room) -> str:
    """The days of every committee's steps over the windows, as a picture."""
    report = room.report
    windows = {name: getattr(report.plan.windows, name) for name in report.plan.windows.__struct_fields__}
    return charts.calendar(report.committees, windows, abbreviations(room.tree))


urlpatterns = [path("county/", county, name="county")]
