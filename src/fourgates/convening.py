"""A meeting from its call to its signed minutes (会议：召集、签到、表决、会议记录).

What a signed record covers is locked: it can only be corrected by an entry that states its reason, and must then be
signed anew. Texts, places and who signed appear as keyed digests.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Literal

import msgspec

from fourgates import canon, meetings
from fourgates.arrangements import MeetingKind, Meetings
from fourgates.errors import Refused
from fourgates.roster import Roster
from fourgates.units import Tree

Manner = Literal["qr", "paper", "typed"]


class Excluded(msgspec.Struct, frozen=True, array_like=True):
    """A member not counted as due (不计入应到会): whom, on which of the rulebook's grounds, and the keyed digest of the
    consent of the level above."""

    person: str
    ground: str
    consent: str


class Called(msgspec.Struct, frozen=True):
    """A meeting as it was called: unit, kind, day, time of day, place, items of its agenda, and whether it was called off."""

    unit: str
    kind: str
    day: date
    time: str
    place: str
    items: tuple[str, ...]
    cancelled: bool = False


class Attendance(msgspec.Struct, frozen=True):
    """Who came (签到): due 应到, present 实到, how it was taken, who was there where ids are known, who was not counted as
    due, and the time of day at which the meeting ended, empty when not written."""

    due: int
    present: int
    manner: Manner
    people: tuple[str, ...] = ()
    excluded: tuple[Excluded, ...] = ()
    ended: str = ""


class Motion(msgspec.Struct, frozen=True):
    """What was put to the vote (议题): its text, the votes, and the person it is about, empty for none."""

    text: str
    votes_for: int
    against: int
    abstained: int
    person: str = ""


class Minutes(msgspec.Struct, frozen=True):
    """The record of the meeting (会议记录): the signed paper's digest, who signed, when, and the digest of all it covers."""

    paper: str
    signers: tuple[str, ...]
    day: date
    covers: str


class Meeting(msgspec.Struct, frozen=True):
    """All that is recorded of one meeting."""

    called: Called
    attendance: Attendance | None = None
    motions: Mapping[str, Motion] = {}
    minutes: Minutes | None = None

    @property
    def content(self) -> str:
        """The digest of all that minutes cover."""
        return canon.digest(canon.spell((self.called, self.attendance, self.motions)))

    @property
    def signed(self) -> bool:
        """Whether the minutes are signed and cover the meeting as it stands."""
        return self.minutes is not None and self.minutes.covers == self.content


def roll(unit: str, tree: Tree, roster: Roster) -> frozenset[str]:
    """Ids of the members with rights in a unit and everything under it."""
    inside = {branch.name for branch in tree.branches(unit)}
    return frozenset(id_ for id_ in roster.rights if roster.members[id_].branch in inside)


def check_called(called: Called, tree: Tree, rule: Meetings) -> None:
    """Raises ``Refused`` (11.1) when there is no such unit or kind of meeting, or not at this level."""
    kind = rule.kind(called.kind)
    if called.unit not in tree or kind is None or tree[called.unit].kind not in kind.levels:
        raise Refused(
            "11.1", "{unit}不召开“{kind}”，或者不在党组织名册中", unit=called.unit, kind=called.kind
        )


def check_attendance(
    meeting: Meeting, attendance: Attendance, tree: Tree, roster: Roster, rule: Meetings
) -> None:
    """Raises ``Refused`` when attendance cannot be: more present than due (3.1), persons who are not the number present
    or not due (11.2), due that is not the roll less those lawfully excluded (11.2, 11.3)."""
    called = meeting.called
    if called.cancelled:
        raise Refused("11.2", "这次会议已经取消")
    meetings.check(called.day, attendance.due, attendance.present)
    if attendance.people and len(set(attendance.people)) != attendance.present:
        raise Refused("11.2", "实到{present}人，签到名单不是这么多人", present=attendance.present)
    if len(set(attendance.people)) != len(attendance.people):
        raise Refused("11.2", "签到名单上同一人列了两次")
    kind = _kind(called, rule)
    if kind.due == "size":
        if attendance.excluded:
            raise Refused("11.3", "“{kind}”的应到会不能减去任何人", kind=kind.name)
        return
    due = roll(called.unit, tree, roster)
    out = {one.person for one in attendance.excluded}
    if len(out) != len(attendance.excluded) or not out <= due:
        raise Refused("11.3", "不计入应到会的人不在{unit}有权利的党员中，或者列了两次", unit=called.unit)
    for one in attendance.excluded:
        if one.ground not in rule.exclusions or not one.consent:
            raise Refused(
                "11.3", "不计入应到会要有规则写明的情形和上级党组织的同意：“{ground}”", ground=one.ground
            )
    if attendance.due != len(due) - len(out):
        raise Refused(
            "11.2",
            "{unit}应到会{due}人，写的是{says}人",
            unit=called.unit,
            due=len(due) - len(out),
            says=attendance.due,
        )
    if not set(attendance.people) <= due - out:
        raise Refused("11.2", "签到名单上有人不在{unit}应到会的人中", unit=called.unit)


