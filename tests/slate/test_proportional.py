"""Committee rules against their definitions in plain fractions, under quotas, with checkers that know nothing of them."""

from __future__ import annotations

import itertools
import random
from collections import Counter
from fractions import Fraction

import pytest
from msgspec.structs import replace

from fourgates.chance import Lots
from fourgates.errors import Refused
from fourgates.slate.ballots import Ballots, gather, read_abc, read_preflib, write_abc
from fourgates.slate.check import check
from fourgates.slate.model import Requirement
from fourgates.slate.proportional import RULES, candidates_of, elect
from fourgates.slate.represented import ejr, ejr_plus, jr, pjr
from fourgates.slate.thiele import score


def invent(number: int) -> tuple[Ballots, int]:
    dice = random.Random(number)
    count, voters = dice.randint(3, 7), dice.randint(3, 14)
    cast: Counter[tuple[int, ...]] = Counter()
    for _ in range(voters):
        approved = tuple(c for c in range(count) if dice.random() < dice.choice([0.2, 0.5]))
        cast[approved] += dice.choice([1, 1, 3])
    return gather(tuple(f"c{n}" for n in range(count)), cast), dice.randint(1, count - 1)


def plain_phragmen(
    ballots: Ballots, order: list[int], size: int, loads: list[Fraction], taken: list[int]
) -> list[int]:
    chosen = list(taken)
    while len(chosen) < size:
        worth = {}
        for c in order:
            if c not in chosen:
                its = [v for v, ballot in enumerate(ballots.ballots) if c in ballot]
                weight = sum(ballots.weights[v] for v in its)
                held = sum((loads[v] * ballots.weights[v] for v in its), Fraction(1))
                worth[c] = held / weight if weight else Fraction(size + 1)
        best = min(order, key=lambda c: (worth.get(c, Fraction(10**9)), order.index(c)))
        for v, ballot in enumerate(ballots.ballots):
            if best in ballot:
                loads[v] = worth[best]
        chosen.append(best)
    return chosen


def plain_shares(ballots: Ballots, order: list[int], size: int) -> list[int]:
    budgets = [Fraction(size, ballots.voters)] * len(ballots.ballots)
    chosen: list[int] = []
    while len(chosen) < size:
        rates: dict[int, Fraction] = {}
        for c in order:
            its = [v for v, ballot in enumerate(ballots.ballots) if c in ballot]
            if c in chosen or sum(budgets[v] * ballots.weights[v] for v in its) < 1:
                continue
            for rate in sorted(budgets[v] for v in its):
                # The rate lies at or below this budget when those poorer give all and the others this much.
                poor = sum(budgets[v] * ballots.weights[v] for v in its if budgets[v] < rate)
                rich = sum(ballots.weights[v] for v in its if budgets[v] >= rate)
                if poor + rich * rate >= 1:
                    rates[c] = Fraction(1 - poor) / rich
                    break
        if not rates:
            return plain_phragmen(ballots, order, size, [-budget for budget in budgets], chosen)
        best = min(rates, key=lambda c: (rates[c], order.index(c)))
        for v, ballot in enumerate(ballots.ballots):
            if best in ballot:
                budgets[v] -= min(budgets[v], rates[best])
        chosen.append(best)
    return chosen


@pytest.mark.parametrize("number", range(100))
def test_every_rule_gives_what_its_definition_gives(number: int) -> None:
    ballots, size = invent(number)
    problem = candidates_of(ballots, size, f"seed {number}")
    names = ballots.candidates
    order = [names.index(each) for each in Lots(problem.seed).order(names)]
    zero = [Fraction(0)] * len(ballots.ballots)
    expected = [names[c] for c in plain_phragmen(ballots, order, size, zero, [])]
    assert list(elect(ballots, problem, "phragmen")) == expected
    assert list(elect(ballots, problem, "shares")) == [names[c] for c in plain_shares(ballots, order, size)]
    committees = list(itertools.combinations(names, size))
    found = elect(ballots, problem, "pav")
    assert score(ballots, found, size) == max(score(ballots, each, size) for each in committees)
    approvals = Counter(
        names[c] for b, n in zip(ballots.ballots, ballots.weights, strict=True) for c in b for _ in range(n)
    )
    best = max(sum(approvals[c] for c in each) for each in committees)
    assert sum(approvals[c] for c in elect(ballots, problem, "av")) == best


@pytest.mark.parametrize("number", range(40))
def test_equal_shares_and_pav_keep_what_they_promise(number: int) -> None:
    ballots, size = invent(number)
    problem = candidates_of(ballots, size, f"seed {number}")
    assert jr(ballots, elect(ballots, problem, "phragmen")) is None
    for rule in ("shares", "pav"):
        assert ejr(ballots, elect(ballots, problem, rule)) is None
    assert ejr_plus(ballots, elect(ballots, problem, "shares")) is None


