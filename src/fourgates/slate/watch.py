"""How long a search may go on, and what it says meanwhile (时限与进度)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

Progress = Callable[[str, int, int], None]
"""Called with the stage's name, the best value so far and the bound."""


@dataclass
class Watch:
    """How long the solver may work for one question, all its engines together, and how long it has.

    ``stop`` ends a search from outside (a signal, another thread): what was found by then comes back with its bound.
    """

    limit: float | None = None
    spent: float = 0.0
    stopped: bool = False
    hear: Callable[[float, float], None] | None = None

    def stop(self) -> None:
        """End the search as soon as may be."""
        self.stopped = True

    @property
    def left(self) -> float:
        """Seconds left; never quite nothing, so that even then a quick answer is found."""
        return float("inf") if self.limit is None else max(self.limit - self.spent, 0.01)

    @property
    def over(self) -> bool:
        """Whether the time is up or the search was stopped."""
        return self.stopped or (self.limit is not None and self.spent >= self.limit)
