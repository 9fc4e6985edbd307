"""What must come out of a folder, by the contract's words: one answer for each way the words can be read."""

from __future__ import annotations

from typing import Any

from oracle import choosing, gates, nominating, rosters
from oracle.answer import Answer
from oracle.reading import Folder


def answers(folder: Folder) -> list[Answer]:
    """The answer under every combination of the choices that mattered for this folder; the first is the one we lean to."""
    done: list[Answer] = []
    waiting: list[dict[str, str]] = [{}]
    seen: list[dict[str, str]] = []
    while waiting:
        choices = waiting.pop(0)
        if choices in seen:
            continue
        seen.append(choices)
        answer = judge(folder, choices)
        open_questions = [question for question in answer.asked if question not in choices]
        if not open_questions:
            done.append(answer)
            continue
        question = open_questions[0]
        waiting += [choices | {question: option} for option in answer.asked[question]]
    return done


def judge(folder: Folder, choices: dict[str, str]) -> Answer:
    answer = Answer(folder, choices)
    rosters.units(answer)
    rosters.members(answer)
    rosters.participation(answer)
    rosters.satisfaction(answer)
    nominating.nominations(answer)
    nominating.reviews(answer)
    gates.procedure(answer)
    gates.standard(answer)
    gates.integrity(answer)
    people = choosing.eligible(answer)
    rules = choosing.bounds(answer)
    answer.known["eligible"], answer.known["bounds"] = people, rules
    answer.known["best"] = choosing.best(answer, people, rules)
    answer.known["decision"] = choosing.decision(answer, people, rules)
    return answer


def tenth(top: int, bottom: int) -> str:
    """A quotient to one decimal, half up."""
    tenths = (20 * top + bottom) // (2 * bottom)
    return f"{tenths // 10}.{tenths % 10}"


def rate(top: int, bottom: int) -> str:
    if top == bottom:
        return "100%"
    printed = tenth(100 * top, bottom)
    return "99.9%" if printed == "100.0" else f"{printed}%"


def figures(answer: Answer) -> dict[str, Any]:
    """The parts of summary.json that are plain figures."""
    known = answer.known
    entitled = [number for number, person in known["people"].items() if person["rights"]]
    took = dict(known["channels"])
    active = {known["people"][number]["branch"] for number in took} & set(known["staffed"])
    satisfied, returned = known["satisfaction"]
    sent, allotted = len(known["sent_up"]), answer.plan["quota"]["allotted"]
    sectors = [known["units"][committee]["sector"] for committee in known["committees"]]
    return {
        "units": {"committees": len(sectors), "township": sectors.count("乡镇"), "county_direct": sectors.count("县直"),
                  "branches": len(known["branches"]), "members": known["members"], "with_rights": known["with_rights"]},
        "participation": {
            "organisations": {"took_part": len(active), "of": len(known["staffed"]),
                              "rate": rate(len(active), len(known["staffed"]))},
            "members": {"took_part": len(took), "of": known["with_rights"], "rate": rate(len(took), known["with_rights"]),
                        "by_channel": {c: list(took.values()).count(c) for c in ("会议", "上门", "电话", "微信")}},
            "satisfaction": {"satisfied": satisfied, "of": returned, "rate": rate(satisfied, returned)},
        },
        "quota": {"allotted": allotted, "sent_up": sent, "times": tenth(sent, allotted),
                  "more_than_times": sent > answer.plan["quota"]["more_than_times"] * allotted},
        "departments": {"asked": len(answer.plan["integrity"]["departments"]), "answered": known["answered"]},
        "absent_at_most": sorted(set(entitled) - set(took)),
    }  # fmt: skip
