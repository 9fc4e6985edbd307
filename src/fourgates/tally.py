"""Counted level by level: organisations and members behind each name (推荐情况汇总)."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from fourgates import nominations
from fourgates.nominations import Sitting
from fourgates.plan import Plan
from fourgates.roster import Roster
from fourgates.units import Tree


class Line(msgspec.Struct, frozen=True, array_like=True):
    """A nominee with the branches and the members behind the name."""

    person: str
    branches: int
    members: int

    @property
    def support(self) -> tuple[int, int]:
        """What names are ranked by: branches first, then members."""
        return self.branches, self.members


def count(
    committee: str, filed: Mapping[str, tuple[Sitting, ...]], tree: Tree, roster: Roster, plan: Plan
) -> list[Line]:
    """The tally of one committee (rule 4.1): each nominee once, however many branches put the name forward.

    ``filed``: branch → its sittings. Only meetings that count and nominees with rights are counted. Ranked by
    branches, then members; equals stand by id here and are put in surname-stroke order where names are at hand.
    """
    branches: dict[str, int] = {}
    members: dict[str, int] = {}
    for unit in tree.branches(committee):
        behind: set[str] = set()
        for sitting in filed.get(unit.name, ()):
            if not nominations.valid(sitting, plan):
                continue
            for name in sitting.names:
                if name.person in roster.rights:
                    behind.add(name.person)
                    members[name.person] = members.get(name.person, 0) + name.members
        for person in behind:
            branches[person] = branches.get(person, 0) + 1
    lines = [Line(person, number, members[person]) for person, number in branches.items()]
    return sorted(lines, key=lambda line: (-line.branches, -line.members, line.person))
