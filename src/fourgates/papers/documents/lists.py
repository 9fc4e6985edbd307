"""The county's list and what is posted of it (名册、公示): never a citizen number, a telephone or an address."""

from __future__ import annotations

import re
from collections.abc import Sequence

from fourgates.i18n import mark
from fourgates.papers.documents.ground import Ground, day, listing, shares, spelt
from fourgates.papers.documents.kind import Kind
from fourgates.papers.template import Values


def _lawful(ground: Ground) -> Sequence[str]:
    """The county, once it has a list that may be signed."""
    return (ground.tree.county,) if ground.listed and ground.lawful else ()


def _list(ground: Ground, _subject: str) -> Values:
    decided, report = ground.report.decision, ground.report
    tags = {id_: set(report.people[id_].tags) if id_ in report.people else set() for id_ in ground.listed}
    parts = [sum(part in tags[id_] for id_ in ground.listed) for part in ground.plan.structure.partition]
    others = [*ground.plan.structure.roster_tags, *ground.plan.structure.tags]
    return {
        "待研究": "" if decided is not None else "是",
        "研究日": "、".join(day(one.day) for one in decided.sittings) if decided else None,
        "人数": str(len(ground.listed)),
        "构成": "，".join(
            f"{part}{count}名，占{rate}"
            for part, count, rate in zip(ground.plan.structure.partition, parts, shares(parts), strict=True)
        ),
        "类别": "，".join(f"{tag}{sum(tag in tags[id_] for id_ in ground.listed)}名" for tag in others),
        "表外字": ground.rolls.unlisted(ground.listed),
        "人选": [
            {
                "序号": str(number),
                "姓名": ground.printed(id_),
                "姓名单": ground.bare(id_),
                "性别": ground.sex(id_),
                "民族": ground.details(id_).nationality,
                "出生": ground.age(id_),
                "年龄": re.sub(r".*（(\d+)岁）", r"\1", ground.age(id_), flags=re.DOTALL),
                "出生月": ground.details(id_).birth,
                "生于": spelt(ground.details(id_).birth),
                "入党年月": spelt(ground.details(id_).joined),
                "入党": ground.details(id_).joined,
                "学历": ground.details(id_).education,
                "单位职务": ground.details(id_).post,
                "类别": ground.facts.profiles[id_].part if id_ in ground.facts.profiles else "",
                "身份": listing(
                    (tag for tag in others if tag in tags[id_] and tag not in ("女", "少数民族")), ""
                ),
                "党委": ground.tree.committee_of(ground.facts.roster().members[id_].branch),
                "党委简称": ground.short[ground.tree.committee_of(ground.facts.roster().members[id_].branch)],
                "支部数": str(report.people[id_].line.branches) if id_ in report.people else "",
                "党员数": str(report.people[id_].line.members) if id_ in report.people else "",
            }
            for number, id_ in enumerate(ground.listed, start=1)
        ],
    }


_PLACES = {
    "待研究": "empty once the county has decided", "研究日": "day of the county's decision", "人数": "how many on the list",
    "构成": "the partition with shares that add up", "类别": "the other tags with their numbers; they overlap",
    "表外字": "characters no stroke table has; empty without any",
    "人选.序号": "number", "人选.姓名": "name as lists print it", "人选.姓名单": "name alone", "人选.性别": "sex",
    "人选.民族": "nationality", "人选.出生": "month of birth and age", "人选.出生月": "month of birth",
    "人选.入党": "month of joining", "人选.学历": "education", "人选.单位职务": "post", "人选.类别": "part of the partition",
    "人选.身份": "other tags borne", "人选.党委": "committee", "人选.党委简称": "its short name", "人选.年龄": "age",
    "人选.生于": "month of birth in words", "人选.入党年月": "month of joining in words", "人选.支部数": "branches behind",
    "人选.党员数": "members behind",
}  # fmt: skip

KINDS = (
    Kind(
        "list",
        mark("名册"),
        mark("全县，有名单并且县委决定不违规时"),
        _lawful,
        _list,
        places=_PLACES,
        signed=True,
    ),
    Kind(
        "public-notice",
        mark("公示"),
        mark("全县，有名单并且县委决定不违规时"),
        _lawful,
        _list,
        places=_PLACES,
    ),
    Kind(
        "notice-result",
        mark("公示情况说明"),
        mark("全县，有名单并且县委决定不违规时"),
        _lawful,
        _list,
        places=_PLACES,
    ),
)
