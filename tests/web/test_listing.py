"""Tables of pages: some rows at a time, all of them as a workbook, and no more questions to the database for more rows."""

from __future__ import annotations

import io

import openpyxl
from django.test import RequestFactory

from fourgates.web import listing
from fourgates.web.listing import Head, Listing, Row, Rows, cell


def asked(query: str) -> Listing:
    rows = Rows([str(number) for number in range(450)], lambda about: Row([cell(int(about))]))
    return listing.arranged(RequestFactory().get(f"/?{query}"), Listing("表", [Head("数")], rows))


def shown(table: Listing) -> list[int]:
    return [row.cells[0].value for row in table.rows]


def test_a_page_shows_some_rows_and_leads_to_the_others() -> None:
    first, middle, last = asked(""), asked("row=200"), asked("row=400&of=x")
    assert [*shown(first), *shown(middle), *shown(last)] == list(range(450))
    assert [(one.earlier, one.later) for one in (first, middle, last)] == [
        ("", "?row=200"),
        ("?row=0", "?row=400"),
        ("?row=200&of=x", ""),
    ]
    assert {one.whole for one in (first, middle, last)} == {450}
    assert shown(asked("sort=0&down=1"))[:2] == [449, 448]
    assert shown(asked("row=x")) == shown(first)
    assert asked("row=200").heads[0].where == "?sort=0"


def test_a_workbook_has_all_of_them() -> None:
    answer = listing.workbook(asked("as=xlsx"))
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).worksheets[0]
    numbers = [value for (value,) in sheet.iter_rows(max_col=1, values_only=True) if isinstance(value, int)]
    assert numbers == list(range(450))
