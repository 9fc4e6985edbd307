"""What may stand in a cell (单元格): one reader a kind of value, strict, never guessing.

Each reader takes a cell and gives its value, or raises ``Bad`` with what is wrong and how to mend it. White space,
full-width digits, a lower-case x and look-alike dots do not matter; everything else does.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from fourgates import days, i18n, identity
from fourgates.days import Month
from fourgates.errors import Refused
from fourgates.i18n import _
from fourgates.meetings import MOST
from fourgates.papers import guesses, nationalities
from fourgates.papers.workbook import Cell, CellError, NoValue

Reader = Callable[[Cell], Any]
_SCIENTIFIC = re.compile(r"[0-9]\.[0-9]+E\+?1[4-7]", re.ASCII | re.IGNORECASE)
FIRST_YEAR, LAST_YEAR = 1910, 2100  # a month such as 1978.1 in a date format is a day of 1905


class Bad(Exception):
    """A cell that is not what its column asks for: what is wrong, how to mend it."""

    def __init__(self, wrong: str, mend: str) -> None:
        super().__init__(wrong, mend)
        self.wrong, self.mend = wrong, mend


def suggested(mend: str, guess: str) -> str:
    """How to mend it, with what was probably meant beside it."""
    return mend + _("；可能是想写“{guess}”").format(guess=guess) if guess else mend


def _plain(cell: Cell) -> Cell:
    """The cell, unless it holds a formula without a value or an error of the spreadsheet."""
    if isinstance(cell, NoValue):
        raise Bad(_("公式没有存下结果"), _("在表格软件中打开、重新计算并保存，或者直接填写数值"))
    if isinstance(cell, CellError):
        raise Bad(_("单元格是一个错误值"), _("改正公式，或者直接填写数值"))
    return cell


@lru_cache(maxsize=65536)
def squeeze(text: str) -> str:
    """``text`` without any white space and with half-width letters, digits and brackets: how words are compared."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def text(cell: Cell) -> str:
    """Words as written, outer white space removed; a number or date as it would be shown; ``""`` when empty."""
    cell = _plain(cell)
    if isinstance(cell, str):
        return cell.strip()
    if cell is None:
        return ""
    return f"{cell:.15g}" if isinstance(cell, float) else str(cell)


def needed(cell: Cell) -> str:
    """Words that must be there."""
    found = text(cell)
    if not found:
        raise Bad(_("没有填写"), _("补填这一格"))
    return found


def count(cell: Cell) -> int:
    """A whole number of people or papers, not negative: a number or digits as text."""
    cell = _plain(cell)
    mend = _("填写不带单位的整数，例如 12")
    if isinstance(cell, str):
        digits = squeeze(cell)
        if not digits:
            raise Bad(_("没有填写"), _("补填这一格"))
        if not re.fullmatch(r"[0-9]{1,12}(\.0+)?", digits, re.ASCII):
            raise Bad(_("不是整数"), suggested(mend, guesses.count(digits)))
        cell = int(digits.partition(".")[0])
    if cell is None:
        raise Bad(_("没有填写"), _("补填这一格"))
    if isinstance(cell, bool) or not isinstance(cell, int | float) or cell != cell or int(cell) != cell:
        raise Bad(_("不是整数"), mend)
    if not 0 <= cell <= MOST:
        raise Bad(_("数字不在合理范围内"), mend)
    return int(cell)


def optional_count(cell: Cell) -> int | None:
    """A whole number, ``None`` when empty."""
    return None if _empty(cell) else count(cell)


def citizen(cell: Cell) -> str:
    """A citizen number, normalised and with its check digit right."""
    cell = _plain(cell)
    if cell is None or cell == "":
        raise Bad(_("没有填写"), _("补填18位公民身份号码"))
    if isinstance(cell, bool | date) or not isinstance(cell, str) or _SCIENTIFIC.fullmatch(squeeze(cell)):
        raise Bad(
            _("公民身份号码被存成了数字，15位以后的数字已经丢失"),
            _("把这一格设为文本格式，照身份证重新输入18位号码"),
        )
    number = identity.normalise(cell)
    if not number:
        raise Bad(_("没有填写"), _("补填18位公民身份号码"))
    try:
        identity.check(number)
    except Refused as refused:
        mend = _("照身份证核对后重新输入，单元格设为文本格式")
        surplus = guesses.surplus(number)
        if surplus:
            shown = guesses.invisible(surplus) or "“" + surplus + "”"
            mend = _("这一格里多了{surplus}，删去即可").format(surplus=shown)
        raise Bad(i18n.sentence(refused), mend) from None
    return number


