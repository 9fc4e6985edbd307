"""What somebody probably meant (猜测): a word, a date, a name or a number close to one that could stand there.

A guess stands beside a fault, in how to mend it, and is never applied. Where two guesses are as good as each other there is
none: a wrong suggestion costs more than no suggestion.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from fourgates import identity
from fourgates.days import Window
from fourgates.errors import Refused

_MEANT: Mapping[str, str] = {
    "是": "是的 对 对的 √ ✓ ✔ ☑ V Y YES TRUE 真",
    "否": "不是 非 × ✗ ✘ ☒ X N NO FALSE 假",
    "男": "男性 男士 男同志 M",
    "女": "女性 女士 女同志 F",
    "有": "具有 存在 已有",
    "无": "没有 暂无 无有",
    "正式党员": "正式",
    "预备党员": "预备 中共预备党员",
    "正常": "正常党籍",
    "停止党籍": "停止 停党籍",
    "会议": "开会 参会 到会 现场 会场",
    "上门": "入户 走访 家访 上门走访",
    "电话": "打电话 通话 手机 电话联系",
    "微信": "微信群 WECHAT",
    "未参与": "未参加 没有参与 没有参加 没参加 缺席 未到",
    "乡镇": "乡 镇",
    "县直": "县直机关 县直单位 县级",
    "党支部": "支部",
    "党总支": "总支 总支部 党总支部",
    "党工委": "工委",
    "优秀": "优",
    "良好": "良 好 较好",
    "较差": "差",
    "无异议": "无意见 没有意见 没意见 无不同意见 没有异议",
    "暂不能结论": "暂无结论 待定 无法结论 不能结论",
    "不适用": "不涉及 无需 N/A",
    "通过": "合格 已通过",
    "不通过": "不合格 未通过",
    "属实": "真实",
    "存疑": "有疑问 有疑 不属实",
    "未查清": "没查清 没有查清",
    "上报": "报送 同意上报",
    "不上报": "不报 未上报",
    "警告": "党内警告",
    "严重警告": "党内严重警告",
    "撤销党内职务": "撤职 撤销职务",
    "留党察看一年": "留党察看1年",
    "留党察看两年": "留党察看2年 留党察看二年",
    "生产和工作一线": "一线 生产一线 工作一线",
    "党员领导干部": "领导干部 党员干部",
}
"""What people write for an option; data, to be added to."""
_DENIALS = frozenset("不未无没否非")
_SUFFIXES = ("委员会", "总支部委员会", "总支部", "党总支", "党支部", "支部委员会", "支部")
_COUNTED = re.compile(r"共?(\d{1,7})(人|名|个|票|份|张|次|户|条)", re.ASCII)
_DAY = re.compile(r"\D{0,3}(\d{4})\D{1,2}(\d{1,2})\D{1,2}(\d{1,2})\D{0,6}", re.ASCII)
_FIRST_SERIAL, _LAST_SERIAL = 20_000, 80_000
_SERIALS_FROM = date(1899, 12, 30)
INVISIBLE: Mapping[str, str] = {
    "\u200b": "零宽空格",
    "\u200c": "零宽连接符",
    "\u200d": "零宽连接符",
    "\u200e": "方向符",
    "\u200f": "方向符",
    "\u202a": "方向符",
    "\u202c": "方向符",
    "\u202d": "方向符",
    "\u202e": "方向符",
    "\u2060": "零宽连接符",
    "\ufeff": "字节序标记",
    "\u00ad": "软连字符",
}


def option(written: str, words: Iterable[str]) -> str:
    """Which of ``words`` was probably meant; ``written`` is squeezed. Empty where none, or more than one, may be."""
    known = list(words)
    bare = "".join(
        char for char in written if unicodedata.category(char)[0] not in "PC" or char == "/"
    ).upper()
    if bare in known:
        return bare
    meant = [
        word
        for word in known
        if bare in _MEANT.get(word, "").split() or written in _MEANT.get(word, "").split()
    ]
    if len(meant) == 1:
        return meant[0]
    # A slip of one character in a word long enough to be known by the others; never one that turns yes into no.
    near = [word for word in known if len(word) >= 3 and slip(bare, word) and not _denies(bare, word)]
    return near[0] if len(near) == 1 and not meant else ""


def _denies(one: str, other: str) -> bool:
    return sum(char in _DENIALS for char in one) != sum(char in _DENIALS for char in other)


def slip(one: str, other: str) -> bool:
    """Whether one character more, less or other, or two neighbours exchanged, make ``one`` of ``other``."""
    if one == other or abs(len(one) - len(other)) > 1:
        return False
    start = 0
    while start < min(len(one), len(other)) and one[start] == other[start]:
        start += 1
    left, right = one[start:], other[start:]
    if len(one) == len(other):
        return left[1:] == right[1:] or (left[2:] == right[2:] and left[:2] == right[1::-1])
    return left[1:] == right or left == right[1:]


def unit(written: str, known: Iterable[str]) -> str:
    """Which organisation was probably meant by a name that is none; both squeezed."""
    visible = _visible(written)
    names = list(known)
    if visible != written and visible in names:
        return visible
    bare = _bare(visible)
    alike = [name for name in names if _bare(name) == bare]
    if len(alike) == 1 and len(bare) >= 2:
        return alike[0]
    near = [name for name in names if len(name) >= 4 and slip(visible, name)]
    return near[0] if len(near) == 1 and not alike else ""


def _bare(name: str) -> str:
    """A name without what it is: 城关镇红光村 for 城关镇红光村党支部."""
    for suffix in sorted(_SUFFIXES, key=len, reverse=True):
        if name.endswith(suffix):
            return name.removesuffix(suffix).removesuffix("党").removeprefix("中共")
    return name.removeprefix("中共")


def _visible(text: str) -> str:
    return "".join(char for char in text if char not in INVISIBLE)


def invisible(text: str) -> str:
    """What cannot be seen in ``text``, by name: ``零宽空格（U+200B）``; empty where everything can."""
    found = dict.fromkeys(char for char in text if char in INVISIBLE)
    return "、".join(f"{INVISIBLE[char]}（U+{ord(char):04X}）" for char in found)


def count(written: str) -> str:
    """The number in ``12人``; ``written`` is squeezed."""
    found = _COUNTED.fullmatch(written)
    return found[1] if found else ""


def day(written: str | int | float) -> str:
    """The date in ``2022/2/21``, 20220221, or in a serial number that lost its format (44613)."""
    if isinstance(written, str):
        found = _DAY.fullmatch(written)
        return _day(*(int(part) for part in found.groups())) if found else ""
    if written != int(written):
        return ""
    number = int(written)
    if _FIRST_SERIAL <= number <= _LAST_SERIAL:
        return (_SERIALS_FROM + timedelta(days=number)).isoformat()
    year, rest = divmod(number, 10_000)
    return _day(year, *divmod(rest, 100)) if 1901 <= year <= 2100 else ""


def _day(year: int, month: int, day_: int) -> str:
    try:
        return date(year, month, day_).isoformat()
    except ValueError:
        return ""


def year(when: date, window: Window) -> str:
    """The day inside ``window`` that was meant where only the year is wrong: January's slip, or last year's sheet."""
    for wanted in {window.first.year, window.last.year} - {when.year}:
        meant = _day(wanted, when.month, when.day)
        if meant and window.holds(date.fromisoformat(meant)):
            return meant
    return ""


def surplus(number: str) -> str:
    """What stands in a citizen number besides a sound one: ``'`` in ``'11010519491231002X``; empty where that is not all."""
    kept = re.sub(r"[^0-9X]", "", number, flags=re.ASCII)
    try:
        identity.check(kept)
    except Refused:
        return ""
    return "".join(dict.fromkeys(char for char in number if char not in "0123456789X"))


def same_number(written: str | int | float, number: str) -> str:
    """How ``written`` could have come of the citizen number ``number``: ``lost``, ``old``, ``swapped``, ``one``; else empty."""
    if isinstance(written, int | float):
        lost = (
            number.isdigit()
            and written > 10**15
            and (float(number) == float(written) or str(int(written))[:15] == number[:15])
        )
        return "lost" if lost else ""
    if len(written) == 15:
        return "old" if written == number[:6] + number[8:17] else ""
    if len(written) != 18 or len(number) != 18 or written == number:
        return ""
    differ = [at for at in range(18) if written[at] != number[at]]
    if len(differ) == 1:
        return "one"
    swapped = (
        len(differ) == 2
        and written[differ[0]] == number[differ[1]]
        and written[differ[1]] == number[differ[0]]
    )
    return "swapped" if swapped and differ[1] == differ[0] + 1 else ""
