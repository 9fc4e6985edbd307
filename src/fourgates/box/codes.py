"""One-time codes (一次性编码): drawn at random, printed on slips, kept here by their digests only."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from hashlib import sha256

from fourgates import canon
from fourgates.errors import Refused

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
LENGTH = 16
"""Sixteen characters of 32: 80 bits. Whoever tries a thousand a second finds one of 15,000 in about two billion years."""

WORDS = dict(zip(ALPHABET, "零一二三四五六七八九天地人水火木花草马鱼羊门车米黑白风东南国云春", strict=True))
"""A word for each letter, for whoever reads characters more easily, or tells the code by telephone: all thirty-two sound
different where n is l, h is f and zh is z too."""

_LOOKALIKES = {"o": "0", "i": "1", "l": "1"}
_TYPED: dict[int, str | None] = {
    ord(typed) + width: _LOOKALIKES.get(meant, meant)
    for meant in map(chr, range(ord("!"), ord("~") + 1))
    for typed in (meant, meant.upper())
    for width in (0, 0xFEE0)
    if meant == meant.lower()
}
_TYPED |= (
    dict.fromkeys(map(ord, " -\t\u3000—－"))
    | {ord(word): letter for letter, word in WORDS.items()}
    | {ord("〇"): "0"}
)
_LETTERS = frozenset(ALPHABET)


def draw() -> str:
    """A new code, as it is stored nowhere."""
    return "".join(secrets.choice(ALPHABET) for _place in range(LENGTH))


def read(text: str) -> str:
    """The code that somebody typed or scanned; ``Refused`` (B.1) when it cannot be one.

    Capitals, full-width letters, spaces and hyphens do not matter, nor do o for 0 and i or l for 1, which no code has; a
    letter may be written as its word.
    """
    code = text.translate(_TYPED)
    if len(code) != LENGTH:
        raise Refused("B.1", "编码应为{length}个字母或数字，读到{read}个", length=LENGTH, read=len(code))
    if not _LETTERS.issuperset(code):
        place, letter = next((n, one) for n, one in enumerate(code, start=1) if one not in _LETTERS)
        raise Refused(
            "B.1", "编码的第{place}个字符“{letter}”不是编码中会有的字符", place=place, letter=letter
        )
    return code


def shown(code: str) -> str:
    """The code as it is printed: four groups of four."""
    return "-".join(code[at : at + 4] for at in range(0, LENGTH, 4))


def words(code: str) -> str:
    """The code in words, as it is printed below: four groups of four."""
    said = "".join(WORDS[letter] for letter in code)
    return " ".join(said[at : at + 4] for at in range(0, LENGTH, 4))


def digest(code: str) -> bytes:
    """What is kept of a code (32 bytes): it cannot be found from this by trying, because there are too many codes."""
    return sha256(b"fourgates code\n" + code.encode()).digest()


def handle(receipt: str) -> bytes:
    """Under which a nomination lies in the box while it is open (16 bytes); only the receipt leads to it."""
    return sha256(b"fourgates handle\n" + receipt.encode()).digest()[:16]


def tag(receipt: str) -> str:
    """Under which a nomination stands in the published box (32 hexadecimal digits).

    Handle and tag cannot be joined without the receipt, which lies in no file in the open.
    """
    return sha256(b"fourgates tag\n" + receipt.encode()).hexdigest()[:32]


def seal(receipt: str, names: Iterable[str], written: Iterable[str], satisfaction: str) -> str:
    """By what the holder of a receipt finds the own nomination unchanged (64 hexadecimal digits); says nothing without it."""
    said = canon.spell([receipt, list(names), list(written), satisfaction])
    return sha256(b"fourgates paper\n" + said).hexdigest()


def receipt() -> str:
    """A new receipt (32 hexadecimal digits), for whoever has a browser too old to draw one."""
    return secrets.token_hex(16)
