"""The best list, its certificate and its lots, against trying every list."""

from __future__ import annotations

import msgspec
import pytest

from fourgates.errors import Broken
from fourgates.slate.answer import Conflict, Slate
from fourgates.slate.certificate import verify
from fourgates.slate.refutation import verify_conflict
from fourgates.slate.solve import solve
from slate import oracle
from slate.cases import invent


@pytest.mark.parametrize("block", range(10))
def test_the_best_list_is_the_one_found_by_trying_all(block: int) -> None:
    found = 0
    for number in range(block * 40, block * 40 + 40):
        problem = invent(number)
        expected = oracle.best(problem)
        answer = solve(problem)
        if expected is None:
            assert isinstance(answer, Conflict), number
            verify_conflict(problem, answer)
        else:
            assert isinstance(answer, Slate), number
            assert frozenset(answer.chosen) == expected, number
            assert answer.complete
            verify(problem, answer)
            found += 1
    assert found > 5


@pytest.mark.parametrize("block", range(10))
def test_conflicts_and_changes_are_those_found_by_trying_all(block: int) -> None:
    found = whole = 0
    for number in range(block * 40, block * 40 + 40):
        problem = invent(number, people=8)
        answer = solve(problem)
        if isinstance(answer, Slate):
            continue
        found += 1
        for clash in answer.clashes:
            rules = list(clash.rules)
            assert not oracle.meets(problem, rules), number
            for rule, chosen in zip(rules, clash.without, strict=True):
                others = [each for each in rules if each != rule]
                assert all(oracle.short(problem, each, frozenset(chosen)) == 0 for each in others), number
        if answer.whole:
            assert {frozenset(clash.rules) for clash in answer.clashes} == oracle.clashes(problem), number
            whole += 1
        expected = oracle.changes(problem)
        floors = {frozenset(floor.rules): floor.amount for floor in answer.floors}
        assert floors == {broken: amount for amount, _, broken in expected}, number
        for change, (amount, _, broken) in zip(answer.changes, expected, strict=False):
            assert (change.amount, {each.rule for each in change.loosened}) == (amount, set(broken)), number
    assert found > 5
    assert whole > found * 0.8


def test_a_forged_certificate_is_found() -> None:
    forged = 0
    for number in range(200):
        problem = invent(number)
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
    assert forged > 300
