"""A committee studies the names and sends some of them up."""

from __future__ import annotations

from datetime import date, timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cast import CHENGGUAN, FILED, LIUHE, REVIEWS, SHUILI, refused, roster, rulebook, tree
from fourgates import review, tally
from fourgates.review import Fault, Sitting, Vote
from fourgates.tally import Line

TALLIES = {committee: tally.count(committee, FILED, tree(), roster(), rulebook()) for committee in REVIEWS}
QUOTAS = {CHENGGUAN: 2, LIUHE: 1, SHUILI: 1}
WINDOW, RULE = rulebook().windows.committee_review, rulebook().review
DAY = timedelta(days=1)


def judge(**changed: Sitting | tuple[Sitting, ...]) -> review.CarriedUp:
    """Chengguan's, Liuhe's and Shuili's reviews with some of them other than they were."""
    named = {"chengguan": CHENGGUAN, "liuhe": LIUHE, "shuili": SHUILI}
    sittings: dict[str, tuple[Sitting, ...]] = {committee: (one,) for committee, one in REVIEWS.items()}
    for name, one in changed.items():
        sittings[named[name]] = (one,) if isinstance(one, Sitting) else one
    return review.judge(sittings, TALLIES, QUOTAS, rulebook())


def voted(committee: str, *votes: Vote) -> Sitting:
    return msgspec.structs.replace(REVIEWS[committee], votes=votes)


def test_a_review_that_can_be() -> None:
    for sitting in REVIEWS.values():
        review.check((sitting,))


def test_a_review_that_cannot_be() -> None:
    good = REVIEWS[CHENGGUAN]
    with refused("3.1"):
        review.check((msgspec.structs.replace(good, present=10),))
    with refused("5.2"):
        review.check((msgspec.structs.replace(good, present=8),))
    with refused("5.3"):
        review.check((good, good))
    with refused("5.3"):
        review.check((voted(CHENGGUAN, *good.votes, good.votes[0]),))


def test_names_go_up_by_committee() -> None:
    assert judge() == review.CarriedUp({CHENGGUAN: ("何平", "李梅"), LIUHE: ("王芳",), SHUILI: ("周正",)}, ())


@pytest.mark.parametrize(
    ("day", "held"),
    [(WINDOW.first - DAY, False), (WINDOW.first, True), (WINDOW.last, True), (WINDOW.last + DAY, False)],
)
def test_a_meeting_outside_its_window_sends_nobody_up(day: date, held: bool) -> None:
    found = judge(shuili=msgspec.structs.replace(REVIEWS[SHUILI], day=day))
    assert found.up[SHUILI] == (("周正",) if held else ())
    assert found.faults == (() if held else (Fault("5.1", SHUILI, "周正"),))


def test_a_meeting_that_does_not_count_leaves_every_name_undecided() -> None:
    late = msgspec.structs.replace(REVIEWS[LIUHE], day=WINDOW.last + DAY)
    assert judge(liuhe=late).faults == (Fault("5.1", LIUHE, "王芳"), Fault("5.1", LIUHE, "秦岭"))


@pytest.mark.parametrize(("due", "held"), [(4, True), (5, True), (6, False), (7, False)])
def test_more_than_half_of_those_due_must_be_present(due: int, held: bool) -> None:
    sitting = Sitting(WINDOW.first, due, 3, (Vote("周正", 3, 0, 0, True, ""),))
    assert review.valid(sitting, WINDOW, RULE) == held
    assert judge(shuili=sitting).up[SHUILI] == (("周正",) if held else ())


@pytest.mark.parametrize(("votes_for", "carried"), [(5, True), (4, False)])
def test_more_than_half_of_those_due_must_vote_for_not_of_those_present(
    votes_for: int, carried: bool
) -> None:
    vote = Vote("周正", votes_for, 5 - votes_for, 0, True, "")
    sitting = Sitting(WINDOW.first, 8, 5, (vote,))
    assert review.carried(vote, sitting, RULE) == carried
    found = judge(shuili=sitting)
    assert found.up[SHUILI] == (("周正",) if carried else ())
    assert found.faults == (() if carried else (Fault("5.4", SHUILI, "周正"),))


def test_exactly_half_of_those_due_is_not_enough() -> None:
    assert not review.carried(Vote("周正", 5, 0, 0, True, ""), Sitting(WINDOW.first, 10, 6, ()), RULE)
    assert review.carried(Vote("周正", 6, 0, 0, True, ""), Sitting(WINDOW.first, 10, 6, ()), RULE)


@pytest.mark.parametrize("stranger", ["无名", "李梅", "张弓"])
def test_only_who_was_nominated_in_this_committee_goes_up(stranger: str) -> None:
    found = judge(shuili=voted(SHUILI, Vote(stranger, 3, 0, 0, True, "")))
    assert found.up[SHUILI] == ()
    assert found.faults == (Fault("5.5", SHUILI, stranger),)


