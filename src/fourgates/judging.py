"""Every result worked out from the facts (认定): one function a result, remembered until a fact changes.

Writing and replay both come here; there is no second path that could drift.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

import msgspec

from fourgates import ballots, consultation, convening, marking, meetings, participation, review, tally
from fourgates.convening import Meeting
from fourgates.errors import Refused
from fourgates.facts import Facts
from fourgates.gates import integrity, procedure, standard, structure
from fourgates.gates.finding import Finding, Outcome, together
from fourgates.gates.procedure import Held
from fourgates.gates.structure import Eligible
from fourgates.nominations import Sitting as BranchSitting
from fourgates.participation import Counted, Mark, Rate, Turnout
from fourgates.review import Sitting as ReviewSitting
from fourgates.slate.check import Judgement, check
from fourgates.slate.model import Problem
from fourgates.tally import Line

P = ParamSpec("P")
R = TypeVar("R")


class Person(msgspec.Struct, frozen=True):
    """Both personal gates for one person: findings of each, outcomes, bars, and what is still open."""

    committee: str
    standard: Outcome
    standard_findings: tuple[Finding, ...]
    integrity: integrity.Judged

    @property
    def passed(self) -> bool:
        """Whether both gates are met."""
        return self.standard == "met" and self.integrity.outcome == "met"


class Decision(msgspec.Struct, frozen=True):
    """The county's decision judged (县委研究): the list decided, whether it is lawful, the rules it breaks, and faults of
    single names (rule, person)."""

    lawful: bool
    people: tuple[str, ...]
    broken: tuple[str, ...]
    faults: tuple[tuple[str, str], ...]


def _remembered(work: Callable[Concatenate[Facts, P], R]) -> Callable[Concatenate[Facts, P], R]:
    """``work`` done once for the same facts and arguments."""

    @wraps(work)
    def asked(facts: Facts, /, *args: P.args, **kwargs: P.kwargs) -> R:
        key = (work.__name__, *args)
        if key not in facts.memo:
            facts.memo[key] = work(facts, *args, **kwargs)
        found: Any = facts.memo[key]
        return found  # type: ignore[no-any-return]  # what `work` gave

    return asked


def _again(facts: Facts, key: tuple[str, str], work: Callable[..., R], *given: Any) -> R:
    """What ``work`` makes of ``given``: what it made before under ``key``, where it was given the same.

    It is given values and no facts, so that nothing it reads can change unseen.
    """
    earlier: dict[tuple[str, str], tuple[tuple[Any, ...], R]] = facts.memo.setdefault("earlier", {})
    known = earlier.get(key)
    if known is None or known[0] != given:
        known = earlier[key] = given, work(*given)
    return known[1]


@_remembered
def due(facts: Facts) -> Mapping[str, tuple[str, ...]]:
    """Who counts for participation (rule 2.5), by branch: ids in ascending order."""
    given = (facts.roster(), facts.rulebook().participation)
    return _again(facts, ("due", ""), participation.due_by_branch, *given)


@_remembered
def turnout(facts: Facts) -> Mapping[str, Turnout]:
    """How many of each branch took part, and who did not (rules 2.5, 2.11)."""
    given = (due(facts), marks(facts), facts.rulebook().participation)
    return _again(facts, ("turnout", ""), participation.turnout, *given)


@_remembered
def by_day(facts: Facts) -> Mapping[str, Mapping[date | None, Mapping[str, int]]]:
    """How many of each branch took part on which day by which channel (rules 2.5, 2.11)."""
    given = (due(facts), marks(facts), facts.rulebook().participation)
    return _again(facts, ("by_day", ""), participation.by_day, *given)


@_remembered
def counted(facts: Facts) -> Counted:
    """Participation of organisations and members (rules 2.4, 2.5, 2.11)."""
    given = (turnout(facts), facts.register(), facts.rulebook().participation)
    return _again(facts, ("counted", ""), participation.counted, *given)


@_remembered
def acts(facts: Facts) -> marking.Acts:
    """Every mark of every member, from the sheets, one by one, and from the lists of signed meetings: id → source → mark."""
    sheets = (mark for sheet in facts.marks.values() for mark in sheet)
    return marking.gathered(sheets, facts.acts, _taken(facts))


def _taken(facts: Facts) -> Iterator[tuple[str, Mark]]:
    """Whoever signed in by name at a signed meeting at which their branch put names forward."""
    channel = facts.rulebook().marking.meeting
    for (kind, _branch), names in facts.met.items():
        for name in names if kind == "NominationsFiled" else ():
            meeting = facts.meetings.get(name)
            if meeting is not None and holds(facts, meeting) and meeting.attendance is not None:
                for person in meeting.attendance.people:
                    yield f"meeting:{name}", Mark(person, channel, meeting.called.day)
    for name, box in facts.boxes.items():
        yield from ballots.marks(name, box)


@_remembered
def _overlaid(facts: Facts) -> tuple[Mapping[str, Mark], tuple[marking.Conflict, ...]]:
    return marking.overlaid(acts(facts), facts.settled, facts.rulebook().participation)


def marks(facts: Facts) -> Mapping[str, Mark]:
    """The mark of every member that counts, whatever sources it was gathered from: id → mark (rule 2.11)."""
    return _overlaid(facts)[0]


def conflicts(facts: Facts) -> tuple[marking.Conflict, ...]:
    """Members marked by two channels, until two persons settle it (rules 2.11, 2.12)."""
    return _overlaid(facts)[1]


def holds(facts: Facts, meeting: Meeting) -> bool:
    """Whether what a recorded meeting resolved counts (rules 11.4, 11.9): held, quorate, and signed as it stands."""
    return (
        not meeting.called.cancelled
        and meeting.signed
        and convening.quorate(meeting, facts.rulebook().meetings)
    )


def agrees(facts: Facts, name: str, unit: str, sitting: BranchSitting | ReviewSitting) -> bool:
    """Whether a sitting tells what the meeting it names recorded (rule 11.8): attendance, and votes on persons."""
    meeting = facts.meetings.get(name)
    if meeting is None or not convening.agrees(meeting, unit, sitting.day, sitting.due, sitting.present):
        return False
    voted = {
        motion.person: (motion.votes_for, motion.against, motion.abstained)
        for motion in meeting.motions.values()
    }
    told = sitting.votes if isinstance(sitting, ReviewSitting) else ()
    votes = {vote.person: (vote.votes_for, vote.against, vote.abstained) for vote in told}
    return all(voted.get(person, vote) == vote for person, vote in votes.items())


S = TypeVar("S", BranchSitting, ReviewSitting)


def _held(facts: Facts, kind: str, about: str, unit: str, sittings: tuple[S, ...]) -> tuple[S, ...]:
    """The sittings that count: those that name no recorded meeting, or one that is signed and says the same (11.9)."""
    names = facts.met.get((kind, about)) or ("",) * len(sittings)
    return tuple(
        sitting
        for sitting, name in zip(sittings, names, strict=True)
        if not name or (agrees(facts, name, unit, sitting) and holds(facts, facts.meetings[name]))
    )


@_remembered
def filed(facts: Facts) -> Mapping[str, tuple[BranchSitting, ...]]:
    """Each branch's nomination meetings that count, with its closed boxes where these count: branch → sittings."""
    found = {
        branch: _held(facts, "NominationsFiled", branch, branch, sittings)
        for branch, sittings in facts.filed.items()
    }
    for box in facts.boxes.values():
        if box.closed and facts.rulebook().boxes.counts:
            for branch, sitting in ballots.sittings(box, facts.roster()).items():
                found[branch] = (*found.get(branch, ()), sitting)
    return found


