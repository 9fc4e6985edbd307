"""Gate 3: no step left out, none outside its window, none before the one it follows."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cast import (
    CHENGGUAN,
    COUNTY,
    EAST,
    EAST1,
    EAST2,
    FILED,
    LIUHE,
    SCHOOL,
    VILLAGE,
    WEST,
    members,
    refused,
    roster,
    rulebook,
    steps,
    tree,
)
from fourgates.days import Window
from fourgates.gates import procedure
from fourgates.gates.procedure import Deviation, Held
from fourgates.nominations import Sitting
from fourgates.roster import Roster

DAY = timedelta(days=1)
WINDOWS = rulebook().windows
WORDS = rulebook().procedure.words
HELD = steps(CHENGGUAN)


def judge(
    held: tuple[Held, ...] = HELD,
    filed: Mapping[str, tuple[Sitting, ...]] | None = None,
    committee: str = CHENGGUAN,
) -> tuple[Deviation, ...]:
    told = FILED if filed is None else filed
    return procedure.judge(committee, held, told, tree(), roster(), rulebook())


def on(word: str, day: date, unit: str = CHENGGUAN) -> tuple[Held, ...]:
    """The committee's steps with one of them on another day."""
    return (*(line for line in HELD if line.word != word), Held(word, unit, day, None, None))


def meeting(branch: str, **changed: Any) -> dict[str, tuple[Sitting, ...]]:
    """What was filed, with one branch's meeting changed."""
    return {**FILED, branch: (msgspec.structs.replace(FILED[branch][0], **changed),)}


def test_a_committee_that_left_nothing_out() -> None:
    assert judge() == ()
    assert judge(steps(LIUHE), committee=LIUHE) == ()
    assert judge((*steps(LIUHE), *HELD)) == ()


# --- lines that can be ------------------------------------------------------------------------------------------


def test_lines_that_can_be() -> None:
    lines = (
        *HELD,
        Held("冬训", WEST, WINDOWS.plan.first, 5, 5),
        Held("县委研究", COUNTY, WINDOWS.plan.first, 0, 0),
    )
    procedure.check(lines, tree(), rulebook().procedure)


@pytest.mark.parametrize(
    ("line", "rule"),
    [
        (Held("座谈", CHENGGUAN, WINDOWS.plan.first, 9, 8), "6.0"),
        (Held("方案", "没有的党委", WINDOWS.plan.first, 9, 8), "1.3"),
        (Held("方案", CHENGGUAN, WINDOWS.plan.first, 8, 9), "3.1"),
        (Held("方案", CHENGGUAN, WINDOWS.plan.first, None, -1), "3.1"),
        (Held("方案", CHENGGUAN, WINDOWS.plan.first, -1, None), "3.1"),
    ],
)
def test_lines_that_cannot_be(line: Held, rule: str) -> None:
    with refused(rule):
        procedure.check((*HELD, line), tree(), rulebook().procedure)


def test_a_step_knows_its_window() -> None:
    assert procedure.window("培训", rulebook()) == Window(date(2022, 2, 10), date(2022, 2, 14))
    assert procedure.window("县委研究", rulebook()) == WINDOWS.county_review
    assert procedure.window("冬训", rulebook()) is None


# --- no step left out -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("word", ["方案", "培训", "动员", "党委研究"])
def test_a_step_left_out(word: str) -> None:
    assert judge(tuple(line for line in HELD if line.word != word)) == (Deviation("6.1", word, CHENGGUAN),)


@pytest.mark.parametrize("word", ["方案", "培训", "动员", "党委研究"])
def test_a_step_of_another_unit_does_not_stand_in(word: str) -> None:
    moved = tuple(msgspec.structs.replace(line, unit=EAST) if line.word == word else line for line in HELD)
    assert judge(moved) == (Deviation("6.1", word, CHENGGUAN),)


@pytest.mark.parametrize(
    ("step", "word"),
    [("plan", "方案"), ("training", "培训"), ("mobilisation", "动员"), ("committee_review", "党委研究")],
)
def test_a_step_is_held_inside_its_window(step: str, word: str) -> None:
    window: Window = getattr(WINDOWS, step)
    assert judge(on(word, window.first)) == ()
    assert judge(on(word, window.last)) == ()
    assert Deviation("6.2", word, CHENGGUAN) in judge(on(word, window.first - DAY))
    assert Deviation("6.2", word, CHENGGUAN) in judge(on(word, window.last + DAY))
    twice = (*HELD, Held(word, CHENGGUAN, window.last + 30 * DAY, None, None))
    assert Deviation("6.2", word, CHENGGUAN) in judge(twice)


def test_nominations_are_held_inside_their_window() -> None:
    assert judge(filed=meeting(WEST, day=WINDOWS.nomination.first)) == ()
    assert judge(filed=meeting(WEST, day=WINDOWS.nomination.last)) == ()
    assert judge(filed=meeting(WEST, day=WINDOWS.nomination.last + DAY)) == (
        Deviation("6.2", "推荐提名", CHENGGUAN),
        Deviation("6.4", "推荐提名", WEST),
    )


# --- none before the one it follows -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("word", "day", "deviations"),
    [
        ("培训", date(2022, 2, 8), ()),
        ("培训", date(2022, 2, 7), (Deviation("6.3", "培训", CHENGGUAN, "方案"),)),
        ("动员", date(2022, 2, 11), ()),
        ("动员", date(2022, 2, 10), (Deviation("6.3", "动员", CHENGGUAN, "培训"),)),
        ("动员", date(2022, 2, 22), ()),
        ("动员", date(2022, 2, 23), (Deviation("6.3", "推荐提名", CHENGGUAN, "动员"),)),
        ("党委研究", date(2022, 2, 22), ()),
        ("党委研究", date(2022, 2, 21), (Deviation("6.3", "党委研究", CHENGGUAN, "推荐提名"),)),
    ],
)
def test_no_step_before_the_one_it_follows(word: str, day: date, deviations: tuple[Deviation, ...]) -> None:
    found = judge(on(word, day))
    assert tuple(one for one in found if one.rule == "6.3") == deviations


