"""Chances as even as they can be (机会均等): maximin, leximin and Nash lotteries over lawful lists.

With λ_P the chance of list P and π_g = Σ_P λ_P x_{P,g} / n_g the chance of each of the n_g persons of group g:

    leximin   greatest t with π_g ≥ t for every g; then, where the prices show that π_g = t in every such lottery,
              hold it and raise the others, and so on
    maximin   greatest t; of the many such lotteries, the leximin one
    Nash      greatest Σ_g n_g log π_g

No lottery is more even than one over lists in parts, and that is quickly found (``ideal``). Mostly whole lists with
weights come to the same chances (``peeling``); then there is nothing more to show. Otherwise lists are too many to
write down: a programme over those in hand gives prices w_g, the list worth most at these prices is sought, and when
none is worth more than those in hand, none is missing.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from fourgates.errors import Refused
from fourgates.slate import ideal
from fourgates.slate.frame import frame
from fourgates.slate.lottery import TOTAL, Lottery
from fourgates.slate.model import Problem, admit
from fourgates.slate.nash import nash
from fourgates.slate.panels import CLOSE, Desk, weighed
from fourgates.slate.peeling import peel
from fourgates.slate.programme import Programme

TINY = 1e-10
ROUNDS = 20_000
KINDS = ("leximin", "maximin", "nash")


def lottery(problem: Problem, kind: str = "leximin") -> Lottery:
    """A lottery over lawful lists whose chances are as even as ``kind`` says; support is not looked at.

    Raises ``Refused`` (S.11) when no lawful list exists: ask ``solve`` why.
    """
    admit(problem)
    if kind not in KINDS:
        raise Refused("S.11", "不知道这种抽签方案：{kind}", kind=kind)
    programme = frame(problem, supported=False)
    even = ideal.leximin(programme)
    if even is None:
        raise Refused("S.11", "没有符合全部要求的名单，不能抽签")
    chances = ideal.nash(programme, even > 0) if kind == "nash" else even
    peeled = peel(programme, chances)
    desk = Desk(programme)
    for counts in peeled.lists:
        desk.add(counts)
    if peeled.left:
        weights, floor = _sought(desk, programme, kind, chances)
    else:
        weights = [float(weight) for weight in peeled.weights]
        floor = float(min((chance for chance in chances if chance > 0), default=0.0))
    never = [
        each
        for place, group in enumerate(programme.groups)
        if place not in desk.covered
        for each in group.ids
    ]
    return Lottery(kind, weighed(problem, desk, weights), tuple(sorted(never)), round(floor * TOTAL))


def _sought(desk: Desk, programme: Programme, kind: str, chances: Any) -> tuple[list[float], float]:
    """The weights of the lists, and the smallest chance, where whole lists do not come to the chances of lists in parts
    or are not found so easily."""
    if not desk.lists and desk.best([0.0] * len(programme.groups)) is None:
        raise Refused("S.11", "没有符合全部要求的名单，不能抽签")
    for place in range(len(programme.groups)):
        desk.cover(place)
    open_groups = [place for place in range(len(programme.groups)) if place in desk.covered]
    if kind == "nash":
        return nash(desk, open_groups)
    return _leximin(desk, open_groups, [float(chances[place]) for place in open_groups])


class _Master:
    """The programme over the lists in hand, one row for each open group: what it has is its target and t more.

    Column 0 is t, to be made great; ``hold`` takes a group out of that and keeps what it has.
    """

    def __init__(self, desk: Desk, open_groups: Sequence[int], targets: Sequence[float] = ()) -> None:
        import highspy
        import numpy as np

        self.desk = desk
        self.groups = list(open_groups)
        self.held: set[int] = set()
        self.taken = 0
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
        # The weights of the lists make up one whole.
        self.highs.addRow(1.0, 1.0, 0, *none)

    def hold(self, row: int, value: float) -> None:
        import highspy

        self.held.add(row)
        self.highs.changeCoeff(row, 0, 0.0)
        self.highs.changeRowBounds(row, value, highspy.kHighsInf)

    def settle(self, t: float, prices: Sequence[float]) -> bool:
        """Hold the groups that have t in every such lottery, as their prices show; true when none is open any more."""
        tight = [row for row in range(len(self.groups)) if -prices[row] > CLOSE and row not in self.held]
        for row in tight:
            self.hold(row, t - TINY)
        return not tight or len(self.held) == len(self.groups)

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
        self.highs.run()
        if self.highs.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            raise Refused("S.9", "求解结果前后不一致")
        solution = self.highs.getSolution()
        values, self.prices = list(solution.col_value), list(solution.row_dual)
        worth = [0.0] * len(self.desk.sizes)
        for row, place in enumerate(self.groups):
            worth[place] = max(0.0, -self.prices[row]) / self.desk.sizes[place]
        return values[0], values[1:], self.prices[len(self.groups)], worth


def _leximin(desk: Desk, open_groups: Sequence[int], targets: Sequence[float]) -> tuple[list[float], float]:
    """The weights of the lists, and the smallest chance.

    Where a lottery over whole lists reaches the chances of lists in parts, it is the one sought and nothing more is
    to be shown. Otherwise the search over whole lists goes on to its own end.
    """
    aiming = _Master(desk, open_groups, targets)
    for _ in range(ROUNDS):
        short, weights, price, worth = aiming.solve()
        if short > -CLOSE / 100:
            return weights, min(targets, default=0.0)
        before = len(desk.lists)
        if desk.best(worth, price + CLOSE / 10, rough=True) is None or len(desk.lists) == before:
            break
    return _search(desk, open_groups)


def _search(desk: Desk, open_groups: Sequence[int]) -> tuple[list[float], float]:
    master = _Master(desk, open_groups)
    floor = 0.0
    for _ in range(ROUNDS):
        t, weights, price, worth = master.solve()
        before = len(desk.lists)
        if desk.best(worth, price + CLOSE) is not None and len(desk.lists) > before:
            continue
        if not master.held:
            floor = t
        if master.settle(t, master.prices):
            return weights, floor
    raise Refused("S.9", "求解步数已到上限，无法证明")
