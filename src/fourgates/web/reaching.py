"""Whom a branch still has to call and whom to visit (打电话、上门): by how the calls made so far came out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from fourgates.i18n import mark
from fourgates.web.access import Room
from fourgates.web.models import Call

REACHED, AGAIN, WRONG, DECLINED = "reached", "again", "wrong", "declined"
WORDS: Mapping[str, str] = {
    REACHED: mark("打通了，已经参与"),
    AGAIN: mark("没打通，过一会儿再打"),
    WRONG: mark("号码不对"),
    DECLINED: mark("本人不参与"),
}
ENOUGH = 3
"""Calls that did not get through, after which somebody goes there."""


def calls_of(room: Room, people: Iterable[str]) -> dict[str, list[Call]]:
    """The telephone calls to these members, oldest first."""
    found: dict[str, list[Call]] = {}
    for call in room.row.calls.filter(person__in=list(people)):
        found.setdefault(call.person, []).append(call)
    return found


def apart(room: Room, people: Iterable[str]) -> tuple[list[str], list[str]]:
    """Of these members those to be called, and those to be visited: whose number is wrong, or who was
    called often enough. What is past does not know of calls."""
    everybody = list(people)
    made = calls_of(room, everybody) if room.at is None else {}
    visits = {id_ for id_, calls in made.items() if calls[-1].outcome == WRONG or len(calls) >= ENOUGH}
    return [id_ for id_ in everybody if id_ not in visits], [id_ for id_ in everybody if id_ in visits]
