"""The registers: organisations (01), members (02), punishments (12)."""

from __future__ import annotations

from fourgates import identity, names
from fourgates.errors import Refused
from fourgates.i18n import _
from fourgates.papers import forms, guesses, nationalities
from fourgates.papers.cells import squeeze, suggested
from fourgates.papers.desk import NUMBER, Desk, Known
from fourgates.papers.problems import Place
from fourgates.papers.table import Row, Table
from fourgates.roster import Member, Roster, Sanction
from fourgates.units import COMMITTEES, PARENTS, Tree, Unit


def units(desk: Desk, table: Table) -> tuple[Unit, ...]:
    """The units of 01 that hold together, in the order of the register; ``Refused`` (1.2) when there is no county."""
    by_name: dict[str, list[Row]] = {}
    for row in table.rows:
        by_name.setdefault(squeeze(row.values["党组织名称"]), []).append(row)
    for row in table.faulty:
        if "党组织名称" in row.values:
            desk.faulty_units[squeeze(row.values["党组织名称"])] = table.place(row.number)
    candidates: dict[str, tuple[Row, Unit]] = {}
    for key, rows in by_name.items():
        for row in rows:
            unit = _unit(row)
            if len(rows) > 1:
                others = "、".join(str(other.number) for other in rows if other is not row)
                table.reject(
                    row,
                    "党组织名称",
                    _("同一个党组织列了不止一次，另见第{rows}行").format(rows=others),
                    _("只保留一行"),
                )
            elif unit.kind in COMMITTEES and row.values["推荐名额"] is None:
                table.reject(
                    row, "推荐名额", _("党委、党工委没有写推荐名额"), _("填写可上报的人数，没有名额写 0")
                )
            elif unit.kind in COMMITTEES and not unit.sector:
                table.reject(row, "隶属", _("党委、党工委没有写隶属"), _("填写 乡镇 或 县直"))
            else:
                candidates[key] = (row, unit)
                continue
            desk.faulty_units[key] = table.place(row.number)
    accepted = _with_parents(desk, table, candidates)
    desk.units = {squeeze(unit.name): unit.name for unit in accepted}
    desk.tree = Tree(accepted)
    desk.missing = {
        row.values["党组织名称"]
        for row in (*table.rows, *table.faulty)
        if "党组织名称" in row.values
        and squeeze(row.values["党组织名称"]) not in desk.units
        and forms.KINDS.get(row.values.get("组织类别", "党委"), "") in COMMITTEES
    }
    written = desk.plan.selection.unit
    if squeeze(written) != squeeze(desk.tree.county):
        desk.odd(
            table.place(),
            desk.tree.county,
            _("与 plan.toml 中的单位“{unit}”不同").format(unit=written),
            _("核对是不是另一个县的名册"),
        )
    return accepted


def _unit(row: Row) -> Unit:
    kind = forms.KINDS[row.values["组织类别"]]
    committee = kind in COMMITTEES
    return Unit(
        name="".join(row.values["党组织名称"].split()),
        kind=kind,  # type: ignore[arg-type]  # one of its words
        parent="".join(row.values["上级党组织"].split()),
        sector=forms.SECTORS.get(row.values["隶属"], "") if committee else "",  # type: ignore[arg-type]  # one of its words
        quota=row.values["推荐名额"] or 0 if committee else 0,
    )


def _with_parents(desk: Desk, table: Table, candidates: dict[str, tuple[Row, Unit]]) -> tuple[Unit, ...]:
    """The units whose line up to the county holds, each naming its parent exactly as the parent names itself."""
    held: dict[str, Unit] = {}
    counties = [unit for _row, unit in candidates.values() if unit.kind == "county"]
    if len(counties) != 1:
        raise Refused("1.2", "应当恰有一个县委，读到{count}个", count=len(counties))
    for kind in PARENTS:
        for key, (row, unit) in candidates.items():
            if unit.kind != kind:
                continue
            parent = held.get(squeeze(unit.parent))
            if kind == "county":
                held[key] = Unit(unit.name, unit.kind)
            elif parent is not None and parent.kind in PARENTS[kind]:
                held[key] = Unit(unit.name, unit.kind, parent.name, unit.sector, unit.quota)
            elif squeeze(unit.parent) in desk.faulty_units:
                desk.faulty_units[key] = table.place(row.number)
                desk.waits(table, _("上级党组织所在的行有错"))
            else:
                desk.faulty_units[key] = table.place(row.number)
                table.reject(
                    row,
                    "上级党组织",
                    _("上级党组织不在名册中，或者类别不对"),
                    suggested(
                        _("照名册中的全称填写上级党组织"),
                        guesses.unit(squeeze(unit.parent), held) if parent is None else "",
                    ),
                )
    return tuple(held[key] for key in candidates if key in held)


