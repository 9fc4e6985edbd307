"""Names as written, the key they are matched by, and surname-stroke order (姓氏笔画为序).

A name is kept exactly as it was received. Two readings of it are made here and never stored: ``key``, by which two
files recognise the same name, and ``sort_key``, by which lists and ballots are put in order.

Names are compared character by character: by the number of strokes, then by the classes of the strokes in writing
order (1 横 2 竖 3 撇 4 点 5 折), then by structure (left-right, top-bottom, the rest), then as the standard has them.
The table covers the 20,902 characters of GB 13000.1 and the rest of the 8,105 of 2013 (通用规范汉字表); its sources
stand in ``tables/README.md``, and why this order and no other in ``docs/decisions/0002-stroke-order.md``.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from enum import Enum
from functools import cache, lru_cache
from importlib import resources
from itertools import accumulate, count

from fourgates.errors import Refused
from fourgates.i18n import mark

DOT = "·"
"""The middle dot of names (间隔号): U+00B7, GB 18030 A1A4."""

_DOTS = "·•∙・･‧⋅·᛫⸱ꞏ˙●"
_STOPS = ".．。｡﹒․"  # a name's dot only where it stands between two Chinese characters
_HAN = "\u3007\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003ffff"
_PLAIN = re.compile("[\u4e00-\u9fff]*")
_STOP = re.compile(f"(?<=[{_HAN}])[{re.escape(_STOPS)}]+(?=[{_HAN}])")
_SELECTOR = re.compile("[\u180b-\u180d\ufe00-\ufe0f\U000e0100-\U000e01ef]")
_OPEN, _CLOSED = "([{<〈《【〔〖", ")]}>〉》】〕〗"
_TWO = re.compile(rf"([{_HAN}])\s*([{_HAN}])(?=\s*(?:$|[（(〔［\[]))")
_WIDE = "\u3000"

_COMPOUND = frozenset(
    re.findall(
        "..",
        "欧阳诸葛上官司马司徒司空司寇夏侯皇甫尉迟令狐慕容宇文长孙公孙仲孙轩辕端木东方东郭东门西门南宫南门北宫百里呼延"
        "独孤钟离赫连拓跋完颜纳兰耶律闻人澹台申屠太史太叔濮阳淳于单于鲜于公冶公西公羊公良宗政闾丘梁丘左丘亓官乐正漆雕"
        "壤驷夹谷宰父谷梁段干微生羊舌颛孙巫马子车万俟第五即墨达奚哥舒屈突侯莫",
    )
)
"""Compound surnames (复姓)."""

_EMPTY = 0
"""Where a missing middle character stands: before every character, whose places begin at 1."""

_BEYOND = 0x110000
"""Added to the code point of a character that no table has, so that it stands after all that are known."""


class Convention(Enum):
    """What a name whose given name is one character is compared as (双字姓名的排法)."""

    PARTY_CONGRESS = "party_congress"
    """By surname (姓氏笔画): the missing middle character counts as empty, so 田富 stands before 田大利."""

    PEOPLES_CONGRESS = "peoples_congress"
    """By the whole name (姓名笔画): the second character is compared at once, so 田大利 stands before 田富."""


class Unknown(Refused):
    """Characters that the table does not have (表外字); ``characters`` maps each to the names it stands in."""

    def __init__(self, characters: Mapping[str, tuple[str, ...]]) -> None:
        self.characters = dict(characters)
        listed = "；".join(f"{char}（U+{ord(char):04X}）：{'、'.join(of)}" for char, of in characters.items())
        super().__init__(
            "N.1", mark("笔画表中没有这些字，请在更正表中写上笔顺。{characters}"), characters=listed
        )


# --- matching ---------------------------------------------------------------------------------------------------


@lru_cache(maxsize=4096)
def _folded(char: str) -> str:
    """One character as it is matched: nothing for white space and invisible marks, else its plain form."""
    if char.isspace() or unicodedata.category(char) == "Cf" or _SELECTOR.match(char):
        return ""
    if char in _DOTS:
        return DOT
    if "\uff01" <= char <= "\uff5e":
        return chr(ord(char) - 0xFEE0)
    if "\u2f00" <= char <= "\u2fd5" or "\uf900" <= char <= "\ufad9" or "\U0002f800" <= char <= "\U0002fa1d":
        return unicodedata.normalize("NFKC", char)
    return char


def key(name: str) -> str:
    """What a name is matched by (匹配键); only for comparing, never stored as the name.

    White space of every kind is gone, look-alike dots are the middle dot, full-width letters and digits are plain,
    and a compatibility form is the character it stands for. ``key(key(name)) == key(name)``.
    """
    if _PLAIN.fullmatch(name):
        return name
    return re.sub(f"{DOT}+", DOT, _STOP.sub(DOT, "".join(map(_folded, name))))


def dots(name: str) -> tuple[str, ...]:
    """The kinds of dot a name is written with, in order of appearance: more than one is worth a hint."""
    seen = "".join(char for char in name if _folded(char))
    between = {n for stop in _STOP.finditer(seen) for n in range(*stop.span())}
    return tuple(dict.fromkeys(char for n, char in enumerate(seen) if char in _DOTS or n in between))


def _letters(name: str) -> str:
    """The characters that count for the order: no notes in brackets, no dots, no padding."""
    kept, depth = [], 0
    for char in key(name):
        if char in _OPEN:
            depth += 1
        elif char in _CLOSED:
            depth = max(depth - 1, 0)
        elif not depth and char != DOT:
            kept.append(char)
    return "".join(kept)


def pad(name: str) -> str:
    """The name as printed in columns: two characters are set apart by a full-width space (王　伟)."""
    bare = name.strip()
    two = _TWO.match(bare)
    return f"{two[1]}{_WIDE}{two[2]}{bare[two.end() :]}" if two else bare


# --- the table --------------------------------------------------------------------------------------------------


_SEQUENCE = re.compile("[1-5]+", re.ASCII)
_CLASSES = str.maketrans("横提竖撇点捺折", "1123445")
_CORRECTION = re.compile(r"""["']?(.)["']?\s*[\s=:：,，]\s*["']?([^\s"']+)["']?""")


class Table:
    """Stroke sequences (笔顺表) in order, and beside each the characters written so, in order.

    A sequence is the classes of its strokes as digits.
    """

    def __init__(self, sequences: Sequence[str], sharing: Sequence[str]) -> None:
        self._sequences = sequences
        self._sharing = sharing
        self._ends = list(accumulate(map(len, sharing)))
        self._places = dict(zip("".join(sharing), count(1), strict=False))

    def __contains__(self, char: str) -> bool:
        return char in self._places

    def __len__(self) -> int:
        return len(self._places)

    def place(self, char: str) -> int:
        """The number of the character in the order, from 1; ``Unknown`` when the table does not have it."""
        place = self._places.get(char)
        if place is None:
            raise Unknown({char: (char,)})
        return place

    def strokes(self, char: str) -> str:
        """The classes of the strokes in writing order: 王 is ``1121``. ``Unknown`` as above."""
        return self._sequences[bisect_left(self._ends, self.place(char))]

    def corrected(self, corrections: Mapping[str, str]) -> Table:
        """A table in which an operator's stroke sequences stand over the shipped ones (更正).

        A character that is new to a sequence comes last among those that share it. Refused (rule N.2) when a
        correction is not one character and digits from 1 to 5.
        """
        sharing = dict(zip(self._sequences, self._sharing, strict=True))
        for char, strokes in corrections.items():
            if len(char) != 1 or not _SEQUENCE.fullmatch(strokes):
                raise Refused(
                    "N.2",
                    "更正表每行写一个字和它的笔顺（1横2竖3撇4点5折），读到：{line}",
                    line=f"{char} {strokes}",
                )
            old = self.strokes(char) if char in self else ""
            if old != strokes:
                sharing[old] = sharing.get(old, "").replace(char, "")
                sharing[strokes] = sharing.get(strokes, "") + char
        sharing.pop("", None)
        sequences = sorted(sharing, key=lambda digits: (len(digits), digits))
        return Table(sequences, [sharing[digits] for digits in sequences])


@cache
def table() -> Table:
    """The shipped table, read once: GB 13000.1 (U+4E00 to U+9FA5), and 276 more of the 8,105 of 2013."""
    text = resources.files("fourgates.tables").joinpath("strokes.tsv").read_text(encoding="utf-8")
    return Table(re.findall("[1-5]+", text), re.findall("[^1-5\\s]+", text))


def corrections(text: str) -> dict[str, str]:
    """An operator's corrections, a character and its strokes a line: ``䶮 41431…`` or ``于 = "横横竖"``.

    Blank lines and lines that begin with # say nothing. Refused (rule N.2) with the first line that cannot be read.
    """
    found: dict[str, str] = {}
    for line in map(str.strip, text.lstrip("\ufeff").splitlines()):
        if not line or line.startswith("#"):
            continue
        read = _CORRECTION.fullmatch(line)
        strokes = read[2].translate(_CLASSES) if read else ""
        if not read or not _SEQUENCE.fullmatch(strokes):
            raise Refused("N.2", "更正表每行写一个字和它的笔顺（1横2竖3撇4点5折），读到：{line}", line=line)
        found[read[1]] = strokes
    return found


# --- order ------------------------------------------------------------------------------------------------------


def unknown(names: Iterable[str], strokes: Table | None = None) -> Unknown | None:
    """Every character of the whole list that the table does not have, each with its names; None when it has all."""
    known = table() if strokes is None else strokes
    found: dict[str, dict[str, None]] = {}
    for name in names:
        for char in _letters(name):
            if char not in known:
                found.setdefault(char, {})[name.strip()] = None
    return Unknown({char: tuple(of) for char, of in found.items()}) if found else None


def sort_key(
    name: str, strokes: Table | None = None, convention: Convention = Convention.PARTY_CONGRESS
) -> tuple[int, ...]:
    """What a name is put in order by; equal for namesakes, whatever notes, dots or padding they are written with.

    A compound surname is compared by its first character, as is a name without a surname. A character that the
    table does not have stands after all that it has: ask ``unknown`` first where that must not pass unseen.
    """
    known, letters = table() if strokes is None else strokes, _letters(name)
    places = [known.place(char) if char in known else _BEYOND + ord(char) for char in letters]
    surname = 2 if len(letters) > 2 and letters[:2] in _COMPOUND else 1
    if convention is Convention.PARTY_CONGRESS and len(letters) == surname + 1:
        places.insert(surname, _EMPTY)
    return tuple(places)


def order(
    names: Iterable[str], strokes: Table | None = None, convention: Convention = Convention.PARTY_CONGRESS
) -> list[str]:
    """The names in surname-stroke order, each as it was written; namesakes stay in the order they came in.

    Raises ``Unknown``, which names every character of the whole list that the table does not have.
    """
    listed = list(names)
    refusal = unknown(listed, strokes)
    if refusal:
        raise refusal
    return sorted(listed, key=lambda name: sort_key(name, strokes, convention))


def sort_lines(
    lines: Iterable[str],
    corrections: Mapping[str, str] | None = None,
    convention: Convention = Convention.PARTY_CONGRESS,
) -> list[str]:
    """Lines that hold one name each, in order and otherwise as written; blank lines are dropped.

    ``corrections`` maps characters to their strokes, as the function of that name reads them. Raises ``Unknown``
    as ``order`` does.
    """
    written = (line.lstrip("\ufeff").rstrip("\r\n") for line in lines)
    known = table().corrected(corrections) if corrections else table()
    return order((line for line in written if key(line)), known, convention)


def surname_strokes(name: str, strokes: Table | None = None) -> int:
    """How many strokes the first character has; 0 when nothing in the name counts. ``Unknown`` as above."""
    known, first = table() if strokes is None else strokes, _letters(name)[:1]
    return len(known.strokes(first)) if first else 0
