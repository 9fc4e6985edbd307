"""How a proof is replayed (验证的两种算法): plainly, with nothing but the language; or in arrays for very many persons.

Both read the same proof and say the same (a test holds them together). The plain one is the one to read and to trust;
where there are no arrays, or few persons, it is the only one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import NamedTuple

from fourgates.slate import columns, frame, pool, reckoning
from fourgates.slate.answer import Proof
from fourgates.slate.model import Problem
from fourgates.slate.programme import Programme
from fourgates.slate.proof import Claim, claim, replay


class Way(NamedTuple):
    """``frame`` and ``leaning`` write programmes; ``claim(programme, support, sums)`` says what is proven (of nothing
    but possibility where ``support`` is None); ``in_arrays`` makes any claim fit for ``replay``."""

    frame: Callable[..., Programme]
    leaning: Callable[..., Programme]
    claim: Callable[[Programme, int | None, Sequence[int]], Claim]
    in_arrays: Callable[[Claim], Claim]
    replay: Callable[[Claim, Proof], None]


def _plain_claim(programme: Programme, support: int | None, sums: Sequence[int]) -> Claim:
    weights = [0 if support is None else group.support[support] for group in programme.groups]
    return claim(programme, weights, sums)


def _array_claim(programme: Programme, support: int | None, sums: Sequence[int]) -> Claim:
    its = columns.columns_of(programme)
    weights = its.least * 0 if support is None else its.worth(support)
    return Claim(programme, weights, its.least, its.most, tuple(sums))


def _in_arrays(asked: Claim) -> Claim:
    import numpy as np

    weights, least, most = (
        np.array(each, dtype=np.int64) for each in (asked.weights, asked.least, asked.most)
    )
    return replace(asked, weights=weights, least=least, most=most)


def _replay_arrays(asked: Claim, proof: Proof) -> None:
    replay(asked, proof, reckoning.Reckoner(asked).bound)


PLAIN = Way(frame.frame, frame.leaning, _plain_claim, lambda asked: asked, replay)
ARRAYS = Way(columns.lay, columns.leaning, _array_claim, _in_arrays, _replay_arrays)


def way_of(problem: Problem, *, plain: bool) -> tuple[Problem, Way]:
    """In arrays, where there are very many persons, arrays, and no wish to do without; the problem made fit for it."""
    if plain:
        return problem, PLAIN
    try:
        held = pool.Pool.held(problem)
    except ImportError:
        return problem, PLAIN
    return held, ARRAYS if isinstance(held.people, pool.Pool) else PLAIN
