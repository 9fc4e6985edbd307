"""青梧县: three committees, six branches, thirty members with names, and the whole course of their selection.

Everything is told through the real events. A test takes the story, changes one thing in it, and looks at what follows.
Persons are known by their names here; in a record they would be keyed ids.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from functools import cache

import msgspec
import pytest

from fourgates import adopting, canon, events, judging
from fourgates.errors import Broken, Refused
from fourgates.events import Claim, Event, Finding
from fourgates.facts import Facts
from fourgates.gates.integrity import Opinion, Result
from fourgates.gates.procedure import Held
from fourgates.gates.standard import Assessment
from fourgates.ledger import Entry
from fourgates.nominations import Name
from fourgates.nominations import Sitting as BranchSitting
from fourgates.participation import Mark, Survey
from fourgates.plan import Plan
from fourgates.review import Sitting as ReviewSitting
from fourgates.review import Vote
from fourgates.roster import Member, Roster, Sanction
from fourgates.selection import (
    Selection,
    advance,
    counted_together,
    eligible_judged,
    person_judged,
    rights_judged,
)
from fourgates.slate.answer import Slate
from fourgates.slate.solve import solve
from fourgates.units import Tree, Unit

PLAN = """
[selection]
id = "qingwu"
title = "代表推荐提名（青梧县，虚构）"
unit = "中共青梧县委"
rulebook = "cpc-county-recommendation"
reference_date = 2022-01-31
seed = "青梧"

[quota]
allotted = 1
more_than_times = 3
county_list = 2

[windows]
plan = [2022-02-07, 2022-02-09]
training = [2022-02-10, 2022-02-14]
mobilisation = [2022-02-15, 2022-02-18]
warning_education = [2022-02-15, 2022-02-20]
nomination = [2022-02-21, 2022-03-02]
committee_review = [2022-03-03, 2022-03-07]
vetting = [2022-03-08, 2022-03-18]
county_review = [2022-03-21, 2022-03-23]

[[structure.share]]
tag = "生产和工作一线"
at_least = "60%"
[[structure.share]]
tag = "女"
at_least = "members"
[[structure.share]]
tag = "党员领导干部"
at_most = "40%"
[[structure.share]]
tag = "农民"
at_least = "1"
[structure]
per_committee_at_most = 1

