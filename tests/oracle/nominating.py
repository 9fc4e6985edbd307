"""Nominations, the tally, and what committees sent up: parts 3 to 5."""

from __future__ import annotations

from typing import Any

from oracle import cells
from oracle.answer import Answer, Row
from oracle.cells import BAD
from oracle.rosters import matches


def within(answer: Answer, window: str, day: Any) -> bool:
    first, last = answer.plan["windows"][window]
    return bool(first <= day <= last)


def nominations(answer: Answer) -> None:
    """Fills ``known``: tally by committee, valid meetings' days by branch, all readable meeting days by committee."""
    answer.known["tally"], answer.known["held"], answer.known["nomination_days"] = {}, {}, {}
    answer.known["unread"] = set()
    for committee in answer.known["committees"]:
        path = f"06 推荐提名/{committee}.xlsx"
        rows = answer.rows(path)
        if rows is None:
            answer.known["unread"].add(committee)
            answer.open |= {
                f"tally.{committee}",
                "quota",
                "gates.standard",
                "gates.integrity",
                "gates.structure",
            }
        counted: list[tuple[int, str, str, int]] = []
        answer.known["nomination_days"][committee] = []
        for line, row in rows or []:
            counted += _nomination(answer, path, committee, line, row)
        answer.known["tally"][committee] = _tally(answer, path, counted)


def _nomination(
    answer: Answer, path: str, committee: str, line: int, row: Row
) -> list[tuple[int, str, str, int]]:
    """The row as (line, branch, person, members behind), when it counts."""
    branch, day = cells.text(row["党支部"]), cells.day(row["会议日期"])
    due, present, behind = (cells.count(row[h]) for h in ("应到会", "实到会", "提名党员数"))
    if isinstance(day, type(answer.plan["selection"]["reference_date"])):
        answer.known["nomination_days"][committee].append(day)
    number = matches(answer, path, line, row, "被推荐人")
    if branch not in answer.known["branches"] or answer.known["under"][branch] != committee:
        answer.wrong(path, line, "branch not in 01")
        return []
    meeting = [due, present]
    if day in (None, BAD) or not all(isinstance(figure, int) for figure in meeting) or present > due:
        answer.wrong(path, line, "date, count, or more present than due")
        return []
    if not within(answer, "nomination", day) or present * 5 < due * 4:
        answer.wrong(path, line, "meeting not valid")
        return []
    fine = isinstance(behind, int) and behind <= present
    if not fine:
        answer.wrong(path, line, "members behind")
    if number is not None and not answer.known["people"][number]["rights"]:
        answer.wrong(path, line, "nominee without rights")
        number = None
    if number is None or not fine:
        answer.known["held"].setdefault(branch, []).append((day, "faulty"))
        return []
    answer.known["held"].setdefault(branch, []).append((day, "counts"))
    return [(line, branch, number, behind)]


def _tally(answer: Answer, path: str, counted: list[tuple[int, str, str, int]]) -> dict[str, tuple[int, int]]:
    tally: dict[str, tuple[int, int]] = {}
    seen: set[tuple[str, str]] = set()
    for line, branch, number, behind in counted:
        same = [entry for entry in counted if entry[1:3] == (branch, number)]
        if len(same) > 1:
            answer.wrong(path, line, "several rows of one person in one branch")
            if answer.choose("named twice in one branch", "none counts", "the first counts") == "none counts":
                continue
            if (branch, number) in seen:
                continue
        seen.add((branch, number))
        branches, members = tally.get(number, (0, 0))
        tally[number] = (branches + 1, members + behind)
    return tally


def reviews(answer: Answer) -> None:
    """Fills ``known["sent_up"]``: who was validly sent up, and by which committee."""
    path = "07 党委研究.xlsx"
    rows = answer.rows(path)
    if rows is None:
        answer.open |= {"quota", "gates.standard", "gates.integrity", "gates.structure", "gates.procedure"}
    by_committee: dict[str, list[Row]] = {}
    for line, row in rows or []:
        entry = _review_row(answer, path, line, row)
        by_committee.setdefault(entry["committee"], []).append(entry)
    up: dict[str, list[str]] = {}
    answer.known["voided"] = {}
    for committee, entries in by_committee.items():
        if committee not in answer.known["committees"]:
            continue
        up[committee] = _sent_by(answer, path, committee, entries)
    _one_committee_each(answer, path, up, by_committee)
    for committee, entries in by_committee.items():
        if committee in up:
            astray = [e for c, rows in by_committee.items() if c not in up for e in rows]
            _reasons(answer, path, committee, entries + astray, up[committee])
    answer.known["sent_up"] = {number: committee for committee, numbers in up.items() for number in numbers}
    answer.known["review_held"] = {
        c: any(e["meeting"] for e in entries) for c, entries in by_committee.items()
    }


