"""What a committee signs (党委): participation, tally, minutes, request, report, process record."""

from __future__ import annotations

from collections.abc import Sequence

from fourgates import review
from fourgates.i18n import mark
from fourgates.papers import sentences
from fourgates.papers.documents.ground import Ground, day, listing, said_share, short_day
from fourgates.papers.documents.kind import Kind, committees
from fourgates.papers.template import Value, Values
from fourgates.participation import Rate
from fourgates.report.figures import Committee
from fourgates.tally import Line


def _everyone(ground: Ground) -> Sequence[str]:
    return (*committees(ground), ground.tree.county)


def _participation(ground: Ground, subject: str) -> Values:
    report, channels = ground.report, ground.plan.participation.channels
    own = ground.committees.get(subject)
    rows: list[dict[str, Value]] = []

    def row(name: str, due: int, took: Sequence[int]) -> None:
        rows.append(
            {
                "序号": str(len(rows) + 1),
                "名称": name,
                "应参与": str(due),
                "参与": str(sum(took)),
                "方式": tuple(str(one) for one in took),
                "未参与": str(due - sum(took)),
                "参与率": str(Rate(sum(took), due)),
            }
        )

    if own is not None:
        members, organisations, by_channel = own.members, own.organisations, own.by_channel
        for branch in ground.tree.branches(subject):
            ids = ground.members.get(branch.name, ())
            marks = [ground.marks[id_].channel for id_ in ids if id_ in ground.marks]
            row(branch.name, len(ids), [marks.count(channel) for channel in channels])
        absent = own.absent
    else:
        members, organisations = report.members.rate, report.organisations.rate
        by_channel = {one.label: one.part for one in report.channels}
        for one in report.committees:
            row(one.unit.name, one.members.whole, [one.by_channel[channel] for channel in channels])
        absent = report.members.people
    return {
        "名称": subject,
        "列名": "党支部" if own is not None else "党（工）委",
        "方式": tuple(channels),
        "行": rows,
        "合计方式": tuple(str(by_channel[channel]) for channel in channels),
        "应参与": str(members.whole),
        "参与": str(members.part),
        "未参与": str(members.whole - members.part),
        "参与率": str(members),
        "组织参与": str(organisations.part),
        "组织总数": str(organisations.whole),
        "组织参与率": str(organisations),
        "未参与名单": [
            {
                "姓名": ground.name(id_),
                "党支部": ground.facts.roster().members[id_].branch,
                "原因": ground.rolls.text(report.reasons.get(id_, "")) or None,
            }
            for id_ in ground.rolls.order(absent)
        ],
    }


def _tallied(ground: Ground) -> Sequence[str]:
    return [name for name, one in ground.committees.items() if one.tally]


def _row(ground: Ground, own: Committee, line: Line, place: int) -> dict[str, Value]:
    vote = own.votes.get(line.person)
    details = ground.details(line.person)
    return {
        "名次": str(place),
        "姓名": ground.printed(line.person),
        "出生": details.birth,
        "学历": details.education,
        "单位职务": details.post,
        "党支部": ground.facts.roster().members[line.person].branch,
        "支部数": str(line.branches),
        "党员数": str(line.members),
        "同意": str(vote.votes_for) if vote else "",
        "不同意": str(vote.against) if vote else "",
        "弃权": str(vote.abstained) if vote else "",
        "上报": ("是" if line.person in own.up else "否") if own.sittings else "",
        "理由": ground.rolls.text(vote.reason) if vote else "",
    }


def _summary(ground: Ground, subject: str) -> Values:
    own = ground.committees[subject]
    places = [sum(other.support > line.support for other in own.tally) + 1 for line in own.tally]
    return {
        "党委": subject,
        "支部总数": str(len(ground.tree.branches(subject))),
        "党员总数": str(own.members.whole),
        "被提名数": str(len(own.tally)),
        "推荐名额": str(own.unit.quota),
        "上报数": str(len(own.up)),
        "人选": [_row(ground, own, line, place) for line, place in zip(own.tally, places, strict=True)],
    }


