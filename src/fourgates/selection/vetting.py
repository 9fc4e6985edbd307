"""Persons sent up are described, assessed, checked and answered on (考察、核查、征求意见的推进)."""

from __future__ import annotations

from typing import assert_never

from fourgates import consultation, events, judging
from fourgates.consultation import Asked, Concern, Lifted, Reminded
from fourgates.errors import Refused
from fourgates.events.vetting import Claim
from fourgates.facts import Facts, Profile
from fourgates.gates import integrity, standard
from fourgates.plan import Plan
from fourgates.selection import arm
from fourgates.workdays import Calendar


def claim(facts: Facts, event: Claim) -> Facts:
    """The facts with the claim, once its rules are checked."""
    rule = facts.rulebook()
    match event:
        case events.PersonDescribed():
            arm.member(event.person, facts)
            if event.part not in rule.structure.partition or not set(event.tags) <= set(rule.structure.tags):
                raise Refused("9.5", "人选类别不在规则的类别表内")
            profile = Profile(event.part, event.tags, event.reports, event.has_file)
            return facts.but(profiles=facts.profiles.but(event.person, profile))
        case events.StandardAssessed():
            arm.member(event.person, facts)
            standard.check(event.assessment, rule.standard)
            return facts.but(assessments=facts.assessments.but(event.person, event.assessment))
        case events.ChecksDone():
            arm.member(event.person, facts)
            integrity.check(event.results, rule.integrity)
            return facts.but(checks=facts.checks.but(event.person, event.results))
        case events.RepliesReceived():
            integrity.check_opinions(event.department, event.opinions, rule.integrity)
            for opinion in event.opinions:
                arm.member(opinion.person, facts)
            consultation.check_answered(facts.asked.get(event.department), event.opinions, event.department)
            return facts.but(replies=facts.replies.but(event.department, event.opinions))
        case events.DepartmentAsked():
            asked = Asked(event.people, event.day, event.due)
            consultation.check_asked(event.department, asked, rule.integrity)
            for person in event.people:
                arm.member(person, facts)
            return facts.but(asked=facts.asked.but(event.department, asked))
        case events.DepartmentReminded():
            asked_ = facts.asked.get(event.department)
            consultation.check_reminded(asked_, event.day, event.department, facts.replies)
            reminded = Reminded(event.department, event.day, event.by)
            return facts.but(reminders=facts.reminders.but(event.reminder, reminded))
        case events.ReplyEnclosed():
            arm.member(event.person, facts)
            consultation.check_enclosed(event.department, event.person, facts.replies)
            return facts.but(enclosed=facts.enclosed.but(events.subject(event)[1], event.file))
        case events.BarLifted():
            arm.member(event.person, facts)
            over = judging.raised(facts, event.person, event.bar)
            consultation.check_lifted(event.bar, event.by, event.second, over, rule.consultation)
            lifted = Lifted(event.ground, event.day, over)
            return facts.but(lifted=facts.lifted.but(events.subject(event)[1], lifted))
        case events.ConcernNotified() | events.ConcernAnswered() | events.ConcernReviewed():
            arm.member(event.person, facts)
            if event.bar not in rule.integrity.bars:
                raise Refused("8.11", "规则中没有否决情形“{bar}”", bar=event.bar)
            about = events.subject(event)[1]
            return facts.but(
                concerns=facts.concerns.but(about, _concern(facts.concerns.get(about), event, rule))
            )
        case _:
            assert_never(event)


def _concern(
    before: Concern | None,
    event: events.ConcernNotified | events.ConcernAnswered | events.ConcernReviewed,
    rule: Plan,
) -> Concern:
    calendar = Calendar(rule.notice.holidays, rule.notice.workdays)
    match event:
        case events.ConcernNotified():
            return Concern(event.by, event.day)
        case events.ConcernAnswered():
            return consultation.answer(before, event.by, event.day, event.speaker, rule.hearing, calendar)
        case events.ConcernReviewed():
            return consultation.review(before, event.by, event.day, event.outcome, rule.hearing, calendar)
        case _:
            assert_never(event)
