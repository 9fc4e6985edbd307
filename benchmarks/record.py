"""What the record costs: `python benchmarks/record.py [ENTRIES] [THOUSANDS_OF_MEMBERS]`.

In one run on one machine, per CPU second: SHA-256 in C (`openssl speed`, the limit), the tree's appending beside it and
beside pymerkle, inclusion proofs, verifying by the root alone, a durable single append beside a raw `fdatasync` and a hundred
in one commit, and the cold start of a record of ENTRIES entries (a million when not given) in a store: a full replay with all
rules over what a large county writes, most of it the marks of single members, all rates and tallies counted at half and at the
end. What reads a whole record does so in a process of its own, so that peak memory is its own. What is wanted stands beside
each figure; it is meant for a quiet machine.
"""

from __future__ import annotations

import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections import deque
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

sys.path.extend(str(Path(__file__).parents[1] / place) for place in (".", "tests"))

from benchmarks.county import measured
from benchmarks.store import COMMITTEES, append, judged, raw, units
from pymerkle import InmemoryTree

from cast import MEETING, kept, rulebook, units_entered
from fourgates import events, judging
from fourgates.events import Event
from fourgates.facts import Facts
from fourgates.keeper import Keeper
from fourgates.ledger import Chain
from fourgates.log.tree import Frontier, Tree, included, leaf
from fourgates.nominations import Name, Sitting
from fourgates.roster import Member
from fourgates.store import open_store

LINE = 300
RESULTS = 1 + COMMITTEES  # of each counting: participation, and every committee's tally
PEAK = """
def peak():
    with open("/proc/self/status") as told:
        return next(int(line.split()[1]) for line in told if line.startswith("VmHWM"))
"""
COLD = (
    PEAK
    + """
import sys
from fourgates.keeper import Keeper
from fourgates.store import open_store
print(Keeper(open_store(sys.argv[1])).current().n, peak())
"""
)
ROOT = (
    PEAK
    + """
import sys
from fourgates.log.tree import Frontier, leaf
tree = Frontier()
with open(sys.argv[1], "rb") as lines:
    tree.extend(leaf(line[:-1]) for line in lines)
print(tree.size, peak())
"""
)
CHANNELS = ("会议", "会议", "会议", "会议", "会议", "会议", "微信", "微信", "电话", "上门")


def rate(name: str, count: int, work: Callable[[], object], beside: float = 0, least: int = 0) -> float:
    """Print how many of something are done in a CPU second, what that is of what stands beside it, and what is wanted."""
    start = time.process_time()
    work()
    found = count / (time.process_time() - start)
    ratio = f"   {found / beside:.2f} × C" if beside else ""
    wanted = f" (wanted: {least:,})" if least else ""
    print(f"{name:56}{found:12,.0f} /CPU s{ratio}{wanted}", flush=True)
    return found


