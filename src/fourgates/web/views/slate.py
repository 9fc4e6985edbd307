"""The list room (名单室): the county's list solved beside the page, tried by ticking names, explained, decided and sent up."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

import msgspec
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path

from fourgates import judging
from fourgates.errors import Refused
from fourgates.events import ListImpossible, ListProposed
from fourgates.gates.structure import Eligible
from fourgates.i18n import _
from fourgates.papers import charts
from fourgates.report.figures import Asked
from fourgates.slate import explain, words
from fourgates.slate.answer import Conflict, Slate
from fourgates.slate.check import Judgement
from fourgates.slate.model import AT_LEAST, AT_MOST, Problem, Rule
from fourgates.slate.solve import solve
from fourgates.web import access, figures, jobs, listing, roles, rules, solving
from fourgates.web.access import Room
from fourgates.web.listing import Head, Listing, Row, cell
from fourgates.web.models import Job
from fourgates.web.roles import COUNTY
from fourgates.web.views.unit import status

R = TypeVar("R")


@access.page(*roles.WHOLE)
def slate(room: Room) -> HttpResponse:
    """The list as it stands, who may stand on it, and whatever list the visitor has ticked."""
    table = listing.arranged(room.request, pool(room))
    if listing.wanted(room.request):
        return listing.workbook(table)
    _n, result = room.state.results.get(("List", ""), (0, None))
    proposed = result.slate if isinstance(result, ListProposed) else None
    job = room.row.jobs.filter(kind=solving.LIST).select_related("user").first()
    return render(
        room.request,
        "slate/slate.html",
        {
            "place": figures.at(room, _n),
            "decided": figures.entry(room, "CountyDecided"),
            "proposed": proposed,
            "current": proposed is not None and listed(room, proposed),
            "conflict": conflict(room, result) if isinstance(result, ListImpossible) else (),
            "report": room.report,
            "candidates": candidates(room, ticked(room, proposed)),
            "tried": tried(room, ticked(room, proposed)),
            "table": table,
            "works": room.has(COUNTY) and room.at is None,
            "job": job,
            "under_way": job is not None and job.state in jobs.UNDER_WAY,
            "meetings": meetings(room),
            "decision": room.report.decision,
            "broken": [(rule, rules.says(rule)) for rule in _broken(room)],
            "county": access.key(room.tree.county),
            "trail": [(_("名单"), "")],
        },
    )


def listed(room: Room, proposed: Slate) -> bool:
    """Whether a proposed list is still one of those who may stand now."""
    return set(proposed.chosen) <= set(judging.eligible(room.facts))


def conflict(room: Room, result: ListImpossible) -> list[str]:
    """Why there is no list, in sentences, and what kind of persons would do."""
    asked = judging.problem(room.facts)
    said = words.conflict_words(asked, result.conflict, room.names.name)
    wanted = remembered(room, "wanted", partial(explain.missing, asked, result.conflict))
    return [*said, *(words.missing_words(wanted) if wanted is not None else [])]


def _broken(room: Room) -> Sequence[str]:
    return room.report.decision.judged.broken if room.report.decision is not None else ()


def remembered(room: Room, key: str, work: Callable[[], R]) -> R:
    """What was worked out about these facts, worked out once."""
    memo = room.facts.memo
    if ("list room", key) not in memo:
        memo["list room", key] = work()
    found: R = memo["list room", key]
    return found


# --- who may stand on it -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who may stand on the list: as counted, whether ticked now, whether proposed and decided."""

    id: str
    one: Eligible
    ticked: bool
    proposed: bool
    decided: bool


def ordered(room: Room) -> list[str]:
    """Who may stand: the proposed first, then by support."""
    chosen = set(room.report.structure.chosen)
    eligible = judging.eligible(room.facts)

    def place(id_: str) -> tuple[bool, tuple[int, ...], str]:
        return id_ not in chosen, tuple(-number for number in eligible[id_].line.support), id_

    return sorted(eligible, key=place)


