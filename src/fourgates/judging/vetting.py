"""The two gates that judge a person (政治标准关、廉洁纪律关的认定)."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from fourgates import consultation
from fourgates.errors import Refused
from fourgates.facts import Facts
from fourgates.gates import integrity, standard
from fourgates.gates.finding import Finding, Outcome, together
from fourgates.judging.memo import remembered
from fourgates.judging.nomination import sent_up


class Person(msgspec.Struct, frozen=True):
    """Both personal gates for one person: findings of each, outcomes, bars, and what is still open."""

    committee: str
    standard: Outcome
    standard_findings: tuple[Finding, ...]
    integrity: integrity.Judged

    @property
    def passed(self) -> bool:
        """Whether both gates are met."""
        return self.standard == "met" and self.integrity.outcome == "met"


@remembered
def person(facts: Facts, id_: str) -> Person:
    """The standard and the integrity gate for one person, on the plan's day; ``Refused`` (7.7) for who does not go up."""
    if id_ not in sent_up(facts):
        raise Refused("7.7", "这个人没有上报，不作认定")
    plan = facts.rulebook()
    findings = tuple(standard.judge(facts.assessments.get(id_), plan.standard))
    outcome = together(findings)
    profile = facts.profiles.get(id_)
    own = None if facts.sanctions is None else [one for one in facts.sanctions if one.person == id_]
    return Person(
        sent_up(facts)[id_],
        outcome,
        findings,
        integrity.judge(
            rule=plan.integrity,
            vetting=plan.windows.vetting,
            day=plan.judged_on,
            standard=outcome,
            results=facts.checks.get(id_, {}),
            has_file=profile.has_file if profile else None,
            reports=profile.reports if profile else None,
            opinions=_answers(facts).get(id_, {}),
            sanctions=own,
            unread=id_ in facts.unread,
            lifted=_lifted(facts, id_),
        ),
    )


def raised(facts: Facts, id_: str, bar: str) -> tuple[consultation.Raised, ...]:
    """What raises a bar against a person now: checks and departments with their words."""
    rule = facts.rulebook().integrity
    return consultation.raised(bar, rule, facts.checks.get(id_, {}), _answers(facts).get(id_, {}))


def _lifted(facts: Facts, id_: str) -> tuple[str, ...]:
    """The bars lifted for a person by the day of judgement, as far as nothing else has raised them since (rule 8.10)."""
    plan = facts.rulebook()
    return tuple(
        bar
        for bar in plan.consultation.liftable
        for lifted in [facts.lifted.get(f"{id_} {bar}")]
        if lifted is not None and lifted.day <= plan.judged_on and lifted.over == raised(facts, id_, bar)
    )


@remembered
def _answers(facts: Facts) -> Mapping[str, Mapping[str, integrity.Opinion]]:
    """Every reply: id → department → answer."""
    found: dict[str, dict[str, integrity.Opinion]] = {}
    for department, opinions in facts.replies.items():
        for opinion in opinions:
            found.setdefault(opinion.person, {})[department] = opinion
    return found
