"""The lists of a lottery in hand, and the finding of more (备选名单)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from fourgates.errors import Refused
from fourgates.slate.check import check
from fourgates.slate.engine import Engine
from fourgates.slate.lottery import TOTAL, Panel
from fourgates.slate.model import Problem
from fourgates.slate.programme import Programme

CLOSE = 1e-7
FINE = 10**7
DEEP = 60


@dataclass
class Desk:
    """The lists in hand and the solver that finds more."""

    programme: Programme
    lists: list[tuple[int, ...]] = field(default_factory=list)
    known: set[tuple[int, ...]] = field(default_factory=set)
    covered: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.whole = Engine(self.programme)
        self.parts = Engine(self.programme)
        self.sizes = [len(group.ids) for group in self.programme.groups]

    def best(
        self, worth: Sequence[float], over: float = -1.0, *, rough: bool = False
    ) -> tuple[float, tuple[int, ...]] | None:
        """The list worth most at these prices for a seat, when that is more than ``over``; None when none is.

        A ``rough`` search is content with a list worth more than that, though not most.
        """
        scale = max((abs(price) for price in worth), default=0.0)
        weights = [round(price / scale * FINE) if scale else 0 for price in worth]
        found = self.parts.best(weights, whole=False)
        if found is None:
            return None

        def value(xs: Sequence[float]) -> float:
            return sum(w * x for w, x in zip(weights, xs, strict=True)) / FINE * scale

        if value(found.values) <= over:
            return None
        counts = _whole(found.values)
        if counts is None and rough:
            counts = self._dive(weights, found.values)
            if counts is not None and value(counts) <= over:
                counts = None
        if counts is None:
            found = self.whole.best(weights, whole=True)
            if found is None:
                return None
            counts = tuple(round(x) for x in found.values)
            if value(counts) <= over:
                return None
        self.add(counts)
        return value(counts), counts

    def _dive(self, weights: Sequence[int], values: Sequence[float]) -> tuple[int, ...] | None:
        """A list near these fractions: the group nearest to one more is given it, and again, while one can be."""
        moved: list[int] = []
        counts: tuple[int, ...] | None = None
        for _ in range(DEEP):
            parted = [(1 - x % 1, place) for place, x in enumerate(values) if CLOSE < x % 1 < 1 - CLOSE]
            if not parted:
                counts = _whole(values)
                break
            place = min(parted)[1]
            moved.append(place)
            self.parts.narrow(place, int(values[place]) + 1, self.sizes[place])
            found = self.parts.best(weights, whole=False)
            if found is None:
                self.parts.narrow(place, self.programme.groups[place].least, int(values[place]))
                found = self.parts.best(weights, whole=False)
            if found is None:
                break
            values = found.values
        for place in moved:
            self.parts.narrow(place, self.programme.groups[place].least, self.sizes[place])
        return counts

    def add(self, counts: tuple[int, ...]) -> bool:
        """Keep a list; false when it was there."""
        if counts in self.known:
            return False
        self.known.add(counts)
        self.lists.append(counts)
        self.covered |= {place for place, count in enumerate(counts) if count}
        return True

    def cover(self, place: int) -> None:
        """Find a list that has somebody of this group, the rarest of the others too."""
        if place in self.covered:
            return
        worth = [0.0 if other in self.covered else 1.0 for other in range(len(self.sizes))]
        worth[place] = float(len(self.sizes))
        self.best(worth)


def _whole(values: Sequence[float]) -> tuple[int, ...] | None:
    counts = tuple(round(x) for x in values)
    return counts if all(abs(x - n) <= CLOSE for x, n in zip(values, counts, strict=True)) else None


def weighed(problem: Problem, desk: Desk, weights: Sequence[float]) -> tuple[Panel, ...]:
    """Whole weights that make up the whole: rounded down, the rest to those with the largest remainders."""
    shares = [(max(0.0, weight), counts) for weight, counts in zip(weights, desk.lists, strict=False)]
    total = sum(share for share, _ in shares)
    exact = [(share / total * TOTAL, counts) for share, counts in shares]
    whole = {counts: int(share) for share, counts in exact}
    left = TOTAL - sum(whole.values())
    for _, counts in sorted(((int(share) - share, counts) for share, counts in exact))[:left]:
        whole[counts] += 1
    panels = tuple(Panel(weight, counts) for counts, weight in sorted(whole.items()) if weight)
    groups = desk.programme.groups
    for panel in panels:
        pairs = zip(groups, panel.counts, strict=True)
        chosen = [each for group, count in pairs for each in group.ids[:count]]
        if not check(problem, chosen).lawful:
            raise Refused("S.9", "求解结果经整数复核不成立")
    return panels
