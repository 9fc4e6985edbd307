"""Whether a committee represents (代表性检验): justified representation and its extensions, judged alone.

A group of at least ℓ·n/k voters deserves ℓ members. For a committee W of k out of n voters' ballots:

* *JR*: no n/k voters who agree on a candidate have nobody in W.
* *PJR*: no ℓ·n/k voters who agree on ℓ candidates have together fewer than ℓ in W.
* *EJR*: no ℓ·n/k voters who agree on ℓ candidates each have fewer than ℓ in W.
* *EJR+*: no ℓ·n/k voters who agree on a candidate outside W each have fewer than ℓ in W. It implies EJR, EJR
  implies PJR and PJR implies JR; it can be looked up quickly.

Each check gives the broken promise, or None. Whole numbers only; nothing is known of how W was chosen.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence

import msgspec

from fourgates.slate.ballots import Ballots


class Slighted(msgspec.Struct, frozen=True):
    """Voters who deserve ``level`` members and have fewer each: how many there are, and whom they agree on."""

    level: int
    voters: int
    agree_on: tuple[str, ...]


def jr(ballots: Ballots, chosen: Sequence[str]) -> Slighted | None:
    """Justified representation."""
    return next(_slighted_plus(ballots, chosen, range(1, 2)), None)


def ejr_plus(ballots: Ballots, chosen: Sequence[str]) -> Slighted | None:
    """Extended justified representation, strengthened."""
    return next(_slighted_plus(ballots, chosen, range(1, len(chosen) + 1)), None)


def ejr(ballots: Ballots, chosen: Sequence[str]) -> Slighted | None:
    """Extended justified representation: tries candidate after candidate, only where enough voters still agree."""
    if ejr_plus(ballots, chosen) is None:
        return None
    have = _have(ballots, chosen)
    size = len(chosen)
    for level in range(1, size + 1):
        poor = [place for place, count in enumerate(have) if count < level]
        supporters = [0] * len(ballots.candidates)
        for bit, place in enumerate(poor):
            for each in ballots.ballots[place]:
                supporters[each] |= 1 << bit
        weights = [ballots.weights[place] for place in poor]
        need = level * ballots.voters
        agreed = _search(supporters, weights, level, need, size, (1 << len(poor)) - 1, 0)
        if agreed is not None:
            together, bits = agreed
            return Slighted(level, _weight(bits, weights), tuple(ballots.candidates[c] for c in together))
    return None


def pjr(ballots: Ballots, chosen: Sequence[str]) -> Slighted | None:
    """Proportional justified representation: of those who agree, the most who are content with few members together.

    For ℓ candidates agreed on, each choice of ℓ − 1 members leaves those voters whose members are all among these.
    """
    if ejr(ballots, chosen) is None:
        return None
    place = {each: number for number, each in enumerate(ballots.candidates)}
    listed = [place[each] for each in chosen]
    size = len(chosen)
    for level in range(1, size + 1):
        need = level * ballots.voters
        for few in itertools.combinations(listed, level - 1):
            others = frozenset(listed) - frozenset(few)
            poor = [voter for voter, ballot in enumerate(ballots.ballots) if others.isdisjoint(ballot)]
            weights = [ballots.weights[voter] for voter in poor]
            if sum(weights) * size < need:
                continue
            supporters = [0] * len(ballots.candidates)
            for bit, voter in enumerate(poor):
                for each in ballots.ballots[voter]:
                    supporters[each] |= 1 << bit
            agreed = _search(supporters, weights, level, need, size, (1 << len(poor)) - 1, 0)
            if agreed is not None:
                together, bits = agreed
                return Slighted(level, _weight(bits, weights), tuple(ballots.candidates[c] for c in together))
    return None


def _slighted_plus(ballots: Ballots, chosen: Sequence[str], levels: Sequence[int]) -> Iterator[Slighted]:
    by_count: dict[int, list[int]] = {}
    for place, count in enumerate(_have(ballots, chosen)):
        by_count.setdefault(count, []).append(place)
    listed = set(chosen)
    counts = [0] * len(ballots.candidates)
    for level in levels:
        # Those with fewer than this level: those with one less join those counted before.
        for place in by_count.get(level - 1, ()):
            for each in ballots.ballots[place]:
                counts[each] += ballots.weights[place]
        for name, count in zip(ballots.candidates, counts, strict=True):
            if name not in listed and count and count * len(chosen) >= level * ballots.voters:
                yield Slighted(level, count, (name,))


def _search(
    supporters: Sequence[int], weights: Sequence[int], left: int, need: int, size: int, among: int, start: int
) -> tuple[tuple[int, ...], int] | None:
    """Some ``left`` more candidates whose common supporters still weigh enough."""
    if left == 0:
        return (), among
    for each in range(start, len(supporters) - left + 1):
        common = among & supporters[each]
        if common and _weight(common, weights) * size >= need:
            rest = _search(supporters, weights, left - 1, need, size, common, each + 1)
            if rest is not None:
                return (each, *rest[0]), rest[1]
    return None


def _have(ballots: Ballots, chosen: Sequence[str]) -> list[int]:
    place = {each: number for number, each in enumerate(ballots.candidates)}
    listed = {place[each] for each in chosen}
    return [sum(each in listed for each in ballot) for ballot in ballots.ballots]


def _weight(bits: int, weights: Sequence[int]) -> int:
    total, place = 0, 0
    while bits:
        low = bits & -bits
        place = low.bit_length() - 1
        total += weights[place]
        bits ^= low
    return total
