"""Cadre forms (干部任免审批表): of all they hold, only what a roster asks for (.lrmx, .lrm).

A ``.lrmx`` is XML whose elements are named in pinyin under a root ``Person``; an older ``.lrm`` is text, fields in quotes
in a fixed order. Family, health, photograph and the course of a life are passed over while reading: nothing of them is
gathered, and nothing of them leaves this process. Each form becomes a heading row and one row of values.

Runs in the limited child process (``worker``) and raises ``Stopped`` alone. No document type, so no entities.
"""

from __future__ import annotations

from typing import NoReturn
from xml.parsers import expat

from fourgates.papers.precheck import Stopped
from fourgates.papers.workbook import Limits, Reason

_TAKEN = {
    "XingMing": "姓名",
    "XingBie": "性别",
    "ChuShengNianYue": "出生日期",
    "MinZu": "民族",
    "RuDangShiJian": "入党日期",
    "XianRenZhiWu": "工作岗位",
    "ShenFenZheng": "公民身份号码",
    "QuanRiZhiJiaoYu_XueLi": "全日制",
    "ZaiZhiJiaoYu_XueLi": "在职",
}
_ROOT = "Person"
_HEADINGS = ("姓名", "公民身份号码", "性别", "民族", "出生日期", "学历", "入党日期", "工作岗位")
_LONGEST = 2_000
"""Characters of one field that are kept: a post takes some dozens."""
_PLACES = {0: "姓名", 1: "性别", 2: "出生日期", 3: "民族", 5: "入党日期", 25: "工作岗位"}
"""Where the fields of a .lrm stand, counted from nought; the ninth holds the education, the twenty-fifth the post."""
_EDUCATION, _FIELDS = 9, 26

Rows = list[list[str | int | float | bool | None]]


def read(content: bytes, limits: Limits) -> Rows:
    """The rows of a .lrmx."""
    found: dict[str, str] = {}
    path: list[str] = []

    def start(name: str, _attributes: dict[str, str]) -> None:
        if not path and name != _ROOT:
            raise Stopped(Reason.NOT_A_CADRE_FORM)
        path.append(name)
        if len(path) > 64:
            raise Stopped(Reason.DAMAGED)
        if len(path) == 2 and name in _TAKEN:
            if _TAKEN[name] in found:
                raise Stopped(Reason.DAMAGED)
            found[_TAKEN[name]] = ""

    def end(_name: str) -> None:
        path.pop()

    def words(text: str) -> None:
        # Of the family, too, each has a name and a sex: only what stands right under the root is the person's own.
        if len(path) == 2 and path[1] in _TAKEN:
            heading = _TAKEN[path[1]]
            if len(found[heading]) + len(text) > _LONGEST:
                raise Stopped(Reason.LONG_CELL, row=2, limit=_LONGEST)
            found[heading] += text

    def refuse(*_: object) -> NoReturn:
        raise Stopped(Reason.UNSAFE_XML)

    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = words
    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    try:
        parser.Parse(content, True)
    except (expat.ExpatError, ValueError, LookupError):
        raise Stopped(Reason.DAMAGED) from None
    return _rows(found, limits)


def read_old(text: str, limits: Limits) -> Rows:
    """The rows of a .lrm."""
    fields = text.strip().removeprefix('"').removesuffix('"').split('","')
    if len(fields) < _FIELDS:
        raise Stopped(Reason.NOT_A_CADRE_FORM)
    found: dict[str, str] = {}
    for place, heading in _PLACES.items():
        if len(fields[place]) > _LONGEST:
            raise Stopped(Reason.LONG_CELL, row=2, limit=_LONGEST)
        found[heading] = fields[place]
    full, _, later = fields[_EDUCATION].partition("@")
    found["全日制"], found["在职"] = full.partition("#")[0], later.partition("#")[0]
    return _rows(found, limits)


def _rows(found: dict[str, str], limits: Limits) -> Rows:
    said = {heading: " ".join(words.split()) for heading, words in found.items()}
    if not said.get("姓名"):
        raise Stopped(Reason.NOT_A_CADRE_FORM)
    full, later = said.get("全日制", ""), said.get("在职", "")
    said["学历"] = f"{full}（全日制）、{later}（在职）" if full and later and full != later else full or later
    if any(len(words) > limits.characters for words in said.values()):
        raise Stopped(Reason.LONG_CELL, row=2, limit=limits.characters)
    headings = [heading for heading in _HEADINGS if heading in said]
    return [[*headings], [said[heading] or None for heading in headings]]
