"""Lotteries: as even as trying all lists can make them, alike persons alike, one draw that anyone can repeat."""

from __future__ import annotations

import math
import os
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import highspy
import msgspec
import pytest
from msgspec.structs import replace

from fourgates.errors import Broken, Refused
from fourgates.slate import ideal
from fourgates.slate.check import check
from fourgates.slate.even import lottery
from fourgates.slate.frame import frame
from fourgates.slate.lottery import TOTAL, Lottery, Panel, chances, draw, replacements, verify
from fourgates.slate.model import Person, Problem, Requirement
from fourgates.slate.peeling import UNIT, peel
from slate import oracle
from slate.cases import county, invent


def lawful(problem: Problem) -> list[frozenset[str]]:
    rules = oracle.asked(problem)
    return [c for c in oracle.lists(problem) if all(oracle.short(problem, r, c) == 0 for r in rules)]


CASES = [n for n in range(0, 160, 2) if len(lawful(invent(n, people=7))) > 1][:14]


class Programme:
    """A plain programme over all lists, one row for each person: greatest ``aim`` with chances at least ``floors``."""

    def __init__(self, lists: Sequence[frozenset[str]], persons: Sequence[str]) -> None:
        self.lists, self.persons = lists, persons

    def greatest(self, floors: dict[str, float], aim: str | None) -> float:
        """The greatest chance of ``aim``; when None, the greatest t for everybody without a floor."""
        new: Any = highspy.Highs
        model = new()
        model.setOptionValue("output_flag", False)
        model.setOptionValue("parallel", "off")
        weights = [model.addVariable(lb=0) for _ in self.lists]
        t = model.addVariable(lb=0)
        model.addConstr(sum(weights) == 1)
        for person in self.persons:
            chance = sum((w for w, c in zip(weights, self.lists, strict=True) if person in c), start=0 * t)
            if person in floors:
                model.addConstr(chance >= floors[person] - 1e-9)
            elif aim is None:
                model.addConstr(chance >= t)
            if person == aim:
                model.addConstr(chance >= t)
        model.maximize(t)
        return float(model.getObjectiveValue())


def evenest(problem: Problem) -> list[float]:
    """The chances of the leximin lottery, lowest first: raise all, then hold those who cannot have more."""
    lists = lawful(problem)
    persons = sorted({each for chosen in lists for each in chosen})
    programme = Programme(lists, persons)
    floors: dict[str, float] = {}
    while len(floors) < len(persons):
        t = programme.greatest(floors, None)
        trial = {person: floors.get(person, t) for person in persons}
        held = {p: t for p in persons if p not in floors and programme.greatest(trial, p) < t + 1e-6}
        floors |= held
    return sorted(floors.values())


@pytest.mark.parametrize("number", CASES)
def test_leximin_and_maximin_are_as_even_as_trying_all_can_make_them(number: int) -> None:
    problem = invent(number, people=7)
    expected = evenest(problem)
    for kind in ("leximin", "maximin"):
        found = lottery(problem, kind)
        verify(problem, found)
        able = chances(problem, found)
        assert all(able[each] == 0 for each in found.never)
        sorted_chances = sorted(float(c) for each, c in able.items() if each not in found.never)
        if kind == "leximin":
            assert sorted_chances == pytest.approx(expected, abs=1e-6)
        else:
            assert sorted_chances[0] == pytest.approx(expected[0], abs=1e-6)
        assert found.bound == pytest.approx(expected[0] * TOTAL, abs=1e-6 * TOTAL)


@pytest.mark.parametrize("number", CASES)
def test_no_list_would_make_the_product_of_chances_greater(number: int) -> None:
    problem = invent(number, people=7)
    found = lottery(problem, "nash")
    verify(problem, found)
    able = {each: float(c) for each, c in chances(problem, found).items() if each not in found.never}
    # The condition of the best lottery, over every list there is.
    for chosen in lawful(problem):
        assert sum(1 / able[each] for each in chosen) <= len(able) * (1 + 1e-4)


TRIANGLE = Problem(
    (
        Person("a", "", ("x", "z")),
        Person("b", "", ("x", "y")),
        Person("c", "", ("y", "z")),
        Person("d", "", ("d",)),
        Person("e", "", ("e",)),
    ),
    2,
    tuple(Requirement(tag, tag, at_most=1) for tag in ("x", "y", "z", "d", "e")),
)
"""Lists in parts may have half of each of a, b and c; a whole list has one of them at most."""


@pytest.mark.parametrize("kind", ["maximin", "leximin", "nash"])
def test_where_whole_lists_cannot_be_as_even_as_lists_in_parts_they_are_as_even_as_they_can(
    kind: str,
) -> None:
    programme = frame(TRIANGLE, supported=False)
    in_parts = ideal.leximin(programme)
    assert in_parts is not None
    assert in_parts.tolist() == [0.4] * 5
    assert peel(programme, in_parts).left > 0
    able = chances(TRIANGLE, lottery(TRIANGLE, kind))
    expected = [1 / 3, 1 / 3, 1 / 3, 1 / 2, 1 / 2]
    assert [float(able[each]) for each in "abcde"] == pytest.approx(expected, abs=1e-6)


def test_peeled_lists_come_to_the_chances_to_a_billionth() -> None:
    problem, _ = county()
    programme = frame(problem, supported=False)
    even = ideal.leximin(programme)
    assert even is not None
    for goal in (even, ideal.nash(programme, even > 0)):
        peeled = peel(programme, goal)
        assert peeled.left == 0
        assert UNIT - sum(peeled.weights) < UNIT // TOTAL
        for place, group in enumerate(programme.groups):
            pairs = zip(peeled.weights, peeled.lists, strict=True)
            seats = sum(weight * counts[place] for weight, counts in pairs)
            assert abs(seats / UNIT - float(goal[place]) * len(group.ids)) < 2e-9 * len(group.ids)


