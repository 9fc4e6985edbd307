"""Gate 4, integrity and discipline (廉洁纪律关): checks, departments one by one, and the absolute bars.

Silence is never consent, not applicable needs its ground, and every bar is judged anew on the day of each decision.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from datetime import date

import msgspec

from fourgates import days
from fourgates.days import Window
from fourgates.errors import Refused
from fourgates.gates.finding import Finding, Outcome
from fourgates.plan import Check, Integrity
from fourgates.roster import Sanction

STANDARD_OPEN = "政治标准考察"
SANCTIONS_OPEN = "处分情况"


class Result(msgspec.Struct, frozen=True, array_like=True):
    """The result of one check in the rulebook's words, empty while it is not done, and the day it was done."""

    word: str
    day: date | None


class Opinion(msgspec.Struct, frozen=True, array_like=True):
    """A department's answer on one person: the word, empty while there is none, the day, and keyed digests of the
    explanation (说明) and of who handled it (经办人)."""

    person: str
    word: str
    day: date | None
    note: str
    handler: str


class Judged(msgspec.Struct, frozen=True):
    """The integrity gate for one person: every finding, the bars in the rulebook's order, and what is still open."""

    outcome: Outcome
    findings: tuple[Finding, ...]
    bars: tuple[str, ...]
    pending: tuple[str, ...]


def check(results: Mapping[str, Result], rule: Integrity) -> None:
    """Raises ``Refused`` (rule 8.0) when a check or a result is not the rulebook's."""
    known = {one.name: {*one.words(), ""} for one in rule.checks}
    for name, result in results.items():
        if name not in known or result.word not in known[name]:
            raise Refused("8.0", "规则中没有核查项“{name}”或结果“{word}”", name=name, word=result.word)


def check_opinions(department: str, opinions: Iterable[Opinion], rule: Integrity) -> None:
    """Raises ``Refused`` when replies cannot be: a department not asked (8.4), an unknown word (8.5), a person twice."""
    if department not in rule.departments:
        raise Refused("8.4", "{department}不在征求意见的部门之列", department=department)
    seen: set[str] = set()
    for opinion in opinions:
        if opinion.word and opinion.word not in rule.opinions.words():
            raise Refused("8.5", "规则中没有意见“{word}”", word=opinion.word)
        if opinion.person in seen:
            raise Refused("8.5", "{department}的回函把同一人列了两次", department=department)
        seen.add(opinion.person)


def judge(
    *,
    rule: Integrity,
    vetting: Window,
    day: date,
    standard: Outcome,
    results: Mapping[str, Result],
    has_file: bool | None,
    reports: bool | None,
    opinions: Mapping[str, Opinion],
    sanctions: Iterable[Sanction] | None,
    unread: bool = False,
    lifted: Container[str] = (),
) -> Judged:
    """Judges one person on ``day`` (rules 8.0 to 8.7); a word that the rulebook in force does not have is pending.

    ``has_file`` 有干部档案 and ``reports`` 个人有关事项报告对象 are ``None`` while unknown; ``opinions``: department → answer;
    ``sanctions``: the person's own, ``None`` while the register of punishments has not come in; ``unread``: whether a
    row of the register that may be about this person could not be read; ``lifted``: bars that two persons lifted
    lawfully (8.10), whose words no longer bar.
    """
    findings: list[Finding] = []
    bars: set[str] = set()
    pending: list[str] = []
    grounds = {"never": False, "no_file": has_file is False, "not_reportable": reports is False}
    unknown = {"never": False, "no_file": has_file is None, "not_reportable": reports is None}

    if standard == "not_met":
        bars.add(rule.standard_bar)
        findings.append(Finding("8.7", rule.standard_bar, "not_met"))
    elif standard != "met":
        pending.append(STANDARD_OPEN)
        findings.append(Finding("8.7", rule.standard_bar, "pending"))
    else:
        findings.append(Finding("8.7", rule.standard_bar, "met"))

    for one in rule.checks:
        result = results.get(one.name, Result("", None))
        finding = _judge_check(one, result, vetting, grounds[one.ground], unknown[one.ground])
        if finding.outcome == "not_met" and one.bar in lifted:
            finding = _set_aside(finding)
        findings.append(finding)
        if finding.outcome == "not_met":
            bars.add(one.bar)
        elif finding.outcome in ("pending", "no_answer"):
            pending.append(one.name)

    for department in rule.departments:
        finding = _judge_opinion(department, opinions.get(department), rule)
        if finding.outcome == "not_met" and rule.department_bar in lifted:
            finding = _set_aside(finding)
        findings.append(finding)
        if finding.outcome == "not_met":
            bars.add(rule.department_bar)
        elif finding.outcome in ("pending", "no_answer"):
            pending.append(department)

    effect = _judge_effect(sanctions, rule, day, unread)
    findings.append(effect)
    if effect.outcome == "not_met":
        bars.add(rule.effect_bar)
    elif effect.outcome == "pending":
        pending.append(SANCTIONS_OPEN)

    outcome: Outcome = "not_met" if bars else "pending" if pending else "met"
    return Judged(outcome, tuple(findings), tuple(bar for bar in rule.bars if bar in bars), tuple(pending))


def _set_aside(finding: Finding) -> Finding:
    """A finding whose bar was lifted (8.10): the word stays as its evidence."""
    return Finding("8.10", finding.requirement, "met", finding.evidence, finding.day)


def _judge_check(one: Check, result: Result, vetting: Window, ground: bool, unknown: bool) -> Finding:
    if not result.word:
        return Finding("8.1", one.name, "no_answer")
    if result.word in one.not_applicable:
        if ground:
            return Finding("8.1", one.name, "not_applicable", result.word, result.day)
        return Finding("8.1" if unknown else "8.3", one.name, "pending", result.word, result.day)
    if result.word not in one.words():
        return Finding("8.0", one.name, "pending", result.word, result.day)
    if one.dated and (result.day is None or not vetting.holds(result.day)):
        return Finding("8.2", one.name, "pending", result.word, result.day)
    barred = result.word in one.barring
    return Finding("8.1", one.name, "not_met" if barred else "met", result.word, result.day)


def _judge_opinion(department: str, opinion: Opinion | None, rule: Integrity) -> Finding:
    if opinion is None or not opinion.word:
        return Finding("8.4", department, "no_answer")
    outcome: Outcome = "pending"
    if opinion.word in rule.opinions.clear:
        outcome = "met"
    elif opinion.word in rule.opinions.objection:
        outcome = "not_met"
    elif opinion.word in rule.opinions.not_applicable:
        outcome = "not_applicable"
    return Finding("8.4", department, outcome, opinion.word, opinion.day)


def _judge_effect(sanctions: Iterable[Sanction] | None, rule: Integrity, day: date, unread: bool) -> Finding:
    if sanctions is None:
        return Finding("8.6", rule.effect_bar, "pending")
    for sanction in sanctions:
        months = rule.punishment(sanction.kind).effect
        if days.runs(sanction.approved, months, day):
            until = days.add_months(sanction.approved, months)
            return Finding(
                "8.6", rule.effect_bar, "not_met", f"{sanction.kind} → {until.isoformat()}", sanction.approved
            )
    return Finding("8.6", rule.effect_bar, "pending" if unread else "met")
