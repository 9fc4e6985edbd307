"""Departments' opinions (部门意见): every person asked about at every department, silence said as silence."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Literal

import msgspec

from fourgates import judging
from fourgates.exchange.source import Origin, Source, origin
from fourgates.gates import integrity
from fourgates.plan import Opinions as Words

Meaning = Literal["clear", "objection", "open", "not_applicable", "silent"]


class Opinion(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a department says of one person: its word, what the word means (``silent``: no answer, which is not consent),
    the day, whether an explanation was written, and the entry."""

    person: str
    word: str
    meaning: Meaning
    day: date | None
    explained: bool
    entry: int
    name: str = ""


class Department(msgspec.Struct, frozen=True):
    """One department that is asked."""

    department: str
    opinions: tuple[Opinion, ...]


class Opinions(msgspec.Struct, frozen=True):
    """Every department of the plan, in its order, on everybody sent up."""

    origin: Origin
    departments: tuple[Department, ...]


def write(source: Source) -> bytes:
    """The opinions as JSON, UTF-8."""
    departments = source.selection.facts.rulebook().integrity.departments
    built = Opinions(
        origin(source), tuple(Department(one, tuple(_opinions(source, one))) for one in departments)
    )
    return msgspec.json.format(msgspec.json.encode(built), indent=1) + b"\n"


def _opinions(source: Source, department: str) -> Iterator[Opinion]:
    facts = source.selection.facts
    answers = {one.person: one for one in facts.replies.get(department, ())}
    entry = source.entry("RepliesReceived", department)
    nothing = integrity.Opinion("", "", None, "", "")
    for id_ in judging.sent_up(facts):
        said = answers.get(id_, nothing)
        yield Opinion(
            id_,
            said.word,
            _meaning(said.word, facts.rulebook().integrity.opinions),
            said.day,
            bool(said.note),
            entry if id_ in answers else 0,
            source.called(id_) if source.people else "",
        )


def _meaning(word: str, words: Words) -> Meaning:
    meanings: tuple[Meaning, ...] = ("clear", "objection", "open", "not_applicable")
    return next((one for one in meanings if word in getattr(words, one)), "silent")
