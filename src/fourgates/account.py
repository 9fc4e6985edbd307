"""One person's whole path up the levels (一人一档): what happened at each, by which rule, on which entry.

It answers "why was this name not carried up" with figures, not with opinions.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import msgspec

from fourgates import ballots, judging, nominations, review
from fourgates.events import ListProposed
from fourgates.facts import Facts
from fourgates.gates.finding import Finding, Outcome
from fourgates.i18n import _
from fourgates.nominations import Sitting
from fourgates.selection import Selection
from fourgates.tally import Line
from fourgates.units import Unit


class Step(msgspec.Struct, frozen=True):
    """One station of the path: its name, how it went, one sentence, the rule, and the entry it rests on (0: none)."""

    station: str
    outcome: Outcome
    sentence: str
    rule: str
    entry: int = 0


def path(selection: Selection, id_: str, proposed: ListProposed | None) -> list[Step]:
    """The stations of person ``id_`` in their order, as far as the person came."""
    facts = selection.facts
    member = facts.roster().members.get(id_)
    if member is None:
        return [Step(_("名册"), "no_answer", _("不在任何一份党员名册中"), "1.5")]
    committee = facts.register().committee_of(member.branch)
    entitled = id_ in facts.roster().rights
    steps = [
        Step(
            _("名册"),
            "met" if entitled else "not_met",
            _("{branch}，有被推荐的权利").format(branch=member.branch)
            if entitled
            else _("{branch}，没有被推荐的权利").format(branch=member.branch),
            "2.5",
            selection.standing.get(("RosterEntered", committee), 0),
        )
    ]
    steps.extend(_named(selection, id_))
    for unit in facts.register().committees():
        lines = judging.tallied(facts, unit.name)
        line = next((line for line in lines if line.person == id_), None)
        vote = _vote(selection, unit.name, id_)
        if line is not None:
            steps.append(_ranked(selection, unit.name, line, lines))
        if line is not None or vote is not None:
            steps.append(_reviewed(selection, unit, id_, vote, lines))
    if id_ in judging.sent_up(facts):
        steps.extend(_judged(selection, id_))
        steps.extend(_listed(selection, id_, proposed))
    return steps


def _named(selection: Selection, id_: str) -> Iterator[Step]:
    """Every time the person was named: at meetings of branches, whether they count or not, then in boxes."""
    facts = selection.facts
    counted = judging.filed(facts)
    for branch, sittings in facts.filed.items():
        entry = selection.standing.get(("NominationsFiled", branch), 0)
        for sitting in sittings:
            yield from _named_at(facts, id_, branch, sitting, entry, held=sitting in counted[branch])
    for box, opened in facts.boxes.items():
        if opened.closed:
            entry = selection.standing.get(("BoxClosed", box), 0)
            for branch, sitting in ballots.sittings(opened, facts.roster()).items():
                yield from _named_at(facts, id_, branch, sitting, entry, box=box)


def _named_at(
    facts: Facts, id_: str, branch: str, sitting: Sitting, entry: int, *, held: bool = True, box: str = ""
) -> Iterator[Step]:
    """The step for a person named by a branch; none where the person was not. ``held``: whether the meeting it names was
    signed and says the same; ``box``: the box it was done in, not at a meeting."""
    plan = facts.rulebook()
    if not held:
        rule, why = "11.9", _("会议记录没有签字，或者与会议不符，不计")
    elif box and not plan.boxes.counts:
        rule, why = "14.6", _("方案规定票箱不作提名，不计")
    elif not nominations.in_window(sitting, plan):
        rule, why = "3.5", _("不在规定时间内，不计") if box else _("会议不在规定时间内，不计")
    elif not nominations.quorate(sitting, plan):
        rule, why = "3.6", _("参加的人不足，不计") if box else _("到会不足，不计")
    else:
        rule, why = "14.6" if box else "3.6", ""
    sentence = (
        _("{branch}{day}票箱“{box}”，应到{due}、参加{present}，{members}名党员提名，{why}")
        if box
        else _("{branch}{day}会议，应到{due}、实到{present}，{members}名党员提名，{why}")
    )
    for name in sitting.names:
        if name.person == id_:
            told = sentence.format(
                branch=branch,
                day=sitting.day.isoformat(),
                box=box,
                due=sitting.due,
                present=sitting.present,
                members=name.members,
                why=why or _("计入"),
            )
            yield Step(_("党支部提名"), "not_met" if why else "met", told, rule, entry)


def _ranked(selection: Selection, committee: str, line: Line, lines: list[Line]) -> Step:
    above = sum(other.support > line.support for other in lines)
    same = sum(other.support == line.support for other in lines) - 1
    found = selection.results.get(("TallyCounted", committee))
    sentence = _(
        "{committee}：{branches}个党支部、{members}名党员推荐，{people}人中在其上的{above}人"
    ).format(
        committee=committee, branches=line.branches, members=line.members, people=len(lines), above=above
    )
    if same:
        sentence += _("，同票{same}人").format(same=same)
    return Step(_("推荐汇总"), "met", sentence, "4.1", found[0] if found else 0)


def _vote(selection: Selection, committee: str, id_: str) -> tuple[review.Sitting, review.Vote] | None:
    """The vote on a person in a committee, with its meeting."""
    votes = (
        (sitting, vote)
        for sitting in selection.facts.reviews.get(committee, ())
        for vote in sitting.votes
        if vote.person == id_
    )
    return next(votes, None)


def _reviewed(
    selection: Selection,
    unit: Unit,
    id_: str,
    found: tuple[review.Sitting, review.Vote] | None,
    lines: list[Line],
) -> Step:
    """Why the name went up from this committee, or why it did not."""
    facts, plan, committee = selection.facts, selection.facts.rulebook(), unit.name
    entry = selection.standing.get(("CommitteeReviewed", committee), 0)
    station = _("党委研究")
    carried = judging.carried(facts)
    up = carried.up.get(committee)
    if up is None:
        return Step(
            station, "pending", _("{committee}还没有研究情况").format(committee=committee), "5.1", entry
        )
    if found is None:
        chosen = [other for other in lines if other.person in up]
        lowest = min((other.support for other in chosen), default=None)
        why = (
            _("没有提交表决；上报者中最低为{branches}个党支部、{members}名党员").format(
                branches=lowest[0], members=lowest[1]
            )
            if lowest
            else _("没有提交表决")
        )
        return Step(station, "not_met", why, "5.8", entry)
    sitting, vote = found
    votes = _("应到{due}，同意{votes_for}、不同意{against}、弃权{abstained}").format(
        due=sitting.due, votes_for=vote.votes_for, against=vote.against, abstained=vote.abstained
    )
    if id_ in up:
        return Step(
            station,
            "met",
            _("{committee}上报：{votes}").format(committee=committee, votes=votes),
            "5.4",
            entry,
        )
    faults = [fault.rule for fault in carried.faults if (fault.committee, fault.person) == (committee, id_)]
    if not vote.up:
        passed = review.carried(vote, sitting, plan.review)
        why = _("过半数，未上报") if passed else _("没有超过应到的半数，未上报")
        if vote.reason:
            why += _("，写有理由")
        return Step(station, "not_met", f"{votes}；{why}", "5.4", entry)
    reasons: Mapping[str, str] = {
        "5.1": _("会议不在规定时间内或者到会没有过半数"),
        "5.4": _("同意票没有超过应到的半数"),
        "5.5": _("没有有效的提名"),
        "5.6": _("上报人数超过推荐名额{quota}，全部不计").format(quota=unit.quota),
        "5.7": _("另有党委也上报，两处都不计"),
    }
    rule = next((rule for rule in faults if rule in reasons), "5.6")
    return Step(station, "not_met", f"{votes}；{reasons[rule]}", rule, entry)


def _judged(selection: Selection, id_: str) -> Iterator[Step]:
    """Every requirement of both personal gates, and the committee's procedure."""
    judged = judging.person(selection.facts, id_)
    sources = {"7": ("StandardAssessed", id_), "8": ("ChecksDone", id_)}

    def steps(station: str, findings: tuple[Finding, ...]) -> Iterator[Step]:
        for finding in findings:
            about = sources[finding.rule[0]]
            if finding.rule == "8.4":
                about = ("RepliesReceived", finding.requirement)
            elif finding.rule == "8.6":
                about = ("SanctionsEntered", "")
            evidence = "" if finding.rule == "7.5" else finding.evidence
            said = " → ".join(
                _(word) for word in evidence.split(" → ")
            )  # a kind of punishment, and until when
            parts = [_(finding.requirement), said, finding.day.isoformat() if finding.day else ""]
            yield Step(
                station,
                finding.outcome,
                " ".join(part for part in parts if part),
                finding.rule,
                selection.standing.get(about, 0),
            )

    yield from steps(_("政治标准关"), judged.standard_findings)
    yield from steps(_("廉洁纪律关"), judged.integrity.findings)
    deviations = judging.deviations(selection.facts, judged.committee)
    found = selection.results.get(("ProcedureJudged", judged.committee))
    yield Step(
        _("推荐程序关"),
        "not_met" if deviations else "met",
        _("{committee}有{count}处不合程序").format(committee=judged.committee, count=len(deviations))
        if deviations
        else _("{committee}程序齐全").format(committee=judged.committee),
        "6.1",
        found[0] if found else 0,
    )


def _listed(selection: Selection, id_: str, proposed: ListProposed | None) -> Iterator[Step]:
    facts = selection.facts
    station = _("人选结构关")
    found = selection.results.get(("List", ""))
    entry = found[0] if found else 0
    if id_ not in judging.eligible(facts):
        profile = facts.profiles.get(id_)
        why = _("没有通过前面各关，不能列入名单") if profile else _("没有人选情况，不能按类别判断")
        yield Step(station, "not_met" if profile else "no_answer", why, "9.1", entry)
    elif proposed is None:
        yield Step(station, "not_met", _("不存在符合要求的名单"), "9.4", entry)
    elif id_ in proposed.slate.chosen:
        yield Step(station, "met", _("在建议名单上"), "9.3", entry)
    else:
        yield Step(station, "not_met", _("可以列入，但不在支持最多的名单上"), "9.3", entry)
    judged = judging.decision(facts)
    if judged is not None:
        up = id_ in judged.people
        yield Step(
            _("县委研究"),
            "met" if up else "not_met",
            _("决定上报") if up else _("没有决定上报"),
            "10.2",
            selection.standing.get(("CountyDecided", ""), 0),
        )
