"""The county overview (县级总览): the committees as one table and one picture, the funnel, the channels, who is missing."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import msgspec
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path

from fourgates import judging, nominations
from fourgates.gates import procedure
from fourgates.i18n import _
from fourgates.papers import charts
from fourgates.papers.abbreviations import abbreviations
from fourgates.participation import Rate
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
            "behind": behind(room),
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
    for one in (settled(room, each) for each in room.report.committees):
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
        any(nominations.valid(sitting, plan) for sitting in judging.filed(room.facts).get(branch.name, ()))
        for branch in room.tree.branches(one.unit.name)
        if room.facts.roster().of_branch.get(branch.name)
    )


@dataclass(frozen=True, slots=True)
class Gate:
    """A gate with its counts; ``open`` says why there is nothing to count yet, ``key`` is the figure's address."""

    name: str
    part: int
    whole: int
    key: str = ""
    open: str = ""


def gates(room: Room) -> list[Gate]:
    """The four gates: how many met each, of how many."""
    report, windows = room.report, room.facts.rulebook().windows
    nobody = "" if report.people else _("还没有上报的人选")
    early = _("窗口还没有结束") if room.today <= windows.committee_review.last else ""
    listed = len(report.structure.chosen)
    return [
        Gate(_("政治标准关"), report.standard.part, report.standard.whole or 0, "standard", nobody),
        Gate(
            _("人选结构关"), listed, report.plan.quota.county_list, "", "" if listed else _("还没有建议名单")
        ),
        Gate(_("推荐程序关"), report.procedure.part, report.procedure.whole or 0, "procedure", early),
        Gate(_("廉洁纪律关"), report.integrity.part, report.integrity.whole or 0, "integrity", nobody),
    ]


def settled(room: Room, one: Committee) -> Committee:
    """A committee with the deviations that nothing can mend any more: a step whose window is still open is not missing."""
    plan = room.facts.rulebook()

    def over(step: str) -> bool:
        window = procedure.window(step, plan) or plan.windows.nomination
        return window.last < room.today

    deviations = tuple(found for found in one.deviations if over(found.step))
    wrong = {found.step for found in deviations}
    steps = tuple(msgspec.structs.replace(step, deviates=step.word in wrong) for step in one.steps)
    return msgspec.structs.replace(one, deviations=deviations, steps=steps)


def behind(room: Room) -> list[tuple[str, str, Rate]]:
    """Committees that at their pace since the window opened will not have reached everybody when it closes: name, address,
    and what they will have reached."""
    window = room.facts.rulebook().windows.nomination
    if not window.first <= room.today <= window.last:
        return []
    passed, days = (room.today - window.first).days + 1, (window.last - window.first).days + 1
    short = abbreviations(room.tree)
    found = []
    for one in room.report.committees:
        reached = min(one.members.whole, one.members.part * days // passed)
        if reached < one.members.whole:
            found.append((short[one.unit.name], access.key(one.unit.name), Rate(reached, one.members.whole)))
    return sorted(found, key=lambda row: Fraction(row[2].part, row[2].whole))


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
    return charts.calendar(
        [settled(room, one) for one in report.committees], windows, abbreviations(room.tree)
    )


urlpatterns = [path("county/", county, name="county")]
