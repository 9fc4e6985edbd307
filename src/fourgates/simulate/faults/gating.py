"""What the person gates must see (考察差错): ratings, recognition, four checks, replies, punishments that end or do not."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from fourgates.simulate.county import County
from fourgates.simulate.faults.planting import (
    NUMBER,
    Fault,
    NoPlace,
    Planted,
    add_row,
    number_of,
    numbered,
    outside,
    pick,
    row_of,
    sent_up,
    sheet,
    sheets,
)
from fourgates.simulate.sheet import Cell, Row, Sheet
from fourgates.simulate.vetting import CONDITIONS, RATINGS

_STANDARD = "09 政治标准考察.xlsx"
_CHECKS = "10 四必核查.xlsx"
_DETAILS = "08 人选情况.xlsx"
_PUNISHMENTS = "12 处分情况.xlsx"
_NOT_MET = "standard gate not met, and 政治上不合格"


def _row(county: County, rng: Random, path: str) -> tuple[Sheet, int, Row]:
    chosen = sheet(county, path)
    number, row = pick(rng, numbered(chosen))
    return chosen, number, row


def _result(county: County, rng: Random, path: str, heading: str, value: Cell, effect: str) -> Planted:
    chosen, number, row = _row(county, rng, path)
    row.put(heading, value)
    return Planted("result", chosen.path, number, heading, effect)


def rating_too_low(county: County, rng: Random) -> Planted:
    """One of the five ratings under the threshold."""
    return _result(county, rng, _STANDARD, rng.choice(RATINGS), rng.choice(("一般", "较差")), _NOT_MET)


def condition_unmet(county: County, rng: Random) -> Planted:
    """One of the six conditions not met."""
    return _result(county, rng, _STANDARD, rng.choice(CONDITIONS), "否", _NOT_MET)


def two_faced(county: County, rng: Random) -> Planted:
    """A two-faced person."""
    return _result(county, rng, _STANDARD, "两面人", "是", _NOT_MET)


def no_evidence(county: County, rng: Random) -> Planted:
    """A rating without evidence: a bare tick is not enough."""
    return _result(county, rng, _STANDARD, "事实依据", "", _NOT_MET)


def _recognised(county: County, rng: Random, fewer: int) -> tuple[Sheet, int]:
    """40 forms back, and 32 less ``fewer`` of them in favour."""
    chosen, number, row = _row(county, rng, _STANDARD)
    for heading, value in {
        "测评发出": 40,
        "测评收回": 40,
        "认可": 32 - fewer,
        "不认可": 8 + fewer,
        "弃权": 0,
    }.items():
        row.put(heading, value)
    return chosen, number


def recognition_just_missed(county: County, rng: Random) -> Planted:
    """Recognition one form under four in five."""
    chosen, number = _recognised(county, rng, 1)
    return Planted("result", chosen.path, number, "认可", _NOT_MET)


def recognition_just_met(county: County, rng: Random) -> Planted:
    """Recognition of exactly four in five."""
    chosen, number = _recognised(county, rng, 0)
    return Planted("nothing", chosen.path, number, "认可", "recognition is met")


def check_outside_vetting(county: County, rng: Random) -> Planted:
    """A check dated after vetting closed."""
    check = rng.choice(("档案审核", "纪检监察意见", "信访举报"))
    chosen = sheet(county, _CHECKS)
    rows = [(n, r) for n, r in numbered(chosen) if r.text(check) in ("通过", "无", "已查清")]
    number, row = pick(rng, rows)
    row.put(check + "日期", outside(county, "vetting"))
    return Planted("problem", chosen.path, number, check + "日期", f"pending on {check}")


def not_applicable_without_ground(county: County, rng: Random) -> Planted:
    """不适用 for somebody who has a personnel file, or must report personal matters."""
    check, heading, value = pick(
        rng, [("档案审核", "干部档案", "有"), ("个人事项核查", "个人有关事项报告对象", "是")]
    )
    details = sheet(county, _DETAILS)
    citizen = number_of(pick(rng, [r for _, r in numbered(details) if r.text(heading) == value]))
    chosen = sheet(county, _CHECKS)
    number, row = row_of(chosen, citizen)
    row.put(check, "不适用")
    row.put(check + "日期", "")
    return Planted("problem", chosen.path, number, check, f"pending on {check}")


def discipline_not_applicable(county: County, rng: Random) -> Planted:
    """不适用 where it never applies: the discipline commission's opinion."""
    chosen, number, row = _row(county, rng, _CHECKS)
    row.put("纪检监察意见", "不适用")
    return Planted("problem", chosen.path, number, "纪检监察意见", "pending on 纪检监察意见")


def check_not_done(county: County, rng: Random) -> Planted:
    """A check that nobody has done yet: pending, and no fault of the paper."""
    check = rng.choice(("档案审核", "纪检监察意见", "信访举报"))
    chosen, number, row = _row(county, rng, _CHECKS)
    row.put(check, "")
    row.put(check + "日期", "")
    return Planted("result", chosen.path, number, check, f"pending on {check}")


