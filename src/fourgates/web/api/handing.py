"""What machines may hand in and take away of workbooks (接口·表册): looked at first, recorded once confirmed, as on the pages."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from ninja import File, Form, Query, Router, Schema
from ninja.files import UploadedFile

from fourgates import identity
from fourgates.i18n import mark
from fourgates.papers.problems import Problem
from fourgates.web import access, cabinet, importing, jobs, uploads
from fourgates.web.access import Room
from fourgates.web.api.acting import ONCE
from fourgates.web.api.reading import LIMIT, OFFSET
from fourgates.web.api.shapes import NO, Far, No, far
from fourgates.web.models import Job
from fourgates.web.roles import COUNTY
from fourgates.web.views import papers

handing = Router(tags=["workbooks"])
FILES: Any = File(  # type: ignore[type-arg]  # its shape is in what it is given
    ..., description="Workbooks (.xlsx), rosters made elsewhere, plan.toml, or archives (.zip) of them."
)
COMMITTEE: Any = Form(  # type: ignore[type-arg]  # its shape is in what it is given
    "",
    max_length=200,
    description="The name of the committee whose roster it is, where the file does not say.",
)
FILE: Any = Query(  # type: ignore[type-arg]  # its shape is in what it is given
    "", max_length=300, description="Of this file alone: its place in the county folder."
)
STATE: Any = Query(  # type: ignore[type-arg]  # its shape is in what it is given
    "", max_length=20, description="Of this state alone: new, changed, unchanged, faulty, gone."
)
ZIP: Any = {"responses": {200: {"description": "A .zip", "content": {"application/zip": {}}}}}
_NUMBER = re.compile(r"[0-9]{11,}[0-9Xx]?")


class Sheet(Schema):
    """A file of an upload: the name it came under, its place in the county folder (empty: none), how it differs from the one
    before (new, changed, unchanged, unplaced), and its faults."""

    name: str
    file: str
    state: str
    faults: int


class Coming(Schema):
    """An entry that would be recorded: as the log will tell it, what it changes, and how (new, changed, withdrawn)."""

    sentence: str
    changed: str
    state: str


class Cells(Schema):
    """A cell that would change: the heading, what stands, what would stand (numbers masked)."""

    heading: str
    old: str
    new: str


class PaperRow(Schema):
    """A row of an uploaded form: the file, the row as Excel numbers it, its state (new, changed, unchanged, faulty; gone: it
    stood before and does not any more), whom or what it is about, which cells change, what is wrong and how to mend it."""

    file: str
    row: int
    state: str
    name: str
    number: str
    unit: str
    changes: list[Cells]
    wrong: list[str]


class Fault(Schema):
    """What is wrong, or only odd: the file, the row as Excel numbers it (null: the whole file), the column, what was read
    (numbers masked), what is wrong with it, how to mend it."""

    file: str
    row: int | None
    column: str
    read: str
    wrong: str
    mend: str


class Upload(Far):
    """An upload of workbooks, and once it was looked at what it comes to (null before): files, entries and how many results,
    faults, oddities, forms never handed in; whether faulty workbooks can be fetched; its page."""

    files: list[Sheet] | None
    entries: list[Coming] | None
    results: int | None
    problems: list[Fault] | None
    oddities: list[Fault] | None
    missing: list[str] | None
    returned: bool
    where: str


class Taken(Far):
    """An upload in short: who handed it in, and when."""

    who: str
    at: datetime


class Kept(Schema):
    """A workbook of the county folder as it was last taken in."""

    file: str
    at: datetime


class Cabinet(Schema):
    """The newest uploads, and the workbooks of the county folder."""

    uploads: list[Taken]
    folder: list[Kept]


@handing.get("/s/{slug}/papers", response={200: Cabinet, **NO}, summary=mark("交来的表册"))
def listed(request: HttpRequest, slug: str) -> Cabinet:
    """What was handed in lately, and what the county folder holds."""
    room = access.as_page(request, slug, papers.papers)
    lately = room.row.jobs.filter(kind__in=(papers.LOOK, papers.ENTER)).select_related("user")[:20]
    return Cabinet(
        uploads=[Taken(**far(job).dict(), who=str(job.user), at=job.made) for job in lately],
        folder=[
            Kept(file=one.file, at=one.made) for one in room.row.papers.filter(job=None).defer("content")
        ],
    )


@handing.post("/s/{slug}/papers", response={200: Upload, 413: No, **NO}, summary=mark("交来表册，先看"))
def hand_in(
    request: HttpRequest,
    slug: str,
    files: list[UploadedFile] = FILES,
    committee: str = COMMITTEE,
    once: str = ONCE,
) -> Upload:
    """Take rosters and other workbooks in, as the page does; nothing is recorded before it is confirmed. The same key is the
    same upload."""
    room = access.enter(request, slug, (COUNTY,))
    before = room.row.jobs.filter(user=room.user, result__once=once).first() if once else None
    if before is not None:
        return _upload(request, room, before)
    if committee and committee not in {unit.name for unit in room.tree.committees()}:
        raise Http404
    content = uploads.files(files)
    job = jobs.opened(room.row, room.user, papers.LOOK, committee=committee, once=once)
    cabinet.stage(job, content)
    return _upload(request, room, jobs.begin(job, importing.look))


@handing.get(
    "/s/{slug}/papers/folder.zip",
    response={200: bytes, **NO},
    summary=mark("整个县级文件夹"),
    openapi_extra=ZIP,
)
def folder(request: HttpRequest, slug: str) -> HttpResponse:
    """The county folder as it was last taken in; it holds citizen numbers, is the county office's alone, and is noted."""
    return access.answer(request, slug, papers.taken_away)


