"""Papers of a rehearsal (演练): each is marked as one at the head of every page, so that none is taken for real."""

from __future__ import annotations

import io
import zipfile
from pathlib import PurePosixPath

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Pt, RGBColor
from openpyxl import load_workbook

HEAD = "演练　人员是虚构的，不算数"
_RED = RGBColor(0xB0, 0x1E, 0x1E)


def marked(content: bytes, kind: str) -> bytes:
    """A document (``docx``), a workbook (``xlsx``) or an archive of both (``zip``) with the mark; anything else as it is."""
    if kind == "docx":
        return _document(content)
    if kind == "xlsx":
        return _workbook(content)
    return _archive(content) if kind == "zip" else content


def _document(content: bytes) -> bytes:
    made = Document(io.BytesIO(content))
    for section in made.sections:
        heads = [section.header, section.first_page_header, section.even_page_header]
        for head in heads:
            head.is_linked_to_previous = False
            line = head.paragraphs[0].insert_paragraph_before()
            line.alignment = WD_ALIGN_PARAGRAPH.CENTER
            run = line.add_run(HEAD)
            run.bold, run.font.size, run.font.color.rgb = True, Pt(14), _RED
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def _workbook(content: bytes) -> bytes:
    book = load_workbook(io.BytesIO(content))
    for sheet in book.worksheets:
        for head in (sheet.oddHeader, sheet.evenHeader, sheet.firstHeader):
            head.center.text, head.center.size, head.center.color = HEAD, 14, "B01E1E"
        sheet.sheet_properties.tabColor = "B01E1E"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _archive(content: bytes) -> bytes:
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as given,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made,
    ):
        for one in given.infolist():
            kind = PurePosixPath(one.filename).suffix.lstrip(".")
            made.writestr(one, marked(given.read(one), kind))
    return out.getvalue()
