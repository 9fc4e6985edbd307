"""Personal facts sealed one by one (逐项封存): a salted digest each, in the disclosure shape of SD-JWT (RFC 9901).

A disclosure is ``base64url(JSON [salt, name, value])``, its digest ``base64url(SHA-256(disclosure))``. Who holds a
disclosure proves that fact and no other; without it the digest gives nothing away, because 128 bits of salt are missing.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Iterable, Mapping

import msgspec

from fourgates import canon
from fourgates.errors import Refused

SECRET = 32
"""Bytes of the secret a person's salts are made from; with it destroyed no digest of that person can be made again."""


class Sealed(msgspec.Struct, frozen=True, rename={"digests": "_sd"}):
    """One person's facts: the id, and the digests in their order."""

    id: str
    digests: tuple[str, ...]


class SealedDocument(msgspec.Struct, frozen=True):
    """Document of ``FactsSealed``: persons ordered by id."""

    sealed: tuple[Sealed, ...]


class Disclosure(msgspec.Struct, frozen=True, array_like=True):
    """What a disclosure says: the salt, which fact, and its value."""

    salt: str
    name: str
    value: str


def _text64(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def disclose(secret: bytes, name: str, value: str) -> str:
    """The disclosure of one fact. Its salt follows from the person's secret, so that the same fact is sealed the same way
    again and one destroyed secret takes every salt with it."""
    salt = hmac.digest(secret, canon.spell([name, value]), "sha256")[:16]
    return _text64(canon.spell(Disclosure(_text64(salt), name, value)))


def digest(disclosure: str) -> str:
    """The digest under which a disclosure is sealed."""
    return _text64(hashlib.sha256(disclosure.encode()).digest())


def read(disclosure: str) -> Disclosure:
    """What a disclosure says; ``Refused`` (H.6) when it is none."""
    try:
        content = base64.urlsafe_b64decode(disclosure + "=" * (-len(disclosure) % 4))
        return canon.reader(Disclosure).decode(content)
    except ValueError:
        raise Refused("H.6", "这不是一项披露") from None


def facts(secret: bytes, values: Mapping[str, str]) -> tuple[str, ...]:
    """The disclosures of a person's facts that are not empty, in the order of their digests."""
    return tuple(
        sorted((disclose(secret, name, value) for name, value in values.items() if value), key=digest)
    )


def seal(people: Mapping[str, Iterable[str]]) -> SealedDocument:
    """The document of these persons: id → disclosures."""
    return SealedDocument(
        tuple(Sealed(id_, tuple(sorted(map(digest, some)))) for id_, some in sorted(people.items()))
    )


def check(document: SealedDocument, known: Iterable[str]) -> None:
    """Raises ``Refused`` unless every person stands on a roster (1.5) once and every digest is one (0.4), in order."""
    ids = [one.id for one in document.sealed]
    if not set(ids) <= set(known):
        raise Refused("1.5", "有人不在任何名册中")
    digests = [text for one in document.sealed for text in one.digests]
    ordered = all(list(one.digests) == sorted(one.digests) for one in document.sealed)
    if (
        ids != sorted(set(ids))
        or not ordered
        or len(set(digests)) != len(digests)
        or {*map(len, digests)} - {43}
    ):
        raise Refused("0.4", "封存件写得不对")


def digests(documents: Iterable[bytes]) -> set[str]:
    """Every digest that stands in a sealed document among ``documents``."""
    reader = canon.reader(SealedDocument)
    found: set[str] = set()
    for content in documents:
        if content.startswith(b'{"sealed":'):
            found.update(text for one in reader.decode(content).sealed for text in one.digests)
    return found
