"""The county folder on disk: which files should be there, which are, and what lies there besides (文件清单)."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from fourgates.i18n import _
from fourgates.papers import files, forms
from fourgates.papers.cells import squeeze
from fourgates.papers.problems import Place, Problem, problem

MOST_FILES = 5_000  # a county has some 140: beyond this nobody reads a list of what does not belong
MOST_STRANGERS = 50
_IGNORED = (".", "~$", "Thumbs.db", "desktop.ini")
PLAN = "plan.toml"


@dataclass(frozen=True, slots=True)
class Expected:
    """A file that should be there: its path inside the folder, the form it is, and whose it is (a committee or a
    department, empty for the county's own)."""

    file: str
    form: str
    of: str = ""


@dataclass(slots=True)
class Folder:
    """What lies in a county folder. ``files``: path inside, squeezed → real path; ``strangers``: names nobody expects."""

    root: Path
    files: dict[str, Path] = field(default_factory=dict)
    overfull: bool = False

    def find(self, expected: Expected) -> Path:
        """Where an expected file lies, however its name is spaced; the plain place when it is not there."""
        there = self.files.get(squeeze(expected.file))
        if there is not None:
            return there
        try:
            return files.within(self.root, expected.file)
        except ValueError:
            return (
                self.root / expected.form / "-"
            )  # nobody's name leads out of the folder: it is a missing file

    def strangers(self, wanted: Iterable[Expected]) -> Iterator[Problem]:
        """Files that belong to no form: shown as oddities, a few by name and the rest as a number."""
        known = {squeeze(one.file) for one in wanted} | {PLAN}
        unknown = [
            path for name, path in self.files.items() if name not in known and path.suffix.lower() in _SHEETS
        ]
        for path in unknown[:MOST_STRANGERS]:
            yield problem(
                Place(path.relative_to(self.root).as_posix()),
                None,
                _("这个文件不是方案要求的表册，没有读"),
                _("如果应当读入，请按约定的文件夹和文件名放置；党委的文件名应与01中的名称一致"),
            )
        if len(unknown) > MOST_STRANGERS:
            more = len(unknown) - MOST_STRANGERS
            yield problem(
                Place(""), None, _("另有{count}个不认识的文件，没有读").format(count=more), _("清理文件夹")
            )


_SHEETS = {".xlsx", ".xls", ".xlsm", ".csv", ".et"}


def look(root: Path) -> Folder:
    """What lies in ``root`` and one level below: names only, nothing is opened; bounded however full the folder is."""
    folder = Folder(root)
    for path in islice(_walk(root), MOST_FILES + 1):
        if len(folder.files) >= MOST_FILES:
            folder.overfull = True
            break
        folder.files.setdefault(squeeze(path.relative_to(root).as_posix()), path)
    return folder


def _walk(root: Path) -> Iterator[Path]:
    below: list[Path] = []
    with os.scandir(root) as entries:
        for entry in entries:
            if entry.name.startswith(_IGNORED):
                continue
            if entry.is_dir(follow_symlinks=False):
                below.append(Path(entry.path))
            else:
                yield Path(entry.path)
    # The forms' own folders first, so that a folder full of strangers never hides them.
    for place in sorted(below, key=lambda path: (not path.name[:2].isdigit(), path.name)):
        with os.scandir(place) as entries:
            for entry in entries:
                if not entry.name.startswith(_IGNORED) and not entry.is_dir(follow_symlinks=False):
                    yield Path(entry.path)


COUNTY = (
    forms.SURVEYS,
    forms.REVIEWS,
    forms.PROFILES,
    forms.STANDARD,
    forms.CHECKS,
    forms.SANCTIONS,
    forms.DECISION,
)
"""What the county keeps in one file each."""


def of_county(departments: Sequence[str]) -> list[Expected]:
    """The files the county itself keeps, and one reply for each department."""
    return [
        Expected(forms.COUNTY_STEPS, forms.STEPS),
        *(Expected(name, name) for name in COUNTY),
        *(Expected(f"{forms.REPLIES}/{name}.xlsx", forms.REPLIES, name) for name in departments),
    ]


def of_committees(names: Sequence[str]) -> list[Expected]:
    """The four files each committee hands in."""
    return [
        Expected(f"{form}/{name}.xlsx", form, name)
        for form in (forms.ROSTER, forms.STEPS, forms.MARKS, forms.NOMINATIONS)
        for name in names
    ]


MAY_BE_ABSENT: Mapping[str, bool] = {forms.DECISION: True}
