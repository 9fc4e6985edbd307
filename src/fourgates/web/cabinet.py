"""The county folder of a selection (表册柜): kept sealed as it was last taken in, with what is waiting and what it came to."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from fourgates.papers.importing.preview import Line, Totals
from fourgates.papers.problems import Problem
from fourgates.web import sealing
from fourgates.web.models import Job, Paper, Selection

RETURNED = "returned.zip"


class Planned(msgspec.Struct, frozen=True):
    """One entry that would be written: what it is about, the sentence, what it changes, and how (new, changed, withdrawn)."""

    sentence: str
    changed: str
    state: str


class Seen(msgspec.Struct, frozen=True):
    """One file of the upload: the name it came under, its place in the county folder (empty: none), how it differs from the
    one before (new, changed, unchanged), rows at fault."""

    name: str
    file: str
    state: str
    faults: int = 0


class Found(msgspec.Struct, frozen=True):
    """What an upload comes to: ``n`` entries stood when it was looked at; ``key`` makes the ids; ``print_`` is the digest of
    everything that would be recorded; ``missing``: forms that were never handed in."""

    n: int
    key: str
    print_: str
    seen: tuple[Seen, ...] = ()
    planned: tuple[Planned, ...] = ()
    results: int = 0
    problems: tuple[Problem, ...] = ()
    oddities: tuple[Problem, ...] = ()
    lines: tuple[Line, ...] = ()
    totals: Mapping[str, Totals] = {}
    missing: tuple[str, ...] = ()


class Asked(msgspec.Struct, frozen=True):
    """What whoever uploads says of it: whose roster it is, where it does not say so itself."""

    committee: str = ""


def about(row: Selection, kind: str, name: object) -> str:
    """What a sealed value is bound to."""
    return f"{row.pk}/{kind}/{name}"


def stage(job: Job, files: Mapping[str, bytes]) -> None:
    """Keep uploaded files with their job, sealed."""
    Paper.objects.bulk_create(
        Paper(
            selection=job.selection,
            job=job,
            file=name,
            content=sealing.seal(content, about(job.selection, "waiting", f"{job.pk}/{name}")),
        )
        for name, content in files.items()
    )


def waiting(job: Job) -> dict[str, bytes]:
    """The files of an upload by the names they came under."""
    return {
        one.file: sealing.opened(one.content, about(job.selection, "waiting", f"{job.pk}/{one.file}"))
        for one in job.papers.exclude(file=RETURNED)
    }


def kept(row: Selection) -> dict[str, bytes]:
    """The county folder as it was last taken in: path → content."""
    return {
        one.file: sealing.opened(one.content, about(row, "kept", one.file))
        for one in row.papers.filter(job=None)
    }


def found(job: Job) -> Found | None:
    """What the upload came to; ``None`` before it was looked at."""
    if job.kept is None:
        return None
    content = sealing.opened(job.kept, about(job.selection, "found", job.pk))
    return msgspec.json.decode(content, type=Found)


def coloured(job: Job) -> bytes | None:
    """The faulty workbooks, coloured and commented, in one archive; ``None`` where none is faulty."""
    one = job.papers.filter(file=RETURNED).first()
    if one is None:
        return None
    return sealing.opened(one.content, about(job.selection, "waiting", f"{job.pk}/{RETURNED}"))


def keep(job: Job, what: Found) -> None:
    """Keep what an upload came to, sealed."""
    job.kept = sealing.seal(msgspec.json.encode(what), about(job.selection, "found", job.pk))
    job.save(update_fields=["kept"])


def put_away(job: Job, placed: Mapping[str, bytes]) -> None:
    """Keep the papers of an upload as those that were last taken in, and nothing of the upload itself."""
    row = job.selection
    Paper.objects.filter(selection=row, job=None, file__in=list(placed)).delete()
    Paper.objects.bulk_create(
        Paper(selection=row, file=file, content=sealing.seal(content, about(row, "kept", file)))
        for file, content in placed.items()
    )
    job.papers.exclude(file=RETURNED).delete()
