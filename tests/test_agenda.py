"""What each role does next, by when, and which units will be late at their pace."""

from __future__ import annotations

from datetime import date
from typing import get_args

import msgspec
import pytest

from afterwards import CONCERN, accused, called, letter, mark, objected, posted, told
from cast import (
    CHENGGUAN,
    LIUHE,
    SCHOOL,
    SHUILI,
    VILLAGE,
    WEST,
    follow,
    marked,
    marks,
    selection,
    story,
    without,
)
from fourgates import agenda, events, i18n
from fourgates.agenda import Pace, Task, What, due, sentence, slow

TOLD = selection()
EARLY, LATE = date(2022, 2, 10), date(2022, 4, 1)


def test_a_selection_that_is_done_leaves_nothing_but_who_stayed_away() -> None:
    assert due(TOLD.facts, "county", "", EARLY) == ()
    assert due(TOLD.facts, "supervisor", "", EARLY) == ()
    assert due(TOLD.facts, "committee", CHENGGUAN, EARLY) == ()
    away = Task("mark", VILLAGE, date(2022, 3, 2), "2.5", 1)
    assert due(TOLD.facts, "branch", VILLAGE, EARLY) == (away,)
    assert due(TOLD.facts, "committee", LIUHE, LATE) == (msgspec.structs.replace(away, late=True),)
    assert due(TOLD.facts, "department", "政法", EARLY) == ()


def test_at_the_beginning_everything_is_to_be_done_in_the_order_of_its_days() -> None:
    begun = selection(story()[:6])
    tasks = due(begun.facts, "committee", SHUILI, EARLY)
    assert [(task.what, task.rule) for task in tasks] == [
        ("step", "6.1"),
        ("step", "6.1"),
        ("step", "6.1"),
        ("warning", "6.1"),
        ("nominate", "6.4"),
        ("mark", "2.5"),
        ("review", "5.1"),
    ]
    assert [task.late for task in tasks] == [True, False, False, False, False, False, False]
    assert [task.deadline for task in tasks] == sorted(task.deadline for task in tasks if task.deadline)
    assert {(task.what, task.about) for task in due(selection(story()[:2]).facts, "county", "", EARLY)} == {
        ("roster", CHENGGUAN),
        ("roster", LIUHE),
        ("roster", SHUILI),
    }
    nobody = selection(story()[:2])
    assert due(nobody.facts, "branch", WEST, EARLY) == ()


def test_the_county_asks_reminds_vets_decides_and_ends_its_notice() -> None:
    undecided = selection(without(("CountyDecided", ""), ("RepliesReceived", "政法"), ("ChecksDone", "李梅")))
    assert [(task.what, task.about, task.count) for task in due(undecided.facts, "county", "", EARLY)] == [
        ("ask", "政法", 4),
        ("vet", "", 4),
        ("decide", "", 1),
    ]
    asked = follow(undecided, letter())
    assert [
        (task.what, task.about, task.count, task.late)
        for task in due(asked.facts, "county", "", date(2022, 3, 16))
    ] == [
        ("remind", "政法", 4, True),
        ("vet", "", 4, False),
        ("decide", "", 1, False),
    ]
    assert due(asked.facts, "department", "政法", EARLY) == (
        Task("answer", "政法", date(2022, 3, 15), "8.4", 4),
    )
    assert due(follow(TOLD, letter()).facts, "department", "政法", EARLY) == ()
    open_ = told(letter(), posted(), objected(), after=TOLD)
    assert [(task.what, task.about) for task in due(open_.facts, "county", "", EARLY)] == [
        ("object", "c1"),
        ("end", "n1"),
    ]
    closed = told(
        events.ObjectionFound("c1", False, "g", "f", date(2022, 3, 25)),
        events.ObjectionAnswered("c1", "t", date(2022, 3, 26)),
        events.NoticeEnded("n1", date(2022, 4, 1)),
        after=open_,
    )
    assert due(closed.facts, "county", "", EARLY) == ()
    assert due(told(accused(), *CONCERN, after=TOLD).facts, "county", "", EARLY) == ()


def test_conflicts_are_the_supervisor_s_and_minutes_the_unit_s() -> None:
    twice = follow(TOLD, mark("白玉兰", "电话", "phone"))
    assert [task.what for task in due(twice.facts, "supervisor", "", EARLY)] == ["settle"]
    assert [task.what for task in due(twice.facts, "county", "", EARLY)] == ["settle"]
    unsigned = told(called("m", SCHOOL), called("n", SCHOOL), called("o", WEST), after=TOLD)
    off = told(msgspec.structs.replace(called("n", SCHOOL), cancelled=True), after=unsigned)
    assert [(task.what, task.about) for task in due(off.facts, "branch", SCHOOL, EARLY)] == [("sign", "m")]
    assert [(task.what, task.about) for task in due(off.facts, "committee", CHENGGUAN, EARLY)] == [
        ("sign", "o")
    ]


def test_every_task_has_its_sentence_in_both_languages() -> None:
    for language in ("zh", "en"):
        with i18n.speaking(language):
            said = [sentence(Task(what, "甲", None, "2.5", 3)) for what in get_args(What)]
        assert len(set(said)) == len(said)
        assert not any("{" in one for one in said)


@pytest.mark.parametrize(
    ("day", "part", "expected"),
    [
        (date(2022, 2, 21), 0, 0),
        (date(2022, 2, 23), 1, 3),
        (date(2022, 3, 2), 1, 1),
        (date(2022, 3, 9), 1, 1),
    ],
)
def test_a_unit_that_is_slow_is_told_in_whole_numbers(day: date, part: int, expected: int) -> None:
    told_ = marks(LIUHE)
    some = [one for one in told_ if one.person in {"陶然"}][:part]
    village = [one for one in told_ if one.person in {"潘石", "秦岭", "任重", "沈冰"}]
    state = told(marked(LIUHE, (*village, *some)), after=TOLD)
    found = {pace.unit: pace for pace in slow(state.facts, day)}
    assert found[SCHOOL] == Pace(SCHOOL, part, 4, expected)
    assert slow(state.facts, date(2022, 2, 20)) == ()


def test_the_slowest_stands_first_and_who_will_make_it_does_not_stand() -> None:
    state = told(marked(LIUHE, ()), after=TOLD)
    assert [pace.unit for pace in slow(state.facts, date(2022, 3, 2))] == [VILLAGE, SCHOOL]
    assert slow(TOLD.facts, date(2022, 2, 24)) == ()
    assert agenda.slow(TOLD.facts, date(2022, 3, 2)) == (Pace(VILLAGE, 4, 5, 4),)
