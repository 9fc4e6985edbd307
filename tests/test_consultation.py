"""Departments and their clocks, bars that two may lift and bars that nobody may, and what the person concerned is told."""

from __future__ import annotations

from datetime import date
from typing import Any

import msgspec
import pytest

from afterwards import COMPLAINT, CONCERN, accused, letter, lifted, told
from cast import PROFILES, VETTED, follow, opinion, refused, rulebook, selection, story, without
from fourgates import events, judging, oversight
from fourgates.consultation import Concern, Overdue, Raised
from fourgates.events import Claim
from fourgates.gates.finding import Finding
from fourgates.gates.integrity import Result

TOLD = selection()
SILENT = selection(without(("RepliesReceived", "政法")))
DUE = date(2022, 3, 15)


def changed(event: Any, **fields: Any) -> Any:
    return msgspec.structs.replace(event, **fields)


def test_who_has_not_answered_is_overdue_from_the_day_after_and_never_consents() -> None:
    asked = follow(SILENT, letter())
    assert oversight.overdue(asked.facts, DUE) == ()
    assert oversight.overdue(asked.facts, date(2022, 3, 16)) == tuple(
        Overdue("政法", person, DUE) for person in PROFILES
    )
    some = follow(asked, events.RepliesReceived("政法", (opinion("李梅"), opinion("何平", ""))))
    late = oversight.overdue(some.facts, date(2022, 4, 1))
    assert [one.person for one in late] == [person for person in PROFILES if person != "李梅"]
    assert judging.person(some.facts, "何平").integrity.pending == ("政法",)


@pytest.mark.parametrize(
    ("rule", "event"),
    [
        ("8.4", letter("气象")),
        ("8.8", letter(people=())),
        ("8.8", letter(people=("李梅", "李梅"))),
        ("8.8", changed(letter(), due=date(2022, 3, 8))),
        ("1.5", letter(people=("冯唐",))),
        ("8.10", lifted(bar="处分影响期内")),
        ("8.10", lifted(bar="没有的情形")),
        ("8.10", lifted()),
        ("1.5", lifted("冯唐")),
        ("8.11", changed(CONCERN[0], bar="没有的情形")),
        ("8.11", CONCERN[1]),
        ("8.11", CONCERN[2]),
    ],
)
def test_what_cannot_be(rule: str, event: Claim) -> None:
    with refused(rule):
        follow(TOLD, event)


def test_a_department_answers_on_whom_it_was_asked_about() -> None:
    asked = follow(SILENT, letter(people=("李梅",)))
    with refused("8.9", department="政法"):
        follow(asked, events.RepliesReceived("政法", (opinion("何平"),)))
    follow(asked, events.RepliesReceived("政法", (opinion("李梅"),)))
    assert follow(asked, events.Withdrawn(asked.n)).facts == SILENT.facts


def test_a_cleared_complaint_is_lifted_by_two_and_by_nobody_alone() -> None:
    barred = told(accused(), after=TOLD)
    assert judging.person(barred.facts, "周正").integrity.bars == (COMPLAINT,)
    assert judging.raised(barred.facts, "周正", COMPLAINT) == (Raised("信访举报", "未查清", VETTED),)
    with refused("8.10", bar=COMPLAINT):
        follow(barred, changed(lifted(), second="one"))
    free = follow(barred, lifted())
    gate = judging.person(free.facts, "周正").integrity
    assert (gate.outcome, gate.bars) == ("met", ())
    assert Finding("8.10", "信访举报", "met", "未查清", VETTED) in gate.findings
    assert follow(free, events.Withdrawn(free.n)).facts == barred.facts


def test_a_bar_lifted_stands_again_when_it_is_raised_anew_or_was_lifted_too_late() -> None:
    free = told(accused(), lifted(), after=TOLD)
    again = Result("未查清", date(2022, 3, 17))
    later = changed(accused(), results={**accused().results, "信访举报": again})
    assert judging.person(told(later, after=free).facts, "周正").integrity.bars == (COMPLAINT,)
    late = told(accused(), changed(lifted(), day=date(2022, 3, 22)), after=TOLD)
    assert judging.person(late.facts, "周正").integrity.bars == (COMPLAINT,)


def test_a_department_s_objection_is_lifted_where_the_rulebook_lets_it() -> None:
    bar = rulebook().integrity.department_bar
    plan = changed(rulebook(), consultation=changed(rulebook().consultation, liftable=(bar,)))
    objecting = events.RepliesReceived(
        "政法", tuple(opinion(one, "有影响" if one == "周正" else "无异议") for one in PROFILES)
    )
    barred = told(events.PlanAdopted(plan), objecting, after=TOLD)
    assert judging.person(barred.facts, "周正").integrity.bars == (bar,)
    assert judging.raised(barred.facts, "周正", bar) == (Raised("政法", "有影响", VETTED),)
    assert judging.person(told(lifted(bar=bar), after=barred).facts, "周正").integrity.outcome == "met"


def test_notice_reply_and_review_by_somebody_else() -> None:
    done = told(*CONCERN, after=TOLD)
    assert done.facts.concerns[f"周正 {COMPLAINT}"] == Concern(
        "one", date(2022, 3, 11), "two", date(2022, 3, 12), "cleared"
    )
    unanswered = told(CONCERN[0], changed(CONCERN[2], outcome="upheld"), after=TOLD)
    assert unanswered.facts.concerns[f"周正 {COMPLAINT}"].outcome == "upheld"
    for wrong in (
        changed(CONCERN[2], by="one"),
        changed(CONCERN[2], by="two"),
        changed(CONCERN[2], day=date(2022, 3, 11)),
    ):
        with refused("8.11"):
            told(*CONCERN[:2], wrong, after=TOLD)
    with refused("8.11"):
        told(CONCERN[0], changed(CONCERN[1], day=date(2022, 3, 10)), after=TOLD)
    with refused("0.1"):
        follow(done, events.Withdrawn(done.n))


def test_old_replies_without_a_letter_stay_as_they_were() -> None:
    assert oversight.overdue(TOLD.facts, date.max) == ()
    assert len(TOLD.facts.replies) == len(rulebook().integrity.departments)
    assert TOLD.n == len(story())
