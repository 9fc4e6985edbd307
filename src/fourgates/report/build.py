"""Every figure of the report (报告), worked out from where a selection stands, each with the entries it stands in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from fourgates import judging
from fourgates.events import ListImpossible, ListProposed, TallyCounted
from fourgates.facts import Facts
from fourgates.gates.finding import Finding, Outcome
from fourgates.i18n import mark
from fourgates.judging.memo import again
from fourgates.report.committees import entries, report_on
from fourgates.report.figures import (
    Asked,
    Committee,
    Decision,
    Figure,
    Person,
    Report,
    Structure,
    Tallied,
)
from fourgates.report.membership import KINDS, taken
from fourgates.roster import Roster
from fourgates.selection import Selection
from fourgates.units import Tree


def build(selection: Selection) -> Report:
    """Every figure of where ``selection`` stands; ``Refused`` (rule 0.2) while there is no plan or no register."""
    facts, plan = selection.facts, selection.facts.rulebook()
    numbers = {about: number for about, (number, _event) in selection.results.items()}
    committees = tuple(_committees(selection, numbers))
    structure = _structure(selection)
    people = _people(facts, committees, structure, numbers)
    judged = tuple(one.entry for one in people.values() if one.entry)
    counted, satisfied = judging.counted(facts), judging.satisfaction(facts)
    marks = judging.marks(facts)
    at = entries(numbers, ("ParticipationCounted", ""))
    last = max(filter(None, {mark.day for mark in marks.values()}), default=None)
    by = {
        outcome: tuple(i for i, one in people.items() if one.judged.integrity.outcome == outcome)
        for outcome in ("met", "not_met", "pending")
    }
    standard_met = tuple(i for i, one in people.items() if one.judged.standard == "met")
    passed = tuple(one.unit.name for one in committees if not one.deviations)
    went_up = entries(numbers, *(("NamesCarriedUp", one.unit.name) for one in committees))
    organisations = Figure(
        mark("有党员参与推荐的党支部，占有推荐权党员的党支部"),
        counted.organisations.part, counted.organisations.whole, "2.4", at, last, units=counted.silent,
    )  # fmt: skip
    members = Figure(
        mark("参与推荐的党员，占有推荐权的党员"),
        counted.members.part, counted.members.whole, "2.5", at, last, counted.absent,
    )  # fmt: skip
    sent_up = Figure(
        mark("各党（工）委有效上报的人选，与分配名额相比"),
        len(people), plan.quota.allotted, "5.9", went_up, plan.windows.committee_review.last, tuple(people),
    )  # fmt: skip
    standard = Figure(
        mark("政治标准各项要求全部达到的，占上报人选"),
        len(standard_met), len(people), "7.1", judged, plan.judged_on, standard_met,
    )  # fmt: skip
    integrity = Figure(
        mark("没有否决情形、没有未了事项的，占上报人选"),
        len(by["met"]), len(people), "8.1", judged, plan.judged_on, by["met"],
    )  # fmt: skip
    procedure = Figure(
        mark("环节、时限、先后都符合的，占全部党（工）委"),
        len(passed), len(committees), "6.1",
        entries(numbers, *(("ProcedureJudged", one.unit.name) for one in committees)),
        plan.windows.committee_review.last, units=passed,
    )  # fmt: skip
    figures = _units(selection)
    return Report(
        plan=plan,
        entries=selection.n,
        units=figures,
        organisations=organisations,
        members=members,
        satisfaction=None
        if satisfied is None
        else Figure(
            mark("选“满意”的测评票，占收回的测评票"), satisfied.part, satisfied.whole, "2.8", at, last
        ),
        reasons={id_: marks[id_].reason for id_ in counted.absent if id_ in marks},
        silent=counted.silent,
        channels=tuple(
            Figure(channel, number, counted.members.whole, "2.5", at, last)
            for channel, number in counted.by_channel.items()
        ),
        committees=committees,
        sent_up=sent_up,
        more_than_times=sent_up.part > plan.quota.more_than_times * plan.quota.allotted,
        funnel=_funnel(figures, members, committees, standard, integrity, structure, numbers),
        people=people,
        standard=standard,
        standard_not_met=tuple(i for i, one in people.items() if one.judged.standard == "not_met"),
        procedure=procedure,
        integrity=integrity,
        integrity_not_met=by["not_met"],
        integrity_pending=by["pending"],
        requirements=_outcomes(one.judged.standard_findings for one in people.values()),
        checks=_outcomes(_of(one, {"8.1", "8.2", "8.3"}) for one in people.values()),
        departments=_outcomes(_of(one, {"8.4"}) for one in people.values()),
        bars=tuple(
            Figure(
                bar,
                sum(bar in one.judged.integrity.bars for one in people.values()),
                len(people), "8.7", judged, plan.judged_on,
                tuple(i for i, one in people.items() if bar in one.judged.integrity.bars),
            )
            for bar in plan.integrity.bars
        ),
        structure=structure,
        decision=_decision(selection, structure),
    )  # fmt: skip


def _committees(selection: Selection, numbers: Mapping[tuple[str, str], int]) -> Iterable[Committee]:
    """The committees in the order of the register; a tally stands as it was announced, equals in surname-stroke order, where it
    is still the tally."""
    facts = selection.facts
    for unit in facts.register().committees():
        lines = tuple(judging.tallied(facts, unit.name))
        _number, announced = selection.results.get(("TallyCounted", unit.name), (0, None))
        if isinstance(announced, TallyCounted) and {*announced.lines} == {*lines}:
            lines = announced.lines
        yield report_on(facts, unit, lines, numbers)


def _of(one: Person, rules: set[str]) -> Iterable[Finding]:
    return (found for found in one.judged.integrity.findings if found.rule in rules)


def _outcomes(people: Iterable[Iterable[Finding]]) -> tuple[Tallied, ...]:
    """How many of each outcome, requirement by requirement, in the order they are judged."""
    found: dict[str, tuple[str, dict[Outcome, int]]] = {}
    for findings in people:
        for one in findings:
            _rule, outcomes = found.setdefault(one.requirement, (one.rule, {}))
            outcomes[one.outcome] = outcomes.get(one.outcome, 0) + 1
    return tuple(Tallied(requirement, rule, outcomes) for requirement, (rule, outcomes) in found.items())


def _units(selection: Selection) -> Mapping[str, Figure]:
    """How many organisations and members there are, by kind."""
    facts = selection.facts
    register = entries(selection.standing, ("UnitsEntered", ""))
    rosters = entries(selection.standing, *(("RosterEntered", name) for name in facts.rosters))
    given = (facts.register(), facts.roster(), facts.rulebook().selection.reference_date, register, rosters)
    return again(facts, ("units", ""), _numbers, *given)


def _numbers(
    tree: Tree, roster: Roster, day: date, register: tuple[int, ...], rosters: tuple[int, ...]
) -> Mapping[str, Figure]:
    committees = tree.committees()
    every = tuple(roster.members.values())

    def units(label: str, number: int) -> Figure:
        return Figure(label, number, None, "1.2", register, day)

    return {
        "committees": units(mark("党（工）委"), len(committees)),
        "township": units(mark("乡镇"), sum(unit.sector == "township" for unit in committees)),
        "county_direct": units(mark("县直"), sum(unit.sector == "county_direct" for unit in committees)),
        "branches": units(mark("党支部"), len(tree.branches())),
        **{
            name: Figure(kind.label, len(taken(name, every, roster)), None, kind.rule, rosters, day)
            for name, kind in KINDS.items()
        },
    }


def _people(
    facts: Facts,
    committees: Iterable[Committee],
    structure: Structure,
    numbers: Mapping[tuple[str, str], int],
) -> dict[str, Person]:
    """Everyone sent up, by committee in the order of the register and inside it by support."""
    decided = judging.decision(facts)
    roster = facts.roster()
    found: dict[str, Person] = {}
    for committee in committees:
        for line in committee.tally:
            if line.person not in committee.up:
                continue
            profile = facts.profiles.get(line.person)
            own = (profile.part, *profile.tags) if profile else ()
            due = next(s.due for s in committee.sittings if committee.votes[line.person] in s.votes)
            found[line.person] = Person(
                id=line.person,
                committee=committee.unit.name,
                line=line,
                vote=committee.votes[line.person],
                due=due,
                judged=judging.person(facts, line.person),
                tags=(*own, *roster.tags(line.person)),
                eligible=line.person in structure.eligible,
                listed=line.person in structure.chosen,
                decided=decided is not None and line.person in decided.people,
                entry=numbers.get(("PersonJudged", line.person), 0),
            )
    return found


def _structure(selection: Selection) -> Structure:
    facts = selection.facts
    eligible, problem = judging.eligible(facts), judging.problem(facts)
    number, result = selection.results.get(("List", ""), (0, None))
    slate = result.slate if isinstance(result, ListProposed) else None
    chosen = slate.chosen if slate else ()
    decided = judging.decision(facts)

    def bearing(tag: str, people: Iterable[str]) -> int:
        return sum(tag in eligible[id_].tags for id_ in people if id_ in eligible)

    return Structure(
        asked=tuple(
            Asked(
                share,
                asked.name,
                asked.at_least,
                asked.at_most,
                bearing(share.tag, eligible),
                bearing(share.tag, chosen) if slate else None,
                bearing(share.tag, decided.people) if decided else None,
            )
            for share, asked in zip(facts.rulebook().structure.share, problem.requirements, strict=True)
        ),
        eligible=tuple(eligible),
        chosen=chosen,
        slate=slate,
        conflict=result.conflict if isinstance(result, ListImpossible) else None,
        findings=judging.judge_list(facts, chosen).findings,
        seed=problem.seed,
        entries=(number,) if number else (),
    )


def _decision(selection: Selection, structure: Structure) -> Decision | None:
    facts = selection.facts
    judged = judging.decision(facts)
    if judged is None or facts.decided is None:
        return None
    entries = {
        selection.standing.get(("CountyDecided", ""), 0),
        selection.results.get(("DecisionJudged", ""), (0, None))[0],
    }
    return Decision(
        facts.decided,
        judged,
        judging.judge_list(facts, judged.people),
        tuple(id_ for id_ in judged.people if id_ not in structure.chosen),
        tuple(id_ for id_ in structure.chosen if id_ not in judged.people),
        tuple(sorted(entries - {0})),
    )


def _funnel(
    units: Mapping[str, Figure],
    members: Figure,
    committees: Iterable[Committee],
    standard: Figure,
    integrity: Figure,
    structure: Structure,
    numbers: Mapping[tuple[str, str], int],
) -> tuple[Figure, ...]:
    """From the members with rights to the list, level by level (逐级遴选)."""
    every = tuple(committees)
    tallies = entries(numbers, *(("TallyCounted", one.unit.name) for one in every))
    up = entries(numbers, *(("NamesCarriedUp", one.unit.name) for one in every))
    nominees = {id_ for one in every for id_ in one.behind}
    put_forward = sum(one.put_forward for one in every)
    sent = sum(len(one.up) for one in every)
    both = tuple(id_ for id_ in integrity.people if id_ in standard.people)
    return (
        units["with_rights"],
        Figure(mark("参与推荐的党员"), members.part, members.whole, "2.5", members.entries),
        Figure(mark("党支部提名（人次）"), put_forward, None, "4.1", tallies),
        Figure(mark("被提名的人"), len(nominees), None, "4.1", tallies),
        Figure(mark("党（工）委上报"), sent, len(nominees), "5.4", up),
        Figure(mark("通过政治标准关"), standard.part, sent, "7.1", standard.entries),
        Figure(mark("再通过廉洁纪律关"), len(both), standard.part, "8.1", integrity.entries),
        Figure(mark("所在党（工）委通过推荐程序关，可列入名单"), len(structure.eligible), len(both), "9.1"),
        Figure(
            mark("推荐人选建议名单"), len(structure.chosen), len(structure.eligible), "9.3", structure.entries
        ),
    )
