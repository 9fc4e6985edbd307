"""Row 14: other hash seeds, time zones and locales, the same bytes; row 15: backup and restore as a drill."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from drill import amount, begin, holds, opened, said, sealing
from fourgates.errors import Broken, Refused
from fourgates.keeper import Keeper
from fourgates.store import Store, Unsure, open_store
from fourgates.store.portable import backup, restore
from keeping import keeper

ROOT = Path(__file__).parents[2]
TOLD = """
import sys, time
sys.path[:0] = ["tests", "."]
from pathlib import Path
import cast, keeping
from fourgates import canon, events, judging
from fourgates.store import open_store
from fourgates.store.moving import write_out
store = open_store("sqlite:///" + sys.argv[1] + "/record.db")
keeper = keeping.keeper(store)
keeping.tell(keeper)
for result in cast.results(keeper.current().facts):
    keeper.offer([result], by=cast.BY, documents={one: cast.documents[one] for one in events.documents(result)})
write_out(store, Path(sys.argv[1]) / "folder")
print(store.head().head, canon.digest((Path(sys.argv[1]) / "folder/ledger.jsonl").read_bytes()))
for folder in sorted(Path("tests/records").rglob("head.json")):
    from fourgates import bundle
    found = bundle.verify(folder.parent)
    print(canon.digest(canon.spell(judging.problem(found.selection.facts))))
print(hash("四关"), time.localtime(0).tm_hour)
"""
PLACES = [
    ("0", "UTC", "C.UTF-8"),
    ("1", "Asia/Shanghai", "C"),
    ("2", "America/New_York", "zh_CN.UTF-8"),
    ("3", "Asia/Kathmandu", "tr_TR.UTF-8"),
]


def test_other_seeds_zones_and_locales_give_the_same_bytes(tmp_path: Path) -> None:
    said_there = []
    for seed, zone, locale in PLACES[: amount(2, len(PLACES))]:
        place = tmp_path / seed
        place.mkdir()
        around = {"PYTHONHASHSEED": seed, "TZ": zone, "LC_ALL": locale, "PYTHONUTF8": "1"}
        said_there.append(
            subprocess.run(
                [sys.executable, "-c", TOLD, str(place)],
                cwd=ROOT,
                env={**os.environ, **around},
                capture_output=True,
                text=True,
                check=True,
            ).stdout.splitlines()
        )
    assert len({tuple(lines[:-1]) for lines in said_there}) == 1
    # The control: the places do differ in what a rule must not read.
    assert len({lines[-1] for lines in said_there}) == len(said_there)
    said(
        "hash seeds, time zones, locales",
        places=len(said_there),
        lines_alike=len(said_there[0]) - 1,
        differences=0,
    )


def filled(store: Store, sealings: int) -> Keeper:
    keeps = keeper(store)
    begin(keeps)
    for k in range(sealings):
        keeps.offer(**sealing(k, keeps.current()))
    return keeps


@pytest.mark.parametrize("there", ["sqlite", "postgresql"])
def test_a_backup_under_writes_holds_all_that_was_acknowledged_before_it(
    there: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    address = str(request.getfixturevalue("postgresql"))
    schema = f"drill{random.Random().randrange(10**9)}"
    urls = [f"sqlite:///{tmp_path}/record.db", f"{address}&schema={schema}"]
    if there == "postgresql":
        urls.reverse()
    else:  # a backup holds no keys of the names: who restores it brings them
        urls[1] = f"{address}&keys={tmp_path}/record.db.keys&schema={schema}"
    sealings, drills, lost = amount(20, 1500), amount(1, 3), 0
    with opened(open_store(urls[0])) as store:
        keeps, acknowledged, stop = filled(store, sealings), [sealings], threading.Event()

        def writes() -> None:
            while not stop.is_set():
                keeps.offer(**sealing(acknowledged[0], keeps.current()))
                acknowledged[0] += 1

        writer = threading.Thread(target=writes)
        writer.start()
        try:
            for drill in range(drills):
                before = acknowledged[0]
                start = time.perf_counter()
                reached = backup(store, tmp_path / f"backup{drill}")
                taken = time.perf_counter() - start
                url = urls[1] + (str(drill) if there == "sqlite" else f".{drill}")
                with opened(open_store(url)) as other:
                    start = time.perf_counter()
                    restore(tmp_path / f"backup{drill}", other)
                    back = time.perf_counter() - start
                    lost += holds(other) < before
                    assert other.head() == reached
        finally:
            stop.set()
            writer.join()
    said(
        f"backup and restore from {there}",
        drills=drills,
        entries=reached.entries,
        lost=lost,
        backup=f"{taken:.2f} s",
        restore=f"{back:.2f} s",
    )
    assert lost == 0


def test_a_copied_file_is_no_backup(tmp_path: Path) -> None:
    """The control: the database file copied without its log lacks what was acknowledged last."""
    with opened(open_store(f"sqlite:///{tmp_path}/record.db")) as store:
        filled(store, 20)
        shutil.copy(tmp_path / "record.db", tmp_path / "copy.db")
        assert holds(store) == 20
    try:
        with opened(open_store(f"sqlite:///{tmp_path}/copy.db")) as copy:
            there = holds(copy) if copy.head().entries else 0
    except (Broken, Refused, Unsure):
        there = 0
    said("control: the file copied without its log", lost=20 - there)
    assert there < 20
