"""The oracle against the two example folders and their ``truth.json``: made by others, so neither leans on the other."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from oracle import judge, reading
from oracle.answer import Answer

EXAMPLES = Path(__file__).resolve().parents[3] / "shared" / "examples"

pytestmark = pytest.mark.skipif(
    not EXAMPLES.is_dir(), reason=f"THE EXAMPLE FOLDERS ARE NOT BESIDE THE CHECKOUT: {EXAMPLES} is missing"
)


@pytest.fixture(scope="module", params=["chengxian", "chengxian-faulty"])
def example(request: pytest.FixtureRequest) -> tuple[dict[str, Any], list[Answer]]:
    folder = EXAMPLES / request.param
    truth = json.loads((folder / "truth.json").read_text(encoding="utf-8"))
    return truth, judge.answers(reading.from_disk(folder))


Example = tuple[dict[str, Any], list[Answer]]


def contradictions(place: str, truth: Any, values: list[Any]) -> list[str]:
    """Where the truth rules out every value; null in the truth fixes nothing."""
    if truth is None or any(value == truth for value in values):
        return []
    if isinstance(truth, dict) and set(truth) == {"between"}:
        low, high = truth["between"]
        return [] if any(low <= value <= high for value in values) else [f"{place}: {values}, truth {truth}"]
    if isinstance(truth, dict) and isinstance(values[0], dict):
        return [
            line
            for key in truth
            if key in values[0]
            for line in contradictions(f"{place}.{key}", truth[key], [value[key] for value in values])
        ]
    return [f"{place}: {values}, truth {truth}"]


def test_figures(example: Example) -> None:
    truth, answers = example
    expected = [judge.figures(answer) for answer in answers]
    for section in ("units", "participation", "quota", "departments"):
        assert contradictions(section, truth[section], [each[section] for each in expected]) == []


def test_absent(example: Example) -> None:
    truth, answers = example
    said = truth["participation"]["members"]["absent"]
    must, may = (said["must"], said["may"]) if isinstance(said, dict) else (said, [])
    answer = answers[0]
    assert answer.known["absent"] == set(must)
    assert set(judge.figures(answer)["absent_at_most"]) <= set(must) | set(may)


def test_tally(example: Example) -> None:
    truth, answers = example
    assert set(answers[0].known["tally"]) == set(truth["tally"])
    for committee, rows in truth["tally"].items():
        if rows is not None:
            said = {row["id"]: (row["branches"], row["members"]) for row in rows}
            assert answers[0].known["tally"][committee] == said


def test_gates(example: Example) -> None:
    truth, answers = example
    known, gates = answers[0].known, truth["gates"]
    assert {n for n, state in known["standard"].items() if state == "met"} == set(gates["standard"]["met"])
    assert {n for n, state in known["standard"].items() if state == "not_met"} == set(
        gates["standard"]["not_met"]
    )
    judged = known["integrity"].items()
    assert {n: e["bars"] for n, e in judged if e["bars"]} == {
        n: set(bars) for n, bars in gates["integrity"]["not_met"].items()
    }
    assert {n: e["pending"] for n, e in judged if e["pending"] and not e["bars"]} == {
        n: set(what) for n, what in gates["integrity"]["pending"].items()
    }
    assert known["procedure"] == set(gates["procedure"]["met"])


def test_structure(example: Example) -> None:
    truth, answers = example
    known, said = answers[0].known, truth["gates"]["structure"]
    assert known["best"] == ((said["branches"], said["members"]) if said["feasible"] else None)
    assert [list(bound) for bound in known["bounds"]] == truth["_check"]["bounds"]
    tags = {share["tag"] for share in answers[0].plan["structure"]["share"]}
    assert {n: p | {"tags": sorted(p["tags"] & tags)} for n, p in known["eligible"].items()} == {
        n: p | {"tags": sorted(set(p["tags"]) & tags)} for n, p in truth["_check"]["eligible"].items()
    }


def test_faults_are_found(example: Example) -> None:
    truth, answers = example
    for fault in truth["faults"]:
        for place in [fault, *fault["also"]]:
            assert any(path == place["file"] and place["row"] in rows for path, rows, _ in answers[0].must), (
                place
            )
    if not truth["faults"]:
        assert answers[0].must == []
        assert answers[0].may == set()
