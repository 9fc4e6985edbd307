"""Rows compared with what is on record (对照): which are sound, which are new, which cells of the others change.

Nothing is guessed: what a file leaves empty stays as it was, and a row that is not sound changes nothing.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from fourgates import identity, names
from fourgates.i18n import _
from fourgates.papers import registers
from fourgates.papers.cells import squeeze
from fourgates.papers.desk import NUMBER
from fourgates.papers.importing import translating
from fourgates.papers.importing.preview import (
    CHANGED,
    FAULTY,
    NEW,
    UNCHANGED,
    Change,
    Entry,
    Line,
    Rest,
    Said,
    Taken,
)
from fourgates.papers.importing.standing import Standing
from fourgates.papers.importing.translating import Translated
from fourgates.papers.problems import problem
from fourgates.papers.table import Row, Table

BRANCH, NAME, BIRTH = "所在党支部", "姓名", "出生日期"
_ALIKE = 0.6


class Judge:
    """Compares rows with what is on record, one after the other."""

    def __init__(self, taken: Taken, said: Said, standing: Standing, tables: Iterable[Table]) -> None:
        self._taken, self._said, self._standing = taken, said, standing
        self._branches = standing.branches()
        self._owners = {table.file: said.committee or self._owner(table) for table in tables}

    def _owner(self, table: Table) -> str:
        """The committee that every branch of a file belongs to, as far as 01 knows them; empty where they are several."""
        tree = self._standing.tree
        if tree is None:
            return ""
        written = {squeeze(str(row.values.get(BRANCH, ""))) for row in table.every()}
        owners = {tree.committee_of(self._branches[one]) for one in written if one in self._branches}
        return owners.pop() if len(owners) == 1 else ""

    def sound(self, rows: Table, row: Row) -> bool:
        """Whether a row whose cells are all sound agrees with the registers; a problem where it does not."""
        agrees = registers.sex_agrees(rows, row)
        return self._placed(rows, row) and self._not_elsewhere(rows, row) and agrees

    def _placed(self, rows: Table, row: Row) -> bool:
        """Put the branch as 01 writes it; false when 01 does not have it, or it is another committee's."""
        tree = self._standing.tree
        if tree is None:
            return True
        written = row.values[BRANCH]
        found = self._branches.get(squeeze(written))
        if found is None:
            near = difflib.get_close_matches(written, self._near(rows.file), n=2, cutoff=_ALIKE)
            hint = (
                _("；01中相近的是{near}").format(near="、".join(f"“{one}”" for one in near)) if near else ""
            )
            mend = _("照01中的全称填写，或者在01中补上") + hint
            rows.reject(row, BRANCH, _("01 党组织名册里没有这个党支部"), mend)
            return False
        row.values[BRANCH] = found
        other = tree.committee_of(found)
        if self._said.committee and other != self._said.committee:
            rows.reject(
                row,
                BRANCH,
                _("这个党支部属于{other}，不属于{committee}").format(
                    other=other, committee=self._said.committee
                ),
                _("核对党支部，或者另按{other}导入").format(other=other),
            )
            return False
        return True

    def _near(self, file: str) -> list[str]:
        tree, committee = self._standing.tree, self._owners[file]
        return [unit.name for unit in tree.branches(committee or None)] if tree else []

    def _not_elsewhere(self, rows: Table, row: Row) -> bool:
        kept = self._standing.people.get(row.values[NUMBER])
        committee = self._committee(row)
        if kept is None or not committee or kept.committee == committee:
            return True
        rows.reject(
            row,
            NUMBER,
            _("这个号码现在在{committee}的名册里（第{row}行）").format(committee=kept.committee, row=kept.row)
            if kept.row
            else _("这个号码现在在{committee}的名册里").format(committee=kept.committee),
            _("核对号码；确已转出的，先在那份名册里删去这一行"),
        )
        return False

    def _committee(self, row: Row) -> str:
        tree = self._standing.tree
        branch = self._branches.get(squeeze(str(row.values.get(BRANCH, ""))), "")
        return self._said.committee or (tree.committee_of(branch) if tree and branch else "")

    def likest(self, rows: Table) -> None:
        """Say beside a number that is missing who on record has the same name and month of birth; nothing is taken from it."""
        by_number = {row.number: row for row in rows.faulty}
        for at, one in enumerate(rows.problems):
            row = by_number.get(one.place.row or 0)
            if row is None or one.place.column != NUMBER or one.read or not row.values.get(NAME):
                continue
            month = str(row.cell(BIRTH) or "")[:7]
            alike = [
                f"{person.values[NAME]} {identity.masked(number)} {person.values.get(BRANCH, '')}"
                for number, person in self._standing.people.items()
                if names.key(str(person.values.get(NAME, ""))) == names.key(row.values[NAME])
                and f"{number[6:10]}-{number[10:12]}" == month
            ]
            if alike:
                hint = _("；现有名册中同名同出生年月的有：{people}").format(people="；".join(alike[:3]))
                rows.problems[at] = msgspec.structs.replace(one, mend=one.mend + hint)

    def lines(self, rows: Table, translated: Translated) -> list[Line]:
        """Every row of a file with its state; the sound ones become entries, the faulty ones are kept as they stood."""
        wrong: dict[int, list[str]] = {}
        for one in rows.problems:
            if one.place.row is not None:
                column = translated.written(one.place.column)
                wrong.setdefault(one.place.row, []).append(f"{column}：{one.wrong}" if column else one.wrong)
        faulty = {row.number for row in rows.faulty}
        filled: dict[int, dict[str, str]] = {}
        for (number, heading), source in translated.filled.items():
            filled.setdefault(number, {})[heading] = source
        lines: list[Line] = []
        for row in rows.every():
            changes: tuple[Change, ...] = ()
            own = filled.get(row.number, {})
            lacking = [
                _("缺“{heading}”").format(heading=heading)
                for heading in translated.lacking
                if heading not in own
            ]
            if row.number in faulty:
                state = FAULTY
                self._keep_in_sight(rows, row)
            else:
                state, changes = self._enter(rows, row)
            lines.append(
                Line(
                    rows.file,
                    row.number,
                    state,
                    str(row.values.get(NAME, "")),
                    identity.masked(str(row.values.get(NUMBER, ""))),
                    self._committee(row) or (self._owners[rows.file] if state == FAULTY else ""),
                    str(row.values.get(BRANCH, "")),
                    changes,
                    own if state != FAULTY else {},
                    tuple(wrong.get(row.number, lacking)) if state == FAULTY else (),
                )
            )
        return lines

    def _enter(self, rows: Table, row: Row) -> tuple[str, tuple[Change, ...]]:
        number = row.values[NUMBER]
        kept = self._standing.people.get(number)
        changes: tuple[Change, ...] = ()
        if kept is not None:
            compared = {
                heading: value
                for heading, value in row.values.items()
                if heading in kept.values or not self._standing.partial
            }
            changes = tuple(_changes(kept.values, compared))
        state = NEW if kept is None else CHANGED if changes or not kept.sound else UNCHANGED
        values = {heading: value for heading, value in row.values.items() if value not in ("", None)}
        if kept is not None:
            # What is the same stays as it is on record: a day known there is not made a month.
            changed = {change.heading for change in changes}
            values |= {
                heading: kept.values[heading] for heading in values.keys() & kept.values.keys() - changed
            }
        self._taken.entries.append(Entry(self._committee(row), number, values, state))
        if kept is None and (row.values.get("出生日期") != identity.birth(number)):
            self._odd_birth(rows, row, number)
        return state, changes

    def _odd_birth(self, rows: Table, row: Row, number: str) -> None:
        self._taken.oddities.append(
            problem(
                rows.place(row.number, "出生日期"),
                row.values.get("出生日期"),
                _("与公民身份号码中的出生日期{birth}不同").format(birth=identity.birth(number).isoformat()),
                _("档案与身份证不一致时以审核认定的为准，不影响计算"),
            )
        )

    def _keep_in_sight(self, rows: Table, row: Row) -> None:
        cells = {heading: row.cell(heading) for heading in row.places if heading != "序号"}
        cells |= {
            heading: value
            for heading, value in row.values.items()
            if heading != "序号" and value not in ("", None)
        }
        number = str(row.values.get(NUMBER, ""))
        self._taken.rest.append(
            Rest(rows.file, row.number, self._committee(row) or self._owners[rows.file], number, cells)
        )


def _changes(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterable[Change]:
    """The cells in which two rows of one person differ; what the new one leaves empty stays."""
    for heading, value in new.items():
        if heading in {"序号", NUMBER} or value in ("", None):
            continue
        before = old.get(heading)
        if heading not in old or not _same(heading, before, value):
            yield Change(heading, "" if before is None else str(before), str(value))


def _same(heading: str, old: Any, new: Any) -> bool:
    if heading == NAME:
        return names.key(str(old)) == names.key(str(new))
    if heading in translating.DATES:
        # A month says no less than is known of the day in it: it does not take the day away.
        return str(old) == str(new) or (len(str(new)) == 7 and str(old).startswith(str(new)))
    return squeeze(str(old if old is not None else "")) == squeeze(str(new))
