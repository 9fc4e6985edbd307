"""Each number the slate refuses with, and something that is refused with it."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest
from msgspec.structs import replace

from fourgates.chance import Lots
from fourgates.errors import Broken, Refused
from fourgates.slate import ballots, sheets
from fourgates.slate.answer import Slate
from fourgates.slate.certificate import verify
from fourgates.slate.even import lottery
from fourgates.slate.model import Person, Problem, Requirement, Rule
from fourgates.slate.refutation import fewest
from fourgates.slate.solve import solve
from slate.cases import county


def out_of_time() -> None:
    """A list of 60 under thirty exact quotas, and no time to look for it."""
    dice = random.Random(7)
    tags = [f"t{n}" for n in range(30)]
    people = tuple(
        Person(f"p{n}", f"u{n % 200}", tuple(tag for tag in tags if dice.random() < 0.4)) for n in range(400)
    )
    solve(Problem(people, 60, tuple(Requirement(tag, tag, 24, 24) for tag in tags), 1), time_limit=0.0)


@pytest.mark.parametrize(
    ("number", "ask"),
    [
        ("S.1", lambda: Lots("x").below(0)),
        ("S.9", out_of_time),
        ("S.10", lambda: sheets.read_people([["姓名"]])),
        ("S.11", lambda: lottery(replace(county()[0], size=60))),
        ("S.12", lambda: ballots.read_abc("profile: [[5]]\nnum_cand: 2\n")),
    ],
)
def test_what_is_refused_is_refused_by_its_number(number: str, ask: Callable[[], object]) -> None:
    with pytest.raises(Refused) as refused:
        ask()
    assert refused.value.rule == number


def test_a_certificate_that_proves_something_else_is_broken() -> None:
    problem, _ = county()
    slate = solve(problem)
    assert isinstance(slate, Slate)
    with pytest.raises(Broken) as broken:
        verify(replace(problem, size=12), slate)
    assert broken.value.rule == "S.8"


def test_a_stranger_with_very_many_clashes_is_refused_before_long() -> None:
    every = [Rule("at_least", f"r{number}", number) for number in range(90)]
    with pytest.raises(Refused) as refused:
        fewest(every, [every[place : place + 3] for place in range(0, 90, 3)])
    assert refused.value.rule == "S.9"
