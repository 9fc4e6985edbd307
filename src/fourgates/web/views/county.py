"""The county overview (县级总览): the committees as one table and one picture, the funnel, the channels, who is missing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

import msgspec
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path
from markupsafe import Markup

from fourgates import consultation, judging
from fourgates.days import Window
from fourgates.gates import procedure
from fourgates.i18n import _
from fourgates.judging.memo import again
from fourgates.papers import charts
from fourgates.papers.abbreviations import abbreviations
from fourgates.plan import Plan
from fourgates.report.figures import Committee, Figure
from fourgates.web import access, figures, listing, pictures, quotas, roles
from fourgates.web.access import Room
from fourgates.web.duties import duties
from fourgates.web.listing import Cell, Head, Listing, Row, cell
from fourgates.web.pictures import Reached


@access.page(*roles.WHOLE)
def county(room: Room) -> HttpResponse:
    """Where the whole county stands."""
    if room.facts.plan is None or room.facts.tree is None:
        return render(room.request, "county/empty.html", {"duties": duties(room)})
    table, report = listing.arranged(room.request, committees(room)), room.report
    if listing.wanted(room.request):
        channels = (*report.channels, figures.missing(report.members.people))
        bars = ((_("逐级遴选"), report.funnel), (_("参与方式"), channels))
        return listing.workbook(table, *(counts(name, found) for name, found in bars), *more(room))
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
            "gaps": quotas.gaps(room, room.tree[room.tree.county]),
            "course": course(room),
            "reach": reach(room),
            "slow": figures.slow(room).part,
            "clocks": [(*one, charts.stacked([one[1]], one[2])) for one in clocks(room)],
            "calendar": calendar(room),
            "steps": steps(room),
        },
    )


def more(room: Room) -> list[Listing]:
    """The other tables of the page: participation by day, how far each committee is, how the departments stand."""
    days, reached = course(room), reach(room)
    heads = [Head(_("部门")), Head(_("已答复"), "number"), Head(_("人数"), "number"), Head(_("期限"))]
    asked = [
        Row([cell(_(name)), cell(part), cell(whole), cell(due)])
        for name, part, whole, due, _over in clocks(room)
    ]
    return [
        *([days] if days else []),
        *([reached[0]] if reached else []),
        Listing(_("部门意见"), heads, asked),
        quotas.lacking(room, room.tree[room.tree.county]),
    ]


def course(room: Room) -> Listing | None:
    """The whole county's participation day by day."""
    return pictures.course(room, room.tree.branches())


def committees(room: Room) -> Listing:
    """The committees, one a row: steps, deviations, participation, names sent up."""
    heads = [
        Head(_("党（工）委")),
        Head(_("已办环节"), "number"),
        Head(_("逾期环节"), "number"),
        Head(_("党支部"), "number"),
        Head(_("已开会提名"), "number"),
        Head(_("党员参与率"), "number"),
        Head(_("未参与"), "number"),
        Head(_("推荐提名"), "number"),
        Head(_("上报"), "number"),
        Head(_("名额"), "number"),
        Head(_("不合程序"), "number"),
    ]
    rows, quotas = [], judging.quotas(room.facts)
    for one in settled(room).values():
        of = access.key(one.unit.name)
        here = room.to("unit", of)
        done = sum(step.first is not None for step in one.steps)
        picture = charts.stacked([one.members.part], one.members.whole, width=90)
        steps = room.to("steps")

        def opens(name: str, of: str = of) -> str:
            return room.to("figure", name, of=of)

        rows.append(
            Row(
                [
                    cell(one.unit.name, where=here),
                    Cell(done, f"{done}/{len(one.steps)}", steps, kind="number"),
                    cell(late(room, one), steps),
                    cell(one.organisations.whole, opens("organisations")),
                    Cell(one.held, f"{one.held}/{one.organisations.whole}", opens("held"), kind="number"),
                    Cell(one.members.part, str(one.members), opens("members"), picture, "number"),
                    cell(len(one.absent), opens("missing")),
                    cell(one.put_forward, opens("put-forward")),
                    cell(len(one.up), opens("sent-up")),
                    cell(quotas.get(one.unit.name), room.to("cascade", of)),
                    cell(len(one.deviations), f"{here}#deviations" if one.deviations else steps),
                ]
            )
        )
    return Listing(_("各党（工）委进展"), heads, rows)


def counts(name: str, found: Iterable[Figure]) -> Listing:
    """Figures as a table to take away: what each counts, how many, of how many."""
    heads = [Head(_("数字")), Head(_("人数")), Head(_("共"))]
    rows = [Row([cell(_(one.label)), cell(one.part), cell(one.whole)]) for one in found]
    return Listing(name, heads, rows)


