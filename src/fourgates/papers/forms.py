"""The forms of the county folder (县级文件夹的表册), as data: headings, and what may stand under each.

The layouts are the contract with the people who fill them in. ``needed`` marks the headings without which nothing on the
form can be judged; a heading that is missing or doubled is always a fault.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from fourgates.papers import cells
from fourgates.papers.cells import Reader
from fourgates.plan import Plan

YES_NO = ("是", "否")
KINDS: Mapping[str, str] = {
    "县委": "county",
    "党委": "committee",
    "党工委": "working_committee",
    "党总支": "general_branch",
    "党支部": "branch",
}
SECTORS: Mapping[str, str] = {"乡镇": "township", "县直": "county_direct"}
FULL, PROBATIONARY = "正式党员", "预备党员"
NORMAL, STOPPED = "正常", "停止党籍"
UP, STAYS = "上报", "不上报"
HAS, HAS_NOT = "有", "无"
NO, YES = "否", "是"

UNITS = "01 党组织名册.xlsx"
ROSTER = "02 党员名册"
STEPS = "03 工作纪实"
COUNTY_STEPS = "03 工作纪实/县委.xlsx"
MARKS = "04 参与情况"
SURVEYS = "05 满意度测评.xlsx"
NOMINATIONS = "06 推荐提名"
REVIEWS = "07 党委研究.xlsx"
PROFILES = "08 人选情况.xlsx"
STANDARD = "09 政治标准考察.xlsx"
CHECKS = "10 四必核查.xlsx"
REPLIES = "11 部门回函"
SANCTIONS = "12 处分情况.xlsx"
DECISION = "13 县委研究.xlsx"


@dataclass(frozen=True, slots=True)
class Column:
    """A heading, the reader of its cells, whether the form can be judged without it, whether a 合计 may sum it.

    ``known`` remembers what words read so far in this column say, for as long as the form is in use.
    """

    heading: str
    read: Reader
    needed: bool = True
    sums: bool = False
    known: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Form:
    """One kind of form: its columns, in the order they are printed."""

    name: str
    columns: tuple[Column, ...]


def _column(heading: str, read: Reader) -> Column:
    return Column(heading, read, sums=read in (cells.count, cells.optional_count))


def _aside(*headings: str) -> tuple[Column, ...]:
    return tuple(Column(heading, cells.text, needed=False) for heading in headings)


_ROSTER: tuple[tuple[str, Reader], ...] = (
    ("姓名", cells.needed),
    ("公民身份号码", cells.citizen),
    ("性别", cells.option(("男", "女"))),
    ("民族", cells.nationality),
    ("出生日期", cells.day),
    ("学历", cells.text),
    ("人员类别", cells.option((FULL, PROBATIONARY))),
    ("所在党支部", cells.needed),
    ("入党日期", cells.month_or_day),
    ("转正日期", cells.optional_month_or_day),
    ("流动党员", cells.option(YES_NO)),
    ("年老体弱", cells.option(YES_NO)),
    ("党籍状态", cells.option((NORMAL, STOPPED))),
)
_ROSTER_ASIDES = ("工作岗位", "手机号码", "流动去向")


def roster() -> Form:
    """02, the one form that no plan has a say in."""
    return _form(ROSTER, _ROSTER, _ROSTER_ASIDES)


def _form(name: str, columns: Iterable[tuple[str, Reader]], asides: Sequence[str]) -> Form:
    own = (_column(heading, read) for heading, read in columns)
    return Form(name, (*_aside("序号"), *own, *_aside(*asides)))


def forms(plan: Plan) -> Mapping[str, Form]:
    """Every form by the file or folder it lies in; options and repeated columns come from the plan in force."""
    yes_no = cells.option(YES_NO)
    tag = cells.option((YES,), blank=True)
    procedure, standard, integrity = plan.procedure, plan.standard, plan.integrity
    words = {
        UNITS: (
            ("党组织名称", cells.needed),
            ("组织类别", cells.option(KINDS)),
            ("隶属", cells.option(SECTORS, blank=True)),
            ("上级党组织", cells.text),
            ("推荐名额", cells.optional_count),
        ),
        ROSTER: _ROSTER,
        STEPS: (
            ("日期", cells.day),
            ("环节", cells.option((*procedure.words.values(), *procedure.other_words))),
            ("党组织", cells.needed),
            ("应到", cells.optional_count),
            ("实到", cells.optional_count),
        ),
        MARKS: (
            ("所在党支部", cells.needed),
            ("姓名", cells.needed),
            ("公民身份号码", cells.citizen),
            ("参与方式", cells.option((*plan.participation.channels, plan.participation.absent))),
            ("日期", cells.optional_day),
        ),
        SURVEYS: (
            ("党支部", cells.needed),
            ("发出", cells.count),
            ("收回", cells.count),
            *((option, cells.count) for option in plan.satisfaction.options),
        ),
        NOMINATIONS: (
            ("党支部", cells.needed),
            ("会议日期", cells.day),
            ("应到会", cells.count),
            ("实到会", cells.count),
            ("被推荐人", cells.needed),
            ("公民身份号码", cells.citizen),
            ("提名党员数", cells.count),
        ),
        REVIEWS: (
            ("党委", cells.needed),
            ("会议日期", cells.day),
            ("应到委员", cells.count),
            ("实到委员", cells.count),
            ("姓名", cells.needed),
            ("公民身份号码", cells.citizen),
            ("同意", cells.count),
            ("不同意", cells.count),
            ("弃权", cells.count),
            ("是否上报", yes_no),
            ("未上报理由", cells.text),
        ),
        PROFILES: (
            ("姓名", cells.needed),
            ("公民身份号码", cells.citizen),
            ("所在党支部", cells.needed),
            ("类别", cells.option(plan.structure.partition)),
            *((name, tag) for name in plan.structure.tags),
            ("个人有关事项报告对象", yes_no),
            ("干部档案", cells.option((HAS, HAS_NOT))),
        ),
        STANDARD: (
            ("姓名", cells.needed),
            ("公民身份号码", cells.citizen),
            *((name, cells.option(standard.scale)) for name in standard.ratings),
            *((condition.label, yes_no) for condition in standard.conditions),
            ("测评发出", cells.count),
            ("测评收回", cells.count),
            ("认可", cells.count),
            ("不认可", cells.count),
            ("弃权", cells.count),
            ("两面人", cells.option((NO, YES))),
            ("事实依据", cells.text),
        ),
        CHECKS: (
            ("姓名", cells.needed),
            ("公民身份号码", cells.citizen),
            *(
                pair
                for check in integrity.checks
                for pair in (
                    (check.name, cells.option(check.words(), blank=True)),
                    *(((check.name + "日期", cells.optional_day),) if check.dated else ()),
                )
            ),
        ),
        REPLIES: (
            ("姓名", cells.needed),
            ("公民身份号码", cells.citizen),
            ("意见", cells.option(integrity.opinions.words(), blank=True)),
            ("说明", cells.text),
            ("回函日期", cells.optional_day),
        ),
        SANCTIONS: (
            ("姓名", cells.needed),
            ("公民身份号码", cells.citizen),
            ("处分种类", cells.option([one.kind for one in integrity.punishments])),
            ("批准日期", cells.day),
        ),
        DECISION: (
            ("会议日期", cells.day),
            ("应到委员", cells.count),
            ("实到委员", cells.count),
            ("姓名", cells.needed),
            ("公民身份号码", cells.citizen),
            ("同意", cells.count),
            ("不同意", cells.count),
            ("弃权", cells.count),
            ("决定", cells.option((UP, STAYS))),
        ),
    }
    asides = {
        UNITS: ("书记", "联系电话"),
        ROSTER: _ROSTER_ASIDES,
        STEPS: ("地点", "主持人", "主要内容", "记录人"),
        MARKS: ("经办人", "未参与原因"),
        NOMINATIONS: ("单位及职务", "主要事迹"),
        CHECKS: ("核查人",),
        REPLIES: ("经办人",),
    }
    return {name: _form(name, columns, asides.get(name, ())) for name, columns in words.items()}
