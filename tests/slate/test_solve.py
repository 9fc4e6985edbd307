"""The best list, its certificate and its lots, and every conflict, against trying every list."""

from __future__ import annotations

import os

import msgspec
import pytest

from fourgates.errors import Broken
from fourgates.slate.answer import Conflict
from fourgates.slate.certificate import verify
from fourgates.slate.model import Problem
from fourgates.slate.refutation import verify_conflict
from fourgates.slate.solve import solve
from slate import oracle
from slate.cases import invent

BLOCK = 30
BLOCKS = int(os.environ.get("FOURGATES_SLATE_BLOCKS", "10"))
"""``make try-slate`` tries some thousands instead of these three hundred."""


@pytest.mark.parametrize("block", range(BLOCKS))
def test_the_answer_is_the_one_found_by_trying_all(block: int) -> None:
    lists = conflicts = whole = 0
    for number in range(block * BLOCK, block * BLOCK + BLOCK):
        problem = invent(number, people=8 + number % 4 // 2)
        expected = oracle.best(problem)
        answer = solve(problem)
        if isinstance(answer, Conflict):
            assert expected is None, number
            verify_conflict(problem, answer)
            compare(problem, answer, number)
            conflicts += 1
            whole += answer.whole
        else:
            assert frozenset(answer.chosen) == expected, number
            assert answer.complete
            verify(problem, answer)
            lists += 1
    assert min(lists, conflicts) > 3
    assert whole > conflicts * 0.7


def compare(problem: Problem, answer: Conflict, number: int) -> None:
    """Clashes and smallest changes of a conflict, and those that trying every list shows."""
    for clash in answer.clashes:
        rules = list(clash.rules)
        assert not oracle.meets(problem, rules), number
        for rule, chosen in zip(rules, clash.without, strict=True):
            others = [each for each in rules if each != rule]
            assert all(oracle.short(problem, each, frozenset(chosen)) == 0 for each in others), number
    if answer.whole:
        assert {frozenset(clash.rules) for clash in answer.clashes} == oracle.clashes(problem), number
    expected = oracle.changes(problem)
    floors = {frozenset(floor.rules): floor.amount for floor in answer.floors}
    assert floors == {broken: amount for amount, _, broken in expected}, number
    assert len(answer.changes) == min(5, len(expected)), number
    for change, (amount, _, broken) in zip(answer.changes, expected, strict=False):
        assert (change.amount, {each.rule for each in change.loosened}) == (amount, set(broken)), number


def test_a_forged_certificate_is_found() -> None:
    forged = 0
    for number in range(100):
        problem = invent(number, people=8)
        answer = solve(problem)
        if isinstance(answer, Conflict) or not answer.support or not answer.chosen:
            continue
        for person in problem.people:
            if person.id in answer.chosen or person.id in problem.barred:
                continue
            for out in answer.chosen:
                chosen = tuple(person.id if each == out else each for each in answer.chosen)
                swapped = msgspec.structs.replace(answer, chosen=chosen)
                with pytest.raises(Broken):
                    verify(problem, swapped)
                forged += 1
    assert forged > 80
