"""Checkpoints (检查点): the root over the first so many lines of a record, signed by whoever keeps it (C2SP tlog-checkpoint).

``origin`` is the name of the log and of the key that signs for it. A log signs no checkpoint that does not go on from all
it signed before.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from fourgates.errors import Refused
from fourgates.log.key import Key, Signer, bytes64, text64
from fourgates.log.note import Note, Signature
from fourgates.log.tree import WIDTH

_SHAPE = re.compile(
    r"(?P<origin>[^\n]+)\n(?P<size>0|[1-9][0-9]{0,18})\n(?P<root>[^\n]+)\n(?P<more>(?:[^\n]+\n)*)"
)


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What a checkpoint says: which log, how many lines, their root; ``extensions`` are lines nothing is read into."""

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The text that is signed."""
        return "\n".join((self.origin, str(self.size), text64(self.root), *self.extensions, ""))

    def sign(self, signer: Signer) -> Note:
        """The checkpoint as a note, signed by the log; ``Refused`` (R.8) when the key is a witness's or of another name."""
        if signer.key.algorithm.timed or signer.key.name != self.origin:
            raise Refused(
                "R.8", "密钥“{name}”不能签发“{origin}”的检查点", name=signer.key.name, origin=self.origin
            )
        made = Signature(signer.key.name, signer.key.id, signer.sign(self.text.encode()))
        return Note(self.text, (made,))


def read(text: str) -> Checkpoint:
    """The checkpoint the text of a note says; ``Refused`` (R.8) when it says none."""
    found = _SHAPE.fullmatch(text)
    try:
        node = bytes64(found["root"]) if found else b""
    except ValueError:
        node = b""
    if found is None or len(node) != WIDTH:
        raise Refused("R.8", "这不是检查点（checkpoint）：应有来源、条数和树根三行")
    return Checkpoint(found["origin"], int(found["size"]), node, tuple(found["more"].split("\n")[:-1]))


def signed(noted: Note, keys: Iterable[Key]) -> tuple[Checkpoint, Key]:
    """The checkpoint in a note that one of ``keys`` signed as its log, and that key.

    Raises ``Refused`` (R.8) when the text is no checkpoint, when a signature of one of them does not hold, or when none of
    them has signed.
    """
    found = read(noted.text)
    good: Key | None = None
    for key in keys:
        if key.name != found.origin or key.algorithm.timed:
            continue
        for one in noted.signatures:
            if one.by(key):
                if not key.verify(noted.text.encode(), one.value):
                    raise Refused("R.8", "“{name}”的签名不成立：内容或者签名被改动过", name=key.name)
                good = good or key
    if good is None:
        raise Refused("R.8", "检查点没有“{origin}”的可信签名", origin=found.origin)
    return found, good