def check_failed(county: County, rng: Random) -> Planted:
    """Each bar that a check can raise."""
    heading, value = pick(rng, [("档案审核", "不通过"), ("个人事项核查", "不通过"), ("纪检监察意见", "不通过"),
                                ("信访举报", "未查清"), ("党员身份", "存疑")])  # fmt: skip
    chosen, number, row = _row(county, rng, _CHECKS)
    row.put(heading, value)
    if heading != "党员身份":
        row.put(heading + "日期", county.programme.windows["vetting"][1])
    return Planted("result", chosen.path, number, heading, "a bar")


def left_out_of_checks(county: County, rng: Random) -> Planted:
    """Somebody sent up of whom 10 has no row: pending on all of it."""
    chosen, _, row = _row(county, rng, _CHECKS)
    chosen.rows.remove(row)
    return Planted("result", chosen.path, None, None, "pending")


def _reply(county: County, rng: Random) -> tuple[Sheet, int, Row]:
    chosen = pick(rng, sheets(county, "11"))
    number, row = pick(rng, numbered(chosen))
    return chosen, number, row


def no_conclusion(county: County, rng: Random) -> Planted:
    """A department that cannot say yet."""
    chosen, number, row = _reply(county, rng)
    row.put("意见", "暂不能结论")
    return Planted("result", chosen.path, number, "意见", "pending on the department, unless there is a bar")


def department_against(county: County, rng: Random) -> Planted:
    """A department with something that stands against the person."""
    chosen, number, row = _reply(county, rng)
    row.put("意见", "有影响")
    return Planted("result", chosen.path, number, "意见", "廉洁上有风险")


def missing_reply(county: County, rng: Random) -> Planted:
    """A reply that leaves somebody out: silence is not consent."""
    chosen, _, row = _reply(county, rng)
    chosen.rows.remove(row)
    return Planted("result", chosen.path, None, None, "pending on the department, unless there is a bar")


def _punished(county: County, rng: Random, kind: str, approved: date) -> tuple[Sheet, int]:
    """A punishment of somebody who was sent up."""
    chosen = sheet(county, _PUNISHMENTS)
    details = sheet(county, _DETAILS)
    up = sent_up(county)
    row = pick(rng, [r for _, r in numbered(details) if number_of(r) in up])
    entry: dict[str, Cell] = {
        "姓名": row.text("姓名"),
        NUMBER: number_of(row),
        "处分种类": kind,
        "批准日期": approved,
    }
    return chosen, add_row(chosen, Row({"序号": 0, **entry}))


_PERIODS = (("警告", 12), ("严重警告", 18), ("撤销党内职务", 24), ("留党察看一年", 36), ("留党察看两年", 48))


def _approved(county: County, months: int) -> date:
    """The day ``months`` before the day of judgement, which no month is too short for."""
    end = county.programme.judged_on
    year, month = divmod(end.year * 12 + end.month - 1 - months, 12)
    if end.day > 28:
        raise NoPlace
    return date(year, month + 1, end.day)


def punishment_over_on_the_day(county: County, rng: Random) -> Planted:
    """A punishment whose period ends on the day of judgement: the person is free."""
    kind, months = pick(rng, _PERIODS)
    chosen, number = _punished(county, rng, kind, _approved(county, months))
    return Planted("nothing", chosen.path, number, "批准日期", "no bar")


def punishment_over_a_day_late(county: County, rng: Random) -> Planted:
    """A punishment whose period ends the day after: a bar."""
    kind, months = pick(rng, _PERIODS)
    chosen, number = _punished(county, rng, kind, _approved(county, months) + timedelta(days=1))
    return Planted("result", chosen.path, number, "批准日期", "处分影响期内")


def _judged_on(county: County, first: date) -> None:
    """Move the county's review, unless a decision is already dated."""
    if "13 县委研究.xlsx" in county.sheets:
        raise NoPlace
    county.programme.windows["county_review"] = (first, first + timedelta(days=2))


def punishment_from_the_31st(county: County, rng: Random) -> Planted:
    """严重警告 of 31 October: eighteen months later April has 30 days, and on the 30th the person is free."""
    _judged_on(county, date(2022, 4, 30))
    chosen, number = _punished(county, rng, "严重警告", date(2020, 10, 31))
    return Planted("nothing", chosen.path, number, "批准日期", "no bar")


def punishment_from_the_31st_still_on(county: County, rng: Random) -> Planted:
    """The same 严重警告 judged one day earlier: a bar."""
    _judged_on(county, date(2022, 4, 29))
    chosen, number = _punished(county, rng, "严重警告", date(2020, 10, 31))
    return Planted("result", chosen.path, number, "批准日期", "处分影响期内")


FAULTS: tuple[Fault, ...] = (
    rating_too_low,
    condition_unmet,
    two_faced,
    no_evidence,
    recognition_just_missed,
    recognition_just_met,
    check_outside_vetting,
    not_applicable_without_ground,
    discipline_not_applicable,
    check_not_done,
    check_failed,
    left_out_of_checks,
    no_conclusion,
    department_against,
    missing_reply,
    punishment_over_on_the_day,
    punishment_over_a_day_late,
    punishment_from_the_31st,
    punishment_from_the_31st_still_on,
)
