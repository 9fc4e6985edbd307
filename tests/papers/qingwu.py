"""青梧县's folder as far as members go: two committees, three branches, three members, and one who is to come."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

import cast
from fourgates import adopting
from fourgates.identity import check_digit
from fourgates.papers import forms, writing
from fourgates.papers.writing import Column, Table, Value

TOWN, FARM = "中共青梧县青梧镇委员会", "中共青梧县农业农村局委员会"
STREET, HILL, FIELD = "青梧镇街道党支部", "青梧镇山前村党支部", "农业农村局机关党支部"
PLAN = adopting.adopt(cast.PLAN)


def number(born: str, order: str, area: str = "629921") -> str:
    first = area + born + order
    return first + check_digit(first)


WANG, LI, ZHAO, MA = (
    number("19820705", "646"),
    number("19810504", "811"),
    number("19700808", "691"),
    number("19900101", "002"),
)
PEOPLE: dict[str, dict[str, Value]] = {
    WANG: {
        "姓名": "王秀兰",
        "性别": "女",
        "民族": "汉族",
        "出生日期": date(1982, 7, 5),
        "学历": "大学",
        "所在党支部": STREET,
    },
    LI: {
        "姓名": "李建国",
        "性别": "男",
        "民族": "汉族",
        "出生日期": date(1981, 5, 4),
        "学历": "高中",
        "所在党支部": HILL,
    },
    ZHAO: {
        "姓名": "赵明",
        "性别": "男",
        "民族": "回族",
        "出生日期": date(1970, 8, 8),
        "学历": "初中",
        "所在党支部": FIELD,
    },
}
REST: dict[str, Value] = {
    "人员类别": "正式党员",
    "入党日期": date(2005, 7, 1),
    "转正日期": "2006.07",
    "工作岗位": "农民",
    "流动党员": "否",
    "年老体弱": "否",
    "党籍状态": "正常",
}


def book(path: Path, rows: Sequence[Mapping[str, Value]], title: str = "党员名册表") -> Path:
    headings = list(dict.fromkeys(heading for row in rows for heading in row))
    cells = [[row.get(heading) for heading in headings] for row in rows]
    path.parent.mkdir(parents=True, exist_ok=True)
    writing.write(path, [Table("党员", title, [Column(one) for one in headings], cells, footer="填表人：")])
    return path


def text(path: Path, *lines: Sequence[str], encoding: str = "gb18030") -> Path:
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file).writerows(lines)
    return path


def county(root: Path) -> Path:
    """A county folder with a plan, 01, and the rosters of two committees."""
    root.mkdir()
    (root / "plan.toml").write_text(cast.PLAN, encoding="utf-8")
    units = [
        ("中共青梧县委", "县委", "", "", None),
        (TOWN, "党委", "乡镇", "中共青梧县委", 3),
        (FARM, "党委", "县直", "中共青梧县委", 2),
        (STREET, "党支部", "", TOWN, None),
        (HILL, "党支部", "", TOWN, None),
        (FIELD, "党支部", "", FARM, None),
    ]
    keys = ("党组织名称", "组织类别", "隶属", "上级党组织", "推荐名额")
    book(root / forms.UNITS, [dict(zip(keys, unit, strict=True)) for unit in units])
    for committee, numbers in {TOWN: (WANG, LI), FARM: (ZHAO,)}.items():
        rows = [
            {
                "序号": at,
                "公民身份号码": one,
                **PEOPLE[one],
                **REST,
                "手机号码": "",
                "流动去向": "",
                "帮扶人": "老周",
            }
            for at, one in enumerate(numbers, 1)
        ]
        book(root / forms.ROSTER / f"{committee}.xlsx", rows)
    return root


FOREIGN = (
    "党员姓名",
    "身份证号码",
    "民族",
    "文化程度",
    "党员类别",
    "支部名称",
    "入党时间(年月日)",
    "转正时间",
    "备注",
)
"""The headings of a roster made elsewhere."""
