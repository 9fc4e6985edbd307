"""Lots: the same for ever, even, and nothing but the seed."""

from __future__ import annotations

from collections import Counter
from hashlib import sha256

import pytest

from fourgates.chance import Lots
from fourgates.errors import Refused


def test_a_number_is_what_anyone_works_out_by_hand() -> None:
    first = int(sha256(b"chengxian\n0").hexdigest(), 16)
    second = int(sha256(b"chengxian\n1").hexdigest(), 16)
    lots = Lots("chengxian")
    assert [lots.below(100), lots.below(7)] == [first % 100, second % 7]
    assert lots.drawn == 2


def test_a_block_that_would_favour_small_numbers_is_thrown_away() -> None:
    # With n just above half of 2²⁵⁶ about every second block is too great.
    n = (1 << 255) + 1
    lots = Lots("chengxian")
    drawn = [lots.below(n) for _ in range(50)]
    assert all(number < n for number in drawn)
    blocks = [int(sha256(f"chengxian\n{i}".encode()).hexdigest(), 16) for i in range(lots.drawn)]
    assert drawn == [block for block in blocks if block < n]
    assert lots.drawn > 50


def test_the_known_lots_of_a_seed_never_change() -> None:
    lots = Lots("2026-11-23 彩票 0412")
    assert [lots.below(1000) for _ in range(5)] == [889, 167, 111, 258, 409]
    assert lots.order(["甲", "乙", "丙", "丁"]) == ["丁", "乙", "丙", "甲"]


@pytest.mark.parametrize("n", [0, -1, (1 << 256) + 1])
def test_a_range_without_numbers_is_refused(n: int) -> None:
    with pytest.raises(Refused, match=r"S\.1"):
        Lots("x").below(n)


def test_the_order_does_not_depend_on_who_came_first_or_who_else_came() -> None:
    lots = Lots("x")
    everyone = [f"{n}" for n in range(50)]
    order = lots.order(everyone)
    assert lots.order(reversed(everyone)) == order
    assert lots.order(everyone[:10]) == [each for each in order if int(each) < 10]
    assert lots.drawn == 0


def test_every_order_of_three_is_about_as_frequent() -> None:
    orders = Counter("".join(Lots(f"seed {n}").order("abc")) for n in range(6000))
    shuffles = Counter("".join(Lots(f"seed {n}").shuffle("abc")) for n in range(6000))
    for counted in (orders, shuffles):
        assert len(counted) == 6
        # Five standard deviations of 6000 draws at 1/6.
        assert all(abs(times - 1000) < 145 for times in counted.values())


def test_drums_for_different_purposes_do_not_shift_each_other() -> None:
    lots = Lots("x")
    assert lots.of("a").below(1 << 200) != lots.of("b").below(1 << 200)
    assert lots.drawn == 0
