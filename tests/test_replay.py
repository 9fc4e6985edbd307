"""Anyone tries anything; whatever was accepted replays, whatever was refused changed nothing."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import msgspec
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from afterwards import afterwards
from anybody import anything, nearly
from cast import BY, at, documents, kept, results, story
from disk import Stopped, failing
from fourgates import canon, events, judging
from fourgates.bundle import HEAD, PEOPLE, Writer, verify
from fourgates.errors import Broken, Refused
from fourgates.events import Event
from fourgates.facts import Facts
from fourgates.selection import Selection

STORY = [*story(), *afterwards()]
THOROUGH = int(os.environ.get("FOURGATES_THOROUGH", "1"))
CLAIMS = st.integers(0, len(STORY) - 1).map(STORY.__getitem__)  # by place: a story is long to print
DOCUMENTS: dict[type[Event], tuple[type[msgspec.Struct], str]] = {
    events.UnitsEntered: (events.UnitsDocument, "units"),
    events.RosterEntered: (events.RosterDocument, "members"),
    events.ParticipationMarked: (events.MarksDocument, "marks"),
    events.SatisfactionAsked: (events.SurveysDocument, "branches"),
}


# What others lean on can be corrected and not withdrawn.
STANDING = {
    "PlanAdopted",
    "UnitsEntered",
    "MeetingCalled",
    "AttendanceTaken",
    "MotionVoted",
    "MinutesSigned",
    "ConcernNotified",
    "ConcernAnswered",
    "ConcernReviewed",
    "NoticePosted",
    "ObjectionReceived",
    "ObjectionAssigned",
    "ObjectionFound",
    "ObjectionAnswered",
    "NoticeEnded",
    "BoxOpened",
    "BoxExtended",
    "BoxClosed",
}


def stands(state: Selection) -> dict[str, Any]:
    """Everything that makes up a state, so that two can be compared."""
    found = {name: getattr(state.facts, name) for name in Facts.__struct_fields__ if name != "memo"}
    found["tree"] = None if state.facts.tree is None else list(state.facts.tree)
    return {
        **found,
        "n": state.n,
        "standing": state.standing,
        "results": state.results,
        "people": state.people,
        "sealed": state.sealed,
        "erased": state.erased,
        "ended": state.ended,
    }


def told(work: Callable[..., Any], *given: Any) -> Any:
    """What a result is, or the rule that refuses it."""
    try:
        return work(*given)
    except Refused as no:
        return no.rule


class Record(RuleBasedStateMachine):
    """One record on a disk, written by anybody."""

    def __init__(self) -> None:
        super().__init__()
        self.place = Path(tempfile.mkdtemp())
        self.folder = self.place / "record"
        self.writer = Writer(self.folder)
        self.committed = stands(self.writer.selection)
        self.unchecked = False
        self.judged: Facts | None = None

    def teardown(self) -> None:
        shutil.rmtree(self.place)

    # --- telling ------------------------------------------------------------------------------------------------

    def offer(self, event: Any) -> bool:
        """Whether the record took it; if not, nothing is other than before."""
        before = self.writer.selection
        as_it_was = stands(before)
        try:
            self.writer.offer(event, at=at(event), by=BY, documents=documents)
        except (Refused, Broken) as said:
            sentence = str(said)
        else:
            sentence = ""
        assert stands(before) == as_it_was
        assert self.writer.selection.n == before.n + (not sentence)
        assert not sentence or self.writer.selection is before
        return not sentence

    def claim(self, told: Any, corrects: bool = True) -> None:
        """Offer a claim that says truly or falsely what it corrects; taken, it stands in the place of that one alone."""
        told, before = self.about(told, corrects), self.writer.selection.standing
        if self.offer(told):
            assert told.corrects == before.get(events.subject(told), 0)
            assert self.writer.selection.standing == {**before, events.subject(told): self.writer.selection.n}

    def about(self, claim: Any, corrects: bool) -> Any:
        number = self.writer.selection.standing.get(events.subject(claim), 0)
        return msgspec.structs.replace(claim, corrects=number if corrects else 0)

    @rule(upto=st.integers(1, len(STORY)))
    def tell_the_story_so_far(self, upto: int) -> None:
        for claim in STORY[:upto]:
            self.claim(claim)

    @rule(claim=CLAIMS, corrects=st.booleans())
    def tell_one_thing(self, claim: Any, corrects: bool) -> None:
        self.claim(claim, corrects)

    @rule(claim=CLAIMS.flatmap(nearly))
    def tell_it_otherwise(self, claim: Any) -> None:
        self.claim(claim)

    @rule(draws=st.data(), claim=CLAIMS.filter(lambda claim: type(claim) in DOCUMENTS))
    def hand_in_other_bulk(self, draws: st.DataObject, claim: Any) -> None:
        kind, counted = DOCUMENTS[type(claim)]
        document = canon.reader(kind).decode(documents[claim.document])
        other: Any = draws.draw(st.one_of(nearly(document), anything(kind)))
        with suppress(UnicodeEncodeError):
            (rows,) = (getattr(other, name) for name in other.__struct_fields__)
            told = msgspec.structs.replace(claim, document=kept(other), **{counted: len(rows)})
            self.claim(told)

    @rule(claim=anything(events.Claim))
    def tell_anything(self, claim: Any) -> None:
        self.claim(claim)

    @rule(number=st.integers(-1, 60))
    def withdraw(self, number: int) -> None:
        standing = [one for about, one in self.writer.selection.standing.items() if about[0] not in STANDING]
        assert self.offer(events.Withdrawn(number)) == (number in standing)

    # --- judging ------------------------------------------------------------------------------------------------

    def true_results(self) -> list[Any]:
        try:
            return list(results(self.writer.selection.facts))
        except Refused:
            return []

    @rule()
    def judge(self) -> None:
        for result in self.true_results():
            assert self.offer(result), result

    @rule(draws=st.data())
    def forge(self, draws: st.DataObject) -> None:
        found = self.true_results()
        if not found:
            return
        true = draws.draw(st.sampled_from(found))
        forged = draws.draw(nearly(true))
        if not self.offer(forged) or forged == true:
            return
        facts = self.writer.selection.facts
        match forged:
            case events.TallyCounted():
                assert set(forged.lines) == set(judging.tallied(facts, forged.committee))
            case (
                events.RightsJudged()
                | events.EligibleJudged()
                | events.NamesCarriedUp()
                | events.ProcedureJudged()
                | events.PersonJudged()
            ):
                assert forged in found
            case events.ListProposed():
                assert judging.judge_list(facts, forged.slate.chosen).lawful
            case events.ListImpossible():
                assert isinstance(true, events.ListImpossible)
            case _:
                raise AssertionError(forged)

    @rule(result=anything(events.Finding))
    def claim_any_result(self, result: Any) -> None:
        if self.offer(result) and not isinstance(result, events.ListProposed | events.ListImpossible):
            assert result in self.true_results() or isinstance(result, events.TallyCounted)

    # --- names --------------------------------------------------------------------------------------------------

    @rule(event=anything(events.FactsSealed | events.PersonErased | events.RetentionEnded))
    def names_are_sealed_or_erased(self, event: Any) -> None:
        self.offer(event)

    @rule(names=st.binary(max_size=9), number=st.integers(-1, 40))
    def put_names_away(self, names: bytes, number: int) -> None:
        assert self.offer(events.PeopleKept(self.writer.keep_people(names), number)) == (number >= 0)

    @rule()
    def erase_the_names(self) -> None:
        shutil.rmtree(self.folder / PEOPLE, ignore_errors=True)
        self.unchecked = True

    # --- the disk -----------------------------------------------------------------------------------------------

    @rule()
    def commit(self) -> None:
        self.writer.commit()
        self.committed = stands(self.writer.selection)
        self.unchecked = True

    @rule()
    def reopen(self) -> None:
        self.writer = Writer(self.folder)
        assert stands(self.writer.selection) == self.committed

    @rule(step=st.integers(1, 45), stops=st.booleans())
    def break_off(self, step: int, stops: bool) -> None:
        with failing(step, stops=stops) as disk, suppress(Stopped, OSError):
            self.writer.commit()
        told = stands(self.writer.selection)
        found = stands(verify(self.folder).selection) if (self.folder / HEAD).exists() else self.committed
        assert found in ((self.committed, told) if disk.failed else (told,)) or self.writer.selection.n == 0
        self.committed = found
        self.unchecked = True
        if stops and disk.failed:
            self.reopen()

    @invariant()
    def what_is_remembered_is_what_would_be_worked_out(self) -> None:
        facts = self.writer.selection.facts
        if self.judged is facts or facts.tree is None:
            return
        self.judged = facts
        anew = msgspec.structs.replace(facts, memo={})
        for committee in [unit.name for unit in facts.tree.committees()]:
            assert told(judging.tallied, facts, committee) == told(judging.tallied, anew, committee)
            assert told(judging.deviations, facts, committee) == told(judging.deviations, anew, committee)
        assert told(judging.counted, facts) == told(judging.counted, anew)
        assert told(judging.carried, facts) == told(judging.carried, anew)

    @invariant()
    def the_record_holds(self) -> None:
        if self.unchecked and self.folder.exists():
            assert stands(verify(self.folder).selection) == self.committed
            self.unchecked = False


TestRecord = Record.TestCase
TestRecord.settings = settings(
    max_examples=20 * THOROUGH,
    stateful_step_count=25,
    deadline=None,
    derandomize=THOROUGH == 1,
    suppress_health_check=list(HealthCheck),
)
