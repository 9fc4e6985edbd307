"""The plan in force: the rulebook shipped, what the county writes over it, and what cannot be adopted."""

from __future__ import annotations

import math
from datetime import date
from fractions import Fraction
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cast import PLAN, refused, rulebook
from fourgates import adopting, canon, plan
from fourgates.days import Window
from fourgates.plan import Plan


def overlaid(path: str, value: Any) -> Plan:
    """The cast's plan with one value changed, ``integrity.bars`` or ``integrity.checks.0.bar``."""

    def lay(under: Any, parts: list[str]) -> Any:
        if not parts:
            return value
        if isinstance(under, tuple):
            place = int(parts[0])
            return (*under[:place], lay(under[place], parts[1:]), *under[place + 1 :])
        if isinstance(under, dict):
            return {**under, parts[0]: lay(under.get(parts[0]), parts[1:])}
        return msgspec.structs.replace(under, **{parts[0]: lay(getattr(under, parts[0]), parts[1:])})

    found: Plan = lay(rulebook(), path.split("."))
    return found


# --- adopting ---------------------------------------------------------------------------------------------------


def test_what_the_county_writes_lies_over_what_the_rulebook_ships() -> None:
    adopted = rulebook()
    assert adopted.rulebook.id == "cpc-county-recommendation"
    assert adopted.quota == plan.Quota(allotted=1, more_than_times=3, county_list=2)
    assert adopted.integrity.departments == ("纪检监察", "政法", "统战")
    assert adopted.integrity.effect_bar == "处分影响期内"
    assert adopted.standard.recognition_at_least == Fraction(4, 5)
    assert adopted.nomination.quorum_at_least == Fraction(4, 5)
    assert adopted.review == plan.Review(Fraction(1, 2), Fraction(1, 2))
    assert adopted.judged_on == date(2022, 3, 21)
    assert [(one.kind, one.without_rights, one.effect) for one in adopted.integrity.punishments] == [
        ("警告", 0, 12),
        ("严重警告", 0, 18),
        ("撤销党内职务", 0, 24),
        ("留党察看一年", 12, 36),
        ("留党察看两年", 24, 48),
    ]


def test_the_six_conditions_are_six_empty_slots_in_their_order() -> None:
    assert [(one.label, one.text) for one in rulebook().standard.conditions] == [
        ("条件一", ""),
        ("条件二", ""),
        ("条件三", ""),
        ("条件四", ""),
        ("条件五", ""),
        ("条件六", ""),
    ]


def test_the_shipped_rulebooks_are_listed() -> None:
    assert adopting.shipped() == ["cpc-county-recommendation", "union-congress"]


def test_a_plan_is_the_same_after_it_was_recorded_and_read() -> None:
    assert canon.reader(Plan).decode(canon.spell(rulebook())) == rulebook()
    plan.check(rulebook())


def test_lots_are_drawn_from_the_published_seed_or_else_from_the_plan() -> None:
    assert rulebook().seed == "青梧"
    unseeded = overlaid("selection.seed", "")
    assert unseeded.seed == canon.digest(canon.spell(unseeded))
    assert overlaid("quota.allotted", 2).seed == "青梧"


@pytest.mark.parametrize(
    "text",
    [
        "这不是 TOML",
        "[" * 3000,
        "a = " + "9" * 5000,
        "",
        "selection = 1",
        "[selection]\nrulebook = 7",
        PLAN.replace("cpc-county-recommendation", "no-such-rulebook"),
        PLAN.replace("cpc-county-recommendation", "rules"),
        PLAN.replace("[quota]", "[quotas]"),
        PLAN.replace("allotted = 1", "allotted = 0"),
        PLAN.replace("allotted = 1", 'allotted = "一"'),
        PLAN.replace("allotted = 1", "allotted = 1.0"),
        PLAN.replace("allotted = 1\n", ""),
        PLAN.replace("2022-01-31", '"本月底"'),
        PLAN.replace("[2022-02-07, 2022-02-09]", "[2022-02-07]"),
        PLAN.replace("[2022-02-07, 2022-02-09]", "[2022-02-09, 2022-02-07]"),
        PLAN + "\n[standard]\nrecognition_at_least = 0.8\n",
        PLAN + '\n[standard]\nrecognition_at_least = "4/0"\n',
        PLAN + '\n[standard]\nrecognition_at_least = "5/4"\n',
        PLAN + '\n[standard]\nrating_at_least = "尚可"\n',
        PLAN + '\n[nomination]\nquorum_at_least = "120%"\n',
        PLAN + '\n[review]\nvotes_more_than = "2"\n',
        PLAN + '\n[[structure.share]]\ntag = "女"\n',
    ],
)
def test_a_plan_that_cannot_be_read_is_refused_with_its_place(text: str) -> None:
    with refused("1.0"):
        adopting.adopt(text)


