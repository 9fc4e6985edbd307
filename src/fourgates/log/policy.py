"""Whose word is enough (见证方案): the logs believed, the witnesses known, and how many of them must have cosigned.

The file is C2SP's tlog-policy: lines ``log``, ``witness``, ``group`` and ``quorum``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from fourgates.errors import Refused
from fourgates.log import checkpoint, cosignature, key
from fourgates.log.checkpoint import Checkpoint
from fourgates.log.key import Key
from fourgates.log.note import Note

_CONTROL = re.compile(rb"[^\t\n\x20-\x7e\x80-\xff]")
_COUNT = re.compile("[1-9][0-9]{0,3}", re.ASCII)
NONE = "none"


@dataclass(frozen=True, slots=True)
class Checked:
    """What a policy says of a signed checkpoint: whose it is, which witnesses (by their names in the policy) cosigned it
    and when, and whether they are enough."""

    checkpoint: Checkpoint
    log: Key
    witnesses: Mapping[str, int]
    enough: bool


@dataclass(frozen=True, slots=True)
class Policy:
    """Logs, witnesses by name, groups by name (how many of which), and the name that must hold (``none``: nobody)."""

    logs: tuple[Key, ...]
    witnesses: Mapping[str, Key]
    groups: Mapping[str, tuple[int, tuple[str, ...]]]
    quorum: str

    def check(self, noted: Note) -> Checked:
        """What this policy says of a note; ``Refused`` (R.8) when none of its logs signed it, or a signature is false."""
        found, log = checkpoint.signed(noted, self.logs)
        held = {one.key: one.at for one in cosignature.cosigners(noted, found, self.witnesses.values())}
        times = {name: held[witness] for name, witness in self.witnesses.items() if witness in held}
        return Checked(found, log, times, self._holds(self.quorum, times))

    def _holds(self, name: str, times: Mapping[str, int]) -> bool:
        if name == NONE or name in self.witnesses:
            return name == NONE or name in times
        count, members = self.groups[name]
        return sum(self._holds(member, times) for member in members) >= count

    def __str__(self) -> str:
        lines = [f"log {one}" for one in self.logs]
        lines += [f"witness {name} {one}" for name, one in self.witnesses.items()]
        lines += [f"group {name} {count} {' '.join(of)}" for name, (count, of) in self.groups.items()]
        return "\n".join((*lines, f"quorum {self.quorum}", ""))


def read(content: bytes) -> Policy:
    """The policy in a file; ``Refused`` (R.8) naming the line that is none."""
    reader = _Reader()
    for number, line in enumerate(content.split(b"\n"), start=1):
        words = re.split("[ \t]+", line.decode("utf-8", "surrogateescape").strip(" \t"))
        if _CONTROL.search(line):
            raise _wrong(number)
        if words[0] and not words[0].startswith("#"):
            reader.take(number, words)
    return reader.done(number)


def _wrong(number: int) -> Refused:
    return Refused("R.8", "见证方案第{line}行不合写法", line=number)


class _Reader:
    """Takes a policy in line by line."""

    def __init__(self) -> None:
        self._logs: list[Key] = []
        self._witnesses: dict[str, Key] = {}
        self._groups: dict[str, tuple[int, tuple[str, ...]]] = {}
        self._grouped: set[str] = set()
        self._quorum: str | None = None

    def take(self, number: int, words: list[str]) -> None:
        match words:
            case ["log", spelt] | ["log", spelt, _]:
                self._log(number, key.read(spelt))
            case ["witness", name, spelt] | ["witness", name, spelt, _]:
                self._witness(number, name, key.read(spelt))
            case ["group", name, count, *members] if members:
                self._group(number, name, count, members)
            case ["quorum", name] if self._quorum is None and (name == NONE or self._known(name)):
                self._quorum = name
            case _:
                raise _wrong(number)

    def done(self, number: int) -> Policy:
        if self._quorum is None:
            raise _wrong(number)
        return Policy(tuple(self._logs), self._witnesses, self._groups, self._quorum)

    def _known(self, name: str) -> bool:
        return name in self._witnesses or name in self._groups

    def _log(self, number: int, log: Key) -> None:
        if log.algorithm.timed or any(log.public == one.public for one in self._logs):
            raise _wrong(number)
        self._logs.append(log)

    def _witness(self, number: int, name: str, witness: Key) -> None:
        twice = any(witness.public == one.public for one in self._witnesses.values())
        if twice or not witness.algorithm.timed or name == NONE or self._known(name):
            raise _wrong(number)
        self._witnesses[name] = witness

    def _group(self, number: int, name: str, count: str, members: list[str]) -> None:
        least = {"any": "1", "all": str(len(members))}.get(count, count)
        unknown = [one for one in members if not self._known(one) or one in self._grouped]
        if unknown or name == NONE or self._known(name) or len(set(members)) < len(members):
            raise _wrong(number)
        if not _COUNT.fullmatch(least) or int(least) > len(members):
            raise _wrong(number)
        self._grouped |= set(members)
        self._groups[name] = int(least), tuple(members)
