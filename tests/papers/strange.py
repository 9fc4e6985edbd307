"""Workbooks written by hand, part by part, so that every oddity of a stranger's file can be put in one."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
DOCUMENT = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"

STYLES = (
    f'<styleSheet xmlns="{MAIN}"><numFmts count="1">'
    '<numFmt numFmtId="170" formatCode="yyyy&quot;年&quot;m&quot;月&quot;d&quot;日&quot;"/></numFmts>'
    '<fonts count="1"><font><sz val="11"/></font></fonts><fills count="1"><fill/></fills>'
    '<borders count="1"><border/></borders><cellStyleXfs count="1"><xf numFmtId="0"/></cellStyleXfs>'
    '<cellXfs count="5">'
    + "".join(f'<xf numFmtId="{number}" applyNumberFormat="1"/>' for number in (0, 14, 22, 31, 170))
    + "</cellXfs></styleSheet>"
)
"""Formats by index: 0 general, 1 a day, 2 a moment, 3 Excel's own Chinese day, 4 a day spelt out with 年月日."""


def sheet(rows: str, *, after: str = "") -> str:
    return f'<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData>{after}</worksheet>'


def row(*cells: str, number: int = 1) -> str:
    """Cells from column A on, each as what stands after its place: ``t="b"><v>1</v>``."""
    inside = "".join(f'<c r="{chr(65 + at)}{number}" {cell}</c>' for at, cell in enumerate(cells))
    return f'<row r="{number}">{inside}</row>'


def parts(
    sheets: Mapping[str, str] | str,
    *,
    states: Mapping[str, str] | None = None,
    strings: list[str] | None = None,
    from_1904: bool = False,
) -> dict[str, str | bytes]:
    """The parts of a workbook with these sheets (one, named ``表``, when only its XML is given)."""
    named = {"表": sheets} if isinstance(sheets, str) else sheets
    states = states or {}
    listed = "".join(
        f'<sheet name="{name}" sheetId="{at}" r:id="rId{at}" state="{states.get(name, "visible")}"/>'
        for at, name in enumerate(named, 1)
    )
    links = "".join(
        f'<Relationship Id="rId{at}" Type="{DOCUMENT}/worksheet" Target="worksheets/sheet{at}.xml"/>'
        for at, _ in enumerate(named, 1)
    )
    flag = '<workbookPr date1904="1"/>' if from_1904 else ""
    found: dict[str, str | bytes] = {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types"/>',
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1" '
        f'Type="{DOCUMENT}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{DOCUMENT}">{flag}<sheets>{listed}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships">{links}'
        f'<Relationship Id="s" Type="{DOCUMENT}/styles" Target="/xl/styles.xml"/>'
        f'<Relationship Id="t" Type="{DOCUMENT}/sharedStrings" Target="sharedStrings.xml"/></Relationships>',
        "xl/styles.xml": STYLES,
        "xl/sharedStrings.xml": f'<sst xmlns="{MAIN}">'
        + "".join(f"<si>{text}</si>" for text in strings or [])
        + "</sst>",
    }
    for at, xml in enumerate(named.values(), 1):
        found[f"xl/worksheets/sheet{at}.xml"] = xml
    return found


def packed(found: Mapping[str, str | bytes]) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in found.items():
            archive.writestr(name, content)
    return out.getvalue()


def book(path: Path, rows: str, **options: object) -> Path:
    """Write a workbook of one sheet with these rows."""
    path.write_bytes(packed(parts(sheet(rows), **options)))  # type: ignore[arg-type]
    return path
