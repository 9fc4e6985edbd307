"""People and requirements out of tables (人选表与要求表), and back: our own headings and sortition-algorithms' two files.

A table is a list of rows of text, the headings first. People: 编号/id · 单位/unit · 标签/tags (several parted by ；) ·
支持…/support… (one column for each support, in the order they count) · any other column. Another column's heading is a
tag of those with 是/yes/1 in it, and ``heading=value`` is a tag of everybody. Requirements: 要求/name · 标签/tag · 单位/unit ·
不少于/at_least · 不超过/at_most · 强度/strength · 其中/of; or feature · value · min · max (· min_flex · max_flex).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from fractions import Fraction

from fourgates.errors import Refused
from fourgates.i18n import _
from fourgates.slate.check import Judgement
from fourgates.slate.model import (
    GOAL,
    MUST,
    SHOULD,
    Person,
    Problem,
    Ratio,
    Requirement,
    at_least_count,
    at_most_count,
)

Rows = Sequence[Sequence[str]]

ID = ("编号", "人选编号", "公民身份号码", "id", "nationbuilder_id", "unique_id")
UNIT = ("单位", "党委", "unit")
TAGS = ("标签", "tags")
NAME = ("要求", "name")
TAG = ("标签", "tag")
OF = ("其中", "of")
LOW = ("不少于", "at_least", "min")
HIGH = ("不超过", "at_most", "max")
STRENGTH = ("强度", "strength")
FEATURE = ("category", "feature", "类别")
VALUE = ("value", "name", "feature", "取值")
STRENGTHS = {"": MUST, "必须": MUST, "应当": SHOULD, "争取": GOAL, MUST: MUST, SHOULD: SHOULD, GOAL: GOAL}
YES = {"是", "yes", "y", "1", "true", "✓", "√"}
_SPLIT = re.compile(r"[；;|、]")
_FRACTION = re.compile(r"(\d+)\s*/\s*([1-9]\d*)")
_PERCENT = re.compile(r"(\d+(?:\.\d+)?)\s*[%％]")
MOST_ROWS = 1_000_000


def read_people(rows: Rows, *, id_heading: str = "", unit_heading: str = "") -> tuple[Person, ...]:
    """The people of a table; ``Refused`` (S.10) names row and column of what cannot be read."""
    headings = _headings(rows)
    ids = _find(headings, (id_heading,) if id_heading else ID, "编号")
    units = _seek(headings, (unit_heading,) if unit_heading else UNIT)
    if unit_heading and units is None:
        raise Refused("S.10", "没有“{heading}”这一栏", heading=unit_heading)
    listed = _seek(headings, TAGS)
    supports = [
        place for place, heading in enumerate(headings) if re.match("支持|support", heading, re.IGNORECASE)
    ]
    special = {ids, units, listed, *supports}
    others = [(place, heading) for place, heading in enumerate(headings) if place not in special and heading]
    found = []
    seen: dict[str, int] = {}
    for number, row in _filled(rows):
        who = _cell(row, ids)
        if not who:
            raise Refused("S.10", "第{row}行没有编号", row=number)
        if who in seen:
            raise Refused(
                "S.2", "人选重复：{person}（第{first}行和第{row}行）", person=who, first=seen[who], row=number
            )
        seen[who] = number
        tags = {tag.strip() for tag in _SPLIT.split(_cell(row, listed)) if tag.strip()}
        for place, heading in others:
            value = _cell(row, place)
            if value.lower() in YES:
                tags.add(heading)
            if value:
                tags.add(f"{heading}={value}")
        support = tuple(_whole(_cell(row, place) or "0", number, headings[place]) for place in supports)
        found.append(Person(who, _cell(row, units), tuple(sorted(tags)), support))
    return tuple(found)


def read_requirements(rows: Rows, size: int) -> tuple[tuple[Requirement, ...], tuple[Ratio, ...]]:
    """Requirements and ratios of a table for a list of this length; shares become counts here."""
    headings = _headings(rows)
    feature, value = _seek(headings, FEATURE), _seek(headings, VALUE)
    if feature is not None and value is not None:
        return _features(rows, headings, feature, value), ()
    tag = _find(headings, TAG, "标签")
    low, high = _seek(headings, LOW), _seek(headings, HIGH)
    name, unit, of, strength = (_seek(headings, each) for each in (NAME, UNIT, OF, STRENGTH))
    requirements: list[Requirement] = []
    ratios: list[Ratio] = []
    for number, row in _filled(rows):
        how = STRENGTHS.get(_cell(row, strength).lower())
        if how is None:
            raise Refused("S.10", "第{row}行的强度应当是必须、应当或争取", row=number)
        what, among = _cell(row, tag), _cell(row, of)
        called = _cell(row, name) or (f"{among}/{what}" if among else what or _cell(row, unit))
        bottom = _share(_cell(row, low), number)
        top = _share(_cell(row, high), number)
        if among:
            bounds = [
                None if each is None else (each[0].numerator, each[0].denominator) for each in (bottom, top)
            ]
            ratios.append(Ratio(called, what, among, bounds[0], bounds[1], strength=how))
        else:
            least = (
                None if bottom is None else at_least_count(bottom[0], size) if bottom[1] else int(bottom[0])
            )
            most = None if top is None else at_most_count(top[0], size) if top[1] else int(top[0])
            requirements.append(Requirement(called, what, least, most, _cell(row, unit), how))
    return tuple(requirements), tuple(ratios)


def tags_nobody_bears(problem: Problem) -> list[str]:
    """Tags a rule wants that no person bears: mostly a slip of the pen in one of the two tables."""
    borne = {tag for person in problem.people for tag in person.tags}
    asked = [rule.tag for rule in problem.requirements] + [
        tag for r in problem.ratios for tag in (r.tag, r.of)
    ]
    return sorted({tag for tag in asked if tag} - borne)


def feature_rows(problem: Problem) -> list[list[str]]:
    """The requirements on tags ``feature=value`` as sortition-algorithms' features file."""
    pool = Counter(tag for person in problem.people for tag in set(person.tags))
    bounds = {rule.tag: rule for rule in problem.requirements if "=" in rule.tag and not rule.unit}
    features = dict.fromkeys(tag.partition("=")[0] for tag in bounds)
    rows = [["feature", "value", "min", "max", "min_flex", "max_flex"]]
    for feature in features:
        for tag in sorted(tag for tag in {*pool, *bounds} if tag.partition("=")[0] == feature):
            rule = bounds.get(tag)
            low = rule.at_least if rule and rule.at_least is not None else 0
            high = rule.at_most if rule and rule.at_most is not None else problem.size
            row = [
                feature,
                tag.partition("=")[2],
                str(low),
                str(min(high, problem.size)),
                "0",
                str(problem.size),
            ]
            rows.append(row)
    return rows