def candidates(room: Room, names: Iterable[str]) -> list[Candidate]:
    """Everybody who may stand, one a line of the form."""
    own, chosen = set(names), set(room.report.structure.chosen)
    decision = room.report.decision
    decided = set(decision.judged.people) if decision is not None else set()
    eligible = judging.eligible(room.facts)
    return [Candidate(id_, eligible[id_], id_ in own, id_ in chosen, id_ in decided) for id_ in ordered(room)]


def pool(room: Room) -> Listing:
    """Everybody who may stand, as a table to take away."""
    heads = [
        Head(_("姓名")), Head(_("党（工）委")), Head(_("类别")), Head(_("党支部"), "number"), Head(_("党员"), "number"),
        Head(_("建议名单")), Head(_("县委决定")),
    ]  # fmt: skip
    rows = [
        Row(
            [
                cell(room.names.name(one.id), where=room.to("standing", one.id)),
                cell(one.one.committee),
                cell(_("、").join(map(_, one.one.tags))),
                *(cell(number, room.to("person", one.id)) for number in one.one.line.support),
                cell(_("是") if one.proposed else ""),
                cell(_("是") if one.decided else ""),
            ]
        )
        for one in candidates(room, ())
    ]
    return Listing(_("可以列入名单的人选"), heads, rows)


# --- any list, as it is ticked -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Tried:
    """A list as it is ticked: judged, its requirements with pictures, what else is wrong, and the smallest change of
    persons that would make it lawful (``swap`` in words, ``better`` the list it comes to)."""

    judged: Judgement
    asked: tuple[tuple[Asked, int, bool, object], ...]
    wrong: tuple[str, ...]
    swap: str
    better: str
    support: tuple[tuple[str, int, int | None], ...]


def ticked(room: Room, proposed: Slate | None) -> list[str]:
    """Whom the visitor has ticked, as far as they may stand; the list proposed where nothing is asked for."""
    if "t" not in room.request.GET and "ticked" not in room.request.GET:
        return list(proposed.chosen) if proposed is not None else []
    return [
        id_ for id_ in dict.fromkeys(room.request.GET.getlist("t")) if id_ in judging.eligible(room.facts)
    ]


def tried(room: Room, names: Sequence[str]) -> Tried:
    """A list judged, with the least that would have to change; nothing is recorded."""
    asked, size = judging.problem(room.facts), room.facts.rulebook().quota.county_list
    judged = judging.judge_list(room.facts, tuple(names))
    findings = {finding.name: finding for finding in judged.findings}
    rows = tuple(
        (one, findings[one.name].count, findings[one.name].met, charts.bullet(one, size, count=findings[one.name].count))
        for one in room.report.structure.asked
        if one.name in findings
    )  # fmt: skip
    said, better = _mended(room, asked, names) if not judged.lawful else ("", "")
    best = room.report.structure.slate
    heads = (_("推荐的党支部数之和"), _("推荐的党员数之和"))
    support = tuple(
        (head, number, number - best.support[place] if best is not None else None)
        for place, (head, number) in enumerate(zip(heads, judged.support, strict=False))
    )
    return Tried(judged, rows, wrong(room, asked, judged), said, better, support)


def _mended(room: Room, asked: Problem, names: Sequence[str]) -> tuple[str, str]:
    """The least change that makes a list lawful, in words, and the address of the list it comes to."""
    change = least(room, asked, names)
    if isinstance(change, Conflict):
        return _("没有符合全部要求的名单，换谁也不行。"), ""
    after = [*(each for each in names if each not in change.leave), *change.join]
    query = "&".join(f"t={id_}" for id_ in after)
    where = room.to("slate")
    return words.swap_words(change, room.names.name), f"{where}{'&' if '?' in where else '?'}{query}"


def least(room: Room, asked: Problem, names: Sequence[str]) -> explain.Swap | Conflict:
    """The least change of persons that makes a list lawful; the conflict where no list is."""
    return remembered(room, "swap " + " ".join(sorted(names)), partial(explain.swap, asked, names))


