"""Other people's words for ours (同义表头、同义写法): the table ``headings.toml``, looked up."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources

import msgspec

from fourgates.papers.cells import squeeze

_NOTE = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|【[^【】]*】")
_EDGE = "*:;,、。.★※"


class Values(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Words that stand for the values of one column: ours → others; with their source and how well it is known."""

    column: str
    source: str
    mark: str
    words: Mapping[str, tuple[str, ...]]


class Words(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole table: our headings → others; and the values."""

    headings: Mapping[str, tuple[str, ...]]
    values: tuple[Values, ...]


@cache
def words() -> Words:
    """The shipped table, read once."""
    text = resources.files("fourgates.tables").joinpath("headings.toml").read_text(encoding="utf-8")
    return msgspec.convert(tomllib.loads(text), Words)


def bare(label: str) -> str:
    """A heading as it is compared: no white space, half-width, capitals, nothing at its ends."""
    return squeeze(label).upper().strip(_EDGE)


def code(word: str) -> str:
    """A value as it is compared: as a heading, and a number without noughts before it (``01`` is ``1``)."""
    word = squeeze(word).upper()
    return word.lstrip("0") or "0" if word.isascii() and word.isdigit() else word


@cache
def _headings() -> dict[str, str]:
    return {bare(one): own for own, others in words().headings.items() for one in (own, *others)}


@cache
def _values() -> dict[str, dict[str, str]]:
    return {
        values.column: {code(one): own for own, others in values.words.items() for one in (own, *others)}
        for values in words().values
    }


def heading(label: str) -> str:
    """Our heading for ``label``, with or without the notes in brackets it carries; ``""`` when none is known."""
    known = _headings()
    return known.get(bare(label)) or known.get(bare(_NOTE.sub("", squeeze(label))), "")


def value(column: str, word: str) -> str:
    """Our word for what stands in ``column``; ``""`` when none is known."""
    return _values().get(column, {}).get(code(word), "")
