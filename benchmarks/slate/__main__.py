"""The slate against its peers, in CPU seconds of one process, on the same questions in the same run.

    python -m benchmarks.slate [county] [one] [best] [verify] [relax] [lottery] [rules]
                               [--peers FOLDER | --alone] [--cap SECONDS] [--data FOLDER]

sortition-algorithms and abcvoting are installed from the package registry into an environment of their own (``.peers``,
or FOLDER) the first time; ``--alone`` leaves them out. Every run is a process of its own, killed at the cap (60 CPU s
unless said otherwise). ``--data`` adds pools from a folder with ``NAME/people.csv``, ``NAME/features.csv`` and
``NAME/size``.
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
import tempfile
from pathlib import Path

from benchmarks.slate.committees import committees
from benchmarks.slate.county import live
from benchmarks.slate.lists import again, large, one, relax
from benchmarks.slate.lots import even
from benchmarks.slate.peers import VERSIONS, Bench, environment


def machine() -> str:
    """The processor's name, how many of it there are, the system and Python."""
    told = Path("/proc/cpuinfo")
    lines = told.read_text(encoding="utf-8").splitlines() if told.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    name = names[0] if names else platform.processor() or platform.machine()
    return f"{os.cpu_count()} x {name}, {platform.system()}, Python {platform.python_version()}"


def main() -> None:
    """Run the parts asked for; all of them when none is named."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="*")
    parser.add_argument("--peers", type=Path, default=Path(".peers"))
    parser.add_argument("--alone", action="store_true")
    parser.add_argument("--cap", type=float, default=60)
    parser.add_argument("--data", type=Path)
    given = parser.parse_args()
    python = None if given.alone else environment(given.peers)
    print(f"{machine()}; cap {given.cap:.0f} CPU s; {', '.join(VERSIONS)}")
    parts = given.parts or ["county", "one", "best", "verify", "relax", "lottery", "rules"]
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(python, given.cap, Path(folder))
        for part in parts:
            match part:
                case "county":
                    live()
                case "verify":
                    again(bench)
                case "one" | "best":
                    one(bench, best=part == "best")
                    large(bench, best=part == "best")
                case "relax":
                    relax(bench)
                case "lottery":
                    even(bench, given.data)
                case "rules":
                    committees(bench)
                case _:
                    sys.exit(f"no such part: {part}")


if __name__ == "__main__":
    main()
