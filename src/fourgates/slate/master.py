"""A linear programme over few of very many columns (列生成): more come in as their prices call for them.

The prices of the rows say of every group what it would bring; a group that would bring nothing need not be there. So a
million groups are asked about with some hundreds in hand, and the answer is that for all of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from fourgates.slate.columns import Columns, columns_of
from fourgates.slate.model import AT_LEAST, AT_MOST
from fourgates.slate.programme import Programme, Row
from fourgates.slate.watch import Watch

FEW = 1_000
FIRST = 300
NEXT = 150
PART = 1e-6
_NO_BOUND = float("inf")
_OPTIONS = (
    ("output_flag", False),
    ("parallel", "off"),
    ("random_seed", 0),
    ("mip_rel_gap", 0.0),
    ("mip_abs_gap", 0.5),
)


def solver() -> Any:
    """A fresh solver, silent and the same every time."""
    import highspy

    # Its public wrapper writes a banner to standard output, where our answers go; what it wraps does not.
    base: Any = highspy.Highs.__base__
    highs = base()
    for option, setting in _OPTIONS:
        highs.setOptionValue(option, setting)
    return highs


def run(highs: Any, watch: Watch, *, limited: bool) -> Any:
    """Run the solver within the time that is left; its model's status."""
    import highspy

    kinds = highspy.cb.HighsCallbackType

    def hear(kind: Any, _message: str, out: Any, into: Any, _own: Any) -> None:
        if kind == kinds.kCallbackMipInterrupt and watch.hear is not None:
            watch.hear(out.mip_primal_bound, out.mip_dual_bound)
        if into is not None and watch.stopped:
            into.user_interrupt = True

    if limited:
        highs.setCallback(hear, None)
        highs.startCallback(kinds.kCallbackMipInterrupt)
        highs.startCallback(kinds.kCallbackSimplexInterrupt)
    before = float(highs.getRunTime())
    highs.setOptionValue("time_limit", before + watch.left if limited else _NO_BOUND)
    highs.run()
    watch.spent += max(0.0, float(highs.getRunTime()) - before)
    return highs.getModelStatus()


def _same(row: Row, other: Row) -> bool:
    """Whether two rows after one another are the two sides of one requirement, and room is left between them."""
    sides = row.rule.kind, other.rule.kind
    if sides != (AT_LEAST, AT_MOST) or row.rule.name != other.rule.name:
        return False
    return row.low is not None and other.high is not None and row.low <= other.high


