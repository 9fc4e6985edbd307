"""What is to be done next, by whom, by when (待办), and which units at their pace will miss the window (预警).

Pure questions to the facts with the day as an argument: the first thing every role sees.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Literal

import msgspec

from fourgates import consultation, judging, nominations
from fourgates.facts import Facts
from fourgates.i18n import _
from fourgates.judging.memo import remembered
from fourgates.plan import Step

Role = Literal["county", "committee", "branch", "department", "supervisor"]
What = Literal[
    "roster",
    "step",
    "warning",
    "nominate",
    "sign",
    "mark",
    "settle",
    "review",
    "vet",
    "ask",
    "answer",
    "remind",
    "decide",
    "object",
    "end",
]
_STEPS: tuple[Step, ...] = ("plan", "training", "mobilisation")


class Task(msgspec.Struct, frozen=True):
    """Something to be done: what, about which unit, department, case or step, by the end of which day (``None``: no day
    is set), by which rule, for how many, whether that day is over, and by which unit, where ``about`` does not say."""

    what: What
    about: str
    deadline: date | None
    rule: str
    count: int = 1
    late: bool = False
    unit: str = ""


class Pace(msgspec.Struct, frozen=True, array_like=True):
    """A unit that at its pace will miss the window: how many took part, out of how many, and how many will have."""

    unit: str
    part: int
    whole: int
    expected: int


def due(facts: Facts, role: Role, unit: str, day: date) -> tuple[Task, ...]:
    """What ``role`` of ``unit`` has to do next, as of ``day``: earliest deadline first, what has none last.

    ``unit``: the committee's, branch's or department's name; for the county and the supervisor it is not looked at.
    """
    asked: dict[Role, Callable[[Facts, str, date], Iterator[Task]]] = {
        "county": _county,
        "committee": _committee,
        "branch": _branch,
        "department": _department,
        "supervisor": _supervisor,
    }
    tasks = [
        msgspec.structs.replace(task, late=task.deadline is not None and task.deadline < day)
        for task in asked[role](facts, unit, day)
    ]
    return tuple(sorted(tasks, key=lambda task: task.deadline or date.max))


def sentence(task: Task) -> str:
    """A task as a sentence."""
    said: dict[What, str] = {
        "roster": _("录入{about}的党员名册"),
        "step": _("{unit}完成“{about}”"),
        "warning": _("{unit}在推荐会之前开展“{about}”"),
        "nominate": _("{about}召开推荐会并报送推荐结果"),
        "sign": _("会议{about}的记录签字"),
        "mark": _("{about}还有{count}名党员没有参与"),
        "settle": _("核定{count}名党员的重复登记"),
        "review": _("{about}集体研究并确定上报人选"),
        "vet": _("{count}名上报人选的考察和核查还没有结论"),
        "ask": _("向{about}征求意见，{count}人"),
        "answer": _("{about}答复{count}人"),
        "remind": _("催{about}答复{count}人"),
        "decide": _("县委研究决定名单"),
        "object": _("办结异议{about}"),
        "end": _("公示{about}期满后结束"),
    }
    return said[task.what].format(about=_(task.about), count=task.count, unit=task.unit)


def _county(facts: Facts, _unit: str, _day: date) -> Iterator[Task]:
    plan = facts.rulebook()
    windows = plan.windows
    for one in facts.register().committees():
        if one.name not in facts.rosters:
            yield Task("roster", one.name, windows.nomination.first, "1.4")
    yield from _supervisor(facts, "", _day)
    up = judging.sent_up(facts)
    for department in plan.integrity.departments:
        letter = facts.asked.get(department)
        left = set(up) - set(letter.people if letter else ()) - _answered(facts, department)
        if left:
            yield Task("ask", department, windows.vetting.first, "8.4", len(left))
        if letter is not None:
            silent = consultation.unanswered(department, letter, facts.replies)
            if silent:
                yield Task("remind", department, letter.due, "8.8", len(silent))
    open_ = [id_ for id_ in up if judging.person(facts, id_).integrity.outcome == "pending"]
    if open_:
        yield Task("vet", "", windows.vetting.last, "8.1", len(open_))
    if up and facts.decided is None:
        yield Task("decide", "", windows.county_review.last, "10.1")
    for name, case in facts.objections.items():
        if not case.closed:
            yield Task("object", name, case.due, "12.5")
    for name, notice in facts.notices.items():
        if notice.ended is None:
            yield Task("end", name, notice.last, "12.5")
    yield from _unsigned(facts, facts.register().county)


def _answered(facts: Facts, department: str) -> set[str]:
    return {opinion.person for opinion in facts.replies.get(department, ()) if opinion.word}


def _supervisor(facts: Facts, _unit: str, _day: date) -> Iterator[Task]:
    open_ = judging.conflicts(facts)
    if open_:
        yield Task("settle", "", facts.rulebook().windows.nomination.last, "2.11", len(open_))


def _committee(facts: Facts, unit: str, _day: date) -> Iterator[Task]:
    plan = facts.rulebook()
    missing = _steps_missing(facts, unit)
    for step in _STEPS:
        word = plan.procedure.words[step]
        if (word, unit) in missing:
            yield Task("step", word, getattr(plan.windows, step).last, "6.1", unit=unit)
    for branch in facts.register().branches(unit):
        yield from _branch(facts, branch.name, _day)
    if unit not in facts.reviews:
        yield Task("review", unit, plan.windows.committee_review.last, "5.1")
    yield from _unsigned(facts, unit)


def _branch(facts: Facts, unit: str, _day: date) -> Iterator[Task]:
    plan = facts.rulebook()
    turnout = judging.turnout(facts).get(unit)
    if turnout is None:
        return
    word = plan.procedure.words["warning_education"]
    if (word, unit) in _steps_missing(facts, facts.register().committee_of(unit)):
        yield Task("warning", word, plan.windows.warning_education.last, "6.1", unit=unit)
    if not any(nominations.valid(sitting, plan) for sitting in judging.filed(facts).get(unit, ())):
        yield Task("nominate", unit, plan.windows.nomination.last, "6.4")
    if turnout.absent:
        yield Task("mark", unit, plan.windows.nomination.last, "2.5", len(turnout.absent))
    yield from _unsigned(facts, unit)


@remembered
def _steps_missing(facts: Facts, committee: str) -> frozenset[tuple[str, str]]:
    """The steps that a committee and the units below it have not taken: word of the step, unit."""
    return frozenset(
        (one.step, one.unit) for one in judging.deviations(facts, committee) if one.rule == "6.1"
    )


def _unsigned(facts: Facts, unit: str) -> Iterator[Task]:
    for name, day in _unsigned_minutes(facts).get(unit, ()):
        yield Task("sign", name, day, "11.9")


@remembered
def _unsigned_minutes(facts: Facts) -> Mapping[str, list[tuple[str, date]]]:
    """The meetings whose minutes are not signed: unit → name and day of each."""
    found: dict[str, list[tuple[str, date]]] = {}
    for name, meeting in facts.meetings.items():
        called = meeting.called
        if not called.cancelled and not meeting.signed:
            found.setdefault(called.unit, []).append((name, called.day))
    return found


def _department(facts: Facts, unit: str, _day: date) -> Iterator[Task]:
    letter = facts.asked.get(unit)
    silent = consultation.unanswered(unit, letter, facts.replies) if letter else ()
    if letter and silent:
        yield Task("answer", unit, letter.due, "8.4", len(silent))


def slow(facts: Facts, day: date) -> tuple[Pace, ...]:
    """The branches that at their pace will not have everybody by the end of the nomination window, slowest first.

    Expected is part · days of the window ÷ days gone, in whole numbers, at most the whole; nothing is said before the
    window opens.
    """
    window = facts.rulebook().windows.nomination
    length, gone = (window.last - window.first).days + 1, (day - window.first).days + 1
    if gone < 1:
        return ()
    turnout, found = judging.turnout(facts), []
    for branch in facts.register().branches():
        one = turnout.get(branch.name)
        expected = min(one.due, one.took * length // min(gone, length)) if one else 0
        if one and expected < one.due:
            found.append(Pace(branch.name, one.took, one.due, expected))
    return tuple(sorted(found, key=lambda pace: pace.expected - pace.whole))
