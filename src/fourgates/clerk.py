"""What a county folder claims, written into a record (入账): only what differs from what stands, whoever holds the record.

A run writes into a record on disk, an import in the site into a record in a store: both give their writer to this clerk.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from typing import Protocol

import msgspec

from fourgates import canon, events, judging, sealed
from fourgates.errors import Broken, Refused
from fourgates.events import Claim, Event, ListImpossible, ListProposed
from fourgates.facts import Facts
from fourgates.keeper import chance, moment
from fourgates.ledger import Entry
from fourgates.papers import intake
from fourgates.papers.intake import Intake, Progress
from fourgates.papers.people import People
from fourgates.papers.summary import ranked
from fourgates.selection import Selection, counted_together, eligible_judged, person_judged, rights_judged
from fourgates.slate import certificate, refutation
from fourgates.slate.answer import Conflict, Slate
from fourgates.slate.model import Problem
from fourgates.slate.solve import solve

Said = Mapping[tuple[str, str], str]
"""What papers claim: subject → digest of the claim."""
Search = Callable[[Problem], Slate | Conflict]
"""How the best list, or the reason why there is none, is looked for."""
FORMS = {
    kind.__name__
    for kind in (
        events.PlanAdopted,
        events.UnitsEntered,
        events.RosterEntered,
        events.SanctionsEntered,
        events.StepsRecorded,
        events.ParticipationMarked,
        events.SatisfactionAsked,
        events.NominationsFiled,
        events.CommitteeReviewed,
        events.PersonDescribed,
        events.StandardAssessed,
        events.ChecksDone,
        events.RepliesReceived,
        events.CountyDecided,
    )
}
"""What the forms of a folder claim; what was told otherwise (a box, a meeting, a notice) is not theirs to withdraw."""


class Recording(Protocol):
    """Whoever holds the record: offers events to the fold; ``commit`` makes them last, or is told to by somebody else."""

    selection: Selection
    events: dict[int, Event]

    def offer(
        self, event: Event, *, at: str, by: str, documents: Mapping[str, bytes] = ..., salt: str = ...
    ) -> Entry:
        """Seal the event as the next entry if the fold accepts it; ``Refused`` otherwise."""
        ...

    def keep_people(self, content: bytes) -> str:
        """Put the names aside to be kept with the entry that names them; gives their digest."""
        ...

    def people(self) -> bytes | None:
        """The names as they are kept; ``None`` where there are none."""
        ...

    def commit(self, *, pin: bool = ...) -> int:
        """Make what was accepted last."""
        ...


class Clerk:
    """Writes what papers claim into a record: only what differs from what stands.

    ``before``: what the papers claimed when they were last written in. Then only what they claim anew is written, and only
    what they themselves had claimed is withdrawn: what was done elsewhere since stays.
    """

    def __init__(
        self,
        writer: Recording,
        by: str,
        taken: Intake,
        before: Said | None = None,
        clock: Callable[[], str] = moment,
    ) -> None:
        self._writer, self._by, self._taken, self._before, self._clock = writer, by, taken, before, clock

    def _offer(self, event: Event, document: bytes | None = None) -> None:
        documents = self._taken.documents if document is None else {canon.digest(document): document}
        self._writer.offer(event, at=self._clock(), by=self._by, documents=documents, salt=chance())

    def record(self, kept: People, progress: Progress | None) -> None:
        """Every claim that is new or differs, after the withdrawal of what is claimed no longer.

        The names go to the disk in the same step: without their key the ids could never be made again.
        """
        claims = self._taken.claims
        waiting = [claim for claim in claims if self._anew(claim) and not self._stands(claim)]
        about = {events.subject(claim) for claim in claims}
        for subject, number in list(self._writer.selection.standing.items()):
            if subject not in about and self._theirs(subject, number):
                self._offer(events.Withdrawn(number))
        self._make_room(waiting)
        for done, claim in enumerate(waiting, start=1):
            standing = self._writer.selection.standing.get(events.subject(claim), 0)
            try:
                self._offer(msgspec.structs.replace(claim, corrects=standing))
            except Refused as why:
                intake.refused(self._taken, claim, why)
                if standing and not isinstance(claim, events.PlanAdopted | events.UnitsEntered):
                    # What stood was said under another plan or register; it must not outlive its correction.
                    self._offer(events.Withdrawn(standing))
            if progress is not None:
                progress(done, len(waiting))
        self._put_away(kept)
        self._writer.commit()

    def _anew(self, claim: Claim) -> bool:
        """Whether the papers did not say the same when they were last written in."""
        return self._before is None or self._before.get(events.subject(claim)) != spelt(claim)

    def _theirs(self, subject: tuple[str, str], number: int) -> bool:
        """Whether a claim that papers make no longer is theirs to withdraw."""
        if self._before is None:
            return subject[0] in FORMS
        return self._before.get(subject) == spelt(self._writer.events[number])

    def _stands(self, claim: Claim) -> bool:
        number = self._writer.selection.standing.get(events.subject(claim))
        if number is None:
            return False
        return self._writer.events[number] == msgspec.structs.replace(
            claim, corrects=getattr(self._writer.events[number], "corrects", 0)
        )

    def _make_room(self, waiting: list[Claim]) -> None:
        """Withdraw rosters that are to change when a member moves between them: nobody may stand on two at once."""
        changing = [claim for claim in waiting if isinstance(claim, events.RosterEntered)]
        for claim in changing:
            content = self._taken.documents[claim.document]
            coming = {m.id for m in canon.reader(events.RosterDocument).decode(content).members}
            for committee, members in list(self._writer.selection.facts.rosters.items()):
                if committee != claim.committee and not coming.isdisjoint(member.id for member in members):
                    self._offer(events.Withdrawn(self._writer.selection.standing["RosterEntered", committee]))

    def _put_away(self, kept: People) -> None:
        """Keep the names beside the record, where they changed."""
        content = canon.spell(kept)
        digest = canon.digest(content)
        standing = self._writer.selection.people
        if standing is None or standing.document != digest:
            self._writer.keep_people(content)
            self._offer(events.PeopleKept(digest, len(kept.people)))
        self._seal(kept)

    def _seal(self, kept: People) -> None:
        """Seal the facts of those put forward, where they changed."""
        known = self._writer.selection.facts.roster().members
        document = sealed.seal({id_: some for id_, some in kept.disclosures().items() if id_ in known})
        content = canon.spell(document)
        standing = self._writer.selection.sealed
        if document.sealed and (standing is None or standing.document != canon.digest(content)):
            self._offer(events.FactsSealed(canon.digest(content), len(document.sealed)), content)

    def judge(self, kept: People, progress: Progress | None) -> None:
        """Every result that is new or differs."""
        facts = self._writer.selection.facts
        for done, result in enumerate(results(facts, kept, self._writer.selection), start=1):
            if differs(self._writer.selection, result):
                roll = isinstance(result, events.RightsJudged)
                self._offer(result, rights_judged(facts)[1] if roll else None)
            if progress is not None:
                progress(done, 0)
        self._writer.commit(pin=True)


def spelt(claim: Event) -> str:
    """The digest of what is claimed, whichever entry it corrects."""
    plain = msgspec.structs.replace(claim, corrects=0) if getattr(claim, "corrects", 0) else claim
    return canon.digest(canon.spell(plain))


def said(taken: Intake) -> dict[tuple[str, str], str]:
    """What papers claim, to be held against what they claim the next time."""
    return {events.subject(claim): spelt(claim) for claim in taken.claims}


def differs(selection: Selection, result: events.Finding) -> bool:
    """Whether a result is new, or another one stands about the same."""
    standing = selection.results.get(events.subject(result))
    return standing is None or standing[1] != result


def results(
    facts: Facts, kept: People, selection: Selection, search: Search = solve
) -> Iterator[events.Finding]:
    """Every result the facts give, in the order of the gates; ``search``: how the list is looked for where none stands."""
    committees = [unit.name for unit in facts.register().committees()]
    yield rights_judged(facts)[0]
    yield events.ParticipationCounted(counted_together(facts), judging.satisfaction(facts))
    for committee in committees:
        yield events.TallyCounted(committee, tuple(ranked(judging.tallied(facts, committee), kept)))
    for committee, up in judging.carried(facts).up.items():
        yield events.NamesCarriedUp(committee, up)
    for committee in committees:
        yield events.ProcedureJudged(committee, judging.deviations(facts, committee))
    for id_ in judging.sent_up(facts):
        yield person_judged(facts, id_)
    yield eligible_judged(facts)
    yield _list(facts, selection, search)
    judged = judging.decision(facts)
    if judged is not None:
        yield events.DecisionJudged(judged.lawful, judged.people, judged.broken)


def _list(facts: Facts, selection: Selection, search: Search) -> ListProposed | ListImpossible:
    """The list that stands where its proof still holds, else a newly solved one."""
    problem_ = judging.problem(facts)
    _entry, standing = selection.results.get(("List", ""), (0, None))
    with suppress(Broken, Refused):
        if isinstance(standing, ListProposed):
            certificate.verify(problem_, standing.slate)
            return standing
        if isinstance(standing, ListImpossible):
            refutation.verify_conflict(problem_, standing.conflict)
            return standing
    answer = search(problem_)
    return ListProposed(answer) if isinstance(answer, Slate) else ListImpossible(answer)
