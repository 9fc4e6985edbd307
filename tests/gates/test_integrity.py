"""Gate 4: checks, departments one by one, bars that run out on a day."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cast import CHECKS, VETTED, opinion, refused, rulebook
from fourgates import days
from fourgates.gates import integrity
from fourgates.gates.finding import Finding, Outcome
from fourgates.gates.integrity import Judged, Opinion, Result
from fourgates.roster import Sanction

RULE, VETTING, JUDGED_ON = rulebook().integrity, rulebook().windows.vetting, rulebook().judged_on
DAY = timedelta(days=1)
OPINIONS = {department: opinion("李梅") for department in RULE.departments}
GOOD: dict[str, Any] = {
    "rule": RULE,
    "vetting": VETTING,
    "day": JUDGED_ON,
    "standard": "met",
    "results": CHECKS,
    "has_file": True,
    "reports": True,
    "opinions": OPINIONS,
    "sanctions": (),
}


def judge(**changed: Any) -> Judged:
    return integrity.judge(**{**GOOD, **changed})


def check(name: str, word: str, day: date | None = VETTED, **changed: Any) -> tuple[Finding, Judged]:
    """The finding of one check with this result, and the whole gate."""
    judged = judge(results={**CHECKS, name: Result(word, day)}, **changed)
    return next(one for one in judged.findings if one.requirement == name), judged


def test_who_is_clear_everywhere_meets_the_gate() -> None:
    integrity.check(CHECKS, RULE)
    judged = judge()
    assert judged == Judged("met", judged.findings, (), ())
    assert [(one.rule, one.requirement, one.outcome) for one in judged.findings] == [
        ("8.7", "政治上不合格", "met"),
        ("8.1", "档案审核", "met"),
        ("8.1", "个人事项核查", "met"),
        ("8.1", "纪检监察意见", "met"),
        ("8.1", "信访举报", "met"),
        ("8.1", "党员身份", "met"),
        ("8.4", "纪检监察", "met"),
        ("8.4", "政法", "met"),
        ("8.4", "统战", "met"),
        ("8.6", "处分影响期内", "met"),
    ]


# --- the checks -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "word", "bar"),
    [
        ("档案审核", "不通过", "干部档案有问题"),
        ("个人事项核查", "不通过", "廉洁上有风险"),
        ("纪检监察意见", "不通过", "廉洁上有风险"),
        ("信访举报", "未查清", "举报反映问题没有查清"),
        ("党员身份", "存疑", "党员身份存疑"),
    ],
)
def test_a_check_that_fails_raises_its_bar(name: str, word: str, bar: str) -> None:
    finding, judged = check(name, word)
    assert finding == Finding("8.1", name, "not_met", word, VETTED)
    assert (judged.outcome, judged.bars, judged.pending) == ("not_met", (bar,), ())


@pytest.mark.parametrize("name", list(CHECKS))
def test_a_check_not_done_is_open(name: str) -> None:
    finding, judged = check(name, "", None)
    assert finding == Finding("8.1", name, "no_answer")
    assert (judged.outcome, judged.bars, judged.pending) == ("pending", (), (name,))
    results = {one: result for one, result in CHECKS.items() if one != name}
    assert judge(results=results) == judged


@pytest.mark.parametrize(
    ("day", "inside"),
    [
        (VETTING.first - DAY, False),
        (VETTING.first, True),
        (VETTING.last, True),
        (VETTING.last + DAY, False),
        (None, False),
    ],
)
def test_a_check_is_dated_within_the_vetting(day: date | None, inside: bool) -> None:
    finding, judged = check("信访举报", "已查清", day)
    assert finding == Finding(
        "8.1" if inside else "8.2", "信访举报", "met" if inside else "pending", "已查清", day
    )
    assert judged.pending == (() if inside else ("信访举报",))


def test_a_bad_result_outside_the_vetting_is_open_and_no_bar() -> None:
    _finding, judged = check("信访举报", "未查清", VETTING.last + DAY)
    assert (judged.outcome, judged.bars, judged.pending) == ("pending", (), ("信访举报",))


def test_membership_needs_no_date() -> None:
    assert check("党员身份", "属实", None)[1].outcome == "met"
    assert check("党员身份", "存疑", None)[1].bars == ("党员身份存疑",)


@pytest.mark.parametrize(
    ("name", "known", "rule", "outcome"),
    [
        ("档案审核", {"has_file": False}, "8.1", "not_applicable"),
        ("档案审核", {"has_file": True}, "8.3", "pending"),
        ("档案审核", {"has_file": None}, "8.1", "pending"),
        ("个人事项核查", {"reports": False}, "8.1", "not_applicable"),
        ("个人事项核查", {"reports": True}, "8.3", "pending"),
        ("个人事项核查", {"reports": None}, "8.1", "pending"),
        ("纪检监察意见", {"has_file": False, "reports": False}, "8.3", "pending"),
    ],
)
def test_not_applicable_needs_its_ground(
    name: str, known: dict[str, Any], rule: str, outcome: Outcome
) -> None:
    finding, judged = check(name, "不适用", None, **known)
    assert finding == Finding(rule, name, outcome, "不适用")
    assert judged.pending == ((name,) if outcome == "pending" else ())


def test_a_word_that_a_later_plan_does_not_know_is_open() -> None:
    finding, judged = check("信访举报", "大致查清")
    assert finding == Finding("8.0", "信访举报", "pending", "大致查清", VETTED)
    assert (judged.outcome, judged.pending) == ("pending", ("信访举报",))


@pytest.mark.parametrize(("name", "word"), [("体检", "通过"), ("信访举报", "通过"), ("信访举报", "不适用")])
def test_a_check_or_a_word_the_rulebook_does_not_have(name: str, word: str) -> None:
    with refused("8.0", name=name, word=word):
        integrity.check({**CHECKS, name: Result(word, VETTED)}, RULE)


def test_an_empty_result_may_be_recorded() -> None:
    integrity.check({**CHECKS, "信访举报": Result("", None)}, RULE)


# --- the departments --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("word", "outcome"),
    [
        ("无异议", "met"),
        ("有情况不影响", "met"),
        ("有影响", "not_met"),
        ("暂不能结论", "pending"),
        ("不适用", "not_applicable"),
        ("", "no_answer"),
        ("以后的说法", "pending"),
    ],
)
@pytest.mark.parametrize("department", RULE.departments)
def test_each_department_is_heard_for_itself(department: str, word: str, outcome: Outcome) -> None:
    judged = judge(opinions={**OPINIONS, department: opinion("李梅", word)})
    found = next(one for one in judged.findings if one.requirement == department)
    expected = (
        Finding("8.4", department, outcome, word, VETTED) if word else Finding("8.4", department, outcome)
    )
    assert found == expected
    assert judged.bars == (("廉洁上有风险",) if outcome == "not_met" else ())
    assert judged.pending == ((department,) if outcome in ("pending", "no_answer") else ())


def test_a_department_that_did_not_answer_is_open() -> None:
    judged = judge(opinions={})
    assert (judged.outcome, judged.pending) == ("pending", RULE.departments)


def test_replies_that_can_be() -> None:
    integrity.check_opinions("政法", (opinion("李梅"), opinion("王芳", "")), RULE)


def test_replies_that_cannot_be() -> None:
    with refused("8.4", department="气象"):
        integrity.check_opinions("气象", (opinion("李梅"),), RULE)
    with refused("8.5", word="随便"):
        integrity.check_opinions("政法", (opinion("李梅", "随便"),), RULE)
    with refused("8.5", department="政法"):
        integrity.check_opinions("政法", (opinion("李梅"), opinion("李梅")), RULE)


# --- punishments ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "ends_today"),
    [
        ("警告", date(2021, 3, 21)),
        ("严重警告", date(2020, 9, 21)),
        ("撤销党内职务", date(2020, 3, 21)),
        ("留党察看一年", date(2019, 3, 21)),
        ("留党察看两年", date(2018, 3, 21)),
    ],
)
def test_an_effect_period_has_ended_on_its_last_day(kind: str, ends_today: date) -> None:
    free = judge(sanctions=[Sanction("李梅", kind, ends_today)])
    assert (free.outcome, free.bars) == ("met", ())
    barred = judge(sanctions=[Sanction("李梅", kind, ends_today + DAY)])
    assert (barred.outcome, barred.bars) == ("not_met", ("处分影响期内",))
    assert barred.findings[-1] == Finding(
        "8.6", "处分影响期内", "not_met", f"{kind} → 2022-03-22", ends_today + DAY
    )


def test_a_punishment_approved_after_the_day_judged_does_not_run_yet() -> None:
    assert judge(sanctions=[Sanction("李梅", "警告", JUDGED_ON + DAY)]).outcome == "met"
    assert judge(sanctions=[Sanction("李梅", "警告", JUDGED_ON)]).bars == ("处分影响期内",)


def test_a_month_end_is_held_back() -> None:
    sanction = [Sanction("李梅", "严重警告", date(2020, 8, 31))]
    assert judge(sanctions=sanction, day=date(2022, 2, 27)).bars == ("处分影响期内",)
    assert judge(sanctions=sanction, day=date(2022, 2, 28)).bars == ()


def test_any_of_several_punishments_bars() -> None:
    old, running = Sanction("李梅", "警告", date(2015, 1, 1)), Sanction("李梅", "警告", date(2021, 6, 1))
    assert judge(sanctions=[old, running]) == judge(sanctions=[running, old])
    assert judge(sanctions=[old, running]).bars == ("处分影响期内",)


def test_without_the_register_of_punishments_nobody_is_cleared() -> None:
    judged = judge(sanctions=None)
    assert (judged.outcome, judged.pending) == ("pending", (integrity.SANCTIONS_OPEN,))


def test_a_punishment_a_later_plan_does_not_know_is_not_passed_over() -> None:
    with refused("8.6", kind="诫勉"):
        judge(sanctions=[Sanction("李梅", "诫勉", VETTED)])


@given(st.dates(date(2015, 1, 1), date(2023, 1, 1)), st.sampled_from(RULE.punishments))
def test_a_bar_stands_from_the_approval_to_the_day_before_the_end(approved: date, punishment: Any) -> None:
    end = days.add_months(approved, punishment.effect)
    for day, barred in ((approved, True), (end - DAY, True), (end, False), (approved - DAY, False)):
        judged = judge(sanctions=[Sanction("李梅", punishment.kind, approved)], day=day)
        assert judged.bars == (("处分影响期内",) if barred else ())


# --- together ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("standard", "finding", "bars", "pending"),
    [
        ("met", "met", (), ()),
        ("not_met", "not_met", ("政治上不合格",), ()),
        ("pending", "pending", (), (integrity.STANDARD_OPEN,)),
        ("not_applicable", "pending", (), (integrity.STANDARD_OPEN,)),
    ],
)
def test_the_standard_gate_is_the_first_bar(
    standard: Outcome, finding: Outcome, bars: tuple[str, ...], pending: tuple[str, ...]
) -> None:
    judged = judge(standard=standard)
    assert judged.findings[0] == Finding("8.7", "政治上不合格", finding)
    assert (judged.bars, judged.pending) == (bars, pending)


def test_a_bar_stands_whatever_else_is_open_and_bars_keep_their_order() -> None:
    judged = judge(
        standard="not_met",
        results={**CHECKS, "党员身份": Result("存疑", None), "信访举报": Result("", None)},
        opinions={"统战": opinion("李梅", "有影响")},
        sanctions=[Sanction("李梅", "警告", VETTED)],
    )
    assert judged.outcome == "not_met"
    assert judged.bars == ("政治上不合格", "廉洁上有风险", "党员身份存疑", "处分影响期内")
    assert judged.pending == ("信访举报", "纪检监察", "政法")


words = st.sampled_from(["", *RULE.opinions.words()])


@given(st.fixed_dictionaries(dict.fromkeys(RULE.departments, words)))
def test_departments_agree_with_a_count_by_hand(told: dict[str, str]) -> None:
    answers = {department: Opinion("李梅", word, VETTED, "", "") for department, word in told.items()}
    judged = judge(opinions=answers)
    assert ("廉洁上有风险" in judged.bars) == ("有影响" in told.values())
    assert judged.pending == tuple(one for one in RULE.departments if told[one] in ("", "暂不能结论"))
    assert judged.outcome == ("not_met" if judged.bars else "pending" if judged.pending else "met")
    assert judge(opinions=dict(reversed(answers.items()))) == judged
