"""A whole invented county (模拟县): made up from a seed, kept in memory so that faults can be planted, then written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from random import Random

from fourgates.simulate import forms, places, writing
from fourgates.simulate.cast import Person
from fourgates.simulate.chances import chances, split
from fourgates.simulate.course import Course, Record, absentees
from fourgates.simulate.course import run as run_course
from fourgates.simulate.habits import dress, month_only
from fourgates.simulate.places import COUNTY, COUNTY_COMMITTEE, Committee
from fourgates.simulate.population import Population, settle
from fourgates.simulate.programme import Programme, shares
from fourgates.simulate.sheet import Row, Sheet
from fourgates.simulate.steps import committee_steps, county_steps
from fourgates.simulate.vetting import Vetting, decide, vet


@dataclass(frozen=True)
class Size:
    """How large the county is; the defaults are the seed's figures. ``sent_up`` must be more than 8 × ``allotted``."""

    township: int = 17
    direct: int = 12
    branches: int = 620
    members: int = 15_000
    allotted: int = 10
    county_list: int = 13
    sent_up: int = 87


SMALL = Size(township=2, direct=1, branches=12, members=200, allotted=1, county_list=2, sent_up=9)


@dataclass
class County:
    """The folder before it is written: the plan, the sheets by path, and ``files`` that replace or join them as bytes."""

    seed: str
    programme: Programme
    sheets: dict[str, Sheet]
    plan_text: str | None = None
    files: dict[str, bytes] = field(default_factory=dict)

    def toml(self) -> str:
        """The text of plan.toml."""
        return self.programme.toml() if self.plan_text is None else self.plan_text

    def under(self, folder: str) -> list[Sheet]:
        """The sheets whose path begins with ``folder``, in the order of their paths."""
        return [self.sheets[path] for path in sorted(self.sheets) if path.startswith(folder)]


def make(
    folder: Path,
    *,
    seed: str,
    size: Size = Size(),
    with_decision: bool = False,
    progress: writing.Progress | None = None,
) -> County:
    """Write an honest invented county into ``folder`` and return it; the same seed gives the same bytes.

    ``progress`` is called after each file with how many are written and how many there will be. Raises
    ``FileExistsError`` when ``folder`` is there and not empty.
    """
    county = invent(seed, size, with_decision=with_decision)
    writing.write(county.sheets, county.toml(), county.files, folder, progress)
    return county


