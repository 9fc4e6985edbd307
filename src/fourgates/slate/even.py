"""Chances as even as they can be (机会均等): maximin, leximin and Nash lotteries by column generation.

With λ_P the chance of list P and π_g = Σ_P λ_P x_{P,g} / n_g the chance of each of the n_g persons of group g:

    maximin   greatest t with π_g ≥ t for every g
    leximin   then, where the prices show that π_g = t in every such lottery, hold it and raise the others, and so on
    Nash      greatest Σ_g n_g log π_g

The lists are too many to write down. A programme over those found so far gives prices w_g; the list that is worth
most at these prices is sought; when none is worth more than those in hand, none is missing. Lists are asked for
first in fractions, which is quick and mostly whole already, then in whole numbers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from fourgates.errors import Refused
from fourgates.slate.check import check
from fourgates.slate.engine import Engine, tabulate
from fourgates.slate.frame import frame
from fourgates.slate.lottery import TOTAL, Lottery, Panel
from fourgates.slate.model import Problem, admit
from fourgates.slate.programme import Programme

CLOSE = 1e-7
TINY = 1e-10
FINE = 10**7
ROUNDS = 20_000
DEEP = 60
NEAR = 8


def lottery(problem: Problem, kind: str = "leximin") -> Lottery:
    """A lottery over lawful lists whose chances are as even as ``kind`` says; support is not looked at.

    Raises ``Refused`` (S.11) when no lawful list exists: ask ``solve`` why.
    """
    admit(problem)
    programme = frame(problem, supported=False)
    desk = _Desk(programme)
    if desk.best([0.0] * len(programme.groups)) is None:
        raise Refused("S.11", "没有符合全部要求的名单，不能抽签")
    for place in range(len(programme.groups)):
        desk.cover(place)
    open_groups = [place for place in range(len(programme.groups)) if place in desk.covered]
    never = [
        each
        for place, group in enumerate(programme.groups)
        if place not in desk.covered
        for each in group.ids
    ]
    if kind == "nash":
        weights, floor = _nash(desk, open_groups)
    elif kind in ("leximin", "maximin"):
        weights, floor = _leximin(desk, open_groups, once=kind == "maximin")
    else:
        raise Refused("S.11", "不知道这种抽签方案：{kind}", kind=kind)
    panels = _panels(problem, desk, weights)
    return Lottery(kind, panels, tuple(sorted(never)), round(floor * TOTAL))


@dataclass
class _Desk:
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

    def herd(self, open_groups: Sequence[int], targets: Sequence[float]) -> None:
        """Collect lists whose average comes near the targets: each makes up most of what those before it left."""
        owed = [0.0] * len(self.sizes)
        for _ in range(2 * len(open_groups)):
            for place, target in zip(open_groups, targets, strict=True):
                owed[place] += target
            made = self.best([due / size for due, size in zip(owed, self.sizes, strict=True)], rough=True)
            if made is None:
                return
            for place, count in enumerate(made[1]):
                owed[place] -= count / self.sizes[place]

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


class _Fair:
    """A programme with one row for each open group: what it has over its people is its target and t more.

    Column 0 is t, to be made great; ``hold`` takes a group out of that and keeps what it has.
    """

    def __init__(self, desk: _Desk, open_groups: Sequence[int], targets: Sequence[float] = ()) -> None:
        import highspy
        import numpy as np

        self.desk = desk
        self.groups = list(open_groups)
        self.held: set[int] = set()
        highs: Any = highspy.Highs.__base__
        self.highs: Any = highs()
        self.highs.setOptionValue("output_flag", False)
        self.highs.setOptionValue("parallel", "off")
        self.highs.setOptionValue("presolve", "off")
        self.highs.changeObjectiveSense(highspy.ObjSense.kMaximize)
        none = np.array([], dtype=np.int32), np.array([])
        for target in targets or [0.0] * len(self.groups):
            self.highs.addRow(target, highspy.kHighsInf, 0, *none)
        rows = np.arange(len(self.groups), dtype=np.int32)
        self.highs.addCol(1.0, -highspy.kHighsInf, 1.0, len(rows), rows, -np.ones(len(rows)))

    def hold(self, row: int, value: float) -> None:
        import highspy

        self.held.add(row)
        self.highs.changeCoeff(row, 0, 0.0)
        self.highs.changeRowBounds(row, value, highspy.kHighsInf)

    def run(self) -> tuple[list[float], list[float]]:
        """The values of the columns and the prices of the rows."""
        import highspy

        self.highs.run()
        if self.highs.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            raise Refused("S.9", "求解结果前后不一致")
        solution = self.highs.getSolution()
        return list(solution.col_value), list(solution.row_dual)

    def settle(self, t: float, prices: Sequence[float]) -> bool:
        """Hold the groups that have t in every such lottery, as their prices show; true when none is open any more."""
        tight = [row for row in range(len(self.groups)) if -prices[row] > CLOSE and row not in self.held]
        for row in tight:
            self.hold(row, t - TINY)
        return not tight or len(self.held) == len(self.groups)


class _Master(_Fair):
    """The programme over the lists in hand."""

    def __init__(self, desk: _Desk, open_groups: Sequence[int], targets: Sequence[float] = ()) -> None:
        super().__init__(desk, open_groups, targets)
        import numpy as np

        # The weights of the lists make up one whole.
        self.highs.addRow(1.0, 1.0, 0, np.array([], dtype=np.int32), np.array([]))
        self.taken = 0

    def solve(self) -> tuple[float, list[float], float, list[float]]:
        """t, the weights of the lists, the price of the whole, and what a seat of each group is worth."""
        import highspy
        import numpy as np

        for counts in self.desk.lists[self.taken :]:
            entries = [
                (row, counts[place] / self.desk.sizes[place])
                for row, place in enumerate(self.groups)
                if counts[place]
            ]
            entries.append((len(self.groups), 1.0))
            rows = np.array([row for row, _ in entries], dtype=np.int32)
            parts = np.array([part for _, part in entries])
            self.highs.addCol(0.0, 0.0, highspy.kHighsInf, len(rows), rows, parts)
        self.taken = len(self.desk.lists)
        values, self.prices = self.run()
        worth = [0.0] * len(self.desk.sizes)
        for row, place in enumerate(self.groups):
            worth[place] = max(0.0, -self.prices[row]) / self.desk.sizes[place]
        return values[0], values[1:], self.prices[len(self.groups)], worth


class _Relaxed(_Fair):
    """The programme over lists in parts: as even as any lottery could be, and mostly as even as one is."""

    def __init__(self, desk: _Desk, open_groups: Sequence[int]) -> None:
        super().__init__(desk, open_groups)
        import numpy as np

        sheet = tabulate(desk.programme)
        first = len(self.groups)
        for low, high in zip(sheet.low, sheet.high, strict=True):
            self.highs.addRow(low, high, 0, np.array([], dtype=np.int32), np.array([]))
        columns: list[list[tuple[int, float]]] = [[] for _ in desk.sizes]
        for row, place in enumerate(self.groups):
            columns[place].append((row, 1.0 / desk.sizes[place]))
        for row, entries in enumerate(sheet.entries, first):
            for column, number in entries:
                columns[column].append((row, number))
        for place, entries in enumerate(columns):
            rows = np.array([row for row, _ in entries], dtype=np.int32)
            parts = np.array([part for _, part in entries])
            least = float(desk.programme.groups[place].least)
            self.highs.addCol(0.0, least, float(desk.sizes[place]), len(rows), rows, parts)

    def chances(self, *, once: bool) -> list[float]:
        """The chance of each open group in the most even lottery of lists in parts."""
        while True:
            values, prices = self.run()
            if once:
                return [values[0]] * len(self.groups)
            if self.settle(values[0], prices):
                return [values[1 + place] / self.desk.sizes[place] for place in self.groups]


def _leximin(desk: _Desk, open_groups: Sequence[int], *, once: bool) -> tuple[list[float], float]:
    """The weights of the lists, and the smallest chance.

    No lottery is more even than one over lists in parts; where a lottery over whole lists reaches that, it is the
    one sought and nothing more is to be shown. Otherwise the search over whole lists goes on to its own end.
    """
    targets = _Relaxed(desk, open_groups).chances(once=once)
    desk.herd(open_groups, targets)
    aiming = _Master(desk, open_groups, targets)
    for _ in range(ROUNDS):
        short, weights, price, worth = aiming.solve()
        if short > -CLOSE / 100:
            return weights, min(targets, default=0.0)
        before = len(desk.lists)
        if desk.best(worth, price + CLOSE / 10, rough=True) is None or len(desk.lists) == before:
            break
    return _search(desk, open_groups, once=once)


def _search(desk: _Desk, open_groups: Sequence[int], *, once: bool) -> tuple[list[float], float]:
    master = _Master(desk, open_groups)
    floor = 0.0
    for _ in range(ROUNDS):
        t, weights, price, worth = master.solve()
        before = len(desk.lists)
        if desk.best(worth, price + CLOSE) is not None and len(desk.lists) > before:
            continue
        if not master.held:
            floor = t
        if once or master.settle(t, master.prices):
            return weights, floor
    raise Refused("S.9", "求解步数已到上限，无法证明")


def _nash(desk: _Desk, open_groups: Sequence[int]) -> tuple[list[float], float]:
    """The weights of the lists with the greatest product of chances.

    At the best lottery Σ_g x_g / π_g is the number of people for every list used and no more for any other.
    """
    import numpy as np

    desk.herd(open_groups, _Relaxed(desk, open_groups).chances(once=False))
    sizes = np.array([desk.sizes[place] for place in open_groups], dtype=float)
    people = float(sizes.sum())
    weights: Any = np.zeros(0)
    for _ in range(ROUNDS):
        table = np.array(desk.lists, dtype=float)[:, list(open_groups)] / sizes
        weights = _product(table, sizes, weights)
        chance = weights @ table
        before = len(desk.lists)
        toward = chance
        for _step in range(NEAR):
            # A little way towards each list found, so that the next one found is another.
            made = desk.best(_worth(desk, open_groups, toward), 0.0, rough=True)
            if made is None:
                break
            one = np.array([made[1][place] for place in open_groups]) / sizes
            toward = 0.9 * toward + 0.1 * one
        limit = people * (1 + CLOSE * 10)
        if len(desk.lists) > before:
            table = np.array(desk.lists[before:], dtype=float)[:, list(open_groups)] / sizes
            if (table @ (sizes / chance)).max() > limit:
                continue
        before = len(desk.lists)
        if desk.best(_worth(desk, open_groups, chance), limit) is None or len(desk.lists) == before:
            return [float(weight) for weight in weights], float(chance.min())
    raise Refused("S.9", "求解步数已到上限，无法证明")


def _worth(desk: _Desk, open_groups: Sequence[int], chance: Any) -> list[float]:
    worth = [0.0] * len(desk.sizes)
    for place, now in zip(open_groups, chance, strict=True):
        worth[place] = 1.0 / float(now)
    return worth


def _product(table: Any, sizes: Any, start: Any) -> Any:
    """The λ ≥ 0 that make Σ n log (λ·table) − (Σ n) Σ λ greatest, which makes Σ λ = 1: an interior-point search.

    With z = Σ n − table·(n / π) the conditions are λ, z ≥ 0 and λ z = 0; Newton's step towards λ z = μ, μ to nothing.
    """
    import numpy as np

    count, people = len(table), float(sizes.sum())
    weights = np.full(count, 1.0 / count)
    if len(start):
        weights[: len(start)] = 0.9 * np.maximum(start, 1e-6)
        weights[len(start) :] = 0.1 / max(1, count - len(start))
    slack = np.full(count, 0.1 * people)
    for _ in range(200):
        chance = weights @ table
        gap = weights @ slack
        residue = people - table @ (sizes / chance) - slack
        if gap < 1e-9 * people and abs(residue).max() < 1e-9 * people:
            break
        aim = 0.1 * gap / count
        bent = (table * (sizes / chance**2)) @ table.T
        bent[np.diag_indices(count)] += slack / weights
        step = np.linalg.solve(bent, -(residue + slack) + aim / weights)
        other = aim / weights - slack - slack / weights * step
        length = min(1.0, 0.95 * _room(weights, step), 0.95 * _room(slack, other))
        weights = weights + length * step
        slack = slack + length * other
    return weights / weights.sum()


def _room(now: Any, step: Any) -> float:
    falling = step < 0
    return float((now[falling] / -step[falling]).min()) if falling.any() else float("inf")


def _panels(problem: Problem, desk: _Desk, weights: Sequence[float]) -> tuple[Panel, ...]:
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
