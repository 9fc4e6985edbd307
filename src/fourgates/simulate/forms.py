"""The forms (表式): which headings each file has, in their usual order, and what its 合计 row carries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from fourgates.simulate.sheet import SumKind


@dataclass(frozen=True)
class Form:
    """One kind of file: its title (``{}`` is the unit's name), its headings after 序号, and the sums of its 合计 row."""

    title: str
    headings: tuple[str, ...]
    sums: Mapping[str, SumKind]


def _form(title: str, headings: str, sums: Mapping[str, SumKind]) -> Form:
    return Form(title, tuple(headings.split()), sums)


UNITS = _form("党组织名册", "党组织名称 组织类别 隶属 上级党组织 书记 联系电话 推荐名额", {"推荐名额": "sum"})
ROSTER = _form(
    "{}党员名册表",
    "姓名 公民身份号码 性别 民族 出生日期 学历 人员类别 所在党支部 入党日期 转正日期 工作岗位 手机号码 流动党员 流动去向 "
    "年老体弱 党籍状态",
    {"姓名": "人"},
)
STEPS = _form("{}工作纪实表", "日期 环节 党组织 地点 主持人 应到 实到 主要内容 记录人", {"环节": "条"})
TAKING_PART = _form(
    "{}参与情况表", "所在党支部 姓名 公民身份号码 参与方式 日期 经办人 未参与原因", {"姓名": "人"}
)
SATISFACTION = _form(
    "推荐工作满意度测评汇总表",
    "党支部 发出 收回 满意 基本满意 不满意",
    dict.fromkeys(("发出", "收回", "满意", "基本满意", "不满意"), "sum"),
)
NOMINATIONS = _form(
    "{}推荐提名表",
    "党支部 会议日期 应到会 实到会 被推荐人 公民身份号码 单位及职务 提名党员数 主要事迹",
    {"提名党员数": "sum"},
)
REVIEW = _form(
    "各党（工）委研究推荐人选情况表",
    "党委 会议日期 应到委员 实到委员 姓名 公民身份号码 同意 不同意 弃权 是否上报 未上报理由",
    {"姓名": "人"},
)
DETAILS = _form(
    "推荐人选基本情况表",
    "姓名 公民身份号码 所在党支部 类别 农民 工人 专业技术人员 先进模范 脱贫攻坚 疫情防控 个人有关事项报告对象 干部档案",
    {"姓名": "人"},
)
STANDARD = _form(
    "推荐人选政治标准考察表",
    "姓名 公民身份号码 政治判断力 政治领悟力 政治执行力 议事能力 群众工作本领 条件一 条件二 条件三 条件四 条件五 条件六 "
    "测评发出 测评收回 认可 不认可 弃权 两面人 事实依据",
    {"姓名": "人"},
)
CHECKS = _form(
    "推荐人选“四必”核查表",
    "姓名 公民身份号码 档案审核 档案审核日期 个人事项核查 个人事项核查日期 纪检监察意见 纪检监察意见日期 信访举报 "
    "信访举报日期 党员身份 核查人",
    {"姓名": "人"},
)
REPLIES = _form("征求意见回函", "姓名 公民身份号码 意见 说明 回函日期 经办人", {"姓名": "人"})
PUNISHMENTS = _form("党员受处分情况表", "姓名 公民身份号码 处分种类 批准日期", {"姓名": "人"})
DECISION = _form(
    "县委研究推荐人选情况表",
    "会议日期 应到委员 实到委员 姓名 公民身份号码 同意 不同意 弃权 决定",
    {"姓名": "人"},
)
