"""The course of the work: process record (03), participation (04), satisfaction (05), nominations (06), reviews (07, 13)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TypeVar

from fourgates import meetings, nominations, review
from fourgates.errors import Refused
from fourgates.gates import procedure
from fourgates.gates.procedure import Held
from fourgates.i18n import _, sentence
from fourgates.nominations import Name
from fourgates.papers import forms
from fourgates.papers.cells import squeeze
from fourgates.papers.desk import NUMBER, Desk, Known, twice
from fourgates.papers.table import Row, Table
from fourgates.participation import Mark, Survey
from fourgates.review import Vote

Where = dict[tuple[str, str], tuple[Table, Row]]
S = TypeVar("S")


def attendance(table: Table, row: Row, due: str, present: str, day: str) -> bool:
    """Whether the figures of a meeting can be; a problem at ``present`` when not."""
    try:
        meetings.check(row.values[day], row.values[due], row.values[present])
    except Refused as refused:
        table.reject(row, present, sentence(refused), _("核对应到和实到人数"))
        return False
    return True


def steps(desk: Desk, table: Table) -> tuple[Held, ...]:
    """The lines of a process record, in its order; one dated outside its window is a problem and still counts as held."""
    held: list[Held] = []

    def sound(row: Row) -> bool:
        values = row.values
        unit = desk.unit(table, row, "党组织")
        if not attendance(table, row, "应到", "实到", "日期") or unit is None:
            return False
        window = procedure.window(values["环节"], desk.plan)
        if window is not None and not window.holds(values["日期"]):
            table.reject(
                row,
                "日期",
                _("“{step}”不在规定时间{first}至{last}内").format(
                    step=values["环节"], first=window.first.isoformat(), last=window.last.isoformat()
                ),
                _("日期写错的请改正；确实超出时间的，按程序报上级"),
            )
        held.append(Held(values["环节"], unit, values["日期"], values["应到"], values["实到"]))
        return True

    table.keep(sound)
    return tuple(held)


def marks(desk: Desk, committee: str, table: Table) -> tuple[Mark, ...]:
    """How each member of a committee took part, ordered by id."""
    found: dict[int, Mark] = {}
    people: dict[str, list[Row]] = {}
    absent = desk.plan.participation.absent

    def sound(row: Row) -> bool:
        values = row.values
        branch = desk.branch(table, row, "所在党支部", committee)
        person = desk.person(table, row, "姓名", branch=branch, of=committee)
        if person is None or branch is None:
            return False
        if person.branch != branch:
            table.reject(
                row,
                "所在党支部",
                _("名册中这名党员在{branch}").format(branch=person.branch),
                _("核对党支部，与02一致"),
            )
            return False
        if values["参与方式"] != absent and values["日期"] is None:
            table.reject(row, "日期", _("没有填写"), _("补填参与的日期"))
            return False
        if values["参与方式"] == absent and not values.get("未参与原因"):
            desk.odd(table.place(row.number, "未参与原因"), "", _("没有写未参与的原因"), _("补填原因"))
        for column in ("经办人", "未参与原因"):
            desk.put_away(f"{column}:{person.id}", values.get(column, ""))
        people.setdefault(person.id, []).append(row)
        found[row.number] = Mark(person.id, values["参与方式"], values["日期"])
        return True

    table.keep(sound)
    double = twice(
        table,
        people,
        NUMBER,
        _("同一名党员列了不止一次，另见第{rows}行"),
        _("只保留一行，写明实际的参与方式"),
    )
    table.keep(lambda row: row.number not in double)
    return tuple(sorted((found[row.number] for row in table.rows), key=lambda mark: mark.person))


def surveys(desk: Desk, table: Table) -> tuple[Survey, ...]:
    """The branches' satisfaction forms, ordered by branch."""
    options = desk.plan.satisfaction.options
    branches: dict[str, list[Row]] = {}
    found: dict[int, Survey] = {}

    def sound(row: Row) -> bool:
        values = row.values
        branch = desk.branch(table, row, "党支部")
        answers = tuple(values[option] for option in options)
        figures = True
        if values["收回"] > values["发出"]:
            figures = False
            table.reject(
                row,
                "收回",
                _("收回的多于发出的{issued}").format(issued=values["发出"]),
                _("核对发出和收回数"),
            )
        if sum(answers) != values["收回"]:
            figures = False
            table.reject(
                row,
                options[0],
                _("各选项之和{sum}不等于收回{returned}").format(sum=sum(answers), returned=values["收回"]),
                _("核对各选项的票数和收回数"),
            )
        if branch is None or not figures:
            return False
        branches.setdefault(branch, []).append(row)
        found[row.number] = Survey(branch, values["发出"], values["收回"], answers)
        return True

    table.keep(sound)
    double = twice(table, branches, "党支部", _("同一个党支部列了不止一次，另见第{rows}行"), _("只保留一行"))
    table.keep(lambda row: row.number not in double)
    return tuple(sorted((found[row.number] for row in table.rows), key=lambda survey: survey.branch))


def filed(desk: Desk, committee: str, table: Table) -> dict[str, tuple[nominations.Sitting, ...]]:
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
        branch: tuple(nominations.Sitting(*meeting, tuple(named)) for meeting, named in meetings_.items())
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


