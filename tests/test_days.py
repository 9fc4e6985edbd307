"""Dates as forms write them, windows with both ends, periods without their last day."""

from __future__ import annotations

from calendar import isleap
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fourgates import days
from fourgates.days import Month, Window

DAY = timedelta(days=1)
dates = st.dates(date(1900, 1, 1), date(2099, 12, 31))


# --- reading ----------------------------------------------------------------------------------------------------


@given(dates)
def test_every_way_of_writing_a_day_is_read_as_that_day(day: date) -> None:
    for text in (
        f"{day:%Y-%m-%d}",
        f"{day.year}-{day.month}-{day.day}",
        f"{day.year}年{day.month}月{day.day}日",
        f"{day:%Y年%m月%d日}",
        f"{day.year}.{day.month}.{day.day}",
        f"{day:%Y.%m.%d}",
    ):
        assert days.read(text) == day


@given(st.integers(1900, 2099), st.integers(1, 12))
def test_every_way_of_writing_a_month_keeps_to_the_month(year: int, month: int) -> None:
    for text in (
        f"{year}.{month:02d}",
        f"{year}.{month}",
        f"{year}年{month}月",
        f"{year}年{month:02d}月",
        f"{year}-{month:02d}",
        f"{year}{month:02d}",
    ):
        assert days.read(text) == Month(year, month)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2022",
        "2022-02-30",
        "2021-02-29",
        "2022-13-01",
        "2022-00-10",
        "2022-01-00",
        "0000-01-01",
        "2022-2.21",
        "2022年2月21",
        "20220221",
        "2022/2/21",
        "1998.13",
        "199800",
        "1998年0月",
        "0000.01",
        "2022-02-21 ",
        "二〇二二年二月",
        "٢٠٢٢-٠٢-٢١",
        "44613",
    ],
)
def test_what_is_no_date_of_a_form_is_not_read_as_a_day(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - the text is the whole story
        days.read(text)


def test_a_month_is_written_and_ordered_as_one() -> None:
    assert str(Month(1998, 7)) == "1998-07"
    assert sorted([Month(1999, 1), Month(1998, 12), Month(1998, 2)]) == [
        Month(1998, 2),
        Month(1998, 12),
        Month(1999, 1),
    ]


# --- windows ----------------------------------------------------------------------------------------------------

NOMINATION = Window(date(2022, 2, 21), date(2022, 3, 2))


def test_a_window_holds_its_first_and_its_last_day_and_no_other() -> None:
    span = [NOMINATION.first - DAY + n * DAY for n in range(12)]
    assert [day for day in span if NOMINATION.holds(day)] == span[1:11]


@given(dates, st.integers(0, 60), st.integers(-90, 90))
def test_a_window_of_n_days_holds_n_days(first: date, length: int, moved: int) -> None:
    window = Window(first, first + length * DAY)
    assert window.holds(first + moved * DAY) == (0 <= moved <= length)


# --- periods ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        (date(2022, 1, 31), 1, date(2022, 2, 28)),
        (date(2020, 1, 31), 1, date(2020, 2, 29)),
        (date(2020, 2, 29), 12, date(2021, 2, 28)),
        (date(2020, 2, 29), 48, date(2024, 2, 29)),
        (date(2021, 8, 31), 18, date(2023, 2, 28)),
        (date(2021, 12, 15), 1, date(2022, 1, 15)),
        (date(2021, 3, 21), 12, date(2022, 3, 21)),
        (date(2021, 3, 21), 0, date(2021, 3, 21)),
        (date(2022, 3, 31), -1, date(2022, 2, 28)),
        (date(9999, 12, 31), 12, date.max),
        (date(9998, 12, 31), 12, date(9999, 12, 31)),
    ],
)
def test_months_are_added_and_a_shorter_one_holds_the_day_back(start: date, months: int, end: date) -> None:
    assert days.add_months(start, months) == end


@given(dates, st.integers(0, 60))
def test_adding_months_moves_by_so_many_months(start: date, months: int) -> None:
    end = days.add_months(start, months)
    assert (end.year * 12 + end.month) - (start.year * 12 + start.month) == months
    short = 28 + isleap(end.year) if end.month == 2 else 30 if end.month in (4, 6, 9, 11) else 31
    assert end.day == min(start.day, short)


@given(dates, dates, st.integers(0, 60))
def test_who_starts_no_later_ends_no_later(one: date, other: date, months: int) -> None:
    early, late = sorted((one, other))
    assert days.add_months(early, months) <= days.add_months(late, months)


@given(dates, st.integers(1, 60))
def test_a_period_runs_from_its_first_day_to_the_day_before_it_ends(start: date, months: int) -> None:
    end = days.add_months(start, months)
    assert not days.runs(start, months, start - DAY)
    assert days.runs(start, months, start)
    assert days.runs(start, months, end - DAY)
    assert not days.runs(start, months, end)


def test_a_warning_of_march_2021_ends_on_the_day_the_county_meets() -> None:
    approved, met = date(2021, 3, 21), date(2022, 3, 21)
    assert days.runs(approved, 12, met - DAY)
    assert not days.runs(approved, 12, met)


def test_a_period_of_no_months_never_runs() -> None:
    assert not days.runs(date(2022, 3, 21), 0, date(2022, 3, 21))
