"""The plan as a model of a process (过程模型): what a unit's trace must look like to meet the procedure gate."""

from __future__ import annotations

import msgspec

from fourgates.exchange.traces import MEETING, NAMING, NOBODY, VOID
from fourgates.plan import Plan


class Task(msgspec.Struct, frozen=True):
    """One activity."""

    name: str


class Sequence(msgspec.Struct, frozen=True):
    """One after the other."""

    parts: tuple[Block, ...]


class Parallel(msgspec.Struct, frozen=True):
    """All of them, in any order and mixed."""

    parts: tuple[Block, ...]


class Choice(msgspec.Struct, frozen=True):
    """Exactly one of them."""

    parts: tuple[Block, ...]


class Repeated(msgspec.Struct, frozen=True):
    """Once or more often."""

    part: Block


class Freely(msgspec.Struct, frozen=True):
    """Any of them, as often as wanted, or never."""

    parts: tuple[Task, ...]


Block = Task | Sequence | Parallel | Choice | Repeated | Freely


def model(plan: Plan) -> Block:
    """What the procedure gate asks of every unit (rules 6.1 to 6.5).

    Three ways lead through it: a committee's, that of a committee in which no branch met, and a branch's. No trace of one
    kind can pass for one of another kind: each has an activity that the others lack.
    """
    words = plan.procedure.words
    warning = Task(words["warning_education"])
    plan_, training, mobilisation, review = (
        Repeated(Task(words[step])) for step in ("plan", "training", "mobilisation", "committee_review")
    )
    beside = Freely((warning, *map(Task, plan.procedure.other_words)))
    return Choice(
        (
            Parallel((Sequence((plan_, training, mobilisation, Repeated(Task(NAMING)), review)), beside)),
            Parallel((Sequence((plan_, training, mobilisation)), Task(NOBODY), review, beside)),
            Sequence(
                (
                    warning,
                    Freely((warning, Task(VOID))),
                    Task(MEETING),
                    Freely((warning, Task(VOID), Task(MEETING))),
                )
            ),
        )
    )
