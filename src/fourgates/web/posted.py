"""What is posted (公示情况): the notices, their clocks, and their objections as cases, as the fold and the site have them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import QuerySet
from django.http import Http404

from fourgates import judging, vault
from fourgates.events import Event
from fourgates.facts import Facts
from fourgates.i18n import _, mark
from fourgates.notices import Case, Posted, Stage
from fourgates.web import access, records
from fourgates.web.access import Room
from fourgates.web.models import Selection, Statement
from fourgates.workdays import Calendar, Kind

STATES = {
    "received": mark("等待认定"),
    "found": mark("等待答复"),
    "answered": mark("已答复"),
}


def entry(room: Room, kind: str, about: str) -> Event | None:
    """The event that stands about something, for what the fold does not keep of it."""
    number = room.state.standing.get((kind, about))
    return next(room.keeper.entries(number - 1)).event if number else None


def posted(room: Room, name: str) -> Posted:
    """The notice of that name; 404 where there is none."""
    found = room.facts.notices.get(name)
    if found is None:
        raise Http404
    return found


def cases(room: Room, name: str) -> dict[str, Case]:
    """The objections to a notice, in the order they came."""
    return {case: one for case, one in room.facts.objections.items() if one.notice == name}


WEEKDAYS = (
    mark("星期一"), mark("星期二"), mark("星期三"), mark("星期四"), mark("星期五"), mark("星期六"), mark("星期日"),
)  # fmt: skip


def state(case: Case) -> str:
    """How far a case is."""
    return "answered" if case.closed else "received" if case.found is None else "found"


def ready(room: Room) -> tuple[str, ...]:
    """Whom a notice would post now: the decided, before a decision everybody sent up."""
    decided = judging.decision(room.facts)
    if decided is not None:
        return decided.people
    return tuple(judging.sent_up(room.facts)) if room.facts.reviews else ()


@dataclass(frozen=True, slots=True)
class Clock:
    """A notice's clock: its stage, in words and with what is left; whole hours left by the clock; how many working days it has
    and how many are left, today with them; the days between that are no working days, and the weekends that are worked."""

    stage: Stage
    said: str
    hours: int
    days: int
    left: int
    off: tuple[tuple[date, str], ...]
    made_up: tuple[tuple[date, str], ...]

    @property
    def whole(self) -> int:
        """Whole days of what is left by the clock."""
        return self.hours // 24

    @property
    def rest(self) -> int:
        """Hours beyond them."""
        return self.hours % 24

    def __str__(self) -> str:
        return self.said


def clock(one: Posted, now: datetime, calendar: Calendar) -> Clock:
    """Where a notice's clock stands: it runs to the end of its last working day, on the clocks of China."""
    today, stage = now.date(), one.stage(now.date())
    running = stage in ("before", "open")
    every = calendar.between(one.start, one.last)
    worked = [day for day, kind in every.items() if kind in ("worked", "made_up")]
    end = datetime.combine(one.last + timedelta(days=1), time(), now.tzinfo)
    hours = (end - now) // timedelta(hours=1) if running else 0
    left = sum(day >= today for day in worked) if running else 0
    said = {
        "before": _("还没有开始，{day}开始").format(day=one.start.isoformat()),
        "open": _("正在公示，还剩{days}天{hours}小时，工作日{left}个").format(
            days=hours // 24, hours=hours % 24, left=left
        ),
        "over": _("已经期满，还没有结束"),
        "ended": _("{day}结束").format(day=one.ended.isoformat() if one.ended else ""),
    }[stage]
    named = {kind: _named(every, kind) for kind in ("weekend", "holiday", "made_up")}
    off = tuple(sorted(named["weekend"] + named["holiday"]))
    return Clock(stage, said, hours, len(worked), left, off, named["made_up"])


def _named(every: Mapping[date, Kind], kind: str) -> tuple[tuple[date, str], ...]:
    words = {"weekend": _("周末"), "holiday": _("节假日"), "made_up": _("调休上班")}
    return tuple(
        (day, f"{_(WEEKDAYS[day.weekday()])} · {words[kind]}") for day, one in every.items() if one == kind
    )


def calendar(facts: Facts) -> Calendar:
    """The working days of the plan in force."""
    rule = facts.rulebook().notice
    return Calendar(rule.holidays, rule.workdays)


def moment(room: Room) -> datetime:
    """The moment at which a notice's clock is read: now, or when the entry was sealed that the page is as of (before the first
    there is no notice, whatever the clock says)."""
    if not room.at:
        return room.clock
    return datetime.fromisoformat(room.keeper.some([room.at])[room.at].at).astimezone(access.CHINA)


def finding(case: Case) -> str:
    """What was found, in a word; empty before."""
    return "" if case.upheld is None else _("成立") if case.upheld else _("不成立")


def keep(row: Selection, case: str, text: str, day: date, receipt: str = "") -> None:
    """Keep what an objection says, sealed, until its case is answered. ``receipt``: the number under which whoever wrote it
    looks the answer up, where that is not the number of the case; it stays."""
    sealed = records.keys(row).seal({bound(row, case): text.encode()}, lambda _about: vault.statement(case))
    Statement.objects.create(
        selection=row, case=case, sealed=sealed[bound(row, case)], day=day, receipt=receipt
    )


def kept(row: Selection, case: str) -> QuerySet[Statement]:
    """What is kept of what was written in an objection."""
    return Statement.objects.filter(selection=row, case=case).exclude(sealed=b"")


def said(row: Selection, case: str) -> list[tuple[date, str]]:
    """What was written in an objection, with the days on which it came in."""
    keys = records.keys(row)
    found = ((one.day, keys.opened(bound(row, case), bytes(one.sealed))) for one in kept(row, case))
    return [(day, content.decode()) for day, content in found if content is not None]


def forget(row: Selection, case: str) -> None:
    """What an objection says is gone, from every copy too; a number by which its answer is looked up stays."""
    Statement.objects.filter(selection=row, case=case, receipt="").delete()
    kept(row, case).update(sealed=b"")
    records.keys(row).destroy([vault.statement(case)])


def bound(row: Selection, case: str) -> str:
    """What a statement is sealed for: this case of this selection."""
    return f"objection:{row.pk}:{case}"
