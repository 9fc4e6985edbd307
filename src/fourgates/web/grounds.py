"""The claims that a figure was worked out from (数字所依据的记载): the entries that stand about its units and its persons."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from fourgates.units import COMMITTEES, Unit
from fourgates.web import figures
from fourgates.web.access import Room

MARKED = (
    "ParticipationMarked",
    "MemberMarked",
    "ConflictSettled",
    "AttendanceTaken",
    "MinutesSigned",
    "BoxClosed",
)
ROLLS = ("UnitsEntered", "RosterEntered", "SanctionsEntered")
FILED = ("NominationsFiled", "BoxClosed")
JUDGED = ("StandardAssessed", "PersonDescribed")
VETTED = ("ChecksDone", "RepliesReceived", "BarLifted", "SanctionsEntered")
LISTED = ("PersonDescribed", "PlanAdopted")

KINDS: Mapping[str, tuple[str, ...]] = {
    "organisations": MARKED,
    "members": MARKED,
    "missing": MARKED,
    "slow": MARKED,
    "channel": MARKED,
    "satisfaction": ("SatisfactionAsked", "BoxClosed"),
    "held": FILED,
    "put-forward": FILED,
    "gap": (*FILED, "PersonDescribed", "PlanAdopted"),
    "sent-up": ("CommitteeReviewed", "MinutesSigned"),
    "procedure": ("StepsRecorded", "NominationsFiled", "CommitteeReviewed", "PlanAdopted"),
    "standard": JUDGED,
    "integrity": VETTED,
    "eligible": (*JUDGED, *VETTED),
    "structure": LISTED,
    "unit": ROLLS,
    "funnel-0": ROLLS,
    "funnel-1": MARKED,
    "funnel-2": FILED,
    "funnel-3": FILED,
    "funnel-4": ("CommitteeReviewed", "MinutesSigned"),
    "funnel-5": JUDGED,
    "funnel-6": (*JUDGED, *VETTED),
    "funnel-7": (*JUDGED, *VETTED, "StepsRecorded"),
    "funnel-8": LISTED,
}
"""What each figure is worked out from, by its address or what that begins with: kinds of entries."""
WHOLE = {
    "UnitsEntered",
    "SanctionsEntered",
    "PlanAdopted",
    "SatisfactionAsked",
    "RepliesReceived",
    "BoxClosed",
}
"""Entries about the whole county."""


SHEETS = {"ParticipationMarked", "RosterEntered"}
"""Entries about all members of a committee."""
MEETINGS = {"AttendanceTaken", "MinutesSigned"}
"""Entries about a meeting, and so about the unit that met."""


def of(room: Room, key: str, unit: Unit) -> tuple[int, ...]:
    """The numbers of the entries, ascending."""
    kinds = set(KINDS.get(key) or KINDS[key.partition("-")[0]])
    return tuple(sorted(_standing(room, kinds, unit)))


def _standing(room: Room, kinds: set[str], unit: Unit) -> Iterable[int]:
    """The entries of these kinds that stand about the unit, what is below it, or one of its members."""
    county, committee = unit.kind == "county", room.tree.committee_of(unit.name)
    below = {one.name for one in room.tree.branches(unit.name)} if unit.kind in COMMITTEES else set[str]()
    within = set[str]() if county else {unit.name, *below, *(one.id for one in figures.ordered(room, unit))}
    for (kind, about), number in room.state.standing.items():
        if kind not in kinds or not number:
            continue
        subject = room.facts.meetings[about].called.unit if kind in MEETINGS else about.partition(" ")[0]
        if county or kind in WHOLE or subject in within or (kind in SHEETS and subject == committee):
            yield number
