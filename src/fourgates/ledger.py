"""Write one entry; read entries, checking that each follows the last (纪实链).

An entry is one line: canonical JSON of its number, time, author, event and the seal of the line before. The line is
what is hashed. How seals are made and joined is behind ``Chain``: a tree can take its place without touching a rule.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Annotated

import msgspec

from fourgates import canon
from fourgates.errors import Broken, Refused
from fourgates.events import Event

FIRST = "0" * 64
TOGETHER, MOST = 500, 1 << 20  # lines, and bytes, looked at together
Moment = Annotated[
    str,
    msgspec.Meta(pattern="^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$", max_length=20),
]
Office = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
Salt = Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{32}$", min_length=32, max_length=32)]


class Entry(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, gc=False):
    """One entry of the record: ``n`` from 1 without gaps, ``at`` in UTC to the second, ``by`` the author's office,
    ``prev`` the seal of the entry before (64 zeros before the first); ``salt``, 16 bytes of the writer's chance in
    hexadecimal: where a line is withheld and only its hash is shown, nobody finds it by trying what it may say."""

    n: int
    at: Moment
    by: Office
    event: Event
    prev: str
    salt: Salt = ""


class Chain:
    """The seal of all entries so far: number ``n`` of the last and its ``head``, empty where that line is withheld."""

    __slots__ = ("head", "n")

    def __init__(self, n: int = 0, head: str = FIRST) -> None:
        self.n, self.head = n, head

    def seal(self, event: Event, *, at: str, by: str, salt: str = "") -> tuple[Entry, bytes]:
        """The next entry and the line to store, which this chain now ends in.

        The entry given back is the one a reader will find in the line; ``Refused`` (rule R.1) when none would.
        """
        try:
            line = canon.spell(Entry(self.n + 1, at, by, event, self.head, salt))
            return self.read(line), line
        except Broken as broken:
            raise Refused(broken.rule, broken.why, **broken.facts) from None
        except ValueError as error:
            raise Refused("R.1", "这一条写不成：{what}", what=str(error)) from None

    def read(self, line: bytes) -> Entry:
        """The entry in ``line``; ``Broken`` with its number when it is not spelt as it must be or does not follow."""
        number = self.n + 1
        try:
            entry = _reader.decode(line)
        except (ValueError, RecursionError) as error:
            raise Broken(number, "R.1", "这一条读不懂：{what}", what=str(error)) from None
        if canon.spell(entry) != line:
            raise Broken(number, "R.1", "这一条不是规范写法，内容被改动过")
        if entry.n != number:
            raise Broken(
                number,
                "R.2",
                "编号应为{number}，读到{read}：有条目缺失、多出或换了位置",
                number=number,
                read=entry.n,
            )
        if self.head and entry.prev != self.head:
            raise Broken(number, "R.3", "没有接在上一条之后：上一条或这一条被改动过")
        self.n, self.head = entry.n, canon.digest(line)
        return entry


_reader = canon.reader(Entry)


def read(lines: Iterable[bytes], chain: Chain | None = None) -> Iterator[Entry]:
    """The entries in ``lines``, each checked to follow the last; ``chain`` stands at the one given last."""
    return (entry for entry, _line in followed(lines, chain or Chain()))


def followed(lines: Iterable[bytes], chain: Chain) -> Iterator[tuple[Entry, bytes]]:
    """The entries in ``lines`` with their lines, each checked to follow the last; ``chain`` stands at the one given last.

    Lines are looked at in blocks, which says the same in half the time. Where a block is not as it must be, it is read line
    by line, and where ``lines`` itself breaks off, what came before is given first: whoever judges what is given meets the
    first thing that does not hold first.
    """
    coming = iter(lines)
    while True:
        block, broke = _block(coming)
        sound = _sound(block, chain)
        if sound is None:
            for line in block:  # pragma: no branch - the line that is not sound raises
                yield chain.read(line), line
        else:
            for entry, seal, line in zip(*sound, block, strict=True):
                chain.n, chain.head = entry.n, seal
                yield entry, line
        if broke is not None:
            raise broke
        if not block:
            return


def _block(coming: Iterator[bytes]) -> tuple[list[bytes], Exception | None]:
    """The next lines, and what broke off after them."""
    block: list[bytes] = []
    size = 0
    try:
        for line in coming:
            block.append(line)
            size += len(line)
            if len(block) == TOGETHER or size > MOST:
                break
    except (Broken, OSError) as broke:
        return block, broke
    return block, None


def _sound(block: list[bytes], chain: Chain) -> tuple[list[Entry], list[str]] | None:
    """The entries of a block and their seals, where each is spelt as it must be and follows the last; else ``None``."""
    joined = b"".join([line + b"\n" for line in block])
    try:
        entries = _reader.decode_lines(joined)
    except (ValueError, RecursionError):
        return None
    if len(entries) != len(block) or canon.spell_lines(entries) != joined:
        return None
    seals = [canon.digest(line) for line in block]
    for number, (entry, before) in enumerate(zip(entries, (chain.head, *seals), strict=False), chain.n + 1):
        if entry.n != number or (entry.prev != before and before):
            return None
    return entries, seals
