"""Looking into a workbook of the years up to 2003 before any parser does (旧格式 .xls 的读前检查).

Such a file is a small file system (a compound file, [MS-CFB]) with one stream of records ([MS-XLS]). Only that stream is
followed, every step counted; of its records only those of the first visible sheet that carry values, and what these need,
are put into a new compound file. So no macro, formula, chart, hidden sheet or stated size of the stranger's gets to the
parser, and errors, merges and how far the cells reach are known before.

Runs in the limited child process (``worker``) and raises ``Stopped`` alone.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from fourgates.papers import marks
from fourgates.papers.precheck import OLE, Stopped
from fourgates.papers.workbook import Limits, Reason

_END, _FREE, _TABLE = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD
_STREAMS = ("workbook", "book")
_ENCRYPTED = ("encryptedpackage", "encryptioninfo")

BOF, EOF, BOUNDSHEET, FILEPASS, CONTINUE = 0x809, 0x0A, 0x85, 0x2F, 0x3C
FORMULA, BOOLERR, MERGED, MULRK, MULBLANK, DIMENSIONS = 0x06, 0x205, 0xE5, 0xBD, 0xBE, 0x200
_SHARED = {0x42, 0x22, 0x41E, 0x1E, 0xE0, 0xFC}
"""Of the workbook: code page, date system, formats, cell formats, shared texts."""
_CELLS = {0xFD, 0x204, 0xD6, 0x203, 0x27E, MULRK, BOOLERR, FORMULA, 0x207}
"""Of the sheet: texts, numbers, errors, results of formulas and the texts these gave."""
_BLANK = {0x201, MULBLANK}
_ERRORS = {
    0x00: "#NULL!",
    0x07: "#DIV/0!",
    0x0F: "#VALUE!",
    0x17: "#REF!",
    0x1D: "#NAME?",
    0x24: "#NUM!",
    0x2A: "#N/A",
}
_LONGEST_RECORD = 8224

Merge = tuple[int, int, int, int]


@dataclass(slots=True)
class Book:
    """What was found: the sheet's name, its error cells and merged ranges (ends not included), and the new file."""

    name: str
    framed: bytes = b""
    errors: list[tuple[int, int, str]] = field(default_factory=list)
    merged: list[Merge] = field(default_factory=list)


def look(content: bytes, limits: Limits) -> Book:
    """The first visible sheet of the workbook in ``content``, framed anew."""
    try:
        stream, name = _stream(content)
        return _book(stream, name, limits)
    except (struct.error, IndexError, ValueError, UnicodeDecodeError):
        raise Stopped(Reason.DAMAGED) from None


def within(merged: list[Merge], rows: int, columns: int) -> Iterator[Merge]:
    """The merged ranges cut to a table of so many rows and columns, together no larger than it."""
    left = rows * columns
    for top, first, bottom, last in merged:
        bottom, last = min(bottom, rows), min(last, columns)
        if top < bottom and first < last:
            left -= (bottom - top) * (last - first)
            if left < 0:
                return
            yield top, first, bottom, last


# --- the container ----------------------------------------------------------------------------------------------


