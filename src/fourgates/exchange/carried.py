"""A nomination carried through the levels (逐级推荐): from the branch that named somebody to the county's decision."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import msgspec

from fourgates import judging, nominations, review
from fourgates.events import ListProposed
from fourgates.exchange.popolo import put_forward
from fourgates.exchange.source import Origin, Source, origin
from fourgates.gates.finding import Outcome


class _Station(msgspec.Struct, frozen=True, tag_field="station", tag=str.lower):
    """One station; which one is said by ``station``."""


class Named(_Station, frozen=True):
    """A branch put the name forward at a meeting or in a box: day, members due and present, members behind the name,
    whether it counts, and the entry of the record."""

    branch: str
    day: date
    due: int
    present: int
    members: int
    counts: bool
    entry: int


class Tallied(_Station, frozen=True):
    """The committee's tally: branches and members behind the name, how many names have more support, of how many."""

    committee: str
    branches: int
    members: int
    above: int
    of: int
    entry: int


class Voted(_Station, frozen=True):
    """A committee's vote: day, due and present, for, against, abstained, whether it was to go up, whether it went up,
    whether a reason was written where it was not to, and the rules by which it did not."""

    committee: str
    day: date
    due: int
    present: int
    votes_for: int
    against: int
    abstained: int
    up: bool
    went_up: bool
    reason: bool
    rules: tuple[str, ...]
    entry: int


class Judged(_Station, frozen=True):
    """The gates that judge a person, and the committee's procedure, which has to be met too."""

    standard: Outcome
    integrity: Outcome
    bars: tuple[str, ...]
    pending: tuple[str, ...]
    procedure: bool
    entry: int


class Listed(_Station, frozen=True):
    """Whether the person could stand on the county's list, and stands on the one proposed."""

    eligible: bool
    proposed: bool
    entry: int


class Decided(_Station, frozen=True):
    """The county committee's vote."""

    day: date
    due: int
    present: int
    votes_for: int
    against: int
    abstained: int
    up: bool
    entry: int


class Nomination(msgspec.Struct, frozen=True, omit_defaults=True):
    """One person put forward, and every station reached, in order; ``name`` only where names were asked for."""

    person: str
    stations: tuple[Named | Tallied | Voted | Judged | Listed | Decided, ...]
    name: str = ""


class Nominations(msgspec.Struct, frozen=True):
    """Every nomination of a selection, by the ids of the persons."""

    origin: Origin
    nominations: tuple[Nomination, ...]


def write(source: Source) -> bytes:
    """The nominations as JSON, UTF-8."""
    built = Nominations(
        origin(source),
        tuple(
            Nomination(id_, tuple(_stations(source, id_)), source.called(id_) if source.people else "")
            for id_ in put_forward(source.selection.facts)
        ),
    )
    return msgspec.json.format(msgspec.json.encode(built), indent=1) + b"\n"


def _stations(source: Source, id_: str) -> Iterator[Named | Tallied | Voted | Judged | Listed | Decided]:
    facts = source.selection.facts
    plan = facts.rulebook()
    counted = judging.filed(facts)
    for branch in facts.register().branches():
        held = counted.get(branch.name, ())
        for met in dict.fromkeys((*facts.filed.get(branch.name, ()), *held)):
            counts = met in held and nominations.valid(met, plan)
            entry = source.nominated(branch.name, met)
            for name in met.names:
                if name.person == id_:
                    yield Named(branch.name, met.day, met.due, met.present, name.members, counts, entry)
    for unit in facts.register().committees():
        lines = judging.tallied(facts, unit.name)
        for line in lines:
            if line.person == id_:
                above = sum(other.support > line.support for other in lines)
                entry = source.entry("TallyCounted", unit.name)
                yield Tallied(unit.name, line.branches, line.members, above, len(lines), entry)
        yield from _votes(source, unit.name, id_)
    if id_ in judging.sent_up(facts):
        judged = judging.person(facts, id_)
        gate = judged.integrity
        lawful = not judging.deviations(facts, judged.committee)
        entry = source.entry("PersonJudged", id_)
        yield Judged(judged.standard, gate.outcome, gate.bars, gate.pending, lawful, entry)
        number, standing = source.selection.results.get(("List", ""), (0, None))
        proposed = isinstance(standing, ListProposed) and id_ in standing.slate.chosen
        yield Listed(id_ in judging.eligible(facts), proposed, number)
    for sitting, vote in _of(facts.decided or (), id_):
        yield Decided(
            sitting.day, sitting.due, sitting.present, vote.votes_for, vote.against, vote.abstained, vote.up,
            source.entry("CountyDecided"),
        )  # fmt: skip


def _of(sittings: tuple[review.Sitting, ...], id_: str) -> Iterator[tuple[review.Sitting, review.Vote]]:
    return ((sitting, vote) for sitting in sittings for vote in sitting.votes if vote.person == id_)


def _votes(source: Source, committee: str, id_: str) -> Iterator[Voted]:
    facts = source.selection.facts
    carried = judging.carried(facts)
    rules = tuple(
        sorted(
            {fault.rule for fault in carried.faults if (fault.committee, fault.person) == (committee, id_)}
        )
    )
    for sitting, vote in _of(facts.reviews.get(committee, ()), id_):
        yield Voted(
            committee, sitting.day, sitting.due, sitting.present, vote.votes_for, vote.against, vote.abstained,
            vote.up, id_ in carried.up.get(committee, ()), bool(vote.reason), rules,
            source.entry("CommitteeReviewed", committee),
        )  # fmt: skip
