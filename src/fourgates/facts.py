"""What is claimed and stands (现行事项): the plain facts every result is worked out from.

A value that is copied before it is changed, so that a reader of an older state is never disturbed.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import msgspec

from fourgates.allotment import Allotted
from fourgates.ballots import Box
from fourgates.consultation import Asked, Concern, Lifted
from fourgates.convening import Meeting
from fourgates.errors import Refused
from fourgates.gates.integrity import Opinion, Result
from fourgates.gates.procedure import Held
from fourgates.gates.standard import Assessment
from fourgates.marking import Settled
from fourgates.nominations import Sitting as BranchSitting
from fourgates.notices import Case, Posted
from fourgates.participation import Mark, Survey
from fourgates.plan import Plan
from fourgates.review import Sitting as ReviewSitting
from fourgates.roster import Member, Roster, Sanction, check
from fourgates.units import Tree


class Profile(msgspec.Struct, frozen=True):
    """What a person sent up stands for (人选情况): part of the partition, tags, reports personal matters, has a file."""

    part: str
    tags: tuple[str, ...]
    reports: bool
    has_file: bool


@dataclass(frozen=True, slots=True)
class Facts:
    """Every standing claim, by what it is about; ``None`` or absent while nothing has come in.

    ``memo`` holds results worked out from exactly these facts; ``but`` gives a copy with some facts changed and an
    empty memo.
    """

    plan: Plan | None = None
    tree: Tree | None = None
    rosters: Mapping[str, tuple[Member, ...]] = field(default_factory=dict)
    sanctions: tuple[Sanction, ...] | None = None
    unread: tuple[str, ...] = ()
    steps: Mapping[str, tuple[Held, ...]] = field(default_factory=dict)
    marks: Mapping[str, tuple[Mark, ...]] = field(default_factory=dict)
    surveys: tuple[Survey, ...] | None = None
    filed: Mapping[str, tuple[BranchSitting, ...]] = field(default_factory=dict)
    reviews: Mapping[str, tuple[ReviewSitting, ...]] = field(default_factory=dict)
    profiles: Mapping[str, Profile] = field(default_factory=dict)
    assessments: Mapping[str, Assessment] = field(default_factory=dict)
    checks: Mapping[str, Mapping[str, Result]] = field(default_factory=dict)
    replies: Mapping[str, tuple[Opinion, ...]] = field(default_factory=dict)
    decided: tuple[ReviewSitting, ...] | None = None
    acts: Mapping[str, Mapping[str, Mark]] = field(default_factory=dict)
    settled: Mapping[str, Settled] = field(default_factory=dict)
    meetings: Mapping[str, Meeting] = field(default_factory=dict)
    met: Mapping[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)
    asked: Mapping[str, Asked] = field(default_factory=dict)
    lifted: Mapping[str, Lifted] = field(default_factory=dict)
    concerns: Mapping[str, Concern] = field(default_factory=dict)
    notices: Mapping[str, Posted] = field(default_factory=dict)
    objections: Mapping[str, Case] = field(default_factory=dict)
    allotted: Mapping[str, tuple[Allotted, ...]] = field(default_factory=dict)
    boxes: Mapping[str, Box] = field(default_factory=dict)
    memo: dict[Hashable, Any] = field(default_factory=dict, repr=False, compare=False)

    def but(self, **changed: Any) -> Facts:
        """These facts with some changed, and nothing remembered but the roster where it still holds."""
        memo: dict[Hashable, Any] = {}
        if not changed.keys() & {"plan", "tree", "rosters", "sanctions"} and "roster" in self.memo:
            memo["roster"] = self.memo["roster"]
        return replace(self, **changed, memo=memo)

    def rulebook(self) -> Plan:
        """The plan in force; ``Refused`` (rule 0.2) before one was adopted."""
        if self.plan is None:
            raise Refused("0.2", "还没有通过工作方案")
        return self.plan

    def register(self) -> Tree:
        """The tree of organisations; ``Refused`` (rule 0.2) before it was entered."""
        if self.tree is None:
            raise Refused("0.2", "还没有党组织名册")
        return self.tree

    def roster(self) -> Roster:
        """All members with their rights on the reference date, from every roster that stands.

        ``Refused`` where a roster names branches that the register in force no longer has (1.3), or the register of
        punishments a kind that the plan in force does not have (8.6): until they are corrected nobody has rights.
        """
        if "roster" not in self.memo:
            rule, tree = self.rulebook(), self.register()
            for committee, own in self.rosters.items():
                check(committee, own, tree, {})
            members = (member for roster in self.rosters.values() for member in roster)
            self.memo["roster"] = Roster(
                members, self.sanctions or (), rule.integrity, rule.selection.reference_date
            )
        found: Roster = self.memo["roster"]
        return found
