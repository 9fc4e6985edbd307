"""Results that are worked out again and must be equal (认定)."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

import msgspec

from fourgates.events.written import Written
from fourgates.gates.finding import Outcome
from fourgates.gates.procedure import Deviation
from fourgates.participation import Counted, Rate
from fourgates.slate.answer import Conflict, Slate
from fourgates.tally import Line


class RightsJudged(Written, frozen=True):
    """Who has rights on the reference date was judged; ``document`` holds the ``people`` ids, for readers who may not see
    the punishments it follows from."""

    document: str
    people: int


class RightsDocument(msgspec.Struct, frozen=True):
    """Document of ``RightsJudged``: ids of the members with rights, in the order of the ids."""

    people: tuple[str, ...]


class ParticipationCounted(Written, frozen=True):
    """Participation and satisfaction were counted."""

    counted: Counted
    satisfaction: Rate | None


class TallyCounted(Written, frozen=True):
    """A committee's tally was counted; names with equal support stand in surname-stroke order as announced."""

    about: ClassVar[tuple[str, ...]] = ("committee",)
    committee: str
    lines: tuple[Line, ...]


class NamesCarriedUp(Written, frozen=True):
    """A committee's names go up."""

    about: ClassVar[tuple[str, ...]] = ("committee",)
    committee: str
    people: tuple[str, ...]


class ProcedureJudged(Written, frozen=True):
    """The procedure gate judged a committee; no deviation means it is met."""

    about: ClassVar[tuple[str, ...]] = ("committee",)
    committee: str
    deviations: tuple[Deviation, ...]


class PersonJudged(Written, frozen=True):
    """The standard and the integrity gate judged a person on ``day``."""

    about: ClassVar[tuple[str, ...]] = ("person",)
    person: str
    day: date
    standard: Outcome
    integrity: Outcome
    bars: tuple[str, ...]
    pending: tuple[str, ...]


class ListProposed(Written, frozen=True):
    """The structure gate proposed the list with the greatest support; its certificate proves that none is better."""

    slate: Slate


class ListImpossible(Written, frozen=True):
    """The structure gate found that no lawful list exists, which requirements exclude each other and what would help."""

    conflict: Conflict


class DecisionJudged(Written, frozen=True):
    """The county's decision was judged: lawful or not, which rules it breaks, and the list decided."""

    lawful: bool
    people: tuple[str, ...]
    broken: tuple[str, ...]


Finding = (
    RightsJudged
    | ParticipationCounted
    | TallyCounted
    | NamesCarriedUp
    | ProcedureJudged
    | PersonJudged
    | ListProposed
    | ListImpossible
    | DecisionJudged
)
