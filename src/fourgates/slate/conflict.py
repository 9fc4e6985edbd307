"""Why no list exists, and the smallest change that would allow one (无解的缘由与最小调整).

A clash is a set of rules that cannot hold together, though any of them left out the others can. Any change that
helps must touch every clash; so while the fewest rules that touch all known clashes do not yet help, leaving them
out shows a new clash, and once they do help no fewer can. Among changes of as many rules the least loosened in
all comes first, then the one whose rules stand lowest.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

from fourgates.errors import Refused
from fourgates.slate.answer import Change, Clash, Conflict, Floor, Proof, Slate
from fourgates.slate.columns import columns_of, lay
from fourgates.slate.engine import Engine, Found, whole_counts
from fourgates.slate.model import (
    AT_LEAST,
    AT_MOST,
    FIXED,
    PER_UNIT,
    SIZE,
    Loosened,
    Problem,
    Rule,
    loosen,
    rules,
)
from fourgates.slate.pool import Pool
from fourgates.slate.programme import Programme
from fourgates.slate.prove import BRANCHES, Budget, claimed, prove
from fourgates.slate.refutation import fewest, floor_frames, rank

SHOWN = 5
MANY = 20
TRIED = 60
FEW_TRIED = 6
LARGE = 1_000
FEW = 1e-7
SEEN = 5_000


class Choose(Protocol):
    """Finds the best list of a problem that has one; ``known``: some list of it."""

    def __call__(self, problem: Problem, *, known: tuple[str, ...], lots: bool) -> Slate | None:
        """The best list."""


def explain(problem: Problem, choose: Choose) -> Conflict:
    """The clashes of a problem without a list, and its smallest changes; ``choose`` finds the best list of one."""
    problem = Pool.held(problem)
    every = rules(problem)
    trial = _Trial(problem)
    clashes: list[Clash] = []
    touching: list[tuple[Rule, ...]] = [()]
    while True:
        missed = next((t for t in touching if trial.feasible(_without(every, t)) is None), None)
        if missed is None:
            break
        clashes.append(trial.clash(_without(every, missed)))
        touching = fewest(every, [clash.rules for clash in clashes])
    whole = _all_clashes(trial, every, clashes)
    floors = [trial.floor(touched, every) for touched in touching]
    changes: list[Change] = []
    for floor in sorted(floors, key=lambda each: (each.amount, rank(every, each.rules)))[:SHOWN]:
        eased = trial.eased[floor.rules]
        # A list with the lots drawn would take very long in a large pool, and be drawn again once a change is decided.
        slate = choose(loosen(problem, eased.loosened), known=eased.chosen, lots=not trial.large)
        if slate is None:
            raise Refused("S.9", "求解结果前后不一致")
        changes.append(Change(eased.loosened, floor.amount, slate))
    clashes.sort(key=lambda clash: (len(clash.rules), rank(every, clash.rules)))
    return Conflict(tuple(clashes), tuple(changes), tuple(floors), whole)


def feasible(problem: Problem, kept: Iterable[Rule]) -> tuple[str, ...] | None:
    """Some list that meets the kept rules, or None."""
    programme = lay(Pool.held(problem), tuple(kept), supported=False)
    found = Engine(programme).seek([0] * len(programme.groups), whole=True)
    return None if found is None else named(programme, whole_counts(programme, found))


def clash_among(problem: Problem, kept: Sequence[Rule]) -> Clash:
    """A clash among rules that cannot all hold; the lowest ranked are left out first, so the highest remain."""
    return _Trial(problem).clash(kept)


@dataclass(frozen=True)
class _Eased:
    """The least loosening of some rules, a list under it, the programme and the engine that can prove it."""

    loosened: tuple[Loosened, ...]
    counts: Sequence[int]
    chosen: tuple[str, ...]
    programme: Programme
    engine: Engine
    raisable: bool


class _Trial:
    """One programme with all rules, in which now these and now those are left out or may be broken."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.programme = lay(problem, supported=False)
        # Whatever may be asked is in one engine, which goes on from where it was.
        self.engine = Engine(_softened(self.programme, {row.rule for row in self.programme.rows}))
        self.every = rules(problem)
        self.seen: list[tuple[Any, frozenset[Rule]]] = []
        self.eased: dict[tuple[Rule, ...], _Eased] = {}
        self.large = len(self.programme.groups) > LARGE

    def feasible(self, kept: Sequence[Rule]) -> Any | None:
        """Some list that meets the kept rules as numbers of each group, or None; one found before if it does."""
        held = frozenset(kept)
        for counts, broken in self.seen:
            if not broken & held:
                return counts
        self.engine.hold(held, ())
        found = self.engine.seek([0] * len(self.programme.groups), whole=True)
        if found is None:
            return None
        counts = whole_counts(self.programme, found)
        self.seen.append((counts, frozenset(broken_by(self.problem, self.programme, counts))))
        return counts

    def clash(self, kept: Sequence[Rule]) -> Clash:
        """A clash among the kept rules, which cannot all hold."""
        core = self._suspects(kept)
        needed: dict[Rule, Any] = {}
        for rule in reversed(core):
            rest = [each for each in core if each != rule]
            # A list that meets everything but this rule serves again when the changes are sought.
            chosen = self._but(rule, kept)
            chosen = self.feasible(rest) if chosen is None else chosen
            if chosen is None:
                core = rest
            else:
                # A list found while more rules stood still meets the fewer that will remain.
                needed[rule] = chosen
        proof = _proof(lay(self.problem, core, supported=False), -1)
        return Clash(tuple(core), tuple(named(self.programme, needed[rule]) for rule in core), proof)

    def _but(self, rule: Rule, kept: Sequence[Rule]) -> Any | None:
        """Some list that meets all of the kept rules but this one: where these are all, the one that breaks it least."""
        others = [each for each in kept if each != rule]
        if rule.kind not in (AT_LEAST, AT_MOST, SIZE) or len(kept) < len(self.every):
            return self.feasible(others)
        found = self._ease((rule,))
        if found is None:
            return None
        if rule.kind != SIZE:
            return found.counts
        counts = self.programme.counts(found.chosen)
        self.seen.append((counts, frozenset(broken_by(self.problem, self.programme, counts))))
        return counts

    def floor(self, touched: tuple[Rule, ...], every: Sequence[Rule]) -> Floor:
        """How little these rules can be loosened in all, and the proof."""
        eased = self.eased.get(touched) or self._ease(touched)
        if eased is None:
            raise Refused("S.9", "求解结果前后不一致")
        amount = sum(abs(each.to - each.rule.bound) for each in eased.loosened)
        if eased.raisable:
            frames = floor_frames(self.problem, every, touched, amount, lay)
            return Floor(touched, amount, tuple(_proof(each, raised - amount) for raised, each in frames))
        if eased.engine is self.engine:
            self.engine.hold(self.every, touched)
        return Floor(touched, amount, (_proof(eased.programme, -amount, eased.engine),))

    def _ease(self, touched: tuple[Rule, ...]) -> _Eased | None:
        """The least loosening of exactly these rules in all, among equals the lower ranked more; None when none helps."""
        raisable = any(rule.kind == PER_UNIT for rule in touched)
        if all(rule.kind not in (PER_UNIT, SIZE, FIXED) for rule in touched):
            # The groups are the same, and so are the rows but for what may be broken of them.
            programme, engine = _softened(self.programme, touched), self.engine
            engine.hold(self.every, touched)
        else:
            soft = [rule for rule in touched if rule.kind != PER_UNIT]
            kept = [rule for rule in self.every if rule not in soft]
            programme = lay(self.problem, kept, soft, supported=False)
            engine = Engine(programme, raisable=raisable)
        groups = len(programme.groups)
        extra = engine.columns - groups
        found = engine.seek([0] * groups + [-1] * extra, whole=True)
        if found is None:
            return None
        total = round(sum(found.values[groups:]))
        held: list[int] = []
        for rule in touched if len(touched) > 1 else ():
            own = engine.breaking(rule)
            weights = [0] * groups + [-(total + 1)] * extra
            for column in own:
                weights[column] -= 1
            found = _certain(engine.seek(weights, whole=True))
            for column in own:
                engine.narrow(column, 0, round(found.values[column]))
            held += own
        for column in held:
            engine.narrow(column, 0, float("inf"))
        counts = whole_counts(programme, found)
        broken = broken_by(self.problem, programme, counts)
        if engine is self.engine:
            self.seen.append((counts, frozenset(broken)))
        loosened = tuple(Loosened(rule, broken.get(rule, rule.bound)) for rule in touched)
        eased = _Eased(loosened, counts, named(programme, counts), programme, engine, raisable)
        self.eased[touched] = eased
        return eased

    def _suspects(self, kept: Sequence[Rule]) -> list[Rule]:
        """Few of the kept rules that cannot all hold either: those with a price where the rows are broken least."""
        engine = self.engine
        engine.hold(kept, kept)
        found = engine.seek([0] * engine.groups + [-1] * (engine.columns - engine.groups), whole=False)
        priced: set[Rule] = set()
        if found is not None:
            rows = self.programme.rows
            priced = {row.rule for row, price in zip(rows, found.prices, strict=False) if abs(price) > FEW}
        suspects = [rule for rule in kept if rule.kind in (SIZE, PER_UNIT, FIXED) or rule in priced]
        return suspects if self.feasible(suspects) is None else list(kept)


