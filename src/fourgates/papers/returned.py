"""The same workbook back (退改): each faulty cell coloured and commented, a listing in front, all else byte for byte.

What people did not get wrong is not written anew: the sheet's own XML is kept and only the formats of faulty cells are
exchanged, so widths, merged cells, drop-down lists and formulas stay what they were. A workbook that is mended and sent in
again still has the listing in front; the stamp tells the readers to skip it.
"""

from __future__ import annotations

import hashlib
import posixpath
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import msgspec

from fourgates.i18n import _
from fourgates.papers import files, precheck, stamp
from fourgates.papers.intake import Grid
from fourgates.papers.listing import Fault
from fourgates.papers.listing import sheet as listing
from fourgates.papers.parts import DOCUMENT, Links, free, typed, typed_by_suffix, zipped
from fourgates.papers.patching import Element, Patch, scan
from fourgates.papers.precheck import Package, Stopped
from fourgates.papers.problems import Problem
from fourgates.papers.remarks import Cell, remark
from fourgates.papers.styling import Styles
from fourgates.papers.workbook import Limits

LIMITS = Limits(unpacked=64 << 20)
"""How large a workbook may be inside to be handed back: all of it is held in memory at once."""
WRITTEN = ".written.json"
_SHEETML = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_SELECTED = re.compile(rb"""(tabSelected\s*=\s*["'])(?:1|true)(["'])""")
_BEHIND = {  # What follows a legacyDrawing in a sheet (ECMA-376 part 1, 18.3.1.99), or wraps what does.
    "AlternateContent",
    "legacyDrawingHF",
    "drawingHF",
    "picture",
    "oleObjects",
    "controls",
    "webPublishItems",
    "tableParts",
    "extLst",
}


def write(
    out: Path, grids: Mapping[str, Grid], problems: Iterable[Problem], oddities: Iterable[Problem]
) -> list[str]:
    """Write every faulty workbook back into ``out``, at its own place; gives the files written.

    Workbooks of an earlier time that have no fault any more are removed. One that somebody has worked on since it was
    written is never overwritten or removed: it is set aside under another name.
    """
    by_file: dict[str, list[Problem]] = {}
    odd: dict[str, list[Problem]] = {}
    for one in problems:
        by_file.setdefault(one.place.file, []).append(one)
    for one in oddities:
        odd.setdefault(one.place.file, []).append(one)
    before, after = _written(out), dict[str, str]()
    for file, found in by_file.items():
        grid = grids.get(file)
        if grid is None:
            continue
        try:
            place = files.within(out, file)
            content = workbook(precheck.load(grid.path, LIMITS), grid, found, odd.get(file, ()))
        except (Stopped, ValueError, KeyError, IndexError):
            continue  # It can be read and not be taken apart: the problems are in problems.xlsx all the same.
        digest = _digest(content)
        _set_aside(place, {before.get(file, ""), digest})
        place.parent.mkdir(parents=True, exist_ok=True)
        files.put(place, content)
        after[file] = digest
    for file, digest in before.items():
        if file not in after and (out / file).is_file():
            source = grids.get(file)
            known = {digest} | (
                {_digest(source.path.read_bytes())} if source and source.path.is_file() else set()
            )
            if _digest((out / file).read_bytes()) in known:
                (out / file).unlink()
    if after or before:
        out.mkdir(parents=True, exist_ok=True)
        files.put(out / WRITTEN, msgspec.json.encode(after, order="sorted"))
    return sorted(after)


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _written(out: Path) -> dict[str, str]:
    """What was written here before, by its digest; only names that lie inside ``out``."""
    try:
        found = msgspec.json.decode((out / WRITTEN).read_bytes(), type=dict[str, str])
    except (OSError, msgspec.MsgspecError):
        return {}
    return {file: digest for file, digest in found.items() if _safe(out, file)}


def _safe(out: Path, file: str) -> bool:
    try:
        files.within(out, file)
    except ValueError:
        return False
    return True


def _set_aside(place: Path, ours: set[str]) -> None:
    """Give a workbook that somebody has worked on another name, before ours takes its place."""
    if not place.is_file() or _digest(place.read_bytes()) in ours:
        return
    for number in range(1, 100):
        aside = place.with_name(
            _("{name}（改过，未放回{number}）").format(name=place.stem, number=number) + place.suffix
        )
        if not aside.exists():
            place.rename(aside)
            return


