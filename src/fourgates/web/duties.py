"""What each must do next (待办), with its deadline: the agenda of the rules, gathered so that a page can show it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import chain

from fourgates import agenda, judging
from fourgates.agenda import Task, What
from fourgates.gates import procedure
from fourgates.i18n import _, mark
from fourgates.units import COMMITTEES
from fourgates.web.access import Room, key
from fourgates.web.roles import COUNTY, DEPARTMENT, WHOLE

SOON = timedelta(days=3)
STATE = {"late": mark("已过期"), "soon": mark("快到期"), "open": mark("进行中"), "coming": mark("未开始")}
MANY = 3
"""More tasks of one kind than this are gathered into one line."""
PAGES: Mapping[What, Callable[[Room, Task], str]] = {
    "roster": lambda room, _task: room.to("papers"),
    "step": lambda room, task: room.to("process", key(task.unit)),
    "warning": lambda room, task: room.to("process", key(task.unit)),
    "nominate": lambda room, task: room.to("held", key(task.about)),
    "sign": lambda room, task: room.to("meeting", task.about),
    "mark": lambda room, task: room.to("marks", key(task.about)),
    "settle": lambda room, _task: room.to("conflicts"),
    "review": lambda room, task: room.to("held", key(task.about)),
    "vet": lambda room, _task: room.to("papers"),
    "decide": lambda room, _task: room.to("slate"),
    "ask": lambda room, _task: room.to("consultation"),
    "remind": lambda room, _task: room.to("consultation"),
    "answer": lambda room, task: room.to("department", task.about),
    "object": lambda room, task: room.to("case", room.facts.objections[task.about].notice, task.about),
    "end": lambda room, task: room.to("notice", task.about),
}
"""The page on which a task is done."""
GATHERED: Mapping[What, str] = {
    "step": mark("{units}个党（工）委还没有完成“{about}”"),
    "warning": mark("{units}个党支部还没有开展“{about}”"),
    "nominate": mark("{units}个党支部还没有召开推荐提名会议"),
    "sign": mark("{units}次会议的记录还没有签字"),
    "mark": mark("{count}名党员还没有参与推荐"),
    "review": mark("{units}个党（工）委还没有集体研究"),
}
"""Many tasks of one kind in one sentence: of how many units, how many in all."""


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


def duties(room: Room, unit: str = "", department: str = "") -> list[Duty]:
    """Everything the visitor must do next, the most pressing first; or this unit, or this department, whoever looks."""
    if room.facts.plan is None or room.facts.tree is None:
        return [Duty(_("交来工作方案和党组织名册"), None, "open")] if room.has(COUNTY) else []
    of_one = _of_unit(room, unit) if unit else _of_department(room, department) if department else None
    found = dict.fromkeys(_of_visitor(room) if of_one is None else of_one)
    return sorted(found, key=lambda duty: (list(STATE).index(duty.state), duty.until or date.max))


def _of_visitor(room: Room) -> Iterator[Duty]:
    facts, tree, today = room.facts, room.tree, room.today
    for role in room.roles:
        if role.kind in WHOLE:
            yield from _gathered(
                room, agenda.due(facts, "county" if role.kind == COUNTY else "supervisor", "", today)
            )
            below = (agenda.due(facts, "committee", one.name, today) for one in tree.committees())
            yield from _gathered(room, chain.from_iterable(below))
            decided = judging.decision(facts)
            if role.kind == COUNTY and decided is not None and decided.lawful and not facts.notices:
                yield Duty(_("公示县委决定的名单"), None, "open", room.to("notices"))
        elif role.unit in tree:
            yield from _of_unit(room, role.unit)
        elif role.kind == DEPARTMENT:
            yield from _of_department(room, role.department)


def _of_unit(room: Room, unit: str) -> Iterator[Duty]:
    facts, tree, today = room.facts, room.tree, room.today
    if tree[unit].kind in COMMITTEES:
        yield from _gathered(room, agenda.due(facts, "committee", unit, today), unit)
    else:
        below = (agenda.due(facts, "branch", one.name, today) for one in tree.under(unit))
        yield from _gathered(room, chain.from_iterable(below), unit)


def _of_department(room: Room, name: str) -> Iterator[Duty]:
    return _gathered(room, agenda.due(room.facts, "department", name, room.today))


def _gathered(room: Room, tasks: Iterable[Task], unit: str = "") -> Iterator[Duty]:
    """The tasks as lines; many of one kind in one line, with the day of the first of them, where ``unit`` sees them all."""
    kinds: dict[tuple[str, str], list[Task]] = {}
    for task in tasks:
        kinds.setdefault((task.what, task.about if task.unit else ""), []).append(task)
    for together in kinds.values():
        first = min(together, key=lambda task: task.deadline or date.max)
        if len(together) <= MANY:
            for task in together:
                yield _duty(room, agenda.sentence(task), task, PAGES[task.what](room, task))
        elif first.what in GATHERED:
            said = _(GATHERED[first.what]).format(
                units=len(together), count=sum(task.count for task in together), about=_(first.about)
            )
            yield _duty(room, said, first, _together(room, first.what, unit))
        else:
            said = _("{what}，等{count}项").format(what=agenda.sentence(first), count=len(together))
            yield _duty(room, said, first, PAGES[first.what](room, first))


def _duty(room: Room, said: str, task: Task, where: str) -> Duty:
    windows = room.facts.rulebook().windows
    opening = {"nominate": windows.nomination, "mark": windows.nomination, "review": windows.committee_review}
    window = opening.get(task.what) or procedure.window(task.about, room.facts.rulebook())
    first = window.first if window else None
    return Duty(said, task.deadline, pressing(first, task.deadline, room.today), where)


def _together(room: Room, what: What, unit: str) -> str:
    """Where many tasks of one kind are seen together: on a page of the unit that they all belong to, or of the county."""
    if what == "sign":
        return room.to("meetings")
    if what in ("step", "warning"):
        return room.to("process", key(unit)) if unit else room.to("steps")
    if what == "mark" and (not unit or room.tree[unit].kind in COMMITTEES):
        return room.to("figure", "members", of=key(unit) if unit else "")
    return room.to("unit", key(unit)) if unit else room.to("county")
