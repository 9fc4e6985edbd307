"""The vocabulary of the record (纪实事项): one frozen class each, one sentence each.

An entry is a claim: the fold judges it before anything changes (``selection.advance``). A claim carries ``corrects``,
the number of the entry it replaces, 0 for none. A result is worked out again and must be equal. Persons appear by
their keyed ids only; texts that people wrote appear as keyed digests; bulk lies in documents, named by SHA-256.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import msgspec

from fourgates.gates.finding import Outcome
from fourgates.gates.integrity import Opinion, Result
from fourgates.gates.procedure import Deviation, Held
from fourgates.gates.standard import Assessment
from fourgates.nominations import Sitting as BranchSitting
from fourgates.participation import Counted, Mark, Rate, Survey
from fourgates.plan import Plan
from fourgates.review import Sitting as ReviewSitting
from fourgates.roster import Member, Sanction
from fourgates.slate.answer import Conflict, Slate
from fourgates.tally import Line
from fourgates.units import Unit


class _Event(
    msgspec.Struct, frozen=True, tag_field="kind", tag=True, forbid_unknown_fields=True, omit_defaults=True
):
    """The name of the class is the kind in the file. A field at its default is not written, so that a kind may gain one
    and older records are still spelt as they were."""


class PlanAdopted(_Event, frozen=True):
    """The plan in force from here on was adopted."""

    plan: Plan
    corrects: int = 0


class UnitsEntered(_Event, frozen=True):
    """The register of organisations was entered; ``document`` holds ``units`` units."""

    document: str
    units: int
    corrects: int = 0


class RosterEntered(_Event, frozen=True):
    """A committee's roster of members was entered; ``document`` holds ``members`` members."""

    committee: str
    document: str
    members: int
    corrects: int = 0


class SanctionsEntered(_Event, frozen=True):
    """The register of punishments was entered; ``unread``: persons on rows that could not be read, whose effect period
    stays open until they are."""

    sanctions: tuple[Sanction, ...]
    corrects: int = 0
    unread: tuple[str, ...] = ()


class StepsRecorded(_Event, frozen=True):
    """A unit handed in its process record: which step was held for whom, when, with how many."""

    keeper: str
    held: tuple[Held, ...]
    corrects: int = 0


class ParticipationMarked(_Event, frozen=True):
    """A committee marked how each of its members took part; ``document`` holds ``marks`` marks."""

    committee: str
    document: str
    marks: int
    corrects: int = 0


class SatisfactionAsked(_Event, frozen=True):
    """The branches' satisfaction forms were counted; ``document`` holds ``branches`` of them."""

    document: str
    branches: int
    corrects: int = 0


class NominationsFiled(_Event, frozen=True):
    """A branch filed the names its meeting put forward."""

    branch: str
    sittings: tuple[BranchSitting, ...]
    corrects: int = 0


class CommitteeReviewed(_Event, frozen=True):
    """A committee studied the names collectively and voted on each."""

    committee: str
    sittings: tuple[ReviewSitting, ...]
    corrects: int = 0


class PersonDescribed(_Event, frozen=True):
    """What a person sent up stands for: part of the partition, tags, whether personal matters are reported 个人有关事项报告对象,
    whether there is a personnel file 干部档案."""

    person: str
    part: str
    tags: tuple[str, ...]
    reports: bool
    has_file: bool
    corrects: int = 0


class StandardAssessed(_Event, frozen=True):
    """A person was assessed against the political standard."""

    person: str
    assessment: Assessment
    corrects: int = 0


class ChecksDone(_Event, frozen=True):
    """The checks (四必核查) on a person were done; ``handler`` is the keyed digest of who did them (核查人)."""

    person: str
    results: Mapping[str, Result]
    handler: str
    corrects: int = 0


class RepliesReceived(_Event, frozen=True):
    """A department answered on the persons put to it, one by one."""

    department: str
    opinions: tuple[Opinion, ...]
    corrects: int = 0


