"""Workbooks taken in (导入): where each belongs, what would be recorded, and recording exactly that once it is confirmed.

The county folder is kept sealed as it was last taken in. An upload is laid over it and the whole is read as a run reads it, so
that there is one path from paper to record; only what the papers say anew is written, and what was done in the site since stays.
"""

from __future__ import annotations

import io
import tempfile
import zipfile
from collections import ChainMap, Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import cast

import msgspec

from fourgates import canon, chronicle, clerk, events, run
from fourgates.draft import Draft
from fourgates.errors import Refused
from fourgates.facts import Facts
from fourgates.i18n import _
from fourgates.keeper import Keeper
from fourgates.papers import folder, forms, intake, people, problem_sheet, reading, returned
from fourgates.papers.importing import rows, standing
from fourgates.papers.importing.rows import Compared
from fourgates.papers.intake import Intake
from fourgates.papers.problems import Problem
from fourgates.papers.table import read
from fourgates.papers.workbook import Sheet
from fourgates.plan import Plan
from fourgates.web import cabinet, jobs, placing, records
from fourgates.web.cabinet import Found, Planned, Seen
from fourgates.web.jobs import Told, go_on
from fourgates.web.models import Job, Selection


def look(job: Job, told: Told) -> None:
    """See what an upload comes to, and record nothing."""
    row = job.selection
    with tempfile.TemporaryDirectory() as place:
        _keep(job, _read(row, job, Path(place), told, ""))


def enter(job: Job, told: Told) -> None:
    """Record what was seen; ``Refused`` (F.9) where it would be something else by now, and the upload is looked at anew. What was
    recorded before an accident is only brought to its end."""
    row, before = job.selection, cabinet.found(job)
    recorded = records.keeper(row).answered(jobs.key(job))
    if before is None:
        raise Refused("F.9", "还没有预览，或者已经记入")
    with tempfile.TemporaryDirectory() as place:
        work = _read(row, job, Path(place), told, before.key)
        if not recorded and work.found.print_ != before.print_:
            _keep(job, work)
            raise Refused("F.9", "预览以后情况变了，没有记入；请看过新的预览再确认")
        if work.draft.entries and not recorded:
            go_on(job)
            work.draft.give(work.plan.selection.unit, jobs.key(job))
    cabinet.put_away(job, work.placed)
    row.said = {"/".join(subject): digest for subject, digest in work.said.items()}
    row.save(update_fields=["said"])
    job.result = {**(job.result or {}), "entered": recorded or len(work.draft.entries)}
    job.save(update_fields=["result"])


def _keep(job: Job, work: _Work) -> None:
    """Keep what an upload comes to: in short, every row, and the workbooks to mend."""
    cabinet.keep(job, work.found)
    cabinet.lay_beside(job, cabinet.ROWS, msgspec.json.encode(work.rows))
    cabinet.lay_beside(job, cabinet.RETURNED, work.books)


class _Work(msgspec.Struct):
    """An upload read through: the plan, the draft, what was found, every row, the coloured workbooks, the new folder, what it
    says."""

    plan: Plan
    draft: Draft
    found: Found
    rows: tuple[Compared, ...]
    books: bytes
    placed: dict[str, bytes]
    said: dict[tuple[str, str], str]


def _before(row: Selection) -> clerk.Said:
    """What the papers said when they were last taken in."""
    pairs = ((key.partition("/"), digest) for key, digest in row.said.items())
    return {(kind, subject): digest for (kind, _slash, subject), digest in pairs}


def _read(row: Selection, job: Job, place: Path, told: Told, key: str) -> _Work:
    keeper = records.keeper(row)
    root = place / "county"
    root.mkdir()
    old = cabinet.kept(row)
    for file, content in old.items():
        placing.lay(root, file, content)
    standing_plan = keeper.current().facts.plan
    committee = str((job.result or {}).get("committee", ""))
    upload = placing.place(
        cabinet.waiting(job),
        root,
        place,
        standing_plan,
        committee,
        lambda done, of: told(_("认表册"), done, of),
    )
    draft = Draft(keeper)
    plan = placing.plan(root, standing_plan)
    run.same(plan, standing_plan)
    own = bytes.fromhex(key) if key and draft.selection.people is None else run.key(draft)
    _must_have_rosters(draft, root)
    taken = intake.take(
        plan, folder.look(root), own, lambda done, of: told(_("读表册"), done, of), run.known(draft).ids()
    )
    said = clerk.said(taken)
    stood = draft.selection.facts
    stages = {"record": _("试记"), "judge": _("认定")}
    outcome = run.into(
        draft,
        taken,
        lambda stage, done, of: told(stages[stage], done, of),
        before=_before(row),
        clock=records.clock(*row.time),
    )
    missing = [one.place.file for one in outcome.problems if _absent(root, one)]
    problems = [*upload.problems, *(one for one in outcome.problems if not _absent(root, one))]
    faults = Counter(one.place.file for one in problems)
    lines = tuple(_rows(draft, stood, place, old, taken, list(upload.placed), problems))
    counts: dict[str, Counter[str]] = {}
    for line in lines:
        counts.setdefault(line.file, Counter())[line.state] += 1
    planned, results = _planned(keeper, draft)
    what = Found(
        draft.selection.n - len(draft.entries),
        own.hex(),
        canon.digest(b"".join(canon.spell(entry.event) for entry in draft.entries)),
        tuple(
            Seen(name, file, _state(old.get(file), upload.placed.get(file)), faults[file or name])
            for name, file in upload.names
        ),
        planned,
        results,
        tuple(problems),
        tuple(outcome.oddities),
        {file: dict(one) for file, one in counts.items()},
        tuple(missing),
        tuple(upload.others),
    )
    books = _books(place / "returned", outcome, problems)
    return _Work(plan, draft, what, lines, books, upload.placed, said)


