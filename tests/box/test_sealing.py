from __future__ import annotations

import pytest

from fourgates.box.sealing import AROUND, Opener, Sealer, key
from fourgates.errors import Broken, Refused


def test_what_is_sealed_opens_with_the_key_and_all_are_equally_long() -> None:
    pair = key()
    sealer = Sealer(pair.public, "box", 128)
    sealed = [sealer.seal(b"x" * length) for length in (0, 1, 126)] + [
        sealer.seal(b"again") for _time in range(600)
    ]
    opener = Opener(pair, "box")
    assert [opener.open(one) for one in sealed[:4]] == [b"", b"x", b"x" * 126, b"again"]
    assert opener.open(sealed[-1]) == b"again"
    assert {len(one) for one in sealed} == {AROUND + 128}
    assert len(set(sealed)) == len(sealed)


def test_what_is_too_long_is_refused() -> None:
    with pytest.raises(Refused) as no:
        Sealer(key().public, "box", 128).seal(b"x" * 127)
    assert no.value.rule == "B.4"


def test_another_key_another_box_or_one_bit_changed_does_not_open() -> None:
    pair = key()
    sealed = Sealer(pair.public, "box", 128).seal(b"named")
    changed = [sealed[:at] + bytes([sealed[at] ^ 1]) + sealed[at + 1 :] for at in range(len(sealed))]
    for opener, content in (
        (Opener(key(), "box"), sealed),
        (Opener(pair, "another"), sealed),
        (Opener(pair, "box"), sealed[:-1]),
        (Opener(pair, "box"), b""),
        *((Opener(pair, "box"), one) for one in changed),
    ):
        with pytest.raises(Broken) as broken:
            opener.open(content)
        assert broken.value.rule == "B.6"
