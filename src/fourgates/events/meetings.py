"""A meeting is called, signed in to, votes, and its minutes are signed (会议)."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from fourgates.convening import Excluded, Manner
from fourgates.events.written import Clock, ClockOrNone, Digest, Id, Keyed, Written


class MeetingCalled(Written, frozen=True):
    """A meeting of a unit was called; ``profile`` is its kind, whose quorum holds; ``cancelled`` when it is called off,
    ``reason`` when minutes were signed."""

    about: ClassVar[tuple[str, ...]] = ("meeting",)
    meeting: Id
    unit: str
    profile: str
    day: date
    time: Clock
    place: Keyed
    items: tuple[Keyed, ...]
    cancelled: bool = False
    reason: str = ""
    corrects: int = 0


class AttendanceTaken(Written, frozen=True):
    """Who came to a meeting: due and present, and where they signed in by name, their ids in the order of the ids."""

    about: ClassVar[tuple[str, ...]] = ("meeting",)
    meeting: Id
    due: int
    present: int
    manner: Manner
    people: tuple[str, ...] = ()
    excluded: tuple[Excluded, ...] = ()
    ended: ClockOrNone = ""
    reason: str = ""
    corrects: int = 0


class MotionVoted(Written, frozen=True):
    """A meeting voted on a motion, or on a person."""

    about: ClassVar[tuple[str, ...]] = ("meeting", "motion")
    meeting: Id
    motion: Id
    text: Keyed
    votes_for: int
    against: int
    abstained: int
    person: str = ""
    reason: str = ""
    corrects: int = 0


class MinutesSigned(Written, frozen=True):
    """The minutes of a meeting were signed: ``paper`` is the digest of the signed document, ``signers`` of who signed."""

    about: ClassVar[tuple[str, ...]] = ("meeting",)
    meeting: Id
    paper: Digest
    signers: tuple[Keyed, ...]
    day: date
    reason: str = ""
    corrects: int = 0


Claim = MeetingCalled | AttendanceTaken | MotionVoted | MinutesSigned
