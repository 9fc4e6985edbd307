"""Say an answer in sentences (文字说明): rules, conflicts with the counts behind them, changes, absences."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

from fourgates.i18n import _
from fourgates.slate.answer import Change, Clash, Conflict, Slate
from fourgates.slate.check import Judgement
from fourgates.slate.explain import Absence, Swap, Wanted
from fourgates.slate.model import (
    AT_LEAST,
    AT_MOST,
    EXCLUDES,
    FIXED,
    PER_UNIT,
    SHOULD,
    SIZE,
    Loosened,
    Person,
    Problem,
    Ratio,
    Requirement,
    Rule,
    asked_of,
    of_strength,
    settled,
)

Naming = Callable[[str], str]
"""How a person's id is shown."""


def rule_words(problem: Problem, rule: Rule, naming: Naming = str) -> str:
    """One rule in words, with its name and its number."""
    if rule.kind == SIZE:
        return _("名单共{count}人").format(count=rule.bound)
    if rule.kind == PER_UNIT:
        return _("每个单位不超过{count}人").format(count=rule.bound)
    if rule.kind == FIXED:
        return _("{person}必须列入").format(person=naming(rule.name))
    if rule.kind not in (AT_LEAST, AT_MOST):
        return _pair_words(problem, rule, naming)
    asked = next(each for each in asked_of(problem) if each.name == rule.name)
    if isinstance(asked, Ratio):
        part, whole = asked.at_least or asked.at_most or (0, 1)
        form = (
            _("{of}中{tag}不少于{part}/{whole}") if asked.at_least else _("{of}中{tag}不超过{part}/{whole}")
        )
        return _called(asked, form.format(of=asked.of, tag=asked.tag, part=part, whole=whole))
    form = _("{who}不少于{count}人") if rule.kind == AT_LEAST else _("{who}不超过{count}人")
    return _called(asked, form.format(who=_who(asked), count=rule.bound))


def clash_words(problem: Problem, clash: Clash, naming: Naming = str) -> list[str]:
    """Which rules exclude each other, then the counts behind each of them."""
    named = _("；").join(rule_words(problem, rule, naming) for rule in clash.rules)
    if len(clash.rules) == 1:
        lines = [_("“{rules}”无法做到").format(rules=named)]
    else:
        lines = [_("以下要求不能同时做到（少任何一项就可以）：{rules}").format(rules=named)]
    return lines + [line for rule in clash.rules if (line := _behind(problem, rule))]


def change_words(problem: Problem, change: Change, naming: Naming = str) -> str:
    """What gives way from what to what."""
    parts = [_loosened_words(problem, each, naming) for each in change.loosened]
    return _("；").join(parts)


def conflict_words(problem: Problem, conflict: Conflict, naming: Naming = str) -> list[str]:
    """The whole conflict: every clash with its counts, then the smallest changes in their order."""
    lines = [_("没有符合全部要求的名单。")]
    for clash in conflict.clashes:
        lines += clash_words(problem, clash, naming)
    fewest = len(conflict.floors[0].rules)
    lines.append(_("至少要调整{count}项要求。可行的最小调整依次为：").format(count=fewest))
    for place, change in enumerate(conflict.changes, 1):
        lines.append(f"{place}. {change_words(problem, change, naming)}")
    return lines


def judgement_words(problem: Problem, judged: Judgement) -> list[str]:
    """Each requirement with its count and mark, then whatever else is wrong with the list."""
    support = _("、").join(map(str, judged.support)) or _("无")
    lines = [_("名单{size}人，支持数 {support}").format(size=judged.size, support=support)]
    if not judged.size_met:
        lines.append(_("应为{size}人").format(size=problem.size))
    for finding in judged.findings:
        low = [] if finding.at_least is None else [f"≥{finding.at_least}"]
        high = [] if finding.at_most is None else [f"≤{finding.at_most}"]
        mark = "✓" if finding.met else "✗"
        lines.append(f"{mark} {finding.name} {finding.count} ({' '.join(low + high)})")
    for what, whom in (
        (_("重复"), judged.doubled),
        (_("没有这个人选"), judged.unknown),
        (_("不得列入"), judged.barred),
        (_("必须列入而没有列入"), judged.missing),
        (_("两人之间的要求"), judged.pairs),
        (_("人数超过上限的单位"), tuple(unit for unit, _count in judged.over)),
    ):
        if whom:
            lines.append(f"✗ {what}: {_('、').join(whom)}")
    return lines


def departure_words(problem: Problem, slate: Slate, naming: Naming = str) -> list[str]:
    """Each *should* and *goal* that the list departs from: by how much, and what forces it."""
    lines = []
    shoulds = of_strength(problem, SHOULD)
    asked = problem
    for departure in slate.departures:
        if departure.short:
            form = (
                _("应当做到而没有做到：{name}，差{count}人。原因：")
                if departure.name in shoulds
                else _("争取而没有做到：{name}，差{count}人；支持多的在先。")
            )
            lines.append(form.format(name=departure.name, count=departure.short))
            if departure.reason is not None:
                lines += clash_words(settled(asked, departure.name, 0), departure.reason, naming)
        asked = settled(asked, departure.name, departure.short)
    return lines


