"""Changing a few places of an XML part and not one byte elsewhere (改字节): where elements stand, and edits to put there.

A part that is parsed and written again comes back in other words; here only what was asked for changes. Element names
are compared without their prefix, and what is put in takes the prefix of what stands around it.
"""

from __future__ import annotations

import re
from collections.abc import Container
from typing import NamedTuple, NoReturn
from xml.parsers import expat

from fourgates.papers.precheck import Stopped
from fourgates.papers.workbook import Reason

_TAG = re.compile(rb"""<[^\s/>]+(?:[^"'>]|"[^"]*"|'[^']*')*>""")


class Element(NamedTuple):
    """An element: its name as written, its attributes, and four places: start, end of its start tag, start of its end
    tag, end (``<a/>`` has the last three in one place); ``depth`` counts from nought at the root."""

    name: str
    attributes: dict[str, str]
    start: int
    inner: int
    close: int
    end: int
    depth: int

    @property
    def local(self) -> str:
        """The name without its prefix."""
        return self.name.rpartition(":")[2]

    @property
    def prefix(self) -> str:
        """The prefix with its colon, empty where there is none."""
        return self.name[: len(self.name) - len(self.local)]

    @property
    def empty(self) -> bool:
        """Whether it is written as ``<a/>``."""
        return self.close == self.end


def scan(part: bytes, names: Container[str]) -> list[Element]:
    """The elements of these local names in the order in which they begin; raises ``Stopped`` for what is no XML."""
    found: list[Element | None] = []
    open_: list[tuple[int, Element] | None] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        if name.rpartition(":")[2] not in names:
            open_.append(None)
            return
        at = parser.CurrentByteIndex
        tag = _TAG.match(part, at)
        if tag is None:
            raise Stopped(Reason.DAMAGED)
        open_.append((len(found), Element(name, attributes, at, tag.end(), 0, 0, len(open_))))
        found.append(None)

    def end(_name: str) -> None:
        begun = open_.pop()
        if begun is None:
            return
        number, element = begun
        if part[element.inner - 2 : element.inner] == b"/>":
            close = after = element.inner
        else:
            close = parser.CurrentByteIndex
            after = part.index(b">", close) + 1
        found[number] = element._replace(close=close, end=after)

    def refuse(*_: object) -> NoReturn:
        raise Stopped(Reason.UNSAFE_XML)

    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.StartDoctypeDeclHandler = refuse
    try:
        parser.Parse(part, True)
    except (expat.ExpatError, ValueError):
        raise Stopped(Reason.DAMAGED) from None
    return [element for element in found if element is not None]


class Patch:
    """Edits to one part, put in all at once; edits at one place stand in the order in which they were asked for."""

    def __init__(self, part: bytes) -> None:
        self.part = part
        self._edits: list[tuple[int, int, bytes]] = []

    def replace(self, start: int, end: int, new: bytes) -> None:
        """Put ``new`` where ``start`` to ``end`` stood."""
        self._edits.append((start, end, new))

    def insert(self, at: int, new: bytes) -> None:
        """Put ``new`` before ``at``."""
        self._edits.append((at, at, new))

    def append(self, element: Element, new: bytes) -> None:
        """Put ``new`` at the end of what stands inside ``element``."""
        if element.empty:
            self.replace(element.end - 2, element.end, b">" + new + f"</{element.name}>".encode())
        else:
            self.insert(element.close, new)

    def set(self, element: Element, **attributes: str) -> None:
        """Give the start tag of ``element`` these attributes, in place of those of the same name."""
        tag = with_attributes(self.part[element.start : element.inner], **attributes)
        self.replace(element.start, element.inner, tag)

    def done(self) -> bytes:
        """The part with every edit in its place."""
        pieces: list[bytes] = []
        at = 0
        for start, end, new in sorted(self._edits, key=lambda edit: edit[0]):
            pieces += [self.part[at:start], new]
            at = end
        return b"".join([*pieces, self.part[at:]])


def with_attributes(tag: bytes, **attributes: str) -> bytes:
    """A start tag with these attributes; their values are plain words that need no escaping."""
    for name, value in attributes.items():
        spelled = f'{name}="{value}"'.encode()
        there = re.compile(rf"""(?<=\s){name}\s*=\s*(?:"[^"]*"|'[^']*')""".encode())
        if there.search(tag):
            tag = there.sub(spelled, tag, count=1)
        else:
            close = len(tag) - (2 if tag.endswith(b"/>") else 1)
            tag = tag[:close].rstrip() + b" " + spelled + tag[close:]
    return tag
