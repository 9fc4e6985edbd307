"""Dates of day or month precision, windows, and effect periods (日期、时限、影响期).

A window includes its first and its last day. A period runs ``[start, start + n months)``: on the day it ends the
person is free. No clock is read here: today is always somebody's argument.
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date

import msgspec

_DAY = re.compile(
    r"(\d{4})(?:-(\d{1,2})-(\d{1,2})|年(\d{1,2})月(\d{1,2})日|\.(\d{1,2})\.(\d{1,2}))", re.ASCII
)
_MONTH = re.compile(r"(\d{4})(?:\.(\d{1,2})|年(\d{1,2})月|-(\d{1,2})|(\d{2}))", re.ASCII)


class Month(msgspec.Struct, frozen=True, order=True):
    """A date known to the month only (到月): ``1998.07``; the missing day is never filled in."""

    year: int
    month: int

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.month:02d}"


class Window(msgspec.Struct, frozen=True, array_like=True):
    """First and last day on which a step may be taken, both included (时限)."""

    first: date
    last: date

    def holds(self, day: date) -> bool:
        """Whether ``day`` lies inside the window."""
        return self.first <= day <= self.last


def read(text: str) -> date | Month:
    """A date as it is written in forms: ``2022-02-21``, ``2022年2月21日``, ``2022.2.21``, or to the month only:
    ``1998.07``, ``1998年7月``, ``199807``. ``text`` carries no white space and half-width digits.

    ``ValueError`` when it is none of these or no such day exists.
    """
    if found := _DAY.fullmatch(text):
        year, month, day = (int(part) for part in found.groups() if part)
        return date(year, month, day)
    if found := _MONTH.fullmatch(text):
        year, month = (int(part) for part in found.groups() if part)
        return Month(date(year, month, 1).year, month)
    raise ValueError(text)


def add_months(start: date, months: int) -> date:
    """``start`` moved by ``months``; a shorter month holds the day back to its last (31 January + 1 = 28 February).
    Beyond the calendar the last day of all is given."""
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    if year > date.max.year:
        return date.max
    return date(year, month + 1, min(start.day, monthrange(year, month + 1)[1]))


def runs(start: date, months: int, day: date) -> bool:
    """Whether a period of ``months`` from ``start`` is running on ``day``: ``[start, start + months)``."""
    return start <= day < add_months(start, months)
