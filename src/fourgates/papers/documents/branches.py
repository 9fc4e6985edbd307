"""What a branch keeps (党支部): the record of its meeting, the record of visits and calls."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from fourgates import nominations
from fourgates.i18n import mark
from fourgates.nominations import Sitting
from fourgates.papers.documents.ground import Ground, day, said_share, short_day
from fourgates.papers.documents.kind import Kind
from fourgates.papers.template import Values

_AGAIN = re.compile(r"(.+)（第(\d+)次会议）")


def _meetings(ground: Ground) -> Sequence[str]:
    """Every meeting of every branch; the second and later ones say which they are."""
    found = []
    for branch in ground.tree.branches():
        for number, _sitting in enumerate(ground.facts.filed.get(branch.name, ()), start=1):
            found.append(branch.name if number == 1 else f"{branch.name}（第{number}次会议）")
    return found


def _sitting(ground: Ground, subject: str) -> tuple[str, Sitting]:
    again = _AGAIN.fullmatch(subject)
    if again and subject not in ground.tree:
        return again[1], ground.facts.filed[again[1]][int(again[2]) - 1]
    return subject, ground.facts.filed[subject][0]


def _meeting(ground: Ground, subject: str) -> Values:
    branch, sitting = _sitting(ground, subject)
    plan, roster = ground.plan, ground.facts.roster()
    quorum = plan.nomination.quorum_at_least
    least = -(-sitting.due * quorum.numerator // quorum.denominator)
    if not nominations.in_window(sitting, plan):
        valid = "会议日期不在推荐提名规定时间内，会议无效，推荐结果不计。"
    elif not nominations.quorate(sitting, plan):
        valid = f"实到会党员不足应到会党员的{said_share(quorum)}（{least}名），会议无效，推荐结果不计。"
    else:
        valid = f"实到会党员达到应到会党员的{said_share(quorum)}（{least}名），会议有效。"
    took = Counter(ground.marks[id_].channel for id_ in ground.members.get(branch, ()) if id_ in ground.marks)
    probationary = ground.probationary[branch]
    named = {name.person: name for name in sitting.names}
    names = sorted((named[id_] for id_ in ground.rolls.order(named)), key=lambda name: -name.members)
    return {
        "党支部": branch,
        "党委": ground.tree.committee_of(branch),
        "党委简称": ground.short[ground.tree.committee_of(branch)],
        "日期": day(sitting.day),
        "应到": str(sitting.due),
        "实到": str(sitting.present),
        "缺席": str(sitting.due - sitting.present),
        "有缺席": "有" if sitting.present < sitting.due else "",
        "预备党员": f"本支部另有预备党员{probationary}名，可以列席，没有推荐权，不计入应到会党员。"
        if probationary
        else "",
        "有效": valid,
        "参与": "，".join(f"{channel}{took[channel]}名" for channel in plan.participation.channels),
        "未参与": str(took[plan.participation.absent]),
        "提名数": str(len(names)),
        "提名": [
            {
                "序号": str(number),
                "姓名": ground.printed(name.person),
                "单位职务": ground.details(name.person).post or roster.members[name.person].branch,
                "党员数": str(name.members),
                "事迹": ground.rolls.text(name.merit) or None,
            }
            for number, name in enumerate(names, start=1)
        ],
    }


def _reached(ground: Ground, branch: str) -> list[str]:
    """Members who took part other than at a meeting: the first way in the plan is the meeting."""
    elsewhere = ground.plan.participation.channels[1:]
    return [
        id_
        for id_ in ground.members.get(branch, ())
        if id_ in ground.marks and ground.marks[id_].channel in elsewhere
    ]


def _with_visits(ground: Ground) -> Sequence[str]:
    return [branch.name for branch in ground.tree.branches() if _reached(ground, branch.name)]


def _opinions(ground: Ground, branch: str) -> Values:
    ids = _reached(ground, branch)
    took = Counter(ground.marks[id_].channel for id_ in ids)
    return {
        "党支部": branch,
        "党委": ground.tree.committee_of(branch),
        "党委简称": ground.short[ground.tree.committee_of(branch)],
        "人数": str(len(ids)),
        "分方式": "、".join(f"{way}{took[way]}名" for way in ground.plan.participation.channels if took[way]),
        "党员": [
            {
                "序号": str(number),
                "姓名": ground.printed(id_),
                "方式": ground.marks[id_].channel,
                "日期": short_day(ground.marks[id_].day),
                "经办人": ground.rolls.text(ground.marks[id_].handler) or None,
            }
            for number, id_ in enumerate(ids, start=1)
        ],
    }


KINDS = (
    Kind("meeting", mark("会议记录"), mark("每次党支部会议"), _meetings, _meeting, signed=True, places={
        "党支部": "the branch", "党委": "its committee", "党委简称": "its short name", "日期": "day of the meeting",
        "应到": "members due", "实到": "members present", "缺席": "members absent",
        "有缺席": "empty when nobody was absent", "预备党员": "a sentence about probationary members; empty without any",
        "有效": "whether the meeting counts and why, a sentence",
        "参与": "members by the way they took part", "未参与": "members who did not",
        "提名数": "how many were nominated",
        "提名.序号": "number", "提名.姓名": "nominee", "提名.单位职务": "post", "提名.党员数": "members who nominated",
        "提名.事迹": "merits as written",
    }),
    Kind("opinions", mark("征求意见记录"), mark("每个有走访、联系党员的党支部"), _with_visits, _opinions, places={
        "党支部": "the branch", "党委": "its committee", "党委简称": "its short name",
        "人数": "members asked", "分方式": "the same by way",
        "党员.序号": "number", "党员.姓名": "member", "党员.方式": "way", "党员.日期": "day", "党员.经办人": "who asked",
    }),
)  # fmt: skip
