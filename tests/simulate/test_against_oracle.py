"""The whole run against the oracle, on small invented counties with none to five faults of any kind."""

from __future__ import annotations

import json
import pickle
from pathlib import Path
from typing import Any

import pytest
import python_calamine
from click.testing import CliRunner

from fourgates import bundle, delivery
from fourgates import run as running
from fourgates.cli import main
from fourgates.papers import problem_sheet
from fourgates.papers import summary as summaries
from fourgates.simulate import county
from fourgates.simulate.chances import chances
from fourgates.simulate.faults.catalogue import CATALOGUE, HEAVY, plant
from fourgates.simulate.faults.planting import Planted
from fourgates.simulate.sheet import Sheet
from fourgates.simulate.writing import workbook, write
from oracle import compare, judge, reading

Ran = tuple[int, dict[str, Any], list[tuple[str, int | None]]]
WRITTEN: dict[bytes, bytes] = {}
"""Workbooks by what they say: counties of one seed differ by their fault, and the other thirty-five books are the same."""


def ran(folder: Path, out: Path) -> Ran:
    """Exit code, summary.json, and the problems as (file, row).

    What `fourgates run` does but for report and lists, which have tests of their own and would take most of the time.
    """
    out.mkdir(exist_ok=True)
    outcome = running.run(folder, out, running.adopt(folder))
    head = bundle.verify(out / running.RECORD).head
    built = summaries.build(
        outcome.selection.facts,
        outcome.people,
        delivery.proposed(outcome),
        len(outcome.problems),
        len(outcome.answered),
        head,
    )
    problem_sheet.write(out / delivery.PROBLEMS, outcome.problems, outcome.oddities)
    return int(bool(outcome.problems)), json.loads(summaries.spell(built)), listed(out / delivery.PROBLEMS, 0)


def listed(path: Path, sheet: int) -> list[tuple[str, int | None]]:
    """文件 and 行 of one sheet of problems.xlsx."""
    lines = python_calamine.CalamineWorkbook.from_path(path).get_sheet_by_index(sheet).to_python()
    start = next(i for i, line in enumerate(lines) if "文件" in line)
    file, row = lines[start].index("文件"), lines[start].index("行")
    return [
        (str(line[file]), int(str(line[row]).split(".")[0]) if line[row] else None)
        for line in lines[start + 1 :]
    ]


def faulty(seed: str, names: list[str]) -> tuple[county.County, list[Planted]]:
    """A small county of ``seed`` with the named faults, those that found a place."""
    decided = any(name.startswith("decision") for name in names)
    invented = county.invent(seed, county.SMALL, with_decision=decided)
    return invented, [place for _, place in plant(invented, names, chances(seed, *names))]


def written(sheet: Sheet) -> bytes:
    """The bytes of a workbook, made once for all counties that have it."""
    said = pickle.dumps(sheet)
    if said not in WRITTEN:
        WRITTEN[said] = workbook(sheet)
    return WRITTEN[said]


def against_oracle(tmp_path: Path, invented: county.County) -> tuple[Ran, list[str]]:
    """The county run, and every way in which the answer differs from the oracle's."""
    books = {path: written(sheet) for path, sheet in invented.sheets.items()}
    write({}, invented.toml(), books | invented.files, tmp_path / "county")
    code, summary, problems = ran(tmp_path / "county", tmp_path / "out")
    different = compare.differences(summary, problems, judge.answers(reading.from_county(invented)))
    if code != (1 if problems else 0):
        different.append(f"exit {code} with {len(problems)} problems")
    if not summary["record"]["holds"]:
        different.append("the record does not hold")
    return (code, summary, problems), different


@pytest.mark.parametrize("name", CATALOGUE)
def test_one_fault(tmp_path: Path, name: str) -> None:
    tries = (faulty(f"one {turn}", [name]) for turn in range(30))
    invented, [fault] = next((county, places) for county, places in tries if places)
    (_, _, problems), different = against_oracle(tmp_path, invented)
    assert different == []
    if fault.outcome == "problem":
        assert {(fault.path, fault.row), *fault.also} - {(fault.path, None)} <= set(problems)
        assert fault.path in [path for path, _ in problems]
    elif not fault.ripples:
        assert problems == []
    if fault.outcome == "hint":
        assert fault.path in [path for path, _ in listed(tmp_path / "out" / "problems.xlsx", 1)]


@pytest.mark.parametrize("turn", range(12))
def test_several_faults(tmp_path: Path, turn: int) -> None:
    names = chances("several", turn).sample(sorted(CATALOGUE), turn % 6)
    invented, _ = faulty(f"several {turn}", names)
    _, different = against_oracle(tmp_path, invented)
    assert different == [], names


@pytest.mark.parametrize("name", HEAVY)
def test_heavy_fault(tmp_path: Path, name: str) -> None:
    invented, [fault] = faulty("heavy", [name])
    (code, _, problems), different = against_oracle(tmp_path, invented)
    assert code == 1
    assert problems == [(fault.path, None)]
    assert different == []


@pytest.mark.parametrize("path", ["plan.toml", "01 党组织名册.xlsx"])
@pytest.mark.parametrize("content", [None, b"", "序号,姓名".encode("gb18030")])
def test_without_plan_or_register_nothing_is_recorded(
    tmp_path: Path, path: str, content: bytes | None
) -> None:
    county.make(tmp_path / "county", seed="unusable", size=county.SMALL)
    (tmp_path / "county" / path).unlink()
    if content is not None:
        (tmp_path / "county" / path).write_bytes(content)
    arguments = ["run", str(tmp_path / "county"), "--out", str(tmp_path / "out")]
    assert CliRunner().invoke(main, arguments, catch_exceptions=False).exit_code == 2
    assert not (tmp_path / "out" / "record").exists()
