"""A meeting is called, signed in to, votes, and its minutes are signed (会议的推进)."""

from __future__ import annotations

from typing import assert_never

import msgspec

from fourgates import convening, events
from fourgates.convening import Attendance, Called, Meeting, Minutes, Motion
from fourgates.errors import Refused
from fourgates.events.meetings import Claim
from fourgates.facts import Facts
from fourgates.selection import arm


def claim(facts: Facts, event: Claim) -> Facts:
    """The facts with the claim, once its rules are checked."""
    rule = facts.rulebook().meetings
    known = facts.meetings.get(event.meeting)
    if known is not None:
        convening.check_locked(known, event.reason)
    if isinstance(event, events.MeetingCalled):
        called = Called(
            event.unit, event.profile, event.day, event.time, event.place, event.items, event.cancelled
        )
        convening.check_called(called, facts.register(), rule)
        told = Meeting(called) if known is None else msgspec.structs.replace(known, called=called)
        return _with(facts, event.meeting, told)
    if known is None:
        raise Refused("11.1", "没有召集过会议{meeting}", meeting=event.meeting)
    match event:
        case events.AttendanceTaken():
            attendance = Attendance(
                event.due, event.present, event.manner, event.people, event.excluded, event.ended
            )
            convening.check_attendance(known, attendance, facts.register(), facts.roster(), rule)
            return _with(facts, event.meeting, msgspec.structs.replace(known, attendance=attendance))
        case events.MotionVoted():
            if event.person:
                arm.member(event.person, facts)
            motion = Motion(event.text, event.votes_for, event.against, event.abstained, event.person)
            convening.check_motion(known, motion, rule)
            motions = {**known.motions, event.motion: motion}
            return _with(facts, event.meeting, msgspec.structs.replace(known, motions=motions))
        case events.MinutesSigned():
            convening.check_minutes(known, event.signers, event.day, facts.register(), facts.roster(), rule)
            minutes = Minutes(event.paper, event.signers, event.day, known.content)
            return _with(facts, event.meeting, msgspec.structs.replace(known, minutes=minutes))
        case _:
            assert_never(event)


def _with(facts: Facts, meeting: str, told: Meeting) -> Facts:
    return facts.but(meetings=facts.meetings.but(meeting, told))
