"""A list is posted, objections come in and are found on, the notice ends (公示、异议).

The day of posting is not counted; the notice runs to the end of its last working day, and not beyond an open case. Who
objected is never recorded.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Literal

import msgspec

from fourgates import arrangements, meetings
from fourgates.errors import Refused
from fourgates.workdays import Calendar

Stage = Literal["before", "open", "over", "ended"]
"""A notice that has not begun, that runs, whose days are over, that was ended."""


class Posted(msgspec.Struct, frozen=True):
    """A list posted publicly (公示): whom, from which day, to the end of which day, and the day it was ended, if it was."""

    people: tuple[str, ...]
    start: date
    last: date
    ended: date | None = None

    def stage(self, day: date) -> Stage:
        """How far it is on ``day``: whoever is posted is named to everybody while it is ``open`` and at no other time."""
        if self.ended is not None:
            return "ended"
        return "before" if day < self.start else "open" if day <= self.last else "over"


class Case(msgspec.Struct, frozen=True):
    """An objection as a case (异议): to which notice, about whom, of which category, whose it is, by when; what was found,
    by whom, and the day it was answered."""

    notice: str
    person: str
    category: str
    owner: str
    day: date
    due: date
    upheld: bool | None = None
    found: date | None = None
    answered: date | None = None

    @property
    def closed(self) -> bool:
        """Whether there is a finding and an answer."""
        return self.answered is not None


class Remaining(msgspec.Struct, frozen=True):
    """What an open notice leaves of its list: who remains, who left on an upheld objection, names needed for the surplus
    (差额), and whether enough remain; ``needed`` is 0 where the rulebook asks for none."""

    people: tuple[str, ...]
    left: tuple[str, ...]
    needed: int
    enough: bool


def check_posted(
    people: tuple[str, ...], allowed: Container[str], days: int, rule: arrangements.Notice
) -> None:
    """Raises ``Refused`` when a notice cannot be: nobody, somebody twice or not on the list (12.1), too short (12.2)."""
    if not people or len(set(people)) != len(people) or any(person not in allowed for person in people):
        raise Refused("12.1", "公示的名单与上报或者决定的人选不一致")
    if not rule.working_days <= days <= 60:
        raise Refused("12.2", "公示不少于{least}个工作日，也不长于60个", least=rule.working_days)


def check_last(start: date, days: int, last: date, calendar: Calendar) -> None:
    """Raises ``Refused`` (12.2) unless ``last`` is the ``days``-th working day after ``start``."""
    end = calendar.after(start, days)
    if last != end:
        raise Refused("12.2", "公示应到{end}为止，写的是{says}", end=end.isoformat(), says=last.isoformat())


def entered(at: str, hours: int) -> date:
    """The day on which an entry was sealed ``at`` (UTC), ``hours`` ahead of UTC; ``Refused`` (12.7) for what is no moment."""
    try:
        return (datetime.fromisoformat(at) + timedelta(hours=hours)).date()
    except (ValueError, OverflowError):
        raise Refused("12.7", "记下的时间{at}不是一个日子", at=at) from None


def check_start(start: date, people: tuple[str, ...], stands: Posted | None, day: date) -> None:
    """Raises ``Refused`` (12.7) when a notice written down on ``day`` is dated back. A correction may keep the start that
    stands, for those who have been posted since."""
    kept = stands is not None and stands.start == start and set(people) <= set(stands.people)
    if start < day and not kept:
        raise Refused(
            "12.7", "公示不能倒填：{start}早于记下的{day}", start=start.isoformat(), day=day.isoformat()
        )


def check_day(says: date, day: date) -> None:
    """Raises ``Refused`` (12.7) when what is written down on ``day`` is said to have happened later."""
    if says > day:
        raise Refused("12.7", "写的是{says}，晚于记下的{day}", says=says.isoformat(), day=day.isoformat())


def open_at(notices: Mapping[str, Posted], name: str) -> Posted:
    """The notice called ``name``; ``Refused`` (12.3) when there is none or it has ended."""
    notice = notices.get(name)
    if notice is None or notice.ended is not None:
        raise Refused("12.3", "没有正在进行的公示{notice}", notice=name)
    return notice


def check_case(case: Case, notice: Posted, rule: arrangements.Notice) -> None:
    """Raises ``Refused`` (12.3) when an objection cannot be: about nobody posted, of no category, outside the notice, or
    due before it came."""
    if case.person not in notice.people or case.category not in rule.categories:
        raise Refused("12.3", "异议所说的人没有公示，或者规则中没有类别“{category}”", category=case.category)
    if not notice.start <= case.day <= notice.last or case.due < case.day:
        raise Refused("12.3", "异议不在公示期内，或者办理期限不对")


def assign(case: Case | None, owner: str, due: date, day: date) -> Case:
    """The case with another owner or deadline; ``Refused`` (12.8) for no case, one that is closed, a day before it came in, a
    deadline that has passed by then, or where nothing would be other than it is."""
    if case is None or case.closed or day < case.day or due < day or (owner, due) == (case.owner, case.due):
        raise Refused("12.8", "没有这件异议、已经办结，或者承办人和期限没有变、期限已过")
    return msgspec.structs.replace(case, owner=owner, due=due)


def find(case: Case | None, upheld: bool, day: date) -> Case:
    """The case with its finding; ``Refused`` (12.4) for no case or a day before it came in. A new finding wants a new answer."""
    if case is None or day < case.day:
        raise Refused("12.4", "没有这件异议，或者认定早于收到之日")
    return msgspec.structs.replace(case, upheld=upheld, found=day, answered=None)


def answer(case: Case | None, day: date) -> Case:
    """The case answered; ``Refused`` (12.4) before it was found on."""
    if case is None or case.found is None or day < case.found:
        raise Refused("12.4", "异议还没有认定，不能答复")
    return msgspec.structs.replace(case, answered=day)


def open_cases(cases: Mapping[str, Case], notice: str) -> tuple[str, ...]:
    """The cases of a notice that are not closed, in the order they came."""
    return tuple(name for name, case in cases.items() if case.notice == notice and not case.closed)


def end(notice: Posted, day: date, open_: tuple[str, ...]) -> Posted:
    """The notice ended; ``Refused`` (12.5) before its last working day is over, or with an open case."""
    if day <= notice.last:
        raise Refused("12.5", "公示到{last}当日结束为止，不能提前结束", last=notice.last.isoformat())
    if open_:
        raise Refused("12.5", "还有{count}件异议没有办结，公示不能结束", count=len(open_))
    return msgspec.structs.replace(notice, ended=day)


def remaining(
    notice: Posted, name: str, cases: Iterable[Case], seats: int, surplus: Fraction | None
) -> Remaining:
    """What upheld objections leave of the list (rule 12.6); ``surplus``: names over ``seats`` that must remain."""
    out = {case.person for case in cases if case.notice == name and case.upheld}
    people = tuple(person for person in notice.people if person not in out)
    share = Fraction(0) if surplus is None else surplus
    return Remaining(
        people,
        tuple(person for person in notice.people if person in out),
        -(-share.numerator * seats // share.denominator),
        meetings.at_least(len(people), share, seats),
    )
