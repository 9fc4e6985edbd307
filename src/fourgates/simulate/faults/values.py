"""Values that are not of their kind (填写差错): numbers, options, dates, counts, formulas, in any file that has them."""

from __future__ import annotations

from random import Random

from fourgates.simulate.county import County
from fourgates.simulate.faults.planting import (
    NUMBER,
    Fault,
    NoPlace,
    Planted,
    any_row,
    number_of,
    outside,
    pick,
    sheets,
)
from fourgates.simulate.sheet import Cell, Formula, Row, Sheet

PERSON_FILES = ("02", "04", "06", "07", "08", "09", "10", "11", "12")
OPTIONS = {
    "02": ("性别", "人员类别", "流动党员", "年老体弱", "党籍状态"),
    "03": ("环节",),
    "04": ("参与方式",),
    "07": ("是否上报",),
    "08": ("类别", "农民", "先进模范", "疫情防控", "个人有关事项报告对象", "干部档案"),
    "09": ("政治判断力", "议事能力", "条件一", "条件六", "两面人"),
    "10": ("档案审核", "个人事项核查", "纪检监察意见", "信访举报", "党员身份"),
    "11": ("意见",),
    "12": ("处分种类",),
    "13": ("决定",),
}
DATES = {
    "02": ("出生日期", "入党日期", "转正日期"),
    "03": ("日期",),
    "04": ("日期",),
    "06": ("会议日期",),
    "07": ("会议日期",),
    "10": ("档案审核日期", "纪检监察意见日期", "信访举报日期"),
    "11": ("回函日期",),
    "12": ("批准日期",),
    "13": ("会议日期",),
}
COUNTS = {
    "03": ("应到", "实到"),
    "05": ("发出", "收回", "满意", "基本满意", "不满意"),
    "06": ("应到会", "实到会", "提名党员数"),
    "07": ("应到委员", "实到委员", "同意", "不同意", "弃权"),
    "09": ("测评发出", "测评收回", "认可", "不认可", "弃权"),
}
_EFFECT = "the row counts for nothing, and what rests on it is open"


def _place(county: County, rng: Random, columns: dict[str, tuple[str, ...]]) -> tuple[Sheet, int, Row, str]:
    """A cell in one of ``columns`` (headings by the two digits of the file)."""
    form = pick(rng, [form for form in columns if sheets(county, form)])
    chosen, number, row = any_row(county, rng, form)
    return chosen, number, row, pick(rng, columns[form])


def _put(county: County, rng: Random, columns: dict[str, tuple[str, ...]], value: Cell) -> Planted:
    chosen, number, row, heading = _place(county, rng, columns)
    row.put(heading, value)
    return Planted("problem", chosen.path, number, heading, _EFFECT)


def bad_check_digit(county: County, rng: Random) -> Planted:
    """A citizen number whose last character does not follow from the others."""
    chosen, number, row = any_row(county, rng, *PERSON_FILES)
    right = number_of(row)
    if len(right) != 18:
        raise NoPlace
    row.put(NUMBER, right[:17] + rng.choice([c for c in "0123456789X" if c != right[17]]))
    return Planted("problem", chosen.path, number, NUMBER, _EFFECT)


def number_too_short(county: County, rng: Random) -> Planted:
    """A citizen number that lost a digit, or an old one of fifteen."""
    chosen, number, row = any_row(county, rng, *PERSON_FILES)
    right = number_of(row)
    if len(right) != 18:
        raise NoPlace
    row.put(NUMBER, rng.choice((right[:-1], right[:6] + right[8:17], right[:9] + right[10:])))
    return Planted("problem", chosen.path, number, NUMBER, _EFFECT)


def number_stored_as_number(county: County, rng: Random) -> Planted:
    """A citizen number typed into a cell of numbers: the digits after the fifteenth are lost."""
    chosen = pick(rng, sheets(county, *PERSON_FILES))
    rows = [(number, row) for number, row in chosen.filled() if number_of(row).isdecimal()]
    number, row = pick(rng, rows)
    row.put(NUMBER, float(number_of(row)[:15] + "000"))
    return Planted("problem", chosen.path, number, NUMBER, _EFFECT)


