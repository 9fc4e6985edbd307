"""Workbooks in (表册): upload, see what would be recorded row by row, confirm; and the county folder to take away."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import replace
from urllib.parse import quote

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone

from fourgates.errors import Refused
from fourgates.i18n import _
from fourgates.papers.importing.preview import Line
from fourgates.papers.problems import Problem
from fourgates.web import access, cabinet, importing, jobs, listing, looks, uploads
from fourgates.web.access import Room
from fourgates.web.listing import Cell, Head, Listing, Row, cell
from fourgates.web.models import Job
from fourgates.web.roles import COUNTY

LOOK, ENTER = "look", "enter"
SHOWN = 500
"""Rows of each kind that a page shows."""


@access.page(COUNTY)
def papers(room: Room) -> HttpResponse:
    """Where workbooks are handed in, and what the county folder holds."""
    held = listing.arranged(room.request, folder(room))
    if listing.wanted(room.request):
        return listing.workbook(held)
    committees = room.tree.committees() if room.facts.tree is not None else []
    return render(
        room.request,
        "papers/papers.html",
        {
            "table": held,
            "acts": room.at is None,
            "jobs": room.row.jobs.filter(kind__in=(LOOK, ENTER)).select_related("user")[:10],
            "committees": [unit.name for unit in committees],
            "largest": uploads.LARGEST >> 20,
            "together": uploads.TOGETHER >> 20,
            "most": uploads.MOST,
            "trail": [(_("表册"), "")],
        },
    )


def folder(room: Room) -> Listing:
    """The workbooks as they were last taken in."""
    heads = [Head(_("表册")), Head(_("收到的时间"))]
    held = room.row.papers.filter(job=None).values_list("file", "made")
    rows = [
        Row([cell(file), cell(timezone.localtime(made).strftime("%Y-%m-%d %H:%M"))]) for file, made in held
    ]
    return Listing(_("县级文件夹"), heads, rows)


@access.act(COUNTY)
def upload(room: Room) -> HttpResponse:
    """Take files in to be looked at; nothing is recorded."""
    files = uploads.files(room.request.FILES.getlist("files"))
    committee = room.request.POST.get("committee", "")
    if committee and committee not in {unit.name for unit in room.tree.committees()}:
        raise Http404
    job = jobs.opened(room.row, room.user, LOOK, committee=committee)
    cabinet.stage(job, files)
    jobs.begin(job, importing.look)
    return redirect(room.to("upload", str(job.pk)))


@access.page(COUNTY)
def seen(room: Room, number: int) -> HttpResponse:
    """What an upload comes to: how far it is read, then what would be recorded, and every fault with its place."""
    job = one(room, number)
    found = cabinet.found(job)
    problems = listing.arranged(room.request, faults(found.problems if found else ()))
    others = {
        "files": files(found) if found else None,
        "rosters": rosters(found.lines) if found and found.lines else None,
        "totals": totals(found) if found and found.totals else None,
        "oddities": replace(faults(found.oddities), name=_("提示")) if found and found.oddities else None,
    }
    if listing.wanted(room.request):
        return listing.workbook(problems, *(one for one in others.values() if one is not None))
    result = job.result or {}
    return render(
        room.request,
        "papers/upload.html",
        {
            "job": job,
            "under_way": job.state in jobs.UNDER_WAY,
            "found": found,
            "entered": result.get("entered"),
            "recorded": result.get("recorded"),
            "acts": room.at is None,
            "open": room.at is None
            and found is not None
            and "entered" not in result
            and job.state not in jobs.UNDER_WAY,
            "planned": found.planned[:SHOWN] if found else (),
            **others,
            "export": problems.export,
            "table": problems if problems.rows else None,
            "books": job.papers.filter(file=cabinet.RETURNED).exists(),
            "trail": [(_("表册"), room.to("papers")), (_("这一次上传"), "")],
        },
    )


@access.act(COUNTY)
def confirm(room: Room, number: int) -> HttpResponse:
    """Record what was seen."""
    confirmed(one(room, number))
    return redirect(room.to("upload", str(number)))


def confirmed(job: Job) -> Job:
    """An upload being recorded; ``Refused`` (F.9) before it was looked at and after it was recorded."""
    if job.state in jobs.UNDER_WAY or cabinet.found(job) is None or "entered" in (job.result or {}):
        raise Refused("F.9", "还没有预览，或者已经记入")
    job.kind = ENTER
    return jobs.begin(job, importing.enter)


@access.act(COUNTY)
def drop(room: Room, number: int) -> HttpResponse:
    """Throw an upload away, with its files."""
    dropped(one(room, number))
    return redirect(room.to("papers"))


@access.act(COUNTY)
def halt(room: Room, number: int) -> HttpResponse:
    """Let the reading or recording of an upload end before anything is recorded."""
    jobs.stop(one(room, number))
    return redirect(room.to("upload", str(number)))


def dropped(job: Job) -> None:
    """Throw away an upload; ``Refused`` (F.9) while it is worked on and after it was recorded."""
    if job.state in jobs.UNDER_WAY or not {"entered", "recorded"}.isdisjoint(job.result or {}):
        raise Refused("F.9", "正在办，或者已经记入")
    job.delete()


@access.page(COUNTY)
def books(room: Room, number: int) -> HttpResponse:
    """The faulty workbooks coloured and commented, with the list of what is wrong."""
    content = cabinet.coloured(one(room, number))
    if content is None:
        raise Http404
    looks.note(room, [looks.EVERYBODY], "退改的表册")
    return archive(content, _("退改的表册"))


@access.page(COUNTY)
def taken_away(room: Room) -> HttpResponse:
    """The county folder as it was last taken in; it holds citizen numbers, so it is the county office's alone."""
    held = cabinet.kept(room.row)
    if not held:
        raise Http404
    looks.note(room, [looks.EVERYBODY], "县级文件夹")
    return archive(packed(held), _("县级文件夹"))


