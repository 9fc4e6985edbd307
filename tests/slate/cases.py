"""Small invented questions, many of them contradictory, and one whole county."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from fourgates.slate.model import Pair, Person, Problem, Ratio, Requirement, of_each_unit

TAGS = ("女", "少数民族", "农民", "工人")


def invent(number: int, people: int = 9) -> Problem:
    """A question from a number; supports are small so that ties are common."""
    dice = random.Random(number)
    count = dice.randint(0 if number % 37 == 0 else 3, people)
    depth = dice.randint(0, 2)
    top = dice.choice([0, 1, 3, 20])
    pool = tuple(
        Person(
            f"p{place}",
            f"u{dice.randrange(4)}",
            tuple(tag for tag in TAGS if dice.random() < 0.4),
            tuple(dice.randint(0, top) for _ in range(depth)),
        )
        for place in range(count)
    )
    size = dice.randint(0, 5)
    requirements = []
    for place in range(dice.randint(0, 4)):
        low = dice.randint(0, 3) if dice.random() < 0.7 else None
        high = dice.randint(0, 4) if low is None or dice.random() < 0.3 else None
        requirements.append(Requirement(f"r{place}", dice.choice(TAGS), low, high))
    cap = dice.choice([None, 1, 1, 2])
    ids = [person.id for person in pool]
    dice.shuffle(ids)
    fixed = tuple(ids[: dice.choice([0, 0, 0, 1, 2])])
    barred = tuple(each for each in ids[-dice.choice([1, 2]) :] if each not in fixed and dice.random() < 0.3)
    plain = Problem(pool, size, tuple(requirements), cap, fixed, barred, f"seed {number}")
    return _enrich(plain, ids, dice) if number % 2 else plain


def _enrich(plain: Problem, ids: list[str], dice: random.Random) -> Problem:
    """Strengths, ratios, pairs and bounds of single units on top."""
    requirements = [
        replace(asked, strength=dice.choice(["must", "must", "should", "goal"]))
        for asked in plain.requirements
    ]
    if dice.random() < 0.4:
        low = dice.choice([None, 1, 2])
        high = dice.choice([0, 1]) if low is None else None
        unit, tag = f"u{dice.randrange(4)}", dice.choice(["", "", *TAGS])
        requirements.append(Requirement("unit", tag, low, high, unit, dice.choice(["must", "should"])))
    ratios = []
    for place in range(dice.choice([0, 0, 1, 2])):
        share = dice.choice([(0, 1), (1, 3), (1, 2), (2, 3), (1, 1)])
        low_side = dice.random() < 0.6
        strength = dice.choice(["must", "must", "should", "goal"])
        tag, of = dice.sample(TAGS, 2)
        sides = {"at_least" if low_side else "at_most": share}
        ratios.append(Ratio(f"q{place}", tag, of, grace=dice.choice([0, 0, 1]), strength=strength, **sides))
    pairs = []
    if len(ids) > 1:
        for place in range(dice.choice([0, 0, 1, 2])):
            first, second = dice.sample(ids, 2)
            pairs.append(Pair(f"b{place}", dice.choice(["excludes", "requires"]), first, second))
    if dice.random() < 0.25:
        low, high = dice.choice([(0, 2), (1, None), (None, 1), (2, 3)])
        strength = dice.choice(["must", "should", "goal"])
        both = dice.sample(TAGS, 2)
        requirements.append(Requirement("both", both[0], low, high, strength=strength, among=both[1]))
    if dice.random() < 0.15:
        floor, tag = dice.random() < 0.5, dice.choice(["", *TAGS])
        each = Requirement("each", tag, 1 if floor else None, None if floor else 1)
        requirements += of_each_unit(each, [person.unit for person in plain.people])
    return replace(plain, requirements=tuple(requirements), ratios=tuple(ratios), pairs=tuple(pairs))


def county() -> tuple[Problem, dict[str, Any]]:
    """A county's sixty-nine eligible persons of twenty-nine committees, and the best list worked out elsewhere."""
    told = json.loads((Path(__file__).parent / "county.json").read_text(encoding="utf-8"))
    people = tuple(Person(each, unit, tuple(tags), tuple(n)) for each, unit, tags, n in told["people"])
    requirements = tuple(Requirement(tag, tag, **{side: bound}) for tag, side, bound in told["requirements"])
    problem = Problem(people, told["size"], requirements, told["per_unit_at_most"], seed="2022-03-21")
    return problem, told["best"]