def limit(size: int) -> float:
    """How many texts of ``size`` bytes a CPU second hashes in C; 0 where there is no openssl."""
    command = shutil.which("openssl")
    if command is None:
        return 0
    told = subprocess.run(
        [command, "speed", "-mr", "-seconds", "1", "-bytes", str(size), "sha256"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    found = re.search(r"^\+F:\d+:sha256:([0-9.]+)", told.stdout, re.MULTILINE)
    return float(found[1]) / size if found else 0


def hashing(entries: int) -> None:
    """The tree beside C and beside pymerkle."""
    one, two = limit(LINE + 1), limit(65)
    floor = 1 / (1 / one + 1 / two) if one and two else 0
    print(f"{f'SHA-256 in C: a leaf of {LINE} bytes and a node':56}{floor:12,.0f} /CPU s")
    lines = [n.to_bytes(8, "big") + bytes(LINE - 8) for n in range(entries)]
    grown = Frontier()
    rate(
        "append in blocks: leaf, nodes, root",
        entries,
        lambda: grown.extend(map(leaf, lines)),
        floor,
        least=500_000,
    )
    single = Frontier()
    rate("append one by one", entries, lambda: deque(map(single.add, map(leaf, lines)), 0), floor)
    assert single.root() == grown.root()
    whole = Tree()
    rate("append and keep every node for proofs", entries, lambda: whole.extend(map(leaf, lines)), floor)
    root, few = whole.root(), range(0, entries, max(1, entries // 50_000))
    proofs: list[list[bytes]] = []
    rate("inclusion proofs", len(few), lambda: proofs.extend(whole.inclusion(n) for n in few), least=25_000)
    leaves = [leaf(lines[n]) for n in few]
    shown = zip(leaves, few, proofs, strict=True)
    rate(
        "inclusion proofs checked", len(few), lambda: [included(*one, root) for one in _sized(shown, entries)]
    )
    peer = InmemoryTree(algorithm="sha256")
    some = lines[: entries // 4]
    rate("pymerkle in memory: append", len(some), lambda: [peer.append_entry(line) for line in some])
    asked = range(1, len(some), max(1, len(some) // 5000))
    rate("pymerkle in memory: inclusion proofs", len(asked), lambda: [peer.prove_inclusion(n) for n in asked])


def _sized(
    shown: Iterator[tuple[bytes, int, list[bytes]]], size: int
) -> Iterator[tuple[bytes, int, int, list[bytes]]]:
    return ((node, n, size, proof) for node, n, proof in shown)


def told(entries: int, members: int) -> Iterator[Event | None]:
    """What a large county writes, in the order of its days: rosters, then marks one by one by several sources, corrected
    here and there, process records and nominations. ``None``, at half and at the end: every rate and tally is counted."""
    yield events.PlanAdopted(rulebook())
    yield units_entered(units())
    every = list(units())
    branches = [unit for unit in every if unit.kind == "branch"]
    people: dict[str, list[Member]] = {}
    for n in range(members):
        branch = branches[n % len(branches)]
        row = Member(f"{n:024x}", branch.name, True, True, n % 4 == 0, n % 50 == 0)
        people.setdefault(branch.parent, []).append(row)
    number = 2
    for committee, own in people.items():
        ordered = tuple(sorted(own, key=lambda one: one.id))
        yield events.RosterEntered(committee, kept(events.RosterDocument(ordered)), len(ordered))
        number += 1
    stands: dict[tuple[str, str], int] = {}
    step = 0
    while number < entries:
        if number in (entries // 2, entries - RESULTS):
            yield None
            number += RESULTS
            continue
        number += 1
        branch = branches[step % len(branches)]
        if step % 200 == 199:
            about = ("steps", branch.name)
            yield events.StepsRecorded(branch.name, (), stands.get(about, 0))
        elif step % 500 == 498:
            about = ("filed", branch.name)
            first = branches.index(branch)
            named = tuple(Name(f"{first + k * len(branches):024x}", 10 + k, "merit") for k in range(3))
            sitting = Sitting(MEETING, 100, 90, named)
            yield events.NominationsFiled(branch.name, (sitting,), stands.get(about, 0))
        else:
            person = step % members
            source = f"source{step // members % 4}"
            about = (str(person), source)
            channel = CHANNELS[person % len(CHANNELS)]
            second = "b" * 24 if channel == "上门" else ""
            yield events.MemberMarked(
                f"{person:024x}",
                source,
                channel,
                date(2022, 2, 22),
                "a" * 24,
                second,
                corrects=stands.get(about, 0),
            )
        stands[about] = number
        step += 1


def results(facts: Facts) -> Iterator[Event]:
    """Participation and every committee's tally, counted."""
    yield events.ParticipationCounted(judging.counted(facts), judging.satisfaction(facts))
    for committee in facts.register().committees():
        lines = judging.tallied(facts, committee.name)
        ordered = sorted(lines, key=lambda line: (-line.branches, -line.members, line.person))
        yield events.TallyCounted(committee.name, tuple(ordered))


def record(place: Path, entries: int, members: int) -> None:
    """Verify and replay a record of that size."""
    url, ledger = f"sqlite:///{place}/cold.db", place / "lines"
    store, chain, size = open_store(url), Chain(), 0
    keeper, group = Keeper(store), list[Event]()
    for event in told(entries, members):
        if event is not None:
            group.append(event)
        if len(group) == 20_000 or event is None:
            size, group = append(store, chain, size, group), []
        if event is None:
            size = append(store, chain, size, list(results(keeper.current().facts)))
    assert chain.n == entries
    with store.reading() as view, ledger.open("wb") as file:
        file.writelines(line + b"\n" for line in view.lines())
    del keeper
    store.close()
    whole(
        f"verify by the root alone, {size / entries:.0f} bytes an entry (wanted: 2.2 a million, 64 MB)",
        ROOT,
        str(ledger),
        entries,
    )
    whole(
        f"cold start and replay with {members:,} members (wanted: 6 a million, 1,024 MB)", COLD, url, entries
    )


def whole(name: str, program: str, place: str, entries: int) -> None:
    """Print what reading a whole record costs in a process of its own; its memory as that process knows it, since what is
    told of children counts what they were forked from."""
    output, seconds, cpu, _memory = measured(sys.executable, "-c", program, place)
    read, peak = map(int, output.split())
    assert read == entries
    print(
        f"{name}, {entries:,} entries:\n{'':8}{seconds:.1f} s, {cpu:.1f} CPU s, "
        f"{cpu / entries * 1e6:.1f} CPU s a million, {peak / 1024:.0f} MB",
        flush=True,
    )


def main() -> None:
    print(
        f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, load {os.getloadavg()[0]:.1f}"
    )
    entries = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    members = 1000 * int(sys.argv[2]) if len(sys.argv) > 2 else 200_000
    hashing(entries)
    with tempfile.TemporaryDirectory() as place:
        beside = raw(Path(place))
        judged("SQLite", f"sqlite:///{place}/one.db", beside)
        print(flush=True)
        record(Path(place), entries, members)


if __name__ == "__main__":
    main()
