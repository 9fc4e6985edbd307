"""Seats and names handed down level by level (名额分解): whole numbers, the rounding shown, adjustments with a reason.

By the largest remainder: each gets the whole part of its exact share; what is left goes one by one to the largest
remainders, equals in the order of the register.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Literal

import msgspec

from fourgates import plan
from fourgates.errors import Refused
from fourgates.plan import Structure
from fourgates.roster import Roster
from fourgates.units import Tree

Method = Literal["members", "organisations", "fixed"]


class Allotted(msgspec.Struct, frozen=True, array_like=True):
    """What one unit gets: its exact share, as ``7/3``, the whole number it was split into, an adjustment and the keyed
    digest of its reason, empty for none."""

    unit: str
    share: str
    split: int
    adjusted: int = 0
    reason: str = ""

    @property
    def number(self) -> int:
        """What the unit has in the end."""
        return self.split + self.adjusted


class Gap(msgspec.Struct, frozen=True, array_like=True):
    """A requirement of the structure against the persons named so far: the tag, at least and at most (``None``: no such
    bound), and how many of them bear it."""

    tag: str
    at_least: int | None
    at_most: int | None
    have: int


def under(unit: str, tree: Tree) -> tuple[str, ...]:
    """The units directly under one, in the order of the register."""
    return tuple(one.name for one in tree if one.parent == unit)


def weights(unit: str, method: Method, tree: Tree, roster: Roster) -> Mapping[str, int]:
    """What a total is split by: members with rights or branches of each unit directly under one."""
    found = dict.fromkeys(under(unit, tree), 0)
    for branch in tree.branches():
        weight = roster.of_branch.get(branch.name, 0) if method == "members" else 1
        for child in found.keys() & tree.above(branch.name):
            found[child] += weight
    return found


def split(total: int, by: Mapping[str, int], base: int = 0) -> tuple[Allotted, ...]:
    """``total`` split in proportion to ``by`` after an equal ``base`` for each (rule 13.2).

    ``Refused`` (13.2) when the base takes more than there is or there is nothing to split by.
    """
    rest, whole = total - base * len(by), sum(by.values())
    if base < 0 or rest < 0 or (rest and not whole):
        raise Refused("13.2", "名额{total}不够分，或者没有可以据以分配的数", total=total)
    exact = {unit: base + (Fraction(rest * weight, whole) if whole else 0) for unit, weight in by.items()}
    got = {unit: share.numerator // share.denominator for unit, share in exact.items()}
    largest = sorted(by, key=lambda unit: got[unit] - exact[unit])
    for unit in largest[: total - sum(got.values())]:
        got[unit] += 1
    return tuple(Allotted(unit, str(Fraction(exact[unit])), got[unit]) for unit in by)


def check(
    unit: str,
    total: int,
    method: Method,
    base: int,
    numbers: tuple[Allotted, ...],
    held: int | None,
    tree: Tree,
    roster: Roster,
) -> None:
    """Raises ``Refused`` when an allotment cannot be: not to the units directly under one (13.1), not what was received
    (13.1, ``held``), not what the method gives (13.2), an adjustment without a reason (13.3), sums that differ (13.4)."""
    if unit not in tree or tuple(one.unit for one in numbers) != under(unit, tree) or not numbers:
        raise Refused("13.1", "{unit}的名额应分给它的各下级党组织", unit=unit)
    if held is not None and total != held:
        raise Refused(
            "13.1", "{unit}分到{held}个名额，分出去的是{total}个", unit=unit, held=held, total=total
        )
    if method == "fixed":
        if any(one.share != str(one.split) for one in numbers):
            raise Refused("13.2", "按定数分配的，定数就是分得的数")
    else:
        due = split(total, weights(unit, method, tree, roster), base)
        if [(one.unit, one.share, one.split) for one in due] != [
            (one.unit, one.share, one.split) for one in numbers
        ]:
            raise Refused("13.2", "{unit}的名额按所写的方法算出来不是这些数", unit=unit)
    if any(one.adjusted and not one.reason for one in numbers) or min(one.number for one in numbers) < 0:
        raise Refused("13.3", "调整名额要写明理由，调整后不能为负")
    if sum(one.number for one in numbers) != total:
        raise Refused("13.4", "{unit}各下级的名额之和不等于{total}", unit=unit, total=total)


def gaps(
    structure: Structure, number: int, named: Iterable[frozenset[str]], shares: Mapping[str, Fraction]
) -> tuple[Gap, ...]:
    """Each requirement at the size ``number`` of a unit's own list against the tags of those named so far (rule 13.5).

    ``shares``: roster tag → its share among members. A minimum rounds up, a maximum down.
    """
    people = tuple(named)

    def at(text: str | None, tag: str, up: bool) -> int | None:
        return None if text is None else plan.bound(text, number, shares.get(tag, Fraction(0)), up=up)

    return tuple(
        Gap(
            share.tag,
            at(share.at_least, share.tag, True),
            at(share.at_most, share.tag, False),
            sum(share.tag in tags for tags in people),
        )
        for share in structure.share
    )
