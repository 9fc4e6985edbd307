"""Files damaged in every way a file can be, from a seed: cells, kinds, structure, XML, the zip, bytes of any other kind.

``make`` gives the mutant of a number, always the same. ``lost`` says which rows of what was read ended nowhere.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path
from random import Random

from fourgates.papers import writing
from fourgates.papers.workbook import Cell
from fourgates.papers.writing import Column, Table, Value

TOTAL = re.compile(r"(合计|总计|小计|共计)")
FOOTER = re.compile(r"(填表人|制表人|填报人|审核人|负责人|联系电话|联系人|填表日期|(备注|注|说明)[:：])")


@dataclass(frozen=True)
class Mutant:
    """A damaged file: its kind of damage, its name, its bytes, and the rows it holds where they are known."""

    damage: str
    name: str
    content: bytes
    rows: list[list[Cell]] | None = None


def make(
    number: int, workbooks: Mapping[str, bytes], others: Mapping[str, bytes], tables: Mapping[str, Table]
) -> Mutant:
    """The mutant of this number: of a workbook (name → bytes), of another kind of file, or of a table written anew."""
    rng = Random(number)
    damage = DAMAGES[number % len(DAMAGES)]
    if damage in {"cells", "structure"}:
        name = rng.choice(sorted(tables))
        table = _cells(tables[name], rng) if damage == "cells" else _structure(tables[name], rng)
        return Mutant(damage, name, writing.render([table]), _written(table))
    if damage == "other":
        name = rng.choice(sorted(others))
        return Mutant(damage, name, _bytes(others[name], rng))
    name = rng.choice(sorted(workbooks))
    return Mutant(damage, name, {"xml": _xml, "zip": _zip, "bytes": _bytes}[damage](workbooks[name], rng))


DAMAGES = ("cells", "structure", "xml", "zip", "bytes", "other")


# --- cells and structure ------------------------------------------------------------------------------------------


def _odd(rng: Random, old: Value) -> Value:
    """A value that does not belong where it is put."""
    return rng.choice(
        [
            None,
            "",
            " ",
            "　",
            "合计",
            "备注：无",
            "填表人：甲",
            "=1+1",
            "@SUM(A1)",
            "#REF!",
            "1978.10",
            "197810",
            "2022年2月30日",
            "是" * rng.randint(1, 200),
            "\u202e王伟",
            "𠮷\u0301",
            "1e999",
            "NaN",
            "-0",
            0,
            -1,
            10**14,
            10**15,
            6.2992e17,
            1978.1,
            0.1,
            True,
            date(1900, 3, 1) + timedelta(days=rng.randint(0, 60_000)),
            str(old)[:-1],
            f"{old}{old}",
            f" {old}　",
            old,
        ]
    )


def _cells(table: Table, rng: Random) -> Table:
    rows = [list(row) for row in table.rows]
    for _ in range(rng.randint(1, 12)):
        row = rng.choice(rows)
        at = rng.randrange(len(row))
        row[at] = _odd(rng, row[at])
    return _with(table, rows=rows)


def _structure(table: Table, rng: Random) -> Table:
    columns, rows = list(table.columns), [list(row) for row in table.rows]
    total = list(table.total) if table.total else None
    for _ in range(rng.randint(1, 3)):
        at = rng.randrange(len(columns))
        match rng.randrange(8):
            case 0:
                columns[at] = Column(
                    rng.choice(["", "姓名", "备注", columns[at].heading[:1], f" {columns[at].heading} "])
                )
            case 1 if len(columns) > 2:
                del columns[at]
                for row in rows:
                    del row[at]
                total = None
            case 2:
                columns.append(columns[at])
                for row in rows:
                    row.append(row[at])
                total = None
            case 3:
                rows.append(list(rng.choice(rows)))
            case 4:
                rows.insert(rng.randrange(len(rows)), [None] * len(columns))
            case 5:
                rng.shuffle(rows)
            case 6:
                rows[rng.randrange(len(rows))][0] = rng.choice(["合计", "小计", "说明：以下为预备党员"])
            case _:
                del rows[rng.randrange(len(rows)) :]
                rows = rows or [[None] * len(columns)]
    return _with(table, columns=columns, rows=rows, total=total)


def _with(table: Table, **changed: object) -> Table:
    kept = {name: getattr(table, name) for name in table.__struct_fields__}
    return Table(**(kept | changed))


def _written(table: Table) -> list[list[Cell]]:
    """The rows that a workbook of this table holds below its headings, as a reader must give them."""
    rows = [[_read(value) for value in row] for row in table.rows]
    if table.total is not None:
        rows.append([_read(value) for value in table.total])
    return rows


def _read(value: Value) -> Cell:
    if value is None or value == "":
        return None
    if isinstance(value, float) and not isinstance(value, bool):
        if abs(value) >= 10**15:
            return str(value)
        return int(value) if value.is_integer() else value
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) >= 10**15:
        return str(value)
    return writing.inert(value) if isinstance(value, str) else value


# --- XML, zip, bytes ----------------------------------------------------------------------------------------------


def _parts(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _packed(parts: Iterable[tuple[str, bytes]], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, content in parts:
            info = zipfile.ZipInfo(name)
            info.compress_type = method
            archive.writestr(info, content)
    return out.getvalue()


_EDITS: tuple[tuple[bytes, tuple[bytes, ...]], ...] = (
    (rb'r="[A-Z]+\d+"', (b'r="XFD1048576"', b'r="A0"', b'r="A1"', b'r=""', b"", b'r="\xe7\x94\xb21"')),
    (rb't="\w+"', (b't="e"', b't="b"', b't="d"', b't="str"', b't="inlineStr"', b't="s"', b"", b't="x"')),
    (
        rb"<v>[^<]*</v>",
        (
            b"<v/>",
            b"<v>99999999</v>",
            b"<v>-1</v>",
            b"<v>1e400</v>",
            b"<v>&#x0;</v>",
            b"<v>&a;</v>",
            b"<f>1+1</f>",
        ),
    ),
    (rb's="\d+"', (b's="99999"', b's="-1"', b"")),
    (
        rb"<row [^>]*>",
        (b"<row>", b'<row r="1">', b'<row r="99999999">', b"</row>", b'<row r="5" hidden="1">'),
    ),
    (rb"<si>", (b"<si><rPh>", b"<si><t>", b"", b"<![CDATA[<si>")),
    (rb"<dimension [^>]*>", (b'<dimension ref="A1:XFD1048576"/>', b"")),
    (
        rb"<mergeCell [^>]*>",
        (b'<mergeCell ref="A1:XFD1048576"/>', b'<mergeCell ref="A4:C9"/>', b'<mergeCell ref="x"/>'),
    ),
    (rb"\?>", (b'?><!DOCTYPE a [<!ENTITY a "b">]>', b"?><!-- <!DOCTYPE -->", b"?>\n\n")),
    (rb'numFmtId="\d+"', (b'numFmtId="14"', b'numFmtId="99999"', b'numFmtId="x"')),
    (rb"utf-8|UTF-8", (b"utf-16", b"gb2312", b"x")),
    (rb"<sheet [^>]*>", (b"", b'<sheet name="x" sheetId="9" state="hidden" r:id="rId1"/>')),
    (rb'Target="[^"]*"', (b'Target="../../../etc/passwd"', b'Target=""', b'Target="worksheets/sheet1.xml"')),
)


def _xml(content: bytes, rng: Random) -> bytes:
    """Edits inside the parts, packed soundly again."""
    parts = _parts(content)
    for _ in range(rng.randint(1, 4)):
        name = rng.choice([*parts, *[one for one in parts if "sheet" in one or "shared" in one] * 3])
        part = parts[name]
        if rng.random() < 0.3:
            parts[name] = _scrambled(part, rng)
            continue
        pattern, instead = rng.choice(_EDITS)
        places = list(re.finditer(pattern, part))
        if places:
            place = rng.choice(places)
            parts[name] = part[: place.start()] + rng.choice(instead) + part[place.end() :]
    return _packed(parts.items())


def _zip(content: bytes, rng: Random) -> bytes:
    """Damage to the container: parts missing, doubled, renamed, lied about."""
    parts = list(_parts(content).items())
    at = rng.randrange(len(parts))
    match rng.randrange(7):
        case 0:
            del parts[at]
        case 1:
            parts.append((parts[at][0].upper(), parts[rng.randrange(len(parts))][1]))
        case 2:
            parts[at] = (rng.choice(["../x", "/etc/x", "a\\b", "", "xl"]), parts[at][1])
        case 3:
            parts[at] = (parts[at][0], parts[at][1] + b" " * rng.choice([1, 1 << 16, 6 << 20]))
        case 4:
            parts += [(f"xl/media/{number}.png", b"x") for number in range(rng.choice([10, 2_500]))]
        case 5:
            return _packed(parts, zipfile.ZIP_STORED if rng.random() < 0.5 else zipfile.ZIP_BZIP2)
        case _:
            packed = bytearray(_packed(parts))
            # Sizes, checksums, offsets, methods and flags stand in the last part of the file.
            for _ in range(rng.randint(1, 6)):
                packed[rng.randrange(len(packed) * 3 // 4, len(packed))] = rng.randrange(256)
            return bytes(packed)
    return _packed(parts)


def _bytes(content: bytes, rng: Random) -> bytes:
    return _scrambled(content, rng)


def _scrambled(content: bytes, rng: Random) -> bytes:
    """Some bytes changed, a stretch cut out, doubled or put elsewhere, or the end cut off."""
    changed = bytearray(content)
    for _ in range(rng.randint(1, 3)):
        if not changed:
            break
        at = rng.randrange(len(changed))
        length = rng.choice([1, 2, 8, 64, 512])
        match rng.randrange(6):
            case 0:
                for place in range(at, min(at + length, len(changed))):
                    changed[place] = rng.randrange(256)
            case 1:
                del changed[at : at + length]
            case 2:
                changed[at:at] = changed[at : at + length]
            case 3:
                changed[at:at] = rng.choice(
                    [b'"', b",", b"\n", b"\0", b"\xff", b"<", b"&", b"'", b"\t", "合计".encode()]
                )
            case 4 if rng.random() < 0.3:
                del changed[at:]
            case _:
                changed[at] ^= 1 << rng.randrange(8)
    return bytes(changed)


# --- what became of the rows --------------------------------------------------------------------------------------


def filled(row: list[Cell], numbering: int) -> int:
    """How many cells of a row hold something, its running number not counted."""
    return sum(
        1
        for at, cell in enumerate(row)
        if at != numbering and cell is not None and not (isinstance(cell, str) and not cell.strip())
    )


def label(row: list[Cell]) -> str:
    """The first words of a row, without white space."""
    words = (cell for cell in row if isinstance(cell, str) and cell.strip())
    return "".join(next(words, "").split())


def lost(rows: list[list[Cell]], below: int, numbering: int, told: set[int]) -> Iterator[int]:
    """The rows, as Excel numbers them, that hold something, are no total and no footer, and of which nothing was ``told``.

    Behind a total or a footer a line of one or two cells (a signature, a date) need not be.
    """
    over = False
    for number, row in enumerate(rows[below:], start=below + 1):
        count, words = filled(row, numbering), label(row)
        if TOTAL.match(words) or (FOOTER.match(words) and count <= 3):
            over = True
        elif count and number not in told and not (over and count < 3):
            yield number


def write(folder: Path, number: int, mutant: Mutant) -> Path:
    """Put a mutant into ``folder`` under a name of its own, with the suffix it had."""
    path = folder / f"{number}{Path(mutant.name).suffix}"
    path.write_bytes(mutant.content)
    return path
