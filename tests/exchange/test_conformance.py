"""An independent tool, given the log and the plan as a model, judges every unit as the procedure gate does."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from random import Random
from xml.etree import ElementTree as ET

import msgspec
import pytest

import cast
import counties
from cast import COMMITTEE, EAST, MEETING, PEOPLE
from exchange.conformance import fitting
from fourgates import judging
from fourgates.commands import standing
from fourgates.exchange import bpmn, xes
from fourgates.exchange.model import Block, Choice, Parallel, Task, model
from fourgates.exchange.model import Sequence as Following
from fourgates.exchange.source import Source
from fourgates.facts import Facts
from fourgates.gates.procedure import Deviation, Held
from fourgates.nominations import Sitting
from fourgates.plan import Plan
from fourgates.simulate.faults import catalogue

ROUNDS = int(os.environ.get("FOURGATES_TRACES", "12"))
PROCEDURE = ("6.1", "6.2", "6.3", "6.4", "6.5")


def source(facts: Facts) -> Source:
    stands = cast.selection()
    return Source(replace(stands, facts=facts), stands.n, cast.AT, "0" * 64)


def judged(facts: Facts) -> list[tuple[str, bool]]:
    """What the gate says of every unit that has a trace: whether any deviation names it."""
    tree, roster = facts.register(), facts.roster()
    found = []
    for committee in tree.committees():
        named = {one.unit for one in judging.deviations(facts, committee.name)}
        obliged = [one.name for one in tree.branches(committee.name) if roster.of_branch.get(one.name)]
        assert named <= {committee.name, *obliged}
        found += [(unit, unit not in named) for unit in (committee.name, *obliged)]
    return found


def deviating(facts: Facts) -> list[Deviation]:
    """Every deviation of every committee."""
    return [one for unit in facts.register().committees() for one in judging.deviations(facts, unit.name)]


# --- faults at random -------------------------------------------------------------------------------------------


def faulty(seed: int) -> Facts:
    """The story with its steps and meetings shaken: left out, moved, held twice, elsewhere, with too few."""
    rng = Random(seed)
    facts = cast.facts()
    often = rng.choice((3, 10, 30))  # one line in so many is shaken

    def shaken(line: Held) -> list[Held]:
        if rng.randrange(often):
            return [line]
        moved = msgspec.structs.replace(line, day=line.day + timedelta(rng.choice((-9, -3, -1, 1, 3, 9))))
        branches = [branch for branch, committee in COMMITTEE.items() if committee == line.unit]
        elsewhere = [msgspec.structs.replace(line, unit=unit) for unit in rng.sample([*branches, EAST], 1)]
        return rng.choice(
            (
                [],
                [moved],
                [line, moved],
                elsewhere,
                [line, line],
                [msgspec.structs.replace(line, day=MEETING)],
            )
        )

    def met(sitting: Sitting) -> tuple[Sitting, ...]:
        if rng.randrange(often):
            return (sitting,)
        moved = msgspec.structs.replace(
            sitting, day=sitting.day + timedelta(rng.choice((-30, -5, -4, 3, 8, 30)))
        )
        few = msgspec.structs.replace(sitting, present=1)
        return rng.choice(
            ((), (moved,), (few,), (few, moved), (sitting, moved), (moved, sitting), (sitting, few))
        )

    facts = facts.but(
        steps={
            keeper: tuple(one for line in lines for one in shaken(line))
            for keeper, lines in facts.steps.items()
        },
        filed={
            branch: tuple(one for sitting in sittings for one in met(sitting))
            for branch, sittings in facts.filed.items()
        },
    )
    if not rng.randrange(4):
        idle = rng.choice(sorted(set(COMMITTEE.values())))
        members = tuple(msgspec.structs.replace(one, full=False) for one in facts.rosters[idle])
        facts = facts.but(rosters={**facts.rosters, idle: members})
    return facts


def written(folder: Path, cases: Sequence[Facts], block: Block | None = None) -> tuple[Path, Path]:
    """The traces of all cases in one log, and a model beside it."""
    logs = [ET.fromstring(xes.write(source(facts))) for facts in cases]  # noqa: S314 - our own text
    whole = logs[0]
    for other in logs[1:]:
        whole.extend(other.findall("{*}trace"))
    log, path = folder / "log.xes", folder / "model.bpmn"
    ET.register_namespace("", "http://www.xes-standard.org/")
    ET.ElementTree(whole).write(log, encoding="utf-8", xml_declaration=True)
    path.write_bytes(bpmn.document(block or model(cast.rulebook()), "model"))
    return log, path


@pytest.fixture(scope="module")
def cases() -> list[Facts]:
    return [cast.facts(), *(faulty(seed) for seed in range(ROUNDS))]


def test_every_unit_is_judged_as_the_gate_judges_it(tmp_path: Path, cases: list[Facts]) -> None:
    found = fitting(*written(tmp_path, cases))
    wanted = [one for facts in cases for one in judged(facts)]
    assert [(unit, fits) for unit, _met, fits in found] == wanted
    assert [(unit, met) for unit, met, _fits in found] == wanted
    # It would be no comparison without both answers, every rule, and a committee without anybody to put forward.
    rules = {one.rule for facts in cases for one in deviating(facts)}
    assert rules == set(PROCEDURE)
    assert any(not facts.roster().of_branch.get(branch) for facts in cases for branch in PEOPLE)
    assert len({fits for _unit, fits in wanted}) == 2


def swapped(plan: Plan) -> Block:
    """A wrong model: mobilisation before training."""
    right = model(plan)
    assert isinstance(right, Choice)
    wide = right.parts[0]
    assert isinstance(wide, Parallel)
    line = wide.parts[0]
    assert isinstance(line, Following)
    first, second, third, *rest = line.parts
    return Choice((Parallel((Following((first, third, second, *rest)), *wide.parts[1:])), *right.parts[1:]))


def unwarned(plan: Plan) -> Block:
    """A wrong model: nobody asks for warning education before a branch meets."""
    right = model(plan)
    assert isinstance(right, Choice)
    last = right.parts[-1]
    assert isinstance(last, Following)
    return Choice((*right.parts[:-1], Following(last.parts[1:])))


@pytest.mark.parametrize("wrong", [swapped, unwarned, lambda _plan: Task("培训")])
def test_a_wrong_model_judges_otherwise(tmp_path: Path, cases: list[Facts], wrong: object) -> None:
    found = fitting(*written(tmp_path, cases[:8], wrong(cast.rulebook())))  # type: ignore[operator]  # a function
    assert [(unit, fits) for unit, _met, fits in found] != [
        one for facts in cases[:8] for one in judged(facts)
    ]


# --- counties with faults planted --------------------------------------------------------------------------------

FAULTS = (
    "quorum_missed_by_one",
    "quorum_just_met",
    "nomination_outside_window",
    "nomination_on_the_last_day",
    "branch_without_meeting",
    "step_missing",
    "steps_out_of_order",
    "education_on_the_day",
    "education_the_day_before",
)


@pytest.mark.parametrize("seed", range(int(os.environ.get("FOURGATES_COUNTIES", "1"))))
def test_a_county_taken_in_as_it_was_sent_is_judged_so_too(tmp_path: Path, seed: int) -> None:
    made = counties.small(f"{counties.SEED}{seed}")
    assert len(catalogue.plant(made, list(FAULTS), Random(seed))) >= len(FAULTS) - 2
    counties.ran(counties.written(made, tmp_path / "county"), tmp_path / "out")
    for key in ("xes", "bpmn"):
        asked = counties.asked("export", tmp_path / "out", "--as", key, "--out", tmp_path / f"out.{key}")
        assert asked.exit_code == 0
    found = fitting(tmp_path / "out.xes", tmp_path / "out.bpmn")
    wanted = judged(standing.replayed(tmp_path / "out")[0].selection.facts)
    assert [(unit, fits) for unit, _met, fits in found] == wanted
    assert len({fits for _unit, fits in wanted}) == 2
