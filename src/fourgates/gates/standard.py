"""Gate 1, political standard (政治标准关): judges each person sent up, one requirement after the other.

Non-compensatory: nothing met elsewhere buys back a requirement that is not met, and no score is made.
"""

from __future__ import annotations

import msgspec

from fourgates import meetings
from fourgates.errors import Refused
from fourgates.gates.finding import Finding
from fourgates.plan import Standard


class Assessment(msgspec.Struct, frozen=True):
    """What the named assessors found about one person (政治标准考察).

    ``ratings`` and ``conditions`` stand in the rulebook's order; then the recognition forms issued 测评发出 and returned
    测评收回 with the answers 认可、不认可、弃权; ``two_faced`` 两面人; ``evidence`` the keyed digest of the facts 事实依据, empty
    when none were written.
    """

    ratings: tuple[str, ...]
    conditions: tuple[bool, ...]
    issued: int
    returned: int
    recognised: int
    not_recognised: int
    abstained: int
    two_faced: bool
    evidence: str


def check(assessment: Assessment, rule: Standard) -> None:
    """Raises ``Refused`` when an assessment cannot be: a rating not on the scale or a wrong number of ratings or
    conditions (7.0), more forms returned than issued or answers that do not make the whole (7.6)."""
    if len(assessment.ratings) != len(rule.ratings) or len(assessment.conditions) != len(rule.conditions):
        raise Refused("7.0", "考察表的评价项或条件与规则不符")
    if not set(assessment.ratings) <= set(rule.scale):
        raise Refused("7.0", "考察表的评价不在等次表内")
    answers = (assessment.recognised, assessment.not_recognised, assessment.abstained)
    if not 0 <= assessment.returned <= assessment.issued <= meetings.MOST:
        raise Refused(
            "7.6",
            "测评收回{returned}多于发出{issued}",
            returned=assessment.returned,
            issued=assessment.issued,
        )
    if min(answers) < 0 or sum(answers) != assessment.returned:
        raise Refused(
            "7.6",
            "认可、不认可、弃权之和{sum}不等于收回{returned}",
            sum=sum(answers),
            returned=assessment.returned,
        )


def judge(assessment: Assessment | None, rule: Standard) -> list[Finding]:
    """One finding a requirement (rules 7.1 to 7.5); all of them ``no_answer`` when nothing was handed in.

    ``Refused`` (7.0) for an assessment made by another rulebook than ``rule``.
    """
    if assessment is None:
        return [
            *(Finding("7.1", name, "no_answer") for name in rule.ratings),
            *(Finding("7.2", condition.label, "no_answer") for condition in rule.conditions),
            Finding("7.3", "党员群众认可度", "no_answer"),
            Finding("7.4", "两面人", "no_answer"),
            Finding("7.5", "事实依据", "no_answer"),
        ]
    check(assessment, rule)
    enough = set(rule.scale[: rule.scale.index(rule.rating_at_least) + 1])
    recognised = assessment.returned > 0 and meetings.at_least(
        assessment.recognised, rule.recognition_at_least, assessment.returned
    )
    return [
        *(
            Finding("7.1", name, "met" if rating in enough else "not_met", rating)
            for name, rating in zip(rule.ratings, assessment.ratings, strict=True)
        ),
        *(
            Finding("7.2", condition.label, "met" if held else "not_met")
            for condition, held in zip(rule.conditions, assessment.conditions, strict=True)
        ),
        Finding(
            "7.3",
            "党员群众认可度",
            "met" if recognised else "not_met",
            f"{assessment.recognised}/{assessment.returned}",
        ),
        Finding("7.4", "两面人", "not_met" if assessment.two_faced else "met"),
        Finding("7.5", "事实依据", "met" if assessment.evidence else "not_met", assessment.evidence),
    ]
