"""The county's list and decision: parts 9 and 10. The best list is found by trying what can be tried."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations, product
from typing import Any

from oracle import cells
from oracle.answer import Answer, Row
from oracle.cells import BAD
from oracle.nominating import within
from oracle.rosters import matches

Bounds = list[tuple[str, str, int]]


def eligible(answer: Answer) -> dict[str, Row]:
    """Persons who met the two person gates, from committees that passed: committee, support and tags of each."""
    people = {}
    for number, committee in answer.known["sent_up"].items():
        judged = answer.known["integrity"][number]
        passes = answer.known["standard"][number] == "met" and not judged["bars"] and not judged["pending"]
        if not passes or judged["unsure"] or committee not in answer.known["procedure"]:
            continue
        person = answer.known["people"][number]
        tags = set(answer.known["details"].get(number, {}).get("tags", ()))
        tags |= {
            tag for tag, holds in {"女": person["woman"], "少数民族": person["minority"]}.items() if holds
        }
        branches, members = answer.known["tally"][committee][number]
        people[number] = {"committee": committee, "branches": branches, "members": members, "tags": tags}
    return people


def bounds(answer: Answer) -> Bounds:
    """Each share as a whole number: floors up, ceilings down."""
    length = answer.plan["quota"]["county_list"]
    found: Bounds = []
    for share in answer.plan["structure"]["share"]:
        for side in ("at_least", "at_most"):
            if side not in share:
                continue
            wanted = str(share[side])
            if wanted == "members":
                full = answer.known["full"]
                tagged = [p for p in full if p["woman" if share["tag"] == "女" else "minority"]]
                exact = Fraction(length * len(tagged), max(1, len(full)))
            elif wanted.endswith("%"):
                exact = length * Fraction(wanted[:-1]) / 100
            else:
                exact = Fraction(wanted)
            whole = exact.numerator // exact.denominator
            found.append((share["tag"], side, whole + (side == "at_least" and exact != whole)))
    return found


def lawful(answer: Answer, numbers: list[str], people: dict[str, Row], rules: Bounds) -> bool:
    if len(set(numbers)) != answer.plan["quota"]["county_list"] or len(set(numbers)) != len(numbers):
        return False
    if any(number not in people for number in numbers):
        return False
    committees = [people[number]["committee"] for number in numbers]
    most = answer.plan["structure"].get("per_committee_at_most", len(numbers))
    if any(committees.count(committee) > most for committee in committees):
        return False
    for tag, side, bound in rules:
        have = sum(1 for number in numbers if tag in people[number]["tags"])
        if have < bound if side == "at_least" else have > bound:
            return False
    return True


def best(answer: Answer, people: dict[str, Row], rules: Bounds) -> tuple[int, int] | None:
    """The greatest support (branches, then members) of a lawful list; None when there is no lawful list.

    Tries every combination where that is at most half a million, else adds committee by committee and keeps, for each
    profile of tags, the best sums: with one person a committee that loses nothing.
    """
    length = answer.plan["quota"]["county_list"]
    combinations_count = 1
    for i in range(length):
        combinations_count = combinations_count * (len(people) - i) // (i + 1)
    if combinations_count <= 500_000:
        sums = [
            (sum(people[n]["branches"] for n in chosen), sum(people[n]["members"] for n in chosen))
            for chosen in combinations(people, length)
            if lawful(answer, list(chosen), people, rules)
        ]
        return max(sums, default=None)
    if answer.plan["structure"]["per_committee_at_most"] != 1:
        raise ValueError("too large to try all")
    return _by_committee(people, rules, length)


def _by_committee(people: dict[str, Row], rules: Bounds, length: int) -> tuple[int, int] | None:
    reached: dict[tuple[int, ...], tuple[int, int]] = {(0,) * (len(rules) + 1): (0, 0)}
    committees = list(dict.fromkeys(person["committee"] for person in people.values()))
    for left, committee in zip(range(len(committees) - 1, -1, -1), committees, strict=True):
        mine = [person for person in people.values() if person["committee"] == committee]
        for (profile, sums), person in product(list(reached.items()), mine):
            after = _added(profile, person["tags"], rules, length)
            total = (sums[0] + person["branches"], sums[1] + person["members"])
            if after is not None:
                reached[after] = max(reached.get(after, (-1, -1)), total)
        reached = {profile: sums for profile, sums in reached.items() if profile[0] + left >= length}
    return max((sums for profile, sums in reached.items() if profile[0] == length), default=None)


def _added(profile: tuple[int, ...], tags: set[str], rules: Bounds, length: int) -> tuple[int, ...] | None:
    """The profile with one person more; None when it is full, breaks a ceiling, or can no longer reach a floor."""
    size = profile[0] + 1
    if size > length:
        return None
    after = [size]
    for have, (tag, side, bound) in zip(profile[1:], rules, strict=True):
        now = have + (tag in tags)
        if now > bound and side == "at_most":
            return None
        if side == "at_least" and bound - now > length - size:
            return None
        after.append(min(now, bound) if side == "at_least" else now)
    return tuple(after)


def decision(answer: Answer, people: dict[str, Row], rules: Bounds) -> Any:
    """{"lawful": bool, "list": numbers} of 13; None without the file."""
    path = "13 县委研究.xlsx"
    if path not in answer.files:
        return None
    rows = answer.rows(path)
    if rows is None:
        answer.open.add("decision")
    up: list[str] = []
    clean = True
    for line, row in rows or []:
        number = matches(answer, path, line, row)
        figures = [cells.count(row[h]) for h in ("应到委员", "实到委员", "同意", "不同意", "弃权")]
        day, decided = cells.day(row["会议日期"]), cells.text(row["决定"])
        bad = (
            day in (None, BAD)
            or not all(isinstance(f, int) for f in figures)
            or decided not in ("上报", "不上报")
        )
        if bad or figures[1] > figures[0] or sum(figures[2:]) != figures[1]:
            answer.wrong(path, line, "decision row")
            clean = False
            continue
        due, present, agreed = figures[:3]
        if present * 2 <= due or not within(answer, "county_review", day):
            answer.wrong(path, line, "meeting not valid")
            clean = False
        elif decided == "上报" and (agreed * 2 <= due or number not in people):
            answer.wrong(path, line, "decided without the votes, or for somebody not eligible")
            clean = False
        if decided == "上报" and number is not None:
            up.append(number)
    if not clean:
        answer.open.add("decision.list")
    return {"lawful": clean and lawful(answer, up, people, rules), "list": sorted(up)}
