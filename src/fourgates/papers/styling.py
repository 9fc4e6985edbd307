"""Colours for faulty cells (着色): beside each format a workbook uses, the same format with one other background.

Formats are only added at the end of a workbook's list, so every number that stands in a cell goes on meaning what it meant.
"""

from __future__ import annotations

from fourgates.papers.patching import Element, Patch, scan, with_attributes

COLOUR = "FFFFC7CE"
"""The background of a faulty cell (浅红), as alpha, red, green, blue."""
_FILL = (
    '<{0}fill><{0}patternFill patternType="solid"><{0}fgColor rgb="{1}"/><{0}bgColor indexed="64"/>'
    "</{0}patternFill></{0}fill>"
)
_ALIGN = '<{0}alignment vertical="top" wrapText="1"/>'
EMPTY = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    b'<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    b'<fonts count="1"><font><sz val="11"/><name val="Calibri"/></font></fonts>'
    b'<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>'
    b'<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    b'<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    b'<cellXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/></cellXfs></styleSheet>'
)
"""The styles of a workbook that came without any."""


class Styles:
    """The formats of a workbook, to which variants are added; ``usable`` is false where they are not laid out as usual, and
    then nothing is coloured."""

    def __init__(self, part: bytes) -> None:
        self._part = part or EMPTY
        found = scan(self._part, {"fills", "fill", "cellXfs", "xf", "fgColor"})
        self._fills = next((one for one in found if one.local == "fills"), None)
        self._list = next((one for one in found if one.local == "cellXfs"), None)
        self.usable = self._fills is not None and self._list is not None
        self._formats = [one for one in found if one.local == "xf" and self._inside(one, self._list)]
        fills = [one for one in found if one.local == "fill" and self._inside(one, self._fills)]
        self._fill = len(fills)
        ours = {one.start for one in found if one.local == "fgColor" and one.attributes.get("rgb") == COLOUR}
        self._ours = {
            number for number, one in enumerate(fills) if any(one.start < at < one.end for at in ours)
        }
        self._added: dict[bytes, int] = {}

    @staticmethod
    def _inside(one: Element, outer: Element | None) -> bool:
        return outer is not None and outer.start < one.start < outer.end

    def _add(self, content: bytes) -> int:
        return self._added.setdefault(content, len(self._formats) + len(self._added))

    def _number(self, style: int) -> int:
        return style if style < len(self._formats) else 0

    def coloured(self, style: int) -> int:
        """The number of the format like ``style`` with the background of a faulty cell."""
        one = self._formats[self._number(style)]
        tag = with_attributes(self._part[one.start : one.inner], fillId=str(self._fill), applyFill="1")
        return self._add(tag + self._part[one.inner : one.end])

    def plain(self, style: int) -> int | None:
        """For a format coloured here before, the one it was made from as far as can be told; ``None`` for any other."""
        if style >= len(self._formats):
            return None
        one = self._formats[style]
        if int(one.attributes.get("fillId", "0")) not in self._ours:
            return None
        for number, other in enumerate(self._formats):
            if (
                self._like(one) == self._like(other)
                and other.attributes.get("fillId") != one.attributes["fillId"]
            ):
                return number
        tag = with_attributes(self._part[one.start : one.inner], fillId="0")
        return self._add(tag + self._part[one.inner : one.end])

    def _like(self, one: Element) -> tuple[object, ...]:
        kept = {name: said for name, said in one.attributes.items() if name not in ("fillId", "applyFill")}
        return sorted(kept.items()), self._part[one.inner : one.end]

    def of_listing(self, *, coloured: bool) -> int:
        """The number of a format for the listing: text that wraps, headings on the colour."""
        prefix = self._list.prefix if self._list else ""
        fill, quoted = (self._fill, "") if coloured else (0, ' quotePrefix="1"')
        said = (
            f'<{prefix}xf numFmtId="49" fontId="0" fillId="{fill}" borderId="0" xfId="0" applyNumberFormat="1"'
            f' applyFill="1" applyAlignment="1"{quoted}>{_ALIGN.format(prefix)}</{prefix}xf>'
        )
        return self._add(said.encode())

    def done(self) -> bytes:
        """The styles with every format that was asked for."""
        if self._fills is None or self._list is None:
            return self._part
        patch = Patch(self._part)
        patch.set(self._fills, count=str(self._fill + 1))
        patch.append(self._fills, _FILL.format(self._fills.prefix, COLOUR).encode())
        patch.set(self._list, count=str(len(self._formats) + len(self._added)))
        patch.append(self._list, b"".join(self._added))
        return patch.done()