def packed(files: Mapping[str, bytes]) -> bytes:
    """Files in one archive."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in files.items():
            made.writestr(name, content)
    return out.getvalue()


def archive(content: bytes, name: str) -> HttpResponse:
    """An archive to take away."""
    response = HttpResponse(content, content_type="application/zip")
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}.zip"
    return response


def one(room: Room, number: int) -> Job:
    """An upload of this selection; 404 where there is none of that number."""
    job = room.row.jobs.filter(pk=number, kind__in=(LOOK, ENTER)).select_related("selection", "user").first()
    if job is None:
        raise Http404
    return job


# --- the tables of a preview --------------------------------------------------------------------------------------


def files(found: cabinet.Found) -> Listing:
    """Every file of the upload with its place in the county folder."""
    states = {
        "new": _("新交来"),
        "changed": _("有变化"),
        "unchanged": _("与上次一样"),
        "unplaced": _("不知道是哪份表，没有用"),
    }
    heads = [Head(_("上传的文件")), Head(_("当作")), Head(_("状态")), Head(_("问题"), "number")]
    rows = [
        Row(
            [cell(one.name), cell(one.file), cell(states[one.state]), cell(one.faults)],
            "late" if one.faults else "",
        )
        for one in found.seen
    ]
    return Listing(_("这次上传的文件"), heads, rows)


def faults(problems: Iterable[Problem]) -> Listing:
    """Every fault with its place, what was read, what is wrong and how to mend it."""
    heads = [Head(_(word)) for word in ("文件", "行", "列", "读到", "问题", "怎么改")]
    rows = [
        Row(
            [
                cell(part)
                for part in (one.place.file, one.place.row, one.place.column, one.read, one.wrong, one.mend)
            ]
        )
        for one in list(problems)[:SHOWN]
    ]
    return Listing(_("要改的地方"), heads, rows)


def rosters(lines: Iterable[Line]) -> Listing:
    """Rows of rosters that are new, changed or faulty, cell by cell."""
    states = {"new": _("新增"), "changed": _("更新"), "faulty": _("有错")}
    heads = [Head(_(word)) for word in ("姓名", "公民身份号码", "所在党支部", "文件", "行", "状态", "哪些格")]
    rows = []
    for line in lines:
        cells = "；".join(f"{one.heading} {one.old or _('（空）')} → {one.new}" for one in line.changes)
        said = "；".join(line.wrong) or cells
        row = [line.name, line.number, line.branch, line.file, line.row, states.get(line.state, ""), said]
        rows.append(Row([cell(part) for part in row], "late" if line.state == "faulty" else ""))
    return Listing(_("党员名册逐行"), heads, rows)


def totals(found: cabinet.Found) -> Listing:
    """Rows of rosters by state, one committee a row."""
    words = ("行数", "新增", "更新", "不变", "有错", "现有而未列")
    heads = [Head(_("党委")), *(Head(_(word), "number") for word in words)]
    rows = [
        Row(
            [
                cell(name),
                *(
                    Cell(number, str(number), kind="number")
                    for number in (one.rows, one.new, one.changed, one.unchanged, one.faulty, one.absent)
                ),
            ]
        )
        for name, one in found.totals.items()
    ]
    return Listing(_("名册合计"), heads, rows)


urlpatterns = [
    path("papers/", papers, name="papers"),
    path("papers/upload/", upload, name="hand-in"),
    path("papers/folder.zip", taken_away, name="folder"),
    path("papers/<int:number>/", seen, name="upload"),
    path("papers/<int:number>/confirm/", confirm, name="take-in"),
    path("papers/<int:number>/drop/", drop, name="throw-away"),
    path("papers/<int:number>/stop/", halt, name="halt"),
    path("papers/<int:number>/returned.zip", books, name="books"),
]
