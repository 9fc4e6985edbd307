"""Departments asked, bars lifted by two, and what is said to the person concerned (征求意见、解除、告知与申辩).

Silence is never consent: a department that has not answered by its day is listed as overdue and stays open.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Literal

import msgspec

from fourgates.arrangements import Consultation, Hearing
from fourgates.errors import Refused
from fourgates.gates.integrity import Opinion, Result
from fourgates.plan import Integrity
from fourgates.workdays import Calendar

Outcome = Literal["upheld", "cleared"]


class Asked(msgspec.Struct, frozen=True):
    """What was put to a department (征求意见函): persons, the day it was sent, the day by which to answer."""

    people: tuple[str, ...]
    day: date
    due: date


class Overdue(msgspec.Struct, frozen=True, array_like=True):
    """A department that has not answered on somebody, and the day by which it was to."""

    department: str
    person: str
    due: date


class Reminded(msgspec.Struct, frozen=True):
    """A reminder (催办): to whom, on which day, and the keyed digest of who sent it."""

    department: str
    day: date
    by: str


class Raised(msgspec.Struct, frozen=True, array_like=True):
    """What raises a bar: the check or department, its word and its day."""

    name: str
    word: str
    day: date | None


class Lifted(msgspec.Struct, frozen=True):
    """A bar lifted (解除): the keyed digest of the ground, the day, and what it was raised by then. It holds only as long
    as nothing else raises it."""

    ground: str
    day: date
    over: tuple[Raised, ...]


class Concern(msgspec.Struct, frozen=True):
    """What passed with the person concerned (告知、申辩、复核): who told the category and when, who recorded the reply
    and who spoke, and with which outcome it was reviewed; empty or ``None`` while it has not happened."""

    told_by: str
    told: date
    recorded_by: str = ""
    answered: date | None = None
    outcome: Outcome | None = None
    speaker: str = ""


def check_asked(department: str, asked: Asked, rule: Integrity) -> None:
    """Raises ``Refused`` when a letter cannot be: a department not in the rulebook (8.4), nobody or somebody twice, or to
    be answered before it was sent (8.8)."""
    if department not in rule.departments:
        raise Refused("8.4", "{department}不在征求意见的部门之列", department=department)
    if not asked.people or len(set(asked.people)) != len(asked.people) or asked.due <= asked.day:
        raise Refused(
            "8.8", "给{department}的函没有写人，或者同一人列了两次，或者期限不对", department=department
        )


def check_answered(asked: Asked | None, opinions: Iterable[Opinion], department: str) -> None:
    """Raises ``Refused`` (8.9) when a department that was asked by letter answers on somebody it was not asked about."""
    if asked is not None and not {opinion.person for opinion in opinions} <= set(asked.people):
        raise Refused("8.9", "{department}答复的人不在函中", department=department)


def overdue(
    asked: Mapping[str, Asked], replies: Mapping[str, tuple[Opinion, ...]], day: date
) -> tuple[Overdue, ...]:
    """Who has not answered on whom on ``day``, after the day by which to (rule 8.8), in the order of the letters."""
    return tuple(
        Overdue(department, person, letter.due)
        for department, letter in asked.items()
        for person in unanswered(department, letter, replies)
        if letter.due < day
    )


def unanswered(department: str, letter: Asked, replies: Mapping[str, tuple[Opinion, ...]]) -> tuple[str, ...]:
    """The persons in a letter on whom the department has not said a word."""
    said = {opinion.person for opinion in replies.get(department, ()) if opinion.word}
    return tuple(person for person in letter.people if person not in said)


def check_reminded(
    asked: Asked | None, day: date, department: str, replies: Mapping[str, tuple[Opinion, ...]]
) -> None:
    """Raises ``Refused`` (8.12) when there is nothing to remind of: no letter by then, or nobody without an answer."""
    if asked is None or day < asked.day:
        raise Refused("8.12", "还没有向{department}发函，不能催办", department=department)
    if not unanswered(department, asked, replies):
        raise Refused("8.12", "{department}已经答完，不用催办", department=department)


def check_enclosed(department: str, person: str, replies: Mapping[str, tuple[Opinion, ...]]) -> None:
    """Raises ``Refused`` (8.13) when a file comes with no answer."""
    if not any(one.person == person and one.word for one in replies.get(department, ())):
        raise Refused("8.13", "{department}对这个人还没有答复，不能单交附件", department=department)


def raised(
    bar: str, rule: Integrity, results: Mapping[str, Result], opinions: Mapping[str, Opinion]
) -> tuple[Raised, ...]:
    """Every check and every department that raises ``bar`` for one person, in the rulebook's order."""
    checks = ((one, results.get(one.name)) for one in rule.checks if one.bar == bar)
    found = [
        Raised(one.name, result.word, result.day)
        for one, result in checks
        if result is not None and result.word in one.barring
    ]
    answers = (
        (name, opinions.get(name)) for name in (rule.departments if bar == rule.department_bar else ())
    )
    found += [
        Raised(name, opinion.word, opinion.day)
        for name, opinion in answers
        if opinion is not None and opinion.word in rule.opinions.objection
    ]
    return tuple(found)


