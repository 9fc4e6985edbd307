"""Whole lists by lot: maximin, leximin and Nash, and how even the chances are beside the peer's."""

from __future__ import annotations

import csv
import math
from functools import partial
from pathlib import Path

from benchmarks.slate.lists import pool
from benchmarks.slate.peers import Bench

from fourgates.slate import sheets
from fourgates.slate.even import lottery
from fourgates.slate.lottery import chances
from fourgates.slate.model import Problem


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
            if made is not None and found is not None:
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
