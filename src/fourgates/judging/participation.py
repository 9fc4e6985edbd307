"""Who took part (参与的认定): every mark from every source, the one that counts, what contradicts it, and the turnout.

A selection has a mark of every member and gets them one by one: where a few were added to what was worked out before, these
members and their branches are worked out again and the others are as they were.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from fourgates import ballots, convening, marking, participation
from fourgates.arrangements import Meetings
from fourgates.ballots import Box
from fourgates.convening import Meeting
from fourgates.facts import Facts
from fourgates.judging.memo import again, earlier_of, remembered
from fourgates.layered import Layered
from fourgates.participation import Counted, Days, Mark, Rate, Survey, Turnout


class _Outcome(NamedTuple):
    """What marks come to: id → the mark that counts, id → open conflict, branch → turnout, branch → turnout by day."""

    marks: Mapping[str, Mark]
    open: Mapping[str, marking.Conflict]
    turnout: Mapping[str, Turnout]
    days: Mapping[str, Days]


class _Overlay(NamedTuple):
    """An outcome with what it was worked out from: single marks, settlements, and everything else."""

    sources: tuple[Any, ...]
    acts: Layered[str, Mapping[str, Mark]]
    settled: Layered[str, marking.Settled]
    outcome: _Outcome


@remembered
def due(facts: Facts) -> Mapping[str, tuple[str, ...]]:
    """Who counts for participation (rule 2.5), by branch: ids in ascending order."""
    given = (facts.roster(), facts.rulebook().participation)
    return again(facts, ("due", ""), participation.due_by_branch, *given)


def turnout(facts: Facts) -> Mapping[str, Turnout]:
    """How many of each branch took part, and who did not (rules 2.5, 2.11)."""
    return _overlay(facts).turnout


def by_day(facts: Facts) -> Mapping[str, Days]:
    """How many of each branch took part on which day by which channel (rules 2.5, 2.11)."""
    return _overlay(facts).days


def marks(facts: Facts) -> Mapping[str, Mark]:
    """The mark of every member that counts, whatever sources it was gathered from: id → mark (rule 2.11), in no order."""
    return _overlay(facts).marks


@remembered
def conflicts(facts: Facts) -> tuple[marking.Conflict, ...]:
    """Members marked by two channels, until two persons settle it (rules 2.11, 2.12), by id."""
    return tuple(sorted(_overlay(facts).open.values()))


@remembered
def counted(facts: Facts) -> Counted:
    """Participation of organisations and members (rules 2.4, 2.5, 2.11)."""
    given = (turnout(facts), facts.register(), facts.rulebook().participation)
    return again(facts, ("counted", ""), participation.counted, *given)


@remembered
def acts(facts: Facts) -> marking.Acts:
    """Every mark of every member, from the sheets, one by one, and from the lists of signed meetings: id → source → mark, in
    no order."""
    return marking.gathered(_sheets(facts), facts.acts, _taken(facts))


def said(facts: Facts, person: str) -> Mapping[str, Mark]:
    """Every mark of one member: source → mark."""
    sheet = _sheets(facts).get(person)
    own = {marking.SHEET: sheet} if sheet is not None else {}
    return {**own, **facts.acts.get(person, {}), **_taken(facts).get(person, {})}


@remembered
def _overlay(facts: Facts) -> _Outcome:
    """Onward from what was worked out before, where it came from the same but for some members; else from the beginning."""
    rule, earlier = facts.rulebook().participation, earlier_of(facts)
    sources = (_sheets(facts), _taken(facts), due(facts), rule)
    known: _Overlay | None = earlier.get(("overlay", ""))
    changed = None
    if known is not None and all(now is before for now, before in zip(sources, known.sources, strict=True)):
        changed = _changed(facts, known)
    if known is None or changed is None:
        marks, open_ = marking.overlaid(acts(facts), facts.settled, rule)
        whole = (due(facts), marks, rule)
        outcome = _Outcome(marks, open_, participation.turnout(*whole), participation.by_day(*whole))
    else:
        outcome = _onward(facts, known.outcome, changed)
    earlier[("overlay", "")] = _Overlay(sources, facts.acts.seen(), facts.settled, outcome)
    return outcome


def _changed(facts: Facts, known: _Overlay) -> set[str] | None:
    """Whose marks may be others than they were; ``None`` where that is not known."""
    marked, settled = facts.acts.since(known.acts), facts.settled.since(known.settled)
    return None if marked is None or settled is None else {*marked, *settled}


def _onward(facts: Facts, known: _Outcome, people: set[str]) -> _Outcome:
    """The outcome with the marks of ``people`` and the turnout of their branches worked out again."""
    rule, members, by_branch = facts.rulebook().participation, facts.roster().members, due(facts)
    own = {person: marks for person in people if (marks := said(facts, person))}
    fresh, conflicts = marking.overlaid(own, facts.settled, rule)
    marks = {**known.marks, **fresh}
    for person in people - fresh.keys():
        marks.pop(person, None)
    open_ = {person: one for person, one in known.open.items() if person not in people}
    branches = by_branch.keys() & {members[person].branch for person in people if person in members}
    some = ({branch: by_branch[branch] for branch in branches}, marks, rule)
    return _Outcome(
        marks,
        {**open_, **conflicts},
        {**known.turnout, **participation.turnout(*some)},
        {**known.days, **participation.by_day(*some)},
    )


@remembered
def _sheets(facts: Facts) -> Mapping[str, Mark]:
    """The marks of the committees' sheets: id → mark."""
    return again(facts, ("sheets", ""), _read, facts.marks)


