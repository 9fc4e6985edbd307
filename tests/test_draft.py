"""A draft of a county's papers, given to a store: the same entries as a run writes, and what was done elsewhere stays."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from fourgates import bundle, clerk, events, run
from fourgates.draft import Draft
from fourgates.errors import Refused
from fourgates.events import Event
from fourgates.keeper import Keeper
from fourgates.papers import folder, intake, people
from fourgates.papers.intake import Intake
from fourgates.store import moving, open_store

OFFICE = "县委组织部"


def kept(record: Path) -> bytes:
    (file,) = (record / bundle.PEOPLE).iterdir()
    return file.read_bytes()


def taken(root: Path, record: Path) -> Intake:
    return intake.take(run.adopt(root), folder.look(root), bytes.fromhex(people.read(kept(record)).key))


def recorded(record: Path) -> list[Event]:
    return [entry.event for entry, _line in bundle.entries(record)]


def said(record: Path) -> dict[tuple[str, str], str]:
    """What the papers said that the record was made from."""
    return {
        events.subject(one): clerk.spelt(one) for one in recorded(record) if isinstance(one, events.Claim)
    }


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Keeper]:
    """A record in a store of its own, empty."""
    keeper = Keeper(open_store(f"sqlite:///{tmp_path}/record.db"))
    yield keeper
    keeper.store.close()


def test_a_store_gets_what_a_run_writes(small: Path, small_out: Path, store: Keeper, tmp_path: Path) -> None:
    record = small_out / "record"
    draft = Draft(store)
    assert draft.people() is None
    outcome = run.into(draft, taken(small, record))
    assert [entry.event for entry in draft.entries] == recorded(record)
    assert (store.current().n, outcome.added) == (0, len(draft.entries))
    given = draft.give(OFFICE, "once")
    assert [entry.event for entry in given] == recorded(record)
    moving.write_out(store.store, tmp_path / "out")
    assert (bundle.verify(tmp_path / "out").people, kept(tmp_path / "out")) == (True, kept(record))


def test_what_papers_say_again_changes_nothing_and_what_was_done_elsewhere_stays(
    small: Path, small_out: Path, store: Keeper, tmp_path: Path
) -> None:
    record = small_out / "record"
    moving.bring_in(record, store.store)
    papers, before = taken(small, record), said(record)
    assert clerk.said(papers) == before
    branch, number = next(
        (about, n) for (kind, about), n in store.current().standing.items() if kind == "NominationsFiled"
    )
    filed = next(entry.event for entry in store.entries() if entry.n == number)
    assert isinstance(filed, events.NominationsFiled)
    store.offer([events.NominationsFiled(branch, (), corrects=number)], by=branch)
    again = Draft(store)
    run.into(again, papers, before=before)
    assert [type(entry.event) for entry in again.entries if isinstance(entry.event, events.Claim)] == []
    assert again.selection.facts.filed[branch] == ()

    # Without what the papers said before, the folder says everything: this is a run.
    whole = Draft(store)
    run.into(whole, papers)
    claims = [entry.event for entry in whole.entries if isinstance(entry.event, events.Claim)]
    assert claims == [events.NominationsFiled(branch, filed.sittings, corrects=store.current().n)]


def test_only_what_papers_had_claimed_is_withdrawn(
    small: Path, small_out: Path, store: Keeper, tmp_path: Path
) -> None:
    record = small_out / "record"
    moving.bring_in(record, store.store)
    before = said(record)
    county = Path(shutil.copytree(small, tmp_path / "county"))
    (county / folder.of_county([])[7].file).unlink()  # 13, which may be absent
    (number,) = (n for (kind, _about), n in store.current().standing.items() if kind == "CountyDecided")
    papers = taken(county, record)
    draft = Draft(store)
    run.into(draft, papers, before=before)
    assert draft.entries[0].event == events.Withdrawn(number)
    elsewhere = {subject: digest for subject, digest in before.items() if subject[0] != "CountyDecided"}
    other = Draft(store)
    run.into(other, papers, before=elsewhere)
    assert other.entries == []


def test_a_draft_is_taken_whole_or_not_at_all(small: Path, small_out: Path, store: Keeper) -> None:
    draft = Draft(store)
    run.into(draft, taken(small, small_out / "record"))
    plan = draft.selection.facts.rulebook()
    store.offer([events.PlanAdopted(plan)], by=OFFICE)
    with pytest.raises(Refused):
        draft.give(OFFICE)
    assert store.current().n == 1
