"""Let the lots decide among lists equal in every support (同等支持时抽签决定).

Walk the people in the drawn order and take each one with whom, and with those already taken, a best list still
exists. Nobody can tell beforehand whom that favours; persons alike in every respect change places with equal
chance; and it can be repeated by hand. The proof says of those passed over that they could not have been taken.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from fourgates.chance import Lots
from fourgates.slate.answer import Proof, Tie
from fourgates.slate.certificate import given, passed_over
from fourgates.slate.engine import Engine
from fourgates.slate.programme import Programme
from fourgates.slate.proof import Claim
from fourgates.slate.prove import Budget, prove
from fourgates.slate.watch import Watch

SOME = 20


@dataclass(frozen=True)
class Walk:
    """Where the lots led: how many of each group, the proofs, and whether they are all there."""

    counts: tuple[int, ...]
    ties: tuple[Tie, ...]
    complete: bool


def draw(
    programme: Programme,
    lots: Lots,
    sums: Sequence[int],
    counts: Sequence[int],
    watch: Watch,
    budget: Budget,
) -> Walk:
    """From any best list to the one the lots choose, with the proofs that nobody was passed over wrongly."""
    ties: list[Tie] = []
    size = sum(counts)
    engine = Engine(programme, sums, watch=watch)
    after = 0
    while after < size:
        chosen = programme.listed(lots, counts)
        # First of all the rest at once: mostly no other list is as good, and one proof says so.
        for until in dict.fromkeys((size, after + 1)):
            asked = passed_over(programme, lots, sums, chosen, after, until)
            if asked is None:
                continue
            proof, better = _settled(engine, programme, lots, asked, budget)
            if proof is not None:
                ties += [Tie(after, until, proof)] if any(asked.weights) else []
                after = until
                break
            if until == after + 1:
                if better is None:
                    return Walk(tuple(counts), tuple(ties), complete=False)
                counts = better
    return Walk(tuple(counts), tuple(ties), complete=True)


def _settled(
    engine: Engine, programme: Programme, lots: Lots, asked: Claim, budget: Budget
) -> tuple[Proof | None, list[int] | None]:
    """A proof that none of those passed over could have stood, or a list on which one of them does."""
    already = given(asked)
    if not any(asked.weights):
        return Proof(0, ()), None
    quick = prove(engine, asked, already, Budget(0, trying=True))
    if quick.bound == already:
        return quick, None
    if engine.watch.over:
        return None, None
    better = _other(engine, programme, lots, asked)
    if better is not None:
        return None, better
    proof = prove(engine, asked, already, budget)
    return (proof if proof.bound == already else None), None


def _other(engine: Engine, programme: Programme, lots: Lots, asked: Claim) -> list[int] | None:
    """A list as good with someone of those passed over, the earliest lots weighing most; None when none is."""
    least = asked.least
    passed = [place for place, weight in enumerate(asked.weights) if weight]
    passed.sort(key=lambda place: lots.ticket(programme.groups[place].ids[least[place]]))
    for place, low in enumerate(least):
        engine.narrow(place, low, asked.most[place])
    for start in range(0, len(passed), SOME):
        some = passed[start : start + SOME]
        weights = [0] * len(programme.groups)
        for rank, place in enumerate(reversed(some)):
            # Each outweighs all after it; one more of a group is as good as many.
            weights[place] = 1 << rank
            engine.narrow(place, least[place], least[place] + 1)
        found = engine.best(weights, whole=True)
        for place in some:
            engine.narrow(place, least[place], asked.most[place])
        if found is not None and not found.empty:
            counts = [round(value) for value in found.values[: len(least)]]
            if any(counts[place] > least[place] for place in some):
                return counts
    return None
