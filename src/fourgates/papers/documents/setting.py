"""What opens the work (部署): the plan, the notice, the table of names allotted."""

from __future__ import annotations

from fourgates.days import Window
from fourgates.i18n import mark
from fourgates.papers.documents.ground import Ground, chinese, listing, said_share, short_day, span
from fourgates.papers.documents.kind import Kind, county
from fourgates.papers.template import Values
from fourgates.plan import Share

_WINDOWS = {
    "方案时间": "plan",
    "培训时间": "training",
    "动员时间": "mobilisation",
    "警示教育时间": "warning_education",
    "推荐时间": "nomination",
    "党委研究时间": "committee_review",
    "考察时间": "vetting",
    "县委研究时间": "county_review",
}
WINDOWS = {name: f"first and last day of the step `{step}`" for name, step in _WINDOWS.items()}


def windows(ground: Ground) -> dict[str, str]:
    """First and last day of every step."""
    found: dict[str, Window] = {name: getattr(ground.plan.windows, step) for name, step in _WINDOWS.items()}
    return {name: span(window) for name, window in found.items()}


def _work_plan(ground: Ground, _subject: str) -> Values:
    plan = ground.plan
    standard, rule = plan.standard, plan.integrity
    at = plan.standard.scale.index(standard.rating_at_least)
    return {
        **windows(ground),
        **_figures(ground),
        "倍数": str(plan.quota.more_than_times),
        "最少上报": str(plan.quota.more_than_times * plan.quota.allotted + 1),
        "评价项": listing(standard.ratings),
        "评价等次": "".join(f"“{one}”" for one in standard.scale[: at + 1]),
        "认可度": said_share(standard.recognition_at_least),
        "条件数": str(len(standard.conditions)),
        "条件": [
            {"序": chinese(number), "名称": one.label, "内容": one.text or None}
            for number, one in enumerate(standard.conditions, start=1)
        ],
        "结构": [
            {"序": str(number), "要求": _asked(one)}
            for number, one in enumerate(plan.structure.share, start=1)
        ],
        "每党委上限": ""
        if plan.structure.per_committee_at_most is None
        else str(plan.structure.per_committee_at_most),
        "到会比例": said_share(plan.nomination.quorum_at_least),
        "过半": said_share(plan.review.votes_more_than),
        "参与方式": listing(plan.participation.channels),
        "核查项": listing(one.name for one in rule.checks),
        "部门数": str(len(rule.departments)),
        "部门": listing(rule.departments),
        "否决情形": listing(rule.bars),
        "影响期": listing(f"{one.kind}{one.effect}个月" for one in rule.punishments),
        "取法": [{"内容": one} for one in plan.rulebook.readings],
    }


def _asked(one: Share) -> str:
    """A requirement of the list as a plan says it."""
    said = []
    for word, text in (("不少于", one.at_least), ("不超过", one.at_most)):
        if text == "members":
            said.append(f"{one.tag}人选所占比例{word}{one.tag}党员在正式党员中所占比例")
        elif text is not None:
            said.append(f"{one.tag}人选{word}{f'{text}名' if text.isdigit() else text}")
    return "，".join(said)


def _figures(ground: Ground) -> dict[str, str]:
    units = ground.report.units
    return {
        "党委数": str(units["committees"].part),
        "乡镇数": str(units["township"].part),
        "县直数": str(units["county_direct"].part),
        "支部数": str(units["branches"].part),
        "党员数": str(units["members"].part),
        "有权党员数": str(units["with_rights"].part),
        "上报名额": str(sum(unit.quota for unit in ground.tree.committees())),
    }


_FIGURES = {
    "党委数": "committees and working committees",
    "乡镇数": "of these, of townships",
    "县直数": "of these, county-direct",
    "支部数": "branches",
    "党员数": "members on the rosters",
    "有权党员数": "members with the right to nominate",
    "上报名额": "names the committees together may send up",
}


def _notice(ground: Ground, _subject: str) -> Values:
    return {
        **windows(ground),
        **_figures(ground),
        "到会比例": said_share(ground.plan.nomination.quorum_at_least),
        "推荐截止": short_day(ground.plan.windows.nomination.last),
        "上报截止": short_day(ground.plan.windows.committee_review.last),
        "参与方式": listing(ground.plan.participation.channels),
    }


def _allotment(ground: Ground, _subject: str) -> Values:
    roster = ground.facts.roster()
    rows = []
    for number, unit in enumerate(ground.tree.committees(), start=1):
        branches = {one.name for one in ground.tree.branches(unit.name)}
        rows.append(
            {
                "序号": str(number),
                "党委": unit.name,
                "隶属": {"township": "乡镇", "county_direct": "县直"}.get(unit.sector, ""),
                "支部": str(len(branches)),
                "党员": str(sum(member.branch in branches for member in roster.members.values())),
                "有权党员": str(sum(roster.of_branch.get(branch, 0) for branch in branches)),
                "名额": str(unit.quota),
            }
        )
    return {**_figures(ground), "党委": rows}


KINDS = (
    Kind("work-plan", mark("工作方案"), mark("全县"), county, _work_plan, names=False, places={
        **WINDOWS,
        **_FIGURES,
        "倍数": "names sent up must exceed so many times the quota",
        "最少上报": "the smallest number that does",
        "评价项": "what is rated",
        "评价等次": "the ratings that pass",
        "认可度": "recognition needed, as a fraction",
        "条件数": "how many conditions there are",
        "条件.序": "number of a condition in Chinese", "条件.名称": "its name",
        "条件.内容": "its text; a blank line while the plan has none",
        "结构.序": "number of a requirement of the list", "结构.要求": "the requirement in words",
        "每党委上限": "how many of one committee may stand on the list; empty without a bound",
        "到会比例": "share of those due who must be present at a branch meeting",
        "过半": "share of those due that votes must exceed",
        "参与方式": "the ways to take part",
        "核查项": "the checks", "部门数": "how many departments are asked", "部门": "the departments",
        "否决情形": "the bars", "影响期": "punishments with their effect periods",
        "取法.内容": "a reading the rulebook takes",
    }),
    Kind("notice", mark("通知"), mark("全县"), county, _notice, names=False, places={
        **WINDOWS,
        **_FIGURES,
        "到会比例": "share of those due who must be present",
        "推荐截止": "last day for branch meetings", "上报截止": "last day for committees to send up",
        "参与方式": "the ways to take part",
    }),
    Kind("allotment", mark("名额分配表"), mark("全县"), county, _allotment, names=False, places={
        **_FIGURES,
        "党委.序号": "number", "党委.党委": "committee", "党委.隶属": "township or county-direct", "党委.支部": "branches",
        "党委.党员": "members", "党委.有权党员": "members with rights", "党委.名额": "names it may send up",
    }),
)  # fmt: skip
