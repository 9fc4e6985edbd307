"""Results are worked out again and must be equal (认定的复核)."""

from __future__ import annotations

from typing import assert_never

import msgspec

from fourgates import canon, events, judging, participation
from fourgates.errors import Refused
from fourgates.events import Finding
from fourgates.facts import Facts
from fourgates.participation import Rate
from fourgates.roster import MEMBER_TAGS
from fourgates.selection import arm
from fourgates.slate import certificate, refutation


def recompute(facts: Facts, event: Finding, number: int, documents: arm.Documents) -> None:
    """Raises ``Refused`` (rule 0.3) unless the result is what the facts give."""
    match event:
        case events.RightsJudged():
            arm.document(documents, event.document, events.RightsDocument, number)
            same = event == rights_judged(facts)[0]
        case events.EligibleJudged():
            same = event == eligible_judged(facts)
        case events.ParticipationCounted():
            exact = judging.counted(facts)  # as records had it before small numbers were put together
            counted = event.counted in (exact, counted_together(facts))
            same = counted and event.satisfaction == judging.satisfaction(facts)
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
        case _:
            assert_never(event)
    if not same:
        raise Refused("0.3", "重新计算的结果与记录的{kind}不同", kind=type(event).__name__)


def current(facts: Facts, event: Finding, roll: object, stand: object) -> None:
    """Raises ``Refused`` (0.3) where a result follows a roll, or those who may stand, that the facts give no longer: who
    is shown no more than these could not work the result out again. ``None`` for what the record does not hold."""
    stale = None
    if roll is not None and roll != rights_judged(facts)[0]:
        stale = events.RightsJudged.__name__
    elif (
        isinstance(event, events.ListProposed | events.ListImpossible | events.DecisionJudged)
        and stand is not None
        and stand != eligible_judged(facts)
    ):
        stale = events.EligibleJudged.__name__
    if stale is not None:
        raise Refused("0.3", "{kind}已经过时，先重新认定", kind=stale)


def rights_judged(facts: Facts) -> tuple[events.RightsJudged, bytes]:
    """The roll of those who count, as it is recorded, and its document."""
    if "rights" not in facts.memo:
        roster = facts.roster()
        rolls = participation.rolls(roster, facts.register(), facts.rulebook().participation)
        content = canon.spell(events.RightsDocument(rolls))
        people = sum(len(roll.rights) for roll in rolls)
        full = [member for member in roster.members.values() if member.full]
        shares = {
            tag: Rate(sum(getattr(member, field) for member in full), len(full))
            for tag, field in MEMBER_TAGS.items()
        }
        facts.memo["rights"] = events.RightsJudged(canon.digest(content), people, shares), content
    found: tuple[events.RightsJudged, bytes] = facts.memo["rights"]
    return found


def counted_together(facts: Facts) -> participation.Counted:
    """Participation as it is recorded: small channels put together (rule 2.14), because the line is for everybody."""
    counted = judging.counted(facts)
    by_channel = participation.merged(counted.by_channel, facts.rulebook().boxes.smallest)
    return msgspec.structs.replace(counted, by_channel=by_channel)


def eligible_judged(facts: Facts) -> events.EligibleJudged:
    """Who may stand on the county's list, as it is recorded."""
    return events.EligibleJudged(
        tuple(events.Tagged(id_, one.tags) for id_, one in sorted(judging.eligible(facts).items()))
    )


def person_judged(facts: Facts, id_: str) -> events.PersonJudged:
    """The result of the two personal gates for one person sent up, as it is recorded."""
    judged = judging.person(facts, id_)
    gate = judged.integrity
    return events.PersonJudged(
        id_, facts.rulebook().judged_on, judged.standard, gate.outcome, gate.bars, gate.pending
    )
