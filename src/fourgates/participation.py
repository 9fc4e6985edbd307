"""How each member took part, and the rates with their lists (参与率、满意度)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

import msgspec

from fourgates import meetings
from fourgates.errors import Refused
from fourgates.plan import Participation as Rule
from fourgates.plan import Satisfaction as SatisfactionRule
from fourgates.roster import BranchRoll, Roster
from fourgates.units import Tree

JOINT = "、"
"""Between the names of channels that are put together."""


class Mark(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One member's participation: who, by which channel (会议、上门、电话、微信 or 未参与), and when; keyed digests of who
    saw to it (经办人) and of the reason for not taking part (未参与原因), empty when not written."""

    person: str
    channel: str
    day: date | None
    handler: str = ""
    reason: str = ""


class Survey(msgspec.Struct, frozen=True, array_like=True):
    """A branch's satisfaction forms: issued 发出, returned 收回, and the answers in the order of the rulebook's options."""

    branch: str
    issued: int
    returned: int
    answers: tuple[int, ...]


class Rate(msgspec.Struct, frozen=True):
    """A share with its two whole numbers; never a percentage alone."""

    part: int
    whole: int

    def __str__(self) -> str:
        """One decimal, half up; ``100%`` only when part = whole, ``—`` when there is nothing to count."""
        if self.whole == 0:
            return "—"
        if self.part == self.whole:
            return "100%"
        tenths = min((2000 * self.part + self.whole) // (2 * self.whole), 999)
        return f"{tenths // 10}.{tenths % 10}%"


class Turnout(msgspec.Struct, frozen=True):
    """Of those due in a branch: how many, how many took part by each channel, and the ids of who did not, ascending."""

    due: int
    by_channel: Mapping[str, int]
    absent: tuple[str, ...]

    @property
    def took(self) -> int:
        """How many took part."""
        return self.due - len(self.absent)


Days = Mapping[date | None, Mapping[str, int]]
"""How many took part on each day (``None``: none is written) by each channel."""
NOBODY = Turnout(0, {}, ())
"""Of a branch in which nobody is due."""


class Counted(msgspec.Struct, frozen=True):
    """Participation of organisations and members, by channel, with the lists behind the figures.

    ``silent``: branches with members with rights of whom none took part; ``absent``: ids of members with rights who
    did not take part.
    """

    organisations: Rate
    members: Rate
    by_channel: Mapping[str, int]
    silent: tuple[str, ...]
    absent: tuple[str, ...]


def merged(by_channel: Mapping[str, int], smallest: int) -> Mapping[str, int]:
    """The channels as they are recorded (rule 2.14): those by which some but fewer than ``smallest`` took part are put
    together, with the next larger ones until the sum is no smaller; what is put together bears all their names.

    A single channel is left as it is: it is the sum, which is told anyway. What is merged does not merge any more.
    """
    small = [channel for channel, took in by_channel.items() if 0 < took < smallest]
    larger = sorted((one for one, took in by_channel.items() if took >= smallest), key=by_channel.__getitem__)
    while small and larger and sum(by_channel[one] for one in small) < smallest:
        small.append(larger.pop(0))
    if len(small) < 2:
        return by_channel
    apart = {channel: took for channel, took in by_channel.items() if channel not in small}
    named = JOINT.join(channel for channel in by_channel if channel in small)
    return {**apart, named: sum(by_channel[one] for one in small)}


def check(committee: str, marks: Iterable[Mark], roster: Roster, tree: Tree, rule: Rule) -> None:
    """Raises ``Refused`` when a mark cannot be: nobody on this committee's roster (2.1), a channel the rulebook does
    not have (2.2), or the same member twice (2.3)."""
    words = {*rule.channels, rule.absent}
    seen: set[str] = set()
    for mark in marks:
        member = roster.members.get(mark.person)
        if member is None or tree.committee_of(member.branch) != committee:
            raise Refused("2.1", "参与情况中有人不在{committee}的名册中", committee=committee)
        if mark.channel not in words:
            raise Refused("2.2", "规则中没有参与方式“{channel}”", channel=mark.channel)
        if mark.person in seen:
            raise Refused("2.3", "参与情况中同一名党员列了两次")
        seen.add(mark.person)


def rolls(roster: Roster, tree: Tree, rule: Rule) -> tuple[BranchRoll, ...]:
    """Those who count on the reference date, branch by branch (rule 2.5); branches without any are left out."""
    found: dict[str, tuple[list[str], list[str]]] = {}
    for id_ in sorted(entitled(roster, rule)):
        with_rights, counted_only = found.setdefault(roster.members[id_].branch, ([], []))
        (with_rights if id_ in roster.rights else counted_only).append(id_)
    branches = (unit.name for unit in tree.branches())
    return tuple(BranchRoll(name, *map(tuple, found[name])) for name in branches if name in found)


def entitled(roster: Roster, rule: Rule) -> set[str]:
    """Ids in the denominator (rule 2.5): members with rights; probationary members too where the rulebook counts them."""
    if not rule.counts_probationary:
        return roster.rights
    return roster.rights | {m.id for m in roster.members.values() if m.normal and not m.full}


def due_by_branch(roster: Roster, rule: Rule) -> Mapping[str, tuple[str, ...]]:
    """The same ids by branch, each branch's in ascending order; branches without any are left out."""
    found: dict[str, list[str]] = {}
    for id_ in sorted(entitled(roster, rule)):
        found.setdefault(roster.members[id_].branch, []).append(id_)
    return {branch: tuple(own) for branch, own in found.items()}


def turnout(due: Mapping[str, tuple[str, ...]], marks: Mapping[str, Mark], rule: Rule) -> dict[str, Turnout]:
    """How many of each branch's ``due`` took part, by which channels, and who did not. ``marks``: id → mark; marks of others
    are not counted."""
    found = {}
    for branch, own in due.items():
        by_channel, absent = dict.fromkeys(rule.channels, 0), []
        for id_ in own:
            mark = marks.get(id_)
            if mark is None or mark.channel not in by_channel:
                absent.append(id_)
            else:
                by_channel[mark.channel] += 1
        found[branch] = Turnout(len(own), by_channel, tuple(absent))
    return found


def by_day(due: Mapping[str, tuple[str, ...]], marks: Mapping[str, Mark], rule: Rule) -> dict[str, Days]:
    """How many of each branch's ``due`` took part on which day (``None``: none is written) by which channel; together they
    are those ``turnout`` counts."""
    channels, found = frozenset(rule.channels), dict[str, Days]()
    for branch, own in due.items():
        days: dict[date | None, dict[str, int]] = {}
        for id_ in own:
            mark = marks.get(id_)
            if mark is not None and mark.channel in channels:
                day = days.setdefault(mark.day, {})
                day[mark.channel] = day.get(mark.channel, 0) + 1
        found[branch] = days
    return found


def together_by_day(branches: Iterable[Days]) -> Days:
    """The turnout by day of several branches as one."""
    found: dict[date | None, dict[str, int]] = {}
    for days in branches:
        for day, by_channel in days.items():
            sums = found.setdefault(day, {})
            for channel, number in by_channel.items():
                sums[channel] = sums.get(channel, 0) + number
    return found


def together(branches: Iterable[Turnout], rule: Rule) -> Turnout:
    """The turnout of several branches as one."""
    due, by_channel, absent = 0, dict.fromkeys(rule.channels, 0), list[str]()
    for one in branches:
        due += one.due
        absent += one.absent
        for channel, number in one.by_channel.items():
            by_channel[channel] += number
    return Turnout(due, by_channel, tuple(sorted(absent)))


def counted(found: Mapping[str, Turnout], tree: Tree, rule: Rule) -> Counted:
    """Participation over those entitled (rules 2.4, 2.5), from the turnout of every branch that has any."""
    whole = together(found.values(), rule)
    silent = {branch for branch, one in found.items() if not one.took}
    return Counted(
        organisations=Rate(len(found) - len(silent), len(found)),
        members=Rate(whole.took, whole.due),
        by_channel=whole.by_channel,
        silent=tuple(unit.name for unit in tree.branches() if unit.name in silent),
        absent=whole.absent,
    )


def count(roster: Roster, tree: Tree, marks: Mapping[str, Mark], rule: Rule) -> Counted:
    """The same from the beginning."""
    return counted(turnout(due_by_branch(roster, rule), marks, rule), tree, rule)


def check_surveys(surveys: Iterable[Survey], tree: Tree, rule: SatisfactionRule) -> None:
    """Raises ``Refused`` when satisfaction forms cannot be: not a branch or a branch twice (2.6), more returned than
    issued or answers that do not make the whole (2.7)."""
    seen: set[str] = set()
    for survey in surveys:
        if survey.branch not in tree or tree[survey.branch].kind != "branch" or survey.branch in seen:
            raise Refused("2.6", "满意度测评中的{branch}不是党支部，或者列了两次", branch=survey.branch)
        seen.add(survey.branch)
        if min(survey.answers, default=0) < 0 or not 0 <= survey.returned <= survey.issued <= meetings.MOST:
            raise Refused("2.7", "{branch}收回的测评票多于发出的", branch=survey.branch)
        if len(survey.answers) != len(rule.options) or sum(survey.answers) != survey.returned:
            raise Refused("2.7", "{branch}各选项之和不等于收回数", branch=survey.branch)


def satisfaction(surveys: Iterable[Survey], rule: SatisfactionRule) -> Rate:
    """Answers that count as satisfied over forms returned (rule 2.8)."""
    counted = [option in rule.satisfied for option in rule.options]
    part = whole = 0
    for survey in surveys:
        part += sum(number for number, satisfied in zip(survey.answers, counted, strict=True) if satisfied)
        whole += survey.returned
    return Rate(part, whole)
