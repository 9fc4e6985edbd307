"""Public notice: working days as announced, objections as cases, and a list that loses a name loses its surplus."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from afterwards import LAST, POSTED, answered, assigned, ended, found, objected, posted, told
from cast import BEST, BY, documents, follow, refused, rulebook, selection, without
from fourgates import events, oversight
from fourgates.events import Claim
from fourgates.ledger import Entry
from fourgates.notices import Remaining
from fourgates.selection import advance
from fourgates.workdays import Calendar, shipped

TOLD = selection()
OPEN = follow(TOLD, posted())


def changed(event: Any, **fields: Any) -> Any:
    return msgspec.structs.replace(event, **fields)


# --- working days -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "worked"),
    [
        ("2022-01-29", True),
        ("2022-01-31", False),
        ("2022-02-07", True),
        ("2022-04-02", True),
        ("2022-04-05", False),
        ("2022-03-26", False),
        ("2022-03-25", True),
        ("2026-02-14", True),
        ("2026-02-16", False),
        ("2026-10-10", True),
        ("2025-10-08", False),
    ],
)
def test_holidays_are_off_and_make_up_weekends_are_worked(day: str, worked: bool) -> None:
    assert Calendar().worked(date.fromisoformat(day)) is worked


def test_the_days_of_a_notice_are_named_for_what_they_are() -> None:
    days = Calendar(workdays=(date(2022, 4, 9),)).between(date(2022, 4, 1), date(2022, 4, 10))
    assert {day.day: kind for day, kind in days.items()} == {
        2: "made_up", 3: "holiday", 4: "holiday", 5: "holiday", 6: "worked", 7: "worked", 8: "worked", 9: "made_up",
        10: "weekend",
    }  # fmt: skip


def test_a_notice_is_open_from_its_first_day_to_the_end_of_its_last() -> None:
    notice = OPEN.facts.notices["n1"]
    days = (POSTED - timedelta(days=1), POSTED, LAST, LAST + timedelta(days=1))
    assert [notice.stage(day) for day in days] == ["before", "open", "open", "over"]
    over = follow(OPEN, ended()).facts.notices["n1"]
    assert {over.stage(day) for day in days} == {"ended"}


def test_the_table_has_six_years_whose_make_up_days_are_weekends() -> None:
    assert [year.year for year in shipped()] == [2021, 2022, 2023, 2024, 2025, 2026]
    assert {day.weekday() for year in shipped() for day in year.on} == {5, 6}
    assert all(window.first <= window.last for year in shipped() for window in year.off)
    days_off = [sum((window.last - window.first).days + 1 for window in year.off) for year in shipped()]
    assert days_off == [31, 32, 28, 28, 28, 33]
    assert [len(year.on) for year in shipped()] == [7, 7, 7, 8, 5, 6]


def test_five_working_days_over_a_holiday_and_a_worked_sunday() -> None:
    assert Calendar().after(date(2022, 3, 31), 5) == date(2022, 4, 8)
    assert Calendar().after(date(2022, 9, 30), 1) == date(2022, 10, 8)
    assert Calendar().after(date(2022, 9, 30), 0) == date(2022, 9, 30)


@given(start=st.dates(date(2021, 1, 1), date(2026, 9, 1)), number=st.integers(1, 30))
def test_after_counts_as_a_finger_on_the_calendar_does(start: date, number: int) -> None:
    calendar = Calendar()
    end = calendar.after(start, number)
    days = [start + timedelta(days=one) for one in range(1, (end - start).days + 1)]
    assert sum(map(calendar.worked, days)) == number
    assert calendar.worked(end)


@pytest.mark.parametrize(
    "start", [date(2026, 12, 31), date(2031, 5, 5), date(2019, 1, 1), date.max, date(9999, 1, 1)]
)
def test_a_year_nobody_announced_is_refused(start: date) -> None:
    with refused("12.2"):
        Calendar().after(start, 5)


def test_a_plan_states_what_was_not_announced_and_what_it_states_holds() -> None:
    calendar = Calendar(
        holidays=(date(2027, 1, 1), date(2022, 3, 25)), workdays=(date(2022, 3, 26), date(2027, 1, 2))
    )
    assert [calendar.worked(date(2027, 1, day)) for day in (1, 2, 3, 4)] == [False, True, False, True]
    assert [calendar.worked(date(2022, 3, day)) for day in (24, 25, 26, 27)] == [True, False, True, False]


# --- the notice -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rule", "event"),
    [
        ("12.1", posted(people=())),
        ("12.1", posted(people=("李梅", "李梅"))),
        ("12.1", posted(people=("李梅", "周正"))),
        ("12.2", changed(posted(), working_days=4)),
        ("12.2", changed(posted(), working_days=61)),
        ("12.2", changed(posted(), last=LAST - timedelta(days=1))),
        ("12.3", objected()),
        ("12.8", assigned()),
        ("12.4", found()),
        ("12.4", answered()),
        ("12.3", ended()),
    ],
)
def test_what_cannot_be_posted_and_what_needs_a_notice(rule: str, event: Claim) -> None:
    with refused(rule):
        follow(TOLD, event)


def test_before_the_decision_whoever_was_sent_up_may_be_posted() -> None:
    undecided = selection(without(("CountyDecided", "")))
    assert follow(undecided, posted(people=("李梅", "周正"))).facts.notices["n1"].people == ("李梅", "周正")
    with refused("12.1"):
        follow(undecided, posted(people=("陈大山",)))


@pytest.mark.parametrize(
    "fields",
    [
        {"person": "周正"},
        {"category": "没有的类别"},
        {"day": POSTED - timedelta(days=1)},
        {"day": LAST + timedelta(days=1)},
        {"due": date(2022, 3, 23)},
        {"notice": "n2"},
    ],
)
def test_an_objection_that_cannot_be(fields: dict[str, Any]) -> None:
    with refused("12.3"):
        follow(OPEN, changed(objected(), **fields))


def test_a_notice_ends_after_its_last_working_day_and_with_no_open_case() -> None:
    with refused("12.5", last="2022-03-31"):
        follow(OPEN, ended(LAST))
    follow(OPEN, ended())
    case = follow(OPEN, objected())
    for state in (case, follow(case, found())):
        assert oversight.open_cases(state.facts, "n1") == ("c1",)
        with refused("12.5", count=1):
            follow(state, ended())
    closed = told(found(), answered(), after=case)
    assert oversight.open_cases(closed.facts, "n1") == ()
    over = follow(closed, ended())
    assert over.facts.notices["n1"].ended == date(2022, 4, 1)
    for late in (objected("c2"), changed(found(), upheld=True), posted(), answered()):
        with refused("12.3"):
            told(late, after=over)
    with refused("0.1"):
        follow(over, events.Withdrawn(over.n))


def test_a_finding_follows_the_objection_and_an_answer_the_finding() -> None:
    case = follow(OPEN, objected())
    with refused("12.4"):
        follow(case, changed(found(), day=date(2022, 3, 23)))
    with refused("12.4"):
        follow(case, answered())
    with refused("12.4"):
        told(found(), changed(answered(), day=date(2022, 3, 25)), after=case)
    reopened = told(found(), answered(), found(upheld=True), after=case)
    assert oversight.open_cases(reopened.facts, "n1") == ("c1",)


def test_an_open_case_is_given_to_another_owner_or_day_and_a_closed_one_is_not() -> None:
    case = follow(OPEN, objected())
    given_ = follow(case, assigned()).facts.objections["c1"]
    assert (given_.owner, given_.due, given_.day) == ("other", date(2022, 3, 29), date(2022, 3, 24))
    again = told(assigned(), changed(assigned(), owner="owner"), after=case).facts.objections["c1"]
    assert (again.owner, again.due) == ("owner", date(2022, 3, 29))
    longer = follow(case, changed(assigned(), owner="owner"))
    assert longer.facts.objections["c1"].due == date(2022, 3, 29)
    # A finding stays when somebody else is to give the answer.
    assert told(found(), assigned(), after=case).facts.objections["c1"].found == date(2022, 3, 26)
    for wrong in (
        {"owner": "owner", "due": date(2022, 3, 28)},
        {"day": date(2022, 3, 23)},
        {"due": date(2022, 3, 24)},
    ):
        with refused("12.8"):
            follow(case, changed(assigned(), **wrong))
    with refused("12.8"):
        told(found(), answered(), assigned(), after=case)
    with refused("12.3"):
        told(found(), answered(), ended(), assigned(), after=case)


def test_an_objection_upheld_takes_the_person_out_and_the_surplus_is_checked_anew() -> None:
    assert oversight.remaining(OPEN.facts, "n1") == Remaining(BEST, (), 2, True)
    upheld = told(objected(), found(upheld=True), after=OPEN)
    assert oversight.remaining(upheld.facts, "n1") == Remaining(("李梅",), ("王芳",), 2, False)
    none_asked = changed(rulebook(), notice=changed(rulebook().notice, surplus_at_least=None))
    asked = told(events.PlanAdopted(none_asked), after=upheld)
    assert oversight.remaining(asked.facts, "n1") == Remaining(("李梅",), ("王芳",), 0, True)
    put_right = told(changed(posted(), people=("王芳", "李梅")), after=OPEN)
    assert put_right.facts.notices["n1"].people == ("王芳", "李梅")


# --- dated by the entry -----------------------------------------------------------------------------------------


def dated(event: Claim, at: str, after: Any = TOLD) -> Any:
    number = after.standing.get(events.subject(event), 0)
    entry = Entry(after.n + 1, at, BY, changed(event, corrects=number), "")
    return advance(after, [entry], documents)


def test_a_notice_is_not_dated_back() -> None:
    # The day is that of the office, eight hours ahead: four in the afternoon in London is the next day there.
    for at in ("2022-03-24T15:59:59Z", "2022-03-23T16:00:00Z", "2022-03-20T00:00:00Z"):
        assert dated(posted(), at).facts.notices["n1"].start == POSTED
    with refused("12.7", start="2022-03-24", day="2022-03-25"):
        dated(posted(), "2022-03-24T16:00:00Z")
    for nonsense in ("2022-02-30T08:00:00Z", "9999-12-31T23:00:00Z"):
        with refused("12.7", at=nonsense):
            dated(posted(), nonsense)


def test_a_correction_keeps_its_start_for_those_who_have_been_posted_since() -> None:
    later = "2022-03-28T08:00:00Z"
    assert dated(posted(people=BEST[:1]), later, OPEN).facts.notices["n1"].people == BEST[:1]
    one = follow(TOLD, posted(people=BEST[:1]))
    with refused("12.7"):
        dated(posted(), later, one)
    with refused("12.7"):
        dated(changed(posted(), start=date(2022, 3, 25), last=date(2022, 4, 1)), later, OPEN)
    anew = changed(posted(), start=date(2022, 3, 28), last=date(2022, 4, 2))
    assert dated(anew, later, one).facts.notices["n1"].people == BEST


@pytest.mark.parametrize("event", [objected(), assigned(), found(), answered(), ended()])
def test_nothing_of_a_notice_is_written_down_before_it_happens(event: Any) -> None:
    told_ = {
        objected(): (),
        assigned(): (objected(),),
        found(): (objected(),),
        answered(): (objected(), found()),
        ended(): (),
    }
    after = told(*told_[event], after=OPEN)
    with refused("12.7", says=event.day.isoformat()):
        dated(event, f"{event.day - timedelta(days=1)}T15:59:59Z", after)
    assert dated(event, f"{event.day - timedelta(days=1)}T16:00:00Z", after).n == after.n + 1
