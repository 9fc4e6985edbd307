"""Verify an answer without the solver (验证名单): the list is lawful, none is better, or none exists.

What is proven: for a list, that each support in turn is the greatest possible and that the lots could not have
chosen earlier persons; for a conflict, that each clash is a clash and loses none of its rules, that no change touches
fewer rules, and that none loosens as many rules by less, and that among those none touches lower-ranked rules only.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from fourgates.chance import Lots
from fourgates.errors import Broken
from fourgates.slate.answer import Clash, Departure, Slate
from fourgates.slate.check import breaches, check
from fourgates.slate.model import GOAL, SHOULD, Problem, admit, of_strength, rules, settled
from fourgates.slate.programme import Programme
from fourgates.slate.proof import Claim
from fourgates.slate.replaying import PLAIN, Way, way_of


def verify(problem: Problem, slate: Slate, *, plain: bool = False) -> None:
    """Raise ``Broken`` unless the slate is lawful and its certificate proves what it says; ``Refused`` for a bad
    question. A slate that is not complete is verified for the bounds it does state.

    ``plain`` keeps to the language itself; otherwise very many persons are reckoned in arrays where those are there.
    """
    admit(problem)
    problem, way = way_of(problem, plain=plain)
    departures = {departure.name: departure for departure in slate.departures}
    asked = _verify_leaning(problem, departures, of_strength(problem, SHOULD), (), way)
    goals = of_strength(problem, GOAL)
    if len(departures) != len(slate.departures) or not departures.keys() <= {
        *goals,
        *of_strength(problem, SHOULD),
    }:
        raise Broken(0, "S.8", "名单列出了题中没有的偏离")
    stages = slate.certificate.stages
    if tuple(stage.bound for stage in stages) != slate.bound or len(stages) > len(slate.support):
        raise Broken(0, "S.8", "名单的界限不符")
    proven = _verify_stages(way.frame(asked), slate, way)
    asked = _verify_leaning(asked, departures, goals, slate.support, way)
    judged = check(asked, slate.chosen)
    if not judged.lawful:
        raise Broken(0, "S.8", "名单不符合结构要求")
    if judged.support != slate.support:
        raise Broken(0, "S.8", "名单的支持数不符")
    if not slate.complete:
        return
    exact = all(departure.proof.bound == -departure.short for departure in slate.departures)
    if not (proven and exact) or len(stages) != len(slate.support):
        raise Broken(0, "S.8", "名单未证明最优")
    if any(name not in departures for name in (*goals, *of_strength(problem, SHOULD))):
        raise Broken(0, "S.8", "名单未证明最优")
    _verify_lots(way.frame(asked), problem.lots(), slate, way)


def verify_clash(problem: Problem, clash: Clash, way: Way = PLAIN) -> None:
    """Raise ``Broken`` unless these rules cannot hold together and each of them is needed for that."""
    every = rules(problem)
    if not set(clash.rules) <= set(every) or len(set(clash.rules)) != len(clash.rules):
        raise Broken(0, "S.8", "冲突中有题中没有的要求")
    if len(clash.without) != len(clash.rules):
        raise Broken(0, "S.8", "没有逐一说明冲突中的要求缺一不可")
    for rule, chosen in zip(clash.rules, clash.without, strict=True):
        judged = check(problem, chosen)
        broken = breaches(problem, chosen).keys() & set(clash.rules)
        if judged.unknown or judged.doubled or judged.barred or not broken <= {rule}:
            raise Broken(0, "S.8", "冲突中的一项要求并非必要：{name}", name=rule.name or rule.kind)
    programme = way.frame(problem, clash.rules, supported=False)
    if clash.proof.bound != -1:
        raise Broken(0, "S.8", "冲突的证明不成立")
    way.replay(way.claim(programme, None, ()), clash.proof)


def _verify_leaning(
    asked: Problem, departures: Mapping[str, Departure], names: Sequence[str], sums: Sequence[int], way: Way
) -> Problem:
    """Each *should* or *goal* in turn is no less short than it must be; the problem with all of them kept."""
    for name in names:
        departure = departures.get(name)
        if departure is None:
            return asked
        programme = way.leaning(asked, name, supported=bool(sums))
        if departure.short < 0:
            raise Broken(0, "S.8", "偏离的幅度不符：{name}", name=name)
        way.replay(way.claim(programme, None, sums), departure.proof)
        if departure.reason is not None:
            verify_clash(settled(asked, name, 0), departure.reason, way)
        asked = settled(asked, name, departure.short)
    return asked


def _verify_stages(programme: Programme, slate: Slate, way: Way) -> bool:
    """Each support in turn cannot be greater; true when the last one stated is proven best."""
    proven = True
    for place, stage in enumerate(slate.certificate.stages):
        if not proven:
            raise Broken(0, "S.8", "前一项未证明最优，后一项不能证明")
        way.replay(way.claim(programme, place, slate.support[:place]), stage)
        proven = stage.bound == slate.support[place]
    return proven


def _verify_lots(programme: Programme, lots: Lots, slate: Slate, way: Way) -> None:
    if slate.chosen != tuple(lots.order(slate.chosen)):
        raise Broken(0, "S.8", "名单未按签号排列")
    chosen, sums = slate.chosen, slate.support
    covered = 0
    for tie in slate.certificate.ties:
        if tie.after < covered:
            raise Broken(0, "S.8", "抽签的证明次序不对")
        _verify_quiet(programme, lots, slate, covered, tie.after)
        asked = passed_over(programme, lots, sums, chosen, tie.after, tie.until)
        if asked is None or tie.proof.bound != given(asked):
            raise Broken(0, "S.8", "抽签的证明不成立")
        way.replay(way.in_arrays(asked), tie.proof)
        covered = tie.until
    _verify_quiet(programme, lots, slate, covered, len(chosen))


def _verify_quiet(programme: Programme, lots: Lots, slate: Slate, after: int, until: int) -> None:
    """Between these places nobody was passed over, so there is nothing to prove."""
    if after >= until:
        return
    asked = passed_over(programme, lots, slate.support, slate.chosen, after, until)
    if asked is None or any(asked.weights):
        raise Broken(0, "S.8", "抽签未证明：第{place}名之前有可以入选的人", place=until)


def passed_over(
    programme: Programme, lots: Lots, sums: Sequence[int], chosen: Sequence[str], after: int, until: int
) -> Claim | None:
    """How many of those passed over between places ``after`` and ``until`` of the list could be on one as good.

    The first ``after`` persons are given. None where it cannot be put so: a group that is passed over has members
    on the list after the given ones, or a like person with an earlier lot was passed over.
    """
    if not 0 <= after < until <= len(chosen):
        return None
    whole = programme.counts(chosen)
    start = programme.counts(chosen[:after])
    first = lots.ticket(chosen[after - 1]) if after else ""
    last = lots.ticket(chosen[until - 1])
    listed = set(chosen)
    weights = [0] * len(programme.groups)
    for place, group in enumerate(programme.groups):
        count = whole[place]
        if not listed.issuperset(group.ids[:count]):
            return None
        # Within a group the lots decide first, so only the first one passed over has a question to ask.
        if count < len(group.ids) and first < lots.ticket(group.ids[count]) < last:
            if count != start[place]:
                return None
            weights[place] = 1
    least = tuple(max(group.least, n) for group, n in zip(programme.groups, start, strict=True))
    most = tuple(len(group.ids) for group in programme.groups)
    return Claim(programme, tuple(weights), least, most, tuple(sums))


def given(asked: Claim) -> int:
    """How many of the groups asked about stand on the list already."""
    return sum(n for n, weight in zip(asked.least, asked.weights, strict=True) if weight)