def day(cell: Cell) -> date:
    """A real date, or ``2022-02-21``, ``2022年2月21日``, ``2022.2.21``."""
    found = _date(cell)
    if isinstance(found, Month):
        raise Bad(_("日期只到月，这一格要到日"), _("填写完整日期，例如 2022-02-21"))
    return found


def optional_day(cell: Cell) -> date | None:
    """A date, ``None`` when empty."""
    return None if _empty(cell) else day(cell)


def month_or_day(cell: Cell) -> date | Month:
    """A date, or a month such as ``1998.07``, ``1998年7月``, ``199807``; the precision is kept."""
    return _date(cell, month=True)


def optional_month_or_day(cell: Cell) -> date | Month | None:
    """A date or a month, ``None`` when empty."""
    return None if _empty(cell) else _date(cell, month=True)


@dataclass(frozen=True, slots=True)
class Options:
    """A reader for one of ``words`` (选项); with ``blank`` the cell may be empty (``""``)."""

    words: tuple[str, ...]
    blank: bool = False

    def __call__(self, cell: Cell) -> str:
        """The word as the form spells it."""
        found = squeeze(text(cell))
        for word in self.words:
            if squeeze(word) == found:
                return word
        if not found and self.blank:
            return ""
        mend = _("填写下列之一：{words}").format(words="、".join(self.words)) + (
            _("，或者留空") if self.blank else ""
        )
        mend = suggested(mend, guesses.option(found, self.words) if found else "")
        raise Bad(_("不是可选的值") if found else _("没有填写"), mend)


def option(words: Collection[str], *, blank: bool = False) -> Options:
    """A reader for one of ``words``; with ``blank`` the cell may be empty."""
    return Options(tuple(words), blank)


def _empty(cell: Cell) -> bool:
    return cell is None or (isinstance(cell, str) and not cell.strip())


@lru_cache(maxsize=65536)
def _written_date(words: str) -> date | Month:
    return days.read(squeeze(words))


def _date(cell: Cell, *, month: bool = False) -> date | Month:
    if type(cell) is date and FIRST_YEAR <= cell.year <= LAST_YEAR:
        return cell
    cell = _plain(cell)
    if _empty(cell):
        raise Bad(_("没有填写"), _example())
    found: date | Month | None
    if isinstance(cell, datetime):
        found = cell.date()
    elif isinstance(cell, date):
        found = cell
    elif isinstance(cell, str):
        try:
            found = _written_date(cell)
        except ValueError:
            mend = suggested(_example(), guesses.day(squeeze(cell)))
            raise Bad(_("日期读不懂，或者没有这一天"), mend) from None
    else:
        number = cell if isinstance(cell, int | float) and not isinstance(cell, bool) else None
        found = _numeric_month(number) if number is not None and month else None
        if found is None:
            guess = guesses.day(number) if number is not None else ""
            raise Bad(_("存的是数字，不是日期"), suggested(_example(), guess))
    if not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise Bad(_("年份{year}不合理，多半是把数字或空白当成了日期").format(year=found.year), _example())
    return found


def _example() -> str:
    return _("填写真正的日期，或者 2022-02-21、2022年2月21日、2022.2.21 这样的写法")


def _numeric_month(number: int | float) -> Month | None:
    """A month typed as a number: ``199807``, or ``1998.07``; ``1978.1`` may be January or October and is asked back."""
    if isinstance(number, int):
        year, part = divmod(number, 100)
        return Month(year, part) if 1 <= part <= 12 and FIRST_YEAR <= year <= LAST_YEAR else None
    found = re.fullmatch(r"(\d{4})\.(\d{1,2})", f"{number:.10g}")
    if found is None:
        return None
    if found[2] == "1":
        raise Bad(
            _("{number}可能是{year}年1月，也可能是10月：数字末尾的0会丢").format(
                number=found[0], year=found[1]
            ),
            _("把这一格设为文本格式，写成 {year}.01 或 {year}.10").format(year=found[1]),
        )
    part = int(found[2])
    return Month(int(found[1]), part) if 1 <= part <= 12 else None


def nationality(cell: Cell) -> str:
    """A nationality, with or without 族, given as its full name."""
    word = squeeze(text(cell))
    if not word:
        raise Bad(_("没有填写"), _("填写民族全称，例如 汉族"))
    try:
        return nationalities.read(word)
    except KeyError:
        raise Bad(_("不是56个民族之一"), _("填写民族全称，例如 汉族、东乡族")) from None
