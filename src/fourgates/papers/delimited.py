"""Tables as plain text (文本表格, CSV): which encoding, which delimiter, and every line as a row of texts.

Nothing is worked out: ``=1+1`` stays these four characters. Only two spellings that programs use to keep a long number
from being rounded are undone, ``="6299…"`` and a leading apostrophe before digits. A quotation mark that does not close
would swallow the rows after it, so it refuses the file instead.

Runs in the limited child process (``worker``) and raises ``Stopped`` alone.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from io import StringIO
from itertools import islice

from fourgates.papers import marks
from fourgates.papers.precheck import OLE, Stopped
from fourgates.papers.workbook import Kind, Limits, Reason

DELIMITERS = "\t,;|"
SAMPLE = 50
"""Lines from the top by which the delimiter is told."""
_ANCIENT = (b"\x09\x08", b"\x09\x04", b"\x09\x02", b"\x09\x00\x04\x00")
_BINARY = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_KEPT = re.compile(r"""="([^"=]*)"|'([0-9Xx]+)""")


def kind(content: bytes, suffix: str) -> Kind:
    """What a file is, by its content; its name decides only between a table and a cadre form, which are both text."""
    if content.startswith(b"PK"):
        return Kind.WORKBOOK
    if content.startswith(OLE):
        return Kind.OLD
    if content.startswith(_ANCIENT):
        raise Stopped(Reason.ANCIENT)
    head = decode(content[:8192], whole=False).lstrip("\ufeff").lstrip()
    if head.startswith("<"):
        if re.search(r"<Person[\s>]", head):
            return Kind.CADRE
        raise Stopped(Reason.NOT_A_CADRE_FORM if suffix == Kind.CADRE else Reason.WEB_PAGE)
    if suffix == Kind.CADRE:
        raise Stopped(Reason.NOT_A_CADRE_FORM)
    return Kind.OLD_CADRE if suffix == Kind.OLD_CADRE else Kind.TEXT


def decode(content: bytes, *, whole: bool = True) -> str:
    """``content`` as text: by its byte order mark, else UTF-8 if it is that, else GB18030.

    ``whole`` is false for the beginning of a file, which may end inside a character.
    """
    if content.startswith(b"\xef\xbb\xbf"):
        encodings = ["utf-8-sig"]
    elif content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    elif (wide := _wide(content)) is not None:
        encodings = [wide]
    elif _BINARY.search(content):
        raise Stopped(Reason.NOT_A_WORKBOOK)
    else:
        encodings = ["utf-8", "gb18030"]
    for encoding in encodings:
        for cut in range(4) if not whole else (0,):
            try:
                text = content[: len(content) - cut].decode(encoding)
            except UnicodeDecodeError:
                continue
            if "\0" in text:
                raise Stopped(Reason.NOT_A_WORKBOOK)
            return text
    raise Stopped(Reason.ENCODING)


def _wide(content: bytes) -> str | None:
    """UTF-16 without a mark: every ASCII character, such as a delimiter, has a nought in the same half."""
    head = content[:4096]
    low, high = head[1::2].count(0), head[0::2].count(0)
    if max(low, high) < 8 or min(low, high) > 0:
        return None
    return "utf-16-le" if low else "utf-16-be"


def read(content: bytes, limits: Limits) -> list[list[str | int | float | bool | None]]:
    """The rows, all equally long; an empty field is ``None``. Row 1 is line 1, as a spreadsheet program numbers it."""
    text = decode(content)
    delimiter = _delimiter(text)
    rows: list[list[str | int | float | bool | None]] = []
    width = 0
    for number, fields in enumerate(_records(text, delimiter, limits), start=1):
        width = max(width, len(fields))
        marks.check_extent(number, width, limits)
        # A cell with lines of its own is usual; one that holds delimiters as well has swallowed its neighbours.
        if any("\n" in field and delimiter in field for field in fields):
            raise Stopped(Reason.QUOTES, row=number)
        rows.append([_field(field) for field in fields])
    for row in rows:
        row.extend([None] * (width - len(row)))
    return rows


def _records(text: str, delimiter: str, limits: Limits) -> list[list[str]]:
    csv.field_size_limit(limits.characters + 1)
    reader = csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True)
    found: list[list[str]] = []
    try:
        for record in reader:
            if len(found) >= limits.rows:
                raise Stopped(Reason.TOO_MANY_ROWS, found=len(found) + 1, limit=limits.rows)
            found.append(record)
    except csv.Error as error:
        if "field larger" in str(error):
            facts = {"row": len(found) + 1, "limit": limits.characters}
            raise Stopped(Reason.LONG_CELL, **facts) from None
        raise Stopped(Reason.QUOTES, row=len(found) + 1) from None
    return found


def _delimiter(text: str) -> str:
    """The delimiter under which most of the first lines have one and the same number of fields, more than one."""
    head = "".join(islice(StringIO(text, newline=""), SAMPLE))

    def fit(delimiter: str) -> tuple[int, int]:
        lengths: Counter[int] = Counter()
        try:
            for record in csv.reader(StringIO(head, newline=""), delimiter=delimiter):
                lengths[len(record)] += len(record) > 1
        except csv.Error:
            return 0, 0
        fields, lines = max(lengths.items(), key=lambda one: (one[1], one[0]), default=(0, 0))
        return lines, fields

    return max(DELIMITERS, key=fit)


def _field(field: str) -> str | None:
    words = field.strip()
    kept = _KEPT.fullmatch(words)
    return (kept[1] or kept[2] if kept else words) or None