def short_together(ballots: Ballots, chosen: tuple[str, ...], level: int) -> bool:
    """Whether voters who deserve this many have fewer together, by trying every set of voters who agree."""
    names = ballots.candidates
    voters = range(len(ballots.ballots))
    for some in itertools.combinations(range(len(names)), level):
        agreed = [v for v in voters if set(some) <= set(ballots.ballots[v])]
        for count in range(1, len(agreed) + 1):
            for group in itertools.combinations(agreed, count):
                weight = sum(ballots.weights[v] for v in group)
                theirs = {names[c] for v in group for c in ballots.ballots[v]} & set(chosen)
                if weight * len(chosen) >= level * ballots.voters and len(theirs) < level:
                    return True
    return False


def agreeing(ballots: Ballots, chosen: tuple[str, ...], level: int) -> bool:
    """Whether voters who deserve this many have fewer each, by trying every set of candidates."""
    names = ballots.candidates
    for some in itertools.combinations(range(len(names)), level):
        weight = sum(
            n
            for ballot, n in zip(ballots.ballots, ballots.weights, strict=True)
            if set(some) <= set(ballot) and sum(names[c] in chosen for c in ballot) < level
        )
        if weight and weight * len(chosen) >= level * ballots.voters:
            return True
    return False


@pytest.mark.parametrize("number", range(40))
def test_the_checkers_find_every_broken_promise(number: int) -> None:
    ballots, size = invent(number)
    for chosen in itertools.combinations(ballots.candidates, size):
        assert (jr(ballots, chosen) is not None) == agreeing(ballots, chosen, 1)
        broken = any(agreeing(ballots, chosen, level) for level in range(1, size + 1))
        assert (ejr(ballots, chosen) is not None) == broken
        divided = any(short_together(ballots, chosen, level) for level in range(1, size + 1))
        assert (pjr(ballots, chosen) is not None) == divided
        if ejr_plus(ballots, chosen) is None:
            assert not broken


@pytest.mark.parametrize("number", range(40))
def test_quotas_bind_every_rule(number: int) -> None:
    ballots, size = invent(number)
    plain = candidates_of(ballots, size, "x")
    dice = random.Random(number)
    people = tuple(replace(p, tags=("女",) if dice.random() < 0.5 else ()) for p in plain.people)
    least = min(size, sum("女" in p.tags for p in people))
    problem = replace(plain, people=people, requirements=(Requirement("女", "女", least),))
    scores = {}
    for rule in RULES:
        chosen = elect(ballots, problem, rule)
        assert check(problem, chosen).lawful
        assert len(set(chosen)) == size
        scores[rule] = score(ballots, chosen, size)
    lawful = [c for c in itertools.combinations(ballots.candidates, size) if check(problem, c).lawful]
    assert scores["pav"] == max(score(ballots, each, size) for each in lawful)


def test_quotas_nobody_can_meet_are_refused() -> None:
    ballots, size = invent(1)
    problem = replace(candidates_of(ballots, size), requirements=(Requirement("女", "女", 1),))
    for rule in RULES:
        with pytest.raises(Refused, match=r"S\.11"):
            elect(ballots, problem, rule)
    with pytest.raises(Refused, match=r"S\.12"):
        elect(ballots, candidates_of(ballots, size), "by eye")
    with pytest.raises(Refused, match=r"S\.12"):
        elect(ballots, replace(problem, people=problem.people[1:]), "av")


def test_files_others_keep_ballots_in_are_read() -> None:
    text = 'description: "two lines\\n of words"\nprofile: [[0, 1], [2],\n  {1, 0}, []]\nnum_cand: 3\ncommitteesize: 2\n'
    ballots, size = read_abc(text)
    assert (ballots.candidates, size) == (("0", "1", "2"), 2)
    assert list(zip(ballots.ballots, ballots.weights, strict=True)) == [((), 1), ((0, 1), 2), ((2,), 1)]
    assert read_abc(write_abc(ballots, 2)) == (ballots, 2)
    cat = "# NUMBER ALTERNATIVES: 3\n# ALTERNATIVE NAME 1: 甲\n3: {1,2},{3}\n1: 3,{1,2}\n2: {},{1,2,3}\n"
    kept = read_preflib(cat)
    assert kept.candidates == ("甲", "2", "3")
    assert list(zip(kept.ballots, kept.weights, strict=True)) == [((), 2), ((0, 1), 3), ((2,), 1)]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "profile: [[0]]\nnum_cand: many\n",
        "profile: [[5]]\nnum_cand: 2\n",
        "profile: [[a]]\nnum_cand: 2\n",
    ],
)
def test_what_is_no_ballot_file_is_refused(text: str) -> None:
    with pytest.raises(Refused, match=r"S\.12"):
        read_abc(text)
    with pytest.raises(Refused, match=r"S\.12"):
        read_preflib("nonsense")
