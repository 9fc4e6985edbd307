"""What people wrote, sealed before it lies in a table of the site (加密): AES-256-GCM, each value bound to its own row.

The key comes from the installation's secret, which lies beside the tables and not in them: who has a copy of the database
alone reads nothing, and a value moved to another row opens no more.
"""

from __future__ import annotations

import secrets
from base64 import b64decode, b64encode

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from fourgates import canon
from fourgates.errors import Broken

NONCE = 12
MARK = b"\x00sealed 1\x00"
"""How sealed names begin; no document that is not sealed does."""


def _key() -> bytes:
    return HKDF(SHA256(), 32, None, b"fourgates sealed fields 1").derive(settings.SECRET_KEY.encode())


def seal(content: bytes, about: str) -> bytes:
    """``content`` for the row ``about``: nonce, then what AES-256-GCM makes of it."""
    nonce = secrets.token_bytes(NONCE)
    return nonce + AESGCM(_key()).encrypt(nonce, content, about.encode())


def opened(sealed: bytes | memoryview, about: str) -> bytes:
    """What was sealed for the row ``about``; ``Broken`` (R.5) where it was changed, moved, or sealed under another secret."""
    whole = bytes(sealed)
    try:
        return AESGCM(_key()).decrypt(whole[:NONCE], whole[NONCE:], about.encode())
    except InvalidTag:
        raise Broken(0, "R.5", "附件{digest}被改动过", digest=about) from None


def words(text: str, about: str) -> str:
    """A text sealed for the row ``about``, to lie in a column of text."""
    return b64encode(seal(text.encode(), about)).decode("ascii")


def read(sealed: str, about: str) -> str:
    """The text that was sealed for the row ``about``."""
    return opened(b64decode(sealed), about).decode()


class Names:
    """The names beside a record, sealed before they are stored. A document that came in unsealed is taken only where it is
    exactly the one that the record names."""

    def seal(self, name: str, content: bytes) -> bytes:
        """What is stored under ``name``."""
        return MARK + seal(content, f"names/{name}")

    def opened(self, name: str, stored: bytes) -> bytes:
        """What was stored under ``name``; ``Broken`` (R.5) where it was changed or moved."""
        if stored.startswith(MARK):
            return opened(stored[len(MARK) :], f"names/{name}")
        if canon.digest(stored) != name.removesuffix(".json"):
            raise Broken(0, "R.5", "附件{digest}被改动过", digest=name)
        return stored
