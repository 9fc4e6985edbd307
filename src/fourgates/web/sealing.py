"""What only the installation needs, sealed (加密): names of accounts, second factors and ways in, AES-256-GCM, each value bound
to its own row.

The key comes from the installation's secret, which lies beside the tables and not in them. Whatever is about the people of a
selection is sealed under the keys of its record instead (``records.keys``), which can be destroyed one by one.
"""

from __future__ import annotations

import secrets
from base64 import b64decode, b64encode
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from fourgates.errors import Broken

NONCE = 12


def account(username: str) -> str:
    """What the name of an account is sealed for."""
    return f"account/{username}"


def job(number: int) -> str:
    """What the sentence of a job is sealed for."""
    return f"job/{number}"


def factor(account: int, kind: str) -> str:
    """What the secret of a second factor is sealed for."""
    return f"second factor/{account}/{kind}"


@lru_cache(maxsize=4)
def _cipher(secret: str) -> AESGCM:
    """By the installation's secret: worked out once, since a page may open the name of every account."""
    return AESGCM(HKDF(SHA256(), 32, None, b"fourgates sealed fields 1").derive(secret.encode()))


def seal(content: bytes, about: str) -> bytes:
    """``content`` for the row ``about``: nonce, then what AES-256-GCM makes of it."""
    nonce = secrets.token_bytes(NONCE)
    return nonce + _cipher(settings.SECRET_KEY).encrypt(nonce, content, about.encode())


def opened(sealed: bytes | memoryview, about: str) -> bytes:
    """What was sealed for the row ``about``; ``Broken`` (R.5) where it was changed, moved, or sealed under another secret."""
    whole = bytes(sealed)
    try:
        return _cipher(settings.SECRET_KEY).decrypt(whole[:NONCE], whole[NONCE:], about.encode())
    except (InvalidTag, ValueError):  # the latter where it is shorter than what is ever sealed
        raise Broken(0, "R.5", "附件{digest}被改动过", digest=about) from None


def words(text: str, about: str) -> str:
    """A text sealed for the row ``about``, to lie in a column of text; an empty one stays empty."""
    return b64encode(seal(text.encode(), about)).decode("ascii") if text else ""


def read(sealed: str, about: str) -> str:
    """The text that was sealed for the row ``about``; ``Broken`` (R.5) as of ``opened``, and where it is not sealed at all."""
    try:
        whole = b64decode(sealed, validate=True)
    except ValueError:
        whole = b""
    return opened(whole, about).decode() if sealed else ""
