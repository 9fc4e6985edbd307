"""What is posted (公示情况): the notices, their clocks, and their objections as cases, as the fold and the site have them."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import Http404

from fourgates import judging, vault
from fourgates.events import Event
from fourgates.i18n import _, mark
from fourgates.notices import Case, Posted
from fourgates.papers import rolls
from fourgates.web import records
from fourgates.web.access import Room
from fourgates.web.models import Selection, Statement

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


def state(case: Case) -> str:
    """How far a case is."""
    return "answered" if case.closed else "received" if case.found is None else "found"


def ready(room: Room) -> tuple[str, ...]:
    """Whom a notice would post now: the decided, before a decision everybody sent up."""
    decided = judging.decision(room.facts)
    if decided is not None:
        return decided.people
    return tuple(judging.sent_up(room.facts)) if room.facts.reviews else ()


def clock(one: Posted, today: date) -> str:
    """Where a notice's clock stands, in words."""
    if one.ended is not None:
        return _("{day}结束").format(day=one.ended.isoformat())
    if today < one.start:
        return _("还没有开始")
    if today > one.last:
        return _("已经期满，还没有结束")
    return _("正在公示，还剩{days}天").format(days=(one.last - today).days)


def finding(case: Case) -> str:
    """What was found, in a word; empty before."""
    return "" if case.upheld is None else _("成立") if case.upheld else _("不成立")


def ordered(selection: Any, names: Any, people: tuple[str, ...]) -> list[str]:
    """Persons in the order of surname strokes, as the printed notice has them."""
    return list(rolls.Rolls(names, selection.facts, people).order(people))


def keep(row: Selection, case: str, text: str, day: date) -> None:
    """Keep what an objection says, sealed, until its case is answered."""
    sealed = records.keys(row).seal({bound(row, case): text.encode()}, lambda _about: vault.statement(case))
    Statement.objects.create(selection=row, case=case, sealed=sealed[bound(row, case)], day=day)


def said(row: Selection, case: str) -> list[tuple[date, str]]:
    """What was written in an objection, with the days on which it came in."""
    keys = records.keys(row)
    found = (
        (kept.day, keys.opened(bound(row, case), bytes(kept.sealed)))
        for kept in Statement.objects.filter(selection=row, case=case)
    )
    return [(day, content.decode()) for day, content in found if content is not None]


def forget(row: Selection, case: str) -> None:
    """What an objection says is gone, from every copy too."""
    Statement.objects.filter(selection=row, case=case).delete()
    records.keys(row).destroy([vault.statement(case)])


def bound(row: Selection, case: str) -> str:
    """What a statement is sealed for: this case of this selection."""
    return f"objection:{row.pk}:{case}"
