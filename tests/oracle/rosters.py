"""Units, members, participation and satisfaction: parts 1 and 2 of the contract's order."""

from __future__ import annotations

from typing import Any

from oracle import cells
from oracle.answer import Answer, Row
from oracle.cells import BAD, months_later

YES_NO = ("是", "否")


def units(answer: Answer) -> None:
    """Fills ``known``: units by name, committees, branches, and the committee each branch is under."""
    path = "01 党组织名册.xlsx"
    found: dict[str, Row] = {}
    for line, row in answer.rows(path) or []:
        unit = cells.text(row["党组织名称"])
        kind, sector = cells.text(row["组织类别"]), cells.text(row["隶属"])
        quota = cells.count(row["推荐名额"])
        is_committee = kind in ("党委", "党工委")
        bad = kind not in ("县委", "党委", "党工委", "党总支", "党支部") or unit is None or unit in found
        bad = bad or (is_committee and (sector not in ("乡镇", "县直") or not isinstance(quota, int)))
        if bad:
            answer.wrong(path, line, "unit")
            answer.open |= {"everything"}
            continue
        found[unit] = {
            "kind": kind,
            "parent": cells.text(row["上级党组织"]),
            "sector": sector,
            "quota": quota,
            "line": line,
        }
    for unit in found.values():
        if unit["kind"] != "县委" and unit["parent"] not in found:
            answer.wrong(path, unit["line"], "superior not in 01")
            answer.open |= {"everything"}
    under: dict[str, Any] = {}
    for unit in found:
        above: Any = unit
        while above in found and found[above]["kind"] not in ("党委", "党工委", "县委"):
            above = found[above]["parent"]
        under[unit] = above
    answer.known["units"] = found
    answer.known["under"] = under
    answer.known["committees"] = [u for u in found if found[u]["kind"] in ("党委", "党工委")]
    answer.known["branches"] = [u for u in found if found[u]["kind"] == "党支部"]
    answer.known["county"] = next((u for u in found if found[u]["kind"] == "县委"), "")


def members(answer: Answer) -> None:
    """Fills ``known["people"]`` by citizen number, and how many rows and rights there are."""
    reference = answer.plan["selection"]["reference_date"]
    good: list[tuple[str, int, Row]] = []
    faulty: list[tuple[str, int, Row]] = []
    for committee in answer.known["committees"]:
        path = f"02 党员名册/{committee}.xlsx"
        rows = answer.rows(path)
        if rows is None:
            answer.open |= {"everything", "a roster is missing"}
        for line, row in rows or []:
            person = _person(answer, path, committee, row)
            if person["faults"]:
                answer.wrong(path, line, person["faults"][0])
                faulty.append((path, line, person))
                answer.tainted |= {t for t in (person["number"], person["name"]) if isinstance(t, str)}
            else:
                good.append((path, line, person))
    times: dict[str, int] = {}
    for _, _, person in good:
        times[person["number"]] = times.get(person["number"], 0) + 1
    for path, line, person in good:
        if times[person["number"]] > 1:
            answer.wrong(path, line, "duplicate member")
            answer.tainted.add(person["number"])
            faulty.append((path, line, person))
    good = [entry for entry in good if times[entry[2]["number"]] == 1]
    counted = good
    if faulty and answer.choose("faulty roster rows", "do not count", "count") == "count":
        counted = good + faulty
    suspended = _suspended(answer, reference)
    for _, _, person in good + faulty:
        person["rights"] = person["full"] and person["normal"] and person["number"] not in suspended
    answer.known["people"] = {p["number"]: p for _, _, p in reversed(counted) if isinstance(p["number"], str)}
    answer.known["members"] = len(counted)
    answer.known["with_rights"] = sum(1 for _, _, person in counted if person["rights"])
    answer.known["full"] = [person for _, _, person in counted if person["full"]]
    staffed = {p["branch"] for _, _, p in counted if p["rights"] and p["branch"] in answer.known["branches"]}
    answer.known["staffed"] = [branch for branch in answer.known["branches"] if branch in staffed]