def test_the_last_nomination_counts_for_the_review_and_the_first_for_the_mobilisation() -> None:
    assert judge(filed=meeting(WEST, day=date(2022, 3, 2))) == ()
    early = (*on("党委研究", date(2022, 3, 1)),)
    assert Deviation("6.3", "党委研究", CHENGGUAN, "推荐提名") in judge(
        early, meeting(WEST, day=date(2022, 3, 2))
    )
    late = judge(on("动员", date(2022, 2, 22)), meeting(WEST, day=date(2022, 2, 21)))
    assert Deviation("6.3", "推荐提名", CHENGGUAN, "动员") in late


# --- every branch -----------------------------------------------------------------------------------------------


def test_every_branch_holds_a_valid_meeting() -> None:
    none = {branch: held for branch, held in FILED.items() if branch != WEST}
    assert judge(filed=none) == (Deviation("6.4", "推荐提名", WEST),)
    assert judge(filed=meeting(WEST, due=6)) == (Deviation("6.4", "推荐提名", WEST),)
    both = {**FILED, WEST: (*meeting(WEST, due=6)[WEST], *FILED[WEST])}
    assert judge(filed=both) == ()


def test_a_branch_without_members_with_rights_holds_none() -> None:
    people = [one for one in members(CHENGGUAN) if one.branch != WEST]
    without = Roster(people, (), rulebook().integrity, rulebook().selection.reference_date)
    filed = {branch: held for branch, held in FILED.items() if branch != WEST}
    assert procedure.judge(CHENGGUAN, HELD, filed, tree(), without, rulebook()) == ()


# --- warning before nomination ----------------------------------------------------------------------------------

UNWARNED = tuple(line for line in HELD if line.word != "警示教育")


def warned(**units: date) -> tuple[Held, ...]:
    named = {"committee": CHENGGUAN, "general": EAST, "east1": EAST1, "east2": EAST2, "west": WEST}
    return (*UNWARNED, *(Held("警示教育", named[unit], day, None, None) for unit, day in units.items()))


FEB17, FEB21, FEB22 = date(2022, 2, 17), date(2022, 2, 21), date(2022, 2, 22)


def test_the_branchs_own_its_general_branchs_or_its_committees_warning_counts() -> None:
    assert judge(warned(committee=FEB17)) == ()
    assert judge(warned(general=FEB17, west=FEB17)) == ()
    assert judge(warned(east1=FEB17, east2=FEB17, west=FEB17)) == ()
    assert judge(warned(general=FEB17)) == (Deviation("6.1", "警示教育", WEST),)
    assert judge(warned()) == tuple(Deviation("6.1", "警示教育", branch) for branch in (EAST1, EAST2, WEST))


def test_warning_comes_on_an_earlier_day_than_the_meeting() -> None:
    late = tuple(Deviation("6.5", "警示教育", branch) for branch in (EAST1, EAST2, WEST))
    outside = (Deviation("6.2", "警示教育", CHENGGUAN),)
    assert judge(warned(committee=FEB21)) == outside
    assert judge(warned(committee=FEB22)) == (*outside, *late)
    own = judge(warned(committee=FEB17), meeting(WEST, day=FEB17))
    assert Deviation("6.5", "警示教育", WEST) in own
    assert Deviation("6.5", "警示教育", EAST1) not in own
    assert judge(warned(general=FEB17, committee=FEB22)) == (*outside, Deviation("6.5", "警示教育", WEST))


def test_warning_is_given_inside_its_window() -> None:
    window = WINDOWS.warning_education
    assert judge(warned(committee=window.first)) == ()
    assert judge(warned(committee=window.last)) == ()
    assert judge(warned(committee=window.first - DAY)) == (Deviation("6.2", "警示教育", CHENGGUAN),)
    assert judge(warned(committee=FEB17, west=window.last + DAY)) == (
        Deviation("6.2", "警示教育", CHENGGUAN),
    )


def test_a_branch_that_held_no_meeting_was_still_to_be_warned() -> None:
    none = {branch: held for branch, held in FILED.items() if branch not in (VILLAGE, SCHOOL)}
    lines = tuple(line for line in steps(LIUHE) if line.word != "警示教育")
    assert judge((*lines, Held("警示教育", SCHOOL, FEB22, None, None)), none, LIUHE) == (
        Deviation("6.4", "推荐提名", VILLAGE),
        Deviation("6.4", "推荐提名", SCHOOL),
        Deviation("6.2", "警示教育", LIUHE),
        Deviation("6.1", "警示教育", VILLAGE),
    )


@given(st.permutations(HELD))
def test_the_order_of_the_lines_means_nothing(held: list[Held]) -> None:
    late = [msgspec.structs.replace(line, day=line.day + 6 * DAY) for line in held]
    assert judge(tuple(late)) == judge(
        tuple(msgspec.structs.replace(line, day=line.day + 6 * DAY) for line in HELD)
    )


@given(st.sets(st.sampled_from(range(len(HELD)))))
def test_every_step_left_out_is_named(left_out: set[int]) -> None:
    found = judge(tuple(line for place, line in enumerate(HELD) if place not in left_out))
    words = {HELD[place].word for place in left_out} - {"党史学习教育"}
    assert {one.step for one in found if one.rule == "6.1"} == words
    assert {one.rule for one in found} <= {"6.1"}
