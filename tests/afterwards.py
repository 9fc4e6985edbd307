"""What 青梧县 records beside the course that forms tell: marks of single members, meetings, and all that hangs on them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import msgspec

from cast import (
    BEST,
    CHENGGUAN,
    MEETING,
    NOMINATED,
    OFFICE,
    PEOPLE,
    PROFILES,
    REVIEW,
    REVIEWS,
    VETTED,
    checks,
    follow,
)
from fourgates import events
from fourgates.events import Claim
from fourgates.gates.integrity import Result
from fourgates.selection import Selection

SIGNED = "5" * 64


def told(*claims: Claim, after: Selection) -> Selection:
    """After these claims, each correcting what stands about the same."""
    for claim in claims:
        number = after.standing.get(events.subject(claim), 0)
        after = follow(after, msgspec.structs.replace(claim, corrects=number))
    return after


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


COMPLAINT = "举报反映问题没有查清"
POSTED, LAST = date(2022, 3, 22), date(2022, 3, 29)


def accused(person: str = "周正", word: str = "未查清") -> events.ChecksDone:
    return events.ChecksDone(person, {**checks(person), "信访举报": Result(word, VETTED)}, "handler")


def lifted(person: str = "周正", bar: str = COMPLAINT) -> events.BarLifted:
    return events.BarLifted(person, bar, "ground", "one", "two", date(2022, 3, 18))


def letter(department: str = "政法", people: Iterable[str] = PROFILES) -> events.DepartmentAsked:
    return events.DepartmentAsked(department, tuple(people), date(2022, 3, 8), date(2022, 3, 15))


CONCERN: tuple[Claim, ...] = (
    events.ConcernNotified("周正", COMPLAINT, date(2022, 3, 11), "one"),
    events.ConcernAnswered("周正", COMPLAINT, "text", date(2022, 3, 12), "two"),
    events.ConcernReviewed("周正", COMPLAINT, "cleared", "ground", date(2022, 3, 14), "three"),
)


def posted(notice: str = "n1", people: tuple[str, ...] = BEST) -> events.NoticePosted:
    return events.NoticePosted(notice, people, "place", POSTED, 5, LAST)


def objected(case: str = "c1", person: str = "王芳") -> events.ObjectionReceived:
    return events.ObjectionReceived(
        case, "n1", person, "推荐程序", "owner", date(2022, 3, 24), date(2022, 3, 28)
    )


def found(case: str = "c1", upheld: bool = False) -> events.ObjectionFound:
    return events.ObjectionFound(case, upheld, "ground", "finder", date(2022, 3, 26))


def answered(case: str = "c1") -> events.ObjectionAnswered:
    return events.ObjectionAnswered(case, "text", date(2022, 3, 27))


def ended(day: date = date(2022, 3, 30)) -> events.NoticeEnded:
    return events.NoticeEnded("n1", day)


def afterwards() -> list[Claim]:
    """Every kind of claim beside those of the story, in an order in which they can be told after it."""
    return [
        mark("宋江河", "电话"),
        mark("白玉兰", "电话", "phone"),
        events.ConflictSettled("白玉兰", "上门", "one", "two", "ground"),
        *OFFICE_MEETING,
        *COMMITTEE_MEETING,
        letter(),
        accused(),
        *CONCERN,
        lifted(),
        posted(),
        objected(),
        found(),
        answered(),
        ended(),
    ]
