"""The plan, the register and the rosters a selection stands on (方案、党组织、名册)."""

from __future__ import annotations

from typing import ClassVar

import msgspec

from fourgates.allotment import Allotted, Method
from fourgates.events.written import Written
from fourgates.plan import Plan
from fourgates.roster import Member, Sanction
from fourgates.units import Unit


class PlanAdopted(Written, frozen=True):
    """The plan in force from here on was adopted."""

    plan: Plan
    corrects: int = 0


class UnitsEntered(Written, frozen=True):
    """The register of organisations was entered; ``document`` holds ``units`` units."""

    document: str
    units: int
    corrects: int = 0


class RosterEntered(Written, frozen=True):
    """A committee's roster of members was entered; ``document`` holds ``members`` members."""

    about: ClassVar[tuple[str, ...]] = ("committee",)
    committee: str
    document: str
    members: int
    corrects: int = 0


class SanctionsEntered(Written, frozen=True):
    """The register of punishments was entered; ``unread``: persons on rows that could not be read, whose effect period
    stays open until they are."""

    sanctions: tuple[Sanction, ...]
    corrects: int = 0
    unread: tuple[str, ...] = ()


class SeatsAllotted(Written, frozen=True):
    """A unit split what it has among the units directly under it: by which method, after which equal base, with the exact
    shares and every adjustment."""

    about: ClassVar[tuple[str, ...]] = ("unit",)
    unit: str
    total: int
    method: Method
    numbers: tuple[Allotted, ...]
    base: int = 0
    corrects: int = 0


class RosterDocument(msgspec.Struct, frozen=True):
    """Document of ``RosterEntered``: the members, ordered by id."""

    members: tuple[Member, ...]


class UnitsDocument(msgspec.Struct, frozen=True):
    """Document of ``UnitsEntered``: the units in the order of the register."""

    units: tuple[Unit, ...]


Claim = PlanAdopted | UnitsEntered | RosterEntered | SanctionsEntered | SeatsAllotted
