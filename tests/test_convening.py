"""Meetings: who was due, quorum by the profile of their kind, votes that add up, minutes that lock."""

from __future__ import annotations

import math
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

import afterwards
from afterwards import COMMITTEE_MEETING, OFFICE_MEETING, SIGNED, called, came, signed
from cast import (
    CHENGGUAN,
    COUNTY,
    DECIDED,
    DECISION,
    EAST,
    EAST1,
    EAST2,
    MEETING,
    NOMINATED,
    OFFICE,
    PEOPLE,
    REVIEW,
    REVIEWS,
    SHUILI,
    follow,
    refused,
    roster,
    rulebook,
    selection,
    tree,
)
from fourgates import adopting, events, judging
from fourgates.arrangements import MeetingKind
from fourgates.convening import Excluded, needed, quorate, roll
from fourgates.events import Claim
from fourgates.meetings import at_least, more_than
from fourgates.selection import Selection

TOLD = selection()
RULE = rulebook().meetings
ILL = Excluded("姚远", RULE.exclusions[0], "consent")


def changed(event: Any, **fields: Any) -> Any:
    return msgspec.structs.replace(event, **fields)


def standing(state: Selection, claim: Claim) -> int:
    return state.standing[events.subject(claim)]


def told(*claims: Claim, after: Selection = TOLD) -> Selection:
    return afterwards.told(*claims, after=after)


HELD = told(*OFFICE_MEETING[:4])


def test_a_meeting_from_its_call_to_its_signed_minutes() -> None:
    meeting = HELD.facts.meetings["office"]
    assert (meeting.called.unit, meeting.called.time, meeting.called.items) == (OFFICE, "14:30", ("names",))
    assert meeting.attendance is not None
    assert (meeting.attendance.due, meeting.attendance.present, meeting.attendance.ended) == (5, 5, "16:00")
    assert meeting.motions["1"].votes_for == 5
    assert meeting.signed
    assert judging.holds(HELD.facts, meeting)
    assert not told(*OFFICE_MEETING[:3]).facts.meetings["office"].signed


def test_the_roll_of_a_unit_is_everybody_with_rights_under_it() -> None:
    assert roll(OFFICE, tree(), roster()) == set(PEOPLE[OFFICE])
    assert roll(EAST, tree(), roster()) == {*PEOPLE[EAST1], *PEOPLE[EAST2]} - {"高远"}
    assert roll(COUNTY, tree(), roster()) == roster().rights
    assert len(roll(CHENGGUAN, tree(), roster())) == 13


@given(
    due=st.integers(1, 400),
    share=st.sampled_from([Fraction(1, 2), Fraction(2, 3), Fraction(4, 5), Fraction(1), Fraction(0)]),
)
def test_the_number_needed_is_the_least_that_is_a_quorum(due: int, share: Fraction) -> None:
    not_fewer = MeetingKind("a", (), "size", at_least=share)
    more = MeetingKind("b", (), "size", more_than=share)
    assert needed(not_fewer, due) == max(1, math.ceil(share * due))
    assert at_least(needed(not_fewer, due), share, due)
    assert more_than(needed(more, due), share, due)
    assert not more_than(needed(more, due) - 1, share, due)
    assert needed(MeetingKind("c", (), "size"), due) == 1


@pytest.mark.parametrize(("kind", "due", "quorum"), [("党委会", 9, 5), ("全委会", 9, 7), ("全委会", 10, 7)])
def test_quorum_is_that_of_the_kind(kind: str, due: int, quorum: int) -> None:
    vote = events.MotionVoted("m", "1", "text", quorum, 0, 0)
    enough = told(called("m", CHENGGUAN, kind), came("m", due, quorum), vote)
    assert quorate(enough.facts.meetings["m"], RULE)
    too_few = told(called("m", CHENGGUAN, kind), came("m", due, quorum - 1))
    assert not quorate(too_few.facts.meetings["m"], RULE)
    with refused("11.4", due=due, present=quorum - 1):
        follow(too_few, changed(vote, votes_for=quorum - 1))


def test_nobody_and_nothing_is_no_quorum() -> None:
    empty = told(called("m", CHENGGUAN, "党委会"))
    assert not quorate(empty.facts.meetings["m"], RULE)
    nobody = told(called("m", CHENGGUAN, "党委会"), came("m", 0, 0))
    assert not quorate(nobody.facts.meetings["m"], RULE)
    meeting = changed(
        HELD.facts.meetings["office"], called=changed(HELD.facts.meetings["office"].called, kind="会")
    )
    assert not quorate(meeting, RULE)


