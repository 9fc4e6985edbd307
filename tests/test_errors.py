"""What a refusal and a broken record carry."""

from __future__ import annotations

from fourgates.errors import Broken, Refused

WHY = "{unit}列了{times}次"


def test_a_refusal_keeps_its_rule_its_sentence_and_its_facts_apart() -> None:
    refused = Refused("1.2", WHY, unit="城关镇党委", times=2)
    assert (refused.rule, refused.why, refused.facts) == ("1.2", WHY, {"unit": "城关镇党委", "times": 2})
    assert str(refused) == "[1.2] 城关镇党委列了2次"


def test_a_broken_record_names_its_first_entry_that_fails() -> None:
    broken = Broken(17, "R.3", WHY, unit="城关镇党委", times=2)
    assert (broken.entry, broken.rule, broken.why) == (17, "R.3", WHY)
    assert broken.facts == {"unit": "城关镇党委", "times": 2}
    assert str(broken) == "entry 17 [R.3] 城关镇党委列了2次"


def test_a_fact_may_bear_any_name() -> None:
    assert str(Refused("1.2", "{rule}与{why}", rule="甲", why="乙")) == "[1.2] 甲与乙"
    assert (
        str(Broken(1, "R.1", "{rule}·{entry}·{why}", rule="甲", entry=3, why="乙")) == "entry 1 [R.1] 甲·3·乙"
    )


def test_two_refusals_that_say_the_same_have_the_same_arguments() -> None:
    assert Refused("1.2", WHY, unit="甲", times=2).args == Refused("1.2", WHY, unit="甲", times=2).args
    assert Refused("1.2", WHY, unit="甲", times=2).args != Refused("1.2", WHY, unit="乙", times=2).args
