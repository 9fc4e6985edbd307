"""The tree: published vectors, a second implementation, and whatever may be done to a proof."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import pymerkle
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fourgates.log import tree
from fourgates.log.algorithms import sm3
from fourgates.log.tree import Frontier, Tree

VECTORS: dict[str, Any] = json.loads(
    Path(__file__).with_name("vectors").joinpath("merkle.json").read_text(encoding="utf-8")
)
DIGESTS = [base64.b64decode(one) for one in VECTORS["digests"]]
# What we refuse and the vectors accept: roots that are no digests, and proofs about subtrees without leaves.
STRICTER = {
    "consistency": ["additional/sizes-are-equal-one-and-proof-is-empty"],
    "subtreeconsistency": [
        "additional/sizes-are-equal-one-and-proof-is-empty",
        "additional/subtree-is-empty-sizes-are-equal-one-subtree-root-valid-proof-is-empty",
        "additional/subtree-is-empty-sizes-are-equal-one-subtree-root-valid-tree-root-random-proof-is-empty",
        "additional/subtree-is-empty-sizes-are-equal-zero-subtree-root-valid-proof-is-empty",
        "additional/subtree-is-empty-sizes-are-equal-zero-subtree-root-valid-tree-root-random-proof-is-empty",
        "additional/subtree-is-empty-subtree-root-valid-proof-is-empty",
        "additional/subtree-is-empty-subtree-root-valid-tree-root-random-proof-is-empty",
    ],
}


def judged(kind: str, row: list[Any]) -> bool:
    """What we say of one vector."""
    *numbers, first, second, proof = row
    path = [DIGESTS[one] for one in proof]
    match kind:
        case "inclusion":
            index, size = numbers
            return tree.included(DIGESTS[first], index, size, path, DIGESTS[second])
        case "subtreeinclusion":
            index, start, end = numbers
            begins = start & ((1 << (end - start - 1).bit_length()) - 1) == 0
            return begins and tree.included(DIGESTS[first], index - start, end - start, path, DIGESTS[second])
        case "consistency":
            old, size = numbers
            return tree.consistent(old, size, path, DIGESTS[first], DIGESTS[second])
        case _:
            start, end, size = numbers
            return tree.consistent(end, size, path, DIGESTS[first], DIGESTS[second], start=start)


@pytest.mark.parametrize("kind", ["inclusion", "consistency", "subtreeinclusion", "subtreeconsistency"])
def test_published_vectors(kind: str) -> None:
    rows = VECTORS[kind]
    assert (
        len(rows)
        == {"inclusion": 98, "consistency": 98, "subtreeinclusion": 204, "subtreeconsistency": 118}[kind]
    )
    assert [name for name, accepted, *row in rows if judged(kind, row) != accepted] == STRICTER.get(kind, [])
    assert sum(accepted for _name, accepted, *_row in rows) > len(STRICTER.get(kind, []))


def test_roots_and_proofs_are_those_of_a_second_implementation() -> None:
    leaves: list[bytes] = []
    ours, frontier, theirs = Tree(), Frontier(), pymerkle.InmemoryTree()
    assert ours.root() == frontier.root() == tree.empty() == sha256(b"").digest()
    for size in range(1, 68):
        line = b"%d" % size
        leaves.append(tree.leaf(line))
        ours.extend(leaves[-1:])
        frontier.add(leaves[-1])
        theirs.append_entry(line)
        whole = ours.root()
        assert whole == frontier.root() == theirs.get_root()
        for index in range(size):
            proof = ours.inclusion(index)
            assert proof == theirs.prove_inclusion(index + 1, size).path[1:]
            assert tree.included(leaves[index], index, size, proof, whole)
        for old in range(1, size + 1):
            proof = ours.consistency(old)
            assert tree.consistent(old, size, proof, ours.root(old), whole)
            pymerkle.verify_consistency(ours.root(old), whole, theirs.prove_consistency(old, size))


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(0, 700), min_size=1, max_size=5))
def test_many_at_once_is_one_by_one(parts: list[int]) -> None:
    leaves = [tree.leaf(b"%d" % n) for n in range(sum(parts))]
    blocks, singly, whole = Frontier(), Frontier(), Tree()
    at = 0
    for part in parts:
        some = leaves[at : at + part]
        blocks.extend(some)
        whole.extend(some)
        for one in some:
            singly.add(one)
        at += part
        assert blocks.nodes == singly.nodes
        assert blocks.size == singly.size == whole.size == at
        assert blocks.root() == whole.root() == Tree(leaves[:at]).root()


def test_a_block_larger_than_is_held_at_a_time() -> None:
    leaves = [n.to_bytes(32, "big") for n in range((1 << 14) + 3)]
    blocks, singly = Frontier(), Frontier()
    blocks.extend(leaves)
    for one in leaves:
        singly.add(one)
    assert blocks.root() == singly.root()


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 300), st.data())
def test_a_changed_proof_is_found(size: int, drawn: st.DataObject) -> None:
    leaves = [tree.leaf(b"%d" % n) for n in range(size)]
    whole = Tree(leaves)
    index, old = drawn.draw(st.integers(0, size - 1)), drawn.draw(st.integers(1, size))
    proofs: list[tuple[list[bytes], Callable[[list[bytes]], bool]]] = [
        (whole.inclusion(index), lambda p: tree.included(leaves[index], index, size, p, whole.root())),
        (whole.consistency(old), lambda p: tree.consistent(old, size, p, whole.root(old), whole.root())),
    ]
    for proof, holds in proofs:
        assert holds(proof)
        assert not holds([*proof, leaves[0]])
        if proof:
            at = drawn.draw(st.integers(0, len(proof) - 1))
            bit = drawn.draw(st.integers(0, 255))
            spoilt = (int.from_bytes(proof[at], "big") ^ 1 << bit).to_bytes(32, "big")
            assert not holds([*proof[:at], spoilt, *proof[at + 1 :]])
            assert not holds(proof[:at] + proof[at + 1 :])
    assert not tree.included(leaves[index], index, size, whole.inclusion(index), tree.leaf(b"else"))
    assert not tree.included(tree.leaf(b"else"), index, size, whole.inclusion(index), whole.root())
    assert not tree.consistent(old, size, whole.consistency(old), whole.root(old), tree.leaf(b"else"))
    assert not tree.consistent(old, size, whole.consistency(old), tree.leaf(b"else"), whole.root())


def test_subtrees() -> None:
    leaves = [tree.leaf(b"%d" % n) for n in range(23)]
    for size in range(1, 24):
        whole = Tree(leaves[:size])
        for end in range(1, size + 1):
            for start in range(end):
                if start & ((1 << (end - start - 1).bit_length()) - 1):
                    with pytest.raises(IndexError):
                        whole.consistency(end, start=start)
                else:
                    part = Tree(leaves[start:end]).root()
                    proof = whole.consistency(end, start=start)
                    assert tree.consistent(end, size, proof, part, whole.root(), start=start)


def test_what_cannot_be_proved_is_not() -> None:
    whole = Tree(tree.leaf(b"%d" % n) for n in range(5))
    for index, size in ((5, 5), (-1, 5), (0, 6), (4, 4)):
        with pytest.raises(IndexError):
            whole.inclusion(index, size)
    for old, size in ((0, 5), (6, 5), (5, 6)):
        with pytest.raises(IndexError):
            whole.consistency(old, size)
    root = whole.root()
    assert not tree.included(root, 0, 0, [], root)
    assert not tree.included(b"", 0, 1, [], b"")
    assert not tree.consistent(0, 5, [], tree.empty(), root)
    assert not tree.consistent(5, 5, [], b"short", b"short")
    assert whole.root(0) == tree.empty()


def test_another_hash_gives_another_tree_of_the_same_shape() -> None:
    leaves = [tree.leaf(b"%d" % n, sm3) for n in range(6)]
    whole, frontier = Tree(leaves, sm3), Frontier(sm3)
    frontier.extend(leaves)
    assert frontier.root() == whole.root() != Tree(leaves).root()
    assert tree.included(leaves[3], 3, 6, whole.inclusion(3), whole.root(), sm3)
    assert tree.consistent(3, 6, whole.consistency(3), whole.root(3), whole.root(), sm3)
    assert not tree.included(leaves[3], 3, 6, whole.inclusion(3), whole.root())
    assert Tree(hashing=sm3).root() == tree.empty(sm3)