def _softened(programme: Programme, soft: Collection[Rule]) -> Programme:
    """The same programme, in which these rules may be broken."""
    rows = tuple(
        replace(row, low_elastic=row.low is not None, high_elastic=row.high is not None)
        if row.rule in soft
        else row
        for row in programme.rows
    )
    return replace(programme, rows=rows)


def _all_clashes(trial: _Trial, every: Sequence[Rule], clashes: list[Clash]) -> bool:
    """Add the other clashes, up to a limit; true when these are all there are.

    Every clash misses some rule of every other that it does not contain: so leave out one rule of a known clash
    after the other, and again of what is found then, until a list exists.
    """
    waiting: list[frozenset[Rule]] = [frozenset()]
    seen = set(waiting)
    helpful: list[frozenset[Rule]] = []
    tried = 0
    while waiting:
        left_out = waiting.pop(0)
        if any(less <= left_out for less in helpful):
            continue
        known = next((clash for clash in clashes if not left_out & set(clash.rules)), None)
        if known is None:
            tried += 1
            if tried > (FEW_TRIED if trial.large else TRIED) or len(clashes) >= MANY:
                return False
            rest = [rule for rule in every if rule not in left_out]
            if trial.feasible(rest) is not None:
                helpful.append(left_out)
                continue
            known = trial.clash(rest)
            clashes.append(known)
        more = [left_out | {rule} for rule in known.rules]
        waiting += [each for each in more if each not in seen]
        seen.update(more)
        if len(seen) > SEEN:
            return False
    return True


