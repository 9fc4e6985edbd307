"""Looking into a stranger's workbook before any parser does (读前检查).

A workbook is a zip of XML parts. The file is opened without following links or waiting, its first bytes and its
list of parts are judged, and only the three parts that hold the values are unpacked, counting every byte. What the
parsers then see is a new small workbook framed here around those three parts: no second sheet, link, picture or
macro of the stranger's ever reaches them.

Everything raises ``Stopped`` and nothing else; run it in a limited child process (``worker``).
"""

from __future__ import annotations

import os
import posixpath
import re
import stat
import struct
import zlib
from io import BytesIO
from pathlib import Path
from typing import NamedTuple, NoReturn
from xml.parsers import expat
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

import msgspec

from fourgates.papers import stamp
from fourgates.papers.workbook import Limits, Reason, Unreadable

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""The first bytes of the older container: .xls, and any workbook with a password."""


class Stopped(Exception):
    """This workbook is not read any further; ``unreadable`` says why."""

    def __init__(self, reason: Reason, **facts: str | int) -> None:
        super().__init__(reason)
        self.unreadable = Unreadable(reason, facts)


class Part(NamedTuple):
    """One part unpacked, with its checksum as the zip states it and as it was found to be."""

    content: bytes
    crc: int


class Package(msgspec.Struct, frozen=True):
    """A whole workbook: its parts by path, the path of the main part, name and path of the sheet that is read, the path of
    the styles (empty where there are none), and its stamp."""

    parts: dict[str, bytes]
    workbook: str
    name: str
    sheet: str
    styles: str
    stamp: dict[str, str]


class Parts(msgspec.Struct, frozen=True):
    """The unpacked parts that hold one visible sheet: cells, shared texts, formats, empty where absent; ``stamp`` is what
    a workbook of our own says of itself."""

    name: str
    from_1904: bool
    sheet: Part
    strings: Part
    styles: Part
    stamp: dict[str, str] = {}


def load(path: Path, limits: Limits, suffixes: tuple[str, ...] = (".xlsx",)) -> bytes:
    """The bytes of the file at ``path``, when it is a plain file of a name and a size that are allowed."""
    try:
        mode = os.lstat(path).st_mode
        if not stat.S_ISREG(mode):
            raise Stopped(Reason.NOT_A_FILE, kind=_kind(mode))
        if path.suffix.lower() not in suffixes:
            if len(suffixes) == 1:
                raise Stopped(Reason.WRONG_NAME, suffix=path.suffix)
            raise Stopped(Reason.FOREIGN, suffix=path.suffix, known=" ".join(suffixes))
        # Between the look and the opening the name may have changed hands: neither follow a link nor wait for a pipe.
        flags = os.O_RDONLY
        for flag in ("O_NOFOLLOW", "O_NONBLOCK", "O_CLOEXEC", "O_BINARY"):
            flags |= getattr(os, flag, 0)
        with os.fdopen(os.open(path, flags), "rb") as file:
            seen = os.fstat(file.fileno())
            if not stat.S_ISREG(seen.st_mode):
                raise Stopped(Reason.NOT_A_FILE, kind=_kind(seen.st_mode))
            content = file.read(min(seen.st_size, limits.file_size) + 1)
            size = max(len(content), seen.st_size)
    except (FileNotFoundError, NotADirectoryError, ValueError):
        raise Stopped(Reason.MISSING) from None
    except PermissionError:
        raise Stopped(Reason.FORBIDDEN) from None
    except OSError:
        raise Stopped(Reason.UNAVAILABLE) from None
    if not content:
        raise Stopped(Reason.EMPTY)
    if size > limits.file_size:
        raise Stopped(Reason.TOO_LARGE, size=size, size_limit=limits.file_size)
    return content


def _kind(mode: int) -> str:
    if stat.S_ISDIR(mode):
        return "directory"
    if stat.S_ISLNK(mode):
        return "symlink"
    return "pipe" if stat.S_ISFIFO(mode) else "device"


def unpack(content: bytes, limits: Limits, *, sheet: int = 0) -> Parts:
    """The parts of the first visible sheet, unpacked within the limits and free of entities; ``sheet`` asks for a later one.

    The listing that a returned workbook begins with is not counted: it is ours, and what follows it is what was handed in.
    """
    opened = _opened(content, limits)
    name, link, from_1904, stamped = _visible(opened.part(opened.workbook).content, opened.links, sheet)
    parts = {
        kind: opened.part(target)
        for kind, target in opened.links.values()
        if kind in {"sharedStrings", "styles"}
    }
    absent = Part(b"", 0)
    strings, styles = parts.get("sharedStrings", absent), parts.get("styles", absent)
    return Parts(name, from_1904, opened.part(link), strings, styles, stamped)


def whole(content: bytes, limits: Limits) -> Package:
    """Every part of a workbook, unpacked within the limits, to be handed back with some of them changed.

    The parts that say where the sheet is are free of entities; whoever parses another must look at it first (``guarded``).
    """
    opened = _opened(content, limits)
    name, link, _from_1904, stamped = _visible(opened.part(opened.workbook).content, opened.links, 0)
    allowance = [limits.unpacked]
    parts = {
        entry.filename.replace("\\", "/").lstrip("/"): _inflated(content, entry, allowance)
        for entry in opened.entries.values()
        if not entry.is_dir()
    }
    spelled = {part.lower(): part for part in parts}
    kinds = {kind: spelled.get(target.lower(), "") for kind, target in opened.links.values()}
    workbook, sheet = spelled[opened.workbook.lower()], spelled[link.lower()]
    return Package(parts, workbook, name, sheet, kinds.get("styles", ""), stamped)


class _Opened:
    """A workbook whose list of parts was judged: where its main part is, and what that points to."""

    def __init__(self, content: bytes, entries: dict[str, ZipInfo], limits: Limits) -> None:
        self._content, self.entries = content, entries
        self._allowance = [limits.unpacked]
        self.workbook = ""
        self.links: dict[str, tuple[str, str]] = {}

    def part(self, name: str) -> Part:
        """One part, unpacked and guarded."""
        entry = self.entries.get(name.lower())
        if entry is None:
            raise Stopped(Reason.DAMAGED)
        return Part(guarded(_inflated(self._content, entry, self._allowance)), entry.CRC)


def _opened(content: bytes, limits: Limits) -> _Opened:
    if not content.startswith(b"PK"):
        _name_the_stranger(content)
    entries = _entries(content, limits)
    opened = _Opened(content, entries, limits)
    workbook = "xl/workbook.xml"
    if workbook not in entries:
        if "_rels/.rels" not in entries:
            raise Stopped(Reason.NOT_A_WORKBOOK)
        mains = [
            target
            for kind, target in links_of(opened.part("_rels/.rels").content, "").values()
            if kind == "officeDocument"
        ]
        if not mains or mains[0].lower() not in entries or not mains[0].endswith(".xml"):
            raise Stopped(Reason.NOT_A_WORKBOOK)
        workbook = mains[0]
    folder, base = posixpath.split(workbook)
    opened.workbook = workbook
    opened.links = links_of(opened.part(f"{folder}/_rels/{base}.rels".lstrip("/")).content, folder)
    return opened


def _name_the_stranger(content: bytes) -> NoReturn:
    if content.startswith(OLE):
        # The container's directory spells its streams in UTF-16.
        if (
            "EncryptedPackage".encode("utf-16-le") in content
            or "EncryptionInfo".encode("utf-16-le") in content
        ):
            raise Stopped(Reason.ENCRYPTED)
        raise Stopped(Reason.OLD_FORMAT)
    head = content[:4096]
    if head.startswith((b"\x09\x08", b"\x09\x04", b"\x09\x02", b"\x09\x00\x04\x00")):
        raise Stopped(Reason.OLD_FORMAT)
    if head.startswith((b"\xff\xfe", b"\xfe\xff")) or not re.search(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]", head):
        raise Stopped(Reason.TEXT)
    raise Stopped(Reason.NOT_A_WORKBOOK)


def _entries(content: bytes, limits: Limits) -> dict[str, ZipInfo]:
    """The parts by their names in small letters, when their number, sizes and ratios as stated are within the limits."""
    count = content.count(b"PK\x01\x02")
    if count > limits.parts:
        raise Stopped(Reason.TOO_MANY_PARTS, found=count, limit=limits.parts)
    try:
        with ZipFile(BytesIO(content)) as archive:
            listed = archive.infolist()
    except (BadZipFile, NotImplementedError, ValueError, OSError, EOFError, IndexError, struct.error):
        raise Stopped(Reason.DAMAGED) from None
    total = sum(entry.file_size for entry in listed)
    if total > limits.unpacked:
        raise Stopped(Reason.TOO_LARGE_INSIDE, size=total, size_limit=limits.unpacked)
    entries: dict[str, ZipInfo] = {}
    for entry in listed:
        ratio = entry.file_size // max(1, entry.compress_size)
        if entry.file_size > limits.ratio_from and ratio > limits.ratio:
            raise Stopped(Reason.TOO_DENSE, found=ratio, limit=limits.ratio)
        name = entry.filename.replace("\\", "/").lstrip("/").lower()
        if name in entries:
            # Two parts of one name: which one a program shows is anybody's guess.
            raise Stopped(Reason.DAMAGED)
        entries[name] = entry
    return entries


def _inflated(content: bytes, entry: ZipInfo, allowance: list[int]) -> bytes:
    """One part unpacked, never by more than one byte over what it states and what is left of the allowance."""
    if entry.flag_bits & 1:
        raise Stopped(Reason.ENCRYPTED)
    start = entry.header_offset
    if start < 0 or content[start : start + 4] != b"PK\x03\x04" or len(content) < start + 30:
        raise Stopped(Reason.DAMAGED)
    start += 30 + sum(struct.unpack_from("<2H", content, start + 26))
    packed = memoryview(content)[start : start + entry.compress_size]
    if entry.compress_type == ZIP_STORED:
        part = bytes(packed)
    elif entry.compress_type == ZIP_DEFLATED:
        try:
            part = zlib.decompressobj(-zlib.MAX_WBITS).decompress(
                packed, min(entry.file_size, allowance[0]) + 1
            )
        except zlib.error:
            raise Stopped(Reason.DAMAGED) from None
    else:
        raise Stopped(Reason.DAMAGED)
    if len(part) != entry.file_size or zlib.crc32(part) != entry.CRC:
        raise Stopped(Reason.DAMAGED)
    allowance[0] -= len(part)
    return part


_ROOT = re.compile(rb"<[^?!]")
_ENCODING = re.compile(rb"""encoding\s*=\s*["']([^"']*)["']""")


def guarded(part: bytes) -> bytes:
    """The same XML, when it is UTF-8 and declares no document type: without one there are no entities to expand."""
    if part[:2] in {b"\xff\xfe", b"\xfe\xff"} or b"\0" in part[:4]:
        raise Stopped(Reason.UNSAFE_XML)
    root = _ROOT.search(part)
    prolog = part[: root.start()] if root else part
    named = _ENCODING.search(prolog)
    if named and named[1].lower() not in {b"utf-8", b"utf8", b"us-ascii", b"ascii"}:
        raise Stopped(Reason.UNSAFE_XML)
    # A comment in the prolog may hold a `<` and hide where the root begins, so then the whole part is searched.
    if b"<!" in prolog and (b"<!DOCTYPE" in part or b"<!ENTITY" in part):
        raise Stopped(Reason.UNSAFE_XML)
    return part


def elements(part: bytes, *names: str) -> list[tuple[str, dict[str, str]]]:
    """The elements of these local names in reading order, with their attributes by local name.

    The first words inside an element stand under ``""``, where it has any.
    """
    found: list[tuple[str, dict[str, str]]] = []
    inside: list[dict[str, str]] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        local = name.rpartition(" ")[2]
        inside.clear()
        if local in names:
            found.append((local, {key.rpartition(" ")[2]: value for key, value in attributes.items()}))
            inside.append(found[-1][1])

    def end(_name: str) -> None:
        inside.clear()

    def words(text: str) -> None:
        for attributes in inside:
            said = attributes.get("", "")
            if len(said) < 4 * stamp.LONGEST:
                attributes[""] = said + text

    def refuse(*_: object) -> NoReturn:
        raise Stopped(Reason.UNSAFE_XML)

    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = words
    parser.StartDoctypeDeclHandler = refuse
    try:
        parser.Parse(part, True)
    except expat.ExpatError:
        raise Stopped(Reason.DAMAGED) from None
    return found


def links_of(part: bytes, folder: str) -> dict[str, tuple[str, str]]:
    """What a part points to inside the workbook: id → (kind, path)."""
    links = {}
    for _, link in elements(part, "Relationship"):
        if link.get("TargetMode") != "External":
            target = posixpath.normpath(posixpath.join("/", folder, link.get("Target", ""))).lstrip("/")
            links[link.get("Id", "")] = (link.get("Type", "").rpartition("/")[2], target)
    return links


def _visible(
    workbook: bytes, links: dict[str, tuple[str, str]], number: int
) -> tuple[str, str, bool, dict[str, str]]:
    """Name and path of a sheet that is shown and has cells, counted from nought, whether days are counted from 1904, and
    the workbook's stamp."""
    from_1904 = False
    shown: list[tuple[str, str]] = []
    names: dict[str, str] = {}
    for element, attributes in elements(workbook, "sheet", "workbookPr", "definedName"):
        if element == "workbookPr":
            from_1904 = attributes.get("date1904", "0") in {"1", "true", "on"}
        elif element == "definedName":
            names[attributes.get("name", "")] = attributes.get("", "")
        elif attributes.get("state", "visible") == "visible":
            kind, target = links.get(attributes.get("id", ""), ("", ""))
            if kind == "worksheet":
                shown.append((attributes.get("name", ""), target))
    stamped = stamp.found(names)
    # The stamp names the listing: offices may have a sheet of that name of their own.
    shown = [one for one in shown if one[0] != stamped.get(stamp.RETURNED)]
    if number >= len(shown):
        raise Stopped(Reason.NO_SHEET)
    return (*shown[number], from_1904, stamped)
