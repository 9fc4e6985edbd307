"""A point in a record is an entry or a time, and a time means whatever was entered up to it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from cast import refused
from fourgates import events, moments
from fourgates.ledger import Entry


def entered(*times: str) -> list[Entry]:
    return [Entry(n, at, "县委", events.Withdrawn(n), "") for n, at in enumerate(times, start=1)]


ENTRIES = entered(
    "2022-02-07T08:00:00Z", "2022-02-07T16:30:00Z", "2022-02-08T00:00:00Z", "2022-02-09T09:00:00Z"
)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("57", 57),
        (" 57 ", 57),
        ("2022-02-07", "2022-02-07T23:59:59Z"),
        ("2022-02-07T08:00", "2022-02-07T08:00:00Z"),
        ("2022-02-07T08:00:01Z", "2022-02-07T08:00:01Z"),
        ("2022-02-07 16:00+08:00", "2022-02-07T08:00:00Z"),
        ("0001-01-01", "0001-01-01T23:59:59Z"),
    ],
)
def test_a_moment_is_a_number_or_a_time(text: str, moment: moments.Moment) -> None:
    assert moments.read(text) == moment


@pytest.mark.parametrize(
    "text", ["", "yesterday", "-1", "2022-02-30", "2022-02-07T25:00", "0001-01-01T00:00+08:00"]
)
def test_anything_else_is_refused(text: str) -> None:
    with refused("X.1", text=text):
        moments.read(text)


@pytest.mark.parametrize(
    ("text", "n"),
    [("1", 1), ("4", 4), ("2022-02-07T08:00Z", 1), ("2022-02-07", 2), ("2022-02-08", 3), ("2030-01-01", 4)],
)
def test_the_last_entry_at_a_moment(text: str, n: int) -> None:
    assert moments.reached(ENTRIES, moments.read(text)) == n


def test_nothing_entered_later_is_part_of_a_time_though_a_clock_went_back() -> None:
    back = entered("2022-02-07T08:00:00Z", "2022-02-09T08:00:00Z", "2022-02-08T08:00:00Z")
    assert moments.reached(back, moments.read("2022-02-08")) == 1


def test_an_entry_the_record_does_not_have_is_refused() -> None:
    with refused("X.1", entries=4, n=5):
        moments.reached(ENTRIES, 5)
    with refused("X.1", entries=4, n=0):
        moments.reached(ENTRIES, 0)


def test_a_time_before_the_record_is_refused() -> None:
    with refused("X.1", moment="2022-02-06T23:59:59Z"):
        moments.reached(ENTRIES, moments.read("2022-02-06"))


def test_nothing_behind_the_moment_is_read() -> None:
    read: list[int] = []

    def watched() -> Iterator[Entry]:
        for entry in ENTRIES:
            read.append(entry.n)
            yield entry

    assert moments.reached(watched(), 2) == 2
    assert read == [1, 2]
