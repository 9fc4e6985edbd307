"""Gate 2: the plan's shares as whole numbers, and who may be asked for the list."""

from __future__ import annotations

import msgspec

from cast import facts, roster, rulebook
from fourgates import judging, plan
from fourgates.gates import structure
from fourgates.gates.structure import Eligible
from fourgates.plan import Share
from fourgates.slate.model import Person, Problem, Requirement
from fourgates.tally import Line


def test_shares_become_counts_on_a_list_of_the_planned_length() -> None:
    assert structure.requirements(rulebook(), roster()) == (
        Requirement("生产和工作一线不少于60%", "生产和工作一线", at_least=2),
        Requirement("女不少于党员中的比例", "女", at_least=1),
        Requirement("党员领导干部不多于40%", "党员领导干部", at_most=0),
        Requirement("农民不少于1", "农民", at_least=1),
    )


def test_a_share_may_have_both_bounds_and_be_measured_by_the_members() -> None:
    shares = (Share("少数民族", "members", "members"), Share("农民", "1", "50%"))
    shaped = msgspec.structs.replace(
        rulebook(),
        structure=msgspec.structs.replace(rulebook().structure, share=shares),
        quota=plan.Quota(1, 3, 13),
    )
    assert structure.requirements(shaped, roster()) == (
        Requirement("少数民族不少于党员中的比例，不多于党员中的比例", "少数民族", 1, 0),
        Requirement("农民不少于1，不多于50%", "农民", 1, 6),
    )


def test_the_question_put_to_the_solver() -> None:
    eligible = judging.eligible(facts())
    assert structure.problem(eligible, rulebook(), roster()) == Problem(
        people=(
            Person("何平", "城关镇党委", ("党员领导干部",), (2, 5), "3"),
            Person("周正", "水利局党工委", ("党员领导干部",), (1, 5), "7"),
            Person("李梅", "城关镇党委", ("农民", "女", "生产和工作一线"), (3, 13), "1"),
            Person("王芳", "柳河镇党委", ("专业技术人员", "先进模范", "女", "生产和工作一线"), (2, 8), "4"),
        ),
        size=2,
        requirements=structure.requirements(rulebook(), roster()),
        per_unit_at_most=1,
        seed="青梧",
    )


def test_tags_are_counted_over_those_eligible() -> None:
    eligible = {
        "李梅": Eligible("城关镇党委", ("农民", "女"), Line("李梅", 3, 13)),
        "王芳": Eligible("柳河镇党委", ("女",), Line("王芳", 2, 8)),
    }
    assert structure.count(("女", "农民", "工人"), ("李梅", "王芳", "无名"), eligible) == {
        "女": 2,
        "农民": 1,
        "工人": 0,
    }
