"""The course of the work: process record (03), participation (04), satisfaction (05), reviews (07, 13)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TypeVar

from fourgates import meetings, review
from fourgates.errors import Refused
from fourgates.gates import procedure
from fourgates.gates.procedure import Held
from fourgates.i18n import _, sentence
from fourgates.papers import forms, guesses
from fourgates.papers.cells import suggested
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
        if values["应到"] is None or values["实到"] is None:
            desk.odd(table.place(row.number, "应到"), "", _("没有写应到或实到人数"), _("补填人数"))
        elif not attendance(table, row, "应到", "实到", "日期"):
            return False
        if unit is None:
            return False
        window = procedure.window(values["环节"], desk.plan)
        if window is not None and not window.holds(values["日期"]):
            table.reject(
                row,
                "日期",
                _("“{step}”不在规定时间{first}至{last}内").format(
                    step=values["环节"], first=window.first.isoformat(), last=window.last.isoformat()
                ),
                suggested(
                    _("日期写错的请改正；确实超出时间的，按程序报上级"), guesses.year(values["日期"], window)
                ),
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
            desk.own_branch(table, row, "所在党支部", person)
            return False
        if values["参与方式"] != absent and values["日期"] is None:
            table.reject(row, "日期", _("没有填写"), _("补填参与的日期"))
            return False
        if values["参与方式"] == absent and not values.get("未参与原因"):
            desk.odd(table.place(row.number, "未参与原因"), "", _("没有写未参与的原因"), _("补填原因"))
        people.setdefault(person.id, []).append(row)
        found[row.number] = Mark(
            person.id,
            values["参与方式"],
            values["日期"],
            desk.put_away("handler", values.get("经办人", "")),
            desk.put_away(f"reason:{person.id}", values.get("未参与原因", "")),
        )
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
