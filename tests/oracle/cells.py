"""What one cell says; ``BAD`` when it is not of its kind, None when it is empty."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, timedelta
from typing import Any

from oracle.reading import NO_VALUE, squeezed

BAD = object()
DOTS = "•∙・･‧"


def text(cell: Any) -> Any:
    if cell is NO_VALUE:
        return BAD
    if cell is None or squeezed(cell) == "":
        return None
    if isinstance(cell, float) and cell == int(cell):
        cell = int(cell)
    return squeezed(str(cell))


def name(cell: Any) -> Any:
    said = text(cell)
    if isinstance(said, str):
        for dot in DOTS:
            said = said.replace(dot, "·")
    return said


def number(cell: Any) -> Any:
    """A citizen number that can be one."""
    if cell is None:
        return None
    if not isinstance(cell, str):
        return BAD
    said = unicodedata.normalize("NFKC", squeezed(cell)).upper()
    if not re.fullmatch(r"[0-9]{17}[0-9X]", said):
        return BAD
    try:
        date(int(said[6:10]), int(said[10:12]), int(said[12:14]))
    except ValueError:
        return BAD
    remainder = 0
    for digit in said[:17]:
        remainder = (remainder + int(digit)) * 2 % 11
    return said if "0123456789X"[(12 - remainder) % 11] == said[17] else BAD


def count(cell: Any) -> Any:
    if cell is None or squeezed(cell) == "":
        return None
    if isinstance(cell, int | float) and cell >= 0 and cell == int(cell):
        return int(cell)
    said = unicodedata.normalize("NFKC", squeezed(cell)) if isinstance(cell, str) else ""
    return int(said) if re.fullmatch(r"[0-9]+", said) else BAD


def day(cell: Any, month_allowed: bool = False) -> Any:
    """A date; a month that stands alone, where allowed, comes back as its first day. Nothing happened in 1900."""
    found = _day(cell, month_allowed)
    return BAD if isinstance(found, date) and found.year == 1900 else found


def _day(cell: Any, month_allowed: bool) -> Any:
    if isinstance(cell, date):
        return cell
    said = text(cell)
    if said is None or not isinstance(cell, str):
        return None if said is None else BAD
    said = unicodedata.normalize("NFKC", said)
    found = re.fullmatch(
        r"(\d{4})(?:-(\d{1,2})-(\d{1,2})|年(\d{1,2})月(\d{1,2})日|\.(\d{1,2})\.(\d{1,2}))", said
    )
    parts = [int(part) for part in found.groups() if part] if found else []
    if not found and month_allowed:
        found = re.fullmatch(r"(\d{4})(?:\.(\d{2})|年(\d{1,2})月|(\d{2}))", said)
        parts = [*(int(part) for part in found.groups() if part), 1] if found else []
    try:
        return date(*parts) if parts else BAD
    except ValueError:
        return BAD


def months_later(start: date, months: int) -> date:
    """The same day of a later month; a shorter month holds it back to its last."""
    year, month = start.year, start.month
    for _ in range(months):
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    following = date(year + 1, 1, 1) if month == 12 else date(year, month + 1, 1)
    last = (following - timedelta(days=1)).day
    return date(year, month, min(start.day, last))
