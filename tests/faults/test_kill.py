"""Rows 1 and 2: killed at any time, at every call to the system; row 5: every call refused once."""

from __future__ import annotations

import ctypes
import os
import random
import re
import shutil
import subprocess
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from cast import AT, BY, CHENGGUAN, documents, story
from drill import BEGUN, EACH, Child, amount, begin, holds, opened, said, sealing, told_to
from fourgates import bundle
from fourgates.bundle import Writer
from fourgates.errors import Refused
from fourgates.keeper import Keeper
from fourgates.store import open_store
from keeping import keeper

pytestmark = pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
Says = Callable[[str], None]


# --- row 1 ------------------------------------------------------------------------------------------------------


def seals(keeps: Keeper, first: int, says: Says) -> None:
    """Seal on and on; say each that was answered."""
    k = first
    while True:
        try:
            says(f"{k} {keeps.offer(**sealing(k, keeps.current()))[-1].n}")
        except Refused:
            continue  # another thread of ours was quicker: what was to be corrected is another now
        k += 1


def test_killed_at_a_random_time_a_store_keeps_all_it_acknowledged(tmp_path: Path) -> None:
    chance, kills, acknowledged, unheard = random.Random(1), amount(12, 500), 0, 0
    for kill in range(kills):
        url = f"sqlite:///{tmp_path}/{kill // 50}.db"
        with opened(open_store(url)) as store:
            if not store.head().entries:
                begin(keeper(store))
        writers = chance.choice([1, 1, 3])

        def works(says: Says, url: str = url, kill: int = kill, writers: int = writers) -> None:
            keeps = keeper(open_store(url))
            says("ready")
            threads = [
                threading.Thread(target=seals, args=(keeps, (3 * kill + own) * 10_000, says))
                for own in range(writers)
            ]
            for thread in threads:
                thread.start()
            threads[0].join()

        child = Child(works)
        child.hears(1 + chance.randrange(12))
        time.sleep(chance.uniform(0, 0.01))
        heard = [line.split() for line in child.killed() if line != "ready"]
        with opened(open_store(url)) as store, store.reading() as view:
            answers = view.answers()
            ours = {key: answer for key, answer in answers.items() if int(key.split()[1]) // 30_000 == kill}
        assert {f"{CHENGGUAN} {k}": int(n) for k, n in heard}.items() <= {
            key: answer.last for key, answer in ours.items()
        }.items()
        assert len(ours) - len(heard) <= writers
        acknowledged += len(heard)
        unheard += len(ours) - len(heard)
        if kill % 50 == 49 or kill == kills - 1:
            with opened(open_store(url)) as store:
                holds(store)
    said("kill -9 at random, SQLite", kills=kills, acknowledged=acknowledged, unheard=unheard, lost=0)
    assert acknowledged


def test_the_drill_finds_what_is_acknowledged_too_early(tmp_path: Path) -> None:
    """The control: who says "done" before it is done loses what was said."""
    url = f"sqlite:///{tmp_path}/record.db"
    with opened(open_store(url)) as store:
        begin(keeper(store))

    def works(says: Says) -> None:
        keeps = keeper(open_store(url))
        for k in range(1000):
            offer = sealing(k, keeps.current())
            says(str(k))
            keeps.offer(**offer)

    lost = 0
    for _turn in range(amount(5, 50)):
        child = Child(works)
        child.hears()
        heard = [line for line in child.killed() if line]
        with opened(open_store(url)) as store, store.reading() as view:
            lost += len({f"{CHENGGUAN} {k}" for k in heard} - view.answers().keys())
        Path(tmp_path / "record.db").unlink()
        for beside in tmp_path.iterdir():
            beside.unlink()
        with opened(open_store(url)) as store:
            begin(keeper(store))
    said("control: acknowledged before the commit", lost=lost)
    assert lost


def begun(folder: Path) -> None:
    writer = Writer(folder)
    for event in story()[:BEGUN]:
        writer.offer(event, at=AT, by=BY, documents=documents)
    writer.commit()


def whole(folder: Path) -> int:
    """The number of sealings in a folder, which holds and has none by half."""
    entries = bundle.verify(folder).head.entries
    assert (entries - BEGUN) % EACH == 0
    return (entries - BEGUN) // EACH


def test_killed_at_a_random_time_a_folder_keeps_all_it_acknowledged(tmp_path: Path) -> None:
    chance, kills, acknowledged, unheard = random.Random(2), amount(10, 500), 0, 0
    for kill in range(kills):
        folder = tmp_path / str(kill // 20)
        if not folder.exists():
            begun(folder)
        before = whole(folder)

        def works(says: Says, folder: Path = folder, before: int = before) -> None:
            writer = Writer(folder)
            says("ready")
            for k in range(before, 10_000):
                told_to(writer, k)
                says(str(k))

        child = Child(works)
        child.hears(1 + chance.randrange(6))
        time.sleep(chance.uniform(0, 0.01))
        heard = [line for line in child.killed() if line != "ready"]
        after = whole(folder)
        assert before + len(heard) <= after <= before + len(heard) + 1
        acknowledged += len(heard)
        unheard += after - before - len(heard)
    said("kill -9 at random, folder", kills=kills, acknowledged=acknowledged, unheard=unheard, lost=0)
    assert acknowledged


# --- rows 2 and 5 -----------------------------------------------------------------------------------------------

CALLS = (
    "openat,open,creat,write,pwrite64,writev,pwritev,fsync,fdatasync,ftruncate,truncate,rename,renameat,renameat2,"
    "unlink,unlinkat,link,linkat,mkdir,mkdirat,flock"
)
WRITES = "write,pwrite64,writev,fsync,fdatasync,ftruncate,rename,link,unlink,mkdir,openat"


def traced(work: Callable[[Says], None], *options: str, log: Path) -> list[str]:
    """What ``work`` said, done in a process that strace watches from before it begins until its end."""
    go, start = os.pipe()

    def waits(says: Says) -> None:
        # Where a system lets only ancestors watch, the child has to allow it: PR_SET_PTRACER, any.
        ctypes.CDLL(None).prctl(0x59616D61, ctypes.c_ulong(-1 & (2**64 - 1)), 0, 0, 0)
        os.close(start)
        says("ready")
        os.read(go, 1)
        work(says)

    child = Child(waits)
    os.close(go)
    child.hears()
    watcher = subprocess.Popen(
        ["strace", "-f", "-p", str(child.pid), "-o", str(log), *options],
        stderr=subprocess.PIPE,
        text=True,
    )
    assert watcher.stderr is not None
    line = watcher.stderr.readline()
    if "attached" not in line:
        child.killed()
        pytest.skip(f"strace may not watch a process here: {line.strip()}")
    os.write(start, b"x")
    os.close(start)
    heard = child.ended()
    watcher.stderr.read()
    watcher.stderr.close()
    watcher.wait()
    return [one for one in heard if one != "ready"]


def watched() -> None:
    if shutil.which("strace") is None:
        pytest.skip("strace is not installed: killed at every call, and every call refused, were not tried")


def kept_in(kind: str, place: Path) -> tuple[Callable[[Says], None], Callable[[], int]]:
    """One sealing in a new place of a kind, beginning with its making; and how many are there afterwards."""
    if kind == "folder":

        def works(says: Says) -> None:
            begun(place / "folder")
            says("begun")
            told_to(Writer(place / "folder"), 1)
            says("sealed")

        def found() -> int:
            if not (place / "folder").exists():
                begun(place / "folder")
            writer = Writer(place / "folder")
            if not writer.selection.n:
                begun(place / "folder")
            sealed = whole(place / "folder")
            told_to(Writer(place / "folder"), 7)
            assert whole(place / "folder") == sealed + 1
            return sealed

        return works, found

    url = f"sqlite:///{place}/record.db"

    def puts(says: Says) -> None:
        keeps = keeper(open_store(url))
        begin(keeps)
        says("begun")
        keeps.offer(**sealing(1, keeps.current()))
        says("sealed")

    def there() -> int:
        with opened(open_store(url)) as store:
            keeps = keeper(store)
            if not keeps.current().n:
                begin(keeps)
            sealed = holds(store)
            keeps.offer(**sealing(1, keeps.current())) if not sealed else None
            store.settle()
            assert holds(store) == 1
            return sealed

    return puts, there


@pytest.mark.parametrize("kind", ["sqlite", "folder"])
def test_killed_at_any_call_to_the_system_a_sealing_is_there_or_not(kind: str, tmp_path: Path) -> None:
    watched()
    (tmp_path / "all").mkdir()
    work, found = kept_in(kind, tmp_path / "all")
    assert traced(work, f"--trace={CALLS}", log=tmp_path / "log") == ["begun", "sealed"]
    calls = len(re.findall(r"^\d+ +\w+\(", (tmp_path / "log").read_text(errors="replace"), re.MULTILINE))
    found()
    every = max(1, calls // amount(6, 300))
    kills, sealed = 0, {True: 0, False: 0}
    for n in range(1 + random.Random(3).randrange(every), calls + 1, every):
        place = tmp_path / str(n)
        place.mkdir()
        work, found = kept_in(kind, place)
        heard = traced(
            work, f"--trace={CALLS}", f"--inject={CALLS}:signal=KILL:when={n}", log=tmp_path / "log"
        )
        there = found()
        assert there == 1 or "sealed" not in heard
        assert there in (0, 1)
        kills += 1
        sealed[bool(there)] += 1
        shutil.rmtree(place)
    said(
        f"kill -9 at the n-th call, {kind}",
        calls=calls,
        kills=kills,
        sealed=sealed[True],
        not_sealed=sealed[False],
        half=0,
    )


@pytest.mark.parametrize("kind", ["sqlite", "folder"])
def test_whatever_call_is_refused_nothing_is_acknowledged_that_is_not_there(
    kind: str, tmp_path: Path
) -> None:
    watched()
    chance, tries = random.Random(4), amount(6, 200)
    stopped = acknowledged = 0
    for n in range(tries):
        place = tmp_path / str(n)
        place.mkdir()
        work, found = kept_in(kind, place)
        error, when = chance.choice(["ENOSPC", "EIO"]), chance.randrange(1, 60)
        ever = chance.choice(["", "+"])
        heard = traced(
            work,
            f"--trace={WRITES}",
            # The pipe on which a sealing is acknowledged is no disk: it comes first, so it is not counted.
            f"--inject={WRITES.removeprefix('write,')}:error={error}:when={when}{ever}",
            log=tmp_path / "log",
        )
        for fault in (one for one in heard if one.startswith("!")):
            assert re.match(r"! (Unsure|OSError|FileNotFoundError|Broken): .", fault), fault
            stopped += 1
        there = found()
        assert there == 1 or "sealed" not in heard
        acknowledged += "sealed" in heard
        with suppress(OSError):
            shutil.rmtree(place)
    said(
        f"ENOSPC or EIO at the n-th call, {kind}",
        tries=tries,
        stopped=stopped,
        acknowledged=acknowledged,
        lost=0,
    )
    assert stopped
