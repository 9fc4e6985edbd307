"""What was read from a workbook (工作簿): the first visible sheet as rows of plain values, or why it could not be read.

Values only: nothing here opens a file. ``reading`` fills these, the readers of the forms take them from there.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from datetime import date, datetime
from typing import Final

import msgspec


class NoValue(msgspec.Struct, frozen=True):
    """A cell whose formula was never worked out (公式无结果): the program that wrote the file stored no value."""


class CellError(msgspec.Struct, frozen=True):
    """A cell that shows an error of the spreadsheet program (错误值), such as ``#REF!`` or ``#N/A``."""

    text: str


NO_VALUE: Final = NoValue()

Cell = str | int | float | bool | datetime | date | NoValue | CellError | None
"""One cell. ``None`` is an empty cell. A whole number under 10¹⁵ is an ``int``; a larger one stays the ``float``
that the spreadsheet kept, because its last digits are already lost (a citizen number typed as a number)."""


class Kind(enum.StrEnum):
    """What a file that holds a table may be (文件种类): which kinds are read is the caller's to say."""

    WORKBOOK = ".xlsx"
    OLD = ".xls"
    TEXT = ".csv"
    CADRE = ".lrmx"
    OLD_CADRE = ".lrm"


COUNTY: Final = (Kind.WORKBOOK,)
"""What the county folder takes: workbooks by name and by content, nothing else."""
ANY: Final = tuple(Kind)
"""What an import takes: whatever the content is one of, however the file is named."""
SUFFIXES: Final = (*Kind, ".txt", ".xlsm", ".et")
"""The names under which an import looks into a file; what it then is read as, its content says."""


class Sheet(msgspec.Struct, frozen=True):
    """The first visible sheet (工作表) of a workbook.

    ``rows[0]`` is row 1 as Excel numbers it; all rows are equally long; rows and columns empty to the end are left
    out. Of merged cells only the top left one has a value, as on the screen. ``stamp`` is what a form of our own says
    of itself (``stamp``), empty for any other workbook; ``kind`` is what the file's content was.
    """

    name: str
    rows: list[list[Cell]]
    stamp: Mapping[str, str] = {}
    kind: Kind = Kind.WORKBOOK


class Reason(enum.StrEnum):
    """Why a workbook could not be read (无法读取的原因)."""

    MISSING = "missing"
    FORBIDDEN = "forbidden"
    UNAVAILABLE = "unavailable"
    NOT_A_FILE = "not_a_file"
    WRONG_NAME = "wrong_name"
    FOREIGN = "foreign"
    EMPTY = "empty"
    TEXT = "text"
    OLD_FORMAT = "old_format"
    ANCIENT = "ancient"
    WEB_PAGE = "web_page"
    ENCODING = "encoding"
    QUOTES = "quotes"
    NOT_A_CADRE_FORM = "not_a_cadre_form"
    ENCRYPTED = "encrypted"
    NOT_A_WORKBOOK = "not_a_workbook"
    DAMAGED = "damaged"
    NO_SHEET = "no_sheet"
    UNSAFE_XML = "unsafe_xml"
    TOO_LARGE = "too_large"
    TOO_LARGE_INSIDE = "too_large_inside"
    TOO_DENSE = "too_dense"
    TOO_MANY_PARTS = "too_many_parts"
    TOO_MANY_ROWS = "too_many_rows"
    TOO_MANY_COLUMNS = "too_many_columns"
    TOO_MANY_CELLS = "too_many_cells"
    LONG_CELL = "long_cell"
    TOO_SLOW = "too_slow"
    OUT_OF_MEMORY = "out_of_memory"
    DIED = "died"


class Unreadable(msgspec.Struct, frozen=True):
    """A workbook that could not be read: the reason and the facts that its sentence names."""

    reason: Reason
    facts: Mapping[str, str | int] = {}


class Limits(msgspec.Struct, frozen=True):
    """How much of a stranger's workbook is opened before it is refused (读取上限).

    Sizes are bytes, ``ratio`` is unpacked over packed and counts for parts larger than ``ratio_from``, ``cells``
    bounds rows times columns, ``characters`` is what Excel itself allows in one cell, ``seconds`` is the time one
    file may take, ``memory`` the address space of one reader.
    """

    file_size: int = 32 << 20
    unpacked: int = 256 << 20
    parts: int = 2_000
    ratio: int = 200
    ratio_from: int = 4 << 20
    rows: int = 200_000
    columns: int = 500
    cells: int = 5_000_000
    characters: int = 32_767
    seconds: int = 30
    memory: int = 1 << 30


def written(cell: Cell) -> str:
    """A cell as a clerk would point at it (读到): ``2022-02-21``, ``12``, ``#REF!``; an empty cell is ``""``."""
    match cell:
        case None:
            return ""
        case str():
            return cell
        case bool():
            return "TRUE" if cell else "FALSE"
        case datetime():
            return cell.isoformat(sep=" ")
        case date():
            return cell.isoformat()
        case CellError():
            return cell.text
        case NoValue():
            return _words()["no value"]
        case float():
            return f"{cell:.15G}"
        case int():
            return str(cell)


def explain(unreadable: Unreadable) -> tuple[str, str]:
    """What is wrong with the file and how to mend it (问题、怎么改), two sentences a clerk can act on."""
    facts = _Facts({name: _spelled(name, value) for name, value in unreadable.facts.items()})
    problem, remedy = _sentences()[unreadable.reason]
    return problem.format_map(facts), remedy.format_map(facts)


