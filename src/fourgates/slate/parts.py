"""Lists in parts (分数名单): the question with fractions allowed, as a programme whose every bound may be moved.

Column g says how many of group g stand on the list, whole or not. Rows that count the same are one row with two bounds.
"""

from __future__ import annotations

from typing import Any

from fourgates.slate.engine import tabulate
from fourgates.slate.programme import Programme

WHOLE = 1e-6
"""Fractions nearer than this to a whole number are one; what is made of them is judged again in whole numbers."""
DIVES = 8
DEEP = 120
ENOUGH = 200
_NO_BOUND = float("inf")


class Parts:
    """The rows as arrays, and a solver that keeps its place from one question to the next.

    ``low`` and ``high`` bound the rows, ``least`` and ``most`` the groups; ``width`` further columns are the caller's.
    """

    def __init__(self, programme: Programme, width: int = 0) -> None:
        import numpy as np

        sheet = tabulate(programme)
        merged: dict[tuple[tuple[int, float], ...], tuple[float, float]] = {}
        for entries, low, high in zip(sheet.entries, sheet.low, sheet.high, strict=True):
            before = merged.get(tuple(entries), (-_NO_BOUND, _NO_BOUND))
            merged[tuple(entries)] = (max(low, before[0]), min(high, before[1]))
        self.groups, self.count = len(programme.groups), len(merged)
        self.low = np.array([low for low, _ in merged.values()])
        self.high = np.array([high for _, high in merged.values()])
        self.least = np.array([group.least for group in programme.groups], dtype=np.int64)
        self.most = np.array([len(group.ids) for group in programme.groups], dtype=np.int64)
        self._row = np.array([row for row, each in enumerate(merged) for _ in each], dtype=np.int64)
        self._column = np.array([column for each in merged for column, _ in each], dtype=np.int64)
        self._number = np.array([number for each in merged for _, number in each])
        self.columns = self.groups + width
        self._highs = _solver()
        least = np.concatenate([self.least.astype(float), np.zeros(width)])
        most = np.concatenate([self.most.astype(float), np.ones(width)])
        # The solver takes no row whose bounds contradict each other; whoever asks looks at ``possible`` first.
        rows = self.low, np.maximum(self.low, self.high)
        self._highs.passModel(_model((self._row, self._column, self._number), rows, (least, most)))
        self._every = np.arange(self.columns, dtype=np.int32)

    @property
    def possible(self) -> bool:
        """Whether no row's bounds contradict each other."""
        return not bool((self.low > self.high).any())

    def counted(self, xs: Any) -> Any:
        """What this list counts in each row; exact while the sums are below 2⁵³."""
        import numpy as np

        return np.bincount(self._row, weights=self._number * xs[self._column], minlength=self.count)

    def table(self) -> Any:
        """The rows in full, one column for each group."""
        import numpy as np

        full = np.zeros((self.count, self.groups))
        full[self._row, self._column] = self._number
        return full

    def want(self, worth: Any) -> None:
        """What one more in each column is worth from now on."""
        import numpy as np

        self._highs.changeColsCost(self.columns, self._every, np.asarray(worth, dtype=float))

    def limit(self, least: Any, most: Any) -> None:
        """The bounds of all columns from now on."""
        import numpy as np

        low, high = np.asarray(least, dtype=float), np.asarray(most, dtype=float)
        self._highs.changeColsBounds(self.columns, self._every, low, high)

    def bound(self, low: Any, high: Any) -> None:
        """The bounds of all rows from now on."""
        for row in range(self.count):
            self._highs.changeRowBounds(row, float(low[row]), float(high[row]))

    def weigh(self, column: int, numbers: Any) -> None:
        """What one more in a column of the caller's counts in each row from now on."""
        for row in range(self.count):
            self._highs.changeCoeff(row, column, float(numbers[row]))

    def cap(self, entries: dict[int, float], high: float) -> None:
        """One more row with an upper bound, after all others."""
        import numpy as np

        columns = np.array(list(entries), dtype=np.int32)
        self._highs.addRow(-_NO_BOUND, high, len(entries), columns, np.array(list(entries.values())))

    def run(self) -> tuple[Any, Any] | None:
        """The values of the columns and their own prices at the best list in parts; None when there is none."""
        import highspy
        import numpy as np

        for _ in range(2):
            self._highs.run()
            status = self._highs.getModelStatus()
            if status == highspy.HighsModelStatus.kOptimal:
                solution = self._highs.getSolution()
                return np.array(solution.col_value), np.array(solution.col_dual)
            if status == highspy.HighsModelStatus.kInfeasible:
                break
            # Neither found nor excluded: once more from the beginning.
            self._highs.clearSolver()
        return None

    def whole(self, xs: Any, away: Any, limits: tuple[Any, Any, Any, Any], some: int) -> Any | None:
        """A list in whole numbers near to this one in parts; None when none is found there.

        Only the ``some`` groups nearest to being used otherwise move (``away``: their own prices), within ``limits`` of
        groups and rows; what is found is as good as any.
        """
        import numpy as np

        parted = np.abs(xs - np.round(xs)) > WHOLE
        if not parted.any():
            return np.round(xs).astype(np.int64)
        nearest = np.where(parted, -1.0, np.abs(away[: self.groups]))
        moving = np.argsort(nearest, kind="stable")[: max(some, int(parted.sum()))]
        still = np.round(xs)
        still[moving] = 0.0
        place = np.full(self.groups, -1)
        place[moving] = np.arange(len(moving))
        inside = place[self._column] >= 0
        least, most, low, high = limits
        off = self.counted(still)
        found = _Corner(
            (self._row[inside], place[self._column[inside]], self._number[inside]),
            (low - off, high - off),
            (least[moving].astype(float), most[moving].astype(float)),
        ).whole()
        if found is None:
            return None
        counts = still.astype(np.int64)
        counts[moving] = np.round(found).astype(np.int64)
        return counts


