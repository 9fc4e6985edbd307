"""The figures in one file (汇总): ``summary.json``, with exactly the keys other programs rely on.

It is the county's own private file: the only one in which persons stand by citizen number.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from fourgates import judging, names
from fourgates.bundle import Head
from fourgates.events import ListImpossible, ListProposed
from fourgates.facts import Facts
from fourgates.gates import procedure, structure
from fourgates.i18n import _
from fourgates.papers.people import People
from fourgates.participation import Rate
from fourgates.tally import Line

_LAST = 99  # more strokes than any surname has


class Units(msgspec.Struct, frozen=True):
    """How many organisations and members there are."""

    committees: int
    township: int
    county_direct: int
    branches: int
    members: int
    with_rights: int


class Share(msgspec.Struct, frozen=True):
    """How many took part, of how many, and the printed rate."""

    took_part: int
    of: int
    rate: str


class Members(msgspec.Struct, frozen=True):
    """The same for members, by channel, with those absent."""

    took_part: int
    of: int
    rate: str
    by_channel: dict[str, int]
    absent: list[str]


class Satisfied(msgspec.Struct, frozen=True):
    """How many answered satisfied, of how many forms returned."""

    satisfied: int
    of: int
    rate: str


class Participation(msgspec.Struct, frozen=True):
    """Participation of organisations and members, and satisfaction (null while no forms came in)."""

    organisations: Share
    members: Members
    satisfaction: Satisfied | None


class Quota(msgspec.Struct, frozen=True):
    """Names allotted and sent up, how many times, and whether that is strictly more than asked."""

    allotted: int
    sent_up: int
    times: str
    more_than_times: bool


class Supported(msgspec.Struct, frozen=True):
    """A nominee with the branches and members behind the name."""

    id: str
    branches: int
    members: int


class Standard(msgspec.Struct, frozen=True):
    """Who met the political standard and who did not; who is in neither has not been assessed."""

    met: list[str]
    not_met: list[str]


class Integrity(msgspec.Struct, frozen=True):
    """Who met integrity and discipline, who is barred by what, and what is still open for whom."""

    met: list[str]
    not_met: dict[str, list[str]]
    pending: dict[str, list[str]]


class Procedure(msgspec.Struct, frozen=True):
    """Committees that met the procedure, and the deviations of the others."""

    met: list[str]
    not_met: dict[str, list[str]]


class Structure(msgspec.Struct, frozen=True):
    """Whether a lawful list exists, its support, the list, and how many on it bear each tag of the plan."""

    feasible: bool
    branches: int | None
    members: int | None
    list: Sequence[str]
    tags: dict[str, int]


class Gates(msgspec.Struct, frozen=True):
    """The four gates."""

    standard: Standard
    integrity: Integrity
    procedure: Procedure
    structure: Structure


class Decision(msgspec.Struct, frozen=True):
    """The county's decision: lawful or not, the list decided, and who of the proposed list it leaves out."""

    lawful: bool
    list: Sequence[str]
    instead_of: Sequence[str]


class Departments(msgspec.Struct, frozen=True):
    """Departments asked, and those whose reply came."""

    asked: int
    answered: int


class Record(msgspec.Struct, frozen=True):
    """Entries of the record, its last seal, and whether it was replayed and holds."""

    entries: int
    head: str
    holds: bool


class Summary(msgspec.Struct, frozen=True):
    """Every figure of one selection."""

    units: Units
    participation: Participation
    quota: Quota
    tally: dict[str, list[Supported]]
    gates: Gates
    decision: Decision | None
    departments: Departments
    problems: int
    record: Record


def times(part: int, whole: int) -> str:
    """How many times ``whole`` goes into ``part``, one decimal, half up."""
    tenths = (20 * part + whole) // (2 * whole)
    return f"{tenths // 10}.{tenths % 10}"


def said(deviation: procedure.Deviation) -> str:
    """A deviation as one sentence."""
    sentences = {
        "6.1": _("{unit}缺少{step}"),
        "6.2": _("{step}不在规定时间内"),
        "6.3": _("{step}早于{other}"),
        "6.4": _("{unit}没有有效的推荐会议"),
        "6.5": _("{unit}{step}没有早于推荐会议"),
    }
    return sentences[deviation.rule].format(unit=deviation.unit, step=deviation.step, other=deviation.other)


def ranked(lines: Sequence[Line], people: People) -> list[Line]:
    """Tally lines by branches, then members, then surname strokes where the names are at hand."""
    return sorted(
        lines,
        key=lambda line: (
            -line.branches,
            -line.members,
            names.sort_key(people.name(line.person)),
            line.person,
        ),
    )


