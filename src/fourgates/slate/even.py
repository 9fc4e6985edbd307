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
from typing import Any

from fourgates.errors import Refused
from fourgates.slate.engine import tabulate
from fourgates.slate.frame import frame
from fourgates.slate.lottery import TOTAL, Lottery
from fourgates.slate.model import Problem, admit
from fourgates.slate.nash import nash
from fourgates.slate.panels import CLOSE, Desk, weighed

TINY = 1e-10
ROUNDS = 20_000


def lottery(problem: Problem, kind: str = "leximin") -> Lottery:
    """A lottery over lawful lists whose chances are as even as ``kind`` says; support is not looked at.

    Raises ``Refused`` (S.11) when no lawful list exists: ask ``solve`` why.
    """
    admit(problem)
    programme = frame(problem, supported=False)
    desk = Desk(programme)
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
        targets = _Relaxed(desk, open_groups).chances(once=False)
        weights, floor = nash(desk, open_groups, targets)
    elif kind in ("leximin", "maximin"):
        weights, floor = _leximin(desk, open_groups, once=kind == "maximin")
    else:
        raise Refused("S.11", "不知道这种抽签方案：{kind}", kind=kind)
    panels = weighed(problem, desk, weights)
    return Lottery(kind, panels, tuple(sorted(never)), round(floor * TOTAL))


class _Fair:
    """A programme with one row for each open group: what it has over its people is its target and t more.

    Column 0 is t, to be made great; ``hold`` takes a group out of that and keeps what it has.
    """

    def __init__(self, desk: Desk, open_groups: Sequence[int], targets: Sequence[float] = ()) -> None:
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

    def __init__(self, desk: Desk, open_groups: Sequence[int], targets: Sequence[float] = ()) -> None:
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

    def __init__(self, desk: Desk, open_groups: Sequence[int]) -> None:
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


def _leximin(desk: Desk, open_groups: Sequence[int], *, once: bool) -> tuple[list[float], float]:
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


def _search(desk: Desk, open_groups: Sequence[int], *, once: bool) -> tuple[list[float], float]:
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