def test_four_fifths_of_those_due_less_the_ill_whom_the_level_above_agreed_to() -> None:
    state = told(called(), changed(came(due=4, present=4), excluded=(ILL,)))
    assert quorate(state.facts.meetings["office"], RULE)
    assert not quorate(told(called(), came(due=5, present=3)).facts.meetings["office"], RULE)


@pytest.mark.parametrize(
    ("rule", "event"),
    [
        ("11.1", called("x", "没有的支部")),
        ("11.1", called("x", OFFICE, "全委会")),
        ("11.1", called("x", OFFICE, "茶话会")),
        ("11.1", came("x")),
        ("11.1", signed("x")),
        ("3.1", came(present=6)),
        ("11.2", came(due=4, present=4)),
        ("11.2", changed(came(present=1), people=("姚远", "于洋"))),
        ("11.2", changed(came(present=1), people=("姚远", "姚远"))),
        ("11.2", changed(came(present=1), people=("李梅",))),
        ("11.2", changed(came(due=4, present=1), people=("姚远",), excluded=(ILL,))),
        ("11.3", changed(came(due=4, present=4), excluded=(changed(ILL, ground="忙"),))),
        ("11.3", changed(came(due=4, present=4), excluded=(changed(ILL, consent=""),))),
        ("11.3", changed(came(due=4, present=4), excluded=(changed(ILL, person="李梅"),))),
        ("11.3", changed(came(due=4, present=4), excluded=(ILL, ILL))),
        ("11.2", events.MotionVoted("office", "1", "text", 5, 0, 0)),
        ("11.2", signed()),
    ],
)
def test_what_cannot_be_at_a_meeting(rule: str, event: Claim) -> None:
    with refused(rule):
        follow(told(called()), event)


def test_votes_add_up_to_those_present_and_a_person_voted_on_is_on_a_roster() -> None:
    there = told(*OFFICE_MEETING[:2])
    with refused("5.2", present=5):
        follow(there, events.MotionVoted("office", "1", "text", 3, 1, 0))
    with refused("1.5"):
        follow(there, events.MotionVoted("office", "1", "text", 5, 0, 0, "冯唐"))


def test_a_committee_excludes_nobody_and_a_cancelled_meeting_has_no_attendance() -> None:
    with refused("11.3", kind="党委会"):
        told(called("m", CHENGGUAN, "党委会"), changed(came("m"), excluded=(ILL,)))
    off = told(called(), changed(called(), cancelled=True))
    with refused("11.2"):
        follow(off, came())
    meeting = told(*OFFICE_MEETING[:4], changed(called(), cancelled=True, reason="reason")).facts.meetings[
        "office"
    ]
    assert not judging.holds(
        TOLD.facts, changed(meeting, minutes=changed(meeting.minutes, covers=meeting.content))
    )


def test_minutes_are_signed_by_two_after_the_meeting_and_only_over_what_adds_up() -> None:
    there = told(*OFFICE_MEETING[:3])
    for wrong in (
        changed(signed(), signers=("chair", "chair")),
        changed(signed(), day=MEETING - timedelta(days=1)),
    ):
        with refused("11.6", signers=2):
            follow(there, wrong)
    fewer = told(came(present=4), after=there)
    with refused("5.2", present=4):
        follow(fewer, signed())


def test_signed_minutes_lock_the_meeting_until_a_reason_is_stated_and_then_want_signing_again() -> None:
    lock = standing(HELD, called())
    for event in (
        changed(called(), corrects=lock),
        changed(came(), corrects=lock + 1),
        events.MotionVoted("office", "2", "text", 5, 0, 0),
        changed(signed(), corrects=HELD.n),
    ):
        with refused("11.7"):
            follow(HELD, event)
    mended = follow(HELD, changed(came(), corrects=lock + 1, reason="reason"))
    assert not mended.facts.meetings["office"].signed
    again = told(signed(), after=mended)
    assert judging.holds(again.facts, again.facts.meetings["office"])
    with refused("0.1"):
        follow(HELD, events.Withdrawn(HELD.n))


# --- what hangs on a meeting ------------------------------------------------------------------------------------


