"""Policies, receipts, tiles and codes: read as written, and nothing else; whatever was altered is found."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from cast import refused
from fourgates.log import code, cosignature, key, policy, proof, tiles, tree
from fourgates.log.algorithms import COSIGNING, ED25519, SM2, sm3
from fourgates.log.checkpoint import Checkpoint
from fourgates.log.note import Note, Signature
from fourgates.log.policy import Policy
from fourgates.log.proof import Proof
from fourgates.log.tree import Tree

LOG = key.generate("成县/sx14", ED25519)
WITNESSES = [key.generate(name, COSIGNING) for name in ("市委", "纪委", "监票人")]
A, B, C = (str(one.key) for one in WITNESSES)
LINES = [b"line %d" % n for n in range(300)]
TREE = Tree(map(tree.leaf, LINES))
HERE = Checkpoint("成县/sx14", 300, TREE.root())


def spelt(*lines: str) -> Policy:
    return policy.read("\n".join(lines).encode())


def cosigned(*who: int) -> Note:
    return HERE.sign(LOG).cosigned([cosignature.sign(HERE, WITNESSES[one], 100 + one) for one in who])


GROUPS = (f"log {LOG.key}", f"witness a {A}", f"witness b {B}", f"witness c {C}", "group two 2 a b c")


def test_a_policy_is_read_and_written() -> None:
    found = spelt(
        "# 见证方案",
        f"  log\t{LOG.key} https://example.com/log ",
        "",
        f"witness a {A} https://example.com/w",
        f"witness 纪委 {B}",
        f"witness c {C}",
        "group any-of any a 纪委",
        "group all-of all any-of c",
        "quorum all-of",
    )
    assert found.groups == {"any-of": (1, ("a", "纪委")), "all-of": (2, ("any-of", "c"))}
    assert list(found.witnesses) == ["a", "纪委", "c"]
    assert found.logs == (LOG.key,)
    assert policy.read(str(found).encode()) == found


@pytest.mark.parametrize(
    ("quorum", "enough"),
    [
        ("none", [(), (0,), (1,), (0, 1, 2)]),
        ("a", [(0,), (0, 1, 2)]),
        ("two", [(0, 1, 2)]),
    ],
)
def test_how_many_must_have_cosigned(quorum: str, enough: list[tuple[int, ...]]) -> None:
    held = spelt(*GROUPS, f"quorum {quorum}")
    for who in ((), (0,), (1,), (0, 1, 2)):
        found = held.check(cosigned(*who))
        assert (found.checkpoint, found.log) == (HERE, LOG.key)
        assert found.witnesses == {"abc"[one]: 100 + one for one in who}
        assert found.enough == (who in enough)


@pytest.mark.parametrize(
    "lines",
    [
        (),
        ("quorum a",),
        ("quorum none", "quorum none"),
        ("quorum",),
        ("nothing",),
        ("log", "quorum none"),
        (f"log {LOG.key}", f"log {LOG.key}", "quorum none"),
        (f"log {A}", "quorum none"),
        (f"witness a {LOG.key}", "quorum none"),
        (f"witness none {A}", "quorum none"),
        (f"witness a {A}", f"witness a {B}", "quorum none"),
        (f"witness a {A}", f"witness b {A}", "quorum none"),
        (f"witness a {A}", "group g 1", "quorum none"),
        (f"witness a {A}", "group g 0 a", "quorum none"),
        (f"witness a {A}", "group g 2 a", "quorum none"),
        (f"witness a {A}", "group g some a", "quorum none"),
        (f"witness a {A}", "group g 1 b", "quorum none"),
        (f"witness a {A}", "group g 1 a a", "quorum none"),
        (f"witness a {A}", "group g 1 g", "quorum none"),
        (f"witness a {A}", "group a 1 a", "quorum none"),
        (f"witness a {A}", "group none 1 a", "quorum none"),
        (f"witness a {A}", "group g 1 a", "group h 1 a", "quorum none"),
        (f"witness a {A}", "quorum none\r"),
    ],
)
def test_what_is_no_policy_is_refused(lines: tuple[str, ...]) -> None:
    with refused("R.8"):
        spelt(*lines)


def test_a_receipt_is_one_file_and_proves_its_line() -> None:
    held = spelt(*GROUPS, "quorum two")
    for index in (0, 255, 299):
        made = Proof(index, tuple(TREE.inclusion(index)), cosigned(0, 2), LINES[index])
        read = proof.read(str(made).encode())
        assert read == made
        found = read.check(tree.leaf(read.extra), held)
        assert (found.checkpoint, found.enough) == (HERE, True)
        with refused("R.10"):
            read.check(tree.leaf(b"another line"), held)
        with refused("R.10"):
            Proof(index ^ 1, read.path, read.note).check(tree.leaf(LINES[index]), held)
    bare = Proof(0, (), cosigned())
    assert proof.read(str(bare).encode()) == bare
    assert str(bare).startswith("c2sp.org/tlog-proof@v1\nindex 0\n\n成县/sx14\n300\n")


def test_a_receipt_of_a_tree_of_another_hash() -> None:
    national = key.generate("成县/sx14", SM2)
    whole = Tree((tree.leaf(line, sm3) for line in LINES[:5]), sm3)
    noted = Checkpoint("成县/sx14", 5, whole.root()).sign(national)
    held = spelt(f"log {national.key}", "quorum none")
    made = Proof(3, tuple(whole.inclusion(3)), noted)
    assert made.check(tree.leaf(LINES[3], sm3), held).enough
    with refused("R.10"):
        made.check(tree.leaf(LINES[3]), held)


@pytest.mark.parametrize(
    "change",
    [
        ("proof@v1", "proof@v2"),
        ("index 7", "index 07"),
        ("index 7", "index -7"),
        ("extra ", "extra !"),
        ("extra ", "extras "),
        ("\n\n", "\n!\n\n"),
        ("\n\n", "\n"),
    ],
)
def test_what_is_no_receipt_is_refused(change: tuple[str, str]) -> None:
    text = str(Proof(7, tuple(TREE.inclusion(7)), cosigned(), LINES[7]))
    assert change[0] in text
    with refused("R.8"):
        proof.read(text.replace(*change, 1).encode())


def test_bytes_that_are_no_text_and_files_too_large_are_no_receipts() -> None:
    for content in (b"\xff", b"a" * (proof.LARGEST + 1)):
        with refused("R.8"):
            proof.read(content)


def test_a_receipt_under_a_false_signature_proves_nothing() -> None:
    noted = cosigned(0)
    log, witness = noted.signatures
    held = spelt(*GROUPS, "quorum a")
    for signatures in (
        (Signature(log.name, log.id, bytes(64)), witness),
        (log, Signature(witness.name, witness.id, bytes(72))),
        (witness,),
    ):
        made = Proof(7, tuple(TREE.inclusion(7)), Note(noted.text, signatures), LINES[7])
        with refused("R.8"):
            made.check(tree.leaf(LINES[7]), held)


# --- tiles ------------------------------------------------------------------------------------------------------


def test_paths_are_those_of_the_specification() -> None:
    assert tiles.path(0, 1234067) == "tile/0/x001/x234/067"
    assert tiles.path("entries", 0, 44) == "tile/entries/000.p/44"
    widths = [(level, width) for level, _n, width in tiles.spans(70000)]
    assert widths == [*[(0, 256)] * 273, (0, 112), (1, 256), (1, 17), (2, 1)]
    assert list(tiles.spans(256)) == [(0, 0, 256), (1, 0, 1)]
    assert list(tiles.spans(0)) == []


def published() -> dict[str, bytes]:
    return {**dict(tiles.hashes(TREE)), **dict(tiles.entries(LINES))}


def test_a_tree_is_written_as_tiles_and_read_back() -> None:
    files = published()
    assert sorted(files) == [
        "tile/0/000",
        "tile/0/001.p/44",
        "tile/1/000.p/1",
        "tile/entries/000",
        "tile/entries/001.p/44",
    ]
    assert files["tile/1/000.p/1"] == Tree(map(tree.leaf, LINES[:256])).root()
    leaves, lines = tiles.read_leaves(files.__getitem__, 300), tiles.read_lines(files.__getitem__, 300)
    assert lines == LINES
    assert leaves == TREE.levels[0]
    assert tiles.agree(leaves, dict(enumerate(lines)), HERE.root) is None
    assert dict(tiles.hashes(TREE, 256)) == {name: files[name] for name in ("tile/0/000", "tile/1/000.p/1")}


def test_what_is_withheld_has_only_its_leaf_and_what_was_altered_is_named() -> None:
    leaves = list(TREE.levels[0])
    shown: Mapping[int, bytes] = {n: LINES[n] for n in range(0, 300, 7)}
    assert tiles.agree(leaves, shown, HERE.root) is None
    assert tiles.agree(leaves, {**shown, 14: b"altered"}, HERE.root) == 14
    assert tiles.agree(leaves, {**shown, 300: b"one too many"}, HERE.root) == 300
    assert tiles.agree([*leaves[:5], leaves[6], *leaves[6:]], shown, HERE.root) == 300
    assert tiles.agree(leaves[:-1], {}, HERE.root) == 299


def test_a_tile_of_another_width_than_its_name_is_refused() -> None:
    files = published()
    spoilt = {**files, "tile/0/000": files["tile/0/000"][:-1]}
    with refused("R.8", file="tile/0/000"):
        tiles.read_leaves(spoilt.__getitem__, 300)
    for content in (files["tile/entries/000"][:-1], tiles.bundled(b"one")):
        with refused("R.8"):
            tiles.read_lines({**files, "tile/entries/000": content}.__getitem__, 300)


def test_a_line_longer_than_a_bundle_can_hold_is_refused() -> None:
    assert tiles.unbundled(tiles.bundled(b"a" * tiles.LONGEST)) == [b"a" * tiles.LONGEST]
    with refused("R.11", bytes=tiles.LONGEST + 1):
        tiles.bundled(b"a" * (tiles.LONGEST + 1))


# --- codes ------------------------------------------------------------------------------------------------------


def test_a_root_is_said_in_words_and_numbers_and_found_again() -> None:
    root = bytes(range(32))
    assert code.spell(root) == "马0016 松0772 猫0096 金2057 虎0176 网3342"
    assert code.spell(root, english=True) == ("horse-0016 pine-0772 cat-0096 gold-2057 tiger-0176 net-3342")
    for typed in (
        code.spell(root),
        code.spell(root, english=True).upper(),
        code.spell(root, groups=2),
        code.spell(root, groups=99),
        "  马００１６，松 0772；cat0096. ",
    ):
        assert code.differing(typed, root) == 0
    assert len(code.read(code.spell(root, groups=99))) == 12
    assert code.read("horse-0016") == code.read("马0016") == (16,)


def test_every_word_stands_for_its_own_number_in_both_languages() -> None:
    for first in range(256):
        root = bytes([first]) + bytes(31)
        for english in (False, True):
            said = code.spell(root, english=english, groups=1)
            assert code.read(said) == (first << 12,)


def test_a_code_typed_wrong_is_found_at_its_group() -> None:
    root = bytes(range(32))
    right = code.spell(root)
    assert code.differing(right.replace("0096", "0097"), root) == 3
    assert code.differing(right.replace("松", "柏"), root) == 2
    assert code.differing(code.spell(root, groups=12) + " 马0000", root) == 13
    for typed, group in (("马16", 1), ("马0016 鬼0515", 2), ("马4096", 1), ("0016", 1), ("马00160", 1)):
        with refused("R.12", group=group):
            code.read(typed)
    with refused("R.12"):
        code.read("  ")
