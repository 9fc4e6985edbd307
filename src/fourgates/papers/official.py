"""An official document in Word (公文), laid out as GB/T 9704-2012 has it where that applies.

A4, text block 156 × 225 mm with 22 lines of 28 characters; title 2号 小标宋, body 3号 仿宋, first level 黑体, second 楷体; page
numbers 4号 between dashes, outside. Fonts are named with a substitute and never brought along: they are licensed.
"""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from io import BytesIO
from typing import Any, Final

import docx
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from fourgates.papers.writing import inert

SONG, FANG, HEI, KAI = "方正小标宋简体", "仿宋_GB2312", "黑体", "楷体_GB2312"
INSTEAD: Final = {SONG: "宋体", FANG: "仿宋", HEI: "SimHei", KAI: "楷体"}
LATIN: Final = "Times New Roman"
SIZE_2, SIZE_3, SIZE_4, SIZE_5 = Pt(22), Pt(16), Pt(14), Pt(10.5)
LINE: Final = Pt(28.95)  # 225 mm over 22 lines
_CENTRE, _RIGHT = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.RIGHT


class Official:
    """A document under way: paragraphs and tables are added in the order they stand in."""

    def __init__(self, title: str, unit: str) -> None:
        self._document: Any = docx.Document()
        self._document.core_properties.title = inert(title)
        self._document.core_properties.author = inert(unit)
        self._document.core_properties.comments = ""
        self._page()
        self._styles()
        self._fonts()

    def title(self, text: str, below: str = "") -> None:
        """The title, its lines broken by sense, and in brackets what it is valid for."""
        self._add(text, "Title")
        if below:
            self._add(below, "Subtitle")

    def first(self, text: str) -> None:
        """A heading of the first level: 一、…"""
        self._add(text, "Heading 1")

    def second(self, text: str) -> None:
        """A heading of the second level: （一）…"""
        self._add(text, "Heading 2")

    def say(self, text: str) -> None:
        """A paragraph of the body."""
        self._add(text, "Normal")

    def signed(self, unit: str, day: str) -> None:
        """Who signs and of what day, at the right (落款)."""
        self._add("", "Normal")
        for text in (unit, day):
            paragraph = self._add(text, "Signed")
            paragraph.paragraph_format.right_indent = SIZE_3 * 4 if text == day else SIZE_3 * 2

    def annexes(self, names: Sequence[str]) -> None:
        """The list of annexes below the body (附件说明)."""
        self._add("", "Normal")
        for number, name in enumerate(names, start=1):
            paragraph = self._add(f"{'附件：' if number == 1 else '　　　'}{number}．{name}", "Normal")
            paragraph.alignment = WD_ALIGN_PARAGRAPH.LEFT

    def annex(self, number: int, title: str, below: str = "") -> None:
        """Begin an annex on a new page."""
        self._add(f"附件{number}", "Annex").paragraph_format.page_break_before = True
        self._add(title, "Table Title")
        if below:
            self._add(below, "Table Cell")

    def note(self, text: str) -> None:
        """A note below a table, or letters that are to stand as they are."""
        self._add(text, "Table Text")

    def caption(self, text: str) -> None:
        """The title of a table."""
        self._add(text, "Table Title")

    def table(
        self,
        headings: Sequence[str],
        rows: Sequence[Sequence[object]],
        widths: Sequence[int],
        centred: int = -1,
    ) -> None:
        """A table whose heading repeats on every page; ``widths`` in millimetres; columns from ``centred`` on stand in the
        middle, those before at the left."""
        table = self._document.add_table(rows=1 + len(rows), cols=len(headings))
        table.style = self._document.styles["Table Grid"]
        table.alignment = WD_TABLE_ALIGNMENT.CENTER
        table.autofit = False
        for column, width in zip(table.columns, widths, strict=True):
            column.width = Mm(width)
        lines = [headings, *rows]
        # Row by row over the tree itself: asking the table for a cell walks it anew each time.
        for number, (row, values) in enumerate(zip(table._tbl.tr_lst, lines, strict=True)):  # noqa: SLF001 - as above
            properties = row.get_or_add_trPr()
            properties.append(OxmlElement("w:cantSplit"))
            if number == 0:
                properties.append(OxmlElement("w:tblHeader"))
            for column, (cell, value) in enumerate(zip(row.tc_lst, values, strict=True)):
                middle = isinstance(value, int) or column >= centred >= 0
                _fill(
                    cell,
                    str(value),
                    "Table Head" if number == 0 else "Table Cell" if middle else "Table Text",
                )
        self._add("", "Table Text")

    def content(self) -> bytes:
        """The file; the same document gives the same bytes."""
        made, packed = BytesIO(), BytesIO()
        self._document.save(made)
        with zipfile.ZipFile(made) as parts, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as out:
            for name in parts.namelist():
                out.writestr(
                    zipfile.ZipInfo(name, (2000, 1, 1, 0, 0, 0)), parts.read(name), zipfile.ZIP_DEFLATED
                )
        return packed.getvalue()

    def _add(self, text: str, style: str) -> Any:
        return self._document.add_paragraph(inert(text), style=self._document.styles[style])

    def _page(self) -> None:
        section = self._document.sections[0]
        section.page_width, section.page_height = Mm(210), Mm(297)
        section.top_margin, section.bottom_margin = Mm(37), Mm(35)
        section.left_margin, section.right_margin = Mm(28), Mm(26)
        section.footer_distance = Mm(26)
        for old in section._sectPr.findall(qn("w:docGrid")):  # noqa: SLF001 - no other way to the grid
            section._sectPr.remove(old)  # noqa: SLF001 - as above
        grid = OxmlElement("w:docGrid")
        grid.set(qn("w:type"), "lines")
        grid.set(qn("w:linePitch"), "579")
        section._sectPr.append(grid)  # noqa: SLF001 - as above
        self._document.settings.odd_and_even_pages_header_footer = True
        for footer, side in ((section.footer, _RIGHT), (section.even_page_footer, WD_ALIGN_PARAGRAPH.LEFT)):
            footer.is_linked_to_previous = False
            paragraph = footer.paragraphs[0]
            paragraph.alignment = side
            paragraph.paragraph_format.left_indent = paragraph.paragraph_format.right_indent = SIZE_4
            _run(paragraph, "— ", SIZE_4)
            _field(_run(paragraph, "", SIZE_4), "PAGE")
            _run(paragraph, " —", SIZE_4)

    def _styles(self) -> None:
        self._style("Normal", font=FANG, size=SIZE_3, line=LINE, indent=True)
        self._style("Title", font=SONG, size=SIZE_2, line=Pt(36), align=_CENTRE)
        self._style("Subtitle", font=KAI, size=SIZE_3, line=LINE, align=_CENTRE, after=LINE)
        self._style("Heading 1", font=HEI, size=SIZE_3, line=LINE, indent=True, keep=True)
        self._style("Heading 2", font=KAI, size=SIZE_3, line=LINE, indent=True, keep=True)
        self._style("Signed", font=FANG, size=SIZE_3, line=LINE, align=_RIGHT)
        self._style("Annex", font=HEI, size=SIZE_3, line=LINE, keep=True)
        self._style("Table Title", font=HEI, size=SIZE_4, line=LINE, align=_CENTRE, keep=True)
        self._style("Table Head", font=HEI, size=SIZE_5, line=Pt(17), align=_CENTRE)
        self._style("Table Cell", font=FANG, size=SIZE_5, line=Pt(17), align=_CENTRE)
        self._style("Table Text", font=FANG, size=SIZE_5, line=Pt(17), align=WD_ALIGN_PARAGRAPH.LEFT)

    def _style(
        self,
        name: str,
        *,
        font: str,
        size: Any,
        line: Any,
        align: Any = None,
        indent: bool = False,
        keep: bool = False,
        after: Any = None,
    ) -> None:
        styles = self._document.styles
        style = (
            styles[name]
            if name in [one.name for one in styles]
            else styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        )
        style.font.size, style.font.bold, style.font.italic = size, False, False
        style.font.color.rgb = docx.shared.RGBColor(0, 0, 0)
        _face(style.element.get_or_add_rPr(), font)
        layout = style.paragraph_format
        layout.line_spacing_rule, layout.line_spacing = WD_LINE_SPACING.EXACTLY, line
        layout.space_before, layout.space_after, layout.keep_with_next = Pt(0), after or Pt(0), keep
        layout.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY if align is None else align
        properties = style.element.get_or_add_pPr()
        for old in properties.findall(qn("w:pBdr")):
            properties.remove(old)
        if size == SIZE_5:
            snap = OxmlElement("w:snapToGrid")
            snap.set(qn("w:val"), "0")
            properties.insert_element_before(snap, "w:spacing", "w:ind", "w:jc", "w:outlineLvl")
        layout.first_line_indent = Pt(32) if indent else Pt(0)
        if indent:
            properties.find(qn("w:ind")).set(qn("w:firstLineChars"), "200")

    def _fonts(self) -> None:
        """Name a substitute for every font, for machines that lack it."""
        part = next(
            rel.target_part for rel in self._document.part.rels.values() if rel.reltype.endswith("/fontTable")
        )
        named = "".join(
            f'<w:font w:name="{name}"><w:altName w:val="{other}"/><w:charset w:val="86"/></w:font>'
            for name, other in INSTEAD.items()
        )
        part._blob = part.blob.replace(b"</w:fonts>", f"{named}</w:fonts>".encode())  # noqa: SLF001 - no API for it


