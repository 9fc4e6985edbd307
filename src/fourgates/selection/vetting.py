"""Persons sent up are described, assessed, checked and answered on (考察、核查、征求意见的推进)."""

from __future__ import annotations

from typing import assert_never

from fourgates import events
from fourgates.errors import Refused
from fourgates.events.vetting import Claim
from fourgates.facts import Facts, Profile
from fourgates.gates import integrity, standard
from fourgates.selection import arm


def claim(facts: Facts, event: Claim) -> Facts:
    """The facts with the claim, once its rules are checked."""
    rule = facts.rulebook()
    match event:
        case events.PersonDescribed():
            arm.member(event.person, facts)
            if event.part not in rule.structure.partition or not set(event.tags) <= set(rule.structure.tags):
                raise Refused("9.5", "人选类别不在规则的类别表内")
            profile = Profile(event.part, event.tags, event.reports, event.has_file)
            return facts.but(profiles={**facts.profiles, event.person: profile})
        case events.StandardAssessed():
            arm.member(event.person, facts)
            standard.check(event.assessment, rule.standard)
            return facts.but(assessments={**facts.assessments, event.person: event.assessment})
        case events.ChecksDone():
            arm.member(event.person, facts)
            integrity.check(event.results, rule.integrity)
            return facts.but(checks={**facts.checks, event.person: event.results})
        case events.RepliesReceived():
            integrity.check_opinions(event.department, event.opinions, rule.integrity)
            for opinion in event.opinions:
                arm.member(opinion.person, facts)
            return facts.but(replies={**facts.replies, event.department: event.opinions})
        case _:
            assert_never(event)
