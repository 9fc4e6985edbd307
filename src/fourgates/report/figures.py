"""What the report is made of (数字与依据): the values, nothing counted and nothing rendered here.

A figure is one or two whole numbers with the rule that counts them, the entries of the record they stand in, the day
they were judged for, and the list behind them. Persons are ids here; names are put to them where they are printed.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import msgspec

from fourgates import judging
from fourgates.gates.finding import Outcome
from fourgates.gates.procedure import Deviation
from fourgates.participation import Rate
from fourgates.plan import Plan, Share
from fourgates.review import Sitting, Vote
from fourgates.slate.answer import Conflict, Slate
from fourgates.slate.check import Finding as Requirement
from fourgates.slate.check import Judgement
from fourgates.tally import Line
from fourgates.units import Unit


class Figure(msgspec.Struct, frozen=True):
    """One figure (数字): what it counts in a sentence, ``part`` and, where it is a share, of how many; the number of the
    rule, the entries it stands in, the day it was judged for, and the persons or units behind it."""

    label: str
    part: int
    whole: int | None = None
    rule: str = ""
    entries: tuple[int, ...] = ()
    day: date | None = None
    people: tuple[str, ...] = ()
    units: tuple[str, ...] = ()

    @property
    def rate(self) -> Rate:
        """The share; over nothing (``—``) where the figure is a plain number."""
        return Rate(self.part, self.whole or 0)


class Step(msgspec.Struct, frozen=True):
    """One step of a committee's process (环节): its key and word, the days it was held on with how many meetings each, how
    many branches it reached of how many (``None`` for a step of the committee itself), whether anything deviates."""

    key: str
    word: str
    days: tuple[tuple[date, int], ...]
    reached: Rate | None
    deviates: bool

    @property
    def first(self) -> date | None:
        """The first day it was held; ``None`` when it was not."""
        return self.days[0][0] if self.days else None

    @property
    def last(self) -> date | None:
        """The last day it was held; ``None`` when it was not."""
        return self.days[-1][0] if self.days else None


class Behind(msgspec.Struct, frozen=True):
    """A branch behind a name (推荐的党支部): how many of its members, and the digest of the merits it wrote."""

    branch: str
    members: int
    merit: str


class Committee(msgspec.Struct, frozen=True):
    """One committee (党委、党工委): participation by channel, the tally, its own meeting, who goes up, its procedure."""

    unit: Unit
    organisations: Rate
    members: Rate
    by_channel: Mapping[str, int]
    absent: tuple[str, ...]
    put_forward: int
    tally: tuple[Line, ...]
    behind: Mapping[str, tuple[Behind, ...]]
    sittings: tuple[Sitting, ...]
    votes: Mapping[str, Vote]
    up: tuple[str, ...]
    steps: tuple[Step, ...]
    deviations: tuple[Deviation, ...]
    entries: tuple[int, ...]

    @property
    def held(self) -> int:
        """How many branches have held a nomination meeting that counts."""
        return sum(step.reached.part for step in self.steps if step.key == "nomination" and step.reached)


class Person(msgspec.Struct, frozen=True):
    """One person sent up (上报人选): the tally's line, the committee's vote, both personal gates, and how far it went."""

    id: str
    committee: str
    line: Line
    vote: Vote
    due: int
    judged: judging.Person
    tags: tuple[str, ...]
    eligible: bool
    listed: bool
    decided: bool
    entry: int


class Tallied(msgspec.Struct, frozen=True):
    """How one requirement fell out over everybody sent up: how many of each outcome."""

    requirement: str
    rule: str
    outcomes: Mapping[Outcome, int]


class Asked(msgspec.Struct, frozen=True):
    """One requirement of the list (结构要求): as the plan writes it, as whole numbers, how many of the eligible bear the
    tag, and how many of the proposed and of the decided list (``None`` without such a list)."""

    share: Share
    name: str
    at_least: int | None
    at_most: int | None
    available: int
    proposed: int | None
    decided: int | None


class Structure(msgspec.Struct, frozen=True):
    """The structure gate: requirements, the list or the conflict, and the eligible to choose from."""

    asked: tuple[Asked, ...]
    eligible: tuple[str, ...]
    chosen: tuple[str, ...]
    slate: Slate | None
    conflict: Conflict | None
    findings: tuple[Requirement, ...]
    seed: str
    entries: tuple[int, ...]


class Decision(msgspec.Struct, frozen=True):
    """The county's decision (县委研究): its meetings, what was judged, the list against the structure gate, and how it
    differs from the proposed list."""

    sittings: tuple[Sitting, ...]
    judged: judging.Decision
    judgement: Judgement
    added: tuple[str, ...]
    left_out: tuple[str, ...]
    entries: tuple[int, ...]


class Report(msgspec.Struct, frozen=True):
    """Every figure of one selection after ``entries`` entries of its record; ``reasons``: id of somebody absent → digest of
    the reason written."""

    plan: Plan
    entries: int
    units: Mapping[str, Figure]
    organisations: Figure
    members: Figure
    satisfaction: Figure | None
    reasons: Mapping[str, str]
    silent: tuple[str, ...]
    channels: tuple[Figure, ...]
    committees: tuple[Committee, ...]
    sent_up: Figure
    more_than_times: bool
    funnel: tuple[Figure, ...]
    people: Mapping[str, Person]
    standard: Figure
    standard_not_met: tuple[str, ...]
    procedure: Figure
    integrity: Figure
    integrity_not_met: tuple[str, ...]
    integrity_pending: tuple[str, ...]
    requirements: tuple[Tallied, ...]
    checks: tuple[Tallied, ...]
    departments: tuple[Tallied, ...]
    bars: tuple[Figure, ...]
    structure: Structure
    decision: Decision | None


def tenths(part: int, whole: int) -> tuple[int, int]:
    """How many times ``whole`` goes into ``part``, to one decimal, half up: whole number and tenths (8, 7)."""
    return divmod((20 * part + whole) // (2 * whole), 10)


def times(report: Report) -> tuple[tuple[int, int], tuple[int, int] | None]:
    """Both readings of 扩大8倍多: enlarged *to* so many times the quota, and *by* so many times it; the second is ``None``
    where fewer names went up than were allotted."""
    up, allotted = report.sent_up.part, report.plan.quota.allotted
    return tenths(up, allotted), tenths(up - allotted, allotted) if up >= allotted else None