def wrong(room: Room, asked: Problem, judged: Judgement) -> tuple[str, ...]:
    """What is wrong with a list beside its requirements, in sentences."""
    said = []
    if not judged.size_met:
        said.append(_("选了{count}人，应当{size}人").format(count=judged.size, size=asked.size))
    said += [
        _("{unit}有{count}人，最多{most}人").format(unit=unit, count=count, most=asked.per_unit_at_most)
        for unit, count in judged.over
    ]
    said += [_("没有列入必须列入的{person}").format(person=room.names.name(id_)) for id_ in judged.missing]
    return tuple(said)


@access.page(*roles.WHOLE)
def trial(room: Room) -> HttpResponse:
    """Only what is said of the ticked list: asked for with every tick."""
    names = ticked(room, None)
    return render(room.request, "slate/tried.html", {"tried": tried(room, names)})


# --- what binds, and why a person is in or out ----------------------------------------------------------------------


@access.page(*roles.WHOLE)
def binding(room: Room) -> HttpResponse:
    """What every rule costs the proposed list: the support it could have without."""
    best = room.report.structure.slate
    table = listing.arranged(room.request, costs(room, best) if best is not None else Listing("", [], []))
    if best is not None and listing.wanted(room.request):
        return listing.workbook(table)
    return render(
        room.request,
        "slate/binding.html",
        {"table": table, "trail": [(_("名单"), room.to("slate")), (_("哪些要求在起作用"), "")]},
    )


def costs(room: Room, best: Slate) -> Listing:
    """The rules by rank: how far the list is from each bound, and what the rule costs."""
    asked = judging.problem(room.facts)
    heads = [
        Head(_("要求")), Head(_("余量"), "number"), Head(_("没有这条，党支部数之和可以多"), "number"),
        Head(_("没有这条，党员数之和可以多"), "number"), Head(_("情况")),
    ]  # fmt: skip
    rows, here = [], room.to("slate")
    for one in ranked(room, asked, best):
        binds = one.spare == 0
        state = _("起作用，有代价") if any(one.cost) else _("刚好达到，没有代价") if binds else _("有余")
        rows.append(
            Row(
                [
                    cell(called(room, asked, one.rule)),
                    cell(one.spare, here),
                    *(cell(number, here) for number in one.cost),
                    cell(state),
                ],
                "late" if any(one.cost) else "",
            )
        )
    return Listing(_("哪些要求在起作用"), heads, rows)


def ranked(room: Room, asked: Problem, best: Slate) -> tuple[explain.Cost, ...]:
    """What every rule costs a list, by rank."""
    return remembered(room, f"costs {best.chosen}", partial(explain.costs, asked, best))


def called(room: Room, asked: Problem, rule: Rule) -> str:
    """A rule in the language spoken: a requirement by its tag and number, another in words."""
    tag = next((each.tag for each in asked.requirements if each.name == rule.name), "")
    if tag and rule.kind in (AT_LEAST, AT_MOST):
        return f"{_(tag)} {'≥' if rule.kind == AT_LEAST else '≤'}{rule.bound}"
    return words.rule_words(asked, rule, room.names.name)


@access.page(*roles.WHOLE)
def standing(room: Room, id_: str) -> HttpResponse:
    """Why a person is on the list, or is not: the best list the other way round, and what it loses."""
    id_, best, answer, said = otherwise(room, id_)
    one = judging.eligible(room.facts)[id_]
    return render(
        room.request,
        "slate/standing.html",
        {
            "id": id_,
            "one": one,
            "on": id_ in best.chosen,
            "said": said,
            "answer": answer if isinstance(answer, Slate) else None,
            "counts": [each.tag for each in judging.problem(room.facts).requirements if each.tag in one.tags],
            "trail": [(_("名单"), room.to("slate")), (room.names.name(id_), "")],
        },
    )  # fmt: skip


