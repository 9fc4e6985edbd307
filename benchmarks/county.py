"""How long a county takes: `python benchmarks/county.py [FOLDER]`.

In one run on one machine: reading the workbooks with `python-calamine` alone in this process (the limit: no check, no
child process, nothing done with the cells), then the whole `fourgates run` into a new record with the share of each
stage, the same run again, `fourgates verify`, and entries a second. Each in a process of its own, so that peak memory
is its own; a run's readers are counted with it. Without FOLDER the county is the invented one of `fourgates demo`.
"""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from pathlib import Path

LIMIT = """
import sys, time
from pathlib import Path
from python_calamine import CalamineWorkbook
paths = sorted(Path(sys.argv[1]).rglob("*.xlsx"))
start, cpu = time.perf_counter(), time.process_time()
rows = sum(len(CalamineWorkbook.from_path(str(p)).get_sheet_by_index(0).to_python(skip_empty_area=False)) for p in paths)
print(f"{len(paths)} {rows} {time.perf_counter() - start:.3f} {time.process_time() - cpu:.3f}")
"""
STAGES = """
import sys, time
from pathlib import Path
from fourgates import delivery, run
folder, out = Path(sys.argv[1]), Path(sys.argv[2])
out.mkdir(exist_ok=True)
marks = [("start", time.perf_counter())]
def told(stage, done, of):
    if marks[-1][0] == stage: marks[-1] = (stage, time.perf_counter())
    else: marks.append((stage, time.perf_counter()))
outcome = run.run(folder, out, run.adopt(folder), told)
marks.append(("settle", time.perf_counter()))
delivery.deliver(outcome, out)
marks.append(("write", time.perf_counter()))
print(outcome.selection.n, *(f"{name}={b - a:.3f}" for (_, a), (name, b) in zip(marks, marks[1:])))
"""


def measured(*command: str) -> tuple[str, float, float, float]:
    """Output, seconds, CPU seconds and peak MB of a command with all its children."""
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    output = process.stdout.read()
    _pid, status, usage = os.wait4(process.pid, 0)
    if os.waitstatus_to_exitcode(status) not in (0, 1):
        sys.exit(f"{command} failed")
    seconds = time.perf_counter() - start
    return output, seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def main() -> None:
    python = sys.executable
    cpus = os.cpu_count()
    print(
        f"{platform.machine()}, {cpus} cores, Python {platform.python_version()}, load {os.getloadavg()[0]:.1f}"
    )
    with tempfile.TemporaryDirectory() as room:
        folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(room) / "county"
        if len(sys.argv) < 2:
            _text, seconds, cpu, memory = measured(
                python, "-m", "fourgates", "simulate", "county", str(folder)
            )
            print(f"{'simulate county':28}{seconds:8.2f} s {cpu:8.2f} CPU s {memory:7.0f} MB")
        text, seconds, cpu, memory = measured(python, "-c", LIMIT, str(folder))
        files, rows, limit, limit_cpu = text.split()
        print(
            f"{'calamine alone (the limit)':28}{float(limit):8.2f} s {float(limit_cpu):8.2f} CPU s {memory:7.0f} MB"
            f"   {files} files, {rows} rows"
        )
        out = Path(room) / "out"
        text, seconds, cpu, memory = measured(python, "-c", STAGES, str(folder), str(out))
        entries, *stages = text.split()
        print(
            f"{'run, new record':28}{seconds:8.2f} s {cpu:8.2f} CPU s {memory:7.0f} MB"
            f"   {seconds / float(limit):.1f} × the limit ({cpu / float(limit_cpu):.1f} × in CPU)"
        )
        for stage in stages:
            name, _sign, share = stage.partition("=")
            print(f"    {name:24}{float(share):8.2f} s {100 * float(share) / seconds:7.0f} %")
        _text, seconds, cpu, memory = measured(
            python, "-m", "fourgates", "run", str(folder), "--out", str(out), "--json"
        )
        print(f"{'run again, nothing new':28}{seconds:8.2f} s {cpu:8.2f} CPU s {memory:7.0f} MB")
        text, seconds, cpu, memory = measured(
            python, "-m", "fourgates", "verify", str(out / "record"), "--json"
        )
        assert json.loads(text)["holds"]
        print(
            f"{'verify':28}{seconds:8.2f} s {cpu:8.2f} CPU s {memory:7.0f} MB"
            f"   {int(entries) / cpu:,.0f} entries a CPU second, start-up included"
        )


if __name__ == "__main__":
    main()
