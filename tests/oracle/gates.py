"""The gates on process and persons: parts 6 to 8."""

from __future__ import annotations

from typing import Any

from oracle import cells
from oracle.answer import Answer, Row
from oracle.cells import BAD, months_later
from oracle.nominating import within
from oracle.rosters import YES_NO, matches

STEP_WINDOWS = {"方案": "plan", "培训": "training", "动员": "mobilisation", "警示教育": "warning_education",
                "党委研究": "committee_review", "县委研究": "county_review", "党史学习教育": None, "冬训": None}  # fmt: skip
RATINGS = ["优秀", "良好", "一般", "较差"]
MONTHS = {"警告": 12, "严重警告": 18, "撤销党内职务": 24, "留党察看一年": 36, "留党察看两年": 48}
CHECKS = ("档案审核", "个人事项核查", "纪检监察意见", "信访举报")


def procedure(answer: Answer) -> None:
    """Fills ``known["procedure"]``: committees that pass."""
    answer.known["procedure"] = {c for c in answer.known["committees"] if _passes(answer, c)}
    county = answer.known["county"]
    for line, row in answer.rows("03 工作纪实/县委.xlsx") or []:
        _step(answer, "03 工作纪实/县委.xlsx", line, row, county)


def _step(answer: Answer, path: str, line: int, row: Row, home: str) -> tuple[str, str, Any] | None:
    """The row as (step, unit, day); the day is None when it lies outside the step's window."""
    step, day, unit = cells.text(row["环节"]), cells.day(row["日期"]), cells.text(row["党组织"])
    due, present = cells.count(row["应到"]), cells.count(row["实到"])
    bad_count = due is BAD or present is BAD or (due is not None and present is not None and present > due)
    if step not in STEP_WINDOWS or day in (None, BAD) or bad_count or unit not in answer.known["units"]:
        answer.wrong(path, line, "option, date, count or unit")
        return None
    if due is None or present is None:
        answer.odd(path, line)
    if answer.known["under"][unit] != home:
        answer.odd(path, line)
    window = STEP_WINDOWS[step]
    if window and not within(answer, window, day):
        answer.wrong(path, line, "outside its window")
        return step, unit, None
    return step, unit, day


def _passes(answer: Answer, committee: str) -> bool:
    path = f"03 工作纪实/{committee}.xlsx"
    steps = [_step(answer, path, line, row, committee) for line, row in answer.rows(path) or []]
    held = [step for step in steps if step]
    days: dict[str, list[Any]] = {
        name: [day for step, unit, day in held if step == name and unit == committee]
        for name in ("方案", "培训", "动员", "党委研究")
    }
    nominated = answer.known["nomination_days"][committee]
    if any(not found or None in found for found in days.values()) or not nominated:
        return False
    if any(not within(answer, "nomination", day) for day in nominated):
        return False
    if any(step == "警示教育" and day is None for step, _, day in held):
        return False
    if not min(days["方案"]) <= min(days["培训"]) <= min(days["动员"]) <= min(nominated):
        return False
    if max(nominated) > min(days["党委研究"]):
        return False
    # The row of 03 may stand while the meeting in 07 is no meeting: the words can be read either way.
    no_meeting = answer.known["review_held"].get(committee) is False
    if no_meeting and answer.choose("07 holds no valid meeting", "fails", "passes") == "fails":
        return False
    branches = [b for b in answer.known["staffed"] if answer.known["under"][b] == committee]
    return all(_branch_passes(answer, committee, branch, held) for branch in branches)


def _branch_passes(answer: Answer, committee: str, branch: str, held: list[tuple[str, str, Any]]) -> bool:
    meetings = answer.known["held"].get(branch, [])
    if not meetings:
        return False
    spoilt = all(state == "faulty" for _, state in meetings)
    if (
        spoilt
        and answer.choose("a meeting whose every row is faulty", "was held", "was not held") != "was held"
    ):
        return False
    units = {branch, committee, answer.known["units"][branch]["parent"]}
    warned = [day for step, unit, day in held if step == "警示教育" and unit in units and day is not None]
    first = min(day for day, _ in meetings)
    if not warned or min(warned) >= first:
        return False
    if max(warned) >= first:
        return answer.choose("one education before the meeting, one not", "passes", "does not") == "passes"
    return True


