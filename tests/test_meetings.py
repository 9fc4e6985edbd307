"""Attendance, quorum, majorities: whole numbers over a named denominator."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from math import ceil, floor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cast import refused
from fourgates import meetings

HALF, FOUR_FIFTHS = Fraction(1, 2), Fraction(4, 5)
HELD = date(2022, 2, 22)
shares = st.fractions(0, 1, max_denominator=50)
counts = st.integers(0, 2000)


@pytest.mark.parametrize(
    ("due", "fewest"), [(1, 1), (4, 4), (5, 4), (6, 5), (9, 8), (10, 8), (11, 9), (100, 80)]
)
def test_four_fifths_of_those_due_is_rounded_up(due: int, fewest: int) -> None:
    assert meetings.at_least(fewest, FOUR_FIFTHS, due)
    assert not meetings.at_least(fewest - 1, FOUR_FIFTHS, due)


@pytest.mark.parametrize(("due", "fewest"), [(1, 1), (2, 2), (9, 5), (10, 6), (11, 6), (100, 51)])
def test_exactly_half_is_not_more_than_half(due: int, fewest: int) -> None:
    assert meetings.more_than(fewest, HALF, due)
    assert not meetings.more_than(fewest - 1, HALF, due)


@given(counts, shares, counts)
def test_at_least_is_the_ceiling_and_more_than_is_above_the_floor(
    part: int, share: Fraction, whole: int
) -> None:
    assert meetings.at_least(part, share, whole) == (part >= ceil(share * whole))
    assert meetings.more_than(part, share, whole) == (part > floor(share * whole))


@given(counts, shares, counts)
def test_one_more_never_loses_a_majority(part: int, share: Fraction, whole: int) -> None:
    assert meetings.at_least(part, share, whole) <= meetings.at_least(part + 1, share, whole)
    assert meetings.more_than(part, share, whole) <= meetings.more_than(part + 1, share, whole)
    assert meetings.more_than(part, share, whole) <= meetings.at_least(part, share, whole)


@pytest.mark.parametrize(("due", "present"), [(5, 5), (5, 0), (0, 0), (meetings.MOST, 1)])
def test_attendance_that_can_be(due: int, present: int) -> None:
    meetings.check(HELD, due, present)


@pytest.mark.parametrize(("due", "present"), [(5, 6), (5, -1), (-1, -1), (meetings.MOST + 1, 1)])
def test_attendance_that_cannot_be(due: int, present: int) -> None:
    with refused("3.1", date="2022-02-22", due=due, present=present):
        meetings.check(HELD, due, present)


def test_votes_make_up_those_present() -> None:
    meetings.check_votes(7, 5, 1, 1)


@pytest.mark.parametrize("votes", [(5, 1, 0), (5, 1, 2), (8, -1, 0), (-1, 8, 0), (8, 0, -1)])
def test_votes_that_do_not(votes: tuple[int, int, int]) -> None:
    with refused("5.2", present=7):
        meetings.check_votes(7, *votes)
