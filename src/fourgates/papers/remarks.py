"""Comments in the margin of cells (批注): added to a sheet's own, and taken away again when it comes back.

A comment lives in two parts: its words (``comments.xml``) and the box that is drawn (``vmlDrawing``). Whatever people
wrote themselves stays; under a comment of theirs ours is added as a paragraph of its own.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple
from xml.sax.saxutils import escape

from fourgates.papers.patching import Element, Patch, scan
from fourgates.papers.writing import inert

AUTHOR = "四关"
MARK = "【四关】"
"""How every comment of ours begins, so that it is found again under somebody else's."""
MOST = 1_000
"""Comments on one sheet: beyond this nobody hovers over cells, and the listing says the same."""
EMPTY = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    b'<comments xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><authors/><commentList/></comments>'
)
_NAMES = (
    'xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"'
    ' xmlns:x="urn:schemas-microsoft-com:office:excel"'
)
NO_BOXES = (
    b"<xml " + _NAMES.encode() + b'><o:shapelayout v:ext="edit"><o:idmap v:ext="edit" data="61"/>'
    b'</o:shapelayout><v:shapetype id="_x0000_t202" coordsize="21600,21600" o:spt="202"'
    b' path="m,l,21600r21600,l21600,xe"><v:stroke joinstyle="miter"/>'
    b'<v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype></xml>'
)
_FIRST = 61 * 1024
_BOX = re.compile(rb"<((?:\w+:)?shape)\b.*?</\1>", re.DOTALL)
_BOX_ROW = re.compile(rb"<(?:\w+:)?Row\b[^>]*>\s*(\d+)\s*<")
_BOX_COLUMN = re.compile(rb"<(?:\w+:)?Column\b[^>]*>\s*(\d+)\s*<")
_BOX_NUMBER = re.compile(rb"_x0000_s(\d{1,9})\b")
_ESCAPED = re.compile("_(?=x[0-9A-Fa-f]{4}_)")


class Cell(NamedTuple):
    """A cell by its row and column, counted from nought."""

    row: int
    column: int

    @property
    def name(self) -> str:
        """As a spreadsheet calls it: ``D5``."""
        letters, left = "", self.column + 1
        while left:
            left, digit = divmod(left - 1, 26)
            letters = chr(ord("A") + digit) + letters
        return f"{letters}{self.row + 1}"


def spelled(text: str) -> str:
    """``text`` as it stands in XML: inert, escaped, with nothing a spreadsheet would take for a code."""
    return escape(_ESCAPED.sub("_x005F_", inert(text)))


def remark(words: bytes, boxes: bytes, notes: Mapping[Cell, str]) -> tuple[bytes, bytes]:
    """Both parts with our comments of an earlier time gone and ``notes`` in their place; empty parts are made."""
    words, boxes = words or EMPTY, boxes or NO_BOXES
    found = scan(words, {"authors", "author", "commentList", "comment", "text", "t"})
    authors = [one for one in found if one.local == "author"]
    ours = [n for n, one in enumerate(authors) if words[one.inner : one.close] == AUTHOR.encode()]
    (listed,) = (one for one in found if one.local == "commentList")
    (writers,) = (one for one in found if one.local == "authors")
    patch = Patch(words)
    theirs: dict[str, Element] = {}
    gone: set[str] = set()
    for one in found:
        if one.local == "comment":
            ref = one.attributes.get("ref", "")
            # Known by its words: not every program keeps who wrote a comment.
            if not _cut(words, [t for t in found if t.local == "t" and one.start < t.start < one.end], patch):
                theirs[ref] = one
            else:
                patch.replace(one.start, one.end, b"")
                gone.add(ref)
    texts = {ref: _text(found, comment) for ref, comment in theirs.items()}
    writer = ours[0] if ours else len(authors)
    if not ours:
        patch.append(writers, f"<{writers.prefix}author>{AUTHOR}</{writers.prefix}author>".encode())
    made: list[bytes] = []
    drawn: list[Cell] = []
    for cell, note in sorted(notes.items())[:MOST]:
        prefix = listed.prefix
        run = f'<{prefix}r><{prefix}t xml:space="preserve">{spelled(MARK + note)}</{prefix}t></{prefix}r>'
        text = texts.get(cell.name)
        if text is not None:
            patch.append(text, run.replace(MARK, "\n" + MARK, 1).encode())
        else:
            made.append(
                f'<{prefix}comment ref="{cell.name}" authorId="{writer}"><{prefix}text>{run}</{prefix}text>'
                f"</{prefix}comment>".encode()
            )
            drawn.append(cell)
    patch.append(listed, b"".join(made))
    return patch.done(), _drawn(boxes, gone, drawn)


def _cut(words: bytes, texts: list[Element], patch: Patch) -> bool:
    """Whether a comment is all ours; where ours stands below somebody else's words, it is cut off there."""
    mark, mine = MARK.encode(), False
    for number, text in enumerate(texts):
        at = words.find(mark, text.inner, text.close)
        if not mine and at >= 0:
            if number == 0 and at == text.inner:
                return True
            mine = True
            while words[at - 1 : at] == b"\n" and at > text.inner:
                at -= 1
            patch.replace(at, text.close, b"")
        elif mine:
            patch.replace(text.inner, text.close, b"")
    return False


def _text(found: list[Element], comment: Element) -> Element | None:
    return next(
        (one for one in found if one.local == "text" and comment.start < one.start < comment.end), None
    )


def _drawn(boxes: bytes, gone: set[str], drawn: list[Cell]) -> bytes:
    """The boxes without those of comments that are gone, and with new ones."""

    def kept(box: re.Match[bytes]) -> bytes:
        row, column = _BOX_ROW.search(box[0]), _BOX_COLUMN.search(box[0])
        if row and column and Cell(int(row[1]), int(column[1])).name in gone:
            return b""
        return box[0]

    boxes = _BOX.sub(kept, boxes)
    number = max([_FIRST, *(int(one) for one in _BOX_NUMBER.findall(boxes))])
    close = boxes.rindex(b"</")
    made = "".join(_box(number + n, cell) for n, cell in enumerate(drawn, start=1))
    return boxes[:close] + made.encode() + boxes[close:]


def _box(number: int, cell: Cell) -> str:
    """One box, hidden until somebody points at its cell."""
    top, left = max(0, cell.row - 1), cell.column + 1
    return (
        # Programs choose their own prefixes for these, so ours are said where they are used.
        f'<v:shape {_NAMES} id="_x0000_s{number}" type="#_x0000_t202" style="position:absolute;margin-left:60pt;margin-top:2pt;'
        'width:220pt;height:110pt;z-index:1;visibility:hidden" fillcolor="#ffffe1" o:insetmode="auto">'
        '<v:fill color2="#ffffe1"/><v:shadow on="t" color="black" obscured="t"/><v:path o:connecttype="none"/>'
        '<v:textbox style="mso-direction-alt:auto"><div style="text-align:left"></div></v:textbox>'
        f'<x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/><x:Anchor>{left}, 15, {top}, 10, '
        f"{left + 4}, 15, {top + 7}, 4</x:Anchor><x:AutoFill>False</x:AutoFill><x:Row>{cell.row}</x:Row>"
        f"<x:Column>{cell.column}</x:Column></x:ClientData></v:shape>"
    )
