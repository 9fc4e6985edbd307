"""Gate 3, recommendation procedure (推荐程序关): judges the process of each committee.

No step left out, none outside its window, none before the one it follows, and warning before nomination.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from itertools import pairwise
from typing import get_args

import msgspec

from fourgates import meetings, nominations
from fourgates.days import Window
from fourgates.errors import Refused
from fourgates.nominations import Sitting
from fourgates.plan import Plan, Procedure, Step
from fourgates.roster import Roster
from fourgates.units import Tree

_COMMITTEE_STEPS: tuple[Step, ...] = ("plan", "training", "mobilisation", "committee_review")
NOMINATION = "推荐提名"


class Held(msgspec.Struct, frozen=True, array_like=True):
    """One line of the process record (工作纪实): the step in the rulebook's words, the unit it was held for, the day,
    those due and present (``None`` where not written)."""

    word: str
    unit: str
    day: date
    due: int | None
    present: int | None


class Deviation(msgspec.Struct, frozen=True, omit_defaults=True):
    """One departure from the procedure: the rule, the step, and for which unit; ``other`` is the step it clashes with."""

    rule: str
    step: str
    unit: str
    other: str = ""


def check(held: Iterable[Held], tree: Tree, rule: Procedure) -> None:
    """Raises ``Refused`` when a line cannot be: an unknown step (6.0), a unit not in the register (1.3), attendance (3.1)."""
    words = {*rule.words.values(), *rule.other_words}
    for line in held:
        if line.word not in words:
            raise Refused("6.0", "规则中没有环节“{word}”", word=line.word)
        if line.unit not in tree:
            raise Refused("1.3", "工作纪实中的党组织{unit}不在名册中", unit=line.unit)
        if line.due is not None or line.present is not None:
            present = 0 if line.present is None else line.present
            meetings.check(line.day, present if line.due is None else line.due, present)


def window(word: str, plan: Plan) -> Window | None:
    """The window of the step called ``word``; ``None`` for an activity that has none."""
    for step in get_args(Step):
        if plan.procedure.words.get(step) == word:
            found: Window = getattr(plan.windows, step)
            return found
    return None


def judge(
    committee: str,
    held: Iterable[Held],
    filed: Mapping[str, tuple[Sitting, ...]],
    tree: Tree,
    roster: Roster,
    plan: Plan,
) -> tuple[Deviation, ...]:
    """Every deviation of one committee (rules 6.1 to 6.5), in the order of the steps; none means the gate is met.

    ``held``: all lines of the process record, whoever kept them; ``filed``: branch → its nomination meetings.
    """
    words = plan.procedure.words
    by_unit: dict[str, list[Held]] = {}
    for line in held:
        by_unit.setdefault(line.unit, []).append(line)
    branches = [unit.name for unit in tree.branches(committee) if roster.of_branch.get(unit.name)]
    sittings = [sitting for branch in branches for sitting in filed.get(branch, ())]

    deviations: list[Deviation] = []
    days: dict[str, list[date]] = {}
    for step in _COMMITTEE_STEPS:
        days[step] = [line.day for line in by_unit.get(committee, ()) if line.word == words[step]]
        if not days[step]:
            deviations.append(Deviation("6.1", words[step], committee))
        elif not all(getattr(plan.windows, step).holds(day) for day in days[step]):
            deviations.append(Deviation("6.2", words[step], committee))
    days["nomination"] = [sitting.day for sitting in sittings]
    if not all(nominations.in_window(sitting, plan) for sitting in sittings):
        deviations.append(Deviation("6.2", NOMINATION, committee))

    named = {**words, "nomination": NOMINATION}
    order = ("plan", "training", "mobilisation", "nomination", "committee_review")
    for before, after in pairwise(order):
        if days[before] and days[after] and max(days[before]) > min(days[after]):
            deviations.append(Deviation("6.3", named[after], committee, named[before]))

    for branch in branches:
        own = filed.get(branch, ())
        if not any(nominations.valid(sitting, plan) for sitting in own):
            deviations.append(Deviation("6.4", NOMINATION, branch))
    deviations.extend(_warnings(committee, branches, by_unit, filed, tree, plan))
    return tuple(deviations)


def _warnings(
    committee: str,
    branches: list[str],
    by_unit: Mapping[str, list[Held]],
    filed: Mapping[str, tuple[Sitting, ...]],
    tree: Tree,
    plan: Plan,
) -> Iterable[Deviation]:
    """Warning education: inside its window (6.2) and on an earlier day than each branch's meeting (6.5)."""
    word = plan.procedure.words["warning_education"]
    reached = {
        branch: [
            line.day for unit in tree.above(branch) for line in by_unit.get(unit, ()) if line.word == word
        ]
        for branch in branches
    }
    if any(not plan.windows.warning_education.holds(day) for given in reached.values() for day in given):
        yield Deviation("6.2", word, committee)
    for branch, given in reached.items():
        first = min((sitting.day for sitting in filed.get(branch, ())), default=None)
        if not given:
            yield Deviation("6.1", word, branch)
        elif first is not None and min(given) >= first:
            yield Deviation("6.5", word, branch)
