"""Keys as text (密钥): the verifier key anyone may have, and the signer key that stays with the office.

``name+id+base64`` is C2SP's vkey; ``PRIVATE+KEY+name+id+base64`` the signer key, as Go's note tools write it.
"""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass

from fourgates.errors import Refused
from fourgates.log.algorithms import ALGORITHMS, Algorithm

_PRIVATE = "PRIVATE+KEY+"
_SECRET = 32


@dataclass(frozen=True, slots=True)
class Key:
    """A verifier key: whose (``name``), of which kind, and the public bytes."""

    name: str
    algorithm: Algorithm
    public: bytes

    @property
    def id(self) -> bytes:
        """The four bytes that stand before a signature of this key."""
        named = self.name.encode() + b"\n" + self.algorithm.mark + self.public
        return self.algorithm.hash(named).digest()[:4]

    def __str__(self) -> str:
        return f"{self.name}+{self.id.hex()}+{text64(self.algorithm.mark + self.public)}"

    def verify(self, message: bytes, signature: bytes) -> bool:
        """Whether ``signature`` is this key's over ``message``."""
        return len(signature) == self.algorithm.signature_bytes and self.algorithm.verify(
            self.public, message, signature
        )


@dataclass(frozen=True, slots=True)
class Signer:
    """A signer key: the verifier key, and the secret that must never lie in a record."""

    key: Key
    secret: bytes

    def __str__(self) -> str:
        key = self.key
        return f"{_PRIVATE}{key.name}+{key.id.hex()}+{text64(key.algorithm.mark + self.secret)}"

    def __repr__(self) -> str:
        return f"Signer({self.key})"

    def sign(self, message: bytes) -> bytes:
        """This key's signature over ``message``."""
        return self.key.algorithm.sign(self.secret, message)


def generate(name: str, algorithm: Algorithm) -> Signer:
    """A new key for ``name``; ``Refused`` (R.8) where the name cannot be one or the algorithm is not at hand."""
    _must_be_name(name)
    secret = algorithm.generate()
    return Signer(Key(name, algorithm, algorithm.public(secret)), secret)


def read(text: str) -> Key:
    """The verifier key ``text`` spells; ``Refused`` (R.8) when it spells none or its id is not its own."""
    name, id_, algorithm, public = _parts(text)
    key = Key(name, algorithm, public)
    if len(public) != algorithm.public_bytes or key.id.hex() != id_:
        raise Refused("R.8", "公钥“{name}”写错了：编号与内容不符", name=name)
    return key


def read_signer(text: str) -> Signer:
    """The signer key ``text`` spells; ``Refused`` (R.8) when it spells none. What it says is never repeated."""
    if not text.startswith(_PRIVATE):
        raise Refused("R.8", "这不是私钥文件")
    name, id_, algorithm, secret = _parts(text.removeprefix(_PRIVATE).rstrip("\n"))
    if len(secret) != _SECRET:
        raise Refused("R.8", "私钥“{name}”写错了：编号与内容不符", name=name)
    signer = Signer(Key(name, algorithm, algorithm.public(secret)), secret)
    if signer.key.id.hex() != id_:
        raise Refused("R.8", "私钥“{name}”写错了：编号与内容不符", name=name)
    return signer


def _parts(text: str) -> tuple[str, str, Algorithm, bytes]:
    name, _plus, rest = text.partition("+")
    id_, _plus, content = rest.partition("+")
    _must_be_name(name)
    try:
        marked = bytes64(content)
    except ValueError:
        marked = b""
    for algorithm in ALGORITHMS:
        if marked.startswith(algorithm.mark):
            return name, id_, algorithm, marked.removeprefix(algorithm.mark)
    raise Refused("R.8", "密钥“{name}”读不懂，或者不是认识的算法", name=name)


def _must_be_name(name: str) -> None:
    if not name or "+" in name or not name.isprintable() or any(sign.isspace() for sign in name):
        raise Refused("R.8", "密钥的名称“{name}”不能用：不能为空，不能有空格和加号", name=name)


def text64(content: bytes) -> str:
    """Bytes as base64 text."""
    return base64.b64encode(content).decode()


def bytes64(text: str) -> bytes:
    """The bytes base64 ``text`` spells in the one way it can be spelt; ``ValueError`` otherwise."""
    try:
        content = base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise ValueError(text) from error
    if text64(content) != text:
        raise ValueError(text)
    return content
