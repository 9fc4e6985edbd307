"""Which columns a roster has (表头): found by their words, in one row or in two, wherever they stand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from fourgates.papers.importing import words
from fourgates.papers.table import SEARCHED
from fourgates.papers.workbook import Cell, Sheet

LEAST = 3
"""Headings that must be understood, the name among them, before a sheet is taken for a roster."""
NAME = "姓名"


@dataclass(frozen=True, slots=True)
class Label:
    """A heading as it is written, its column from nought, and what it was taken for (empty: not understood).

    ``beside`` is the heading of another column that was taken for the same instead; ``doubled`` that two columns say so
    in the very same words, and nobody may guess which.
    """

    column: int
    written: str
    taken: str = ""
    beside: str = ""
    doubled: bool = False


@dataclass(frozen=True, slots=True)
class Header:
    """Where the rows begin (their first index), and every heading above them."""

    below: int
    labels: tuple[Label, ...]

    def columns(self) -> dict[str, Label]:
        """Our headings → the labels taken for them."""
        return {label.taken: label for label in self.labels if label.taken}


def find(sheet: Sheet) -> Header | None:
    """The headings of the first rows that have most of them; ``None`` when it does not look like a roster."""
    best: Header | None = None
    most = (0, 0)
    for top in range(min(SEARCHED, len(sheet.rows))):
        one = [_words(cell) for cell in sheet.rows[top]]
        candidates = [(top + 1, [[label] if label else [] for label in one])]
        if top + 1 < len(sheet.rows):
            candidates.append((top + 2, _joined(one, [_words(cell) for cell in sheet.rows[top + 1]])))
        for below, labels in candidates:
            found = Header(below, _taken(labels))
            columns = found.columns()
            # Where two rows understand no more than one does, the upper is a title.
            if NAME in columns and (fit := (len(columns), top - below)) > most:
                best, most = found, fit
    return best if most[0] >= LEAST else None


def _words(cell: Cell) -> str:
    return " ".join(cell.split()) if isinstance(cell, str) else ""


def _joined(top: Sequence[str], bottom: Sequence[str]) -> list[list[str]]:
    """What each column may be called where two rows name it: the lower words, both together, or the upper alone."""
    found: list[list[str]] = []
    across = ""
    for above, below in zip(top, bottom, strict=True):
        across = above or (across if below else "")
        found.append([below, across + below] if below else [above] if above else [])
    return found


def _taken(candidates: Sequence[Sequence[str]]) -> tuple[Label, ...]:
    """One label a column; where several are taken for the same, our own word first, then the table's order."""
    labels: list[Label] = []
    for column, said in enumerate(candidates):
        if said:
            meant = next(((one, own) for one in said if (own := words.heading(one))), (said[0], ""))
            labels.append(Label(column, *meant))
    for own in {label.taken for label in labels if label.taken}:
        same = [label for label in labels if label.taken == own]
        if len(same) > 1:
            order = [words.bare(one) for one in (own, *words.words().headings[own])]
            ranks = [_rank(order, label.written) for label in same]
            first = same[ranks.index(min(ranks))]
            for label, rank in zip(same, ranks, strict=True):
                at = labels.index(label)
                if ranks.count(min(ranks)) > 1 and rank == min(ranks):
                    labels[at] = Label(label.column, label.written, "", own, doubled=True)
                elif label is not first:
                    labels[at] = Label(label.column, label.written, "", first.written)
    return tuple(labels)


def _rank(order: Sequence[str], written: str) -> int:
    bare = words.bare(written)
    return order.index(bare) if bare in order else len(order)