def _read(sheets: Mapping[str, Iterable[Mark]]) -> Mapping[str, Mark]:
    return {mark.person: mark for sheet in sheets.values() for mark in sheet}


@remembered
def _taken(facts: Facts) -> Mapping[str, Mapping[str, Mark]]:
    """Whoever signed in by name at a signed meeting at which their branch put names forward, or was in a box: id → source →
    mark."""
    plan = facts.rulebook()
    given = (facts.met, facts.meetings, facts.boxes, plan.meetings, plan.marking.meeting)
    return again(facts, ("taken", ""), _listed, *given)


def _listed(
    met: Mapping[tuple[str, str], tuple[str, ...]],
    meetings: Mapping[str, Meeting],
    boxes: Mapping[str, Box],
    rule: Meetings,
    channel: str,
) -> Mapping[str, Mapping[str, Mark]]:
    found: dict[str, dict[str, Mark]] = {}
    for (kind, _branch), names in met.items():
        for name in names if kind == "NominationsFiled" else ():
            meeting = meetings.get(name)
            if meeting is not None and convening.holds(meeting, rule) and meeting.attendance is not None:
                for person in meeting.attendance.people:
                    own = found.setdefault(person, {})
                    own[f"meeting:{name}"] = Mark(person, channel, meeting.called.day)
    for name, box in boxes.items():
        for source, mark in ballots.marks(name, box):
            found.setdefault(mark.person, {})[source] = mark
    return found


def surveys(facts: Facts) -> Mapping[str, Rate]:
    """Satisfied over returned, by branch (rule 2.8); nothing while no forms have come in. ``Refused`` (2.6, 2.7) for forms that
    fit neither the register nor the plan in force."""
    rule = facts.rulebook().satisfaction
    participation.check_surveys(facts.surveys or (), facts.register(), rule)
    found: dict[str, list[Survey]] = {}
    for one in facts.surveys or ():
        found.setdefault(one.branch, []).append(one)
    for box in facts.boxes.values():
        for one in ballots.surveys(box, rule) if box.closed else ():
            found.setdefault(one.branch, []).append(one)
    return {branch: participation.satisfaction(own, rule) for branch, own in found.items()}


def satisfaction(facts: Facts) -> Rate | None:
    """Satisfied over returned (rule 2.8); ``None`` while no forms have come in. ``Refused`` as ``surveys`` has it."""
    found = surveys(facts)
    if facts.surveys is None and not found:
        return None
    return Rate(sum(one.part for one in found.values()), sum(one.whole for one in found.values()))
