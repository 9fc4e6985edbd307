"""What people wrote, sealed before it lies in a table of the site (加密): AES-256-GCM, each value bound to its own row.

The key comes from the installation's secret, which lies beside the tables and not in them: who has a copy of the database
alone reads nothing, and a value moved to another row opens no more.
"""

from __future__ import annotations

import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from fourgates.errors import Broken

NONCE = 12


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
