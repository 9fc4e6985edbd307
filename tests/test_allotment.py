"""Names handed down in whole numbers: the rounding shown, sums that agree, and each level's gap to the structure."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from afterwards import HANDED_DOWN, handed, rights, told
from cast import (
    CHENGGUAN,
    COUNTY,
    EAST,
    EAST1,
    LIUHE,
    SHUILI,
    WEST,
    follow,
    kept,
    refused,
    roster,
    selection,
    tree,
)
from fourgates import events, judging, oversight, participation
from fourgates.allotment import Allotted, Gap, split, weights
from fourgates.events import Claim
from fourgates.roster import BranchRoll

TOLD = selection()


def changed(event: Any, **fields: Any) -> Any:
    return msgspec.structs.replace(event, **fields)


@given(
    total=st.integers(0, 300),
    by=st.lists(st.integers(0, 50), min_size=1, max_size=9),
    base=st.integers(0, 5),
)
def test_a_split_adds_up_and_nobody_is_a_whole_one_off(total: int, by: list[int], base: int) -> None:
    units = {str(place): weight for place, weight in enumerate(by)}
    rest = total - base * len(by)
    if rest < 0 or (rest and not sum(by)):
        with refused("13.2", total=total):
            split(total, units, base)
        return
    got = split(total, units, base)
    assert sum(one.number for one in got) == total
    for one, weight in zip(got, by, strict=True):
        exact = Fraction(base) + (Fraction(rest * weight, sum(by)) if sum(by) else 0)
        assert Fraction(one.share) == exact
        assert -1 < Fraction(one.number) - exact < 1
        assert one.number >= base


def test_the_largest_remainders_get_what_is_left_and_equals_go_by_the_register() -> None:
    assert split(10, {"a": 1, "b": 1, "c": 1}) == (
        Allotted("a", "10/3", 4),
        Allotted("b", "10/3", 3),
        Allotted("c", "10/3", 3),
    )
    assert [one.number for one in split(10, {"a": 5, "b": 3, "c": 1}, 1)] == [5, 3, 2]
    with refused("13.2"):
        split(1, {"a": 1}, -1)


def test_what_is_split_by_is_counted_from_the_register_and_the_rosters() -> None:
    assert weights(COUNTY, "members", tree(), roster()) == {CHENGGUAN: 13, LIUHE: 9, SHUILI: 5}
    assert weights(COUNTY, "organisations", tree(), roster()) == {CHENGGUAN: 3, LIUHE: 2, SHUILI: 1}
    assert weights(CHENGGUAN, "members", tree(), roster()) == {EAST: 9, WEST: 4}


def by_members(total: int = 10) -> events.SeatsAllotted:
    return events.SeatsAllotted(
        COUNTY, total, "members", split(total, weights(COUNTY, "members", tree(), roster()))
    )


def test_the_county_s_allotment_is_what_a_committee_may_send_up() -> None:
    assert judging.quotas(TOLD.facts) == {CHENGGUAN: 2, LIUHE: 1, SHUILI: 1}
    state = follow(TOLD, by_members())
    assert judging.quotas(state.facts) == {CHENGGUAN: 5, LIUHE: 3, SHUILI: 2}
    assert follow(state, events.Withdrawn(state.n)).facts == TOLD.facts
    fewer = (
        changed(HANDED_DOWN[0], adjusted=-1, reason="reason"),
        changed(HANDED_DOWN[1], adjusted=1, reason="r"),
    )
    adjusted = follow(TOLD, handed(numbers=(*fewer, HANDED_DOWN[2])))
    assert judging.quotas(adjusted.facts) == {CHENGGUAN: 1, LIUHE: 2, SHUILI: 1}
    assert judging.carried(adjusted.facts).up[CHENGGUAN] == ()


def test_each_level_hands_down_what_it_received() -> None:
    state = follow(TOLD, handed())
    down = handed(CHENGGUAN, 2, (Allotted(EAST, "1", 1), Allotted(WEST, "1", 1)))
    assert follow(state, down).facts.allotted[CHENGGUAN] == down.numbers
    with refused("13.1", unit=CHENGGUAN, held=2, total=3):
        follow(state, changed(down, total=3))
    assert follow(TOLD, down).facts.allotted.keys() == {CHENGGUAN}


@pytest.mark.parametrize(
    ("rule", "event"),
    [
        ("13.1", handed(numbers=HANDED_DOWN[:2])),
        ("13.1", handed(unit="没有的党委")),
        ("13.1", handed(unit=EAST1, total=0, numbers=())),
        ("13.2", changed(by_members(), total=11)),
        ("13.2", changed(handed(), numbers=(changed(HANDED_DOWN[0], share="5/2"), *HANDED_DOWN[1:]))),
        ("13.3", changed(handed(), numbers=(changed(HANDED_DOWN[0], adjusted=1), *HANDED_DOWN[1:]))),
        (
            "13.3",
            changed(handed(), numbers=(changed(HANDED_DOWN[0], adjusted=-3, reason="r"), *HANDED_DOWN[1:])),
        ),
        (
            "13.4",
            changed(handed(), numbers=(changed(HANDED_DOWN[0], adjusted=1, reason="r"), *HANDED_DOWN[1:])),
        ),
    ],
)
def test_an_allotment_that_cannot_be(rule: str, event: Claim) -> None:
    with refused(rule):
        follow(TOLD, event)


def test_each_level_sees_its_gap_to_the_structure() -> None:
    women = roster().share("女")
    assert women == Fraction(9, 29)
    assert oversight.gaps(TOLD.facts, COUNTY) == (
        Gap("生产和工作一线", 2, None, 2),
        Gap("女", 1, None, 3),
        Gap("党员领导干部", None, 0, 2),
        Gap("农民", 1, None, 1),
    )
    assert [gap.have for gap in oversight.gaps(TOLD.facts, LIUHE)] == [1, 1, 0, 0]
    assert [
        (gap.at_least, gap.at_most) for gap in oversight.gaps(told(handed(), after=TOLD).facts, CHENGGUAN)
    ] == [
        (2, None),
        (1, None),
        (None, 0),
        (1, None),
    ]
    assert [gap.at_least for gap in oversight.gaps(TOLD.facts, WEST)] == [0, 0, None, 1]


# --- the roll of those with rights ------------------------------------------------------------------------------


def test_the_roll_of_those_with_rights_is_worked_out_again() -> None:
    true = rights(TOLD.facts)
    assert true.people == 27
    assert follow(TOLD, true).results["RightsJudged", ""] == (TOLD.n + 1, true)
    rule = TOLD.facts.rulebook().participation
    rolls = participation.rolls(TOLD.facts.roster(), TOLD.facts.register(), rule)
    first = rolls[0]
    more = BranchRoll(first.branch, (*first.rights, "高远"), first.counted)
    fewer = BranchRoll(first.branch, first.rights[1:], first.counted)
    for wrong in ((more, *rolls[1:]), (fewer, *rolls[1:]), rolls[1:], rolls[::-1]):
        people = sum(len(roll.rights) for roll in wrong)
        forged = changed(true, document=kept(events.RightsDocument(wrong)), people=people)
        with refused("0.3", kind="RightsJudged"):
            follow(TOLD, forged)
    with refused("0.3"):
        follow(TOLD, changed(true, people=26))
