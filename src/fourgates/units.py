"""The tree of organisations (党组织): county, committees, general branches, branches.

A unit is known by its full name, white space removed; a name is an organisation's, never a person's.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Literal

import msgspec

from fourgates.errors import Refused

Kind = Literal["county", "committee", "working_committee", "general_branch", "branch"]

PARENTS: Mapping[Kind, tuple[Kind, ...]] = {
    "county": (),
    "committee": ("county",),
    "working_committee": ("county",),
    "general_branch": ("committee", "working_committee"),
    "branch": ("committee", "working_committee", "general_branch"),
}
COMMITTEES: tuple[Kind, ...] = ("committee", "working_committee")


class Unit(msgspec.Struct, frozen=True, omit_defaults=True):
    """One organisation: county committee 县委, committee 党委, working committee 党工委, general branch 党总支, branch 党支部.

    ``sector`` (隶属) is set for committees only: ``township`` 乡镇 or ``county_direct`` 县直; ``quota`` (推荐名额) is the
    number of names a committee may send up.
    """

    name: str
    kind: Kind
    parent: str = ""
    sector: Literal["", "township", "county_direct"] = ""
    quota: int = 0


class Tree:
    """The organisations with their places: built once, asked often.

    Raises ``Refused`` (rule 1.2) when a name stands twice or is empty, a parent is missing or of the wrong kind, a
    quota is negative, or there is not exactly one county committee.
    """

    __slots__ = ("_above", "_branches", "_committee", "_committees", "_under", "_units", "county")

    def __init__(self, units: Iterable[Unit]) -> None:
        self._units: dict[str, Unit] = {}
        for unit in units:
            if unit.name in self._units:
                raise Refused("1.2", "党组织{unit}列了两次", unit=unit.name)
            self._units[unit.name] = unit
        tops = [unit.name for unit in self._units.values() if unit.kind == "county"]
        if len(tops) != 1:
            raise Refused("1.2", "应当恰有一个县委，读到{count}个", count=len(tops))
        self.county = tops[0]
        self._committee: dict[str, str] = {}
        for unit in self._units.values():
            self._place(unit)
        self._above = {name: self._line(name) for name in self._units}
        self._under: dict[str, list[Unit]] = {}
        for unit in self._units.values():
            for name in {*self._above[unit.name], self.county}:
                self._under.setdefault(name, []).append(unit)
        self._committees = tuple(unit for unit in self._units.values() if unit.kind in COMMITTEES)
        self._branches = tuple(unit for unit in self._units.values() if unit.kind == "branch")

    def _place(self, unit: Unit) -> None:
        if not unit.name or unit.quota < 0:
            raise Refused("1.2", "党组织“{unit}”没有名称，或者推荐名额为负", unit=unit.name)
        if unit.kind == "county":
            return
        parent = self._units.get(unit.parent)
        if parent is None or parent.kind not in PARENTS[unit.kind]:
            raise Refused(
                "1.2", "{unit}的上级党组织{parent}不在名册中或者类别不对", unit=unit.name, parent=unit.parent
            )
        if unit.kind in COMMITTEES:
            self._committee[unit.name] = unit.name
        elif parent.kind in COMMITTEES:
            self._committee[unit.name] = parent.name
        else:
            self._committee[unit.name] = parent.parent

    def __contains__(self, name: object) -> bool:
        return name in self._units

    def __iter__(self) -> Iterator[Unit]:
        return iter(self._units.values())

    def __getitem__(self, name: str) -> Unit:
        return self._units[name]

    def committees(self) -> list[Unit]:
        """The committees and working committees, in the order of the register."""
        return list(self._committees)

    def branches(self, name: str | None = None) -> list[Unit]:
        """The branches, of one unit or of the whole county, in the order of the register."""
        if name is None:
            return list(self._branches)
        return [unit for unit in self.under(name) if unit.kind == "branch"]

    def under(self, name: str) -> list[Unit]:
        """A unit and every unit that belongs to it, in the order of the register; of a unit that is not there, none."""
        return self._under.get(name, [])

    def committee_of(self, name: str) -> str:
        """The committee a unit belongs to; a committee belongs to itself, the county to none (``""``)."""
        return self._committee.get(name, "")

    def above(self, name: str) -> tuple[str, ...]:
        """The unit and what stands above it up to its committee: where education held there reaches its members."""
        return self._above[name]

    def _line(self, name: str) -> tuple[str, ...]:
        unit = self._units[name]
        line = [name]
        while unit.kind not in COMMITTEES and unit.kind != "county":
            unit = self._units[unit.parent]
            line.append(unit.name)
        return tuple(line)