def _meetings_judged(desk: Desk, table: Table, sittings: dict[str, tuple[nominations.Sitting, ...]]) -> None:
    """Problems for the rows of meetings that do not count, and what is only odd about a branch's meeting."""
    seen: set[str] = set()
    window = desk.plan.windows.nomination
    for row in (*table.rows, *table.faulty):
        branch = desk.units.get(squeeze(row.values.get("党支部", "")))
        for sitting in sittings.get(branch or "", ()):
            if not {"会议日期", "应到会", "实到会"} <= row.values.keys() or _meeting(row) != (
                sitting.day,
                sitting.due,
                sitting.present,
            ):
                continue
            if not nominations.in_window(sitting, desk.plan):
                table.reject(
                    row,
                    "会议日期",
                    _("会议不在规定时间{first}至{last}内，这次推荐不计").format(
                        first=window.first.isoformat(), last=window.last.isoformat()
                    ),
                    _("日期写错的请改正；确实超出时间的，按程序报上级"),
                )
            if not nominations.quorate(sitting, desk.plan):
                needed = -(
                    -sitting.due
                    * desk.plan.nomination.quorum_at_least.numerator
                    // desk.plan.nomination.quorum_at_least.denominator
                )
                table.reject(
                    row,
                    "实到会",
                    _("实到{present}人，应到{due}人，至少要到{needed}人，这次推荐不计").format(
                        present=sitting.present, due=sitting.due, needed=max(needed, 1)
                    ),
                    _("人数写错的请改正；确实不足的，重新召开会议"),
                )
        if branch is None or branch in seen:
            continue
        seen.add(branch)
        own = sittings.get(branch, ())
        if len({sitting.day for sitting in own}) > 1:
            days = "、".join(sorted({sitting.day.isoformat() for sitting in own}))
            desk.odd(
                table.place(row.number, "会议日期"),
                days,
                _("同一党支部的推荐会议写了两个日期"),
                _("核对会议日期"),
            )
        elif len(own) > 1:
            desk.odd(
                table.place(row.number, "实到会"), "", _("同一次会议写了不同的应到会或实到会"), _("核对人数")
            )
        rights = desk.roster.of_branch.get(branch, 0) if desk.roster else 0
        if own and own[0].due != rights:
            desk.odd(
                table.place(row.number, "应到会"),
                str(own[0].due),
                _("与名册中有权利的党员{rights}人不同").format(rights=rights),
                _("经批准不计入应到的，应有批准和会议决议"),
            )


def reviews(desk: Desk, table: Table) -> tuple[dict[str, tuple[review.Sitting, ...]], Where]:
    """Each committee's votes (07), and where each (committee, person) stands on the form."""
    by_committee: dict[str, list[tuple[Row, Vote]]] = {}
    where: Where = {}
    people: dict[str, list[Row]] = {}

    def sound(row: Row) -> bool:
        committee = desk.unit(table, row, "党委")
        if committee is not None and desk.tree is not None and desk.tree.committee_of(committee) != committee:
            table.reject(row, "党委", _("这个党组织不是党委或党工委"), _("填写党委的全称"))
            committee = None
        person = _voted(desk, table, row)
        if committee is None or person is None:
            return False
        reason = desk.put_away(f"reason:{committee}:{person.id}", row.values["未上报理由"])
        by_committee.setdefault(committee, []).append(
            (row, _vote(row, person, row.values["是否上报"] == forms.YES, reason))
        )
        where[committee, person.id] = table, row
        people.setdefault(f"{committee}\n{person.id}", []).append(row)
        return True

    table.keep(sound)
    double = twice(table, people, NUMBER, _("同一党委把同一人列了不止一次，另见第{rows}行"), _("只保留一行"))
    table.keep(lambda row: row.number not in double)
    return {committee: _sittings(votes, double) for committee, votes in by_committee.items()}, where


def decision(desk: Desk, table: Table) -> tuple[tuple[review.Sitting, ...], Where]:
    """The county committee's votes (13), and where each person stands on the form (under the county's name)."""
    votes: list[tuple[Row, Vote]] = []
    where: Where = {}
    people: dict[str, list[Row]] = {}

    def sound(row: Row) -> bool:
        person = _voted(desk, table, row)
        if person is None:
            return False
        votes.append((row, _vote(row, person, row.values["决定"] == forms.UP, "")))
        where["", person.id] = table, row
        people.setdefault(person.id, []).append(row)
        return True

    table.keep(sound)
    double = twice(table, people, NUMBER, _("同一人列了不止一次，另见第{rows}行"), _("只保留一行"))
    table.keep(lambda row: row.number not in double)
    return _sittings(votes, double), where


def _voted(desk: Desk, table: Table, row: Row) -> Known | None:
    values = row.values
    person = desk.person(table, row, "姓名")
    if not attendance(table, row, "应到委员", "实到委员", "会议日期"):
        return None
    try:
        meetings.check_votes(values["实到委员"], values["同意"], values["不同意"], values["弃权"])
    except Refused as refused:
        table.reject(row, "同意", sentence(refused), _("核对同意、不同意、弃权票数和实到委员数"))
        return None
    return person


def _vote(row: Row, person: Known, up: bool, reason: str) -> Vote:
    return Vote(person.id, row.values["同意"], row.values["不同意"], row.values["弃权"], up, reason)


def _sittings(votes: list[tuple[Row, Vote]], double: set[int]) -> tuple[review.Sitting, ...]:
    """Votes grouped into meetings by day and attendance, in the order of the form."""
    return tuple(
        review.Sitting(*meeting, tuple(group))
        for meeting, group in _grouped(
            [(row, vote) for row, vote in votes if row.number not in double],
            lambda row: (row.values["会议日期"], row.values["应到委员"], row.values["实到委员"]),
        ).items()
    )


def _grouped(
    rows: list[tuple[Row, S]], key: Callable[[Row], tuple[date, int, int]]
) -> dict[tuple[date, int, int], list[S]]:
    found: dict[tuple[date, int, int], list[S]] = {}
    for row, value in rows:
        found.setdefault(key(row), []).append(value)
    return found