def standard(answer: Answer) -> None:
    """Fills ``known["standard"]`` for everyone sent up: met, not_met, or unknown."""
    path = "09 政治标准考察.xlsx"
    floor = RATINGS.index(answer.plan["standard"]["rating_at_least"])
    top, bottom = map(int, answer.plan["standard"]["recognition_at_least"].split("/"))
    state = dict.fromkeys(answer.known["sent_up"], "unknown")
    for line, row in answer.rows(path) or []:
        number = matches(answer, path, line, row)
        ratings = [
            cells.text(row[h]) for h in ("政治判断力", "政治领悟力", "政治执行力", "议事能力", "群众工作本领")
        ]
        conditions = [cells.text(row[f"条件{n}"]) for n in "一二三四五六"]
        issued, returned, agreed, against, abstained = (
            cells.count(row[h]) for h in ("测评发出", "测评收回", "认可", "不认可", "弃权")
        )
        two_faced, evidence = cells.text(row["两面人"]), cells.text(row["事实依据"])
        counts = (issued, returned, agreed, against, abstained)
        bad = any(rating not in RATINGS for rating in ratings) or any(c not in YES_NO for c in conditions)
        bad = bad or two_faced not in YES_NO or not all(isinstance(c, int) for c in counts) or evidence is BAD
        bad = bad or returned > issued or agreed + against + abstained != returned
        if bad:
            answer.wrong(path, line, "standard")
        if bad or number not in state:
            if number is not None and number not in state:
                answer.odd(path, line)
            continue
        met = all(RATINGS.index(rating) <= floor for rating in ratings) and all(c == "是" for c in conditions)
        met = met and agreed * bottom >= returned * top and two_faced == "否" and evidence is not None
        state[number] = "met" if met else "not_met"
    answer.known["standard"] = state


def integrity(answer: Answer) -> None:
    """Fills ``known["integrity"]``: for each person sent up the bars, what is pending, and what may be either.

    ``bars`` and ``pending`` are certain; ``unsure`` means something unreadable may also be a bar or pending.
    """
    found: dict[str, Row] = {
        number: {"bars": set(), "pending": set(), "maybe": set(), "unsure": False}
        for number in answer.known["sent_up"]
    }
    for number, state in answer.known["standard"].items():
        if state == "not_met":
            found[number]["bars"].add("政治上不合格")
        elif state == "unknown":
            found[number]["unsure"] = True
    details = _details(answer)
    _four_checks(answer, found, details)
    _replies(answer, found)
    _punishments(answer, found)
    answer.known["integrity"] = found
    answer.known["details"] = details


def _details(answer: Answer) -> dict[str, Row]:
    path = "08 人选情况.xlsx"
    marks = ("农民", "工人", "专业技术人员", "先进模范", "脱贫攻坚", "疫情防控")
    details: dict[str, Row] = {}
    rows = answer.rows(path)
    if rows is None:
        answer.open |= {"gates.structure", "gates.integrity"}
    for line, row in rows or []:
        number = matches(answer, path, line, row)
        options: dict[str, tuple[str | None, ...]] = {
            "类别": ("党员领导干部", "生产和工作一线"),
            "个人有关事项报告对象": YES_NO,
            "干部档案": ("有", "无"),
        }
        options |= dict.fromkeys(marks, ("是", None))
        wrong = [heading for heading, allowed in options.items() if cells.text(row[heading]) not in allowed]
        if cells.text(row["所在党支部"]) not in answer.known["branches"]:
            wrong.append("所在党支部")
        if wrong:
            answer.wrong(path, line, f"details: {wrong[0]}")
            answer.open |= {"gates.structure"}
            if number is not None:
                details[number] = {"faulty": True}
        elif number is not None:
            tags = {mark for mark in marks if cells.text(row[mark]) == "是"} | {cells.text(row["类别"])}
            details[number] = {"faulty": False, "tags": tags, "filed": cells.text(row["干部档案"]) == "有",
                               "declares": cells.text(row["个人有关事项报告对象"]) == "是"}  # fmt: skip
    if set(answer.known["sent_up"]) - set(details):
        answer.open |= {"gates.structure"}
    return details


