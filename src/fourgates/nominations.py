"""Names put forward by the branches: by whom, with what merit (推荐提名)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import msgspec

from fourgates import meetings
from fourgates.errors import Refused
from fourgates.plan import Plan
from fourgates.roster import Roster
from fourgates.units import Tree


class Name(msgspec.Struct, frozen=True, array_like=True):
    """A person put forward: id, how many members put the name forward 提名党员数, and the keyed digest of the merits
    (主要事迹), empty when none were written."""

    person: str
    members: int
    merit: str


class Sitting(msgspec.Struct, frozen=True, array_like=True):
    """One branch meeting: day, members due and present, and the names put forward there."""

    day: date
    due: int
    present: int
    names: tuple[Name, ...]


def check(branch: str, sittings: Iterable[Sitting], tree: Tree, roster: Roster) -> None:
    """Raises ``Refused`` when a branch's nominations cannot be.

    Not a branch (3.0), more present than due (3.1), a nominee who is no full member of the county with rights (3.2),
    more nominators than present (3.3), the same person twice in one branch (3.4).
    """
    if branch not in tree or tree[branch].kind != "branch":
        raise Refused("3.0", "{branch}不是名册中的党支部", branch=branch)
    seen: set[str] = set()
    for sitting in sittings:
        meetings.check(sitting.day, sitting.due, sitting.present)
        for name in sitting.names:
            if name.person not in roster.rights:
                raise Refused("3.2", "{branch}提名的人不是本县有权利的正式党员", branch=branch)
            if not 0 <= name.members <= sitting.present:
                raise Refused(
                    "3.3",
                    "{branch}提名党员数{members}多于实到会{present}",
                    branch=branch,
                    members=name.members,
                    present=sitting.present,
                )
            if name.person in seen:
                raise Refused("3.4", "{branch}把同一人列了两次", branch=branch)
            seen.add(name.person)


def in_window(sitting: Sitting, plan: Plan) -> bool:
    """Whether the meeting was held inside the nomination window (rule 3.5)."""
    return plan.windows.nomination.holds(sitting.day)


def quorate(sitting: Sitting, plan: Plan) -> bool:
    """Whether enough came (rule 3.6): somebody, and not fewer than the rulebook's share of those due."""
    return sitting.present > 0 and meetings.at_least(
        sitting.present, plan.nomination.quorum_at_least, sitting.due
    )


def valid(sitting: Sitting, plan: Plan) -> bool:
    """Whether the meeting counts: inside its window and quorate. Names of one that does not count for nothing."""
    return in_window(sitting, plan) and quorate(sitting, plan)
