"""Where things stand, and how one more entry changes it: the fold that judges (选举现状与推进).

``advance`` is the only way from one state to the next, for the one who writes and for the one who checks. A claim that
cannot be is refused; a result that is not what the facts give is refused; nothing is stored that was not judged.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import TypeVar, assert_never

from fourgates import canon, events, judging, nominations, participation, plan, review, roster
from fourgates.errors import Broken, Refused
from fourgates.events import Claim, Finding
from fourgates.facts import Facts, Profile
from fourgates.gates import integrity, procedure, standard
from fourgates.ledger import Entry
from fourgates.slate import certificate, refutation
from fourgates.units import Tree

D = TypeVar("D")
Documents = Mapping[str, bytes]
Subject = tuple[str, str]
_DIGEST = re.compile("[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Selection:
    """The state after ``n`` entries.

    ``facts``: the claims that stand; ``standing``: what a claim is about → number of the entry that stands;
    ``results``: what a result is about → number and event; ``people``: the document of names, if any was kept.
    """

    n: int = 0
    facts: Facts = field(default_factory=Facts)
    standing: Mapping[Subject, int] = field(default_factory=dict)
    results: Mapping[Subject, tuple[int, Finding]] = field(default_factory=dict)
    people: events.PeopleKept | None = None


def advance(selection: Selection, entries: Iterable[Entry], documents: Documents) -> Selection:
    """The state after ``entries``, each judged in its turn; ``documents``: digest → content.

    Raises ``Refused`` at the first claim or result that a rule refuses and ``Broken`` at a document that is missing or
    unreadable. The argument is never changed.
    """
    state = replace(selection, standing=dict(selection.standing), results=dict(selection.results))
    for entry in entries:
        state = _step(state, entry, documents)
    return state


def _step(state: Selection, entry: Entry, documents: Documents) -> Selection:
    event = entry.event
    match event:
        case events.PeopleKept():
            if not _DIGEST.fullmatch(event.document) or event.people < 0:
                raise Refused("0.4", "人员附件写得不对")
            return replace(state, n=entry.n, people=event)
        case events.Withdrawn():
            return replace(state, n=entry.n, facts=_withdraw(state, event.corrects))
        case (
            events.ParticipationCounted()
            | events.TallyCounted()
            | events.NamesCarriedUp()
            | events.ProcedureJudged()
            | events.PersonJudged()
            | events.ListProposed()
            | events.ListImpossible()
            | events.DecisionJudged()
        ):
            _recompute(state.facts, event)
            state.results[events.subject(event)] = (entry.n, event)  # type: ignore[index]  # a copy of our own
            return replace(state, n=entry.n)
        case _:
            about = events.subject(event)
            if event.corrects != state.standing.get(about, 0):
                raise Refused(
                    "0.1",
                    "这一条说是更正第{says}条，现行的是第{stands}条",
                    says=event.corrects,
                    stands=state.standing.get(about, 0),
                )
            facts = _claim(state.facts, event, entry.n, documents)
            state.standing[about] = entry.n  # type: ignore[index]  # a copy of our own
            return replace(state, n=entry.n, facts=facts)


def _claim(facts: Facts, event: Claim, number: int, documents: Documents) -> Facts:
    """The facts with one claim more, once its rules are checked."""
    if isinstance(event, events.PlanAdopted):
        plan.check(event.plan)
        return facts.but(plan=event.plan)
    rule = facts.rulebook()
    if isinstance(event, events.UnitsEntered):
        units = _document(documents, event.document, events.UnitsDocument, number).units
        _agree(event.units, len(units))
        return facts.but(tree=Tree(units))
    tree = facts.register()
    match event:
        case events.RosterEntered():
            members = _document(documents, event.document, events.RosterDocument, number).members
            _agree(event.members, len(members))
            _committee(event.committee, tree)
            elsewhere = {
                member.id: committee
                for committee, others in facts.rosters.items()
                if committee != event.committee
                for member in others
            }
            roster.check(event.committee, members, tree, elsewhere)
            return facts.but(rosters={**facts.rosters, event.committee: members})
        case events.SanctionsEntered():
            known = {member.id for members in facts.rosters.values() for member in members}
            roster.check_sanctions(event.sanctions, known, rule.integrity)
            if not set(event.unread) <= known:
                raise Refused("1.5", "有人不在任何名册中")
            return facts.but(sanctions=event.sanctions, unread=event.unread)
        case events.StepsRecorded():
            if event.keeper not in tree:
                raise Refused("1.3", "工作纪实中的党组织{unit}不在名册中", unit=event.keeper)
            procedure.check(event.held, tree, rule.procedure)
            return facts.but(steps={**facts.steps, event.keeper: event.held})
        case events.ParticipationMarked():
            marks = _document(documents, event.document, events.MarksDocument, number).marks
            _agree(event.marks, len(marks))
            participation.check(event.committee, marks, facts.roster(), tree, rule.participation)
            return facts.but(marks={**facts.marks, event.committee: marks})
        case events.SatisfactionAsked():
            surveys = _document(documents, event.document, events.SurveysDocument, number).surveys
            _agree(event.branches, len(surveys))
            participation.check_surveys(surveys, tree, rule.satisfaction)
            return facts.but(surveys=surveys)
        case events.NominationsFiled():
            nominations.check(event.branch, event.sittings, tree, facts.roster())
            return facts.but(filed={**facts.filed, event.branch: event.sittings})
        case events.CommitteeReviewed():
            _committee(event.committee, tree)
            review.check(event.sittings)
            return facts.but(reviews={**facts.reviews, event.committee: event.sittings})
        case events.PersonDescribed():
            _member(event.person, facts)
            if event.part not in rule.structure.partition or not set(event.tags) <= set(rule.structure.tags):
                raise Refused("9.5", "人选类别不在规则的类别表内")
            profile = Profile(event.part, event.tags, event.reports, event.has_file)
            return facts.but(profiles={**facts.profiles, event.person: profile})
        case events.StandardAssessed():
            _member(event.person, facts)
            standard.check(event.assessment, rule.standard)
            return facts.but(assessments={**facts.assessments, event.person: event.assessment})
        case events.ChecksDone():
            _member(event.person, facts)
            integrity.check(event.results, rule.integrity)
            return facts.but(checks={**facts.checks, event.person: event.results})
        case events.RepliesReceived():
            integrity.check_opinions(event.department, event.opinions, rule.integrity)
            for opinion in event.opinions:
                _member(opinion.person, facts)
            return facts.but(replies={**facts.replies, event.department: event.opinions})
        case events.CountyDecided():
            review.check(event.sittings)
            return facts.but(decided=event.sittings)
        case _:
            assert_never(event)


def _withdraw(state: Selection, number: int) -> Facts:
    """The facts without the claim of entry ``number``, which must stand; plan and register cannot be withdrawn."""
    about = next((about for about, standing in state.standing.items() if standing == number), None)
    fields = {
        "RosterEntered": "rosters",
        "StepsRecorded": "steps",
        "ParticipationMarked": "marks",
        "NominationsFiled": "filed",
        "CommitteeReviewed": "reviews",
        "PersonDescribed": "profiles",
        "StandardAssessed": "assessments",
        "ChecksDone": "checks",
        "RepliesReceived": "replies",
    }
    single = {"SanctionsEntered": "sanctions", "SatisfactionAsked": "surveys", "CountyDecided": "decided"}
    if about is None or about[0] not in {**fields, **single}:
        raise Refused("0.1", "第{number}条不是现行的申报，不能撤回", number=number)
    del state.standing[about]  # type: ignore[attr-defined]  # a copy of our own
    if about[0] in single:
        return state.facts.but(
            **{single[about[0]]: None, **({"unread": ()} if about[0] == "SanctionsEntered" else {})}
        )
    name = fields[about[0]]
    kept = {subject: value for subject, value in getattr(state.facts, name).items() if subject != about[1]}
    return state.facts.but(**{name: kept})


def _recompute(facts: Facts, event: Finding) -> None:
    """Raises ``Refused`` (rule 0.3) unless the result is what the facts give."""
    match event:
        case events.ParticipationCounted():
            same = (event.counted, event.satisfaction) == (
                judging.counted(facts),
                judging.satisfaction(facts),
            )
        case events.TallyCounted():
            _committee(event.committee, facts.register())
            # Names are not at hand in replay: equals may stand in any order, everything else may not.
            announced = sorted(event.lines, key=lambda line: (-line.branches, -line.members, line.person))
            ranked = [line.support for line in event.lines]
            same = announced == judging.tallied(facts, event.committee) and ranked == sorted(
                ranked, reverse=True
            )
        case events.NamesCarriedUp():
            same = event.people == judging.carried(facts).up.get(event.committee)
        case events.ProcedureJudged():
            _committee(event.committee, facts.register())
            same = event.deviations == judging.deviations(facts, event.committee)
        case events.PersonJudged():
            same = event == person_judged(facts, event.person)
        case events.ListProposed():
            certificate.verify(judging.problem(facts), event.slate)
            same = True
        case events.ListImpossible():
            refutation.verify_conflict(judging.problem(facts), event.conflict)
            same = True
        case events.DecisionJudged():
            judged = judging.decision(facts)
            same = judged is not None and event == events.DecisionJudged(
                judged.lawful, judged.people, judged.broken
            )
        case _:
            assert_never(event)
    if not same:
        raise Refused("0.3", "重新计算的结果与记录的{kind}不同", kind=type(event).__name__)


def person_judged(facts: Facts, id_: str) -> events.PersonJudged:
    """The result of the two personal gates for one person sent up, as it is recorded."""
    judged = judging.person(facts, id_)
    gate = judged.integrity
    return events.PersonJudged(
        id_, facts.rulebook().judged_on, judged.standard, gate.outcome, gate.bars, gate.pending
    )


def _document(documents: Documents, digest: str, kind: type[D], number: int) -> D:
    """The document named by ``digest``; ``Broken`` (R.5) when it is missing, changed, or not of its kind."""
    content = documents.get(digest)
    if content is None:
        raise Broken(number, "R.5", "附件{digest}缺失", digest=digest)
    if canon.digest(content) != digest:
        raise Broken(number, "R.5", "附件{digest}被改动过", digest=digest)
    try:
        found = canon.reader(kind).decode(content)
    except (ValueError, RecursionError) as error:
        raise Broken(number, "R.5", "附件{digest}读不懂：{what}", digest=digest, what=str(error)) from None
    if canon.spell(found) != content:
        raise Broken(number, "R.5", "附件{digest}不是规范写法", digest=digest)
    return found


def _agree(says: int, holds: int) -> None:
    if says != holds:
        raise Refused("0.4", "条目写明{says}行，附件有{holds}行", says=says, holds=holds)


def _committee(name: str, tree: Tree) -> None:
    if name not in tree or tree.committee_of(name) != name:
        raise Refused("1.3", "{name}不是名册中的党（工）委", name=name)


def _member(id_: str, facts: Facts) -> None:
    if id_ not in facts.roster().members:
        raise Refused("1.5", "有人不在任何名册中")
