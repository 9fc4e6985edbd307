"""Names are sealed and erased (封存、删除的推进): of whom, on what grounds, and when the time to keep them is over."""

from __future__ import annotations

from collections.abc import Container
from datetime import date

from fourgates import events, sealed
from fourgates.errors import Refused
from fourgates.facts import Facts
from fourgates.selection import arm


def facts_sealed(
    facts: Facts,
    erased: Container[str],
    event: events.FactsSealed,
    number: int,
    documents: arm.Documents,
) -> None:
    """``Refused`` unless the document seals facts of persons on the rosters whose names are still kept."""
    document = arm.document(documents, event.document, sealed.SealedDocument, number)
    arm.agree(event.people, len(document.sealed))
    sealed.check(document, _known(facts))
    if any(one.id in erased for one in document.sealed):
        raise Refused("V.3", "这个人的个人信息已经删除")


def person_erased(facts: Facts, erased: Container[str], event: events.PersonErased) -> None:
    """``Refused`` unless the ground is one of the rulebook's and the person stands on a roster, not erased yet."""
    rule = facts.rulebook().retention
    if event.ground not in rule.grounds:
        raise Refused("V.2", "“{ground}”不是提前删除个人信息的情形", ground=event.ground)
    if event.person not in _known(facts):
        raise Refused("1.5", "有人不在任何名册中")
    if event.person in erased:
        raise Refused("V.3", "这个人的个人信息已经删除")


def until(facts: Facts) -> date:
    """The last day on which names are kept."""
    plan = facts.rulebook()
    return plan.retention.until(plan.windows.county_review.last)


def retention_ended(facts: Facts, event: events.RetentionEnded, at: str, *, ended: bool) -> None:
    """``Refused`` (V.4) unless the day is the one the rule gives, it has passed, and this is the first time."""
    last = until(facts)
    if event.until != last or at[:10] <= last.isoformat() or event.people < 0 or ended:
        raise Refused(
            "V.4", "个人信息保存到{until}为止，过了这一天才全部删除，只删除一次", until=last.isoformat()
        )


def _known(facts: Facts) -> set[str]:
    return {member.id for members in facts.rosters.values() for member in members}