def test_exactly_the_quota_goes_up_and_one_more_sends_nobody() -> None:
    votes = (*REVIEWS[CHENGGUAN].votes, Vote("陈大山", 7, 0, 0, True, ""))
    assert len(REVIEWS[CHENGGUAN].votes) == QUOTAS[CHENGGUAN]
    found = judge(chengguan=voted(CHENGGUAN, *votes))
    assert found.up == {CHENGGUAN: (), LIUHE: ("王芳",), SHUILI: ("周正",)}
    assert found.faults == tuple(
        Fault("5.6", CHENGGUAN, person, {"count": 3, "quota": 2}) for person in ("李梅", "何平", "陈大山")
    )


def test_the_quota_counts_over_all_meetings() -> None:
    later = voted(CHENGGUAN, Vote("陈大山", 7, 0, 0, True, ""))
    assert judge(chengguan=(REVIEWS[CHENGGUAN], later)).up[CHENGGUAN] == ()


def test_a_person_sent_up_by_two_committees_goes_up_from_neither() -> None:
    tallies = {**TALLIES, SHUILI: [*TALLIES[SHUILI], Line("李梅", 1, 1)]}
    sittings = {committee: (one,) for committee, one in REVIEWS.items()}
    sittings[SHUILI] = (voted(SHUILI, Vote("李梅", 3, 0, 0, True, "")),)
    found = review.judge(sittings, tallies, QUOTAS, rulebook())
    assert found.up == {CHENGGUAN: ("何平",), LIUHE: ("王芳",), SHUILI: ()}
    assert [fault for fault in found.faults if fault.rule == "5.7"] == [
        Fault("5.7", CHENGGUAN, "李梅", {"other": SHUILI}),
        Fault("5.7", SHUILI, "李梅", {"other": CHENGGUAN}),
    ]


CARRIED_PAST = voted(CHENGGUAN, Vote("陈大山", 7, 0, 0, True, ""), Vote("何平", 1, 6, 0, False, ""))


def test_who_is_carried_past_without_a_reason_is_named() -> None:
    found = judge(chengguan=CARRIED_PAST)
    assert found.up[CHENGGUAN] == ("陈大山",)
    assert found.faults == (
        Fault("5.8", CHENGGUAN, "李梅", {"branches": 3, "members": 13}),
        Fault("5.8", CHENGGUAN, "何平", {"branches": 2, "members": 5}),
    )


def test_a_reason_or_a_mark_to_go_up_explains() -> None:
    explained = voted(
        CHENGGUAN,
        Vote("陈大山", 7, 0, 0, True, ""),
        Vote("何平", 1, 6, 0, False, "reason"),
        Vote("李梅", 4, 3, 0, True, ""),
    )
    assert judge(chengguan=explained).faults == (Fault("5.4", CHENGGUAN, "李梅"),)


def test_who_stands_level_or_below_needs_no_reason() -> None:
    level = {CHENGGUAN: [Line("甲", 2, 5), Line("乙", 2, 5), Line("丙", 2, 4)]}
    sitting = voted(CHENGGUAN, Vote("甲", 7, 0, 0, True, ""))
    assert review.judge({CHENGGUAN: (sitting,)}, level, {CHENGGUAN: 1}, rulebook()).faults == ()
    above = {CHENGGUAN: [Line("乙", 2, 6), Line("甲", 2, 5)]}
    assert review.judge({CHENGGUAN: (sitting,)}, above, {CHENGGUAN: 1}, rulebook()).faults == (
        Fault("5.8", CHENGGUAN, "乙", {"branches": 2, "members": 6}),
    )


people = st.sampled_from(["李梅", "何平", "陈大山", "王芳", "周正", "无名"])
votes = st.builds(
    Vote, people, st.integers(0, 9), st.just(0), st.just(0), st.booleans(), st.sampled_from(["", "r"])
)
meetings_held = st.builds(
    Sitting,
    st.dates(WINDOW.first - DAY, WINDOW.last + DAY),
    st.integers(8, 10),
    st.integers(3, 8),
    st.lists(votes, max_size=4, unique_by=lambda one: one.person).map(tuple),
)


@given(st.fixed_dictionaries(dict.fromkeys(REVIEWS, meetings_held)))
def test_who_goes_up_agrees_with_a_count_by_hand(held: dict[str, Sitting]) -> None:
    found = review.judge({committee: (one,) for committee, one in held.items()}, TALLIES, QUOTAS, rulebook())
    able = {
        committee: {
            vote.person
            for vote in one.votes
            if vote.up
            and WINDOW.first <= one.day <= WINDOW.last
            and 2 * one.present > one.due
            and 2 * vote.votes_for > one.due
            and vote.person in {line.person for line in TALLIES[committee]}
        }
        for committee, one in held.items()
    }
    for committee, persons in able.items():
        assert set(found.up[committee]) == (persons if len(persons) <= QUOTAS[committee] else set())
        assert list(found.up[committee]) == sorted(found.up[committee])
    marked = {
        (committee, vote.person)
        for committee, one in held.items()
        for vote in one.votes
        if vote.up or not review.valid(one, WINDOW, RULE)
    }
    up = {(committee, person) for committee, persons in found.up.items() for person in persons}
    assert {(fault.committee, fault.person) for fault in found.faults if fault.rule != "5.8"} == marked - up
