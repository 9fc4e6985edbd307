"""Thousands of damaged files through the readers: none crashes them, none holds them up, and no row is lost on the way.

Each file ends as recorded, as named problems, or as a refusal. A few hundred here; ``make mutate`` sends 10,000 and says
what became of them. Any failing number can be made again by itself: ``mutants.make(number, …)``.
"""

from __future__ import annotations

import os
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

import pytest

from fourgates import run as running
from fourgates.papers import forms, reading, table, writing
from fourgates.papers.forms import Form
from fourgates.papers.importing import header, taking
from fourgates.papers.importing.preview import FAULTY, Said
from fourgates.papers.importing.standing import Standing
from fourgates.papers.workbook import ANY, COUNTY, Cell, Kind, Limits, Reason, Sheet, Unreadable
from fourgates.papers.writing import Column, Table
from papers import mutants, qingwu
from papers.mutants import Mutant
from papers.test_kinds import FORM, OLD

HOW_MANY = int(os.environ.get("FOURGATES_MUTANTS", "300"))
SECONDS = 10
AT_ONCE = 120
ROWS = 25
LIMITS = Limits(seconds=SECONDS)


@dataclass
class Sound:
    """What the mutants are made from: forms by the name of their workbook, the workbooks, tables, other files."""

    forms: dict[str, Form] = field(default_factory=dict)
    workbooks: dict[str, bytes] = field(default_factory=dict)
    tables: dict[str, Table] = field(default_factory=dict)
    others: dict[str, bytes] = field(default_factory=dict)

    def make(self, number: int) -> Mutant:
        return mutants.make(number, self.workbooks, self.others, self.tables)


@pytest.fixture(scope="module")
def sound(small: Path, tmp_path_factory: pytest.TempPathFactory) -> Sound:
    """One workbook of each of the thirteen forms, as it was handed in and as our own writer writes it; other kinds."""
    found = Sound()
    layout = forms.forms(running.adopt(small))
    for name, form in layout.items():
        place = small / name
        path = sorted(place.glob("*.xlsx"))[0] if place.is_dir() else place
        sheet = reading.read(path)
        assert isinstance(sheet, Sheet), (path, sheet)
        read = table.read(name, sheet, form)
        called = f"{name.removesuffix('.xlsx').replace('/', ' ')}.xlsx"
        columns = [Column(cell) for cell in sheet.rows[read.header - 1] if isinstance(cell, str)]
        rows = [row.raw[: len(columns)] for row in read.every()[:ROWS]]
        found.tables[called] = Table("表", called, columns, rows, footer="填表人：")  # type: ignore[arg-type]
        found.workbooks[called] = writing.render([found.tables[called]])
        found.workbooks[f"原 {called}"] = path.read_bytes()
        found.forms[called] = found.forms[f"原 {called}"] = form
    folder = tmp_path_factory.mktemp("others")
    lines = [
        ["王秀兰", qingwu.WANG, "汉", "大学", "正式", qingwu.STREET, "2005/7/1", "", "好，很好"],
        ["李建国", qingwu.LI, "01", "21", "01", qingwu.HILL, "2005.07", "", '说"好"'],
        ["马小青", qingwu.MA, "03", "高中", "预备", qingwu.STREET, "2021/7/1", "", "两\n行"],
    ]
    for name, encoding in {"甲.csv": "gb18030", "乙.csv": "utf-8-sig", "丙.txt": "utf-16"}.items():
        path = qingwu.text(folder / name, qingwu.FOREIGN, *lines, encoding=encoding)
        found.others[name] = path.read_bytes()
    found.others["丁.xls"] = OLD.read_bytes()
    found.others["戊.lrmx"] = FORM.format(joined="200507", photo="QUJD" * 50).encode()
    old = [
        "王秀兰",
        "女",
        "198207",
        "汉族",
        "",
        "200507",
        *[""] * 3,
        "大学#学士@#",
        *[""] * 15,
        "镇长",
        *[""] * 7,
    ]
    found.others["己.lrm"] = ('"' + '","'.join(old) + '"').encode("gb2312")
    return found