def workbook(content: bytes, grid: Grid, problems: Sequence[Problem], oddities: Sequence[Problem]) -> bytes:
    """The workbook with its faults shown. Raises ``Stopped``, or an error of values, when it cannot be taken apart."""
    package = precheck.whole(content, LIMITS)
    parts = {name: _unselected(name, part) for name, part in package.parts.items()}
    faults = [fault for one in problems for fault in _placed(one, grid)]
    notes: dict[Cell, list[Problem]] = {}
    for fault in faults:
        if fault.cell is not None:
            notes.setdefault(fault.cell, []).append(fault.problem)
    styles = Styles(parts.get(package.styles, b""))
    parts[package.sheet] = _coloured(parts[package.sheet], styles, set(notes))
    own = {cell: "\n\n".join(map(_said, said)) for cell, said in notes.items()}
    _remarked(parts, package, own)
    shown = listing(
        package.name,
        [Fault(one, next((fault.cell for fault in _placed(one, grid)), None)) for one in problems],
        [Fault(one, None) for one in oddities],
        head=styles.of_listing(coloured=True) if styles.usable else 0,
        text=styles.of_listing(coloured=False) if styles.usable else 0,
    )
    _first(parts, package, shown)
    if styles.usable:
        _restyled(parts, package, styles.done())
    return zipped(parts)


def _unselected(name: str, part: bytes) -> bytes:
    """A sheet that is not the one in front: two selected sheets would both take what is typed into one."""
    end = part.find(b"<sheetData") if name.endswith(".xml") and b"tabSelected" in part[:65536] else -1
    return part if end < 0 else _SELECTED.sub(rb"\g<1>0\g<2>", part[:end]) + part[end:]


def _placed(one: Problem, grid: Grid) -> list[Fault]:
    """The cells a problem points to: under its heading, in the headings themselves, or at the left of its row."""
    row, columns = one.place.row, grid.headings.get(one.place.column, [])
    if row is None:
        return [Fault(one, Cell(grid.header - 1, column)) for column in columns] or [Fault(one, None)]
    return [Fault(one, Cell(row - 1, columns[0] if columns else 0))]


def _said(one: Problem) -> str:
    read = _("读到：{read}").format(read=one.read or _("（空）"))
    return "\n".join(
        (read, _("问题：{wrong}").format(wrong=one.wrong), _("怎么改：{mend}").format(mend=one.mend))
    )


def _coloured(sheet: bytes, styles: Styles, cells: set[Cell]) -> bytes:
    """The sheet with the formats of faulty cells exchanged, and those coloured at an earlier time plain again."""
    patch = Patch(sheet)
    if not styles.usable:
        return sheet
    found = scan(sheet, {"sheetData", "row", "col", "c"})
    (held,) = (one for one in found if one.local == "sheetData")
    columns = [
        (
            int(one.attributes["min"]) - 1,
            int(one.attributes["max"]) - 1,
            int(one.attributes.get("style", "0")),
        )
        for one in found
        if one.local == "col"
    ]
    wanted: dict[int, set[int]] = {}
    for cell in cells:
        wanted.setdefault(cell.row, set()).add(cell.column)
    number = column = -1
    row: Element | None = None
    left: list[tuple[Element, int, set[int]]] = []
    for one in found:
        if one.start < held.start:
            continue
        if one.local == "row":
            row, column = one, -1
            number = int(one.attributes.get("r", number + 2)) - 1
            if number in wanted:
                left.append((one, number, wanted[number]))
        elif one.local == "c" and row is not None:
            column = _column(one.attributes.get("r", ""), column + 1)
            style = int(one.attributes.get("s", "0"))
            plain = styles.plain(style)
            if column in wanted.get(number, ()):
                wanted[number].discard(column)
                patch.set(one, s=str(styles.coloured(style if plain is None else plain)))
            elif plain is not None:
                patch.set(one, s=str(plain))
            for missing in sorted(at for at in wanted.get(number, ()) if at < column):
                wanted[number].discard(missing)
                patch.insert(one.start, _empty(row, number, missing, columns, styles))
    for row, number, missing_ in left:
        new = [_empty(row, number, at, columns, styles) for at in sorted(missing_)]
        if new:
            patch.append(row, b"".join(new))
    return patch.done()


def _column(reference: str, otherwise: int) -> int:
    number = 0
    for letter in reference.rstrip("0123456789"):
        number = number * 26 + ord(letter) - 64
    return number - 1 if number else otherwise


def _empty(
    row: Element, number: int, column: int, columns: Sequence[tuple[int, int, int]], styles: Styles
) -> bytes:
    """An empty cell where none was written, with the format its place has, coloured."""
    style = int(row.attributes.get("s", "0")) if row.attributes.get("customFormat") in ("1", "true") else None
    if style is None:
        style = next((style for first, last, style in columns if first <= column <= last), 0)
    name = Cell(number, column).name
    return f'<{row.prefix}c r="{name}" s="{styles.coloured(style)}"/>'.encode()


