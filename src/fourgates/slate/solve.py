"""Find the best list and prove it (拟订名单).

First each *should* by rank as far as it can be met, then support by support the greatest sum, then each *goal*;
every value is kept before the next is sought. Among the lists equal in all of them the lots decide (``ties``).
What the solver finds is judged again in whole numbers, and proven, before it is given out.
"""

from __future__ import annotations

from collections.abc import Sequence

from fourgates.errors import Refused
from fourgates.slate.answer import Certificate, Conflict, Departure, Proof, Slate, Tie
from fourgates.slate.check import check
from fourgates.slate.columns import columns_of, lay, leaning
from fourgates.slate.conflict import clash_among, explain
from fourgates.slate.engine import Engine, Found, whole_counts
from fourgates.slate.model import GOAL, SHOULD, Problem, admit, of_strength, rules, settled
from fourgates.slate.pool import Pool
from fourgates.slate.programme import Programme
from fourgates.slate.prove import BRANCHES, Budget, claimed, prove
from fourgates.slate.ties import draw
from fourgates.slate.watch import Progress, Watch


def solve(
    problem: Problem,
    progress: Progress | None = None,
    time_limit: float | None = None,
    *,
    lots: bool = True,
    watch: Watch | None = None,
) -> Slate | Conflict:
    """The best lawful list with its certificate, or the conflict when there is none.

    Without ``lots`` the support is proven greatest but ties are not drawn (``complete`` false): enough to look at,
    not to decide by.

    ``time_limit`` bounds the seconds the solver works; past it the best list so far comes back (the same when ``watch``
    is stopped from outside), ``complete`` false and its bound stated, or ``Refused`` (S.9) when none was found yet.
    ``progress`` hears stage, value and bound. The same problem and seed give the same list in every process and on
    every machine.
    """
    admit(problem)
    slate = choose(problem, progress, time_limit, lots=lots, watch=watch)
    if slate is not None:
        return slate
    return explain(problem, choose if lots else plain)


def plain(problem: Problem, *, known: tuple[str, ...], lots: bool) -> Slate | None:  # noqa: ARG001 - as it is called
    """The best list without lots, whatever is asked."""
    return choose(problem, lots=False, known=known)


def choose(
    problem: Problem,
    progress: Progress | None = None,
    time_limit: float | None = None,
    *,
    lots: bool = True,
    watch: Watch | None = None,
    known: tuple[str, ...] = (),
) -> Slate | None:
    """The best lawful list with its certificate, or None when no list exists; ``known``: some lawful list, if any is."""
    return _Search(Pool.held(problem), progress, watch or Watch(time_limit), known).run(lots=lots)


def greatest(problem: Problem) -> tuple[int, ...] | None:
    """The support of the best list, without drawing lots for it; None when no list exists."""
    search = _Search(Pool.held(problem), None, Watch())
    return None if search.find() is None else tuple(search.sums)


