"""The columns for very many persons say what the plain programme says, and find what trying every list finds."""

from __future__ import annotations

import random

import numpy as np
import pytest
from msgspec.structs import replace

from fourgates.errors import Broken
from fourgates.slate import conflict, engine, master, pool
from fourgates.slate.answer import Conflict, Prices, Proof, Slate
from fourgates.slate.certificate import verify
from fourgates.slate.columns import Groups, lay
from fourgates.slate.frame import frame
from fourgates.slate.model import Person, Problem, Requirement, rules
from fourgates.slate.pool import Pool
from fourgates.slate.refutation import verify_conflict
from fourgates.slate.solve import solve
from slate import oracle
from slate.cases import invent


@pytest.fixture
def many(monkeypatch: pytest.MonkeyPatch) -> None:
    """From one person on they are many, and the solver starts with three columns and calls in two at a time."""
    for module, name, few in (
        (pool, "FEW", 1),
        (conflict, "LARGE", 0),
        (master, "FEW", 0),
        (master, "FIRST", 3),
        (master, "NEXT", 2),
    ):
        monkeypatch.setattr(module, name, few)
    monkeypatch.setattr(engine, "MANY", 3)


@pytest.mark.usefixtures("many")
def test_columns_are_the_plain_programme() -> None:
    for number in range(100):
        problem = invent(number)
        if not problem.people:
            continue
        dice = random.Random(number)
        every = list(rules(problem))
        elastic = [rule for rule in every if dice.random() < 0.3]
        kept = [rule for rule in every if rule not in elastic and dice.random() < 0.8]
        for held, loose, raised in ((None, (), 0), (kept, elastic, 1)):
            for supported in (True, False):
                plain = frame(problem, held, loose, raised, supported=supported)
                laid = lay(problem, held, loose, raised, supported=supported)
                assert isinstance(laid.groups, Groups)
                assert tuple(laid.groups) == plain.groups, number
                assert (laid.rows, laid.units, laid.cap) == (plain.rows, plain.units, plain.cap)
                assert (laid.shortest, laid.longest) == (plain.shortest, plain.longest)


@pytest.mark.usefixtures("many")
def test_few_columns_at_a_time_find_what_trying_all_finds() -> None:
    kinds = {Slate: 0, Conflict: 0}
    refused = 0
    for number in range(40):
        problem = invent(number, people=8)
        expected, answer = oracle.best(problem), solve(problem)
        kinds[type(answer)] += 1
        if isinstance(answer, Slate):
            assert frozenset(answer.chosen) == expected, number
            assert answer.complete
            verify(problem, answer)
            verify(problem, answer, plain=True)
            refused += both_refuse(problem, answer)
        else:
            assert expected is None, number
            verify_conflict(problem, answer)
            verify_conflict(problem, answer, plain=True)
            floors = {frozenset(floor.rules): floor.amount for floor in answer.floors}
            assert floors == {broken: amount for amount, _, broken in oracle.changes(problem)}, number
            assert len(answer.changes) == min(5, len(answer.floors)), number
    assert min(kinds.values()) > 12
    assert refused > 20


def both_refuse(problem: Problem, answer: Slate) -> int:
    """How many forged answers both ways of replaying a proof refuse with the same words; they never part."""
    refused = 0
    for place, stage in enumerate(answer.certificate.stages):
        forged = [Proof(stage.bound - 1, stage.steps), Proof(stage.bound, ())]
        for at, step in enumerate(stage.steps[:2]):
            if isinstance(step, Prices):
                for wrong in (Prices(step.scale, tuple(-n for n in step.prices)), Prices(-1, step.prices)):
                    forged.append(Proof(stage.bound, (*stage.steps[:at], wrong, *stage.steps[at + 1 :])))
        for each in forged:
            stages = [*answer.certificate.stages]
            stages[place] = each
            bounds = tuple(other.bound for other in stages)
            other = replace(
                answer, bound=bounds, certificate=replace(answer.certificate, stages=tuple(stages))
            )
            said = []
            for plain in (True, False):
                try:
                    verify(problem, other, plain=plain)
                except Broken as broken:
                    said.append(str(broken))
            assert len(set(said)) < 2
            assert len(said) in (0, 2)
            refused += bool(said)
    return refused


def test_a_pool_made_of_columns_is_the_pool_made_of_persons() -> None:
    dice = np.random.default_rng(3)
    sex, age = dice.integers(0, 2, 2_000), dice.integers(0, 4, 2_000)
    votes = dice.integers(0, 50, 2_000)
    ids = [f"p{number}" for number in range(2_000)]
    features = {"sex": (sex, ["f", "m"]), "age": (age, ["", "30", "50", "70"])}
    columns = Pool.of_columns(ids, features, [votes.tolist()], (age, ["d", "b", "c", "a"]))
    ages, units = ["", "30", "50", "70"], "dbca"
    people = tuple(
        Person(
            each,
            units[age[n]],
            tuple(t for t in (f"sex={'fm'[sex[n]]}", f"age={ages[age[n]]}") if t != "age="),
            (int(votes[n]),),
        )
        for n, each in enumerate(ids)
    )
    assert tuple(columns) == people
    asked = (
        Requirement("f", "sex=f", 12, 12),
        Requirement("old", "age=70", 6),
        Requirement("u", "", 3, None, "c"),
    )
    answers = [solve(Problem(each, 20, asked, 9, seed="x"), lots=False) for each in (columns, people)]
    assert answers[0] == answers[1]
    assert isinstance(answers[0], Slate)
    verify(Problem(people, 20, asked, 9, seed="x"), answers[0])


def test_a_requirement_without_tag_and_unit_counts_everybody() -> None:
    people = tuple(Person(f"p{number}", f"u{number}", (), (number,)) for number in range(4))
    answer = solve(Problem(people, 3, (Requirement("all", "", None, 2),)))
    assert isinstance(answer, Conflict)
