"""Citizen numbers: the standard's own examples, and every way of getting one wrong."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from fourgates import identity
from fourgates.errors import Refused

# The examples printed in GB 11643-1999.
WOMAN = "11010519491231002X"
MAN = "440524188001010014"

digits = st.text("0123456789", min_size=1, max_size=1)


@st.composite
def numbers(draw: st.DrawFn) -> str:
    """Well-formed numbers whose area code no place has."""
    born = draw(st.dates(date(1900, 1, 1), date(2004, 12, 31)))
    first17 = f"0000{draw(st.integers(0, 99)):02d}{born:%Y%m%d}{draw(st.integers(0, 999)):03d}"
    return first17 + identity.check_digit(first17)


@pytest.mark.parametrize(
    ("number", "born", "female"),
    [(WOMAN, date(1949, 12, 31), True), (MAN, date(1880, 1, 1), False)],
)
def test_the_examples_of_the_standard_hold(number: str, born: date, female: bool) -> None:
    identity.check(number)
    assert identity.check_digit(number[:17]) == number[17]
    assert identity.birth(number) == born
    assert identity.female(number) is female


@given(numbers())
def test_a_number_made_by_the_rule_passes_the_rule(number: str) -> None:
    identity.check(number)
    assert f"{identity.birth(number):%Y%m%d}" == number[6:14]
    assert identity.female(number) == (number[16] in "02468")


@given(numbers(), st.integers(0, 17), digits)
def test_one_wrong_digit_is_always_found(number: str, place: int, digit: str) -> None:
    wrong = number[:place] + digit + number[place + 1 :]
    assume(wrong != number)
    with pytest.raises(Refused) as refused:
        identity.check(wrong)
    assert refused.value.rule == "1.1"


@given(numbers(), st.integers(0, 16))
def test_two_neighbours_exchanged_are_always_found(number: str, place: int) -> None:
    swapped = number[:place] + number[place + 1] + number[place] + number[place + 2 :]
    assume(swapped != number)
    with pytest.raises(Refused) as refused:
        identity.check(swapped)
    assert refused.value.rule == "1.1"


@pytest.mark.parametrize(
    ("number", "said"),
    [
        ("110105491231002", "公民身份号码是旧的15位号码"),
        ("", "公民身份号码应为17位数字加一位校验码，读到0个字符"),
        ("1101051949123100", "公民身份号码应为17位数字加一位校验码，读到16个字符"),
        ("11010519491231002x", "公民身份号码应为17位数字加一位校验码，读到18个字符"),
        ("1101051949123100２X", "公民身份号码应为17位数字加一位校验码，读到18个字符"),
        ("11010519491231002X\n", "公民身份号码应为17位数字加一位校验码，读到19个字符"),
        ("110105194902300023", "公民身份号码中的出生日期19490230不存在"),
        ("110105000001010023", "公民身份号码中的出生日期00000101不存在"),
        ("110105194912310021", "公民身份号码校验码不对：前17位对应的校验码是X"),
    ],
)
def test_a_number_that_is_none_is_told_what_is_wrong(number: str, said: str) -> None:
    with pytest.raises(Refused) as refused:
        identity.check(number)
    assert str(refused.value) == f"[1.1] {said}"


@pytest.mark.parametrize(
    "written",
    [
        WOMAN,
        "11010519491231002x",
        " 110105 19491231 002X ",
        "１１０１０５１９４９１２３１００２Ｘ",
        "１１０１０５１９４９１２３１００２ｘ",
        "110105\u300019491231\u00a0002X",
        "110105\t19491231\n002X",
    ],
)
def test_a_number_is_compared_however_it_was_written(written: str) -> None:
    assert identity.normalise(written) == WOMAN


@given(st.text("0123456789０９xXｘＸ \u3000\u00a0\t\r\n"))
def test_a_number_once_normalised_stays_as_it_is(text: str) -> None:
    once = identity.normalise(text)
    assert identity.normalise(once) == once


# --- hidden forms -----------------------------------------------------------------------------------------------


@given(numbers())
def test_a_masked_number_shows_neither_birth_date_nor_sequence(number: str) -> None:
    masked = identity.masked(number)
    assert len(masked) == 18
    assert masked[:6] == number[:6]
    assert masked[6:17] == "*" * 11
    assert masked[17] == number[17]


@pytest.mark.parametrize("text", ["", "1", "110105491231002", WOMAN + "1"])
def test_what_is_no_number_is_masked_whole(text: str) -> None:
    assert identity.masked(text) == "*" * len(text)


KEY = bytes(range(32))


@given(numbers(), numbers())
def test_a_keyed_digest_tells_two_numbers_apart_and_hides_both(one: str, other: str) -> None:
    assert (identity.keyed(KEY, one) == identity.keyed(KEY, other)) == (one == other)
    assert len(identity.keyed(KEY, one)) == 24
    assert one not in identity.keyed(KEY, one)


@given(st.lists(st.text(), max_size=3), st.lists(st.text(), max_size=3))
def test_no_two_lists_of_parts_run_together(one: list[str], other: list[str]) -> None:
    assert (identity.keyed(KEY, *one) == identity.keyed(KEY, *other)) == (one == other)


@pytest.mark.parametrize(("one", "other"), [(("a", "b"), ("a\x1fb",)), (("a", ""), ("a\x1f",)), (("",), ())])
def test_a_separator_inside_a_part_makes_no_other_part(one: tuple[str, ...], other: tuple[str, ...]) -> None:
    assert identity.keyed(KEY, *one) != identity.keyed(KEY, *other)


def test_another_key_gives_another_digest() -> None:
    assert identity.keyed(KEY, WOMAN) != identity.keyed(KEY[::-1], WOMAN)


@pytest.mark.parametrize("digits17", ["", "1101051949123100", "110105194912310020"])
def test_a_check_digit_is_of_seventeen_digits(digits17: str) -> None:
    with pytest.raises(ValueError, match=f"^{digits17}$"):
        identity.check_digit(digits17)