def _place(line: Line, people: People) -> tuple[int, int, int, str]:
    """Where a line stands in this file: by branches, members, strokes of the surname (a name without one last), number."""
    name = people.name(line.person)
    whole = names.DOT in names.key(name) or names.unknown([name]) is not None
    strokes = _LAST if whole else names.surname_strokes(name)
    return -line.branches, -line.members, strokes, people.number(line.person)


def build(
    facts: Facts,
    people: People,
    proposed: ListProposed | ListImpossible | None,
    problems: int,
    answered: int,
    head: Head,
) -> Summary:
    """The summary of where things stand; ``head`` of a record that was just replayed."""
    tree, plan, roster = facts.register(), facts.rulebook(), facts.roster()
    counted, satisfied = judging.counted(facts), judging.satisfaction(facts)
    up = judging.sent_up(facts)
    chosen = proposed.slate.chosen if isinstance(proposed, ListProposed) else ()
    committees = tree.committees()
    return Summary(
        units=Units(
            committees=len(committees),
            township=sum(unit.sector == "township" for unit in committees),
            county_direct=sum(unit.sector == "county_direct" for unit in committees),
            branches=len(tree.branches()),
            members=len(roster.members),
            with_rights=len(roster.rights),
        ),
        participation=Participation(
            organisations=Share(*_rate(counted.organisations)),
            members=Members(
                *_rate(counted.members),
                dict(counted.by_channel),
                sorted(people.number(i) for i in counted.absent),
            ),
            satisfaction=None if satisfied is None else Satisfied(*_rate(satisfied)),
        ),
        quota=Quota(
            allotted=plan.quota.allotted,
            sent_up=len(up),
            times=times(len(up), plan.quota.allotted),
            more_than_times=len(up) > plan.quota.more_than_times * plan.quota.allotted,
        ),
        tally={
            unit.name: [
                Supported(people.number(line.person), line.branches, line.members)
                for line in sorted(judging.tallied(facts, unit.name), key=lambda line: _place(line, people))
            ]
            for unit in committees
        },
        gates=Gates(
            standard=_standard(facts, people),
            integrity=_integrity(facts, people),
            procedure=_procedure(facts),
            structure=_structure(facts, people, proposed),
        ),
        decision=_decision(facts, people, chosen),
        departments=Departments(len(plan.integrity.departments), answered),
        problems=problems,
        record=Record(head.entries, head.head, holds=True),
    )


def _rate(rate: Rate) -> tuple[int, int, str]:
    return rate.part, rate.whole, str(rate)


def _standard(facts: Facts, people: People) -> Standard:
    judged = {id_: judging.person(facts, id_).standard for id_ in judging.sent_up(facts)}
    return Standard(
        *(
            sorted(people.number(id_) for id_, outcome in judged.items() if outcome == wanted)
            for wanted in ("met", "not_met")
        )
    )


def _integrity(facts: Facts, people: People) -> Integrity:
    judged = {people.number(id_): judging.person(facts, id_).integrity for id_ in judging.sent_up(facts)}
    return Integrity(
        met=sorted(number for number, one in judged.items() if one.outcome == "met"),
        not_met={number: list(one.bars) for number, one in judged.items() if one.outcome == "not_met"},
        pending={number: list(one.pending) for number, one in judged.items() if one.outcome == "pending"},
    )


def _procedure(facts: Facts) -> Procedure:
    judged = {unit.name: judging.deviations(facts, unit.name) for unit in facts.register().committees()}
    return Procedure(
        met=sorted(name for name, found in judged.items() if not found),
        not_met={name: [said(one) for one in found] for name, found in judged.items() if found},
    )


def _structure(facts: Facts, people: People, proposed: ListProposed | ListImpossible | None) -> Structure:
    tags = [share.tag for share in facts.rulebook().structure.share]
    if not isinstance(proposed, ListProposed):
        return Structure(False, None, None, [], dict.fromkeys(tags, 0))
    chosen, support = proposed.slate.chosen, proposed.slate.support
    return Structure(
        True,
        support[0],
        support[1],
        sorted(people.number(id_) for id_ in chosen),
        structure.count(tags, chosen, judging.eligible(facts)),
    )


def _decision(facts: Facts, people: People, proposed: Sequence[str]) -> Decision | None:
    judged = judging.decision(facts)
    if judged is None:
        return None
    return Decision(
        judged.lawful,
        sorted(people.number(id_) for id_ in judged.people),
        sorted(people.number(id_) for id_ in proposed if id_ not in judged.people),
    )


def spell(summary: Summary) -> bytes:
    """The file: readable JSON in UTF-8 with the keys in the order of the contract."""
    return msgspec.json.format(msgspec.json.encode(summary), indent=1) + b"\n"
