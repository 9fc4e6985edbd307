"""The parts of a workbook and how they hang together (部件): links, kinds, free names, and the package they make."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from io import BytesIO
from typing import Final
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from fourgates.papers.patching import Patch, scan
from fourgates.papers.precheck import links_of

DOCUMENT: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
"""The namespace of links inside a document."""
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_XML = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_TYPES = "[Content_Types].xml"


class Links:
    """What one part points to (its ``.rels``), and what is added to it."""

    def __init__(self, parts: dict[str, bytes], owner: str) -> None:
        self._folder, base = posixpath.split(owner)
        self._parts = parts
        self._part = posixpath.join(self._folder, "_rels", base + ".rels")
        self._part = next((name for name in parts if name.lower() == self._part.lower()), self._part)
        self._new: list[str] = []
        self._spelled = {name.lower(): name for name in parts}
        there = parts.get(self._part, b"")
        self._known = links_of(there, self._folder) if there else {}

    def target(self, kind: str) -> str:
        """The part of this kind, empty where there is none."""
        return next((self._there(path) for kind_, path in self._known.values() if kind_ == kind), "")

    def by_id(self, id_: str) -> str:
        """The part that an id stands for, empty where there is none."""
        return self._there(self._known.get(id_, ("", ""))[1])

    def _there(self, path: str) -> str:
        return self._spelled.get(path.lower(), "")

    def add(self, kind: str, part: str) -> str:
        """Point to one more part; gives the id."""
        id_ = next(one for n in range(1, 10_000) if (one := f"rIdFourgates{n}") not in self._known)
        self._known[id_] = kind, part
        self._new.append(f'Relationship Id="{id_}" Type="{DOCUMENT}/{kind}" Target="/{part}"/>')
        return id_

    def keep(self) -> None:
        """Write what was added."""
        there = (
            self._parts.get(self._part)
            or _XML + f'<Relationships xmlns="{_PACKAGE}/relationships"/>'.encode()
        )
        (top,) = scan(there, {"Relationships"})
        patch = Patch(there)
        patch.append(top, "".join(f"<{top.prefix}{one}" for one in self._new).encode())
        self._parts[self._part] = patch.done()


def typed(parts: dict[str, bytes], part: str, kind: str) -> None:
    """Say of what kind a new part is."""
    patch = Patch(parts[_TYPES])
    (top,) = scan(parts[_TYPES], {"Types"})
    patch.append(top, f'<{top.prefix}Override PartName="/{part}" ContentType="{kind}"/>'.encode())
    parts[_TYPES] = patch.done()


def typed_by_suffix(parts: dict[str, bytes], suffix: str, kind: str) -> None:
    """Say of what kind the parts with this suffix are, where nothing is said yet."""
    patch = Patch(parts[_TYPES])
    found = scan(parts[_TYPES], {"Types", "Default"})
    if any(one.attributes.get("Extension", "").lower() == suffix for one in found):
        return
    top = found[0]
    patch.insert(top.inner, f'<{top.prefix}Default Extension="{suffix}" ContentType="{kind}"/>'.encode())
    parts[_TYPES] = patch.done()


def free(parts: Mapping[str, bytes], pattern: str) -> str:
    """A path that no part has."""
    taken = {name.lower() for name in parts}
    return next(one for n in range(1, 10_000) if (one := pattern.format(n)).lower() not in taken)


def zipped(parts: Mapping[str, bytes]) -> bytes:
    """The parts as a package, in their order; the same parts give the same bytes."""
    out = BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(ZipInfo(name), part, ZIP_DEFLATED)
    return out.getvalue()
