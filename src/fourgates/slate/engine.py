"""The one place that knows the solver: HiGHS over a programme (求解器). Nothing it says is believed unproven.

Columns are the groups, then one for each elastic side (what it is broken by), then, when asked for, how far the
per-unit number is raised. Rows are those of the programme, then support sums, then length and units.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any

from fourgates.errors import Refused
from fourgates.slate.model import FIXED, PER_UNIT, SIZE, Rule
from fourgates.slate.programme import Programme, Row

MANY = 1500
PART = 1e-6
_NO_BOUND = float("inf")
_OPTIONS = (
    ("output_flag", False),
    ("parallel", "off"),
    ("random_seed", 0),
    ("mip_rel_gap", 0.0),
    ("mip_abs_gap", 0.5),
)

Progress = Callable[[str, int, int], None]
"""Called with the stage's name, the best value so far and the bound."""


@dataclass(frozen=True)
class Found:
    """What the solver found: whole numbers for each column when ``whole``, fractions and row prices otherwise."""

    values: tuple[float, ...]
    prices: tuple[float, ...]
    optimal: bool


@dataclass
class Watch:
    """How long the solver may work for one question, all its engines together, and how long it has."""

    limit: float | None = None
    spent: float = 0.0

    @property
    def left(self) -> float:
        """Seconds left; never quite nothing, so that even then a quick answer is found."""
        return float("inf") if self.limit is None else max(self.limit - self.spent, 0.01)

    @property
    def over(self) -> bool:
        """Whether the time is up."""
        return self.limit is not None and self.spent >= self.limit