[integrity]
departments = ["纪检监察", "政法", "统战"]
"""

COUNTY = "中共青梧县委"
CHENGGUAN, LIUHE, SHUILI = "城关镇党委", "柳河镇党委", "水利局党工委"
EAST = "东街党总支"
EAST1, EAST2, WEST = "东街第一党支部", "东街第二党支部", "西街党支部"
VILLAGE, SCHOOL, OFFICE = "柳河村党支部", "柳河中学党支部", "水利局机关党支部"

UNITS = (
    Unit(COUNTY, "county"),
    Unit(CHENGGUAN, "committee", COUNTY, "township", 2),
    Unit(LIUHE, "committee", COUNTY, "township", 1),
    Unit(SHUILI, "working_committee", COUNTY, "county_direct", 1),
    Unit(EAST, "general_branch", CHENGGUAN),
    Unit(EAST1, "branch", EAST),
    Unit(EAST2, "branch", EAST),
    Unit(WEST, "branch", CHENGGUAN),
    Unit(VILLAGE, "branch", LIUHE),
    Unit(SCHOOL, "branch", LIUHE),
    Unit(OFFICE, "branch", SHUILI),
)

# 高远 is a probationary member, 牛犇 has stopped membership, 谢晋 is under 留党察看.
PEOPLE = {
    EAST1: ("白玉兰", "陈大山", "丁小满", "方正", "高远"),
    EAST2: ("郭芳", "何平", "胡杨", "贾林", "江涛"),
    WEST: ("康宁", "李梅", "刘伟", "马兰", "牛犇"),
    VILLAGE: ("潘石", "秦岭", "任重", "沈冰", "宋江河"),
    SCHOOL: ("陶然", "王芳", "吴越", "谢晋", "杨柳"),
    OFFICE: ("姚远", "于洋", "张弓", "赵云霞", "周正"),
}
WOMEN = {"白玉兰", "丁小满", "郭芳", "李梅", "马兰", "沈冰", "王芳", "杨柳", "赵云霞"}
COMMITTEE = {
    EAST1: CHENGGUAN,
    EAST2: CHENGGUAN,
    WEST: CHENGGUAN,
    VILLAGE: LIUHE,
    SCHOOL: LIUHE,
    OFFICE: SHUILI,
}
SENT_UP = {"何平": CHENGGUAN, "李梅": CHENGGUAN, "王芳": LIUHE, "周正": SHUILI}
BEST = ("李梅", "王芳")

MEETING, REVIEW, VETTED, DECIDED = date(2022, 2, 22), date(2022, 3, 4), date(2022, 3, 10), date(2022, 3, 21)
AT, BY = "2022-03-24T08:00:00Z", "中共青梧县委"

documents: dict[str, bytes] = {}
"""Everything bulky that the cast ever told, by digest."""


def kept(value: msgspec.Struct) -> str:
    """Put a document where ``advance`` finds it; gives its digest."""
    content = canon.spell(value)
    digest = canon.digest(content)
    documents[digest] = content
    return digest


@cache
def rulebook() -> Plan:
    return adopting.adopt(PLAN)


@cache
def tree() -> Tree:
    return Tree(UNITS)


def member(name: str, branch: str) -> Member:
    return Member(name, branch, name != "高远", name != "牛犇", name in WOMEN, name in {"胡杨", "马兰"})


def members(committee: str) -> tuple[Member, ...]:
    return tuple(
        member(one, at) for at, names in PEOPLE.items() if COMMITTEE[at] == committee for one in names
    )


SANCTIONS = (
    Sanction("谢晋", "留党察看一年", date(2021, 6, 1)),
    Sanction("何平", "警告", date(2021, 3, 21)),
)


@cache
def roster() -> Roster:
    everyone = [one for committee in (CHENGGUAN, LIUHE, SHUILI) for one in members(committee)]
    return Roster(everyone, SANCTIONS, rulebook().integrity, rulebook().selection.reference_date)


NOMINATED = {
    EAST1: BranchSitting(MEETING, 4, 4, (Name("李梅", 4, "merit"), Name("陈大山", 2, "merit"))),
    EAST2: BranchSitting(MEETING, 5, 5, (Name("李梅", 5, "merit"), Name("何平", 3, "merit"))),
    WEST: BranchSitting(
        MEETING, 4, 4, (Name("李梅", 4, "merit"), Name("何平", 2, "merit"), Name("陈大山", 1, ""))
    ),
    VILLAGE: BranchSitting(MEETING, 5, 4, (Name("王芳", 4, "merit"), Name("秦岭", 4, "merit"))),
    SCHOOL: BranchSitting(MEETING, 4, 4, (Name("王芳", 4, "merit"), Name("陶然", 1, ""))),
    OFFICE: BranchSitting(MEETING, 5, 5, (Name("周正", 5, "merit"), Name("赵云霞", 2, ""))),
}
FILED: dict[str, tuple[BranchSitting, ...]] = {branch: (sitting,) for branch, sitting in NOMINATED.items()}

REVIEWS = {
    CHENGGUAN: ReviewSitting(
        REVIEW, 9, 7, (Vote("李梅", 7, 0, 0, True, ""), Vote("何平", 5, 1, 1, True, ""))
    ),
    LIUHE: ReviewSitting(
        REVIEW, 7, 6, (Vote("王芳", 6, 0, 0, True, ""), Vote("秦岭", 2, 3, 1, False, "reason"))
    ),
    SHUILI: ReviewSitting(REVIEW, 5, 3, (Vote("周正", 3, 0, 0, True, ""),)),
}
DECISION = ReviewSitting(
    DECIDED,
    11,
    9,
    (Vote("李梅", 9, 0, 0, True, ""), Vote("王芳", 8, 1, 0, True, ""), Vote("周正", 3, 6, 0, False, "")),
)


def steps(committee: str) -> tuple[Held, ...]:
    return (
        Held("方案", committee, date(2022, 2, 8), 9, 8),
        Held("培训", committee, date(2022, 2, 11), 30, 29),
        Held("动员", committee, date(2022, 2, 16), 60, 58),
        Held("警示教育", committee, date(2022, 2, 17), None, None),
        Held("党史学习教育", committee, date(2022, 2, 17), None, 40),
        Held("党委研究", committee, REVIEW, 9, 7),
    )


def marks(committee: str) -> tuple[Mark, ...]:
    """Everybody with rights came to the meeting but 白玉兰, who was visited, and 宋江河, who took no part."""
    channel = {"白玉兰": "上门", "宋江河": "未参与"}
    return tuple(
        Mark(one.id, channel.get(one.id, "会议"), None if one.id == "宋江河" else MEETING)
        for one in members(committee)
        if one.id in roster().rights
    )


SURVEYS = tuple(Survey(branch, 5, 4, (4, 0, 0)) for branch in PEOPLE)

ASSESSMENT = Assessment(
    ("优秀", "优秀", "良好", "良好", "优秀"), (True,) * 6, 30, 25, 20, 3, 2, False, "evidence"
)
CHECKS = {
    "档案审核": Result("通过", VETTED),
    "个人事项核查": Result("通过", VETTED),
    "纪检监察意见": Result("通过", VETTED),
    "信访举报": Result("无", VETTED),
    "党员身份": Result("属实", None),
}
PROFILES = {
    "李梅": ("生产和工作一线", ("农民",), False, False),
    "何平": ("党员领导干部", (), True, True),
    "王芳": ("生产和工作一线", ("专业技术人员", "先进模范"), False, True),
    "周正": ("党员领导干部", (), True, True),
}


def checks(person: str) -> dict[str, Result]:
    """What was checked: no personal matters for who reports none, no personnel file for who has none."""
    _part, _tags, reports, has_file = PROFILES[person]
    found = dict(CHECKS)
    if not reports:
        found["个人事项核查"] = Result("不适用", None)
    if not has_file:
        found["档案审核"] = Result("不适用", None)
    return found


def opinion(person: str, word: str = "无异议") -> Opinion:
    return Opinion(person, word, VETTED, "", "handler")


def units_entered(units: Iterable[Unit] = UNITS, corrects: int = 0) -> events.UnitsEntered:
    told = tuple(units)
    return events.UnitsEntered(kept(events.UnitsDocument(told)), len(told), corrects)


def roster_entered(
    committee: str, told: tuple[Member, ...] | None = None, corrects: int = 0
) -> events.RosterEntered:
    told = members(committee) if told is None else told
    return events.RosterEntered(committee, kept(events.RosterDocument(told)), len(told), corrects)


def marked(
    committee: str, told: tuple[Mark, ...] | None = None, corrects: int = 0
) -> events.ParticipationMarked:
    told = marks(committee) if told is None else told
    return events.ParticipationMarked(committee, kept(events.MarksDocument(told)), len(told), corrects)


def asked(told: tuple[Survey, ...] = SURVEYS, corrects: int = 0) -> events.SatisfactionAsked:
    return events.SatisfactionAsked(kept(events.SurveysDocument(told)), len(told), corrects)


def story() -> list[Claim]:
    """Every claim of the selection, in its order, down to the county's decision."""
    told: list[Claim] = [events.PlanAdopted(rulebook()), units_entered()]
    told += [roster_entered(committee) for committee in REVIEWS]
    told.append(events.SanctionsEntered(SANCTIONS))
    told += [events.StepsRecorded(committee, steps(committee)) for committee in REVIEWS]
    told.append(events.StepsRecorded(COUNTY, (Held("县委研究", COUNTY, DECIDED, 11, 9),)))
    told += [marked(committee) for committee in REVIEWS]
    told.append(asked())
    told += [events.NominationsFiled(branch, (sitting,)) for branch, sitting in NOMINATED.items()]
    told += [events.CommitteeReviewed(committee, (sitting,)) for committee, sitting in REVIEWS.items()]
    for person, (part, tags, reports, has_file) in PROFILES.items():
        told.append(events.PersonDescribed(person, part, tags, reports, has_file))
        told.append(events.StandardAssessed(person, ASSESSMENT))
        told.append(events.ChecksDone(person, checks(person), "handler"))
    told += [
        events.RepliesReceived(department, tuple(opinion(person) for person in PROFILES))
        for department in rulebook().integrity.departments
    ]
    told.append(events.CountyDecided((DECISION,)))
    return told


