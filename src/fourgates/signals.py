"""What a supervisor may want to ask about (异常提示): questions with what could explain them, never accusations.

Read from entries with their time and author; nothing here changes a count or a gate. From how many on something is asked
about is the rulebook's (``[signals]``).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, time, timedelta
from typing import Literal

import msgspec

from fourgates import events, judging
from fourgates.facts import Facts
from fourgates.i18n import _
from fourgates.ledger import Entry

Kind = Literal["same_device", "same_minute", "same_order", "before_end", "lone_visitor"]
MINUTE = len("2022-02-21T08:00")


class Question(msgspec.Struct, frozen=True):
    """Something to ask about: what kind, about whom or what (a keyed digest, a unit, a meeting), how many acts, and the
    entries it was seen in."""

    kind: Kind
    about: str
    count: int
    entries: tuple[int, ...]


def questions(entries: Iterable[Entry], facts: Facts) -> tuple[Question, ...]:
    """Every question the entries raise (rule 2.13), in the order of the kinds. ``facts``: where they have led to."""
    every = tuple(entries)
    return (*_together(every, facts), *_same_order(every, facts), *_before_end(every, facts), *_lone(facts))


def sentence(question: Question) -> str:
    """The question as it is put."""
    said: dict[Kind, str] = {
        "same_device": _("同一台设备在同一分钟登记了{count}人，是怎样进行的？"),
        "same_minute": _("同一经办人在同一分钟登记了{count}人，是怎样进行的？"),
        "same_order": _("{count}个党支部推荐的人和先后完全相同，是怎样提出的？"),
        "before_end": _("会议{about}结束之前已经录入了{count}条，是怎样得来的？"),
        "lone_visitor": _("{about}的{count}次联系都由同一人登记，有没有别人一同进行？"),
    }
    return said[question.kind].format(about=question.about, count=question.count)


def explanations(question: Question) -> tuple[str, ...]:
    """What could explain it without anybody having done wrong."""
    said: dict[Kind, tuple[str, ...]] = {
        "same_device": (_("多名党员共用一台手机"), _("没有网络时存下，后来一次上传")),
        "same_minute": (_("照纸质登记表集中补录"), _("没有网络时存下，后来一次上传")),
        "same_order": (_("按姓氏笔画排列"), _("几个党支部联合召开了会议")),
        "before_end": (_("结束时间写错了"), _("边开会边录入")),
        "lone_visitor": (_("党支部只有一人能够走访"), _("由一人代为录入")),
    }
    return said[question.kind]


def _together(entries: tuple[Entry, ...], facts: Facts) -> Iterator[Question]:
    """Acts from one device, and acts by one recorder, in one minute."""
    rule = facts.rulebook().signals
    devices: dict[tuple[str, str], list[int]] = {}
    recorders: dict[tuple[str, str], list[int]] = {}
    for entry in entries:
        if isinstance(entry.event, events.MemberMarked):
            minute = entry.at[:MINUTE]
            recorders.setdefault((entry.event.by, minute), []).append(entry.n)
            if entry.event.device:
                devices.setdefault((entry.event.device, minute), []).append(entry.n)
    for (device, _minute), seen in devices.items():
        if len(seen) >= rule.same_device:
            yield Question("same_device", device, len(seen), tuple(seen))
    for (recorder, _minute), seen in recorders.items():
        if len(seen) >= rule.same_minute:
            yield Question("same_minute", recorder, len(seen), tuple(seen))


def _same_order(entries: tuple[Entry, ...], facts: Facts) -> Iterator[Question]:
    """Branches whose latest nominations, counted or not, were written as the same persons in the same order."""
    latest = {
        entry.event.branch: entry for entry in entries if isinstance(entry.event, events.NominationsFiled)
    }
    orders: dict[tuple[str, ...], list[tuple[str, int]]] = {}
    for branch, entry in latest.items():
        for sitting in facts.filed.get(branch, ()):
            names = tuple(name.person for name in sitting.names)
            if len(names) >= facts.rulebook().signals.same_order:
                orders.setdefault(names, []).append((branch, entry.n))
    for seen in orders.values():
        if len(seen) > 1:
            branches = "、".join(branch for branch, _number in seen)
            yield Question("same_order", branches, len(seen), tuple(number for _branch, number in seen))


def _before_end(entries: tuple[Entry, ...], facts: Facts) -> Iterator[Question]:
    """Figures of a meeting entered before it had ended."""
    early: dict[str, list[int]] = {}
    for entry in entries:
        match entry.event:
            case events.AttendanceTaken() | events.MotionVoted() | events.MinutesSigned():
                names: tuple[str, ...] = (entry.event.meeting,)
            case events.NominationsFiled() | events.CommitteeReviewed() | events.CountyDecided():
                names = entry.event.meetings
            case _:
                continue
        for name in names:
            end = _end(facts, name)
            if end is not None and datetime.fromisoformat(entry.at) < end:
                early.setdefault(name, []).append(entry.n)
    for name, seen in early.items():
        yield Question("before_end", name, len(seen), tuple(seen))


def _end(facts: Facts, name: str) -> datetime | None:
    """When a meeting ended, in UTC; ``None`` where nobody wrote it."""
    meeting = facts.meetings.get(name)
    if meeting is None or meeting.attendance is None or not meeting.attendance.ended:
        return None
    clock = time.fromisoformat(meeting.attendance.ended)
    local = datetime.combine(meeting.called.day, clock, UTC)
    return local - timedelta(hours=facts.rulebook().signals.hours_ahead)


def _lone(facts: Facts) -> Iterator[Question]:
    """A branch's channel, other than its meeting, that one person alone reports."""
    plan, roster = facts.rulebook(), facts.roster()
    found: dict[tuple[str, str], list[str]] = {}
    for person, own in judging.acts(facts).items():
        for mark in own.values():
            if person in roster.members and mark.handler and mark.channel in plan.participation.channels:
                found.setdefault((roster.members[person].branch, mark.channel), []).append(mark.handler)
    for (branch, channel), handlers in found.items():
        alone = len(set(handlers)) == 1 and channel != plan.marking.meeting
        if alone and len(handlers) >= plan.signals.lone_visitor:
            yield Question("lone_visitor", f"{branch}（{channel}）", len(handlers), ())
