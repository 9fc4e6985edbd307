"""Verify a conflict without the solver (验证无解): that no list exists, and that no smaller change helps.

* Each clash: the proof shows that no list meets all its rules, and the lists beside it that each rule is needed.
* Fewest rules: whatever helps touches every clash, so no change touches fewer rules than the fewest that do.
* Least loosened: for every set of that many rules that touches all clashes, a floor with its proof.
* Lowest ranked: every such set is there, so the order among those with equal floors can be seen.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import count, islice

from fourgates.errors import Broken, Refused
from fourgates.slate.answer import Change, Conflict, Floor
from fourgates.slate.certificate import verify, verify_clash
from fourgates.slate.frame import frame
from fourgates.slate.model import PER_UNIT, Problem, Rule, admit, loosen, rules
from fourgates.slate.programme import Programme
from fourgates.slate.replaying import Way, way_of

TOUCHED = 100_000


def verify_conflict(problem: Problem, conflict: Conflict, *, plain: bool = False) -> None:
    """Raise ``Broken`` unless the conflict proves what it says of this problem; ``plain`` as in ``certificate``."""
    admit(problem)
    problem, way = way_of(problem, plain=plain)
    every = rules(problem)
    if not conflict.clashes:
        raise Broken(0, "S.8", "没有说明任何冲突")
    for clash in conflict.clashes:
        verify_clash(problem, clash, way)
    touching = fewest(every, [clash.rules for clash in conflict.clashes])
    if [floor.rules for floor in conflict.floors] != touching:
        raise Broken(0, "S.8", "没有逐一证明各种调整的下限")
    for floor in conflict.floors:
        _verify_floor(problem, every, floor, way)
    order = sorted((floor.amount, rank(every, floor.rules)) for floor in conflict.floors)
    if not conflict.changes:
        raise Broken(0, "S.8", "没有给出调整办法")
    for change, (amount, place) in zip(conflict.changes, order, strict=False):
        touched = [each.rule for each in change.loosened]
        if change.amount != amount or rank(every, touched) != place:
            raise Broken(0, "S.8", "调整办法未按次序列出")
        _verify_change(problem, change, plain=plain)


def fewest(every: Sequence[Rule], clashes: Sequence[Sequence[Rule]]) -> list[tuple[Rule, ...]]:
    """All smallest sets of rules that touch every clash, each in the order of rank.

    ``Refused`` (S.9) past ``TOUCHED`` steps: how many clashes there are, a stranger may have chosen.
    """
    order = {rule: place for place, rule in enumerate(every)}
    limit, steps = 0, count(1)
    while True:
        found = {tuple(sorted(each, key=order.__getitem__)) for each in _touch(clashes, (), limit, steps)}
        if found:
            return sorted(found, key=lambda each: [order[rule] for rule in each])
        limit += 1


def _touch(
    clashes: Sequence[Sequence[Rule]], touched: tuple[Rule, ...], left: int, steps: Iterator[int]
) -> Iterator[tuple[Rule, ...]]:
    if next(steps) > TOUCHED:
        raise Refused("S.9", "冲突太多，在限定的步数内算不出最少要调整哪些要求")
    missed = next((clash for clash in clashes if not any(rule in touched for rule in clash)), None)
    if missed is None:
        yield touched
    elif left:
        for rule in missed:
            yield from _touch(clashes, (*touched, rule), left - 1, steps)


def rank(every: Sequence[Rule], touched: Sequence[Rule]) -> list[int]:
    """What sets of equally many rules are ordered by: the one whose rules stand lowest comes first."""
    return sorted(-every.index(rule) for rule in touched)[::-1]


def floor_frames(
    problem: Problem,
    every: Sequence[Rule],
    touched: Sequence[Rule],
    amount: int,
    write: Callable[..., Programme] = frame,
) -> Iterator[tuple[int, Programme]]:
    """The programmes a floor is proven over, by how far the per-unit number is raised; ``write`` makes them."""
    soft = [rule for rule in touched if rule.kind != PER_UNIT]
    kept = [rule for rule in every if rule not in touched or rule.kind == PER_UNIT]
    for raised in range(amount if len(soft) < len(touched) else 1):
        yield raised, write(problem, kept, soft, raised, supported=False)


def _verify_floor(problem: Problem, every: Sequence[Rule], floor: Floor, way: Way) -> None:
    # One more than was proven is enough to refuse: a stated amount is a stranger's number and may be of any size.
    every_frame = floor_frames(problem, every, floor.rules, floor.amount, way.frame)
    frames = list(islice(every_frame, len(floor.proofs) + 1))
    if len(frames) != len(floor.proofs):
        raise Broken(0, "S.8", "调整下限的证明不完整")
    for (raised, programme), proof in zip(frames, floor.proofs, strict=True):
        if proof.bound != raised - floor.amount:
            raise Broken(0, "S.8", "调整下限的证明不成立")
        way.replay(way.claim(programme, None, ()), proof)


def _verify_change(problem: Problem, change: Change, *, plain: bool) -> None:
    loosened = sum(abs(each.to - each.rule.bound) for each in change.loosened)
    if loosened != change.amount:
        raise Broken(0, "S.8", "调整的幅度不符")
    verify(loosen(problem, change.loosened), change.slate, plain=plain)
