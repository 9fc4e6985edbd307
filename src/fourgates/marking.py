"""Marks of single members beside the committees' sheets (逐人登记): overlaid, and where they contradict each other, listed.

One member may be marked by several sources: the committee's sheet, the branch, a visitor, a meeting's list, a box. Who
took part by any of them took part. By two channels is a conflict: it counts for nothing until two persons settle it.
"""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from fourgates.arrangements import Marking
from fourgates.errors import Refused
from fourgates.participation import Mark
from fourgates.plan import Participation as Rule
from fourgates.roster import Roster

SHEET = "sheet"
Acts = Mapping[str, Mapping[str, Mark]]


class Act(msgspec.Struct, frozen=True, array_like=True, order=True):
    """What one source says of a member: the source, and the channel by which the member took part."""

    source: str
    channel: str


class Conflict(msgspec.Struct, frozen=True, array_like=True, order=True):
    """A member of whom sources say different channels (重复登记): the id, and what each says, in the order of sources."""

    person: str
    acts: tuple[Act, ...]


class Settled(msgspec.Struct, frozen=True):
    """Which channel two persons found to be true, out of which acts; another act later opens the conflict again."""

    channel: str
    acts: tuple[Act, ...]


def check(mark: Mark, second: str, roster: Roster, rule: Rule, marking: Marking) -> None:
    """Raises ``Refused`` when a single mark cannot be: nobody on a roster (2.1), an unknown channel (2.2), taking part
    without a day or absent with one (2.9), a visit without a second, different visitor where two are asked for (2.10)."""
    if mark.person not in roster.members:
        raise Refused("2.1", "登记的人不在名册中")
    if mark.channel not in rule.channels and mark.channel != rule.absent:
        raise Refused("2.2", "规则中没有参与方式“{channel}”", channel=mark.channel)
    if (mark.day is None) != (mark.channel == rule.absent):
        raise Refused("2.9", "参与要写日期，“{absent}”不写日期", absent=rule.absent)
    if mark.channel in marking.two_visitors and second in ("", mark.handler):
        raise Refused("2.10", "“{channel}”要由不同的两人进行", channel=mark.channel)


def gathered(sheets: Mapping[str, Mark], acts: Acts, taken: Acts) -> Acts:
    """Every mark of every member: id → source → mark. ``sheets``: the committees', by id; ``acts``: single ones; ``taken``:
    those of whoever was in a box or on a meeting's list."""
    found: dict[str, dict[str, Mark]] = {person: {SHEET: mark} for person, mark in sheets.items()}
    for marks in (acts, taken):
        for person, own in marks.items():
            found.setdefault(person, {}).update(own)
    return found


def conflict(person: str, own: Mapping[str, Mark], rule: Rule) -> Conflict | None:
    """The conflict among a member's marks (rule 2.11); ``None`` when at most one channel is said. That somebody knows
    of no taking part contradicts nobody."""
    acts = tuple(
        Act(source, own[source].channel) for source in sorted(own) if own[source].channel in rule.channels
    )
    return Conflict(person, acts) if len({act.channel for act in acts}) > 1 else None


def overlaid(
    acts: Acts, settled: Mapping[str, Settled], rule: Rule
) -> tuple[Mapping[str, Mark], Mapping[str, Conflict]]:
    """The mark that counts for each member, and the conflicts that are open (rules 2.11, 2.12), by id."""
    marks: dict[str, Mark] = {}
    open_: dict[str, Conflict] = {}
    for person, own in acts.items():
        if len(own) == 1:  # nearly everybody's: nothing to compare it with
            (marks[person],) = own.values()
            continue
        found = conflict(person, own, rule)
        if found is not None:
            done = settled.get(person)
            if done is None or done.acts != found.acts:
                open_[person] = found
                continue
        true = None if found is None else settled[person].channel
        said = [own[source] for source in sorted(own) if true in (None, own[source].channel)]
        marks[person] = next((mark for mark in said if mark.channel in rule.channels), said[0])
    return marks, open_


def settle(found: Conflict | None, channel: str, by: str, second: str) -> Settled:
    """The settlement of a conflict; ``Refused`` (2.12) where there is none, nobody said that channel, or one person
    alone would settle it."""
    if found is None or channel not in {act.channel for act in found.acts}:
        raise Refused("2.12", "这名党员没有重复登记，或者没有人登记为“{channel}”", channel=channel)
    if by == second:
        raise Refused("2.12", "重复登记要由不同的两人核定")
    return Settled(channel, found.acts)
