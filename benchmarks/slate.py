"""The slate against its peers, in CPU seconds of one process, on the same questions in the same run.

    python benchmarks/slate.py [one] [best] [relax] [lottery] [rules] [--peers VENV] [--cap SECONDS] [--data FOLDER]

Without ``--peers`` only our own figures are printed. VENV is a throw-away environment in which sortition-algorithms
and abcvoting are installed; each of their runs is a process of its own, killed at the cap (default 60 CPU s). Questions
are made from fixed numbers: seven features of 2, 5, 4, 6, 3, 8 and 4 values, correlated, quotas round a panel that
exists. ``--data`` adds pools from a folder with ``NAME/people.csv``, ``NAME/features.csv`` and ``NAME/size``.
"""

from __future__ import annotations

import argparse
import csv
import json
import math
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from fourgates.slate import sheets
from fourgates.slate.ballots import Ballots, gather, write_abc
from fourgates.slate.conflict import explain, feasible
from fourgates.slate.even import lottery
from fourgates.slate.lottery import chances
from fourgates.slate.model import Person, Problem, Requirement, rules
from fourgates.slate.proportional import candidates_of, elect
from fourgates.slate.solve import choose

FEATURES = (2, 5, 4, 6, 3, 8, 4)

PEER = r"""
import csv, json, resource, sys, time, math
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
        found = sum((relaxed[f][v].min != quotas[f][v].min) + (relaxed[f][v].max != quotas[f][v].max)
                    for f in quotas for v in quotas[f])
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


def pool(people: int, size: int, spread: int) -> Problem:
    """A biased pool with correlated features; quotas are ``spread`` round a panel drawn from it."""
    dice = random.Random(people)  # noqa: S311 - a made-up question
    classes = [[[dice.random() ** 2 + 0.05 for _ in range(count)] for count in FEATURES] for _ in range(4)]
    persons, drawn = [], []
    for number in range(people):
        its = dice.choices(classes, (4, 3, 2, 1))[0]
        values = [dice.choices(range(count), its[place])[0] for place, count in enumerate(FEATURES)]
        drawn.append(values)
        persons.append(Person(f"p{number}", "", tuple(f"f{f}=v{v}" for f, v in enumerate(values))))
    panel = dice.sample(drawn, size)
    quotas = []
    for feature, count in enumerate(FEATURES):
        for value in range(count):
            have = sum(values[feature] == value for values in panel)
            tag = f"f{feature}=v{value}"
            quotas.append(Requirement(tag, tag, max(0, have - spread), min(size, have + spread)))
    return Problem(tuple(persons), size, tuple(quotas), seed="benchmark")


def broken(problem: Problem) -> Problem:
    """The same with quotas that cannot hold together, though each could: a value is asked for beyond what others leave."""
    quotas = list(problem.requirements)
    first, second = quotas[0], quotas[1]
    low = (first.at_least or 0) + 3
    quotas[0] = replace(first, at_least=low, at_most=max(low, first.at_most or 0))
    quotas[1] = replace(second, at_least=max(0, problem.size - low + 1), at_most=problem.size)
    return replace(problem, requirements=tuple(quotas))


class Bench:
    """Runs ours, runs theirs, prints both and the ratio."""

    def __init__(self, venv: Path | None, cap: float, folder: Path) -> None:
        self.venv, self.cap, self.folder = venv, cap, folder

    def ours(self, name: str, run: Callable[[], Any]) -> tuple[Any, float]:
        before = time.process_time()
        found = run()
        spent = time.process_time() - before
        print(f"{name:<44} ours {spent:9.3f} s", end="", flush=True)
        return found, spent

    def theirs(self, what: str, files: list[str], spent: float) -> Any:
        if self.venv is None:
            print()
            return None
        python = self.venv / "bin" / "python"
        done = subprocess.run(
            [python, "-c", PEER, str(self.cap), what, *files], capture_output=True, text=True, check=False
        )
        try:
            taken, found = json.loads(done.stdout.splitlines()[-1])
        except (IndexError, ValueError):
            why = done.stderr.strip().splitlines()[-1:] or ["over the cap"]
            print(f"   peer > {self.cap:6.0f} s or failed ({why[0][:60]})")
            return None
        print(f"   peer {taken:9.3f} s   {taken / max(spent, 1e-4):10.1f} x", end="")
        return found

    def files(self, name: str, problem: Problem) -> list[str]:
        people, features = self.folder / f"{name}-people.csv", self.folder / f"{name}-features.csv"
        for path, rows in ((people, sheets.people_rows(problem)), (features, sheets.feature_rows(problem))):
            with path.open("w", encoding="utf-8", newline="") as file:
                csv.writer(file).writerows(rows)
        return [str(people), str(features), str(problem.size)]


def one(bench: Bench, best: bool) -> None:
    """One lawful list, or the one of greatest support with its proof (no peer has that)."""
    for people in (2_000, 20_000, 200_000):
        problem = pool(people, 200, 1)
        if best:
            dice = random.Random(1)  # noqa: S311 - a made-up question
            supported = tuple(replace(p, support=(dice.randint(0, 1000),)) for p in problem.people)
            asked = replace(problem, people=supported)
            slate, _ = bench.ours(f"best list, {people:,}, proven", partial(choose, asked, lots=False))
            print(f"   support {slate.support[0]} of at most {slate.bound[0]}")
            continue
        found, spent = bench.ours(f"one lawful list, {people:,}", partial(feasible, problem, rules(problem)))
        if found is None:
            raise SystemExit("a question with an answer has none")
        bench.theirs("one", bench.files(f"one{people}", problem), spent)
        print()


def relax(bench: Bench) -> None:
    """The smallest change of quotas that cannot hold together, proven; the peer changes what weighs least."""
    for people, size in ((200, 20), (2_000, 200), (20_000, 200)):
        problem = broken(pool(people, size, 1))
        conflict, spent = bench.ours(f"smallest change, {people:,}", partial(explain, problem, quick))
        found = bench.theirs("relax", bench.files(f"relax{people}", problem), spent)
        touched = len(conflict.floors[0].rules)
        print(f"   rules touched: ours {touched}" + ("" if found is None else f", peer {found}"))


def quick(problem: Problem) -> Any:
    """The best list without lots: a change is shown with some list that passes."""
    return choose(problem, lots=False)


def even(bench: Bench, extra: Path | None) -> None:
    """Lotteries, and how our sorted chances compare with the peer's, coordinate by coordinate."""
    pools = [("made 200", pool(200, 20, 1))]
    for folder in sorted(extra.iterdir()) if extra else []:
        size = int((folder / "size").read_text())
        tables = []
        for name in ("people.csv", "features.csv"):
            with (folder / name).open(encoding="utf-8-sig", newline="") as file:
                tables.append(list(csv.reader(file)))
        quotas, _ = sheets.read_requirements(tables[1], size)
        pools.insert(0, (folder.name, Problem(sheets.read_people(tables[0]), size, quotas)))
    for name, problem in pools:
        for kind in ("maximin", "leximin", "nash"):
            made, spent = bench.ours(f"{kind}, {name}", partial(lottery, problem, kind))
            found = bench.theirs(kind, bench.files(name, problem), spent)
            if found is not None:
                mine = sorted(float(chance) for chance in chances(problem, made).values())
                print(f"   lowest {mine[0]:.6f} : {found[0]:.6f}, {compared(kind, mine, found)}", end="")
                print()