def but(*changed: Claim) -> list[Claim]:
    """The story with some of its claims told otherwise, each in the place of the one about the same."""
    instead = {events.subject(claim): claim for claim in changed}
    told = [instead.pop(events.subject(claim), claim) for claim in story()]
    return [*told, *instead.values()]


def without(*subjects: tuple[str, str]) -> list[Claim]:
    """The story with some of its claims left out."""
    return [claim for claim in story() if events.subject(claim) not in subjects]


def at(event: Event) -> str:
    """When an event is written down: what becomes of a notice, on the day on which it happens."""
    if isinstance(event, events.notice.Claim) and not isinstance(event, events.NoticePosted):
        return max(AT, f"{event.day}T08:00:00Z")
    return AT


def follow(state: Selection, *told: Event) -> Selection:
    """Where things stand after these events too."""
    entries = [Entry(state.n + place, at(event), BY, event, "") for place, event in enumerate(told, start=1)]
    return advance(state, entries, documents)


def selection(told: Iterable[Event] | None = None) -> Selection:
    """Where things stand after the story, or after what is told instead of it."""
    return follow(Selection(), *(story() if told is None else told))


def facts(*changed: Claim) -> Facts:
    """What stands after the story with some claims told otherwise."""
    return selection(but(*changed)).facts


