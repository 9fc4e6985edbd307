"""A table of a page (表): sorted by its headings, a few hundred rows at a time, all of them as a workbook; nothing is counted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, overload

from django.http import HttpRequest, HttpResponse

from fourgates.papers import writing
from fourgates.web import leaving

SHOWN = 200
"""Rows that a page shows at once."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: ``shown`` to people, ``value`` to sort by and to write in a workbook, a link, a picture, a look."""

    value: Any
    shown: str = ""
    where: str = ""
    picture: Any = ""
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One row; ``kind`` is how it looks (``late``)."""

    cells: Sequence[Cell]
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Head:
    """A heading: what it says, how its column looks (``number``), where a click leads, how it is sorted now, and how its column
    is drawn in a picture (``area c0``, ``line pace``)."""

    head: str
    kind: str = ""
    where: str = ""
    order: str = ""
    drawn: str = ""


@dataclass(frozen=True, slots=True)
class Listing:
    """A whole table: ``name`` is its caption and its file's name; ``whole`` rows in all, of which a page shows some, with the
    addresses of those before and behind."""

    name: str
    heads: Sequence[Head]
    rows: Sequence[Row]
    export: str = ""
    whole: int = 0
    earlier: str = ""
    later: str = ""


class Rows(Sequence[Row]):
    """Rows that are made when they are looked at: a list of everybody is long, and a page shows little of it."""

    def __init__(self, about: Sequence[str], make: Callable[[str], Row]) -> None:
        self._about, self._make = about, make

    def __len__(self) -> int:
        return len(self._about)

    @overload
    def __getitem__(self, number: int) -> Row: ...

    @overload
    def __getitem__(self, number: slice) -> list[Row]: ...

    def __getitem__(self, number: int | slice) -> Row | list[Row]:
        if isinstance(number, slice):
            return [self._make(one) for one in self._about[number]]
        return self._make(self._about[number])


def cell(value: Any, where: str = "", picture: Any = "", kind: str = "") -> Cell:
    """A cell that shows its value as it stands."""
    number = "number" if isinstance(value, int) and not isinstance(value, bool) else ""
    return Cell(value, "" if value is None else str(value), where, picture, kind or number)


def arranged(request: HttpRequest, listing: Listing) -> Listing:
    """The table as asked for: sorted, its headings and its export linked; as a workbook whole, on a page some rows of it."""
    asked = request.GET.copy()
    by, down = asked.get("sort", ""), asked.get("down") == "1"
    asked.pop("sort", None)
    asked.pop("down", None)
    asked.pop("row", None)
    heads = []
    for number, head in enumerate(listing.heads):
        query = asked.copy()
        query["sort"] = str(number)
        here = by == str(number)
        if here and not down:
            query["down"] = "1"
        order = ("descending" if down else "ascending") if here else ""
        heads.append(replace(head, where=f"?{query.urlencode()}", order=order))
    rows = listing.rows
    if by.isascii() and by.isdigit() and int(by) < len(heads):
        rows = sorted(rows, key=lambda row: _order(row.cells[int(by)].value), reverse=down)
    whole = Listing(listing.name, heads, rows, _like(request, "as", "xlsx"), len(rows))
    if wanted(request):
        return whole
    row = request.GET.get("row", "")
    first = int(row) if row.isascii() and row.isdigit() and len(row) < 8 else 0
    return replace(
        whole,
        rows=rows[first : first + SHOWN],
        earlier=_like(request, "row", str(max(0, first - SHOWN))) if first else "",
        later=_like(request, "row", str(first + SHOWN)) if first + SHOWN < len(rows) else "",
    )


def _like(request: HttpRequest, name: str, value: str) -> str:
    """The address of the same page with one thing asked otherwise."""
    asked = request.GET.copy()
    asked[name] = value
    return f"?{asked.urlencode()}"


def _order(value: Any) -> tuple[bool, Any]:
    """Numbers before texts before nothing."""
    if value is None or value == "":
        return (True, (2, ""))
    return (False, (0, value) if isinstance(value, int) else (1, str(value)))


def workbook(listing: Listing, *others: Listing) -> HttpResponse:
    """The table as a workbook to keep, with the other tables of its page a sheet each."""
    content = writing.render([_sheet(one) for one in (listing, *others) if one.heads])
    return leaving.attached(content, f"{listing.name}.xlsx")


def _sheet(listing: Listing) -> writing.Table:
    columns = [writing.Column(head.head) for head in listing.heads]
    rows = [[_plain(cell.value) for cell in row.cells] for row in listing.rows]
    return writing.Table(listing.name[:31], listing.name, columns, rows)


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, int) else str(value)


def wanted(request: HttpRequest) -> bool:
    """Whether the table is asked for as a workbook."""
    return request.GET.get("as") == "xlsx"
