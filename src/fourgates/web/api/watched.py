"""What machines may read of what is watched (接口·监督): notices and their cases, departures, questions, lapses, looks,
documents; who may open the page of it is who is told."""

from __future__ import annotations

from datetime import date, datetime

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema

from fourgates import oversight
from fourgates.i18n import _, mark
from fourgates.notices import Case
from fourgates.papers import mending
from fourgates.papers.documents.ground import Ground
from fourgates.papers.documents.kinds import KINDS
from fourgates.web import access, looks, posted
from fourgates.web import papers as papers_of
from fourgates.web.access import key
from fourgates.web.api.reading import AT, LIMIT, OFFSET
from fourgates.web.api.shapes import NO, Departure, departure
from fourgates.web.leaving import DOCX
from fourgates.web.models import Look
from fourgates.web.roles import COUNTY
from fourgates.web.views import (
    county,
    documents,
    notice,
    objection,
    rehearsal,
    supervision,
)
from fourgates.web.views import looks as looking

watched = Router(tags=["read"])


class NoticeRow(Schema):
    """A public notice: from which day, to the end of which, ended when, persons, cases and those still open; its clock in words,
    whole hours and working days that are left, and the days between that are not counted."""

    notice: str
    start: date
    last: date
    ended: date | None
    people: list[str]
    cases: int
    open: int
    clock: str
    hours_left: int
    working_days_left: int
    not_counted: list[date]


class CaseRow(Schema):
    """An objection: about whom, of which category, since when, by when, what was found, how far it is. Nobody's name is in it."""

    case: str
    person: str
    category: str
    day: date
    due: date
    upheld: bool | None
    answered: date | None
    state: str


class Whole(CaseRow):
    """A case with whose it is, the ground of its finding and the answer; what it says itself is told on its page alone."""

    owner: str
    ground: str
    answer: str


class Lapsed(Schema):
    """What went wrong in a rehearsal: by which rule, where, by when it had to be done (null: no day is set), what, and how to
    keep it from happening."""

    rule: str
    unit: str
    day: date | None
    what: str
    mend: str


class Held(Schema):
    """A step of a committee: its first day (null: not held), and whether it departs from the procedure."""

    step: str
    first: date | None
    deviates: bool


class Steps(Schema):
    """A committee with its steps, in their order."""

    committee: str
    steps: list[Held]


class Question(Schema):
    """What a supervisor may ask about: the sentence, what could explain it, the first entries it was seen in."""

    sentence: str
    explanations: list[str]
    entries: list[int]


class Looked(Schema):
    """A look at a masked number: when, who, whose (empty: everybody's), why; never the number."""

    at: datetime
    who: str
    person: str
    reason: str


class Paper(Schema):
    """A kind of document, and what there is one for now: key and name of each."""

    kind: str
    title: str
    signed: bool
    about: list[tuple[str, str]]


@watched.get("/s/{slug}/notices", response={200: list[NoticeRow], **NO}, summary=mark("公示"))
def notices(request: HttpRequest, slug: str, at: int | None = AT) -> list[NoticeRow]:
    """The notices with their clocks."""
    del at
    room = access.as_page(request, slug, notice.notices)
    now, days = posted.moment(room), posted.calendar(room.facts)
    clocks = {name: posted.clock(one, now, days) for name, one in room.facts.notices.items()}
    return [
        NoticeRow(
            notice=name,
            start=one.start,
            last=one.last,
            ended=one.ended,
            people=list(one.people),
            cases=len(posted.cases(room, name)),
            open=len(oversight.open_cases(room.facts, name)),
            clock=clocks[name].said,
            hours_left=clocks[name].hours,
            working_days_left=clocks[name].left,
            not_counted=[day for day, _why in clocks[name].off],
        )
        for name, one in room.facts.notices.items()
    ]


@watched.get(
    "/s/{slug}/notices/{name}/cases", response={200: list[CaseRow], **NO}, summary=mark("一次公示的异议")
)
def cases(request: HttpRequest, slug: str, name: str, at: int | None = AT) -> list[CaseRow]:
    """The objections to a notice; never from whom they came, nor what they say."""
    del at
    room = access.as_page(request, slug, notice.notice)
    posted.posted(room, name)
    return [_case(case, one) for case, one in posted.cases(room, name).items()]


def _case(case: str, one: Case) -> CaseRow:
    return CaseRow(
        case=case,
        person=one.person,
        category=one.category,
        day=one.day,
        due=one.due,
        upheld=one.upheld,
        answered=one.answered,
        state=posted.state(one),
    )


