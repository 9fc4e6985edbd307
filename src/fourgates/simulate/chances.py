"""Repeatable chance (种子): every invented thing follows from one published seed and the name of its place.

The rules draw lots elsewhere; here chance only invents, so the standard generator is enough.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from random import Random


def chances(seed: str, *place: str | int) -> Random:
    """A generator that depends on ``seed`` and ``place`` alone, so that one file's noise never moves another's."""
    text = "\x1f".join([seed, *map(str, place)])
    return Random(int.from_bytes(sha256(text.encode()).digest(), "big"))


def split(total: int, parts: int, least: int, rng: Random, evenness: float = 3.0) -> list[int]:
    """``total`` cut into ``parts`` whole numbers of at least ``least`` each, uneven as real units are.

    Raises ``ValueError`` when the total is too small.
    """
    spare = total - parts * least
    if spare < 0:
        raise ValueError(f"{total} cannot be cut into {parts} parts of at least {least}")
    weights = [rng.gammavariate(evenness, 1.0) for _ in range(parts)]
    whole = sum(weights)
    cuts = [least + int(spare * weight / whole) for weight in weights]
    for i in range(total - sum(cuts)):
        cuts[i % parts] += 1
    return cuts


def weighted(items: Sequence[str], weights: Sequence[float], count: int, rng: Random) -> list[str]:
    """Up to ``count`` different items, the heavier the likelier, in the order drawn."""
    keyed = sorted(
        zip((rng.random() ** (1 / weight) for weight in weights), items, strict=True), reverse=True
    )
    return [item for _, item in keyed[:count]]
