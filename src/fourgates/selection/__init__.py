"""Where things stand, and how one more entry changes it: the fold that judges (选举现状与推进), one module of arms a step.

``advance`` is the only way from one state to the next, for the one who writes and for the one who checks. A claim that
cannot be is refused; a result that is not what the facts give is refused; nothing is stored that was not judged.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import assert_never

from fourgates import events
from fourgates.errors import Refused
from fourgates.events import Claim, Finding
from fourgates.facts import Facts
from fourgates.layered import Layered
from fourgates.ledger import Entry
from fourgates.selection import (
    boxes,
    findings,
    keeping,
    meetings,
    nomination,
    notice,
    participation,
    setting,
    vetting,
)
from fourgates.selection.arm import Documents
from fourgates.selection.findings import counted_together, eligible_judged, person_judged, rights_judged
from fourgates.selection.withdrawal import without

__all__ = [
    "Documents",
    "Selection",
    "Subject",
    "advance",
    "counted_together",
    "eligible_judged",
    "person_judged",
    "rights_judged",
]

Subject = tuple[str, str]
_DIGEST = re.compile("[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Selection:
    """The state after ``n`` entries.

    ``facts``: the claims that stand; ``standing``: what a claim is about → number of the entry that stands;
    ``results``: what a result is about → number and event; ``people``: the document of names, if any was kept; ``sealed``:
    that of the sealed facts; ``erased``: whose names were destroyed → entry; ``ended``: the entry with which all were, else 0.
    """

    n: int = 0
    facts: Facts = field(default_factory=Facts)
    standing: Layered[Subject, int] = field(default_factory=Layered)
    results: Layered[Subject, tuple[int, Finding]] = field(default_factory=Layered)
    people: events.PeopleKept | None = None
    sealed: events.FactsSealed | None = None
    erased: Mapping[str, int] = field(default_factory=dict)
    ended: int = 0


def advance(selection: Selection, entries: Iterable[Entry], documents: Documents) -> Selection:
    """The state after ``entries``, each judged in its turn; ``documents``: digest → content.

    Raises ``Refused`` at the first claim or result that a rule refuses and ``Broken`` at a document that is missing or
    unreadable. The argument is never changed.
    """
    course = _Course(selection)
    for entry in entries:
        course.step(entry, documents)
    return course.done()


class _Course:
    """A state on its way: changed in place here, and seen by nobody before it is done."""

    __slots__ = ("ended", "erased", "facts", "n", "people", "results", "sealed", "standing")

    def __init__(self, begun: Selection) -> None:
        self.n, self.facts, self.people = begun.n, begun.facts, begun.people
        self.standing, self.results = begun.standing.changing(), begun.results.changing()
        self.sealed, self.erased, self.ended = begun.sealed, begun.erased, begun.ended

    def done(self) -> Selection:
        facts = participation.closed(self.facts)
        standing, results = self.standing.done(), self.results.done()
        return Selection(self.n, facts, standing, results, self.people, self.sealed, self.erased, self.ended)

    def step(self, entry: Entry, documents: Documents) -> None:
        """Judge one entry more."""
        event = entry.event
        if isinstance(event, events.MemberMarked):  # asked first: a large record has a million of them
            self._claimed(event, entry, documents)
        elif isinstance(event, events.PeopleKept):
            if not _DIGEST.fullmatch(event.document) or event.people < 0:
                raise Refused("0.4", "人员附件写得不对")
            self.people = event
        elif isinstance(event, events.FactsSealed):
            keeping.facts_sealed(self.facts, self.erased, event, entry.n, documents)
            self.sealed = event
        elif isinstance(event, events.PersonErased):
            keeping.person_erased(self.facts, self.erased, event)
            self.erased = {**self.erased, event.person: entry.n}
        elif isinstance(event, events.RetentionEnded):
            keeping.retention_ended(self.facts, event, entry.at, ended=self.ended > 0)
            self.ended = entry.n
        elif isinstance(event, events.Withdrawn):
            stood = [about for about, n in self.standing.items() if n == event.corrects]
            self.facts = without(self.facts, stood[0] if stood else None, event.corrects)
            self.standing = self.standing.without(stood[0]).changing()
        elif isinstance(event, Finding):
            if not isinstance(event, events.RightsJudged):
                held = (self.results.get((kind, "")) for kind in ("RightsJudged", "EligibleJudged"))
                findings.current(self.facts, event, *(one and one[1] for one in held))
            findings.recompute(self.facts, event, entry.n, documents)
            self.results.put(events.subject(event), (entry.n, event))
        else:
            self._claimed(event, entry, documents)
        self.n = entry.n

    def _claimed(self, event: Claim, entry: Entry, documents: Documents) -> None:
        about = events.subject(event)
        stands = self.standing.get(about, 0)
        if event.corrects != stands:
            raise Refused(
                "0.1",
                "这一条说是更正第{says}条，现行的是第{stands}条",
                says=event.corrects,
                stands=stands,
            )
        self.facts = _claim(self.facts, event, entry, documents)
        self.standing.put(about, entry.n)


def _claim(facts: Facts, event: Claim, entry: Entry, documents: Documents) -> Facts:
    """The facts with one claim more, once its rules are checked."""
    if isinstance(event, events.participation.Claim):
        return participation.claim(facts, event, entry.n, documents)
    if isinstance(event, events.setting.Claim):
        return setting.claim(facts, event, entry.n, documents)
    facts.rulebook()
    facts.register()
    if isinstance(event, events.nomination.Claim):
        return nomination.claim(facts, event)
    if isinstance(event, events.meetings.Claim):
        return meetings.claim(facts, event)
    if isinstance(event, events.vetting.Claim):
        return vetting.claim(facts, event)
    if isinstance(event, events.boxes.Claim):
        return boxes.claim(facts, event, entry.n, documents)
    if isinstance(event, events.notice.Claim):
        return notice.claim(facts, event, entry.at)
    assert_never(event)
