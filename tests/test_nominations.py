"""Names put forward: by a branch, in its window, by enough members, of people with rights."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cast import EAST, MEETING, NOMINATED, VILLAGE, refused, roster, rulebook, tree
from fourgates import nominations
from fourgates.nominations import Name, Sitting

GOOD = NOMINATED[VILLAGE]
FIRST, LAST = date(2022, 2, 21), date(2022, 3, 2)
DAY = timedelta(days=1)


def check(
    *names: Name, due: int = 5, present: int = 4, branch: str = VILLAGE, again: tuple[Name, ...] = ()
) -> None:
    sittings = [Sitting(MEETING, due, present, names), Sitting(MEETING, due, present, again)]
    nominations.check(branch, sittings, tree(), roster())


def test_a_filing_that_can_be() -> None:
    check(*GOOD.names, Name("白玉兰", 0, ""))


@pytest.mark.parametrize("branch", ["没有的党支部", EAST])
def test_only_a_branch_files(branch: str) -> None:
    with refused("3.0", branch=branch):
        check(*GOOD.names, branch=branch)


def test_more_present_than_due() -> None:
    with refused("3.1", due=5, present=6):
        check(*GOOD.names, present=6)


@pytest.mark.parametrize("nobody", ["无名", "高远", "牛犇", "谢晋"])
def test_a_nominee_has_rights_in_the_county(nobody: str) -> None:
    with refused("3.2", branch=VILLAGE):
        check(*GOOD.names, Name(nobody, 1, ""))


@pytest.mark.parametrize("members", [-1, 5])
def test_no_more_nominators_than_came(members: int) -> None:
    with refused("3.3", members=members, present=4):
        check(Name("王芳", members, ""))


def test_a_person_once_in_a_branch() -> None:
    with refused("3.4", branch=VILLAGE):
        check(*GOOD.names, GOOD.names[0])
    with refused("3.4", branch=VILLAGE):
        check(*GOOD.names, again=(Name("秦岭", 1, ""),))


@pytest.mark.parametrize(
    ("day", "held"), [(FIRST - DAY, False), (FIRST, True), (LAST, True), (LAST + DAY, False)]
)
def test_the_window_has_both_its_ends(day: date, held: bool) -> None:
    sitting = msgspec.structs.replace(GOOD, day=day)
    assert nominations.in_window(sitting, rulebook()) == held
    assert nominations.valid(sitting, rulebook()) == held


@pytest.mark.parametrize(
    ("due", "present", "enough"),
    [(5, 4, True), (5, 3, False), (6, 5, True), (6, 4, False), (0, 0, False), (1, 1, True)],
)
def test_four_fifths_must_be_present(due: int, present: int, enough: bool) -> None:
    sitting = Sitting(MEETING, due, present, ())
    assert nominations.quorate(sitting, rulebook()) == enough
    assert nominations.valid(sitting, rulebook()) == enough


def test_nobody_present_is_no_meeting_whatever_the_rulebook_asks() -> None:
    lenient = msgspec.structs.replace(rulebook(), nomination=type(rulebook().nomination)(Fraction(0)))
    assert nominations.quorate(Sitting(MEETING, 5, 1, ()), lenient)
    assert not nominations.quorate(Sitting(MEETING, 5, 0, ()), lenient)


@given(st.integers(0, 300), st.integers(0, 300))
def test_quorum_agrees_with_the_ceiling(due: int, absent: int) -> None:
    present = max(0, due - absent)
    enough = present > 0 and present >= -(-4 * due // 5)
    assert nominations.quorate(Sitting(MEETING, due, present, ()), rulebook()) == enough
