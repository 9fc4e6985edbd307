"""Replay a proof that no list comes to more than a bound (最优性验证), in whole numbers and without a solver.

The idea, which a clerk can follow with a pencil: give each rule a price. A person's points are what we want to be
great, minus the prices of the rows the person counts in; the list may get back each row's price times its bound.
Any lawful list has at least as many points as it deserves, whatever the prices. Without the rows the best list is
plain: fill it one by one by points, at most so many from a unit. If that already comes to no more than the claim,
no lawful list does better. Where one set of prices is not enough, the proof splits: at most c of a group, or more.

For integer prices y (y_r > 0 uses the row's upper bound, y_r < 0 its lower), scale D and objective w:

    D · w·x ≤ Σ_r y_r b_r + max_{x in the simple part} Σ_g (D w_g − Σ_{r ∋ g} y_r) x_g        for every lawful x

An elastic side may be broken at a cost of 1 for each step, so the price of a step may not exceed D.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from fourgates.errors import Broken
from fourgates.slate.answer import Prices, Proof, Split
from fourgates.slate.programme import Programme

ANYTHING = 1 << 200

Bounding = Callable[[Prices, Any, Any], int | None]
"""The bound of one branch: prices, the least and the most of each group."""


@dataclass(frozen=True)
class Claim:
    """What a proof is about: the most that ``weights``·x can be, for lists with these support sums exactly.

    ``weights``, ``least`` and ``most`` have a whole number for each group, in a tuple or in an array; ``sums`` are the sums
    of the first supports, already proven best.
    """

    programme: Programme
    weights: Any
    least: Any
    most: Any
    sums: tuple[int, ...] = ()

    @property
    def width(self) -> int:
        """How many prices a leaf carries."""
        return len(self.programme.rows) + len(self.sums)


def claim(programme: Programme, weights: Sequence[int], sums: Sequence[int] = ()) -> Claim:
    """The claim over the whole programme, no group narrowed."""
    return Claim(
        programme,
        tuple(weights),
        tuple(group.least for group in programme.groups),
        tuple(len(group.ids) for group in programme.groups),
        tuple(sums),
    )


def fill(
    programme: Programme, points: Sequence[int], least: Sequence[int], most: Sequence[int]
) -> int | None:
    """The most points the simple part allows, or None when it cannot be filled at all.

    Greedy is exact here: the units are a partition, so any list built best first can be completed as well as any.
    """
    total = 0
    left = programme.longest
    needed = programme.shortest
    room = [programme.longest if programme.cap is None else programme.cap] * programme.units
    free: list[tuple[int, int, int]] = []
    for place, group in enumerate(programme.groups):
        forced = least[place]
        spare = most[place] - forced
        if spare < 0:
            return None
        if forced:
            total += forced * points[place]
            room[group.unit] -= forced
            left -= forced
            needed -= forced
        if spare:
            free.append((points[place], spare, group.unit))
    if left < 0 or min(room, default=0) < 0:
        return None
    free.sort(reverse=True)
    for worth, spare, unit in free:
        if left == 0 or (worth <= 0 and needed <= 0):
            break
        take = min(spare, room[unit], left if worth > 0 else needed)
        if take > 0:
            total += take * worth
            room[unit] -= take
            left -= take
            needed -= take
    return None if needed > 0 else total


def reckon(asked: Claim, leaf: Prices, least: Sequence[int], most: Sequence[int]) -> int | None:
    """The bound these prices prove inside the given limits; None where they prove that nothing fits at all.

    A scale of 0 leaves the weights out: prices that make even an empty wish come to less than nothing show that
    no list exists here. Where they do not, anything is possible and the bound says so.
    """
    programme = asked.programme
    scale = leaf.scale
    back = given_back(asked, leaf)
    own = leaf.prices[len(programme.rows) :]
    prices = leaf.prices
    points = []
    for group, weight in zip(programme.groups, asked.weights, strict=True):
        worth = scale * weight
        for row_place, count in group.rows:
            worth -= prices[row_place] * count
        for price, value in zip(own, group.support, strict=False):
            worth -= price * value
        points.append(worth)
    best = fill(programme, points, least, most)
    if best is None:
        return None
    if scale == 0:
        return None if best + back < 0 else ANYTHING
    return (best + back) // scale


def given_back(asked: Claim, leaf: Prices) -> int:
    """What the list gets back at these prices; ``Broken`` where they are no prices of these rows."""
    programme = asked.programme
    if leaf.scale < 0 or len(leaf.prices) != asked.width:
        raise Broken(0, "S.8", "证明中的价格与要求不相符")
    back = 0
    for row, price in zip(programme.rows, leaf.prices, strict=False):
        if price == 0:
            continue
        side, elastic = (row.high, row.high_elastic) if price > 0 else (row.low, row.low_elastic)
        if side is None or (elastic and abs(price) * row.step > leaf.scale):
            raise Broken(0, "S.8", "证明中的价格与要求不相符")
        back += price * side
    own = leaf.prices[len(programme.rows) :]
    return back + sum(price * value for price, value in zip(own, asked.sums, strict=True))


def replay(asked: Claim, proof: Proof, bounding: Bounding | None = None) -> None:
    """Walk the tree of a proof; raise ``Broken`` unless every branch stays within its bound.

    ``bounding`` reckons a branch; plainly where it is not given.
    """
    least: Any = list(asked.least) if bounding is None else asked.least.copy()
    most: Any = list(asked.most) if bounding is None else asked.most.copy()
    waiting: list[tuple[int, int, int]] = [(-1, 0, 0)]
    undo: list[tuple[int, int, int]] = []
    place = 0
    # Each waiting entry is (group, least, most) to narrow; -2 marks where a narrowing ends.
    while waiting:
        group, low, high = waiting.pop()
        if group == -2:
            group, low, high = undo.pop()
            least[group], most[group] = low, high
            continue
        if group >= 0:
            undo.append((group, least[group], most[group]))
            waiting.append((-2, 0, 0))
            least[group], most[group] = max(low, least[group]), min(high, most[group])
        if place >= len(proof.steps):
            raise Broken(0, "S.8", "证明不完整")
        step = proof.steps[place]
        place += 1
        if isinstance(step, Split):
            if not 0 <= step.group < len(least):
                raise Broken(0, "S.8", "证明中没有这一组人选")
            waiting.append((step.group, step.count + 1, most[step.group]))
            waiting.append((step.group, least[step.group], step.count))
            continue
        bound = reckon(asked, step, least, most) if bounding is None else bounding(step, least, most)
        if bound is not None and bound > proof.bound:
            raise Broken(0, "S.8", "证明的界限不成立：{bound}", bound=proof.bound)
    if place != len(proof.steps):
        raise Broken(0, "S.8", "证明有多余的步骤")
