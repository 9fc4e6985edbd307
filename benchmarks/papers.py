"""What papers cost: `python benchmarks/papers.py [FOLDER]`.

Reading the rosters of a county (29 workbooks, some 15,000 rows) with fourgates, with `python-calamine` alone and with
`openpyxl` (read-only); then the whole run, all blank forms filled from its record, all documents of the county, and the
check of one of them. Each in a process of its own, so that peak memory is its own. Without FOLDER the county is the
invented one of `fourgates demo`.
"""

from __future__ import annotations

import os
import platform
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.county import measured

CALAMINE = """
import sys
from pathlib import Path
from python_calamine import CalamineWorkbook
paths = sorted((Path(sys.argv[1]) / "02 党员名册").glob("*.xlsx"))
print(len(paths), sum(len(CalamineWorkbook.from_path(str(p)).get_sheet_by_index(0).to_python()) for p in paths))
"""
OPENPYXL = """
import sys
from pathlib import Path
from openpyxl import load_workbook
paths = sorted((Path(sys.argv[1]) / "02 党员名册").glob("*.xlsx"))
rows = 0
for path in paths:
    book = load_workbook(path, read_only=True, data_only=True)
    rows += sum(1 for row in book.worksheets[0].iter_rows(values_only=True))
print(len(paths), rows)
"""
OURS = """
import sys
from pathlib import Path
from fourgates.papers.reading import read_all
paths = sorted((Path(sys.argv[1]) / "02 党员名册").glob("*.xlsx"))
print(len(paths), sum(len(sheet.rows) for _path, sheet in read_all(paths)))
"""


def said(name: str, seconds: float, cpu: float, memory: float, more: str = "") -> None:
    print(f"{name:34}{seconds:8.2f} s {cpu:8.2f} CPU s {memory:7.0f} MB   {more}", flush=True)


def main() -> None:
    python = sys.executable
    print(
        f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, "
        f"load {os.getloadavg()[0]:.1f}"
    )
    with tempfile.TemporaryDirectory() as room:
        folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(room) / "county"
        if len(sys.argv) < 2:
            measured(python, "-m", "fourgates", "simulate", "county", str(folder))
        reading = {
            name: measured(python, "-c", code, str(folder))
            for name, code in (("calamine", CALAMINE), ("openpyxl", OPENPYXL), ("fourgates", OURS))
        }
        files, rows = reading["fourgates"][0].split()
        for name, (_text, seconds, cpu, memory) in reading.items():
            ratio = ", ".join(
                f"{reading['fourgates'][1] / other[1]:.2f} × {against}"
                for against, other in reading.items()
                if name == "fourgates" and against != name
            )
            said(f"read {rows} rows, {files} files: {name}", seconds, cpu, memory, ratio)
        out = Path(room) / "out"
        _text, seconds, cpu, memory = measured(
            python, "-m", "fourgates", "run", str(folder), "--out", str(out), "--json"
        )
        said("run", seconds, cpu, memory)
        new = (
            "forms",
            "new",
            str(Path(room) / "forms"),
            "--plan",
            str(folder / "plan.toml"),
            "--from",
            str(out),
        )
        _text, forms, forms_cpu, memory = measured(python, "-m", "fourgates", *new)
        made = list((Path(room) / "forms").rglob("*.xlsx"))
        said("all forms", forms, forms_cpu, memory, f"{len(made)} workbooks")
        _text, seconds, cpu, memory = measured(python, "-m", "fourgates", "papers", str(out), "--all")
        papers = list((out / "文书").rglob("*.docx"))
        said(
            "all documents",
            seconds,
            cpu,
            memory,
            f"{len(papers)} documents, {1000 * cpu / len(papers):.1f} CPU ms each",
        )
        said(
            "forms and documents",
            forms + seconds,
            forms_cpu + cpu,
            memory,
            "the aim: under 60 s on one core, 400 MB",
        )
        _text, seconds, cpu, memory = measured(
            python, "-m", "fourgates", "papers", "check", str(out / "文书" / "简报.docx"), str(out)
        )
        said("check one document", seconds, cpu, memory)


if __name__ == "__main__":
    main()
