"""What is asked of a list (代表候选人名单的结构要求): people, requirements, length.

The programme, with one variable for each person i of the pool P (those not barred):

    greatest (Σ s₁ᵢ xᵢ, Σ s₂ᵢ xᵢ, …) one after the other, then the order of the lots
    with     Σ xᵢ = size                                    the list has its length
             l_r ≤ Σ_{i bears the tag of r} xᵢ ≤ u_r        for each requirement r, where given
             Σ_{i of unit c} xᵢ ≤ per_unit_at_most          for each unit c, where given
             xᵢ = 1 for the fixed, xᵢ ∈ {0, 1}

Every number is whole: a share becomes a count before it comes here, a minimum rounded up, a maximum rounded down.
"""

from __future__ import annotations

from collections import Counter
from fractions import Fraction

import msgspec

from fourgates.errors import Refused


class Person(msgspec.Struct, frozen=True):
    """One person who may stand on the list (人选): home unit, tags borne, support in the order it counts."""

    id: str
    unit: str
    tags: tuple[str, ...] = ()
    support: tuple[int, ...] = ()


class Requirement(msgspec.Struct, frozen=True):
    """One requirement (结构要求): at least and/or at most so many on the list bear the tag."""

    name: str
    tag: str
    at_least: int | None = None
    at_most: int | None = None


class Problem(msgspec.Struct, frozen=True):
    """The whole question. The order of requirements is their rank: the last one gives way first.

    ``fixed`` persons must stand on the list and ``barred`` ones may not; ``seed`` is published before the lots
    are drawn. The order of ``people`` means nothing.
    """

    people: tuple[Person, ...]
    size: int
    requirements: tuple[Requirement, ...] = ()
    per_unit_at_most: int | None = None
    fixed: tuple[str, ...] = ()
    barred: tuple[str, ...] = ()
    seed: str = ""


SIZE = "size"
PER_UNIT = "per_unit_at_most"
AT_LEAST = "at_least"
AT_MOST = "at_most"
FIXED = "fixed"


class Rule(msgspec.Struct, frozen=True, order=True):
    """One rule that can stand in a conflict. ``kind``: size · per_unit_at_most · at_least · at_most · fixed;
    ``name``: of the requirement, or the id of the fixed person; ``bound``: the number it asks."""

    kind: str
    name: str
    bound: int


class Loosened(msgspec.Struct, frozen=True):
    """One rule given way, from its bound to another; a fixed person who gives way goes from 1 to 0."""

    rule: Rule
    to: int


def rules(problem: Problem) -> tuple[Rule, ...]:
    """Every rule that can stand in a conflict, highest rank first: length, units, fixed persons, requirements."""
    found = [Rule(SIZE, "", problem.size)]
    if problem.per_unit_at_most is not None:
        found.append(Rule(PER_UNIT, "", problem.per_unit_at_most))
    found += [Rule(FIXED, each, 1) for each in sorted(set(problem.fixed))]
    for asked in problem.requirements:
        if asked.at_least is not None:
            found.append(Rule(AT_LEAST, asked.name, asked.at_least))
        if asked.at_most is not None:
            found.append(Rule(AT_MOST, asked.name, asked.at_most))
    return tuple(found)


def loosen(problem: Problem, loosened: tuple[Loosened, ...]) -> Problem:
    """The problem with these rules given way."""
    to = {each.rule: each.to for each in loosened}
    if not to.keys() <= set(rules(problem)):
        raise Refused("S.8", "调整的要求不在题中")

    def bound(kind: str, name: str, now: int | None) -> int | None:
        return None if now is None else to.get(Rule(kind, name, now), now)

    return msgspec.structs.replace(
        problem,
        size=to.get(Rule(SIZE, "", problem.size), problem.size),
        per_unit_at_most=bound(PER_UNIT, "", problem.per_unit_at_most),
        fixed=tuple(each for each in problem.fixed if to.get(Rule(FIXED, each, 1), 1)),
        requirements=tuple(
            msgspec.structs.replace(
                asked,
                at_least=bound(AT_LEAST, asked.name, asked.at_least),
                at_most=bound(AT_MOST, asked.name, asked.at_most),
            )
            for asked in problem.requirements
        ),
    )


def at_least_count(share: Fraction, of: int) -> int:
    """The fewest that make up the share: 60% of 13 is 8 (a minimum is rounded up)."""
    return -(-share.numerator * of // share.denominator)


def at_most_count(share: Fraction, of: int) -> int:
    """The most that stay within the share: 40% of 13 is 5 (a maximum is rounded down)."""
    return share.numerator * of // share.denominator


def admit(problem: Problem) -> None:
    """Refuse a question that contradicts itself before anything is counted (S.2 to S.7)."""
    ids = [person.id for person in problem.people]
    known = set(ids)
    if len(known) < len(ids):
        twice = next(each for each, times in Counter(ids).items() if times > 1)
        raise Refused("S.2", "人选重复：{person}", person=twice)
    _admit_support(problem.people)
    if problem.size < 0:
        raise Refused("S.4", "名单人数不能为负：{size}", size=problem.size)
    cap = problem.per_unit_at_most
    if cap is not None and cap < 0:
        raise Refused("S.4", "每单位人数上限不能为负：{cap}", cap=cap)
    _admit_requirements(problem.requirements)
    for each in (*problem.fixed, *problem.barred):
        if each not in known:
            raise Refused("S.7", "没有这个人选：{person}", person=each)
    for each in problem.fixed:
        if each in problem.barred:
            raise Refused("S.7", "同一人选既列为必选又列为不选：{person}", person=each)


def _admit_support(people: tuple[Person, ...]) -> None:
    if len({len(person.support) for person in people}) > 1:
        raise Refused("S.3", "各人选的支持数项目不一致")
    for person in people:
        if any(number < 0 for number in person.support):
            raise Refused("S.3", "支持数不能为负：{person}", person=person.id)


def _admit_requirements(requirements: tuple[Requirement, ...]) -> None:
    names: set[str] = set()
    for rule in requirements:
        if rule.name in names:
            raise Refused("S.5", "结构要求重名：{name}", name=rule.name)
        names.add(rule.name)
        low, high = rule.at_least, rule.at_most
        if low is None and high is None:
            raise Refused("S.6", "结构要求没有界限：{name}", name=rule.name)
        if (low is not None and low < 0) or (high is not None and high < 0):
            raise Refused("S.6", "结构要求的界限不能为负：{name}", name=rule.name)
