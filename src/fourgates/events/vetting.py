"""What is found out about the persons sent up (考察、核查、征求意见)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import ClassVar

from fourgates.consultation import Outcome
from fourgates.events.written import Id, Keyed, Written
from fourgates.gates.integrity import Opinion, Result
from fourgates.gates.standard import Assessment


class PersonDescribed(Written, frozen=True):
    """What a person sent up stands for: part of the partition, tags, whether personal matters are reported 个人有关事项报告对象,
    whether there is a personnel file 干部档案."""

    about: ClassVar[tuple[str, ...]] = ("person",)
    person: str
    part: str
    tags: tuple[str, ...]
    reports: bool
    has_file: bool
    corrects: int = 0


class StandardAssessed(Written, frozen=True):
    """A person was assessed against the political standard."""

    about: ClassVar[tuple[str, ...]] = ("person",)
    person: str
    assessment: Assessment
    corrects: int = 0


class ChecksDone(Written, frozen=True):
    """The checks (四必核查) on a person were done; ``handler`` is the keyed digest of who did them (核查人)."""

    about: ClassVar[tuple[str, ...]] = ("person",)
    person: str
    results: Mapping[str, Result]
    handler: str
    corrects: int = 0


class RepliesReceived(Written, frozen=True):
    """A department answered on the persons put to it, one by one."""

    about: ClassVar[tuple[str, ...]] = ("department",)
    department: str
    opinions: tuple[Opinion, ...]
    corrects: int = 0


class DepartmentAsked(Written, frozen=True):
    """A department was asked about persons, to answer by ``due``; asked again about more, the entry names all of them."""

    about: ClassVar[tuple[str, ...]] = ("department",)
    department: str
    people: tuple[str, ...]
    day: date
    due: date
    corrects: int = 0


class DepartmentReminded(Written, frozen=True):
    """A department that had not answered on everybody was reminded; ``by`` is the keyed digest of who reminded it."""

    about: ClassVar[tuple[str, ...]] = ("reminder",)
    reminder: Id
    department: str
    day: date
    by: Keyed
    corrects: int = 0


class ReplyEnclosed(Written, frozen=True):
    """A file came with a department's answer on one person; ``file`` is its keyed digest, the file lies apart."""

    about: ClassVar[tuple[str, ...]] = ("department", "person")
    department: str
    person: str
    file: Keyed
    corrects: int = 0


class BarLifted(Written, frozen=True):
    """Two persons lifted a bar that the rulebook lets be lifted, on a stated ground."""

    about: ClassVar[tuple[str, ...]] = ("person", "bar")
    person: str
    bar: str
    ground: Keyed
    by: Keyed
    second: Keyed
    day: date
    corrects: int = 0


class ConcernNotified(Written, frozen=True):
    """A person was told which bar stands against them: the category and nothing else."""

    about: ClassVar[tuple[str, ...]] = ("person", "bar")
    person: str
    bar: str
    day: date
    by: Keyed
    corrects: int = 0


class ConcernAnswered(Written, frozen=True):
    """What the person concerned replied was recorded; ``text`` is its keyed digest, ``speaker`` who spoke in the rulebook's
    words, empty for the first of those it names."""

    about: ClassVar[tuple[str, ...]] = ("person", "bar")
    person: str
    bar: str
    text: Keyed
    day: date
    by: Keyed
    corrects: int = 0
    speaker: str = ""


class ConcernReviewed(Written, frozen=True):
    """Somebody who had no part in it before reviewed a bar: upheld, or cleared, which two persons may then lift."""

    about: ClassVar[tuple[str, ...]] = ("person", "bar")
    person: str
    bar: str
    outcome: Outcome
    ground: Keyed
    day: date
    by: Keyed
    corrects: int = 0


Claim = (
    PersonDescribed
    | StandardAssessed
    | ChecksDone
    | RepliesReceived
    | DepartmentAsked
    | DepartmentReminded
    | ReplyEnclosed
    | BarLifted
    | ConcernNotified
    | ConcernAnswered
    | ConcernReviewed
)
