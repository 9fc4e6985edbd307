"""Working days of mainland China (工作日): weekdays that are no holiday, and the weekends worked in exchange (调休).

The days are announced year by year; a year that neither the shipped table nor the plan has is refused, never guessed.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from datetime import date, timedelta
from functools import cache
from importlib import resources
from typing import Literal

import msgspec

from fourgates.days import Window
from fourgates.errors import Refused

Kind = Literal["worked", "made_up", "weekend", "holiday"]
"""What a day is: a working day, a weekend worked in exchange, a weekend, a day off that was announced."""


class Year(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One year as it was announced: the notice, holidays from first to last day, and weekends that are worked."""

    year: int
    notice: str
    off: tuple[Window, ...]
    on: tuple[date, ...]


class _Years(msgspec.Struct, frozen=True):
    year: tuple[Year, ...]


@cache
def shipped() -> tuple[Year, ...]:
    """The years of the shipped table."""
    text = resources.files("fourgates").joinpath("tables", "workdays.toml").read_text(encoding="utf-8")
    return msgspec.convert(tomllib.loads(text), _Years).year


class Calendar:
    """Which days are worked: the shipped table, and what a plan adds to it. A day stated by the plan holds."""

    __slots__ = ("_off", "_on", "years")

    def __init__(self, holidays: Iterable[date] = (), workdays: Iterable[date] = ()) -> None:
        plan_off, plan_on = frozenset(holidays), frozenset(workdays)
        known = shipped()
        off = {
            window.first + timedelta(days=number)
            for year in known
            for window in year.off
            for number in range((window.last - window.first).days + 1)
        }
        on = {day for year in known for day in year.on}
        self._off, self._on = (off - plan_on) | plan_off, (on - plan_off) | plan_on
        self.years = {year.year for year in known} | {day.year for day in plan_off | plan_on}

    def kind(self, day: date) -> Kind:
        """What ``day`` is; ``Refused`` (12.2) in a year that was not announced."""
        if day.year not in self.years:
            raise Refused("12.2", "没有{year}年的节假日安排，请在方案中写明", year=day.year)
        if day in self._on:
            return "made_up"
        if day in self._off:
            return "holiday"
        return "worked" if day.weekday() < 5 else "weekend"

    def worked(self, day: date) -> bool:
        """Whether ``day`` is a working day; ``Refused`` (12.2) in a year that was not announced."""
        return self.kind(day) in ("worked", "made_up")

    def between(self, start: date, last: date) -> dict[date, Kind]:
        """Every day after ``start`` down to ``last``, and what it is."""
        days = (start + timedelta(days=number) for number in range(1, (last - start).days + 1))
        return {day: self.kind(day) for day in days}

    def after(self, start: date, number: int) -> date:
        """The ``number``-th working day after ``start``, which itself is not counted."""
        if start.year > date.max.year - 1:
            raise Refused("12.2", "没有{year}年的节假日安排，请在方案中写明", year=start.year)
        day = start
        while number:
            day += timedelta(days=1)
            number -= self.worked(day)
        return day
