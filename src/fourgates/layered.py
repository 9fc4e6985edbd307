"""A mapping of which a changed copy costs little (分层映射): what stood is shared, what changed lies above it.

It behaves as a dictionary does that is copied before it is changed, the order of its keys included; an older copy never
notices. A change to one of ``n`` keys costs about the cube root of ``n``.
"""

from __future__ import annotations

from collections.abc import ItemsView, Iterable, Iterator, Mapping, ValuesView
from typing import TypeVar, overload

K = TypeVar("K")
V = TypeVar("V")
D = TypeVar("D")
FEW = 16


class Layered(Mapping[K, V]):
    """What was changed last ``above`` what was changed before that, above what stood ``below``; none of the three is changed
    by anybody once it is here."""

    __slots__ = ("_above", "_below", "_middle")

    def __init__(
        self,
        below: Mapping[K, V] | Iterable[tuple[K, V]] = (),
        above: dict[K, V] | None = None,
        middle: dict[K, V] | None = None,
    ) -> None:
        self._below: dict[K, V] = below if isinstance(below, dict) else dict(below)
        self._middle: dict[K, V] = {} if middle is None else middle
        self._above: dict[K, V] = {} if above is None else above
        root = len(self._below).bit_length() // 3
        if len(self._above) > FEW + (1 << root):
            self._middle = {**self._middle, **self._above}
            self._above = {}
            if len(self._middle) > FEW + (1 << 2 * root):
                self._settle()

    def but(self, key: K, value: V) -> Layered[K, V]:
        """This mapping with another value under ``key``, which keeps its place, or comes last when it is new."""
        return Layered(self._below, {**self._above, key: value}, self._middle)

    def without(self, key: K) -> Layered[K, V]:
        """This mapping without ``key``; the same when it has none."""
        if key not in self:
            return self
        return Layered((other, value) for other, value in self.items() if other != key)

    def changing(self) -> Changing[K, V]:
        """A copy to be changed in place by whoever made it, and by nobody else."""
        return Changing(self._below, dict(self._above), self._middle)

    def since(self, earlier: Layered[K, V]) -> set[K] | None:
        """The keys under which this may hold something else than ``earlier`` did, some of them the same; ``None`` where both do
        not stand on the same ground, and everything may be different."""
        if self._below is not earlier._below:
            return None
        return {*self._middle, *self._above, *earlier._middle, *earlier._above}

    def seen(self) -> Layered[K, V]:
        """What it is now, whatever becomes of it."""
        return self

    def _settle(self) -> dict[K, V]:
        """Everything in one dictionary. ``below`` is put first and ``above`` is read first everywhere, so that a reader in
        another thread meets one or the other and never a gap."""
        middle, above = self._middle, self._above
        if middle or above:
            self._below = {**self._below, **middle, **above}
            self._middle = {}
            self._above = {}
        return self._below

    def __getitem__(self, key: K) -> V:
        for layer in (self._above, self._middle):
            if key in layer:
                return layer[key]
        return self._below[key]

    @overload
    def get(self, key: K, /) -> V | None: ...

    @overload
    def get(self, key: K, /, default: V | D) -> V | D: ...

    def get(self, key: K, /, default: V | D | None = None) -> V | D | None:
        """The value under ``key``, else ``default``, without an exception in between."""
        if key in self._above:
            return self._above[key]
        return self._middle[key] if key in self._middle else self._below.get(key, default)

    def __contains__(self, key: object) -> bool:
        return key in self._above or key in self._middle or key in self._below

    def __iter__(self) -> Iterator[K]:
        return iter(self._settle())

    def __len__(self) -> int:
        return len(self._settle())

    def items(self) -> ItemsView[K, V]:
        """Keys and values, in their order."""
        return self._settle().items()

    def values(self) -> ValuesView[V]:
        """The values, in the order of their keys."""
        return self._settle().values()

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Layered):
            return self is other or self._settle() == other._settle()
        return self._settle() == other

    __hash__ = None  # type: ignore[assignment]  # a mapping is none of its keys

    def __repr__(self) -> str:
        return f"Layered({self._settle()!r})"


class Changing(Layered[K, V]):
    """A layered mapping in the making: it is changed in place, until ``done`` gives what became of it."""

    __slots__ = ()

    def put(self, key: K, value: V) -> None:
        """Set the value under ``key``."""
        self._above[key] = value

    def seen(self) -> Layered[K, V]:
        """What it is now, whatever becomes of it."""
        return Layered(self._below, dict(self._above), self._middle)

    def done(self) -> Layered[K, V]:
        """What it is now; it may not be changed afterwards."""
        return Layered(self._below, self._above, self._middle)