def absence_words(problem: Problem, absence: Absence, naming: Naming = str) -> list[str]:
    """Why a person is not on the list."""
    person = naming(absence.person)
    if absence.standing:
        return [_("{person}已在名单上。").format(person=person)]
    if isinstance(absence.answer, Conflict):
        lines = [_("{person}列入名单则没有符合要求的名单。").format(person=person)]
        for clash in absence.answer.clashes:
            lines += clash_words(problem, clash, naming)
        return lines
    instead = _("、").join(naming(each) for each in absence.instead_of)
    return [
        _("{person}列入名单时，最好的名单要换下{others}，支持数变化为{lost}。").format(
            person=person, others=instead, lost=_("、").join(f"{-n:+d}" for n in absence.lost)
        )
    ]


def swap_words(swap: Swap, naming: Naming = str) -> str:
    """Who leaves and who joins."""
    if not swap.leave and not swap.join:
        return _("现有名单符合全部要求。")
    return _("最少调换：换下{leave}，换上{join}。").format(
        leave=_("、").join(map(naming, swap.leave)) or _("无人"),
        join=_("、").join(map(naming, swap.join)) or _("无人"),
    )


def wanted_words(wanted: Wanted, naming: Naming = str) -> list[str]:
    """How many more persons would do, and who else would do in the place of each."""
    lines = [_("再有{count}人即可拟出名单：").format(count=len(wanted.persons))]
    for each, others in zip(wanted.persons, wanted.instead, strict=True):
        line = naming(each)
        if others:
            line = _("{person}（或以下{count}人中任何一人：{others}）").format(
                person=line, count=len(others), others=_("、").join(map(naming, others))
            )
        lines.append(line)
    return lines


def missing_words(wanted: Wanted, below: Sequence[Person] = (), naming: Naming = str) -> list[str]:
    """What kind of persons would do, and how many of each; then who of those ``below`` the line is of such a kind."""
    kinds = Counter(each.rpartition("·")[0] for each in wanted.persons)
    said = [_("{count}名“{tags}”").format(count=count, tags=tags) for tags, count in sorted(kinds.items())]
    lines = [_("再有{persons}的人选，就能拟出名单。").format(persons=_("、").join(said))]
    for kind in sorted(kinds) if below else ():
        such = [naming(each.id) for each in below if _of_kind(kind, each)]
        if such:
            form = _("线下人选中，以下{count}人是“{tags}”：{persons}")
            lines.append(form.format(count=len(such), tags=kind, persons=_("、").join(such)))
        else:
            lines.append(_("线下人选中没有“{tags}”。").format(tags=kind))
    return lines


def _of_kind(kind: str, person: Person) -> bool:
    """Whether a person is of a kind that ``imagined`` made up: bears all of its tags, and is of its unit."""
    return all(each in person.tags or each in ("不限", person.unit) for each in kind.split("＋"))


def _called(asked: Requirement | Ratio, said: str) -> str:
    """What a rule asks, under its name where that says more than the tag."""
    among = asked.of if isinstance(asked, Ratio) else asked.among
    unit = "" if isinstance(asked, Ratio) else asked.unit
    plain = (asked.tag, unit, f"{among}/{asked.tag}", f"{asked.tag}·{unit}")
    return said if asked.name in plain else _("{name}（{rule}）").format(name=asked.name, rule=said)


def _who(asked: Requirement) -> str:
    tag = asked.tag or (_("人选") if asked.unit or asked.among else "")
    if asked.among:
        tag = _("{of}中的{tag}").format(of=asked.among, tag=tag)
    return _("{unit}的{tag}").format(unit=asked.unit, tag=tag) if asked.unit else tag


def _pair_words(problem: Problem, rule: Rule, naming: Naming) -> str:
    pair = next(each for each in problem.pairs if each.name == rule.name)
    form = _("{first}与{second}不能同时列入") if rule.kind == EXCLUDES else _("列入{first}就要列入{second}")
    return form.format(first=naming(pair.first), second=naming(pair.second))


def _behind(problem: Problem, rule: Rule) -> str:
    """The counts of the pool behind a rule, where counting says something."""
    free = [person for person in problem.people if person.id not in problem.barred]
    if rule.kind == SIZE:
        units = len({person.unit for person in free})
        return _("可选人选共{count}人，来自{units}个单位").format(count=len(free), units=units)
    asked = next((each for each in problem.requirements if each.name == rule.name), None)
    if asked is None or rule.kind not in (AT_LEAST, AT_MOST):
        return ""
    bearing = [person for person in free if asked.counts(person)]
    units = len({person.unit for person in bearing})
    return _("可选人选中{who}共{count}人，来自{units}个单位").format(
        who=_who(asked), count=len(bearing), units=units
    )


def _loosened_words(problem: Problem, each: Loosened, naming: Naming) -> str:
    now = rule_words(problem, each.rule, naming)
    if each.rule.kind not in (SIZE, PER_UNIT, AT_LEAST, AT_MOST):
        return _("取消“{rule}”").format(rule=now)
    ratios: Sequence[str] = [ratio.name for ratio in problem.ratios]
    if each.rule.name in ratios and each.rule.kind in (AT_LEAST, AT_MOST):
        return _("“{rule}”允许相差{count}人").format(rule=now, count=each.to)
    return _("“{rule}”改为{count}人").format(rule=now, count=each.to)