def check_lifted(bar: str, by: str, second: str, over: tuple[Raised, ...], rule: Consultation) -> None:
    """Raises ``Refused`` (8.10) when a bar cannot be lifted: absolute by the rulebook, raised by nothing, or by one
    person alone."""
    if bar not in rule.liftable:
        raise Refused("8.10", "规则规定“{bar}”一律不得解除", bar=bar)
    if not over:
        raise Refused("8.10", "这个人没有“{bar}”，无可解除", bar=bar)
    if by == second:
        raise Refused("8.10", "解除“{bar}”要由不同的两人决定", bar=bar)


def until(told: date, rule: Hearing, calendar: Calendar) -> date | None:
    """The last day on which a reply is taken (rule 8.14); ``None`` where the rulebook sets none."""
    return calendar.after(told, rule.reply_working_days) if rule.reply_working_days else None


def answer(
    concern: Concern | None, by: str, day: date, speaker: str, rule: Hearing, calendar: Calendar
) -> Concern:
    """The concern with the person's reply recorded; ``Refused`` (8.11) before the person was told, (8.14) where the
    rulebook hears nobody, not this speaker, or only until an earlier day."""
    if not rule.speakers:
        raise Refused("8.14", "规则没有写明申辩，不能记录")
    if speaker and speaker not in rule.speakers:
        raise Refused("8.14", "规则写明的申辩人中没有“{speaker}”", speaker=speaker)
    if concern is None or day < concern.told:
        raise Refused("8.11", "还没有告知本人，不能记录申辩")
    last = until(concern.told, rule, calendar)
    if last is not None and day > last:
        raise Refused("8.14", "申辩期到{last}为止，已经过了", last=last.isoformat())
    return Concern(concern.told_by, concern.told, by, day, speaker=speaker or rule.speakers[0])


def review(
    concern: Concern | None, by: str, day: date, outcome: Outcome, rule: Hearing, calendar: Calendar
) -> Concern:
    """The concern reviewed; ``Refused`` (8.11) before the person was told, before the reply, or by whoever told or recorded,
    (8.14) where the rulebook has no review, or the person may still reply."""
    if not rule.review:
        raise Refused("8.14", "规则没有写明复核，不能记录")
    if concern is None or day < max(concern.told, concern.answered or concern.told):
        raise Refused("8.11", "还没有告知本人或者早于申辩，不能复核")
    if by in (concern.told_by, concern.recorded_by):
        raise Refused("8.11", "复核的人不能是告知或者记录申辩的人")
    last = until(concern.told, rule, calendar) if rule.speakers and concern.answered is None else None
    if last is not None and day <= last:
        raise Refused("8.14", "申辩期到{last}为止，还没有申辩，不能先复核", last=last.isoformat())
    return msgspec.structs.replace(concern, outcome=outcome)
