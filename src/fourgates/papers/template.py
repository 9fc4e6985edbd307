"""Documents from templates an office edits in Word (模板): places in double braces are filled, and nothing is executed.

``{{单位}}`` is a value; ``{{人选.姓名}}`` repeats its table row, or its paragraph, for each of a list; ``{{?方案}}`` keeps its
paragraph or row only where there is such a value and ``{{!方案}}`` only where there is none. A value of several parts
spreads its cell over as many columns. What the record does not know is left as a line to be filled in by hand.
"""

from __future__ import annotations

import copy
import difflib
import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from io import BytesIO
from typing import Any, Final

import msgspec
from docx.opc.oxml import serialize_part_xml
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.parser import parse_xml

from fourgates import canon
from fourgates.errors import Refused
from fourgates.papers.writing import inert

Value = str | tuple[str, ...] | None
Values = Mapping[str, Value | Sequence[Mapping[str, Value]]]
Said = tuple[tuple[str, str], ...]
Sign = Callable[[Said], str]
BLANK: Final = "＿＿＿＿"
"""A line to be filled in by hand; in a table the empty cell serves."""
FINGERPRINT: Final = "指纹"
LARGEST: Final = 32 << 20  # bytes of one part unpacked; a document of a hundred pages has one or two million
_MAIN: Final = "word/document.xml"
_PART = re.compile(r"word/(document|(header|footer)\d*)\.xml")
_PLACE = re.compile(r"\{\{([?!]?)\s*([^{}?!#]+?)\s*(?:#(\d+))?\}\}")
_TR, _TC, _TBL, _P, _T, _R = (qn(f"w:{name}") for name in ("tr", "tc", "tbl", "p", "t", "r"))


class Line(msgspec.Struct, frozen=True):
    """One paragraph of a document: where it stands (第3段, 表1第4行第2格) and what it says."""

    place: str
    text: str


class Made(msgspec.Struct, frozen=True):
    """A document filled in: its bytes, its body as a tree, and every value put in with its place's name, in their order."""

    content: bytes
    body: Any
    said: Said

    @property
    def lines(self) -> list[Line]:
        """Every paragraph with its place."""
        return list(lines(self.body))


class Template:
    """One template, read and checked against the places its kind of document has.

    ``places``: names that may stand in it, ``列表.栏目`` for those of a list. Raises ``Refused`` (D.1) with the file, the
    place and the nearest known name when it is no Word document, a brace is left open, or a name is unknown.
    """

    def __init__(self, file: str, content: bytes, places: Sequence[str]) -> None:
        self.file, self.digest = file, canon.digest(content)[:8]
        self._parts = unpacked(file, content)
        self._trees = {
            name: tree(file, part)
            for name, part in self._parts.items()
            if _PART.fullmatch(name) and (name == _MAIN or b"{{" in part)
        }
        self._known = {*places, FINGERPRINT}
        self._lists = {name.partition(".")[0] for name in places if "." in name}
        for root in self._trees.values():
            self._check(root)
        if not any(FINGERPRINT in text(root) for name, root in self._trees.items() if name != _MAIN):
            raise Refused(
                "D.1", "模板{file}的页脚里没有{place}：每份文书都要能核对", file=file, place="{{指纹}}"
            )

    def _check(self, root: Any) -> None:
        for line in lines(root):
            said = _PLACE.sub("", line.text)
            if "{{" in said or "}}" in said:
                raise Refused(
                    "D.1",
                    "模板{file}{place}的占位符没有写完整：“{text}”",
                    file=self.file,
                    place=line.place,
                    text=line.text,
                )
            for sign, name, _at in _PLACE.findall(line.text):
                if name not in self._known and not (sign and name in self._lists):
                    near = difflib.get_close_matches(name, self._known, 1, 0.3)
                    raise Refused(
                        "D.1",
                        "模板{file}{place}有不认识的占位符“{name}”，最接近的是“{near}”；可用的占位符见 docs/papers.md",
                        file=self.file,
                        place=line.place,
                        name=name,
                        near=near[0] if near else "—",
                    )
            lists = {name.partition(".")[0] for _sign, name, _at in _PLACE.findall(line.text) if "." in name}
            if len(lists) > 1:
                raise Refused(
                    "D.1",
                    "模板{file}{place}混用了两个列表：{lists}",
                    file=self.file,
                    place=line.place,
                    lists="、".join(sorted(lists)),
                )

    def fill(self, values: Values, sign: Sign) -> Made:
        """The document with ``values`` put in; ``sign(said)`` gives the fingerprint of what was put in."""
        filler = _Filler(self.file, values)
        body = copy.deepcopy(self._trees[_MAIN])
        filler.fill(body)
        said = tuple(filler.said)
        mark = _Filler(self.file, {**values, FINGERPRINT: sign(said)})
        parts = dict(self._parts)
        parts[_MAIN] = serialize_part_xml(body)
        for name, root in self._trees.items():
            if name != _MAIN:
                edge = copy.deepcopy(root)
                mark.fill(edge)
                parts[name] = serialize_part_xml(edge)
        return Made(packed(parts), body, said)


