"""What is known before the forms go out (预填): units, members and names, from a register, a county folder or a record.

Only what the forms' own columns ask for is taken over; whatever is not known stays for people to fill in.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from fourgates import bundle, identity, judging, names
from fourgates.errors import Refused
from fourgates.i18n import _
from fourgates.papers import folder, forms, nationalities, people, reading, registers
from fourgates.papers.desk import NUMBER, Desk
from fourgates.papers.folder import Expected
from fourgates.papers.forms import Form
from fourgates.papers.intake import take
from fourgates.papers.table import Row, read
from fourgates.papers.workbook import Cell, Unreadable, explain
from fourgates.plan import COMMITTEE_STEPS, Plan
from fourgates.roster import Member
from fourgates.units import COMMITTEES, Tree, Unit

Line = Mapping[str, Cell]
KINDS = {kind: word for word, kind in forms.KINDS.items()}
SECTORS = {sector: word for word, sector in forms.SECTORS.items()}


@dataclass(frozen=True, slots=True)
class Prefill:
    """``lines``: (form, whose) → rows by heading; ``branches``: committee → its branches; ``faults``: how many places of
    the material it was taken from are at fault, so that somebody looks before the forms go out."""

    county: str
    committees: tuple[str, ...] = ()
    branches: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    lines: Mapping[tuple[str, str], Sequence[Line]] = field(default_factory=dict)
    faults: int = 0


@dataclass(frozen=True, slots=True)
class _Person:
    """A member as the forms name one."""

    name: str
    number: str
    branch: str


def nothing(plan: Plan) -> Prefill:
    """Nothing is known but the county's name."""
    return Prefill(plan.selection.unit)


def of_register(plan: Plan, path: Path) -> Prefill:
    """The units of a 01 (党组织名册); ``Refused`` (F.1, 1.2) when it cannot be used."""
    desk, layout = Desk(plan, b""), forms.forms(plan)
    units, lines, faults = _register(desk, path, layout[forms.UNITS])
    return _prefill(plan, units, {}, {}, {(forms.UNITS, ""): lines}, faults)


def of_folder(plan: Plan, root: Path) -> Prefill:
    """The units and members of a county folder's 01 and 02; ``Refused`` (F.1, 1.2) when its 01 cannot be used."""
    there, layout = folder.look(root), forms.forms(plan)
    # Nobody's id leaves this function, so the key may be any.
    desk = take(plan, there, b"prefill").desk
    units = tuple(desk.tree or ())
    first = there.find(Expected(forms.UNITS, forms.UNITS))
    _units, lines, _faults = _register(Desk(plan, b""), first, layout[forms.UNITS])
    kept: dict[tuple[str, str], Sequence[Line]] = {(forms.UNITS, ""): lines}
    rosters = [one for one in folder.of_committees([*_committees(units)]) if one.form == forms.ROSTER]
    for one, (_path, sheet) in zip(
        rosters, reading.read_all([there.find(one) for one in rosters]), strict=True
    ):
        if not isinstance(sheet, Unreadable):
            kept[one.form, one.of] = _lines(
                read(one.file, sheet, layout[forms.ROSTER]).every(), layout[one.form]
            )
    rights = desk.roster.rights if desk.roster else frozenset()
    entitled: dict[str, list[_Person]] = {}
    for known in desk.known.values():
        if known.id in rights:
            entitled.setdefault(known.committee, []).append(_Person(known.name, known.number, known.branch))
    early = {forms.UNITS, forms.ROSTER, forms.SANCTIONS}
    faults = sum(one.place.file.partition("/")[0] in early for one in desk.problems)
    return _prefill(plan, units, entitled, {}, kept, faults)


def of_record(plan: Plan, root: Path, names_of: people.People, until: int | None = None) -> Prefill:
    """The units, members and names sent up of the record in ``root``, as it stood at entry ``until``; ``Refused`` (F.2) when its
    names are gone. ``names_of``: as they are kept today."""
    facts = bundle.verify(root, until).selection.facts
    if not names_of.people:
        raise Refused("F.2", "这份纪实的人员附件已经删除，不能在它上面继续；请换一个输出文件夹")
    tree, roster = facts.register(), facts.roster()
    entitled: dict[str, list[_Person]] = {}
    lines: dict[tuple[str, str], Sequence[Line]] = {}
    for committee, members in facts.rosters.items():
        everybody = sorted(
            members, key=lambda one: (one.branch, names.sort_key(names_of.name(one.id)), one.id)
        )
        lines[forms.ROSTER, committee] = [_member(one, names_of) for one in everybody]
        entitled[committee] = [
            _Person(names_of.name(one.id), names_of.number(one.id), one.branch)
            for one in everybody
            if one.id in roster.rights
        ]
    up: dict[str, _Person] = {}
    for id_ in judging.sent_up(facts):
        up[id_] = _Person(names_of.name(id_), names_of.number(id_), roster.members[id_].branch)
    return _prefill(plan, tuple(tree), entitled, up, lines, 0)


