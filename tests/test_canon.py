"""One spelling for one value, and nothing that is nearly a value."""

from __future__ import annotations

import json
from datetime import date
from fractions import Fraction

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fourgates import canon

plain = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)
fractions = st.fractions(min_value=0, max_value=100, max_denominator=10**6)


class Vote(msgspec.Struct, frozen=True):
    """Fields in an order that is not the one of the alphabet."""

    share: Fraction
    day: date
    branch: str


ZHANG = Vote(share=Fraction(4, 5), day=date(2022, 2, 21), branch="城关社区党支部")


# --- spelling ---------------------------------------------------------------------------------------------------


@given(plain)
def test_a_spelling_reads_back_as_what_was_spelt(value: object) -> None:
    assert json.loads(canon.spell(value)) == value


@given(plain)
def test_a_spelling_is_that_of_the_standard_library_sorted_and_tight(value: object) -> None:
    assert (
        canon.spell(value)
        == json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    )


@given(plain)
def test_a_spelling_stays_on_one_line(value: object) -> None:
    assert len(canon.spell(value).splitlines()) == 1


@given(st.dictionaries(st.text(), st.integers(-9, 9), min_size=2))
def test_the_order_in_which_a_table_was_filled_leaves_no_trace(table: dict[str, int]) -> None:
    assert canon.spell(dict(reversed(table.items()))) == canon.spell(table)


def test_a_value_is_spelt_with_sorted_keys_a_day_and_a_fraction() -> None:
    spelt = '{"branch":"城关社区党支部","day":"2022-02-21","share":"4/5"}'
    assert canon.spell(ZHANG) == spelt.encode()


def test_what_has_no_spelling_is_said_so() -> None:
    with pytest.raises(NotImplementedError, match="complex"):
        canon.spell(1j)


# --- reading ----------------------------------------------------------------------------------------------------


@given(st.builds(Vote, fractions, st.dates(), st.text()))
def test_what_was_spelt_is_read_as_the_same_value(vote: Vote) -> None:
    assert canon.reader(Vote).decode(canon.spell(vote)) == vote


@given(st.builds(Vote, fractions, st.dates(), st.text()))
def test_a_table_is_read_as_the_same_value(vote: Vote) -> None:
    table = {"share": str(vote.share), "day": vote.day, "branch": vote.branch}
    assert canon.convert(table, Vote) == vote


@pytest.mark.parametrize(
    "line",
    [
        b'{"branch":"a","day":"2022-02-30","share":"4/5"}',
        b'{"branch":"a","day":"2022-02-21","share":"four fifths"}',
        b'{"branch":"a","day":"2022-02-21","share":"4/0"}',
        b'{"branch":"a","day":"2022-02-21","share":0.8}',
        b'{"branch":"a","day":"2022-02-21","share":1}',
        b'{"branch":"a","day":"2022-02-21","share":true}',
        b'{"branch":"a","day":"2022-02-21"}',
        b'{"branch":1,"day":"2022-02-21","share":"4/5"}',
        b'{"branch":"a","day":"2022-02-21","share":"4/5"',
        b"",
    ],
)
def test_what_is_not_of_its_kind_is_refused_with_one_kind_of_error(line: bytes) -> None:
    with pytest.raises(msgspec.DecodeError):
        canon.reader(Vote).decode(line)


@pytest.mark.parametrize("share", [0.8, 1, True, "4/0", "四比五", None, ["4/5"]])
def test_a_table_with_a_share_that_is_none_is_refused(share: object) -> None:
    with pytest.raises(msgspec.ValidationError, match="share"):
        canon.convert({"share": share, "day": date(2022, 2, 21), "branch": "a"}, Vote)


def test_a_kind_that_nobody_can_read_is_said_so() -> None:
    with pytest.raises(msgspec.ValidationError):
        canon.reader(complex).decode(b'"1j"')


# --- fractions --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "exact"),
    [
        ("4/5", Fraction(4, 5)),
        ("2/4", Fraction(1, 2)),
        ("60%", Fraction(3, 5)),
        ("33.3%", Fraction(333, 1000)),
        ("0%", Fraction(0)),
        ("100%", Fraction(1)),
        ("2", Fraction(2)),
        ("0", Fraction(0)),
    ],
)
def test_a_fraction_is_exact(text: str, exact: Fraction) -> None:
    assert canon.fraction(text) == exact


@given(fractions)
def test_a_fraction_is_read_from_its_own_spelling(exact: Fraction) -> None:
    assert canon.fraction(f"{exact.numerator}/{exact.denominator}") == exact


@given(st.integers(0, 100), st.integers(0, 99))
def test_a_percentage_is_a_hundredth_and_no_float(whole: int, hundredths: int) -> None:
    assert canon.fraction(f"{whole}.{hundredths:02d}%") == Fraction(whole * 100 + hundredths, 10_000)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "%",
        " 4/5",
        "4/5%",
        "4/",
        "/5",
        "4/0",
        "0/0",
        "4/5/6",
        "members",
        "nan",
        "inf",
        "1e3",
        "1e999999999",
        "1_0",
        "-1/2",
        "٣",
    ],
)
def test_what_is_no_fraction_is_refused_at_once(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - the text is the whole story
        canon.fraction(text)


# --- digests ----------------------------------------------------------------------------------------------------


def test_a_digest_is_the_published_one() -> None:
    """FIPS 180-4's own example, and the empty text."""
    assert canon.digest(b"abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert canon.digest(b"") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


@given(st.binary(), st.binary())
def test_two_contents_have_two_digests(one: bytes, other: bytes) -> None:
    assert (canon.digest(one) == canon.digest(other)) == (one == other)