@_remembered
def reviewed(facts: Facts) -> Mapping[str, tuple[ReviewSitting, ...]]:
    """Each committee's meetings on the names that count: committee → sittings."""
    told = facts.reviews.items()
    return {unit: _held(facts, "CommitteeReviewed", unit, unit, sittings) for unit, sittings in told}


def satisfaction(facts: Facts) -> Rate | None:
    """Satisfied over returned (rule 2.8); ``None`` while no forms have come in. ``Refused`` (2.6, 2.7) for forms that fit
    neither the register nor the plan in force."""
    rule = facts.rulebook().satisfaction
    asked = [survey for box in facts.boxes.values() for survey in ballots.surveys(box, rule) if box.closed]
    if facts.surveys is None and not asked:
        return None
    surveys = facts.surveys or ()
    participation.check_surveys(surveys, facts.register(), rule)
    return participation.satisfaction((*surveys, *asked), rule)


@_remembered
def tallied(facts: Facts, committee: str) -> list[Line]:
    """A committee's tally (rule 4.1)."""
    given = (committee, _of(committee, facts), facts.register(), facts.roster(), facts.rulebook())
    return _again(facts, ("tallied", committee), tally.count, *given)


def _of(committee: str, facts: Facts) -> Mapping[str, tuple[BranchSitting, ...]]:
    """The nomination meetings of one committee's branches that count: branch → sittings."""
    every = filed(facts)
    return {one.name: every[one.name] for one in facts.register().branches(committee) if one.name in every}


