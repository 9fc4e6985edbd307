"""The whole run against the oracle, on small invented counties with none to five faults of any kind."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
import python_calamine
from click.testing import CliRunner

from fourgates.cli import main
from fourgates.simulate import county
from fourgates.simulate.chances import chances
from fourgates.simulate.faults.catalogue import CATALOGUE, HEAVY, plant
from fourgates.simulate.faults.planting import Planted
from fourgates.simulate.writing import write
from oracle import compare, judge, reading

Ran = tuple[int, dict[str, Any], list[tuple[str, int | None]]]


def ran(folder: Path, out: Path) -> Ran:
    """Exit code, summary.json, and the problems as (file, row)."""
    result = CliRunner().invoke(main, ["run", str(folder), "--out", str(out)], catch_exceptions=False)
    summary = json.loads((out / "summary.json").read_text(encoding="utf-8"))
    return result.exit_code, summary, listed(out / "problems.xlsx", 0)


def listed(path: Path, sheet: int) -> list[tuple[str, int | None]]:
    """文件 and 行 of one sheet of problems.xlsx."""
    lines = python_calamine.CalamineWorkbook.from_path(path).get_sheet_by_index(sheet).to_python()
    start = next(i for i, line in enumerate(lines) if "文件" in line)
    file, row = lines[start].index("文件"), lines[start].index("行")
    return [
        (str(line[file]), int(str(line[row]).split(".")[0]) if line[row] else None)
        for line in lines[start + 1 :]
    ]


def run_with(
    tmp_path: Path, seed: str, names: Iterable[str], size: county.Size
) -> tuple[list[Planted], Ran, list[str]]:
    """A county of ``seed`` with the named faults, run; what differs from the oracle."""
    names = list(names)
    invented = county.invent(seed, size, with_decision=any(name.startswith("decision") for name in names))
    planted = [place for _, place in plant(invented, names, chances(seed, *names))]
    write(invented.sheets, invented.toml(), invented.files, tmp_path / "county")
    code, summary, problems = ran(tmp_path / "county", tmp_path / "out")
    answers = judge.answers(reading.from_county(invented))
    different = compare.differences(summary, problems, answers)
    if code != (1 if problems else 0):
        different.append(f"exit {code} with {len(problems)} problems")
    return planted, (code, summary, problems), different


@pytest.mark.parametrize("name", CATALOGUE)
def test_one_fault(tmp_path: Path, name: str) -> None:
    for turn in range(20):
        place = tmp_path / str(turn)
        planted, (_, summary, problems), different = run_with(place, f"{name} {turn}", [name], county.SMALL)
        if planted:
            break
    assert planted, "no place for it in twenty counties"
    assert different == []
    assert summary["record"]["holds"]
    for fault in planted:
        if fault.outcome == "problem":
            assert {(fault.path, fault.row), *fault.also} - {(fault.path, None)} <= set(problems)
            assert any(path == fault.path for path, _ in problems)
        elif not fault.ripples:
            assert problems == []
        if fault.outcome == "hint":
            assert fault.path in [path for path, _ in listed(place / "out" / "problems.xlsx", 1)]


@pytest.mark.parametrize("turn", range(12))
def test_several_faults(tmp_path: Path, turn: int) -> None:
    rng = chances("several", turn)
    names = rng.sample(sorted(CATALOGUE), turn % 6)
    _, (_, summary, _), different = run_with(tmp_path, f"several {turn}", names, county.SMALL)
    assert different == [], names
    assert summary["record"]["holds"]


@pytest.mark.parametrize("name", HEAVY)
def test_heavy_fault(tmp_path: Path, name: str) -> None:
    planted, (code, _, problems), different = run_with(tmp_path, "heavy", [name], county.SMALL)
    assert code == 1
    assert [(fault.path, None) for fault in planted] == problems
    assert different == []