def broken_by(problem: Problem, programme: Programme, counts: Sequence[int]) -> dict[Rule, int]:
    """What ``breaches`` says of a list, reckoned from the rows of a programme with all rules in it."""
    import numpy as np

    columns = columns_of(programme)
    taken = np.asarray(counts, dtype=np.int64)
    broken: dict[Rule, int] = {}
    used = np.flatnonzero(taken)
    kinds = np.zeros(len(columns.start) - 1, dtype=np.int64)
    np.add.at(kinds, columns.kind[used], taken[used])
    rows = np.zeros(len(programme.rows), dtype=np.int64)
    np.add.at(rows, columns.place, columns.value * np.repeat(kinds, np.diff(columns.start)))
    ratios = {asked.name for asked in problem.ratios}
    for row, count in zip(programme.rows, rows.tolist(), strict=True):
        under = 0 if row.low is None else row.low - count
        over = 0 if row.high is None else count - row.high
        off = -(-max(under, over) // row.step)
        if off > 0:
            kind = row.rule.kind
            if kind not in (AT_LEAST, AT_MOST, SIZE):
                broken[row.rule] = 0
            elif kind != SIZE and row.rule.name in ratios:
                broken[row.rule] = row.rule.bound + off
            else:
                broken[row.rule] = count
    heads = int(taken.sum())
    if heads != problem.size:
        broken[Rule(SIZE, "", problem.size)] = heads
    cap = problem.per_unit_at_most
    if cap is not None and len(used):
        fullest = int(np.bincount(columns.unit, taken).max())
        if fullest > cap:
            broken[Rule(PER_UNIT, "", cap)] = fullest
    standing = (
        {each for place in used.tolist() for each in programme.members(place)[: taken[place]]}
        if problem.fixed
        else set()
    )
    broken |= {Rule(FIXED, each, 1): 0 for each in set(problem.fixed) - standing}
    return broken


def _proof(programme: Programme, bound: int, engine: Engine | None = None) -> Proof:
    asked = claimed(programme, [0] * len(programme.groups))
    proof = prove(engine or Engine(programme), asked, bound, Budget(BRANCHES))
    if proof.bound > bound:
        raise Refused("S.9", "求解步数已到上限，无法证明")
    return proof


def _certain(found: Found | None) -> Found:
    if found is None:
        raise Refused("S.9", "求解结果前后不一致")
    return found


def _without(every: Sequence[Rule], left_out: Sequence[Rule]) -> list[Rule]:
    return [rule for rule in every if rule not in left_out]


def named(programme: Programme, counts: Sequence[int]) -> tuple[str, ...]:
    """The persons of a list given as numbers of each group."""
    return tuple(
        each for place, count in enumerate(counts) if count for each in programme.members(place)[:count]
    )