class _Corner:
    """A small programme without anything to make great, in which some whole numbers are sought.

    First by diving: of the fractions at a corner drawn by chance, the one nearest to being one more is made so, or one
    less where that cannot be, and again; a few times from different corners; then by the solver's own search.
    """

    def __init__(
        self, entries: tuple[Any, Any, Any], rows: tuple[Any, Any], columns: tuple[Any, Any]
    ) -> None:
        import numpy as np

        self.low, self.high = columns
        self.highs = _solver()
        self.highs.passModel(_model(entries, rows, columns))
        self.every = np.arange(len(self.low), dtype=np.int32)

    def whole(self) -> Any | None:
        """Values for all columns, or None."""
        import highspy
        import numpy as np

        # The same corners every time: nothing here may depend on when or where it is asked.
        dice = np.random.Generator(np.random.PCG64(len(self.every)))
        for _ in range(DIVES):
            found = self._dive(dice.random(len(self.every)))
            if found is not None:
                return found
        self.highs.changeColsBounds(len(self.every), self.every, self.low, self.high)
        self.highs.changeColsCost(len(self.every), self.every, np.zeros(len(self.every)))
        kind = highspy.HighsVarType.kInteger
        self.highs.changeColsIntegrality(len(self.every), self.every, np.array([kind] * len(self.every)))
        self.highs.setOptionValue("presolve", "on")
        self.highs.setOptionValue("mip_max_nodes", ENOUGH)
        self.highs.run()
        solution = self.highs.getSolution()
        return np.array(solution.col_value) if solution.value_valid else None

    def _dive(self, worth: Any) -> Any | None:
        import highspy
        import numpy as np

        low, high = self.low.copy(), self.high.copy()
        self.highs.changeColsBounds(len(low), self.every, low, high)
        self.highs.changeColsCost(len(low), self.every, worth)
        turned = -1
        for _ in range(DEEP):
            self.highs.run()
            if self.highs.getModelStatus() == highspy.HighsModelStatus.kOptimal:
                values = np.array(self.highs.getSolution().col_value)
                over = values - np.floor(values + WHOLE)
                parted = np.flatnonzero(over > WHOLE)
                if not len(parted):
                    return values
                turned = int(parted[np.argmax(over[parted])])
                before, low[turned] = low[turned], np.floor(values[turned]) + 1
            elif turned < 0:
                return None
            else:
                high[turned], low[turned] = low[turned] - 1, before
                self.highs.changeColBounds(turned, low[turned], high[turned])
                turned = -1
                continue
            self.highs.changeColBounds(turned, low[turned], high[turned])
        return None


def _solver() -> Any:
    import highspy

    base: Any = highspy.Highs.__base__
    highs = base()
    for option, setting in (
        ("output_flag", False),
        ("parallel", "off"),
        ("presolve", "off"),
        ("random_seed", 0),
    ):
        highs.setOptionValue(option, setting)
    return highs


def _model(entries: tuple[Any, Any, Any], rows: tuple[Any, Any], columns: tuple[Any, Any]) -> Any:
    """The solver's form of entries (row, column, number; by rows) and the bounds of rows and columns."""
    import highspy
    import numpy as np

    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = len(columns[0]), len(rows[0])
    model.sense_ = highspy.ObjSense.kMaximize
    model.col_cost_ = np.zeros(len(columns[0]))
    model.col_lower_, model.col_upper_ = columns
    model.row_lower_, model.row_upper_ = rows
    matrix = model.a_matrix_
    matrix.format_ = highspy.MatrixFormat.kRowwise
    lengths = np.bincount(entries[0], minlength=len(rows[0]))
    matrix.start_ = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int32)
    matrix.index_ = entries[1].astype(np.int32)
    matrix.value_ = entries[2].astype(float)
    model.a_matrix_ = matrix
    return model
