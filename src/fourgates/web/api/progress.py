"""What machines may read of the work (接口·进展): duties, gates, tallies, marks, calls, numbers handed down; who may open the
page of it is who is told."""

from __future__ import annotations

from datetime import date, datetime

from django.http import HttpRequest
from ninja import Router, Schema

from fourgates import agenda
from fourgates.i18n import mark
from fourgates.web import access, pictures, quotas, reaching
from fourgates.web.api.reading import AT, called
from fourgates.web.api.shapes import NO, Departure, departure
from fourgates.web.duties import duties
from fourgates.web.views import (
    allotment,
    calls,
    conflicts,
    county,
    entering,
    marks,
    process,
    screen,
    unit,
)

progress = Router(tags=["read"])


class Due(Schema):
    """Something to do next: what, until when, how pressing (late, soon, open, coming)."""

    what: str
    until: date | None
    state: str


class GateCount(Schema):
    """A gate: how many met it, of how many; ``open`` says why there is nothing to count yet, ``figure`` opens it."""

    name: str
    part: int
    whole: int
    figure: str
    open: str


class Behind(Schema):
    """A branch that at its pace will miss the window: how many took part, of how many, and how many will have when it closes."""

    key: str
    name: str
    took_part: int
    members: int
    expected: int


class Day(Schema):
    """A day of the window: how many had taken part by its end (null: still to come), and how many an even pace asks for."""

    day: date
    took_part: int | None
    even: int


class Nominee(Schema):
    """Somebody nominated below a committee: the place, support, how it went at the committee, by which rule, whether sent up."""

    place: int
    person: str
    name: str
    branches: int
    members: int
    outcome: str
    rule: str
    up: bool


class Marked(Schema):
    """A member with rights: whether and how they took part, on which days, why not, whether the marks contradict each other, and
    whether it is the box that is still open that says so."""

    person: str
    name: str
    took_part: bool
    how: str
    days: str
    why: str
    contradicts: bool
    box: bool


class Calls(Schema):
    """A member who is missing: why, how often they were called, how the last call came out, and when."""

    person: str
    name: str
    why: str
    calls: int
    last: str
    at: datetime | None


class Mark(Schema):
    """A mark of one member: by which source, which channel."""

    source: str
    channel: str


class Contradiction(Schema):
    """A member whose marks contradict each other, and the channel that was proposed (empty: none was)."""

    person: str
    name: str
    branch: str
    marks: list[Mark]
    proposed: str


class Handed(Schema):
    """What one unit was handed: the exact share, the whole number of it, the adjustment, what it has in the end."""

    key: str
    unit: str
    share: str
    split: int
    adjusted: int
    number: int


class Line(Schema):
    """A line of a unit's process record: the day, the step, for which unit, how many were due and came, who wrote it down."""

    day: date
    step: str
    unit: str
    due: int | None
    present: int | None
    by: str


class Process(Schema):
    """What was held for a unit and those below it, and what departs from the procedure, missing steps included."""

    unit: str
    lines: list[Line]
    departs: list[Departure]


class Wanting(Schema):
    """A requirement at the unit's own number: how many have the tag, how many are wanting or too many."""

    tag: str
    have: int
    wanting: int
    over: int


class Allotment(Schema):
    """What a unit has to hand down or to fill (null: nobody gave it anything), what it handed down, how far it is from the
    structure."""

    unit: str
    has: int | None
    handed: list[Handed]
    gaps: list[Wanting]


@progress.get("/s/{slug}/duties", response={200: list[Due], **NO}, summary=mark("接下来要办的事"))
def due(request: HttpRequest, slug: str, at: int | None = AT) -> list[Due]:
    """What the token's owner must do next, the most pressing first."""
    del at  # the room reads it
    room = access.as_page(request, slug, entering.selection)
    return [Due(what=one.what, until=one.until, state=one.state) for one in duties(room)]


@progress.get("/s/{slug}/gates", response={200: list[GateCount], **NO}, summary=mark("四关"))
def gates(request: HttpRequest, slug: str, at: int | None = AT) -> list[GateCount]:
    """How many met each gate, of how many."""
    del at
    room = access.as_page(request, slug, screen.screen)
    return [
        GateCount(name=one.name, part=one.part, whole=one.whole, figure=one.key, open=one.open)
        for one in county.gates(room)
    ]


@progress.get("/s/{slug}/behind", response={200: list[Behind], **NO}, summary=mark("赶不上窗口的党支部"))
def behind(request: HttpRequest, slug: str, at: int | None = AT) -> list[Behind]:
    """Branches that at their pace since the window opened will not have reached everybody; the furthest behind first."""
    del at
    room = access.as_page(request, slug, county.county)
    return [
        Behind(
            key=access.key(one.unit),
            name=one.unit,
            took_part=one.part,
            members=one.whole,
            expected=one.expected,
        )
        for one in agenda.slow(room.facts, room.today)
    ]


