"""Personal facts sealed one by one: whoever holds a disclosure proves it, nobody else finds it."""

from __future__ import annotations

import base64
import hashlib
import json

import pytest

from cast import refused
from fourgates import canon, identity, sealed
from fourgates.sealed import Sealed, SealedDocument

NUMBER = "11010519491231002X"
SECRET = bytes(range(32))
FACTS = {"公民身份号码": NUMBER, "姓名": "李梅", "民族": ""}


def every_number(area: str, birth: str) -> list[str]:
    """All citizen numbers of one birth date and area."""
    first = (f"{area}{birth}{place:03}" for place in range(1000))
    return [one for start in first for one in [start + identity.check_digit(start)]]


def unsalted(number: str) -> str:
    """The digest of the same disclosure without a salt: what must never be published."""
    text = json.dumps(["", "公民身份号码", number], ensure_ascii=False, separators=(",", ":"))
    disclosure = base64.urlsafe_b64encode(text.encode()).rstrip(b"=")
    return base64.urlsafe_b64encode(hashlib.sha256(disclosure).digest()).rstrip(b"=").decode()


def test_a_disclosure_is_the_shape_of_the_published_format() -> None:
    # RFC 9901, 4.2.3: the digest of a disclosure given there.
    told = "WyI2cU1RdlJMNWhhaiIsICJmYW1pbHlfbmFtZSIsICJNw7ZiaXVzIl0"
    assert sealed.digest(told) == "uutlBuYeMDyjLLTpf6Jxi7yNkEF35jdyWMn9U7b_RYY"


def test_facts_are_sealed_in_the_order_of_their_digests_and_empty_ones_are_not() -> None:
    told = sealed.facts(SECRET, FACTS)
    assert {(one.name, one.value) for one in map(sealed.read, told)} == {
        ("公民身份号码", NUMBER),
        ("姓名", "李梅"),
    }
    assert [*map(sealed.digest, told)] == sorted(map(sealed.digest, told))
    assert sealed.facts(SECRET, FACTS) == told
    others = {*map(sealed.digest, sealed.facts(bytes(32), FACTS))}
    assert others.isdisjoint(map(sealed.digest, told))
    salts = {sealed.read(one).salt for one in told}
    assert [len(salt) for salt in salts] == [22, 22]


@pytest.mark.parametrize("wrong", ["", "!", "WyJhIiwiYiJd", "eyJhIjoxfQ", "é"])
def test_what_is_no_disclosure_is_refused(wrong: str) -> None:
    with refused("H.6"):
        sealed.read(wrong)


def test_a_hidden_citizen_number_is_not_found_by_trying_all_and_an_unsalted_one_is() -> None:
    candidates = every_number(NUMBER[:6], NUMBER[6:14])
    assert len(candidates) == 1000
    assert NUMBER in candidates
    document = canon.spell(sealed.seal({"a": sealed.facts(SECRET, FACTS)})).decode()
    plain = canon.spell(SealedDocument((Sealed("a", (unsalted(NUMBER),)),))).decode()

    def found(published: str) -> list[str]:
        ways = (
            unsalted,
            lambda number: hashlib.sha256(number.encode()).hexdigest(),
            lambda number: base64.urlsafe_b64encode(hashlib.sha256(number.encode()).digest()).decode()[:43],
            lambda number: number,
        )
        return [number for number in candidates if any(way(number) in published for way in ways)]

    assert found(document) == []
    assert found(plain) == [NUMBER]


def test_a_sealed_document_lists_known_persons_once_with_digests_in_order() -> None:
    told = sealed.facts(SECRET, FACTS)
    good = sealed.seal({"b": told[:1], "a": told[1:]})
    assert [one.id for one in good.sealed] == ["a", "b"]
    sealed.check(good, "ab")
    assert sealed.digests([canon.spell(good), b"{}"]) == {*map(sealed.digest, told)}
    with refused("1.5"):
        sealed.check(good, "a")
    one, other = map(sealed.digest, told)
    for wrong in (
        good.sealed[::-1],
        (Sealed("a", (one,)), Sealed("a", (other,))),
        (Sealed("a", (other, one)),),
        (Sealed("a", (one,)), Sealed("b", (one,))),
        (Sealed("a", (one[:-1],)),),
    ):
        with refused("0.4"):
            sealed.check(SealedDocument(wrong), "ab")
