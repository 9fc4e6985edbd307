"""What machines may read of the work (接口·进展): duties, gates, marks, meetings, the list, notices, clocks; who may open the
page of it is who is told."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from ninja import Router

from fourgates import convening, oversight
from fourgates.convening import Meeting
from fourgates.events import ListImpossible, ListProposed
from fourgates.i18n import _
from fourgates.papers import mending
from fourgates.papers.documents.ground import Ground
from fourgates.papers.documents.kinds import KINDS
from fourgates.web import access, looks, posted, quotas
from fourgates.web.access import Room, key
from fourgates.web.api import shapes
from fourgates.web.api.reading import AT, LIMIT, NO, OFFSET, called
from fourgates.web.duties import duties
from fourgates.web.letters import DOCX
from fourgates.web.models import Look
from fourgates.web.roles import COUNTY
from fourgates.web.views import (
    allotment,
    calls,
    concern,
    conflicts,
    consultation,
    county,
    documents,
    entering,
    marks,
    meetings,
    notice,
    screen,
    slate,
    supervision,
    unit,
)
from fourgates.web.views import looks as looking

progress = Router(tags=["read"])


@progress.get("/s/{slug}/duties", response={200: list[shapes.Due], **NO}, summary="What is to be done next")
def due(request: HttpRequest, slug: str, at: int | None = AT) -> list[shapes.Due]:
    """What the token's owner must do next, the most pressing first."""
    del at  # the room reads it
    room = access.as_page(request, slug, entering.selection)
    return [shapes.Due(what=one.what, until=one.until, state=one.state) for one in duties(room)]


@progress.get("/s/{slug}/gates", response={200: list[shapes.GateCount], **NO}, summary="The four gates")
def gates(request: HttpRequest, slug: str, at: int | None = AT) -> list[shapes.GateCount]:
    """How many met each gate, of how many."""
    del at
    room = access.as_page(request, slug, screen.screen)
    return [
        shapes.GateCount(name=one.name, part=one.part, whole=one.whole, figure=one.key, open=one.open)
        for one in county.gates(room)
    ]


