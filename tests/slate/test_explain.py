"""Explanations against trying every list; their sentences; and their speed for a county."""

from __future__ import annotations

from time import process_time

import pytest
from msgspec.structs import replace

from fourgates.slate.answer import Conflict, Slate
from fourgates.slate.certificate import verify
from fourgates.slate.explain import Swap, costs, imagined, opened, swap, towards, wanted, why_not
from fourgates.slate.model import Loosened, Person, Problem, Requirement, loosen, rules
from fourgates.slate.refutation import verify_conflict
from fourgates.slate.solve import solve
from fourgates.slate.words import absence_words, conflict_words, rule_words, swap_words, wanted_words
from slate import oracle
from slate.cases import county, invent

LAWFUL = [n for n in range(120) if oracle.best(invent(n)) is not None]


def support(problem: Problem, chosen: frozenset[str] | None) -> tuple[int, ...]:
    assert chosen is not None
    rows = [person.support for person in problem.people if person.id in chosen]
    depth = len(problem.people[0].support) if problem.people else 0
    return tuple(sum(row[place] for row in rows) for place in range(depth))


@pytest.mark.parametrize("number", LAWFUL[:18])
def test_what_a_rule_costs_is_what_trying_all_finds_without_it(number: int) -> None:
    problem = invent(number)
    slate = solve(problem)
    assert isinstance(slate, Slate)
    found = costs(problem, slate)
    assert [cost.rule for cost in found] == list(rules(problem)[1:])
    ratios = {ratio.name for ratio in problem.ratios}
    for cost in found:
        free = len(problem.people)
        wide = free if cost.rule.kind in ("at_most", "per_unit_at_most") or cost.rule.name in ratios else 0
        without = loosen(problem, (Loosened(cost.rule, wide),))
        assert cost.without == support(problem, oracle.best(without)), cost


@pytest.mark.parametrize("number", LAWFUL[:18])
def test_why_not_is_the_best_list_with_that_person(number: int) -> None:
    problem = invent(number)
    slate = solve(problem)
    assert isinstance(slate, Slate)
    for person in problem.people:
        if person.id in slate.chosen or person.id in problem.barred:
            continue
        absence = why_not(problem, slate, person.id)
        asked = replace(problem, fixed=(*problem.fixed, person.id))
        expected = oracle.best(asked)
        assert absence_words(problem, absence)
        if isinstance(absence.answer, Conflict):
            assert expected is None
            verify_conflict(asked, absence.answer)
        else:
            assert frozenset(absence.answer.chosen) == expected
            assert set(absence.instead_of) == set(slate.chosen) - set(absence.answer.chosen)


@pytest.mark.parametrize("number", LAWFUL[:18])
def test_the_smallest_swap_is_the_one_trying_all_finds(number: int) -> None:
    problem = invent(number)
    lawful = [
        chosen
        for chosen in oracle.lists(problem)
        if all(oracle.short(problem, rule, chosen) == 0 for rule in oracle.asked(problem))
    ]
    shoulds = [[-n for n in oracle.wanting(problem, "should", chosen)] for chosen in lawful]
    for present in list(oracle.lists(problem))[:: max(1, 2 ** len(problem.people) // 12)]:
        found = swap(problem, sorted(present))
        assert isinstance(found, Swap)
        verify(towards(problem, sorted(present)), found.slate)
        # Shoulds come before anything else, then who stays, then support.
        best = max(
            (short, len(present & chosen), support(problem, chosen))
            for short, chosen in zip(shoulds, lawful, strict=True)
        )
        assert (len(present) - len(found.leave), found.support) == best[1:]
        assert set(present) - set(found.leave) | set(found.join) == set(found.slate.chosen)


def test_a_lawful_best_list_needs_no_swap() -> None:
    problem, best = county()
    found = swap(problem, best["list"])
    assert isinstance(found, Swap)
    assert (found.leave, found.join, found.support) == ((), (), tuple(best["support"]))
    assert swap_words(found) == "现有名单符合全部要求。"


def test_a_swap_in_a_county_takes_less_than_a_fifth_of_a_second() -> None:
    problem, _ = county()
    ticked = sorted(person.id for person in problem.people)[:13]
    swap(problem, ticked)
    before = process_time()
    found = swap(problem, ticked)
    assert process_time() - before < 0.2
    assert isinstance(found, Swap)
    assert len(found.leave) == len(found.join) > 0


def test_persons_below_the_line_who_would_do_are_all_named() -> None:
    problem, _ = county()
    peasants = [person for person in problem.people if "农民" in person.tags]
    rest = tuple(person for person in problem.people if person not in peasants)
    short = replace(problem, people=rest)
    assert isinstance(solve(short), Conflict)
    found = wanted(short, problem.people)
    assert found is not None
    assert len(found.persons) == 2
    verify(opened(short, problem.people), found.slate)
    for each, others in zip(found.persons, found.instead, strict=True):
        stay = next(other for other in found.persons if other != each)
        expected = []
        for person in peasants:
            if person.id not in (each, stay):
                keep = {stay, person.id}
                pool = tuple(p for p in problem.people if p in rest or p.id in keep)
                asked = replace(problem, people=pool, fixed=tuple(keep))
                if isinstance(solve(asked), Slate):
                    expected.append(person.id)
        assert list(others) == sorted(expected)
    lines = wanted_words(found)
    assert lines[0] == "再有2人即可拟出名单："


def test_persons_nobody_has_met_yet_are_described_plainly() -> None:
    people = tuple(Person(f"p{n}", f"u{n}", ("女",) if n < 2 else ()) for n in range(5))
    problem = Problem(people, 4, (Requirement("女", "女", 2), Requirement("农民", "农民", 1)), 1)
    found = wanted(problem, imagined(problem, ["农民", "女"], 2))
    assert found is not None
    assert [each.split("·")[0] for each in found.persons] == ["农民"]
    assert wanted(problem, ()) is None


def test_a_conflict_reads_with_the_names_of_the_rules_and_the_counts_behind_them() -> None:
    problem, _ = county()
    hard = (*problem.requirements, Requirement("农民多", "农民", 8), Requirement("工人多", "工人", 6))
    asked = replace(problem, requirements=hard)
    conflict = solve(asked)
    assert isinstance(conflict, Conflict)
    assert conflict_words(asked, conflict) == [
        "没有符合全部要求的名单。",
        "以下要求不能同时做到（少任何一项就可以）：每个单位不超过1人；农民多（农民不少于8人）",
        "可选人选中农民共9人，来自7个单位",
        "以下要求不能同时做到（少任何一项就可以）：名单共13人；农民多（农民不少于8人）；工人多（工人不少于6人）",
        "可选人选共69人，来自29个单位",
        "可选人选中农民共9人，来自7个单位",
        "可选人选中工人共7人，来自7个单位",
        "至少要调整1项要求。可行的最小调整依次为：",
        "1. “农民多（农民不少于8人）”改为5人",
    ]


@pytest.mark.parametrize("number", range(40))
def test_every_rule_and_every_conflict_can_be_said(number: int) -> None:
    problem = invent(number)
    for rule in rules(problem):
        words = rule_words(problem, rule)
        assert words
        assert "{" not in words
    answer = solve(problem)
    if isinstance(answer, Conflict):
        lines = conflict_words(problem, answer)
        assert sum(line[:1].isdigit() for line in lines) == len(answer.changes)
