"""The allotment cascade (名额分解): what each unit had, and what it handed down to the units directly under it."""

from __future__ import annotations

import msgspec

from fourgates.exchange.source import Origin, Source, origin


class Part(msgspec.Struct, frozen=True):
    """What one unit got: its exact share as a fraction, the whole number it was split into, the adjustment and whether a
    reason was written for it, and the number in the end."""

    unit: str
    share: str
    split: int
    adjusted: int
    reason: bool
    number: int


class Handed(msgspec.Struct, frozen=True):
    """One unit's allotment: what it split, its parts in the order of the register, and the entry."""

    unit: str
    total: int
    parts: tuple[Part, ...]
    entry: int


class Cascade(msgspec.Struct, frozen=True):
    """The names allotted by the plan, and every allotment that stands, from the county down."""

    origin: Origin
    allotted: int
    handed: tuple[Handed, ...]


def write(source: Source) -> bytes:
    """The cascade as JSON, UTF-8."""
    facts = source.selection.facts
    built = Cascade(
        origin(source),
        facts.rulebook().quota.allotted,
        tuple(
            Handed(
                unit.name,
                sum(one.number for one in facts.allotted[unit.name]),
                tuple(
                    Part(one.unit, one.share, one.split, one.adjusted, bool(one.reason), one.number)
                    for one in facts.allotted[unit.name]
                ),
                source.entry("SeatsAllotted", unit.name),
            )
            for unit in facts.register()
            if unit.name in facts.allotted
        ),
    )
    return msgspec.json.format(msgspec.json.encode(built), indent=1) + b"\n"
