"""What machines may read of the work (接口·进展): duties, gates, marks, numbers, meetings, the
list; who may open the page of it is who is told."""

from __future__ import annotations

from datetime import date, datetime

from django.http import HttpRequest
from ninja import Router, Schema

from fourgates import convening
from fourgates.convening import Meeting
from fourgates.events import ListImpossible, ListProposed
from fourgates.web import access, quotas
from fourgates.web.access import Room, key
from fourgates.web.api.reading import AT, LIMIT, NO, OFFSET, called
from fourgates.web.duties import duties
from fourgates.web.views import (
    allotment,
    calls,
    conflicts,
    county,
    entering,
    marks,
    meetings,
    screen,
    slate,
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


class MeetingRow(Schema):
    """A meeting: of which unit and kind, when, members due and present and how many must be (null: not taken yet), motions,
    how far it has come."""

    meeting: str
    key: str
    unit: str
    kind: str
    day: date
    time: str
    due: int | None
    present: int | None
    needed: int | None
    motions: int
    cancelled: bool
    signed: bool
    state: str


class Motion(Schema):
    """What was put to the vote, and whom it is about (empty: nobody)."""

    text: str
    person: str
    votes_for: int
    against: int
    abstained: int


class Minuted(MeetingRow):
    """A meeting with everything of it: where, the items, who came, the votes."""

    place: str
    items: list[str]
    people: list[str]
    votes: list[Motion]


class Standing(Schema):
    """Somebody who may stand on the list, with support and tags, whether proposed and whether decided."""

    person: str
    name: str
    committee: str
    tags: list[str]
    branches: int
    members: int
    proposed: bool
    decided: bool


class List(Schema):
    """The list: its size, who may stand on it (the proposed first), the entry of the proposal (0: none), whether that is still
    of those who may stand, why there is none, and the decision (null: none) with the rules it breaks."""

    size: int
    people: list[Standing]
    entry: int
    current: bool
    conflict: list[str]
    decided: list[str] | None
    broken: list[str]


@progress.get("/s/{slug}/duties", response={200: list[Due], **NO}, summary="What is to be done next")
def due(request: HttpRequest, slug: str, at: int | None = AT) -> list[Due]:
    """What the token's owner must do next, the most pressing first."""
    del at  # the room reads it
    room = access.as_page(request, slug, entering.selection)
    return [Due(what=one.what, until=one.until, state=one.state) for one in duties(room)]


@progress.get("/s/{slug}/gates", response={200: list[GateCount], **NO}, summary="The four gates")
def gates(request: HttpRequest, slug: str, at: int | None = AT) -> list[GateCount]:
    """How many met each gate, of how many."""
    del at
    room = access.as_page(request, slug, screen.screen)
    return [
        GateCount(name=one.name, part=one.part, whole=one.whole, figure=one.key, open=one.open)
        for one in county.gates(room)
    ]


@progress.get(
    "/s/{slug}/branches/{key}/marks", response={200: list[Marked], **NO}, summary="Marks of a branch"
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


@progress.get("/s/{slug}/branches/{key}/calls", response={200: list[Calls], **NO}, summary="Calls to be made")
def to_call(request: HttpRequest, slug: str, key: str, at: int | None = AT) -> list[Calls]:
    """Members of a branch who are missing, whom to call first at the head."""
    del at
    room = access.as_page(request, slug, calls.calls)
    left = [one for one in marks.members(room, room.branch(key)) if not one.took]
    made = marks.calls_of(room, [one.id for one in left])
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


@progress.get("/s/{slug}/conflicts", response={200: list[Contradiction], **NO}, summary="Contradicting marks")
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


@progress.get(
    "/s/{slug}/units/{key}/allotment", response={200: Allotment, **NO}, summary="Numbers handed down"
)
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


def _meeting(room: Room, name: str, one: Meeting) -> MeetingRow:
    came, kind = one.attendance, room.facts.rulebook().meetings.kind(one.called.kind)
    return MeetingRow(
        meeting=name,
        key=key(one.called.unit),
        unit=one.called.unit,
        kind=one.called.kind,
        day=one.called.day,
        time=one.called.time,
        due=came.due if came else None,
        present=came.present if came else None,
        needed=convening.needed(kind, came.due) if came and kind else None,
        motions=len(one.motions),
        cancelled=one.called.cancelled,
        signed=one.signed,
        state=unit.status(room, one),
    )


@progress.get("/s/{slug}/meetings", response={200: list[MeetingRow], **NO}, summary="Meetings seen")
def called_meetings(
    request: HttpRequest,
    slug: str,
    of: str = "",
    limit: int = LIMIT,
    offset: int = OFFSET,
    at: int | None = AT,
) -> list[MeetingRow]:
    """Meetings of the units that the token's owner sees, the latest first; ``of`` a unit's key for its own alone."""
    del at
    room = access.as_page(request, slug, meetings.meetings)
    own = room.unit(of).name if of else ""
    seen = [
        (name, one)
        for name, one in room.facts.meetings.items()
        if (one.called.unit == own if own else room.sees(one.called.unit))
    ]
    seen.sort(key=lambda each: each[1].called.day, reverse=True)
    return [_meeting(room, name, one) for name, one in seen[offset : offset + limit]]


@progress.get("/s/{slug}/meetings/{name}", response={200: Minuted, **NO}, summary="A meeting")
def minuted(request: HttpRequest, slug: str, name: str, at: int | None = AT) -> Minuted:
    """A meeting with who came and what was voted."""
    del at
    room = access.as_page(request, slug, meetings.meeting)
    one, _unit = meetings.found(room, name)
    said = room.written(one.called.place, *one.called.items, *(each.text for each in one.motions.values()))
    return Minuted(
        **_meeting(room, name, one).dict(),
        place=said.get(one.called.place, ""),
        items=[said.get(item, "") for item in one.called.items],
        people=list(one.attendance.people) if one.attendance else [],
        votes=[
            Motion(
                text=said.get(each.text, ""),
                person=each.person,
                votes_for=each.votes_for,
                against=each.against,
                abstained=each.abstained,
            )
            for each in one.motions.values()
        ],
    )


@progress.get("/s/{slug}/list", response={200: List, **NO}, summary="The list")
def listed(request: HttpRequest, slug: str, at: int | None = AT) -> List:
    """Who may stand on the list, what was proposed and what was decided."""
    del at
    room = access.as_page(request, slug, slate.slate)
    number, result = room.state.results.get(("List", ""), (0, None))
    decision = room.report.decision
    return List(
        size=room.report.plan.quota.county_list,
        people=[
            Standing(
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