def test_no_mutant_crashes_holds_up_or_loses_a_row(sound: Sound, tmp_path: Path) -> None:
    ends: dict[str, Counter[str]] = {damage: Counter() for damage in mutants.DAMAGES}
    wrong: list[tuple[int, bool, str, str, str]] = []
    died, slowest = 0, 0.0
    numbers = iter(range(HOW_MANY))
    while batch := list(islice(numbers, AT_ONCE)):
        made = [sound.make(number) for number in batch]
        paths = [mutants.write(tmp_path, *pair) for pair in zip(batch, made, strict=True)]
        for kinds in (COUNTY, ANY):
            chosen = [at for at, one in enumerate(made) if kinds == ANY or one.damage != "other"]
            read = _timed([paths[at] for at in chosen], kinds)
            for at, (sheet, seconds) in zip(chosen, read, strict=True):
                slowest = max(slowest, seconds)
                died += isinstance(sheet, Unreadable) and sheet.reason is Reason.DIED
                one = made[at]
                try:
                    end = _as_form(one, sheet, sound.forms) if kinds == COUNTY else _as_roster(one, sheet)
                except AssertionError as failed:
                    wrong.append((batch[at], kinds == COUNTY, one.damage, one.name, str(failed)))
                    continue
                ends[one.damage]["form: " * (kinds == COUNTY) + "import: " * (kinds == ANY) + end] += 1
        for path in paths:
            path.unlink()
    assert wrong == []
    assert slowest < SECONDS
    print(f"\n{HOW_MANY} mutants, slowest {slowest:.2f} s, readers replaced {died}")  # noqa: T201
    for damage, counted in ends.items():
        print(f"  {damage}: {dict(sorted(counted.items()))}")  # noqa: T201


def _timed(paths: list[Path], kinds: tuple[Kind, ...]) -> Iterator[tuple[Sheet | Unreadable, float]]:
    started = time.monotonic()
    for _path, sheet in reading.read_all(paths, limits=LIMITS, kinds=kinds):
        yield sheet, time.monotonic() - started
        started = time.monotonic()


def _as_form(mutant: Mutant, sheet: Sheet | Unreadable, layout: Mapping[str, Form]) -> str:
    """How a file ends that is read as the form it was."""
    if isinstance(sheet, Unreadable):
        assert sheet.reason is not Reason.TOO_SLOW, mutant
        assert mutant.rows is None, sheet
        return "refused"
    if mutant.rows is not None:
        assert _trimmed(sheet.rows[3:])[: len(mutant.rows)] == _trimmed(mutant.rows), mutant.name
    read = table.read(mutant.name, sheet, layout[mutant.name])
    if not read.usable:
        assert read.problems, mutant.name
        return "named"
    told = {row.number for row in read.every()} | {one.place.row or 0 for one in read.problems}
    numbering = (read.headings.get("序号") or [-1])[0]
    assert list(mutants.lost(sheet.rows, read.header, numbering, told)) == [], mutant.name
    named = {one.place.row for one in read.problems}
    assert [row.number for row in read.faulty if row.number not in named] == []
    return "named" if read.problems else "recorded"


def _as_roster(mutant: Mutant, sheet: Sheet | Unreadable) -> str:
    """How a file ends that is taken for somebody's roster."""
    taken = taking.compare([(mutant.name, sheet)], Said(committee="党委"), Standing())
    if isinstance(sheet, Unreadable):
        assert sheet.reason is not Reason.TOO_SLOW, mutant
        assert [one.place.file for one in taken.problems] == [mutant.name]
        return "refused"
    if not taken.preview.files:
        assert taken.problems, mutant.name
        return "named"
    head = header.find(sheet)
    assert head is not None
    numbering = head.columns()["序号"].column if "序号" in head.columns() else -1
    told = {line.row for line in taken.preview.lines} | {one.place.row or 0 for one in taken.problems}
    assert list(mutants.lost(sheet.rows, head.below, numbering, told)) == [], mutant.name
    assert [line for line in taken.preview.lines if line.state == FAULTY and not line.wrong] == []
    assert len(taken.entries) + len(taken.rest) == len(taken.preview.lines)
    return "named" if taken.problems else "recorded"


def _trimmed(rows: list[list[Cell]]) -> list[list[Cell]]:
    """The rows without empty cells at their ends."""
    kept = []
    for row in rows:
        cells = list(row)
        while cells and cells[-1] is None:
            cells.pop()
        kept.append(cells)
    return kept
