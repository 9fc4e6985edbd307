"""A lottery over lawful lists (抽签产生名单): its lists with their weights, everybody's chance, and the one draw.

A list is drawn with the published seed, then inside each group of like persons those with the lowest tickets stand
on it; so persons alike in every respect have exactly equal chances. All in whole numbers: no solver, no fractions.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import msgspec
from msgspec.structs import replace

from fourgates.chance import Lots
from fourgates.errors import Broken
from fourgates.slate.check import check
from fourgates.slate.frame import frame
from fourgates.slate.model import Problem

TOTAL = 10**9
"""Weights are in billionths, so that a draw is one number below a billion."""


class Panel(msgspec.Struct, frozen=True, array_like=True):
    """One list of the lottery as numbers of each group, and its weight in ``TOTAL``."""

    weight: int
    counts: tuple[int, ...]


class Lottery(msgspec.Struct, frozen=True):
    """A lottery over lists (抽签方案). ``kind``: maximin · leximin · nash; panels in the order of their counts.

    ``never`` are the persons whom no lawful list has. ``bound`` says how even it could be at most, as found by the
    solver: for maximin and leximin the greatest smallest chance, in ``TOTAL``.
    """

    kind: str
    panels: tuple[Panel, ...]
    never: tuple[str, ...]
    bound: int


def chances(problem: Problem, lottery: Lottery) -> dict[str, Fraction]:
    """Everybody's chance to stand on the drawn list, exact; barred persons have none and are left out."""
    groups = frame(problem, supported=False).groups
    found: dict[str, Fraction] = {}
    for place, group in enumerate(groups):
        seats = sum(panel.weight * panel.counts[place] for panel in lottery.panels)
        for each in group.ids:
            found[each] = Fraction(seats, TOTAL * len(group.ids))
    return found


def draw(problem: Problem, lottery: Lottery, seed: str) -> tuple[str, ...]:
    """The list that the published seed draws, in the order of the tickets."""
    lots = replace(problem, seed=seed).lots().of("lottery")
    drawn = lots.below(TOTAL)
    for panel in lottery.panels:
        if drawn < panel.weight:
            return _persons(problem, panel.counts, lots)
        drawn -= panel.weight
    raise Broken(0, "S.8", "抽签方案的权重之和不符")


def verify(problem: Problem, lottery: Lottery) -> None:
    """Raise ``Broken`` unless every list of the lottery is lawful and the weights make up the whole."""
    if sum(panel.weight for panel in lottery.panels) != TOTAL:
        raise Broken(0, "S.8", "抽签方案的权重之和不符")
    groups = frame(problem, supported=False).groups
    for panel in lottery.panels:
        fits = len(panel.counts) == len(groups) and all(
            0 <= count <= len(group.ids) for count, group in zip(panel.counts, groups, strict=True)
        )
        if panel.weight <= 0 or not fits:
            raise Broken(0, "S.8", "抽签方案中的名单不符")
        if not check(problem, _persons(problem, panel.counts, Lots(""))).lawful:
            raise Broken(0, "S.8", "抽签方案中有不符合要求的名单")


def replacements(
    problem: Problem, drawn: Sequence[str], gone: Sequence[str], seed: str
) -> tuple[str, ...] | None:
    """Who follows when drawn persons drop out (递补): those who remain stay, and the earliest tickets that make the
    list lawful again are taken; None when no list with all who remain exists."""
    from fourgates.slate.solve import choose

    stay = tuple(each for each in drawn if each not in set(gone))
    people = tuple(replace(person, support=()) for person in problem.people)
    barred = tuple(dict.fromkeys((*problem.barred, *gone)))
    fixed = tuple(dict.fromkeys((*problem.fixed, *stay)))
    if set(fixed) & set(barred):
        return None
    slate = choose(replace(problem, people=people, fixed=fixed, barred=barred, seed=f"{seed}\nreplacements"))
    return None if slate is None else tuple(each for each in slate.chosen if each not in stay)


def _persons(problem: Problem, counts: Sequence[int], lots: Lots) -> tuple[str, ...]:
    groups = frame(problem, supported=False).groups
    chosen = [
        each for group, count in zip(groups, counts, strict=True) for each in lots.order(group.ids)[:count]
    ]
    return tuple(lots.order(chosen))
