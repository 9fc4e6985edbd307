"""Gate 1: every requirement for itself, and nothing buys another back."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cast import ASSESSMENT, refused, rulebook
from fourgates.gates import standard
from fourgates.gates.finding import Finding, Outcome, together
from fourgates.gates.standard import Assessment

RULE = rulebook().standard


def assessed(**changed: Any) -> Assessment:
    return msgspec.structs.replace(ASSESSMENT, **changed)


def missed(assessment: Assessment | None) -> list[tuple[str, str, Outcome]]:
    """What is not met or open, by rule and requirement."""
    return [
        (one.rule, one.requirement, one.outcome)
        for one in standard.judge(assessment, RULE)
        if one.outcome != "met"
    ]


def test_who_meets_everything_meets_the_standard() -> None:
    standard.check(ASSESSMENT, RULE)
    findings = standard.judge(ASSESSMENT, RULE)
    assert [(one.rule, one.requirement, one.evidence) for one in findings] == [
        ("7.1", "政治判断力", "优秀"),
        ("7.1", "政治领悟力", "优秀"),
        ("7.1", "政治执行力", "良好"),
        ("7.1", "议事能力", "良好"),
        ("7.1", "群众工作本领", "优秀"),
        ("7.2", "条件一", ""),
        ("7.2", "条件二", ""),
        ("7.2", "条件三", ""),
        ("7.2", "条件四", ""),
        ("7.2", "条件五", ""),
        ("7.2", "条件六", ""),
        ("7.3", "党员群众认可度", "20/25"),
        ("7.4", "两面人", ""),
        ("7.5", "事实依据", "evidence"),
    ]
    assert together(findings) == "met"


@pytest.mark.parametrize(
    ("rating", "enough"), [("优秀", True), ("良好", True), ("一般", False), ("较差", False)]
)
@pytest.mark.parametrize("place", range(5))
def test_each_rating_must_reach_the_threshold(place: int, rating: str, enough: bool) -> None:
    ratings = [*ASSESSMENT.ratings]
    ratings[place] = rating
    name = RULE.ratings[place]
    assert missed(assessed(ratings=tuple(ratings))) == ([] if enough else [("7.1", name, "not_met")])


@pytest.mark.parametrize("place", range(6))
def test_each_condition_must_hold(place: int) -> None:
    conditions = tuple(each != place for each in range(6))
    assert missed(assessed(conditions=conditions)) == [("7.2", RULE.conditions[place].label, "not_met")]


@pytest.mark.parametrize(
    ("recognised", "returned", "enough"),
    [(20, 25, True), (19, 25, False), (21, 26, True), (20, 26, False), (1, 1, True), (0, 0, False)],
)
def test_recognition_is_measured_over_forms_returned(recognised: int, returned: int, enough: bool) -> None:
    found = assessed(
        returned=returned, recognised=recognised, not_recognised=returned - recognised, abstained=0
    )
    standard.check(found, RULE)
    assert missed(found) == ([] if enough else [("7.3", "党员群众认可度", "not_met")])


def test_two_faced_is_never_met() -> None:
    assert missed(assessed(two_faced=True)) == [("7.4", "两面人", "not_met")]


def test_no_facts_no_pass() -> None:
    assert missed(assessed(evidence="")) == [("7.5", "事实依据", "not_met")]


def test_nothing_handed_in_is_no_answer_everywhere() -> None:
    findings = standard.judge(None, RULE)
    assert len(findings) == 14
    assert {one.outcome for one in findings} == {"no_answer"}
    assert [one.requirement for one in findings] == [
        one.requirement for one in standard.judge(ASSESSMENT, RULE)
    ]
    assert together(findings) == "pending"


@pytest.mark.parametrize(
    "changed",
    [
        {"ratings": ("优秀",) * 4},
        {"ratings": ("优秀",) * 6},
        {"ratings": ("优秀",) * 4 + ("尚可",)},
        {"conditions": (True,) * 5},
        {"conditions": ()},
    ],
)
def test_an_assessment_by_another_rulebook(changed: dict[str, Any]) -> None:
    with refused("7.0"):
        standard.check(assessed(**changed), RULE)
    with refused("7.0"):
        standard.judge(assessed(**changed), RULE)


@pytest.mark.parametrize(
    "changed",
    [
        {"issued": 24},
        {"recognised": 21},
        {"recognised": 19},
        {"recognised": 26, "not_recognised": -3},
        {"returned": -1, "recognised": -1, "not_recognised": 0, "abstained": 0},
        {"issued": 10_000_001},
    ],
)
def test_forms_that_do_not_add_up(changed: dict[str, Any]) -> None:
    with refused("7.6"):
        standard.check(assessed(**changed), RULE)


def finding(outcome: Outcome) -> Finding:
    return Finding("7.1", "政治判断力", outcome)


@pytest.mark.parametrize(
    ("outcomes", "whole"),
    [
        ((), "pending"),
        (("met", "met"), "met"),
        (("met", "not_applicable"), "met"),
        (("not_applicable",), "not_applicable"),
        (("met", "no_answer"), "pending"),
        (("met", "pending"), "pending"),
        (("met", "pending", "no_answer", "not_met"), "not_met"),
    ],
)
def test_silence_is_not_consent_and_not_applicable_is_no_pass(
    outcomes: tuple[Outcome, ...], whole: Outcome
) -> None:
    assert together(map(finding, outcomes)) == whole


outcomes = st.sampled_from(["met", "not_met", "not_applicable", "no_answer", "pending"])


@given(st.lists(outcomes).flatmap(lambda found: st.tuples(st.just(found), st.permutations(found))))
def test_the_order_of_findings_means_nothing(found: tuple[list[Outcome], list[Outcome]]) -> None:
    assert together(map(finding, found[0])) == together(map(finding, found[1]))


@given(st.lists(outcomes))
def test_nothing_buys_back_what_is_not_met(found: list[Outcome]) -> None:
    assert together(map(finding, [*found, "not_met"])) == "not_met"
    assert together(map(finding, [*found, "pending"])) in ("pending", "not_met")
