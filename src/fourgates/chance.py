r"""Lots drawn from a published seed (抽签): every tie and every shuffle, the same on every machine, for ever.

Nothing here depends on the process, the platform, the order of a set or the language's own generator; with the
seed and any SHA-256 tool a draw can be repeated by hand:

* *Numbers.* Block ``i`` (0, 1, 2, …) is the SHA-256 of the text ``seed`` + line feed + ``i`` in decimal, read as
  one whole number of 256 bits. ``below(n)`` takes the next block; a block that is not under the greatest multiple
  of ``n`` in 2²⁵⁶ is thrown away (so that no remainder is likelier than another); the answer is block mod ``n``.
* *Order.* ``order(ids)`` gives each id the ticket SHA-256(``seed`` + line feed + ``ticket`` + line feed + ``id``)
  and sorts by ticket as hexadecimal. Who else is in the draw changes nobody's ticket. On a shell:
  ``printf 'seed\nticket\nid' | sha256sum``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from types import MappingProxyType
from typing import TypeVar

from fourgates.errors import Refused

T = TypeVar("T")
_BLOCKS = 1 << 256


class Lots:
    """A drum of lots (签筒) filled by one published seed; numbers come out of it one after the other."""

    def __init__(self, seed: str, called: Mapping[str, str] = MappingProxyType({})) -> None:
        """``called``: id → the name under which it draws, where that is not the id itself."""
        self.seed = seed
        self.called = called
        self.drawn = 0

    def below(self, n: int) -> int:
        """The next lot: a whole number from 0 up to but not including ``n``, each equally likely."""
        if not 0 < n <= _BLOCKS:
            raise Refused("S.1", "抽签的范围应当是正整数：{n}", n=str(n))
        limit = _BLOCKS - _BLOCKS % n
        while True:
            block = int.from_bytes(sha256(f"{self.seed}\n{self.drawn}".encode()).digest())
            self.drawn += 1
            if block < limit:
                return block % n

    def shuffle(self, items: Sequence[T]) -> list[T]:
        """The items in a drawn order: from the last place down, each place swaps with one at or before it."""
        drawn = list(items)
        for last in range(len(drawn) - 1, 0, -1):
            other = self.below(last + 1)
            drawn[last], drawn[other] = drawn[other], drawn[last]
        return drawn

    def order(self, ids: Iterable[str]) -> list[str]:
        """The ids by their tickets, lowest first; the order in which they came does not matter.

        It draws no numbers: asking twice gives the same order.
        """
        drawers = list(ids)
        return drawers if len(drawers) < 2 else sorted(drawers, key=lambda each: (self.ticket(each), each))

    def ticket(self, drawer: str) -> str:
        """The ticket this id draws (签号), 64 hexadecimal digits."""
        return sha256(f"{self.seed}\nticket\n{self.called.get(drawer, drawer)}".encode()).hexdigest()

    def of(self, purpose: str) -> Lots:
        """A fresh drum for one purpose, so that draws for one thing never shift those for another."""
        return Lots(f"{self.seed}\n{purpose}", self.called)
