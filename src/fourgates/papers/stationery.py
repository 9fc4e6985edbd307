"""What official paper carries besides its page (版头、版记、函、纪要、表格): the parts of GB/T 9704-2012 beyond it.

Templates are made with it: a fingerprint below the page number, red heads with number and line, the letter's double lines,
the imprint at the foot of the last page, and tables of forms with cells joined as forms have them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, Literal

import msgspec
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.parser import parse_xml
from docx.shared import Mm, Pt, RGBColor

from fourgates.papers.official import FANG, HEI, KAI, LINE, SIZE_3, SIZE_4, SONG, Official

RED: Final = RGBColor(0xC8, 0x10, 0x10)
_W: Final = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_ENOUGH: Final = 25  # characters of text that must stand on a page with a signature
_TWIPS: Final = 1440 / 25.4
Align = Literal["left", "center", "right"]


class Cell(msgspec.Struct, frozen=True):
    """A cell of a form: its text, how many columns and rows it spans, its style and side; a line that begins with a tab
    stands at the right."""

    text: str = ""
    across: int = 1
    down: int = 1
    style: str = "Form Cell"
    align: Align = "center"


class Row(msgspec.Struct, frozen=True):
    """A row of a form: its cells, and its least height in millimetres."""

    cells: Sequence[Cell | str]
    height: float = 9


class Paper(Official):
    """An official document with the parts a plain one lacks; ``landscape`` for wide tables."""

    def __init__(self, title: str, *, landscape: bool = False) -> None:
        super().__init__(title, "fourgates")
        self._landscape = landscape
        self.width = 225 if landscape else 156
        if landscape:
            self._turn()
        self._more_styles()
        self._fingerprint()
        self._lighten()

    # --- head and foot ---

    def red_head(self, mark: str, number: str = "＿＿发〔{{年}}〕＿＿号", *, signer: bool = False) -> None:
        """The red head (版头): who issues, the number with six-angle brackets, for papers that go up the signer, a red line."""
        self._add(mark, "Red Head")
        self._add("", "Normal")
        if signer:
            paragraph = self._add(f"　{number.replace('发', '')}\t签发人：＿＿＿＿　", "Head Number")
            paragraph.alignment = WD_ALIGN_PARAGRAPH.LEFT
            paragraph.paragraph_format.tab_stops.add_tab_stop(Mm(self.width), WD_TAB_ALIGNMENT.RIGHT)
        else:
            paragraph = self._add(number, "Head Number")
        _border(paragraph, "bottom", "single", 12, 10)
        self._gap()

    def letter_head(self, mark: str, number: str = "＿＿函〔{{年}}〕＿＿号") -> None:
        """The letter's head (信函格式): who writes, a red double line, the number at the right; one more at the page's foot."""
        section = self._document.sections[0]
        section.different_first_page_header_footer = True
        # The name stands above the text block, 30 mm below the edge, and pushes the text of this page down.
        section.header_distance = Mm(30)
        head = section.first_page_header
        head.is_linked_to_previous = False
        head.paragraphs[0].style = self._document.styles["Red Head"]
        head.paragraphs[0].add_run(mark)
        _border(head.paragraphs[0], "bottom", "thickThinSmallGap", 18, 4)
        self._add(number, "Head Number").alignment = WD_ALIGN_PARAGRAPH.RIGHT
        self._gap()
        foot = section.first_page_footer
        foot.is_linked_to_previous = False
        foot.paragraphs[0].style = self._document.styles["Fingerprint"]
        _border(foot.paragraphs[0], "top", "thinThickSmallGap", 18, 4)
        foot.paragraphs[0].add_run("{{指纹}}")

    def minutes_head(self, mark: str, issuer: str) -> None:
        """The head of minutes (纪要格式): the red name, issue number, who issues and when, a red line."""
        self._add(mark, "Red Head")
        self._add("（＿＿）", "Head Number")
        paragraph = self._add(f"{issuer}\t＿＿年＿＿月＿＿日", "Head Number")
        paragraph.alignment = WD_ALIGN_PARAGRAPH.LEFT
        paragraph.paragraph_format.tab_stops.add_tab_stop(Mm(self.width), WD_TAB_ALIGNMENT.RIGHT)
        _border(paragraph, "bottom", "single", 12, 4)
        self._gap()

    def addressed(self, text: str) -> None:
        """Whom the document is for (主送机关), at the margin."""
        paragraph = self._add(text, "Normal")
        paragraph.paragraph_format.first_line_indent = Pt(0)
        paragraph._p.get_or_add_pPr().find(qn("w:ind")).set(qn("w:firstLineChars"), "0")  # noqa: SLF001 - no API for it

    def imprint(self, copies: str, office: str) -> None:
        """The imprint (版记) at the foot of the last page: who gets copies, who prints and when."""
        lines = [f"　抄送：{copies}"] if copies else []
        lines.append(f"　{office}\t＿＿年＿＿月＿＿日印发　")
        table = self._document.add_table(rows=len(lines), cols=1)
        for number, (row, said) in enumerate(zip(table.rows, lines, strict=True)):
            row.cells[0].width = Mm(self.width)
            paragraph = row.cells[0].paragraphs[0]
            paragraph.style = self._document.styles["Imprint"]
            paragraph.paragraph_format.tab_stops.add_tab_stop(Mm(self.width - 4), WD_TAB_ALIGNMENT.RIGHT)
            paragraph.add_run(said)
            _edges(row.cells[0], number == 0, number == len(lines) - 1)
        _settle(table._tbl, [self.width], foot=True)  # noqa: SLF001 - python-docx knows no floating tables
        self._add("", "Fingerprint")

    # --- text ---

    def small(self, text: str, align: Align = "left") -> None:
        """A line in the size of tables."""
        self._add(text, "Form Text").alignment = _SIDES[align]

    def ragged(self, text: str) -> None:
        """A paragraph of the body that is mostly figures, not stretched to the right edge."""
        self._add(text, "Normal").alignment = WD_ALIGN_PARAGRAPH.LEFT

    def fine(self, text: str) -> None:
        """A note below a wide table, in its size."""
        self._add(text, "Form Small").alignment = WD_ALIGN_PARAGRAPH.LEFT

    def middle(self, text: str) -> None:
        """A line of the body in the middle."""
        paragraph = self._add(text, "Subtitle")
        paragraph.paragraph_format.space_after = Pt(0)

    def heading(self, text: str) -> None:
        """The title of a form or a wide table: 小标宋, smaller than that of a document."""
        self._add(text, "Form Title")

    def unit_line(self, left: str, right: str) -> None:
        """The line above a table: for whom at the left, of what day at the right."""
        paragraph = self._add(f"{left}\t{right}", "Form Text")
        paragraph.paragraph_format.tab_stops.add_tab_stop(Mm(self.width), WD_TAB_ALIGNMENT.RIGHT)

    def undersigned(self, unit: str) -> None:
        """Who signs, and a day to be filled in (落款、成文日期): right four characters free, as under a seal."""
        # Never a signature on a page without a word of the text: what stands before it comes along.
        for before in reversed(self._document.paragraphs):
            before.paragraph_format.keep_with_next = True
            if len(before.text.replace("＿", "")) > _ENOUGH and "附件：" not in before.text:
                break
        self._add("", "Normal").paragraph_format.keep_with_next = True
        for said, free in ((unit, 2), ("＿＿＿＿年＿＿月＿＿日", 4)):
            paragraph = self._add(said, "Signed")
            paragraph.paragraph_format.right_indent = SIZE_3 * free
            paragraph.paragraph_format.keep_with_next = free == 2

    def contact(self) -> None:
        """Who can be asked, in brackets below (附注)."""
        self._document.paragraphs[-1].paragraph_format.keep_with_next = True
        self._add("（联系人：＿＿＿＿；联系电话：＿＿＿＿＿＿）", "Normal")

    def new_page(self) -> None:
        """What follows begins on a page of its own."""
        self._add("", "Form Text").paragraph_format.page_break_before = True

    # --- tables ---

    def form(self, widths: Sequence[float], rows: Sequence[Row], *, repeat: int = 0) -> None:
        """A table of a form: ``widths`` in millimetres; the first ``repeat`` rows stand on every page."""
        table = self._document.add_table(rows=0, cols=0)
        tbl = table._tbl  # noqa: SLF001 - built cell by cell: python-docx joins cells only afterwards
        _settle(tbl, widths)
        open_: dict[int, tuple[int, int]] = {}
        for number, row in enumerate(rows):
            tr = OxmlElement("w:tr")
            height = f'<w:trHeight w:val="{round(row.height * _TWIPS)}" w:hRule="atLeast"/>'
            head = "<w:tblHeader/>" if number < repeat else ""
            tr.append(parse_xml(f"<w:trPr {_W}><w:cantSplit/>{height}{head}</w:trPr>"))
            at, waiting = 0, list(row.cells)
            while at < len(widths):
                if at in open_:
                    left, across = open_.pop(at)
                    tr.append(self._cell(Cell("", across), widths[at : at + across], "continue"))
                    if left > 1:
                        open_[at] = left - 1, across
                    at += across
                    continue
                said = waiting.pop(0)
                cell = Cell(said) if isinstance(said, str) else said
                merge = "restart" if cell.down > 1 else ""
                tr.append(self._cell(cell, widths[at : at + cell.across], merge))
                if cell.down > 1:
                    open_[at] = cell.down - 1, cell.across
                at += cell.across
            tbl.append(tr)

    def _cell(self, cell: Cell, widths: Sequence[float], merge: str) -> Any:
        span = f'<w:gridSpan w:val="{len(widths)}"/>' if len(widths) > 1 else ""
        down = {"": "", "restart": '<w:vMerge w:val="restart"/>', "continue": "<w:vMerge/>"}[merge]
        tc = parse_xml(
            f'<w:tc {_W}><w:tcPr><w:tcW w:w="{round(sum(widths) * _TWIPS)}" w:type="dxa"/>{span}{down}'
            '<w:tcMar><w:left w:w="60" w:type="dxa"/><w:right w:w="60" w:type="dxa"/></w:tcMar>'
            '<w:vAlign w:val="center"/></w:tcPr></w:tc>'
        )
        style = self._document.styles[cell.style].style_id
        for said in cell.text.split("\n"):
            side = "right" if said.startswith("\t") else cell.align
            tc.append(
                parse_xml(
                    f'<w:p {_W}><w:pPr><w:pStyle w:val="{style}"/><w:jc w:val="{side}"/></w:pPr>'
                    f"<w:r><w:t xml:space='preserve'>{said.lstrip(chr(9))}</w:t></w:r></w:p>"
                )
            )
        return tc

    # --- page ---

    def _gap(self) -> None:
        self._add("", "Normal")

    def _turn(self) -> None:
        section = self._document.sections[0]
        section.orientation = WD_ORIENT.LANDSCAPE
        section.page_width, section.page_height = Mm(297), Mm(210)
        section.top_margin, section.bottom_margin = Mm(28), Mm(26)
        section.left_margin, section.right_margin = Mm(37), Mm(35)

    def _more_styles(self) -> None:
        centre = WD_ALIGN_PARAGRAPH.CENTER
        self._style("Red Head", font=SONG, size=Pt(36), line=Pt(46), align=centre)
        self._document.styles["Red Head"].font.color.rgb = RED
        self._style("Head Number", font=FANG, size=SIZE_3, line=LINE, align=centre)
        self._style("Form Title", font=SONG, size=Pt(20), line=Pt(32), align=centre, keep=True)
        self._style("Form Text", font=FANG, size=Pt(12), line=Pt(20))
        self._style("Form Cell", font=FANG, size=Pt(12), line=Pt(18), align=centre)
        self._style("Form Label", font=HEI, size=Pt(12), line=Pt(18), align=centre)
        self._style("Form Small", font=FANG, size=Pt(9), line=Pt(12), align=centre)
        self._style("Form Small Label", font=HEI, size=Pt(9), line=Pt(12), align=centre)
        self._style("Imprint", font=FANG, size=SIZE_4, line=Pt(24), align=WD_ALIGN_PARAGRAPH.LEFT)
        self._style("Draft", font=KAI, size=SIZE_3, line=LINE, align=centre)
        self._style("Fingerprint", font=FANG, size=Pt(7), line=Pt(10), align=centre)
        self._document.styles["Fingerprint"].font.color.rgb = RGBColor(0x60, 0x60, 0x60)
        for name in ("Normal", "Heading 1", "Heading 2", "Signed"):
            # 28 characters of 16 pt on 156 mm: a quarter of a point less between them, which every program keeps.
            spacing = OxmlElement("w:spacing")
            spacing.set(qn("w:val"), "-5")
            self._document.styles[name].element.get_or_add_rPr().append(spacing)
        for name in ("Form Text", "Form Cell", "Form Label", "Form Small", "Form Small Label", "Fingerprint"):
            snap = OxmlElement("w:snapToGrid")
            snap.set(qn("w:val"), "0")
            properties = self._document.styles[name].element.get_or_add_pPr()
            properties.insert_element_before(snap, "w:spacing", "w:ind", "w:jc", "w:outlineLvl")

    def _lighten(self) -> None:
        """Leave out what no document here needs: a thousand documents carry it a thousand times."""
        styles = self._document.styles.element
        for style in styles.findall(qn("w:style")):
            kind, name = style.get(qn("w:type")), style.find(qn("w:name")).get(qn("w:val"))
            if kind == "numbering" or (kind == "table" and name not in ("Normal Table", "Table Grid")):
                styles.remove(style)
        for rels in (self._document.part.rels, self._document.part.package.rels):
            for id_, rel in list(rels.items()):
                if rel.reltype.rpartition("/")[2] in (
                    "stylesWithEffects",
                    "customXml",
                    "thumbnail",
                    "numbering",
                ):
                    del rels[id_]

    def _fingerprint(self) -> None:
        section = self._document.sections[0]
        section.footer_distance = Mm(9 if self._landscape else 17)
        for foot in (section.footer, section.even_page_footer):
            paragraph = foot.add_paragraph("{{指纹}}", style="Fingerprint")
            paragraph.paragraph_format.space_before = Pt(2)


_SIDES = {
    "left": WD_ALIGN_PARAGRAPH.LEFT,
    "center": WD_ALIGN_PARAGRAPH.CENTER,
    "right": WD_ALIGN_PARAGRAPH.RIGHT,
}


def label(text: str, across: int = 1, down: int = 1) -> Cell:
    """A cell that says what stands beside it."""
    return Cell(text, across, down, "Form Label")


def words(text: str, across: int = 1, down: int = 1) -> Cell:
    """A cell of running text, from the left."""
    return Cell(text, across, down, align="left")


def small(text: str, across: int = 1, *, bold: bool = False, align: Align = "center") -> Cell:
    """A cell in the size of wide tables."""
    return Cell(text, across, 1, "Form Small Label" if bold else "Form Small", align)


def _border(paragraph: Any, edge: str, kind: str, size: int, space: int) -> None:
    line = f'<w:{edge} w:val="{kind}" w:sz="{size}" w:space="{space}" w:color="C81010"/>'
    _insert(paragraph, parse_xml(f"<w:pBdr {_W}>{line}</w:pBdr>"), "w:pBdr")


def _edges(cell: Any, first: bool, last: bool) -> None:
    """Lines above and below a row of the imprint: the outermost 0.35 mm, those between 0.25 mm."""
    lines = "".join(
        f'<w:{edge} w:val="single" w:sz="{8 if outermost else 6}" w:space="0" w:color="000000"/>'
        for edge, outermost in (("top", first), ("bottom", last))
    )
    cell._tc.get_or_add_tcPr().append(parse_xml(f"<w:tcBorders {_W}>{lines}</w:tcBorders>"))  # noqa: SLF001 - as above


_ORDER = (
    "w:keepNext", "w:keepLines", "w:pageBreakBefore", "w:framePr", "w:widowControl", "w:numPr", "w:suppressLineNumbers",
    "w:pBdr", "w:shd", "w:tabs", "w:suppressAutoHyphens", "w:snapToGrid", "w:spacing", "w:ind", "w:jc", "w:outlineLvl",
)  # fmt: skip
"""The order in which the format wants a paragraph's properties."""


