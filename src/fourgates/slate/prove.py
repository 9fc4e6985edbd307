"""Build the proofs (最优性证明): a tree of prices found with the solver's fractions, each leaf checked in whole numbers.

Depth first: solve the fractions, round the prices, reckon the bound exactly; if it is within the claim the branch
ends, otherwise it splits at a group that is cut in parts. A branch with every group decided needs no prices, so the
tree always ends; ``Budget`` bounds how many are tried.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from fourgates.slate.answer import Prices, Proof, Split
from fourgates.slate.engine import Engine, Found
from fourgates.slate.programme import Programme
from fourgates.slate.proof import Claim, reckon

SCALES = (1, 2, 3, 4, 6, 8, 12, 24, 60, 120, 840, 5040, 10**5, 10**7, 10**9)
FEW = 1e-6
BRANCHES = 20_000


@dataclass
class Budget:
    """How many branches a proof may still open; ``trying`` proofs are only wanted when they hold."""

    branches: int
    trying: bool = False


def prove(engine: Engine, asked: Claim, bound: int, budget: Budget) -> Proof:
    """A proof that the claim's weights come to no more than ``bound``, or what could be proven within the budget."""
    groups = len(asked.programme.groups)
    weights = [*asked.weights] + [-1] * (engine.columns - groups)
    least, most = list(asked.least), list(asked.most)
    for place in range(groups):
        engine.narrow(place, least[place], most[place])
    steps: list[Split | Prices] = []
    # Branches still to do, the next one last; each is its narrowings (group, least, most) from the root.
    waiting: list[tuple[tuple[int, int, int], ...]] = [()]
    narrowed: set[int] = set()
    reached = bound
    while waiting:
        path = waiting.pop()
        for place in narrowed:
            least[place], most[place] = asked.least[place], asked.most[place]
        touched = narrowed | {place for place, _, _ in path}
        narrowed = {place for place, _, _ in path}
        for place, low, high in path:
            least[place], most[place] = max(low, least[place]), min(high, most[place])
        for place in touched:
            engine.narrow(place, least[place], most[place])
        spent = budget.branches <= 0 or engine.watch.over
        leaf, proven, found = _settle(
            engine, asked, weights, bound, least, most, last=spent and not budget.trying
        )
        split = None if found is None or spent else _cut(found, least, most)
        if split is None:
            steps.append(leaf)
            reached = max(reached, proven)
            continue
        budget.branches -= 1
        steps.append(split)
        waiting.append((*path, (split.group, split.count + 1, most[split.group])))
        waiting.append((*path, (split.group, least[split.group], split.count)))
    return Proof(reached, tuple(steps))


def _settle(
    engine: Engine,
    asked: Claim,
    weights: Sequence[int],
    bound: int,
    least: Sequence[int],
    most: Sequence[int],
    *,
    last: bool,
) -> tuple[Prices, int, Found | None]:
    """The best prices for this branch and what they prove; and the fractions, where that is not yet enough.

    Where the fractions themselves come to more than the bound no prices can prove it, so they are rounded only when
    this is the ``last`` word on the branch.
    """
    leaf = Prices(1, (0,) * asked.width)
    proven = _proven(asked, leaf, bound, least, most)
    if proven <= bound:
        return leaf, proven, None
    found = engine.best(weights, whole=False)
    impossible = found is None
    if found is None:
        # The fractions themselves are impossible: how far they are off gives the prices that show it.
        found = engine.nearest(least, most)
    elif not last and sum(w * x for w, x in zip(weights, found.values, strict=True)) >= bound + 1:
        return leaf, proven, found
    for scale in SCALES:
        prices = _rounded(asked.programme, found.prices, scale, impossible=impossible)
        other = Prices(0 if impossible else scale, prices)
        better = _proven(asked, other, bound, least, most)
        if better < proven:
            leaf, proven = other, better
        if proven <= bound:
            return leaf, proven, None
    return leaf, proven, found


def _proven(asked: Claim, leaf: Prices, bound: int, least: Sequence[int], most: Sequence[int]) -> int:
    reached = reckon(asked, leaf, least, most)
    return bound if reached is None else reached


def _rounded(
    programme: Programme, prices: Sequence[float], scale: int, *, impossible: bool
) -> tuple[int, ...]:
    """The prices as whole numbers in units of 1/scale, on sides that exist; elastic ones cost no more than 1."""
    whole = [round(price * scale) for price in prices]
    for place, row in enumerate(programme.rows):
        price = whole[place]
        side, elastic = (row.high, row.high_elastic) if price > 0 else (row.low, row.low_elastic)
        if side is None or (elastic and impossible):
            whole[place] = 0
        elif elastic:
            most = scale // row.step
            whole[place] = max(-most, min(most, price))
    return tuple(whole)


def _cut(found: Found, least: Sequence[int], most: Sequence[int]) -> Split | None:
    """Where to split: the group nearest to half; when none is in parts, the first not decided."""
    parted: tuple[float, int] | None = None
    for place, value in enumerate(found.values[: len(least)]):
        part = value - int(value)
        off = abs(part - 0.5)
        if FEW < part < 1 - FEW and (parted is None or off < parted[0] - FEW):
            parted = (off, place)
    if parted is not None:
        return Split(parted[1], int(found.values[parted[1]]))
    for place in range(len(least)):
        if least[place] < most[place]:
            count = min(max(round(found.values[place]), least[place]), most[place] - 1)
            return Split(place, count)
    return None
