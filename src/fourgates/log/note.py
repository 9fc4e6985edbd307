"""Signed notes (签名文本): text, an empty line, and one line a signature (C2SP signed-note)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from fourgates.errors import Refused
from fourgates.log.key import Key, bytes64, text64

LARGEST = 1 << 20
_MOST = 100
_CONTROL = re.compile("[\x00-\x09\x0b-\x1f]")


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature: the name it claims, the id of the key, and the bytes."""

    name: str
    id: bytes
    value: bytes

    def __str__(self) -> str:
        return f"— {self.name} {text64(self.id + self.value)}\n"

    def by(self, key: Key) -> bool:
        """Whether it claims to be of ``key``."""
        return (self.name, self.id) == (key.name, key.id)


@dataclass(frozen=True, slots=True)
class Note:
    """A text and its signatures, none of them believed yet."""

    text: str
    signatures: tuple[Signature, ...]

    def __str__(self) -> str:
        return f"{self.text}\n{''.join(map(str, self.signatures))}"

    def cosigned(self, signatures: Iterable[Signature]) -> Note:
        """The note with further signatures; one that is there already is not added again."""
        return Note(self.text, tuple(dict.fromkeys((*self.signatures, *signatures))))


def signature(line: str) -> Signature:
    """The signature in one line without its end; ``Refused`` (R.8) when it is none."""
    dash, _space, rest = line.partition(" ")
    name, _space, value = rest.partition(" ")
    try:
        content = bytes64(value)
    except ValueError:
        content = b""
    spaced = any(sign.isspace() for sign in name)
    if dash != "—" or not name or "+" in name or spaced or len(content) <= 4:
        raise Refused("R.8", "签名行读不懂：{line}", line=line[:80])
    return Signature(name, content[:4], content[4:])


def read(content: bytes) -> Note:
    """The note ``content`` spells; ``Refused`` (R.8) when it is none."""
    try:
        text = content.decode("utf-8") if len(content) <= LARGEST else ""
    except UnicodeDecodeError:
        text = ""
    body, gap, signed = text.rpartition("\n\n")
    lines = signed.split("\n")
    if not gap or _CONTROL.search(text) or lines.pop() or not 0 < len(lines) <= _MOST:
        raise Refused("R.8", "这不是签名文本（signed note）")
    return Note(body + "\n", tuple(signature(line) for line in lines))


def signatures(content: bytes) -> tuple[Signature, ...]:
    """The signature lines of which ``content`` consists, one or more; ``Refused`` (R.8) when there is anything else."""
    return read(b"\n\n" + content).signatures
