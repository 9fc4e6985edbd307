"""The county folder becomes claims (收表): every form read, compared with the registers, and said in the record's words.

Nothing is recorded here and nothing is judged by the gates: what comes out is what the county claims, and every fault found
on the way with its place.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

import msgspec

from fourgates import canon, events
from fourgates.errors import Refused
from fourgates.events import Claim
from fourgates.i18n import _, sentence
from fourgates.papers import causes, course, forms, nominating, reading, registers, vetting
from fourgates.papers.desk import NUMBER, Desk
from fourgates.papers.folder import Expected, Folder, of_committees, of_county
from fourgates.papers.forms import Form
from fourgates.papers.problems import Place, problem
from fourgates.papers.table import Table, read
from fourgates.papers.workbook import Reason, Sheet, Unreadable, explain
from fourgates.plan import Plan
from fourgates.units import Tree

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Grid:
    """Where the headings of a file stand: its path on disk, their row as Excel numbers it, heading → columns from nought."""

    path: Path
    header: int
    headings: Mapping[str, list[int]]


@dataclass(slots=True)
class Intake:
    """What a folder claims. ``claims`` in the order in which the record must take them; ``documents``: digest → content;
    ``votes``, ``decided``, ``checked``: where a (committee, person) or a person stands, for faults found by judging;
    ``missing``: forms that did not come in or cannot be used, by form and whose it is; ``answered``: departments whose
    reply came; ``unread_votes``: ids on rows of 07 that are faulty; ``grids``: where the headings of each file stand;
    ``tables``: the rows of each file that could be read."""

    desk: Desk
    claims: list[Claim] = field(default_factory=list)
    documents: dict[str, bytes] = field(default_factory=dict)
    votes: course.Where = field(default_factory=dict)
    decided: course.Where = field(default_factory=dict)
    checked: vetting.Where = field(default_factory=dict)
    missing: set[tuple[str, str]] = field(default_factory=set)
    answered: list[str] = field(default_factory=list)
    unread_votes: set[str] = field(default_factory=set)
    grids: dict[str, Grid] = field(default_factory=dict)
    tables: dict[str, Table] = field(default_factory=dict)


def take(
    plan: Plan,
    folder: Folder,
    key: bytes,
    progress: Progress | None = None,
    ids: Mapping[str, str] = MappingProxyType({}),
) -> Intake:
    """Every claim of a county folder under ``plan``; ``key`` makes the ids and digests of persons and texts, but for those
    persons who have one (number → id).

    Raises ``Refused`` (rule F.1) when 01 is missing or unusable: then nothing can be recorded at all.
    """
    desk = Desk(plan, key, ids)
    intake = Intake(desk)
    layout = forms.forms(plan)
    register = _register(folder, layout)
    intake.grids[register.file] = Grid(
        folder.find(Expected(forms.UNITS, forms.UNITS)), register.header, register.headings
    )
    intake.tables[register.file] = register
    units = registers.units(desk, register)
    causes.explain(desk, {Expected(forms.UNITS, forms.UNITS): register}, layout)
    desk.problems.extend(register.problems)
    intake.claims.append(events.PlanAdopted(plan))
    content = _document(intake, events.UnitsDocument(units))
    intake.claims.append(events.UnitsEntered(content, len(units)))

    tree = Tree(units)
    committees = [unit.name for unit in tree.committees()]
    expected = [*of_committees(committees), *of_county(plan.integrity.departments)]
    tables = _tables(intake, folder, expected, layout, progress)
    desk.oddities.extend(folder.strangers([Expected(forms.UNITS, forms.UNITS), *expected]))
    if folder.overfull:
        desk.problems.append(
            problem(
                Place(""),
                None,
                _("文件夹里的文件太多，只看了前面的一部分"),
                _("把表册单独放在一个文件夹里，不要混放其他文件"),
            )
        )

    def of(form: str) -> Iterator[tuple[str, Table]]:
        for one in expected:
            table = tables.get(one)
            if one.form == form and table is not None and table.usable:
                yield one.of, table

    _people(intake, dict(of(forms.ROSTER)), dict(of(forms.SANCTIONS)).get(""))
    for keeper, table in of(forms.STEPS):
        intake.claims.append(events.StepsRecorded(keeper or tree.county, course.steps(desk, table)))
    for committee, table in of(forms.MARKS):
        marks = course.marks(desk, committee, table)
        content = _document(intake, events.MarksDocument(marks))
        intake.claims.append(events.ParticipationMarked(committee, content, len(marks)))
    for _of, table in of(forms.SURVEYS):
        surveys = course.surveys(desk, table)
        content = _document(intake, events.SurveysDocument(surveys))
        intake.claims.append(events.SatisfactionAsked(content, len(surveys)))
    for committee, table in of(forms.NOMINATIONS):
        for branch, sittings in nominating.filed(desk, committee, table).items():
            intake.claims.append(events.NominationsFiled(branch, sittings))
    for _of, table in of(forms.REVIEWS):
        votes, intake.votes = course.reviews(desk, table)
        intake.claims.extend(events.CommitteeReviewed(name, sittings) for name, sittings in votes.items())
        intake.unread_votes = {
            desk.known[number].id for row in table.faulty if (number := row.values.get(NUMBER)) in desk.known
        }
    _vetting(intake, of)
    for _of, table in of(forms.DECISION):
        if not table.every():
            continue  # a blank form is no decision: 13 may be absent
        sittings_, intake.decided = course.decision(desk, table)
        intake.claims.append(events.CountyDecided(sittings_))
    causes.explain(desk, tables, layout)
    for found in tables.values():
        if found is not None:
            desk.problems.extend(found.problems)
    desk.settle()
    return intake


def _register(folder: Folder, layout: Mapping[str, Form]) -> Table:
    """01, without which nothing can be recorded; ``Refused`` (F.1) when it is not there or not usable."""
    one = Expected(forms.UNITS, forms.UNITS)
    path = folder.find(one)
    _path, sheet = next(iter(reading.read_all([path])))
    if isinstance(sheet, Unreadable):
        wrong, mend = explain(sheet)
        raise Refused("F.1", "{file}不能用：{wrong}。{mend}", file=forms.UNITS, wrong=wrong, mend=mend)
    table = read(forms.UNITS, sheet, layout[forms.UNITS])
    if not table.usable:
        if not table.header:
            _sought(table, path, sheet, one, layout)
        first = table.problems[0]
        raise Refused(
            "F.1", "{file}不能用：{wrong}。{mend}", file=forms.UNITS, wrong=first.wrong, mend=first.mend
        )
    if not table.every():
        wrong, mend = _("一行也没有填"), _("先填好党组织，其余的表都靠它")
        raise Refused("F.1", "{file}不能用：{wrong}。{mend}", file=forms.UNITS, wrong=wrong, mend=mend)
    return table


def _tables(
    intake: Intake,
    folder: Folder,
    expected: list[Expected],
    layout: Mapping[str, Form],
    progress: Progress | None,
) -> dict[Expected, Table | None]:
    """Every expected file as a table; ``None`` for one that is not there or cannot be read, with its problem."""
    found: dict[Expected, Table | None] = {}
    paths = [folder.find(one) for one in expected]
    for number, (one, (path, sheet)) in enumerate(
        zip(expected, reading.read_all(paths), strict=True), start=1
    ):
        found[one] = None
        if isinstance(sheet, Unreadable):
            if sheet.reason != Reason.MISSING or one.form != forms.DECISION:
                wrong, mend = explain(sheet)
                intake.desk.problems.append(problem(Place(one.file), None, wrong, mend))
                intake.missing.add((one.form, one.of))
        else:
            table = found[one] = intake.tables[one.file] = read(one.file, sheet, layout[one.form])
            if not table.header:
                _sought(table, path, sheet, one, layout)
            intake.grids[one.file] = Grid(path, table.header, table.headings)
            if not table.usable:
                intake.missing.add((one.form, one.of))
            if one.form == forms.REPLIES:
                intake.answered.append(one.of)
        if progress is not None:
            progress(number, len(expected))
    return found


def _sought(table: Table, path: Path, sheet: Sheet, one: Expected, layout: Mapping[str, Form]) -> None:
    """Say where the headings probably are that this file does not have."""
    said = causes.elsewhere(path, sheet, one, layout)
    if said:
        table.problems[0] = msgspec.structs.replace(table.problems[0], mend=said)


def _people(intake: Intake, rosters: dict[str, Table], sanctions: Table | None) -> None:
    desk = intake.desk
    desk.missing |= {committee for form, committee in intake.missing if form == forms.ROSTER}
    members = registers.rosters(desk, rosters)
    for committee, roster in members.items():
        content = _document(intake, events.RosterDocument(roster))
        intake.claims.append(events.RosterEntered(committee, content, len(roster)))
    register = registers.sanctions(desk, sanctions)
    if register is not None:
        unread = registers.unread(desk, sanctions)
        intake.claims.append(events.SanctionsEntered(register, unread=unread))
    registers.seat(desk, members, register)


def _vetting(intake: Intake, of: Callable[[str], Iterable[tuple[str, Table]]]) -> None:
    desk = intake.desk
    for _of, table in of(forms.PROFILES):
        for id_, one in vetting.profiles(desk, table).items():
            intake.claims.append(events.PersonDescribed(id_, one.part, one.tags, one.reports, one.has_file))
    for _of, table in of(forms.STANDARD):
        for id_, assessment in vetting.assessments(desk, table).items():
            intake.claims.append(events.StandardAssessed(id_, assessment))
    for _of, table in of(forms.CHECKS):
        checks, intake.checked = vetting.checks(desk, table)
        for id_, (results, handler) in checks.items():
            intake.claims.append(events.ChecksDone(id_, results, handler))
    for department, table in of(forms.REPLIES):
        intake.claims.append(events.RepliesReceived(department, vetting.opinions(desk, department, table)))


def _document(intake: Intake, value: msgspec.Struct) -> str:
    content = canon.spell(value)
    digest = canon.digest(content)
    intake.documents[digest] = content
    return digest


def refused(intake: Intake, claim: Claim, why: Refused) -> None:
    """The fold refused a claim that the forms seemed to bear out: a problem of the whole form, never a crash."""
    kind, subject = events.subject(claim)
    intake.desk.problems.append(
        problem(
            Place(subject or kind), None, sentence(why), _("按第{rule}条核对后更正").format(rule=why.rule)
        )
    )
