"""The peers, and one run of ours beside one run of theirs: CPU seconds, peak memory, ratio.

The peers are installed from the package registry into an environment of their own, never into ours: theirs is another
licence. Every run, ours and theirs, is a process of its own, killed at the cap.
"""

from __future__ import annotations

import csv
import json
import os
import pickle
import resource
import signal
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

from fourgates.slate import sheets
from fourgates.slate.even import lottery
from fourgates.slate.model import Person, Problem

T = TypeVar("T")

TIMES = 5
SHORT = 3.0
"""CPU seconds below which a run is repeated ``TIMES`` times, ours and theirs."""

VERSIONS = ("sortition-algorithms==0.12.15", "highspy==1.15.1", "mip==1.17.6", "abcvoting==2.19.2")

PEER = r"""
import csv, json, resource, sys, time
limit = int(float(sys.argv[1])); resource.setrlimit(resource.RLIMIT_CPU, (limit, limit + 5))
what, arguments = sys.argv[2], sys.argv[3:]
def sortition(people, features, size):
    from sortition_algorithms.features import read_in_features
    from sortition_algorithms.people import read_in_people
    from sortition_algorithms.settings import Settings
    with open(features, newline="") as f:
        reader = csv.DictReader(f); rows = list(reader)
        quotas = read_in_features(reader.fieldnames, rows)[0]
    settings = Settings(id_column="nationbuilder_id", columns_to_keep=[])
    with open(people, newline="") as f:
        reader = csv.DictReader(f); rows = list(reader)
        pool = read_in_people(reader.fieldnames, rows, quotas, settings, "features")[0]
    return quotas, pool
if what in ("one", "relax", "maximin", "leximin", "nash"):
    people, features, size = arguments[0], arguments[1], int(arguments[2])
    quotas, pool = sortition(people, features, size)
    import sortition_algorithms.committee_generation as made
    from sortition_algorithms.committee_generation import common
    start = time.process_time()
    if what == "one":
        made.find_any_committee(quotas, pool, size, []); found = None
    elif what == "relax":
        relaxed, _ = common._relax_infeasible_quotas(quotas, pool, size, [])
        moved = [abs(relaxed[f][v].min - quotas[f][v].min) for f in quotas for v in quotas[f]]
        moved += [abs(relaxed[f][v].max - quotas[f][v].max) for f in quotas for v in quotas[f]]
        found = [sum(map(bool, moved)), sum(moved)]
    else:
        find = getattr(made, "find_distribution_" + what)
        panels, weights, _ = find(quotas, pool, size, [])
        able = dict.fromkeys(pool, 0.0)
        for panel, weight in zip(panels, weights):
            for each in panel: able[each] += weight
        found = sorted(able.values())
    print(json.dumps([time.process_time() - start, found]))
else:
    from abcvoting import abcrules, fileio
    profile, size, _, _ = fileio.read_abcvoting_yaml_file(arguments[0])
    start = time.process_time()
    rule = {"phragmen": "seqphragmen", "shares": "equal-shares"}[what]
    found = abcrules.compute(rule, profile, committeesize=size, algorithm="float-fractions", resolute=True)
    print(json.dumps([time.process_time() - start, sorted(map(int, found[0]))]))
"""


def environment(folder: Path) -> Path:
    """The Python of an environment with the peers in it, made on first use."""
    python = folder / "bin" / "python"
    if not python.exists():
        print(f"installing {', '.join(VERSIONS)} into {folder}", file=sys.stderr)
        subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
        subprocess.run([str(python), "-m", "pip", "install", "-q", *VERSIONS], check=True)
    return python


