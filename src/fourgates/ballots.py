"""Boxes for secret nominations as the record knows them (票箱): opened, extended, closed with two documents, counted.

Who took part and what was named lie in two documents that agree in their counts by branch and in nothing else; each is
in an order that says nothing: the one by id, the other by random tag.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from itertools import pairwise

import msgspec

from fourgates import arrangements
from fourgates.errors import Refused
from fourgates.nominations import Name, Sitting
from fourgates.participation import Mark, Survey
from fourgates.plan import Participation, Satisfaction
from fourgates.roster import Roster
from fourgates.units import Tree

BOX = "box:"


class Part(msgspec.Struct, frozen=True, array_like=True):
    """Somebody took part: id, branch, by which channel, on which day, and the keyed digest of who brought it, empty where
    the member came alone."""

    person: str
    branch: str
    channel: str
    day: date
    by: str = ""


class Paper(msgspec.Struct, frozen=True, array_like=True):
    """What one member named: random tag, branch, ids, keyed digests of names written in, the answer to the satisfaction
    question, ``void``: the rule for which it does not count, empty when it does, and ``seal``: a digest over the receipt
    and what was named, by which whoever holds the receipt finds the own paper unchanged."""

    tag: str
    branch: str
    names: tuple[str, ...]
    written: tuple[str, ...] = ()
    satisfaction: str = ""
    void: str = ""
    seal: str = ""


class Box(msgspec.Struct, frozen=True):
    """A box: the branches it is for, how many may be named, whether others may be written in, whether satisfaction is
    asked, until when (UTC), whether a nomination may be changed; once closed, when, and what was in it."""

    branches: tuple[str, ...]
    names_at_most: int
    write_in: bool
    satisfaction: bool
    until: str
    changeable: bool
    closed: str = ""
    parts: tuple[Part, ...] = ()
    papers: tuple[Paper, ...] = ()


def check_opened(box: Box, tree: Tree) -> None:
    """Raises ``Refused`` (14.1) when a box cannot be: no branch, one that is none or twice, nobody to be named."""
    known = {unit.name for unit in tree.branches()}
    if not box.branches or len(set(box.branches)) != len(box.branches) or not set(box.branches) <= known:
        raise Refused("14.1", "票箱没有写党支部，或者写的不是名册中的党支部")
    if not 1 <= box.names_at_most <= 100 or not _exists(box.until):
        raise Refused("14.1", "票箱可提人数或者截止时间不对")


def check_open(box: Box | None, name: str) -> Box:
    """The box, while it is open; ``Refused`` (14.1) when there is none or it is closed."""
    if box is None or box.closed:
        raise Refused("14.1", "没有开着的票箱{box}", box=name)
    return box


def extend(box: Box, until: str, ground: str, rule: arrangements.Boxes) -> Box:
    """The box open until later (rule 14.2); ``Refused`` for a ground the rulebook does not have, or beyond its hours."""
    if ground not in rule.extension_grounds or not _exists(until):
        raise Refused("14.2", "规则中没有延长票箱的情形“{ground}”，或者时间不对", ground=ground)
    longer = _moment(until) - _moment(box.until)
    if not timedelta() < longer <= timedelta(hours=rule.extend_at_most_hours):
        raise Refused("14.2", "票箱延长不超过{hours}小时", hours=rule.extend_at_most_hours)
    return msgspec.structs.replace(box, until=until)


def close(
    box: Box, at: str, parts: tuple[Part, ...], papers: tuple[Paper, ...], roster: Roster, rule: Participation
) -> Box:
    """The box closed with what was in it; ``Refused`` when it cannot be: before its time or in an order that says
    something (14.3), somebody without rights or not of that branch (14.3), counts that do not agree (14.4)."""
    if not _exists(at) or at < box.until:
        raise Refused("14.3", "票箱开到{until}，不能提前关闭", until=box.until)
    if not _ordered(part.person for part in parts) or not _ordered(paper.tag for paper in papers):
        raise Refused("14.3", "票箱的两份附件应分别按编号和按随机标签排列，没有重复")
    for part in parts:
        member = roster.members.get(part.person)
        if (
            part.person not in roster.rights
            or member is None
            or member.branch != part.branch
            or part.branch not in box.branches
            or part.channel not in rule.channels
        ):
            raise Refused(
                "14.3", "参加票箱的人不是{branch}有权利的党员，或者参与方式不对", branch=part.branch
            )
    if Counter(part.branch for part in parts) != Counter(paper.branch for paper in papers):
        raise Refused("14.4", "票箱中参加的人数与份数不一致")
    return msgspec.structs.replace(box, closed=at, parts=parts, papers=papers)


def check_papers(box: Box, papers: Iterable[Paper], roster: Roster, rule: Satisfaction) -> None:
    """Raises ``Refused`` (14.5) when a paper that counts names more than allowed, somebody twice or without rights, writes
    in where it may not, or answers what was not asked."""
    options = {*rule.options, ""} if box.satisfaction else {""}
    for paper in papers:
        if paper.void:
            continue
        if len(paper.names) + len(paper.written) > box.names_at_most or (paper.written and not box.write_in):
            raise Refused("14.5", "有一份提名超过{most}人，或者另提了人", most=box.names_at_most)
        if len(set(paper.names)) != len(paper.names) or not set(paper.names) <= roster.rights:
            raise Refused("14.5", "有一份提名的人不是有权利的正式党员，或者列了两次")
        if paper.satisfaction not in options:
            raise Refused("14.5", "有一份满意度的回答不在选项之内")


def sealed(papers: Iterable[Paper]) -> tuple[tuple[str, str], ...]:
    """What is published of every paper (rule 14.9): its tag and its seal, ordered by tag; nothing of what it names."""
    return tuple((paper.tag, paper.seal) for paper in papers)


def marks(name: str, box: Box) -> Iterable[tuple[str, Mark]]:
    """Source and mark of everybody who took part in a box (rule 14.6)."""
    return ((f"{BOX}{name}", Mark(part.person, part.channel, part.day)) for part in box.parts)


def sittings(box: Box, roster: Roster) -> Mapping[str, Sitting]:
    """What a closed box says of each of its branches, as a meeting of those who took part (rule 14.6): branch → sitting
    on the last day anybody took part, or the day it closed; members with rights are due."""
    found: dict[str, Sitting] = {}
    for branch in box.branches:
        came = [part for part in box.parts if part.branch == branch]
        named = Counter(
            name for paper in box.papers if paper.branch == branch and not paper.void for name in paper.names
        )
        day = max((part.day for part in came), default=_moment(box.closed).date())
        names = tuple(Name(person, named[person], "") for person in sorted(named))
        found[branch] = Sitting(day, roster.of_branch.get(branch, 0), len(came), names)
    return found


def surveys(box: Box, rule: Satisfaction) -> Iterable[Survey]:
    """The answers to the satisfaction question, branch by branch (rule 14.7): asked of all who took part; a blank is not
    returned."""
    for branch in box.branches if box.satisfaction else ():
        answers = Counter(
            paper.satisfaction
            for paper in box.papers
            if paper.branch == branch and paper.satisfaction and not paper.void
        )
        issued = sum(part.branch == branch for part in box.parts)
        yield Survey(branch, issued, answers.total(), tuple(answers[option] for option in rule.options))


class Group(msgspec.Struct, frozen=True):
    """Branches whose nominations are published together: how many took part, and for each name how many named it, in
    bounds: equal where the number says nothing of any single member."""

    branches: tuple[str, ...]
    took_part: int
    named: Mapping[str, tuple[int, int]]


def published(box: Box, smallest: int) -> tuple[Group, ...]:
    """What may be published of a closed box (rule 14.8); empty where even the whole is too small.

    Branches in their order join until ``smallest`` have taken part; a rest joins the last group. How they join depends
    on who took part alone, never on what was named. A name that all but one or all of a group named is given as at
    least all but one, so that nobody can be said to have named it.
    """
    came = Counter(part.branch for part in box.parts)
    groups: list[list[str]] = [[]]
    for branch in box.branches:
        groups[-1].append(branch)
        if sum(came[one] for one in groups[-1]) >= smallest:
            groups.append([])
    rest = groups.pop()
    if not groups:
        return ()
    groups[-1].extend(rest)
    return tuple(_group(box, tuple(branches), came) for branches in groups)


def _group(box: Box, branches: tuple[str, ...], came: Mapping[str, int]) -> Group:
    size = sum(came[branch] for branch in branches)
    named = Counter(
        name for paper in box.papers if paper.branch in branches and not paper.void for name in paper.names
    )
    bounds = {
        person: (size - 1, size) if number >= size - 1 else (number, number)
        for person, number in sorted(named.items())
    }
    return Group(branches, size, bounds)


def _ordered(keys: Iterable[str]) -> bool:
    return all(one < other for one, other in pairwise(keys))


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _exists(text: str) -> bool:
    try:
        _moment(text)
    except ValueError:
        return False
    return True
