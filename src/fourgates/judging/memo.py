"""What was worked out and is remembered (记忆): until a fact changes, and onward where what it was worked out from is equal."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

from fourgates.facts import Facts

P = ParamSpec("P")
R = TypeVar("R")


def remembered(work: Callable[Concatenate[Facts, P], R]) -> Callable[Concatenate[Facts, P], R]:
    """``work`` done once for the same facts and arguments."""

    @wraps(work)
    def asked(facts: Facts, /, *args: P.args, **kwargs: P.kwargs) -> R:
        key = (work.__name__, *args)
        if key not in facts.memo:
            facts.memo[key] = work(facts, *args, **kwargs)
        found: Any = facts.memo[key]
        return found  # type: ignore[no-any-return]  # what `work` gave

    return asked


def earlier_of(facts: Facts) -> dict[tuple[str, str], Any]:
    """What was worked out from these facts or earlier ones, each with what it was worked out from."""
    found: dict[tuple[str, str], Any] = facts.memo.setdefault("earlier", {})
    return found


def again(facts: Facts, key: tuple[str, str], work: Callable[..., R], *given: Any) -> R:
    """What ``work`` makes of ``given``: what it made before under ``key``, where it was given the same.

    It is given values and no facts, so that nothing it reads can change unseen.
    """
    earlier = earlier_of(facts)
    known: tuple[tuple[Any, ...], R] | None = earlier.get(key)
    if known is None or known[0] != given:
        known = earlier[key] = given, work(*given)
    return known[1]
