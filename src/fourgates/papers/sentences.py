"""What the gates found, as sentences (认定的说法), in both languages: deviations, findings, conflicts, faults.

The screen shows both languages, the document (工作报告) takes the Chinese one: the same sentence in both papers.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from fractions import Fraction

from fourgates.gates.finding import Finding
from fourgates.gates.procedure import Deviation
from fourgates.i18n import mark
from fourgates.papers.said import Said, both, word
from fourgates.plan import Plan, Share
from fourgates.report.figures import Asked, Decision
from fourgates.slate.model import AT_LEAST, AT_MOST, PER_UNIT, SIZE, Loosened, Rule

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def day(when: date | None, *, year: bool = False) -> Said:
    """A date as each language writes it, without leading zeros; a dash where there is none."""
    if when is None:
        return Said("—", "—")
    zh, en = f"{when.month}月{when.day}日", f"{when.day} {_MONTHS[when.month - 1]}"
    return Said(f"{when.year}年{zh}", f"{en} {when.year}") if year else Said(zh, en)


def share(value: Fraction) -> str:
    """A threshold as it is said: ``4/5``."""
    return f"{value.numerator}/{value.denominator}"


DEVIATIONS: Mapping[str, str] = {
    "6.1": mark("{unit}没有{step}的记录"),
    "6.2": mark("{step}有不在规定时间内的"),
    "6.3": mark("{step}早于{other}"),
    "6.4": mark("{unit}没有召开有效的推荐会议"),
    "6.5": mark("{unit}的{step}没有早于推荐会议"),
}


def deviation(one: Deviation, unit: str) -> Said:
    """A deviation as one sentence; ``unit``: how its organisation is called here."""
    return both(DEVIATIONS[one.rule], unit=unit, step=word(one.step), other=word(one.other))


def finding(one: Finding, plan: Plan) -> Said:
    """Why a requirement is not met, or what is still open, as one sentence."""
    about = word(one.requirement)
    if one.outcome == "no_answer":
        return both(mark("{about}：没有结果"), about=about)
    if one.rule == "7.1":
        return both(
            mark("{about}“{read}”，低于“{least}”"),
            about=about,
            read=word(one.evidence),
            least=word(plan.standard.rating_at_least),
        )
    if one.rule == "7.2":
        return both(mark("不具备{about}"), about=about)
    if one.rule == "7.3":
        least = share(plan.standard.recognition_at_least)
        return both(mark("{about}{read}，不足{least}"), about=about, read=one.evidence, least=least)
    if one.rule == "7.5":
        return both(mark("没有写明事实依据"))
    return _integrity(one, about, plan)


def _integrity(one: Finding, about: Said, plan: Plan) -> Said:
    read = word(one.evidence)
    if one.rule == "8.2":
        window = plan.windows.vetting
        return both(
            mark("{about}的日期不在{first}至{last}内"),
            about=about,
            first=day(window.first),
            last=day(window.last),
        )
    if one.rule == "8.3":
        return both(mark("{about}写了“{read}”，没有依据"), about=about, read=read)
    if one.rule == "8.6" and one.outcome == "not_met":
        kind, _arrow, until = one.evidence.partition(" → ")
        return both(
            mark("{approved}受{kind}处分，影响期到{until}"),
            approved=day(one.day, year=True),
            kind=word(kind),
            until=day(date.fromisoformat(until), year=True),
        )
    return both(mark("{about}：{read}"), about=about, read=read) if one.evidence else about


def asked(one: Share) -> Said:
    """A requirement of the list as the plan writes it: ``女不少于党员中的比例``."""
    said = word(one.tag)
    for sentence, text in (
        (mark("{tag}不少于{bound}"), one.at_least),
        (mark("{tag}不多于{bound}"), one.at_most),
    ):
        if text is not None:
            bound = both(mark("党员中的比例")) if text == "members" else _plain(text)
            said = both(sentence, tag=said, bound=bound)
    return said


def _plain(text: str) -> Said:
    if re.fullmatch(r"\d+", text):
        return both(mark("{count}人"), count=int(text))
    return Said(text, text)


def rule(one: Rule, every: Mapping[str, Asked]) -> Said:
    """One rule of a conflict in words, a share with the number it comes to; ``every``: requirements by name."""
    if one.kind == SIZE:
        return both(mark("名单共{bound}人"), bound=one.bound)
    if one.kind == PER_UNIT:
        return both(mark("每个党（工）委不多于{bound}人"), bound=one.bound)
    named = requirement(one.name, every)
    share = every[one.name].share if one.name in every else None
    if share is None or _count(share.at_least) or _count(share.at_most):
        return named
    if one.kind == AT_LEAST:
        return both(mark("{named}，即至少{bound}人"), named=named, bound=one.bound)
    if one.kind == AT_MOST:
        return both(mark("{named}，即至多{bound}人"), named=named, bound=one.bound)
    return named


def requirement(name: str, every: Mapping[str, Asked]) -> Said:
    """A requirement by its name, as the plan writes it."""
    return asked(every[name].share) if name in every else Said(name, name)


def _count(text: str | None) -> bool:
    return text is not None and text.isdecimal()


def loosened(one: Loosened, every: Mapping[str, Asked]) -> Said:
    """One rule given way: from its number to another."""
    if one.rule.kind == SIZE:
        return both(mark("名单由{bound}人改为{to}人"), bound=one.rule.bound, to=one.to)
    if one.rule.kind == PER_UNIT:
        return both(mark("每个党（工）委至多的人数由{bound}改为{to}"), bound=one.rule.bound, to=one.to)
    named = requirement(one.rule.name, every)
    return both(mark("“{named}”的界限由{bound}人改为{to}人"), named=named, bound=one.rule.bound, to=one.to)


FAULTS: Mapping[str, str] = {
    "10.1": mark("会议不在规定时间内，或者到会没有过半数"),
    "10.2": mark("有人的同意票没有超过应到委员的半数"),
    "10.3": mark("有人没有通过四关，不在可列入名单之列"),
    "10.4": mark("名单不符合人选结构要求"),
    "11.9": mark("写明了会议，而会议记录没有签字，或者数字对不上"),
}
CARRIED: Mapping[str, str] = {
    "5.1": mark("会议无效，不上报"),
    "5.4": mark("同意票未超过应到半数，不上报"),
    "5.5": mark("本党委没有有效提名，不上报"),
    "5.6": mark("超过推荐名额，本党委全部不计"),
    "5.7": mark("两个党委上报同一人，都不计"),
    "5.8": mark("推荐数更高而未上报，没有写理由"),
}


def unlawful(decision: Decision, every: Mapping[str, Asked], size: int) -> list[Said]:
    """Why the county's decision is not lawful, rule by rule, the structure's requirements one by one."""
    said = [both(FAULTS[number]) for number in decision.judged.broken if number != "10.4"]
    judged = decision.judgement
    people = len(set(decision.judged.people))
    if people != size:
        said.append(both(mark("决定名单{count}人，应为{size}人"), count=people, size=size))
    said += [
        both(mark("“{rule}”：名单中{count}人"), rule=asked(every[found.name].share), count=found.count)
        for found in judged.findings
        if not found.met
    ]
    said += [
        both(mark("{unit}有{count}人，超过每个党（工）委的人数上限"), unit=unit, count=count)
        for unit, count in judged.over
    ]
    return said
