"""One spreadsheet as it will be handed in (表): headings, rows, sum row, footer; first what is meant, then how typed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

FIRST_ROW = 4  # rows 1 to 3 hold the title, the unit and date line, and the headings


@dataclass(frozen=True)
class Formula:
    """A formula and the value stored with it; ``value`` None is a formula nobody has calculated."""

    text: str
    value: int | str | None = None


Cell = str | int | float | date | Formula | None
SumKind = Literal["sum", "rows", "人", "条"]


class NotMeant(LookupError):
    """The cell does not mean a value of that kind: a fault stands there."""


class Row:
    """One row: ``meant`` is the value behind each heading, ``typed`` overrides how some of them stand in the cell."""

    __slots__ = ("meant", "typed")

    def __init__(self, meant: dict[str, Cell]) -> None:
        self.meant = meant
        self.typed: dict[str, Cell] = {}

    def put(self, heading: str, value: Cell) -> None:
        """Write ``value`` into the cell exactly so: whatever noise stood there is gone."""
        self.meant[heading] = value
        self.typed.pop(heading, None)

    def cell(self, heading: str) -> Cell:
        """What stands in the cell."""
        return self.typed[heading] if heading in self.typed else self.meant.get(heading)

    def text(self, heading: str) -> str:
        """The value meant, as text; empty when there is none."""
        value = self.meant.get(heading)
        return "" if value is None else str(value)

    def count(self, heading: str) -> int:
        """The whole number meant. Raises ``NotMeant`` when the cell means something else."""
        value = self.meant.get(heading)
        if not isinstance(value, int):
            raise NotMeant(f"{heading}: {value!r}")
        return value

    def day(self, heading: str) -> date:
        """The date meant. Raises ``NotMeant`` when the cell means something else."""
        value = self.meant.get(heading)
        if not isinstance(value, date):
            raise NotMeant(f"{heading}: {value!r}")
        return value

    def copy(self) -> Row:
        """Another row with the same values and the same noise."""
        other = Row(dict(self.meant))
        other.typed = dict(self.typed)
        return other


@dataclass
class Sheet:
    """A workbook's one sheet. ``rows`` start at row 4 of the sheet; None is an empty row.

    ``sums`` says which cells of the 合计 row are filled and with what: the sum of the column, or the number of rows
    bare or with 人 or 条; ``wrong_sums`` overrides. ``headings`` is how each column's heading is typed; ``junk`` puts a
    hidden sheet before this one and another behind it.
    """

    path: str
    title: str
    unit: str
    month: str
    columns: list[str]
    rows: list[Row | None]
    sums: dict[str, SumKind]
    name: str = "Sheet1"
    headings: list[str] = field(default_factory=list)
    label: str = "合计"
    wrong_sums: dict[str, Cell] = field(default_factory=dict)
    gap: bool = False
    footer: str = ""
    junk: bool = False

    def filled(self) -> Iterator[tuple[int, Row]]:
        """Each row that is not empty with its number as Excel counts."""
        for number, row in enumerate(self.rows, FIRST_ROW):
            if row is not None:
                yield number, row

    def number(self, row: Row) -> int:
        """The number of ``row``, which is this very object, as Excel counts."""
        return next(number for number, other in self.filled() if other is row)

    @property
    def sum_row(self) -> int:
        """The number of the 合计 row."""
        return FIRST_ROW + len(self.rows)

    def sum_cells(self) -> dict[str, Cell]:
        """What the 合计 row carries, worked out from the rows as they stand now."""
        cells: dict[str, Cell] = {}
        filled = [row for _, row in self.filled()]
        for heading, kind in self.sums.items():
            if kind == "sum":
                values = [row.meant.get(heading) for row in filled]
                cells[heading] = sum(value for value in values if isinstance(value, int))
            else:
                cells[heading] = len(filled) if kind == "rows" else f"{len(filled)}{kind}"
        return cells | self.wrong_sums
