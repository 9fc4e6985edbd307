"""Judge any list against the requirements in whole numbers (结构审核); nothing is solved here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import msgspec

from fourgates.slate.model import AT_LEAST, AT_MOST, FIXED, PER_UNIT, SIZE, Problem, Rule, admit


class Finding(msgspec.Struct, frozen=True):
    """One requirement against one list: how many there are, what was asked, whether it is met."""

    name: str
    tag: str
    count: int
    at_least: int | None
    at_most: int | None
    met: bool


class Judgement(msgspec.Struct, frozen=True):
    """What is right and wrong with a list; ``lawful`` when nothing is wrong.

    ``over`` names the units with more than their number, with the count; ``support`` is summed over known persons.
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


def check(problem: Problem, chosen: Iterable[str]) -> Judgement:
    """Judge the list of ids ``chosen``; a person named twice counts once and is reported."""
    admit(problem)
    named = Counter(chosen)
    people = [person for person in problem.people if person.id in named]
    known = {person.id for person in people}
    bearers = Counter(tag for person in people for tag in set(person.tags))
    findings = tuple(
        Finding(
            rule.name,
            rule.tag,
            count := bearers[rule.tag],
            rule.at_least,
            rule.at_most,
            (rule.at_least is None or count >= rule.at_least)
            and (rule.at_most is None or count <= rule.at_most),
        )
        for rule in problem.requirements
    )
    units = Counter(person.unit for person in people)
    cap = problem.per_unit_at_most
    over = tuple(sorted((unit, n) for unit, n in units.items() if cap is not None and n > cap))
    missing = tuple(sorted(set(problem.fixed) - known))
    barred = tuple(sorted(set(problem.barred) & known))
    unknown = tuple(sorted(set(named) - known))
    doubled = tuple(sorted(each for each, times in named.items() if times > 1))
    size_met = len(known) == problem.size
    lawful = (
        size_met
        and all(finding.met for finding in findings)
        and not (over or missing or barred or unknown or doubled)
    )
    depth = len(problem.people[0].support) if problem.people else 0
    support = tuple(sum(person.support[place] for person in people) for place in range(depth))
    return Judgement(lawful, len(known), size_met, findings, over, missing, barred, unknown, doubled, support)


def breaches(problem: Problem, chosen: Iterable[str]) -> dict[Rule, int]:
    """Every rule this list breaks, with the bound that would let it pass; barred or unknown ids are not looked at."""
    judged = check(problem, chosen)
    broken: dict[Rule, int] = {}
    if not judged.size_met:
        broken[Rule(SIZE, "", problem.size)] = judged.size
    if problem.per_unit_at_most is not None and judged.over:
        broken[Rule(PER_UNIT, "", problem.per_unit_at_most)] = max(n for _, n in judged.over)
    for each in judged.missing:
        broken[Rule(FIXED, each, 1)] = 0
    for finding in judged.findings:
        if finding.at_least is not None and finding.count < finding.at_least:
            broken[Rule(AT_LEAST, finding.name, finding.at_least)] = finding.count
        if finding.at_most is not None and finding.count > finding.at_most:
            broken[Rule(AT_MOST, finding.name, finding.at_most)] = finding.count
    return broken
