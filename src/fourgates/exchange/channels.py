"""Participation by channel (参与方式): every rate with both numbers and its list, unit by unit, and every member's mark."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import msgspec

from fourgates import judging, participation
from fourgates.exchange.source import Origin, Source, origin
from fourgates.participation import Rate
from fourgates.units import Kind


class Unit(msgspec.Struct, frozen=True):
    """One branch, committee or the county: those entitled, those who took part, by which channel."""

    unit: str
    kind: Kind
    members: Rate
    by_channel: dict[str, int]


class Marked(msgspec.Struct, frozen=True, omit_defaults=True):
    """One member who is entitled: the branch, the channel (empty while nothing was marked), the day, and the entry that says
    so: the committee's sheet, a single mark, a meeting's attendance or the closing of a box; 0 while nothing was marked."""

    person: str
    branch: str
    channel: str
    day: date | None
    entry: int
    name: str = ""


class Participation(msgspec.Struct, frozen=True):
    """Who took part and how. ``absent_word`` is the channel that means not taking part; ``probationary`` whether
    probationary members are in the denominator; ``silent`` the branches in which nobody took part."""

    origin: Origin
    channels: tuple[str, ...]
    absent_word: str
    probationary: bool
    organisations: Rate
    silent: tuple[str, ...]
    units: tuple[Unit, ...]
    members: tuple[Marked, ...]


def write(source: Source) -> bytes:
    """Participation as JSON, UTF-8."""
    facts = source.selection.facts
    rule = facts.rulebook().participation
    counted = judging.counted(facts)
    marked = list(_members(source))
    built = Participation(
        origin(source), rule.channels, rule.absent, rule.counts_probationary, counted.organisations,
        counted.silent, tuple(_units(source, marked)), tuple(marked),
    )  # fmt: skip
    return msgspec.json.format(msgspec.json.encode(built), indent=1) + b"\n"


def _members(source: Source) -> Iterator[Marked]:
    facts = source.selection.facts
    roster, tree = facts.roster(), facts.register()
    marks = judging.marks(facts)
    for id_ in sorted(participation.entitled(roster, facts.rulebook().participation)):
        branch = roster.members[id_].branch
        mark = marks.get(id_)
        channel, day = (mark.channel, mark.day) if mark else ("", None)
        entry = source.marked(id_, tree.committee_of(branch), mark) if mark else 0
        yield Marked(id_, branch, channel, day, entry, source.called(id_) if source.people else "")


def _units(source: Source, marked: list[Marked]) -> Iterator[Unit]:
    facts = source.selection.facts
    tree, channels = facts.register(), facts.rulebook().participation.channels
    for unit in tree:
        inside = [one for one in marked if unit.kind == "county" or unit.name in tree.above(one.branch)]
        by_channel = {channel: sum(one.channel == channel for one in inside) for channel in channels}
        yield Unit(unit.name, unit.kind, Rate(sum(by_channel.values()), len(inside)), by_channel)