def _must_have_rosters(draft: Draft, root: Path) -> None:
    """``Refused`` (F.8) where a roster that stands in the record has no workbook here: whoever is on it would be nobody."""
    for committee in draft.selection.facts.rosters:
        if not (root / forms.ROSTER / f"{committee}.xlsx").is_file():
            raise Refused(
                "F.8",
                "{committee}的党员名册在纪实里，网站还没有收到它的02：请先上传整个县级文件夹",
                committee=committee,
            )


def _absent(root: Path, one: Problem) -> bool:
    """Whether a problem is that a form was never handed in: on the site that is no fault, only something still to come."""
    return one.place.row is None and not one.read and not (root / one.place.file).exists()


def _state(old: bytes | None, new: bytes | None) -> str:
    if new is None:
        return "unplaced"
    return "new" if old is None else "unchanged" if old == new else "changed"


def _rows(
    draft: Draft,
    stood: Facts,
    place: Path,
    old: Mapping[str, bytes],
    taken: Intake,
    files: list[str],
    problems: list[Problem],
) -> Iterator[Compared]:
    """Every row of the uploaded forms against the form as it was taken in before; a roster that was not, against the record."""
    tables = [taken.tables[file] for file in files if file in taken.tables and taken.tables[file].usable]
    layout, content, room = forms.forms(taken.desk.plan), draft.people(), place / "before"
    for table in tables:
        if table.file in old:
            placing.lay(room, table.file, old[table.file])
    read_again = reading.read_all([room / table.file for table in tables if table.file in old])
    sheets = {path.relative_to(room).as_posix(): sheet for path, sheet in read_again}
    record = standing.of_facts(stood, people.read(content)) if content is not None else None
    for table in tables:
        form, _slash, name = table.file.partition("/")
        sheet = sheets.get(table.file)
        if isinstance(sheet, Sheet):
            before = read(table.file, sheet, layout[form]).every()
            yield from rows.compared(table, before, problems)
        elif form == forms.ROSTER and record is not None:
            before = rows.of_record(record, name.removesuffix(".xlsx"))
            yield from rows.compared(table, before, problems, partial=True)
        else:
            yield from rows.compared(table, (), problems)


def _planned(keeper: Keeper, draft: Draft) -> tuple[tuple[Planned, ...], int]:
    """What would be written, told as the log will tell it; and how many results with it."""
    coming = {entry.n for entry in draft.entries}
    documents = ChainMap(draft.documents, cast("dict[str, bytes]", keeper.documents))
    planned: list[Planned] = []
    results = 0
    for one in chronicle.tell([*keeper.entries(), *draft.entries], documents):
        if one.n not in coming:
            continue
        event = draft.events[one.n]
        if isinstance(event, events.Finding | events.Keeping):
            results += 1
        else:
            withdrawn = isinstance(event, events.Withdrawn)
            state = "withdrawn" if withdrawn else "changed" if one.corrects else "new"
            planned.append(Planned(one.sentence, one.changed, state))
    return tuple(planned), results


def _books(out: Path, outcome: run.Outcome, problems: list[Problem]) -> bytes:
    """The faulty workbooks coloured and commented, with the list of everything wrong, in one archive; empty where nothing is."""
    if not problems:
        return b""
    returned.write(out, outcome.grids, problems, outcome.oddities)
    out.mkdir(exist_ok=True)
    problem_sheet.write(out / "problems.xlsx", problems, outcome.oddities)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(out.rglob("*.xlsx")):
            archive.write(file, file.relative_to(out))
    return packed.getvalue()
