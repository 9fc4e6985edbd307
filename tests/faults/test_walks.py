"""Row 20: anybody does anything to a store, in any order; what is found there is what a model of it says."""

from __future__ import annotations

import shutil
import tempfile
from itertools import count
from pathlib import Path
from typing import Any

import msgspec
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from anybody import anything, nearly
from cast import AT, BY, documents, follow, story
from drill import amount, said
from fourgates import bundle, events
from fourgates.errors import Broken, Refused
from fourgates.events import Event
from fourgates.ledger import Chain, Entry
from fourgates.selection import Selection
from fourgates.store import open_store
from fourgates.store.moving import bring_in, write_out
from fourgates.store.portable import backup, restore
from fourgates.store.verdict import verify
from keeping import keeper
from test_replay import stands

STORY = story()
WALKS, STEPS = amount(8, 2500), 40
TAKEN = {"steps": 0}


class Kept(RuleBasedStateMachine):
    """A store with two keepers over it, and beside it the plain list of what was accepted."""

    def __init__(self) -> None:
        super().__init__()
        self.place = Path(tempfile.mkdtemp())
        self.names = count(1)
        self.url = f"sqlite:///{self.place}/record.db"
        self.stores = [open_store(self.url), open_store(self.url)]
        self.keepers = [keeper(store) for store in self.stores]
        self.states = [Selection()]
        self.entries: list[Entry] = []
        self.answered: dict[str, tuple[list[Event], tuple[Entry, ...]]] = {}

    def teardown(self) -> None:
        for store in self.stores:
            store.close()
        shutil.rmtree(self.place)

    def offer(self, own: int, told: list[Event], key: str = "") -> None:
        """Offer it, and see that the model would have said the same."""
        TAKEN["steps"] += 1
        try:
            chain = Chain(len(self.entries))
            sealed = [chain.seal(event, at=AT, by=BY)[0].event for event in told]
            wanted: Any = follow(self.states[-1], *sealed)
        except (Refused, Broken) as no:
            wanted = no.rule
        known = self.answered.get(key)
        given = self.said(own, told, key)
        if isinstance(given, str):
            assert given == ("K.5" if known is not None and known[0] != told else wanted)
            return
        if known is not None:
            assert (told, given) == known
            return
        assert isinstance(wanted, Selection)
        for entry in given:
            self.states.append(follow(self.states[-1], entry.event))
        assert stands(self.states[-1]) == stands(wanted)
        self.entries += given
        if key:
            self.answered[key] = told, given

    def said(self, own: int, told: list[Event], key: str) -> tuple[Entry, ...] | str:
        """The entries, or the rule that refused."""
        try:
            return self.keepers[own].offer(told, by=BY, documents=documents, key=key)
        except (Refused, Broken) as no:
            return no.rule

    def about(self, claim: Any) -> Any:
        number = self.states[-1].standing.get(events.subject(claim), 0)
        return msgspec.structs.replace(claim, corrects=number)

    @rule(own=st.integers(0, 1), upto=st.integers(1, len(STORY)), key=st.sampled_from(["", "a", "b"]))
    def tell_the_story(self, own: int, upto: int, key: str) -> None:
        self.offer(own, [self.about(claim) for claim in STORY[:upto]], key)

    @rule(own=st.integers(0, 1), claim=st.sampled_from(STORY), key=st.sampled_from(["", "", "a", "c"]))
    def tell_one_thing(self, own: int, claim: Any, key: str) -> None:
        self.offer(own, [self.about(claim)], key)

    @rule(own=st.integers(0, 1), claim=st.sampled_from(STORY).flatmap(nearly))
    def tell_it_otherwise(self, own: int, claim: Any) -> None:
        self.offer(own, [self.about(claim)])

    @rule(own=st.integers(0, 1), claim=anything(events.Claim))
    def tell_anything(self, own: int, claim: Any) -> None:
        self.offer(own, [claim])

    @rule(own=st.integers(0, 1), number=st.integers(0, 60))
    def withdraw(self, own: int, number: int) -> None:
        self.offer(own, [events.Withdrawn(number)])

    @rule(own=st.integers(0, 1))
    def nothing(self, own: int) -> None:
        self.offer(own, [])

    @rule(own=st.integers(0, 1))
    def open_again(self, own: int) -> None:
        self.stores[own].close()
        self.stores[own] = open_store(self.url)
        self.keepers[own] = keeper(self.stores[own])

    @rule(own=st.integers(0, 1))
    def settle(self, own: int) -> None:
        self.stores[own].settle()

    @rule(own=st.integers(0, 1), draws=st.data())
    def look_back(self, own: int, draws: st.DataObject) -> None:
        n = draws.draw(st.integers(0, len(self.entries)))
        assert stands(self.keepers[own].at(n)) == stands(self.states[n])
        assert list(self.keepers[own].entries(n)) == self.entries[n:]

    @rule(own=st.integers(0, 1))
    def copy_out_and_back(self, own: int) -> None:
        name = str(next(self.names))
        backup(self.stores[own], self.place / f"{name}.backup")
        other = open_store(f"sqlite:///{self.place}/{name}.db")
        assert stands(restore(self.place / f"{name}.backup", other)) == stands(self.states[-1])
        write_out(other, self.place / name)
        third = open_store(f"sqlite:///{self.place}/{name}b.db")
        assert bring_in(self.place / name, third) == len(self.entries)
        assert third.head() == other.head() == bundle.head(self.place / name)
        other.close()
        third.close()

    @invariant()
    def both_see_the_same(self) -> None:
        for one in self.keepers:
            assert stands(one.current()) == stands(self.states[-1])

    @rule()
    def verify_it(self) -> None:
        with self.stores[0].reading() as view:
            assert stands(verify(view)) == stands(self.states[-1])
            assert [Entry(e.n, AT, BY, e.event, e.prev) for e in self.entries] == self.entries


TestKept = Kept.TestCase
TestKept.settings = settings(
    max_examples=WALKS,
    stateful_step_count=STEPS,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)


def test_the_walks_walked() -> None:
    said("walks over a store", walks_at_most=WALKS, offers=TAKEN["steps"])
    assert TAKEN["steps"]
