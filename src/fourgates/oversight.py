"""What is open and what has become late (督办): pure questions to the facts, each with the day as its argument."""

from __future__ import annotations

from datetime import date

from fourgates import consultation, notices
from fourgates.consultation import Overdue
from fourgates.facts import Facts
from fourgates.notices import Remaining


def overdue(facts: Facts, day: date) -> tuple[Overdue, ...]:
    """Departments that were to answer before ``day`` and have not, person by person (rule 8.8)."""
    return consultation.overdue(facts.asked, facts.replies, day)


def open_cases(facts: Facts, notice: str) -> tuple[str, ...]:
    """The objections to a notice that lack a finding or an answer (rule 12.5)."""
    return notices.open_cases(facts.objections, notice)


def remaining(facts: Facts, notice: str) -> Remaining:
    """What upheld objections leave of a posted list, and whether enough names remain (rule 12.6)."""
    plan = facts.rulebook()
    return notices.remaining(
        facts.notices[notice],
        notice,
        facts.objections.values(),
        plan.quota.allotted,
        plan.notice.surplus_at_least,
    )
