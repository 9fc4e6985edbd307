"""Committees in proportion to who approves them (比例代表): AV, sequential Phragmén, equal shares, PAV, under quotas.

With n voters, k seats, N_c the supporters of c and A_i what voter i approves:

* *AV*: greatest Σ_{c ∈ W} |N_c|.
* *Sequential Phragmén*: each seat costs 1, shared by its supporters so that the greatest load stays least: take the
  c with the least s_c = (1 + Σ_{i ∈ N_c} load_i) / |N_c|, and set load_i = s_c for i in N_c.
* *Equal shares*: each voter has k/n; take the c with the least ρ for which Σ_{i ∈ N_c} min(ρ, budget_i) = 1, who pay
  that. When nobody can be paid for, Phragmén completes it, loads starting at minus what is left.
* *PAV*: greatest Σ_i (1 + 1/2 + … + 1/|A_i ∩ W|).

Quotas: nobody is taken with whom no lawful committee is left. Floating numbers only find who could be next; those
within a billionth of each other are compared in exact fractions, and what is equal then is decided by the lots.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import partial
from itertools import chain
from typing import Any

from msgspec.structs import replace

from fourgates.errors import Refused
from fourgates.slate.ballots import Ballots
from fourgates.slate.engine import Engine
from fourgates.slate.frame import frame
from fourgates.slate.model import Person, Problem

NEAR = 1e-9
RULES = ("av", "phragmen", "shares", "pav")
Recipe = Callable[[Sequence[Fraction]], Fraction]
"""An amount out of the amounts it depends on."""


def elect(ballots: Ballots, problem: Problem, rule: str) -> tuple[str, ...]:
    """The committee in the order in which it was taken (for AV and PAV, of the lots).

    ``problem`` has the candidates as its people (all of them, or ``Refused`` S.12), the size and the quotas.
    """
    if {person.id for person in problem.people} != set(ballots.candidates):
        raise Refused("S.12", "选票上的人选与名单不一致")
    quotas = Quotas(ballots, problem)
    if not quotas.possible():
        raise Refused("S.11", "没有符合全部要求的名单，不能抽签")
    if rule == "av":
        return _approval(ballots, problem)
    if rule == "phragmen":
        return tuple(_phragmen(_Purse(ballots, quotas, Fraction(0)), problem.size))
    if rule == "shares":
        return tuple(
            _shares(_Purse(ballots, quotas, Fraction(problem.size, max(1, ballots.voters))), problem.size)
        )
    if rule == "pav":
        from fourgates.slate.thiele import pav

        return pav(ballots, problem)
    raise Refused("S.12", "不知道这种规则：{rule}", rule=rule)


def candidates_of(ballots: Ballots, size: int, seed: str = "") -> Problem:
    """A question without quotas over the candidates of these ballots."""
    return Problem(tuple(Person(each, "") for each in ballots.candidates), size, seed=seed)


class Quotas:
    """Whom a lawful committee may still take, given whom it has."""

    def __init__(self, ballots: Ballots, problem: Problem) -> None:
        self.place = {each: place for place, each in enumerate(ballots.candidates)}
        lots = problem.lots()
        order = lots.order(ballots.candidates)
        self.rank = [0] * len(order)
        for rank, each in enumerate(order):
            self.rank[self.place[each]] = rank
        self.programme = frame(replace(problem, people=_plain(problem.people)), supported=False)
        self.group = [self.programme.group_of.get(each) for each in ballots.candidates]
        self.size = problem.size
        self.free = not (self.programme.rows or self.programme.cap is not None or problem.fixed)
        self.engine = Engine(self.programme)
        self.taken = [0] * len(self.programme.groups)
        self.shut: set[int] = {place for place, group in enumerate(self.group) if group is None}

    def possible(self) -> bool:
        """Whether any lawful committee has all those taken."""
        found = self.engine.best([0] * len(self.programme.groups), whole=True)
        return found is not None

    def allows(self, candidate: int) -> bool:
        """Whether a lawful committee with those taken and this one exists; what is shut once stays shut."""
        if candidate in self.shut:
            return False
        group = self.group[candidate]
        if self.free or group is None:
            return True
        head = self.programme.groups[group]
        if self.taken[group] == len(head.ids):
            return False
        self.engine.narrow(group, max(head.least, self.taken[group] + 1), len(head.ids))
        possible = self.possible()
        self.engine.narrow(group, max(head.least, self.taken[group]), len(head.ids))
        if not possible:
            self.shut |= {other for other, its in enumerate(self.group) if its == group}
        return possible

    def take(self, candidate: int) -> None:
        """This candidate is in; nobody can be taken twice."""
        self.shut.add(candidate)
        group = self.group[candidate]
        if group is not None:
            self.taken[group] += 1
            head = self.programme.groups[group]
            self.engine.narrow(group, max(head.least, self.taken[group]), len(head.ids))


@dataclass
class _Purse:
    """What each ballot's voters have each: a floating number for speed, and how it came about for exactness.

    ``state`` gives each ballot the place of its amount; amounts are worked out exactly only when a tie asks for it.
    """

    ballots: Ballots
    quotas: Quotas
    start: Fraction
    recipes: list[tuple[tuple[int, ...], Recipe]] = field(default_factory=list)
    known: dict[int, Fraction] = field(default_factory=dict)

    def __post_init__(self) -> None:
        import numpy as np

        ballots = self.ballots
        self.weights = np.array(ballots.weights, dtype=np.int64)
        lengths = list(map(len, ballots.ballots))
        self.starts = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
        self.flat = np.fromiter(chain.from_iterable(ballots.ballots), np.int64, self.starts[-1])
        owner = np.repeat(np.arange(len(lengths)), lengths)
        order = np.argsort(self.flat, kind="stable")
        count = len(ballots.candidates)
        edges = np.searchsorted(self.flat[order], np.arange(count + 1))
        self.supporters = [owner[order[edges[c] : edges[c + 1]]] for c in range(count)]
        self.support = np.bincount(self.flat, weights=self.weights[owner], minlength=count).astype(np.int64)
        self.amount = np.full(len(lengths), float(self.start))
        self.state = np.zeros(len(lengths), dtype=np.int64)
        self.recipes.append(((), self._begin))

    def _begin(self, _amounts: Sequence[Fraction]) -> Fraction:
        return self.start

    def add(self, depends: Sequence[int], recipe: Recipe) -> int:
        """A new place in the history: an amount worked out from earlier ones, when somebody asks."""
        self.recipes.append((tuple(depends), recipe))
        return len(self.recipes) - 1

    def each(self, states: Any, recipe: Recipe, *more: int) -> int:
        """A new place for each of these, one after the other from the one given back."""
        first = len(self.recipes)
        self.recipes += [((state, *more), recipe) for state in states.tolist()]
        return first

    def exact(self, place: int) -> Fraction:
        """The amount at this place of the history, with all that it depends on."""
        waiting = [place]
        while waiting:
            depends, recipe = self.recipes[waiting[-1]]
            missing = [each for each in depends if each not in self.known]
            if missing:
                waiting += missing
                continue
            self.known[waiting.pop()] = recipe([self.known[each] for each in depends])
        return self.known[place]

    def held(self, candidate: int) -> list[tuple[Fraction, int]]:
        """What the supporters of a candidate have, exactly, with how many voters have it; least first."""
        import numpy as np

        its = self.supporters[candidate]
        places, inverse = np.unique(self.state[its], return_inverse=True)
        counts = np.bincount(inverse, weights=self.weights[its]).astype(np.int64)
        amounts = [(self.exact(int(p)), int(n)) for p, n in zip(places, counts, strict=True)]
        return sorted(amounts)


def _approval(ballots: Ballots, problem: Problem) -> tuple[str, ...]:
    from fourgates.slate.solve import choose

    scores = dict.fromkeys(ballots.candidates, 0)
    for ballot, weight in zip(ballots.ballots, ballots.weights, strict=True):
        for each in ballot:
            scores[ballots.candidates[each]] += weight
    people = tuple(replace(person, support=(scores[person.id],)) for person in problem.people)
    slate = choose(replace(problem, people=people))
    if slate is None:
        raise Refused("S.11", "没有符合全部要求的名单，不能抽签")
    return slate.chosen


def _first(purse: _Purse, values: Any, exact: Callable[[int], Fraction | None]) -> int | None:
    """The candidate of the least value that the quotas allow; equal values go by lot. None when none is finite."""
    import numpy as np

    values = values.copy()
    while True:
        least = float(values.min()) if len(values) else float("inf")
        if least == float("inf"):
            return None
        near = np.flatnonzero(values <= least + NEAR * max(1.0, abs(least)))
        tied = [int(each) for each in near]
        if len(tied) > 1:
            worth = {each: exact(each) for each in tied}
            tied = [each for each in tied if worth[each] is not None]
            tied.sort(key=lambda each: (worth[each], purse.quotas.rank[each]))
        for each in tied:
            if purse.quotas.allows(each):
                return each
        values[near] = float("inf")


def _phragmen(purse: _Purse, size: int, taken: Sequence[int] = ()) -> list[str]:
    """Sequential Phragmén; amounts are loads."""
    import numpy as np

    chosen = list(taken)
    loads = np.bincount(
        purse.flat,
        weights=np.repeat(purse.amount * purse.weights, np.diff(purse.starts)),
        minlength=len(purse.support),
    )
    supported = purse.support > 0
    while len(chosen) < size:
        values = np.full(len(loads), float(size + 1))
        values[supported] = (1.0 + loads[supported]) / purse.support[supported]
        values[list(purse.quotas.shut)] = float("inf")

        def exact(candidate: int) -> Fraction:
            if not purse.support[candidate]:
                return Fraction(size + 1)
            held = sum((amount * count for amount, count in purse.held(candidate)), Fraction(1))
            return held / int(purse.support[candidate])

        first = _first(purse, values, exact)
        if first is None:
            raise Refused("S.9", "求解结果前后不一致")
        candidate = first
        its = purse.supporters[candidate]
        states = _states(purse, its)
        place = purse.add(
            [p for p, _ in states], partial(_load, [n for _, n in states], int(purse.support[candidate]))
        )
        rise = values[candidate] - purse.amount[its]
        lengths = purse.starts[its + 1] - purse.starts[its]
        loads += np.bincount(
            _approved(purse, its, lengths),
            weights=np.repeat(rise * purse.weights[its], lengths),
            minlength=len(loads),
        )
        purse.amount[its] = values[candidate]
        purse.state[its] = place
        purse.quotas.take(candidate)
        chosen.append(candidate)
    return [purse.ballots.candidates[each] for each in chosen]


def _shares(purse: _Purse, size: int) -> list[str]:
    """Equal shares, completed by Phragmén; amounts are budgets."""
    import numpy as np

    count = len(purse.support)
    rates = np.full(count, float("inf"))
    supported = purse.support > 0
    rates[supported] = 1.0 / purse.support[supported]
    fresh = np.zeros(count, dtype=bool)
    chosen: list[int] = []
    while len(chosen) < size:
        rates[list(purse.quotas.shut)] = float("inf")
        # A rate only rises: work out again whoever seems least, until all who are near the least are fresh.
        while True:
            least = float(rates.min()) if count else float("inf")
            if least == float("inf"):
                break
            near = np.flatnonzero((rates <= least * (1 + NEAR)) & ~fresh)
            if not len(near):
                break
            for each in near:
                rates[each] = _rate(purse, int(each))
                fresh[each] = True
        first = _first(purse, rates, lambda each: _exact_rate(purse, each))
        if first is None:
            break
        candidate = first
        its = purse.supporters[candidate]
        states, inverse = np.unique(purse.state[its], return_inverse=True)
        voters = np.bincount(inverse, weights=purse.weights[its]).astype(np.int64)
        paid = purse.add(states.tolist(), partial(_paid, voters.tolist()))
        rate = float(rates[candidate])
        purse.amount[its] = np.maximum(0.0, purse.amount[its] - rate)
        purse.amount[its[purse.amount[its] < NEAR / 1000]] = 0.0
        purse.state[its] = purse.each(states, _left, paid) + inverse
        lengths = purse.starts[its + 1] - purse.starts[its]
        fresh[_approved(purse, its, lengths)] = False
        purse.quotas.take(candidate)
        chosen.append(candidate)
    if len(chosen) == size:
        return [purse.ballots.candidates[each] for each in chosen]
    purse.amount = -purse.amount
    states, inverse = np.unique(purse.state, return_inverse=True)
    purse.state = purse.each(states, _owed) + inverse
    return _phragmen(purse, size, chosen)


def _rate(purse: _Purse, candidate: int) -> float:
    """The least ρ at which the supporters can pay 1, in floating numbers; infinite when they cannot."""
    import numpy as np

    its = purse.supporters[candidate]
    amounts, weights = purse.amount[its], purse.weights[its]
    if float(amounts @ weights) < 1 - NEAR:
        return float("inf")
    order = np.argsort(amounts, kind="stable")
    amounts, weights = amounts[order], weights[order]
    spent = np.concatenate([[0.0], np.cumsum(amounts * weights)[:-1]])
    rich = weights.sum() - np.concatenate([[0], np.cumsum(weights)[:-1]])
    rates = (1.0 - spent) / rich
    able = np.flatnonzero(rates <= amounts * (1 + NEAR) + NEAR / 1000)
    if len(able):
        return float(rates[able[0]])
    exact = _exact_rate(purse, candidate)
    return float("inf") if exact is None else float(exact)


def _exact_rate(purse: _Purse, candidate: int) -> Fraction | None:
    """The same, exactly; None when they cannot."""
    return _rate_of(purse.held(candidate))


def _rate_of(held: Sequence[tuple[Fraction, int]]) -> Fraction | None:
    spent, rich = Fraction(0), sum(count for _, count in held)
    for amount, count in sorted(held):
        rate = (1 - spent) / rich
        if rate <= amount:
            return rate
        spent += amount * count
        rich -= count
    return None


def _load(counts: Sequence[int], total: int, amounts: Sequence[Fraction]) -> Fraction:
    return sum((n * amount for n, amount in zip(counts, amounts, strict=True)), Fraction(1)) / total


def _paid(counts: Sequence[int], amounts: Sequence[Fraction]) -> Fraction:
    rate = _rate_of(list(zip(amounts, counts, strict=True)))
    if rate is None:
        raise Refused("S.9", "求解结果前后不一致")
    return rate


def _left(amounts: Sequence[Fraction]) -> Fraction:
    return max(Fraction(0), amounts[0] - amounts[1])


def _owed(amounts: Sequence[Fraction]) -> Fraction:
    return -amounts[0]


def _states(purse: _Purse, its: Any) -> list[tuple[int, int]]:
    """The places of history among these ballots, with how many voters stand there."""
    import numpy as np

    places, inverse = np.unique(purse.state[its], return_inverse=True)
    counts = np.bincount(inverse, weights=purse.weights[its]).astype(np.int64)
    return list(zip(places.tolist(), counts.tolist(), strict=True))


def _approved(purse: _Purse, its: Any, lengths: Any) -> Any:
    """All candidates on these ballots, one after the other."""
    import numpy as np

    ends = np.cumsum(lengths)
    inside = np.arange(ends[-1] if len(ends) else 0) - np.repeat(ends - lengths, lengths)
    return purse.flat[np.repeat(purse.starts[its], lengths) + inside]


def _plain(people: Sequence[Person]) -> tuple[Person, ...]:
    return tuple(replace(person, support=()) for person in people)