def _insert(paragraph: Any, element: Any, name: str) -> None:
    properties = paragraph._p.get_or_add_pPr()  # noqa: SLF001 - python-docx knows neither borders nor frames
    properties.insert_element_before(element, *_ORDER[_ORDER.index(name) + 1 :])


def _settle(tbl: Any, widths: Sequence[float], *, foot: bool = False) -> None:
    """The properties of a table in the order the format wants them, and its columns; ``foot``: at the foot of its page."""
    style = "TableNormal" if foot else "TableGrid"
    place = (
        '<w:tblpPr w:leftFromText="0" w:rightFromText="0" w:vertAnchor="margin" w:horzAnchor="margin" '
        'w:tblpXSpec="center" w:tblpYSpec="bottom"/><w:tblOverlap w:val="never"/>'
        if foot
        else ""
    )
    tbl.replace(
        tbl.tblPr,
        parse_xml(
            f'<w:tblPr {_W}><w:tblStyle w:val="{style}"/>{place}<w:tblW w:w="{round(sum(widths) * _TWIPS)}" w:type="dxa"/>'
            '<w:jc w:val="center"/><w:tblLayout w:type="fixed"/><w:tblLook w:val="0000"/></w:tblPr>'
        ),
    )
    grid = tbl.find(qn("w:tblGrid"))
    for old in list(grid):
        grid.remove(old)
    for width in widths:
        column = OxmlElement("w:gridCol")
        column.set(qn("w:w"), str(round(width * _TWIPS)))
        grid.append(column)
