"""The question as a whole-number programme over groups of like persons (同类合并), the same for finding and proving.

Persons who count alike in every row, with equal unit and support, are one group: one variable with an upper bound.
Inside a group the lots decide, first drawn first taken. Tags nobody asks about do not part a group.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from fourgates.chance import Lots
from fourgates.slate.model import Rule


@dataclass(frozen=True, slots=True)
class Group:
    """Like persons: their unit's place, the rows they count in and with what number, support, ids in lot order."""

    unit: int
    rows: tuple[tuple[int, int], ...]
    support: tuple[int, ...]
    ids: tuple[str, ...]
    least: int


@dataclass(frozen=True, slots=True)
class Row:
    """One rule: low ≤ what the list counts in this row ≤ high.

    An elastic side may be broken, at a cost of 1 for every ``step``.
    """

    rule: Rule
    low: int | None
    high: int | None
    low_elastic: bool = False
    high_elastic: bool = False
    step: int = 1


@dataclass(frozen=True)
class Programme:
    """Groups in a fixed order, rows in the order of the requirements, and the simple part: length and units.

    The simple part is what can be filled by taking the best one by one: between ``shortest`` and ``longest`` persons,
    at most ``cap`` from a unit. Rows are everything else.
    """

    groups: Sequence[Group]
    rows: tuple[Row, ...]
    units: int
    cap: int | None
    shortest: int
    longest: int

    @cached_property
    def group_of(self) -> dict[str, int]:
        """The place of each person's group."""
        return {each: place for place, group in enumerate(self.groups) for each in group.ids}

    def members(self, place: int) -> tuple[str, ...]:
        """The ids of a group in the order of the lots."""
        alone: Callable[[int], tuple[str, ...]] | None = getattr(self.groups, "members", None)
        return self.groups[place].ids if alone is None else alone(place)

    def counts(self, chosen: Iterable[str]) -> list[int]:
        """How many of each group stand on the list."""
        counts = [0] * len(self.groups)
        held: Callable[[Iterable[str]], Iterable[int]] | None = getattr(self.groups, "held", None)
        for place in (self.group_of[each] for each in chosen) if held is None else held(chosen):
            counts[place] += 1
        return counts

    def listed(self, lots: Lots, counts: Sequence[int]) -> tuple[str, ...]:
        """The list with so many of each group, in the order of the lots."""
        taken = ((self.members(place), count) for place, count in enumerate(counts) if count)
        return tuple(lots.order(each for ids, count in taken for each in ids[:count]))