def _face(properties: Any, font: str) -> None:
    fonts = properties.get_or_add_rFonts()
    for name in list(fonts.attrib):
        del fonts.attrib[name]
    for script in ("ascii", "hAnsi", "cs"):
        fonts.set(qn(f"w:{script}"), LATIN)
    fonts.set(qn("w:eastAsia"), font)


def _run(paragraph: Any, text: str, size: Any) -> Any:
    run = paragraph.add_run(text)
    run.font.size = size
    _face(run._r.get_or_add_rPr(), "宋体")  # noqa: SLF001 - python-docx knows no East Asian face
    return run


def _field(run: Any, name: str) -> None:
    for kind, text in (("begin", ""), ("", name), ("end", "")):
        if kind:
            part = OxmlElement("w:fldChar")
            part.set(qn("w:fldCharType"), kind)
        else:
            part = OxmlElement("w:instrText")
            part.text = text
        run._r.append(part)  # noqa: SLF001 - python-docx knows no fields


def _fill(cell: Any, text: str, style: str) -> None:
    """One paragraph of ``text`` in a cell, in a style by name; built by hand, because a county has thousands."""
    paragraph = cell.p_lst[0]
    named = _under(_under(paragraph, "w:pPr"), "w:pStyle")
    named.set(qn("w:val"), style.replace(" ", ""))
    said = _under(_under(paragraph, "w:r"), "w:t")
    said.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    said.text = inert(text).replace("\n", " ")


def _under(parent: Any, name: str) -> Any:
    part = OxmlElement(name)
    parent.append(part)
    return part
