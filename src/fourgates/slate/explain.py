"""What a list costs and what would change it (名单的说明): binding rules, absent persons, swaps, wanted persons.

Each answer is itself a solved question, so it carries a list and a certificate that can be verified.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec
from msgspec.structs import replace

from fourgates.slate.answer import Conflict, Prices, Slate
from fourgates.slate.check import check
from fourgates.slate.frame import frame
from fourgates.slate.model import (
    AT_LEAST,
    AT_MOST,
    PER_UNIT,
    SIZE,
    Loosened,
    Person,
    Problem,
    Rule,
    loosen,
    rules,
)
from fourgates.slate.solve import choose, greatest, solve

KINDS = 5
FEW = 5_000
MOST = 12


class Cost(msgspec.Struct, frozen=True):
    """What one rule costs the list (某项要求的代价): the support it could have without the rule, and the difference.

    ``spare`` is how far the list is from the bound (0 where it binds); only a rule that binds can cost anything.
    """

    rule: Rule
    spare: int
    without: tuple[int, ...]
    cost: tuple[int, ...]


class Absence(msgspec.Struct, frozen=True):
    """Why a person is not on the list (某人未入选的缘由): the best list with that person and what it loses.

    ``answer`` is a conflict when no lawful list has that person; ``lost`` and ``instead_of`` are empty then, and where
    the person is ``standing`` on the list already.
    """

    person: str
    answer: Slate | Conflict
    lost: tuple[int, ...]
    instead_of: tuple[str, ...]
    standing: bool = False


class Swap(msgspec.Struct, frozen=True):
    """The smallest change of persons from a present list to a lawful one (最小调换).

    Fewest leave, then the support is the greatest. ``slate`` answers ``towards(problem, present)`` and is verified
    against that; its first support counts those who stay.
    """

    leave: tuple[str, ...]
    join: tuple[str, ...]
    support: tuple[int, ...]
    slate: Slate


class Wanted(msgspec.Struct, frozen=True):
    """How many persons from outside the pool would do (还缺什么人), and for each one who else would do as well.

    ``slate`` answers ``opened(problem, reserve)``: its first support counts those from the pool, its second prefers
    whoever bears few tags, because such persons are easier to find.
    """

    persons: tuple[str, ...]
    instead: tuple[tuple[str, ...], ...]
    slate: Slate


def costs(problem: Problem, slate: Slate) -> tuple[Cost, ...]:
    """What each rule but the length costs, by solving the question without it; by rank."""
    judged = check(problem, slate.chosen)
    counts = {finding.name: finding.count for finding in judged.findings}
    units = {person.id: person.unit for person in problem.people}
    fullest = max((sum(units[a] == units[b] for b in slate.chosen) for a in slate.chosen), default=0)
    idle = _idle(problem, slate)
    found = []
    for rule in rules(problem):
        if rule.kind == SIZE:
            continue
        spare = 0
        if rule.kind in (AT_LEAST, AT_MOST) and rule.name not in {ratio.name for ratio in problem.ratios}:
            spare = abs(counts[rule.name] - rule.bound)
        elif rule.kind == PER_UNIT:
            spare = rule.bound - fullest
        without = slate.support
        if spare == 0 and rule not in idle:
            without = greatest(loosen(problem, (Loosened(rule, _nothing(problem, rule)),))) or slate.support
        cost = tuple(more - now for more, now in zip(without, slate.support, strict=True))
        found.append(Cost(rule, spare, without, cost))
    return tuple(found)


def why_not(problem: Problem, slate: Slate, person: str) -> Absence:
    """The best list with this person, and what it loses against ``slate``; or why no list has this person."""
    if person in slate.chosen:
        return Absence(person, slate, (), (), standing=True)
    barred = tuple(each for each in problem.barred if each != person)
    answer = solve(replace(problem, fixed=(*problem.fixed, person), barred=barred))
    if isinstance(answer, Conflict):
        return Absence(person, answer, (), ())
    lost = tuple(now - then for now, then in zip(slate.support, answer.support, strict=True))
    instead_of = tuple(each for each in slate.chosen if each not in answer.chosen)
    return Absence(person, answer, lost, instead_of)


def towards(problem: Problem, present: Iterable[str]) -> Problem:
    """The question whose best list keeps the most of the present one, and among such has the greatest support."""
    kept = set(present)
    return _before(problem, {person.id: int(person.id in kept) for person in problem.people})


def swap(problem: Problem, present: Sequence[str]) -> Swap | Conflict:
    """The smallest change of persons that makes the present list lawful (nothing where it is)."""
    slate = choose(towards(problem, present))
    if slate is None:
        answer = solve(problem)
        return answer if isinstance(answer, Conflict) else Swap((), (), answer.support, answer)
    leave = tuple(each for each in dict.fromkeys(present) if each not in slate.chosen)
    join = tuple(each for each in slate.chosen if each not in set(present))
    return Swap(leave, join, slate.support[1:], slate)


def opened(problem: Problem, reserve: Sequence[Person]) -> Problem:
    """The question over pool and reserve whose best list takes the fewest from the reserve, with the fewest tags."""
    known = {person.id for person in problem.people}
    depth = len(problem.people[0].support) if problem.people else 0
    added = tuple(
        replace(person, support=person.support or (0,) * depth)
        for person in reserve
        if person.id not in known
    )
    if not problem.people:
        added = tuple(replace(person, support=()) for person in added)
    whole = replace(problem, people=(*problem.people, *added))
    most = max((len(set(person.tags)) for person in added), default=0)
    plain = {person.id: most - len(set(person.tags)) for person in added}
    whole = _before(whole, {person.id: plain.get(person.id, most) for person in whole.people})
    return _before(whole, {person.id: int(person.id in known) for person in whole.people})


def wanted(problem: Problem, reserve: Sequence[Person], *, alternatives: bool = True) -> Wanted | None:
    """The fewest persons of the reserve with whom a lawful list exists; None when even all of them do not help.

    Without ``alternatives`` it is not asked who else would do.
    """
    whole = opened(problem, reserve)
    slate = choose(whole, lots=alternatives)
    if slate is None:
        return None
    outside = {person.id for person in reserve} - {person.id for person in problem.people}
    taken = [each for each in slate.chosen if each in outside]
    instead = []
    for each in taken:
        others = tuple(other for other in taken if other != each)
        instead.append(_replaceable(whole, outside, each, others) if alternatives else ())
    return Wanted(tuple(taken), tuple(instead), slate)


def imagined(
    problem: Problem, tags: Iterable[str], number: int, units: Iterable[str] = ()
) -> tuple[Person, ...]:
    """Persons who could be found: every mixture of these tags, ``number`` of each, from units not in the pool yet and
    from ``units``. Nobody has two values of one feature (``heading=value``)."""
    mixtures: list[tuple[str, ...]] = [()]
    for tag in sorted(set(tags)):
        feature = tag.partition("=")[0] if "=" in tag else None
        mixtures += [
            (*mixture, tag)
            for mixture in mixtures
            if feature is None or all(each.partition("=")[:2] != (feature, "=") for each in mixture)
        ]
    depth = len(problem.people[0].support) if problem.people else 0
    return tuple(
        Person(
            f"{'＋'.join((*mixture, *([unit] if unit else []))) or '不限'}·{n}",
            unit or f"新·{n}·{place}",
            mixture,
            (0,) * depth,
        )
        for unit in ("", *sorted(set(units)))
        for place, mixture in enumerate(mixtures)
        for n in range(1, number + 1)
    )


def missing(problem: Problem, conflict: Conflict) -> Wanted | None:
    """Who would do, of persons nobody has met yet (还缺什么样的人): said by the tags and units that the conflict is about.

    None where no such persons help, or where there are too many kinds to look at.
    """
    named = {rule.name for clash in conflict.clashes for rule in clash.rules}
    tags, units = set(), set()
    for asked in problem.requirements:
        if asked.name in named:
            tags |= {asked.tag, asked.among} - {""}
            units |= {asked.unit} - {""}
    for ratio in problem.ratios:
        if ratio.name in named:
            tags |= {ratio.tag, ratio.of}
    if len(tags) > KINDS or len(units) > KINDS or len(problem.people) > FEW:
        return None
    reserve = imagined(problem, tags, min(problem.size, MOST), units)
    return wanted(problem, reserve, alternatives=False)


def _replaceable(whole: Problem, outside: set[str], each: str, others: tuple[str, ...]) -> tuple[str, ...]:
    """Who of the outside could stand in this one's place, the others taken staying; like persons asked once."""
    barred = (*whole.barred, *(outside - {*others}))
    found: list[str] = []
    groups = frame(replace(whole, fixed=(), pairs=whole.pairs), supported=False).groups
    for group in groups:
        alike = [other for other in group.ids if other in outside and other not in (each, *others)]
        if alike:
            open_to = replace(
                whole,
                fixed=(*whole.fixed, *others, alike[0]),
                barred=tuple(other for other in barred if other != alike[0]),
            )
            if (
                greatest(replace(open_to, people=tuple(replace(p, support=()) for p in open_to.people)))
                is not None
            ):
                found += alike
    return tuple(sorted(found))


def _before(problem: Problem, first: dict[str, int]) -> Problem:
    people = tuple(replace(person, support=(first[person.id], *person.support)) for person in problem.people)
    return replace(problem, people=people)


def _nothing(problem: Problem, rule: Rule) -> int:
    """The bound at which the rule asks nothing any more."""
    if rule.kind == AT_LEAST:
        return len(problem.people) if rule.name in {ratio.name for ratio in problem.ratios} else 0
    if rule.kind in (AT_MOST, PER_UNIT):
        return len(problem.people)
    return 0


def _idle(problem: Problem, slate: Slate) -> set[Rule]:
    """Rules without a price in any proof: the proofs hold without them too, so they cost nothing."""
    if slate.departures:
        return set()
    rows = frame(problem).rows
    priced = {
        place
        for stage in slate.certificate.stages
        for step in stage.steps
        if isinstance(step, Prices)
        for place, price in enumerate(step.prices[: len(rows)])
        if price
    }
    return {row.rule for place, row in enumerate(rows) if place not in priced}
