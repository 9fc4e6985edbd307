"""What machines may read of the county's list, and how it is drawn up (接口·名单): the list room, question by question."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest
from ninja import Query, Router, Schema

from fourgates import judging
from fourgates.errors import Refused
from fourgates.events import ListImpossible, ListProposed
from fourgates.i18n import mark
from fourgates.slate.answer import Conflict, Slate
from fourgates.web import access, jobs, solving
from fourgates.web.api.reading import AT, called
from fourgates.web.api.shapes import NO, Far, far
from fourgates.web.roles import COUNTY
from fourgates.web.views import slate

choosing = Router(tags=["list"])
TICKED: Any = Query(  # type: ignore[type-arg]  # its shape is in what it is given
    [],
    max_length=1000,
    description="Ids of the persons on the list that is tried; the list proposed when left out.",
)


class Candidate(Schema):
    """Somebody who may stand on the list, with support and tags, whether proposed and whether decided."""

    person: str
    name: str
    committee: str
    tags: list[str]
    branches: int
    members: int
    proposed: bool
    decided: bool


class Listed(Schema):
    """The list: its size, who may stand on it (the proposed first), the entry of the proposal (0: none), whether that is still
    of those who may stand, why there is none, and the decision (null: none) with the rules it breaks."""

    size: int
    people: list[Candidate]
    entry: int
    current: bool
    conflict: list[str]
    decided: list[str] | None
    broken: list[str]


class Required(Schema):
    """A requirement of a tried list: how many there are, the bounds (null: none), whether it is met, how strong it is."""

    name: str
    tag: str
    count: int
    at_least: int | None
    at_most: int | None
    met: bool
    strength: str


class Change(Schema):
    """The least change of persons that makes a list lawful: who leaves, who joins."""

    leave: list[str]
    join: list[str]


class Trial(Schema):
    """A list judged: whether lawful, its requirements, what else is wrong, sums of support (branches, members), and the least
    change that would make it lawful (null: it is, or none does)."""

    people: list[str]
    lawful: bool
    requirements: list[Required]
    wrong: list[str]
    support: list[int]
    change: Change | None


class Binding(Schema):
    """A rule of the list: how far the proposed list is from its bound, and the support it costs (branches, members)."""

    rule: str
    spare: int
    cost: list[int]


class Otherwise(Schema):
    """Why somebody is on the proposed list or not: the best list the other way round (null: there is none), its support beside
    that of the proposed, and what it says in sentences."""

    person: str
    name: str
    on: bool
    support: list[int]
    people: list[str] | None
    support_then: list[int] | None
    said: list[str]


@choosing.get("/s/{slug}/list", response={200: Listed, **NO}, summary=mark("名单"))
def listed(request: HttpRequest, slug: str, at: int | None = AT) -> Listed:
    """Who may stand on the list, what was proposed and what was decided."""
    del at
    room = access.as_page(request, slug, slate.slate)
    number, result = room.state.results.get(("List", ""), (0, None))
    decision = room.report.decision
    return Listed(
        size=room.report.plan.quota.county_list,
        people=[
            Candidate(
                person=one.id,
                name=called(room.names, one.id),
                committee=one.one.committee,
                tags=list(one.one.tags),
                branches=one.one.line.branches,
                members=one.one.line.members,
                proposed=one.proposed,
                decided=one.decided,
            )
            for one in slate.candidates(room, ())
        ],
        entry=number,
        current=isinstance(result, ListProposed) and slate.listed(room, result.slate),
        conflict=slate.conflict(room, result) if isinstance(result, ListImpossible) else [],
        decided=list(decision.judged.people) if decision is not None else None,
        broken=list(decision.judged.broken) if decision is not None else [],
    )


@choosing.get("/s/{slug}/list/trial", response={200: Trial, **NO}, summary=mark("试一份名单"))
def trial(request: HttpRequest, slug: str, person: list[str] = TICKED, at: int | None = AT) -> Trial:
    """Judge any list of those who may stand; nothing is recorded. Whoever may not stand is refused (9.1)."""
    del at
    room = access.as_page(request, slug, slate.trial)
    eligible, best = judging.eligible(room.facts), room.report.structure.slate
    names = list(dict.fromkeys(person)) or list(best.chosen if best is not None else ())
    for id_ in names:
        if id_ not in eligible:
            raise Refused("9.1", "“{who}”不在可以列入名单的人选之中", who=id_[:40])
    asked, judged = judging.problem(room.facts), judging.judge_list(room.facts, tuple(names))
    change = slate.least(room, asked, names) if not judged.lawful else None
    return Trial(
        people=names,
        lawful=judged.lawful,
        requirements=[
            Required(
                name=one.name,
                tag=one.tag,
                count=one.count,
                at_least=one.at_least,
                at_most=one.at_most,
                met=one.met,
                strength=one.strength,
            )
            for one in judged.findings
        ],
        wrong=list(slate.wrong(room, asked, judged)),
        support=list(judged.support),
        change=None
        if change is None or isinstance(change, Conflict)
        else Change(leave=list(change.leave), join=list(change.join)),
    )


@choosing.get(
    "/s/{slug}/list/binding", response={200: list[Binding], **NO}, summary=mark("名单受哪些要求约束")
)
def binding(request: HttpRequest, slug: str, at: int | None = AT) -> list[Binding]:
    """What every rule costs the proposed list, by rank; empty while nothing is proposed."""
    del at
    room = access.as_page(request, slug, slate.binding)
    best = room.report.structure.slate
    if best is None:
        return []
    asked = judging.problem(room.facts)
    return [
        Binding(rule=slate.called(room, asked, one.rule), spare=one.spare, cost=list(one.cost))
        for one in slate.ranked(room, asked, best)
    ]


@choosing.get(
    "/s/{slug}/list/people/{id_}", response={200: Otherwise, **NO}, summary=mark("为什么列入、为什么不列入")
)
def otherwise(request: HttpRequest, slug: str, id_: str, at: int | None = AT) -> Otherwise:
    """Why somebody who may stand is on the proposed list, or is not."""
    del at
    room = access.as_page(request, slug, slate.standing)
    id_, best, answer, said = slate.otherwise(room, id_)
    then = answer if isinstance(answer, Slate) else None
    return Otherwise(
        person=id_,
        name=called(room.names, id_),
        on=id_ in best.chosen,
        support=list(best.support),
        people=list(then.chosen) if then is not None else None,
        support_then=list(then.support) if then is not None else None,
        said=said,
    )


@choosing.post("/s/{slug}/list/draw-up", response={200: Far, **NO}, summary=mark("拟订名单"))
def draw_up(request: HttpRequest, slug: str) -> Far:
    """Judge every gate and solve the list, beside other work; what is new is recorded. Asked for again while under way, it is
    the same work."""
    room = access.enter(request, slug, (COUNTY,))
    return far(slate.begun(room))


@choosing.delete("/s/{slug}/list/draw-up", response={200: Far, **NO}, summary=mark("停止拟订名单"))
def stopped(request: HttpRequest, slug: str) -> Far:
    """Let it end before anything is recorded; 404 where none is under way."""
    room = access.enter(request, slug, (COUNTY,))
    job = solving.under_way(room.row)
    if job is None or not jobs.stop(job):
        raise Http404
    job.refresh_from_db()
    return far(job)


@choosing.get("/s/{slug}/list/draw-up", response={200: Far, **NO}, summary=mark("名单拟订到哪一步"))
def drawn(request: HttpRequest, slug: str) -> Far:
    """How far the last drawing up of the list is; 404 where none was begun."""
    room = access.enter(request, slug, (COUNTY,))
    job = room.row.jobs.filter(kind=solving.LIST).first()
    if job is None:
        raise Http404
    return far(job)
