"""Whole numbers near the fractions (取整): the quick way to some list that meets every row, tried before any search.

Fractions at a corner have few parts that are not whole. What is whole already stays; of the parts the nearest to the
next number goes up to it, and the rest is worked out again. What turns out impossible is taken back once.
"""

from __future__ import annotations

from typing import Any

from fourgates.slate.master import PART, Master, run, solver
from fourgates.slate.watch import Watch

BACK = 4
TOGETHER = 8
NEAR = 0.34
"""A part this near to the next number goes up together with others as near."""


class Rounding:
    """One solver kept for rounding the columns of one ``Master``."""

    def __init__(self, master: Master, watch: Watch) -> None:
        self.master, self.watch = master, watch
        self._lp: Any = None

    def whole(self, which: Any) -> Any | None:
        """Whole numbers for these columns that meet every row, the others staying at nothing; None when not found."""
        import highspy
        import numpy as np

        master = self.master
        begin, index, value = master.entries(which)
        low, high = master.low[which], master.high[which]
        model = highspy.HighsLp()
        model.num_col_, model.num_row_ = len(which), len(master.row_low)
        model.col_cost_ = np.zeros(len(which))
        model.col_lower_, model.col_upper_ = low, high
        model.row_lower_, model.row_upper_ = master.row_low, master.row_high
        matrix = model.a_matrix_
        matrix.format_ = highspy.MatrixFormat.kColwise
        matrix.start_, matrix.index_, matrix.value_ = begin.astype(np.int32), index, value
        model.a_matrix_ = matrix
        if self._lp is None:
            self._lp = solver()
            self._lp.setOptionValue("presolve", "off")
        self._lp.passModel(model)
        return self._rounded(low.copy(), high.copy())

    def _rounded(self, low: Any, high: Any) -> Any | None:
        import highspy
        import numpy as np

        raised: list[int] = []
        back = 0
        while not self.watch.over:
            if run(self._lp, self.watch, limited=False) != highspy.HighsModelStatus.kOptimal:
                back += 1
                if not raised or back > BACK:
                    return None
                # Of several that went up together the first may still stand; alone it may not.
                fallen = np.array(raised[1:] or raised, dtype=np.int32)
                low[fallen] -= 1
                if len(raised) == 1:
                    high[fallen] = low[fallen]
                self._lp.changeColsBounds(len(fallen), fallen, low[fallen], high[fallen])
                raised = raised[: len(raised) > 1]
                continue
            values = np.array(self._lp.getSolution().col_value)
            parts = np.flatnonzero(np.abs(values - np.round(values)) > PART)
            if not len(parts):
                return np.round(values)
            floor = np.maximum(low, np.floor(values + PART))
            # To the millionth, so that a difference in the last digit does not choose another.
            way = np.round(np.ceil(values[parts]) - values[parts], 6)
            order = np.argsort(way, kind="stable")[:TOGETHER]
            raised = [int(parts[each]) for each in order if each == order[0] or way[each] <= NEAR]
            floor[raised] += 1
            moved = np.flatnonzero(floor > low).astype(np.int32)
            low = floor
            self._lp.changeColsBounds(len(moved), moved, low[moved], high[moved])
        return None
