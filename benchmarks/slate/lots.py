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

EXACT, EQUAL = 1e-6, 1e-4
"""Ours are within some billionths of the best; the peer stops its searches within 5e-4. Both measures are printed."""


def even(bench: Bench, extra: Path | None) -> None:
    """Lotteries, and how our sorted chances compare with the peer's, coordinate by coordinate."""
    pools = [("made 200", pool(200, 20, 1)), ("made 2,000", pool(2_000, 200, 1))]
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
                print(f"\n    {compared(mine, found)}")


def compared(mine: list[float], theirs: list[float]) -> str:
    """The two vectors of chances, lowest first, place by place; and their products.

    Both add up to the length of the list, so unless they are equal each is higher somewhere: the first place where they
    part is what leximin orders by, the first of all what maximin does, the product what Nash does.
    """
    pairs = list(zip(mine, theirs, strict=True))
    logs = [sum(math.log(chance) for chance in each if chance > EXACT) for each in (mine, theirs)]
    said = f"log product {logs[0]:.5f} : {logs[1]:.5f}"
    for near in (EXACT, EQUAL):
        parted = [place for place, (a, b) in enumerate(pairs) if abs(a - b) > near]
        if not parted:
            said += f"; within {near:g} equal in all {len(pairs)} places"
            continue
        higher = [a - b for a, b in pairs if a - b > near]
        lower = [b - a for a, b in pairs if b - a > near]
        a, b = pairs[parted[0]]
        said += (
            f"; within {near:g} first parted at place {parted[0] + 1} ({a:.7f} : {b:.7f}), "
            f"higher in {len(higher)} (by up to {max(higher, default=0):.6f}), "
            f"lower in {len(lower)} (by up to {max(lower, default=0):.6f})"
        )
    return said