def people_rows(problem: Problem) -> list[list[str]]:
    """The people with their ``feature=value`` tags as sortition-algorithms' people file."""
    features = list(
        dict.fromkeys(rule.tag.partition("=")[0] for rule in problem.requirements if "=" in rule.tag)
    )
    rows = [["nationbuilder_id", "unit", *features]]
    for person in problem.people:
        values = dict(tag.split("=", 1) for tag in person.tags if "=" in tag)
        rows.append([person.id, person.unit, *(values.get(feature, "") for feature in features)])
    return rows


def list_rows(problem: Problem, chosen: Sequence[str]) -> list[list[str | int | None]]:
    """The list as a table: who, of which unit, with which of the tags asked about and how much support."""
    persons = {person.id: person for person in problem.people}
    wanted = {rule.tag for rule in problem.requirements} | {r.tag for r in problem.ratios}
    depth = len(problem.people[0].support) if problem.people else 0
    support = [_("支持{number}").format(number=place + 1) for place in range(depth)]
    rows: list[list[str | int | None]] = [[_("序号"), _("编号"), _("单位"), _("标签"), *support]]
    for place, each in enumerate(chosen, 1):
        person = persons[each]
        tags = "；".join(tag for tag in person.tags if tag in wanted)
        rows.append([place, each, person.unit, tags, *person.support])
    return rows


def finding_rows(judged: Judgement) -> list[list[str | int | None]]:
    """Each requirement against the list as a table."""
    rows: list[list[str | int | None]] = [
        [_("要求"), _("标签"), _("名单人数"), _("不少于"), _("不超过"), _("符合")]
    ]
    for each in judged.findings:
        met = _("是") if each.met else _("否")
        rows.append([each.name, each.tag, each.count, each.at_least, each.at_most, met])
    return rows


def _features(rows: Rows, headings: list[str], feature: int, value: int) -> tuple[Requirement, ...]:
    low, high = _find(headings, LOW, "min"), _find(headings, HIGH, "max")
    found = []
    for number, row in _filled(rows):
        tag = f"{_cell(row, feature)}={_cell(row, value)}"
        bottom = _whole(_cell(row, low), number, headings[low])
        top = _whole(_cell(row, high), number, headings[high])
        found.append(Requirement(tag, tag, bottom, top))
    return tuple(found)


def _headings(rows: Rows) -> list[str]:
    if not rows:
        raise Refused("S.10", "表是空的")
    if len(rows) > MOST_ROWS:
        raise Refused("S.10", "表有{rows}行，超过上限{most}行", rows=len(rows), most=MOST_ROWS)
    headings = [re.sub(r"\s+", "", heading) for heading in rows[0]]
    headings[0] = headings[0].removeprefix("\ufeff")
    for heading, times in Counter(heading for heading in headings if heading).items():
        if times > 1:
            raise Refused("S.10", "“{heading}”一栏出现了{times}次", heading=heading, times=times)
    return headings


def _seek(headings: Sequence[str], names: Iterable[str]) -> int | None:
    lower = [heading.lower() for heading in headings]
    for name in names:
        if re.sub(r"\s+", "", name).lower() in lower:
            return lower.index(re.sub(r"\s+", "", name).lower())
    return None


def _find(headings: Sequence[str], names: Iterable[str], shown: str) -> int:
    place = _seek(headings, names)
    if place is None:
        raise Refused("S.10", "没有“{heading}”这一栏", heading=next(iter(names), shown) or shown)
    return place


def _filled(rows: Rows) -> Iterable[tuple[int, Sequence[str]]]:
    return ((number, row) for number, row in enumerate(rows[1:], 2) if any(cell.strip() for cell in row))


def _cell(row: Sequence[str], place: int | None) -> str:
    return row[place].strip() if place is not None and place < len(row) else ""


def _whole(text: str, row: int, heading: str) -> int:
    if not (text.isascii() and text.isdigit()) or len(text) > 12:
        raise Refused(
            "S.10", "第{row}行“{heading}”应当是整数：{text}", row=row, heading=heading, text=text[:40]
        )
    return int(text)


def _share(text: str, row: int) -> tuple[Fraction, bool] | None:
    """A bound and whether it is a share: ``60%``, ``3/5``, or a count."""
    if not text:
        return None
    if percent := _PERCENT.fullmatch(text):
        return Fraction(percent[1]) / 100, True
    if part := _FRACTION.fullmatch(text):
        return Fraction(int(part[1]), int(part[2])), True
    return Fraction(_whole(text, row, "/".join((LOW[0], HIGH[0])))), False
