"""A point in a record (时点): the number of an entry, or a time, and which entry it means.

A time means everything entered up to and including it. Times are in UTC, as the record has them, unless they say
otherwise; a day alone means until its end.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from fourgates.errors import Refused
from fourgates.ledger import Entry

_NUMBER = re.compile(r"[0-9]{1,9}", re.ASCII)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_TIME = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(:[0-9]{2})?(Z|[+-][0-9]{2}:[0-9]{2})?", re.ASCII
)
Moment = int | str
"""The number of an entry, or a time as the record writes it (``2022-03-24T08:00:00Z``)."""


def read(text: str) -> Moment:
    """``"57"``, ``"2022-03-24"``, ``"2022-03-24T08:00Z"`` or ``"2022-03-24 16:00+08:00"``; ``Refused`` (X.1) otherwise."""
    wanted = text.strip()
    try:
        if _NUMBER.fullmatch(wanted):
            return int(wanted)
        if _DAY.fullmatch(wanted):
            return _spell(datetime.fromisoformat(wanted).replace(tzinfo=UTC) + timedelta(days=1, seconds=-1))
        if _TIME.fullmatch(wanted):
            found = datetime.fromisoformat(wanted)
            return _spell(found if found.tzinfo else found.replace(tzinfo=UTC))
    except (ValueError, OverflowError):
        pass
    raise Refused("X.1", "“{text}”不是条号，也不是时间（如 2022-03-24 或 2022-03-24T08:00Z）", text=text)


def _spell(time: datetime) -> str:
    return time.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ").rjust(20, "0")


def reached(entries: Iterable[Entry], moment: Moment) -> int:
    """The number of the last entry at ``moment``: for a time, the one before the first that was entered later.

    ``Refused`` (X.1) where the record has no such entry, or none yet.
    """
    last = 0
    for entry in entries:
        if isinstance(moment, str) and entry.at > moment:
            break
        last = entry.n
        if last == moment:
            break
    if isinstance(moment, int) and last != moment:
        raise Refused("X.1", "纪实只有{entries}条，没有第{n}条", entries=last, n=moment)
    if not last:
        raise Refused("X.1", "到{moment}为止，纪实还一条也没有", moment=moment)
    return last
