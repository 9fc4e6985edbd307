"""What went wrong up to a day, or was not done in time (疏漏): the list on which a rehearsal ends.

Pure questions to the facts with the day as an argument; what can still be done in time is not in it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date

import msgspec

from fourgates import agenda, judging
from fourgates.agenda import Task
from fourgates.facts import Facts
from fourgates.gates import procedure
from fourgates.gates.procedure import Deviation


class Lapse(msgspec.Struct, frozen=True):
    """One thing that went wrong: by which rule, where, by the end of which day it had to be done (``None``: no day is set),
    and what it is: a task left undone, a departure from the procedure, or (``None``) a decision against the rule."""

    rule: str
    unit: str
    day: date | None
    what: Task | Deviation | None = None


def found(facts: Facts, day: date) -> tuple[Lapse, ...]:
    """Everything that went wrong up to ``day``, what had to be done first first. Raises ``Refused`` (0.1, 0.2) before a plan
    and a register were entered."""
    every = [*_late(facts, day), *_deviating(facts, day), *_unlawful(facts)]
    return tuple(sorted(every, key=lambda one: (one.day or date.max, one.rule)))


def _late(facts: Facts, day: date) -> Iterator[Lapse]:
    """What the county, its committees and its branches had to do and did not. Steps that were left out are deviations."""
    county, windows = facts.register().county, facts.rulebook().windows
    for task in agenda.due(facts, "county", "", day):
        if task.late and task.what != "sign":  # minutes are told below, whoever has to sign them
            yield _undone(task, county)
    if windows.committee_review.last < day:
        for one in facts.register().committees():
            if one.name not in facts.reviews:
                yield _undone(Task("review", one.name, windows.committee_review.last, "5.1"), one.name)
    if windows.nomination.last < day:
        members = facts.roster().members
        absent = Counter(members[id_].branch for id_ in judging.counted(facts).absent)
        for branch, number in absent.items():
            yield _undone(Task("mark", branch, windows.nomination.last, "2.5", number), branch)
    for name, meeting in facts.meetings.items():
        called = meeting.called
        if called.day < day and not called.cancelled and not meeting.signed:
            yield _undone(Task("sign", name, called.day, "11.9"), called.unit)


def _undone(task: Task, unit: str) -> Lapse:
    return Lapse(task.rule, unit, task.deadline, msgspec.structs.replace(task, late=True))


def _deviating(facts: Facts, day: date) -> Iterator[Lapse]:
    """Departures from the procedure that nothing can come in any more to mend."""
    plan = facts.rulebook()
    for committee in facts.register().committees():
        for one in judging.deviations(facts, committee.name):
            last = (procedure.window(one.step, plan) or plan.windows.nomination).last
            if last < day:
                yield Lapse(one.rule, one.unit, last, one)


def _unlawful(facts: Facts) -> Iterator[Lapse]:
    """A decision against the rules: each rule it breaks, once."""
    decided = judging.decision(facts)
    if decided is not None and not decided.lawful:
        for rule in sorted({*decided.broken, *(rule for rule, _person in decided.faults)}):
            yield Lapse(rule, facts.register().county, None)