def _remarked(parts: dict[str, bytes], package: Package, notes: Mapping[Cell, str]) -> None:
    """Put the comments beside the sheet, in the parts it has for them or in new ones."""
    links = Links(parts, package.sheet)
    words, boxes = links.target("comments"), ""
    sheet = parts[package.sheet]
    found = [
        one for one in scan(sheet, {"worksheet", "sheetData", "legacyDrawing", *_BEHIND}) if one.depth < 2
    ]
    drawing = next((one for one in found if one.local == "legacyDrawing"), None)
    if drawing is not None:
        id_ = next((said for name, said in drawing.attributes.items() if name.rpartition(":")[2] == "id"), "")
        boxes = links.by_id(id_)
    if not notes and not words:
        return
    words_, boxes_ = remark(parts.get(words, b""), parts.get(boxes, b""), notes)
    if not words:
        words = free(parts, "xl/commentsFourgates{}.xml")
        links.add("comments", words)
        typed(parts, words, f"{_SHEETML}.comments+xml")
    if not boxes:
        boxes = free(parts, "xl/drawings/vmlDrawingFourgates{}.vml")
        id_ = links.add("vmlDrawing", boxes)
        typed_by_suffix(parts, "vml", "application/vnd.openxmlformats-officedocument.vmlDrawing")
        top = found[0]
        cells = max(one.end for one in found if one.local == "sheetData")
        behind = (one.start for one in found if one.local in _BEHIND and one.start >= cells)
        place = next(behind, top.close)
        patch = Patch(sheet)
        patch.insert(place, f'<{top.prefix}legacyDrawing xmlns:r="{DOCUMENT}" r:id="{id_}"/>'.encode())
        parts[package.sheet] = patch.done()
    parts[words], parts[boxes] = words_, boxes_
    links.keep()


def _first(parts: dict[str, bytes], package: Package, shown: bytes) -> None:
    """Put the listing in front of the workbook's sheets, or in the place of the one that is in front already."""
    book = parts[package.workbook]
    found = scan(
        book,
        {
            "workbook",
            "sheets",
            "sheet",
            "workbookView",
            "definedNames",
            "definedName",
            "functionGroups",
            "externalReferences",
        },
    )
    links = Links(parts, package.workbook)
    sheets = [one for one in found if one.local == "sheet"]
    patch = Patch(book)
    name = package.stamp.get(stamp.RETURNED, "")
    there = next((one for one in sheets if one.attributes.get("name") == name), None) if name else None
    if there is not None:
        parts[links.by_id(_id(there))] = shown
        return
    taken = {one.attributes.get("name", "").lower() for one in sheets}
    names = (stamp.LISTING + (str(n) if n > 1 else "") for n in range(1, 1000))
    name = next(one for one in names if one not in taken)
    part = free(parts, posixpath.join(posixpath.dirname(package.sheet), "fourgates{}.xml"))
    parts[part] = shown
    typed(parts, part, f"{_SHEETML}.worksheet+xml")
    number = 1 + max(int(one.attributes.get("sheetId", "0")) for one in sheets)
    (held,) = (one for one in found if one.local == "sheets")
    patch.insert(
        held.inner,
        f'<{held.prefix}sheet xmlns:r="{DOCUMENT}" name="{name}" sheetId="{number}" '
        f'r:id="{links.add("worksheet", part)}"/>'.encode(),
    )
    for one in found:
        if one.local == "workbookView":
            patch.set(one, activeTab="0", firstSheet="0")
        if one.local == "definedName" and "localSheetId" in one.attributes:
            # It counts sheets, and there is one more in front.
            patch.set(one, localSheetId=str(int(one.attributes["localSheetId"]) + 1))
    _stamped(patch, found, name, old=stamp.RETURNED in package.stamp)
    parts[package.workbook] = patch.done()
    links.keep()


def _stamped(patch: Patch, found: Sequence[Element], name: str, *, old: bool) -> None:
    """Say in the workbook's names which sheet is the listing."""
    key = stamp.PREFIX + stamp.RETURNED
    if old:
        for one in found:
            if one.local == "definedName" and one.attributes.get("name", "").lower() == key:
                patch.replace(one.inner, one.close, stamp.formula(name).encode())
        return
    held = next((one for one in found if one.local == "definedNames"), None)
    prefix = found[0].prefix
    new = f'<{prefix}definedName name="{key}" hidden="1">{stamp.formula(name)}</{prefix}definedName>'
    if held is not None:
        patch.append(held, new.encode())
        return
    before = ("sheets", "functionGroups", "externalReferences")
    place = max(one.end for one in found if one.local in before)
    patch.insert(place, f"<{prefix}definedNames>{new}</{prefix}definedNames>".encode())


def _id(element: Element) -> str:
    return next((said for name, said in element.attributes.items() if name.rpartition(":")[2] == "id"), "")


def _restyled(parts: dict[str, bytes], package: Package, styles: bytes) -> None:
    """Put the formats back; a workbook that came without any gets its own part."""
    if package.styles:
        parts[package.styles] = styles
        return
    part = free(parts, posixpath.join(posixpath.dirname(package.workbook), "stylesFourgates{}.xml"))
    parts[part] = styles
    typed(parts, part, f"{_SHEETML}.styles+xml")
    links = Links(parts, package.workbook)
    links.add("styles", part)
    links.keep()
