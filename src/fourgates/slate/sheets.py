"""People and requirements out of tables (人选表与要求表), and back: our own headings and sortition-algorithms' two files.

A table is a list of rows of text, the headings first. People: 编号/id · 单位/unit · 标签/tags (several parted by ；) ·
支持…/support… (one column for each support, in the order they count) · 列入/standing (必须/must, 不得/never) · any other
column. Another column's heading is a tag of those with 是/yes/1 in it, and ``heading=value`` is a tag of everybody.

Requirements: 要求/name · 标签/tag · 单位/unit (``*``: each unit) · 不少于/at_least · 不超过/at_most (``4``, ``60%``, ``3/5``) ·
参照/reference (the tag's share in a population: shares are then of that share) · 其中/of (shares and counts are then among
those who bear this tag) · 强度/strength. A row with 关系/relation (互斥/excludes, 随同/requires) binds two persons, 甲/first
and 乙/second. Or feature · value · min · max (· min_flex · max_flex).
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
    EXCLUDES,
    GOAL,
    MUST,
    REQUIRES,
    SHOULD,
    Pair,
    Person,
    Problem,
    Ratio,
    Requirement,
    at_least_count,
    at_most_count,
    of_each_unit,
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
STANDING = ("列入", "standing")
STANDINGS = {
    "": "",
    "必须": "fixed",
    "must": "fixed",
    "fixed": "fixed",
    "不得": "barred",
    "never": "barred",
    "barred": "barred",
}
FLEX = ("min_flex", "max_flex")
REFERENCE = ("参照", "reference")
RELATION = ("关系", "relation")
RELATIONS = {"互斥": EXCLUDES, "随同": REQUIRES, EXCLUDES: EXCLUDES, REQUIRES: REQUIRES}
FIRST = ("甲", "first")
SECOND = ("乙", "second")
EACH = ("*", "＊", "每个单位", "各单位")
NUMBERED = "#"
"""As the heading of the ids: the table has none, so a person is called by the number of the row."""
YES = {"是", "yes", "y", "1", "true", "✓", "√"}
_SPLIT = re.compile(r"[；;|、]")
_FRACTION = re.compile(r"(\d+)\s*/\s*([1-9]\d*)")
_PERCENT = re.compile(r"(\d+(?:\.\d+)?)\s*[%％]")
MOST_ROWS = 1_000_000


def read_people(rows: Rows, *, id_heading: str = "", unit_heading: str = "") -> tuple[Person, ...]:
    """The people of a table; ``Refused`` (S.10) names row and column of what cannot be read."""
    headings = _headings(rows)
    ids = _ids(headings, id_heading)
    units = _seek(headings, (unit_heading,) if unit_heading else UNIT)
    if unit_heading and units is None:
        raise Refused("S.10", "没有“{heading}”这一栏", heading=unit_heading)
    listed = _seek(headings, TAGS)
    supports = [
        place for place, heading in enumerate(headings) if re.match("支持|support", heading, re.IGNORECASE)
    ]
    special = {ids, units, listed, _seek(headings, STANDING), *supports}
    others = [(place, heading) for place, heading in enumerate(headings) if place not in special and heading]
    found = []
    seen: dict[str, int] = {}
    for number, row in _filled(rows):
        who = str(number) if ids is None else _cell(row, ids)
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


def read_standing(rows: Rows, *, id_heading: str = "") -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Who must stand on the list, and who may not."""
    headings = _headings(rows)
    ids, standing = _ids(headings, id_heading), _seek(headings, STANDING)
    found: dict[str, list[str]] = {"": [], "fixed": [], "barred": []}
    for number, row in _filled(rows) if standing is not None else ():
        how = STANDINGS.get(_cell(row, standing).lower())
        if how is None:
            raise Refused("S.10", "第{row}行的“列入”应当是必须、不得，或者空着", row=number)
        found[how].append(str(number) if ids is None else _cell(row, ids))
    return tuple(found["fixed"]), tuple(found["barred"])


def read_pairs(rows: Rows) -> tuple[Pair, ...]:
    """The persons bound to each other in a table of requirements."""
    headings = _headings(rows)
    relation, first, second, name = (_seek(headings, each) for each in (RELATION, FIRST, SECOND, NAME))
    found = []
    for number, row in _filled(rows):
        if not (how := _cell(row, relation)):
            continue
        kind = RELATIONS.get(how.lower())
        persons = _cell(row, first), _cell(row, second)
        if kind is None or not all(persons):
            raise Refused("S.10", "第{row}行的关系应当是互斥或随同，并且写明甲和乙", row=number)
        found.append(Pair(_cell(row, name) or how + "·".join(persons), kind, *persons))
    return tuple(found)


