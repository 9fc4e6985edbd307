"""Names: what they are matched by, and the order in which lists and ballots show them."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fourgates import names
from fourgates.errors import Refused
from fourgates.names import Convention, Table, Unknown

LISTS = Path(__file__).with_name("lists")
BESIDE = Path(__file__).resolve().parents[2] / "shared" / "lists"
"""Lists that are published but not ours to pass on may be kept here, beside the checkout; each is tested if present."""
SETTLED = Path(__file__).resolve().parent.parent / "scripts" / "stroke_choices.tsv"
SIZES = {
    "central-committee-19": 204,
    "cppcc-12-sports": 21,
    "politburo-17": 25,
    "politburo-18": 25,
    "politburo-19": 25,
    "politburo-20": 24,
}
LONGER = {
    "central-committee-20": 205,
    "central-committee-20-alternates": 159,
    "congress-20-delegates": 2296,
}
SPACES = " \t\u00a0\u2002\u2009\u200a\u200b\u202f\u205f\u2060\u3000\ufeff"
LOOKALIKES = "•∙・･‧"

common = st.sampled_from(
    "丁于万马王牛毛孔巴邓尹叶田申由史白冯刘次衣李杨吴何宋张陈欧阳诸葛司大利富伟芳一乙川女凹凸"
)
name = st.text(common, min_size=1, max_size=5)


def read(title: str) -> list[str]:
    """A published list; the test is skipped, by the name of the list, if nobody has put it beside the checkout."""
    for folder in (LISTS, BESIDE):
        path = folder / f"{title}.txt"
        if path.exists():
            return path.read_text(encoding="utf-8").splitlines()
    pytest.skip(f"{title}: put the published list into ../shared/lists, one name a line")


# --- published lists --------------------------------------------------------------------------------------------

every_list = pytest.mark.parametrize(
    "title", sorted({*SIZES, *LONGER, *(path.stem for path in BESIDE.glob("*.txt"))})
)


def test_the_lists_are_those_that_are_named() -> None:
    assert {path.stem for path in LISTS.glob("*.txt")} == set(SIZES)


@pytest.mark.parametrize(("title", "size"), [*SIZES.items(), *LONGER.items()])
def test_a_published_list_is_whole(title: str, size: int) -> None:
    assert len(read(title)) == size


@every_list
def test_a_published_list_comes_back_without_one_inversion(title: str) -> None:
    published = read(title)
    assert names.order(published) == published


@every_list
@pytest.mark.parametrize("seed", range(3))
def test_a_published_list_comes_back_from_any_order(title: str, seed: int) -> None:
    published = read(title)
    shuffled = random.Random(seed).sample(published, len(published))
    assert shuffled != published
    assert names.order(shuffled) == published


@every_list
def test_a_published_list_is_not_in_the_order_of_code_points(title: str) -> None:
    published = read(title)
    assert sorted(published) != published


@pytest.mark.parametrize("title", ["central-committee-19", "congress-20-delegates"])
def test_a_party_list_is_not_in_the_order_of_people_s_congresses(title: str) -> None:
    published = read(title)
    assert names.order(published, convention=Convention.PEOPLES_CONGRESS) != published


# --- the order --------------------------------------------------------------------------------------------------


def test_a_wrong_order_is_put_right() -> None:
    assert "".join(names.order("丁刁于万习马王尤尹孔巴邓毛")) == "丁刁于万习马王尤毛尹孔巴邓"


@pytest.mark.parametrize(
    "written",
    [
        "一 丁 于 王 艾 李 武 赵 秦 黄 彭 雷 蔡 樊 薛 戴 瞿",  # the number of strokes
        "王 尤 车 中 牛 毛 仇 公 乌 文 方 尹 孔 邓",  # four strokes: class by class
        "艾 石 龙 卢 申 田 史 白 冯 司",
        "邢 成 毕 吕 朱 任 刘 齐 江 安 许 农 阮 孙 牟",
        "杜 李 杨 肖 吴 邱 何 余 邹 应 汪 沈 宋 张 陆 陈",
    ],
)
def test_surnames_go_by_number_and_classes_of_strokes(written: str) -> None:
    wanted = written.split()
    assert names.order(reversed(wanted)) == wanted


@pytest.mark.parametrize(
    "written",
    [
        "孔 巴",  # left-right before whole, as in the list of 2022
        "次 衣",
        "叶 申",
        "邓 予",
        "盯 旱",  # left-right before top-bottom
        "味 果",
        "旨 旬",  # top-bottom before what encloses
        "名 各",  # and where the structure is the same, as the standard has it
        "工 土 士",
        "干 于",
        "未 末",
        "己 已 巳",
        "八 人 入",
        "田 由",
    ],
)
def test_the_same_strokes_go_by_structure_and_then_by_the_standard(written: str) -> None:
    wanted = written.split()
    assert len({names.table().strokes(char) for char in wanted}) == 1
    assert names.order(reversed(wanted)) == wanted


def test_a_two_character_name_stands_before_longer_ones() -> None:
    assert names.order(["田大利", "田富", "田一"]) == ["田一", "田富", "田大利"]


def test_people_s_congresses_compare_the_second_character_at_once() -> None:
    assert names.order(["田富", "田大利", "田大"], convention=Convention.PEOPLES_CONGRESS) == [
        "田大",
        "田大利",
        "田富",
    ]


def test_a_compound_surname_goes_by_its_first_character() -> None:
    assert names.order(["欧阳坚", "武王", "洪一"]) == ["武王", "欧阳坚", "洪一"]


def test_a_single_given_name_after_a_compound_surname_stands_before_double_ones() -> None:
    assert names.order(["欧阳大利", "欧阳富", "欧阳"]) == ["欧阳", "欧阳富", "欧阳大利"]
    assert names.order(["欧阳大利", "欧阳富"], convention=Convention.PEOPLES_CONGRESS) == [
        "欧阳大利",
        "欧阳富",
    ]


def test_a_name_without_a_surname_goes_by_its_first_characters() -> None:
    assert names.order(["艾尔肯·吐尼亚孜", "古兰拜尔·茹仙", "艾力更·依明巴海"]) == [
        "艾力更·依明巴海",
        "艾尔肯·吐尼亚孜",
        "古兰拜尔·茹仙",
    ]


@pytest.mark.parametrize(
    "noted",
    [
        "王伟（女）",
        "王伟(回族)",
        "王　伟（女，回族）",
        "王伟〔成县〕",
        "王伟（企业〈在京〉）",
        "王伟（女",
        "王伟）",
        "［现名］王伟",
    ],
)
def test_notes_and_padding_do_not_count(noted: str) -> None:
    assert names.sort_key(noted) == names.sort_key("王伟")


def test_namesakes_stay_as_they_came() -> None:
    assert names.order(["王刚（宁夏）", "丁一", "王刚（女）", "王刚"]) == [
        "丁一",
        "王刚（宁夏）",
        "王刚（女）",
        "王刚",
    ]


def test_nothing_has_no_surname() -> None:
    assert names.sort_key("（女）") == ()
    assert names.surname_strokes("　") == 0


@pytest.mark.parametrize(
    ("written", "count"),
    [("丁一", 2), ("马 伟", 3), ("欧阳坚", 8), ("艾尔肯·吐尼亚孜", 5), ("龚正", 11), ("臧克家", 14)],
)
def test_surname_strokes(written: str, count: int) -> None:
    assert names.surname_strokes(written) == count


# --- the table --------------------------------------------------------------------------------------------------


def test_the_table_has_every_character_of_the_standard() -> None:
    table = names.table.__wrapped__()  # as it is read, whoever has read it before
    assert [char for char in map(chr, range(0x4E00, 0x9FA6)) if char not in table] == []
    assert len(table) == 20902 + 276


def test_the_table_is_in_order_and_no_character_stands_twice() -> None:
    table = names.table()
    places = [(table.place(char), table.strokes(char)) for char in map(chr, range(0x4E00, 0x9FA6))]
    assert len({place for place, _ in places}) == len(places)
    keys = [(len(strokes), strokes) for _, strokes in sorted(places)]
    assert keys == sorted(keys)


def test_what_was_settled_by_hand_stands_in_the_table() -> None:
    table = names.table()
    lines = [line.split("\t") for line in SETTLED.read_text(encoding="utf-8").splitlines() if line[0] != "#"]
    assert [char for char, strokes, _ in lines if table.strokes(char) != strokes] == []
    assert len({char for char, _, _ in lines}) == len(lines)


def test_what_was_settled_by_its_parts_is_their_strokes() -> None:
    table = names.table()
    lines = [line.split("\t") for line in SETTLED.read_text(encoding="utf-8").splitlines() if line[0] != "#"]
    joined = [(char, strokes, re.split("[+/~·]", reason)) for char, strokes, reason in lines]
    spelled = [(char, strokes, parts) for char, strokes, parts in joined if len(parts) > 1]
    assert len(spelled) > 0.9 * len(lines)
    assert [
        char
        for char, strokes, parts in spelled
        if "".join(table.strokes(part) if part in table else part for part in parts) != strokes
    ] == []


@pytest.mark.parametrize(
    "debated",
    [
        "万 153", "方 4153", "火 4334", "义 434", "必 45434", "凸 21251", "凹 25251", "九 35", "乃 53", "女 531",
        "母 55414", "为 4354", "丹 3541", "车 1512", "长 3154", "与 151", "非 21112111", "再 125211", "里 2511211",
        "重 312511211", "那 511352", "讯 45512", "舟 335414", "隹 32411121", "爽 13434343434", "插 121312321511",
        "臧 13513125125534", "戚 13211234534", "登 543341251431", "祭 35445411234", "贯 55212534", "敝 43252343134",
        "巍 25231234531325113554", "鼎 251115132125", "兜 32511355135", "肃 51123234", "丑 5211", "匹 1355",
        "来 1431234", "來 12343434", "龟 3525115", "垂 31212211", "乘 3122113534", "达 134454", "虽 251251214",
        "䶮 135341134", "𬭎 311154451354", "𨱇 311151241344", "雌 21211532411121", "鹍 2511151535451",
    ],
)  # fmt: skip
def test_debated_stroke_orders_are_those_of_the_mainland(debated: str) -> None:
    char, strokes = debated.split()
    assert names.table().strokes(char) == strokes


def test_a_character_outside_the_table_is_named_with_its_code_point_and_its_names() -> None:
    with pytest.raises(Unknown) as caught:
        names.order(["张𠮷", "王伟", "李 㐂（女）", "赵𠮷福", "张𠮷"])
    assert caught.value.characters == {"𠮷": ("张𠮷", "赵𠮷福"), "㐂": ("李 㐂（女）",)}
    assert str(caught.value) == (
        "[N.1] 笔画表中没有这些字，请在更正表中写上笔顺。𠮷（U+20BB7）：张𠮷、赵𠮷福；㐂（U+3402）：李 㐂（女）"
    )


def test_what_is_not_a_character_is_named_too() -> None:
    with pytest.raises(Unknown) as caught:
        names.sort_lines(["王伟1"])
    assert list(caught.value.characters) == ["1"]


def test_a_list_that_the_table_covers_has_nothing_unknown() -> None:
    assert names.unknown(["王伟", "李䶮（女）"]) is None


def test_one_character_outside_the_table_is_refused_by_name() -> None:
    with pytest.raises(Unknown, match="U\\+20BB7"):
        names.table().place("𠮷")


def test_a_key_puts_what_is_unknown_last() -> None:
    assert sorted(["王𠮷", "王㐂", "王龘", "𠮷一"], key=names.sort_key) == ["王龘", "王㐂", "王𠮷", "𠮷一"]


# --- corrections ------------------------------------------------------------------------------------------------


def test_an_operator_adds_a_character() -> None:
    table = names.table().corrected({"𠮷": "121251"})
    assert len(table) == len(names.table()) + 1
    assert names.order(["王圭", "王𠮷", "王扣", "王吉"], table) == ["王圭", "王扣", "王吉", "王𠮷"]
    assert names.surname_strokes("𠮷一", table) == 6
    assert "𠮷" not in names.table()


def test_an_operator_corrects_a_character() -> None:
    table = names.table().corrected({"丁": "41"})
    assert table.strokes("丁") == "41"
    assert names.order(["丁一", "九一", "了一"], table) == ["九一", "丁一", "了一"]
    assert names.order(["丁一", "九一", "了一"]) == ["丁一", "九一", "了一"]
    assert [table.strokes(char) for char in "十七了"] == ["12", "15", "52"]


def test_the_last_character_of_a_sequence_can_be_corrected() -> None:
    table = names.table().corrected({"一": "11"})
    assert [table.strokes(char) for char in "一丨二"] == ["11", "2", "11"]


def test_a_correction_that_changes_nothing_changes_nothing() -> None:
    same = names.table().corrected({"孔": "5215"})
    assert names.order(["巴一", "孔一"], same) == ["孔一", "巴一"]


@pytest.mark.parametrize("wrong", [{"": "12"}, {"王伟": "12"}, {"王": ""}, {"王": "126"}, {"王": "１２"}])
def test_a_correction_is_one_character_and_its_classes(wrong: dict[str, str]) -> None:
    with pytest.raises(Refused, match=r"^\[N\.2\] 更正表"):
        names.table().corrected(wrong)


def test_corrections_are_read_as_a_clerk_writes_them() -> None:
    text = "\ufeff# 更正\n\n䶮 135341134\n㐂，111534\n于 = \"横横竖\"\n'戋'\t横横折撇点\n习:折点提\n永：点折折撇捺\n"
    assert names.corrections(text) == {
        "䶮": "135341134",
        "㐂": "111534",
        "于": "112",
        "戋": "11534",
        "习": "541",
        "永": "45534",
    }


@pytest.mark.parametrize("line", ["䶮", "䶮 6", "䶮 12 34", "王伟 12", "䶮 横竖弯"])
def test_a_correction_that_cannot_be_read_is_shown(line: str) -> None:
    with pytest.raises(Refused, match=r"^\[N\.2\]") as caught:
        names.corrections(f"于 112\n{line}\n")
    assert caught.value.facts == {"line": line}


# --- lines ------------------------------------------------------------------------------------------------------


def test_lines_are_kept_as_written_and_blank_ones_dropped() -> None:
    lines = ["\ufeff  王　伟（女）\r\n", "\n", "　\n", "丁 一\n", "艾力更•依明"]
    assert names.sort_lines(lines) == ["丁 一", "  王　伟（女）", "艾力更•依明"]


def test_lines_may_come_with_corrections_and_a_convention() -> None:
    assert names.sort_lines(["王𠮷", "王大利"], {"𠮷": "121251"}) == ["王𠮷", "王大利"]
    assert names.sort_lines(["王𠮷", "王大利"], {"𠮷": "121251"}, convention=Convention.PEOPLES_CONGRESS) == [
        "王大利",
        "王𠮷",
    ]


# --- matching ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("space", SPACES, ids=lambda char: f"U+{ord(char):04X}")
def test_white_space_of_every_kind_is_gone(space: str) -> None:
    assert names.key(f"{space}王{space}伟{space}") == "王伟"


@pytest.mark.parametrize("dot", LOOKALIKES + "·⋅·．.。｡", ids=lambda char: f"U+{ord(char):04X}")
def test_lookalike_dots_are_the_middle_dot(dot: str) -> None:
    assert names.key(f"艾力更{dot}依明巴海") == "艾力更·依明巴海"
    assert names.key(f"艾力更 {dot}{dot} 依明巴海") == "艾力更·依明巴海"
    assert names.sort_key(f"艾力更{dot}依明巴海") == names.sort_key("艾力更依明巴海")
    assert names.dots(f"艾力更{dot}依明") == (dot,)


def test_a_stop_is_a_dot_only_between_chinese_characters() -> None:
    assert names.key("J.王") == "J.王"
    assert names.key("王伟.") == "王伟."
    assert names.dots("王伟.") == ()


def test_full_width_letters_and_digits_and_compatibility_forms_are_plain() -> None:
    assert names.key("Ａb１（女）") == "Ab1(女)"
    assert names.key("\uf92c\u2f00\U0002f800") == "\u90ce\u4e00\u4e3d"
    assert names.key("葛\U000e0101\u200d") == "葛"


def test_several_kinds_of_dots_are_told() -> None:
    assert names.dots("阿•不都·热.西提·阿") == ("•", "·", ".")
    assert names.dots("阿 . 西") == (".",)
    assert names.dots("王伟") == ()


@pytest.mark.parametrize(
    ("written", "printed"),
    [
        ("王伟", "王　伟"),
        (" 王 伟 ", "王　伟"),
        ("王　　伟（女，回族）", "王　伟（女，回族）"),
        ("𠮷伟(女)", "𠮷　伟(女)"),
        ("王大利", "王大利"),
        ("廷·巴特尔", "廷·巴特尔"),
        ("王", "王"),
        ("", ""),
    ],
)
def test_two_characters_are_set_apart_in_print(written: str, printed: str) -> None:
    assert names.pad(written) == printed


# --- what holds for every name ----------------------------------------------------------------------------------


@given(st.text(max_size=12))
def test_a_key_of_a_key_is_itself(text: str) -> None:
    once = names.key(text)
    assert names.key(once) == once
    assert not re.search(r"\s", once)


@given(st.text(st.sampled_from("王伟·•∙・･‧.．。 \u3000AＡ（女）"), max_size=10))
def test_a_key_of_a_key_is_itself_among_dots(text: str) -> None:
    once = names.key(text)
    assert names.key(once) == once
    assert not set(once) & set(LOOKALIKES)


@given(st.lists(name, max_size=12), st.randoms(use_true_random=False), st.sampled_from(Convention))
@settings(max_examples=60)
def test_the_order_of_the_names_does_not_depend_on_how_they_came(
    listed: list[str], chance: random.Random, convention: Convention
) -> None:
    shuffled = chance.sample(listed, len(listed))
    assert names.order(shuffled, convention=convention) == names.order(listed, convention=convention)
    assert sorted(names.order(listed, convention=convention)) == sorted(listed)


@given(name, name, name, st.sampled_from(Convention))
def test_the_order_is_total(first: str, second: str, third: str, convention: Convention) -> None:
    one, two, three = (names.sort_key(each, convention=convention) for each in (first, second, third))
    assert (one == two) == (first == second)
    assert (one < two) + (one == two) + (one > two) == 1
    assert not (one <= two <= three) or one <= three


@given(name, st.lists(st.sampled_from([*SPACES, "·", "（女）"]), min_size=6, max_size=6))
def test_padding_dots_and_notes_change_nothing(written: str, between: Sequence[str]) -> None:
    padded = "".join(f"{gap}{char}" for gap, char in zip(between, f"{written:<6}"[:6], strict=True))
    assert names.sort_key(padded) == names.sort_key(written)


@given(st.lists(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=2, max_size=6))
def test_single_characters_go_by_strokes(chars: list[str]) -> None:
    table = names.table()
    strokes = [table.strokes(char) for char in names.order(chars)]
    assert strokes == sorted(strokes, key=lambda digits: (len(digits), digits))


def test_a_table_of_the_caller_is_used_even_when_it_is_empty() -> None:
    with pytest.raises(Unknown):
        names.order(["王伟"], Table([], []))
