"""A small workbook of our own around three checked parts (工作簿外壳): all that a parser ever gets to see.

Content types, links and the list of sheets are written here and never the stranger's, so what was checked and what
is parsed cannot differ. The parts are stored unpacked: unpacking was done, and counted, once.
"""

from __future__ import annotations

import struct
import zlib

from fourgates.papers.precheck import Part, Parts

_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_DOCUMENT = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_SHEETML = "application/vnd.openxmlformats-officedocument.spreadsheetml"

_KINDS = (
    f'{_XML}<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{_SHEETML}.sheet.main+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_SHEETML}.worksheet+xml"/>'
    f'<Override PartName="/xl/sharedStrings.xml" ContentType="{_SHEETML}.sharedStrings+xml"/>'
    f'<Override PartName="/xl/styles.xml" ContentType="{_SHEETML}.styles+xml"/></Types>'
)
_ROOT_LINKS = (
    f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_DOCUMENT}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
)
_LINKS = (
    f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_DOCUMENT}/worksheet" Target="worksheets/sheet1.xml"/>'
    f'<Relationship Id="rId2" Type="{_DOCUMENT}/sharedStrings" Target="sharedStrings.xml"/>'
    f'<Relationship Id="rId3" Type="{_DOCUMENT}/styles" Target="styles.xml"/></Relationships>'
)
_WORKBOOK = (
    f'{_XML}<workbook xmlns="{MAIN}" xmlns:r="{_DOCUMENT}"><workbookPr date1904="{{:d}}"/>'
    '<sheets><sheet name="1" sheetId="1" r:id="rId1"/></sheets></workbook>'
)
_NO_STRINGS = f'{_XML}<sst xmlns="{MAIN}"/>'
_NO_STYLES = f'{_XML}<styleSheet xmlns="{MAIN}"><cellXfs count="1"><xf numFmtId="0"/></cellXfs></styleSheet>'


def _ours(xml: str) -> Part:
    return Part(xml.encode(), zlib.crc32(xml.encode()))


_FIXED = {
    "[Content_Types].xml": _ours(_KINDS),
    "_rels/.rels": _ours(_ROOT_LINKS),
    "xl/_rels/workbook.xml.rels": _ours(_LINKS),
}


def frame(parts: Parts) -> bytes:
    """A workbook of one sheet, named ``1``, that holds the given parts."""
    return _stored(
        _FIXED
        | {
            "xl/workbook.xml": _ours(_WORKBOOK.format(parts.from_1904)),
            "xl/worksheets/sheet1.xml": parts.sheet,
            "xl/sharedStrings.xml": parts.strings if parts.strings.content else _ours(_NO_STRINGS),
            "xl/styles.xml": parts.styles if parts.styles.content else _ours(_NO_STYLES),
        }
    )


def _stored(files: dict[str, Part]) -> bytes:
    """A zip without compression, as PKWARE's APPNOTE 6.3 lays it out (4.3.7, 4.3.12, 4.3.16)."""
    pieces: list[bytes] = []
    directory: list[bytes] = []
    offset = 0
    for name, part in files.items():
        spelled = name.encode()
        size = len(part.content)
        known = struct.pack("<5H3I2H", 20, 0, 0, 0, 0x21, part.crc, size, size, len(spelled), 0)
        pieces += [b"PK\x03\x04", known, spelled, part.content]
        directory += [b"PK\x01\x02\x14\x00", known, struct.pack("<3H2I", 0, 0, 0, 0, offset), spelled]
        offset += 4 + len(known) + len(spelled) + size
    listing = b"".join(directory)
    end = struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, len(files), len(files), len(listing), offset, 0)
    return b"".join([*pieces, listing, end])
