"""Patience with wrong codes (防试探): whoever tries codes is slowed down, and nobody with a good one ever is.

A village may come from one address: only wrong codes count, and the address that sent too many is answered for a while
that it should look at its slip again, while good codes from the same address pass.
"""

from __future__ import annotations

from collections import OrderedDict

WRONG_AT_MOST = 60
WITHIN = 600.0
"""Sixty wrong codes from one address in ten minutes; with 80 bits a code, guessing stays hopeless far beyond that."""

ADDRESSES_AT_MOST = 10_000


class Patience:
    """Counts wrong codes by address, in memory only: nothing of who asked is ever written down."""

    def __init__(self) -> None:
        self._wrong: OrderedDict[str, tuple[float, int]] = OrderedDict()

    def wrong(self, address: str, now: float) -> bool:
        """One more wrong code from ``address`` at ``now`` (seconds); gives whether that was too many."""
        since, count = self._wrong.pop(address, (now, 0))
        if now - since > WITHIN:
            since, count = now, 0
        self._wrong[address] = since, count + 1
        if len(self._wrong) > ADDRESSES_AT_MOST:
            self._wrong.popitem(last=False)
        return count + 1 > WRONG_AT_MOST
