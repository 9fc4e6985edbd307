"""How a fault is planted (差错种入): what a fault function takes and gives, and the common ways to pick a place.

A fault takes the county and a generator of chance, changes the county, and returns ``Planted``. It raises ``NoPlace``
when the county has nowhere to put it. Sum rows are worked out when the county is written, so that a fault in a row
does not bring a wrong sum with it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Literal, TypeVar

from fourgates.simulate.county import County
from fourgates.simulate.sheet import Row, Sheet

NUMBER = "公民身份号码"
T = TypeVar("T")
Outcome = Literal["problem", "result", "hint", "nothing"]


class NoPlace(LookupError):
    """The county has nowhere to put this fault."""


@dataclass(frozen=True)
class Planted:
    """What was planted and where it must be found.

    ``outcome``: a row of problems.xlsx, a gate's result without a problem, a row of 提示, or nothing at all, when the
    thing looks like a fault and is lawful. ``row`` is the sheet's row as Excel counts, None for a whole file; ``also``
    are further rows that are at fault with it; ``effect`` says what it must do to the results; ``ripples`` when other
    rows, right in themselves, may become problems by it.
    """

    outcome: Outcome
    path: str
    row: int | None = None
    column: str | None = None
    effect: str = ""
    also: tuple[tuple[str, int], ...] = ()
    ripples: bool = False


Fault = Callable[[County, Random], Planted]


def pick(rng: Random, things: Sequence[T]) -> T:
    """One of ``things``. Raises ``NoPlace`` when there are none."""
    if not things:
        raise NoPlace
    return rng.choice(things)


def sheet(county: County, path: str) -> Sheet:
    """The sheet at ``path``. Raises ``NoPlace`` when another fault has taken it away."""
    if path not in county.sheets or path in county.files:
        raise NoPlace
    return county.sheets[path]


def sheets(county: County, *folders: str) -> list[Sheet]:
    """The sheets under ``folders`` that can still be read, in the order of their paths."""
    return [s for folder in folders for s in county.under(folder) if s.path not in county.files]


def numbered(chosen: Sheet) -> list[tuple[int, Row]]:
    """The rows of ``chosen`` with their numbers."""
    return list(chosen.filled())


def any_row(county: County, rng: Random, *folders: str) -> tuple[Sheet, int, Row]:
    """One row of one sheet under ``folders``."""
    chosen = pick(rng, [s for s in sheets(county, *folders) if numbered(s)])
    number, row = pick(rng, numbered(chosen))
    return chosen, number, row


def plain(value: str) -> str:
    """A citizen number or name without what the clerk added."""
    return "".join(value.split())


def number_of(row: Row) -> str:
    """The citizen number a row means; empty when it means none."""
    return plain(row.text(NUMBER))


def sent_up(county: County) -> dict[str, str]:
    """Who stands as sent up in 07: citizen number and committee."""
    rows = numbered(sheet(county, "07 党委研究.xlsx"))
    return {number_of(row): row.text("党委") for _, row in rows if row.text("是否上报") == "是"}


def row_of(chosen: Sheet, citizen: str) -> tuple[int, Row]:
    """The first row about that person. Raises ``NoPlace`` when there is none."""
    return pick_first([(number, row) for number, row in numbered(chosen) if number_of(row) == citizen])


def pick_first(things: Sequence[T]) -> T:
    """The first of ``things``. Raises ``NoPlace`` when there are none."""
    if not things:
        raise NoPlace
    return things[0]


def meeting(county: County, rng: Random) -> tuple[Sheet, list[tuple[int, Row]]]:
    """One branch's nomination meeting in 06: the sheet and the rows, in order."""
    chosen = pick(rng, [s for s in sheets(county, "06") if numbered(s)])
    branch = pick(rng, sorted({row.text("党支部") for _, row in numbered(chosen)}))
    return chosen, [(number, row) for number, row in numbered(chosen) if row.text("党支部") == branch]


def whole(rows: Sequence[tuple[int, Row]], *headings: str) -> None:
    """Raises ``NoPlace`` unless the counts under ``headings`` are still whole numbers in all ``rows``."""
    for _, row in rows:
        for heading in headings:
            if not isinstance(row.meant.get(heading), int):
                raise NoPlace


def also(chosen: Sheet, rows: Sequence[tuple[int, Row]]) -> tuple[tuple[str, int], ...]:
    """All ``rows`` but the first, as ``Planted.also`` has them."""
    return tuple((chosen.path, number) for number, _ in rows[1:])


def outside(county: County, window: str) -> date:
    """The day after ``window`` closes."""
    return county.programme.windows[window][1] + timedelta(days=1)


def add_row(chosen: Sheet, row: Row) -> int:
    """Put ``row`` at the end of the sheet; its number."""
    row.put("序号", len(numbered(chosen)) + 1)
    chosen.rows.append(row)
    return chosen.sum_row - 1
