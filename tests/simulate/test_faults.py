"""Each planted fault, alone in a small honest county: the oracle must find it where it was put, and nothing else."""

from __future__ import annotations

import pytest

from fourgates.simulate import county
from fourgates.simulate.chances import chances
from fourgates.simulate.faults.catalogue import CATALOGUE, plant
from fourgates.simulate.faults.planting import Planted
from oracle import judge, reading
from oracle.answer import Answer

SEEDS = [str(i) for i in range(30)]


def planted_alone(name: str, seed: str) -> tuple[Planted, list[Answer]] | None:
    invented = county.invent(seed, county.SMALL, with_decision=name.startswith("decision"))
    planted = plant(invented, [name], chances(seed, name))
    return (planted[0][1], judge.answers(reading.from_county(invented))) if planted else None


@pytest.mark.parametrize("name", CATALOGUE)
def test_fault_is_found_where_it_was_put(name: str) -> None:
    cases = (case for seed in SEEDS if (case := planted_alone(name, seed)))
    found = next(cases, None)
    assert found is not None, "no place for it in thirty counties"
    planted, [answer, *_others] = found
    if planted.outcome != "problem":
        assert answer.must == [] or planted.ripples, planted
        return
    for path, row in [(planted.path, planted.row), *planted.also]:
        assert any(path == p and row in rows for p, rows, _ in answer.must), (planted, answer.must)


@pytest.mark.parametrize("seed", [f"honest {i}" for i in range(20)])
def test_honest_county_has_no_problem_and_a_lawful_list(seed: str) -> None:
    invented = county.invent(seed, county.SMALL, with_decision=True)
    [answer] = judge.answers(reading.from_county(invented))
    assert (answer.must, answer.may, answer.open) == ([], set(), set())
    assert len(answer.known["procedure"]) == 3
    assert answer.known["best"] is not None
    assert answer.known["decision"]["lawful"]
    assert len(answer.known["sent_up"]) == county.SMALL.sent_up
