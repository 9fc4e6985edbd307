"""Gate 2, candidate structure (人选结构关): judges the list as a whole against the plan's shares.

The shares become whole numbers here, a minimum rounded up and a maximum down; choosing and proving is ``slate``'s.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import msgspec

from fourgates import plan as plans
from fourgates.plan import Plan, Share
from fourgates.roster import Roster
from fourgates.slate.model import Person, Problem, Requirement
from fourgates.tally import Line


class Eligible(msgspec.Struct, frozen=True):
    """A person who met both gates and whose committee met the procedure: committee, every tag borne, the tally line,
    and the name under which the person draws lots (empty: the id)."""

    committee: str
    tags: tuple[str, ...]
    line: Line
    lot: str = ""


def name(share: Share) -> str:
    """The requirement as it is named in findings: ``女不少于党员中的比例``, ``农民不少于2``."""
    parts = [
        f"{words}{'党员中的比例' if text == 'members' else text}"
        for words, text in (("不少于", share.at_least), ("不多于", share.at_most))
        if text is not None
    ]
    return share.tag + "，".join(parts)


def requirements(plan: Plan, roster: Roster) -> tuple[Requirement, ...]:
    """The plan's shares as counts on a list of the planned length (rule 9.2), in the order of the plan."""
    size = plan.quota.county_list
    found = []
    for share in plan.structure.share:
        members = roster.share(share.tag) if share.tag in plan.structure.roster_tags else plans.NONE
        low = None if share.at_least is None else plans.bound(share.at_least, size, members, up=True)
        high = None if share.at_most is None else plans.bound(share.at_most, size, members, up=False)
        found.append(Requirement(name(share), share.tag, low, high))
    return tuple(found)


def problem(eligible: Mapping[str, Eligible], plan: Plan, roster: Roster) -> Problem:
    """What is asked of the county's list (rules 9.1 to 9.4): greatest support, branches first, then members."""
    return Problem(
        people=tuple(
            Person(id_, one.committee, one.tags, one.line.support, one.lot)
            for id_, one in sorted(eligible.items())
        ),
        size=plan.quota.county_list,
        requirements=requirements(plan, roster),
        per_unit_at_most=plan.structure.per_committee_at_most,
        seed=plan.seed,
    )


def count(tags: Iterable[str], people: Iterable[str], eligible: Mapping[str, Eligible]) -> dict[str, int]:
    """How many of ``people`` bear each of ``tags``."""
    chosen = [eligible[id_].tags for id_ in people if id_ in eligible]
    return {tag: sum(tag in borne for borne in chosen) for tag in tags}
