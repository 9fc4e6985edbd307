"""How members took part, rates that never flatter, and satisfaction over forms returned."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cast import (
    CHENGGUAN,
    EAST1,
    EAST2,
    LIUHE,
    MEETING,
    SCHOOL,
    SURVEYS,
    VILLAGE,
    WEST,
    marks,
    refused,
    roster,
    rulebook,
    tree,
)
from fourgates import verifier
from fourgates.participation import (
    JOINT,
    Counted,
    Mark,
    Rate,
    Survey,
    by_day,
    check,
    check_surveys,
    count,
    due_by_branch,
    entitled,
    merged,
    satisfaction,
    together,
    together_by_day,
    turnout,
)
from fourgates.plan import Participation as Rule

RULE, ASKED = rulebook().participation, rulebook().satisfaction
WITH_PROBATIONARY = msgspec.structs.replace(RULE, counts_probationary=True)


def counted(*told: Mark, rule: Rule = RULE) -> Counted:
    return count(roster(), tree(), {one.person: one for one in told}, rule)


def test_the_days_together_are_the_turnout() -> None:
    told, due = {one.person: one for one in marks(CHENGGUAN)}, due_by_branch(roster(), RULE)
    days, whole = by_day(due, told, RULE), turnout(due, told, RULE)
    assert {
        branch: sum(sum(counts.values()) for counts in found.values()) for branch, found in days.items()
    } == {branch: one.took for branch, one in whole.items()}
    sums = together_by_day(days.values())
    by_channel = together(whole.values(), RULE).by_channel
    assert {
        channel: sum(counts.get(channel, 0) for counts in sums.values()) for channel in by_channel
    } == by_channel
    assert {day for found in days.values() for day in found} == sums.keys()
    first = next(mark for mark in told.values() if mark.channel in RULE.channels)
    alone = by_day(due, {first.person: first}, RULE)
    assert [found for found in alone.values() if found] == [{first.day: {first.channel: 1}}]


# --- rates ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("part", "whole", "printed"),
    [
        (0, 0, "—"),
        (0, 7, "0.0%"),
        (7, 7, "100%"),
        (9995, 10000, "99.9%"),
        (99999, 100000, "99.9%"),
        (14970, 15000, "99.8%"),
        (1, 3, "33.3%"),
        (2, 3, "66.7%"),
        (1, 2000, "0.1%"),
        (1, 2001, "0.0%"),
        (1249, 2000, "62.5%"),
        (689, 800, "86.1%"),
        (5, 800, "0.6%"),
        (6, 800, "0.8%"),
    ],
)
def test_a_rate_prints_one_decimal_half_up_and_100_only_when_all(part: int, whole: int, printed: str) -> None:
    assert str(Rate(part, whole)) == printed


@given(st.integers(0, 50_000), st.integers(1, 50_000))
def test_a_rate_agrees_with_decimal_arithmetic(part: int, more: int) -> None:
    whole = part + more
    exact = (Decimal(part) * 100 / Decimal(whole)).quantize(Decimal("0.1"), ROUND_HALF_UP)
    assert str(Rate(part, whole)) == f"{min(exact, Decimal('99.9'))}%"
    assert str(Rate(whole, whole)) == "100%"


# --- marks ------------------------------------------------------------------------------------------------------


def test_marks_that_can_be() -> None:
    check(CHENGGUAN, marks(CHENGGUAN), roster(), tree(), RULE)


@pytest.mark.parametrize("stranger", ["无名", "潘石"])
def test_a_mark_of_somebody_not_on_the_roster_of_the_committee(stranger: str) -> None:
    with refused("2.1", committee=CHENGGUAN):
        check(CHENGGUAN, (*marks(CHENGGUAN), Mark(stranger, "会议", MEETING)), roster(), tree(), RULE)


def test_a_channel_the_rulebook_does_not_have() -> None:
    with refused("2.2", channel="传真"):
        check(CHENGGUAN, (*marks(CHENGGUAN)[1:], Mark("高远", "传真", MEETING)), roster(), tree(), RULE)


def test_the_same_member_marked_twice() -> None:
    with refused("2.3"):
        check(CHENGGUAN, (*marks(CHENGGUAN), marks(CHENGGUAN)[0]), roster(), tree(), RULE)


def test_members_with_rights_are_the_denominator() -> None:
    found = counted(*marks(CHENGGUAN), *marks(LIUHE))
    assert found.members == Rate(21, 27)
    assert found.organisations == Rate(5, 6)
    assert found.by_channel == {"会议": 20, "上门": 1, "电话": 0, "微信": 0}
    assert found.silent == ("水利局机关党支部",)
    assert found.absent == tuple(sorted(["宋江河", "姚远", "于洋", "张弓", "赵云霞", "周正"]))


@pytest.mark.parametrize("without_rights", ["高远", "牛犇", "谢晋"])
def test_who_has_no_right_is_not_counted(without_rights: str) -> None:
    assert counted(Mark(without_rights, "会议", MEETING)) == counted()


def test_a_probationary_member_counts_where_the_rulebook_says_so() -> None:
    assert entitled(roster(), RULE) == roster().rights
    assert entitled(roster(), WITH_PROBATIONARY) == roster().rights | {"高远"}
    assert counted(Mark("高远", "会议", MEETING), rule=WITH_PROBATIONARY).members == Rate(1, 28)


def test_a_branch_takes_part_with_its_first_member() -> None:
    assert counted(Mark("李梅", "电话", MEETING)).organisations == Rate(1, 6)
    assert counted(Mark("李梅", "未参与", None)).organisations == Rate(0, 6)


def test_a_channel_that_a_later_plan_dropped_counts_for_nothing() -> None:
    narrower = msgspec.structs.replace(RULE, channels=("会议",))
    assert counted(Mark("李梅", "电话", MEETING), rule=narrower).members == Rate(0, 27)
    assert counted(Mark("李梅", "电话", MEETING), rule=narrower).by_channel == {"会议": 0}


someone = st.sampled_from(sorted(roster().members))
channels = st.sampled_from([*RULE.channels, RULE.absent])


@given(st.dictionaries(someone, channels))
def test_participation_agrees_with_a_count_by_hand(told: dict[str, str]) -> None:
    found = counted(*(Mark(person, channel, None) for person, channel in told.items()))
    took = [one for one in roster().rights if told.get(one, "未参与") != "未参与"]
    assert found.members == Rate(len(took), 27)
    assert found.organisations == Rate(len({roster().members[one].branch for one in took}), 6)
    assert sum(found.by_channel.values()) == len(took)
    assert set(found.absent) == roster().rights - set(took)
    assert len(found.silent) == 6 - found.organisations.part


@given(st.dictionaries(someone, channels), someone)
def test_one_more_who_takes_part_never_lowers_a_rate(told: dict[str, str], person: str) -> None:
    before = counted(*(Mark(one, channel, None) for one, channel in told.items()))
    after = counted(*(Mark(one, channel, None) for one, channel in {**told, person: "会议"}.items()))
    assert before.members.part <= after.members.part
    assert before.organisations.part <= after.organisations.part


# --- small channels ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("by", "expected"),
    [
        ({"会议": 25, "上门": 1, "电话": 0, "微信": 9}, {"会议": 25, "上门、微信": 10, "电话": 0}),
        ({"会议": 6, "上门": 5, "电话": 4, "微信": 0}, {"会议": 6, "上门、电话": 9, "微信": 0}),
        ({"会议": 7, "上门": 2, "电话": 3, "微信": 9}, {"会议、上门、电话": 12, "微信": 9}),
        ({"会议": 6, "上门": 8}, {"会议": 6, "上门": 8}),
        ({"会议": 1, "上门": 2}, {"会议、上门": 3}),
        ({"会议": 3, "上门": 0}, {"会议": 3, "上门": 0}),
    ],
)
def test_channels_by_which_few_took_part_are_put_together(
    by: dict[str, int], expected: dict[str, int]
) -> None:
    assert merged(by, 6) == verifier.merged(by, 6) == expected


@given(st.lists(st.integers(0, 20), min_size=1, max_size=5), st.integers(2, 12))
def test_what_is_put_together_gives_no_small_number_away_and_keeps_the_sum(
    counts: list[int], least: int
) -> None:
    by = {chr(65 + n): count for n, count in enumerate(counts)}
    found = merged(by, least)
    assert found == merged(found, least) == verifier.merged(by, least)
    assert sum(found.values()) == sum(counts)
    assert sorted(JOINT.join(found).split(JOINT)) == sorted(by)
    assert [n for n in found.values() if 0 < n < least] in ([], [sum(counts)])


# --- satisfaction -----------------------------------------------------------------------------------------------


def test_basically_satisfied_is_not_satisfied() -> None:
    assert satisfaction((Survey(WEST, 10, 9, (6, 2, 1)), Survey(EAST1, 3, 3, (3, 0, 0))), ASKED) == Rate(
        9, 12
    )
    assert satisfaction((), ASKED) == Rate(0, 0)


def test_what_counts_as_satisfied_is_the_rulebooks() -> None:
    wider = msgspec.structs.replace(ASKED, satisfied=("满意", "基本满意"))
    assert satisfaction((Survey(WEST, 10, 9, (6, 2, 1)),), wider) == Rate(8, 9)


def test_forms_that_can_be() -> None:
    check_surveys(SURVEYS, tree(), ASKED)
    check_surveys((Survey(WEST, 5, 5, (3, 1, 1)), Survey(EAST2, 0, 0, (0, 0, 0))), tree(), ASKED)


@pytest.mark.parametrize("branch", ["没有的党支部", CHENGGUAN, VILLAGE])
def test_forms_of_no_branch_or_of_one_twice(branch: str) -> None:
    with refused("2.6", branch=branch):
        check_surveys((Survey(VILLAGE, 5, 4, (4, 0, 0)), Survey(branch, 5, 4, (4, 0, 0))), tree(), ASKED)


@pytest.mark.parametrize(
    ("issued", "returned", "answers"),
    [
        (4, 5, (5, 0, 0)),
        (5, -1, (0, 0, -1)),
        (5, 4, (5, -1, 0)),
        (5, 4, (3, 0, 0)),
        (5, 4, (4, 1, 0)),
        (5, 4, (4, 0)),
        (5, 4, ()),
        (5, 4, (4, 0, 0, 0)),
        (10_000_001, 4, (4, 0, 0)),
        (-1, -1, (-1, 0, 0)),
    ],
)
def test_forms_that_cannot_be(issued: int, returned: int, answers: tuple[int, ...]) -> None:
    with refused("2.7", branch=SCHOOL):
        check_surveys((Survey(SCHOOL, issued, returned, answers),), tree(), ASKED)


figures = st.tuples(st.integers(0, 30), st.integers(0, 30), st.integers(0, 30))


@given(st.lists(figures, max_size=6))
def test_satisfaction_adds_up(told: list[tuple[int, int, int]]) -> None:
    surveys = [Survey(f"{place}", sum(one), sum(one), one) for place, one in enumerate(told)]
    whole = Rate(sum(one[0] for one in told), sum(map(sum, told)))
    assert satisfaction(surveys, ASKED) == satisfaction(surveys[::-1], ASKED) == whole
