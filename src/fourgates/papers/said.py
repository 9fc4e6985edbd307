"""Sentences in both languages side by side (双语), and the rulebook's words with their English.

A page that carries both languages shows one of them; what is the same in both is written once.
"""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup, escape

from fourgates.i18n import mark, translate

WORDS = (
    mark("会议"), mark("上门"), mark("电话"), mark("微信"), mark("未参与"),
    mark("方案"), mark("培训"), mark("动员"), mark("警示教育"), mark("党史学习教育"), mark("冬训"),
    mark("推荐提名"), mark("党委研究"), mark("县委研究"),
    mark("满意"), mark("基本满意"), mark("不满意"),
    mark("优秀"), mark("良好"), mark("一般"), mark("较差"),
    mark("政治判断力"), mark("政治领悟力"), mark("政治执行力"), mark("议事能力"), mark("群众工作本领"),
    mark("条件一"), mark("条件二"), mark("条件三"), mark("条件四"), mark("条件五"), mark("条件六"),
    mark("党员群众认可度"), mark("两面人"), mark("事实依据"),
    mark("政治上不合格"), mark("廉洁上有风险"), mark("干部档案有问题"), mark("党员身份存疑"),
    mark("举报反映问题没有查清"), mark("处分影响期内"),
    mark("档案审核"), mark("个人事项核查"), mark("纪检监察意见"), mark("信访举报"), mark("党员身份"),
    mark("政治标准考察"), mark("处分情况"),
    mark("通过"), mark("不通过"), mark("不适用"), mark("无"), mark("已查清"), mark("未查清"),
    mark("属实"), mark("存疑"),
    mark("无异议"), mark("有情况不影响"), mark("有影响"), mark("暂不能结论"),
    mark("纪检监察"), mark("组织"), mark("政法"), mark("统战"), mark("信访"), mark("公安"), mark("法院"),
    mark("检察院"), mark("审计"), mark("税务"), mark("市场监管"), mark("生态环境"), mark("应急管理"),
    mark("自然资源"), mark("卫健"),
    mark("警告"), mark("严重警告"), mark("撤销党内职务"), mark("留党察看一年"), mark("留党察看两年"),
    mark("党员领导干部"), mark("生产和工作一线"), mark("农民"), mark("工人"), mark("专业技术人员"),
    mark("先进模范"), mark("脱贫攻坚"), mark("疫情防控"), mark("女"), mark("少数民族"),
    mark("党员大会"), mark("党委会"), mark("全委会"), mark("常委会"), mark("代表大会"),
    mark("因病不能表达意志"), mark("自费出国半年以上"), mark("留党察看或者服刑"), mark("长期生活不能自理"),
    mark("调动或者外出半年以上应转未转组织关系"), mark("离退休回乡居住未转组织关系"),
    mark("履职能力"), mark("职业操守"), mark("群众基础"), mark("代表条件不合格"), mark("违法违纪"), mark("会员身份存疑"),
    mark("会员身份"), mark("撤销会内职务"), mark("工会工作者"), mark("一线职工"), mark("劳动模范"), mark("农民工"),
    mark("政治标准"), mark("廉洁纪律"), mark("代表性和身份"), mark("推荐程序"), mark("其他"),
    mark("业务学习"), mark("技能竞赛"), mark("会员大会"), mark("工会委员会会议"), mark("代表条件"),
)  # fmt: skip
"""The words of the rulebooks that are shipped. A word that an operator adds stands in English as it is written."""


@dataclass(frozen=True, slots=True)
class Said:
    """The same sentence in Chinese and in English, as plain text."""

    zh: str
    en: str

    def __html__(self) -> Markup:
        if self.zh == self.en:
            return escape(self.zh)
        return Markup('<span lang="zh">{}</span><span lang="en">{}</span>').format(self.zh, self.en)

    def __str__(self) -> str:
        return self.zh


Fact = Said | str | int


def both(sentence: str, **facts: Fact) -> Said:
    """``sentence`` in both languages, its places filled in; a fact may itself be said in both."""
    zh = {name: fact.zh if isinstance(fact, Said) else fact for name, fact in facts.items()}
    en = {name: fact.en if isinstance(fact, Said) else fact for name, fact in facts.items()}
    count = next((fact for fact in facts.values() if isinstance(fact, int)), 2)
    return Said(sentence.format(**zh), translate(sentence, "en", count).format(**en))


def word(text: str) -> Said:
    """A word of the rulebook with its English."""
    return Said(text, translate(text, "en"))


def listed(words: list[Said]) -> Said:
    """Words one after the other."""
    return Said("、".join(one.zh for one in words), ", ".join(one.en for one in words))
