"""One lawful list, the best list, and the smallest change of what cannot hold together.

Questions are made from fixed numbers: seven features of 2, 5, 4, 6, 3, 8 and 4 values, correlated, quotas round a panel
that exists.
"""

from __future__ import annotations

import random
from collections.abc import Iterable
from functools import partial

import numpy as np
from benchmarks.slate.peers import Bench
from msgspec.structs import replace

from fourgates.slate.answer import Floor, Slate
from fourgates.slate.certificate import verify
from fourgates.slate.conflict import explain, feasible
from fourgates.slate.model import SIZE, Person, Problem, Requirement, rules
from fourgates.slate.pool import Pool
from fourgates.slate.solve import choose, plain

SIZES = ((200, 20), (2_000, 200), (20_000, 200))
FEATURES = (2, 5, 4, 6, 3, 8, 4)


def pool(people: int, size: int, spread: int) -> Problem:
    """A biased pool with correlated features; quotas are ``spread`` round a panel drawn from it."""
    dice = random.Random(people)  # noqa: S311 - a made-up question
    classes = [[[dice.random() ** 2 + 0.05 for _ in range(count)] for count in FEATURES] for _ in range(4)]
    persons, drawn = [], []
    for number in range(people):
        its = dice.choices(classes, (4, 3, 2, 1))[0]
        values = [dice.choices(range(count), its[place])[0] for place, count in enumerate(FEATURES)]
        drawn.append(values)
        persons.append(Person(f"p{number}", "", tuple(f"f{f}=v{v}" for f, v in enumerate(values))))
    panel = dice.sample(drawn, size)
    quotas = []
    for feature, count in enumerate(FEATURES):
        for value in range(count):
            have = sum(values[feature] == value for values in panel)
            tag = f"f{feature}=v{value}"
            quotas.append(Requirement(tag, tag, max(0, have - spread), min(size, have + spread)))
    return Problem(tuple(persons), size, tuple(quotas), seed="benchmark")


def million(*, best: bool) -> Problem:
    """A million persons with ten features, in columns; quotas of one round a panel of 200 drawn from them."""
    count, size, dice = 1_000_000, 200, np.random.default_rng(1)
    latent = dice.integers(0, 4, count)
    features, quotas = {}, []
    panel = dice.choice(count, size, replace=False)
    for feature, values in enumerate((*FEATURES, 3, 2, 5)):
        odds = dice.random((4, values)) ** 2 + 0.05
        upto = np.cumsum(odds / odds.sum(1, keepdims=True), 1)[latent]
        column = np.minimum((dice.random(count)[:, None] > upto).sum(1), values - 1)
        features[f"f{feature}"] = (column, [str(value) for value in range(values)])
        for value in range(values):
            have = int((column[panel] == value).sum())
            tag = f"f{feature}={value}"
            quotas.append(Requirement(tag, tag, max(0, have - 1), have + 1))
    support = [dice.integers(0, 1001, count).tolist()] if best else []
    people = Pool.of_columns([f"p{number}" for number in range(count)], features, support)
    return Problem(people, size, tuple(quotas), seed="benchmark")


def broken(problem: Problem) -> Problem:
    """The same with quotas that cannot hold together, though each could: a value is asked for beyond what others leave."""
    quotas = list(problem.requirements)
    first, second = quotas[0], quotas[1]
    low = (first.at_least or 0) + 3
    quotas[0] = replace(first, at_least=low, at_most=max(low, first.at_most or 0))
    quotas[1] = replace(second, at_least=max(0, problem.size - low + 1), at_most=problem.size)
    return replace(problem, requirements=tuple(quotas))


def supported(problem: Problem) -> Problem:
    """The same with a support of 0 to 1000 for everybody."""
    dice = random.Random(1)  # noqa: S311 - a made-up question
    people = tuple(replace(person, support=(dice.randint(0, 1000),)) for person in problem.people)
    return replace(problem, people=people)


def one(bench: Bench, *, best: bool) -> None:
    """One lawful list, or the one of greatest support with its proof (no peer has that).

    Persons are read before the clock starts, ours into columns, the peer's into objects of its own.
    """
    for people in (2_000, 20_000, 200_000):
        problem = pool(people, 200, 1)
        problem = Pool.held(supported(problem) if best else problem)
        if best:
            slate, _ = bench.ours(f"best list, {people:,}, proven", partial(choose, problem, lots=False))
            print("" if slate is None else f"   support {slate.support[0]} of at most {slate.bound[0]}")
            continue
        _, spent = bench.ours(f"one lawful list, {people:,}", partial(feasible, problem, rules(problem)))
        bench.theirs("one", bench.files(f"one{people}", problem), spent)
        print()


def large(bench: Bench, *, best: bool) -> None:
    """The same out of a million; the peer is not asked."""
    problem = million(best=best)
    if not best:
        bench.ours("one lawful list, 1,000,000, 10 features", partial(feasible, problem, rules(problem)))
        print()
        return
    slate, _ = bench.ours("best list, 1,000,000, proven", partial(choose, problem, lots=False))
    print("" if slate is None else f"   support {slate.support[0]} of at most {slate.bound[0]}")