def _review_row(answer: Answer, path: str, line: int, row: Row) -> Row:
    committee, day, up = cells.text(row["党委"]), cells.day(row["会议日期"]), cells.text(row["是否上报"])
    figures = [cells.count(row[h]) for h in ("应到委员", "实到委员", "同意", "不同意", "弃权")]
    number = matches(answer, path, line, row)
    entry = {"line": line, "committee": committee, "number": number, "claims": up == "是", "stands": False,
             "said": cells.number(row["公民身份号码"]), "reason": cells.text(row["未上报理由"]) not in (None, BAD),
             "meeting": False, "votes": False}  # fmt: skip
    if committee not in answer.known["committees"]:
        answer.wrong(path, line, "committee not in 01")
        return entry
    if day in (None, BAD) or not all(isinstance(figure, int) for figure in figures) or up not in ("是", "否"):
        answer.wrong(path, line, "date, count or option")
        return entry
    due, present, agreed, against, abstained = figures
    if present > due or agreed + against + abstained != present:
        answer.wrong(path, line, "votes that do not add up, or more present than due")
        return entry
    if present * 2 <= due or not within(answer, "committee_review", day):
        # Only names sent up are said to be problems; a name left behind may be listed with its meeting.
        if entry["claims"]:
            answer.wrong(path, line, "meeting not valid")
        else:
            answer.odd(path, line)
        return entry
    entry["meeting"] = True
    entry["votes"] = agreed * 2 > due
    entry["stands"] = number is not None
    return entry


def _sent_by(answer: Answer, path: str, committee: str, entries: list[Row]) -> list[str]:
    sent, claimed = [], [entry for entry in entries if entry["claims"]]
    for entry in claimed:
        if not entry["stands"]:
            continue
        nominated = entry["number"] in answer.known["tally"][committee]
        if entry["votes"] and committee in answer.known["unread"]:
            answer.odd(path, entry["line"])
        elif not entry["votes"] or not nominated:
            answer.wrong(path, entry["line"], "sent up without the votes or the nomination")
        elif entry["number"] not in sent:
            sent.append(entry["number"])
    quota = answer.known["units"][committee]["quota"]
    lines = [entry["line"] for entry in claimed]
    if len(sent) > quota:
        answer.wrong(path, lines[0], "more than 推荐名额", *lines[1:], None)
        for line in lines:
            answer.odd(path, line)
        answer.known["voided"][committee] = sent
        return []
    if len(claimed) > quota:
        for line in lines:
            answer.odd(path, line)
        if (
            answer.choose("推荐名额 is held against", "names with votes", "names put down as 是")
            != "names with votes"
        ):
            return []
    return sent


def _one_committee_each(
    answer: Answer, path: str, up: dict[str, list[str]], by_committee: dict[str, list[Row]]
) -> None:
    senders: dict[str, list[str]] = {}
    for committee, numbers in up.items():
        for number in numbers:
            senders.setdefault(number, []).append(committee)
    for number, committees in senders.items():
        others = [committee for committee, sent in answer.known["voided"].items() if number in sent]
        if len(committees) == 1 and others:
            for committee in others + committees:
                answer.may |= {(path, e["line"]) for e in by_committee[committee] if e["number"] == number}
            question = "sent up also by a committee over its 推荐名额"
            if answer.choose(question, "goes up from the other", "goes up from none") == "goes up from none":
                up[committees[0]].remove(number)
        if len(committees) < 2:
            continue
        lines = [e["line"] for c in committees for e in by_committee[c] if e["number"] == number]
        answer.wrong(path, lines[0], "sent up by two committees", *lines[1:])
        for line in lines:
            answer.odd(path, line)
        keep = answer.choose("sent up by two committees", "by neither", "by the first", "by the last")
        kept = {"by neither": None, "by the first": committees[0], "by the last": committees[-1]}[keep]
        for committee in committees:
            if committee != kept:
                up[committee].remove(number)


def _reasons(answer: Answer, path: str, committee: str, entries: list[Row], sent: list[str]) -> None:
    """A nominee above one that was sent up needs a reason; one claimed and refused, or whose row is astray, may."""
    tally = answer.known["tally"][committee]
    below = [tally[number] for number in sent]
    claimed = [tally[e["said"]] for e in entries if e["claims"] and e["said"] in tally]
    every_line = [entry["line"] for entry in entries]
    for number, support in tally.items():
        if number in sent:
            continue
        mine = [entry for entry in entries if entry["said"] == number]
        if any(entry["reason"] for entry in mine):
            continue
        refused = any(entry["claims"] or entry["committee"] != committee for entry in mine)
        if not below or support <= min(below) or refused:
            if claimed and support > min(claimed):
                answer.may |= {
                    (path, line) for line in (every_line if not mine else [e["line"] for e in mine])
                }
                answer.may.add((path, None))
            continue
        lines = [entry["line"] for entry in mine] or [None, *every_line]
        answer.wrong(path, lines[0], "missing reason", *lines[1:])