@dataclass
class _Sheet:
    """The rows as the solver takes them: who counts in each with what number, and its bounds."""

    entries: list[list[tuple[int, float]]]
    low: list[float]
    high: list[float]

    def add(self, entries: list[tuple[int, float]], low: float, high: float) -> None:
        self.entries.append(entries)
        self.low.append(low)
        self.high.append(high)


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
        self._soft: Engine | None = None
        self.watch = watch or Watch()
        self._whole = False
        self.elastic = [
            (place, sign)
            for place, row in enumerate(programme.rows)
            for sign, soft in ((1, row.low_elastic), (-1, row.high_elastic))
            if soft
        ]
        if loose_sums:
            first = len(programme.rows)
            self.elastic += [(first + depth, sign) for depth in range(len(sums)) for sign in (1, -1)]
        self.columns = len(programme.groups) + len(self.elastic) + (1 if raisable else 0)
        self.priced = len(programme.rows) + len(sums)
        sheet = _priced(programme, self._sums, self.elastic)
        _plain(sheet, programme, self.columns - 1 if raisable else None)
        self._rows = list(zip(sheet.low, sheet.high, strict=True))
        # The solver calls a model without columns empty, possible or not; nobody on the list is easily judged.
        self._empty = all(low <= 0 <= high for low, high in zip(sheet.low, sheet.high, strict=True))
        self._load(sheet)

    def _load(self, sheet: _Sheet) -> None:
        import highspy
        import numpy as np

        groups = self.programme.groups
        extra = self.columns - len(groups)
        model = highspy.HighsLp()
        model.num_col_ = self.columns
        model.num_row_ = len(sheet.entries)
        model.sense_ = highspy.ObjSense.kMaximize
        model.col_cost_ = np.zeros(self.columns)
        model.col_lower_ = np.array([float(group.least) for group in groups] + [0.0] * extra)
        model.col_upper_ = np.array([float(len(group.ids)) for group in groups] + [_NO_BOUND] * extra)
        self._low, self._high = np.array(model.col_lower_), np.array(model.col_upper_)
        model.row_lower_ = np.array(sheet.low)
        model.row_upper_ = np.array(sheet.high)
        matrix = model.a_matrix_
        matrix.format_ = highspy.MatrixFormat.kRowwise
        matrix.start_ = np.cumsum([0, *map(len, sheet.entries)]).astype(np.int32)
        matrix.index_ = np.array([column for row in sheet.entries for column, _ in row], dtype=np.int32)
        matrix.value_ = np.array([number for row in sheet.entries for _, number in row])
        model.a_matrix_ = matrix
        # Its public wrapper writes a banner to standard output, where our answers go; what it wraps does not.
        highs: Any = highspy.Highs.__base__
        self._highs: Any = highs()
        self._status: Any = highspy.HighsModelStatus
        self._kinds: Any = highspy.HighsVarType
        for option, setting in _OPTIONS:
            self._highs.setOptionValue(option, setting)
        self._highs.passModel(model)

    def nearest(self, least: Sequence[float], most: Sequence[float]) -> Found:
        """The fractions that break the priced rows least of all, each side at a price of 1, within the limits."""
        soft = self.softened()
        found = soft.nearest_of(least, most)
        if found is None:
            raise Refused("S.9", "求解结果前后不一致")
        return found

    def softened(self) -> Engine:
        """The same programme in which every priced row that may not be broken counts what it is broken by."""
        if self._soft is None:
            rows = []
            for row in self.programme.rows:
                # What may be broken anyway can prove nothing impossible.
                low = None if row.low_elastic else row.low
                high = None if row.high_elastic else row.high
                rows.append(Row(row.rule, low, high, low is not None, high is not None))
            self._soft = Engine(replace(self.programme, rows=tuple(rows)), self._sums, loose_sums=True)
        return self._soft

    def nearest_of(self, least: Sequence[float], most: Sequence[float]) -> Found | None:
        """The least breaking of all elastic sides within these limits of the groups; None when not even that is."""
        import numpy as np

        extra = self.columns - len(least)
        low = np.array([*least, *([0.0] * extra)], dtype=float)
        self._limit(low, np.array([*most, *([_NO_BOUND] * extra)], dtype=float))
        return self.best([0.0] * len(least) + [-1.0] * extra, whole=False)

    def hold(self, kept: Collection[Rule]) -> None:
        """Only these rules stand from now on; the others' rows bind nothing and their persons are free."""
        programme = self.programme
        first_plain = self.priced
        sized = programme.shortest > 0 or programme.longest < sum(len(g.ids) for g in programme.groups)
        empty = True
        for place, (low, high) in enumerate(self._rows):
            if place < len(programme.rows):
                stands = programme.rows[place].rule in kept
            elif place < first_plain:
                stands = True
            elif place == first_plain and sized:
                stands = any(rule.kind == SIZE for rule in kept)
            else:
                stands = any(rule.kind == PER_UNIT for rule in kept)
            now = (low, high) if stands else (-_NO_BOUND, _NO_BOUND)
            self._highs.changeRowBounds(place, *now)
            empty = empty and now[0] <= 0 <= now[1]
        self._empty = empty
        fixed = {rule.name for rule in kept if rule.kind == FIXED}
        for place, group in enumerate(programme.groups):
            if group.least:
                self.narrow(place, float(group.ids[0] in fixed), float(len(group.ids)))

    def narrow(self, column: int, low: float, high: float) -> None:
        """Set the limits of one column."""
        self._low[column], self._high[column] = low, high
        self._highs.changeColBounds(column, low, high)

    def breaking(self, rule: Rule) -> list[int]:
        """The columns that count how far this rule is broken."""
        if rule.kind == PER_UNIT:
            return [self.columns - 1]
        rows, first = self.programme.rows, len(self.programme.groups)
        return [first + place for place, (row, _) in enumerate(self.elastic) if rows[row].rule == rule]

    def best(self, weights: Sequence[float], *, whole: bool) -> Found | None:
        """The greatest weights·x: whole numbers, or fractions with the rows' prices. None when nothing is possible.

        When the watch runs out the best so far comes back with ``optimal`` false, without values if there is none.
        """
        if self.columns == 0:
            return Found((), (0.0,) * self.priced, optimal=True) if self._empty else None
        return (
            self._best_of_many(weights) if whole and self.columns > MANY else self._run(weights, whole=whole)
        )

    def _best_of_many(self, weights: Sequence[float]) -> Found | None:
        """The same for very many columns: whole numbers for those near to being chosen, and more of them as needed.

        Fractions come first. A column whose own price keeps it further from use than fractions and whole numbers
        are apart cannot be in a better list, so it may stay where the fractions left it.
        """
        import numpy as np

        relaxed = self._run(weights, whole=False)
        if relaxed is None:
            return None
        values = np.array(relaxed.values)
        if not np.abs(values - np.round(values)).max() > PART:
            return relaxed
        solution = self._highs.getSolution()
        away = np.abs(np.array(solution.col_dual))
        top = float(np.dot(np.array(weights), values[: len(weights)]))
        low, high = self._low.copy(), self._high.copy()
        nearest = np.argsort(away, kind="stable")
        open_columns = np.zeros(self.columns, dtype=bool)
        open_columns[len(self.programme.groups) :] = True
        open_columns[np.abs(values - np.round(values)) > PART] = True
        count = MANY // 2
        try:
            while True:
                open_columns[nearest[:count]] = True
                self._limit(np.where(open_columns, low, values), np.where(open_columns, high, values))
                found = self._run(weights, whole=True)
                if found is not None and (not found.values or not found.optimal):
                    return found
                if found is not None:
                    value = float(np.dot(np.array(weights), np.array(found.values)[: len(weights)]))
                    # Weights are whole numbers, so a better list is better by one.
                    needed = away <= top - value - 1 + PART
                    if not (needed & ~open_columns).any():
                        return found
                    if count < self.columns:
                        open_columns |= needed
                        count = int(open_columns.sum())
                        continue
                if open_columns.all():
                    return found
                count *= 4
        finally:
            self._limit(low, high)

    def _limit(self, low: Any, high: Any) -> None:
        import numpy as np

        self._low, self._high = low, high
        every = np.arange(self.columns, dtype=np.int32)
        self._highs.changeColsBounds(self.columns, every, low, high)

    def _run(self, weights: Sequence[float], *, whole: bool) -> Found | None:
        import numpy as np

        highs, columns = self._highs, self.columns
        every = np.arange(columns, dtype=np.int32)
        cost = np.zeros(columns)
        cost[: len(weights)] = weights
        highs.changeColsCost(columns, every, cost)
        if whole != self._whole:
            kind = self._kinds.kInteger if whole else self._kinds.kContinuous
            highs.changeColsIntegrality(columns, every, np.array([kind] * columns))
            highs.setOptionValue("presolve", "on" if whole else "off")
            self._whole = whole
        before = float(highs.getRunTime())
        highs.setOptionValue("time_limit", before + self.watch.left if whole else float("inf"))
        if whole:
            # A search that starts from what an earlier one left behind could end elsewhere among equals.
            highs.clearSolver()
        highs.run()
        self.watch.spent += max(0.0, float(highs.getRunTime()) - before)
        status = highs.getModelStatus()
        known = self._status
        if status in (known.kInfeasible, known.kUnboundedOrInfeasible):
            return None
        solution = highs.getSolution()
        if status != known.kOptimal and not solution.value_valid:
            return None if status != known.kTimeLimit else Found((), (), optimal=False)
        prices = () if whole else tuple(solution.row_dual[: self.priced])
        return Found(tuple(solution.col_value), prices, status == known.kOptimal)


