"""A list is posted, objections come in, are given out, found on and answered, the notice ends (公示、异议)."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from fourgates.events.written import Id, Keyed, Written


class NoticePosted(Written, frozen=True):
    """A list was posted on ``start`` for so many working days, to the end of ``last``; ``place`` is a keyed digest."""

    about: ClassVar[tuple[str, ...]] = ("notice",)
    notice: Id
    people: tuple[str, ...]
    place: Keyed
    start: date
    working_days: int
    last: date
    corrects: int = 0


class ObjectionReceived(Written, frozen=True):
    """An objection came in: about whom, of which category, whose case it is and by when. Never from whom."""

    about: ClassVar[tuple[str, ...]] = ("case",)
    case: Id
    notice: Id
    person: str
    category: str
    owner: Keyed
    day: date
    due: date
    corrects: int = 0


class ObjectionAssigned(Written, frozen=True):
    """An objection was given to another owner or another deadline, on a stated ground, by whom."""

    about: ClassVar[tuple[str, ...]] = ("case",)
    case: Id
    owner: Keyed
    due: date
    ground: Keyed
    by: Keyed
    day: date
    corrects: int = 0


class ObjectionFound(Written, frozen=True):
    """An objection was found on: upheld or not, on a stated ground, by whom."""

    about: ClassVar[tuple[str, ...]] = ("case",)
    case: Id
    upheld: bool
    ground: Keyed
    by: Keyed
    day: date
    corrects: int = 0


class ObjectionAnswered(Written, frozen=True):
    """The answer to an objection was given; ``text`` is its keyed digest."""

    about: ClassVar[tuple[str, ...]] = ("case",)
    case: Id
    text: Keyed
    day: date
    corrects: int = 0


class NoticeEnded(Written, frozen=True):
    """A notice ended: its last working day is over and no case is open."""

    about: ClassVar[tuple[str, ...]] = ("notice",)
    notice: Id
    day: date
    corrects: int = 0


Claim = (
    NoticePosted | ObjectionReceived | ObjectionAssigned | ObjectionFound | ObjectionAnswered | NoticeEnded
)
