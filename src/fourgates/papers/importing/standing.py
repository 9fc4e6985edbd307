"""What is on record before a roster comes in (现有名册): of a county folder, or of a record.

A folder is read by the same strict readers as a run; of a record only what its documents still know is given.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from fourgates import bundle
from fourgates.errors import Refused
from fourgates.facts import Facts
from fourgates.papers import folder, forms, nationalities, people, reading, registers, table
from fourgates.papers.cells import squeeze
from fourgates.papers.desk import NUMBER, Desk
from fourgates.papers.folder import Expected
from fourgates.papers.people import People
from fourgates.papers.table import Row, Table
from fourgates.papers.workbook import Reason, Sheet, Unreadable
from fourgates.plan import Plan
from fourgates.roster import Sanction
from fourgates.units import Tree


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody on a roster: whose roster, on which row (0: none known), sound or not, and what is known by heading."""

    committee: str
    row: int
    sound: bool
    values: Mapping[str, Any]


@dataclass(slots=True)
class Standing:
    """``people``: number → person; ``rosters``: committee → its file as it stands; ``unreadable``: committee → why its
    file cannot be read; ``plan`` and ``tree`` where they are known; ``sanctions`` with numbers for persons; ``partial``:
    a record, which keeps only some columns, so that one it does not have is no difference."""

    plan: Plan | None = None
    tree: Tree | None = None
    people: dict[str, Person] = field(default_factory=dict)
    rosters: dict[str, tuple[Table, Sheet]] = field(default_factory=dict)
    unreadable: dict[str, Reason] = field(default_factory=dict)
    sanctions: tuple[Sanction, ...] = ()
    partial: bool = False

    def known(self) -> dict[str, Mapping[str, Any]]:
        """Number → what is known of the person, by heading."""
        return {number: person.values for number, person in self.people.items()}

    def branches(self) -> dict[str, str]:
        """The branches of 01, squeezed → as 01 writes them."""
        return {squeeze(unit.name): unit.name for unit in self.tree.branches()} if self.tree else {}


def of(path: Path, plan: Plan | None) -> Standing:
    """What stands in ``path``: a record (or the results of a run), else a county folder, read under ``plan``."""
    for root in (path / "record", path):
        if (root / bundle.LEDGER).is_file():
            return of_record(root)
    return of_folder(path, plan)


def of_folder(root: Path, plan: Plan | None) -> Standing:
    """What stands in a county folder; without a plan its 02 alone, because 01 cannot be judged without one."""
    there = folder.look(root)
    found = Standing(plan)
    if plan is not None:
        found.tree = _register(there, plan)
    if found.tree is not None:
        wanted = [unit.name for unit in found.tree.committees()]
    else:
        prefix = squeeze(forms.ROSTER) + "/"
        wanted = [
            path.stem
            for name, path in there.files.items()
            if name.startswith(prefix) and name.endswith(".xlsx")
        ]
    expected = [Expected(f"{forms.ROSTER}/{name}.xlsx", forms.ROSTER, name) for name in wanted]
    paths = [there.find(one) for one in expected]
    for one, (_path, sheet) in zip(expected, reading.read_all(paths), strict=True):
        if isinstance(sheet, Unreadable):
            if sheet.reason is not Reason.MISSING:
                found.unreadable[one.of] = sheet.reason
            continue
        read = table.read(one.file, sheet, forms.roster())
        found.rosters[one.of] = read, sheet
        faulty = {row.number for row in read.faulty}
        for row in read.every():
            if NUMBER in row.values:
                person = Person(one.of, row.number, row.number not in faulty, row.values)
                found.people.setdefault(row.values[NUMBER], person)
    if plan is not None:
        found.sanctions = _sanctions(there, plan)
    return found


def _register(there: folder.Folder, plan: Plan) -> Tree | None:
    path = there.find(Expected(forms.UNITS, forms.UNITS))
    sheet = reading.read(path)
    if isinstance(sheet, Unreadable):
        return None
    read = table.read(forms.UNITS, sheet, forms.forms(plan)[forms.UNITS])
    if not read.usable:
        return None
    desk = Desk(plan, b"")
    try:
        registers.units(desk, read)
    except Refused:
        return None
    return desk.tree


def _sanctions(there: folder.Folder, plan: Plan) -> tuple[Sanction, ...]:
    sheet = reading.read(there.find(Expected(forms.SANCTIONS, forms.SANCTIONS)))
    if isinstance(sheet, Unreadable):
        return ()
    read = table.read(forms.SANCTIONS, sheet, forms.forms(plan)[forms.SANCTIONS])
    return tuple(_sanction(row) for row in read.rows)


def _sanction(row: Row) -> Sanction:
    approved: date = row.values["批准日期"]
    return Sanction(row.values[NUMBER], row.values["处分种类"], approved)


def of_record(root: Path) -> Standing:
    """What a record says of its members; ``Refused`` (F.2) when the names beside it are gone."""
    found = bundle.verify(root)
    facts, kept = found.selection.facts, found.selection.people
    if kept is None or not found.people:
        raise Refused("F.2", "这份纪实的人员附件已经删除，不能在它上面继续；请换一个输出文件夹")
    return of_facts(facts, people.read((root / bundle.PEOPLE / f"{kept.document}.json").read_bytes()))


def of_facts(facts: Facts, names_of: People) -> Standing:
    """What the claims that stand say of the members, with the names kept beside them."""
    standing = Standing(facts.plan, facts.tree, partial=True)
    for committee, members in facts.rosters.items():
        for member in members:
            number = names_of.number(member.id)
            details = names_of.people.get(member.id)
            nationality = (details.nationality if details else "") or (
                "" if member.minority else nationalities.HAN
            )
            values: dict[str, Any] = {
                "姓名": names_of.name(member.id),
                NUMBER: number,
                "性别": "女" if member.female else "男",
                "民族": nationality,
                "学历": details.education if details else "",
                "工作岗位": details.post if details else "",
                "人员类别": forms.FULL if member.full else forms.PROBATIONARY,
                "所在党支部": member.branch,
                "党籍状态": forms.NORMAL if member.normal else forms.STOPPED,
            }
            sound = {heading: value for heading, value in values.items() if value}
            standing.people[number] = Person(committee, 0, sound=True, values=sound)
    standing.sanctions = tuple(
        Sanction(names_of.number(one.person), one.kind, one.approved) for one in facts.sanctions or ()
    )
    return standing
