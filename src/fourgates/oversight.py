"""What is open and what has become late (督办): pure questions to the facts, each with the day as its argument."""

from __future__ import annotations

from datetime import date

from fourgates import allotment, consultation, judging, notices
from fourgates.allotment import Gap
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


def named(facts: Facts, unit: str) -> list[str]:
    """Everybody whom a branch under the unit has put forward so far, in ascending order of id."""
    tree = facts.register()
    return sorted(
        {
            name.person
            for branch, sittings in judging.filed(facts).items()
            if unit == tree.county or unit in tree.above(branch)
            for sitting in sittings
            for name in sitting.names
        }
    )


def tags(facts: Facts, person: str) -> frozenset[str]:
    """What somebody stands for, as roster and description have it."""
    profile = facts.profiles.get(person)
    return frozenset((*facts.roster().tags(person), *((profile.part, *profile.tags) if profile else ())))


def gaps(facts: Facts, unit: str) -> tuple[Gap, ...]:
    """Each requirement of the structure at the unit's own number, against the persons named under it so far (rule 13.5).

    The number: the list's length for the county, what it was allotted or its register's number for any other unit.
    """
    plan, tree, roster = facts.rulebook(), facts.register(), facts.roster()
    told = {one.unit: one.number for numbers in facts.allotted.values() for one in numbers}
    number = (
        plan.quota.county_list if unit == tree.county else told.get(unit, judging.quotas(facts).get(unit, 0))
    )
    shares = {tag: roster.share(tag) for tag in plan.structure.roster_tags}
    return allotment.gaps(plan.structure, number, (tags(facts, one) for one in named(facts, unit)), shares)
