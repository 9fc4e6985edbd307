"""The first sheet of a returned workbook (问题清单): every fault of the file in one place, each a click from its cell."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from fourgates.i18n import _
from fourgates.papers.problems import Problem
from fourgates.papers.remarks import Cell, spelled

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_WIDTHS = (6, 8, 6, 16, 26, 48, 48)
_SAFE = re.compile(r"[\w（）() -]+")
"""Names of sheets that a link may point to: nothing in them could lead out of the workbook."""


class Fault(NamedTuple):
    """A problem or an oddity, and the cell it stands in, where it stands in one."""

    problem: Problem
    cell: Cell | None


def sheet(name: str, faults: Sequence[Fault], oddities: Sequence[Fault], *, head: int, text: int) -> bytes:
    """The sheet as XML, all of it text; ``name`` is that of the sheet the faults are in, ``head`` and ``text`` formats."""
    rows: list[tuple[tuple[str, ...], int]] = [
        (
            (
                _("问题清单：共{count}处。在原来的表上改好有颜色的格子，保存后放回原处，再汇总一次").format(
                    count=len(faults)
                ),
            ),
            head,
        ),
        ((_("这一页不用填，也不用删：读表时跳过它"),), text),
        (_headings(), head),
    ]
    links: list[str] = []
    for number, fault in enumerate(faults, start=1):
        rows.append((_line(number, fault), text))
        if fault.cell is not None and _SAFE.fullmatch(name):
            links.append(
                f'<hyperlink ref="B{len(rows)}" location="\'{spelled(name)}\'!{fault.cell.name}" display="{fault.cell.name}"/>'
            )
    if oddities:
        rows.append(((_("提示：下面这些只是不同寻常，不影响汇总，核对即可"),), head))
        rows += [(_line(number, fault), text) for number, fault in enumerate(oddities, start=1)]
    body = "".join(_row(number, words, style) for number, (words, style) in enumerate(rows, start=1))
    columns = "".join(
        f'<col min="{at}" max="{at}" width="{width}" customWidth="1"/>'
        for at, width in enumerate(_WIDTHS, start=1)
    )
    xml = (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        f'<worksheet xmlns="{_MAIN}"><sheetPr><pageSetUpPr fitToPage="1"/></sheetPr>'
        '<sheetViews><sheetView tabSelected="1" workbookViewId="0"><pane ySplit="3" topLeftCell="A4" activePane="bottomLeft"'
        ' state="frozen"/></sheetView></sheetViews><sheetFormatPr defaultRowHeight="15"/>'
        f"<cols>{columns}</cols><sheetData>{body}</sheetData>"
        '<mergeCells count="2"><mergeCell ref="A1:G1"/><mergeCell ref="A2:G2"/></mergeCells>'
        + (f"<hyperlinks>{''.join(links)}</hyperlinks>" if links else "")
        + '<pageMargins left="0.6" right="0.6" top="0.7" bottom="0.8" header="0.3" footer="0.3"/>'
        '<pageSetup paperSize="9" orientation="landscape" fitToHeight="0"/>'
        "<headerFooter><oddFooter>&amp;C&amp;P / &amp;N</oddFooter></headerFooter></worksheet>"
    )
    return xml.encode()


def _headings() -> tuple[str, ...]:
    return (_("序号"), _("单元格"), _("行"), _("列"), _("读到"), _("问题"), _("怎么改"))


def _line(number: int, fault: Fault) -> tuple[str, ...]:
    place = fault.problem.place
    cell = fault.cell.name if fault.cell is not None else ""
    row = "" if place.row is None else str(place.row)
    return str(number), cell, row, place.column, fault.problem.read, fault.problem.wrong, fault.problem.mend


def _row(number: int, words: tuple[str, ...], style: int) -> str:
    cells = "".join(
        f'<c r="{Cell(number - 1, at).name}" s="{style}" t="inlineStr"><is><t xml:space="preserve">{spelled(word)}</t></is></c>'
        for at, word in enumerate(words)
    )
    return f'<row r="{number}">{cells}</row>'
