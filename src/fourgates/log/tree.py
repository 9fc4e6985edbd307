"""The Merkle tree over the lines of a record (默克尔树): RFC 6962 and RFC 9162, section 2.1.

A leaf is the digest of ``00`` and the line, a node that of ``01`` and its two children. A frontier is all that must be
kept to go on adding; a whole tree also proves that a line is in it, and that a later tree goes on from an earlier one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from hashlib import sha256
from itertools import islice
from typing import Protocol

WIDTH = 32
_CHUNK = 1 << 14


class Digest(Protocol):
    """What a hash gives: an object that knows its ``digest()``."""

    def digest(self) -> bytes:
        """The digest, 32 bytes."""


Hash = Callable[[bytes], Digest]


def leaf(line: bytes, hashing: Hash = sha256) -> bytes:
    """The leaf of one line."""
    return hashing(b"\x00" + line).digest()


def empty(hashing: Hash = sha256) -> bytes:
    """The root of a tree without leaves."""
    return hashing(b"").digest()


class Frontier:
    """The perfect subtrees a tree consists of, largest first: enough to go on and to say the root, O(log n) bytes."""

    __slots__ = ("hash", "nodes", "size")

    def __init__(self, hashing: Hash = sha256) -> None:
        self.hash = hashing
        self.size = 0
        self.nodes: list[bytes] = []

    def add(self, node: bytes) -> None:
        """One more leaf."""
        size, nodes, hash_ = self.size, self.nodes, self.hash
        self.size = size + 1
        while size & 1:
            node = hash_(b"\x01" + nodes.pop() + node).digest()
            size >>= 1
        nodes.append(node)

    def extend(self, leaves: Iterable[bytes]) -> None:
        """Many more leaves, in blocks; of them no more than ``2**14`` are held at a time."""
        coming = iter(leaves)
        while block := list(islice(coming, _CHUNK)):
            start = 0
            while start < len(block):
                # The largest perfect subtree that may begin here and is there as a whole.
                width = 1 << ((len(block) - start).bit_length() - 1)
                width = min(width, self.size & -self.size) if self.size else width
                self._push(self._perfect(block[start : start + width]), width)
                start += width

    def _perfect(self, level: list[bytes]) -> bytes:
        hash_ = self.hash
        while len(level) > 1:
            level = [
                hash_(b"\x01" + left + right).digest()
                for left, right in zip(level[::2], level[1::2], strict=True)
            ]
        return level[0]

    def _push(self, node: bytes, width: int) -> None:
        size = self.size
        self.size += width
        while size & width:
            node = self.hash(b"\x01" + self.nodes.pop() + node).digest()
            width <<= 1
        self.nodes.append(node)

    def root(self) -> bytes:
        """The root as of now."""
        if not self.nodes:
            return empty(self.hash)
        *rest, node = self.nodes
        for left in reversed(rest):
            node = self.hash(b"\x01" + left + node).digest()
        return node


class Tree:
    """A whole tree: ``levels[h][i]`` is the root of the leaves ``i * 2**h`` up to ``(i + 1) * 2**h``."""

    __slots__ = ("hash", "levels")

    def __init__(self, leaves: Iterable[bytes] = (), hashing: Hash = sha256) -> None:
        self.hash = hashing
        self.levels: list[list[bytes]] = [[]]
        self.extend(leaves)

    @property
    def size(self) -> int:
        """How many leaves."""
        return len(self.levels[0])

    def extend(self, leaves: Iterable[bytes]) -> None:
        """More leaves, and every node they complete."""
        self.levels[0].extend(leaves)
        hash_, height = self.hash, 0
        while len(below := self.levels[height]) > 1:
            height += 1
            if height == len(self.levels):
                self.levels.append([])
            level = self.levels[height]
            first, last = 2 * len(level), len(below) & ~1
            if first == last:
                return
            level += [
                hash_(b"\x01" + left + right).digest()
                for left, right in zip(below[first:last:2], below[first + 1 : last : 2], strict=True)
            ]

    def root(self, size: int | None = None) -> bytes:
        """The root over the first ``size`` leaves, all of them unless given."""
        size = self.size if size is None else size
        return self._over(0, size) if size else empty(self.hash)

    def _over(self, start: int, end: int) -> bytes:
        """The root of ``[start, end)``, where ``start`` is where a subtree that wide may begin."""
        node = b""
        height = 0
        while start < end:
            if (end - start) >> height & 1:
                left = self.levels[height][(end >> height) - 1]
                node = self.hash(b"\x01" + left + node).digest() if node else left
                end -= 1 << height
            height += 1
        return node

    def inclusion(self, index: int, size: int | None = None) -> list[bytes]:
        """The proof that leaf ``index`` (from 0) is among the first ``size``: siblings from the leaf up.

        ``IndexError`` when it is not.
        """
        size = self.size if size is None else size
        if not 0 <= index < size <= self.size:
            raise IndexError(index)
        levels, proof = self.levels, []
        fork = (index ^ (size - 1)).bit_length()  # where the ways to this leaf and to the last part
        for height in range(fork):
            sibling = (index >> height) ^ 1
            if height < fork - 1 or sibling < index >> height:
                proof.append(levels[height][sibling])
            else:
                proof.append(self._over(sibling << height, size))
        above = (height for height in range(fork, size.bit_length()) if index >> height & 1)
        return proof + [levels[height][(index >> height) - 1] for height in above]

    def consistency(self, old: int, size: int | None = None, start: int = 0) -> list[bytes]:
        """The proof that the first ``size`` leaves go on from the first ``old``; with ``start``, that ``[start, old)`` is a
        subtree of them. ``IndexError`` when that cannot be."""
        size = self.size if size is None else size
        if size > self.size or not (steps := _way(start, old, size)):
            raise IndexError(old)
        proof = [] if steps[-1].whole else [self._over(steps[-1].start, steps[-1].end)]
        proof += [self._over(step.start, step.end) for step in reversed(steps[:-1])]
        return proof


class _Step:
    """One step from the root towards an old tree: the sibling ``[start, end)`` left aside; the last step is the end."""

    __slots__ = ("end", "left", "start", "whole", "within")

    def __init__(self, start: int, end: int, *, left: bool, within: bool, whole: bool = False) -> None:
        self.start, self.end, self.left, self.within, self.whole = start, end, left, within, whole


def _way(start: int, old: int, size: int) -> list[_Step]:
    """The way from the root of ``size`` leaves down to the last perfect part of ``[start, old)``; empty where there is none.

    ``whole``: the way ends in ``[start, old)`` itself, which whoever checks already knows.
    """
    if not 0 <= start < old <= size or start & ((1 << (old - start - 1).bit_length()) - 1):
        return []
    low, high, whole = 0, size, True
    steps: list[_Step] = []
    while (low, high) != (start, old):
        middle = low + (1 << ((high - low - 1).bit_length() - 1))
        if old <= middle:
            steps.append(_Step(middle, high, left=False, within=False))
            high = middle
        else:
            within = start < middle
            steps.append(_Step(low, middle, left=True, within=within))
            if within:
                start, whole = middle, False
            low = middle
    steps.append(_Step(low, high, left=False, within=False, whole=whole))
    return steps


def included(
    node: bytes,
    index: int,
    size: int,
    proof: Sequence[bytes],
    root: bytes,
    hashing: Hash = sha256,
) -> bool:
    """Whether ``proof`` shows that the leaf ``node`` stands at ``index`` under ``root`` over ``size`` leaves."""
    if not 0 <= index < size or not _wide((node, root, *proof)):
        return False
    fork = (index ^ (size - 1)).bit_length()
    if len(proof) != fork + (index >> fork).bit_count():
        return False
    for height, sibling in enumerate(proof):
        pair = sibling + node if height >= fork or index >> height & 1 else node + sibling
        node = hashing(b"\x01" + pair).digest()
    return node == root


def consistent(
    old: int,
    size: int,
    proof: Sequence[bytes],
    old_root: bytes,
    root: bytes,
    hashing: Hash = sha256,
    start: int = 0,
) -> bool:
    """Whether ``proof`` shows that the tree of ``size`` leaves goes on from that of ``old``; nothing proves that for 0.

    With ``start``: whether ``[start, old)`` is a subtree of it.
    """
    steps = _way(start, old, size)
    if not steps or not _wide((old_root, root, *proof)):
        return False
    if len(proof) != len(steps) - steps[-1].whole:
        return False
    siblings = iter(proof)
    before = after = old_root if steps[-1].whole else next(siblings)
    for step, sibling in zip(reversed(steps[:-1]), siblings, strict=True):
        if step.within:
            before = hashing(b"\x01" + sibling + before).digest()
        after = hashing(b"\x01" + (sibling + after if step.left else after + sibling)).digest()
    return before == old_root and after == root


def _wide(nodes: Iterable[bytes]) -> bool:
    """Whether all of them are digests."""
    return all(len(node) == WIDTH for node in nodes)
