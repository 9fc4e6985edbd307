"""Where things stand, and how one more entry changes it: the fold that judges (选举现状与推进), one module of arms a step.

``advance`` is the only way from one state to the next, for the one who writes and for the one who checks. A claim that
cannot be is refused; a result that is not what the facts give is refused; nothing is stored that was not judged.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import assert_never

from fourgates import events
from fourgates.errors import Refused
from fourgates.events import Claim, Finding
from fourgates.facts import Facts
from fourgates.ledger import Entry
from fourgates.selection import boxes, findings, meetings, nomination, notice, participation, setting, vetting
from fourgates.selection.arm import Documents
from fourgates.selection.findings import person_judged
from fourgates.selection.withdrawal import without

__all__ = ["Documents", "Selection", "Subject", "advance", "person_judged"]

Subject = tuple[str, str]
_DIGEST = re.compile("[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Selection:
    """The state after ``n`` entries.

    ``facts``: the claims that stand; ``standing``: what a claim is about → number of the entry that stands;
    ``results``: what a result is about → number and event; ``people``: the document of names, if any was kept.
    """

    n: int = 0
    facts: Facts = field(default_factory=Facts)
    standing: Mapping[Subject, int] = field(default_factory=dict)
    results: Mapping[Subject, tuple[int, Finding]] = field(default_factory=dict)
    people: events.PeopleKept | None = None


def advance(selection: Selection, entries: Iterable[Entry], documents: Documents) -> Selection:
    """The state after ``entries``, each judged in its turn; ``documents``: digest → content.

    Raises ``Refused`` at the first claim or result that a rule refuses and ``Broken`` at a document that is missing or
    unreadable. The argument is never changed.
    """
    state = replace(selection, standing=dict(selection.standing), results=dict(selection.results))
    for entry in entries:
        state = _step(state, entry, documents)
    return state


def _step(state: Selection, entry: Entry, documents: Documents) -> Selection:
    event = entry.event
    if isinstance(event, events.PeopleKept):
        if not _DIGEST.fullmatch(event.document) or event.people < 0:
            raise Refused("0.4", "人员附件写得不对")
        return replace(state, n=entry.n, people=event)
    if isinstance(event, events.Withdrawn):
        about = next((about for about, number in state.standing.items() if number == event.corrects), None)
        facts = without(state.facts, about, event.corrects)
        del state.standing[about]  # type: ignore[attr-defined]  # a copy of our own
        return replace(state, n=entry.n, facts=facts)
    about = events.subject(event)
    if isinstance(event, Finding):
        findings.recompute(state.facts, event, entry.n, documents)
        state.results[about] = (entry.n, event)  # type: ignore[index]  # a copy of our own
        return replace(state, n=entry.n)
    stands = state.standing.get(about, 0)
    if event.corrects != stands:
        raise Refused(
            "0.1", "这一条说是更正第{says}条，现行的是第{stands}条", says=event.corrects, stands=stands
        )
    facts = _claim(state.facts, event, entry.n, documents)
    state.standing[about] = entry.n  # type: ignore[index]  # a copy of our own
    return replace(state, n=entry.n, facts=facts)


def _claim(facts: Facts, event: Claim, number: int, documents: Documents) -> Facts:
    """The facts with one claim more, once its rules are checked."""
    if isinstance(event, events.setting.Claim):
        return setting.claim(facts, event, number, documents)
    facts.rulebook()
    facts.register()
    if isinstance(event, events.participation.Claim):
        return participation.claim(facts, event, number, documents)
    if isinstance(event, events.nomination.Claim):
        return nomination.claim(facts, event)
    if isinstance(event, events.meetings.Claim):
        return meetings.claim(facts, event)
    if isinstance(event, events.vetting.Claim):
        return vetting.claim(facts, event)
    if isinstance(event, events.boxes.Claim):
        return boxes.claim(facts, event, number, documents)
    if isinstance(event, events.notice.Claim):
        return notice.claim(facts, event)
    assert_never(event)
