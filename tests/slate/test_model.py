"""Questions that contradict themselves are refused by number; shares become counts exactly."""

from __future__ import annotations

from fractions import Fraction

import msgspec
import pytest

from fourgates.errors import Refused
from fourgates.slate.check import check
from fourgates.slate.model import Person, Problem, Requirement, at_least_count, at_most_count
from fourgates.slate.solve import solve

ANNA = Person("安", "甲", ("女",), (3, 40))
BOLIN = Person("柏", "甲", (), (2, 50))
CHEN = Person("晨", "乙", ("女", "农民"), (1, 9))
PROBLEM = Problem((ANNA, BOLIN, CHEN), 2, (Requirement("女不少于二", "女", 2),), per_unit_at_most=1)


@pytest.mark.parametrize(
    ("rule", "changed"),
    [
        ("S.2", {"people": (ANNA, ANNA)}),
        ("S.3", {"people": (ANNA, Person("丁", "丙"))}),
        ("S.3", {"people": (ANNA, Person("丁", "丙", (), (1, -1)))}),
        ("S.4", {"size": -1}),
        ("S.4", {"per_unit_at_most": -1}),
        ("S.5", {"requirements": (Requirement("甲", "女", 1), Requirement("甲", "男", 1))}),
        ("S.6", {"requirements": (Requirement("甲", "女"),)}),
        ("S.6", {"requirements": (Requirement("甲", "女", -1),)}),
        ("S.6", {"requirements": (Requirement("甲", "女", None, -1),)}),
        ("S.7", {"fixed": ("无",)}),
        ("S.7", {"barred": ("无",)}),
        ("S.7", {"fixed": ("安",), "barred": ("安",)}),
    ],
)
def test_a_bad_question_is_refused(rule: str, changed: dict[str, object]) -> None:
    bad = msgspec.structs.replace(PROBLEM, **changed)
    for ask in (lambda: solve(bad), lambda: check(bad, ())):
        with pytest.raises(Refused) as refused:
            ask()
        assert refused.value.rule == rule
    check(PROBLEM, ())


@pytest.mark.parametrize(
    ("share", "of", "fewest", "most"),
    [("60%", 13, 8, 7), ("1/3", 12, 4, 4), ("0", 9, 0, 0), ("1", 13, 13, 13), ("1/1000000", 13, 1, 0)],
)
def test_a_minimum_is_rounded_up_and_a_maximum_down(share: str, of: int, fewest: int, most: int) -> None:
    part = Fraction(share[:-1]) / 100 if share.endswith("%") else Fraction(share)
    assert (at_least_count(part, of), at_most_count(part, of)) == (fewest, most)


def test_a_lawful_list_is_judged_in_whole_numbers() -> None:
    judged = check(PROBLEM, ["安", "晨"])
    assert judged.lawful
    assert judged.support == (4, 49)
    assert [(f.name, f.count, f.met) for f in judged.findings] == [("女不少于二", 2, True)]


def test_everything_wrong_with_a_list_is_said_at_once() -> None:
    problem = msgspec.structs.replace(PROBLEM, fixed=("晨",), barred=("柏",))
    judged = check(problem, ["安", "柏", "柏", "无"])
    assert not judged.lawful
    assert judged.size_met
    assert judged.over == (("甲", 2),)
    assert judged.missing == ("晨",)
    assert judged.barred == ("柏",)
    assert judged.unknown == ("无",)
    assert judged.doubled == ("柏",)
    assert [f.met for f in judged.findings] == [False]


def test_a_list_of_the_wrong_length_is_not_lawful() -> None:
    judged = check(PROBLEM, ["安"])
    assert (judged.size, judged.size_met, judged.lawful) == (1, False, False)
