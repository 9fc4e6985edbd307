"""The only writer: what it answers lasts, what it refuses leaves nothing, and nobody is told what is not so."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
import pytest

import keeping
from cast import AT, BY, CHENGGUAN, documents, refused, roster_entered, rulebook, story, units_entered
from fourgates import canon, events
from fourgates.bundle import Head, Writer
from fourgates.errors import Broken, Refused
from fourgates.events import Event
from fourgates.keeper import Keeper
from fourgates.store import Store, open_store
from test_replay import stands

NUMBERS = count(1)


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/record.db"
    address: str = request.getfixturevalue("postgresql")
    return f"{address}&schema=s{next(NUMBERS)}"


@pytest.fixture
def opened(url: str) -> Iterator[Callable[[], Store]]:
    stores: list[Store] = []

    def another() -> Store:
        stores.append(open_store(url))
        return stores[-1]

    yield another
    for store in stores:
        store.close()


def claim(branch: int) -> events.StepsRecorded:
    """One of many claims that the fold takes at once."""
    return events.StepsRecorded(CHENGGUAN, (), branch)


def test_the_story_told_to_a_store_is_the_story_written_in_a_folder(
    opened: Callable[[], Store], tmp_path: Path
) -> None:
    keeper, writer = keeping.keeper(opened()), Writer(tmp_path / "folder")
    given = keeping.tell(keeper)
    written = [writer.offer(event, at=AT, by=BY, documents=documents) for event in story()]
    writer.commit()
    found = keeping.holds(keeper.store)
    assert given == written == list(keeper.entries())
    assert (
        b"".join(line + b"\n" for line in found["lines"]) == (tmp_path / "folder/ledger.jsonl").read_bytes()
    )
    assert canon.spell(found["head"]) == (tmp_path / "folder/head.json").read_bytes()
    assert found["documents"] == {
        path.name: path.read_bytes() for path in (tmp_path / "folder/documents").iterdir()
    }
    assert dict(keeper.documents) == found["documents"]
    assert stands(keeper.current()) == stands(writer.selection) == stands(keeping.keeper(opened()).current())


def test_one_offer_is_taken_whole_or_not_at_all(opened: Callable[[], Store]) -> None:
    keeper = keeping.keeper(opened())
    begin: list[Event] = [events.PlanAdopted(rulebook()), units_entered()]
    with refused("0.1"):
        keeper.offer([*begin, roster_entered(CHENGGUAN, corrects=1)], by=BY, documents=documents, key="one")
    assert keeping.holds(keeper.store) == keeping.holds(opened()) == EMPTY
    assert [entry.n for entry in keeper.offer(begin, by=BY, documents=documents, key="one")] == [1, 2]


EMPTY = {
    "head": Head(),
    "lines": [],
    "documents": {},
    "people": {},
    "checkpoints": {},
    "answers": {},
}


def test_some_entries_are_found_by_their_numbers(
    opened: Callable[[], Store], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fourgates.keeper.NEAR", 10)
    keeper = keeping.keeper(opened())
    every = {entry.n: entry for entry in keeping.tell(keeper)}
    for numbers in ([], [1], [7, 3, 3], [1, 10, 11, 12, 30], [len(every)], range(1, len(every) + 1)):
        assert keeper.some(numbers) == {number: every[number] for number in sorted(set(numbers))}


def test_every_entry_has_a_salt_of_its_own(opened: Callable[[], Store]) -> None:
    keeper = Keeper(opened(), lambda: AT)
    keeping.tell(keeper, story()[:4])
    salts = {entry.salt for entry in keeper.entries()}
    assert [len(bytes.fromhex(salt)) for salt in salts] == [16] * 4


def test_who_asks_again_under_the_same_key_hears_the_same(opened: Callable[[], Store]) -> None:
    first, second = keeping.keeper(opened()), keeping.keeper(opened())
    begin: list[Event] = [events.PlanAdopted(rulebook()), units_entered()]
    given = first.offer(begin, by=BY, documents=documents, key="one")
    assert second.offer(begin, by=BY, documents=documents, key="one") == given
    assert first.offer(begin, by=BY, documents=documents, key="one") == given
    assert list(first.entries()) == list(given)
    with refused("K.5"):
        second.offer(begin[:1], by=BY, documents=documents, key="one")
    with refused("K.5"):
        second.offer(begin, by="另一单位", documents=documents, key="one")


def test_what_may_be_is_said_without_recording_it(opened: Callable[[], Store]) -> None:
    keeper = keeping.keeper(opened())
    no = keeper.may(units_entered(), BY, documents)
    assert isinstance(no, Refused)
    assert no.rule == "0.2"
    assert keeper.may(events.PlanAdopted(rulebook()), BY) is None
    keeping.tell(keeper, story()[:1])
    assert keeper.may(units_entered(), BY, documents) is None
    missing = keeper.may(events.UnitsEntered("0" * 64, 1), BY)
    assert isinstance(missing, Broken)
    assert missing.rule == "R.5"
    assert [entry.n for entry in keeper.entries()] == [1]


def test_a_state_can_be_asked_for_as_of_any_entry(
    opened: Callable[[], Store], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fourgates.keeper.STRIDE", 3)
    monkeypatch.setattr("fourgates.keeper.REMEMBERED", 4)
    monkeypatch.setattr(
        "fourgates.keeper.WEIGHT", 12
    )  # reached by the third state before the fourth is there
    keeper, then = keeping.keeper(opened()), []
    then.append(stands(keeper.current()))
    for event in story():
        keeping.tell(keeper, [event])
        then.append(stands(keeper.current()))
    for looks in (keeper, keeping.keeper(opened())):
        assert [stands(looks.at(n)) for n in range(len(then))] == then
    assert [entry.n for entry in keeper.entries(7)] == list(range(8, len(then)))
    for n in (-1, len(then)):
        with refused("K.4"):
            keeper.at(n)


def test_names_lie_beside_the_record_and_go_when_told(opened: Callable[[], Store]) -> None:
    keeper = keeping.keeper(opened())
    assert keeper.people().key == ""
    keeper.offer(**keeping.kept_people(), by=BY)
    names = keeper.people()
    assert names.key == "00"
    if keeper.store.keys is not None:
        keeper.store.keys.seal({"1/text/a": b"another"}, lambda _row: "text/a")
    assert keeper.people() is names  # nothing of it went: it is not opened again
    keeper.offer(**keeping.kept_people(b'{"key":"11"}'), by=BY)
    assert list(keeping.holds(keeper.store)["people"].values()) == [b'{"key":"11"}']
    (name,) = keeping.holds(keeper.store)["people"]
    keeper.offer([], by=BY, people={name: None})
    assert keeping.holds(keeper.store)["people"] == {}
    assert keeping.keeper(opened()).people().key == ""
    keeper.store.settle()


def test_a_document_that_is_not_what_it_is_called_is_not_kept(opened: Callable[[], Store]) -> None:
    keeper = keeping.keeper(opened())
    keeping.tell(keeper, story()[:1])
    told = units_entered()
    with pytest.raises(Broken, match=r"R\.5"):
        keeper.offer([told], by=BY, documents={told.document: b"{}"})
    keeper.offer([told], by=BY, documents={**documents, "0" * 64: b"nobody speaks of it"})
    assert list(keeping.holds(keeper.store)["documents"]) == [told.document]


def test_many_at_once_lose_nothing_and_stand_in_one_line(opened: Callable[[], Store]) -> None:
    """Two keepers as two processes have them, eight threads; everybody corrects the same thing again and again."""
    first = keeping.keeper(opened())
    keeping.tell(first, story()[:5])
    keepers, given, faults = [first, keeping.keeper(opened())], [], []

    def works(worker: int) -> None:
        keeper = keepers[worker % 2]
        for turn in range(6):
            key = f"{worker}/{turn}"
            while True:
                number = keeper.current().standing.get(("StepsRecorded", CHENGGUAN), 0)
                try:
                    given.append((key, keeper.offer([claim(number)], by=BY, key=key)))
                except Refused as no:
                    if no.rule != "0.1":
                        faults.append(no)
                    continue
                break

    threads = [threading.Thread(target=works, args=(worker,)) for worker in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    found = list(first.entries())
    assert sorted(entry.n for _key, (entry,) in given) == list(range(6, 54)) == [e.n for e in found[5:]]
    assert {key: (entry,) for (key, (entry,)) in given} == {
        key: tuple(first.entries(answer.first - 1))[:1]
        for key, answer in keeping.holds(first.store)["answers"].items()
    }


def test_a_store_that_went_back_is_found_out(tmp_path: Path) -> None:
    keeper = keeping.keeper(open_store(f"sqlite:///{tmp_path}/record.db"))
    keeping.tell(keeper, story()[:3])
    keeper.store.close()
    for path in tmp_path.iterdir():
        path.unlink()
    keeper.store = open_store(f"sqlite:///{tmp_path}/record.db")
    with pytest.raises(Broken, match=r"R\.4"):
        keeper.current()


def test_ledger_and_documents_refuse_to_be_changed(url: str, opened: Callable[[], Store]) -> None:
    keeper = keeping.keeper(opened())
    keeping.tell(keeper, story()[:3])
    keeper.offer([], by=BY, key="asked")
    before = keeping.holds(keeper.store)
    sqlite = url.startswith("sqlite")
    connection: Any
    if sqlite:
        connection = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)
    else:
        address, _, schema = url.partition("&schema=")
        connection = psycopg.connect(address, autocommit=True)
        connection.execute(f"SET search_path TO {schema}".encode())
    also = ["INSERT OR REPLACE INTO ledger VALUES (1, 'x')", "INSERT INTO ledger VALUES (5, 'x')"]
    also += [
        "INSERT OR REPLACE INTO documents SELECT digest, 'x' FROM documents",
        "INSERT INTO head VALUES (0, 0, '')",
    ]
    truncated = ["TRUNCATE ledger", "TRUNCATE documents", "TRUNCATE head"]
    for statement in [
        "UPDATE ledger SET line = 'x' WHERE n = 1",
        "DELETE FROM ledger WHERE n = 3",
        "UPDATE documents SET content = 'x'",
        "DELETE FROM documents",
        "UPDATE answers SET last = 7",
        "DELETE FROM answers",
        "UPDATE head SET entries = 0",
        "DELETE FROM head",
        *(also if sqlite else truncated),
    ]:
        with pytest.raises((sqlite3.IntegrityError, psycopg.errors.RaiseException)):
            connection.execute(statement)
    connection.close()
    assert keeping.holds(keeper.store) == before


def test_a_store_has_an_address_of_a_known_kind(tmp_path: Path, postgresql: str) -> None:
    for url in ("mysql://x", str(tmp_path / "record.db"), "sqlite:x"):
        with refused("K.1", url=url):
            open_store(url)
    with refused("K.1", name="Not;this"):
        open_store(f"{postgresql}&schema=Not;this")


def test_what_is_no_store_is_not_opened(tmp_path: Path) -> None:
    (tmp_path / "text.db").write_bytes(b"no database at all" * 100)
    with refused("K.3", file="text.db"):
        open_store(f"sqlite:///{tmp_path}/text.db")
    sqlite3.connect(tmp_path / "other.db").execute("CREATE TABLE t (x)").connection.close()
    with refused("K.3", file="other.db"):
        open_store(f"sqlite:///{tmp_path}/other.db")


def test_a_database_that_does_not_keep_what_it_took_is_refused(postgresql: str) -> None:
    def switched(statement: str, shown: str) -> None:
        with psycopg.connect(postgresql, autocommit=True) as connection:
            connection.execute(statement.encode())
            until = time.monotonic() + 20
            while connection.execute("SHOW full_page_writes").fetchone() != (shown,):
                assert time.monotonic() < until
                connection.execute("SELECT pg_reload_conf()")
                time.sleep(0.05)

    try:
        switched("ALTER SYSTEM SET full_page_writes TO off", "off")
        with refused("K.2", setting="full_page_writes"):
            open_store(postgresql)
    finally:
        switched("ALTER SYSTEM RESET full_page_writes", "on")
