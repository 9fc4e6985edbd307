"""Every row of a form, against the same form as it was taken in before (逐行对照): new, changed cell by cell, unchanged, faulty.

The rows are those that become claims: the tables of the intake, read once. Rows are told apart by what their form tells its
rows apart by; a second row of the same is compared with the second of before.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import msgspec

from fourgates import identity
from fourgates.papers import forms
from fourgates.papers.cells import squeeze
from fourgates.papers.desk import NUMBER
from fourgates.papers.importing.preview import CHANGED, FAULTY, NEW, UNCHANGED, Change
from fourgates.papers.importing.standing import Standing
from fourgates.papers.problems import Problem
from fourgates.papers.table import Row, Table

GONE = "gone"
"""A row that stood in the form before and does not any more."""
STATES = (NEW, CHANGED, UNCHANGED, FAULTY, GONE)
_OWN: Mapping[str, tuple[str, ...]] = {
    forms.UNITS: ("党组织名称",),
    forms.STEPS: ("党组织", "环节", "日期"),
    forms.SURVEYS: ("党支部",),
    forms.NOMINATIONS: ("党支部", "会议日期", NUMBER),
    forms.REVIEWS: ("党委", "会议日期", NUMBER),
    forms.SANCTIONS: (NUMBER, "处分种类"),
    forms.DECISION: ("会议日期", NUMBER),
}
"""What tells the rows of a form apart; every other form has a row a person."""
_NAMED = ("姓名", "被推荐人", "党组织名称", "党组织", "党支部", "党委")
_PLACED = ("所在党支部", "党支部", "党委", "上级党组织")
_RUNNING = "序号"


class Compared(msgspec.Struct, frozen=True):
    """One row of a form: where it stands, its state, whom or what it is about (a number is masked), the unit it names, which
    cells change, and what is wrong with it, each with how to mend it."""

    file: str
    row: int
    state: str
    name: str
    number: str
    unit: str
    changes: tuple[Change, ...] = ()
    wrong: tuple[str, ...] = ()


def compared(
    table: Table, before: Iterable[Row], problems: Iterable[Problem], *, partial: bool = False
) -> Iterator[Compared]:
    """The rows of ``table`` in their order, then those of ``before`` that are gone; ``problems``: everything found wrong, of
    which those at a row of this file are said with it and make it faulty; ``partial``: of what stood before only some columns
    are known, and the others are no difference."""
    wrong: dict[int, list[str]] = {}
    for one in problems:
        if one.place.file == table.file and one.place.row is not None:
            said = f"{one.place.column}：{one.wrong}" if one.place.column else one.wrong
            wrong.setdefault(one.place.row, []).append(f"{said}（{one.mend}）")
    own = _OWN.get(table.file) or _OWN.get(table.file.partition("/")[0], (NUMBER,))
    stood = _by_own(before, own)
    faulty = {row.number for row in table.faulty} | wrong.keys()
    for about, row in _by_own(table.every(), own).items():
        old = stood.pop(about, None)
        if row.number in faulty:
            yield _said(table, row, FAULTY, wrong=tuple(wrong.get(row.number, ())))
        elif old is None:
            yield _said(table, row, NEW)
        else:
            changes = tuple(one for one in _changes(old, row) if not partial or one.heading in old.values)
            yield _said(table, row, CHANGED if changes else UNCHANGED, changes)
    for row in stood.values():
        yield _said(table, row, GONE)


def _by_own(rows: Iterable[Row], own: tuple[str, ...]) -> dict[tuple[object, ...], Row]:
    """The rows by what tells them apart, and by how many of the same came before."""
    found: dict[tuple[object, ...], Row] = {}
    for row in rows:
        about = tuple(_plain(row.values.get(heading, row.cell(heading))) for heading in own)
        times = 0
        while (*about, times) in found:
            times += 1
        found[*about, times] = row
    return found


def _changes(old: Row, new: Row) -> Iterator[Change]:
    for heading, value in new.values.items():
        before = old.values.get(heading)
        if heading != _RUNNING and _plain(before) != _plain(value):
            yield Change(heading, _hidden(heading, before), _hidden(heading, value))
    for heading, value in old.values.items():
        if heading != _RUNNING and heading not in new.values and _plain(value):
            yield Change(heading, _hidden(heading, value), "")


def _said(
    table: Table, row: Row, state: str, changes: tuple[Change, ...] = (), wrong: tuple[str, ...] = ()
) -> Compared:
    def first(headings: Iterable[str]) -> str:
        return next((text for one in headings if (text := _plain(row.values.get(one)))), "")

    number = identity.masked(_plain(row.values.get(NUMBER)))
    return Compared(table.file, row.number, state, first(_NAMED), number, first(_PLACED), changes, wrong)


def _plain(value: Any) -> str:
    """What a cell says, however it was spaced."""
    return "" if value is None else squeeze(str(value))


def _hidden(heading: str, value: Any) -> str:
    """What a preview shows of a cell."""
    text = "" if value is None else str(value)
    return identity.masked(text) if heading == NUMBER else text


def of_record(standing: Standing, committee: str) -> list[Row]:
    """The members of a committee as a record has them, as far as it still knows them: rows of a roster."""
    return [
        Row(one.row, dict(one.values), [], {})
        for one in standing.people.values()
        if one.committee == committee
    ]
