"""Find the best list and prove it (拟订名单).

Support by support: the greatest sum first, kept, then the next; among the lists equal in all of them the lots
decide (``ties``). What the solver finds is judged again in whole numbers, and proven, before it is given out.
"""

from __future__ import annotations

from collections.abc import Sequence

from fourgates.chance import Lots
from fourgates.errors import Refused
from fourgates.slate.answer import Certificate, Conflict, Proof, Slate
from fourgates.slate.check import check
from fourgates.slate.conflict import explain
from fourgates.slate.engine import Engine, Found, Progress, Watch
from fourgates.slate.model import Problem, admit
from fourgates.slate.programme import Programme, frame
from fourgates.slate.proof import claim
from fourgates.slate.prove import BRANCHES, Budget, prove
from fourgates.slate.ties import draw


def solve(
    problem: Problem, progress: Progress | None = None, time_limit: float | None = None
) -> Slate | Conflict:
    """The best lawful list with its certificate, or the conflict when there is none.

    ``time_limit`` bounds the seconds the solver works; past it the best list so far comes back, ``complete`` false
    and its bound stated, or ``Refused`` (S.9) when none was found yet. ``progress`` hears stage, value and bound.
    The same problem and seed give the same list in every process and on every machine.
    """
    admit(problem)
    slate = choose(problem, progress, time_limit)
    return explain(problem, choose) if slate is None else slate


def choose(
    problem: Problem, progress: Progress | None = None, time_limit: float | None = None
) -> Slate | None:
    """The best lawful list with its certificate, or None when no list exists."""
    programme = frame(problem)
    watch = Watch(time_limit)
    budget = Budget(BRANCHES)
    sums: list[int] = []
    stages: list[Proof] = []
    counts: list[int] | None = None
    proven = True
    for place in range(len(problem.people[0].support) if problem.people else 0):
        weights = [group.support[place] for group in programme.groups]
        engine = Engine(programme, sums, watch=watch)
        found = engine.best(weights, whole=True)
        if found is None:
            return None
        counts = _counts(programme, found)
        value = sum(weight * count for weight, count in zip(weights, counts, strict=True))
        proof = prove(engine, claim(programme, weights, sums), value, budget if found.optimal else Budget(0))
        stages.append(proof)
        sums.append(value)
        proven = proof.bound == value
        if progress is not None:
            progress(f"support {place + 1}", value, proof.bound)
        if not proven:
            break
    if counts is None:
        found = Engine(programme, watch=watch).best([0] * len(programme.groups), whole=True)
        if found is None:
            return None
        counts = _counts(programme, found)
    lots = Lots(problem.seed)
    if not proven:
        return _slate(problem, lots, programme, counts, Certificate(tuple(stages), ()), complete=False)
    walk = draw(programme, lots, sums, counts, watch, budget)
    certificate = Certificate(tuple(stages), walk.ties)
    return _slate(problem, lots, programme, walk.counts, certificate, complete=walk.complete)


def _counts(programme: Programme, found: Found) -> list[int]:
    if not found.values and programme.groups:
        raise Refused("S.9", "在限定的时间内没有找到名单")
    return [round(value) for value in found.values[: len(programme.groups)]]


def _slate(
    problem: Problem,
    lots: Lots,
    programme: Programme,
    counts: Sequence[int],
    certificate: Certificate,
    *,
    complete: bool,
) -> Slate:
    chosen = programme.listed(lots, counts)
    judged = check(problem, chosen)
    if not judged.lawful:
        raise Refused("S.9", "求解结果经整数复核不成立")
    bound = tuple(stage.bound for stage in certificate.stages)
    return Slate(chosen, judged.support, bound, complete, certificate)
