"""Persons who do not fit the rosters (名册差错): sex, names, doubles, strangers, and rights that begin or end in time."""

from __future__ import annotations

from datetime import timedelta
from random import Random

from fourgates.simulate.county import County
from fourgates.simulate.faults.planting import (
    NUMBER,
    Fault,
    NoPlace,
    Planted,
    add_row,
    any_row,
    number_of,
    numbered,
    pick,
    sent_up,
    sheet,
    sheets,
)
from fourgates.simulate.habits import DOTS
from fourgates.simulate.sheet import Cell, Row, Sheet

STRANGER = ("赵明远", "629921197903147713")
_NAMED = {
    "04": "姓名",
    "06": "被推荐人",
    "07": "姓名",
    "08": "姓名",
    "09": "姓名",
    "10": "姓名",
    "11": "姓名",
    "12": "姓名",
}


def _nominees(county: County) -> set[str]:
    return {number_of(row) for s in sheets(county, "06") for _, row in s.filled()}


def _bystander(county: County, rng: Random) -> tuple[Sheet, int, Row]:
    """A full member with rights in a roster whom no meeting named and no punishment touches."""
    known = _nominees(county) | {number_of(row) for s in sheets(county, "12") for _, row in s.filled()}
    chosen = pick(rng, sheets(county, "02"))
    ordinary = ("正式党员", "正常")
    rows = [
        (number, row)
        for number, row in chosen.filled()
        if number_of(row) not in known and (row.text("人员类别"), row.text("党籍状态")) == ordinary
    ]
    number, row = pick(rng, rows)
    return chosen, number, row


def wrong_sex(county: County, rng: Random) -> Planted:
    """A sex that the citizen number contradicts."""
    chosen, number, row = any_row(county, rng, "02")
    row.put("性别", "男" if row.text("性别") == "女" else "女")
    return Planted(
        "problem", chosen.path, number, "性别", "the roster's row is at fault; nobody guesses which is right"
    )


def name_against_number(county: County, rng: Random) -> Planted:
    """A name that is not the one the roster has for that number."""
    form = pick(rng, [form for form in _NAMED if sheets(county, form)])
    chosen, number, row = any_row(county, rng, form)
    row.put(_NAMED[form], "甄不符" if rng.random() < 0.5 else row.text(_NAMED[form])[:1] + "不符")
    return Planted("problem", chosen.path, number, _NAMED[form], "the row counts for nothing")


def stranger(county: County, rng: Random) -> Planted:
    """A well-formed number of somebody who is in no roster."""
    form = pick(rng, [form for form in ("04", "06", "07", "09") if sheets(county, form)])
    chosen, number, row = any_row(county, rng, form)
    row.put(_NAMED[form], STRANGER[0])
    row.put(NUMBER, STRANGER[1])
    return Planted("problem", chosen.path, number, NUMBER, "the row counts for nothing")


def member_in_two_branches(county: County, rng: Random) -> Planted:
    """The same person on the rosters of two branches."""
    chosen, number, row = _bystander(county, rng)
    other = pick(rng, [s for s in sheets(county, "02") if s is not chosen and numbered(s)])
    branch = pick(rng, numbered(other))[1].text("所在党支部")
    copy = Row(dict(row.meant))
    copy.put("所在党支部", branch)
    added = add_row(other, copy)
    return Planted(
        "problem", chosen.path, number, NUMBER, "neither row is the right one", ((other.path, added),)
    )


def member_twice_in_one_branch(county: County, rng: Random) -> Planted:
    """The same person twice on one branch's roster."""
    chosen, number, row = _bystander(county, rng)
    added = add_row(chosen, Row(dict(row.meant)))
    return Planted(
        "problem", chosen.path, number, NUMBER, "neither row is the right one", ((chosen.path, added),)
    )


def birth_date_differs(county: County, rng: Random) -> Planted:
    """A birth date of the personnel file that differs from the number's: often so, and only a hint."""
    chosen, number, row = any_row(county, rng, "02")
    row.put("出生日期", row.day("出生日期") + timedelta(days=rng.choice((30, 365))))
    return Planted("hint", chosen.path, number, "出生日期", "blocks nothing")


