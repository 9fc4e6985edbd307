"""Holds a run's ``summary.json`` and problems against the oracle's answers; says every difference in one sentence.

A figure may lie between the answers, a section must equal one of them, and a section that the contract leaves open in
some answer is not compared. Problems: what must be listed under every reading has to be there, and nothing may be
listed that no reading explains.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from oracle import cells, choosing
from oracle.answer import Answer
from oracle.judge import figures

Problem = tuple[str, int | None]


def differences(summary: dict[str, Any], problems: Iterable[Problem], answers: list[Answer]) -> list[str]:
    listed = list(problems)
    said = _problems(listed, answers)
    if summary["problems"] != len(listed):
        said.append(f"problems: summary says {summary['problems']}, the sheet has {len(listed)}")
    if any("everything" in answer.open for answer in answers):
        return said
    said += _figures(summary, answers)
    absent = summary["participation"]["members"]["absent"]
    for section, judge in _SECTIONS.items():
        if any(section in answer.open or section.rsplit(".", 1)[0] in answer.open for answer in answers):
            continue
        found = [judge(summary, answer) for answer in answers]
        if all(found):
            said.append(f"{section}: {min(found, key=len)}")
    if "participation.members" not in set().union(*(a.open for a in answers)) and not any(
        answer.known["absent"] <= set(absent) <= set(figures(answer)["absent_at_most"]) for answer in answers
    ):
        said.append("participation.members.absent")
    return said


def _problems(listed: list[Problem], answers: list[Answer]) -> list[str]:
    said = []
    for path, rows, kind in answers[0].must:
        if "a roster is missing" in answers[0].open and path >= "06" and rows[0] is not None:
            continue
        everywhere = all(any(p == path and set(r) & set(rows) for p, r, _ in a.must) for a in answers)
        crowded = kind.startswith("total") and any(
            p == path and not k.startswith("total") for p, _, k in answers[0].must
        )
        if everywhere and not crowded and not any(p == path and row in rows for p, row in listed):
            said.append(f"not listed: {path} row {rows}: {kind}")
    allowed = {(path, row) for a in answers for path, rows, _ in a.must for row in rows}
    allowed |= {entry for answer in answers for entry in answer.may}
    whole = {path for path, row in allowed if row is None}
    spoilt = any("everything" in answer.open for answer in answers)
    for path, row in listed:
        if (
            (path, row) not in allowed
            and path not in whole
            and not spoilt
            and not _tainted(path, row, answers[0])
        ):
            said.append(f"listed without ground: {path} row {row}")
    return said


def _tainted(path: str, row: int | None, answer: Answer) -> bool:
    """Whether the row speaks of somebody whose roster row is faulty, or of a file that could not be used."""
    table = answer.files.get(path)
    if table is None:
        return path not in answer.files
    mine = [values for line, values in table["rows"] if line == row]
    return any(cells.number(values.get("公民身份号码")) in answer.tainted for values in mine)


def _figures(summary: dict[str, Any], answers: list[Answer]) -> list[str]:
    said: list[str] = []
    open_sections = set().union(*(answer.open for answer in answers))
    expected = [figures(answer) for answer in answers]
    for section in ("units", "participation", "quota", "departments"):
        if section not in open_sections:
            _between(section, summary[section], [each[section] for each in expected], open_sections, said)
    return said


def _between(place: str, value: Any, expected: list[Any], open_sections: set[str], said: list[str]) -> None:
    if place in open_sections:
        return
    if isinstance(value, dict):
        for key in expected[0]:
            _between(f"{place}.{key}", value.get(key), [each[key] for each in expected], open_sections, said)
    elif type(value) is int and all(type(each) is int for each in expected):
        if not min(expected) <= value <= max(expected):
            said.append(f"{place}: {value}, expected {sorted(set(expected))}")
    elif value not in expected and len(set(map(str, expected))) == 1:
        said.append(f"{place}: {value!r}, expected {expected[0]!r}")


def _tally(summary: dict[str, Any], answer: Answer) -> str:
    for committee, expected in answer.known["tally"].items():
        if f"tally.{committee}" in answer.open:
            continue
        rows = summary["tally"].get(committee, [])
        found = {row["id"]: (row["branches"], row["members"]) for row in rows}
        if found != expected or len(rows) != len(found):
            wrong = {k: (found.get(k), expected.get(k)) for k in found.keys() | expected.keys()}
            return f"{committee}: {[(k, *v) for k, v in wrong.items() if v[0] != v[1]]}"
        order = [(row["branches"], row["members"]) for row in rows]
        if order != sorted(order, reverse=True):
            return f"{committee}: not ranked"
    return ""


def _standard(summary: dict[str, Any], answer: Answer) -> str:
    gate, expected = summary["gates"]["standard"], answer.known["standard"]
    for state in ("met", "not_met"):
        sure = {number for number, found in expected.items() if found == state}
        unsure = (
            {number for number, found in expected.items() if found == "unknown"}
            if state == "not_met"
            else set()
        )
        if not sure <= set(gate[state]) <= sure | unsure:
            return f"{state}: {sorted(set(gate[state]) ^ sure)}"
    return ""


def _integrity(summary: dict[str, Any], answer: Answer) -> str:
    gate = summary["gates"]["integrity"]
    places = dict.fromkeys(gate["met"], "met")
    places |= dict.fromkeys(gate["pending"], "pending") | dict.fromkeys(gate["not_met"], "not_met")
    if len(places) != len(gate["met"]) + len(gate["pending"]) + len(gate["not_met"]):
        return "someone stands in two places"
    if set(places) != set(answer.known["integrity"]):
        return f"people: {sorted(set(places) ^ set(answer.known['integrity']))}"
    for number, judged in answer.known["integrity"].items():
        bars, pending, unsure = judged["bars"], judged["pending"], judged["unsure"]
        have_bars = set(gate["not_met"].get(number, ()))
        have_pending = {what.removesuffix("日期") for what in gate["pending"].get(number, ())}
        if bars or (unsure and places[number] == "not_met"):
            fine = places[number] == "not_met" and (bars <= have_bars if unsure else bars == have_bars)
        elif pending or unsure:
            fine = (
                places[number] == "pending"
                and pending <= have_pending
                and (unsure or have_pending <= pending | judged["maybe"])
            )
        else:
            fine = places[number] == "met"
        if not fine:
            return f"{number}: {places[number]} {have_bars or have_pending}, expected {judged}"
    return ""


def _procedure(summary: dict[str, Any], answer: Answer) -> str:
    gate = summary["gates"]["procedure"]
    if set(gate["met"]) != answer.known["procedure"]:
        return f"met: {sorted(set(gate['met']) ^ answer.known['procedure'])}"
    if set(gate["not_met"]) != set(answer.known["committees"]) - answer.known["procedure"]:
        return "not_met is not the rest"
    return "" if all(gate["not_met"].values()) else "a deviation without a name"


def _structure(summary: dict[str, Any], answer: Answer) -> str:
    gate, best, people = summary["gates"]["structure"], answer.known["best"], answer.known["eligible"]
    if best is None:
        blank = (gate["feasible"], gate["list"], gate["branches"], gate["members"]) == (False, [], None, None)
        return "" if blank else f"a list where none is lawful: {gate}"
    if not gate["feasible"] or (gate["branches"], gate["members"]) != best:
        return f"{gate['feasible']} {gate['branches']} {gate['members']}, expected {best}"
    if not choosing.lawful(answer, gate["list"], people, answer.known["bounds"]):
        return "the list is not lawful"
    chosen = [people[number] for number in gate["list"]]
    if (sum(p["branches"] for p in chosen), sum(p["members"] for p in chosen)) != best:
        return "the list has not the sums it says"
    tags = {share["tag"] for share in answer.plan["structure"]["share"]}
    counted = {tag: sum(1 for person in chosen if tag in person["tags"]) for tag in tags}
    return "" if gate["tags"] == counted else f"tags {gate['tags']}, expected {counted}"


def _decision(summary: dict[str, Any], answer: Answer) -> str:
    said, expected = summary["decision"], answer.known["decision"]
    if expected is None or said is None:
        return "" if said == expected else f"{said}, expected {expected}"
    if said["lawful"] != expected["lawful"]:
        return f"lawful {said['lawful']}"
    same = sorted(said["list"]) == expected["list"] or "decision.list" in answer.open
    return "" if same else f"list {said['list']}, expected {expected['list']}"


_SECTIONS: dict[str, Callable[[dict[str, Any], Answer], str]] = {
    "tally": _tally,
    "gates.standard": _standard,
    "gates.integrity": _integrity,
    "gates.procedure": _procedure,
    "gates.structure": _structure,
    "decision": _decision,
}