@watched.get("/s/{slug}/notices/{name}/cases/{case}", response={200: Whole, **NO}, summary=mark("一件异议"))
def case(request: HttpRequest, slug: str, name: str, case: str, at: int | None = AT) -> Whole:
    """One objection, with what was found on which ground and what was answered."""
    del at
    room = access.as_page(request, slug, objection.case)
    one = objection.open_case(room, name, case)
    said = objection.written(room, case, one)
    return Whole(**_case(case, one).dict(), owner=said.owner, ground=said.ground, answer=said.answer)


@watched.get("/s/{slug}/deviations", response={200: list[Departure], **NO}, summary=mark("不合程序的地方"))
def deviations(request: HttpRequest, slug: str, at: int | None = AT) -> list[Departure]:
    """Where committees depart from the procedure and nothing can come in any more to settle it."""
    del at
    room = access.as_page(request, slug, supervision.supervision)
    return [
        departure(one.unit.name, found) for one in county.settled(room).values() for found in one.deviations
    ]


@watched.get("/s/{slug}/steps", response={200: list[Steps], **NO}, summary=mark("各党（工）委的环节"))
def steps(request: HttpRequest, slug: str, at: int | None = AT) -> list[Steps]:
    """Every committee with the first day of each step."""
    del at
    room = access.as_page(request, slug, supervision.steps)
    return [
        Steps(
            committee=one.unit.name,
            steps=[Held(step=each.word, first=each.first, deviates=each.deviates) for each in one.steps],
        )
        for one in county.settled(room).values()
    ]


@watched.get("/s/{slug}/rehearsal", response={200: list[Lapsed], **NO}, summary=mark("演练里出的问题"))
def lapsed(request: HttpRequest, slug: str, at: int | None = AT) -> list[Lapsed]:
    """What was not done, done late or done wrong until the day of the selection's clock."""
    del at
    room = access.as_page(request, slug, rehearsal.page)
    return [
        Lapsed(
            rule=one.rule,
            unit=one.unit,
            day=one.day,
            what=mending.told(one),
            mend=mending.prevented(one),
        )
        for one in rehearsal.lapsed(room)
    ]


@watched.get("/s/{slug}/questions", response={200: list[Question], **NO}, summary=mark("值得问一问的"))
def questions(request: HttpRequest, slug: str, at: int | None = AT) -> list[Question]:
    """What the entries make one ask, with what could explain it: questions, never accusations."""
    del at
    room = access.as_page(request, slug, supervision.supervision)
    return [
        Question(sentence=one.sentence, explanations=list(one.explanations), entries=list(one.entries))
        for one in supervision.asked(room)
    ]


@watched.get("/s/{slug}/looks", response={200: list[Looked], **NO}, summary=mark("查看号码的记录"))
def looked(
    request: HttpRequest, slug: str, limit: int = LIMIT, offset: int = OFFSET, at: int | None = AT
) -> list[Looked]:
    """Who looked at whose masked number and why, the newest first."""
    del at
    room = access.as_page(request, slug, looking.log)
    found = Look.objects.filter(selection=room.row).select_related("user", "selection").order_by("-at", "-pk")
    return [
        Looked(at=one.at, who=str(one.user), person=one.person, reason=looks.reason(one))
        for one in found[offset : offset + limit]
    ]


@watched.get("/s/{slug}/documents", response={200: list[Paper], **NO}, summary=mark("文书"))
def papers(request: HttpRequest, slug: str, at: int | None = AT) -> list[Paper]:
    """The kinds of documents that the token's owner may have, with what there is one for now."""
    del at
    room = access.as_page(request, slug, documents.documents)
    ground = Ground(room.state, room.names, room.report)
    return [
        Paper(
            kind=kind.key,
            title=_(kind.title),
            signed=bool(kind.signed),
            about=[(key(each), room.names.name(each)) for each in papers_of.subjects(room, kind, ground)],
        )
        for kind in KINDS
        if room.has(COUNTY) or kind.key in papers_of.OWN
    ]


@watched.get(
    "/s/{slug}/documents/{kind}/{about}",
    response={200: bytes, **NO},
    summary=mark("一份文书"),
    openapi_extra={"responses": {200: {"description": "A .docx", "content": {DOCX: {}}}}},
)
def paper(request: HttpRequest, slug: str, kind: str, about: str, at: int | None = AT) -> HttpResponse:
    """One document, the same file as on the page."""
    del at
    return access.answer(request, slug, documents.document, kind, about)