def _register(desk: Desk, path: Path, form: Form) -> tuple[tuple[Unit, ...], list[Line], int]:
    sheet = reading.read(path)
    if isinstance(sheet, Unreadable):
        wrong, mend = explain(sheet)
        raise Refused("F.1", "{file}不能用：{wrong}。{mend}", file=path.name, wrong=wrong, mend=mend)
    table = read(path.name, sheet, form)
    if not table.usable:
        first = table.problems[0]
        raise Refused(
            "F.1", "{file}不能用：{wrong}。{mend}", file=path.name, wrong=first.wrong, mend=first.mend
        )
    lines = _lines(table.every(), form)
    units = registers.units(desk, table)
    return units, lines, len(table.problems)


def _lines(rows: Iterable[Row], form: Form) -> list[Line]:
    """The rows as they stood, under the form's own headings, without the running number."""
    headings = [column.heading for column in form.columns if column.heading != "序号"]
    return [{heading: row.cell(heading) for heading in headings} for row in rows]


def _member(member: Member, kept: people.People) -> Line:
    details = kept.people.get(member.id)
    number = kept.number(member.id)
    nationality = (details.nationality if details else "") or ("" if member.minority else nationalities.HAN)
    return {
        "姓名": kept.name(member.id),
        NUMBER: number,
        "性别": "女" if member.female else "男",
        "民族": nationality,
        "出生日期": identity.birth(number),
        "学历": details.education if details else "",
        "人员类别": forms.FULL if member.full else forms.PROBATIONARY,
        "所在党支部": member.branch,
        "党籍状态": forms.NORMAL if member.normal else forms.STOPPED,
        "工作岗位": details.post if details else "",
    }


def _committees(units: Iterable[Unit]) -> list[str]:
    return [unit.name for unit in units if unit.kind in COMMITTEES]


def _prefill(
    plan: Plan,
    units: Sequence[Unit],
    entitled: Mapping[str, Sequence[_Person]],
    up: Mapping[str, _Person],
    kept: Mapping[tuple[str, str], Sequence[Line]],
    faults: int,
) -> Prefill:
    """The rows of every form that follow from units, members with rights and names sent up."""
    tree = Tree(units)
    committees = tuple(_committees(units))
    branches = {name: tuple(unit.name for unit in tree.branches(name)) for name in committees}
    lines: dict[tuple[str, str], Sequence[Line]] = {
        (forms.UNITS, ""): [_unit(unit) for unit in units],
        (forms.SURVEYS, ""): [{"党支部": branch} for name in committees for branch in branches[name]],
    }
    words = [plan.procedure.words[step] for step in COMMITTEE_STEPS]
    for name in committees:
        lines[forms.STEPS, name] = [{"环节": word, "党组织": name} for word in words]
        people_ = entitled.get(name, ())
        of_branch: dict[str, int] = {}
        for one in people_:
            of_branch[one.branch] = of_branch.get(one.branch, 0) + 1
        lines[forms.MARKS, name] = [
            {"所在党支部": one.branch, "姓名": one.name, NUMBER: one.number} for one in people_
        ]
        lines[forms.NOMINATIONS, name] = [
            {"党支部": branch, "应到会": of_branch.get(branch)} for branch in branches[name]
        ]
    listed = sorted(up.values(), key=lambda one: (names.sort_key(one.name), one.number))
    named: list[Line] = [{"姓名": one.name, NUMBER: one.number} for one in listed]
    lines[forms.PROFILES, ""] = [
        {"姓名": one.name, NUMBER: one.number, "所在党支部": one.branch} for one in listed
    ]
    lines |= {(form, ""): named for form in (forms.STANDARD, forms.CHECKS)}
    lines |= {(forms.REPLIES, department): named for department in plan.integrity.departments}
    return Prefill(tree.county, committees, branches, {**lines, **kept}, faults)


def _unit(unit: Unit) -> Line:
    committee = unit.kind in COMMITTEES
    return {
        "党组织名称": unit.name,
        "组织类别": KINDS[unit.kind],
        "隶属": SECTORS.get(unit.sector, ""),
        "上级党组织": unit.parent,
        "推荐名额": unit.quota if committee else None,
    }


def told(prefill: Prefill) -> str:
    """One sentence on what was taken over."""
    if not prefill.committees:
        return _("没有预填党组织：先填01，再用 --units 生成各党委的表册")
    rows = sum(len(lines) for (form, _of), lines in prefill.lines.items() if form == forms.ROSTER)
    return _("已预填{committees}个党（工）委、{branches}个党支部、{members}名党员").format(
        committees=len(prefill.committees),
        branches=sum(map(len, prefill.branches.values())),
        members=rows,
    )