def _reviewed(ground: Ground) -> Sequence[str]:
    found = [name for name, one in ground.committees.items() if one.sittings]
    return [*found, ground.tree.county] if ground.report.decision else found


def _minutes(ground: Ground, subject: str) -> Values:
    own, decided = ground.committees.get(subject), ground.report.decision
    sittings = own.sittings if own is not None else decided.sittings if decided else ()
    plan = ground.plan
    window = plan.windows.committee_review if own is not None else plan.windows.county_review
    up = own.up if own is not None else decided.judged.people if decided else ()
    votes: list[dict[str, Value]] = []
    for sitting in sittings:
        cast = {vote.person: vote for vote in sitting.votes}
        for vote in (cast[id_] for id_ in ground.rolls.order(cast)):
            votes.append(
                {
                    "序号": str(len(votes) + 1),
                    "姓名": ground.printed(vote.person),
                    "同意": str(vote.votes_for),
                    "不同意": str(vote.against),
                    "弃权": str(vote.abstained),
                    "结果": "上报" if vote.person in up else "不上报",
                    "理由": ground.rolls.text(vote.reason),
                }
            )
    void = [one for one in sittings if not review.valid(one, window, plan.review)]
    broken = [] if decided is None or own is not None else sentences.unlawful(
        decided, {one.name: one for one in ground.report.structure.asked}, plan.quota.county_list
    )  # fmt: skip
    listed = ground.rolls.order(up)
    return {
        "机关": subject if own is not None else plan.selection.unit,
        "党委级": "是" if own is not None else "",
        "会议": [{"日期": day(one.day), "应到": str(one.due), "实到": str(one.present)} for one in sittings],
        "日期": "、".join(day(one.day) for one in sittings),
        "被提名数": str(len(own.tally)) if own else str(len(ground.report.people)),
        "推荐名额": str(own.unit.quota) if own else str(plan.quota.county_list),
        "表决数": str(len(votes)),
        "表决": votes,
        "过半": said_share(plan.review.votes_more_than),
        "上报数": str(len(listed)),
        "上报名单": "、".join(ground.name(id_) for id_ in listed),
        "不成立": "；".join(one.zh for one in broken)
        or ("会议不在规定时间内或者到会没有过半数，表决不计" if void else ""),
    }


def _with_names(ground: Ground) -> Sequence[str]:
    found = [name for name, one in ground.committees.items() if one.up]
    return [*found, ground.tree.county] if ground.listed and ground.lawful else found


def _request(ground: Ground, subject: str) -> Values:
    own = ground.committees.get(subject)
    ids = ground.rolls.order(own.up) if own is not None else ground.listed
    decided = ground.report.decision
    sittings = own.sittings if own is not None else decided.sittings if decided else ()
    return {
        "机关": subject if own is not None else ground.plan.selection.unit,
        "主送": ground.plan.selection.unit if own is not None else None,
        "党委级": "是" if own is not None else "",
        "待研究": "" if own is not None or decided is not None else "是",
        "支部数": str(own.organisations.part if own else ground.report.organisations.part),
        "党员数": str(own.members.part if own else ground.report.members.part),
        "被提名数": str(len(own.tally)) if own else str(len(ground.report.people)),
        "会议日期": "、".join(day(one.day) for one in sittings) or None,
        "应到": "、".join(str(one.due) for one in sittings) or None,
        "实到": "、".join(str(one.present) for one in sittings) or None,
        "人数": str(len(ids)),
        "名单": "、".join(ground.name(id_) for id_ in ids),
        "人选": [
            {
                "序号": str(number),
                "姓名": ground.printed(id_),
                "出生": ground.age(id_),
                "学历": ground.details(id_).education,
                "单位职务": ground.details(id_).post,
                "支部数": str(ground.person(id_).line.branches) if id_ in ground.report.people else "",
                "党员数": str(ground.person(id_).line.members) if id_ in ground.report.people else "",
            }
            for number, id_ in enumerate(ids, start=1)
        ],
    }


