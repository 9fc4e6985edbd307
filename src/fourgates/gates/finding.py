"""What a gate says about one requirement (认定): never a boolean."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Literal

import msgspec

Outcome = Literal["met", "not_met", "not_applicable", "no_answer", "pending"]


class Finding(msgspec.Struct, frozen=True, omit_defaults=True):
    """One requirement judged: the rule's number, the requirement in the rulebook's words, the outcome, the evidence
    (a figure, a word of the form, or the keyed digest of a text), and the day the evidence bears."""

    rule: str
    requirement: str
    outcome: Outcome
    evidence: str = ""
    day: date | None = None


def together(findings: Iterable[Finding]) -> Outcome:
    """Not met when anything is not met; else pending when anything is open; else met. Not applicable is never a pass
    of its own: where nothing was met the whole is not applicable."""
    outcomes = {finding.outcome for finding in findings}
    if "not_met" in outcomes:
        return "not_met"
    if not outcomes or outcomes & {"no_answer", "pending"}:
        return "pending"
    return "met" if "met" in outcomes else "not_applicable"
