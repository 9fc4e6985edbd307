"""What is found out about the persons sent up (考察): files 08 to 12. Pillars pass; some others meet each bar once.

Among the punishments are two that end on the very day of judgement (no bar) and one that ends the day after (a bar).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from fourgates.simulate.cast import Person
from fourgates.simulate.course import Course, Record
from fourgates.simulate.population import LEADING_JOBS, Population
from fourgates.simulate.programme import Programme
from fourgates.simulate.sheet import Cell

RATINGS = ("政治判断力", "政治领悟力", "政治执行力", "议事能力", "群众工作本领")
CONDITIONS = ("条件一", "条件二", "条件三", "条件四", "条件五", "条件六")
MARKS = ("农民", "工人", "专业技术人员", "先进模范", "脱贫攻坚", "疫情防控")
EVIDENCE = ("近三年民主评议均为优秀", "走访所在支部党员12人，一致反映好", "查阅工作纪实并听取群众意见",
            "重点工作中表现突出，有会议记录佐证")  # fmt: skip
STANDARD_FAULTS = ("rating", "condition", "recognition", "two_faced", "evidence", "rating")
BARS = ("punished", "department", "check", "file", "doubt", "petition", "declaration", "department", "petition",
        "punished", "department", "doubt")  # fmt: skip
_FARMING = ("农民", "合作社社员", "个体经营", "公益性岗位")
_WORKING = ("工人", "企业工人")
_EXPERT = ("专业技术人员", "村医", "小学教师")


@dataclass
class Vetting:
    """Rows for 08, 09, 10, 11 (by department) and 12, and who passes both person gates, in the order sent up."""

    details: list[Record] = field(default_factory=list)
    standard: list[Record] = field(default_factory=list)
    checks: list[Record] = field(default_factory=list)
    replies: dict[str, list[Record]] = field(default_factory=dict)
    punishments: list[Record] = field(default_factory=list)
    sound: list[Person] = field(default_factory=list)


def vet(courses: list[Course], population: Population, programme: Programme, rng: Random) -> Vetting:
    """Vets everybody sent up: about one in fifteen misses the standard, one in seven has one of the six bars."""
    vetting = Vetting(replies={name: [] for name in programme.departments})
    sent_up = [person for course in courses for person in course.sent_up]
    pillars = {person.number for person in population.pillars.values()}
    others = [person.number for person in sent_up if person.number not in pillars]
    rng.shuffle(others)
    low = {n: STANDARD_FAULTS[i % 6] for i, n in enumerate(others[: max(1, len(others) * 8 // 100)])}
    rest = others[len(low) :]
    barred = {n: BARS[i % 12] for i, n in enumerate(rest[: max(1, len(rest) * 18 // 100)])}
    _punish(
        vetting, population, programme.judged_on, [n for n in rest if n not in barred], barred, sent_up, rng
    )
    for person in sent_up:
        bar = barred.get(person.number, "")
        details = _details(person, population.tags.get(person.number), rng)
        vetting.details.append(details)
        vetting.standard.append(_standard(person, low.get(person.number, ""), rng))
        vetting.checks.append(_checks(person, details, bar, programme.days("vetting"), rng))
        _reply(vetting, person, details, bar, programme, rng)
        if not bar and person.number not in low:
            vetting.sound.append(person)
    return vetting


def _identity(person: Person) -> Record:
    return {"姓名": person.name, "公民身份号码": person.number}


def _details(person: Person, tags: set[str] | None, rng: Random) -> Record:
    leading = person.job in LEADING_JOBS
    if tags is None:
        kinds = {"农民": _FARMING, "工人": _WORKING, "专业技术人员": _EXPERT}
        tags = {kind for kind, jobs in kinds.items() if person.job in jobs}
        tags |= {mark for mark, odds in zip(MARKS[3:], (0.3, 0.25, 0.35), strict=True) if rng.random() < odds}
    filed = leading or person.job not in (*_FARMING, *_WORKING) or rng.random() < 0.2
    return _identity(person) | {
        "所在党支部": person.branch,
        "类别": "党员领导干部" if leading else "生产和工作一线",
        **{mark: "是" if mark in tags else "" for mark in MARKS},
        "个人有关事项报告对象": "是" if leading and rng.random() < 0.7 else "否",
        "干部档案": "有" if filed else "无",
    }


def _standard(person: Person, fault: str, rng: Random) -> Record:
    issued = rng.randint(30, 60)
    returned = issued - rng.randint(0, 2)
    against, abstained = rng.randint(0, 2), rng.randint(0, 2)
    if fault == "recognition":
        against = returned - returned * 4 // 5 + 1 - abstained
    row = _identity(person)
    row |= {heading: rng.choice(("优秀", "优秀", "良好")) for heading in RATINGS} | dict.fromkeys(
        CONDITIONS, "是"
    )
    row |= {"测评发出": issued, "测评收回": returned, "认可": returned - against - abstained, "不认可": against,
            "弃权": abstained, "两面人": "否", "事实依据": rng.choice(EVIDENCE)}  # fmt: skip
    if fault == "rating":
        row[rng.choice(RATINGS)] = rng.choice(("一般", "较差"))
    elif fault == "condition":
        row[rng.choice(CONDITIONS)] = "否"
    elif fault == "two_faced":
        row |= {"两面人": "是", "事实依据": "对重大部署表态与行动不一致，有谈话记录"}
    elif fault == "evidence":
        row["事实依据"] = ""
    return row


def _checks(person: Person, details: Record, bar: str, days: list[date], rng: Random) -> Record:
    def when(result: Cell) -> Cell:
        return "" if result == "不适用" and rng.random() < 0.5 else rng.choice(days)

    filed, declares = details["干部档案"] == "有", details["个人有关事项报告对象"] == "是"
    if bar == "file":
        filed = True
        details["干部档案"] = "有"
    if bar == "declaration":
        declares = True
        details["个人有关事项报告对象"] = "是"
    file_result = "不通过" if bar == "file" else "通过" if filed else "不适用"
    declaration = "不通过" if bar == "declaration" else "通过" if declares else "不适用"
    petition = "未查清" if bar == "petition" else "已查清" if rng.random() < 0.05 else "无"
    return _identity(person) | {
        "档案审核": file_result, "档案审核日期": when(file_result),
        "个人事项核查": declaration, "个人事项核查日期": when(declaration),
        "纪检监察意见": "不通过" if bar == "check" else "通过", "纪检监察意见日期": rng.choice(days),
        "信访举报": petition, "信访举报日期": rng.choice(days),
        "党员身份": "存疑" if bar == "doubt" else "属实", "核查人": rng.choice(("赵干事", "李主任", "钱科长")),
    }  # fmt: skip


def _reply(
    vetting: Vetting, person: Person, details: Record, bar: str, programme: Programme, rng: Random
) -> None:
    against = rng.choice(list(programme.departments)) if bar == "department" else ""
    for department, rows in vetting.replies.items():
        opinion, note = "无异议", ""
        if department == against:
            opinion, note = "有影响", "有尚未办结的事项"
        elif department in ("税务", "审计", "市场监管") and details["干部档案"] == "无":
            opinion, note = "不适用", "无此类登记"
        elif rng.random() < 0.008:
            opinion, note = "有情况不影响", "曾受理一般咨询事项，已办结"
        day = rng.choice(programme.days("vetting"))
        rows.append(_identity(person) | {"意见": opinion, "说明": note, "回函日期": day,
                                         "经办人": rng.choice(("周科长", "何主任", "冯干部"))})  # fmt: skip


def _punish(
    vetting: Vetting,
    population: Population,
    judged_on: date,
    free: list[str],
    barred: dict[str, str],
    sent_up: list[Person],
    rng: Random,
) -> None:
    """Rows of 12: old punishments, the suspended members', and the bars; dates round the day of judgement."""
    people = {person.number: person for person in population.everyone()}
    rows: list[tuple[str, str, date]] = []
    year = judged_on.year
    for number, (kind, approved) in zip(
        free,
        (("警告", judged_on.replace(year=year - 1)), ("撤销党内职务", judged_on.replace(year=year - 2))),
        strict=False,
    ):
        rows.append((number, kind, approved))
    for number, bar in barred.items():
        if bar == "punished":
            rows.append((number, "警告", judged_on.replace(year=year - 1) + timedelta(days=1)))
    rows += [(number, "留党察看一年", approved) for number, approved in population.suspended.items()]
    named = {person.number for person in sent_up} | set(population.suspended)
    bystanders = [number for number, p in people.items() if number not in named and p.confirmed is not None]
    for number in rng.sample(bystanders, min(len(bystanders), 2 + len(people) // 600)):
        kind = rng.choice(("警告", "警告", "严重警告", "撤销党内职务"))
        rows.append((number, kind, judged_on - timedelta(days=rng.randint(90, 1200))))
    for number, kind, approved in rows:
        vetting.punishments.append(_identity(people[number]) | {"处分种类": kind, "批准日期": approved})
    rng.shuffle(vetting.punishments)


def decide(
    vetting: Vetting, population: Population, programme: Programme, day: date, rng: Random
) -> list[Record]:
    """Rows of 13: the county committee decides for the pillars, and against a few others it voted on."""
    pillars = {person.number for person in population.pillars.values()}
    chosen = [person for person in vetting.sound if person.number in pillars][: programme.county_list]
    others = [person for person in vetting.sound if person.number not in pillars]
    due, present = 11, rng.randint(8, 11)
    rows: list[Record] = []
    for person in chosen + rng.sample(others, min(2, len(others))):
        up = person in chosen
        agreed = rng.randint(6, present) if up else rng.randint(0, 5)
        against = rng.randint(0, present - agreed)
        rows.append({"会议日期": day, "应到委员": due, "实到委员": present, **_identity(person), "同意": agreed,
                     "不同意": against, "弃权": present - agreed - against, "决定": "上报" if up else "不上报"})  # fmt: skip
    return rows
