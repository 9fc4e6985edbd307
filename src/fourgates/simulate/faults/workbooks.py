"""Whole files and sheets at fault (文件差错): missing, unreadable, headings, sums; and habits that are no fault."""

from __future__ import annotations

import io
import zipfile
from random import Random

from fourgates.simulate.county import County
from fourgates.simulate.faults.planting import Fault, NoPlace, Planted, pick, sheets
from fourgates.simulate.writing import workbook

_ONE_EACH = ("05", "07", "08", "09", "10", "12")
_OLE = bytes.fromhex("d0cf11e0a1b11ae1")


def _any_file(county: County, rng: Random) -> str:
    """A file of any kind but 01, each kind as likely as another."""
    kinds = [sheets(county, kind) for kind in ("02", "03", "04", "06", "11", *_ONE_EACH)]
    return pick(rng, pick(rng, [kind for kind in kinds if kind])).path


def missing_file(county: County, rng: Random) -> Planted:
    """A file that should be there and is not."""
    path = _any_file(county, rng)
    del county.sheets[path]
    return Planted("problem", path, effect="what depends on the file is open, the rest goes on")


def missing_department(county: County, rng: Random) -> Planted:
    """A department that did not answer: everyone waits for it who has no bar."""
    path = pick(rng, sheets(county, "11")).path
    del county.sheets[path]
    return Planted("problem", path, effect="everybody sent up and without a bar is pending on the department")


def text_file(county: County, rng: Random) -> Planted:
    """A text file that was given a workbook's name."""
    path = _any_file(county, rng)
    county.files[path] = "序号,姓名\n1,已报\n".encode("gb18030")
    return Planted("problem", path, effect="as if the file were missing")


def old_xls(county: County, rng: Random) -> Planted:
    """A workbook of the old binary kind that was given the new kind's name."""
    path = _any_file(county, rng)
    county.files[path] = _OLE + bytes(2048)
    return Planted("problem", path, effect="as if the file were missing")


def damaged_file(county: County, rng: Random) -> Planted:
    """A workbook that lost its end on the way."""
    path = _any_file(county, rng)
    content = workbook(county.sheets[path])
    county.files[path] = content[: len(content) * 2 // 3]
    return Planted("problem", path, effect="as if the file were missing")


def empty_file(county: County, rng: Random) -> Planted:
    """A file of no bytes."""
    path = _any_file(county, rng)
    county.files[path] = b""
    return Planted("problem", path, effect="as if the file were missing")


def bomb(county: County, rng: Random) -> Planted:
    """A small workbook whose one sheet is 400 MB of rows when it is unpacked."""
    path = _any_file(county, rng)
    buffer = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbook(county.sheets[path]))) as honest,
        zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as packed,
    ):
        for name in honest.namelist():
            if name != "xl/worksheets/sheet1.xml":
                packed.writestr(zipfile.ZipInfo(name), honest.read(name), zipfile.ZIP_DEFLATED)
        entry = zipfile.ZipInfo("xl/worksheets/sheet1.xml")
        entry.compress_type = zipfile.ZIP_DEFLATED
        with packed.open(entry, "w", force_zip64=True) as inside:
            inside.write(
                b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
            )
            for _ in range(400):
                inside.write(b"<row><c><v>1</v></c></row>" * 40_000)
            inside.write(b"</sheetData></worksheet>")
    county.files[path] = buffer.getvalue()
    return Planted("problem", path, effect="as if the file were missing, in bounded time and memory")


def missing_heading(county: County, rng: Random) -> Planted:
    """A heading that is not there, or is called something else."""
    path = _any_file(county, rng)
    sheet = county.sheets[path]
    column = pick(rng, [i for i, heading in enumerate(sheet.columns) if heading not in ("序号", "备注")])
    sheet.headings[column] = rng.choice(("", "栏目", sheet.columns[column] + "（旧）"))
    return Planted(
        "problem", path, None, sheet.columns[column], "one error for the file; what depends on it is open"
    )


def doubled_heading(county: County, rng: Random) -> Planted:
    """The same heading twice."""
    path = _any_file(county, rng)
    sheet = county.sheets[path]
    if "备注" in sheet.columns:
        raise NoPlace
    heading = pick(rng, sheet.columns[1:])
    sheet.columns.append("备注")
    sheet.headings.append(heading)
    return Planted("problem", path, None, heading, "one error for the file; what depends on it is open")


def wrong_sum(county: County, rng: Random) -> Planted:
    """A sum in the 合计 row that is not the sum, or a number of rows that is not their number."""
    path = _any_file(county, rng)
    sheet = county.sheets[path]
    heading = pick(rng, sorted(sheet.sums))
    right = sheet.sum_cells()[heading]
    wrong = int("".join(c for c in str(right) if c.isdecimal())) + rng.choice((1, 2, 10))
    sheet.wrong_sums[heading] = f"{wrong}人" if isinstance(right, str) else wrong
    return Planted(
        "problem", path, sheet.sum_row, heading, "the sum is wrong, and every row counts as it stands"
    )


def no_sum_row(county: County, rng: Random) -> Planted:
    """A 合计 row with nothing in it: it need not carry a sum, so nothing is wrong."""
    path = _any_file(county, rng)
    county.sheets[path].sums = {}
    return Planted("nothing", path, county.sheets[path].sum_row)


def junk_behind(county: County, rng: Random) -> Planted:
    """A hidden first sheet and a second visible one with other things: only the first visible sheet is read."""
    path = _any_file(county, rng)
    county.sheets[path].junk = True
    return Planted("nothing", path)


def empty_rows(county: County, rng: Random) -> Planted:
    """Empty rows among the others."""
    path = _any_file(county, rng)
    sheet = county.sheets[path]
    for _ in range(3):
        sheet.rows.insert(rng.randrange(len(sheet.rows) + 1), None)
    return Planted("nothing", path)


def spaced_headings(county: County, rng: Random) -> Planted:
    """White space inside every heading, of every kind."""
    path = _any_file(county, rng)
    sheet = county.sheets[path]
    sheet.headings = [rng.choice((" ", "\u3000", "\n", "\u00a0")).join(heading) for heading in sheet.headings]
    return Planted("nothing", path)


FAULTS: tuple[Fault, ...] = (
    missing_file,
    missing_department,
    text_file,
    old_xls,
    damaged_file,
    empty_file,
    missing_heading,
    doubled_heading,
    wrong_sum,
    no_sum_row,
    junk_behind,
    empty_rows,
    spaced_headings,
)
