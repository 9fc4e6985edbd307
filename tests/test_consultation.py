"""Departments and their clocks, bars that two may lift and bars that nobody may, and what the person concerned is told."""

from __future__ import annotations

from datetime import date
from typing import Any

import msgspec
import pytest

from afterwards import COMPLAINT, CONCERN, accused, enclosed, letter, lifted, reminded, told
from cast import PROFILES, VETTED, follow, opinion, refused, rulebook, selection, story, without
from fourgates import events, judging, oversight
from fourgates.arrangements import Hearing
from fourgates.consultation import Concern, Overdue, Raised, Reminded
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
        ("8.12", reminded()),
        ("1.5", enclosed("冯唐")),
        ("8.13", enclosed("陶然")),
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


def test_a_reminder_is_noted_while_somebody_is_unanswered() -> None:
    asked = follow(SILENT, letter())
    again = changed(reminded("政法"), reminder="r2", day=date(2022, 3, 15))
    twice = told(reminded("政法"), again, after=asked)
    assert dict(twice.facts.reminders.items()) == {
        "r1": Reminded("政法", date(2022, 3, 14), "one"),
        "r2": Reminded("政法", date(2022, 3, 15), "one"),
    }
    with refused("8.12", department="政法"):
        follow(asked, changed(reminded("政法"), day=date(2022, 3, 7)))
    with refused("8.12", department="政法"):  # the letter asks about those alone who were answered on
        follow(follow(TOLD, letter()), reminded("政法"))
    assert follow(follow(asked, reminded("政法")), events.Withdrawn(asked.n + 1)).facts == asked.facts


def test_a_file_comes_with_an_answer_and_the_last_one_stands() -> None:
    one = follow(TOLD, enclosed())
    assert dict(told(changed(enclosed(), file="other"), after=one).facts.enclosed.items()) == {
        "政法 周正": "other"
    }
    assert follow(one, events.Withdrawn(one.n)).facts == TOLD.facts
    silent = follow(SILENT, events.RepliesReceived("政法", (opinion("周正", ""),)))
    with refused("8.13", department="政法"):
        follow(silent, enclosed())


def test_the_rulebook_says_who_is_heard_until_when_and_whether_there_is_a_review() -> None:
    def after(*claims: Claim, **hearing: Any) -> Any:
        rule = changed(rulebook(), hearing=Hearing(**hearing))
        return told(events.PlanAdopted(rule), *claims, after=TOLD)

    notified, answered, reviewed = CONCERN
    with refused("8.14"):
        after(notified, answered, speakers=())
    after(notified, reviewed, speakers=(), reply_working_days=9)
    with refused("8.14", speaker="单位"):
        after(notified, changed(answered, speaker="单位"))
    other = after(notified, changed(answered, speaker="单位"), speakers=("本人", "单位"))
    assert other.facts.concerns[f"周正 {COMPLAINT}"].speaker == "单位"
    # Told on Friday the 11th: one working day ends on Monday the 14th.
    last, over = date(2022, 3, 14), date(2022, 3, 15)
    after(notified, changed(answered, day=last), reply_working_days=1)
    with refused("8.14", last="2022-03-14"):
        after(notified, changed(answered, day=over), reply_working_days=1)
    with refused("8.14", last="2022-03-14"):
        after(notified, changed(reviewed, day=last), reply_working_days=1)
    after(notified, changed(reviewed, day=over), reply_working_days=1)
    after(notified, changed(answered, day=last), changed(reviewed, day=last), reply_working_days=1)
    with refused("8.14"):
        after(notified, answered, reviewed, review=False)


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
        "one", date(2022, 3, 11), "two", date(2022, 3, 12), "cleared", "本人"
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
