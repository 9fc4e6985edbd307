"""The tree of organisations: one county, everybody in a place that can be."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cast import (
    CHENGGUAN,
    COUNTY,
    EAST,
    EAST1,
    EAST2,
    LIUHE,
    OFFICE,
    SCHOOL,
    SHUILI,
    UNITS,
    VILLAGE,
    WEST,
    refused,
    tree,
)
from fourgates.units import Tree, Unit


def test_the_tree_knows_its_county_committees_and_branches_in_the_order_of_the_register() -> None:
    assert tree().county == COUNTY
    assert [unit.name for unit in tree().committees()] == [CHENGGUAN, LIUHE, SHUILI]
    assert [unit.name for unit in tree().branches()] == [EAST1, EAST2, WEST, VILLAGE, SCHOOL, OFFICE]
    assert [unit.name for unit in tree().branches(CHENGGUAN)] == [EAST1, EAST2, WEST]
    assert [unit.name for unit in tree().branches(EAST)] == [EAST1, EAST2]
    assert [unit.name for unit in tree().under(EAST)] == [EAST, EAST1, EAST2]
    assert [unit.name for unit in tree().under(WEST)] == [WEST]
    assert tree().under(COUNTY) == list(tree()) == list(UNITS)
    assert tree().under("nowhere") == []


def test_every_unit_belongs_to_a_committee_but_the_county() -> None:
    assert {unit.name: tree().committee_of(unit.name) for unit in UNITS} == {
        COUNTY: "",
        CHENGGUAN: CHENGGUAN,
        LIUHE: LIUHE,
        SHUILI: SHUILI,
        EAST: CHENGGUAN,
        EAST1: CHENGGUAN,
        EAST2: CHENGGUAN,
        WEST: CHENGGUAN,
        VILLAGE: LIUHE,
        SCHOOL: LIUHE,
        OFFICE: SHUILI,
    }
    assert tree().committee_of("没有的党支部") == ""


def test_what_is_held_above_reaches_a_branch() -> None:
    assert tree().above(EAST1) == (EAST1, EAST, CHENGGUAN)
    assert tree().above(WEST) == (WEST, CHENGGUAN)
    assert tree().above(CHENGGUAN) == (CHENGGUAN,)
    assert tree().above(COUNTY) == (COUNTY,)


def test_a_unit_is_found_by_its_name() -> None:
    assert tree()[EAST].kind == "general_branch"
    assert EAST in tree()
    assert "东街" not in tree()


@given(st.permutations(UNITS))
def test_the_order_of_the_register_places_nobody_elsewhere(units: list[Unit]) -> None:
    other = Tree(units)
    assert {unit.name: other.committee_of(unit.name) for unit in UNITS} == {
        unit.name: tree().committee_of(unit.name) for unit in UNITS
    }


@pytest.mark.parametrize(
    "units",
    [
        (*UNITS, UNITS[-1]),
        UNITS[1:],
        (*UNITS, Unit("中共某县委", "county")),
        (*UNITS, Unit("无主党支部", "branch", "没有的党委")),
        (*UNITS, Unit("县直党支部", "branch", COUNTY)),
        (*UNITS, Unit("套娃党支部", "branch", WEST)),
        (*UNITS, Unit("二级党委", "committee", CHENGGUAN)),
        (*UNITS, Unit("二级党总支", "general_branch", EAST)),
        (*UNITS, Unit("自环党总支", "general_branch", "自环党总支")),
        (*UNITS, Unit("", "branch", WEST)),
        (*UNITS, Unit("倒欠党委", "committee", COUNTY, "township", -1)),
        (),
    ],
    ids=lambda units: units[-1].name if units else "empty",
)
def test_a_register_that_cannot_be(units: tuple[Unit, ...]) -> None:
    with refused("1.2"):
        Tree(units)


def test_a_register_is_the_same_after_it_was_written_and_read() -> None:
    assert msgspec.json.decode(msgspec.json.encode(UNITS), type=tuple[Unit, ...]) == UNITS
