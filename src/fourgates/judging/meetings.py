"""Which meetings count for what was resolved at them (会议的认定)."""

from __future__ import annotations

from typing import TypeVar

from fourgates import convening
from fourgates.convening import Meeting
from fourgates.facts import Facts
from fourgates.nominations import Sitting as BranchSitting
from fourgates.review import Sitting as ReviewSitting


def holds(facts: Facts, meeting: Meeting) -> bool:
    """Whether what a recorded meeting resolved counts (rules 11.4, 11.9): held, quorate, and signed as it stands."""
    return convening.holds(meeting, facts.rulebook().meetings)


def agrees(facts: Facts, name: str, unit: str, sitting: BranchSitting | ReviewSitting) -> bool:
    """Whether a sitting tells what the meeting it names recorded (rule 11.8): attendance, and votes on persons."""
    meeting = facts.meetings.get(name)
    if meeting is None or not convening.agrees(meeting, unit, sitting.day, sitting.due, sitting.present):
        return False
    voted = {
        motion.person: (motion.votes_for, motion.against, motion.abstained)
        for motion in meeting.motions.values()
    }
    told = sitting.votes if isinstance(sitting, ReviewSitting) else ()
    votes = {vote.person: (vote.votes_for, vote.against, vote.abstained) for vote in told}
    return all(voted.get(person, vote) == vote for person, vote in votes.items())


S = TypeVar("S", BranchSitting, ReviewSitting)


def held(facts: Facts, kind: str, about: str, unit: str, sittings: tuple[S, ...]) -> tuple[S, ...]:
    """The sittings that count: those that name no recorded meeting, or one that is signed and says the same (11.9)."""
    names = facts.met.get((kind, about)) or ("",) * len(sittings)
    return tuple(
        sitting
        for sitting, name in zip(sittings, names, strict=True)
        if not name or (agrees(facts, name, unit, sitting) and holds(facts, facts.meetings[name]))
    )
