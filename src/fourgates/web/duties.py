"""What each must do next (待办), with its deadline: read from the fold, the plan's windows and the day it is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from fourgates import judging, nominations
from fourgates.days import Window
from fourgates.i18n import _, mark
from fourgates.web.access import Room, key
from fourgates.web.roles import BRANCH, COMMITTEE, COUNTY, DEPARTMENT, SUPERVISOR

SOON = timedelta(days=3)
STATE = {"late": mark("已过期"), "soon": mark("快到期"), "open": mark("进行中"), "coming": mark("未开始")}


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


def pressing(window: Window, today: date) -> str:
    """How pressing what belongs into ``window`` is on ``today``."""
    if today > window.last:
        return "late"
    if today < window.first:
        return "coming"
    return "soon" if window.last - today <= SOON else "open"


def duties(room: Room) -> list[Duty]:
    """Everything the visitor must do next, the most pressing first."""
    if room.facts.plan is None or room.facts.tree is None:
        return [Duty(_("交来工作方案和党组织名册"), None, "open")] if room.has(COUNTY) else []
    found = [duty for duty in _duties(room) if duty.state != "coming" or duty.until is not None]
    return sorted(found, key=lambda duty: (list(STATE).index(duty.state), duty.until or date.max))


def _duties(room: Room) -> Iterator[Duty]:
    windows = room.facts.rulebook().windows
    if room.has(COUNTY, SUPERVISOR, COMMITTEE, BRANCH):
        yield from _nominating(room, windows.nomination)
    if room.has(COUNTY, SUPERVISOR, COMMITTEE):
        yield from _reviewing(room, windows.committee_review)
    if room.has(COUNTY, SUPERVISOR, DEPARTMENT):
        yield from _vetting(room, windows.vetting)
    if room.has(COUNTY) and room.facts.decided is None:
        state = pressing(windows.county_review, room.today)
        yield Duty(_("县委研究，决定上报名单"), windows.county_review.last, state)


def _nominating(room: Room, window: Window) -> Iterator[Duty]:
    state = pressing(window, room.today)
    plan = room.facts.rulebook()
    waiting = [
        unit.name
        for unit in room.units()
        if room.facts.roster().of_branch.get(unit.name)
        and not any(nominations.valid(sitting, plan) for sitting in room.facts.filed.get(unit.name, ()))
    ]
    if waiting:
        what = (
            _("召开推荐提名会议：{branch}").format(branch=waiting[0])
            if len(waiting) == 1
            else _("{count}个党支部还没有召开推荐提名会议").format(count=len(waiting))
        )
        yield Duty(what, window.last, state, _page(room, waiting))
    missing = len(missing_members(room))
    if missing:
        yield Duty(_("{count}名党员还没有参与推荐").format(count=missing), window.last, state, _absent(room))


def missing_members(room: Room) -> list[str]:
    """Ids of members with rights, of units that are seen, who have not taken part."""
    absent = judging.counted(room.facts).absent
    return list(absent) if room.whole else [id_ for id_ in absent if room.knows(id_)]


def _reviewing(room: Room, window: Window) -> Iterator[Duty]:
    state = pressing(window, room.today)
    waiting = [unit.name for unit in room.units("committee") if unit.name not in room.facts.reviews]
    if waiting:
        what = (
            _("{committee}集体研究，上报人选").format(committee=waiting[0])
            if len(waiting) == 1
            else _("{count}个党（工）委还没有集体研究").format(count=len(waiting))
        )
        yield Duty(what, window.last, state, _page(room, waiting))


def _vetting(room: Room, window: Window) -> Iterator[Duty]:
    up = judging.sent_up(room.facts) if room.facts.reviews else {}
    state = pressing(window, room.today)
    for department in room.facts.rulebook().integrity.departments:
        own = room.whole or any(role.department == department for role in room.roles)
        answered = {opinion.person for opinion in room.facts.replies.get(department, ())}
        open_ = [id_ for id_ in up if id_ not in answered]
        if own and open_:
            what = _("{department}还有{count}人没有答复").format(department=_(department), count=len(open_))
            yield Duty(what, window.last, state, room.to("department", department))


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
    own = next((role.unit for role in room.roles if role.kind == COMMITTEE), "")
    return room.to("figure", "members", of=key(own)) if own else ""
