"""What is written for one person (个人): the nomination form and the registration form."""

from __future__ import annotations

from collections.abc import Sequence

from fourgates.i18n import mark
from fourgates.papers.documents.ground import Ground, day, listing
from fourgates.papers.documents.kind import Kind, sent_up
from fourgates.papers.documents.vetting import OUTCOMES
from fourgates.papers.template import Values


def _person(ground: Ground, id_: str) -> Values:
    details, one = ground.details(id_), ground.person(id_)
    own = ground.committees[one.committee]
    sitting = next(sitting for sitting in own.sittings if one.vote in sitting.votes)
    decided = ground.report.decision
    votes = [
        (sitting, vote)
        for sitting in (decided.sittings if decided else ())
        for vote in sitting.votes
        if vote.person == id_
    ]
    return {
        "姓名": ground.printed(id_).partition("（")[0],
        "性别": ground.sex(id_),
        "民族": details.nationality,
        "出生": ground.age(id_),
        "入党": details.joined,
        "学历": details.education,
        "单位职务": details.post,
        "党支部": ground.facts.roster().members[id_].branch,
        "党委": one.committee,
        "类别": ground.facts.profiles[id_].part if id_ in ground.facts.profiles else "",
        "身份": listing(tag for tag in one.tags if tag not in ground.plan.structure.partition),
        "支部数": str(one.line.branches),
        "支部总数": str(len(ground.tree.branches(one.committee))),
        "党员数": str(one.line.members),
        "事迹": ground.merits(id_) or None,
        "会议日期": day(sitting.day),
        "应到": str(sitting.due),
        "实到": str(sitting.present),
        "同意": str(one.vote.votes_for),
        "不同意": str(one.vote.against),
        "弃权": str(one.vote.abstained),
        "标准关": OUTCOMES[one.judged.standard],
        "廉洁关": OUTCOMES[one.judged.integrity.outcome],
        "县委研究": "；".join(
            f"{day(sitting.day)}研究，应到{sitting.due}人，实到{sitting.present}人，同意{vote.votes_for}票、"
            f"不同意{vote.against}票、弃权{vote.abstained}票"
            for sitting, vote in votes
        ),
    }


def _registered(ground: Ground) -> Sequence[str]:
    return [id_ for id_ in ground.listed if id_ in ground.report.people] if ground.lawful else []


_PLACES = {
    "姓名": "name, two characters set apart", "性别": "sex", "民族": "nationality", "出生": "month of birth and age",
    "入党": "month of joining", "学历": "education", "单位职务": "post", "党支部": "branch", "党委": "committee",
    "类别": "part of the partition", "身份": "other tags borne", "支部数": "branches behind",
    "支部总数": "branches of the committee", "党员数": "members behind", "事迹": "merits the branches wrote",
    "会议日期": "day of the committee's review", "应到": "due", "实到": "present", "同意": "for", "不同意": "against",
    "弃权": "abstained", "标准关": "outcome of the standard gate", "廉洁关": "of the integrity gate",
    "县委研究": "the county's vote; empty before it",
}  # fmt: skip

KINDS = (
    Kind("nomination", mark("推荐表"), mark("每名上报人选"), sent_up, _person, places=_PLACES),
    Kind("registration", mark("登记表"), mark("名单上的每个人"), _registered, _person, places=_PLACES),
)
