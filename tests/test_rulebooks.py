"""A second rulebook, as data: another organisation's selection passes through the same gates under other words and figures."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import counties
from counties import asked, written
from fourgates import adopting
from fourgates.simulate.county import County

WORDS = {
    "党员身份": "会员身份",
    "政治判断力": "履职能力",
    "政治领悟力": "职业操守",
    "政治执行力": "群众基础",
    "党员领导干部": "工会工作者",
    "生产和工作一线": "一线职工",
    "先进模范": "劳动模范",
    "农民": "农民工",
    "党史学习教育": "业务学习",
    "冬训": "技能竞赛",
    "撤销党内职务": "撤销会内职务",
    "留党察看一年": "撤销会内职务",
    "留党察看两年": "撤销会内职务",
}
"""The invented county's words, and those of the union."""


def union() -> County:
    """The small invented county, told in the words of a union and under its rulebook."""
    county = counties.small()
    for path, sheet in county.sheets.items():
        if not path.startswith("02"):
            sheet.columns = [WORDS.get(column, column) for column in sheet.columns]
            sheet.headings = list(sheet.columns)
            for _number, row in sheet.filled():
                row.typed = {}
                row.meant = {
                    WORDS.get(heading, heading): WORDS.get(value, value) if isinstance(value, str) else value
                    for heading, value in row.meant.items()
                }
    county.plan_text = plan(county)
    asked_of = adopting.adopt(county.plan_text).integrity.departments
    county.sheets = {
        path: sheet
        for path, sheet in county.sheets.items()
        if not path.startswith("11") or Path(path).stem in asked_of
    }
    return county


def plan(county: County) -> str:
    """The plan of the invented county under the union's rulebook, with shares in its words."""
    head, _of_the_county = county.toml().split("[standard]")
    return head.replace("cpc-county-recommendation", "union-congress") + (
        '[structure]\nper_committee_at_most = 1\n[[structure.share]]\ntag = "一线职工"\nat_least = "50%"\n'
        '[[structure.share]]\ntag = "女"\nat_least = "members"\n'
    )


def test_a_union_passes_through_the_same_gates(tmp_path: Path) -> None:
    out = tmp_path / "out"
    answer = asked("run", written(union(), tmp_path / "union"), "--out", out)
    summary = counties.summary(out)
    assert (answer.exit_code, summary["problems"]) == (0, 0)
    assert summary["decision"]["lawful"]
    told = asked("verify", out)
    assert (told.exit_code, told.stdout.startswith("成立：")) == (0, True)


def test_its_figures_are_its_own() -> None:
    one = adopting.adopt(plan(counties.small()))
    assert one.rulebook.id == "union-congress"
    assert (one.nomination.quorum_at_least, one.standard.recognition_at_least) == (
        Fraction(2, 3),
        Fraction(1, 2),
    )
    assert [check.name for check in one.integrity.checks] == ["信访举报", "会员身份"]
    assert one.participation.counts_probationary
