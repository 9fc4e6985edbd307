"""Files in, a preview out (读入): every file read, put in our own form's words, compared, and what would follow said.

Nothing is written here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path

import msgspec

from fourgates.i18n import _
from fourgates.papers import forms, reading, registers, table
from fourgates.papers.desk import NUMBER
from fourgates.papers.importing import follow, header, translating
from fourgates.papers.importing.comparing import BRANCH, Judge
from fourgates.papers.importing.preview import (
    CHANGED,
    FAULTY,
    NEW,
    UNCHANGED,
    File,
    Heading,
    Line,
    Preview,
    Said,
    Taken,
    Totals,
)
from fourgates.papers.importing.standing import Standing
from fourgates.papers.importing.translating import Translated
from fourgates.papers.problems import Place, Problem, problem
from fourgates.papers.table import Table
from fourgates.papers.workbook import ANY, Sheet, Unreadable, explain

Progress = Callable[[int, int], None]


def take(paths: Sequence[Path], said: Said, standing: Standing, progress: Progress | None = None) -> Taken:
    """Read every file, compare it with what is on record, and say what would follow."""
    sheets = reading.read_all(paths, kinds=ANY, progress=progress)
    return compare(zip(_shown(paths), (sheet for _path, sheet in sheets), strict=True), said, standing)


def compare(files: Iterable[tuple[str, Sheet | Unreadable]], said: Said, standing: Standing) -> Taken:
    """The same for files that were read already: each with the name it goes by."""
    form, known = forms.roster(), standing.known()
    given = {BRANCH: said.branch} if said.branch else {}
    taken = Taken(Preview((), (), Totals(), {}, {}, 0))
    read: list[tuple[Table, Translated]] = []
    for name, sheet in files:
        if isinstance(sheet, Unreadable):
            taken.problems.append(problem(Place(name), None, *explain(sheet)))
            continue
        found = header.find(sheet)
        if found is None or not _told_apart(taken, name, sheet, found):
            if found is None:
                taken.problems.append(_no_header(name, sheet))
            continue
        translated = translating.translate(sheet, found, form, known, given, said.told)
        rows = table.read(name, translated.sheet, form)
        rows.problems[:] = _of_rows(rows, translated)
        read.append((rows, translated))
    judged = Judge(taken, said, standing, (rows for rows, _translated in read))
    for rows, _translated in read:
        rows.keep(partial(judged.sound, rows))
        judged.likest(rows)
    registers.double({str(number): rows for number, (rows, _) in enumerate(read)})
    lines: list[Line] = []
    for rows, translated in read:
        lines += judged.lines(rows, translated)
        taken.problems += [_in_their_words(one, translated) for one in rows.problems]
    taken.preview = Preview(
        tuple(_file(rows, translated) for rows, translated in read),
        tuple(lines),
        _totals(lines, standing, None),
        {name: _totals(lines, standing, name) for name in _committees(lines)},
        follow.follows(standing, {one.number: one for one in taken.entries}),
        len(taken.problems),
    )
    return taken


def _shown(paths: Sequence[Path]) -> list[str]:
    """The files by name, with their folder where two have one name."""
    plain = [path.name for path in paths]
    return [
        name if plain.count(name) == 1 else path.as_posix() for name, path in zip(plain, paths, strict=True)
    ]


def _committees(lines: Iterable[Line]) -> list[str]:
    return list(dict.fromkeys(line.committee for line in lines if line.committee))


def _no_header(name: str, sheet: Sheet) -> Problem:
    return problem(
        Place(name, sheet.name),
        None,
        _("没有找到表头：前{rows}行里认不出“姓名”和另外至少两个栏目").format(rows=table.SEARCHED),
        _("核对是不是党员名册；栏目的叫法见 docs/imports.md"),
    )


def _told_apart(taken: Taken, name: str, sheet: Sheet, found: header.Header) -> bool:
    """False when two columns have the very same words: a problem each, and the file is not used."""
    doubled = [label for label in found.labels if label.doubled]
    for label in doubled:
        place = Place(name, sheet.name, found.below, label.written)
        taken.problems.append(
            problem(
                place,
                label.written,
                _("有两列都叫“{heading}”，不知道该用哪一列").format(heading=label.written),
                _("只保留一列，其余的删去或者改名"),
            )
        )
    return not doubled


def _of_rows(rows: Table, translated: Translated) -> list[Problem]:
    """The problems of the rows; a column that is not there is one problem with the number of its rows, not one a row.

    Numbers are everybody's own: where that column is missing, each row says so.
    """
    kept: list[Problem] = []
    blocked: dict[str, int] = {}
    absent = {*translated.absent} - {NUMBER}
    spoilt = {one.place.row for one in rows.problems if one.place.column not in absent}
    for one in rows.problems:
        if one.place.column == "序号":
            continue
        if one.place.column in absent:
            blocked[one.place.column] = blocked.get(one.place.column, 0) + (one.place.row not in spoilt)
        else:
            kept.append(one)
    kept += [
        problem(
            rows.place(None, heading),
            None,
            _("没有“{heading}”这一列，有{count}行因此不能用").format(heading=heading, count=count),
            _("补上这一列；各行都一样的，可以写 --assume {heading}=…").format(heading=heading),
        )
        for heading, count in blocked.items()
        if count
    ]
    return kept


def _in_their_words(one: Problem, translated: Translated) -> Problem:
    """A problem as its file would point at it: under the file's own heading."""
    place = msgspec.structs.replace(one.place, column=translated.written(one.place.column))
    return msgspec.structs.replace(one, place=place)


def _file(rows: Table, translated: Translated) -> File:
    labels = translated.header.labels
    return File(
        rows.file,
        rows.sheet,
        translated.sheet.kind,
        tuple(Heading(_letters(one.column), one.written, one.taken, one.beside) for one in labels),
        translated.absent,
    )


def _letters(column: int) -> str:
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _totals(lines: Iterable[Line], standing: Standing, committee: str | None) -> Totals:
    own = [line for line in lines if committee is None or line.committee == committee]
    touched = {line.committee for line in own if line.committee}
    counts = {state: sum(line.state == state for line in own) for state in (NEW, CHANGED, UNCHANGED, FAULTY)}
    here = sum(person.committee in touched for person in standing.people.values())
    met = counts[CHANGED] + counts[UNCHANGED]
    return Totals(len(own), **counts, absent=max(0, here - met))
