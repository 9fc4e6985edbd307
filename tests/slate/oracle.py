"""The same questions answered by trying every list: slow, plain, and nothing shared with what is tested."""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Iterator
from fractions import Fraction
from math import ceil, floor

from fourgates.slate.model import Problem, Rule

List = frozenset[str]


def lists(problem: Problem) -> Iterator[List]:
    free = sorted(person.id for person in problem.people if person.id not in problem.barred)
    for count in range(len(free) + 1):
        for chosen in itertools.combinations(free, count):
            yield frozenset(chosen)


def asked(problem: Problem) -> list[Rule]:
    """Every rule in order of rank."""
    found = [Rule("size", "", problem.size)]
    if problem.per_unit_at_most is not None:
        found.append(Rule("per_unit_at_most", "", problem.per_unit_at_most))
    found += [Rule("fixed", each, 1) for each in sorted(set(problem.fixed))]
    found += [Rule(pair.kind, pair.name, 1) for pair in problem.pairs]
    for requirement in problem.requirements:
        for side in ("at_least", "at_most"):
            bound = getattr(requirement, side)
            if bound is not None and requirement.strength == "must":
                found.append(Rule(side, requirement.name, bound))
    for ratio in problem.ratios:
        if ratio.strength == "must":
            found.append(Rule("at_least" if ratio.at_least else "at_most", ratio.name, ratio.grace))
    return found


def short(problem: Problem, rule: Rule, chosen: List) -> int:
    """How far this list is from meeting the rule."""
    people = [person for person in problem.people if person.id in chosen]
    if rule.kind == "size":
        return abs(len(people) - rule.bound)
    if rule.kind == "fixed":
        return 0 if rule.name in chosen else 1
    if rule.kind == "per_unit_at_most":
        units = [person.unit for person in people]
        return max([units.count(unit) - rule.bound for unit in units] + [0])
    if rule.kind in ("excludes", "requires"):
        pair = next(each for each in problem.pairs if each.name == rule.name)
        wrong = pair.first in chosen and (pair.second in chosen) == (rule.kind == "excludes")
        return 1 if wrong else 0
    low = rule.kind == "at_least"
    for ratio in problem.ratios:
        if ratio.name == rule.name:
            bearing = [person for person in people if ratio.of in person.tags]
            both = sum(ratio.tag in person.tags for person in bearing)
            share = Fraction(*(ratio.at_least or ratio.at_most or (0, 1))) * len(bearing)
            return max(0, ceil(share) - rule.bound - both if low else both - floor(share) - rule.bound)
    one = next(each for each in problem.requirements if each.name == rule.name)
    count = sum(
        all(each in ("", *person.tags) for each in (one.tag, one.among)) and one.unit in ("", person.unit)
        for person in people
    )
    return max(0, rule.bound - count if low else count - rule.bound)


def wanting(problem: Problem, strength: str, chosen: List) -> list[int]:
    """How short the list is of each *should* or *goal*, by rank."""
    found = []
    for one in problem.requirements:
        if one.strength == strength:
            bounds = [(side, getattr(one, side)) for side in ("at_least", "at_most")]
            own = [Rule(side, one.name, bound) for side, bound in bounds if bound is not None]
            found.append(sum(short(problem, rule, chosen) for rule in own))
    for ratio in problem.ratios:
        if ratio.strength == strength:
            side = "at_least" if ratio.at_least else "at_most"
            found.append(short(problem, Rule(side, ratio.name, ratio.grace), chosen))
    return found


def meets(problem: Problem, rules: list[Rule]) -> bool:
    return any(all(short(problem, rule, chosen) == 0 for rule in rules) for chosen in lists(problem))


def best(problem: Problem) -> List | None:
    """Shoulds by rank, greatest support in turn, goals by rank, then the list that holds the earliest lots."""

    def ticket(each: str) -> str:
        return hashlib.sha256(f"{problem.seed}\nticket\n{each}".encode()).hexdigest()

    order = sorted((person.id for person in problem.people), key=ticket)
    support = {person.id: person.support for person in problem.people}

    def worth(chosen: List) -> tuple[list[int], ...]:
        shoulds = [-n for n in wanting(problem, "should", chosen)]
        sums = [sum(column) for column in zip(*(support[each] for each in chosen), strict=True)]
        goals = [-n for n in wanting(problem, "goal", chosen)]
        return shoulds, sums, goals, [int(each in chosen) for each in order]

    rules = asked(problem)
    lawful = [chosen for chosen in lists(problem) if all(short(problem, rule, chosen) == 0 for rule in rules)]
    return max(lawful, key=worth, default=None)


def changes(problem: Problem) -> list[tuple[int, list[int], frozenset[Rule]]]:
    """For every set of fewest rules to loosen: least amount, rank, rules; the best first."""
    rules = asked(problem)
    least: dict[frozenset[Rule], int] = {}
    for chosen in lists(problem):
        gaps = {rule: short(problem, rule, chosen) for rule in rules}
        broken = frozenset(rule for rule, gap in gaps.items() if gap)
        least[broken] = min(least.get(broken, 1 << 60), sum(gaps.values()))
    fewest = min(map(len, least))
    return sorted(
        (amount, sorted((-rules.index(rule) for rule in broken), reverse=True), broken)
        for broken, amount in least.items()
        if len(broken) == fewest
    )


def clashes(problem: Problem) -> set[frozenset[Rule]]:
    """Every minimal set of rules that no list meets."""
    rules = asked(problem)
    broken = {frozenset(rule for rule in rules if short(problem, rule, chosen)) for chosen in lists(problem)}
    found: set[frozenset[Rule]] = set()
    for count in range(1, len(rules) + 1):
        for some in itertools.combinations(rules, count):
            together = frozenset(some)
            if not any(less <= together for less in found) and all(each & together for each in broken):
                found.add(together)
    return found
