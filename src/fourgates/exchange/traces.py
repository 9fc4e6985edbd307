"""The course of every unit as a trace (轨迹): what was held, in the order in which the procedure gate looks at it.

A committee's trace has its own steps and the meetings of its branches; a branch's has the warning education that reached
it and its own meetings. What a model of steps cannot see is said by the activity: a step outside its window, a meeting
that does not count, a committee in which no branch met: its own order is then judged without the meetings, as the gate
judges it, and what the branches lack stands in their traces.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Literal

import msgspec

from fourgates import judging, nominations
from fourgates.exchange.source import Source
from fourgates.gates import procedure
from fourgates.gates.procedure import Deviation
from fourgates.plan import Plan, Step

STEPS: tuple[Step, ...] = ("plan", "training", "mobilisation", "committee_review")
NAMING, MEETING, VOID, NOBODY = "党支部推荐提名", "推荐会议", "推荐会议（不计）", "没有推荐会议"
Level = Literal["committee", "branch"]


class Happening(msgspec.Struct, frozen=True):
    """One event of a trace: the activity, its step's key in the rulebook (empty for another activity), the day, for which
    unit, due and present where known, whether the day is inside the window and the meeting counts (``None``: no such
    question), and the entry of the record."""

    activity: str
    step: str
    day: date
    unit: str
    due: int | None
    present: int | None
    in_window: bool | None
    counts: bool | None
    entry: int


class Trace(msgspec.Struct, frozen=True):
    """What happened in one unit, and what the procedure gate found against it."""

    unit: str
    level: Level
    committee: str
    happened: tuple[Happening, ...]
    deviations: tuple[Deviation, ...]


def outside(word: str) -> str:
    """The activity of a step held outside its window."""
    return f"{word}（时限外）"


def traces(source: Source) -> Iterator[Trace]:
    """A trace for every committee and for every branch that has members with rights, in the order of the register."""
    facts = source.selection.facts
    tree, roster = facts.register(), facts.roster()
    held = [
        (line, source.entry("StepsRecorded", keeper))
        for keeper, lines in facts.steps.items()
        for line in lines
    ]
    for unit in tree.committees():
        branches = [one.name for one in tree.branches(unit.name) if roster.of_branch.get(one.name)]
        reach = {name for branch in branches for name in tree.above(branch)}
        found = judging.deviations(facts, unit.name)
        warned = [
            (line, entry)
            for line, entry in held
            if line.word == _warning(facts.rulebook()) and line.unit in reach
        ]
        own = [
            (line, entry)
            for line, entry in held
            if line.unit == unit.name and line.word != _warning(facts.rulebook())
        ]
        yield Trace(
            unit.name,
            "committee",
            unit.name,
            tuple(_committee(source, branches, own, warned)),
            tuple(one for one in found if one.unit == unit.name),
        )
        for branch in branches:
            above = tree.above(branch)
            reached = [(line, entry) for line, entry in warned if line.unit in above]
            yield Trace(
                branch,
                "branch",
                unit.name,
                tuple(_branch(source, branch, reached)),
                tuple(one for one in found if one.unit == branch),
            )


def _warning(plan: Plan) -> str:
    return plan.procedure.words["warning_education"]


Lines = Sequence[tuple[procedure.Held, int]]


def _committee(source: Source, branches: list[str], own: Lines, warned: Lines) -> list[Happening]:
    """A committee's events by day; on one day in the order of the steps, for the gate allows a day to be shared."""
    facts = source.selection.facts
    plan = facts.rulebook()
    words = {plan.procedure.words[step]: step for step in STEPS}
    found: list[Happening] = []
    for line, entry in [*own, *warned]:
        window = procedure.window(line.word, plan)
        held = window is None or window.holds(line.day)
        step = words.get(line.word, "warning_education" if line.word == _warning(plan) else "")
        found.append(
            Happening(
                line.word if held else outside(line.word), step, line.day, line.unit, line.due, line.present,
                None if window is None else held, None, entry,
            )
        )  # fmt: skip
    for branch in branches:
        for sitting in judging.filed(facts).get(branch, ()):
            entry = source.nominated(branch, sitting)
            held = nominations.in_window(sitting, plan)
            found.append(
                Happening(
                    NAMING if held else outside(NAMING), "nomination", sitting.day, branch, sitting.due,
                    sitting.present, held, nominations.valid(sitting, plan), entry,
                )
            )  # fmt: skip
    if not any(judging.filed(facts).get(branch) for branch in branches):
        day = plan.windows.nomination.first
        found.append(
            Happening(NOBODY, "nomination", day, "", None, None, None, None, source.entry("UnitsEntered"))
        )
    rank = {
        step: place
        for place, step in enumerate(("plan", "training", "mobilisation", "nomination", "committee_review"))
    }
    return sorted(found, key=lambda one: (one.day, rank.get(one.step, len(rank))))


def _branch(source: Source, branch: str, warned: Lines) -> list[Happening]:
    """A branch's events by day; on one day the meeting first, for warning on the same day does not come before it."""
    facts = source.selection.facts
    plan = facts.rulebook()
    word = _warning(plan)
    found = [
        Happening(word, "warning_education", line.day, line.unit, line.due, line.present,
                  plan.windows.warning_education.holds(line.day), None, entry)
        for line, entry in warned
    ]  # fmt: skip
    for sitting in judging.filed(facts).get(branch, ()):
        entry = source.nominated(branch, sitting)
        counts = nominations.valid(sitting, plan)
        found.append(
            Happening(
                MEETING if counts else VOID, "nomination", sitting.day, branch, sitting.due, sitting.present,
                nominations.in_window(sitting, plan), counts, entry,
            )
        )  # fmt: skip
    return sorted(found, key=lambda one: (one.day, one.step != "nomination"))
