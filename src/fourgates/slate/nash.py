"""The lottery with the greatest product of chances (纳什均等), by an interior-point search over the lists in hand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from fourgates.errors import Refused
from fourgates.slate.panels import CLOSE, Desk

ROUNDS = 20_000
NEAR = 8


def nash(desk: Desk, open_groups: Sequence[int]) -> tuple[list[float], float]:
    """The weights of the lists with the greatest product of chances, and the smallest chance.

    At the best lottery Σ_g x_g / π_g is the number of people for every list used and no more for any other.
    """
    import numpy as np

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


def _worth(desk: Desk, open_groups: Sequence[int], chance: Any) -> list[float]:
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
