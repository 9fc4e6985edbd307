"""Why no list exists, and the smallest change that would allow one (无解的缘由与最小调整).

A clash is a set of rules that cannot hold together, though any of them left out the others can. Any change that
helps must touch every clash; so while the fewest rules that touch all known clashes do not yet help, leaving them
out shows a new clash, and once they do help no fewer can. Among changes of as many rules the least loosened in
all comes first, then the one whose rules stand lowest.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from fourgates.errors import Refused
from fourgates.slate.answer import Change, Clash, Conflict, Floor, Proof, Slate
from fourgates.slate.check import breaches
from fourgates.slate.columns import columns_of, lay
from fourgates.slate.engine import Engine, Found, whole_counts
from fourgates.slate.model import FIXED, PER_UNIT, SIZE, Loosened, Problem, Rule, loosen, rules
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

Choose = Callable[[Problem], Slate | None]


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
    found: list[tuple[int, list[int], tuple[Loosened, ...]]] = []
    floors: list[Floor] = []
    for touched in touching:
        loosened = least(problem, every, touched)
        amount = sum(abs(each.to - each.rule.bound) for each in loosened)
        found.append((amount, rank(every, touched), loosened))
        floors.append(Floor(touched, amount, _floor_proofs(problem, every, touched, amount)))
    found.sort(key=lambda each: each[:2])
    changes: list[Change] = []
    for amount, _, loosened in found[: 2 if trial.large else SHOWN]:
        slate = choose(loosen(problem, loosened))
        if slate is None:
            raise Refused("S.9", "求解结果前后不一致")
        changes.append(Change(loosened, amount, slate))
    clashes.sort(key=lambda clash: (len(clash.rules), rank(every, clash.rules)))
    return Conflict(tuple(clashes), tuple(changes), tuple(floors), whole)


def feasible(problem: Problem, kept: Iterable[Rule]) -> tuple[str, ...] | None:
    """Some list that meets the kept rules, or None."""
    programme = lay(Pool.held(problem), tuple(kept), supported=False)
    found = Engine(programme).seek([0] * len(programme.groups), whole=True)
    return None if found is None else _ids(programme, found)


def clash_among(problem: Problem, kept: Sequence[Rule]) -> Clash:
    """A clash among rules that cannot all hold; the lowest ranked are left out first, so the highest remain."""
    return _Trial(problem).clash(kept)


class _Trial:
    """One programme with all rules, in which now these and now those are left out."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.programme = lay(problem, supported=False)
        self.engine = Engine(self.programme)
        self.seen: list[tuple[tuple[str, ...], frozenset[Rule]]] = []
        self.large = len(self.programme.groups) > LARGE

    def feasible(self, kept: Sequence[Rule]) -> tuple[str, ...] | None:
        """Some list that meets the kept rules, or None; one that was found before if it does."""
        held = frozenset(kept)
        for chosen, broken in self.seen:
            if not broken & held:
                return chosen
        self.engine.hold(held)
        found = self.engine.seek([0] * len(self.programme.groups), whole=True)
        if found is None:
            return None
        chosen = _ids(self.programme, found)
        self.seen.append((chosen, frozenset(breaches(self.problem, chosen))))
        return chosen

    def clash(self, kept: Sequence[Rule]) -> Clash:
        """A clash among the kept rules, which cannot all hold."""
        core = self._suspects(kept)
        needed: dict[Rule, tuple[str, ...]] = {}
        for rule in reversed(core):
            rest = [each for each in core if each != rule]
            # A list that meets everything but this rule serves again when the changes are sought.
            chosen = self.feasible([each for each in kept if each != rule]) or self.feasible(rest)
            if chosen is None:
                core = rest
            else:
                # A list found while more rules stood still meets the fewer that will remain.
                needed[rule] = chosen
        proof = _proof(lay(self.problem, core, supported=False), -1)
        return Clash(tuple(core), tuple(needed[rule] for rule in core), proof)

    def _suspects(self, kept: Sequence[Rule]) -> list[Rule]:
        """Few of the kept rules that cannot all hold either: those with a price where the rows are broken least."""
        soft = self.engine.softened()
        soft.hold(frozenset(kept))
        fixed = {rule.name for rule in kept if rule.kind == FIXED}
        columns = columns_of(self.programme)
        least = columns.least.astype(float)
        for place in least.nonzero()[0].tolist():
            least[place] = float(self.programme.groups[place].ids[0] in fixed)
        found = soft.nearest_of(least, columns.most)
        priced: set[Rule] = set()
        if found is not None:
            rows = self.programme.rows
            priced = {row.rule for row, price in zip(rows, found.prices, strict=False) if abs(price) > FEW}
        suspects = [rule for rule in kept if rule.kind in (SIZE, PER_UNIT, FIXED) or rule in priced]
        return suspects if self.feasible(suspects) is None else list(kept)


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


def least(problem: Problem, every: Sequence[Rule], touched: Sequence[Rule]) -> tuple[Loosened, ...]:
    """The least loosening of exactly these rules in all; among equals the lower ranked give way more."""
    soft = [rule for rule in touched if rule.kind != PER_UNIT]
    kept = [rule for rule in every if rule not in touched or rule.kind == PER_UNIT]
    programme = lay(problem, kept, soft, supported=False)
    engine = Engine(programme, raisable=len(soft) < len(touched))
    groups = len(programme.groups)
    extra = engine.columns - groups
    found = _certain(engine.seek([0] * groups + [-1] * extra, whole=True))
    total = round(sum(found.values[groups:]))
    for rule in touched if len(touched) > 1 else ():
        own = engine.breaking(rule)
        weights = [0] * groups + [-(total + 1)] * extra
        for column in own:
            weights[column] -= 1
        found = _certain(engine.seek(weights, whole=True))
        for column in own:
            engine.narrow(column, 0, round(found.values[column]))
    broken = breaches(problem, _ids(programme, found))
    return tuple(Loosened(rule, broken[rule]) for rule in touched)


def _floor_proofs(
    problem: Problem, every: Sequence[Rule], touched: Sequence[Rule], amount: int
) -> tuple[Proof, ...]:
    return tuple(
        _proof(programme, raised - amount)
        for raised, programme in floor_frames(problem, every, touched, amount, lay)
    )


def _proof(programme: Programme, bound: int) -> Proof:
    asked = claimed(programme, [0] * len(programme.groups))
    proof = prove(Engine(programme), asked, bound, Budget(BRANCHES))
    if proof.bound > bound:
        raise Refused("S.9", "求解步数已到上限，无法证明")
    return proof


def _certain(found: Found | None) -> Found:
    if found is None:
        raise Refused("S.9", "求解结果前后不一致")
    return found


def _without(every: Sequence[Rule], left_out: Sequence[Rule]) -> list[Rule]:
    return [rule for rule in every if rule not in left_out]


def _ids(programme: Programme, found: Found) -> tuple[str, ...]:
    counts = enumerate(whole_counts(programme, found))
    return tuple(each for place, count in counts if count for each in programme.groups[place].ids[:count])
