"""What 青梧县 records beside the course that forms tell: marks of single members, meetings, and all that hangs on them."""

from __future__ import annotations

from datetime import date

from cast import CHENGGUAN, MEETING, NOMINATED, OFFICE, PEOPLE, REVIEW, REVIEWS
from fourgates import events
from fourgates.events import Claim

SIGNED = "5" * 64


def mark(
    person: str, channel: str, source: str = "branch", day: date | None = MEETING
) -> events.MemberMarked:
    return events.MemberMarked(person, source, channel, day, "clerk", "visitor" if channel == "上门" else "")


def called(
    meeting: str = "office", unit: str = OFFICE, kind: str = "党员大会", day: date = MEETING
) -> events.MeetingCalled:
    return events.MeetingCalled(meeting, unit, kind, day, "14:30", "place", ("names",))


def came(meeting: str = "office", due: int = 5, present: int = 5) -> events.AttendanceTaken:
    return events.AttendanceTaken(meeting, due, present, "typed", ended="16:00")


def signed(meeting: str = "office", day: date = MEETING) -> events.MinutesSigned:
    return events.MinutesSigned(meeting, SIGNED, ("chair", "clerk"), day)


OFFICE_MEETING: tuple[Claim, ...] = (
    called(),
    events.AttendanceTaken("office", 5, 5, "qr", tuple(sorted(PEOPLE[OFFICE])), ended="16:00"),
    events.MotionVoted("office", "1", "text", 5, 0, 0),
    signed(),
    events.NominationsFiled(OFFICE, (NOMINATED[OFFICE],), meetings=("office",)),
)
COMMITTEE_MEETING: tuple[Claim, ...] = (
    called("review", CHENGGUAN, "党委会", REVIEW),
    came("review", 9, 7),
    events.MotionVoted("review", "1", "text", 7, 0, 0, "李梅"),
    signed("review", REVIEW),
    events.CommitteeReviewed(CHENGGUAN, (REVIEWS[CHENGGUAN],), meetings=("review",)),
)


def afterwards() -> list[Claim]:
    """Every kind of claim beside those of the story, in an order in which they can be told after it."""
    return [
        mark("宋江河", "电话"),
        mark("白玉兰", "电话", "phone"),
        events.ConflictSettled("白玉兰", "上门", "one", "two", "ground"),
        *OFFICE_MEETING,
        *COMMITTEE_MEETING,
    ]
