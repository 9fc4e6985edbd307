"""What each must do next (待办), with its deadline: the agenda of the rules, gathered so that a page can show it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from fourgates import agenda, judging, nominations
from fourgates.agenda import Task, What
from fourgates.days import Window
from fourgates.i18n import _, mark
from fourgates.web.access import Room, key
from fourgates.web.roles import BRANCH, COMMITTEE, COUNTY, DEPARTMENT, SUPERVISOR

SOON = timedelta(days=3)
STATE = {"late": mark("已过期"), "soon": mark("快到期"), "open": mark("进行中"), "coming": mark("未开始")}
MANY = 3
"""More tasks of one kind than this are gathered into one line."""
PAGES: Mapping[What, Callable[[Room, Task], str]] = {
    "roster": lambda room, task: room.to("unit", key(task.about)),
    "nominate": lambda room, task: room.to("held", key(task.about)),
    "sign": lambda room, task: room.to("meeting", task.about),
    "mark": lambda room, task: room.to("marks", key(task.about)),
    "settle": lambda room, _task: room.to("conflicts"),
    "review": lambda room, task: room.to("held", key(task.about)),
    "decide": lambda room, _task: room.to("slate"),
    "ask": lambda room, task: room.to("department", task.about),
    "remind": lambda room, _task: room.to("consultation"),
    "answer": lambda room, task: room.to("department", task.about),
    "object": lambda room, task: room.to("case", room.facts.objections[task.about].notice, task.about),
    "end": lambda room, task: room.to("notice", task.about),
}
"""The page on which a task is done; a task without one is said and leads nowhere."""


@dataclass(frozen=True, slots=True)
class Duty:
    """Something to do: what, until when, how pressing, and the page to do it on."""

    what: str
    until: date | None
    state: str
    where: str = ""

    @property
    def state_word(self) -> str:
        """How pressing it is, as a word: colour alone tells nobody."""
        return STATE[self.state]


def pressing(first: date | None, last: date | None, today: date) -> str:
    """How pressing something is that can be done from ``first`` to ``last``."""
    if last is not None and today > last:
        return "late"
    if first is not None and today < first:
        return "coming"
    return "soon" if last is not None and last - today <= SOON else "open"


def duties(room: Room) -> list[Duty]:
    """Everything the visitor must do next, the most pressing first."""
    if room.facts.plan is None or room.facts.tree is None:
        return [Duty(_("交来工作方案和党组织名册"), None, "open")] if room.has(COUNTY) else []
    found = list(dict.fromkeys(_duties(room)))
    return sorted(found, key=lambda duty: (list(STATE).index(duty.state), duty.until or date.max))


def _duties(room: Room) -> Iterator[Duty]:
    windows = room.facts.rulebook().windows
    for role in room.roles:
        if role.kind in (COUNTY, SUPERVISOR, COMMITTEE):
            yield from _nominating(room, windows.nomination)
            yield from _reviewing(room, windows.committee_review)
        if role.kind == COUNTY:
            yield from _gathered(room, agenda.due(room.facts, "county", "", room.today))
            decided = judging.decision(room.facts)
            if decided is not None and decided.lawful and not room.facts.notices:
                yield Duty(_("公示县委决定的名单"), None, "open", room.to("notices"))
        elif role.kind == SUPERVISOR:
            yield from _gathered(room, agenda.due(room.facts, "supervisor", "", room.today))
        elif role.kind == BRANCH:
            yield from _gathered(room, agenda.due(room.facts, "branch", role.unit, room.today))
        elif role.kind == DEPARTMENT:
            yield from _gathered(room, agenda.due(room.facts, "department", role.department, room.today))


def _gathered(room: Room, tasks: tuple[Task, ...]) -> Iterator[Duty]:
    """The tasks as lines, many of one kind and one day in one line."""
    for _kind, same in groupby(tasks, key=lambda task: (task.what, task.deadline)):
        together = list(same)
        shown = together if len(together) <= MANY else together[:1]
        for task in shown:
            what = agenda.sentence(task)
            if len(together) > MANY:
                what = _("{what}，等{count}项").format(what=what, count=len(together))
            where = PAGES[task.what](room, task) if task.what in PAGES else ""
            yield Duty(what, task.deadline, pressing(None, task.deadline, room.today), where)


def _nominating(room: Room, window: Window) -> Iterator[Duty]:
    state = pressing(window.first, window.last, room.today)
    plan, filed = room.facts.rulebook(), judging.filed(room.facts)
    waiting = [
        unit.name
        for unit in room.units()
        if room.facts.roster().of_branch.get(unit.name)
        and not any(nominations.valid(sitting, plan) for sitting in filed.get(unit.name, ()))
    ]
    if waiting:
        what = (
            _("召开推荐提名会议：{branch}").format(branch=waiting[0])
            if len(waiting) == 1
            else _("{count}个党支部还没有召开推荐提名会议").format(count=len(waiting))
        )
        yield Duty(what, window.last, state, _page(room, waiting))
    missing = sum(len(one.absent) for branch, one in judging.turnout(room.facts).items() if room.sees(branch))
    if missing:
        yield Duty(_("{count}名党员还没有参与推荐").format(count=missing), window.last, state, _absent(room))


def _reviewing(room: Room, window: Window) -> Iterator[Duty]:
    waiting = [unit.name for unit in room.units("committee") if unit.name not in room.facts.reviews]
    if waiting:
        what = (
            _("{committee}集体研究，上报人选").format(committee=waiting[0])
            if len(waiting) == 1
            else _("{count}个党（工）委还没有集体研究").format(count=len(waiting))
        )
        yield Duty(what, window.last, pressing(window.first, window.last, room.today), _page(room, waiting))


def _page(room: Room, units: list[str]) -> str:
    """Where something about these units is done: the one's own page, or the page of what they all belong to."""
    if len(units) == 1:
        return room.to("unit", key(units[0]))
    if room.whole:
        return room.to("county")
    own = next((role.unit for role in room.roles if role.unit), "")
    return room.to("unit", key(own)) if own else ""


def _absent(room: Room) -> str:
    """The list of members who have not taken part."""
    if room.whole:
        return room.to("figure", "members")
    own = next((role.unit for role in room.roles if role.unit == room.tree.committee_of(role.unit)), "")
    return room.to("figure", "members", of=key(own)) if own else ""
