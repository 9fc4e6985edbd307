"""The bulletin (简报): the county's own figures, told gate by gate."""

from __future__ import annotations

from fourgates.i18n import mark
from fourgates.papers import sentences
from fourgates.papers.documents.ground import Ground, day, listing, shares, short_day
from fourgates.papers.documents.kind import Kind, county
from fourgates.papers.template import Values
from fourgates.report.figures import times


def _bulletin(ground: Ground, _subject: str) -> Values:
    report, plan = ground.report, ground.plan
    units, structure = report.units, report.structure
    (whole, tenth), by = times(report)
    steps = [{step.key: step for step in one.steps} for one in report.committees]
    ways = [one.part for one in report.channels]
    asked, answered = (
        len(plan.integrity.departments),
        sum(one in ground.facts.replies for one in plan.integrity.departments),
    )
    return {
        "党委数": str(units["committees"].part),
        "乡镇数": str(units["township"].part),
        "县直数": str(units["county_direct"].part),
        "支部数": str(units["branches"].part),
        "党员数": str(units["members"].part),
        "有权党员数": str(units["with_rights"].part),
        "组织参与率": str(report.organisations.rate),
        "参与率": str(report.members.rate),
        "参与": str(report.members.part),
        "应参与": str(report.members.whole),
        "未参与": str(len(report.members.people)),
        "有原因": str(sum(bool(report.reasons.get(id_)) for id_ in report.members.people)),
        "培训数": str(sum(bool(one["training"].days) for one in steps)),
        "警示数": str(
            sum(
                bool(one["warning_education"].days) and not one["warning_education"].deviates for one in steps
            )
        ),
        "分方式": "，".join(
            f"{one.label}{one.part}名、占{rate}"
            for one, rate in zip(report.channels, shares(ways), strict=True)
        ),
        "满意度": str(report.satisfaction.rate) if report.satisfaction else "",
        "满意": str(report.satisfaction.part) if report.satisfaction else "",
        "收回": str(report.satisfaction.whole) if report.satisfaction else "",
        "被提名数": str(report.funnel[3].part),
        "上报数": str(report.sent_up.part),
        "倍数": f"{whole}.{tenth}",
        "多出倍数": f"{by[0]}.{by[1]}" if by else "",
        "达到倍数": "是" if report.more_than_times else "",
        "要求倍数": str(plan.quota.more_than_times),
        "评价项": listing(plan.standard.ratings),
        "条件数": str(len(plan.standard.conditions)),
        "标准通过": str(report.standard.part),
        "标准未通过": str(len(report.standard_not_met)) if report.standard_not_met else "",
        "程序通过": str(report.procedure.part),
        "程序未通过": listing(
            (ground.short[one.unit.name] for one in report.committees if one.deviations), ""
        ),
        "推荐开始": short_day(plan.windows.nomination.first),
        "推荐截止": short_day(plan.windows.nomination.last),
        "核查项": listing(one.name for one in plan.integrity.checks),
        "部门数": str(asked),
        "回函数": str(answered),
        "未回函": str(asked - answered) if asked > answered else "",
        "部门": listing(plan.integrity.departments[:4]),
        "廉洁通过": str(report.integrity.part),
        "廉洁否决": str(len(report.integrity_not_met)) if report.integrity_not_met else "",
        "廉洁待定": str(len(report.integrity_pending)) if report.integrity_pending else "",
        "否决情形": listing((f"{one.label}{one.part}人次" for one in report.bars if one.part), ""),
        "可列入": str(len(structure.eligible)),
        "建议数": str(len(structure.chosen)) if structure.chosen else "",
        "建议支部": str(structure.slate.support[0]) if structure.slate else "",
        "建议党员": str(structure.slate.support[1]) if structure.slate else "",
        "建议类别": listing(
            (f"{one.share.tag}{one.proposed}名" for one in structure.asked if one.proposed is not None), ""
        ),
        "无解": "；".join(
            "、".join(
                sentences.rule(rule, {one.name: one for one in structure.asked}).zh for rule in clash.rules
            )
            for clash in structure.conflict.clashes
        )
        if structure.conflict and structure.eligible
        else "",
        "无人可列": "" if structure.eligible else "是",
        "县委研究日": "、".join(day(one.day) for one in report.decision.sittings) if report.decision else "",
        "县委合规": "是" if report.decision and report.decision.judged.lawful else "",
        "县委人数": str(len(report.decision.judged.people)) if report.decision else "",
    }


KINDS = (
    Kind("bulletin", mark("简报"), mark("全县"), county, _bulletin, names=False, places={
        "党委数": "committees", "乡镇数": "of townships", "县直数": "county-direct", "支部数": "branches",
        "党员数": "members",
        "有权党员数": "members with rights", "组织参与率": "rate of branches", "参与率": "rate of members",
        "参与": "members who took part", "应参与": "members due", "未参与": "members who did not",
        "有原因": "of these, with a reason written",
        "培训数": "committees that held their training", "警示数": "committees whose warning education came in time",
        "分方式": "members by way, with shares that add up", "满意度": "satisfaction; empty without forms",
        "满意": "satisfied", "收回": "forms returned", "被提名数": "persons nominated", "上报数": "names sent up",
        "倍数": "times the quota", "多出倍数": "times the quota by which it was enlarged; empty where it was not",
        "达到倍数": "empty when too few", "要求倍数": "times required", "评价项": "what is rated", "条件数": "conditions",
        "标准通过": "met the standard gate", "标准未通过": "did not; empty when all did",
        "程序通过": "committees that met the procedure gate",
        "程序未通过": "those that did not; empty when all did", "推荐开始": "first day of nominations",
        "推荐截止": "last day",
        "核查项": "the checks", "部门数": "departments asked", "回函数": "answered", "未回函": "did not; empty when all did",
        "部门": "the first four", "廉洁通过": "met the integrity gate", "廉洁否决": "barred; empty without any",
        "廉洁待定": "open; empty without any", "否决情形": "bars with numbers; empty without any",
        "可列入": "may stand on the list", "建议数": "on the proposed list; empty without one",
        "建议支部": "branches behind it",
        "建议党员": "members behind it", "建议类别": "tags on it with numbers",
        "无解": "why there is no list; empty otherwise", "无人可列": "empty where somebody may stand on the list",
        "县委研究日": "day of the county's decision; empty before it", "县委合规": "empty unless lawful",
        "县委人数": "names decided",
    }),
)  # fmt: skip
