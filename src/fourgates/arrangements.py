"""What a rulebook arranges beyond the four gates (办法): marks, meetings, consultation, notice, boxes, signals, checkpoints.

Every table has its defaults here, which are what a plan adopted before the table existed is read with; what a rulebook
ships may be stricter.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from typing import Annotated, Literal

import msgspec

from fourgates.errors import Refused
from fourgates.units import Kind

Text = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
Count = Annotated[int, msgspec.Meta(ge=0, le=1_000_000)]
Number = Annotated[int, msgspec.Meta(ge=1, le=1_000_000)]
Days = Annotated[int, msgspec.Meta(ge=1, le=60)]


class Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A table of the rulebook: a key nobody knows is an error, never silently passed over."""


class Marking(Table, frozen=True):
    """Marks of one member: channels that need a second visitor (两人上门), and the channel of a branch meeting."""

    two_visitors: tuple[Text, ...] = ()
    meeting: Text = "会议"


class MeetingKind(Table, frozen=True, omit_defaults=True):
    """A kind of meeting (会议种类): its name, at which levels it is held, whether those due are the members with rights
    on the ``roll`` or a stated ``size``, and its quorum: not fewer than a share of those due, or more than one."""

    name: Text
    levels: tuple[Kind, ...]
    due: Literal["roll", "size"]
    at_least: Fraction | None = None
    more_than: Fraction | None = None


class Meetings(Table, frozen=True):
    """Kinds of meeting with their quorum profiles, grounds for not counting a member as due (不计入应到会), and how many
    must sign the minutes."""

    kinds: tuple[MeetingKind, ...] = ()
    exclusions: tuple[Text, ...] = ()
    signers: Number = 2

    def kind(self, name: str) -> MeetingKind | None:
        """The kind called ``name``; ``None`` when the rulebook has none of that name."""
        return next((kind for kind in self.kinds if kind.name == name), None)


class Consultation(Table, frozen=True):
    """Working days a department is given to answer, and the bars that two persons may lift (其余一律不得解除)."""

    working_days: Days = 5
    liftable: tuple[Text, ...] = ()


class Hearing(Table, frozen=True):
    """What is heard of the person concerned (申辩、复核): who may reply, nobody where the list is empty, within how many
    working days of being told, 0 for no limit, and whether somebody reviews the bar."""

    speakers: tuple[Text, ...] = ("本人",)
    reply_working_days: Count = 0
    review: bool = True


class Notice(Table, frozen=True):
    """Public notice (公示): working days it lasts at least, what objections may be about, names over seats that must be
    left, and days off and make-up days the shipped calendar does not have."""

    working_days: Days = 5
    categories: tuple[Text, ...] = ()
    surplus_at_least: Fraction | None = None
    holidays: tuple[date, ...] = ()
    workdays: tuple[date, ...] = ()


class Boxes(Table, frozen=True):
    """Boxes for secret nominations (票箱): the channel taking part there counts as, whether what was named counts as
    members behind a name, the smallest group published, grounds for extending, and for how many hours at most."""

    channel: str = ""
    counts: bool = True
    smallest: Annotated[int, msgspec.Meta(ge=2, le=1_000_000)] = 6
    extension_grounds: tuple[Text, ...] = ()
    extend_at_most_hours: Count = 24


class Retention(Table, frozen=True):
    """How long names are kept (保存期): years from the last day of the county's review; and on what grounds those of one
    person may be destroyed before."""

    years: Annotated[int, msgspec.Meta(ge=1, le=100)] = 5
    grounds: tuple[Text, ...] = ("依法要求删除", "误录")

    def until(self, last: date) -> date:
        """The last day on which names are kept, counted from the ``last`` of the review; 29 February ends on the 28th."""
        try:
            return last.replace(year=last.year + self.years)
        except ValueError:
            return last.replace(year=last.year + self.years, day=28)


class Signals(Table, frozen=True):
    """From how many on something is asked about (异常提示): acts from one device in one minute, acts by one recorder in
    one minute, equal names in one order, acts of a channel that one visitor alone reports; hours ahead of UTC."""

    same_device: Number = 3
    same_minute: Number = 10
    same_order: Number = 3
    lone_visitor: Number = 10
    hours_ahead: Annotated[int, msgspec.Meta(ge=-12, le=14)] = 8


class Seals(Table, frozen=True):
    """Checkpoints (检查点): by which algorithm the office signs them; ``sm2`` brings SM3 with it and lies outside of C2SP.
    Whatever the office's key is, where nothing is said."""

    algorithm: Literal["ed25519", "sm2"] | None = None


def check_meetings(meetings: Meetings) -> None:
    """Raises ``Refused`` (1.0) when a kind of meeting has no quorum, two, or one beyond the whole."""
    for kind in meetings.kinds:
        stated = [share for share in (kind.at_least, kind.more_than) if share is not None]
        if len(stated) != 1 or stated[0] > 1:
            raise Refused("1.0", "方案中会议“{kind}”的法定人数应写一种，不大于1", kind=kind.name)


def lists(
    marking: Marking,
    meetings: Meetings,
    consultation: Consultation,
    hearing: Hearing,
    notice: Notice,
    boxes: Boxes,
    retention: Retention,
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Everything that is found by its name, where a name that stands twice would mean two things."""
    yield "两人上门的参与方式", marking.two_visitors
    yield "会议种类", tuple(kind.name for kind in meetings.kinds)
    yield "不计入应到会的情形", meetings.exclusions
    yield "可以解除的否决情形", consultation.liftable
    yield "可以申辩的人", hearing.speakers
    yield "异议类别", notice.categories
    yield "延长票箱的情形", boxes.extension_grounds
    yield "提前删除个人信息的情形", retention.grounds