def impossible_birthday(county: County, rng: Random) -> Planted:
    """A citizen number whose birth date is no day of the calendar."""
    chosen, number, row = any_row(county, rng, *PERSON_FILES)
    right = number_of(row)
    if len(right) != 18:
        raise NoPlace
    row.put(NUMBER, right[:10] + "0230" + right[14:])
    return Planted("problem", chosen.path, number, NUMBER, _EFFECT)


def unknown_option(county: County, rng: Random) -> Planted:
    """A word that is not one of the column's options."""
    return _put(county, rng, OPTIONS, rng.choice(("短信", "其他", "√", "待定", "基本符合")))


def unreadable_date(county: County, rng: Random) -> Planted:
    """A date no calendar has, or no form allows."""
    return _put(
        county,
        rng,
        DATES,
        rng.choice(("2022年2月30日", "二〇二二年三月", "2022.13.5", "2022-2-31", "近期", "22.3.5")),
    )


def bare_serial(county: County, rng: Random) -> Planted:
    """A date left as the number a spreadsheet stores it by."""
    return _put(county, rng, DATES, 44620 + rng.randrange(20))


def date_in_1900(county: County, rng: Random) -> Planted:
    """A meeting in the year 1900: a date that fell back to the spreadsheet's first days."""
    steps = [s for s in sheets(county, "03") if not s.path.endswith("县委.xlsx")]
    chosen = pick(rng, steps + sheets(county, "06", "07"))
    heading = "日期" if chosen.path.startswith("03") else "会议日期"
    dated = ("方案", "培训", "动员", "警示教育", "党委研究", "")
    number, row = pick(rng, [(n, r) for n, r in chosen.filled() if r.text("环节") in dated])
    row.put(heading, "1900-01-05")
    return Planted("problem", chosen.path, number, heading, "the meeting is outside its window")


def count_not_a_number(county: County, rng: Random) -> Planted:
    """Words, a part, or less than nothing where a count should be."""
    return _put(county, rng, COUNTS, rng.choice(("十二", "3.5", "-1", "约20", "12人左右")))


def formula_without_value(county: County, rng: Random) -> Planted:
    """A formula nobody has calculated."""
    return _put(county, rng, COUNTS, Formula("=SUM(A1:A2)"))


def formula_with_value(county: County, rng: Random) -> Planted:
    """A formula with its stored value: read as that value, and nothing is wrong."""
    chosen, number, row, heading = _place(county, rng, COUNTS)
    value = row.meant.get(heading)
    if not isinstance(value, int):
        raise NoPlace
    row.typed[heading] = Formula(f"={value}+0", value)
    return Planted("nothing", chosen.path, number, heading)


def unit_not_in_01(county: County, rng: Random) -> Planted:
    """An organisation that the register does not have."""
    columns = {
        "02": "所在党支部",
        "04": "所在党支部",
        "05": "党支部",
        "06": "党支部",
        "03": "党组织",
        "07": "党委",
    }
    form = pick(rng, [form for form in columns if sheets(county, form)])
    chosen, number, row = any_row(county, rng, form)
    row.put(columns[form], rng.choice(("王家崖村联合党支部", "县直机关第九联合党支部")))
    return Planted("problem", chosen.path, number, columns[form], _EFFECT)


def step_outside_window(county: County, rng: Random) -> Planted:
    """A step of the procedure one day after its window closed."""
    windows = {"方案": "plan", "培训": "training", "动员": "mobilisation", "警示教育": "warning_education",
               "党委研究": "committee_review"}  # fmt: skip
    committees = [s for s in sheets(county, "03") if not s.path.endswith("县委.xlsx")]
    rows = [(s, n, r) for s in committees for n, r in s.filled() if r.text("环节") in windows]
    chosen, number, row = pick(rng, rows)
    row.put("日期", outside(county, windows[row.text("环节")]))
    return Planted("problem", chosen.path, number, "日期", "the committee does not pass the procedure gate")


FAULTS: tuple[Fault, ...] = (
    bad_check_digit,
    number_too_short,
    number_stored_as_number,
    impossible_birthday,
    unknown_option,
    unreadable_date,
    bare_serial,
    date_in_1900,
    count_not_a_number,
    formula_without_value,
    formula_with_value,
    unit_not_in_01,
    step_outside_window,
)
