"""Every form, filled with whatever its columns may hold, reads back to the same values: a round trip on all thirteen."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fourgates import identity
from fourgates import run as running
from fourgates.papers import blank, cells, forms, reading
from fourgates.papers.cells import Options
from fourgates.papers.forms import Column, Form
from fourgates.papers.prefill import Prefill
from fourgates.papers.table import read
from fourgates.papers.workbook import Limits, Sheet
from fourgates.papers.worker import read as read_here
from fourgates.plan import Plan
from fourgates.simulate import county

RISKY = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    '=HYPERLINK("http://x/")',
    "{=1}",
    "_x0041_",
    " 前后有空格 ",
    "第一行\n第二行",
    "0012",
]
NAMES = st.text("王伟李娜赵敏阿不都热合曼买提·　", min_size=1, max_size=8).filter(
    lambda name: bool(name.strip("·　"))
)
WORDS = st.one_of(
    st.sampled_from(RISKY), st.text(st.characters(exclude_categories=["Cs", "Cc", "Cn"]), max_size=30)
)


@pytest.fixture(scope="module")
def plan(tmp_path_factory: pytest.TempPathFactory) -> Plan:
    folder = tmp_path_factory.mktemp("county") / "县"
    county.make(folder, seed="往返", size=county.SMALL)
    return running.adopt(folder)


@st.composite
def numbers(draw: st.DrawFn) -> str:
    born = draw(st.dates(date(1930, 1, 1), date(2004, 1, 1)))
    first17 = f"629999{born:%Y%m%d}{draw(st.integers(0, 999)):03d}"
    return first17 + identity.check_digit(first17)


def values(column: Column) -> st.SearchStrategy[Any]:
    """Whatever may stand in a cell of this column."""
    days = st.dates(date(cells.FIRST_YEAR, 1, 1), date(cells.LAST_YEAR, 12, 31))
    months = days.map(lambda day: f"{day:%Y.%m}")
    counts = st.integers(0, 9_999)
    match column.read:
        case Options(words=words, blank=blank_):
            return st.sampled_from((*words, "") if blank_ else words)
        case cells.count:
            return counts
        case cells.optional_count:
            return st.one_of(st.none(), counts)
        case cells.day:
            return days
        case cells.optional_day:
            return st.one_of(st.none(), days)
        case cells.month_or_day:
            return st.one_of(days, months)
        case cells.optional_month_or_day:
            return st.one_of(st.none(), days, months)
        case cells.citizen:
            return numbers()
        case cells.nationality:
            return st.sampled_from(["汉族", "回族", "东乡", "维吾尔族"])
        case cells.needed:
            return NAMES
    return WORDS


def lines(form: Form) -> st.SearchStrategy[list[dict[str, Any]]]:
    own = [column for column in form.columns if column.heading != "序号"]
    line = st.fixed_dictionaries({column.heading: values(column) for column in own})
    return st.lists(line, min_size=1, max_size=4)


FORMS = [
    forms.UNITS,
    forms.ROSTER,
    forms.STEPS,
    forms.MARKS,
    forms.SURVEYS,
    forms.NOMINATIONS,
    forms.REVIEWS,
    forms.PROFILES,
    forms.STANDARD,
    forms.CHECKS,
    forms.REPLIES,
    forms.SANCTIONS,
    forms.DECISION,
]


@pytest.mark.parametrize("name", FORMS)
@given(content=st.data())
@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_a_form_reads_back_what_was_written(
    plan: Plan, name: str, content: st.DataObject, tmp_path: Path
) -> None:
    form = forms.forms(plan)[name]
    said = content.draw(lines(form))
    path = tmp_path / "表.xlsx"
    path.write_bytes(blank.workbook(plan, form, "", Prefill("某县委", lines={(name, ""): said})))
    found = reading._sheet(msgspec.msgpack.encode(read_here(path, Limits(), careful=False)))
    assert isinstance(found, Sheet), found
    table = read(name, found, form)
    assert (table.problems, table.faulty) == ([], [])
    expected = [
        {
            column.heading: column.read(line.get(column.heading))
            for column in form.columns
            if column.heading != "序号"
        }
        for line in said
    ]
    for row, line in zip(table.rows, expected, strict=True):
        assert {heading: value for heading, value in row.values.items() if heading != "序号"} == line


def test_every_form_of_the_plan_makes_the_round_trip(plan: Plan) -> None:
    assert sorted(FORMS) == sorted(forms.forms(plan))
