from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypinyin import lazy_pinyin

from fourgates.box import codes
from fourgates.errors import Refused


def test_a_code_is_read_as_it_was_printed_however_it_is_typed() -> None:
    code = "0a1b2c3d4e5f6g7h"
    assert codes.shown(code) == "0a1b-2c3d-4e5f-6g7h"
    for typed in (
        codes.shown(code),
        " 0A1B 2C3D 4E5F 6G7H ",
        "OaIb2c3d4e5f6g7h",
        "０ａ１ｂ２ｃ３ｄ４ｅ５ｆ６ｇ７ｈ",
        "oalb-2c3d—4e5f－6g7h",
        "零天一地 二人三水 四火五木 六花七草",
        "〇天一地二人三水4e5f六花七草",
    ):
        assert codes.read(typed) == code


@given(st.text(codes.ALPHABET, min_size=codes.LENGTH, max_size=codes.LENGTH))
def test_every_code_reads_back_as_it_is_printed(code: str) -> None:
    assert codes.read(codes.shown(code).upper()) == code
    assert codes.read(codes.words(code)) == code


def test_codes_are_drawn_of_the_whole_alphabet() -> None:
    assert set("".join(codes.draw() for _time in range(200))) == set(codes.ALPHABET)


def test_no_two_words_of_a_code_sound_alike_in_a_dialect() -> None:
    """Without tones, and where zh is z, n is l, h is f, and -ng is -n: as they are told by telephone."""
    heard = []
    for sound in lazy_pinyin("".join(codes.WORDS.values())):
        for one, other in (("zh", "z"), ("ch", "c"), ("sh", "s"), ("n", "l"), ("hu", "f"), ("h", "f")):
            if sound.startswith(one):
                sound = other + sound[len(one) :]
        heard.append(sound.replace("ng", "n"))
    assert len(set(heard)) == len(heard) == 32


@pytest.mark.parametrize(
    "typed", ["", "0a1b", "0a1b2c3d4e5f6g7", "0a1b2c3d4e5f6g7u", "0a1b2c3d4e5f6g7h9", "甘" * 16]
)
def test_what_cannot_be_a_code_is_refused(typed: str) -> None:
    with pytest.raises(Refused) as no:
        codes.read(typed)
    assert no.value.rule == "B.1"


def test_code_handle_and_tag_have_their_published_spellings() -> None:
    receipt = "00112233445566778899aabbccddeeff"
    assert codes.handle(receipt).hex() == "ba35a778a065671fbd20b60b7f2ba8cb"
    assert codes.tag(receipt) == "7b51c69cda6131bbe808b9336cda7974"
    assert (
        codes.digest("0a1b2c3d4e5f6g7h").hex()
        == "724a8cdccd01048ad2f5e478f839f2409cf85192b7343e3294c654c85a5e24e8"
    )