def _suspend_until(county: County, rng: Random, days_after: int) -> tuple[Sheet, int]:
    """A 留党察看一年 of a bystander that ends ``days_after`` days after the reference date."""
    reference = county.programme.reference_date
    _, _, member = _bystander(county, rng)
    approved = reference.replace(year=reference.year - 1) + timedelta(days=days_after)
    punishments = sheet(county, "12 处分情况.xlsx")
    entry: dict[str, Cell] = {
        "姓名": member.text("姓名"),
        NUMBER: number_of(member),
        "处分种类": "留党察看一年",
        "批准日期": approved,
    }
    return punishments, add_row(punishments, Row({"序号": 0, **entry}))


def rights_back_on_the_day(county: County, rng: Random) -> Planted:
    """留党察看 that ends on the reference date itself: on that day the member has the rights again."""
    punishments, row = _suspend_until(county, rng, 0)
    return Planted("nothing", punishments.path, row, "批准日期", "counted among the members with rights")


def rights_back_a_day_late(county: County, rng: Random) -> Planted:
    """留党察看 that ends the day after the reference date: no right, and not in the denominator."""
    punishments, row = _suspend_until(county, rng, 1)
    return Planted(
        "result", punishments.path, row, "批准日期", "one member with rights fewer; 应到会 becomes a hint"
    )


def guest_in_04(county: County, rng: Random) -> Planted:
    """A row of 04 for a member without rights: not counted and not wrong."""
    probationary = [
        (s, row) for s in sheets(county, "02") for _, row in s.filled() if row.text("人员类别") == "预备党员"
    ]
    roster, member = pick(rng, probationary)
    chosen = sheet(county, roster.path.replace("02 党员名册", "04 参与情况"))
    if any(number_of(row) == number_of(member) for _, row in chosen.filled()):
        raise NoPlace
    entry: dict[str, Cell] = {
        "所在党支部": member.text("所在党支部"), "姓名": member.text("姓名"), NUMBER: number_of(member), "参与方式": "会议",
        "日期": county.programme.windows["nomination"][0], "经办人": "于强", "未参与原因": "",
    }  # fmt: skip
    row = add_row(chosen, Row({"序号": 0, **entry}))
    return Planted("nothing", chosen.path, row, None, "no figure changes")


def full_width_number(county: County, rng: Random) -> Planted:
    """A citizen number in full-width digits with a small x and white space round it."""
    chosen, number, row = any_row(county, rng, "02", "04", "06", "09", "11")
    value = number_of(row)
    if len(value) != 18 or not value[:17].isdecimal():
        raise NoPlace
    row.typed[NUMBER] = (
        f" {value.lower().translate(str.maketrans('0123456789', '０１２３４５６７８９'))}\u3000"
    )
    return Planted("nothing", chosen.path, number, NUMBER)


def other_dot(county: County, rng: Random) -> Planted:
    """A name with another of the look-alike middle dots."""
    form = pick(rng, [form for form in _NAMED if sheets(county, form)])
    heading = _NAMED[form]
    rows = [(s, n, r) for s in sheets(county, form) for n, r in s.filled() if "·" in r.text(heading)]
    chosen, number, row = pick(rng, rows)
    row.typed[heading] = row.text(heading).replace("·", rng.choice(DOTS))
    return Planted("nothing", chosen.path, number, heading)


def left_out_of_04(county: County, rng: Random) -> Planted:
    """A member with rights of whom 04 has no row: did not take part, as far as anybody has said."""
    chosen = pick(rng, sheets(county, "04"))
    up = sent_up(county)
    rows = [row for _, row in chosen.filled() if row.text("参与方式") == "会议" and number_of(row) not in up]
    chosen.rows.remove(pick(rng, rows))
    return Planted("result", chosen.path, None, None, "one member fewer took part; the member is absent")


FAULTS: tuple[Fault, ...] = (
    wrong_sex,
    name_against_number,
    stranger,
    member_in_two_branches,
    member_twice_in_one_branch,
    birth_date_differs,
    rights_back_on_the_day,
    rights_back_a_day_late,
    guest_in_04,
    full_width_number,
    other_dot,
    left_out_of_04,
)
