"""Plan, register, rosters and punishments are entered (方案、党组织、名册的推进)."""

from __future__ import annotations

from typing import assert_never

from fourgates import allotment, events, plan, roster
from fourgates.errors import Refused
from fourgates.events.setting import Claim
from fourgates.facts import Facts
from fourgates.selection import arm
from fourgates.units import Tree


def claim(facts: Facts, event: Claim, number: int, documents: arm.Documents) -> Facts:
    """The facts with the claim, once its rules are checked."""
    if isinstance(event, events.PlanAdopted):
        plan.check(event.plan)
        return facts.but(plan=event.plan)
    rule = facts.rulebook()
    if isinstance(event, events.UnitsEntered):
        units = arm.document(documents, event.document, events.UnitsDocument, number).units
        arm.agree(event.units, len(units))
        return facts.but(tree=Tree(units))
    tree = facts.register()
    match event:
        case events.RosterEntered():
            members = arm.document(documents, event.document, events.RosterDocument, number).members
            arm.agree(event.members, len(members))
            arm.committee(event.committee, tree)
            elsewhere = {
                member.id: committee
                for committee, others in facts.rosters.items()
                if committee != event.committee
                for member in others
            }
            roster.check(event.committee, members, tree, elsewhere)
            return facts.but(rosters=facts.rosters.but(event.committee, members))
        case events.SanctionsEntered():
            known = {member.id for members in facts.rosters.values() for member in members}
            roster.check_sanctions(event.sanctions, known, rule.integrity)
            if not set(event.unread) <= known:
                raise Refused("1.5", "有人不在任何名册中")
            return facts.but(sanctions=event.sanctions, unread=event.unread)
        case events.SeatsAllotted():
            allotment.check(
                event.unit,
                event.total,
                event.method,
                event.base,
                event.numbers,
                _held(facts, event.unit),
                tree,
                facts.roster(),
            )
            return facts.but(allotted=facts.allotted.but(event.unit, event.numbers))
        case _:
            assert_never(event)


def _held(facts: Facts, unit: str) -> int | None:
    """What the unit was allotted itself; ``None`` while nobody allotted it anything."""
    numbers = (one for handed in facts.allotted.values() for one in handed)
    return next((one.number for one in numbers if one.unit == unit), None)
