"""What goes out to a department (征求意见函、回函表): the letter, and the workbook to answer on, for one or for all."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable

from fourgates import canon
from fourgates.papers import blank, forms
from fourgates.papers.desk import NUMBER
from fourgates.papers.documents import kinds, writing
from fourgates.papers.documents.ground import Ground
from fourgates.papers.documents.writing import Source, Templates
from fourgates.papers.prefill import Prefill
from fourgates.web import looks, replies
from fourgates.web.access import Room

LETTER, REPLY = "征求意见函", "征求意见回函"


def source(room: Room) -> Source:
    """Where documents that nobody signs are written from: the state the page shows, and the seal of its last entry."""
    n = room.state.n
    with room.keeper.store.reading() as view:
        (line,) = view.lines(n - 1, n)
    return Source(Ground(room.state, room.names), n, canon.digest(line), b"", bool(room.names.people))


def letter(room: Room, department: str, written_from: Source | None = None) -> bytes:
    """The letter to a department; ``Refused`` (D.3) where the names are gone."""
    found = written_from or source(room)
    return writing.make(found, kinds.kind("letter"), department, Templates()).content


def workbook(room: Room, department: str) -> bytes:
    """The workbook on which a department answers, with its own list on it; that numbers were given out is noted."""
    plan = room.facts.rulebook()
    people = room.by_strokes(replies.listed(room, department))
    lines = [{"姓名": room.names.name(id_), NUMBER: room.names.number(id_)} for id_ in people]
    looks.note(room, people, f"{REPLY}：{department}")
    prefill = Prefill(room.tree.county, lines={(forms.REPLIES, department): lines})
    return blank.workbook(plan, forms.forms(plan)[forms.REPLIES], department, prefill)


def together(room: Room, departments: Iterable[str]) -> bytes:
    """Letter and workbook of every department in one archive."""
    out = io.BytesIO()
    found = source(room)
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for department in departments:
            archive.writestr(f"{LETTER}/{LETTER}_{department}.docx", letter(room, department, found))
            archive.writestr(f"{REPLY}/{department}.xlsx", workbook(room, department))
    return out.getvalue()