class Master:
    """The fractions of one programme, asked again and again with other weights and limits."""

    def __init__(
        self, programme: Programme, sums: Sequence[int], extras: Sequence[tuple[int, float]], raised: bool
    ) -> None:
        import highspy
        import numpy as np

        self.programme = programme
        self.columns: Columns = columns_of(programme)
        self.groups = len(self.columns.kind)
        self.extras = len(extras) + (1 if raised else 0)
        self.rows = len(programme.rows)
        self.priced = self.rows + len(sums)
        low = [-_NO_BOUND if row.low is None else float(row.low) for row in programme.rows]
        high = [_NO_BOUND if row.high is None else float(row.high) for row in programme.rows]
        low += map(float, sums)
        high += map(float, sums)
        # Both sides of one requirement are two rows to whoever asks and one line to the solver.
        second = np.zeros(self.priced, dtype=bool)
        for place, (row, other) in enumerate(pairwise(programme.rows), 1):
            second[place] = _same(row, other)
        lines = self.priced - int(second.sum())
        heads = int(self.columns.most.sum())
        self.sized = programme.shortest > 0 or programme.longest < heads
        if self.sized:
            low.append(float(programme.shortest))
            high.append(float(programme.longest))
        self.unit_row = np.full(max(programme.units, 1), -1, dtype=np.int64)
        if programme.cap is not None:
            full = np.bincount(self.columns.unit, self.columns.most, programme.units) > programme.cap
            self.unit_row[full] = lines + (1 if self.sized else 0) + np.arange(int(full.sum()))
            low += [-_NO_BOUND] * int(full.sum())
            high += [float(programme.cap)] * int(full.sum())
        self.first_low, self.first_high = np.array(low), np.array(high)
        self.line = np.cumsum(~np.append(second, np.zeros(len(low) - self.priced, dtype=bool))) - 1
        self._second = second
        self.row_low = np.full(lines + len(low) - self.priced, -_NO_BOUND)
        self.row_high = np.full(len(self.row_low), _NO_BOUND)
        np.maximum.at(self.row_low, self.line, self.first_low)
        np.minimum.at(self.row_high, self.line, self.first_high)
        self.lined = self.columns.without(second, self.line)
        self.low = np.concatenate([self.columns.least.astype(float), np.zeros(self.extras)])
        self.high = np.concatenate([self.columns.most.astype(float), np.full(self.extras, _NO_BOUND)])
        self.sums = len(sums)
        self.wide = self.groups > FEW
        self._statuses = highspy.HighsModelStatus

        self.lp = solver()
        self.lp.setOptionValue("presolve", "off")
        self.lp.changeObjectiveSense(highspy.ObjSense.kMaximize)
        none = np.zeros(0, dtype=np.int32)
        self.lp.addRows(
            len(self.row_low),
            self.row_low,
            self.row_high,
            0,
            np.zeros(len(self.row_low), np.int32),
            none,
            np.zeros(0),
        )
        self.work = np.zeros(0, dtype=np.int64)
        self.inside = np.zeros(self.groups + self.extras, dtype=bool)
        self.extra_entries = [[(int(self.line[row]), number)] for row, number in extras]
        if raised:
            self.extra_entries.append([(int(row), -1.0) for row in self.unit_row[self.unit_row >= 0]])
        # What a row is broken by, while it is not known whether anything is possible; shut otherwise.
        self.gaps = (
            [(row, 1.0) for row in np.flatnonzero(self.row_low > -_NO_BOUND).tolist()]
            + [(row, -1.0) for row in np.flatnonzero(self.row_high < _NO_BOUND).tolist()]
            if self.wide
            else []
        )
        if self.gaps:
            count = len(self.gaps)
            self.lp.addCols(
                count,
                np.zeros(count),
                np.zeros(count),
                np.zeros(count),
                count,
                np.arange(count, dtype=np.int32),
                np.array([row for row, _ in self.gaps], dtype=np.int32),
                np.array([number for _, number in self.gaps]),
            )
        self.add(self.groups + np.arange(self.extras))
        everyone = np.arange(self.groups)
        if self.wide:
            self.add(np.flatnonzero(self.low[: self.groups] > 0))
            everyone = self.scattered(everyone)[:FIRST]
        self.add(everyone)

    def scattered(self, groups: Any) -> Any:
        """Groups in an order that has nothing to do with what they are, the same every time."""
        import numpy as np

        return groups[np.argsort(groups * 2654435761 % (1 << 32), kind="stable")]

    def entries(self, which: Any) -> tuple[Any, Any, Any]:
        """The entries of these columns: where each begins, rows, numbers."""
        import numpy as np

        columns = self.lined
        groups = which[which < self.groups]
        kinds = columns.kind[groups]
        long = columns.start[kinds + 1] - columns.start[kinds]
        more = self.sums + (1 if self.sized else 0)
        unit = self.unit_row[columns.unit[groups]]
        begin = np.concatenate([[0], np.cumsum(long + more + (unit >= 0))])
        index = np.zeros(begin[-1], dtype=np.int32)
        value = np.zeros(begin[-1])
        own = np.repeat(begin[:-1], long) + (np.arange(long.sum()) - np.repeat(np.cumsum(long) - long, long))
        take = np.repeat(columns.start[kinds], long) + (
            np.arange(long.sum()) - np.repeat(np.cumsum(long) - long, long)
        )
        index[own], value[own] = columns.place[take], columns.value[take]
        at = begin[:-1] + long
        for depth in range(self.sums):
            index[at], value[at] = self.line[self.rows + depth], columns.support[groups, depth]
            at = at + 1
        if self.sized:
            index[at], value[at] = self.line[self.priced], 1.0
            at = at + 1
        capped = unit >= 0
        index[at[capped]], value[at[capped]] = unit[capped], 1.0
        extra = [self.extra_entries[each - self.groups] for each in which[which >= self.groups].tolist()]
        if extra:
            begin = np.concatenate([begin, begin[-1] + np.cumsum([len(each) for each in extra])])
            index = np.concatenate([index, [row for each in extra for row, _ in each]]).astype(np.int32)
            value = np.concatenate([value, [number for each in extra for _, number in each]])
        return begin, index, value

    def add(self, which: Any) -> None:
        """Take these columns into the working set; extras and groups never in one call."""
        import numpy as np

        which = which[~self.inside[which]]
        if not len(which):
            return
        begin, index, value = self.entries(which)
        self.lp.addCols(
            len(which),
            np.zeros(len(which)),
            self.low[which],
            self.high[which],
            len(index),
            begin[:-1].astype(np.int32),
            index,
            value,
        )
        self.inside[which] = True
        self.work = np.concatenate([self.work, which])

    def narrow(self, column: int, low: float, high: float) -> None:
        """Set the limits of one column."""
        import numpy as np

        if self.low[column] == low and self.high[column] == high:
            return
        self.low[column], self.high[column] = low, high
        if self.inside[column]:
            if self._at is None:
                self._at = np.full(self.groups + self.extras, -1, dtype=np.int64)
            if self._placed < len(self.work):
                fresh = self.work[self._placed :]
                self._at[fresh] = self._placed + np.arange(len(fresh))
                self._placed = len(self.work)
            self.lp.changeColBounds(len(self.gaps) + int(self._at[column]), low, high)
        elif low > 0:
            self.add(np.array([column]))

    _at: Any = None
    _placed = 0

    def bound_rows(self, low: Any, high: Any) -> None:
        """Set the bounds of all rows."""
        import numpy as np

        row_low, row_high = np.full(len(self.row_low), -_NO_BOUND), np.full(len(self.row_high), _NO_BOUND)
        np.maximum.at(row_low, self.line, low)
        np.minimum.at(row_high, self.line, high)
        moved = np.flatnonzero((row_low != self.row_low) | (row_high != self.row_high)).astype(np.int32)
        self.row_low, self.row_high = row_low, row_high
        self.lp.changeRowsBounds(len(moved), moved, row_low[moved], row_high[moved])

    def solve(self, weights: Any, watch: Watch) -> bool:
        """The fractions that come to most; False when nothing is possible.

        ``values`` and ``prices`` (of rows) and ``away`` (what each group would bring) are what was found.
        """
        import numpy as np

        self.weights = weights
        self._cost(weights[self.work], closed=True)
        status = run(self.lp, watch, limited=False)
        if status != self._statuses.kOptimal:
            if not self.wide or not self._possible(watch):
                return False
            self._cost(weights[self.work], closed=True)
            status = run(self.lp, watch, limited=False)
        plain = self.wide and bool(np.any(weights[: self.groups] != 0) or np.any(weights[self.groups :] != 0))
        while status == self._statuses.kOptimal:
            prices = np.array(self.lp.getSolution().row_dual)
            self.prices = self._of_sides(prices)
            self.away = self._brings(weights, prices)
            if not plain or not self._call(self.away):
                break
            self._cost(weights[self.work], closed=True)
            status = run(self.lp, watch, limited=False)
        if status != self._statuses.kOptimal:
            return False
        self.values = np.zeros(self.groups + self.extras)
        self.values[self.work] = np.array(self.lp.getSolution().col_value)[len(self.gaps) :]
        return True

    def _of_sides(self, prices: Any) -> Any:
        """The price of each row: that of its line, where this is the side that binds."""
        import numpy as np

        own = prices[self.line[: self.priced]]
        first = np.append(self._second[1:], False)
        return np.where(self._second, np.maximum(own, 0.0), np.where(first, np.minimum(own, 0.0), own))

    def _cost(self, worth: Any, *, closed: bool) -> None:
        import numpy as np

        gaps = len(self.gaps)
        count = gaps + len(self.work)
        cost = np.concatenate([np.zeros(gaps) if closed else np.full(gaps, -1.0), worth])
        self.lp.changeColsCost(count, np.arange(count, dtype=np.int32), cost)

    def _possible(self, watch: Watch) -> bool:
        """Call in columns until no row need be broken; False when one must be."""
        import numpy as np

        gaps = len(self.gaps)
        every = np.arange(gaps, dtype=np.int32)
        self.lp.changeColsBounds(gaps, every, np.zeros(gaps), np.full(gaps, _NO_BOUND))
        nothing = np.zeros(self.groups + self.extras)
        try:
            while True:
                self._cost(nothing[self.work], closed=False)
                if run(self.lp, watch, limited=False) != self._statuses.kOptimal:
                    return False
                solution = self.lp.getSolution()
                if sum(solution.col_value[:gaps]) <= PART:
                    return True
                if not self._call(self._brings(nothing, np.array(solution.row_dual))):
                    return False
        finally:
            self.lp.changeColsBounds(gaps, every, np.zeros(gaps), np.zeros(gaps))

    def _brings(self, weights: Any, prices: Any) -> Any:
        """What one more of each group would bring at these prices."""
        columns = self.lined
        brought = weights[: self.groups] - columns.priced(prices)
        for depth in range(self.sums):
            brought = brought - prices[self.line[self.rows + depth]] * columns.support[:, depth]
        if self.sized:
            brought = brought - prices[self.line[self.priced]]
        if self.programme.cap is not None:
            import numpy as np

            paid = np.where(self.unit_row >= 0, prices[self.unit_row], 0.0)
            brought = brought - paid[columns.unit]
        return brought

    def _call(self, brought: Any) -> bool:
        """Take in the groups that would bring most; False when none would bring anything."""
        import numpy as np

        outside = ~self.inside[: self.groups] & (self.high[: self.groups] > 0)
        able = np.flatnonzero(outside & (brought > PART))
        if not len(able):
            return False
        if len(able) > NEXT:
            able = able[np.argpartition(-brought[able], NEXT)[:NEXT]]
        self.add(able)
        return True
