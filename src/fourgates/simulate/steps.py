"""The record of the work (工作纪实): plan, training, mobilisation, warning education, studies, the committee's meeting."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from fourgates.simulate.course import Course, Record
from fourgates.simulate.places import COUNTY_COMMITTEE, Committee
from fourgates.simulate.population import Population
from fourgates.simulate.programme import Programme

PLACES = ("会议室", "党群服务中心", "机关三楼会议室")
CONTENT = {
    "方案": "研究制定推荐工作方案",
    "培训": "部署培训推荐工作政策和业务",
    "动员": "全面动员部署",
    "警示教育": "学习换届纪律，观看警示教育片",
    "党史学习教育": "党史学习教育专题学习",
    "冬训": "农村党员冬训",
    "党委研究": "集体研究上报人选",
    "县委研究": "研究确定推荐人选",
}


def committee_steps(
    course: Course, population: Population, programme: Programme, rng: Random
) -> list[Record]:
    """Rows of 03 for one committee, in the order of the calendar's windows.

    Warning education is the committee's own for two committees in three; else each branch's, or its general branch's.
    """
    committee = course.committee
    secretary = next(iter(population.everyone())).name if not course.sent_up else course.sent_up[-1].name
    clerk = rng.choice(("孙菊", "刘秀", "赵小明", "陈燕"))
    day = {name: rng.choice(programme.days(name)) for name in ("plan", "training", "mobilisation")}

    def held(step: str, unit: str, when: date, due: int, lost: int = 0) -> Record:
        present = due - rng.randint(0, min(lost, due // 6))
        return {"日期": when, "环节": step, "党组织": unit, "地点": rng.choice(PLACES), "主持人": secretary, "应到": due,
                "实到": present, "主要内容": CONTENT[step], "记录人": clerk}  # fmt: skip

    core = rng.randint(9, 13)
    rows = [
        held("方案", committee.name, day["plan"], core),
        held("培训", committee.name, day["training"], core + 2 * len(committee.branches), 2),
        held("动员", committee.name, day["mobilisation"], core + 2 * len(committee.branches), 3),
    ]
    warned = programme.days("warning_education")
    for unit, due in _warned_units(committee, population, rng):
        rows.append(held("警示教育", unit, rng.choice(warned), due, 6))
    rows.append(
        held(
            "党史学习教育",
            committee.name,
            programme.reference_date + timedelta(days=rng.randint(1, 5)),
            core + 9,
        )
    )
    if committee.township:
        for branch in rng.sample(sorted(committee.branches), min(3, len(committee.branches))):
            trained = programme.reference_date - timedelta(days=rng.randint(5, 40))
            rows.append(held("冬训", branch, trained, len(population.branches[branch]), 5))
    review = course.review[0]
    closing = held("党委研究", committee.name, programme.reference_date, 1)
    rows.append(
        closing | {"日期": review["会议日期"], "应到": review["应到委员"], "实到": review["实到委员"]}
    )
    return rows


def _warned_units(committee: Committee, population: Population, rng: Random) -> list[tuple[str, int]]:
    if rng.random() < 0.67:
        return [(committee.name, 30 + len(committee.branches))]
    units: dict[str, int] = {}
    for branch, superior in committee.branches.items():
        unit = superior if superior in committee.generals else branch
        units[unit] = units.get(unit, 0) + len(population.entitled(branch))
    return list(units.items())


def county_steps(programme: Programme, committees: int, decided: date | None, rng: Random) -> list[Record]:
    """Rows of 03 for the county committee; the closing meeting only when it was held."""
    first = {
        name: programme.windows[name][0] for name in ("plan", "training", "mobilisation", "warning_education")
    }
    steps = [("方案", first["plan"], 11, "县委书记", "县委办"), ("培训", first["training"], committees, "组织部长", "组织部"),
             ("动员", first["mobilisation"], committees, "县委书记", "县委办"),
             ("警示教育", first["warning_education"], 2 * committees, "纪委书记", "县纪委")]  # fmt: skip
    if decided:
        steps.append(("县委研究", decided, 11, "县委书记", "县委办"))
    return [
        {"日期": day, "环节": step, "党组织": COUNTY_COMMITTEE, "地点": rng.choice(PLACES), "主持人": chair, "应到": due,
         "实到": due, "主要内容": CONTENT[step], "记录人": clerk}
        for step, day, due, chair, clerk in steps
    ]  # fmt: skip
