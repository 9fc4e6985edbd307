"""What an export is written from (依据): where the selection stands, as of which entry, and what persons are called."""

from __future__ import annotations

import msgspec

from fourgates import judging
from fourgates.nominations import Sitting
from fourgates.papers.people import Details, People
from fourgates.participation import Mark
from fourgates.selection import Selection


class Source(msgspec.Struct, frozen=True):
    """A record as of its entry ``n``, made at ``at``, with that entry's seal; ``people`` only where names may be shown."""

    selection: Selection
    n: int
    at: str
    seal: str
    people: People | None = None

    def called(self, id_: str) -> str:
        """A person's name, or the pseudonym that stands in the record."""
        return self.people.name(id_) if self.people is not None else id_

    def details(self, id_: str) -> Details | None:
        """What is kept of a person, where names may be shown."""
        return self.people.people.get(id_) if self.people is not None else None

    def entry(self, kind: str, about: str = "") -> int:
        """The number of the entry in which a claim or a result about ``about`` stands; 0 for none."""
        if (kind, about) in self.selection.results:
            return self.selection.results[kind, about][0]
        return self.selection.standing.get((kind, about), 0)

    def marked(self, person: str, committee: str, mark: Mark) -> int:
        """The number of the entry that says of a person what counts of them: how they took part."""
        own = judging.said(self.selection.facts, person)
        source = next(source for source in sorted(own) if own[source] == mark)
        where, _, name = source.partition(":")
        if name:
            return self.entry({"meeting": "AttendanceTaken", "box": "BoxClosed"}[where], name)
        single = self.entry("MemberMarked", f"{person} {source}")
        return single or self.entry("ParticipationMarked", committee)

    def nominated(self, branch: str, sitting: Sitting) -> int:
        """The number of the entry in which a branch's nominations stand: those of a meeting, or of a box that closed."""
        facts = self.selection.facts
        if sitting in facts.filed.get(branch, ()):
            return self.entry("NominationsFiled", branch)
        return max(
            self.entry("BoxClosed", name) for name, box in facts.boxes.items() if branch in box.branches
        )


class Origin(msgspec.Struct, frozen=True):
    """Where a document was taken from: the selection, the last entry that counts, its time and its seal."""

    selection: str
    title: str
    unit: str
    entry: int
    at: str
    seal: str


def origin(source: Source) -> Origin:
    """What every document of our own says of its record."""
    head = source.selection.facts.rulebook().selection
    return Origin(head.id, head.title, head.unit, source.n, source.at, source.seal)
