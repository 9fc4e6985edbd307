"""Keys, notes, checkpoints and cosignatures: what C2SP writes is read, and nothing else."""

from __future__ import annotations

import sys
from hashlib import sha256

import gmalg
import pytest

from cast import refused
from fourgates.errors import Refused
from fourgates.log import algorithms, checkpoint, cosignature, key, note, tree
from fourgates.log.algorithms import (
    ALGORITHMS,
    COSIGNING,
    COSIGNING_MLDSA,
    COSIGNING_SM2,
    ED25519,
    SM2,
    Algorithm,
)
from fourgates.log.checkpoint import Checkpoint
from fourgates.log.key import Signer
from fourgates.log.note import Note, Signature

ORIGIN = "成县/sx14"
ROOT = tree.leaf(b"one")
HERE = Checkpoint(ORIGIN, 1, ROOT)


@pytest.fixture(scope="module")
def log() -> Signer:
    return key.generate(ORIGIN, ED25519)


def named(algorithm: Algorithm) -> str:
    return algorithm.name


# The example of the specification, of another's making: key and note as printed there.
VKEY = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
NOTE = (
    "This is an example message.\n\n— example.com/foo "
    "Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n"
)


def test_the_published_example_is_read_and_verified() -> None:
    theirs, noted = key.read(VKEY), note.read(NOTE.encode())
    assert str(theirs) == VKEY
    assert str(noted) == NOTE
    assert noted.text == "This is an example message.\n"
    (one,) = noted.signatures
    assert one.by(theirs)
    assert theirs.verify(noted.text.encode(), one.value)
    assert not theirs.verify(b"This is another message.\n", one.value)
    assert not theirs.verify(noted.text.encode(), one.value[:-1])


@pytest.mark.parametrize("algorithm", ALGORITHMS, ids=named)
def test_a_key_signs_and_is_read_back(algorithm: Algorithm) -> None:
    made = key.generate("见证/一", algorithm)
    assert key.read(str(made.key)) == made.key
    assert key.read_signer(str(made) + "\n") == made
    value = made.sign(b"text")
    assert len(value) == algorithm.signature_bytes
    assert made.key.verify(b"text", value)
    assert not made.key.verify(b"tex", value)
    assert not made.key.verify(b"text", bytes(len(value)))
    assert not key.Key("x", algorithm, bytes(algorithm.public_bytes)).verify(b"text", value)
    assert key.text64(made.secret) not in repr(made)


def test_sm3_is_that_of_a_second_implementation_and_of_the_standard() -> None:
    assert algorithms.sm3(b"abc").digest().hex() == (
        "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
    )
    for length in (0, 1, 55, 56, 64, 65, 200):
        theirs = gmalg.SM3()
        theirs.update(bytes(length))
        assert algorithms.sm3(bytes(length)).digest() == theirs.value()
    assert [one.c2sp for one in ALGORITHMS] == [True, True, True, False, False]
    assert [one.hash for one in ALGORITHMS] == [sha256, sha256, sha256, algorithms.sm3, algorithms.sm3]


@pytest.mark.parametrize(
    "spoilt",
    [
        "",
        "name",
        "name+00000000",
        "name+00000000+!!!!",
        "name+00000000+AB==",
        "name+00000000+Bw==",
        VKEY.replace("530d903a", "530d903b"),
        VKEY.replace("example.com/foo", "example.com/bar"),
        VKEY[:-4],
        VKEY.replace("example.com", "example .com"),
        VKEY.replace("example.com/foo", ""),
    ],
)
def test_what_is_no_key_is_refused(spoilt: str) -> None:
    with refused("R.8"):
        key.read(spoilt)


def test_what_is_no_signer_key_is_refused_and_not_repeated(log: Signer) -> None:
    with refused("R.8"):
        key.read_signer(str(log.key))
    with refused("R.8"):
        key.read_signer(str(log)[:-4])
    other = key.text64(ED25519.mark + key.generate(ORIGIN, ED25519).secret)
    spoilt = str(log).replace(key.text64(ED25519.mark + log.secret), other)
    with pytest.raises(Refused, match="写错了") as caught:
        key.read_signer(spoilt)
    assert other not in str(caught.value)
    for name in ("", "a b", "a+b", "a\u3000b", "a\nb"):
        with refused("R.8"):
            key.generate(name, ED25519)


