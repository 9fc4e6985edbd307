"""Who belongs and who has which right on the reference date."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cast import (
    CHENGGUAN,
    EAST1,
    LIUHE,
    OFFICE,
    PEOPLE,
    SANCTIONS,
    SCHOOL,
    VILLAGE,
    WEST,
    member,
    members,
    refused,
    roster,
    rulebook,
    tree,
)
from fourgates import days
from fourgates.roster import Member, Roster, Sanction, check, check_sanctions

RULE = rulebook().integrity
DAY = rulebook().selection.reference_date


def with_rights(*sanctions: Sanction, day: date = DAY) -> set[str]:
    return Roster(members(LIUHE), sanctions, RULE, day).rights


def test_full_members_of_normal_status_have_rights() -> None:
    assert roster().rights == {one for names in PEOPLE.values() for one in names} - {"高远", "牛犇", "谢晋"}
    assert len(roster().rights) == 27
    assert roster().of_branch == {EAST1: 4, "东街第二党支部": 5, WEST: 4, VILLAGE: 5, SCHOOL: 4, OFFICE: 5}


def test_probation_with_membership_suspends_rights_until_the_day_it_ends() -> None:
    ended = Sanction("谢晋", "留党察看一年", date(2021, 1, 31))
    running = Sanction("谢晋", "留党察看一年", date(2021, 2, 1))
    assert "谢晋" in with_rights(ended)
    assert "谢晋" not in with_rights(running)
    assert "谢晋" not in with_rights(Sanction("谢晋", "留党察看一年", DAY))
    assert "谢晋" in with_rights(Sanction("谢晋", "留党察看一年", DAY + timedelta(days=1)))


def test_probation_of_two_years_runs_two_years() -> None:
    assert "谢晋" not in with_rights(Sanction("谢晋", "留党察看两年", date(2020, 2, 1)))
    assert "谢晋" in with_rights(Sanction("谢晋", "留党察看两年", date(2020, 1, 31)))


def test_a_month_end_is_held_back_to_the_last_day_of_a_shorter_month() -> None:
    leap = Sanction("谢晋", "留党察看一年", date(2020, 2, 29))
    assert "谢晋" not in with_rights(leap, day=date(2021, 2, 27))
    assert "谢晋" in with_rights(leap, day=date(2021, 2, 28))


@pytest.mark.parametrize("kind", ["警告", "严重警告", "撤销党内职务"])
def test_a_lighter_punishment_leaves_the_rights(kind: str) -> None:
    assert "谢晋" in with_rights(Sanction("谢晋", kind, DAY))


def test_shares_are_measured_among_full_members() -> None:
    assert roster().share("女") == Fraction(9, 29)
    assert roster().share("少数民族") == Fraction(2, 29)
    assert Roster((), (), RULE, DAY).share("女") == 0


def test_a_member_bears_the_tags_of_the_roster() -> None:
    assert roster().tags("马兰") == ["女", "少数民族"]
    assert roster().tags("胡杨") == ["少数民族"]
    assert roster().tags("刘伟") == []


def test_a_roster_that_can_be() -> None:
    check(LIUHE, members(LIUHE), tree(), {"白玉兰": CHENGGUAN})


def test_a_branch_of_another_committee() -> None:
    with refused("1.3", branch=WEST, committee=LIUHE):
        check(LIUHE, (*members(LIUHE), member("冯唐", WEST)), tree(), {})


def test_the_same_member_twice_in_one_roster() -> None:
    with refused("1.4", other=LIUHE):
        check(LIUHE, (*members(LIUHE), member("潘石", SCHOOL)), tree(), {})


def test_the_same_member_in_two_rosters() -> None:
    with refused("1.4", other=CHENGGUAN):
        check(LIUHE, members(LIUHE), tree(), {"潘石": CHENGGUAN})


def test_punishments_that_can_be() -> None:
    check_sanctions(SANCTIONS, roster().members, RULE)


def test_a_punishment_of_nobody() -> None:
    with refused("1.5"):
        check_sanctions((*SANCTIONS, Sanction("无名", "警告", DAY)), roster().members, RULE)


def test_a_punishment_the_rulebook_does_not_have() -> None:
    with refused("8.6", kind="诫勉"):
        check_sanctions((*SANCTIONS, Sanction("李梅", "诫勉", DAY)), roster().members, RULE)
    with refused("8.6", kind="诫勉"):
        with_rights(Sanction("谢晋", "诫勉", DAY))


anybody = st.builds(
    Member, st.uuids().map(str), st.just(WEST), st.booleans(), st.booleans(), st.booleans(), st.booleans()
)
punished = st.builds(
    Sanction,
    st.sampled_from(["0", "1", "2"]),
    st.sampled_from([one.kind for one in RULE.punishments]),
    st.dates(date(2018, 1, 1), date(2023, 1, 1)),
)


@given(st.lists(anybody, unique_by=lambda one: one.id, max_size=20), st.lists(punished, max_size=6))
def test_rights_agree_with_a_count_by_hand(people: list[Member], register: list[Sanction]) -> None:
    people = [msgspec.structs.replace(one, id=str(place)) for place, one in enumerate(people)]
    found = Roster(people, register, RULE, DAY)
    months = {"留党察看一年": 12, "留党察看两年": 24}
    by_hand = {
        one.id
        for one in people
        if one.full
        and one.normal
        and all(
            each.person != one.id
            or each.kind not in months
            or each.approved > DAY
            or days.add_months(each.approved, months[each.kind]) <= DAY
            for each in register
        )
    }
    assert found.rights == by_hand
    assert sum(found.of_branch.values()) == len(by_hand)
    assert Roster(people[::-1], register[::-1], RULE, DAY).rights == by_hand
    full = [one for one in people if one.full]
    assert found.share("女") * len(full) == sum(one.female for one in full)