def _kind(called: Called, rule: Meetings) -> MeetingKind:
    """The meeting's kind under the rulebook in force; ``Refused`` (11.1) when a later one no longer has it."""
    kind = rule.kind(called.kind)
    if kind is None:
        raise Refused("11.1", "规则中没有会议“{kind}”", kind=called.kind)
    return kind


def quorate(meeting: Meeting, rule: Meetings) -> bool:
    """Whether enough came (rule 11.4): somebody, and by the share of the kind's own profile."""
    attendance, kind = meeting.attendance, rule.kind(meeting.called.kind)
    if attendance is None or kind is None or not attendance.present:
        return False
    if kind.at_least is not None:
        return meetings.at_least(attendance.present, kind.at_least, attendance.due)
    return kind.more_than is not None and meetings.more_than(
        attendance.present, kind.more_than, attendance.due
    )


def holds(meeting: Meeting, rule: Meetings) -> bool:
    """Whether what a meeting resolved counts (rules 11.4, 11.9): held, quorate, and signed as it stands."""
    return not meeting.called.cancelled and meeting.signed and quorate(meeting, rule)


def needed(kind: MeetingKind, due: int) -> int:
    """The least number present that makes a quorum of ``due`` (rule 11.4): 4/5 of 9 is 8, more than 2/3 of 9 is 7."""
    if kind.at_least is not None:
        return max(1, -(-kind.at_least.numerator * due // kind.at_least.denominator))
    share = kind.more_than
    return 1 if share is None else share.numerator * due // share.denominator + 1


def check_motion(meeting: Meeting, motion: Motion, rule: Meetings) -> None:
    """Raises ``Refused`` when a vote cannot be: nobody signed in (11.2), no quorum (11.4), figures that do not add up
    (5.2)."""
    if meeting.attendance is None:
        raise Refused("11.2", "还没有签到，不能表决")
    if not quorate(meeting, rule):
        raise Refused(
            "11.4",
            "应到{due}人，实到{present}人，不足法定人数，不能表决",
            due=meeting.attendance.due,
            present=meeting.attendance.present,
        )
    meetings.check_votes(meeting.attendance.present, motion.votes_for, motion.against, motion.abstained)


def check_minutes(
    meeting: Meeting, signers: Iterable[str], day: date, tree: Tree, roster: Roster, rule: Meetings
) -> None:
    """Raises ``Refused`` when minutes cannot be signed: nobody signed in (11.2), too few signers (11.6), a day before
    the meeting (11.6), an attendance or a vote that what was corrected since no longer bears (11.2, 11.4, 5.2)."""
    if meeting.attendance is None:
        raise Refused("11.2", "还没有签到，会议记录不能签字")
    check_attendance(meeting, meeting.attendance, tree, roster, rule)
    if len(set(signers)) < rule.signers or day < meeting.called.day:
        raise Refused("11.6", "会议记录要由不同的{signers}人在会后签字", signers=rule.signers)
    for motion in meeting.motions.values():
        check_motion(meeting, motion, rule)


def check_locked(meeting: Meeting, reason: str) -> None:
    """Raises ``Refused`` (11.7) when the minutes are signed and an entry about the meeting states no reason."""
    if meeting.signed and not reason:
        raise Refused("11.7", "会议记录已经签字，只能写明理由更正")


def agrees(meeting: Meeting, unit: str, day: date, due: int, present: int) -> bool:
    """Whether figures told of a meeting are those of its attendance (rule 11.8)."""
    attendance = meeting.attendance
    return attendance is not None and (unit, day, due, present) == (
        meeting.called.unit,
        meeting.called.day,
        attendance.due,
        attendance.present,
    )
