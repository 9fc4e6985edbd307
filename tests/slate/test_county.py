"""One county: the figures, the size of the certificate, and the same bytes everywhere."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import msgspec

from fourgates.slate.answer import Conflict, Slate
from fourgates.slate.certificate import verify
from fourgates.slate.check import check
from fourgates.slate.model import Person, Problem, Requirement
from fourgates.slate.refutation import verify_conflict
from fourgates.slate.solve import solve
from slate.cases import county

replace = msgspec.structs.replace


def test_the_county_gets_the_list_worked_out_elsewhere() -> None:
    problem, best = county()
    slate = solve(problem)
    assert isinstance(slate, Slate)
    assert slate.support == slate.bound == tuple(best["support"])
    assert sorted(slate.chosen) == best["list"]
    counts = {finding.tag: finding.count for finding in check(problem, slate.chosen).findings}
    assert counts == best["tags"]
    verify(problem, slate)
    assert len(msgspec.json.encode(slate)) < 2_000


def test_a_county_where_nobody_is_left_says_so() -> None:
    problem, _ = county()
    conflict = solve(replace(problem, people=()))
    assert isinstance(conflict, Conflict)
    verify_conflict(replace(problem, people=()), conflict)
    single = {clash.rules[0].kind for clash in conflict.clashes if len(clash.rules) == 1}
    assert single == {"size", "at_least"}
    assert conflict.changes[0].slate.chosen == ()


def test_too_few_people_is_a_conflict_with_the_length_alone() -> None:
    people = tuple(Person(f"p{n}", f"u{n}") for n in range(3))
    conflict = solve(Problem(people, 5))
    assert isinstance(conflict, Conflict)
    assert [(rule.kind, rule.bound) for clash in conflict.clashes for rule in clash.rules] == [("size", 5)]
    assert [(each.rule.kind, each.to) for each in conflict.changes[0].loosened] == [("size", 3)]


def test_too_few_units_is_a_conflict_of_length_and_units() -> None:
    people = tuple(Person(f"p{n}", f"u{n % 3}") for n in range(9))
    conflict = solve(Problem(people, 5, per_unit_at_most=1))
    assert isinstance(conflict, Conflict)
    assert [{rule.kind for rule in clash.rules} for clash in conflict.clashes] == [
        {"size", "per_unit_at_most"}
    ]
    # Raising the units' number by one is less than shortening the list by two.
    assert [[each.rule.kind for each in change.loosened] for change in conflict.changes] == [
        ["per_unit_at_most"],
        ["size"],
    ]


PROGRAM = """
import sys, random, msgspec
from fourgates.slate.solve import solve
from slate.cases import county
problem, _ = county()
people = list(problem.people)
random.Random(int(sys.argv[1])).shuffle(people)
tied = tuple(msgspec.structs.replace(each, support=(each.support[0] // 8,)) for each in people)
hard = (*problem.requirements, msgspec.structs.replace(problem.requirements[1], name="x", at_least=14))
for asked in (
    msgspec.structs.replace(problem, people=tuple(people)),
    msgspec.structs.replace(problem, people=tied),
    msgspec.structs.replace(problem, people=tied, requirements=hard),
):
    print(msgspec.json.encode(solve(asked)).decode())
"""


def test_every_process_gives_the_same_bytes() -> None:
    root = Path(__file__).parents[1]
    answers = set()
    for number in range(2):
        environment = {**os.environ, "PYTHONHASHSEED": str(number), "PYTHONPATH": str(root)}
        done = subprocess.run(
            [sys.executable, "-c", PROGRAM, str(number)], env=environment, capture_output=True, check=True
        )
        answers.add(done.stdout)
    assert len(answers) == 1


def test_persons_alike_in_every_respect_change_places_with_their_lots() -> None:
    alike = tuple(Person(f"a{n}", "u", ("女",), (2,), f"lot {n}") for n in range(6))
    other = tuple(Person(f"b{n}", f"v{n}", (), (2,)) for n in range(3))
    problem = Problem((*alike, *other), 3, (Requirement("女", "女", at_least=2),), seed="x")
    drawn = solve(problem)
    assert isinstance(drawn, Slate)
    for first in range(6):
        for second in range(first):
            # Whoever has the other's ticket has the other's place: so their chances are equal, not nearly so.
            turned = list(alike)
            turned[first] = replace(alike[first], lot=f"lot {second}")
            turned[second] = replace(alike[second], lot=f"lot {first}")
            again = solve(replace(problem, people=(*turned, *other)))
            assert isinstance(again, Slate)
            places = {f"a{first}": f"a{second}", f"a{second}": f"a{first}"}
            assert again.chosen == tuple(places.get(each, each) for each in drawn.chosen)


def test_the_seed_decides_and_everybody_is_drawn_about_as_often() -> None:
    people = tuple(Person(f"p{n}", f"u{n % 4}", (), (2,)) for n in range(8))
    problem = Problem(people, 3, (), 1)
    times: Counter[str] = Counter()
    draws = 160
    for number in range(draws):
        slate = solve(replace(problem, seed=f"draw {number}"))
        assert isinstance(slate, Slate)
        times.update(slate.chosen)
    # Three of eight; four standard deviations.
    assert all(
        abs(times[person.id] / draws - 0.375) < 4 * (0.375 * 0.625 / draws) ** 0.5 for person in people
    )