class _Facts(dict[str, str]):
    """A fact that was not given is left as a question mark, so that explaining never fails."""

    def __missing__(self, key: str) -> str:
        return "？"


def _spelled(name: str, value: str | int) -> str:
    if name == "kind":
        return _words().get(str(value), str(value))
    if isinstance(value, int) and name in {"size", "size_limit"}:
        return f"{value / (1 << 20):.1f} MB"
    return str(value)


def _words() -> dict[str, str]:
    # Here and not above, twice: the readers in child processes never explain, and the catalogue is half their start.
    from fourgates.i18n import _

    return {
        "no value": _("（公式没有结果）"),
        "directory": _("文件夹"),
        "symlink": _("链接"),
        "pipe": _("管道"),
        "device": _("设备"),
    }


def _sentences() -> dict[Reason, tuple[str, str]]:
    from fourgates.i18n import _

    saved = _("用 Excel 或 WPS 打开，另存为“Excel 工作簿（*.xlsx）”后放回原处")
    trimmed = _("删去表格以外的空行、空列和图片，只留表格，另存为新的 .xlsx 后放回原处")
    copied = _("从原来的电脑重新复制一份；仍打不开的，用 Excel 或 WPS 修复后另存为 .xlsx")
    return {
        Reason.MISSING: (_("没有这个文件"), _("把文件放到规定的位置，文件名照规定写")),
        Reason.FORBIDDEN: (
            _("没有权限读取，或者文件正被别的程序占用"),
            _("关闭正在打开它的 Excel 或 WPS，检查文件的读取权限"),
        ),
        Reason.UNAVAILABLE: (_("磁盘读不出这个文件"), _("检查磁盘或网络连接，换一份完好的副本")),
        Reason.NOT_A_FILE: (_("这是{kind}，不是文件"), _("把真正的 .xlsx 文件放到这个位置")),
        Reason.WRONG_NAME: (_("文件名的后缀是“{suffix}”，不是“.xlsx”"), saved),
        Reason.FOREIGN: (_("文件名的后缀是“{suffix}”，不是可以导入的格式（{known}）"), saved),
        Reason.EMPTY: (_("文件是空的，没有任何内容"), _("换成填好的表格")),
        Reason.TEXT: (_("内容是文本（或网页、CSV），不是 Excel 工作簿，只是名字叫 .xlsx"), saved),
        Reason.OLD_FORMAT: (_("内容是旧格式（.xls），只是名字叫 .xlsx"), saved),
        Reason.ANCIENT: (_("内容是 Excel 95 以前的格式"), saved),
        Reason.WEB_PAGE: (_("内容是网页或网页式表格，不是工作簿，也不是 CSV"), saved),
        Reason.ENCODING: (_("文字的编码认不出：不是 UTF-8、UTF-16，也不是 GB18030"), saved),
        Reason.QUOTES: (
            _("第{row}行的引号没有配对，或者一格里既有换行又有分隔符，后面的行分不清"),
            _("用 Excel 或 WPS 打开，核对这一行，另存为“Excel 工作簿（*.xlsx）”后再导入"),
        ),
        Reason.NOT_A_CADRE_FORM: (
            _("内容不是干部任免审批表（.lrmx、.lrm）"),
            _("用任免审批表编辑器打开，重新保存后再导入"),
        ),
        Reason.ENCRYPTED: (_("文件有打开密码"), _("用 Excel 或 WPS 打开，取消密码后保存")),
        Reason.NOT_A_WORKBOOK: (_("内容不是 Excel 工作簿"), saved),
        Reason.DAMAGED: (_("文件已损坏，打不开"), copied),
        Reason.NO_SHEET: (_("没有看得见的工作表"), _("取消隐藏要报送的工作表后保存")),
        Reason.UNSAFE_XML: (
            _("文件里有工作簿不该有的内容（文档类型声明、实体或特殊编码），为安全起见没有读"),
            saved,
        ),
        Reason.TOO_LARGE: (_("文件有{size}，超过上限{size_limit}"), trimmed),
        Reason.TOO_LARGE_INSIDE: (_("文件解开后有{size}，超过安全上限{size_limit}"), trimmed),
        Reason.TOO_DENSE: (_("文件解开后是原来大小的{found}倍，超过安全上限{limit}倍"), trimmed),
        Reason.TOO_MANY_PARTS: (_("文件内部有{found}个部件，超过安全上限{limit}个"), trimmed),
        Reason.TOO_MANY_ROWS: (_("表格写到第{found}行，超过上限{limit}行"), trimmed),
        Reason.TOO_MANY_COLUMNS: (_("表格写到第{found}列，超过上限{limit}列"), trimmed),
        Reason.TOO_MANY_CELLS: (_("表格有{found}个格子，超过上限{limit}个"), trimmed),
        Reason.LONG_CELL: (
            _("第{row}行第{column}列的一个格子里有{found}个字，超过上限{limit}个字"),
            _("把这一格缩短，长的材料另附文件"),
        ),
        Reason.TOO_SLOW: (_("读了{limit}秒还没有读完，已停止"), trimmed),
        Reason.OUT_OF_MEMORY: (_("读取需要的内存超过安全上限{size_limit}，已停止"), trimmed),
        Reason.DIED: (_("文件内容异常，读取程序两次中断"), copied),
    }