def quotas(facts: Facts) -> Mapping[str, int]:
    """How many names each committee may send up: as the county allotted them (13.4), else as the register has them."""
    tree = facts.register()
    told = {one.unit: one.number for one in facts.allotted.get(tree.county, ())}
    return {unit.name: told.get(unit.name, unit.quota) for unit in tree.committees()}


@_remembered
def carried(facts: Facts) -> review.CarriedUp:
    """Who goes up from which committee, and why others do not (rules 5.1 to 5.8)."""
    committees = quotas(facts)
    reviews = {name: reviewed(facts)[name] for name in committees if name in facts.reviews}
    tallies = {name: tallied(facts, name) for name in reviews}
    return review.judge(reviews, tallies, committees, facts.rulebook())


@_remembered
def sent_up(facts: Facts) -> Mapping[str, str]:
    """Everyone who goes up: id → committee, in the order of the register."""
    return {id_: committee for committee, people in carried(facts).up.items() for id_ in people}


@_remembered
def deviations(facts: Facts, committee: str) -> tuple[procedure.Deviation, ...]:
    """The procedure gate for one committee (rules 6.1 to 6.5)."""
    own = [unit.name for unit in facts.register().under(committee)]
    held = tuple(line for unit in own for line in _lines(facts).get(unit, ()))
    given = (committee, held, _of(committee, facts), facts.register(), facts.roster(), facts.rulebook())
    return _again(facts, ("deviations", committee), procedure.judge, *given)


@_remembered
def _lines(facts: Facts) -> Mapping[str, list[Held]]:
    """Every line of the process records, whoever kept them, by the unit it was held for."""
    found: dict[str, list[Held]] = {}
    for lines in facts.steps.values():
        for line in lines:
            found.setdefault(line.unit, []).append(line)
    return found


@_remembered
def person(facts: Facts, id_: str) -> Person:
    """The standard and the integrity gate for one person, on the plan's day; ``Refused`` (7.7) for who does not go up."""
    if id_ not in sent_up(facts):
        raise Refused("7.7", "这个人没有上报，不作认定")
    plan = facts.rulebook()
    findings = tuple(standard.judge(facts.assessments.get(id_), plan.standard))
    outcome = together(findings)
    profile = facts.profiles.get(id_)
    own = None if facts.sanctions is None else [one for one in facts.sanctions if one.person == id_]
    return Person(
        sent_up(facts)[id_],
        outcome,
        findings,
        integrity.judge(
            rule=plan.integrity,
            vetting=plan.windows.vetting,
            day=plan.judged_on,
            standard=outcome,
            results=facts.checks.get(id_, {}),
            has_file=profile.has_file if profile else None,
            reports=profile.reports if profile else None,
            opinions=_answers(facts).get(id_, {}),
            sanctions=own,
            unread=id_ in facts.unread,
            lifted=_lifted(facts, id_),
        ),
    )


def raised(facts: Facts, id_: str, bar: str) -> tuple[consultation.Raised, ...]:
    """What raises a bar against a person now: checks and departments with their words."""
    rule = facts.rulebook().integrity
    return consultation.raised(bar, rule, facts.checks.get(id_, {}), _answers(facts).get(id_, {}))


