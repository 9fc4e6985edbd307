"""The persons sent up, one by one: who they are (08), political standard (09), the checks (10), the departments (11)."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from fourgates.errors import Refused
from fourgates.facts import Profile
from fourgates.gates import standard
from fourgates.gates.integrity import Opinion, Result
from fourgates.gates.standard import Assessment
from fourgates.i18n import _, sentence
from fourgates.papers import forms
from fourgates.papers.desk import NUMBER, Desk, Known, twice
from fourgates.papers.table import Row, Table

Where = dict[str, tuple[Table, Row]]


def _one_by_one(
    desk: Desk, table: Table, judge: Callable[[Row, Known], bool] | None = None
) -> dict[str, Row]:
    """The sound rows of a form that lists each person once: id → row."""
    whose: dict[int, str] = {}
    people: dict[str, list[Row]] = {}

    def sound(row: Row) -> bool:
        person = desk.person(table, row, "姓名")
        if person is None or (judge is not None and not judge(row, person)):
            return False
        whose[row.number] = person.id
        people.setdefault(person.id, []).append(row)
        return True

    table.keep(sound)
    double = twice(table, people, NUMBER, _("同一人列了不止一次，另见第{rows}行"), _("只保留一行"))
    table.keep(lambda row: row.number not in double)
    return {whose[row.number]: row for row in table.rows}


def profiles(desk: Desk, table: Table) -> dict[str, Profile]:
    """What each person stands for (08): id → profile."""

    def own_branch(row: Row, person: Known) -> bool:
        branch = desk.branch(table, row, "所在党支部")
        if branch is not None and branch != person.branch:
            desk.own_branch(table, row, "所在党支部", person)
        return branch == person.branch

    return {
        id_: Profile(
            row.values["类别"],
            tuple(tag for tag in desk.plan.structure.tags if row.values[tag] == forms.YES),
            row.values["个人有关事项报告对象"] == forms.YES,
            row.values["干部档案"] == forms.HAS,
        )
        for id_, row in _one_by_one(desk, table, own_branch).items()
    }


def assessments(desk: Desk, table: Table) -> dict[str, Assessment]:
    """The assessment of each person (09): id → assessment."""
    rule = desk.plan.standard
    found: dict[str, Assessment] = {}

    def can_be(row: Row, person: Known) -> bool:
        values = row.values
        found[person.id] = assessment = Assessment(
            ratings=tuple(values[name] for name in rule.ratings),
            conditions=tuple(values[condition.label] == forms.YES for condition in rule.conditions),
            issued=values["测评发出"],
            returned=values["测评收回"],
            recognised=values["认可"],
            not_recognised=values["不认可"],
            abstained=values["弃权"],
            two_faced=values["两面人"] == forms.YES,
            evidence=desk.put_away(f"evidence:{person.id}", values["事实依据"]),
        )
        try:
            standard.check(assessment, rule)
        except Refused as refused:
            column = "测评收回" if assessment.returned > assessment.issued else "认可"
            table.reject(row, column, sentence(refused), _("核对测评发出、收回和各选项的票数"))
            return False
        return True

    return {id_: found[id_] for id_ in _one_by_one(desk, table, can_be)}


def checks(desk: Desk, table: Table) -> tuple[dict[str, tuple[Mapping[str, Result], str]], Where]:
    """The checks on each person (10): id → results by check and the digest of who did them; and where they stand."""
    rows = _one_by_one(desk, table)
    found: dict[str, tuple[Mapping[str, Result], str]] = {
        id_: (
            {
                check.name: Result(
                    row.values[check.name], row.values[check.name + "日期"] if check.dated else None
                )
                for check in desk.plan.integrity.checks
            },
            desk.put_away(f"handler:{id_}", row.values.get("核查人", "")),
        )
        for id_, row in rows.items()
    }
    return found, {id_: (table, row) for id_, row in rows.items()}


def opinions(desk: Desk, department: str, table: Table) -> tuple[Opinion, ...]:
    """A department's answers (11), ordered by id."""
    rule = desk.plan.integrity.opinions
    found: list[Opinion] = []
    for id_, row in sorted(_one_by_one(desk, table).items()):
        values = row.values
        place = table.place(row.number, "意见")
        if not values["意见"]:
            desk.odd(place, "", _("没有答复：按未回复处理，不算同意"), _("请这个部门补填意见"))
        elif values["意见"] in rule.not_applicable and not values["说明"]:
            desk.odd(place, values["意见"], _("写了不适用，没有说明理由"), _("在说明栏写明为什么不适用"))
        elif values["意见"] in rule.objection and not values["说明"]:
            desk.odd(place, values["意见"], _("有影响的意见没有说明事实"), _("在说明栏写明事实依据"))
        found.append(
            Opinion(
                id_,
                values["意见"],
                values["回函日期"],
                desk.put_away(f"note:{department}:{id_}", values["说明"]),
                desk.put_away(f"handler:{department}:{id_}", values.get("经办人", "")),
            )
        )
    return tuple(found)
