"""Who belongs, and who has which right on the reference date (党员名册).

A member is known in the record by a keyed id; names and numbers live with the people document alone.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from datetime import date
from fractions import Fraction

import msgspec

from fourgates import days
from fourgates.errors import Refused
from fourgates.plan import ROSTER_TAGS, Integrity
from fourgates.units import Tree

MEMBER_TAGS = dict(zip(ROSTER_TAGS, ("female", "minority"), strict=True))


class Member(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One row of a roster, as far as the rules need it: id, branch, full member 正式党员, normal status 党籍正常,
    woman, of a national minority."""

    id: str
    branch: str
    full: bool
    normal: bool
    female: bool
    minority: bool


class Sanction(msgspec.Struct, frozen=True, array_like=True):
    """A punishment (处分): whose, of which kind in the rulebook's words, and the day it was approved."""

    person: str
    kind: str
    approved: date


class BranchRoll(msgspec.Struct, frozen=True, array_like=True):
    """Those who count in one branch on the reference date, by id: with the right to nominate and be nominated, and
    those who only count in participation (probationary members, where the rulebook counts them)."""

    branch: str
    rights: tuple[str, ...]
    counted: tuple[str, ...]


class Roster:
    """All members of the county with their rights on one day; built once from the rosters in force.

    ``members``: id → member; ``rights``: ids with the right to nominate and be nominated; ``of_branch``: branch →
    number of members with rights.
    """

    __slots__ = ("_shares", "members", "of_branch", "rights")

    def __init__(
        self, members: Iterable[Member], sanctions: Iterable[Sanction], rule: Integrity, day: date
    ) -> None:
        self.members: dict[str, Member] = {member.id: member for member in members}
        suspended = {
            sanction.person
            for sanction in sanctions
            if days.runs(sanction.approved, rule.punishment(sanction.kind).without_rights, day)
        }
        self.rights = {
            member.id
            for member in self.members.values()
            if member.full and member.normal and member.id not in suspended
        }
        self._shares: dict[str, Fraction] = {}
        self.of_branch: dict[str, int] = {}
        for id_ in self.rights:
            branch = self.members[id_].branch
            self.of_branch[branch] = self.of_branch.get(branch, 0) + 1

    @classmethod
    def rolled(cls, rolls: Iterable[BranchRoll], shares: Mapping[str, Fraction], rule: Integrity) -> Roster:
        """The roster as far as a roll of those who count tells it, for who is not shown the rosters themselves."""
        members = (
            Member(id_, roll.branch, full, normal=True, female=False, minority=False)
            for roll in rolls
            for full, ids in ((True, roll.rights), (False, roll.counted))
            for id_ in ids
        )
        found = cls(members, (), rule, date.min)
        found._shares = dict(shares)
        return found

    def share(self, tag: str) -> Fraction:
        """The share of a roster tag (女, 少数民族) among full members; 0 when there are none."""
        if tag not in self._shares:
            field = MEMBER_TAGS[tag]
            full = [member for member in self.members.values() if member.full]
            counted = sum(getattr(member, field) for member in full)
            self._shares[tag] = Fraction(counted, len(full)) if full else Fraction(0)
        return self._shares[tag]

    def tags(self, id_: str) -> list[str]:
        """The roster tags a member bears."""
        member = self.members[id_]
        return [tag for tag, field in MEMBER_TAGS.items() if getattr(member, field)]


def check(committee: str, members: Iterable[Member], tree: Tree, elsewhere: Mapping[str, str]) -> None:
    """Raises ``Refused`` when a committee's roster cannot be: a branch not of this committee (1.3), or a member
    listed twice, here or in another committee (1.4; ``elsewhere``: id → the committee that lists it)."""
    own = {unit.name for unit in tree.branches(committee)}
    seen: set[str] = set()
    for member in members:
        if member.branch not in own:
            raise Refused("1.3", "{branch}不是{committee}的党支部", branch=member.branch, committee=committee)
        if member.id in seen or member.id in elsewhere:
            raise Refused("1.4", "同一名党员列了两次：{other}", other=elsewhere.get(member.id, committee))
        seen.add(member.id)


def check_sanctions(sanctions: Iterable[Sanction], members: Container[str], rule: Integrity) -> None:
    """Raises ``Refused`` when a punishment names nobody on a roster (1.5) or is of no known kind (8.6)."""
    for sanction in sanctions:
        if sanction.person not in members:
            raise Refused("1.5", "受处分人不在任何名册中")
        rule.punishment(sanction.kind)