@progress.get(
    "/s/{slug}/branches/{key}/marks", response={200: list[shapes.Marked], **NO}, summary="Marks of a branch"
)
def marked(request: HttpRequest, slug: str, key: str, at: int | None = AT) -> list[shapes.Marked]:
    """Everybody with rights in a branch, with how they took part."""
    del at
    room = access.as_page(request, slug, marks.marks)
    return [
        shapes.Marked(
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


@progress.get(
    "/s/{slug}/branches/{key}/calls", response={200: list[shapes.Calls], **NO}, summary="Calls to be made"
)
def to_call(request: HttpRequest, slug: str, key: str, at: int | None = AT) -> list[shapes.Calls]:
    """Members of a branch who are missing, whom to call first at the head."""
    del at
    room = access.as_page(request, slug, calls.calls)
    left = [one for one in marks.members(room, room.branch(key)) if not one.took]
    made = marks.calls_of(room, [one.id for one in left])
    return [
        shapes.Calls(
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
    "/s/{slug}/conflicts", response={200: list[shapes.Contradiction], **NO}, summary="Contradicting marks"
)
def contradictions(request: HttpRequest, slug: str, at: int | None = AT) -> list[shapes.Contradiction]:
    """Members seen whose marks contradict each other."""
    del at
    room = access.as_page(request, slug, conflicts.conflicts)
    members = room.facts.roster().members
    return [
        shapes.Contradiction(
            person=one.id,
            name=called(room.names, one.id),
            branch=members[one.id].branch,
            marks=[shapes.Mark(source=source, channel=channel) for source, channel in one.said],
            proposed=one.proposal.says["channel"] if one.proposal else "",
        )
        for one in conflicts.found(room)
    ]


@progress.get(
    "/s/{slug}/units/{key}/allotment", response={200: shapes.Allotment, **NO}, summary="Numbers handed down"
)
def handed(request: HttpRequest, slug: str, key: str, at: int | None = AT) -> shapes.Allotment:
    """What a unit has, what it handed down, and its gap to the structure."""
    del at
    room = access.as_page(request, slug, allotment.cascade)
    one = room.unit(key)
    return shapes.Allotment(
        unit=one.name,
        has=quotas.has(room, one),
        handed=[
            shapes.Handed(
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
            shapes.Wanting(tag=each.gap.tag, have=each.gap.have, wanting=each.wanting, over=each.over)
            for each in quotas.gaps(room, one)
        ],
    )


def _meeting(room: Room, name: str, one: Meeting) -> shapes.MeetingRow:
    came, kind = one.attendance, room.facts.rulebook().meetings.kind(one.called.kind)
    return shapes.MeetingRow(
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


@progress.get("/s/{slug}/meetings", response={200: list[shapes.MeetingRow], **NO}, summary="Meetings seen")
def called_meetings(
    request: HttpRequest,
    slug: str,
    of: str = "",
    limit: int = LIMIT,
    offset: int = OFFSET,
    at: int | None = AT,
) -> list[shapes.MeetingRow]:
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


@progress.get("/s/{slug}/meetings/{name}", response={200: shapes.Minuted, **NO}, summary="A meeting")
def minuted(request: HttpRequest, slug: str, name: str, at: int | None = AT) -> shapes.Minuted:
    """A meeting with who came and what was voted."""
    del at
    room = access.as_page(request, slug, meetings.meeting)
    one, _unit = meetings.found(room, name)
    said = room.written(one.called.place, *one.called.items, *(each.text for each in one.motions.values()))
    return shapes.Minuted(
        **_meeting(room, name, one).dict(),
        place=said.get(one.called.place, ""),
        items=[said.get(item, "") for item in one.called.items],
        people=list(one.attendance.people) if one.attendance else [],
        votes=[
            shapes.Motion(
                text=said.get(each.text, ""),
                person=each.person,
                votes_for=each.votes_for,
                against=each.against,
                abstained=each.abstained,
            )
            for each in one.motions.values()
        ],
    )


@progress.get("/s/{slug}/list", response={200: shapes.List, **NO}, summary="The list")
def listed(request: HttpRequest, slug: str, at: int | None = AT) -> shapes.List:
    """Who may stand on the list, what was proposed and what was decided."""
    del at
    room = access.as_page(request, slug, slate.slate)
    number, result = room.state.results.get(("List", ""), (0, None))
    decision = room.report.decision
    return shapes.List(
        size=room.report.plan.quota.county_list,
        people=[
            shapes.Standing(
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


@progress.get("/s/{slug}/notices", response={200: list[shapes.NoticeRow], **NO}, summary="Public notices")
def notices(request: HttpRequest, slug: str, at: int | None = AT) -> list[shapes.NoticeRow]:
    """The notices with their clocks."""
    del at
    room = access.as_page(request, slug, notice.notices)
    return [
        shapes.NoticeRow(
            notice=name,
            start=one.start,
            last=one.last,
            ended=one.ended,
            people=list(one.people),
            cases=len(posted.cases(room, name)),
            open=len(oversight.open_cases(room.facts, name)),
            clock=posted.clock(one, room.today),
        )
        for name, one in room.facts.notices.items()
    ]


@progress.get(
    "/s/{slug}/notices/{name}/cases", response={200: list[shapes.CaseRow], **NO}, summary="Cases of a notice"
)
def cases(request: HttpRequest, slug: str, name: str, at: int | None = AT) -> list[shapes.CaseRow]:
    """The objections to a notice; never from whom they came, nor what they say."""
    del at
    room = access.as_page(request, slug, notice.notice)
    posted.posted(room, name)
    return [
        shapes.CaseRow(
            case=case,
            person=one.person,
            category=one.category,
            day=one.day,
            due=one.due,
            upheld=one.upheld,
            answered=one.answered,
            state=posted.state(one),
        )
        for case, one in posted.cases(room, name).items()
    ]


@progress.get("/s/{slug}/clocks", response={200: list[shapes.Clock], **NO}, summary="Departments and clocks")
def clocks(request: HttpRequest, slug: str, at: int | None = AT) -> list[shapes.Clock]:
    """The departments: asked when, due when, answered of how many. Silence is no answer."""
    del at
    room = access.as_page(request, slug, consultation.consultation)
    return [
        shapes.Clock(
            department=name,
            asked=letter.day if letter else None,
            due=due,
            people=whole,
            answered=answered,
            late=late,
        )
        for name, answered, whole, due, late in county.clocks(room)
        for letter in [room.facts.asked.get(name)]
    ]


@progress.get("/s/{slug}/concerns/{id_}", response={200: list[shapes.Bar], **NO}, summary="A person's bars")
def bars(request: HttpRequest, slug: str, id_: str, at: int | None = AT) -> list[shapes.Bar]:
    """What stands against somebody sent up, and what passed with the person; never who reported it."""
    del at
    room = access.as_page(request, slug, concern.concern)
    id_ = concern.sent_up(room, id_)
    found = [concern.standing(room, id_, bar) for bar in concern.bars(room, id_)]
    return [
        shapes.Bar(
            bar=one.bar,
            stands=one.stands,
            told=one.concern.told if one.concern else None,
            answered=one.concern.answered if one.concern else None,
            outcome=(one.concern.outcome or "") if one.concern else "",
            lifted=one.lifted.day if one.lifted else None,
        )
        for one in found
    ]


@progress.get("/s/{slug}/deviations", response={200: list[shapes.Departure], **NO}, summary="What deviates")
def deviations(request: HttpRequest, slug: str, at: int | None = AT) -> list[shapes.Departure]:
    """Where committees depart from the procedure and nothing can come in any more to settle it."""
    del at
    room = access.as_page(request, slug, supervision.supervision)
    return [
        shapes.Departure(
            committee=one.unit.name,
            unit=found.unit,
            rule=found.rule,
            step=found.step,
            sentence=mending.said(found, found.unit),
            mend=mending.mend(found),
        )
        for one in (county.settled(room, each) for each in room.report.committees)
        for found in one.deviations
    ]


@progress.get("/s/{slug}/steps", response={200: list[shapes.Steps], **NO}, summary="Steps of the committees")
def steps(request: HttpRequest, slug: str, at: int | None = AT) -> list[shapes.Steps]:
    """Every committee with the first day of each step."""
    del at
    room = access.as_page(request, slug, supervision.steps)
    return [
        shapes.Steps(
            committee=one.unit.name,
            steps=[
                shapes.Held(step=each.word, first=each.first, deviates=each.deviates) for each in one.steps
            ],
        )
        for one in (county.settled(room, each) for each in room.report.committees)
    ]


@progress.get("/s/{slug}/questions", response={200: list[shapes.Question], **NO}, summary="What to ask about")
def questions(request: HttpRequest, slug: str, at: int | None = AT) -> list[shapes.Question]:
    """What the entries make one ask, with what could explain it: questions, never accusations."""
    del at
    room = access.as_page(request, slug, supervision.supervision)
    return [
        shapes.Question(sentence=one.sentence, explanations=list(one.explanations), entries=list(one.entries))
        for one in supervision.asked(room)
    ]


@progress.get("/s/{slug}/looks", response={200: list[shapes.Looked], **NO}, summary="Looks at numbers")
def looked(
    request: HttpRequest, slug: str, limit: int = LIMIT, offset: int = OFFSET, at: int | None = AT
) -> list[shapes.Looked]:
    """Who looked at whose masked number and why, the newest first."""
    del at
    room = access.as_page(request, slug, looking.log)
    found = Look.objects.filter(selection=room.row).select_related("user").order_by("-at", "-pk")
    return [
        shapes.Looked(at=one.at, who=str(one.user), person=one.person, reason=looks.reason(one))
        for one in found[offset : offset + limit]
    ]


@progress.get("/s/{slug}/documents", response={200: list[shapes.Paper], **NO}, summary="Documents to sign")
def papers(request: HttpRequest, slug: str, at: int | None = AT) -> list[shapes.Paper]:
    """The kinds of documents that the token's owner may have, with what there is one for now."""
    del at
    room = access.as_page(request, slug, documents.documents)
    ground = Ground(room.state, room.names, room.report)
    return [
        shapes.Paper(
            kind=kind.key,
            title=_(kind.title),
            signed=bool(kind.signed),
            about=[(key(each), room.names.name(each)) for each in documents.subjects(room, kind, ground)],
        )
        for kind in KINDS
        if room.has(COUNTY) or kind.key in documents.OWN
    ]


@progress.get(
    "/s/{slug}/documents/{kind}/{about}",
    response={200: bytes, **NO},
    summary="A document to sign",
    openapi_extra={"responses": {200: {"description": "A .docx", "content": {DOCX: {}}}}},
)
def paper(request: HttpRequest, slug: str, kind: str, about: str, at: int | None = AT) -> HttpResponse:
    """One document, the same file as on the page."""
    del at
    return access.answer(request, slug, documents.document, kind, about)
