"""Branches nominate, committees study, the county decides (推荐提名、党委研究、县委研究的推进)."""

from __future__ import annotations

from typing import assert_never

from fourgates import events, nominations, review
from fourgates.events.nomination import Claim
from fourgates.facts import Facts
from fourgates.selection import arm


def claim(facts: Facts, event: Claim) -> Facts:
    """The facts with the claim, once its rules are checked."""
    match event:
        case events.NominationsFiled():
            nominations.check(event.branch, event.sittings, facts.register(), facts.roster())
            return facts.but(filed={**facts.filed, event.branch: event.sittings})
        case events.CommitteeReviewed():
            arm.committee(event.committee, facts.register())
            review.check(event.sittings)
            return facts.but(reviews={**facts.reviews, event.committee: event.sittings})
        case events.CountyDecided():
            review.check(event.sittings)
            return facts.but(decided=event.sittings)
        case _:
            assert_never(event)
