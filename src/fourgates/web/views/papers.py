"""Workbooks in (表册): upload, see what would be recorded row by row, confirm; and the county folder to take away."""

from __future__ import annotations

import io
import zipfile
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone

from fourgates.errors import Refused
from fourgates.i18n import _, mark
from fourgates.papers import stamp
from fourgates.papers.importing.preview import CHANGED, FAULTY, NEW, UNCHANGED
from fourgates.papers.importing.rows import GONE, Compared
from fourgates.papers.problems import Problem
from fourgates.web import access, cabinet, importing, jobs, leaving, listing, looks, uploads
from fourgates.web.access import Room
from fourgates.web.leading import lead
from fourgates.web.listing import Head, Listing, Row, cell
from fourgates.web.models import Job
from fourgates.web.roles import COUNTY

LOOK, ENTER = "look", "enter"
SHOWN = 500
"""Entries to come that a page names."""


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
        "files": files(room, job, found) if found else None,
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
            "leads": [(name, lead(room, {stamp.SELECTION: other})) for name, other in found.others]
            if found
            else [],
            "counted": any(found.counts.values()) if found else False,
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
    content = cabinet.beside(one(room, number), cabinet.RETURNED)
    if content is None:
        raise Http404
    looks.note(room, [looks.EVERYBODY], "退改的表册")
    return leaving.attached(content, f"{_('退改的表册')}.zip")


@access.page(COUNTY)
def taken_away(room: Room) -> HttpResponse:
    """The county folder as it was last taken in; it holds citizen numbers, so it is the county office's alone."""
    held = cabinet.kept(room.row)
    if not held:
        raise Http404
    looks.note(room, [looks.EVERYBODY], "县级文件夹")
    return leaving.attached(packed(held), f"{_('县级文件夹')}.zip")


def packed(files: Mapping[str, bytes]) -> bytes:
    """Files in one archive."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in files.items():
            made.writestr(name, content)
    return out.getvalue()


def one(room: Room, number: int) -> Job:
    """An upload of this selection; 404 where there is none of that number."""
    job = room.row.jobs.filter(pk=number, kind__in=(LOOK, ENTER)).select_related("selection", "user").first()
    if job is None:
        raise Http404
    return job


# --- the tables of a preview --------------------------------------------------------------------------------------


STATES: Mapping[str, str] = {
    NEW: mark("新增"),
    CHANGED: mark("更新"),
    UNCHANGED: mark("不变"),
    FAULTY: mark("有错"),
    GONE: mark("没再列"),
}


def files(room: Room, job: Job, found: cabinet.Found) -> Listing:
    """Every file of the upload with its place in the county folder, and how many rows it has of each state."""
    states = {
        "new": _("新交来"),
        "changed": _("有变化"),
        "unchanged": _("与上次一样"),
        "unplaced": _("不知道是哪份表，没有用"),
    }
    words = (*(_(word) for word in STATES.values()), _("问题"))
    heads = [Head(_("上传的文件")), Head(_("当作")), Head(_("状态")), Head(_("行数"), "number")]
    heads += [Head(word, "number") for word in words]
    made = []
    for one in found.seen:
        counts = found.counts.get(one.file, {})
        read = sum(count for state, count in counts.items() if state != GONE)

        def opens(state: str, file: str = one.file) -> str:
            return room.to("upload-rows", str(job.pk), file=file, state=state)

        made.append(
            Row(
                [
                    cell(one.name),
                    cell(one.file, where=opens("") if counts else ""),
                    cell(states[one.state]),
                    cell(read if counts else None, opens(""), kind="number"),
                    *(
                        cell(counts.get(state, 0) if counts else None, opens(state), kind="number")
                        for state in STATES
                    ),
                    cell(one.faults, kind="number"),
                ],
                "late" if one.faults else "",
            )
        )
    return Listing(_("这次上传的文件"), heads, made)


@access.page(COUNTY)
def every_row(room: Room, number: int) -> HttpResponse:
    """Every row of an upload, or of one file, of one state: what stands, what would stand, what is wrong and how to mend it."""
    job, asked = one(room, number), room.request.GET
    found = cabinet.found(job)
    file, state = asked.get("file", ""), asked.get("state", "")
    every = found.counts if found else {}
    table = listing.arranged(room.request, lined(chosen(job, file, state)))
    if listing.wanted(room.request):
        return listing.workbook(table)
    counts = Counter[str]()
    for name, own in every.items():
        counts.update(own if file in ("", name) else {})
    where = room.to("upload", str(job.pk))
    return render(
        room.request,
        "papers/rows.html",
        {
            "table": table,
            "job": job,
            "file": file,
            "state": state,
            "files": list(every),
            "states": [(one, _(word), counts[one]) for one, word in STATES.items()],
            "read": counts.total() - counts[GONE],
            "trail": [(_("表册"), room.to("papers")), (_("这一次上传"), where), (_("逐行"), "")],
        },
    )


def chosen(job: Job, file: str, state: str) -> list[Compared]:
    """The rows of an upload, of one file and of one state where these are named."""
    return [line for line in cabinet.rows(job) if file in ("", line.file) and state in ("", line.state)]


def lined(lines: Sequence[Compared]) -> Listing:
    """Rows of forms, one a row."""
    words = (
        _("文件"), _("行"), _("姓名或者党组织"), _("公民身份号码"), _("党组织"), _("状态"), _("哪些格"), _("问题和改法"),
    )  # fmt: skip

    def made(place: str) -> Row:
        line = lines[int(place)]
        changes = "；".join(
            f"{each.heading} {each.old or _('（空）')} → {each.new or _('（空）')}" for each in line.changes
        )
        told = (line.file, line.row, line.name, line.number, line.unit, _(STATES[line.state]), changes)
        kind = "late" if line.state == FAULTY else ""
        return Row([*map(cell, told), cell("；".join(line.wrong))], kind)

    rows = listing.Rows([str(place) for place in range(len(lines))], made)
    return Listing(_("逐行预览"), list(map(Head, words)), rows)


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
        for one in problems
    ]
    return Listing(_("要改的地方"), heads, rows)


urlpatterns = [
    path("papers/", papers, name="papers"),
    path("papers/upload/", upload, name="hand-in"),
    path("papers/folder.zip", taken_away, name="folder"),
    path("papers/<int:number>/", seen, name="upload"),
    path("papers/<int:number>/rows/", every_row, name="upload-rows"),
    path("papers/<int:number>/confirm/", confirm, name="take-in"),
    path("papers/<int:number>/drop/", drop, name="throw-away"),
    path("papers/<int:number>/stop/", halt, name="halt"),
    path("papers/<int:number>/returned.zip", books, name="books"),
]