def again(bench: Bench) -> None:
    """Verifying the best list without the solver: in arrays, and plainly."""
    for people in (2_000, 20_000, 200_000):
        problem = supported(pool(people, 200, 1))
        slate = choose(problem, lots=False)
        if slate is not None:
            bench.ours(f"verify the best list, {people:,}, in arrays", partial(_verified, problem, slate))
            print()
        if slate is not None and people <= 20_000:
            bench.ours(f"the same, plainly, {people:,}", partial(_verified, problem, slate, plain=True))
            print()


def _verified(problem: Problem, slate: Slate, *, plain: bool = False) -> bool:
    verify(problem, slate, plain=plain)
    return True


def tangled(problem: Problem) -> Problem:
    """The same with two clashes of its own: a minimum against its feature's maxima, and both sides of another."""
    quotas = {quota.tag: quota for quota in problem.requirements}
    high = {tag: quota.at_most or 0 for tag, quota in quotas.items()}
    first = (quotas["f4=v0"].at_least or 0) + 3
    quotas["f4=v0"] = replace(quotas["f4=v0"], at_least=first, at_most=max(first, high["f4=v0"]))
    for value in ("v1", "v2"):
        tag = f"f4={value}"
        quotas[tag] = replace(quotas[tag], at_least=max(quotas[tag].at_least or 0, high[tag] - 1))
    for tag in ("f3=v0", "f3=v1", "f3=v2", "f6=v0", "f6=v1"):
        quotas[tag] = replace(quotas[tag], at_least=high[tag] + 1, at_most=high[tag] + 1)
    return replace(problem, requirements=tuple(quotas.values()))


def small(number: int) -> Problem:
    """Twenty-four persons of three features, eight places, and quotas at odds with the persons."""
    dice = random.Random(number)  # noqa: S311 - a made-up question
    size, features = 8, (2, 3, 3)
    rows = [
        [dice.choices(range(count), [dice.random() + 0.1 for _ in range(count)])[0] for count in features]
        for _ in range(24)
    ]
    quotas = []
    for feature, count in enumerate(features):
        left, parts = size, []
        for value in range(count):
            parts.append(dice.randint(0, left) if value < count - 1 else left)
            left -= parts[-1]
        for value, wished in enumerate(parts):
            part = min(wished, sum(row[feature] == value for row in rows))
            tag = f"f{feature}=v{value}"
            low, high = max(0, part - dice.randint(0, 1)), part + dice.randint(0, 2)
            quotas.append(Requirement(tag, tag, low, high))
    people = tuple(
        Person(f"p{place}", "", tuple(f"f{f}=v{v}" for f, v in enumerate(row)))
        for place, row in enumerate(rows)
    )
    return Problem(people, size, tuple(quotas), seed="benchmark")


def needless(bench: Bench, numbers: Iterable[int]) -> None:
    """In how many small questions without a list the peer's change touches more quotas than the fewest that do."""
    if bench.python is None:
        return
    asked = more = alike = 0
    for number in numbers:
        problem = small(number)
        answer = explain(problem, plain) if feasible(problem, rules(problem)) is None else None
        # The peer does not change the length, and refuses a feature whose bounds leave no room for it.
        if answer is None or not _roomy(problem) or all(_sized(floor) for floor in answer.floors):
            continue
        _, found, _, wrong = bench.run("relax", bench.files(f"small {number}", problem))
        if wrong:
            continue
        fewest, seats = len(answer.floors[0].rules), answer.changes[0].amount
        asked += 1
        more += found[0] > fewest
        alike += found[0] > fewest and found[1] == seats
        if found[0] < fewest or (found[0] == fewest and found[1] < seats):
            raise SystemExit(f"the peer's change is smaller: {number}")
    print(
        f"smallest change, {asked} small questions: the peer touches more quotas than need be in {more},",
        end="",
    )
    print(f" in {alike} of them without saving a seat; never fewer, and never as many with fewer seats")


def _roomy(problem: Problem) -> bool:
    features = {quota.tag[:2] for quota in problem.requirements}
    own = [[quota for quota in problem.requirements if quota.tag[:2] == each] for each in features]
    return all(
        sum(quota.at_least or 0 for quota in each)
        <= problem.size
        <= sum(quota.at_most or 0 for quota in each)
        for each in own
    )


def _sized(floor: Floor) -> bool:
    return any(rule.kind == SIZE for rule in floor.rules)


def relax(bench: Bench) -> None:
    """The smallest change of quotas that cannot hold together, proven; the peer changes what weighs least."""
    cases = [(f"{people:,}", broken(pool(people, size, 1))) for people, size in SIZES]
    cases += [(f"{people:,}, tangled", tangled(pool(people, size, 1))) for people, size in SIZES[:2]]
    for name, asked in cases:
        problem = Pool.held(asked)
        conflict, spent = bench.ours(f"smallest change, {name}", partial(explain, problem, plain))
        found = bench.theirs("relax", bench.files(f"relax {name}", problem), spent)
        if conflict is not None:
            touched, amount = len(conflict.floors[0].rules), conflict.changes[0].amount
            print(f"   rules touched, seats: ours {touched}, {amount}", end="")
            print("" if found is None else f"; peer {found[0]}, {found[1]}")
    needless(bench, range(60))
