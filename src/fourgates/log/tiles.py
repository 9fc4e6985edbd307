"""A tree as files anyone can fetch (树片): ``tile/<level>/<n>`` and ``tile/entries/<n>`` (C2SP tlog-tiles).

A full tile holds 256 hashes, a full bundle 256 lines behind two bytes of length each; the last of a level may be
narrower and says so in its name. Tiles are plain SHA-256: a tree of another hash is published, but no C2SP reader reads it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from hashlib import sha256
from typing import Final

from fourgates.errors import Refused
from fourgates.log import tree
from fourgates.log.tree import WIDTH, Hash, Tree

FULL: Final = 256
LONGEST: Final = (1 << 16) - 1
TILES: Final = "tile"
Fetch = Callable[[str], bytes]


def path(level: int | str, n: int, width: int = FULL) -> str:
    """Where a tile lies: ``tile/0/x001/x234/067``, a partial one with ``.p/<width>``; ``entries`` for bundles of lines."""
    groups = [f"{n % 1000:03d}"]
    while n := n // 1000:
        groups.append(f"x{n % 1000:03d}")
    partial = "" if width == FULL else f".p/{width}"
    return f"{TILES}/{level}/{'/'.join(reversed(groups))}{partial}"


def spans(size: int) -> Iterator[tuple[int, int, int]]:
    """Every tile a tree of that size has: level, number, width."""
    level = 0
    while size:
        full, rest = divmod(size, FULL)
        yield from ((level, n, FULL) for n in range(full))
        if rest:
            yield level, full, rest
        level, size = level + 1, full


def hashes(made: Tree, size: int | None = None) -> Iterator[tuple[str, bytes]]:
    """Path and content of every tile over the first ``size`` leaves, all unless given."""
    for level, n, width in spans(made.size if size is None else size):
        yield path(level, n, width), b"".join(made.levels[8 * level][n * FULL : n * FULL + width])


def entries(lines: Sequence[bytes]) -> Iterator[tuple[str, bytes]]:
    """Path and content of every bundle of lines; ``Refused`` (R.11) for a line longer than a bundle can hold."""
    for level, n, width in spans(len(lines)):
        if level == 0:
            some = lines[n * FULL : n * FULL + width]
            yield path("entries", n, width), b"".join(map(bundled, some))


def bundled(line: bytes) -> bytes:
    """A line as it stands in a bundle; ``Refused`` (R.11) when it is too long for one."""
    if len(line) > LONGEST:
        raise Refused("R.11", "这一条有{bytes}字节，超出每条{most}字节的上限", bytes=len(line), most=LONGEST)
    return len(line).to_bytes(2, "big") + line


def unbundled(content: bytes) -> list[bytes]:
    """The lines in a bundle; ``Refused`` (R.8) when it is cut short."""
    lines, at = [], 0
    while at < len(content):
        length = int.from_bytes(content[at : at + 2], "big")
        line = content[at + 2 : at + 2 + length]
        if len(content) - at < 2 + length:
            raise Refused("R.8", "树片不完整：{file}", file="tile/entries")
        lines.append(line)
        at += 2 + length
    return lines


def read_leaves(fetch: Fetch, size: int) -> list[bytes]:
    """The leaves of a published tree of that size; ``fetch`` gives the bytes at a path.

    ``Refused`` (R.8) for a tile of another width than its name says.
    """
    found: list[bytes] = []
    for level, n, width in spans(size):
        if level == 0:
            where = path(0, n, width)
            content = fetch(where)
            if len(content) != width * WIDTH:
                raise Refused("R.8", "树片不完整：{file}", file=where)
            found += [content[at : at + WIDTH] for at in range(0, len(content), WIDTH)]
    return found


def read_lines(fetch: Fetch, size: int) -> list[bytes]:
    """The lines of a published tree of that size; ``Refused`` (R.8) for a bundle of another number of lines."""
    found: list[bytes] = []
    for level, n, width in spans(size):
        if level == 0:
            where = path("entries", n, width)
            some = unbundled(fetch(where))
            if len(some) != width:
                raise Refused("R.8", "树片不完整：{file}", file=where)
            found += some
    return found


def agree(
    leaves: Sequence[bytes], lines: Mapping[int, bytes], root: bytes, hashing: Hash = sha256
) -> int | None:
    """Whether the lines shown (by index from 0) and the leaves of those withheld stand under ``root``.

    Gives ``None`` when they do; the index of the first line that is not what its leaf says; the number of leaves when each
    line is but the root is another.
    """
    for index, line in sorted(lines.items()):
        if not 0 <= index < len(leaves) or tree.leaf(line, hashing) != leaves[index]:
            return index
    frontier = tree.Frontier(hashing)
    frontier.extend(leaves)
    return None if frontier.root() == root else len(leaves)