def rosters(desk: Desk, tables: dict[str, Table]) -> dict[str, tuple[Member, ...]]:
    """The members of every committee whose roster came in: committee → members ordered by id."""
    placed: dict[str, dict[int, str]] = {}
    for committee, table in tables.items():
        branches: dict[int, str] = {}
        placed[committee] = branches

        def sound(
            row: Row, committee: str = committee, table: Table = table, into: dict[int, str] = branches
        ) -> bool:
            branch = desk.branch(table, row, "所在党支部", committee)
            agrees = sex_agrees(table, row)
            if branch is not None:
                into[row.number] = branch
            return branch is not None and agrees

        table.keep(sound)
    double(tables)
    members: dict[str, tuple[Member, ...]] = {}
    for committee, table in tables.items():
        members[committee] = tuple(
            sorted(
                (_member(desk, committee, table, row, placed[committee][row.number]) for row in table.rows),
                key=lambda member: member.id,
            )
        )
        for row in table.faulty:
            _remember_faulty(desk, table, row)
    return members


def sex_agrees(table: Table, row: Row) -> bool:
    """Whether the sex a row states is the one its number says; a problem when not."""
    if (row.values["性别"] == "女") == identity.female(row.values[NUMBER]):
        return True
    table.reject(
        row,
        "性别",
        _("性别与公民身份号码不符：号码第17位是{digit}").format(digit=row.values[NUMBER][16]),
        _("核对性别和公民身份号码，改正写错的那一个"),
    )
    return False


def double(tables: dict[str, Table]) -> None:
    """A number that stands on two rows, in one roster or in two: all of them are faulty, nobody may guess which."""
    where: dict[str, list[tuple[Table, Row]]] = {}
    for table in tables.values():
        for row in (*table.rows, *table.faulty):
            if NUMBER in row.values:
                where.setdefault(row.values[NUMBER], []).append((table, row))
    for same in where.values():
        if len(same) > 1:
            for table, row in same:
                others = "；".join(
                    _("{file}第{row}行").format(file=other.file, row=one.number)
                    for other, one in same
                    if one is not row
                )
                table.reject(
                    row,
                    NUMBER,
                    _("同一名党员列了不止一次，另见{others}").format(others=others),
                    _("只在所在党支部保留一行"),
                )
    for table in tables.values():
        table.keep(lambda row: len(where[row.values[NUMBER]]) == 1)


def _member(desk: Desk, committee: str, table: Table, row: Row, branch: str) -> Member:
    values = row.values
    number, nationality = values[NUMBER], values["民族"]
    known = Known(
        id=desk.id_of(number),
        name=values["姓名"],
        number=number,
        branch=branch,
        committee=committee,
        nationality=nationality,
        female=identity.female(number),
        education=values["学历"],
        joined=str(values["入党日期"])[:7],
        post=values.get("工作岗位", ""),
    )
    desk.known[number] = known
    if values["出生日期"] != identity.birth(number):
        desk.odd(
            table.place(row.number, "出生日期"),
            values["出生日期"].isoformat(),
            _("与公民身份号码中的出生日期{birth}不同").format(birth=identity.birth(number).isoformat()),
            _("档案与身份证不一致时以审核认定的为准，不影响计算"),
        )
    if values["人员类别"] == forms.FULL and values["转正日期"] is None:
        desk.odd(table.place(row.number, "转正日期"), "", _("正式党员没有写转正日期"), _("补填转正日期"))
    if len(names.dots(values["姓名"])) > 1:
        desk.odd(
            table.place(row.number, "姓名"), values["姓名"], _("一个姓名里用了两种间隔点"), _("统一用“·”")
        )
    return Member(
        id=known.id,
        branch=branch,
        full=values["人员类别"] == forms.FULL,
        normal=values["党籍状态"] == forms.NORMAL,
        female=known.female,
        minority=nationality != nationalities.HAN,
    )


def _remember_faulty(desk: Desk, table: Table, row: Row) -> None:
    place: Place = table.place(row.number)
    if NUMBER in row.values:
        desk.faulty[row.values[NUMBER]] = place
    if "姓名" in row.values and "所在党支部" in row.values:
        branch = desk.units.get(squeeze(row.values["所在党支部"]))
        if branch is not None:
            desk.faulty_names[names.key(row.values["姓名"]), branch] = place


def sanctions(desk: Desk, table: Table | None) -> tuple[Sanction, ...] | None:
    """The punishments of 12; ``None`` when the register did not come in."""
    if table is None or not table.usable:
        return None
    found: list[Sanction] = []

    def sound(row: Row) -> bool:
        person = desk.person(table, row, "姓名")
        if person is not None:
            found.append(Sanction(person.id, row.values["处分种类"], row.values["批准日期"]))
        return person is not None

    table.keep(sound)
    return tuple(sorted(found, key=lambda one: (one.person, one.approved, one.kind)))


def unread(desk: Desk, table: Table | None) -> tuple[str, ...]:
    """Whom the faulty rows of 12 may be about: by number where it can be read, else everybody of that name."""
    found: set[str] = set()
    for row in table.faulty if table is not None else ():
        known = desk.known.get(row.values.get(NUMBER, ""))
        if known is not None:
            found.add(known.id)
        elif written := names.key(row.values.get("姓名", "")):
            found.update(one.id for one in desk.known.values() if names.key(one.name) == written)
    return tuple(sorted(found))


def seat(desk: Desk, members: dict[str, tuple[Member, ...]], register: tuple[Sanction, ...] | None) -> None:
    """Give the desk the roster of the whole county, with everybody's rights on the reference date."""
    desk.roster = Roster(
        (member for roster in members.values() for member in roster),
        register or (),
        desk.plan.integrity,
        desk.plan.selection.reference_date,
    )