@progress.get("/s/{slug}/course", response={200: list[Day], **NO}, summary=mark("逐日参与情况"))
def course(request: HttpRequest, slug: str, at: int | None = AT) -> list[Day]:
    """The whole county's participation day by day over the window; empty before it opens."""
    del at
    room = access.as_page(request, slug, county.county)
    return [
        Day(day=one.day, took_part=one.part, even=one.even)
        for one in pictures.days(room, room.tree.branches())
    ]


@progress.get(
    "/s/{slug}/committees/{key}/tally", response={200: list[Nominee], **NO}, summary=mark("推荐情况汇总")
)
def tally(request: HttpRequest, slug: str, key: str, at: int | None = AT) -> list[Nominee]:
    """Everybody nominated below a committee, by rank, with why a name was sent up or was not."""
    del at
    room = access.as_page(request, slug, unit.unit)
    return [
        Nominee(
            place=place,
            person=line.person,
            name=called(room.names, line.person),
            branches=line.branches,
            members=line.members,
            outcome=why,
            rule=rule,
            up=up,
        )
        for place, line, why, rule, up in unit.tally(room, room.committee(key))
    ]


@progress.get(
    "/s/{slug}/branches/{key}/marks", response={200: list[Marked], **NO}, summary=mark("党支部的参与登记")
)
def marked(request: HttpRequest, slug: str, key: str, at: int | None = AT) -> list[Marked]:
    """Everybody with rights in a branch, with how they took part."""
    del at
    room = access.as_page(request, slug, marks.marks)
    return [
        Marked(
            person=one.id,
            name=called(room.names, one.id),
            took_part=one.took,
            how=one.said,
            days=one.day,
            why=one.why,
            contradicts=one.contradicts,
            box=one.box,
        )
        for one in marks.members(room, room.branch(key))
    ]


@progress.get("/s/{slug}/branches/{key}/calls", response={200: list[Calls], **NO}, summary=mark("要打的电话"))
def to_call(request: HttpRequest, slug: str, key: str, at: int | None = AT) -> list[Calls]:
    """Members of a branch who are missing, whom to call first at the head."""
    del at
    room = access.as_page(request, slug, calls.calls)
    left = [one for one in marks.members(room, room.branch(key)) if not one.took]
    made = reaching.calls_of(room, [one.id for one in left])
    return [
        Calls(
            person=one.id,
            name=called(room.names, one.id),
            why=one.why,
            calls=len(own),
            last=own[-1].outcome if own else "",
            at=own[-1].at if own else None,
        )
        for one in calls.following(left, made)
        for own in [made.get(one.id, [])]
    ]


@progress.get(
    "/s/{slug}/conflicts", response={200: list[Contradiction], **NO}, summary=mark("互相矛盾的登记")
)
def contradictions(request: HttpRequest, slug: str, at: int | None = AT) -> list[Contradiction]:
    """Members seen whose marks contradict each other."""
    del at
    room = access.as_page(request, slug, conflicts.conflicts)
    members = room.facts.roster().members
    return [
        Contradiction(
            person=one.id,
            name=called(room.names, one.id),
            branch=members[one.id].branch,
            marks=[Mark(source=source, channel=channel) for source, channel in one.said],
            proposed=one.proposal.says["channel"] if one.proposal else "",
        )
        for one in conflicts.found(room)
    ]


@progress.get("/s/{slug}/units/{key}/process", response={200: Process, **NO}, summary=mark("工作纪实"))
def held(request: HttpRequest, slug: str, key: str, at: int | None = AT) -> Process:
    """The process record of a unit and those below it, the latest day first, whoever wrote it down."""
    del at
    room = access.as_page(request, slug, process.process)
    one = room.unit(key)
    return Process(
        unit=one.name,
        lines=[
            Line(day=line.day, step=line.word, unit=line.unit, due=line.due, present=line.present, by=keeper)
            for line, keeper in process.lines(room, one)
        ],
        departs=[departure(room.tree.committee_of(each.unit), each) for each in process.departs(room, one)],
    )


@progress.get("/s/{slug}/units/{key}/allotment", response={200: Allotment, **NO}, summary=mark("名额分解"))
def handed(request: HttpRequest, slug: str, key: str, at: int | None = AT) -> Allotment:
    """What a unit has, what it handed down, and its gap to the structure."""
    del at
    room = access.as_page(request, slug, allotment.cascade)
    one = room.unit(key)
    return Allotment(
        unit=one.name,
        has=quotas.has(room, one),
        handed=[
            Handed(
                key=access.key(each.unit),
                unit=each.unit,
                share=each.share,
                split=each.split,
                adjusted=each.adjusted,
                number=each.number,
            )
            for each in room.facts.allotted.get(one.name, ())
        ],
        gaps=[
            Wanting(tag=each.gap.tag, have=each.gap.have, wanting=each.wanting, over=each.over)
            for each in quotas.gaps(room, one)
        ],
    )
