"""Steps held, marks of who took part, satisfaction forms (工作纪实、参与、满意度的推进)."""

from __future__ import annotations

from typing import assert_never

from fourgates import events, judging, marking, participation
from fourgates.errors import Refused
from fourgates.events.participation import Claim
from fourgates.facts import Facts
from fourgates.gates import procedure
from fourgates.layered import Changing
from fourgates.participation import Mark
from fourgates.selection import arm


def claim(facts: Facts, event: Claim, number: int, documents: arm.Documents) -> Facts:
    """The facts with the claim, once its rules are checked."""
    rule, tree = facts.rulebook(), facts.register()
    match event:
        case events.MemberMarked():
            mark = Mark(event.person, event.channel, event.day, event.by, event.reason)
            marking.check(mark, event.second, facts.roster(), rule.participation, rule.marking)
            # Changed in place until the next state is made (``closed``): no copy for each of a million.
            acts = facts.acts
            if not isinstance(acts, Changing):
                acts = acts.changing()
                facts = facts.but(acts=acts)
            acts.put(event.person, {**acts.get(event.person, {}), event.source: mark})
            facts.forget()
            return facts
        case events.StepsRecorded():
            if event.keeper not in tree:
                raise Refused("1.3", "工作纪实中的党组织{unit}不在名册中", unit=event.keeper)
            procedure.check(event.held, tree, rule.procedure)
            return facts.but(steps=facts.steps.but(event.keeper, event.held))
        case events.ParticipationMarked():
            marks = arm.document(documents, event.document, events.MarksDocument, number).marks
            arm.agree(event.marks, len(marks))
            participation.check(event.committee, marks, facts.roster(), tree, rule.participation)
            return facts.but(marks=facts.marks.but(event.committee, marks))
        case events.SatisfactionAsked():
            surveys = arm.document(documents, event.document, events.SurveysDocument, number).surveys
            arm.agree(event.branches, len(surveys))
            participation.check_surveys(surveys, tree, rule.satisfaction)
            return facts.but(surveys=surveys)
        case events.ConflictSettled():
            found = marking.conflict(event.person, judging.said(facts, event.person), rule.participation)
            done = marking.settle(found, event.channel, event.by, event.second)
            return facts.but(settled=facts.settled.but(event.person, done))
        case _:
            assert_never(event)


def closed(facts: Facts) -> Facts:
    """The facts, not to be changed in place any more."""
    return facts.but(acts=facts.acts.done()) if isinstance(facts.acts, Changing) else facts
