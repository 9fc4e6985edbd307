"""Every sentence a person may read has its English, with the same places to fill in."""

from __future__ import annotations

import ast
import re
import threading
from pathlib import Path
from string import Formatter

import pytest

from fourgates import i18n
from fourgates.errors import Broken, Refused
from scripts import messages

HAN = re.compile(r"[\u4e00-\u9fff]")
CATALOGUE = [message for message in messages.kept() if message.id]


def first(forms: object) -> str:
    """A sentence, or the first of its two forms."""
    return forms if isinstance(forms, str) else str(next(iter(forms)))  # type: ignore[call-overload]


def every(forms: object) -> list[str]:
    return [forms] if isinstance(forms, str) else [str(form) for form in forms or ()]  # type: ignore[attr-defined]


def places(sentence: str) -> set[str]:
    """The named places of a sentence, with how each is spelt."""
    return {f"{name}:{spec}!{how}" for _, name, spec, how in Formatter().parse(sentence) if name is not None}


# --- the catalogue ----------------------------------------------------------------------------------------------


def test_the_catalogue_is_current() -> None:
    assert messages.CATALOGUE.read_bytes() == messages.written(), "run `make messages`"


def test_every_sentence_has_its_english() -> None:
    assert [m.id for m in CATALOGUE if not every(m.string) or not all(every(m.string))] == []


def test_english_has_the_same_places() -> None:
    wrong = [
        (m.id, m.string)
        for m in CATALOGUE
        if any(places(form) != places(first(m.id)) for form in every(m.string) if form)
    ]
    assert wrong == []


def test_english_has_no_chinese_left_in_it_but_quoted_words_of_a_form() -> None:
    wrong = [
        form
        for m in CATALOGUE
        for form in every(m.string)
        if HAN.search(re.sub(r"“[^”]*”|\([^()]*\)", "", form))
    ]
    assert wrong == []


def test_every_refusal_says_its_sentence_where_the_catalogue_finds_it() -> None:
    hidden = []
    for path in sorted(messages.SOURCE.rglob("*.py")):
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Name):
                continue
            place = {"Refused": 1, "Broken": 2}.get(call.func.id)
            if place is None or len(call.args) <= place:
                continue
            why = call.args[place]
            if not (isinstance(why, ast.Constant) and isinstance(why.value, str)) and not marked(why):
                hidden.append(f"{path.name}:{call.lineno}")
    assert hidden == []


def marked(why: ast.expr) -> bool:
    """Whether the sentence was handed on from where it is found: a `why` of another refusal, or a marked constant."""
    return (isinstance(why, ast.Attribute) and why.attr == "why") or (
        isinstance(why, ast.Name) and (why.id.isupper() or why.id == "why")
    )


def test_every_sentence_can_be_filled_in() -> None:
    for sentence in {first(m.id) for m in CATALOGUE}:
        named = [name for _, name, _, _ in Formatter().parse(sentence) if name is not None]
        assert all(name.isidentifier() for name in named), sentence


# --- speaking ---------------------------------------------------------------------------------------------------

OLD = "公民身份号码是旧的15位号码"
LENGTH = "公民身份号码应为17位数字加一位校验码，读到{length}个字符"


@pytest.mark.parametrize(
    ("wishes", "language"),
    [
        ((), "zh"),
        ((None, None), "zh"),
        (("",), "zh"),
        (("en",), "en"),
        (("en_GB.UTF-8",), "en"),
        (("EN-us",), "en"),
        (("zh_CN.UTF-8",), "zh"),
        (("zh-Hans",), "zh"),
        (("C",), "zh"),
        (("C.UTF-8", "en_US.UTF-8"), "en"),
        (("de_DE:en", "zh"), "en"),
        (("de_DE",), "zh"),
        (("zh", "en"), "zh"),
        ((None, "en"), "en"),
        (("english",), "zh"),
    ],
)
def test_the_first_wish_that_can_be_met_is_met(wishes: tuple[str | None, ...], language: str) -> None:
    assert i18n.choose(*wishes) == language


def test_chinese_is_the_sentence_itself() -> None:
    assert i18n.spoken() == "zh"
    assert i18n._(OLD) == OLD
    assert i18n.mark(OLD) == OLD
    assert i18n.translate(OLD, "zh") == OLD


def test_a_language_is_spoken_inside_the_block_only() -> None:
    with i18n.speaking("en"):
        assert i18n.spoken() == "en"
        english = i18n._(OLD)
        with i18n.speaking("zh"):
            assert i18n._(OLD) == OLD
        assert i18n._(OLD) == english
    assert not HAN.search(english)
    assert i18n._(OLD) == OLD


def test_a_language_once_used_stays() -> None:
    i18n.use("en")
    assert i18n.spoken() == "en"
    i18n.use("zh")
    assert i18n.spoken() == "zh"


def test_another_thread_speaks_its_own_language() -> None:
    heard: list[str] = []
    i18n.use("en")
    other = threading.Thread(target=lambda: heard.append(i18n.spoken()))
    other.start()
    other.join()
    assert heard == ["zh"]


def test_nothing_said_is_nothing_in_any_language() -> None:
    assert [i18n.translate("", language) for language in ("zh", "en")] == ["", ""]


def test_a_sentence_nobody_translated_stays_chinese() -> None:
    assert i18n.translate("没有人译过的一句话", "en") == "没有人译过的一句话"


def test_counting_chooses_between_one_and_many(monkeypatch: pytest.MonkeyPatch) -> None:
    words = {"{n}个问题": ("{n} problem", "{n} problems")}
    monkeypatch.setattr(i18n, "_catalogue", lambda language: words if language == "en" else {})
    assert i18n.ngettext("{n}个问题", "{n}个问题", 2) == "{n}个问题"
    assert i18n.ngettext("{n}个问题", "共{n}个问题", 1) == "{n}个问题"
    with i18n.speaking("en"):
        assert i18n.ngettext("{n}个问题", "{n}个问题", 1) == "{n} problem"
        assert i18n.ngettext("{n}个问题", "{n}个问题", 0) == "{n} problems"
        assert i18n.ngettext("{n}个问题", "{n}个问题", 7) == "{n} problems"
        assert i18n.ngettext("{n}条", "{n}条", 7) == "{n}条"


def test_a_refusal_speaks_both_languages_with_its_facts() -> None:
    refused = Refused("1.1", LENGTH, length=15)
    assert i18n.sentence(refused) == "公民身份号码应为17位数字加一位校验码，读到15个字符"
    english = i18n.sentence(refused, "en")
    assert "15" in english
    assert not HAN.search(english)
    with i18n.speaking("en"):
        assert i18n.sentence(refused) == english
        assert i18n.sentence(refused, "zh") == "公民身份号码应为17位数字加一位校验码，读到15个字符"


def test_a_broken_record_speaks_both_languages() -> None:
    broken = Broken(7, "R.1", OLD)
    assert i18n.sentence(broken, "zh") == OLD
    assert not HAN.search(i18n.sentence(broken, "en"))


def test_the_catalogue_stands_where_the_package_looks() -> None:
    assert Path(i18n.__file__).parent / "locale/en/LC_MESSAGES/fourgates.po" == messages.CATALOGUE
