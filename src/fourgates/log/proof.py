"""Receipts (回执): one file that proves, without any network, that a line stands in a cosigned record (C2SP tlog-proof).

The line itself travels in ``extra``: nobody signs it there, but its leaf must stand under the root that is signed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from fourgates.errors import Refused
from fourgates.log import note, tree
from fourgates.log.key import bytes64, text64
from fourgates.log.note import Note
from fourgates.log.policy import Checked, Policy

SUFFIX = ".tlog-proof"
LARGEST = 1 << 20
_FIRST = "c2sp.org/tlog-proof@v1\n"
_SHAPE = re.compile(
    re.escape(_FIRST)
    + r"(?:extra (?P<extra>[^\n]+)\n)?index (?P<index>0|[1-9][0-9]{0,18})\n(?P<path>(?:[^\n]+\n){0,63})\n(?P<note>.+)",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Proof:
    """A receipt: the leaf's ``index`` from 0, its siblings from the leaf up, the signed checkpoint, and ``extra`` bytes."""

    index: int
    path: tuple[bytes, ...]
    note: Note
    extra: bytes = b""

    def __str__(self) -> str:
        extra = f"extra {text64(self.extra)}\n" if self.extra else ""
        path = "".join(f"{text64(one)}\n" for one in self.path)
        return f"{_FIRST}{extra}index {self.index}\n{path}\n{self.note}"

    def check(self, leaf: bytes, policy: Policy) -> Checked:
        """What ``policy`` says of the checkpoint under whose root ``leaf`` stands.

        Raises ``Refused``: R.8 for a checkpoint that is not signed as the policy wants, R.10 for a leaf that does not stand
        under it. Whether the witnesses are enough is in the answer.
        """
        found = policy.check(self.note)
        at = found.checkpoint
        if not tree.included(leaf, self.index, at.size, self.path, at.root, found.log.algorithm.hash):
            raise Refused("R.10", "这一条不在检查点所封的纪实之内：回执或者内容被改动过")
        return found


def read(content: bytes) -> Proof:
    """The receipt in a file; ``Refused`` (R.8) when it is none."""
    wrong = Refused("R.8", "这不是回执（tlog-proof）")
    try:
        text = content.decode("utf-8") if len(content) <= LARGEST else ""
    except UnicodeDecodeError:
        raise wrong from None
    found = _SHAPE.fullmatch(text)
    if found is None:
        raise wrong
    try:
        extra = bytes64(found["extra"] or "")
        path = tuple(bytes64(line) for line in found["path"].split("\n")[:-1])
    except ValueError:
        raise wrong from None
    return Proof(int(found["index"]), path, note.read(found["note"].encode()), extra)
