"""What a clerk waits for: one county's list, judged and mended while names are ticked."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from typing import Any

from msgspec.structs import replace

from fourgates.slate.answer import Slate
from fourgates.slate.certificate import verify
from fourgates.slate.check import check
from fourgates.slate.explain import costs, swap, why_not
from fourgates.slate.model import Person, Problem, Requirement
from fourgates.slate.solve import solve

TIMES = 20


def county() -> Problem:
    """Seventy persons of twenty-nine committees, six tags, thirteen places, two supports."""
    dice = random.Random(13)  # noqa: S311 - a made-up question
    tags = {"女": 0.45, "少数民族": 0.2, "农民": 0.2, "工人": 0.15, "一线": 0.5, "干部": 0.4}
    people = tuple(
        Person(
            f"p{number:02d}",
            f"u{number % 29}",
            tuple(tag for tag, odds in tags.items() if dice.random() < odds),
            (dice.randint(1, 25), dice.randint(10, 400)),
        )
        for number in range(70)
    )
    bounds = {
        "女": (5, None),
        "少数民族": (2, 4),
        "农民": (2, None),
        "工人": (2, None),
        "一线": (7, None),
        "干部": (None, 5),
    }
    quotas = tuple(Requirement(tag, tag, *both) for tag, both in bounds.items())
    return Problem(people, 13, quotas, 1, seed="benchmark")


def median(run: Callable[[], Any]) -> tuple[float, float]:
    """The middle and the longest of some runs, in CPU milliseconds."""
    spent = []
    for _ in range(TIMES):
        before = time.process_time()
        run()
        spent.append(1000 * (time.process_time() - before))
    return sorted(spent)[TIMES // 2], max(spent)


def live() -> None:
    """Solve, verify, judge, swap, explain; then judge and swap after each of thirteen ticks."""
    problem = county()
    best = solve(problem)
    if not isinstance(best, Slate):
        raise SystemExit("the made-up county has no list")
    outside = next(person.id for person in problem.people if person.id not in best.chosen)
    ticked = [person.id for person in problem.people][:13]
    hard = replace(problem, requirements=(*problem.requirements, Requirement("x", "少数民族", 9)))
    for name, run in (
        ("best list and its proof", lambda: solve(problem)),
        ("verify it", lambda: verify(problem, best)),
        ("judge a list (live)", lambda: check(problem, ticked)),
        ("smallest swap (live)", lambda: swap(problem, ticked)),
        ("why is this person not in it", lambda: why_not(problem, best, outside)),
        ("what each rule costs", lambda: costs(problem, best)),
        ("conflict and smallest changes", lambda: solve(hard)),
    ):
        middle, longest = median(run)
        print(f"county: {name:<38} {middle:8.1f} ms, at most {longest:8.1f} ms, of {TIMES}", flush=True)
    longest = 0.0
    for count in range(1, 14):
        before = time.process_time()
        check(problem, ticked[:count])
        swap(problem, ticked[:count])
        longest = max(longest, 1000 * (time.process_time() - before))
    print(f"county: judged and swapped after each of 13 ticks, at most {longest:8.1f} ms (200 ms are asked)")
