"""The bound that prices prove, reckoned over columns (界限的快算): what ``proof.reckon`` says, for a million groups.

Whole numbers throughout, and only where they fit; where they might not, ``proof.reckon`` itself is asked.
"""

from __future__ import annotations

from typing import Any

from fourgates.slate.answer import Prices
from fourgates.slate.columns import columns_of
from fourgates.slate.proof import ANYTHING, Claim, given_back, reckon

FITS = 1 << 61


class Reckoner:
    """One claim, reckoned again and again under other prices and limits."""

    def __init__(self, asked: Claim) -> None:
        import numpy as np

        self.asked = asked
        self.columns = columns_of(asked.programme)
        self.weights = np.array(asked.weights, dtype=object if _large(asked.weights) else np.int64)
        self._heaviest = int(np.abs(self.weights).max(initial=0))
        self._rows = int(np.abs(self.columns.value).max(initial=0))
        self._supports = [int(each) for each in np.abs(self.columns.support).max(axis=0, initial=0)]
        self._heads = max(1, int(self.columns.most.sum()))

    def bound(self, leaf: Prices, least: Any, most: Any) -> int | None:
        """What these prices prove inside the limits; None where they prove that nothing fits at all."""
        import numpy as np

        programme = self.asked.programme
        scale = leaf.scale
        back = given_back(self.asked, leaf)
        rows = len(programme.rows)
        own = leaf.prices[rows:]
        height = scale * self._heaviest + sum(map(abs, leaf.prices[:rows])) * self._rows
        height += sum(abs(price) * each for price, each in zip(own, self._supports, strict=False))
        if height * self._heads >= FITS or self.weights.dtype == object:
            return reckon(self.asked, leaf, least.tolist(), most.tolist())
        points = scale * self.weights - self.columns.priced(np.array(leaf.prices[:rows], dtype=np.int64))
        for depth, price in enumerate(own):
            if price:
                points -= price * self.columns.support[:, depth]
        best = _fill(programme, self.columns, points, least, most)
        if best is None:
            return None
        if scale == 0:
            return None if best + back < 0 else ANYTHING
        return int((best + back) // scale)


def _large(weights: Any) -> bool:
    import numpy as np

    if isinstance(weights, np.ndarray):
        return False
    return max(map(abs, weights), default=0) >= FITS


def _fill(programme: Any, columns: Any, points: Any, least: Any, most: Any) -> int | None:
    """The most points the simple part allows, or None when it cannot be filled at all; ``proof.fill`` in columns."""
    import numpy as np

    spare = most - least
    if (spare < 0).any():
        return None
    total = int(least @ points)
    taken = int(least.sum())
    left, needed = programme.longest - taken, programme.shortest - taken
    if left < 0:
        return None
    if programme.cap is not None:
        room = programme.cap - np.bincount(columns.unit, least, programme.units).astype(np.int64)
        if (room < 0).any():
            return None
        order = np.lexsort((-points, columns.unit))
        unit, each = columns.unit[order], spare[order]
        upto = np.cumsum(each)
        new = np.append(True, unit[1:] != unit[:-1]) if len(unit) else np.zeros(0, dtype=bool)
        before = np.maximum.accumulate(np.where(new, upto - each, 0)) if len(unit) else upto
        spare = np.zeros_like(spare)
        spare[order] = np.clip(room[unit] - (upto - before - each), 0, each)
    free = np.flatnonzero(spare > 0)
    worth = points[free]
    most_taken = min(left, int(spare[free].sum()))
    if most_taken < len(free):
        # Each free group has room for one at least, so no more than so many groups can be in use.
        top = np.argpartition(-worth, most_taken)[:most_taken] if most_taken else np.zeros(0, dtype=np.int64)
        free, worth = free[top], worth[top]
    order = np.argsort(-worth, kind="stable")
    worth, each = worth[order], spare[free][order]
    upto = np.cumsum(each)
    good = worth > 0
    take = np.where(good, np.clip(left - (upto - each), 0, each), 0)
    got = int(take.sum())
    rest = np.where(good, 0, each)
    upto = np.cumsum(rest)
    take = take + np.clip(max(0, needed - got) - (upto - rest), 0, rest)
    if int(take.sum()) < needed:
        return None
    return total + int(take @ worth)