class CountyDecided(_Event, frozen=True):
    """The county committee decided on the list."""

    sittings: tuple[ReviewSitting, ...]
    corrects: int = 0


class Withdrawn(_Event, frozen=True):
    """What an earlier entry claimed is no longer claimed by anyone: the form is gone or nothing sound is left in it."""

    corrects: int


class PeopleKept(_Event, frozen=True):
    """The names behind the ids were put away in a separate document that can be erased; ``people`` of them."""

    document: str
    people: int


class ParticipationCounted(_Event, frozen=True):
    """Participation and satisfaction were counted."""

    counted: Counted
    satisfaction: Rate | None


class TallyCounted(_Event, frozen=True):
    """A committee's tally was counted; names with equal support stand in surname-stroke order as announced."""

    committee: str
    lines: tuple[Line, ...]


class NamesCarriedUp(_Event, frozen=True):
    """A committee's names go up."""

    committee: str
    people: tuple[str, ...]


class ProcedureJudged(_Event, frozen=True):
    """The procedure gate judged a committee; no deviation means it is met."""

    committee: str
    deviations: tuple[Deviation, ...]


class PersonJudged(_Event, frozen=True):
    """The standard and the integrity gate judged a person on ``day``."""

    person: str
    day: date
    standard: Outcome
    integrity: Outcome
    bars: tuple[str, ...]
    pending: tuple[str, ...]


class ListProposed(_Event, frozen=True):
    """The structure gate proposed the list with the greatest support; its certificate proves that none is better."""

    slate: Slate


class ListImpossible(_Event, frozen=True):
    """The structure gate found that no lawful list exists, which requirements exclude each other and what would help."""

    conflict: Conflict


class DecisionJudged(_Event, frozen=True):
    """The county's decision was judged: lawful or not, which rules it breaks, and the list decided."""

    lawful: bool
    people: tuple[str, ...]
    broken: tuple[str, ...]


Claim = (
    PlanAdopted
    | UnitsEntered
    | RosterEntered
    | SanctionsEntered
    | StepsRecorded
    | ParticipationMarked
    | SatisfactionAsked
    | NominationsFiled
    | CommitteeReviewed
    | PersonDescribed
    | StandardAssessed
    | ChecksDone
    | RepliesReceived
    | CountyDecided
)
Finding = (
    ParticipationCounted
    | TallyCounted
    | NamesCarriedUp
    | ProcedureJudged
    | PersonJudged
    | ListProposed
    | ListImpossible
    | DecisionJudged
)
Event = Claim | Finding | Withdrawn | PeopleKept


def subject(event: Claim | Finding) -> tuple[str, str]:
    """What an entry is about: its kind and the unit, person or department; a later one about the same replaces it."""
    kind = "List" if isinstance(event, ListProposed | ListImpossible) else type(event).__name__
    match event:
        case RosterEntered() | ParticipationMarked() | CommitteeReviewed():
            return kind, event.committee
        case TallyCounted() | NamesCarriedUp() | ProcedureJudged():
            return kind, event.committee
        case StepsRecorded():
            return kind, event.keeper
        case NominationsFiled():
            return kind, event.branch
        case PersonDescribed() | StandardAssessed() | ChecksDone() | PersonJudged():
            return kind, event.person
        case RepliesReceived():
            return kind, event.department
        case _:
            return kind, ""


class RosterDocument(msgspec.Struct, frozen=True):
    """Document of ``RosterEntered``: the members, ordered by id."""

    members: tuple[Member, ...]


class MarksDocument(msgspec.Struct, frozen=True):
    """Document of ``ParticipationMarked``: the marks, ordered by id."""

    marks: tuple[Mark, ...]


class SurveysDocument(msgspec.Struct, frozen=True):
    """Document of ``SatisfactionAsked``: one line a branch, ordered by name."""

    surveys: tuple[Survey, ...]


class UnitsDocument(msgspec.Struct, frozen=True):
    """Document of ``UnitsEntered``: the units in the order of the register."""

    units: tuple[Unit, ...]
