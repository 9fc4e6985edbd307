"""Tables of pages: some rows at a time, all of them as a workbook, and no more questions to the database for more rows."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Callable
from typing import Any

import openpyxl
import pytest
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext

from fourgates.store import sqlite
from fourgates.web import access, listing, records
from fourgates.web.listing import Head, Listing, Row, Rows, cell
from fourgates.web.models import Selection


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


def test_more_rows_ask_no_more(
    county: Selection, visit: Callable[[str], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    counted: list[str] = []
    ask = sqlite.Connected.ask

    def noted(self: sqlite.Connected, sql: str, *values: Any) -> list[Any]:
        counted.append(sql)
        return ask(self, sql, *values)

    facts = records.keeper(county).current().facts
    sizes = Counter(one.branch for one in facts.roster().members.values())
    branches = [name for name, _size in sizes.most_common()]
    assert sizes[branches[0]] > 2 * sizes[branches[-1]]
    client, at = visit("office"), f"/s/{county.slug}"
    pages = [f"{at}/units/{access.key(branches[number])}/" for number in (0, -1)]
    for few, many in (
        (pages[0], pages[1]),
        (f"{pages[0]}marks/", f"{pages[1]}marks/"),
        (f"{pages[0]}calls/", f"{pages[1]}calls/"),
    ):
        client.get(few), client.get(many)
        monkeypatch.setattr(sqlite.Connected, "ask", noted)
        told = []
        for path in (few, many):
            counted.clear()
            with CaptureQueriesContext(connection) as queries:
                assert client.get(path).status_code == 200
            told.append((len(queries), len(counted)))
        monkeypatch.undo()
        assert told[0] == told[1], few
        assert told[0][0] > 0
