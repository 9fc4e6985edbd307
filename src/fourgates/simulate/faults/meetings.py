"""Meetings that are none, figures that cannot be, steps out of place (会议和程序差错)."""

from __future__ import annotations

from datetime import timedelta
from random import Random

from fourgates.simulate.county import County
from fourgates.simulate.faults.planting import (
    NUMBER,
    Fault,
    NoPlace,
    Planted,
    also,
    any_row,
    meeting,
    number_of,
    numbered,
    outside,
    pick,
    pick_first,
    sheet,
    sheets,
    whole,
)
from fourgates.simulate.sheet import Row, Sheet

_MEETING = ("应到会", "实到会", "提名党员数")


def _attended(rows: list[tuple[int, Row]], due: int, present: int) -> None:
    for _, row in rows:
        row.put("应到会", due)
        row.put("实到会", present)
        row.put("提名党员数", min(row.count("提名党员数"), present))


def quorum_missed_by_one(county: County, rng: Random) -> Planted:
    """A meeting with one member fewer than four in five of those due."""
    chosen, rows = meeting(county, rng)
    whole(rows, *_MEETING)
    due = rows[0][1].count("应到会")
    _attended(rows, due, -(-4 * due // 5) - 1)
    effect = "no row of the meeting counts, the branch held no valid meeting, the committee does not pass"
    return Planted("problem", chosen.path, rows[0][0], "实到会", effect, also(chosen, rows))


def quorum_just_met(county: County, rng: Random) -> Planted:
    """A meeting with exactly four in five of those due, rounded up."""
    chosen, rows = meeting(county, rng)
    whole(rows, *_MEETING)
    due = rows[0][1].count("应到会")
    _attended(rows, due, -(-4 * due // 5))
    return Planted("nothing", chosen.path, rows[0][0], "实到会", "the meeting is valid")


def more_present_than_due(county: County, rng: Random) -> Planted:
    """More came than were due."""
    chosen, rows = meeting(county, rng)
    whole(rows, *_MEETING)
    due = rows[0][1].count("应到会")
    _attended(rows, due, due + 1)
    effect = "no row of the meeting counts, the committee does not pass"
    return Planted("problem", chosen.path, rows[0][0], "实到会", effect, also(chosen, rows))


def more_named_than_present(county: County, rng: Random) -> Planted:
    """More members behind a name than came to the meeting."""
    chosen, number, row = any_row(county, rng, "06")
    whole([(number, row)], *_MEETING)
    row.put("提名党员数", row.count("实到会") + rng.choice((1, 5)))
    return Planted(
        "problem", chosen.path, number, "提名党员数", "the row counts for nothing; the meeting's others count"
    )


def nomination_outside_window(county: County, rng: Random) -> Planted:
    """A branch's meeting the day after the window closed."""
    chosen, rows = meeting(county, rng)
    for _, row in rows:
        row.put("会议日期", outside(county, "nomination"))
    effect = "no row of the meeting counts, the branch held no valid meeting, the committee does not pass"
    return Planted("problem", chosen.path, rows[0][0], "会议日期", effect, also(chosen, rows))


def nomination_on_the_last_day(county: County, rng: Random) -> Planted:
    """A branch's meeting on the window's last day, which is inside."""
    chosen, rows = meeting(county, rng)
    for _, row in rows:
        row.put("会议日期", county.programme.windows["nomination"][1])
    return Planted("nothing", chosen.path, rows[0][0], "会议日期", "the meeting is valid")


def due_differs(county: County, rng: Random) -> Planted:
    """应到会 that differs from the branch's members with rights: odd, and blocks nothing."""
    chosen, rows = meeting(county, rng)
    whole(rows, *_MEETING)
    due, present = rows[0][1].count("应到会"), rows[0][1].count("实到会")
    if present * 5 < (due + 1) * 4:
        raise NoPlace
    _attended(rows, due + 1, present)
    return Planted("hint", chosen.path, rows[0][0], "应到会", "blocks nothing")


def two_dates_for_one_meeting(county: County, rng: Random) -> Planted:
    """One row of a meeting with another date inside the window: odd, and blocks nothing."""
    chosen, rows = meeting(county, rng)
    number, row = rows[-1]
    days = [day for day in county.programme.days("nomination") if day != row.meant["会议日期"]]
    if len(rows) < 2:
        raise NoPlace
    row.put("会议日期", rng.choice(days))
    return Planted("hint", chosen.path, number, "会议日期", "blocks nothing")


def branch_without_meeting(county: County, rng: Random) -> Planted:
    """A branch with members with rights that held no meeting at all."""
    chosen, rows = meeting(county, rng)
    for _, row in rows:
        chosen.rows.remove(row)
    return Planted(
        "result", chosen.path, None, None, "a deviation; the committee does not pass", ripples=True
    )


def returned_over_issued(county: County, rng: Random) -> Planted:
    """More forms came back than were given out."""
    path, issued, returned = pick(
        rng, [("05 满意度测评.xlsx", "发出", "收回"), ("09 政治标准考察.xlsx", "测评发出", "测评收回")]
    )
    chosen = sheet(county, path)
    number, row = pick(rng, numbered(chosen))
    whole([(number, row)], issued, returned)
    row.put(issued, row.count(returned) - 1)
    return Planted("problem", path, number, issued, "the row counts for nothing, nobody meets a gate by it")


def parts_not_whole(county: County, rng: Random) -> Planted:
    """Answers that do not add up to the forms that came back."""
    path, part = pick(
        rng,
        [("05 满意度测评.xlsx", "不满意"), ("05 满意度测评.xlsx", "满意"), ("09 政治标准考察.xlsx", "认可")],
    )
    chosen = sheet(county, path)
    number, row = pick(rng, numbered(chosen))
    whole([(number, row)], part)
    row.put(part, row.count(part) + 1)
    return Planted("problem", path, number, part, "the row counts for nothing, nobody meets a gate by it")


def step_present_over_due(county: County, rng: Random) -> Planted:
    """A step of the procedure with more present than due."""
    chosen, number, row = any_row(county, rng, "03")
    whole([(number, row)], "应到", "实到")
    row.put("实到", row.count("应到") + 1)
    return Planted("problem", chosen.path, number, "实到", "the step is not shown to have been held")


def _step(county: County, rng: Random, step: str) -> tuple[Sheet, int, Row]:
    rows = [
        (s, number, row)
        for s in sheets(county, "03")
        for number, row in s.filled()
        if row.text("环节") == step and not s.path.endswith("县委.xlsx")
    ]
    return pick(rng, rows)


def step_missing(county: County, rng: Random) -> Planted:
    """A step that a committee left out: a deviation, and no problem in the papers."""
    chosen, _, row = _step(county, rng, rng.choice(("方案", "培训", "动员", "党委研究", "警示教育")))
    chosen.rows.remove(row)
    return Planted("result", chosen.path, None, None, "a deviation; the committee does not pass")


def steps_out_of_order(county: County, rng: Random) -> Planted:
    """Training held before the plan was made, in windows that overlap: a deviation."""
    windows = county.programme.windows
    windows["training"] = (windows["plan"][0], windows["training"][1])
    chosen, number, row = _step(county, rng, "培训")
    committee = row.text("党组织")
    plan = pick_first(
        [r for _, r in numbered(chosen) if r.text("环节") == "方案" and r.text("党组织") == committee]
    )
    plan.put("日期", windows["plan"][0] + timedelta(days=1))
    row.put("日期", windows["plan"][0])
    return Planted("result", chosen.path, number, "日期", "a deviation; the committee does not pass")


def _education(county: County, rng: Random, days_before: int) -> tuple[Sheet, int, Row]:
    """A committee's own warning education so many days before its first nomination meeting, in a wide window."""
    windows = county.programme.windows
    windows["warning_education"] = (windows["warning_education"][0], windows["nomination"][1])
    own = [
        (s, number, row)
        for s in sheets(county, "03")
        for number, row in s.filled()
        if row.text("环节") == "警示教育" and row.text("党组织").endswith("委员会")
    ]
    chosen, number, row = pick(rng, own)
    meetings = sheet(county, chosen.path.replace("03 工作纪实", "06 推荐提名"))
    if not numbered(meetings):
        raise NoPlace
    row.put(
        "日期", min(entry.day("会议日期") for _, entry in numbered(meetings)) - timedelta(days=days_before)
    )
    return chosen, number, row


def education_on_the_day(county: County, rng: Random) -> Planted:
    """Warning education on the day of the nomination meeting: it must be on an earlier day."""
    chosen, number, _ = _education(county, rng, 0)
    return Planted("result", chosen.path, number, "日期", "a deviation; the committee does not pass")


def education_the_day_before(county: County, rng: Random) -> Planted:
    """Warning education on the very day before the first nomination meeting, which is early enough."""
    chosen, number, _ = _education(county, rng, 1)
    return Planted("nothing", chosen.path, number, "日期", "the committee passes")


def named_twice(county: County, rng: Random) -> Planted:
    """Two rows of one person in one branch."""
    chosen, rows = meeting(county, rng)
    number, row = pick(rng, rows)
    copy = row.copy()
    chosen.rows.append(copy)
    copy.put("序号", len(numbered(chosen)))
    return Planted("problem", chosen.path, number, NUMBER, "an error; nobody may guess which row is meant",
                   ((chosen.path, chosen.sum_row - 1),))  # fmt: skip


def _unfit(county: County, rng: Random, fits: tuple[str, str]) -> Row:
    """Somebody of a roster whose 人员类别 and 党籍状态 are ``fits``."""
    rows = [
        row
        for s in sheets(county, "02")
        for _, row in s.filled()
        if (row.text("人员类别"), row.text("党籍状态")) == fits
    ]
    return pick(rng, rows)


def _name_instead(county: County, rng: Random, member: Row) -> Planted:
    chosen, number, row = any_row(county, rng, "06")
    row.put("被推荐人", member.text("姓名"))
    row.put(NUMBER, number_of(member))
    return Planted("problem", chosen.path, number, NUMBER, "the row counts for nothing")


def nominee_probationary(county: County, rng: Random) -> Planted:
    """A probationary member put forward."""
    return _name_instead(county, rng, _unfit(county, rng, ("预备党员", "正常")))


def nominee_stopped(county: County, rng: Random) -> Planted:
    """A member whose membership is stopped put forward."""
    return _name_instead(county, rng, _unfit(county, rng, ("正式党员", "停止党籍")))


def nominee_suspended(county: County, rng: Random) -> Planted:
    """A member inside 留党察看 put forward."""
    reference = county.programme.reference_date
    inside = [
        row
        for s in sheets(county, "12")
        for _, row in s.filled()
        if row.text("处分种类") == "留党察看一年" and 0 < (reference - row.day("批准日期")).days < 365
    ]
    return _name_instead(county, rng, pick(rng, inside))


FAULTS: tuple[Fault, ...] = (
    quorum_missed_by_one,
    quorum_just_met,
    more_present_than_due,
    more_named_than_present,
    nomination_outside_window,
    nomination_on_the_last_day,
    due_differs,
    two_dates_for_one_meeting,
    branch_without_meeting,
    returned_over_issued,
    parts_not_whole,
    step_present_over_due,
    step_missing,
    steps_out_of_order,
    education_on_the_day,
    education_the_day_before,
    named_twice,
    nominee_probationary,
    nominee_stopped,
    nominee_suspended,
)
