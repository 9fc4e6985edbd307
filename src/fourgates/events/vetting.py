"""What is found out about the persons sent up (考察、核查、征求意见)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from fourgates.events.written import Written
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


Claim = PersonDescribed | StandardAssessed | ChecksDone | RepliesReceived
