"""Opening the box (开箱): every sealed nomination read, judged and put down under its tag, in an order that says nothing.

What comes out is two documents: who took part, by id; and what was named, by tag. They agree in their counts by branch,
and nothing in one leads to the other.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import msgspec

from fourgates import canon
from fourgates.box import codes
from fourgates.box.question import Named, Question, check
from fourgates.box.sealing import Key, Opener
from fourgates.box.urn import State, Urn
from fourgates.errors import Broken, Refused


class Part(msgspec.Struct, frozen=True, array_like=True):
    """Somebody took part: id, branch, by which channel, on which day, and which visitors brought it."""

    member: str
    branch: str
    channel: str
    day: str
    by: str


class Paper(msgspec.Struct, frozen=True, array_like=True):
    """One nomination: its tag, the branch, the ids named, the names written in, satisfaction; ``void``: the rule for which
    it does not count, where a visitor's phone sealed what the question does not allow; ``seal``: see ``codes.seal``."""

    tag: str
    branch: str
    names: tuple[str, ...]
    written: tuple[str, ...]
    satisfaction: str
    void: str
    seal: str


class Opened(msgspec.Struct, frozen=True):
    """What was in the box: who took part, ordered by id, and what was named, ordered by tag."""

    took_part: tuple[Part, ...]
    papers: tuple[Paper, ...]


def opened(question: Question, urn: Urn, key: Key) -> Opened:
    """Everything in the box; ``Broken`` (B.6) when one does not open, or a branch has more or fewer papers than people
    who took part."""
    urn.settle()
    opener = Opener(key, question.box)
    papers = tuple(sorted(_read(question, opener, urn.sealed()), key=lambda one: one.tag))
    parts = tuple(
        sorted(
            (
                Part(one.member, one.branch, one.channel, one.day, one.by)
                for one in urn.roll()
                if one.state is State.SPENT
            ),
            key=lambda one: one.member,
        )
    )
    came, lie = Counter(one.branch for one in parts), Counter(one.branch for one in papers)
    for branch in sorted(came.keys() | lie.keys()):
        if came[branch] != lie[branch]:
            raise Broken(
                0,
                "B.6",
                "{branch}有{came}人参加，箱中却有{lie}份：数目不符，不能开箱",
                branch=branch,
                came=came[branch],
                lie=lie[branch],
            )
    return Opened(parts, papers)


def _read(question: Question, opener: Opener, sealed: Iterable[tuple[int, bytes]]) -> Iterable[Paper]:
    nominees = {one.id: one for one in question.nominees}
    reader = canon.reader(Named)
    for place, content in sealed:
        branch = question.branches[place]
        try:
            named = reader.decode(opener.open(content))
        except msgspec.DecodeError:
            raise Broken(0, "B.6", "箱中有一份读不懂：不是按约定封的") from None
        try:
            check(named, question, branch, nominees)
            void = ""
        except Refused as no:
            void = no.rule
        seal = codes.seal(named.receipt, named.names, named.written, named.satisfaction)
        yield Paper(
            codes.tag(named.receipt), branch, named.names, named.written, named.satisfaction, void, seal
        )
