"""What adds up to a figure (合计的各行): units of the level below, each with a figure of its own that opens, or persons."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from fourgates import judging, oversight
from fourgates.report.figures import Figure, Report
from fourgates.report.membership import KINDS, taken
from fourgates.units import Unit
from fourgates.web import figures
from fourgates.web.access import Room


@dataclass(frozen=True, slots=True)
class Addend:
    """A row: the unit or the person it is about, what it adds to the figure and to its denominator (``None`` where that is not
    a sum of rows), and the address of the figure it opens to (empty: the page of the unit or the person)."""

    about: str
    part: int
    whole: int | None = None
    key: str = ""
    person: bool = False
    said: str = ""


ROLLED: Mapping[str, str] = {
    "organisations": "organisations",
    "members": "members",
    "satisfaction": "satisfaction",
    "unit-branches": "unit-branches",
    "funnel-0": "unit-with-rights",
    "funnel-1": "members",
    "funnel-2": "put-forward",
    **{f"unit-{name.replace('_', '-')}": f"unit-{name.replace('_', '-')}" for name in KINDS},
}
"""The county's figures that are those of its committees added up, with what they are called there; and the channels."""
COUNTED = ("unit-committees", "unit-township", "unit-county-direct")


def of(room: Room, key: str, unit: Unit, figure: Figure) -> tuple[Addend, ...]:
    """The rows of the figure ``key`` of ``unit``; none of those that are one count that nobody took apart."""
    if key == "missing":
        return tuple(_persons(figure.people, figure.people, shared=False))
    if key.startswith("gap-"):
        return tuple(_named(room, unit, figure.label))
    if unit.kind == "branch":
        return tuple(_of_branch(room, key, unit, figure))
    if unit.kind == "county":
        return tuple(_of_county(room, key, figure))
    return tuple(_of_committee(room, key, unit, figure))


def adds_up(figure: Figure, rows: Sequence[Addend]) -> tuple[int, int | None]:
    """What the rows come to; the denominator is ``None`` where it is not their sum: a number of the plan, or none at all."""
    wholes = [row.whole for row in rows if row.whole is not None]
    counted = bool(rows) and figure.whole is not None and len(wholes) == len(rows)
    return sum(row.part for row in rows), sum(wholes) if counted else None


def _of_county(room: Room, key: str, figure: Figure) -> Iterable[Addend]:
    report = room.report
    rolled = key if key.startswith("channel-") else ROLLED.get(key, "")
    if rolled:
        for one in report.committees:
            own = figures.of_committee(room, one).get(rolled)
            if own is not None:
                yield Addend(one.unit.name, own.part, own.whole, rolled)
    elif key in COUNTED:
        sector = key.removeprefix("unit-").replace("-", "_")
        for one in report.committees:
            if sector in ("committees", one.unit.sector):
                yield Addend(one.unit.name, 1)
    elif key == "procedure":
        for one in report.committees:
            yield Addend(one.unit.name, int(not one.deviations), 1)
    elif key == "slow":
        yield from (Addend(name, 1, key="members") for name in figure.units)
    else:
        base, counted, shared = _people(report)[key]
        yield from _persons(base, counted, shared=shared)


def _people(report: Report) -> Mapping[str, tuple[Iterable[str], Iterable[str], bool]]:
    """The county's figures of persons: out of whom, who counts, and whether those are the denominator."""
    up, structure = tuple(report.people), report.structure
    standard, integrity = report.standard.people, report.integrity.people
    both = tuple(id_ for id_ in integrity if id_ in standard)
    nominees = tuple(dict.fromkeys(id_ for one in report.committees for id_ in one.behind))
    return {
        "sent-up": (up, up, False),
        "standard": (up, standard, True),
        "integrity": (up, integrity, True),
        "eligible": (up, structure.eligible, True),
        "structure": (structure.chosen, structure.chosen, False),
        "funnel-3": (nominees, nominees, False),
        "funnel-4": (nominees, up, True),
        "funnel-5": (up, standard, True),
        "funnel-6": (standard, both, True),
        "funnel-7": (both, structure.eligible, True),
        "funnel-8": (structure.eligible, structure.chosen, True),
    }


def _of_committee(room: Room, key: str, unit: Unit, figure: Figure) -> Iterable[Addend]:
    if key == "sent-up":
        yield from _persons(figure.people, figure.people, shared=False)
        return
    for branch in room.tree.branches(unit.name):
        if key == "held":
            if room.facts.roster().of_branch.get(branch.name):
                yield Addend(branch.name, int(branch.name not in figure.units), 1, "put-forward")
            continue
        own = figures.of_branch(room, branch).get(key)
        if own is not None and not (own.whole == 0 and own.part == 0):
            yield Addend(branch.name, own.part, own.whole, _opened(key))


def _opened(key: str) -> str:
    """What a branch's row opens to: whether a branch took part is seen from its members, and what is one count from its page."""
    if key in ("satisfaction", "unit-branches"):
        return ""
    return "members" if key == "organisations" else key


def _of_branch(room: Room, key: str, unit: Unit, figure: Figure) -> Iterable[Addend]:
    facts = room.facts
    if key == "put-forward":
        names = figures.put_forward(room, unit.name)
        yield from (Addend(id_, times, person=True) for id_, times in sorted(names.items()))
    elif key == "members" or key.startswith("channel-"):
        marks, due = judging.marks(facts), set(judging.due(facts).get(unit.name, ()))
        absent = set(figure.people) if key == "members" else set()
        for one in figures.ordered(room, unit):
            if one.id in due:
                mark = marks.get(one.id)
                said = mark.channel if mark else ""
                took = one.id not in absent if key == "members" else said == figure.label
                yield Addend(one.id, int(took), 1, person=True, said=said)
    elif (kind := key.removeprefix("unit-").replace("-", "_")) in KINDS and key.startswith("unit-"):
        for id_ in taken(kind, figures.ordered(room, unit), facts.roster()):
            yield Addend(id_, 1, person=True)
    elif key in ("organisations", "satisfaction", "unit-branches") and (figure.whole or figure.part):
        yield Addend(unit.name, figure.part, figure.whole, "members" if key == "organisations" else "")


def _named(room: Room, unit: Unit, tag: str) -> Iterable[Addend]:
    """Those named under a unit so far, and who of them counts for a requirement."""
    named = oversight.named(room.facts, unit.name)
    yield from _persons(named, {one for one in named if tag in oversight.tags(room.facts, one)}, shared=True)


def _persons(base: Iterable[str], counted: Iterable[str], *, shared: bool) -> Iterable[Addend]:
    """Those of ``base``, and who of them counts; ``shared``: they are the denominator."""
    found = set(counted)
    return (Addend(id_, int(id_ in found), 1 if shared else None, person=True) for id_ in base)


def seen(room: Room, rows: Iterable[Addend]) -> list[Addend]:
    """Those of the rows that the visitor may see."""
    every = tuple(rows)
    known = set(room.known(row.about for row in every if row.person))
    return [row for row in every if (row.about in known if row.person else room.sees(row.about))]