def read_requirements(
    rows: Rows, size: int, units: Iterable[str] = ()
) -> tuple[tuple[Requirement, ...], tuple[Ratio, ...]]:
    """Requirements and ratios of a table for a list of this length; shares become counts here.

    ``units`` are those that a requirement of each unit stands for.
    """
    headings = _headings(rows)
    feature, value = _seek(headings, FEATURE), _seek(headings, VALUE)
    if feature is not None and value is not None:
        return _features(rows, headings, feature, value), ()
    low, high = _seek(headings, LOW), _seek(headings, HIGH)
    relation = _seek(headings, RELATION)
    tag = _find(headings, TAG, "标签") if relation is None else _seek(headings, TAG)
    name, unit, of, strength, reference = (
        _seek(headings, each) for each in (NAME, UNIT, OF, STRENGTH, REFERENCE)
    )
    requirements: list[Requirement] = []
    ratios: list[Ratio] = []
    for number, row in _filled(rows):
        if _cell(row, relation):
            continue
        how = STRENGTHS.get(_cell(row, strength).lower())
        if how is None:
            raise Refused("S.10", "第{row}行的强度应当是必须、应当或争取", row=number)
        what, among, where = (_cell(row, each) for each in (tag, of, unit))
        called = _cell(row, name) or (f"{among}/{what}" if among else what or where)
        bottom, top = (
            _referred(_share(_cell(row, each), number), _cell(row, reference), number) for each in (low, high)
        )
        if among and any(bound is not None and bound[1] for bound in (bottom, top)):
            if where or any(bound is not None and not bound[1] for bound in (bottom, top)):
                raise Refused("S.10", "第{row}行：其中的比例不能与单位或人数写在同一行", row=number)
            shares = [None if each is None else each[0].as_integer_ratio() for each in (bottom, top)]
            ratios.append(Ratio(called, what, among, shares[0], shares[1], strength=how))
            continue
        least = None if bottom is None else at_least_count(bottom[0], size if bottom[1] else 1)
        most = None if top is None else at_most_count(top[0], size if top[1] else 1)
        each = where in EACH
        asked = Requirement(called, what, least, most, "" if each else where, how, among)
        requirements += of_each_unit(asked, units) if each else [asked]
    return tuple(requirements), tuple(ratios)


def columns_unread(rows: Rows) -> list[str]:
    """Headings of a table of requirements that mean nothing here: a slip of the pen, or somebody's notes."""
    headings = _headings(rows)
    known = (NAME, TAG, UNIT, OF, LOW, HIGH, STRENGTH, REFERENCE, RELATION, FIRST, SECOND, FEATURE, VALUE)
    read = {_seek(headings, names) for names in known} | {_seek(headings, (name,)) for name in FLEX}
    return [heading for place, heading in enumerate(headings) if heading and place not in read]


def tags_nobody_bears(problem: Problem) -> list[str]:
    """Tags a rule wants that no person bears: mostly a slip of the pen in one of the two tables."""
    borne = {tag for person in problem.people for tag in person.tags}
    asked = [tag for rule in problem.requirements for tag in (rule.tag, rule.among)]
    asked += [tag for ratio in problem.ratios for tag in (ratio.tag, ratio.of)]
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
    wanted = {tag for rule in problem.requirements for tag in (rule.tag, rule.among)}
    wanted |= {tag for ratio in problem.ratios for tag in (ratio.tag, ratio.of)}
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
        [_("要求"), _("标签"), _("强度"), _("名单人数"), _("不少于"), _("不超过"), _("相差"), _("符合")]
    ]
    strengths = {MUST: _("必须"), SHOULD: _("应当"), GOAL: _("争取")}
    for each in judged.findings:
        met, how = _("是") if each.met else _("否"), strengths[each.strength]
        rows.append([each.name, each.tag, how, each.count, each.at_least, each.at_most, each.short, met])
    return rows


def read_share(text: str) -> Fraction:
    """A share of a list, which may be more than the whole: ``120%``, ``6/5``, ``1``."""
    found = _share(text.strip(), 1)
    if found is None:
        raise Refused("S.10", "不是比例：{text}", text=text[:40])
    return found[0]


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


def _ids(headings: Sequence[str], id_heading: str) -> int | None:
    """The place of the ids; None where persons are called by the number of their row."""
    return None if id_heading == NUMBERED else _find(headings, (id_heading,) if id_heading else ID, "编号")


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


def _referred(bound: tuple[Fraction, bool] | None, reference: str, row: int) -> tuple[Fraction, bool] | None:
    """A share of what the tag's share is in the reference population."""
    if bound is None or not reference:
        return bound
    share = _share(reference, row)
    if share is None or not share[1] or share[0] > 1 or not bound[1]:
        raise Refused("S.10", "第{row}行写了参照，参照和界限都应当是比例", row=row)
    return bound[0] * share[0], True


def _share(text: str, row: int) -> tuple[Fraction, bool] | None:
    """A bound and whether it is a share: ``60%``, ``3/5``, or a count."""
    if not text:
        return None
    if percent := _PERCENT.fullmatch(text):
        return Fraction(percent[1]) / 100, True
    if part := _FRACTION.fullmatch(text):
        return Fraction(int(part[1]), int(part[2])), True
    return Fraction(_whole(text, row, "/".join((LOW[0], HIGH[0])))), False