# --- filling ----------------------------------------------------------------------------------------------------


class _Filler:
    """Fills one tree in place and notes what was put in."""

    def __init__(self, file: str, values: Values) -> None:
        self._file, self._values = file, values
        self.said: list[tuple[str, str]] = []
        # What is filled is never looked at again: a value may well be written like a place.
        self._done: set[Any] = set()

    def fill(self, root: Any) -> None:
        for table in list(root.iter(_TBL)):
            self._spread(table)
            for row in list(table.iterchildren(_TR)):
                self._repeat(row)
        for paragraph in list(root.iter(_P)):
            if paragraph.getparent() is not None and paragraph.getparent().tag != _TC:
                self._repeat(paragraph)
        for row in [row for row in root.iter(_TR) if row not in self._done]:
            if not self._stays(row, {}):
                row.getparent().remove(row)
        for paragraph in [one for one in root.iter(_P) if one not in self._done]:
            if self._stays(paragraph, {}):
                self._put(paragraph, {})
            else:
                paragraph.getparent().remove(paragraph)

    def _list(self, name: str) -> Sequence[Mapping[str, Value]]:
        found = self._values.get(name)
        return found if isinstance(found, Sequence) and not isinstance(found, str) else ()  # type: ignore[return-value]  # placeholders

    def _repeat(self, element: Any) -> None:
        """``element`` once for each of the list it speaks of."""
        name = next((n.partition(".")[0] for _s, n, _a in _PLACE.findall(text(element)) if "." in n), "")
        if not name:
            return
        for item in self._list(name):
            own = {f"{name}.{key}": value for key, value in item.items()}
            if not self._stays(element, own):
                continue
            again = copy.deepcopy(element)
            element.addprevious(again)
            self._done.add(again)
            for paragraph in [again] if again.tag == _P else list(again.iter(_P)):
                self._put(paragraph, own)
                self._done.add(paragraph)
        element.getparent().remove(element)

    def _stays(self, element: Any, own: Mapping[str, Value]) -> bool:
        """Whether every condition in ``element`` holds."""
        return all(
            bool(own.get(name, self._values.get(name))) == (sign == "?")
            for sign, name, _at in _PLACE.findall(text(element))
            if sign
        )

    def _put(self, paragraph: Any, own: Mapping[str, Value]) -> None:
        """The values in the places of one paragraph, whatever runs Word has cut it into."""
        pieces = list(paragraph.iter(_T))
        whole = "".join(piece.text or "" for piece in pieces)
        if "{{" not in whole:
            return
        found = list(_PLACE.finditer(whole))
        alone = len(found) == 1 and not _PLACE.sub("", whole).strip() and paragraph.getparent().tag == _TC
        put = []
        for place in found:
            said = "" if place[1] else self._say(place[2], place[3], own, alone=alone)
            put.append((place.start(), place.end(), said))
            if not place[1] and place[2] != FINGERPRINT:
                self.said.append((place[2], said))
        for start, end, said in reversed(put):
            _replace(pieces, start, end, said)
        for piece in pieces:
            _break(piece)

    def _say(self, name: str, at: str, own: Mapping[str, Value], *, alone: bool) -> str:
        value = own.get(name, self._values.get(name))
        if isinstance(value, tuple):
            value = value[int(at)] if at and int(at) < len(value) else ""
        if value is None:
            return "" if alone else BLANK
        return inert(str(value))

    def _spread(self, table: Any) -> None:
        """A cell whose value has several parts becomes as many cells, and the table's columns with it."""
        while True:
            for row in table.iterchildren(_TR):
                at = 0
                for cell in row.iterchildren(_TC):
                    count = self._parts_of(text(cell))
                    if count is not None:
                        _widen(table, at, count)
                        break
                    at += _span(cell)
                else:
                    continue
                break
            else:
                return

    def _parts_of(self, said: str) -> int | None:
        for _sign, name, at in _PLACE.findall(said):
            if not at:
                of, _dot, key = name.partition(".")
                items = self._list(of)
                value = self._values.get(name) if not key else items[0].get(key) if items else None
                if isinstance(value, tuple):
                    return len(value)
        return None


