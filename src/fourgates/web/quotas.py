"""What a unit has to fill (名额与差距), and how far those named so far are from the structure at that number."""

from __future__ import annotations

from dataclasses import dataclass

from fourgates import judging, oversight
from fourgates.allotment import Gap
from fourgates.i18n import _
from fourgates.units import Unit
from fourgates.web import figures
from fourgates.web.access import Room, key
from fourgates.web.listing import Head, Listing, Row, cell


def has(room: Room, unit: Unit) -> int | None:
    """What a unit has to hand down or to fill; ``None`` while nobody gave it anything."""
    told = {one.unit: one.number for numbers in room.facts.allotted.values() for one in numbers}
    return told.get(unit.name, judging.quotas(room.facts).get(unit.name))


@dataclass(frozen=True, slots=True)
class Distance:
    """A requirement against those named so far: how many are wanting, how many are too many, and where each number opens."""

    gap: Gap
    wanting: int
    over: int
    bound: str
    named: str


def gaps(room: Room, unit: Unit) -> list[Distance]:
    """Each requirement at the unit's own number against the persons named so far: how many are wanting, how many are too
    many. Nothing for a unit that nobody gave a number."""
    if unit.kind != "county" and not has(room, unit):
        return []
    bound = figures.entry(room, "PlanAdopted")
    of = "" if unit.kind == "county" else key(unit.name)
    return [
        Distance(
            gap,
            max(0, (gap.at_least or 0) - gap.have),
            max(0, gap.have - gap.at_most) if gap.at_most is not None else 0,
            bound,
            room.to("unit", of)
            if unit.kind == "general_branch"
            else room.to("figure", f"gap-{number}", of=of),
        )
        for number, gap in enumerate(oversight.gaps(room.facts, unit.name))
    ]


def lacking(room: Room, unit: Unit) -> Listing:
    """The gaps of a unit as a table to take away; the gap itself is negative where names are wanting."""
    heads = [Head(_("要求")), Head(_("不少于")), Head(_("不多于")), Head(_("已提名")), Head(_("差距"))]
    rows = [
        Row(
            [
                *map(
                    cell,
                    (_(one.gap.tag), one.gap.at_least, one.gap.at_most, one.gap.have, one.over - one.wanting),
                )
            ]
        )
        for one in gaps(room, unit)
    ]
    return Listing(_("与结构要求的差距"), heads, rows)