def measured(run: Callable[[], T], cap: float) -> tuple[T | None, float, float]:
    """What a run gives, its CPU seconds and its peak memory in MB, in a child of this process.

    Past the cap there is nothing to give, and the seconds are infinite.
    """
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.close(read)
            # Loading the solver counts for nobody; in the parent it would leave threads that a child does not have.
            lottery(Problem((Person("p", ""),), 1))
            resource.setrlimit(resource.RLIMIT_CPU, (int(cap) + 1, int(cap) + 2))
            before = time.process_time()
            found = run()
            with os.fdopen(write, "wb") as pipe:
                pickle.dump((found, time.process_time() - before), pipe)
            os._exit(0)
        except BaseException:  # noqa: BLE001 - the child says what is wrong and must not live on as its parent
            traceback.print_exc()
            os._exit(1)
    os.close(write)
    with os.fdopen(read, "rb") as pipe:
        told = pipe.read()
    _, status, used = os.wait4(child, 0)
    if status or not told:
        return None, float("inf"), used.ru_maxrss / 1024
    found, spent = pickle.loads(told)  # noqa: S301 - our own child wrote it
    return found, spent, used.ru_maxrss / 1024


class Bench:
    """Runs ours, runs theirs, prints both and the ratio; ``python`` is that of the peers, None to leave them out."""

    def __init__(self, python: Path | None, cap: float, folder: Path) -> None:
        self.python, self.cap, self.folder = python, cap, folder

    def ours(self, name: str, run: Callable[[], T]) -> tuple[T | None, float]:
        """Our answer (None past the cap) and its CPU seconds: of a short run the middle of some."""
        found, spent, memory = measured(run, self.cap)
        again = [measured(run, self.cap)[1] for _ in range(TIMES - 1 if spent < SHORT else 0)]
        spent = sorted((spent, *again))[len(again) // 2]
        said = f"> {self.cap:7.0f}" if found is None else f"{spent:9.3f}"
        print(f"{name:<46} ours {said} s {memory:5.0f} MB", end="", flush=True)
        return found, spent

    def theirs(self, what: str, files: Sequence[str], spent: float) -> Any:
        """The peer's answer to the same question, None when it has none within the cap."""
        if self.python is None:
            print()
            return None
        taken, found, memory, wrong = self.run(what, files)
        if wrong:
            capped = taken >= self.cap
            least = (
                f"> {self.cap:6.0f} s  > {self.cap / max(spent, 1e-4):8.1f} x"
                if capped
                else "gives no answer"
            )
            print(f"   peer {least} ({wrong[:70]}, {memory:.0f} MB)")
            return None
        again = [self.run(what, files)[0] for _ in range(TIMES - 1 if taken < SHORT else 0)]
        taken = sorted((taken, *again))[len(again) // 2]
        print(f"   peer {taken:9.3f} s {memory:5.0f} MB {taken / max(spent, 1e-4):9.1f} x", end="")
        return found

    def run(self, what: str, files: Sequence[str]) -> tuple[float, Any, float, str]:
        """CPU seconds, what was found, peak memory in MB, and what went wrong, of one run."""
        command = [str(self.python), "-c", PEER, str(self.cap), what, *files]
        with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as wrong:
            started = subprocess.Popen(command, stdout=out, stderr=wrong)
            _, status, used = os.wait4(started.pid, 0)
            started.returncode = status
            for file in (out, wrong):
                file.seek(0)
            said, errors = out.read().decode(), wrong.read().decode()
        memory = used.ru_maxrss / 1024
        try:
            taken, found = json.loads(said.splitlines()[-1])
        except (IndexError, ValueError):
            if os.WIFSIGNALED(status) and os.WTERMSIG(status) in (signal.SIGXCPU, signal.SIGKILL):
                return self.cap, None, memory, "over the cap"
            last = errors.strip().splitlines()[-1:]
            return 0.0, None, memory, last[0] if last else f"ended with {status}"
        return taken, found, memory, ""

    def files(self, name: str, problem: Problem) -> list[str]:
        """The question as the peer reads it: two files and a size."""
        people, features = self.folder / f"{name}-people.csv", self.folder / f"{name}-features.csv"
        for path, rows in ((people, sheets.people_rows(problem)), (features, sheets.feature_rows(problem))):
            with path.open("w", encoding="utf-8", newline="") as file:
                csv.writer(file).writerows(rows)
        return [str(people), str(features), str(problem.size)]
