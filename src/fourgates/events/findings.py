"""Results that are worked out again and must be equal (认定)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import ClassVar

import msgspec

from fourgates.events.written import Written
from fourgates.gates.finding import Outcome
from fourgates.gates.procedure import Deviation
from fourgates.participation import Counted, Rate
from fourgates.roster import BranchRoll
from fourgates.slate.answer import Conflict, Slate
from fourgates.tally import Line


class Tagged(msgspec.Struct, frozen=True, array_like=True):
    """A person with every tag borne, in their order."""

    person: str
    tags: tuple[str, ...]


class RightsDocument(msgspec.Struct, frozen=True):
    """Document of ``RightsJudged``: the branches in the order of the register, each with those who count there."""

    branches: tuple[BranchRoll, ...]


class RightsJudged(Written, frozen=True):
    """Who has rights on the reference date was judged, for readers who may not see the rosters and punishments it follows
    from: ``document`` lists by branch the ``people`` with rights and those who only count; ``shares`` of women and of
    national minorities among full members."""

    document: str
    people: int
    shares: Mapping[str, Rate]


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


class EligibleJudged(Written, frozen=True):
    """Who may stand on the county's list, with the tags the list is judged by."""

    people: tuple[Tagged, ...]


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
    | EligibleJudged
    | ListProposed
    | ListImpossible
    | DecisionJudged
)