def otherwise(room: Room, id_: str) -> tuple[str, Slate, Slate | Conflict, list[str]]:
    """Somebody who may stand, the list proposed, the best list with that person the other way round, and what that says;
    404 where the person may not stand or nothing is proposed."""
    id_ = room.person(id_)
    best = room.report.structure.slate
    if id_ not in judging.eligible(room.facts) or best is None:
        raise Http404
    asked, turned = judging.problem(room.facts), _without if id_ in best.chosen else _with
    answer = remembered(room, f"standing {id_}", partial(turned, asked, best, id_))
    return id_, best, answer, [line for line in _said(room, asked, best, id_, answer) if line]


def _with(asked: Problem, best: Slate, id_: str) -> Slate | Conflict:
    return explain.why_not(asked, best, id_).answer


def _without(asked: Problem, _best: Slate, id_: str) -> Slate | Conflict:
    return solve(msgspec.structs.replace(asked, barred=(*asked.barred, id_)))


def _said(room: Room, asked: Problem, best: Slate, id_: str, answer: Slate | Conflict) -> list[str]:
    """The answer in sentences."""
    name = room.names.name
    if id_ not in best.chosen:
        lost: tuple[int, ...] = ()
        instead: tuple[str, ...] = ()
        if isinstance(answer, Slate):
            lost = tuple(now - then for now, then in zip(best.support, answer.support, strict=True))
            instead = tuple(each for each in best.chosen if each not in answer.chosen)
        return words.absence_words(asked, explain.Absence(id_, answer, lost, instead), name)
    if isinstance(answer, Conflict):
        without = msgspec.structs.replace(asked, barred=(*asked.barred, id_))
        said = [_("没有{person}就没有符合要求的名单。").format(person=name(id_))]
        return said + [line for clash in answer.clashes for line in words.clash_words(without, clash, name)]
    joined = [name(each) for each in answer.chosen if each not in best.chosen]
    change = _("、").join(f"{then - now:+d}" for now, then in zip(best.support, answer.support, strict=True))
    left = [name(each) for each in best.chosen if each not in answer.chosen and each != id_]
    return [
        _("{person}不列入时，最好的名单换上{others}，支持数变化为{change}。").format(
            person=name(id_), others=_("、").join(joined), change=change
        ),
        _("同时要换下{others}。").format(others=_("、").join(left)) if left else "",
    ]


# --- solving it, deciding on it -------------------------------------------------------------------------------------


@access.act(COUNTY)
def draw_up(room: Room) -> HttpResponse:
    """Judge every gate and solve the list, beside the pages; the results are offered to the record."""
    begun(room)
    return redirect(room.to("slate"))


@access.act(COUNTY)
def stop(room: Room) -> HttpResponse:
    """Let the solving end before anything is recorded."""
    job = solving.under_way(room.row)
    if job is not None:
        jobs.stop(job)
    return redirect(room.to("slate"))


def begun(room: Room) -> Job:
    """The job that draws the list up, begun unless one is under way; ``Refused`` (9.1) where nobody may stand."""
    if not judging.eligible(room.facts):
        raise Refused("9.1", "还没有人选通过前面各关，没有可以列入名单的")
    return solving.under_way(room.row) or jobs.begin(
        jobs.opened(room.row, room.user, solving.LIST), solving.draw_up
    )


def meetings(room: Room) -> list[tuple[str, object, str]]:
    """The meetings of the county on names: the name of each, its call, how far it has come."""
    county = room.tree.county
    return [
        (name, one.called, status(room, one))
        for name, one in room.facts.meetings.items()
        if one.called.unit == county
    ]


urlpatterns = [
    path("list/", slate, name="slate"),
    path("list/trial/", trial, name="trial"),
    path("list/binding/", binding, name="binding"),
    path("list/people/<str:id_>/", standing, name="standing"),
    path("list/draw-up/", draw_up, name="draw-up"),
    path("list/draw-up/stop/", stop, name="stop"),
]
