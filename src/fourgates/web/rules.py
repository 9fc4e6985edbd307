"""Every rule by its number (规则), as the shipped table has it: what it says in both languages, where that comes from."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from importlib import resources

import msgspec
from msgspec import toml

from fourgates import i18n
from fourgates.i18n import mark

SURE: Mapping[str, str] = {
    "✔": mark("见于读过的出处"),
    "◐": mark("只见一部分、转述或旧版"),
    "✎": mark("一般知识，尚未核实，是可配置的默认值"),
    "⚠": mark("出处不一或有歧义：由组织决定，报告写明采用哪一种"),
    "○": mark("本软件的约定"),
}
"""The marks of the table: how sure it is that a rule is as it says."""


CODE = re.compile(r"S\d+[a-z]?")


class _Spoken(msgspec.Struct, frozen=True):
    """What is said in Chinese and in English."""

    zh: str
    en: str

    @property
    def says(self) -> str:
        """What it says in the language spoken."""
        return self.zh if i18n.spoken() == i18n.SOURCE else self.en


class Source(_Spoken, frozen=True):
    """A source that rules name by its code."""

    code: str


class Rule(_Spoken, frozen=True):
    """A rule: its number, what it says, its source, and the marks of how sure that is."""

    number: str
    source: str
    mark: str

    @property
    def sources(self) -> list[Source]:
        """The sources named by code, in the order they are named."""
        known = {one.code: one for one in _table().source}
        return [known[code] for code in CODE.findall(self.source) if code in known]


class _Table(msgspec.Struct):
    rule: tuple[Rule, ...]
    source: tuple[Source, ...]


@cache
def _table() -> _Table:
    return toml.decode(
        resources.files("fourgates").joinpath("rulebooks", "rules.toml").read_bytes(), type=_Table
    )


@cache
def _rules() -> Mapping[str, Rule]:
    return {one.number: one for one in _table().rule}


def rule(number: str) -> Rule | None:
    """The rule with this number; ``None`` where there is none."""
    return _rules().get(number)


def says(number: str) -> str:
    """What the rule with this number says in the language spoken; empty where there is none."""
    found = rule(number)
    return found.says if found else ""
