"""Counted level by level: each nominee once, with the branches and the members behind the name."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from cast import (
    CHENGGUAN,
    EAST1,
    EAST2,
    FILED,
    LIUHE,
    MEETING,
    NOMINATED,
    SHUILI,
    VILLAGE,
    WEST,
    members,
    roster,
    rulebook,
    tree,
)
from fourgates import tally
from fourgates.nominations import Name, Sitting
from fourgates.roster import Roster
from fourgates.tally import Line


def count(filed: Mapping[str, tuple[Sitting, ...]], committee: str = CHENGGUAN) -> list[Line]:
    return tally.count(committee, filed, tree(), roster(), rulebook())


def test_a_name_put_forward_by_several_branches_is_one_nominee() -> None:
    assert count(FILED) == [Line("李梅", 3, 13), Line("何平", 2, 5), Line("陈大山", 2, 3)]
    assert count(FILED, LIUHE) == [Line("王芳", 2, 8), Line("秦岭", 1, 4), Line("陶然", 1, 1)]
    assert count(FILED, SHUILI) == [Line("周正", 1, 5), Line("赵云霞", 1, 2)]
    assert count({}) == []


def test_branches_count_before_members() -> None:
    assert Line("秦岭", 2, 3).support > Line("陶然", 1, 90).support
    filed = {
        EAST1: (Sitting(MEETING, 4, 4, (Name("白玉兰", 4, ""), Name("方正", 1, ""))),),
        EAST2: (Sitting(MEETING, 5, 5, (Name("方正", 1, ""),)),),
    }
    assert count(filed) == [Line("方正", 2, 2), Line("白玉兰", 1, 4)]


def test_equals_stand_by_id() -> None:
    names = (Name("方正", 2, ""), Name("丁小满", 2, ""))
    assert count({EAST1: (Sitting(MEETING, 4, 4, names),)}) == [Line("丁小满", 1, 2), Line("方正", 1, 2)]


def test_a_meeting_that_is_not_valid_counts_for_nothing() -> None:
    for bad in (
        msgspec.structs.replace(NOMINATED[WEST], day=date(2022, 2, 20)),
        msgspec.structs.replace(NOMINATED[WEST], due=6),
    ):
        assert count({**FILED, WEST: (bad,)}) == [
            Line("李梅", 2, 9),
            Line("何平", 1, 3),
            Line("陈大山", 1, 2),
        ]


def test_who_lost_the_right_is_not_counted() -> None:
    people = [one for one in members(CHENGGUAN) if one.id != "李梅"]
    poorer = Roster(people, (), rulebook().integrity, rulebook().selection.reference_date)
    found = tally.count(CHENGGUAN, FILED, tree(), poorer, rulebook())
    assert found == [Line("何平", 2, 5), Line("陈大山", 2, 3)]


def test_two_meetings_of_one_branch_are_one_branch() -> None:
    first = Sitting(MEETING, 5, 5, (Name("王芳", 2, ""),))
    second = Sitting(MEETING, 5, 5, (Name("王芳", 3, ""),))
    assert count({VILLAGE: (first, second)}, LIUHE) == [Line("王芳", 1, 5)]


nominees = st.sampled_from(["李梅", "何平", "陈大山", "高远", "王芳", "无名"])
names = st.lists(
    st.builds(Name, nominees, st.integers(0, 5), st.just("")), unique_by=lambda one: one.person, max_size=4
)
sittings = st.builds(
    Sitting, st.dates(date(2022, 2, 20), date(2022, 3, 3)), st.integers(5, 7), st.just(5), names.map(tuple)
)
filings = st.dictionaries(
    st.sampled_from([EAST1, EAST2, WEST, VILLAGE]), st.lists(sittings, max_size=2).map(tuple)
)


@given(filings)
def test_the_tally_agrees_with_a_count_by_hand(filed: dict[str, tuple[Sitting, ...]]) -> None:
    pairs = [
        (branch, name.person, name.members)
        for branch, held in filed.items()
        for sitting in held
        if branch in (EAST1, EAST2, WEST)
        and date(2022, 2, 21) <= sitting.day <= date(2022, 3, 2)
        and 5 * sitting.present >= 4 * sitting.due
        for name in sitting.names
        if name.person not in ("高远", "无名")
    ]
    by_hand = {
        person: (
            {branch for branch, who, _ in pairs if who == person},
            sum(n for _, who, n in pairs if who == person),
        )
        for person in {person for _, person, _ in pairs}
    }
    found = count(filed)
    assert {line.person: (line.branches, line.members) for line in found} == {
        person: (len(branches), total) for person, (branches, total) in by_hand.items()
    }
    assert [line.support for line in found] == sorted((line.support for line in found), reverse=True)
    assert count(dict(reversed(filed.items()))) == found


@given(filings, st.integers(0, 5))
def test_one_more_branch_never_lowers_a_name(filed: dict[str, tuple[Sitting, ...]], number: int) -> None:
    before = {line.person: line.support for line in count(filed)}
    more = (*filed.get(WEST, ()), Sitting(MEETING, 5, 5, (Name("李梅", number, ""),)))
    after = {line.person: line.support for line in count({**filed, WEST: more})}
    assert after["李梅"] >= before.get("李梅", (0, 0))
    assert {**after, "李梅": 0} == {**before, "李梅": 0}