@pytest.mark.parametrize(
    ("text", "facts"),
    [
        (
            PLAN + "\n[nomination]\nquorum_at_leest = 1\n",
            {"key": "quorum_at_leest", "alike": "quorum_at_least"},
        ),
        (PLAN + "\n[nomination]\nxyzzy = 1\n", {"key": "xyzzy", "place": "nomination"}),
        (PLAN.replace("allotted = 1\n", ""), {"key": "allotted", "place": "quota"}),
        (
            PLAN.replace("allotted = 1", 'allotted = "一"'),
            {"wanted": "int", "read": "str", "place": "quota.allotted"},
        ),
        (PLAN.replace("allotted = 1", "allotted = 0"), {"place": "quota.allotted"}),
    ],
)
def test_a_mistyped_key_or_value_is_told_with_its_place(text: str, facts: dict[str, str]) -> None:
    with refused("1.0", **facts):
        adopting.adopt(text)


# --- contradictions ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("windows.vetting", Window(date(2022, 3, 9), date(2022, 3, 8))),
        ("standard.rating_at_least", "尚可"),
        ("standard.scale", ("优秀", "良好", "优秀")),
        ("standard.ratings", ("政治判断力", "政治判断力")),
        ("standard.conditions", (plan.Condition("条件一"), plan.Condition("条件一", "另一个"))),
        ("standard.recognition_at_least", Fraction(6, 5)),
        ("nomination.quorum_at_least", Fraction(6, 5)),
        ("review.quorum_more_than", Fraction(6, 5)),
        ("review.votes_more_than", Fraction(6, 5)),
        ("procedure.words", {}),
        ("procedure.words.warning_education", ""),
        ("procedure.words.training", "方案"),
        ("procedure.other_words", ("冬训", "冬训")),
        ("participation.channels", ("会议", "会议")),
        ("participation.absent", "会议"),
        ("satisfaction.options", ("满意", "满意")),
        ("satisfaction.satisfied", ("非常满意",)),
        ("integrity.departments", ("政法", "统战", "政法")),
        ("integrity.bars", ("政治上不合格",)),
        ("integrity.standard_bar", "没有的情形"),
        ("integrity.checks.0.bar", "没有的情形"),
        ("integrity.checks.1.name", "档案审核"),
        ("integrity.checks.0.barring", ("通过",)),
        ("integrity.opinions.open", ("无异议",)),
        ("integrity.punishments.1.kind", "警告"),
        ("integrity.numbers_to", ("气象",)),
        ("consultation.liftable", ("处分影响期内",)),
        ("consultation.liftable", ("没有的情形",)),
        ("marking.two_visitors", ("短信",)),
        ("boxes.channel", "短信"),
        ("integrity.numbers_to", ("政法", "政法")),
        ("structure.roster_tags", ("女", "少数民族", "归侨")),
        ("structure.tags", ("农民", "农民")),
        ("structure.partition", ("女", "生产和工作一线")),
        ("structure.share.0.tag", "归侨"),
        ("structure.share", (plan.Share("女"),)),
        ("structure.share", (plan.Share("女", "1"), plan.Share("女", "1"))),
        ("structure.share", (plan.Share("农民", "members"),)),
        ("structure.share", (plan.Share("农民", None, "members"),)),
        ("structure.share", (plan.Share("农民", "半数"),)),
        ("structure.share", (plan.Share("农民", "1/0"),)),
        ("structure.share", (plan.Share("农民", "-1"),)),
        ("structure.share", (plan.Share("农民", "1.5"),)),
        ("structure.share", (plan.Share("农民", "101%"),)),
        ("structure.share", (plan.Share("农民", "1", "3/2"),)),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_plan_that_contradicts_itself(path: str, value: object) -> None:
    with refused("1.0"):
        plan.check(overlaid(path, value))


@pytest.mark.parametrize("text", ["members", "0", "2", "0%", "100%", "33.3%", "1/1"])
def test_a_share_of_the_roster_may_be_any_of_these(text: str) -> None:
    plan.check(overlaid("structure.share", (plan.Share("女", text, text),)))


# --- shares as counts -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "of", "low", "high"),
    [
        ("30%", 53, 16, 15),
        ("70%", 53, 38, 37),
        ("50%", 53, 27, 26),
        ("60%", 13, 8, 7),
        ("1/3", 13, 5, 4),
        ("100%", 13, 13, 13),
        ("0%", 13, 0, 0),
        ("20%", 10, 2, 2),
        ("33.3%", 1000, 333, 333),
        ("2", 13, 2, 2),
        ("members", 13, 5, 4),
    ],
)
def test_a_minimum_rounds_up_and_a_maximum_down(text: str, of: int, low: int, high: int) -> None:
    members = Fraction(9, 29)
    assert plan.bound(text, of, members, up=True) == low
    assert plan.bound(text, of, members, up=False) == high


@given(st.integers(0, 100), st.integers(1, 500), st.integers(1, 30))
def test_a_share_agrees_with_exact_arithmetic(part: int, of: int, whole: int) -> None:
    for text, exact in ((f"{part}%", Fraction(part, 100)), (f"{part}/{whole}", Fraction(part, whole))):
        low, high = (plan.bound(text, of, plan.NONE, up=up) for up in (True, False))
        assert (low, high) == (math.ceil(exact * of), math.floor(exact * of))
        assert 0 <= low - high <= 1