def _steps(ground: Ground, own: Committee) -> list[dict[str, Value]]:
    rows: list[dict[str, Value]] = []
    for number, step in enumerate(own.steps, start=1):
        window = getattr(ground.plan.windows, step.key)
        first, last = short_day(step.first), short_day(step.last)
        said = first if first == last else f"{first}至{last}"
        rows.append(
            {
                "序号": str(number),
                "环节": step.word,
                "时限": f"{short_day(window.first)}至{short_day(window.last)}",
                "时间": said,
                "次数": str(sum(count for _day, count in step.days)) if step.days else "0",
                "覆盖": f"{step.reached.part}/{step.reached.whole}" if step.reached else "—",
                "认定": "有偏差" if step.deviates else "符合",
            }
        )
    return rows


def _held(ground: Ground, subject: str) -> list[dict[str, Value]]:
    lines = sorted(
        (
            line
            for lines in ground.facts.steps.values()
            for line in lines
            if ground.tree.committee_of(line.unit) == subject
        ),
        key=lambda line: (line.day, line.unit),
    )
    return [
        {
            "序号": str(number),
            "日期": short_day(line.day),
            "环节": line.word,
            "党组织": line.unit,
            "应到": "" if line.due is None else str(line.due),
            "实到": "" if line.present is None else str(line.present),
        }
        for number, line in enumerate(lines, start=1)
    ]


def _process(ground: Ground, subject: str) -> Values:
    own = ground.committees[subject]
    return {
        "党委": subject,
        "环节": _steps(ground, own),
        "纪实": _held(ground, subject),
        "支部总数": str(len(ground.tree.branches(subject))),
        "偏差数": str(len(own.deviations)),
        "有偏差": "有" if own.deviations else "",
        "偏差": [{"内容": sentences.deviation(one, one.unit).zh} for one in own.deviations],
        "条目": listing(str(number) for number in own.entries),
    }


def _report(ground: Ground, subject: str) -> Values:
    own = ground.committees[subject]
    channels = ground.plan.participation.channels
    steps = {step.key: step for step in own.steps}

    def when(key: str) -> str | None:
        first, last = short_day(steps[key].first), short_day(steps[key].last)
        return (first if first == last else f"{first}至{last}") or None

    return {
        "党委": subject,
        "支部总数": str(len(ground.tree.branches(subject))),
        "方案日": when("plan"),
        "培训日": when("training"),
        "动员日": when("mobilisation"),
        "警示教育日": when("warning_education"),
        "推荐日": when("nomination"),
        "研究日": when("committee_review"),
        "有效支部": str(reached.part) if (reached := steps["nomination"].reached) else "0",
        "组织参与": str(own.organisations.part),
        "组织总数": str(own.organisations.whole),
        "组织参与率": str(own.organisations),
        "参与": str(own.members.part),
        "应参与": str(own.members.whole),
        "参与率": str(own.members),
        "分方式": "，".join(f"{channel}{own.by_channel[channel]}名" for channel in channels),
        "未参与": str(len(own.absent)),
        "被提名数": str(len(own.tally)),
        "应到": "、".join(str(one.due) for one in own.sittings) or None,
        "实到": "、".join(str(one.present) for one in own.sittings) or None,
        "推荐名额": str(own.unit.quota),
        "上报数": str(len(own.up)),
        "名单": listing(ground.name(id_) for id_ in ground.rolls.order(own.up)),
        "有偏差": "；".join(sentences.deviation(one, one.unit).zh for one in own.deviations),
    }


_ROW = {"序号": "number", "姓名": "name as lists print it", "单位职务": "post", "学历": "education"}

