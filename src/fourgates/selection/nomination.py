"""Branches nominate, committees study, the county decides (推荐提名、党委研究、县委研究的推进)."""

from __future__ import annotations

from typing import assert_never

from fourgates import events, judging, nominations, review
from fourgates.errors import Refused
from fourgates.events.nomination import Claim
from fourgates.facts import Facts
from fourgates.nominations import Sitting as BranchSitting
from fourgates.review import Sitting as ReviewSitting
from fourgates.selection import arm


def claim(facts: Facts, event: Claim) -> Facts:
    """The facts with the claim, once its rules are checked."""
    match event:
        case events.NominationsFiled():
            nominations.check(event.branch, event.sittings, facts.register(), facts.roster())
            facts = _met(facts, event, event.branch)
            return facts.but(filed=facts.filed.but(event.branch, event.sittings))
        case events.CommitteeReviewed():
            arm.committee(event.committee, facts.register())
            review.check(event.sittings)
            facts = _met(facts, event, event.committee)
            return facts.but(reviews=facts.reviews.but(event.committee, event.sittings))
        case events.CountyDecided():
            review.check(event.sittings)
            return _met(facts, event, facts.register().county).but(decided=event.sittings)
        case _:
            assert_never(event)


def _met(facts: Facts, event: Claim, unit: str) -> Facts:
    """The facts with the meetings the sittings belong to; ``Refused`` (11.8) where a sitting tells other figures than
    the meeting it names, or other votes on a person."""
    sittings: tuple[BranchSitting | ReviewSitting, ...] = event.sittings
    if event.meetings and len(event.meetings) != len(sittings):
        raise Refused("11.8", "写明会议的数目与场次不一致")
    for name, sitting in zip(event.meetings, sittings, strict=False):
        if name and not judging.agrees(facts, name, unit, sitting):
            raise Refused(
                "11.8", "{unit}所写的人数或票数与会议{meeting}的记录不一致", unit=unit, meeting=name
            )
    about = events.subject(event)
    if not event.meetings and about not in facts.met:
        return facts
    met = facts.met.without(about)
    return facts.but(met=met.but(about, event.meetings) if event.meetings else met)
