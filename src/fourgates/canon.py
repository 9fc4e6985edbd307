"""One spelling for every value, and its digest (规范写法与摘要).

Values are spelt as JSON with keys sorted by code point, no white space, whole numbers and dates as ``2022-02-21``; for
the values used here that is the spelling of RFC 8785, so that any language can check a digest. Fractions are ``4/5``.
"""

from __future__ import annotations

import hashlib
import re
from fractions import Fraction
from typing import Any, TypeVar

import msgspec

T = TypeVar("T")

_FRACTION = re.compile(
    r"(?P<percent>[0-9]{1,9}(\.[0-9]{1,6})?)%|(?P<above>[0-9]{1,9})(/(?P<below>[0-9]{1,9}))?", re.ASCII
)


def _spell(value: object) -> str:
    if isinstance(value, Fraction):
        return f"{value.numerator}/{value.denominator}"
    raise NotImplementedError(f"a {type(value).__name__} has no spelling")


def _read(kind: type, value: object) -> object:
    if kind is Fraction and isinstance(value, str):
        return fraction(value)
    raise TypeError(f'expected text such as "4/5" or "80%", got a {type(value).__name__}')


_encoder = msgspec.json.Encoder(enc_hook=_spell, order="sorted")


def spell(value: object) -> bytes:
    """The one spelling of ``value``: UTF-8 bytes, no line break inside."""
    return _encoder.encode(value)


def spell_lines(values: list[T]) -> bytes:
    """Every value's spelling, each ended by a line feed."""
    return _encoder.encode_lines(values)


def reader(kind: type[T]) -> msgspec.json.Decoder[T]:
    """A strict decoder for values of ``kind``; it raises ``msgspec.DecodeError`` or ``ValidationError``."""
    return msgspec.json.Decoder(kind, dec_hook=_read, strict=True)


def convert(value: Any, kind: type[T]) -> T:
    """Plain tables (as from TOML) as a value of ``kind``; raises ``msgspec.ValidationError`` naming the place."""
    return msgspec.convert(value, kind, dec_hook=_read, strict=True)


def fraction(text: str) -> Fraction:
    """``"4/5"``, ``"60%"``, ``"33.3%"`` or ``"2"`` as an exact fraction; ``ValueError`` when it is none of these."""
    found = _FRACTION.fullmatch(text)
    if found is None or (found["below"] and int(found["below"]) == 0):
        raise ValueError(f'"{text}" is not a share such as "4/5", "60%" or "2"')
    if found["percent"]:
        return Fraction(found["percent"]) / 100
    return Fraction(int(found["above"]), int(found["below"] or 1))


def digest(content: bytes) -> str:
    """SHA-256 of ``content``, 64 hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()
