"""Row 8: the same thing handed in many times at once; row 9: two who change one thing; row 6: a disk that is full."""

from __future__ import annotations

import random
import resource
import signal
import threading
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from cast import CHENGGUAN
from drill import Child, amount, begin, files, holds, opened, said, sealing
from fourgates.errors import Refused
from fourgates.keeper import Keeper
from fourgates.ledger import Entry
from fourgates.store import Store, Unsure, open_store
from fourgates.store.moving import bring_in, write_out
from fourgates.store.portable import backup
from keeping import keeper

NUMBERS = count(1)


@pytest.fixture(params=["sqlite", "postgresql"])
def stores(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Store, Store]]:
    """Two handles on one store, as two processes have them."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path}/record.db"
    else:
        url = f"{request.getfixturevalue('postgresql')}&schema=once{next(NUMBERS)}"
    both = open_store(url), open_store(url)
    yield both
    for store in both:
        store.close()


def together(works: list[Callable[[], None]]) -> None:
    """Do all of it at the same time."""
    gate = threading.Barrier(len(works))

    def waits(work: Callable[[], None]) -> None:
        gate.wait()
        work()

    threads = [threading.Thread(target=waits, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def handed_in(keepers: list[Keeper], offer: dict[str, Any], times: int) -> list[tuple[Entry, ...]]:
    """What each heard who handed in the same thing at the same time."""
    given: list[tuple[Entry, ...]] = []
    together([lambda own=own: given.append(keepers[own % 2].offer(**offer)) for own in range(times)])  # type: ignore[misc]  # a default of a lambda has no type
    return given


def test_what_is_handed_in_many_times_at_once_is_recorded_once(stores: tuple[Store, Store]) -> None:
    keepers = [keeper(store) for store in stores]
    begin(keepers[0])
    chance, handed, answers = random.Random(8), 0, 0
    for k in range(amount(8, 250)):
        offer, times = sealing(k, keepers[0].current()), chance.randint(2, 50 if k % 8 == 0 else 8)
        given = handed_in(keepers, offer, times)
        assert len(given) == times
        assert len({tuple(entry.n for entry in entries) for entries in given}) == 1
        assert all(entries == given[0] for entries in given)
        handed += times
        answers += 1
    assert holds(stores[0]) == answers
    said("the same submission at once", handed_in=handed, things=answers, recorded_twice=0)


def test_what_is_handed_in_without_a_key_is_recorded_as_often_as_it_may_be(tmp_path: Path) -> None:
    """The control: without a key nothing holds the second one back but the rules."""
    with opened(open_store(f"sqlite:///{tmp_path}/record.db")) as store:
        keeps = keeper(store)
        begin(keeps)
        offer = sealing(0, keeps.current())
        names = offer["events"][-1:]
        for _time in range(3):
            keeps.offer(names, by=offer["by"])
        assert [entry.event for entry in keeps.entries()][-3:] == names * 3


def raced(keepers: list[Keeper], offers: list[dict[str, Any]]) -> tuple[list[int], list[str]]:
    """Who was taken, and what the others were told, when each offers its own at the same time."""
    won: list[int] = []
    told: list[str] = []

    def tries(own: int) -> None:
        try:
            keepers[own].offer(**offers[own])
            won.append(own)
        except Refused as no:
            told.append(no.rule)

    together([lambda: tries(0), lambda: tries(1)])
    return won, told


def test_of_two_who_change_one_thing_one_wins_and_the_other_is_told(stores: tuple[Store, Store]) -> None:
    keepers = [keeper(store) for store in stores]
    begin(keepers[0])
    races = amount(15, 1000)
    for race in range(races):
        state = keepers[0].current()
        offers = [sealing(2 * race + own, state) for own in range(2)]
        won, told = raced(keepers, offers)
        assert (len(won), told) == (1, ["0.1"])
        (winner,) = won
        assert keepers[1].current().people == offers[winner]["events"][-1]
    assert holds(stores[0]) == races
    said("two race for one thing", races=races, both_won=0, neither=0)


# --- row 6 ------------------------------------------------------------------------------------------------------


def limited(most: int, work: Callable[[], None]) -> list[str]:
    """What ``work`` said, done where no file may grow beyond ``most`` bytes."""

    def works(says: Callable[[str], None]) -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
        work()
        says("done")

    return Child(works).ended()


@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
def test_on_a_full_disk_nothing_is_half_written(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/record.db"
    with opened(open_store(url)) as store:
        begin(keeper(store))
        for k in range(60):
            keeper(store).offer(**sealing(k, keeper(store).current(), CHENGGUAN))
        write_out(store, tmp_path / "folder")
        store.settle()
    size, chance = (tmp_path / "record.db").stat().st_size, random.Random(9)
    outcomes = {"done": 0, "refused": 0}
    for turn in range(amount(4, 40)):
        most = chance.randrange(size // 8, size + size // 8)
        other = f"sqlite:///{tmp_path}/{turn}.db"

        def imports(other: str = other) -> None:
            bring_in(tmp_path / "folder", open_store(other))

        def copies(turn: int = turn) -> None:
            backup(open_store(url), tmp_path / f"{turn}.backup")

        def writes(turn: int = turn) -> None:
            write_out(open_store(url), tmp_path / f"out{turn}")

        heard = [limited(most, work) for work in (imports, copies, writes)]
        for lines in heard:
            assert lines == ["done"] or lines[0].startswith(("! Unsure: ", "! OSError: ")), lines
            outcomes["done" if lines == ["done"] else "refused"] += 1
        with opened(open_store(other)) as store:
            assert (store.head().entries > 0) == (heard[0] == ["done"])
            bring_in(tmp_path / "folder", store)
            assert holds(store, keyed=False) == 60
        assert (tmp_path / f"{turn}.backup").exists() == (heard[1] == ["done"])
        assert (tmp_path / f"out{turn}").exists() == (heard[2] == ["done"])
        if heard[2] == ["done"]:
            assert files(tmp_path / f"out{turn}") == files(tmp_path / "folder")
    with opened(open_store(url)) as store:
        assert holds(store) == 60
    # The control: with room enough all of it is done.
    assert limited(100 * size, imports) == ["done"]
    said("a file that may not grow: import, backup, export", **outcomes, half_written=0)
    assert outcomes["refused"]


def test_a_sealing_that_finds_no_room_is_not_answered_and_may_be_tried_again(tmp_path: Path) -> None:
    with opened(open_store(f"sqlite:///{tmp_path}/record.db")) as store:
        keeps = keeper(store)
        begin(keeps)
        offer = sealing(1, keeps.current())
        kept = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        before = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (1024, before[1]))
        try:
            with pytest.raises(Unsure):
                keeps.offer(**offer)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, before)
            signal.signal(signal.SIGXFSZ, kept)
        assert holds(store) == 0
        keeps.offer(**offer)
        assert holds(store) == 1