def _stream(content: bytes) -> tuple[bytes, str]:
    """The stream of records, and what it is called."""
    if len(content) < 512 or not content.startswith(OLE):
        raise Stopped(Reason.DAMAGED)
    shift, small_shift = struct.unpack_from("<2H", content, 30)
    if shift not in {9, 12} or small_shift != 6:
        raise Stopped(Reason.DAMAGED)
    size = 1 << shift
    tables, start, _, cutoff, small_start, _, more, _ = struct.unpack_from("<8I", content, 44)
    sectors = len(content) // size
    listed = [*struct.unpack_from("<109I", content, 76)]
    while more < sectors and len(listed) < sectors + 110:
        *entries, more = struct.unpack_from(f"<{size // 4}I", content, (more + 1) * size)
        listed += entries
    following: list[int] = []
    for at in listed[: min(tables, sectors)]:
        if at < sectors:
            following += struct.unpack_from(f"<{size // 4}I", content, (at + 1) * size)

    def chain(at: int, links: list[int], step: int, inside: bytes, skip: int) -> bytes:
        pieces: list[bytes] = []
        while at < _TABLE:
            if len(pieces) > len(inside) // step or at >= len(links):
                raise Stopped(Reason.DAMAGED)
            pieces.append(inside[(at + skip) * step : (at + skip + 1) * step])
            at = links[at]
        return b"".join(pieces)

    listing = chain(start, following, size, content, 1)
    root: tuple[int, int] | None = None
    found: dict[str, tuple[int, int]] = {}
    for at in range(0, len(listing) - 127, 128):
        length, kind = struct.unpack_from("<HB", listing, at + 64)
        if kind not in {2, 5} or not 2 <= length <= 64:
            continue
        name = listing[at : at + length - 2].decode("utf-16-le", "replace").lower()
        where = struct.unpack_from("<2I", listing, at + 116)
        if kind == 5:
            root = root or where
        else:
            found.setdefault(name, where)
    if any(name in found for name in _ENCRYPTED):
        raise Stopped(Reason.ENCRYPTED)
    called = next((name for name in _STREAMS if name in found), "")
    if not called or root is None:
        raise Stopped(Reason.NOT_A_WORKBOOK)
    first, length = found[called]
    if length >= cutoff:
        whole = chain(first, following, size, content, 1)
    else:
        small = chain(root[0], following, size, content, 1)
        links_at = chain(small_start, following, size, content, 1)
        links = [*struct.unpack(f"<{len(links_at) // 4}I", links_at[: len(links_at) // 4 * 4])]
        whole = chain(first, links, 64, small, 0)
    if len(whole) < length:
        raise Stopped(Reason.DAMAGED)
    return whole[:length], called


def _container(stream: bytes, name: str) -> bytes:
    """A compound file of one stream: header, tables, directory, stream, in sectors of 512 bytes."""
    body = stream + bytes(-len(stream) % 512)
    if len(body) < 4096:
        body += bytes(4096 - len(body))
    sectors = len(body) // 512
    tables = 1
    # Each sector of the table names 128 sectors, those of the table itself and of its own list among them.
    while True:
        lists = -(-max(0, tables - 109) // 127)
        if (wanted := -(-(sectors + 1 + tables + lists) // 128)) <= tables:
            break
        tables = wanted
    directory = lists + tables
    first = directory + 1
    links = [_TABLE - 1] * lists + [_TABLE] * tables + [_END]
    links += [*range(first + 1, first + sectors), _END]
    links += [_FREE] * (tables * 128 - len(links))
    places = [*range(lists, lists + tables)]
    head = OLE + bytes(16) + struct.pack("<5H6x", 0x3E, 3, 0xFFFE, 9, 6)
    head += struct.pack("<9I", 0, tables, directory, 0, 4096, _END, 0, 0 if lists else _END, lists)
    head += struct.pack("<109I", *(places[:109] + [_FREE] * (109 - len(places[:109]))))
    more = b""
    for at in range(lists):
        part = places[109 + at * 127 : 109 + (at + 1) * 127]
        part += [_FREE] * (127 - len(part))
        more += struct.pack("<128I", *part, at + 1 if at + 1 < lists else _END)
    entries = _entry("Root Entry", 5, 1, _END, 0) + _entry(name.capitalize(), 2, _FREE, first, len(body))
    entries += bytes(512 - len(entries))
    return head + more + struct.pack(f"<{len(links)}I", *links) + entries + body


def _entry(name: str, kind: int, child: int, start: int, size: int) -> bytes:
    spelled = name.encode("utf-16-le")
    known = struct.pack("<64sHBB3I", spelled, len(spelled) + 2, kind, 1, _FREE, _FREE, child)
    return known + bytes(36) + struct.pack("<3I", start, size, 0)


# --- the records ------------------------------------------------------------------------------------------------


def _records(stream: bytes, start: int) -> Iterator[tuple[int, int, bytes]]:
    """The records from ``start`` on to the end of their part: place, kind, content; parts inside it are passed over."""
    at, depth = start, 0
    while True:
        if at + 4 > len(stream):
            raise Stopped(Reason.DAMAGED)
        kind, length = struct.unpack_from("<2H", stream, at)
        body = stream[at + 4 : at + 4 + length]
        if len(body) < length or length > _LONGEST_RECORD:
            raise Stopped(Reason.DAMAGED)
        depth += kind == BOF
        if depth <= 1:
            yield at, kind, body
        if kind == EOF:
            depth -= 1
            if depth <= 0:
                return
        at += 4 + length


def _book(stream: bytes, called: str, limits: Limits) -> Book:
    head: list[tuple[int, bytes]] = []
    sheets: list[bytes] = []
    kept = False
    for at, kind, body in _records(stream, 0):
        if at == 0 and (kind != BOF or struct.unpack_from("<H", body)[0] not in {0x500, 0x600}):
            raise Stopped(Reason.ANCIENT if kind in {0x09, 0x209, 0x409} else Reason.DAMAGED)
        if kind == FILEPASS:
            raise Stopped(Reason.ENCRYPTED)
        if kind == BOUNDSHEET:
            if not body[4] & 3 and body[5] == 0:
                sheets.append(body)
            if len(sheets) > limits.parts:
                raise Stopped(Reason.TOO_MANY_PARTS, found=len(sheets), limit=limits.parts)
        kept = kind in _SHARED or kind == BOF or (kept and kind == CONTINUE)
        if kept:
            head.append((kind, body))
    if not sheets:
        raise Stopped(Reason.NO_SHEET)
    book = Book(_name(sheets[0]))
    own = _sheet(stream, struct.unpack_from("<I", sheets[0])[0], book, limits)
    before = b"".join(struct.pack("<2H", kind, len(body)) + body for kind, body in head)
    place = len(before) + 4 + len(sheets[0]) + 4
    listing = struct.pack("<I", place) + b"\0\0" + sheets[0][6:]
    framed = (
        before + struct.pack("<2H", BOUNDSHEET, len(listing)) + listing + struct.pack("<2H", EOF, 0) + own
    )
    book.framed = _container(framed, called)
    return book


def _name(sheet: bytes) -> str:
    """The sheet's name: one byte or two a character; what an older program wrote in its own code page is GBK here."""
    length, wide = sheet[6], sheet[7]
    if wide == 1:
        return sheet[8 : 8 + 2 * length].decode("utf-16-le", "replace")
    if wide == 0:
        return sheet[8 : 8 + length].decode("latin-1")
    return sheet[7 : 7 + length].decode("gbk", "replace")


def _sheet(stream: bytes, start: int, book: Book, limits: Limits) -> bytes:
    """The records of one sheet that carry values; what else is asked of it goes into ``book``."""
    rows = columns = 0
    kept = False
    first = b""
    out: list[bytes] = []
    for at, kind, body in _records(stream, start):
        if at == start:
            if kind != BOF:
                raise Stopped(Reason.DAMAGED)
            first = struct.pack("<2H", kind, len(body)) + body
            continue
        kept = kind in _CELLS or (kept and kind == CONTINUE)
        if kind == MERGED:
            for place in range(2, len(body) - 7, 8):
                top, bottom, left, right = struct.unpack_from("<4H", body, place)
                book.merged.append((top, left, bottom + 1, right + 1))
        if not kept:
            continue
        if kind not in {CONTINUE, 0x207}:
            row, column = struct.unpack_from("<2H", body)
            last = struct.unpack_from("<H", body, len(body) - 2)[0] if kind == MULRK else column
            if last < column or (kind == MULRK and len(body) != 6 * (last - column + 2)):
                raise Stopped(Reason.DAMAGED)
            rows, columns = max(rows, row + 1), max(columns, last + 1)
            if kind == FORMULA:
                # Its result stays, its working is left out.
                body = body[:20] + b"\0\0"
                if body[12:14] == b"\xff\xff" and body[6] == 2:
                    book.errors.append((row, column, _ERRORS.get(body[8], "#?")))
                    continue
            elif kind == BOOLERR and body[7]:
                book.errors.append((row, column, _ERRORS.get(body[6], "#?")))
                continue
        out.append(struct.pack("<2H", kind, len(body)) + body)
    marks.check_extent(rows, columns, limits)
    size = struct.pack("<2H2I3H", DIMENSIONS, 14, 0, rows, 0, columns, 0)
    return first + size + b"".join(out) + struct.pack("<2H", EOF, 0)