KINDS = (
    Kind("participation", mark("参与情况统计表"), mark("每个党（工）委，全县"), _everyone, _participation, places={
        "名称": "the committee or county", "列名": "what a row is", "方式": "the ways to take part, one a column",
        "行.序号": "number", "行.名称": "branch or committee", "行.应参与": "members due", "行.参与": "members who took part",
        "行.方式": "the same by way, one a column", "行.未参与": "members who did not", "行.参与率": "rate",
        "合计方式": "sums by way, one a column", "应参与": "members due", "参与": "members who took part",
        "未参与": "members who did not", "参与率": "rate of members", "组织参与": "branches that took part",
        "组织总数": "branches", "组织参与率": "rate of branches",
        "未参与名单.姓名": "who did not take part", "未参与名单.党支部": "branch", "未参与名单.原因": "the reason as written",
    }),
    Kind("summary", mark("推荐情况汇总表"), mark("每个有推荐汇总的党（工）委"), _tallied, _summary, places={
        "党委": "the committee", "支部总数": "its branches", "党员总数": "its members with rights",
        "被提名数": "persons nominated", "推荐名额": "names it may send up", "上报数": "names sent up",
        "人选.名次": "rank, equal for equal support", "人选.姓名": "nominee", "人选.出生": "month of birth",
        "人选.学历": "education", "人选.单位职务": "post", "人选.党支部": "own branch", "人选.支部数": "branches behind",
        "人选.党员数": "members behind", "人选.同意": "votes for", "人选.不同意": "against", "人选.弃权": "abstained",
        "人选.上报": "whether sent up", "人选.理由": "why not, as written",
    }),
    Kind("minutes", mark("会议纪要"), mark("每个研究过的党（工）委，县委"), _reviewed, _minutes, signed=True, places={
        "机关": "whose meeting", "党委级": "empty for the county", "会议.日期": "day", "会议.应到": "due",
        "会议.实到": "present",
        "日期": "day or days", "被提名数": "names to choose from", "推荐名额": "names that may be sent up",
        "表决数": "names voted on", "表决.序号": "number", "表决.姓名": "name", "表决.同意": "for",
        "表决.不同意": "against", "表决.弃权": "abstained", "表决.结果": "sent up or not",
        "表决.理由": "the reason as written",
        "过半": "share of those due that votes must exceed", "上报数": "names sent up",
        "上报名单": "the names in stroke order",
        "不成立": "why the decision does not stand; empty when it does",
    }),
    Kind("request", mark("请示"), mark("每个有上报人选的党（工）委，县委"), _with_names, _request, signed=True, places={
        "机关": "who asks", "主送": "who is asked; a blank line for the county", "党委级": "empty for the county",
        "待研究": "empty once the county has decided", "支部数": "branches that took part", "党员数": "members who took part",
        "被提名数": "persons nominated", "会议日期": "day of the meeting", "应到": "due", "实到": "present",
        "人数": "how many names", "名单": "the names in stroke order",
        **{f"人选.{name}": said for name, said in _ROW.items()}, "人选.出生": "month of birth and age",
        "人选.支部数": "branches behind", "人选.党员数": "members behind",
    }),
    Kind("report", mark("报告"), mark("每个党（工）委"), committees, _report, places={
        "党委": "the committee", "支部总数": "its branches", "方案日": "day of its plan", "培训日": "of the training",
        "动员日": "of the mobilisation", "警示教育日": "of warning education", "推荐日": "of nominations",
        "有效支部": "branches whose meeting counts",
        "研究日": "of its review",
        "组织参与": "branches that took part", "组织总数": "branches", "组织参与率": "rate", "参与": "members who took part",
        "应参与": "members due", "参与率": "rate", "分方式": "the same by way", "未参与": "members who did not",
        "被提名数": "persons nominated", "应到": "due at the review", "实到": "present", "推荐名额": "names it may send up",
        "上报数": "names sent up", "名单": "the names in stroke order", "有偏差": "deviations; empty without any",
    }),
    Kind("process", mark("纪实表"), mark("每个党（工）委"), committees, _process, names=False, places={
        "党委": "the committee", "支部总数": "its branches", "环节.序号": "number", "环节.环节": "step",
        "环节.时限": "its window", "环节.时间": "when it was held", "环节.次数": "how often",
        "环节.覆盖": "branches reached, of how many", "环节.认定": "as the procedure gate found",
        "纪实.序号": "number", "纪实.日期": "day", "纪实.环节": "step", "纪实.党组织": "unit", "纪实.应到": "due",
        "纪实.实到": "present", "偏差数": "deviations", "有偏差": "empty without deviations", "偏差.内容": "a deviation",
        "条目": "entries of the record that hold its results",
    }),
)  # fmt: skip