def test_nash_over_lists_in_parts_is_where_no_step_makes_the_product_greater() -> None:
    problem, _ = county()
    programme = frame(problem, supported=False)
    even = ideal.leximin(programme)
    assert even is not None
    best = ideal.nash(programme, even > 0)
    peeled = peel(programme, best)
    # Towards any list in hand the product falls, or at least does not rise.
    sizes = [len(group.ids) for group in programme.groups]
    people = sum(size for size, chance in zip(sizes, best, strict=True) if chance > 0)
    for counts in peeled.lists:
        slope = sum(count / float(chance) for count, chance in zip(counts, best, strict=True) if count)
        assert slope == pytest.approx(people, rel=1e-6)


DRAWN = """
import sys; sys.path.insert(0, sys.argv[1])
import msgspec
from fourgates.slate.even import lottery
from fourgates.slate.lottery import draw
from slate.cases import county
problem, _ = county()
for kind in ("leximin", "nash"):
    made = lottery(problem, kind)
    print(msgspec.json.encode(made).decode(), draw(problem, made, "2022-03-21"))
"""


def test_every_process_and_every_hash_seed_draws_the_same_list() -> None:
    folder = str(Path(__file__).parent.parent)
    said = {
        subprocess.run(
            [sys.executable, "-c", DRAWN, folder],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("0", "4242")
    }
    assert len(said) == 1
    assert len(said.pop().splitlines()) == 2


def test_persons_alike_in_every_respect_have_exactly_equal_chances() -> None:
    problem, _ = county()
    plain = replace(problem, people=tuple(replace(p, support=()) for p in problem.people))
    for kind in ("maximin", "leximin", "nash"):
        found = lottery(plain, kind)
        alike: dict[tuple[str, frozenset[str]], set[Fraction]] = defaultdict(set)
        for person in plain.people:
            alike[person.unit, frozenset(person.tags)].add(chances(plain, found)[person.id])
        assert all(len(values) == 1 for values in alike.values())


def test_leximin_is_not_less_even_than_maximin_and_nash_has_the_greatest_product() -> None:
    problem, _ = county()
    able = {kind: lottery(problem, kind) for kind in ("maximin", "leximin", "nash")}
    vectors = {kind: sorted(chances(problem, found).values()) for kind, found in able.items()}
    products = {kind: sum(math.log(c) for c in vector if c) for kind, vector in vectors.items()}
    assert vectors["leximin"][0] >= vectors["maximin"][0] - Fraction(1, 10**6)
    assert products["nash"] >= max(products["leximin"], products["maximin"]) - 1e-5


def test_the_draw_follows_the_weights_and_the_tickets() -> None:
    people = tuple(Person(f"p{n}", "", ("女",) if n < 4 else ()) for n in range(8))
    problem = Problem(people, 2, (Requirement("女", "女", 1, 1),))
    found = lottery(problem)
    times = Counter(each for n in range(2000) for each in draw(problem, found, f"seed {n}"))
    assert len(times) == 8
    # Everybody's chance is a quarter; five standard deviations of 2000 draws.
    assert all(abs(count - 500) < 97 for count in times.values())
    assert draw(problem, found, "x") == draw(problem, found, "x")
    assert check(problem, draw(problem, found, "x")).lawful


def test_who_drops_out_is_followed_by_the_earliest_ticket_that_keeps_the_list_lawful() -> None:
    problem, _ = county()
    drawn = draw(problem, lottery(problem), "x")
    gone = drawn[:2]
    follow = replacements(problem, drawn, gone, "x")
    assert follow is not None
    assert len(follow) == 2
    assert check(problem, [*drawn[2:], *follow]).lawful
    assert not set(follow) & set(drawn)
    assert replacements(replace(problem, fixed=(drawn[0],)), drawn, gone, "x") is None


def test_no_lawful_list_no_lottery() -> None:
    problem, _ = county()
    with pytest.raises(Refused, match=r"S\.11"):
        lottery(replace(problem, size=60))
    with pytest.raises(Refused, match=r"S\.11"):
        lottery(problem, "by eye")


def test_a_forged_lottery_is_found() -> None:
    people = tuple(Person(f"p{n}", "", ("女",) if n < 4 else ()) for n in range(8))
    problem = Problem(people, 2, (Requirement("女", "女", 1, 1),))
    found = lottery(problem)
    verify(problem, found)
    heavy = Panel(found.panels[0].weight + 1, found.panels[0].counts)
    for forged in (
        (),
        (heavy, *found.panels[1:]),
        (Panel(TOTAL, (2, 0)),),
        (Panel(TOTAL, (5, -3)),),
        (Panel(TOTAL, (1,)),),
    ):
        with pytest.raises(Broken):
            verify(problem, replace(found, panels=forged))
    with pytest.raises(Broken):
        draw(problem, replace(found, panels=()), "x")


def test_a_lottery_is_the_same_bytes_whatever_order_people_come_in() -> None:
    problem, _ = county()
    turned = replace(problem, people=tuple(reversed(problem.people)))
    one, two = lottery(problem), lottery(turned)
    assert isinstance(one, Lottery)
    assert msgspec.json.encode(one) == msgspec.json.encode(two)