class _Search:
    """One search, from the first *should* to the last lot; it stops where something could not be proven in time."""

    def __init__(
        self, problem: Problem, progress: Progress | None, watch: Watch, known: tuple[str, ...] = ()
    ) -> None:
        self.known = known
        self.problem = problem
        self.progress = progress
        self.watch = watch
        self.budget = Budget(BRANCHES)
        self.chosen: tuple[str, ...] = ()
        self.sums: list[int] = []
        self.stages: list[Proof] = []
        self.departures: list[Departure] = []
        self.ties: tuple[Tie, ...] = ()

    def run(self, *, lots: bool) -> Slate | None:
        asked = self.find()
        if asked is None:
            return None
        if not self._proven():
            return self._slate(asked, complete=False)
        for name in of_strength(asked, GOAL):
            self._lean(asked, name, supported=True)
            asked = settled(asked, name, self.departures[-1].short)
            if not self._proven():
                return self._slate(asked, complete=False)
        if not lots:
            return self._slate(asked, complete=False)
        programme = lay(asked)
        counts = programme.counts(self.chosen)
        walk = draw(programme, asked.lots(), self.sums, counts, self.watch, self.budget)
        self.chosen = programme.listed(asked.lots(), walk.counts)
        self.ties = walk.ties
        return self._slate(asked, complete=walk.complete)

    def find(self) -> Problem | None:
        """Shoulds and support; the problem with the shoulds kept, or None when no list exists."""
        asked = self.problem
        for name in of_strength(asked, SHOULD):
            if not self._lean(asked, name):
                return None
            asked = settled(asked, name, self.departures[-1].short)
            if not self._proven():
                return asked
        people = self.problem.people
        if self.known and not self.departures and not (people and people[0].support):
            self.chosen = tuple(self.problem.lots().order(self.known))
            return asked
        return asked if self._support(lay(asked)) else None

    def _support(self, programme: Programme) -> bool:
        """Each support in turn as great as can be, as far as it can be proven; False when no list exists."""
        people = self.problem.people
        for place in range(len(people[0].support) if people else 0):
            weights = columns_of(programme).worth(place)
            if not self._stage(programme, weights, f"support {place + 1}"):
                return False
            if not self._proven():
                return True
        if not self.stages:
            found = Engine(programme, watch=self.watch).seek([0] * len(programme.groups), whole=True)
            if found is None:
                return False
            self._take(programme, found)
        return True

    def _stage(self, programme: Programme, weights: Sequence[int], name: str) -> bool:
        engine = Engine(programme, self.sums, watch=self.watch)
        found = engine.seek(weights, whole=True)
        if found is None:
            return False
        counts = self._take(programme, found)
        value = sum(int(weights[place]) * counts[place] for place in range(len(counts)) if counts[place])
        budget = self.budget if found.optimal else Budget(0)
        proof = prove(engine, claimed(programme, weights, self.sums), value, budget)
        self.stages.append(proof)
        self.sums.append(value)
        if self.progress is not None:
            self.progress(name, value, proof.bound)
        return True

    def _lean(self, asked: Problem, name: str, *, supported: bool = False) -> bool:
        """How short of this *should* or *goal* a list must be; False when no list exists at all."""
        programme = leaning(asked, name, supported=supported)
        engine = Engine(programme, self.sums, watch=self.watch)
        groups = len(programme.groups)
        found = engine.seek([0] * groups + [-1] * (engine.columns - groups), whole=True)
        if found is None:
            return False
        self._take(programme, found)
        short = round(sum(found.values[groups:]))
        budget = self.budget if found.optimal else Budget(0)
        proof = prove(engine, claimed(programme, [0] * groups, self.sums), -short, budget)
        reason = None
        if short and not supported:
            forced = settled(asked, name, 0)
            reason = clash_among(forced, rules(forced))
        self.departures.append(Departure(name, short, proof, reason))
        if self.progress is not None:
            self.progress(name, -short, proof.bound)
        return True

    def _take(self, programme: Programme, found: Found) -> list[int]:
        """The list that was found, as numbers of each group."""
        if found.empty and programme.groups:
            raise Refused("S.9", "在限定的时间内没有找到名单")
        counts = whole_counts(programme, found)
        self.chosen = programme.listed(self.problem.lots(), counts)
        return counts

    def _proven(self) -> bool:
        bounds = [(stage.bound, value) for stage, value in zip(self.stages, self.sums, strict=True)]
        bounds += [(departure.proof.bound, -departure.short) for departure in self.departures]
        return all(bound == value for bound, value in bounds)

    def _slate(self, asked: Problem, *, complete: bool) -> Slate:
        judged = check(asked, self.chosen)
        if not judged.lawful:
            raise Refused("S.9", "求解结果经整数复核不成立")
        bound = tuple(stage.bound for stage in self.stages)
        certificate = Certificate(tuple(self.stages), self.ties)
        return Slate(self.chosen, judged.support, bound, complete, certificate, tuple(self.departures))
