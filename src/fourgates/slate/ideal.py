"""The most even chances that lists in parts could give (理想机会): no lottery over whole lists is more even.

With x_g persons of the n_g of group g on a list in parts, and π_g = x_g / n_g:

    leximin   greatest t with x_g = n_g t + s_g, s_g ≥ 0, for every open group; where the price of s_g shows that it
              is nothing in every such list, the group is held at t and no longer open; and so on
    Nash      greatest Σ_g n_g log π_g

Rows are few and groups many, so both take moments.
"""

from __future__ import annotations

from typing import Any

from fourgates.errors import Refused
from fourgates.slate.parts import Parts
from fourgates.slate.programme import Programme

TINY = 1e-9
DIGITS = 11
"""Chances are rounded to so many digits, so that the last bits of a machine's arithmetic decide nothing."""
STEPS = 200


def leximin(programme: Programme) -> Any | None:
    """The chance of each group in the leximin optimum over lists in parts; None when there are no such lists."""
    import numpy as np

    parts = Parts(programme, width=1)
    if not parts.possible:
        return None
    groups = parts.groups
    sizes = parts.most.astype(float)
    # Fixed persons stand on every list.
    held = np.where(parts.least > 0, 1.0, 0.0)
    still = parts.least > 0
    parts.want(np.append(np.zeros(groups), 1.0))
    capped: set[int] = set()
    chances = held.copy()
    while True:
        off = parts.counted(np.where(still, held * sizes, 0.0))
        parts.bound(parts.low - off, parts.high - off)
        parts.weigh(groups, parts.counted(np.where(still, 0.0, sizes)))
        parts.limit(np.zeros(groups + 1), np.append(np.where(still, 0.0, sizes), 1.0))
        found = parts.run()
        if found is None:
            if chances.any() and not np.array_equal(chances, held):
                raise Refused("S.9", "求解结果前后不一致")
            return None
        values, prices = found
        t = float(values[groups])
        over = ~still & (t * sizes + values[:groups] > sizes * (1 + TINY))
        fresh = [int(place) for place in np.flatnonzero(over) if int(place) not in capped]
        if fresh:
            # Nobody's chance is above one; few groups come near it, so only those get a row for that.
            for place in fresh:
                parts.cap({place: 1.0, groups: float(sizes[place])}, float(sizes[place]))
            capped |= set(fresh)
            continue
        chances = np.where(still, held, t + values[:groups] / sizes)
        away = np.where(still, 0.0, np.abs(prices[:groups]) * sizes)
        if t > 1 - TINY or still.all() or not away.max() > 0:
            return np.clip(np.round(chances, DIGITS), 0.0, 1.0)
        settled = away > min(TINY, away.max() / 2)
        held = np.where(settled, t, held)
        still = still | settled


def nash(programme: Programme, able: Any) -> Any:
    """The chances with the greatest product over lists in parts, of those ``able`` to have any: an interior-point search.

    With y the prices of the rows, u of x ≤ n and a, b of the rows' two bounds, the conditions are n/x = Aᵀy + u,
    y = b − a, and u (n − x) = a (Ax − low) = b (high − Ax) = μ; Newton's steps, μ to nothing.
    """
    import numpy as np

    parts = Parts(programme)
    free = able & (parts.least == 0)
    chances = np.where(parts.least > 0, 1.0, 0.0)
    if not free.any():
        return chances
    off = parts.counted(chances * parts.most)
    sizes = parts.most[free].astype(float)
    table = parts.table()[:, free]
    own = np.abs(table).sum(axis=1) > 0
    search = _Search(table[own], sizes, (parts.low - off)[own], (parts.high - off)[own])
    chances[free] = search.best() / sizes
    return np.clip(np.round(chances, DIGITS), 0.0, 1.0)


class _Search:
    """The interior-point search. Rows whose two bounds are one have a price of either sign and no slack."""

    def __init__(self, table: Any, sizes: Any, low: Any, high: Any) -> None:
        import numpy as np

        self.table, self.sizes = table, sizes
        self.equal = high - low < TINY
        self.low = np.where(self.equal, -np.inf, low)
        self.high = np.where(self.equal, np.inf, high)
        self.has_low, self.has_high = np.isfinite(self.low), np.isfinite(self.high)
        self.x = sizes * 0.5
        middle = np.where(
            self.has_low & self.has_high,
            (np.where(self.has_low, self.low, 0.0) + np.where(self.has_high, self.high, 0.0)) / 2,
            np.where(self.has_low, self.low + 1.0, np.where(self.has_high, self.high - 1.0, 0.0)),
        )
        self.s = np.where(self.equal, low, middle)
        self.y = np.zeros(len(low))
        self.u = np.ones(len(sizes))
        self.a = np.where(self.has_low, 1.0, 0.0)
        self.b = np.where(self.has_high, 1.0, 0.0)

    def best(self) -> Any:
        import numpy as np

        people = float(self.sizes.sum())
        for _ in range(STEPS):
            room = self.sizes - self.x
            under = np.where(self.has_low, self.s - self.low, 1.0)
            above = np.where(self.has_high, self.high - self.s, 1.0)
            pairs = len(room) + int(self.has_low.sum() + self.has_high.sum())
            gap = float(self.u @ room + self.a @ under + self.b @ above)
            cost = -self.sizes / self.x + self.table.T @ self.y + self.u
            shift = np.where(self.equal, 0.0, -self.y - self.a + self.b)
            miss = self.table @ self.x - self.s
            if (
                max(gap / people, np.abs(cost).max() / people, np.abs(shift).max(), np.abs(miss).max())
                < 1e-12
            ):
                break
            aim = 0.1 * gap / max(1, pairs)
            bent = self.sizes / self.x**2 + self.u / room
            right = cost + aim / room - self.u
            stiff = np.where(self.has_low, self.a / under, 0.0) + np.where(self.has_high, self.b / above, 0.0)
            left = shift - np.where(self.has_low, aim / under - self.a, 0.0)
            left = left + np.where(self.has_high, aim / above - self.b, 0.0)
            give = np.where(self.equal, 0.0, 1.0 / np.where(self.equal, 1.0, np.maximum(stiff, 1e-300)))
            system = (self.table / bent) @ self.table.T + np.diag(give)
            known = miss - self.table @ (right / bent) + give * left
            dy = np.linalg.lstsq(system, known, rcond=1e-14)[0]
            dx = -(right + self.table.T @ dy) / bent
            ds = np.where(self.equal, 0.0, give * (dy - left))
            du = aim / room - self.u + self.u / room * dx
            da = np.where(self.has_low, aim / under - self.a - self.a / under * ds, 0.0)
            db = np.where(self.has_high, aim / above - self.b + self.b / above * ds, 0.0)
            step = min(
                1.0,
                *(0.95 * _length(now, change) for now, change in ((self.x, dx), (room, -dx), (self.u, du))),
                0.95 * _length(under[self.has_low], ds[self.has_low]),
                0.95 * _length(above[self.has_high], -ds[self.has_high]),
                0.95 * _length(self.a[self.has_low], da[self.has_low]),
                0.95 * _length(self.b[self.has_high], db[self.has_high]),
            )
            self.x, self.s, self.y = self.x + step * dx, self.s + step * ds, self.y + step * dy
            self.u, self.a, self.b = self.u + step * du, self.a + step * da, self.b + step * db
        return self.x


def _length(now: Any, change: Any) -> float:
    falling = change < 0
    return float((now[falling] / -change[falling]).min()) if falling.any() else float("inf")
