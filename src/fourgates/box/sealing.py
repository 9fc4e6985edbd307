"""Nominations sealed to the key of the box (密封): what lies on the disk says nothing until the box is closed.

ECDH on P-256 with HKDF-SHA-256 and AES-256-GCM, which every browser of the last ten years can do too: a visitor's phone
seals without a network what the member chose. A sealed nomination is one byte 1, the sender's public point (65 bytes), a
nonce (12) and the encrypted text, padded so that all are equally long; the box's name is bound in.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from fourgates.errors import Broken, Refused

AROUND = 1 + 65 + 12 + 16
"""Bytes that sealing adds."""

_CURVE = ec.SECP256R1()
_EACH = 256


@dataclass(frozen=True, slots=True)
class Key:
    """The box's key pair: ``public`` is the uncompressed point (65 bytes), ``private`` 32 bytes."""

    private: bytes
    public: bytes


def key() -> Key:
    """A new key pair, for one box only."""
    made = ec.generate_private_key(_CURVE)
    return Key(made.private_numbers().private_value.to_bytes(32), _point(made.public_key()))


def _point(public: ec.EllipticCurvePublicKey) -> bytes:
    return public.public_bytes(serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)


def _cipher(shared: bytes, sender: bytes, public: bytes) -> AESGCM:
    derived = HKDF(hashes.SHA256(), 32, salt=None, info=b"fourgates box 1" + sender + public).derive(shared)
    return AESGCM(derived)


def padded(content: bytes, size: int) -> bytes:
    """``content`` with its length in front, filled up to ``size`` bytes; ``Refused`` (B.4) when it is too long."""
    if len(content) > size - 2:
        raise Refused("B.4", "写的内容太长：{read}字节，最多{most}字节", read=len(content), most=size - 2)
    return (len(content).to_bytes(2) + content).ljust(size, b"\0")


class Sealer:
    """Seals nominations to the public key of a box; it can open none of them.

    The sender's own key is made anew every few hundred nominations: making one costs more than sealing.
    """

    def __init__(self, public: bytes, box: str, size: int) -> None:
        """``size``: bytes to which every nomination of this box is filled up, so that its length says nothing."""
        self._public, self._box, self._size = public, box.encode(), size
        self._left = 0

    def seal(self, content: bytes) -> bytes:
        """``content`` sealed; ``Refused`` (B.4) when it is too long."""
        text = padded(content, self._size)
        if not self._left:
            self._left = _EACH
            mine = ec.generate_private_key(_CURVE)
            theirs = ec.EllipticCurvePublicKey.from_encoded_point(_CURVE, self._public)
            self._sender = _point(mine.public_key())
            self._cipher = _cipher(mine.exchange(ec.ECDH(), theirs), self._sender, self._public)
        self._left -= 1
        nonce = secrets.token_bytes(12)
        return b"\1" + self._sender + nonce + self._cipher.encrypt(nonce, text, self._box)


class Opener:
    """Opens what was sealed to a key; used once, when the box is closed."""

    def __init__(self, pair: Key, box: str) -> None:
        self._pair, self._box = pair, box.encode()
        self._private = ec.derive_private_key(int.from_bytes(pair.private), _CURVE)
        self._ciphers: dict[bytes, AESGCM] = {}

    def open(self, sealed: bytes) -> bytes:
        """The content; ``Broken`` (B.6) when it was not sealed to this box or was changed since."""
        sender, nonce, text = sealed[1:66], sealed[66:78], sealed[78:]
        wrong = Broken(0, "B.6", "箱中有一份打不开：不是封给这个箱的，或者被改动过")
        if len(sealed) <= AROUND or sealed[0] != 1:
            raise wrong
        try:
            if sender not in self._ciphers:
                theirs = ec.EllipticCurvePublicKey.from_encoded_point(_CURVE, sender)
                shared = self._private.exchange(ec.ECDH(), theirs)
                self._ciphers[sender] = _cipher(shared, sender, self._pair.public)
            content = self._ciphers[sender].decrypt(nonce, text, self._box)
        except (ValueError, InvalidTag):
            raise wrong from None
        return content[2 : 2 + int.from_bytes(content[:2])]
