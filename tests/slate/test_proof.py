"""Proofs: they split where they must, a changed byte is found, and no solver is needed to see either."""

from __future__ import annotations

import random
import subprocess
import sys
from time import process_time

import msgspec
import pytest
from msgspec.structs import replace

from fourgates.errors import Broken
from fourgates.slate.answer import Conflict, Prices, Proof, Slate, Split
from fourgates.slate.certificate import verify
from fourgates.slate.model import Person, Problem, Requirement
from fourgates.slate.refutation import verify_conflict
from fourgates.slate.solve import solve
from slate.cases import county


def knotty(seed: int, people: int = 60) -> Problem:
    """A county whose tags overlap so that fractions alone prove little."""
    dice = random.Random(seed)
    tags = [f"t{n}" for n in range(8)]
    pool = tuple(
        Person(
            f"p{n:02d}",
            f"u{dice.randrange(20)}",
            tuple(tag for tag in tags if dice.random() < 0.45),
            (dice.randint(1, 60),),
        )
        for n in range(people)
    )
    rules = tuple(Requirement(tag, tag, 5, 5) for tag in tags)
    return Problem(pool, 11, rules, 1, seed=str(seed))


@pytest.fixture(scope="module")
def split() -> tuple[Problem, Slate]:
    """A list whose proof has to split."""
    for seed in range(30):
        problem = knotty(seed)
        answer = solve(problem)
        if isinstance(answer, Slate) and len(answer.certificate.stages[0].steps) > 3:
            return problem, answer
    raise AssertionError("no knotty question found")


def test_a_proof_that_splits_is_still_small_and_quick(split: tuple[Problem, Slate]) -> None:
    problem, answer = split
    assert any(isinstance(step, Split) for step in answer.certificate.stages[0].steps)
    assert len(msgspec.json.encode(answer)) < 50_000
    before = process_time()
    verify(problem, answer)
    assert process_time() - before < 0.2


def test_every_step_of_a_proof_is_needed_and_every_claim_is_tight(split: tuple[Problem, Slate]) -> None:
    problem, answer = split
    (stage,) = answer.certificate.stages

    def with_stage(changed: Proof) -> Slate:
        certificate = replace(answer.certificate, stages=(changed,))
        return replace(answer, bound=(changed.bound,), certificate=certificate)

    for place in range(len(stage.steps)):
        with pytest.raises(Broken):
            verify(problem, with_stage(Proof(stage.bound, stage.steps[:place] + stage.steps[place + 1 :])))
    for bound in (stage.bound - 1, stage.bound + 1):
        with pytest.raises(Broken):
            verify(problem, with_stage(Proof(bound, stage.steps)))
    last = stage.steps[-1]
    assert isinstance(last, Prices)
    for forged in (
        Prices(-1, last.prices),
        Prices(last.scale, last.prices[1:]),
        Prices(0, (0,) * len(last.prices)),
        Split(10**6, 0),
        Split(-1, 0),
    ):
        with pytest.raises(Broken):
            verify(problem, with_stage(Proof(stage.bound, (*stage.steps[:-1], forged))))


def test_prices_that_do_not_pay_prove_nothing() -> None:
    problem, _ = county()
    answer = solve(problem)
    assert isinstance(answer, Slate)
    first, second = answer.certificate.stages
    leaf = first.steps[0]
    assert isinstance(leaf, Prices)
    for place, price in enumerate(leaf.prices):
        if price:
            none = Prices(leaf.scale, (*leaf.prices[:place], 0, *leaf.prices[place + 1 :]))
            forged = replace(answer.certificate, stages=(Proof(first.bound, (none,)), second))
            with pytest.raises(Broken, match="界限不成立"):
                verify(problem, replace(answer, certificate=forged))
    # A minimum has no upper bound to pay back: a price of that sign is no price.
    wrong = Prices(leaf.scale, tuple(abs(price) + 1 for price in leaf.prices))
    forged = replace(answer.certificate, stages=(Proof(first.bound, (wrong,)), second))
    with pytest.raises(Broken, match="不相符"):
        verify(problem, replace(answer, certificate=forged))