def _four_checks(answer: Answer, found: dict[str, Row], details: dict[str, Row]) -> None:
    path = "10 四必核查.xlsx"
    seen = set()
    for line, row in answer.rows(path) or []:
        number = matches(answer, path, line, row)
        if number not in found:
            # Whoever was not sent up is not judged; a row at fault may be listed all the same.
            answer.odd(path, line)
            continue
        seen.add(number)
        person = found[number]
        mine: Row = {"bars": set(), "pending": set(), "unsure": False, "faulty": False}
        for check in CHECKS:
            _one_check(answer, path, line, row, check, mine, details.get(number, {"faulty": True}))
        identity = cells.text(row["党员身份"])
        if identity == "存疑":
            mine["bars"].add("党员身份存疑")
        elif identity is None:
            answer.odd(path, line)
            mine["pending"].add("党员身份")
        elif identity != "属实":
            answer.wrong(path, line, "党员身份")
            mine["pending"].add("党员身份")
            mine["faulty"] = True
        person["pending"] |= mine["pending"]
        person["unsure"] = person["unsure"] or mine["unsure"] or mine["faulty"]
        if mine["faulty"]:
            person["maybe"] |= {*CHECKS, "党员身份"}
        else:
            person["bars"] |= mine["bars"]
    for number in set(found) - seen:
        found[number]["pending"] |= set(CHECKS)
        found[number]["maybe"].add("党员身份")
        answer.odd(path, None)


def _one_check(answer: Answer, path: str, line: int, row: Row, check: str, person: Row, known: Row) -> None:
    result, day = cells.text(row[check]), cells.day(row[check + "日期"])
    options = ("无", "已查清", "未查清") if check == "信访举报" else ("通过", "不通过", "不适用")
    bars = {"档案审核": "干部档案有问题", "信访举报": "举报反映问题没有查清"}
    if result is None:
        answer.odd(path, line)
        person["pending"].add(check)
        return
    if result not in options or day is BAD:
        answer.wrong(path, line, check)
        person["pending"].add(check)
        person["faulty"] = True
        return
    if result == "不适用":
        grounds = {"档案审核": not known.get("filed"), "个人事项核查": not known.get("declares")}
        if known["faulty"] and check in grounds:
            person["unsure"] = True
            answer.odd(path, line)
        elif not grounds.get(check, False):
            answer.wrong(path, line, f"{check} 不适用 without ground")
            person["pending"].add(check)
        return
    timely = day is not None and within(answer, "vetting", day)
    if day is None:
        answer.odd(path, line)
        person["pending"].add(check)
    elif not timely:
        answer.wrong(path, line, f"{check} outside vetting")
        person["pending"].add(check)
    if result in ("不通过", "未查清"):
        if timely:
            person["bars"].add(bars.get(check, "廉洁上有风险"))
        else:
            person["unsure"] = True


def _replies(answer: Answer, found: dict[str, Row]) -> None:
    options = ("无异议", "有情况不影响", "有影响", "暂不能结论", "不适用")
    answer.known["answered"] = 0
    for department in answer.plan["integrity"]["departments"]:
        path = f"11 部门回函/{department}.xlsx"
        answer.known["answered"] += path in answer.files
        if path in answer.files and answer.files[path] is None:
            answer.open.add("departments")
        answers: dict[str, Any] = {}
        for line, row in answer.rows(path) or []:
            number = matches(answer, path, line, row)
            opinion, day = cells.text(row["意见"]), cells.day(row["回函日期"])
            if opinion not in options or day is BAD:
                if opinion is None:
                    answer.odd(path, line)
                else:
                    answer.wrong(path, line, "opinion or date")
                if number in found:
                    found[number]["unsure"] = found[number]["unsure"] or opinion == "有影响"
                continue
            if number is not None:
                answers[number] = opinion
        for number, person in found.items():
            if answers.get(number) == "有影响":
                person["bars"].add("廉洁上有风险")
            elif answers.get(number) in (None, "暂不能结论"):
                person["pending"].add(department)


def _punishments(answer: Answer, found: dict[str, Row]) -> None:
    path = "12 处分情况.xlsx"
    judged_on = answer.plan["windows"]["county_review"][0]
    rows = answer.rows(path)
    if rows is None:
        answer.open |= {"everything"}
    for line, row in rows or []:
        number = matches(answer, path, line, row)
        kind, approved = cells.text(row["处分种类"]), cells.day(row["批准日期"])
        if kind not in MONTHS or approved in (None, BAD):
            answer.wrong(path, line, "punishment")
            if number in found:
                found[number]["unsure"] = True
            continue
        if number in found and approved <= judged_on < months_later(approved, MONTHS[kind]):
            found[number]["bars"].add("处分影响期内")
        elif number is None and cells.number(row["公民身份号码"]) in found:
            found[cells.number(row["公民身份号码"])]["unsure"] = True
