"""What an import would do, before it does anything (预览): every row with its state, every cell that changes, the totals.

A row is *new*, *changed*, *unchanged* or *faulty*, by its citizen number against what is on record and never by its name.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec

from fourgates.papers.importing.follow import Follows
from fourgates.papers.problems import Problem
from fourgates.papers.workbook import Cell

NEW, CHANGED, UNCHANGED, FAULTY = "new", "changed", "unchanged", "faulty"


class Heading(msgspec.Struct, frozen=True):
    """A heading of the file: its column as a spreadsheet letters it, what was read, what it was taken for (empty: not
    understood), and which other column was taken for the same instead."""

    column: str
    read: str
    taken: str = ""
    beside: str = ""


class File(msgspec.Struct, frozen=True):
    """A file that could be read: what its content was, its headings, and those of ours that it does not have."""

    file: str
    sheet: str
    kind: str
    headings: tuple[Heading, ...]
    absent: tuple[str, ...]


class Change(msgspec.Struct, frozen=True):
    """A cell that would change: our heading, what stands now, what would stand."""

    heading: str
    old: str
    new: str


class Line(msgspec.Struct, frozen=True):
    """One row: where it stands, its state, whom it names (the number masked), whose roster it belongs to, which cells
    change, which were filled from elsewhere (heading → whence), and what is wrong with it."""

    file: str
    row: int
    state: str
    name: str
    number: str
    committee: str
    branch: str
    changes: tuple[Change, ...] = ()
    filled: Mapping[str, str] = {}
    wrong: tuple[str, ...] = ()


class Totals(msgspec.Struct, frozen=True):
    """Rows by state; ``absent`` counts those on record whom no file names: they stay."""

    rows: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    faulty: int = 0
    absent: int = 0


class Preview(msgspec.Struct, frozen=True):
    """The whole preview: files, rows, totals (of everything and by committee), what follows, number of problems."""

    files: tuple[File, ...]
    lines: tuple[Line, ...]
    totals: Totals
    committees: Mapping[str, Totals]
    follows: Mapping[str, Follows]
    problems: int


@dataclass(slots=True)
class Entry:
    """A sound row that may be entered: whose roster, the number, and what it says by heading."""

    committee: str
    number: str
    values: dict[str, Any]
    state: str


@dataclass(slots=True)
class Rest:
    """A faulty row as it stood, in our headings, for whoever keeps it in sight: where it came from, whose roster, number
    if any, cells."""

    file: str
    row: int
    committee: str
    number: str
    cells: dict[str, Cell]


@dataclass(slots=True)
class Taken:
    """What the files gave: the preview, the rows to enter, the faulty ones, and every problem with its place."""

    preview: Preview
    entries: list[Entry] = field(default_factory=list)
    rest: list[Rest] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    oddities: list[Problem] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Said:
    """What whoever imports says of the files: whose roster, which branch, and our heading → value where none is there."""

    committee: str = ""
    branch: str = ""
    told: Mapping[str, str] = field(default_factory=dict)
