"""``problems.xlsx`` (问题清单): one row a fault, ready to sort, filter and work off; oddities on a second sheet."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import xlsxwriter

from fourgates.i18n import _
from fourgates.papers.problems import Problem
from fourgates.papers.writing import inert

HEADINGS = ("文件", "工作表", "行", "列", "读到", "问题", "怎么改")
_WIDTHS = (38, 12, 6, 14, 24, 48, 48)


def write(path: Path, problems: Sequence[Problem], oddities: Sequence[Problem]) -> None:
    """Write both sheets to ``path``, whole or not at all. Headings stand in row 1, one fault in each row below."""
    beside = path.with_name(f".{path.name}.part")
    try:
        with xlsxwriter.Workbook(
            beside, {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
        ) as workbook:
            head = workbook.add_format(
                {"bold": True, "bg_color": "#F2E6E6", "border": 1, "valign": "vcenter"}
            )
            text = workbook.add_format({"text_wrap": True, "valign": "top", "border": 1, "num_format": "@"})
            number = workbook.add_format({"valign": "top", "border": 1, "align": "center"})
            for name, found in ((_("问题"), problems), (_("提示"), oddities)):
                sheet = workbook.add_worksheet(name)
                sheet.freeze_panes(1, 0)
                sheet.repeat_rows(0)
                sheet.set_landscape()
                sheet.set_paper(9)
                sheet.fit_to_pages(1, 0)
                sheet.set_footer("&C&P / &N")
                for column, (heading, width) in enumerate(zip(HEADINGS, _WIDTHS, strict=True)):
                    sheet.set_column(column, column, width)
                    sheet.write_string(0, column, heading, head)
                for row, one in enumerate(found, start=1):
                    place = one.place
                    cells = (place.file, place.sheet, None, place.column, one.read, one.wrong, one.mend)
                    for column, cell in enumerate(cells):
                        if cell is not None:
                            sheet.write_string(row, column, inert(cell), text)
                    if place.row is None:
                        sheet.write_blank(row, 2, None, number)
                    else:
                        sheet.write_number(row, 2, place.row, number)
                if found:
                    sheet.autofilter(0, 0, len(found), len(HEADINGS) - 1)
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
