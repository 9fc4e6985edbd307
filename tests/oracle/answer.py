"""What the oracle has to say: troubles that must be or may be reported, sections left open, choices it had to make."""

from __future__ import annotations

from typing import Any

from oracle import cells
from oracle.reading import Folder, Table

PERSON = ["姓名", "公民身份号码"]
HEADINGS = {
    "01": "序号 党组织名称 组织类别 隶属 上级党组织 书记 联系电话 推荐名额",
    "02": "序号 姓名 公民身份号码 性别 民族 出生日期 学历 人员类别 所在党支部 入党日期 转正日期 工作岗位 手机号码 流动党员 "
    "流动去向 年老体弱 党籍状态",
    "03": "序号 日期 环节 党组织 地点 主持人 应到 实到 主要内容 记录人",
    "04": "序号 所在党支部 姓名 公民身份号码 参与方式 日期 经办人 未参与原因",
    "05": "序号 党支部 发出 收回 满意 基本满意 不满意",
    "06": "序号 党支部 会议日期 应到会 实到会 被推荐人 公民身份号码 单位及职务 提名党员数 主要事迹",
    "07": "序号 党委 会议日期 应到委员 实到委员 姓名 公民身份号码 同意 不同意 弃权 是否上报 未上报理由",
    "08": "序号 姓名 公民身份号码 所在党支部 类别 农民 工人 专业技术人员 先进模范 脱贫攻坚 疫情防控 个人有关事项报告对象 "
    "干部档案",
    "09": "序号 姓名 公民身份号码 政治判断力 政治领悟力 政治执行力 议事能力 群众工作本领 条件一 条件二 条件三 条件四 "
    "条件五 条件六 测评发出 测评收回 认可 不认可 弃权 两面人 事实依据",
    "10": "序号 姓名 公民身份号码 档案审核 档案审核日期 个人事项核查 个人事项核查日期 纪检监察意见 纪检监察意见日期 "
    "信访举报 信访举报日期 党员身份 核查人",
    "11": "序号 姓名 公民身份号码 意见 说明 回函日期 经办人",
    "12": "序号 姓名 公民身份号码 处分种类 批准日期",
    "13": "序号 会议日期 应到委员 实到委员 姓名 公民身份号码 同意 不同意 弃权 决定",
}
COUNTS = {
    "01": ["推荐名额"],
    "03": ["应到", "实到"],
    "05": ["发出", "收回", "满意", "基本满意", "不满意"],
    "06": ["应到会", "实到会", "提名党员数"],
    "07": ["应到委员", "实到委员", "同意", "不同意", "弃权"],
    "09": ["测评发出", "测评收回", "认可", "不认可", "弃权"],
    "13": ["应到委员", "实到委员", "同意", "不同意", "弃权"],
}
UNJUDGED = set(
    "书记 联系电话 学历 工作岗位 手机号码 流动去向 地点 主持人 主要内容 记录人 经办人 未参与原因 单位及职务 主要事迹 核查人 "
    "说明".split()
)
Row = dict[str, Any]


class Answer:
    """Collects while the judge goes along. ``choices`` are the readings taken this time; ``asked`` those that mattered."""

    def __init__(self, folder: Folder, choices: dict[str, str]) -> None:
        self.files = folder["files"]
        self.plan = folder["plan"]
        self.choices = choices
        self.asked: dict[str, tuple[str, ...]] = {}
        self.must: list[tuple[str, tuple[int | None, ...], str]] = []
        self.may: set[tuple[str, int | None]] = set()
        self.tainted: set[str] = set()
        self.open: set[str] = set()
        self.known: dict[str, Any] = {}

    def choose(self, question: str, *options: str) -> str:
        """The reading to take where the contract leaves one; the first is the one we lean to."""
        self.asked[question] = options
        return self.choices.get(question, options[0])

    def wrong(self, path: str, row: int | None, kind: str, *other_rows: int | None) -> None:
        """A fault that must be listed at ``row``, or at one of ``other_rows``."""
        self.must.append((path, (row, *other_rows), kind))

    def odd(self, path: str, row: int | None) -> None:
        """A row that may be listed and need not be."""
        self.may.add((path, row))

    def rows(self, path: str) -> list[tuple[int, Row]] | None:
        """The rows of a file that should be there, its headings and 合计 checked; None when it cannot be used."""
        table: Table | None = self.files.get(path)
        if table is None:
            self.wrong(path, None, "missing file" if path not in self.files else "unreadable file")
            return None
        form = path[:2]
        astray = [h for h in HEADINGS[form].split() if h != "序号" and table["headings"].count(h) != 1]
        for heading in astray:
            self.wrong(path, None, f"heading {heading} × {table['headings'].count(heading)}", 3)
        if set(astray) - UNJUDGED:
            return None
        if (
            astray
            and self.choose("a heading nothing is judged by", "spoils nothing", "spoils the file")
            != "spoils nothing"
        ):
            return None
        self._check_total(path, table, COUNTS.get(form, []))
        return list(table["rows"])

    def _check_total(self, path: str, table: Table, counted: list[str]) -> None:
        if table["total"] is None:
            return
        line, total = table["total"]
        for heading, cell in total.items():
            said = cells.text(cell)
            if heading == "序号" or said is None:
                continue
            right = {len(table["rows"])}
            if heading in counted:
                values = [cells.count(row.get(heading)) for _, row in table["rows"]]
                if cells.BAD in values:
                    self.odd(path, line)
                    continue
                right = {sum(value or 0 for value in values)}
            digits = said[:-1] if said is not cells.BAD and said[-1:] in "人条名" else said
            if cells.count(digits) not in right:
                self.wrong(path, line, f"total of {heading}")
