"""Every result worked out from the facts (认定): one function a result, remembered until a fact changes.

Writing and replay both come here; there is no second path that could drift. One module of results a step, as the fold has its
arms.
"""

from __future__ import annotations

from fourgates.judging.county import Decision, decision, eligible, judge_list, problem
from fourgates.judging.meetings import agrees, holds
from fourgates.judging.nomination import (
    carried,
    deviations,
    filed,
    filed_of,
    lines_of,
    quotas,
    reviewed,
    sent_up,
    tallied,
)
from fourgates.judging.participation import (
    acts,
    by_day,
    conflicts,
    counted,
    due,
    marks,
    said,
    satisfaction,
    surveys,
    turnout,
)
from fourgates.judging.vetting import Person, person, raised

__all__ = [
    "Decision",
    "Person",
    "acts",
    "agrees",
    "by_day",
    "carried",
    "conflicts",
    "counted",
    "decision",
    "deviations",
    "due",
    "eligible",
    "filed",
    "filed_of",
    "holds",
    "judge_list",
    "lines_of",
    "marks",
    "person",
    "problem",
    "quotas",
    "raised",
    "reviewed",
    "said",
    "satisfaction",
    "surveys",
    "sent_up",
    "tallied",
    "turnout",
]
