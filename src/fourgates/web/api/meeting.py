"""What machines may read of meetings (接口·会议): called, signed in to, voted in, and what they resolved on names."""

from __future__ import annotations

from datetime import date

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema

from fourgates import convening
from fourgates.convening import Meeting
from fourgates.i18n import mark
from fourgates.web import access
from fourgates.web.access import Room, key
from fourgates.web.api.reading import AT, LIMIT, OF, OFFSET, called
from fourgates.web.api.shapes import NO
from fourgates.web.leaving import DOCX
from fourgates.web.views import attendance, filing, meetings, unit, votes

met = Router(tags=["meetings"])


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


class OnRoll(Schema):
    """A member due at a meeting, and whether the member has come so far."""

    person: str
    name: str
    came: bool


class Filed(Schema):
    """A name of a meeting: put forward by how many members (a branch), or voted on (for, against, abstained) and sent up or not,
    for which reason."""

    person: str
    name: str
    members: int | None
    merit: str
    votes_for: int | None
    against: int | None
    abstained: int | None
    up: bool
    reason: str


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


@met.get("/s/{slug}/meetings", response={200: list[MeetingRow], **NO}, summary=mark("看得到的会议"))
def called_meetings(
    request: HttpRequest,
    slug: str,
    of: str = OF,
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


@met.get("/s/{slug}/meetings/{name}", response={200: Minuted, **NO}, summary=mark("一次会议"))
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


@met.get("/s/{slug}/meetings/{name}/roll", response={200: list[OnRoll], **NO}, summary=mark("会议签到表"))
def roll(request: HttpRequest, slug: str, name: str, at: int | None = AT) -> list[OnRoll]:
    """Who is due at a meeting of members, and who has come; 404 for a meeting whose members are not due by name."""
    del at
    room = access.as_page(request, slug, attendance.sheet)
    one, of = meetings.found(room, name)
    due, here = attendance.roll(room, name, one, of.name)
    return [OnRoll(person=id_, name=called(room.names, id_), came=id_ in here) for id_ in due]


@met.get("/s/{slug}/meetings/{name}/names", response={200: list[Filed], **NO}, summary=mark("会议报送的人选"))
def filed(request: HttpRequest, slug: str, name: str, at: int | None = AT) -> list[Filed]:
    """What a meeting resolved on names: a branch's as put forward, a committee's and the county's as voted."""
    del at
    room = access.as_page(request, slug, filing.filing)
    _one, of = meetings.found(room, name)
    lines = filing.put_forward(room, name, of) if of.kind == "branch" else filing.voted(room, name, of)
    return [
        Filed(
            person=line.id,
            name=called(room.names, line.id),
            members=filing.figure(line.members),
            merit=line.merit,
            votes_for=filing.figure(line.votes[0]),
            against=filing.figure(line.votes[1]),
            abstained=filing.figure(line.votes[2]),
            up=line.up,
            reason=line.reason,
        )
        for line in lines
        if line.members or any(line.votes)
    ]


@met.get(
    "/s/{slug}/meetings/{name}/minutes.docx",
    response={200: bytes, **NO},
    summary=mark("会议记录"),
    openapi_extra={"responses": {200: {"description": "A .docx", "content": {DOCX: {}}}}},
)
def minutes(request: HttpRequest, slug: str, name: str, at: int | None = AT) -> HttpResponse:
    """The minutes from their template, the same file as on the page."""
    del at
    return access.answer(request, slug, votes.minutes, name)
