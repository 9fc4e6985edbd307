"""Meetings: who was due, who came, quorum, and majorities (会议、法定人数).

All thresholds are whole-number comparisons over a named denominator: exactly half is not more than half.
"""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from fourgates.errors import Refused

MOST = 10_000_000  # more people than any meeting or box of ballots has held: larger figures are slips of the hand


def at_least(part: int, share: Fraction, whole: int) -> bool:
    """``part ≥ share · whole``, that is ``part ≥ ceil(share · whole)`` (不少于)."""
    return part * share.denominator >= share.numerator * whole


def more_than(part: int, share: Fraction, whole: int) -> bool:
    """``part > share · whole``, strictly (超过)."""
    return part * share.denominator > share.numerator * whole


def check(held: date, due: int, present: int) -> None:
    """Raises ``Refused`` (rule 3.1) when attendance cannot be: more present than due, fewer than none, no real figure."""
    if not 0 <= present <= due <= MOST:
        raise Refused(
            "3.1",
            "{date}的会议实到{present}人，多于应到{due}人",
            date=held.isoformat(),
            present=present,
            due=due,
        )


def check_votes(present: int, votes_for: int, against: int, abstained: int) -> None:
    """Raises ``Refused`` (rule 5.2) unless for + against + abstained = present."""
    if min(votes_for, against, abstained) < 0 or votes_for + against + abstained != present:
        raise Refused(
            "5.2",
            "同意{votes_for}+不同意{against}+弃权{abstained}不等于实到{present}",
            votes_for=votes_for,
            against=against,
            abstained=abstained,
            present=present,
        )
