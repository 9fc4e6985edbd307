"""Sentences for people, in Chinese and in English (语言).

The sentence in the code is the Chinese one and is also its key. English is looked up in the catalogue beside this
file; a sentence that is missing there stays Chinese rather than failing. The language belongs to the thread of work
that set it, and no environment is read here: whoever opens the door says which language is wanted.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from importlib import resources
from typing import Literal

from fourgates.errors import Broken, Refused

Language = Literal["zh", "en"]
SOURCE: Language = "zh"

_spoken: ContextVar[Language] = ContextVar("fourgates_language", default=SOURCE)


def choose(*wishes: str | None) -> Language:
    """The first wish that names a language known here, as ``en``, ``en_GB.UTF-8`` or ``zh-Hans``; else Chinese.

    A list of wishes in one text (``en_GB:zh``) is read in its order; ``C`` and ``POSIX`` wish for nothing.
    """
    for wish in ":".join(text for text in wishes if text).lower().split(":"):
        match wish.replace("-", "_").partition(".")[0].partition("_")[0]:
            case "zh":
                return "zh"
            case "en":
                return "en"
    return SOURCE


def use(language: Language) -> None:
    """Speak ``language`` from here on, in this thread of work."""
    _spoken.set(language)


@contextmanager
def speaking(language: Language) -> Iterator[None]:
    """Speak ``language`` inside the block."""
    before = _spoken.set(language)
    try:
        yield
    finally:
        _spoken.reset(before)


def spoken() -> Language:
    """The language spoken now."""
    return _spoken.get()


@cache
def _catalogue(language: Language) -> dict[str, tuple[str, ...]]:
    """Every sentence with its translation, or with its two forms where it counts something."""
    if language == SOURCE:
        return {}
    # Here and not above: Chinese needs no catalogue, and reading one takes longer than the rest of the start.
    from babel.messages.pofile import read_po

    place = resources.files("fourgates").joinpath("locale", language, "LC_MESSAGES", "fourgates.po")
    found: dict[str, tuple[str, ...]] = {}
    with place.open("rb") as lines:
        for message in read_po(lines, locale=language):
            key = message.id if isinstance(message.id, str) else message.id[0]
            if key:  # the first has none: it tells of the catalogue itself
                forms = message.string
                found[key] = (forms,) if isinstance(forms, str) else tuple(forms or ())
    return found


def translate(sentence: str, language: Language, count: int = 1) -> str:
    """``sentence`` in ``language``, places unfilled; ``count`` chooses between one and many."""
    forms = _catalogue(language).get(sentence)
    return (forms[0 if count == 1 else -1] if forms else "") or sentence


def _(sentence: str) -> str:
    """``sentence`` in the language spoken now."""
    return translate(sentence, spoken())


def ngettext(one: str, many: str, count: int) -> str:
    """The sentence for ``count`` things in the language spoken now; Chinese has one form, so ``one`` is the key."""
    return translate(one, spoken(), count) if spoken() != SOURCE or count == 1 else many


def mark(sentence: str) -> str:
    """``sentence`` itself: it stands in a table and is translated where it is shown."""
    return sentence


def sentence(said: Refused | Broken, language: Language | None = None) -> str:
    """What a refusal or a broken record says, in ``language`` or the one spoken now, its facts filled in; words of ours and of
    our rulebooks among them are said in that language too."""
    tongue = language or spoken()
    facts = {
        name: translate(fact, tongue) if isinstance(fact, str) and fact else fact
        for name, fact in said.facts.items()
    }
    return translate(said.why, tongue).format(**facts)
