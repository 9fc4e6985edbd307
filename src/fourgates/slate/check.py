"""Judge any list against the requirements in whole numbers (结构审核); nothing is solved here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

import msgspec

from fourgates.slate.model import (
    AT_LEAST,
    AT_MOST,
    EXCLUDES,
    FIXED,
    PER_UNIT,
    SIZE,
    Pair,
    Person,
    Problem,
    Ratio,
    Requirement,
    Rule,
    admit,
    asked_of,
    rules,
    some_of,
)


class Finding(msgspec.Struct, frozen=True):
    """One requirement against one list: how many there are, what was asked, whether it is met.

    For a ratio the bounds are the counts its shares come to on this list; ``short`` is how many are wanting or over.
    """

    name: str
    tag: str
    count: int
    at_least: int | None
    at_most: int | None
    met: bool
    strength: str = "must"
    short: int = 0


class Judgement(msgspec.Struct, frozen=True):
    """What is right and wrong with a list; ``lawful`` when nothing that must be is wrong.

    ``over`` names the units with more than their number, with the count; ``pairs`` the pairs that do not hold;
    ``support`` is summed over known persons.
    """

    lawful: bool
    size: int
    size_met: bool
    findings: tuple[Finding, ...]
    over: tuple[tuple[str, int], ...]
    missing: tuple[str, ...]
    barred: tuple[str, ...]
    unknown: tuple[str, ...]
    doubled: tuple[str, ...]
    support: tuple[int, ...]
    pairs: tuple[str, ...] = ()


def check(problem: Problem, chosen: Iterable[str]) -> Judgement:
    """Judge the list of ids ``chosen``; a person named twice counts once and is reported."""
    admit(problem)
    named = Counter(chosen)
    people = some_of(problem.people, named)
    known = {person.id for person in people}
    bearing = Counter(tag for person in people for tag in set(person.tags))
    findings = tuple(
        _count(asked, people, bearing) if isinstance(asked, Requirement) else _relate(asked, people)
        for asked in asked_of(problem)
    )
    units = Counter(person.unit for person in people)
    cap = problem.per_unit_at_most
    over = tuple(sorted((unit, n) for unit, n in units.items() if cap is not None and n > cap))
    missing = tuple(sorted(set(problem.fixed) - known))
    barred = tuple(sorted(set(problem.barred) & known))
    unknown = tuple(sorted(set(named) - known))
    doubled = tuple(sorted(each for each, times in named.items() if times > 1))
    pairs = tuple(pair.name for pair in problem.pairs if not _holds(pair, known))
    size_met = len(known) == problem.size
    lawful = (
        size_met
        and all(finding.met or finding.strength != "must" for finding in findings)
        and not (over or missing or barred or unknown or doubled or pairs)
    )
    depth = len(problem.people[0].support) if problem.people else 0
    support = tuple(sum(person.support[place] for person in people) for place in range(depth))
    return Judgement(
        lawful, len(known), size_met, findings, over, missing, barred, unknown, doubled, support, pairs
    )


def breaches(problem: Problem, chosen: Iterable[str]) -> dict[Rule, int]:
    """Every must this list breaks, with the bound that would let it pass; barred or unknown ids are not looked at."""
    judged = check(problem, chosen)
    broken: dict[Rule, int] = {}
    if not judged.size_met:
        broken[Rule(SIZE, "", problem.size)] = judged.size
    if problem.per_unit_at_most is not None and judged.over:
        broken[Rule(PER_UNIT, "", problem.per_unit_at_most)] = max(n for _, n in judged.over)
    for each in judged.missing:
        broken[Rule(FIXED, each, 1)] = 0
    for pair in problem.pairs:
        if pair.name in judged.pairs:
            broken[Rule(pair.kind, pair.name, 1)] = 0
    ratios = {asked.name: asked for asked in problem.ratios}
    musts = {(rule.kind, rule.name): rule for rule in rules(problem)}
    for finding in judged.findings:
        if finding.met or finding.strength != "must":
            continue
        low = finding.at_least is not None and finding.count < finding.at_least
        rule = musts[AT_LEAST if low else AT_MOST, finding.name]
        graced = finding.name in ratios
        broken[rule] = rule.bound + finding.short if graced else finding.count
        high = finding.at_most is not None and finding.count > finding.at_most
        if low and high:
            broken[musts[AT_MOST, finding.name]] = finding.count
    return broken


def _count(asked: Requirement, people: Sequence[Person], bearing: Counter[str]) -> Finding:
    simple = asked.tag and not asked.unit and not asked.among
    count = bearing[asked.tag] if simple else sum(map(asked.counts, people))
    return _found(asked, count, asked.at_least, asked.at_most)


def _relate(asked: Ratio, people: Sequence[Person]) -> Finding:
    bearing = [person for person in people if asked.of in person.tags]
    count = sum(asked.tag in person.tags for person in bearing)
    low = high = None
    if asked.at_least is not None:
        part, whole = asked.at_least
        low = max(0, -(-part * len(bearing) // whole) - asked.grace)
    if asked.at_most is not None:
        part, whole = asked.at_most
        high = part * len(bearing) // whole + asked.grace
    return _found(asked, count, low, high)


def _found(asked: Requirement | Ratio, count: int, low: int | None, high: int | None) -> Finding:
    short = 0 if low is None else max(0, low - count)
    over = 0 if high is None else max(0, count - high)
    met = short == over == 0
    return Finding(asked.name, asked.tag, count, low, high, met, asked.strength, short + over)


def _holds(pair: Pair, known: set[str]) -> bool:
    if pair.first not in known:
        return True
    return (pair.second in known) != (pair.kind == EXCLUDES)
