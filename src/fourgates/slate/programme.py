"""The question as a whole-number programme over groups of like persons (同类合并), the same for finding and proving.

Persons with equal unit, support and tags that any rule asks about are one group: one variable with an upper bound.
Inside a group the lots decide, first drawn first taken. Tags nobody asks about do not part a group.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from fourgates.chance import Lots
from fourgates.slate.model import AT_LEAST, AT_MOST, FIXED, PER_UNIT, SIZE, Problem, Rule, rules


@dataclass(frozen=True, slots=True)
class Group:
    """Like persons: their unit's place, the places of the rows they count in, support, ids in lot order."""

    unit: int
    rows: tuple[int, ...]
    support: tuple[int, ...]
    ids: tuple[str, ...]
    least: int


@dataclass(frozen=True, slots=True)
class Row:
    """low ≤ number of the list in this row ≤ high; an elastic side may be broken at the price of 1 each."""

    name: str
    low: int | None
    high: int | None
    low_elastic: bool = False
    high_elastic: bool = False


@dataclass(frozen=True)
class Programme:
    """Groups in a fixed order, rows in the order of the requirements, and the simple part: length and units.

    The simple part is what can be filled by taking the best one by one: between ``shortest`` and ``longest`` persons,
    at most ``cap`` from a unit. Rows are everything else.
    """

    groups: tuple[Group, ...]
    rows: tuple[Row, ...]
    units: int
    cap: int | None
    shortest: int
    longest: int

    @cached_property
    def group_of(self) -> dict[str, int]:
        """The place of each person's group."""
        return {each: place for place, group in enumerate(self.groups) for each in group.ids}

    def counts(self, chosen: Iterable[str]) -> list[int]:
        """How many of each group stand on the list."""
        counts = [0] * len(self.groups)
        for each in chosen:
            counts[self.group_of[each]] += 1
        return counts

    def listed(self, lots: Lots, counts: Sequence[int]) -> tuple[str, ...]:
        """The list with so many of each group, in the order of the lots."""
        pairs = zip(self.groups, counts, strict=True)
        return tuple(lots.order(each for group, count in pairs for each in group.ids[:count]))


def frame(
    problem: Problem,
    kept: Collection[Rule] | None = None,
    elastic: Collection[Rule] = (),
    raised: int = 0,
) -> Programme:
    """The programme under the ``kept`` rules (all when None); ``elastic`` rules count what they are broken by.

    Support parts groups only when nothing is left out: why no list exists has nothing to do with support.
    ``raised`` is added to the per-unit number. A fixed person who is elastic, or the length when elastic, becomes
    a row after those of the requirements.
    """
    held = set(rules(problem)) if kept is None else set(kept)
    loose = set(elastic)
    wanted = [Rule(FIXED, each, 1) for each in sorted(set(problem.fixed))]
    soft_fixed = [rule.name for rule in wanted if rule in loose]
    hard_fixed = {rule.name for rule in wanted if rule in held and rule not in loose}
    size = Rule(SIZE, "", problem.size)
    soft_size = size in loose

    rows: list[Row] = []
    bearing: dict[str, list[int]] = {}
    for asked in problem.requirements:
        # Each side is a row of its own: the solver takes no row whose lower bound is above its upper one.
        for rule, low, high in (
            (Rule(AT_LEAST, asked.name, asked.at_least or 0), asked.at_least, None),
            (Rule(AT_MOST, asked.name, asked.at_most or 0), None, asked.at_most),
        ):
            soft = rule in loose
            if (low is not None or high is not None) and (soft or rule in held):
                bearing.setdefault(asked.tag, []).append(len(rows))
                rows.append(Row(asked.name, low, high, soft and low is not None, soft and high is not None))
    row_of_fixed: dict[str, int] = {}
    for each in soft_fixed:
        row_of_fixed[each] = len(rows)
        rows.append(Row(each, 1, None, low_elastic=True))
    if soft_size:
        everyone = len(rows)
        rows.append(Row("", problem.size, problem.size, low_elastic=True, high_elastic=True))

    barred = set(problem.barred)
    apart = {rule.name for rule in wanted}
    units: dict[str, int] = {}
    for unit in sorted({person.unit for person in problem.people}):
        units[unit] = len(units)
    capped = Rule(PER_UNIT, "", problem.per_unit_at_most or 0) in held
    cap = problem.per_unit_at_most
    parted = problem.per_unit_at_most is not None

    merged: dict[tuple[int, tuple[int, ...], tuple[int, ...], str], list[str]] = {}
    for person in problem.people:
        if person.id in barred:
            continue
        within = {row for tag in set(person.tags) for row in bearing.get(tag, ())}
        if person.id in row_of_fixed:
            within.add(row_of_fixed[person.id])
        if soft_size:
            within.add(everyone)
        key = (
            units[person.unit] if parted else 0,
            tuple(sorted(within)),
            person.support if kept is None else (),
            person.id if person.id in apart else "",
        )
        merged.setdefault(key, []).append(person.id)
    lots = Lots(problem.seed)
    groups = tuple(
        Group(unit, within, support, tuple(lots.order(ids)), 1 if alone in hard_fixed else 0)
        for (unit, within, support, alone), ids in sorted(merged.items())
    )
    pool = sum(len(group.ids) for group in groups)
    exact = size in held and not soft_size
    return Programme(
        groups=groups,
        rows=tuple(rows),
        units=len(units) if parted else 1,
        cap=cap + raised if capped and cap is not None else None,
        shortest=problem.size if exact else 0,
        longest=problem.size if exact else pool,
    )