def late(room: Room, one: Committee) -> int:
    """How many of a committee's steps were not taken though their window is over."""
    plan = room.facts.rulebook()
    return sum(
        step.first is None
        and (procedure.window(step.word, plan) or plan.windows.nomination).last < room.today
        for step in one.steps
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
            _("人选结构关"),
            listed,
            report.plan.quota.county_list,
            "structure",
            "" if listed else _("还没有建议名单"),
        ),
        Gate(_("推荐程序关"), report.procedure.part, report.procedure.whole or 0, "procedure", early),
        Gate(_("廉洁纪律关"), report.integrity.part, report.integrity.whole or 0, "integrity", nobody),
    ]


def settled(room: Room) -> Mapping[str, Committee]:
    """The committees by name, with the deviations that nothing can mend any more: a step whose window is still open is not
    missing."""
    found = {one.unit.name: one for one in room.report.committees}
    return {
        name: again(room.facts, ("settled", name), _settled, one, room.today, room.facts.rulebook())
        for name, one in found.items()
    }


def _settled(one: Committee, today: date, plan: Plan) -> Committee:
    def over(step: str) -> bool:
        window = procedure.window(step, plan) or plan.windows.nomination
        return window.last < today

    deviations = tuple(found for found in one.deviations if over(found.step))
    wrong = {found.step for found in deviations}
    steps = tuple(msgspec.structs.replace(step, deviates=step.word in wrong) for step in one.steps)
    return msgspec.structs.replace(one, deviations=deviations, steps=steps)


def reach(room: Room) -> tuple[Listing, int] | None:
    """How far each committee has come, and how many at their pace will miss the window."""
    short = abbreviations(room.tree)
    return pictures.reach(
        room,
        [
            Reached(
                short[one.unit.name],
                room.to("unit", of),
                room.to("figure", "members", of=of),
                one.members,
                one.by_channel,
            )
            for one in room.report.committees
            for of in [access.key(one.unit.name)]
        ],
    )


def clocks(room: Room) -> list[tuple[str, int, int, date | None, bool]]:
    """The departments: how many persons each has answered, of how many, by when, and whether that day is over."""
    up = judging.sent_up(room.facts)
    return [
        (
            department,
            sum(
                bool(opinion.word) and opinion.person in up
                for opinion in room.facts.replies.get(department, ())
            ),
            len(up),
            letter.due if letter else None,
            letter is not None
            and letter.due < room.today
            and bool(consultation.unanswered(department, letter, room.facts.replies)),
        )
        for department in room.facts.rulebook().integrity.departments
        for letter in [room.facts.asked.get(department)]
    ]


def calendar(room: Room) -> Markup:
    """The county as one picture: the days of every committee's steps over the windows, and beside them how far it is."""
    ones = list(settled(room).values())
    most = max((len(one.up) for one in ones), default=0)
    done = {one.unit.name: sum(step.first is not None for step in one.steps) for one in ones}
    behind = frozenset(one.unit.name for one in ones if late(room, one))
    beside = [
        charts.Column(
            _("已办环节"),
            {
                one.unit.name: (
                    f"{done[one.unit.name]}/{len(one.steps)}",
                    done[one.unit.name],
                    len(one.steps),
                )
                for one in ones
            },
            behind,
        ),
        charts.Column(
            _("已参与"),
            {one.unit.name: (str(one.members), one.members.part, one.members.whole) for one in ones},
            frozenset(
                one.unit.name
                for one in ones
                for far in [pictures.paced(room, one.members)]
                if far is not None and far.part < far.whole
            ),
        ),
        charts.Column(_("上报"), {one.unit.name: (str(len(one.up)), len(one.up), most) for one in ones}),
        charts.Column(
            _("不合程序"),
            {one.unit.name: (str(len(one.deviations)), bool(one.deviations), 1) for one in ones},
            frozenset(one.unit.name for one in ones if one.deviations),
        ),
    ]
    days = {key: window for key, _word, window in steps(room)}
    return charts.calendar(ones, days, abbreviations(room.tree), beside=beside)


def steps(room: Room) -> list[tuple[str, str, Window]]:
    """The steps a committee must show, as the picture of the county has them: key, word, days."""
    windows = room.report.plan.windows
    return [(step.key, _(step.word), getattr(windows, step.key)) for step in room.report.committees[0].steps]


urlpatterns = [path("county/", county, name="county")]
