"""The fingerprint in a document's footer (核对码): which kind, about whom, as of which entry, over which figures.

It is no signature: it binds what a document says to an entry of the record and its seal, so that whoever has the record
can work the same document out again and see whether anything was altered since. On what people sign stands the code of the
record's root besides (根码): then the paper pins the record, and whoever changes the record must change the paper too.
"""

from __future__ import annotations

import re

import msgspec

from fourgates import canon
from fourgates.papers.template import Said

_SHAPE = re.compile(
    r"四关｜(?P<title>[^｜]+)｜(?P<subject>[^｜]+)｜纪实第(?P<entry>\d{1,9})条｜版式(?P<template>[0-9a-f]{8})｜"
    r"核对码(?P<digest>(?:[0-9a-f]{4}-){3}[0-9a-f]{4})(?:｜根码(?P<code>(?:\w\d{4})+))?"
)


class Fingerprint(msgspec.Struct, frozen=True):
    """One fingerprint: title of the kind, subject as printed (a unit or department, the first digits of a person's id),
    number of the entry, digest of the template, digest of the figures (64 bits), and on what is signed the code of the root
    over the entries up to that one."""

    title: str
    subject: str
    entry: int
    template: str
    digest: str
    code: str = ""

    def __str__(self) -> str:
        code = f"｜根码{self.code}" if self.code else ""
        return (
            f"四关｜{self.title}｜{self.subject}｜纪实第{self.entry}条｜"
            f"版式{self.template}｜核对码{self.digest}{code}"
        )


def digest(title: str, subject: str, entry: int, seal: str, said: Said) -> str:
    """The digest over every value put in, in order, with the entry and its seal: a record's alone."""
    found = canon.digest(canon.spell([title, subject, entry, seal, said]))[:16]
    return "-".join(found[at : at + 4] for at in range(0, 16, 4))


def find(text: str) -> Fingerprint | None:
    """The fingerprint in what a footer says; ``None`` where there is none."""
    found = _SHAPE.search("".join(text.split()))
    if found is None:
        return None
    return Fingerprint(
        found["title"],
        found["subject"],
        int(found["entry"]),
        found["template"],
        found["digest"],
        found["code"] or "",
    )
