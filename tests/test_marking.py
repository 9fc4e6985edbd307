"""Members marked one by one: the same as a sheet at once, and contradictions that nobody settles alone."""

from __future__ import annotations

import itertools
from contextlib import suppress
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from afterwards import OFFICE_MEETING, mark, told
from cast import (
    CHENGGUAN,
    LIUHE,
    MEETING,
    OFFICE,
    PEOPLE,
    REVIEWS,
    SHUILI,
    follow,
    marked,
    marks,
    refused,
    selection,
    story,
)
from fourgates import events, judging
from fourgates.errors import Refused
from fourgates.events import Event
from fourgates.marking import Act, Conflict
from fourgates.participation import Mark

TOLD = selection()
COMMITTEES = tuple(REVIEWS)


def single(one: Mark, source: str = "branch") -> events.MemberMarked:
    return events.MemberMarked(one.person, source, one.channel, one.day, "clerk", "visitor")


def changed(event: Any, **fields: Any) -> Any:
    return msgspec.structs.replace(event, **fields)


def settled(channel: str = "上门", **fields: Any) -> Any:
    return changed(events.ConflictSettled("白玉兰", channel, "one", "two", "ground"), **fields)


def test_marks_one_by_one_come_to_the_same_as_the_sheets_at_once() -> None:
    without = [claim for claim in story() if not isinstance(claim, events.ParticipationMarked)]
    one_by_one = [single(one) for committee in COMMITTEES for one in marks(committee)]
    assert judging.counted(selection([*without, *one_by_one]).facts) == judging.counted(TOLD.facts)
    some: list[Event] = [marked(LIUHE), *(single(one) for one in (*marks(CHENGGUAN), *marks(SHUILI)))]
    assert judging.counted(selection([*without, *some]).facts) == judging.counted(TOLD.facts)


def test_a_single_mark_fills_what_the_sheet_leaves_open_and_contradicts_no_absence() -> None:
    before, after = judging.counted(TOLD.facts), judging.counted(follow(TOLD, mark("宋江河", "电话")).facts)
    assert (before.absent, after.absent) == (("宋江河",), ())
    assert (after.members.part, after.by_channel["电话"]) == (before.members.part + 1, 1)
    absent = follow(TOLD, mark("白玉兰", "未参与", day=None))
    assert judging.counted(absent.facts) == before
    assert judging.conflicts(absent.facts) == ()


def test_two_channels_are_a_conflict_that_counts_for_nothing_until_two_settle_it() -> None:
    twice = follow(TOLD, mark("白玉兰", "电话", "phone"))
    acts = (Act("phone", "电话"), Act("sheet", "上门"))
    assert judging.conflicts(twice.facts) == (Conflict("白玉兰", acts),)
    assert judging.counted(twice.facts).absent == ("宋江河", "白玉兰")
    for channel, by in itertools.product(("电话", "上门"), ("two", "three")):
        done = follow(twice, settled(channel, by=by, second="one")).facts
        assert judging.conflicts(done) == ()
        assert judging.counted(done).by_channel[channel] == 1
        assert judging.counted(done).absent == ("宋江河",)
    with refused("2.12"):
        follow(twice, settled(by="two"))
    with refused("2.12", channel="会议"):
        follow(twice, settled("会议"))
    with refused("2.12"):
        follow(TOLD, settled())
    again = follow(twice, settled(), mark("白玉兰", "微信", "box"))
    assert [one.person for one in judging.conflicts(again.facts)] == ["白玉兰"]
    anew = follow(again, settled("微信", corrects=again.n - 1))
    assert judging.counted(anew.facts).by_channel["微信"] == 1


def test_a_source_corrects_itself_and_takes_back_what_it_said() -> None:
    first = follow(TOLD, mark("白玉兰", "电话", "phone"))
    with refused("0.1", stands=first.n):
        follow(first, mark("白玉兰", "上门", "phone"))
    put_right = follow(first, changed(mark("白玉兰", "上门", "phone"), corrects=first.n))
    assert judging.counted(put_right.facts) == judging.counted(TOLD.facts)
    assert judging.conflicts(put_right.facts) == ()
    both = follow(first, mark("白玉兰", "微信", "box"))
    for taken_back, left in ((first.n, {"box"}), (both.n, {"phone"})):
        assert set(follow(both, events.Withdrawn(taken_back)).facts.acts["白玉兰"]) == left
    assert follow(first, events.Withdrawn(first.n)).facts == TOLD.facts


PERSONS = ("白玉兰", "宋江河", *sorted(PEOPLE[OFFICE])[:2])
STEPS = st.lists(
    st.one_of(
        st.builds(mark, st.sampled_from(PERSONS), st.sampled_from(("电话", "上门", "微信")), st.sampled_from("ab")),
        st.builds(mark, st.sampled_from(PERSONS), st.just("未参与"), st.just("a"), st.none()),
        st.builds(lambda one, channel: settled(channel, person=one), st.sampled_from(PERSONS), st.sampled_from(("电话", "上门"))),
        st.sampled_from((marked(LIUHE, ()), marked(LIUHE), *OFFICE_MEETING)),
        st.builds(events.Withdrawn, st.integers(TOLD.n - 20, TOLD.n + 12)),
        st.just(None),
    ),
    max_size=12,
)  # fmt: skip


@given(STEPS)
def test_what_goes_on_from_what_was_worked_out_is_what_comes_out_from_the_beginning(steps: list[Any]) -> None:
    state = TOLD
    for step in steps:
        if step is None:  # as a mass of them comes: several before anybody looks
            state = follow(state, mark("方正", "微信", f"s{state.n}"), mark("方正", "微信", f"t{state.n}"))
        else:
            with suppress(Refused):
                state = follow(state, step) if isinstance(step, events.Withdrawn) else told(step, after=state)
        if state.n % 3:
            anew = msgspec.structs.replace(state.facts, memo={})
            for what in (judging.marks, judging.conflicts, judging.turnout, judging.by_day, judging.counted):
                assert what(state.facts) == what(anew)


def test_a_mark_goes_on_from_what_was_worked_out_before() -> None:
    begun = selection()
    before = judging.turnout(begun.facts)
    after = judging.turnout(follow(begun, mark("宋江河", "电话")).facts)
    assert [branch for branch in after if after[branch] is not before[branch]] == [
        branch for branch in before if "宋江河" in before[branch].absent
    ]


@pytest.mark.parametrize(
    ("rule", "event"),
    [
        ("2.1", mark("冯唐", "电话")),
        ("2.2", mark("白玉兰", "短信")),
        ("2.9", mark("白玉兰", "电话", day=None)),
        ("2.9", mark("白玉兰", "未参与")),
        ("2.10", changed(mark("白玉兰", "上门"), second="")),
        ("2.10", changed(mark("白玉兰", "上门"), second="clerk")),
    ],
)
def test_a_mark_that_cannot_be(rule: str, event: events.MemberMarked) -> None:
    with refused(rule):
        follow(TOLD, event)


def test_the_day_of_the_mark_is_kept() -> None:
    assert follow(TOLD, mark("宋江河", "电话")).facts.acts["宋江河"]["branch"].day == MEETING