def invent(seed: str, size: Size = Size(), *, with_decision: bool = False) -> County:
    """An honest county in memory: nothing in it is a problem, and a lawful list exists.

    Raises ``ValueError`` when ``size`` cannot be honest: too few committees for the list, or too few names sent up.
    """
    if size.county_list > size.township + size.direct or size.sent_up <= 8 * size.allotted:
        raise ValueError(
            "the list needs a committee for each name, and more than 8 × allotted names must go up"
        )
    rng = chances(seed, "people")
    programme = Programme(size.allotted, size.county_list, shares(size.county_list))
    committees = places.invent(size.township, size.direct, size.branches, rng)
    population = settle(committees, size.members, size.county_list, programme.reference_date, rng)
    absent = absentees(population, rng)
    sent = split(size.sent_up, len(committees), min(2, size.sent_up // len(committees)), rng, evenness=20)
    courses = [
        run_course(committee, population, programme, absent, count, rng)
        for committee, count in zip(committees, sent, strict=True)
    ]
    vetting = vet(courses, population, programme, chances(seed, "vetting"))
    sheets = _county_sheets(courses, population, vetting)
    decided = programme.windows["county_review"][0] + timedelta(days=1) if with_decision else None
    _committee_sheets(sheets, courses, population, programme, seed)
    county_rows = county_steps(programme, len(committees), decided, chances(seed, "county"))
    _add(sheets, "03 工作纪实/县委.xlsx", forms.STEPS, COUNTY_COMMITTEE, county_rows)
    if decided:
        rows = decide(vetting, population, programme, decided, chances(seed, "decision"))
        _add(sheets, "13 县委研究.xlsx", forms.DECISION, COUNTY_COMMITTEE, rows)
    for path in sorted(sheets):
        _type(sheets[path], chances(seed, "typing", path))
    return County(seed, programme, sheets)


def _add(sheets: dict[str, Sheet], path: str, form: forms.Form, unit: str, records: Iterable[Record]) -> None:
    rows: list[Row | None] = [Row({"序号": i} | record) for i, record in enumerate(records, 1)]
    title = form.title.format(unit)
    columns = ["序号", *form.headings]
    sheets[path] = Sheet(
        path, title, unit, "2022年3月", columns, rows, dict(form.sums), headings=list(columns)
    )


def _type(sheet: Sheet, rng: Random) -> None:
    if sheet.path.startswith("02"):
        for _, row in sheet.filled():
            for heading in ("入党日期", "转正日期"):
                if row.meant[heading] and rng.random() < 0.02:
                    month_only(row, heading, rng)
    dress(sheet, rng)


def _county_sheets(courses: list[Course], population: Population, vetting: Vetting) -> dict[str, Sheet]:
    sheets: dict[str, Sheet] = {}
    single: Mapping[str, tuple[forms.Form, list[Record]]] = {
        "01 党组织名册": (forms.UNITS, _units(courses, population)),
        "05 满意度测评": (forms.SATISFACTION, [row for course in courses for row in course.satisfaction]),
        "07 党委研究": (forms.REVIEW, [row for course in courses for row in course.review]),
        "08 人选情况": (forms.DETAILS, vetting.details),
        "09 政治标准考察": (forms.STANDARD, vetting.standard),
        "10 四必核查": (forms.CHECKS, vetting.checks),
        "12 处分情况": (forms.PUNISHMENTS, vetting.punishments),
    }
    for name, (form, rows) in single.items():
        _add(sheets, f"{name}.xlsx", form, COUNTY_COMMITTEE, rows)
    for department, rows in vetting.replies.items():
        _add(sheets, f"11 部门回函/{department}.xlsx", forms.REPLIES, department, rows)
    sheets["01 党组织名册.xlsx"].title = f"{COUNTY}党组织名册"
    return sheets


def _committee_sheets(
    sheets: dict[str, Sheet], courses: list[Course], population: Population, programme: Programme, seed: str
) -> None:
    for course in courses:
        name = course.committee.name
        people = [person for branch in course.committee.branches for person in population.branches[branch]]
        steps = committee_steps(course, population, programme, chances(seed, "steps", name))
        _add(sheets, f"02 党员名册/{name}.xlsx", forms.ROSTER, name, map(_member, people))
        _add(sheets, f"03 工作纪实/{name}.xlsx", forms.STEPS, name, steps)
        _add(sheets, f"04 参与情况/{name}.xlsx", forms.TAKING_PART, name, course.took_part)
        _add(sheets, f"06 推荐提名/{name}.xlsx", forms.NOMINATIONS, name, course.nominations)


def _units(courses: list[Course], population: Population) -> list[Record]:
    rows = [_unit(COUNTY_COMMITTEE, "县委", "", "", "方志远", 0)]
    for course in courses:
        committee = course.committee
        kind, sector = "党工委" if committee.working else "党委", "乡镇" if committee.township else "县直"
        head = course.sent_up[-1].name
        rows.append(_unit(committee.name, kind, sector, COUNTY_COMMITTEE, head, len(rows), course.quota))
        rows += _below(committee, population, len(rows))
    return rows


def _below(committee: Committee, population: Population, before: int) -> list[Record]:
    rows: list[Record] = []
    for branch, superior in committee.branches.items():
        secretary = population.entitled(branch)[0].name
        if superior in committee.generals and all(row["党组织名称"] != superior for row in rows):
            rows.append(_unit(superior, "党总支", "", committee.name, secretary, before + len(rows)))
        rows.append(_unit(branch, "党支部", "", superior, secretary, before + len(rows)))
    return rows


def _unit(
    name: str, kind: str, sector: str, superior: str, secretary: str, number: int, quota: int | None = None
) -> Record:
    return {"党组织名称": name, "组织类别": kind, "隶属": sector, "上级党组织": superior, "书记": secretary,
            "联系电话": f"0000-{3210000 + number}", "推荐名额": quota}  # fmt: skip


def _member(person: Person) -> Record:
    return {
        "姓名": person.name, "公民身份号码": person.number, "性别": "女" if person.woman else "男", "民族": person.nation,
        "出生日期": person.born, "学历": person.schooling,
        "人员类别": "预备党员" if person.confirmed is None else "正式党员", "所在党支部": person.branch,
        "入党日期": person.joined, "转正日期": person.confirmed or "", "工作岗位": person.job, "手机号码": person.telephone,
        "流动党员": "是" if person.away else "否", "流动去向": person.away, "年老体弱": "是" if person.infirm else "否",
        "党籍状态": "停止党籍" if person.stopped else "正常",
    }  # fmt: skip
