"""Witnesses: every status of the protocol, and never two histories of one log."""

from __future__ import annotations

import threading
from hashlib import sha256
from pathlib import Path

import pytest

from cast import refused
from fourgates.log import checkpoint, cosignature, key, keyring, note, tree, witness
from fourgates.log.algorithms import COSIGNING, ED25519
from fourgates.log.checkpoint import Checkpoint
from fourgates.log.key import Signer
from fourgates.log.note import Note, Signature
from fourgates.log.tree import Tree
from fourgates.log.witness import Answer, Request, Witness

ORIGIN = "成县/sx14"
LOG = key.generate(ORIGIN, ED25519)
LEAVES = [tree.leaf(b"%d" % n) for n in range(40)]
TREE = Tree(LEAVES)


@pytest.fixture
def watching(tmp_path: Path) -> Witness:
    witness.found(tmp_path / "w", key.generate("市委", COSIGNING))
    witness.watch(tmp_path / "w", LOG.key)
    return Witness(tmp_path / "w")


def noted(size: int, whole: Tree = TREE, log: Signer = LOG) -> Note:
    return Checkpoint(log.key.name, size, whole.root(size)).sign(log)


def asked(old: int, size: int, whole: Tree = TREE) -> bytes:
    proof = tuple(whole.consistency(old, size)) if old else ()
    return str(Request(old, proof, noted(size, whole))).encode()


def holds(watching: Witness, answer: Answer, size: int, at: int) -> bool:
    """Whether the answer is a good cosignature of that tree."""
    signed = noted(size).cosigned(note.signatures(answer.body.encode()))
    key_ = watching.signer.key
    found = cosignature.cosigners(signed, checkpoint.read(signed.text), [key_])
    return (answer.status, found) == (200, (cosignature.Cosigned(key_, at),))


def test_a_witness_cosigns_what_goes_on_from_what_it_saw(watching: Witness) -> None:
    assert holds(watching, watching.add(asked(0, 7), 100), 7, 100)
    assert holds(watching, watching.add(asked(7, 7), 101), 7, 101)
    assert holds(watching, watching.add(asked(7, 40), 102), 40, 102)
    again = Witness(watching.folder)
    assert again.add(asked(7, 40), 103) == Answer(409, "40\n", "text/x.tlog.size")
    latest = again.latest(sha256(ORIGIN.encode()).hexdigest())
    held = note.read(latest.body.encode())
    assert held.text == noted(40).text
    assert [one.name for one in held.signatures] == [ORIGIN, "市委"]
    assert again.latest("0" * 64).status == 404
    assert again.latest("../key").status == 404


def test_an_empty_tree_comes_before_every_other(watching: Witness) -> None:
    assert holds(watching, watching.add(asked(0, 0), 100), 0, 100)
    assert holds(watching, watching.add(asked(0, 3), 101), 3, 101)