@handing.get("/s/{slug}/papers/{number}", response={200: Upload, **NO}, summary=mark("一次上传办到哪一步"))
def seen(request: HttpRequest, slug: str, number: int) -> Upload:
    """How far an upload is read, and what it comes to."""
    room = access.as_page(request, slug, papers.seen)
    return _upload(request, room, papers.one(room, number))


@handing.get(
    "/s/{slug}/papers/{number}/rows", response={200: list[PaperRow], **NO}, summary=mark("一次上传逐行")
)
def rows(
    request: HttpRequest,
    slug: str,
    number: int,
    file: str = FILE,
    state: str = STATE,
    limit: int = LIMIT,
    offset: int = OFFSET,
) -> list[PaperRow]:
    """Every row of an upload that was looked at, against what was taken in before; none before that."""
    room = access.as_page(request, slug, papers.every_row)
    found = papers.chosen(papers.one(room, number), file, state)[offset : offset + limit]
    return [
        PaperRow(
            **{name: getattr(one, name) for name in ("file", "row", "state", "name", "number", "unit")},
            changes=[Cells(heading=each.heading, old=each.old, new=each.new) for each in one.changes],
            wrong=list(one.wrong),
        )
        for one in found
    ]


@handing.get(
    "/s/{slug}/papers/{number}/returned.zip",
    response={200: bytes, **NO},
    summary=mark("退改的表册"),
    openapi_extra=ZIP,
)
def returned(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """The faulty workbooks coloured and commented; 404 where none is faulty. They hold citizen numbers, and it is noted."""
    return access.answer(request, slug, papers.books, number)


@handing.post("/s/{slug}/papers/{number}/confirm", response={200: Upload, **NO}, summary=mark("确认记入"))
def confirm(request: HttpRequest, slug: str, number: int) -> Upload:
    """Record what an upload comes to; nothing where it would be something else by now. Asked again, it is recorded once."""
    room = access.enter(request, slug, (COUNTY,))
    job = papers.one(room, number)
    if job.kind != papers.ENTER or (job.state not in jobs.UNDER_WAY and "entered" not in (job.result or {})):
        job = papers.confirmed(job)
    return _upload(request, room, job)


@handing.delete("/s/{slug}/papers/{number}", response={204: None, **NO}, summary=mark("不要这次上传"))
def drop(request: HttpRequest, slug: str, number: int) -> tuple[int, None]:
    """Throw away an upload that was not recorded, with its files."""
    room = access.enter(request, slug, (COUNTY,))
    papers.dropped(papers.one(room, number))
    return 204, None


def _upload(request: HttpRequest, room: Room, job: Job) -> Upload:
    found = cabinet.found(job)
    return Upload(
        **far(job).dict(),
        files=[Sheet(name=one.name, file=one.file, state=one.state, faults=one.faults) for one in found.seen]
        if found
        else None,
        entries=[Coming(sentence=one.sentence, changed=one.changed, state=one.state) for one in found.planned]
        if found
        else None,
        results=found.results if found else None,
        problems=_faults(found.problems) if found else None,
        oddities=_faults(found.oddities) if found else None,
        missing=list(found.missing) if found else None,
        returned=job.papers.filter(file=cabinet.RETURNED).exists(),
        where=request.build_absolute_uri(room.to("upload", str(job.pk))),
    )


def _faults(problems: Iterable[Problem]) -> list[Fault]:
    return [
        Fault(
            file=one.place.file,
            row=one.place.row,
            column=one.place.column,
            read=_NUMBER.sub(lambda number: identity.masked(number[0]), one.read),
            wrong=one.wrong,
            mend=one.mend,
        )
        for one in problems
    ]