@pytest.mark.parametrize(
    ("algorithm", "library"),
    [(COSIGNING_MLDSA, "cryptography.hazmat.primitives.asymmetric.mldsa"), (SM2, "gmalg")],
)
def test_without_its_library_a_key_cannot_be_made_and_holds_nothing(
    algorithm: Algorithm, library: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = key.generate("x", algorithm)
    value = made.sign(b"text")
    monkeypatch.setitem(sys.modules, library, None)
    if "." in library:
        package, _dot, module = library.rpartition(".")
        monkeypatch.delattr(sys.modules[package], module)
    with refused("R.8"):
        key.generate("x", algorithm)
    assert not made.key.verify(b"text", value)


@pytest.mark.parametrize(
    "spoilt",
    [
        "",
        "text\n",
        NOTE[:-1],
        NOTE + "\n",
        NOTE.replace("— ", "- "),
        NOTE.replace("— example.com/foo", "— "),
        NOTE.replace("— example.com/foo", "— example.com+foo"),
        NOTE.replace("— example.com/foo", "— example.com\u3000foo"),
        NOTE.replace("IneyaQM=", "IneyaQM"),
        NOTE.replace(NOTE.split()[-1], "AAAAAA=="),
        NOTE.replace("message", "mess\tage"),
        "text\n\n" + "— a AAAAAAA=\n" * 101,
        "a" * (note.LARGEST + 1),
    ],
)
def test_what_is_no_note_is_refused(spoilt: str) -> None:
    with refused("R.8"):
        note.read(spoilt.encode())


def test_a_note_is_text_and_may_have_empty_lines_and_many_signatures() -> None:
    with refused("R.8"):
        note.read(b"\xff\n\n")
    text = "a\n\nb\n\n" + "— a AAAAAAA=\n" * 100
    read = note.read(text.encode())
    assert read.text == "a\n\nb\n"
    assert len(read.signatures) == 100
    assert note.signatures("— a AAAAAAA=\n— b AAAAAAA=\n".encode()) == (
        Signature("a", bytes(4), bytes(1)),
        Signature("b", bytes(4), bytes(1)),
    )
    with refused("R.8"):
        note.signatures(b"409\n")


def test_a_checkpoint_is_three_lines_and_a_signature(log: Signer) -> None:
    noted = HERE.sign(log)
    assert noted.text == f"{ORIGIN}\n1\n{key.text64(ROOT)}\n"
    assert checkpoint.read(noted.text) == HERE
    assert checkpoint.signed(note.read(str(noted).encode()), [log.key]) == (HERE, log.key)
    longer = Checkpoint(ORIGIN, 0, ROOT, ("more", "和更多"))
    assert checkpoint.read(longer.text) == longer


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a\n1\n",
        f"a\n01\n{key.text64(ROOT)}\n",
        f"a\n-1\n{key.text64(ROOT)}\n",
        f"a\n1\n{key.text64(ROOT[:-1])}\n",
        "a\n1\n!\n",
        f"a\n1\n{key.text64(ROOT)}",
        f"\n1\n{key.text64(ROOT)}\n",
        f"a\n1\n{key.text64(ROOT)}\n\n",
        f"a\n١\n{key.text64(ROOT)}\n",
    ],
)
def test_what_is_no_checkpoint_is_refused(text: str) -> None:
    with refused("R.8"):
        checkpoint.read(text)


def test_only_the_log_signs_its_checkpoints(log: Signer) -> None:
    witness = key.generate(ORIGIN, COSIGNING)
    with refused("R.8"):
        HERE.sign(witness)
    with refused("R.8"):
        HERE.sign(key.generate("另一处", ED25519))
    with refused("R.8"):
        cosignature.sign(HERE, log, 1)
    noted = HERE.sign(log)
    stranger = key.generate(ORIGIN, ED25519).key
    with refused("R.8"):
        checkpoint.signed(noted, [witness.key, stranger, key.read(VKEY)])
    assert checkpoint.signed(noted, [stranger, log.key]) == (HERE, log.key)
    (one,) = noted.signatures
    false = Note(noted.text, (one, Signature(one.name, one.id, bytes(64))))
    with refused("R.8"):
        checkpoint.signed(false, [log.key])
    again = Note(noted.text, (one, one))
    assert checkpoint.signed(again, [log.key]) == (HERE, log.key)


@pytest.mark.parametrize("algorithm", [COSIGNING, COSIGNING_MLDSA, COSIGNING_SM2], ids=named)
def test_a_cosignature_says_who_and_when(log: Signer, algorithm: Algorithm) -> None:
    witness = key.generate("市委/见证", algorithm)
    noted = HERE.sign(log)
    both = noted.cosigned([cosignature.sign(HERE, witness, 100), cosignature.sign(HERE, witness, 200)])
    keys = [log.key, key.generate("无关", algorithm).key, witness.key]
    assert cosignature.cosigners(both, HERE, keys) == (cosignature.Cosigned(witness.key, 200),)
    assert both.cosigned(both.signatures) == both
    other = Checkpoint(ORIGIN, 2, ROOT)
    with refused("R.8"):
        cosignature.cosigners(both, other, keys)
    at_nought = Signature(witness.key.name, witness.key.id, bytes(8) + both.signatures[1].value[8:])
    with refused("R.8"):
        cosignature.cosigners(noted.cosigned([at_nought]), HERE, keys)


def test_the_messages_that_are_cosigned_are_those_of_the_specification(log: Signer) -> None:
    plain, quantum = key.generate("w", COSIGNING), key.generate("w", COSIGNING_MLDSA)
    signed = cosignature.sign(HERE, plain, 1679315147)
    assert signed.value[:8] == (1679315147).to_bytes(8, "big")
    text = f"cosignature/v1\ntime 1679315147\n{ORIGIN}\n1\n{key.text64(ROOT)}\n"
    assert plain.key.verify(text.encode(), signed.value[8:])
    origin = ORIGIN.encode()
    structure = (
        b"subtree/v1\n\0"
        + b"\x01w"
        + (7).to_bytes(8, "big")
        + bytes([len(origin)])
        + origin
        + bytes(8)
        + (1).to_bytes(8, "big")
        + ROOT
    )
    assert quantum.key.verify(structure, cosignature.sign(HERE, quantum, 7).value[8:])
    long = Checkpoint("长" * 86, 1, ROOT)
    with refused("R.8"):
        cosignature.sign(long, quantum, 7)
