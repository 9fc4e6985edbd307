"""Part chances into whole lists (分解为名单): take the list that can have the most weight, and so on with what is left.

With R_g the seats still owed to group g and W the weight still to be given, both whole numbers of a trillionth, a list
x can have weight θ when what is left then could still come from lists: 0 ≤ R_g − θ x_g ≤ n_g (W − θ), and
low (W − θ) ≤ A(R − θ x) ≤ high (W − θ). For a given θ these are bounds on x and on its rows, so a list is sought
within them; where none is found θ becomes smaller. Nearly all the weight is soon given, to few lists.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from fourgates.slate.parts import Parts
from fourgates.slate.programme import Programme

UNIT = 10**12
DONE = UNIT // 10**9
"""Less weight than this is none: it is below the billionth that a lottery counts in."""
LOST = UNIT // 10**6
"""A row with no more room than this has none: so far chances and bounds may be apart by rounding."""
PATIENT = 4
NEAREST = 150
HUGE = 1 << 62


@dataclass(frozen=True)
class Peeled:
    """Lists as numbers of each group with their weights in ``UNIT``, and the weight for which no list was found."""

    lists: tuple[tuple[int, ...], ...]
    weights: tuple[int, ...]
    left: int


def peel(programme: Programme, chances: Any) -> Peeled:
    """Lists whose average has these chances of the groups, as far as they are found."""
    import numpy as np

    parts = Parts(programme)
    owed = np.round(chances * parts.most * UNIT).astype(np.int64)
    if programme.shortest == programme.longest:
        # Rounding must add no part of a seat and lose none: those whose chance is no certainty share it.
        open_groups = np.flatnonzero((owed > 0) & (owed < parts.most * UNIT))
        if len(open_groups):
            off = programme.shortest * UNIT - int(owed.sum())
            owed[open_groups] += off // len(open_groups)
            owed[open_groups[: off % len(open_groups)]] += 1
    return _Peeling(parts, owed).run()


class _Peeling:
    def __init__(self, parts: Parts, owed: Any) -> None:
        import numpy as np

        self.parts, self.owed, self.left = parts, owed, UNIT
        self.has_low, self.has_high = np.isfinite(parts.low), np.isfinite(parts.high)
        self.low = np.where(self.has_low, parts.low, 0).astype(np.int64)
        self.high = np.where(self.has_high, parts.high, 0).astype(np.int64)
        # A row that is at its bound on the average is at it on every list.
        rows = parts.counted(owed)
        tight_low = self.has_low & (rows - self.low * float(UNIT) < LOST)
        tight_high = self.has_high & (self.high * float(UNIT) - rows < LOST)
        self.high = np.where(tight_low, self.low, self.high)
        self.low = np.where(tight_high & ~tight_low, self.high, self.low)
        self.tight = tight_low | tight_high

    def run(self) -> Peeled:
        lists, weights = [], []
        theta, misses = UNIT // 4, 0
        while self.left >= DONE and misses < PATIENT:
            theta = min(theta, self.left)
            possible, found = self._sought(theta, NEAREST << misses)
            if found is not None:
                weight = self._most(found)
                self.owed = self.owed - weight * found
                self.left -= weight
                lists.append(tuple(found.tolist()))
                weights.append(weight)
            elif theta == 1:
                break
            elif possible:
                # Perhaps there is one further away, or none: what is left may no longer come from whole lists.
                misses += 1
                theta = max(1, theta // 2)
            else:
                theta = max(1, theta * 7 // 10)
        return Peeled(tuple(lists), tuple(weights), self.left if self.left >= DONE else 0)

    def _room(self) -> tuple[Any, Any, Any]:
        """How far each row is from its two bounds, and each group from standing on every list."""
        import numpy as np

        rows = self.parts.counted(self.owed).astype(np.int64)
        loose_low, loose_high = self.has_low & ~self.tight, self.has_high & ~self.tight
        under = np.where(loose_low, np.maximum(0, rows - self.low * self.left), HUGE)
        above = np.where(loose_high, np.maximum(0, self.high * self.left - rows), HUGE)
        return under, above, np.maximum(0, self.parts.most * self.left - self.owed)

    def _sought(self, theta: int, some: int) -> tuple[bool, Any | None]:
        """Whether a list in parts can have this weight, and a whole one when one is found."""
        import numpy as np

        parts = self.parts
        under, above, spare = self._room()
        most = np.minimum(parts.most, self.owed // theta)
        least = np.maximum(parts.least, parts.most - spare // theta)
        low = np.where(self.has_high, self.high - np.minimum(above // theta, 1 << 40), -np.inf)
        high = np.where(self.has_low, self.low + np.minimum(under // theta, 1 << 40), np.inf)
        low = np.where(self.tight, self.low, np.maximum(parts.low, low))
        high = np.where(self.tight, self.high, np.minimum(parts.high, high))
        if bool((low > high).any()) or bool((least > most).any()):
            return False, None
        parts.want(self.owed / self.left / parts.most)
        parts.limit(least, most)
        parts.bound(low, high)
        found = parts.run()
        if found is None:
            return False, None
        return True, parts.whole(found[0], found[1], (least, most, low, high), some)

    def _most(self, counts: Any) -> int:
        """The greatest weight this list can have."""
        import numpy as np

        parts = self.parts
        under, above, spare = self._room()
        rows = parts.counted(counts).astype(np.int64)
        limits = [self.left]
        for room, taken, bounded in (
            (self.owed, counts, counts > 0),
            (spare, parts.most - counts, counts < parts.most),
            (under, rows - self.low, self.has_low & ~self.tight & (rows > self.low)),
            (above, self.high - rows, self.has_high & ~self.tight & (rows < self.high)),
        ):
            if bounded.any():
                limits.append(int((room[bounded] // taken[bounded]).min()))
        return max(1, min(limits))