def _lifted(facts: Facts, id_: str) -> tuple[str, ...]:
    """The bars lifted for a person by the day of judgement, as far as nothing else has raised them since (rule 8.10)."""
    plan = facts.rulebook()
    return tuple(
        bar
        for bar in plan.consultation.liftable
        for lifted in [facts.lifted.get(f"{id_} {bar}")]
        if lifted is not None and lifted.day <= plan.judged_on and lifted.over == raised(facts, id_, bar)
    )


@_remembered
def _answers(facts: Facts) -> Mapping[str, Mapping[str, integrity.Opinion]]:
    """Every reply: id → department → answer."""
    found: dict[str, dict[str, integrity.Opinion]] = {}
    for department, opinions in facts.replies.items():
        for opinion in opinions:
            found.setdefault(opinion.person, {})[department] = opinion
    return found


def _numbered(facts: Facts) -> Mapping[str, int]:
    """Everybody nominated, numbered as the names came: by the register's branches, then as each branch wrote them down.

    Lots are drawn under these numbers and not under the ids, whose key is another in every record: the same forms give
    the same list, however often somebody begins anew.
    """
    named = (
        name.person
        for told in (facts.filed, filed(facts))  # the forms, as ever; then who was named in a box alone
        for branch in facts.register().branches()
        for sitting in told.get(branch.name, ())
        for name in sitting.names
    )
    return {person: number for number, person in enumerate(dict.fromkeys(named), start=1)}


@_remembered
def eligible(facts: Facts) -> Mapping[str, Eligible]:
    """Who may stand on the county's list (rule 9.1): sent up, both personal gates met, the committee's procedure met,
    and described, because a list cannot be judged by tags nobody stated."""
    numbers = _numbered(facts)

    def described(id_: str, tags: tuple[str, ...]) -> Eligible:
        committee = sent_up(facts)[id_]
        line = next(line for line in tallied(facts, committee) if line.person == id_)
        return Eligible(committee, tags, line, str(numbers[id_]))

    if facts.given is not None:
        return {id_: described(id_, tags) for id_, tags in (facts.given.eligible or {}).items()}
    found: dict[str, Eligible] = {}
    for id_, committee in sent_up(facts).items():
        profile = facts.profiles.get(id_)
        if profile is not None and not deviations(facts, committee) and person(facts, id_).passed:
            tags = {profile.part, *profile.tags, *facts.roster().tags(id_)}
            found[id_] = described(id_, tuple(sorted(tags)))
    return found


@_remembered
def problem(facts: Facts) -> Problem:
    """What is asked of the county's list (rules 9.1 to 9.4)."""
    return structure.problem(eligible(facts), facts.rulebook(), facts.roster())


def judge_list(facts: Facts, people: tuple[str, ...]) -> Judgement:
    """Any list judged against the structure gate, without choosing one."""
    return check(problem(facts), people)


@_remembered
def decision(facts: Facts) -> Decision | None:
    """The county's decision (rules 10.1 to 10.4); ``None`` while there is none."""
    if facts.decided is None:
        return None
    plan = facts.rulebook()
    faults: list[tuple[str, str]] = []
    people: list[str] = []
    broken: set[str] = set()
    if _held(facts, "CountyDecided", "", facts.register().county, facts.decided) != facts.decided:
        broken.add("11.9")
    for sitting in facts.decided:
        if not review.valid(sitting, plan.windows.county_review, plan.review):
            broken.add("10.1")
        for vote in (vote for vote in sitting.votes if vote.up):
            people.append(vote.person)
            if not meetings.more_than(vote.votes_for, plan.review.votes_more_than, sitting.due):
                faults.append(("10.2", vote.person))
            if vote.person not in eligible(facts):
                faults.append(("10.3", vote.person))
    judgement = judge_list(facts, tuple(people))
    if not judgement.lawful:
        broken.add("10.4")
    broken.update(rule for rule, _ in faults)
    return Decision(not broken, tuple(sorted(people)), tuple(sorted(broken)), tuple(faults))
