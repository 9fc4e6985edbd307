"""Build the proofs (最优性证明): a tree of prices found with the solver's fractions, each leaf checked in whole numbers.

Depth first: solve the fractions, round the prices, reckon the bound exactly; if it is within the claim the branch
ends, otherwise it splits at a group that is cut in parts. A branch with every group decided needs no prices, so the
tree always ends; ``Budget`` bounds how many are tried.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from fourgates.slate.answer import Prices, Proof, Split
from fourgates.slate.columns import columns_of
from fourgates.slate.engine import Engine, Found
from fourgates.slate.programme import Programme
from fourgates.slate.proof import Claim
from fourgates.slate.reckoning import Reckoner

SCALES = (1, 2, 3, 4, 6, 8, 12, 24, 60, 120, 840, 5040, 10**5, 10**7, 10**9)
COARSE = (1, 12, 5040, 10**7, 10**9)
LARGE = 20_000
FEW = 1e-6
BRANCHES = 20_000


@dataclass
class Budget:
    """How many branches a proof may still open; ``trying`` proofs are only wanted when they hold."""

    branches: int
    trying: bool = False


def claimed(programme: Programme, weights: Any, sums: Sequence[int] = ()) -> Claim:
    """The claim over the whole programme, in columns."""
    columns = columns_of(programme)
    return Claim(programme, weights, columns.least, columns.most, tuple(sums))


def prove(engine: Engine, asked: Claim, bound: int, budget: Budget) -> Proof:
    """A proof that the claim's weights come to no more than ``bound``, or what could be proven within the budget."""
    import numpy as np

    groups = engine.groups
    weights = np.concatenate([np.asarray(asked.weights, float), np.full(engine.columns - groups, -1.0)])
    first_least, first_most = np.array(asked.least, np.int64), np.array(asked.most, np.int64)
    least, most = first_least.copy(), first_most.copy()
    low, high = engine.master.low[:groups], engine.master.high[:groups]
    for place in np.flatnonzero((low != least) | (high != most)).tolist():
        engine.narrow(place, int(least[place]), int(most[place]))
    reckoner = Reckoner(asked)
    steps: list[Split | Prices] = []
    # Branches still to do, the next one last; each is its narrowings (group, least, most) from the root.
    waiting: list[tuple[tuple[int, int, int], ...]] = [()]
    narrowed: set[int] = set()
    reached = bound
    while waiting:
        path = waiting.pop()
        for place in narrowed:
            least[place], most[place] = first_least[place], first_most[place]
        touched = narrowed | {place for place, _, _ in path}
        narrowed = {place for place, _, _ in path}
        for place, floor, ceiling in path:
            least[place], most[place] = max(floor, least[place]), min(ceiling, most[place])
        for place in touched:
            engine.narrow(place, int(least[place]), int(most[place]))
        spent = budget.branches <= 0 or engine.watch.over
        leaf, proven, found = _settle(
            engine, reckoner, weights, bound, least, most, last=spent and not budget.trying
        )
        split = None if found is None or spent else _cut(found, least, most)
        if split is None:
            steps.append(leaf)
            reached = max(reached, proven)
            continue
        budget.branches -= 1
        steps.append(split)
        waiting.append((*path, (split.group, split.count + 1, int(most[split.group]))))
        waiting.append((*path, (split.group, int(least[split.group]), split.count)))
    return Proof(reached, tuple(steps))


def _settle(
    engine: Engine,
    reckoner: Reckoner,
    weights: Any,
    bound: int,
    least: Any,
    most: Any,
    *,
    last: bool,
) -> tuple[Prices, int, Found | None]:
    """The best prices for this branch and what they prove; and the fractions, where that is not yet enough.

    Where the fractions themselves come to more than the bound no prices can prove it, so they are rounded only when
    this is the ``last`` word on the branch.
    """
    leaf = Prices(1, (0,) * reckoner.asked.width)
    proven = _proven(reckoner, leaf, bound, least, most)
    if proven <= bound:
        return leaf, proven, None
    found = engine.seek(weights, whole=False)
    impossible = found is None
    if found is None:
        # The fractions themselves are impossible: how far they are off gives the prices that show it.
        found = engine.nearest(least, most)
    elif not last and float(weights @ found.values) >= bound + 1:
        return leaf, proven, found
    for scale in COARSE if engine.groups > LARGE else SCALES:
        prices = _rounded(reckoner.asked.programme, found.prices, scale, impossible=impossible)
        other = Prices(0 if impossible else scale, prices)
        better = _proven(reckoner, other, bound, least, most)
        if better < proven:
            leaf, proven = other, better
        if proven <= bound:
            return leaf, proven, None
    return leaf, proven, found


def _proven(reckoner: Reckoner, leaf: Prices, bound: int, least: Any, most: Any) -> int:
    reached = reckoner.bound(leaf, least, most)
    return bound if reached is None else reached


def _rounded(
    programme: Programme, prices: Sequence[float], scale: int, *, impossible: bool
) -> tuple[int, ...]:
    """The prices as whole numbers in units of 1/scale, on sides that exist; elastic ones cost no more than 1."""
    whole = [round(float(price) * scale) for price in prices]
    for place, row in enumerate(programme.rows):
        price = whole[place]
        side, elastic = (row.high, row.high_elastic) if price > 0 else (row.low, row.low_elastic)
        if side is None or (elastic and impossible):
            whole[place] = 0
        elif elastic:
            most = scale // row.step
            whole[place] = max(-most, min(most, price))
    return tuple(whole)


def _cut(found: Found, least: Any, most: Any) -> Split | None:
    """Where to split: the group nearest to half; when none is in parts, the first not decided."""
    import numpy as np

    values = np.asarray(found.values)[: len(least)]
    part = values - np.floor(values)
    parted = np.flatnonzero((part > FEW) & (part < 1 - FEW))
    if len(parted):
        # To the millionth, so that a difference in the last digit does not choose another.
        place = int(parted[np.argmin(np.round(np.abs(part[parted] - 0.5), 6))])
        return Split(place, int(values[place]))
    undecided = np.flatnonzero(least < most)
    if not len(undecided):
        return None
    place = int(undecided[0])
    return Split(place, int(min(max(round(float(values[place])), least[place]), most[place] - 1)))
