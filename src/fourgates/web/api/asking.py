"""What machines may read of what departments are asked, and their replies in (接口·征求意见): clocks, letters, answers, bars."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Field, File, Router, Schema
from ninja.files import UploadedFile

from fourgates.errors import Refused
from fourgates.i18n import mark
from fourgates.web import access, replies, uploads
from fourgates.web.api.acting import ONCE, meant, offered
from fourgates.web.api.reading import AT, called
from fourgates.web.api.shapes import NO, Digest, No, Numbered, Text, Word
from fourgates.web.leaving import DOCX, XLSX, ZIP
from fourgates.web.replies import WHY
from fourgates.web.roles import COUNTY, DEPARTMENT
from fourgates.web.views import concern, consultation, county, department

asking = Router(tags=["departments"])
FILE: Any = File(  # type: ignore[type-arg]  # its shape is in what it is given
    ..., description="A PDF, a picture, a document or a workbook; its name is not kept."
)


class Answer(Schema):
    """A department's answer on one person; no word while there is none."""

    person: str
    name: str
    committee: str
    word: str
    day: date | None
    note: str


class Reply(Schema):
    """An answer on one person of the department's list, by id or by citizen number: the word of the rulebook, the day, an
    explanation."""

    person: Digest
    word: Word
    day: date | None = None
    note: Text = ""


class Replies(Schema):
    """Answers of a department; those on other persons stay as they were."""

    opinions: Annotated[list[Reply], Field(max_length=2000)]


class Clock(Schema):
    """A department: asked when, due when (null: not asked), about how many, answered how many, whether the day is over."""

    department: str
    asked: date | None
    due: date | None
    people: int
    answered: int
    late: bool


class Bar(Schema):
    """A bar against a person: whether it stands, told when, answered when, reviewed how, lifted when."""

    bar: str
    stands: bool
    told: date | None
    answered: date | None
    outcome: str
    lifted: date | None