def _person(answer: Answer, path: str, committee: str, row: Row) -> Row:
    number, sex, branch = (
        cells.number(row["公民身份号码"]),
        cells.text(row["性别"]),
        cells.text(row["所在党支部"]),
    )
    faults = []
    if not isinstance(number, str):
        faults.append("citizen number")
    if sex not in ("男", "女"):
        faults.append("sex")
    elif isinstance(number, str) and (int(number[16]) % 2 == 1) != (sex == "男"):
        faults.append("sex against number")
    if cells.text(row["姓名"]) in (None, BAD):
        faults.append("name")
    if branch not in answer.known["branches"]:
        faults.append("branch not in 01")
    elif answer.known["under"][branch] != committee:
        faults.append("branch of another committee")
    for heading, options in {"人员类别": ("正式党员", "预备党员"), "党籍状态": ("正常", "停止党籍"), "流动党员": YES_NO,
                             "年老体弱": YES_NO}.items():  # fmt: skip
        if cells.text(row[heading]) not in options:
            faults.append(heading)
    for heading in ("出生日期", "入党日期", "转正日期"):
        if cells.day(row[heading], month_allowed=heading != "出生日期") is BAD:
            faults.append(heading)
    return {
        "number": number, "name": cells.name(row["姓名"]), "woman": sex == "女",
        "minority": cells.text(row["民族"]) not in ("汉族", "汉", None), "branch": branch, "committee": committee,
        "full": cells.text(row["人员类别"]) == "正式党员", "normal": cells.text(row["党籍状态"]) == "正常",
        "faults": faults,
    }  # fmt: skip


def _suspended(answer: Answer, reference: Any) -> set[Any]:
    """Those inside 留党察看 on the reference date; the rows of 12 are judged elsewhere."""
    inside = set()
    table = answer.files.get("12 处分情况.xlsx")
    for _, row in table["rows"] if table else []:
        kind, approved = cells.text(row.get("处分种类")), cells.day(row.get("批准日期"))
        months = {"留党察看一年": 12, "留党察看两年": 24}.get(kind)
        if months and approved not in (None, BAD) and approved <= reference < months_later(approved, months):
            inside.add(cells.number(row.get("公民身份号码")))
    return inside


def matches(answer: Answer, path: str, line: int, row: Row, name_heading: str = "姓名") -> str | None:
    """The number of the roster's person a row is about; None, and the trouble noted, when it is about nobody."""
    number, said = cells.number(row["公民身份号码"]), cells.name(row[name_heading])
    if not isinstance(number, str):
        answer.wrong(path, line, "citizen number")
        return None
    person = answer.known["people"].get(number)
    if number in answer.tainted:
        answer.odd(path, line)
    if person is None:
        # Somebody of that name stands in a faulty roster row: the row may simply wait for it.
        if answer.tainted & {number, said} or "a roster is missing" in answer.open:
            answer.odd(path, line)
        else:
            answer.wrong(path, line, "not on a roster")
        return None
    if person["name"] != said:
        answer.wrong(path, line, "name against number")
        return None
    return number


def participation(answer: Answer) -> None:
    """Fills ``known``: channel by person with rights, and who certainly is absent."""
    channels: dict[str, str] = {}
    absent: set[str] = set()
    for committee in answer.known["committees"]:
        path = f"04 参与情况/{committee}.xlsx"
        rows = answer.rows(path)
        if rows is None:
            answer.open |= {"participation.members", "participation.organisations"}
        for line, row in rows or []:
            taken = _took_part(answer, path, line, row)
            if taken is None:
                continue
            number, channel = taken
            if number in channels or number in absent:
                answer.odd(path, line)
                answer.open |= {"participation.members"}
            if not answer.known["people"][number]["rights"]:
                continue
            if channel == "未参与":
                absent.add(number)
            else:
                channels[number] = channel
    answer.known["channels"] = channels
    answer.known["absent"] = absent


def _took_part(answer: Answer, path: str, line: int, row: Row) -> tuple[str, str] | None:
    channel, day, branch = cells.text(row["参与方式"]), cells.day(row["日期"]), cells.text(row["所在党支部"])
    number = matches(answer, path, line, row)
    if channel not in ("会议", "上门", "电话", "微信", "未参与"):
        answer.wrong(path, line, "channel")
        return None
    if day is BAD:
        answer.wrong(path, line, "date")
        return None
    if branch not in answer.known["branches"]:
        answer.wrong(path, line, "branch not in 01")
        return None
    if number is None:
        return None
    if answer.known["people"][number]["branch"] != branch or (day is None and channel != "未参与"):
        answer.odd(path, line)
        answer.open |= {"participation.members"}
    return number, channel


def satisfaction(answer: Answer) -> None:
    path = "05 满意度测评.xlsx"
    satisfied = returned = 0
    rows = answer.rows(path)
    if rows is None:
        answer.open |= {"participation.satisfaction"}
    for line, row in rows or []:
        figures = [cells.count(row[heading]) for heading in ("发出", "收回", "满意", "基本满意", "不满意")]
        if cells.text(row["党支部"]) not in answer.known["branches"]:
            answer.wrong(path, line, "branch not in 01")
        elif not all(isinstance(figure, int) for figure in figures):
            answer.wrong(path, line, "count")
        elif figures[1] > figures[0] or sum(figures[2:]) != figures[1]:
            answer.wrong(path, line, "figures")
        else:
            returned += figures[1]
            satisfied += figures[2]
    answer.known["satisfaction"] = (satisfied, returned)