def _widen(table: Any, column: int, count: int) -> None:
    """Column ``column`` of ``table`` becomes ``count`` columns of together the same width."""
    width = 0
    grid = [] if table.find(qn("w:tblGrid")) is None else table.find(qn("w:tblGrid")).findall(qn("w:gridCol"))
    if column < len(grid):
        width = int(grid[column].get(qn("w:w"), "0"))
        grid[column].set(qn("w:w"), str(width // count))
        for _again in range(count - 1):
            grid[column].addnext(copy.deepcopy(grid[column]))
    for row in table.iterchildren(_TR):
        at = 0
        for cell in list(row.iterchildren(_TC)):
            span = _span(cell)
            if at <= column < at + span:
                if _PLACE.search(text(cell)) and span == 1:
                    _multiply(cell, count, width)
                else:
                    cell.get_or_add_tcPr().get_or_add_gridSpan().val = span + count - 1
            at += span


def _multiply(cell: Any, count: int, width: int) -> None:
    for number in reversed(range(count)):
        again = copy.deepcopy(cell)
        for piece in again.iter(_T):
            piece.text = _PLACE.sub(
                lambda place, n=number: f"{{{{{place[1]}{place[2]}#{n}}}}}",
                piece.text or "",
            )
        again.get_or_add_tcPr().get_or_add_tcW().set(qn("w:w"), str(width // count))
        cell.addnext(again)
    cell.getparent().remove(cell)


def _span(cell: Any) -> int:
    found = cell.find(f"{qn('w:tcPr')}/{qn('w:gridSpan')}")
    return int(found.get(qn("w:val"))) if found is not None else 1


def _replace(pieces: Sequence[Any], start: int, end: int, said: str) -> None:
    """Put ``said`` where characters ``start`` to ``end`` of the pieces together stand."""
    at = 0
    for piece in pieces:
        own = piece.text or ""
        first, last = max(start - at, 0), min(end - at, len(own))
        if first < len(own) and last > 0 and first < last:
            here = said if at + first == start else ""
            piece.text = own[:first] + here + own[last:]
            piece.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
        at += len(own)


def _break(piece: Any) -> None:
    """New lines inside a piece as Word writes them."""
    first, *rest = (piece.text or "").split("\n")
    if not rest:
        return
    piece.text = first
    for said in reversed(rest):
        more = OxmlElement("w:t")
        more.text = said
        more.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
        piece.addnext(more)
        piece.addnext(OxmlElement("w:br"))


# --- reading ----------------------------------------------------------------------------------------------------


def text(element: Any) -> str:
    """What stands in ``element``, deleted text left out."""
    return "".join(piece.text or "" for piece in element.iter(_T))


def lines(root: Any) -> Iterator[Line]:
    """Every paragraph of a part that says something or could, with its place, in the order of the document."""
    tables = {table: number for number, table in enumerate(root.iter(_TBL), start=1)}
    number = 0
    for paragraph in root.iter(_P):
        cell = next(paragraph.iterancestors(_TC), None)
        table = next(cell.iterancestors(_TBL), None) if cell is not None else None
        if cell is None or table is None:
            number += 1
            place = f"第{number}段"
        else:
            row = cell.getparent()
            rows = table.findall(_TR).index(row) + 1 if row.getparent() is table else 0
            place = f"表{tables[table]}第{rows}行第{row.findall(_TC).index(cell) + 1}格"
        yield Line(place, text(paragraph))


def unpacked(file: str, content: bytes) -> dict[str, bytes]:
    """The parts of a Word document; ``Refused`` (D.1) when it is none, or larger inside than is safe."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as parts:
            if sum(one.file_size for one in parts.infolist()) > LARGEST or len(parts.infolist()) > 1_000:
                raise Refused("D.1", "{file}解开后过大，不是一份文书", file=file)
            found = {}
            for one in parts.infolist():
                with parts.open(one) as part:
                    found[one.filename] = part.read(LARGEST)
    except (OSError, zipfile.BadZipFile, zlib.error, RuntimeError, ValueError, EOFError, struct.error):
        raise Refused("D.1", "{file}不是 Word 文档（.docx），或者已经损坏", file=file) from None
    if _MAIN not in found:
        raise Refused("D.1", "{file}不是 Word 文档（.docx），或者已经损坏", file=file)
    return found


def tree(file: str, part: bytes) -> Any:
    """A part as a tree, entities left alone; ``Refused`` (D.1) when it is not well-formed."""
    try:
        return parse_xml(part)
    except (SyntaxError, ValueError):
        raise Refused("D.1", "{file}不是 Word 文档（.docx），或者已经损坏", file=file) from None


def edges(file: str, parts: Mapping[str, bytes]) -> str:
    """What headers and footers say."""
    return "\n".join(
        text(tree(file, part))
        for name, part in sorted(parts.items())
        if _PART.fullmatch(name) and name != _MAIN
    )


def body(file: str, parts: Mapping[str, bytes]) -> list[Line]:
    """The lines of a document's body."""
    return list(lines(tree(file, parts[_MAIN])))


def packed(parts: Mapping[str, bytes]) -> bytes:
    """The parts as one file; the same parts give the same bytes."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for name, part in parts.items():
            made = zipfile.ZipInfo(name, (2000, 1, 1, 0, 0, 0))
            archive.writestr(made, part, zipfile.ZIP_DEFLATED)
    return out.getvalue()
