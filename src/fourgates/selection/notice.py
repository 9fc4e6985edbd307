"""A list is posted, objections come in, are found on and answered, the notice ends (公示、异议的推进)."""

from __future__ import annotations

from typing import assert_never

from fourgates import events, judging, notices
from fourgates.events.notice import Claim
from fourgates.facts import Facts
from fourgates.notices import Case, Posted
from fourgates.workdays import Calendar


def claim(facts: Facts, event: Claim, at: str) -> Facts:
    """The facts with the claim sealed ``at`` this moment, once its rules are checked."""
    rule, today = facts.rulebook().notice, notices.entered(at, facts.rulebook().signals.hours_ahead)
    if not isinstance(event, events.NoticePosted):
        notices.check_day(event.day, today)
    case: Case | None
    match event:
        case events.NoticePosted():
            decided = judging.decision(facts)
            allowed = judging.sent_up(facts) if decided is None else decided.people
            notices.check_posted(event.people, allowed, event.working_days, rule)
            calendar = Calendar(rule.holidays, rule.workdays)
            notices.check_last(event.start, event.working_days, event.last, calendar)
            stands = notices.open_at(facts.notices, event.notice) if event.corrects else None
            notices.check_start(event.start, event.people, stands, today)
            posted = Posted(event.people, event.start, event.last)
            return facts.but(notices=facts.notices.but(event.notice, posted))
        case events.ObjectionReceived():
            case = Case(event.notice, event.person, event.category, event.owner, event.day, event.due)
            notices.check_case(case, notices.open_at(facts.notices, event.notice), rule)
        case events.ObjectionAssigned():
            case = notices.assign(_open(facts, event.case), event.owner, event.due, event.day)
        case events.ObjectionFound():
            case = notices.find(_open(facts, event.case), event.upheld, event.day)
        case events.ObjectionAnswered():
            case = notices.answer(_open(facts, event.case), event.day)
        case events.NoticeEnded():
            notice = notices.open_at(facts.notices, event.notice)
            ended = notices.end(notice, event.day, notices.open_cases(facts.objections, event.notice))
            return facts.but(notices=facts.notices.but(event.notice, ended))
        case _:
            assert_never(event)
    return facts.but(objections=facts.objections.but(event.case, case))


def _open(facts: Facts, name: str) -> Case | None:
    """The case, while its notice is open."""
    found = facts.objections.get(name)
    if found is not None:
        notices.open_at(facts.notices, found.notice)
    return found
