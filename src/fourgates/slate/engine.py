"""The one place that knows the solver: HiGHS over a programme (求解器). Nothing it says is believed unproven.

Columns are the groups, then one for each elastic side (what it is broken by), then, when asked for, how far the
per-unit number is raised. Rows are those of the programme, then support sums, then length and units. Fractions come
from the ``Master``; whole numbers from a search over the columns near to being used.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any

from fourgates.errors import Refused
from fourgates.slate.master import PART, Master, run, solver
from fourgates.slate.model import FIXED, PER_UNIT, SIZE, Rule
from fourgates.slate.programme import Programme, Row
from fourgates.slate.rounding import Rounding
from fourgates.slate.watch import Watch

MANY = 150
_NO_BOUND = float("inf")


@dataclass(frozen=True)
class Found:
    """What the solver found: whole numbers for each column when ``whole``, fractions and row prices otherwise."""

    values: Any
    prices: Any
    optimal: bool

    @property
    def empty(self) -> bool:
        """Whether the time was up before anything was found."""
        return len(self.values) == 0


class Engine:
    """One programme held in the solver, asked again and again with other weights and limits."""

    def __init__(
        self,
        programme: Programme,
        sums: Sequence[int] = (),
        *,
        raisable: bool = False,
        loose_sums: bool = False,
        watch: Watch | None = None,
    ) -> None:
        self.programme = programme
        self._sums = tuple(sums)
        self._soft: tuple[frozenset[int], Engine] | None = None
        self.watch = watch or Watch()
        self.elastic = [
            (place, sign)
            for place, row in enumerate(programme.rows)
            for sign, soft in ((1, row.low_elastic), (-1, row.high_elastic))
            if soft
        ]
        if loose_sums:
            first = len(programme.rows)
            self.elastic += [(first + depth, sign) for depth in range(len(sums)) for sign in (1, -1)]
        steps = [row.step for row in programme.rows] + [1] * len(sums)
        extras = [(place, float(sign * steps[place])) for place, sign in self.elastic]
        self.master = Master(programme, self._sums, extras, raisable)
        self.groups = self.master.groups
        self.columns = self.groups + self.master.extras
        self.priced = self.master.priced
        # The solver calls a model without columns empty, possible or not; nobody on the list is easily judged.
        self._empty = self._judged_empty()
        self._mip: Any = None
        self._rounding = Rounding(self.master, self.watch)

    def _judged_empty(self) -> bool:
        rows = zip(self.master.row_low, self.master.row_high, strict=True)
        return all(low <= 0 <= high for low, high in rows)

    def nearest(self, least: Sequence[float], most: Sequence[float]) -> Found:
        """The fractions that break the priced rows least of all, each side at a price of 1, within the limits."""
        found = self.softened().nearest_of(least, most)
        if found is None:
            raise Refused("S.9", "求解结果前后不一致")
        return found

    def softened(self) -> Engine:
        """The same programme in which every priced row that may not be broken counts what it is broken by."""
        shut = frozenset((self.master.high[self.groups :] <= 0).nonzero()[0].tolist())
        if self._soft is None or self._soft[0] != shut:
            # What may be broken anyway can prove nothing impossible.
            loose = {side for number, side in enumerate(self.elastic) if number not in shut}
            rows = []
            for place, row in enumerate(self.programme.rows):
                low = None if (place, 1) in loose else row.low
                high = None if (place, -1) in loose else row.high
                rows.append(Row(row.rule, low, high, low is not None, high is not None))
            softened = Engine(replace(self.programme, rows=tuple(rows)), self._sums, loose_sums=True)
            self._soft = shut, softened
        return self._soft[1]

    def nearest_of(self, least: Sequence[float], most: Sequence[float]) -> Found | None:
        """The least breaking of all elastic sides within these limits of the groups; None when not even that is."""
        import numpy as np

        extra = self.columns - self.groups
        low, high = np.asarray(least, dtype=float), np.asarray(most, dtype=float)
        moved = (low != self.master.low[: self.groups]) | (high != self.master.high[: self.groups])
        for place in np.flatnonzero(moved).tolist():
            self.narrow(place, float(low[place]), float(high[place]))
        return self.seek(np.concatenate([np.zeros(self.groups), np.full(extra, -1.0)]), whole=False)

    def hold(self, kept: Collection[Rule], broken: Collection[Rule] = ()) -> None:
        """Only these rules stand from now on, those ``broken`` with what they are broken by, as far as that is counted.

        The others' rows bind nothing and their persons are free.
        """
        import numpy as np

        programme, master = self.programme, self.master
        kept, broken = frozenset(kept), frozenset(broken)
        sized = any(rule.kind == SIZE for rule in kept)
        capped = any(rule.kind == PER_UNIT for rule in kept)
        stands = np.full(len(master.first_low), capped)
        stands[: master.priced] = True
        stands[: len(programme.rows)] = [row.rule in kept for row in programme.rows]
        if master.sized:
            stands[master.priced] = sized
        master.bound_rows(
            np.where(stands, master.first_low, -_NO_BOUND), np.where(stands, master.first_high, _NO_BOUND)
        )
        self._empty = self._judged_empty()
        for number, (row, _sign) in enumerate(self.elastic):
            if row < len(programme.rows):
                high = _NO_BOUND if programme.rows[row].rule in broken else 0.0
                self.narrow(self.groups + number, 0.0, high)
        fixed = {rule.name for rule in kept if rule.kind == FIXED}
        columns = master.columns
        least = columns.least.astype(float)
        for place in least.nonzero()[0].tolist():
            least[place] = float(programme.groups[place].ids[0] in fixed)
        own = slice(self.groups)
        for place in np.flatnonzero((master.low[own] != least) | (master.high[own] != columns.most)).tolist():
            self.narrow(place, least[place], float(columns.most[place]))

    def narrow(self, column: int, low: float, high: float) -> None:
        """Set the limits of one column."""
        self.master.narrow(column, low, high)

    def breaking(self, rule: Rule) -> list[int]:
        """The columns that count how far this rule is broken."""
        if rule.kind == PER_UNIT:
            return [self.columns - 1]
        rows = self.programme.rows
        return [self.groups + place for place, (row, _) in enumerate(self.elastic) if rows[row].rule == rule]

    def best(self, weights: Sequence[float], *, whole: bool) -> Found | None:
        """The greatest weights·x: whole numbers, or fractions with the rows' prices. None when nothing is possible.

        When the watch runs out the best so far comes back with ``optimal`` false, without values if there is none.
        """
        found = self.seek(weights, whole=whole)
        return found and Found(
            tuple(map(float, found.values)), tuple(map(float, found.prices)), found.optimal
        )

    def seek(self, weights: Any, *, whole: bool) -> Found | None:
        """The same in columns of numbers."""
        import numpy as np

        if self.columns == 0:
            return Found(np.zeros(0), np.zeros(self.priced), optimal=True) if self._empty else None
        cost = np.zeros(self.columns)
        cost[: len(weights)] = weights
        master = self.master
        if whole and not master.wide and cost[: self.groups].any():
            return self._search(cost, np.arange(self.columns))
        if not master.solve(cost, self.watch):
            return None
        if not whole:
            return Found(master.values, master.prices[: self.priced], optimal=True)
        return self._near(cost)

    def _near(self, weights: Any) -> Found | None:
        """Whole numbers among very many columns: those near to being used, and more of them as needed.

        A column whose own price keeps it further from use than fractions and whole numbers are apart cannot be in a
        better list, so it may stay out.
        """
        import numpy as np

        master = self.master
        values = master.values
        if not np.abs(values - np.round(values)).max() > PART:
            return Found(np.round(values), (), optimal=True)
        away = np.concatenate([np.abs(master.away), np.zeros(self.columns - self.groups)])
        top = float(weights @ values)
        if not weights[: self.groups].any() and (found := self._within(weights, values)) is not None:
            return found
        chosen = np.zeros(self.columns, dtype=bool)
        chosen[self.groups :] = True
        chosen |= (values > PART) | (master.low > 0)
        count = MANY
        while True:
            near = self._nearest(away, count)
            chosen[near] = True
            found = self._search(weights, np.flatnonzero(chosen))
            if found is not None and (found.empty or not found.optimal):
                return found
            if chosen.all():
                return found
            if found is not None:
                value = float(weights @ found.values)
                # Weights are whole numbers, so a better list is better by one.
                needed = (away <= top - value - 1 + PART) & ~chosen
                if not needed.any():
                    return found
                chosen |= needed
                continue
            count *= 4

    def _within(self, weights: Any, values: Any) -> Found | None:
        """Whole numbers that break the elastic sides no further than the fractions do, rounded up; None if not found.

        Looking for any list under known bounds is far quicker than looking for the bounds; mostly they are these.
        """
        import numpy as np

        bounds = np.ceil(values[self.groups :] - PART)
        if not weights.any() or float(weights[self.groups :] @ bounds) < np.floor(
            float(weights @ values) + PART
        ):
            return None
        high = self.master.high[self.groups :].copy()
        self.master.high[self.groups :] = np.minimum(high, bounds)
        try:
            near = np.zeros(self.columns, dtype=bool)
            near[self.groups :] = True
            near |= (values > PART) | (self.master.low > 0)
            near[self._nearest(np.abs(self.master.away), MANY)] = True
            return self._search(np.zeros(self.columns), np.flatnonzero(near))
        finally:
            self.master.high[self.groups :] = high

    def _nearest(self, away: Any, count: int) -> Any:
        """The columns nearest to being used, those equally near in an order that has nothing to do with them."""
        import numpy as np

        groups = np.flatnonzero(self.master.high[: self.groups] > 0)
        if count >= len(groups):
            return groups
        limit = np.partition(away[groups], count)[count]
        within = groups[away[groups] < limit]
        ties = groups[away[groups] == limit]
        return np.concatenate([within, self.master.scattered(ties)[: count - len(within)]])

    def _search(self, weights: Any, which: Any) -> Found | None:
        """Whole numbers for these columns, the others staying at nothing."""
        import highspy
        import numpy as np

        master = self.master
        if not weights.any() and (rounded := self._rounding.whole(which)) is not None:
            values = np.zeros(self.columns)
            values[which] = rounded
            return Found(values, (), optimal=True)
        begin, index, value = master.entries(which)
        model = highspy.HighsLp()
        model.num_col_, model.num_row_ = len(which), len(master.row_low)
        model.sense_ = highspy.ObjSense.kMaximize
        model.col_cost_ = weights[which]
        model.col_lower_, model.col_upper_ = master.low[which], master.high[which]
        model.row_lower_, model.row_upper_ = master.row_low, master.row_high
        matrix = model.a_matrix_
        matrix.format_ = highspy.MatrixFormat.kColwise
        matrix.start_, matrix.index_, matrix.value_ = begin.astype(np.int32), index, value
        model.a_matrix_ = matrix
        model.integrality_ = [highspy.HighsVarType.kInteger] * len(which)
        if self._mip is None:
            self._mip = solver()
        self._mip.passModel(model)
        status = run(self._mip, self.watch, limited=True)
        known = highspy.HighsModelStatus
        if status in (known.kInfeasible, known.kUnboundedOrInfeasible):
            return None
        solution = self._mip.getSolution()
        if status != known.kOptimal and not solution.value_valid:
            ended = status in (known.kTimeLimit, known.kInterrupt)
            return Found((), (), optimal=False) if ended else None
        values = np.zeros(self.columns)
        values[which] = np.round(np.array(solution.col_value))
        return Found(values, (), status == known.kOptimal)


def whole_counts(programme: Programme, found: Found) -> list[int]:
    """How many of each group were found."""
    import numpy as np

    counts: list[int] = np.round(np.asarray(found.values)[: len(programme.groups)]).astype(int).tolist()
    return counts


@dataclass
class Sheet:
    """The rows as the solver takes them: who counts in each with what number, and its bounds."""

    entries: list[list[tuple[int, float]]]
    low: list[float]
    high: list[float]

    def add(self, entries: list[tuple[int, float]], low: float, high: float) -> None:
        """One more row."""
        self.entries.append(entries)
        self.low.append(low)
        self.high.append(high)


def tabulate(programme: Programme) -> Sheet:
    """The rows of a programme without sums and elastic sides, then its length and its units."""
    groups = programme.groups
    sheet = Sheet([], [], [])
    for row in programme.rows:
        low = -_NO_BOUND if row.low is None else float(row.low)
        sheet.add([], low, _NO_BOUND if row.high is None else float(row.high))
    units: dict[int, list[tuple[int, float]]] = {}
    heads: Counter[int] = Counter()
    for place, group in enumerate(groups):
        for row_place, count in group.rows:
            sheet.entries[row_place].append((place, float(count)))
        units.setdefault(group.unit, []).append((place, 1.0))
        heads[group.unit] += len(group.ids)
    if programme.shortest > 0 or programme.longest < heads.total():
        everyone = [(place, 1.0) for place in range(len(groups))]
        sheet.add(everyone, float(programme.shortest), float(programme.longest))
    if programme.cap is not None:
        for unit, entries in units.items():
            if heads[unit] > programme.cap:
                sheet.add(entries, -_NO_BOUND, float(programme.cap))
    return sheet