def tabulate(programme: Programme) -> _Sheet:
    """The rows of a programme without sums and elastic sides."""
    sheet = _priced(programme, (), ())
    _plain(sheet, programme, None)
    return sheet


def _priced(programme: Programme, sums: Sequence[int], elastic: Sequence[tuple[int, int]]) -> _Sheet:
    """The rows that have prices: the programme's own, and the sums to keep."""
    groups = programme.groups
    sheet = _Sheet([], [], [])
    for row in programme.rows:
        low = -_NO_BOUND if row.low is None else float(row.low)
        sheet.add([], low, _NO_BOUND if row.high is None else float(row.high))
    for place, group in enumerate(groups):
        for row_place, count in group.rows:
            sheet.entries[row_place].append((place, float(count)))
    for depth, total in enumerate(sums):
        support = [(p, float(g.support[depth])) for p, g in enumerate(groups) if g.support[depth]]
        sheet.add(support, float(total), float(total))
    for column, (row_place, sign) in enumerate(elastic, len(groups)):
        step = programme.rows[row_place].step if row_place < len(programme.rows) else 1
        sheet.entries[row_place].append((column, float(sign * step)))
    return sheet


def _plain(sheet: _Sheet, programme: Programme, raised: int | None) -> None:
    """The rows of the simple part: the length, and each unit that could have too many."""
    groups = programme.groups
    if programme.shortest > 0 or programme.longest < sum(len(group.ids) for group in groups):
        everyone = [(place, 1.0) for place in range(len(groups))]
        sheet.add(everyone, float(programme.shortest), float(programme.longest))
    if programme.cap is None:
        return
    units: dict[int, list[tuple[int, float]]] = {}
    heads: Counter[int] = Counter()
    for place, group in enumerate(groups):
        units.setdefault(group.unit, []).append((place, 1.0))
        heads[group.unit] += len(group.ids)
    for unit, entries in units.items():
        if heads[unit] > programme.cap:
            more = [] if raised is None else [(raised, -1.0)]
            sheet.add(entries + more, -_NO_BOUND, float(programme.cap))
