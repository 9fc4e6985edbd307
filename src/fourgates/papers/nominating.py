"""The names the branches put forward (06): each branch's meeting, who was named there, and what of it counts."""

from __future__ import annotations

from datetime import date

from fourgates import nominations
from fourgates.i18n import _
from fourgates.nominations import Name, Sitting
from fourgates.papers import guesses
from fourgates.papers.cells import squeeze, suggested
from fourgates.papers.course import attendance
from fourgates.papers.desk import NUMBER, Desk, Known, twice
from fourgates.papers.table import Row, Table


def filed(desk: Desk, committee: str, table: Table) -> dict[str, tuple[Sitting, ...]]:
    """The names put forward by each branch of a committee: branch → its meetings in the order of the form.

    A meeting that is outside its window or not quorate is recorded as held, and its rows are problems.
    """
    held: dict[str, dict[tuple[date, int, int], list[Name]]] = {}
    by_person: dict[str, list[Row]] = {}
    whose: dict[int, tuple[str, Known]] = {}

    def sound(row: Row) -> bool:
        branch = desk.branch(table, row, "党支部", committee)
        attended = attendance(table, row, "应到会", "实到会", "会议日期")
        if branch is not None and attended:
            held.setdefault(branch, {}).setdefault(_meeting(row), [])
        person = desk.person(table, row, "被推荐人")
        named = attended and _enough_present(table, row)
        entitled = person is not None and _entitled(desk, table, row, person)
        if branch is None or person is None or not (named and entitled):
            return False
        by_person.setdefault(f"{branch}\n{person.id}", []).append(row)
        whose[row.number] = branch, person
        return True

    # A row whose nominee is at fault still says that the branch met.
    for row in table.faulty:
        branch = _met(desk, committee, row)
        if branch is not None:
            held.setdefault(branch, {}).setdefault(_meeting(row), [])
    table.keep(sound)
    double = twice(
        table,
        by_person,
        NUMBER,
        _("同一党支部把同一人列了不止一次，另见第{rows}行"),
        _("合并成一行，提名党员数写实际人数"),
    )
    table.keep(lambda row: row.number not in double)
    for row in table.rows:
        branch, person = whose[row.number]
        merit = desk.put_away(f"merit:{branch}:{person.id}", row.values.get("主要事迹", ""))
        held[branch][_meeting(row)].append(Name(person.id, row.values["提名党员数"], merit))
    sittings = {
        branch: tuple(Sitting(*meeting, tuple(named)) for meeting, named in meetings_.items())
        for branch, meetings_ in held.items()
    }
    _meetings_judged(desk, table, sittings)
    return sittings


def _met(desk: Desk, committee: str, row: Row) -> str | None:
    """The branch whose meeting a faulty row states soundly, if it does."""
    values = row.values
    if desk.tree is None or not {"党支部", "会议日期", "应到会", "实到会"} <= values.keys():
        return None
    branch = desk.units.get(squeeze(values["党支部"]))
    if branch is None or desk.tree.committee_of(branch) != committee or desk.tree[branch].kind != "branch":
        return None
    return branch if values["实到会"] <= values["应到会"] else None


def _meeting(row: Row) -> tuple[date, int, int]:
    return row.values["会议日期"], row.values["应到会"], row.values["实到会"]


def _enough_present(table: Table, row: Row) -> bool:
    if row.values["提名党员数"] <= row.values["实到会"]:
        return True
    table.reject(
        row,
        "提名党员数",
        _("提名党员数多于实到会{present}人").format(present=row.values["实到会"]),
        _("核对提名党员数和实到会人数"),
    )
    return False


def _entitled(desk: Desk, table: Table, row: Row, person: Known) -> bool:
    if desk.roster is None or person.id in desk.roster.rights:
        return True
    member = desk.roster.members[person.id]
    why = (
        _("是预备党员") if not member.full else _("已停止党籍") if not member.normal else _("在留党察看期内")
    )
    table.reject(
        row,
        NUMBER,
        _("被推荐人{why}，没有被推荐的权利").format(why=why),
        _("撤下这一名；名册或处分情况写错的，先改正02或12"),
    )
    return False


def _meetings_judged(desk: Desk, table: Table, sittings: dict[str, tuple[Sitting, ...]]) -> None:
    """Problems for the rows of meetings that do not count, and what is only odd about a branch's meeting."""
    shown: set[Sitting] = set()
    for row in sorted((*table.rows, *table.faulty), key=lambda row: row.number):
        if not {"党支部", "会议日期", "应到会", "实到会"} <= row.values.keys():
            continue
        branch = desk.units.get(squeeze(row.values["党支部"]), "")
        own = sittings.get(branch, ())
        for sitting in own:
            if _meeting(row) == (sitting.day, sitting.due, sitting.present):
                _counts(desk, table, row, sitting)
                if sitting not in shown:
                    shown.add(sitting)
                    _oddities(desk, table, row, branch, sitting, own[0])


def _counts(desk: Desk, table: Table, row: Row, sitting: Sitting) -> None:
    window, share = desk.plan.windows.nomination, desk.plan.nomination.quorum_at_least
    if not nominations.in_window(sitting, desk.plan):
        table.reject(
            row,
            "会议日期",
            _("会议不在规定时间{first}至{last}内，这次推荐不计").format(
                first=window.first.isoformat(), last=window.last.isoformat()
            ),
            suggested(_("日期写错的请改正；确实超出时间的，按程序报上级"), guesses.year(sitting.day, window)),
        )
    if not nominations.quorate(sitting, desk.plan):
        needed = max(-(-sitting.due * share.numerator // share.denominator), 1)
        table.reject(
            row,
            "实到会",
            _("实到{present}人，应到{due}人，至少要到{needed}人，这次推荐不计").format(
                present=sitting.present, due=sitting.due, needed=needed
            ),
            _("人数写错的请改正；确实不足的，重新召开会议"),
        )


def _oddities(desk: Desk, table: Table, row: Row, branch: str, sitting: Sitting, first: Sitting) -> None:
    if sitting.day != first.day:
        desk.odd(
            table.place(row.number, "会议日期"),
            sitting.day.isoformat(),
            _("同一党支部的推荐会议写了两个日期，另一个是{day}").format(day=first.day.isoformat()),
            _("核对会议日期"),
        )
    elif sitting is not first:
        desk.odd(
            table.place(row.number, "实到会"),
            str(sitting.present),
            _("同一次会议写了不同的应到会或实到会"),
            _("核对人数"),
        )
    rights = desk.roster.of_branch.get(branch, 0) if desk.roster else 0
    if sitting.due != rights:
        desk.odd(
            table.place(row.number, "应到会"),
            str(sitting.due),
            _("与名册中有权利的党员{rights}人不同").format(rights=rights),
            _("经批准不计入应到的，应有批准和会议决议"),
        )
