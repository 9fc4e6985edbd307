"""Committees from approval ballots: sequential Phragmén and the method of equal shares."""

from __future__ import annotations

import random
from collections import Counter
from functools import partial

from benchmarks.slate.peers import Bench

from fourgates.slate.ballots import Ballots, gather, write_abc
from fourgates.slate.proportional import candidates_of, elect


def votes(voters: int, candidates: int) -> Ballots:
    """Eight approvals a voter, some candidates liked far more than others."""
    dice = random.Random(voters + candidates)  # noqa: S311 - a made-up question
    liked = [1 / (place + 1) ** 0.7 for place in range(candidates)]
    cast: Counter[tuple[int, ...]] = Counter()
    for _ in range(voters):
        approved: set[int] = set()
        while len(approved) < 8:
            approved.update(dice.choices(range(candidates), liked, k=8 - len(approved)))
        cast[tuple(sorted(approved))] += 1
    return gather(tuple(str(each) for each in range(candidates)), cast)


def committees(bench: Bench) -> None:
    """Phragmén and equal shares."""
    for voters, candidates, size in (
        (1_000, 100, 20),
        (10_000, 100, 20),
        (10_000, 1_000, 200),
        (100_000, 100, 20),
        (100_000, 1_000, 200),
    ):
        ballots = votes(voters, candidates)
        path = bench.folder / f"{voters}-{candidates}.abc.yaml"
        path.write_text(write_abc(ballots, size), encoding="utf-8")
        for rule in ("phragmen", "shares"):
            problem = candidates_of(ballots, size)
            name = f"{rule}, {voters:,} voters, {size} of {candidates}"
            chosen, spent = bench.ours(name, partial(elect, ballots, problem, rule))
            found = bench.theirs(rule, [str(path)], spent)
            if chosen is not None and found is not None:
                print(
                    "   same winners" if sorted(map(int, chosen)) == found else "   other winners (ties)",
                    end="",
                )
                print()