def test_without_the_proof_of_the_lots_another_tied_list_would_pass() -> None:
    people = tuple(Person(f"p{n}", f"u{n}", (), (1,)) for n in range(6))
    problem = Problem(people, 3, (), 1, seed="x")
    answer = solve(problem)
    assert isinstance(answer, Slate)
    verify(problem, answer)
    others = [person.id for person in people if person.id not in answer.chosen]
    lots = {each: place for place, each in enumerate(answer.chosen)}
    swapped = replace(answer, chosen=(*answer.chosen[:-1], others[0]))
    assert lots
    with pytest.raises(Broken):
        verify(problem, swapped)
    bare = replace(answer, certificate=replace(answer.certificate, ties=()))
    if answer.certificate.ties:
        with pytest.raises(Broken):
            verify(problem, bare)


@pytest.mark.parametrize("what", ["clash", "witness", "floor", "change", "order"])
def test_a_forged_conflict_is_found(what: str) -> None:
    problem, _ = county()
    hard = (*problem.requirements, Requirement("x", "农民", 8), Requirement("y", "工人", 6))
    asked = replace(problem, requirements=hard)
    conflict = solve(asked)
    assert isinstance(conflict, Conflict)
    verify_conflict(asked, conflict)
    clash, floor, change = conflict.clashes[0], conflict.floors[0], conflict.changes[0]
    forged = {
        "clash": replace(
            conflict, clashes=(replace(clash, rules=clash.rules[1:], without=clash.without[1:]),)
        ),
        "witness": replace(conflict, clashes=(replace(clash, without=clash.without[::-1]),)),
        "floor": replace(conflict, floors=(replace(floor, amount=floor.amount - 1),)),
        "change": replace(conflict, changes=(replace(change, amount=change.amount - 1),)),
        "order": replace(conflict, changes=()),
    }[what]
    with pytest.raises(Broken):
        verify_conflict(asked, forged)


def test_nobody_needs_the_solver_to_verify() -> None:
    program = (
        "import sys; sys.modules['highspy'] = None; sys.modules['numpy'] = None\n"
        "from fourgates.slate import certificate, check, conflict, even, explain, lottery, refutation, solve, words\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


def test_without_arrays_very_many_persons_are_verified_plainly(monkeypatch: pytest.MonkeyPatch) -> None:
    people = tuple(Person(f"p{n}", f"u{n % 50}", ("女",) if n % 3 else (), (n % 9,)) for n in range(1_200))
    problem = Problem(people, 20, (Requirement("女", "女", None, 8),), 2, seed="x")
    answer = solve(problem)
    assert isinstance(answer, Slate)
    assert answer.complete
    verify(problem, answer)
    monkeypatch.setitem(sys.modules, "numpy", None)
    verify(problem, answer)
    with pytest.raises(Broken):
        verify(problem, replace(answer, support=(answer.support[0] + 1,)))


def test_a_question_too_long_for_its_time_gives_the_best_so_far_with_its_gap() -> None:
    dice = random.Random(5)
    tags = [f"t{n}" for n in range(30)]
    people = tuple(
        Person(
            f"p{n}",
            f"u{dice.randrange(200)}",
            tuple(tag for tag in tags if dice.random() < 0.4),
            (dice.randint(1, 10**6), dice.randint(1, 10**6)),
        )
        for n in range(400)
    )
    problem = Problem(people, 60, tuple(Requirement(tag, tag, 22, 26) for tag in tags), 1, seed="x")
    answer = solve(problem, time_limit=1.0)
    assert isinstance(answer, Slate)
    verify(problem, answer)
    assert not answer.complete
    assert answer.bound[0] > answer.support[0]
    forged = replace(answer, complete=True)
    with pytest.raises(Broken, match="未证明最优"):
        verify(problem, forged)