def compared(kind: str, mine: list[float], theirs: list[float]) -> str:
    """In what the rule makes great: the lowest chance, the sorted chances in turn, or the product of the chances."""
    if kind == "nash":
        ours, peer = (sum(math.log(chance) for chance in each if chance > 1e-9) for each in (mine, theirs))
        return f"log product {ours:.4f} : {peer:.4f}"
    pairs = list(zip(mine, theirs, strict=True))[: 1 if kind == "maximin" else None]
    first = next((place for place, (a, b) in enumerate(pairs) if abs(a - b) > 1e-5), None)
    if first is None:
        return "equal"
    return f"{'more' if mine[first] > theirs[first] else 'LESS'} even at {first}"


def votes(voters: int, candidates: int) -> Ballots:
    """Eight approvals a voter, some candidates liked far more than others."""
    dice = random.Random(voters + candidates)  # noqa: S311 - a made-up question
    liked = [1 / (place + 1) ** 0.7 for place in range(candidates)]
    cast: Counter[tuple[int, ...]] = Counter()
    for _ in range(voters):
        approved: set[int] = set()
        while len(approved) < 8:
            approved.update(dice.choices(range(candidates), liked, k=8 - len(approved)))
        cast[tuple(sorted(approved))] += 1
    return gather(tuple(str(each) for each in range(candidates)), cast)


def committees(bench: Bench) -> None:
    """Phragmén and equal shares."""
    for voters, candidates, size in (
        (1_000, 100, 20),
        (10_000, 100, 20),
        (10_000, 1_000, 200),
        (100_000, 100, 20),
    ):
        ballots = votes(voters, candidates)
        path = bench.folder / f"{voters}-{candidates}.abc.yaml"
        path.write_text(write_abc(ballots, size), encoding="utf-8")
        for rule in ("phragmen", "shares"):
            problem = candidates_of(ballots, size)
            name = f"{rule}, {voters:,} voters, {size} of {candidates}"
            chosen, spent = bench.ours(name, partial(elect, ballots, problem, rule))
            found = bench.theirs(rule, [str(path)], spent)
            if found is not None:
                print(
                    "   same winners" if sorted(map(int, chosen)) == found else "   other winners (ties)",
                    end="",
                )
                print()


def main() -> None:
    """Run the parts asked for; all of them when none is named."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="*")
    parser.add_argument("--peers", type=Path)
    parser.add_argument("--cap", type=float, default=60)
    parser.add_argument("--data", type=Path)
    given = parser.parse_args()
    lottery(Problem((Person("p", ""),), 1))  # so that loading the solver counts for nobody
    parts = given.parts or ["one", "best", "relax", "lottery", "rules"]
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(given.peers, given.cap, Path(folder))
        for part in parts:
            match part:
                case "one" | "best":
                    one(bench, part == "best")
                case "relax":
                    relax(bench)
                case "lottery":
                    even(bench, given.data)
                case "rules":
                    committees(bench)
                case _:
                    sys.exit(f"no such part: {part}")
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB")


if __name__ == "__main__":
    main()
