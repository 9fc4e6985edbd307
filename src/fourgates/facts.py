"""What is claimed and stands (现行事项): the plain facts every result is worked out from.

A value that is copied before it is changed, so that a reader of an older state is never disturbed.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

import msgspec

from fourgates.allotment import Allotted
from fourgates.ballots import Box
from fourgates.consultation import Asked, Concern, Lifted, Reminded
from fourgates.convening import Meeting
from fourgates.errors import Refused
from fourgates.gates.integrity import Opinion, Result
from fourgates.gates.procedure import Held
from fourgates.gates.standard import Assessment
from fourgates.layered import Layered
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
class Given:
    """What is taken as given where its grounds are withheld (节录): the roster as the roll tells it, and who may stand on
    the list with which tags, ``None`` before anybody was judged."""

    roster: Roster
    eligible: Mapping[str, tuple[str, ...]] | None = None


class Facts(msgspec.Struct, frozen=True, eq=False):
    """Every standing claim, by what it is about; ``None`` or absent while nothing has come in.

    ``memo`` holds results worked out from exactly these facts; ``but`` gives a copy with some facts changed and an
    empty memo. Only ``earlier`` goes on in it: results with what they were worked out from, good wherever that is equal.
    """

    plan: Plan | None = None
    tree: Tree | None = None
    rosters: Layered[str, tuple[Member, ...]] = msgspec.field(default_factory=Layered)
    sanctions: tuple[Sanction, ...] | None = None
    unread: tuple[str, ...] = ()
    steps: Layered[str, tuple[Held, ...]] = msgspec.field(default_factory=Layered)
    marks: Layered[str, tuple[Mark, ...]] = msgspec.field(default_factory=Layered)
    surveys: tuple[Survey, ...] | None = None
    filed: Layered[str, tuple[BranchSitting, ...]] = msgspec.field(default_factory=Layered)
    reviews: Layered[str, tuple[ReviewSitting, ...]] = msgspec.field(default_factory=Layered)
    profiles: Layered[str, Profile] = msgspec.field(default_factory=Layered)
    assessments: Layered[str, Assessment] = msgspec.field(default_factory=Layered)
    checks: Layered[str, Mapping[str, Result]] = msgspec.field(default_factory=Layered)
    replies: Layered[str, tuple[Opinion, ...]] = msgspec.field(default_factory=Layered)
    decided: tuple[ReviewSitting, ...] | None = None
    acts: Layered[str, Mapping[str, Mark]] = msgspec.field(default_factory=Layered)
    settled: Layered[str, Settled] = msgspec.field(default_factory=Layered)
    meetings: Layered[str, Meeting] = msgspec.field(default_factory=Layered)
    met: Layered[tuple[str, str], tuple[str, ...]] = msgspec.field(default_factory=Layered)
    asked: Layered[str, Asked] = msgspec.field(default_factory=Layered)
    reminders: Layered[str, Reminded] = msgspec.field(default_factory=Layered)
    enclosed: Layered[str, str] = msgspec.field(default_factory=Layered)
    lifted: Layered[str, Lifted] = msgspec.field(default_factory=Layered)
    concerns: Layered[str, Concern] = msgspec.field(default_factory=Layered)
    notices: Layered[str, Posted] = msgspec.field(default_factory=Layered)
    objections: Layered[str, Case] = msgspec.field(default_factory=Layered)
    allotted: Layered[str, tuple[Allotted, ...]] = msgspec.field(default_factory=Layered)
    boxes: Layered[str, Box] = msgspec.field(default_factory=Layered)
    given: Given | None = None
    memo: dict[Hashable, Any] = msgspec.field(default_factory=dict)

    def but(self, **changed: Any) -> Facts:
        """These facts with some changed, and nothing remembered but roster and roll where they still hold."""
        memo: dict[Hashable, Any] = {}
        if not changed.keys() & {"plan", "tree", "rosters", "sanctions", "given"}:
            for key in ("roster", "rights"):
                if key in self.memo:
                    memo[key] = self.memo[key]
        memo["earlier"] = self.memo.setdefault("earlier", {})
        values = list(_VALUES(self))  # what `replace` does, in a fraction of the time
        for name, value in changed.items():
            values[_PLACES[name]] = value
        values[-1] = memo
        return Facts(*values)

    def forget(self) -> None:
        """Forget what was worked out from marks of single members: whoever calls this has changed them in place."""
        for key in [key for key in self.memo if key not in _LASTING]:
            del self.memo[key]

    def __eq__(self, other: object) -> bool:
        """Whether the same claims stand; what is remembered of them says nothing."""
        return isinstance(other, Facts) and _VALUES(self)[:-1] == _VALUES(other)[:-1]

    __hash__ = None  # type: ignore[assignment]  # mappings have none

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
        if self.given is not None:
            return self.given.roster
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


_LASTING = ("roster", "rights", "earlier")
_PLACES = {name: place for place, name in enumerate(Facts.__struct_fields__)}
_VALUES = attrgetter(*_PLACES)
