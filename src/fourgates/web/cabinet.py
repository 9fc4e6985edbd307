"""The county folder of a selection (表册柜): kept sealed as it was last taken in, with what is waiting and what it came to."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from fourgates.papers.importing.rows import Compared
from fourgates.papers.problems import Problem
from fourgates.web import records
from fourgates.web.models import Job, Paper, Selection

RETURNED, ROWS, NAMES = "returned.zip", "rows.json", "names.json"
BESIDE = (RETURNED, ROWS)
"""What lies beside the files of an upload once it was looked at: the workbooks to mend, and every row."""


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
    everything that would be recorded; ``counts``: file → state → rows; ``missing``: forms that were never handed in;
    ``others``: files of another selection, with its id."""

    n: int
    key: str
    print_: str
    seen: tuple[Seen, ...] = ()
    planned: tuple[Planned, ...] = ()
    results: int = 0
    problems: tuple[Problem, ...] = ()
    oddities: tuple[Problem, ...] = ()
    counts: Mapping[str, Mapping[str, int]] = {}
    missing: tuple[str, ...] = ()
    others: tuple[tuple[str, str], ...] = ()


class Asked(msgspec.Struct, frozen=True):
    """What whoever uploads says of it: whose roster it is, where it does not say so itself."""

    committee: str = ""


def about(row: Selection, kind: str, name: object) -> str:
    """What a sealed value is bound to."""
    return f"{row.pk}/{kind}/{name}"


def stage(job: Job, files: Mapping[str, bytes]) -> None:
    """Keep uploaded files with their job, sealed, and so the names they came under: they lie there by number."""
    numbered = {str(n): content for n, content in enumerate(files.values())}
    _lay(job, {**numbered, NAMES: msgspec.json.encode(list(files))})


def waiting(job: Job) -> dict[str, bytes]:
    """The files of an upload by the names they came under."""
    papers = {f"{job.pk}/{one.file}": one for one in job.papers.exclude(file__in=BESIDE)}
    found = _opened(job.selection, "waiting", papers)
    names = msgspec.json.decode(found.pop(NAMES, b"[]"), type=list[str])
    return {names[int(n)]: found[n] for n in sorted(found, key=int)} if names else found


def _lay(job: Job, files: Mapping[str, bytes]) -> None:
    row = job.selection
    rows = {name: about(row, "waiting", f"{job.pk}/{name}") for name in files}
    sealed = _sealed(row, {rows[name]: content for name, content in files.items()})
    Paper.objects.bulk_create(
        Paper(selection=row, job=job, file=name, content=sealed[rows[name]]) for name in files
    )


def kept(row: Selection) -> dict[str, bytes]:
    """The county folder as it was last taken in: path → content."""
    return _opened(row, "kept", {one.file: one for one in row.papers.filter(job=None)})


def _sealed(row: Selection, rows: Mapping[str, bytes]) -> dict[str, bytes]:
    """Rows sealed under the key that all papers of a selection are under: each names many, so they go with any of them."""
    keys = records.keys(row)
    name = keys.papers()
    return keys.seal(rows, lambda _about: name)


def _opened(row: Selection, kind: str, papers: Mapping[str, Paper]) -> dict[str, bytes]:
    """The papers whose key was not destroyed: file → content."""
    keys = records.keys(row)
    found = (
        (one.file, keys.opened(about(row, kind, name), bytes(one.content))) for name, one in papers.items()
    )
    return {file: content for file, content in found if content is not None}


def sweep(row: Selection) -> None:
    """Throw away what nothing opens any more: papers and previews whose key went with somebody."""
    if row.papers.exists() and not kept(row):
        row.papers.all().delete()
        row.jobs.update(kept=None)
        row.said = {}
        row.save(update_fields=["said"])


def found(job: Job) -> Found | None:
    """What the upload came to; ``None`` before it was looked at."""
    if job.kept is None:
        return None
    content = records.keys(job.selection).opened(about(job.selection, "found", job.pk), bytes(job.kept))
    return None if content is None else msgspec.json.decode(content, type=Found)


def lay_beside(job: Job, name: str, content: bytes) -> None:
    """Keep one of ``BESIDE`` with its job, sealed, instead of the one before; nothing where it is empty."""
    job.papers.filter(file=name).delete()
    if content:
        _lay(job, {name: content})


def beside(job: Job, name: str) -> bytes | None:
    """One of ``BESIDE``; ``None`` where there is none."""
    one = job.papers.filter(file=name).first()
    return None if one is None else _opened(job.selection, "waiting", {f"{job.pk}/{name}": one}).get(name)


def rows(job: Job) -> list[Compared]:
    """Every row of an upload that was looked at."""
    content = beside(job, ROWS)
    return msgspec.json.decode(content, type=list[Compared]) if content else []


def keep(job: Job, what: Found) -> None:
    """Keep what an upload came to, sealed."""
    row = about(job.selection, "found", job.pk)
    job.kept = _sealed(job.selection, {row: msgspec.json.encode(what)})[row]
    job.save(update_fields=["kept"])


def put_away(job: Job, placed: Mapping[str, bytes]) -> None:
    """Keep the papers of an upload as those that were last taken in, and nothing of the upload itself."""
    row = job.selection
    sealed = _sealed(row, {about(row, "kept", file): content for file, content in placed.items()})
    Paper.objects.filter(selection=row, job=None, file__in=list(placed)).delete()
    Paper.objects.bulk_create(
        Paper(selection=row, file=file, content=sealed[about(row, "kept", file)]) for file in placed
    )
    job.papers.exclude(file__in=BESIDE).delete()
