"""How the selection went (过程): who took part and how, what branches nominated, what committees sent up.

The rows are an honest county's: lawful meetings, figures that add up, a reason wherever one is owed.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from random import Random

from fourgates.simulate.cast import Person
from fourgates.simulate.chances import split, weighted
from fourgates.simulate.places import Committee
from fourgates.simulate.population import LEADING_JOBS, Population
from fourgates.simulate.programme import Programme
from fourgates.simulate.sheet import Cell

Record = dict[str, Cell]
ABSENT_REASONS = ("失联，多次联系未果", "出国务工，联系不上", "本人不愿参与", "住院治疗，本人不便表达意见")
DEEDS = ("带领群众发展核桃产业，群众认可", "驻村帮扶成效明显", "疫情防控中连续值守卡口", "业务精湛，多次受到表彰",
         "教书育人三十年，深受好评", "为民办事公道正派", "安全生产工作扎实", "化解矛盾纠纷有办法")  # fmt: skip
CLERKS = ("于强", "王和军", "沈国贵", "邵德", "孙菊", "刘秀", "何小林", "马晓红")


@dataclass
class Course:
    """What happened in one committee: rows for 04, 05, 06 and 07, and who was sent up, best supported first."""

    committee: Committee
    quota: int
    took_part: list[Record] = field(default_factory=list)
    satisfaction: list[Record] = field(default_factory=list)
    nominations: list[Record] = field(default_factory=list)
    review: list[Record] = field(default_factory=list)
    sent_up: list[Person] = field(default_factory=list)
    meeting_days: dict[str, date] = field(default_factory=dict)


@dataclass(frozen=True)
class _Support:
    person: Person
    branches: int
    members: int


def absentees(population: Population, rng: Random) -> set[str]:
    """Two in a thousand of the members with rights, at least one, at most one a branch, never a pillar."""
    pillars = {person.number for person in population.pillars.values()}
    entitled = {branch: population.entitled(branch) for branch in population.branches}
    wanted = max(1, round(sum(map(len, entitled.values())) / 500))
    large = [branch for branch, members in entitled.items() if len(members) >= 6]
    chosen = rng.sample(large, min(wanted, len(large)))
    return {rng.choice([p for p in entitled[branch] if p.number not in pillars]).number for branch in chosen}


def run(
    committee: Committee,
    population: Population,
    programme: Programme,
    absent: set[str],
    sent: int,
    rng: Random,
) -> Course:
    """One committee's way from its branches' meetings to the ``sent`` names it sends up."""
    course = Course(committee, sent + (rng.random() < 0.3))
    days = programme.days("nomination")
    pool = _pool(committee, population, absent, sent, rng)
    for turn, branch in enumerate(committee.branches):
        day = course.meeting_days[branch] = rng.choice(days)
        present = _take_part(course, branch, population, day, absent, days, rng)
        _nominate(
            course, branch, len(population.entitled(branch)), present, pool, sent if turn == 0 else 0, rng
        )
    ranked = _tally(course.nominations, pool)
    _review(course, ranked, population, sent, rng.choice(programme.days("committee_review")), rng)
    return course


def _take_part(
    course: Course,
    branch: str,
    population: Population,
    day: date,
    absent: set[str],
    days: list[date],
    rng: Random,
) -> int:
    """Rows of 04 and 05 for one branch; how many came to the meeting, at least four in five of those due."""
    entitled = population.entitled(branch)
    apart_allowed = len(entitled) - -(-4 * len(entitled) // 5)
    apart_allowed -= sum(1 for person in entitled if person.number in absent)
    clerk = rng.choice(CLERKS)
    present, due = 0, {person.number for person in entitled}
    guests = [p for p in population.branches[branch] if p.confirmed is None and rng.random() < 0.03]
    for person in entitled + guests:
        channel, when, reason = "会议", day, ""
        if person.number in absent:
            channel, reason = "未参与", rng.choice(ABSENT_REASONS)
        elif (
            apart_allowed > 0
            and person.number in due
            and (person.away or person.infirm or rng.random() < 0.03)
        ):
            apart_allowed -= 1
            channel = (
                rng.choice(("电话", "电话", "微信")) if person.away else rng.choice(("上门", "上门", "电话"))
            )
            when = rng.choice(days)
        elif person.number in due:
            present += 1
        course.took_part.append({"所在党支部": branch, "姓名": person.name, "公民身份号码": person.number, "参与方式": channel,
                                 "日期": when, "经办人": clerk, "未参与原因": reason})  # fmt: skip
    issued = len(entitled)
    returned = issued - sum(1 for p in entitled if p.number in absent) - (issued > 20 and rng.random() < 0.25)
    course.satisfaction.append({"党支部": branch, "发出": issued, "收回": returned, "满意": returned, "基本满意": 0,
                                "不满意": 0})  # fmt: skip
    return present


def _pool(
    committee: Committee, population: Population, absent: set[str], sent: int, rng: Random
) -> list[tuple[Person, float]]:
    """The committee's possible nominees with the weight of their name; the pillar's is heavy enough to come first."""
    pillar = population.pillars.get(committee.name)
    able = [
        person
        for branch in committee.branches
        for person in population.entitled(branch)
        if 1957 <= person.born.year <= 1995 and person.number not in absent and person != pillar
    ]
    wanted = min(len(able), sent + 3 + len(committee.branches) * 2 // 3)
    pool: list[tuple[Person, float]] = [(pillar, 12.0)] if pillar else []
    for person in rng.sample(able, wanted):
        if rng.random() < 0.25:
            person = population.change(person, LEADING_JOBS[0 if committee.township else 1])
        pool.append((person, 0.3 + 4 * rng.random() ** 2))
    return pool


def _nominate(
    course: Course,
    branch: str,
    due: int,
    present: int,
    pool: list[tuple[Person, float]],
    at_least: int,
    rng: Random,
) -> None:
    """Rows of 06 for one branch. The first branch names ``at_least`` people and the pillar, so enough can go up."""
    people = {person.number: person for person, _ in pool}
    chosen = weighted(list(people), [weight for _, weight in pool], max(at_least, rng.randint(3, 5)), rng)
    if at_least and pool[0][0].number not in chosen:
        chosen[-1] = pool[0][0].number
    for number in chosen:
        person = people[number]
        course.nominations.append({
            "党支部": branch, "会议日期": course.meeting_days[branch], "应到会": due, "实到会": present, "被推荐人": person.name,
            "公民身份号码": number, "单位及职务": person.branch.removesuffix("党支部") + person.job,
            "提名党员数": rng.randint(1, present), "主要事迹": DEEDS[int(number[14:17]) % len(DEEDS)],
        })  # fmt: skip


def _tally(nominations: list[Record], pool: list[tuple[Person, float]]) -> list[_Support]:
    branches: dict[str, int] = {}
    members: dict[str, int] = {}
    for row in nominations:
        number, behind = str(row["公民身份号码"]), row["提名党员数"]
        branches[number] = branches.get(number, 0) + 1
        members[number] = members.get(number, 0) + (behind if isinstance(behind, int) else 0)
    support = [_Support(p, branches[p.number], members[p.number]) for p, _ in pool if p.number in branches]
    return sorted(support, key=lambda s: (-s.branches, -s.members, s.person.number))


def _review(
    course: Course, ranked: list[_Support], population: Population, sent: int, day: date, rng: Random
) -> None:
    """Rows of 07: the best supported are voted on until ``sent`` have a majority; who stands above gets a reason."""
    due = rng.randint(9, 13)
    present = rng.randint(due * 2 // 3 + 1, due)
    pillar = population.pillars.get(course.committee.name)
    refusals = min(len(ranked) - sent, rng.randint(0, 2))
    left = sent
    for support in ranked:
        person = support.person
        must = person == pillar or (pillar is not None and left == 1 and pillar not in course.sent_up)
        up = left > 0 and (person == pillar or (not must and (refusals == 0 or rng.random() < 0.7)))
        if left == 0 and rng.random() < 0.6:
            break
        if left > 0 and not up:
            refusals = max(0, refusals - 1)
        left -= up
        reason = "" if up or left == 0 else rng.choice(("同意票未过半数", "本人申请不作为人选"))
        course.review.append(_vote(course.committee.name, day, due, present, person, up, reason, rng))
        if up:
            course.sent_up.append(person)


def _vote(
    committee: str, day: date, due: int, present: int, person: Person, up: bool, reason: str, rng: Random
) -> Record:
    agreed = rng.randint(due // 2 + 1, present) if up else rng.randint(0, due // 2)
    against, abstained = split(present - agreed, 2, 0, rng)
    return {"党委": committee, "会议日期": day, "应到委员": due, "实到委员": present, "姓名": person.name,
            "公民身份号码": person.number, "同意": agreed, "不同意": against, "弃权": abstained,
            "是否上报": "是" if up else "否", "未上报理由": reason}  # fmt: skip
