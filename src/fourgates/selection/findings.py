"""Results are worked out again and must be equal (认定的复核)."""

from __future__ import annotations

from typing import assert_never

from fourgates import events, judging
from fourgates.errors import Refused
from fourgates.events import Finding
from fourgates.facts import Facts
from fourgates.selection import arm
from fourgates.slate import certificate, refutation


def recompute(facts: Facts, event: Finding, number: int, documents: arm.Documents) -> None:
    """Raises ``Refused`` (rule 0.3) unless the result is what the facts give."""
    match event:
        case events.ParticipationCounted():
            same = (event.counted, event.satisfaction) == (
                judging.counted(facts),
                judging.satisfaction(facts),
            )
        case events.TallyCounted():
            arm.committee(event.committee, facts.register())
            # Names are not at hand in replay: equals may stand in any order, everything else may not.
            announced = sorted(event.lines, key=lambda line: (-line.branches, -line.members, line.person))
            ranked = [line.support for line in event.lines]
            same = announced == judging.tallied(facts, event.committee) and ranked == sorted(
                ranked, reverse=True
            )
        case events.NamesCarriedUp():
            same = event.people == judging.carried(facts).up.get(event.committee)
        case events.ProcedureJudged():
            arm.committee(event.committee, facts.register())
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
        case events.RightsJudged():
            told = arm.document(documents, event.document, events.RightsDocument, number).people
            same = event.people == len(told) and told == tuple(sorted(facts.roster().rights))
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