def spoilt(body: bytes, *change: bytes) -> bytes:
    assert change[0] in body
    return body.replace(change[0], change[1], 1)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"old 07\n\n" + str(noted(9)).encode(), 400),
        (b"old 7\n!\n\n" + str(noted(9)).encode(), 400),
        (b"old 7\nAB==\n\n" + str(noted(9)).encode(), 400),
        (b"old 7\n" + b"AA==\n" * 64 + b"\n" + str(noted(9)).encode(), 400),
        (b"old 7\n\nno note", 400),
        (b"old 7\n\ntext\n\n" + "— a AAAAAAA=\n".encode(), 400),
        (b"old 7\n\n" + b"a" * witness.LARGEST, 400),
        (b"old 10\n\n" + str(noted(9)).encode(), 400),
        (b"old 0\n\n" + str(noted(9)).encode(), 409),
        (b"old 8\n\n" + str(noted(9)).encode(), 409),
        (b"old 7\n\n" + str(noted(9)).encode(), 422),
        (b"old 7\n\n" + str(noted(7, Tree(LEAVES[1:]))).encode(), 422),
        (asked(7, 9, Tree([*LEAVES[:3], LEAVES[0], *LEAVES[4:]])), 422),
        (b"old 7\n\n" + str(noted(9, TREE, key.generate("另一处", ED25519))).encode(), 404),
        (b"old 7\n\n" + str(noted(9, TREE, key.generate(ORIGIN, ED25519))).encode(), 403),
        (
            b"old 7\n\n" + str(Note(noted(9).text, (Signature(ORIGIN, LOG.key.id, bytes(64)),))).encode(),
            403,
        ),
    ],
)
def test_each_refusal_has_the_status_of_the_protocol_and_changes_nothing(
    watching: Witness, body: bytes, status: int
) -> None:
    watching.add(asked(0, 7), 100)
    before = watching.latest(sha256(ORIGIN.encode()).hexdigest())
    answer = watching.add(body, 101)
    assert answer.status == status
    assert answer.body == ("7\n" if status == 409 else answer.body)
    assert watching.latest(sha256(ORIGIN.encode()).hexdigest()) == before
    doubted = [path.read_bytes() for path in (watching.folder / witness.DOUBTED).iterdir()]
    assert len(doubted) == (status == 422)
    assert watching.add(asked(7, 9), 102).status == 200


def test_before_the_first_a_proof_or_a_false_empty_root_is_refused(watching: Witness) -> None:
    assert watching.add(str(Request(0, (LEAVES[0],), noted(7))).encode(), 100).status == 422
    false = Checkpoint(ORIGIN, 0, LEAVES[0]).sign(LOG)
    assert watching.add(str(Request(0, (), false)).encode(), 100).status == 422
    assert watching.add(str(Request(0, (LEAVES[0],), noted(0))).encode(), 100).status == 422


def test_of_two_that_ask_at_once_one_is_told_to_ask_again(watching: Witness) -> None:
    watching.add(asked(0, 7), 100)
    bodies = [asked(7, size) for size in range(8, 40)]
    answers: list[Answer] = []
    running = [
        threading.Thread(target=lambda body=body: answers.append(Witness(watching.folder).add(body, 101)))
        for body in bodies
    ]
    for one in running:
        one.start()
    for one in running:
        one.join()
    assert sorted(answer.status for answer in answers) == [200] + [409] * 31


def test_a_witness_is_set_up_once_and_with_a_key_for_it(tmp_path: Path) -> None:
    with refused("R.8"):
        witness.found(tmp_path / "w", LOG)
    assert not (tmp_path / "w").exists()
    made = key.generate("市委", COSIGNING)
    witness.found(tmp_path / "w", made)
    assert Witness(tmp_path / "w").signer == made
    with refused("R.8"):
        witness.found(tmp_path / "w", key.generate("市委", COSIGNING))
    with refused("R.8"):
        witness.watch(tmp_path / "w", made.key)
    witness.watch(tmp_path / "w", LOG.key)
    witness.watch(tmp_path / "w", LOG.key)
    assert Witness(tmp_path / "w").logs == [LOG.key]
    (tmp_path / "w" / witness.LOGS).unlink()
    with refused("R.8"):
        Witness(tmp_path / "w")


# --- key files --------------------------------------------------------------------------------------------------


def test_a_key_file_is_for_its_owner_alone_and_never_written_over(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "out.key"
    keyring.create(path, LOG)
    assert path.stat().st_mode & 0o777 == 0o600
    assert keyring.load(path) == LOG
    with refused("R.8"):
        keyring.create(path, LOG)
    path.chmod(0o640)
    with refused("R.8"):
        keyring.load(path)
    with refused("R.8"):
        keyring.load(tmp_path / "none")
    (tmp_path / "text").write_bytes(b"\xffPRIVATE")
    (tmp_path / "text").chmod(0o600)
    with refused("R.8"):
        keyring.load(tmp_path / "text")


def test_a_name_is_spelt_as_a_key_may_bear_it() -> None:
    assert keyring.spelt("中共 成县+县委\u3000/x\n") == "中共-成县-县委-/x"
