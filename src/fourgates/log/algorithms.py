"""The one place that knows which algorithms there are (算法): how lines are hashed, how notes and cosignatures are signed.

C2SP knows SHA-256 with Ed25519 and ML-DSA-44. SM3 with SM2 (GB/T 32905, GB/T 32918) is for offices that must use them; it
stands outside C2SP, under the type byte C2SP leaves to others, and no C2SP reader takes it for one of its own.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ed25519
from cryptography.hazmat.primitives.hashes import SM3
from cryptography.hazmat.primitives.hashes import Hash as Hashing

from fourgates.errors import Refused
from fourgates.log.tree import Hash

_UID = b"1234567812345678"  # GB/T 32918: the user where none was agreed on


class sm3:  # noqa: N801 - stands where hashlib's sha256 stands
    """SM3 over some bytes."""

    __slots__ = ("_hashing",)

    def __init__(self, content: bytes) -> None:
        self._hashing = Hashing(SM3())
        self._hashing.update(content)

    def digest(self) -> bytes:
        """The digest, 32 bytes."""
        return self._hashing.finalize()


@dataclass(frozen=True, slots=True)
class Algorithm:
    """One kind of signature: its ``name``, the ``mark`` of its type in keys, whether it says when (``timed``: cosignatures),
    lengths of public key and signature in bytes, the ``hash`` that goes with it, and whether C2SP knows it.

    ``generate()`` a secret, ``public(secret)``, ``sign(secret, message)``, ``verify(public, message, signature)``.
    """

    name: str
    mark: bytes
    timed: bool
    public_bytes: int
    signature_bytes: int
    hash: Hash
    c2sp: bool
    generate: Callable[[], bytes]
    public: Callable[[bytes], bytes]
    sign: Callable[[bytes, bytes], bytes]
    verify: Callable[[bytes, bytes, bytes], bool]


def _ed25519_verify(public: bytes, message: bytes, signature: bytes) -> bool:
    try:
        ed25519.Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def _mldsa_generate() -> bytes:
    try:
        from cryptography.hazmat.primitives.asymmetric import mldsa

        return mldsa.MLDSA44PrivateKey.generate().private_bytes_raw()
    except (ImportError, UnsupportedAlgorithm):
        raise Refused("R.8", "这台机器的 cryptography 程序库没有 ML-DSA-44") from None


def _mldsa_public(secret: bytes) -> bytes:
    from cryptography.hazmat.primitives.asymmetric import mldsa

    return mldsa.MLDSA44PrivateKey.from_seed_bytes(secret).public_key().public_bytes_raw()


def _mldsa_sign(secret: bytes, message: bytes) -> bytes:
    from cryptography.hazmat.primitives.asymmetric import mldsa

    return mldsa.MLDSA44PrivateKey.from_seed_bytes(secret).sign(message)


def _mldsa_verify(public: bytes, message: bytes, signature: bytes) -> bool:
    try:
        from cryptography.hazmat.primitives.asymmetric import mldsa

        mldsa.MLDSA44PublicKey.from_public_bytes(public).verify(signature, message)
    except (ImportError, UnsupportedAlgorithm, InvalidSignature, ValueError):
        return False
    return True


def _sm2_generate() -> bytes:
    try:
        import gmalg
    except ImportError:
        raise Refused("R.8", "要用国密 SM2，请先安装程序库 gmalg：pip install 'fourgates[sm]'") from None
    return bytes(gmalg.SM2().generate_keypair()[0]).rjust(32, b"\0")  # the library drops leading zeros


def _sm2_public(secret: bytes) -> bytes:
    import gmalg

    return bytes(gmalg.SM2().generate_pk(secret))


def _sm2_sign(secret: bytes, message: bytes) -> bytes:
    import gmalg

    return b"".join(part.rjust(32, b"\0") for part in gmalg.SM2(secret, _UID).sign(message))


def _sm2_verify(public: bytes, message: bytes, signature: bytes) -> bool:
    try:
        import gmalg
    except ImportError:
        return False
    held = gmalg.SM2(uid=_UID, pk=public)
    whole = public.startswith(b"\x04") and held.verify_pk(public)  # the library takes a point off the curve
    return bool(whole and held.verify(message, signature[:32], signature[32:]))


def _ed25519_generate() -> bytes:
    return ed25519.Ed25519PrivateKey.generate().private_bytes_raw()


def _ed25519_public(secret: bytes) -> bytes:
    return ed25519.Ed25519PrivateKey.from_private_bytes(secret).public_key().public_bytes_raw()


def _ed25519_sign(secret: bytes, message: bytes) -> bytes:
    return ed25519.Ed25519PrivateKey.from_private_bytes(secret).sign(message)


_ED25519 = (sha256, True, _ed25519_generate, _ed25519_public, _ed25519_sign, _ed25519_verify)
_MLDSA = (sha256, True, _mldsa_generate, _mldsa_public, _mldsa_sign, _mldsa_verify)
_SM2 = (sm3, False, _sm2_generate, _sm2_public, _sm2_sign, _sm2_verify)

ED25519 = Algorithm("ed25519", b"\x01", False, 32, 64, *_ED25519)
COSIGNING = Algorithm("cosignature/ed25519", b"\x04", True, 32, 64, *_ED25519)
COSIGNING_MLDSA = Algorithm("cosignature/ml-dsa-44", b"\x06", True, 1312, 2420, *_MLDSA)
SM2 = Algorithm("sm2", b"\xfffourgates/sm2/v1:", False, 65, 64, *_SM2)
COSIGNING_SM2 = Algorithm("cosignature/sm2", b"\xfffourgates/cosignature/sm2/v1:", True, 65, 64, *_SM2)
ALGORITHMS = (ED25519, COSIGNING, COSIGNING_MLDSA, SM2, COSIGNING_SM2)