@asking.get("/s/{slug}/clocks", response={200: list[Clock], **NO}, summary=mark("各部门和期限"))
def clocks(request: HttpRequest, slug: str, at: int | None = AT) -> list[Clock]:
    """The departments: asked when, due when, answered of how many. Silence is no answer."""
    del at
    room = access.as_page(request, slug, consultation.consultation)
    return [
        Clock(
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


@asking.get(
    "/s/{slug}/departments/{name}", response={200: list[Answer], **NO}, summary=mark("一个部门的答复")
)
def answers(request: HttpRequest, slug: str, name: str, at: int | None = AT) -> list[Answer]:
    """Everybody on a department's list, with what it answered."""
    del at
    room = access.as_page(request, slug, department.department)
    name = room.department(name)
    given = replies.answers(room, name)
    notes = room.written(*(one.note for one in given.values()))
    members = room.facts.roster().members
    return [
        Answer(
            person=id_,
            name=called(room.names, id_),
            committee=room.tree.committee_of(members[id_].branch),
            word=one.word if one else "",
            day=one.day if one else None,
            note=notes.get(one.note, "") if one else "",
        )
        for id_ in replies.listed(room, name)
        for one in [given.get(id_)]
    ]


@asking.post(
    "/s/{slug}/departments/{name}/replies", response={200: Numbered, **NO}, summary=mark("部门答复报送")
)
def reply(request: HttpRequest, slug: str, name: str, told: Replies, once: str = ONCE) -> Numbered:
    """Enter a department's answers; those on persons it says nothing of stay as they were."""
    room = access.enter(request, slug, (COUNTY, DEPARTMENT))
    name = room.department(name)
    before, own = replies.answers(room, name), set(replies.listed(room, name))
    said = []
    for one in told.opinions:
        id_ = listed(room, one.person, own)
        if replies.unexplained(room, one.word, one.note, before[id_].word if id_ in before else ""):
            raise Refused("8.15", WHY)
        said.append(replies.Said(id_, one.word, one.day, one.note, str(room.user)))
    return offered(room, replies.event(room, name, said), "", once)


def listed(room: access.Room, person: str, own: set[str]) -> str:
    """Whom a department means; ``Refused`` (8.8) where that is nobody of its ``own`` list, so that whoever tries numbers learns
    nothing of anybody else."""
    id_ = meant(room, person, own)
    if not id_:
        raise Refused("8.8", "“{who}”不在给这个部门的名单里", who=person[:4] + "…")
    return id_


@asking.post(
    "/s/{slug}/departments/{name}/people/{id_}/file",
    response={200: Numbered, 413: No, **NO},
    summary=mark("附件报送"),
)
def enclose(request: HttpRequest, slug: str, name: str, id_: str, file: UploadedFile = FILE) -> Numbered:
    """Enter the file that goes with an answer, instead of the one before; no entry where the same stands."""
    room = access.enter(request, slug, (COUNTY, DEPARTMENT))
    name = room.department(name)
    person = listed(room, id_, set(replies.listed(room, name)))
    claim = replies.enclosed(room, name, person, uploads.enclosed(file))
    return offered(room, claim, "", "") if claim else Numbered(entries=[])


@asking.get(
    "/s/{slug}/departments/{name}/letter.docx",
    response={200: bytes, **NO},
    summary=mark("给部门的征求意见函"),
    openapi_extra={"responses": {200: {"description": "A .docx", "content": {DOCX: {}}}}},
)
def letter(request: HttpRequest, slug: str, name: str, at: int | None = AT) -> HttpResponse:
    """The letter to a department, the same file as on the page."""
    del at
    return access.answer(request, slug, department.letter, name)


@asking.get(
    "/s/{slug}/departments/{name}/people/{id_}/file",
    response={200: bytes, **NO},
    summary=mark("随答复交来的附件"),
    openapi_extra={"responses": {200: {"description": "A file", "content": {"application/pdf": {}}}}},
)
def enclosure(request: HttpRequest, slug: str, name: str, id_: str, at: int | None = AT) -> HttpResponse:
    """The file that came with an answer, the same as on the page; 404 where none did, or it is gone."""
    del at
    return access.answer(request, slug, department.enclosure, name, id_)


@asking.get(
    "/s/{slug}/departments/{name}/reply.xlsx",
    response={200: bytes, **NO},
    summary=mark("给部门的回函表"),
    openapi_extra={"responses": {200: {"description": "An .xlsx", "content": {XLSX: {}}}}},
)
def blank(request: HttpRequest, slug: str, name: str, at: int | None = AT) -> HttpResponse:
    """The workbook to answer on, with the numbers of its own list; that they were given out is noted."""
    del at
    return access.answer(request, slug, department.blank, name)


@asking.get(
    "/s/{slug}/letters.zip",
    response={200: bytes, **NO},
    summary=mark("全部征求意见函和回函表"),
    openapi_extra={"responses": {200: {"description": "A .zip", "content": {ZIP: {}}}}},
)
def letters(request: HttpRequest, slug: str, at: int | None = AT) -> HttpResponse:
    """Every letter and every workbook to answer on, in one archive."""
    del at
    return access.answer(request, slug, consultation.every_letter)


@asking.get("/s/{slug}/concerns/{id_}", response={200: list[Bar], **NO}, summary=mark("一个人的否决情形"))
def bars(request: HttpRequest, slug: str, id_: str, at: int | None = AT) -> list[Bar]:
    """What stands against somebody sent up, and what passed with the person; never who reported it."""
    del at
    room = access.as_page(request, slug, concern.concern)
    id_ = concern.sent_up(room, id_)
    found = [concern.standing(room, id_, bar) for bar in concern.bars(room, id_)]
    return [
        Bar(
            bar=one.bar,
            stands=one.stands,
            told=one.concern.told if one.concern else None,
            answered=one.concern.answered if one.concern else None,
            outcome=(one.concern.outcome or "") if one.concern else "",
            lifted=one.lifted.day if one.lifted else None,
        )
        for one in found
    ]
