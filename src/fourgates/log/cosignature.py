"""Cosignatures (联署): a witness's word that this is the largest tree it has seen, and when (C2SP tlog-cosignature).

``at`` is whole seconds since 1970-01-01 in UTC.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable
from dataclasses import dataclass

from fourgates.errors import Refused
from fourgates.log.algorithms import COSIGNING_MLDSA
from fourgates.log.checkpoint import Checkpoint
from fourgates.log.key import Key, Signer
from fourgates.log.note import Note, Signature

_TIME = struct.Struct(">Q")


@dataclass(frozen=True, slots=True)
class Cosigned:
    """Who has cosigned, and when."""

    key: Key
    at: int


def sign(checkpoint: Checkpoint, signer: Signer, at: int) -> Signature:
    """The cosignature of ``signer`` as of ``at``; ``Refused`` (R.8) when its key is none for cosigning."""
    if not signer.key.algorithm.timed:
        raise Refused("R.8", "密钥“{name}”不是见证用的密钥", name=signer.key.name)
    value = _TIME.pack(at) + signer.sign(_message(checkpoint, signer.key, at))
    return Signature(signer.key.name, signer.key.id, value)


def cosigners(noted: Note, checkpoint: Checkpoint, keys: Iterable[Key]) -> tuple[Cosigned, ...]:
    """Which of ``keys`` have cosigned, in their order; ``Refused`` (R.8) when a signature of one of them does not hold."""
    found = []
    for key in keys:
        if not key.algorithm.timed:
            continue
        times = [_time(one, checkpoint, key) for one in noted.signatures if one.by(key)]
        if times:
            found.append(Cosigned(key, max(times)))
    return tuple(found)


def _time(one: Signature, checkpoint: Checkpoint, key: Key) -> int:
    """When it was made; ``Refused`` (R.8) when it does not hold."""
    at = int.from_bytes(one.value[:8], "big")
    if not 0 < at < 1 << 63 or not key.verify(_message(checkpoint, key, at), one.value[8:]):
        raise Refused("R.8", "“{name}”的签名不成立：内容或者签名被改动过", name=key.name)
    return at


def _message(checkpoint: Checkpoint, key: Key, at: int) -> bytes:
    """What is signed: the text with its time, or for ML-DSA-44 the structure that also names the cosigner."""
    if key.algorithm is not COSIGNING_MLDSA:
        return f"cosignature/v1\ntime {at}\n{checkpoint.text}".encode()
    parts = [b"subtree/v1\n\0", _short(key.name), _TIME.pack(at), _short(checkpoint.origin)]
    return b"".join((*parts, _TIME.pack(0), _TIME.pack(checkpoint.size), checkpoint.root))


def _short(text: str) -> bytes:
    """Text behind its length in one byte; ``Refused`` (R.8) when it is longer than that can say."""
    content = text.encode()
    if len(content) > 255:
        raise Refused("R.8", "名称“{name}”太长，不能这样联署", name=text[:40])
    return bytes((len(content),)) + content