def test_nominations_that_name_their_meeting_count_once_it_is_signed() -> None:
    unsigned = told(*OFFICE_MEETING[:3], OFFICE_MEETING[4])
    assert judging.filed(unsigned.facts)[OFFICE] == ()
    assert judging.counted(unsigned.facts) == judging.counted(TOLD.facts)
    assert judging.tallied(unsigned.facts, SHUILI) == []
    assert {(one.rule, one.unit) for one in judging.deviations(unsigned.facts, SHUILI)} == {("6.4", OFFICE)}
    counted = told(signed(), after=unsigned)
    assert judging.tallied(counted.facts, SHUILI) == judging.tallied(TOLD.facts, SHUILI)
    assert judging.counted(counted.facts) == judging.counted(TOLD.facts)
    assert told(*OFFICE_MEETING).facts.filed == TOLD.facts.filed
    plain = events.NominationsFiled(OFFICE, (NOMINATED[OFFICE],))
    assert told(plain, after=unsigned).facts.met == {}
    assert follow(counted, events.Withdrawn(standing(counted, plain))).facts.met == {}


def test_an_attendance_corrected_later_takes_the_nominations_with_it() -> None:
    state = told(*OFFICE_MEETING)
    mended = told(
        events.MotionVoted("office", "1", "text", 4, 0, 0, reason="reason"),
        after=told(changed(came(present=4), reason="reason"), after=state),
    )
    mended = told(signed(), after=mended)
    assert judging.holds(mended.facts, mended.facts.meetings["office"])
    assert judging.filed(mended.facts)[OFFICE] == ()


def test_who_signed_in_by_name_took_part_and_contradicts_another_channel() -> None:
    state = told(*OFFICE_MEETING)
    assert judging.conflicts(state.facts) == ()
    phoned = told(events.MemberMarked("姚远", "phone", "电话", MEETING, "clerk"), after=state)
    (found,) = judging.conflicts(phoned.facts)
    assert [act.source for act in found.acts] == ["meeting:office", "phone", "sheet"]


def test_a_review_tells_the_votes_its_meeting_recorded() -> None:
    state = told(*COMMITTEE_MEETING)
    assert judging.carried(state.facts) == judging.carried(TOLD.facts)
    assert judging.carried(told(*COMMITTEE_MEETING[:3], COMMITTEE_MEETING[4]).facts).up[CHENGGUAN] == ()
    other = told(*COMMITTEE_MEETING[:2], events.MotionVoted("review", "1", "text", 6, 1, 0, "李梅"))
    with refused("11.8", unit=CHENGGUAN, meeting="review"):
        told(COMMITTEE_MEETING[4], after=other)


@pytest.mark.parametrize(
    ("sitting", "meetings"),
    [
        (NOMINATED[OFFICE], ("none",)),
        (NOMINATED[OFFICE], ("office", "office")),
        (changed(NOMINATED[OFFICE], present=4, names=()), ("office",)),
        (changed(NOMINATED[OFFICE], day=date(2022, 2, 23)), ("office",)),
    ],
)
def test_other_figures_than_the_meeting_s_are_refused(sitting: Any, meetings: tuple[str, ...]) -> None:
    with refused("11.8"):
        told(events.NominationsFiled(OFFICE, (sitting,), meetings=meetings), after=HELD)


def test_a_decision_whose_meeting_is_not_signed_is_not_lawful() -> None:
    there = told(called("county", COUNTY, "全委会", DECIDED), came("county", 11, 9))
    decided = told(events.CountyDecided((DECISION,), meetings=("county",)), after=there)
    found = judging.decision(decided.facts)
    assert found is not None
    assert (found.lawful, found.broken) == (False, ("11.9",))
    done = judging.decision(told(signed("county", DECIDED), after=decided).facts)
    assert done is not None
    assert done.lawful


def test_a_plan_that_no_longer_has_the_kind_ends_its_meetings() -> None:
    other = changed(rulebook(), meetings=changed(RULE, kinds=()))
    state = told(events.PlanAdopted(other), after=told(called()))
    with refused("11.1", kind="党员大会"):
        follow(state, came())


def test_a_kind_has_one_quorum_within_the_whole() -> None:
    (kind, *others) = RULE.kinds
    for wrong in (
        changed(kind, at_least=None),
        changed(kind, more_than=Fraction(1, 2)),
        changed(kind, at_least=Fraction(6, 5)),
    ):
        with refused("1.0", kind="党员大会"):
            follow(
                Selection(),
                events.PlanAdopted(changed(rulebook(), meetings=changed(RULE, kinds=(wrong, *others)))),
            )
    assert adopting.shipped() == ["cpc-county-recommendation", "union-congress"]
    assert SIGNED in {HELD.facts.meetings["office"].minutes.paper}  # type: ignore[union-attr]  # it is signed
    assert REVIEWS[CHENGGUAN].day == REVIEW