def results(stands: Facts) -> Iterator[Finding]:
    """Every result the facts give, in the order of the gates."""
    committees = [unit.name for unit in stands.register().committees()]
    roll, content = rights_judged(stands)
    documents[roll.document] = content
    yield roll
    yield events.ParticipationCounted(counted_together(stands), judging.satisfaction(stands))
    for committee in committees:
        yield events.TallyCounted(committee, tuple(judging.tallied(stands, committee)))
    for committee, up in judging.carried(stands).up.items():
        yield events.NamesCarriedUp(committee, up)
    for committee in committees:
        yield events.ProcedureJudged(committee, judging.deviations(stands, committee))
    for person in judging.sent_up(stands):
        yield person_judged(stands, person)
    yield eligible_judged(stands)
    answer = solve(judging.problem(stands))
    yield events.ListProposed(answer) if isinstance(answer, Slate) else events.ListImpossible(answer)
    decision = judging.decision(stands)
    if decision is not None:
        yield events.DecisionJudged(decision.lawful, decision.people, decision.broken)


@contextmanager
def refused(rule: str, **facts: str | int) -> Iterator[None]:
    """A rule says no, by its number, with these facts among its own, and in a sentence whose places are all filled."""
    with pytest.raises(Refused) as caught:
        yield
    assert caught.value.rule == rule
    assert {key: caught.value.facts[key] for key in facts} == facts
    assert str(caught.value).startswith(f"[{rule}] ")


@contextmanager
def broken(entry: int, rule: str) -> Iterator[None]:
    """The record does not hold, from this entry on, by this rule."""
    with pytest.raises(Broken) as caught:
        yield
    assert (caught.value.entry, caught.value.rule) == (entry, rule)
    assert str(caught.value).startswith(f"entry {entry} [{rule}] ")
