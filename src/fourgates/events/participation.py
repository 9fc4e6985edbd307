"""The steps held and how each member took part (工作纪实、参与、满意度)."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

import msgspec

from fourgates.events.written import Id, Keyed, Written
from fourgates.gates.procedure import Held
from fourgates.participation import Mark, Survey


class StepsRecorded(Written, frozen=True):
    """A unit handed in its process record: which step was held for whom, when, with how many."""

    about: ClassVar[tuple[str, ...]] = ("keeper",)
    keeper: str
    held: tuple[Held, ...]
    corrects: int = 0


class ParticipationMarked(Written, frozen=True):
    """A committee marked how each of its members took part; ``document`` holds ``marks`` marks."""

    about: ClassVar[tuple[str, ...]] = ("committee",)
    committee: str
    document: str
    marks: int
    corrects: int = 0


class SatisfactionAsked(Written, frozen=True):
    """The branches' satisfaction forms were counted; ``document`` holds ``branches`` of them."""

    document: str
    branches: int
    corrects: int = 0


class MemberMarked(Written, frozen=True):
    """How one member took part, as one source has it; ``by``, ``second``, ``reason`` and ``device`` are keyed digests of who
    recorded it, the second visitor, why somebody did not take part, and the device it was recorded with."""

    about: ClassVar[tuple[str, ...]] = ("person", "source")
    person: str
    source: Id
    channel: str
    day: date | None
    by: Keyed
    second: str = ""
    reason: str = ""
    device: str = ""
    corrects: int = 0


class ConflictSettled(Written, frozen=True):
    """Two persons found which of a member's contradicting marks is true, on a stated ground."""

    about: ClassVar[tuple[str, ...]] = ("person",)
    person: str
    channel: str
    by: Keyed
    second: Keyed
    ground: Keyed
    corrects: int = 0


class MarksDocument(msgspec.Struct, frozen=True):
    """Document of ``ParticipationMarked``: the marks, ordered by id."""

    marks: tuple[Mark, ...]


class SurveysDocument(msgspec.Struct, frozen=True):
    """Document of ``SatisfactionAsked``: one line a branch, ordered by name."""

    surveys: tuple[Survey, ...]


Claim = MemberMarked | StepsRecorded | ParticipationMarked | SatisfactionAsked | ConflictSettled
