"""What 青梧县 records beside the course that forms tell: marks of single members, meetings, and all that hangs on them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import msgspec

from cast import (
    BEST,
    CHENGGUAN,
    COUNTY,
    LIUHE,
    MEETING,
    NOMINATED,
    OFFICE,
    PEOPLE,
    PROFILES,
    REVIEW,
    REVIEWS,
    SCHOOL,
    SHUILI,
    VETTED,
    checks,
    documents,
    follow,
    kept,
    roster,
)
from fourgates import events
from fourgates.allotment import Allotted
from fourgates.ballots import Paper, Part, sealed
from fourgates.events import Claim
from fourgates.facts import Facts
from fourgates.gates.integrity import Result
from fourgates.selection import Selection, rights_judged

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
POSTED, LAST = date(2022, 3, 24), date(2022, 3, 31)


def accused(person: str = "周正", word: str = "未查清") -> events.ChecksDone:
    return events.ChecksDone(person, {**checks(person), "信访举报": Result(word, VETTED)}, "handler")


def lifted(person: str = "周正", bar: str = COMPLAINT) -> events.BarLifted:
    return events.BarLifted(person, bar, "ground", "one", "two", date(2022, 3, 18))


def letter(department: str = "政法", people: Iterable[str] = PROFILES) -> events.DepartmentAsked:
    return events.DepartmentAsked(department, tuple(people), date(2022, 3, 8), date(2022, 3, 15))


def reminded(department: str = "统战", day: date = date(2022, 3, 14)) -> events.DepartmentReminded:
    return events.DepartmentReminded("r1", department, day, "one")


def enclosed(person: str = "周正", department: str = "政法") -> events.ReplyEnclosed:
    return events.ReplyEnclosed(department, person, "file")


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


def assigned(case: str = "c1", owner: str = "other") -> events.ObjectionAssigned:
    return events.ObjectionAssigned(case, owner, date(2022, 3, 29), "ground", "one", date(2022, 3, 25))


def found(case: str = "c1", upheld: bool = False) -> events.ObjectionFound:
    return events.ObjectionFound(case, upheld, "ground", "finder", date(2022, 3, 26))


def answered(case: str = "c1") -> events.ObjectionAnswered:
    return events.ObjectionAnswered(case, "text", date(2022, 3, 27))


def ended(day: date = date(2022, 4, 1)) -> events.NoticeEnded:
    return events.NoticeEnded("n1", day)


UNTIL = "2022-02-28T10:00:00Z"
OUTAGE = "停电"


def box(*branches: str, name: str = "b1", satisfaction: bool = True) -> events.BoxOpened:
    return events.BoxOpened(name, branches or (SCHOOL,), 2, True, satisfaction, UNTIL, True)


def longer(until: str = "2022-02-28T12:00:00Z", ground: str = OUTAGE) -> events.BoxExtended:
    return events.BoxExtended("b1", until, ground, "note", "one")


def parts(branch: str = SCHOOL, channel: str = "微信") -> tuple[Part, ...]:
    there = sorted(set(PEOPLE[branch]) & roster().rights)
    return tuple(Part(person, branch, channel, date(2022, 2, 25)) for person in there)


PAPERS = (
    Paper("01", SCHOOL, ("王芳",), (), "满意"),
    Paper("02", SCHOOL, ("王芳", "陶然"), (), "满意"),
    Paper("03", SCHOOL, (), ("written",), "基本满意"),
    Paper("04", SCHOOL, ("李梅",), (), "", "B.3"),
)


def closed(
    came: tuple[Part, ...] | None = None,
    papers: tuple[Paper, ...] = PAPERS,
    name: str = "b1",
    at: str = "2022-02-28T12:00:05Z",
    published: tuple[tuple[str, str], ...] | None = None,
) -> events.BoxClosed:
    came = parts() if came is None else came
    shown = kept(events.PublishedDocument(sealed(papers)))
    return events.BoxClosed(
        name,
        at,
        kept(events.PartsDocument(came)),
        kept(events.PapersDocument(papers)),
        len(came),
        published=shown if published is None else kept(events.PublishedDocument(published)),
    )


HANDED_DOWN = (Allotted(CHENGGUAN, "2", 2), Allotted(LIUHE, "1", 1), Allotted(SHUILI, "1", 1))


def handed(
    unit: str = COUNTY, total: int = 4, numbers: tuple[Allotted, ...] = HANDED_DOWN
) -> events.SeatsAllotted:
    return events.SeatsAllotted(unit, total, "fixed", numbers)


def rights(stands: Facts) -> events.RightsJudged:
    """The roll of those with rights, as it is recorded."""
    roll, content = rights_judged(stands)
    documents[roll.document] = content
    return roll


def afterwards() -> list[Claim]:
    """Every kind of claim beside those of the story, in an order in which they can be told after it."""
    return [
        mark("宋江河", "电话"),
        mark("白玉兰", "电话", "phone"),
        events.ConflictSettled("白玉兰", "上门", "one", "two", "ground"),
        *OFFICE_MEETING,
        *COMMITTEE_MEETING,
        enclosed(),
        letter(),
        letter("统战", (*PROFILES, "陶然")),
        reminded(),
        accused(),
        *CONCERN,
        lifted(),
        posted(),
        objected(),
        assigned(),
        found(),
        answered(),
        ended(),
        box(),
        longer(),
        closed(),
        handed(),
    ]
