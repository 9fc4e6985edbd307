"""How what went wrong is mended, or kept from happening (整改): a sentence a clerk can act on, for every rule and task."""

from __future__ import annotations

from collections.abc import Mapping

from fourgates import agenda
from fourgates.agenda import Task, What
from fourgates.gates.procedure import Deviation
from fourgates.i18n import _, mark, spoken
from fourgates.lapses import Lapse
from fourgates.papers import sentences

MENDS: Mapping[str, str] = {
    "6.1": mark("开展过、没有记的，在工作纪实里补上这一行，附上材料；没有开展的，补开展以后再记。"),
    "6.2": mark(
        "核对日期，写错的更正工作纪实；确实不在规定时间内的，报县委组织部，在规定时间内重新开展或者依规调整方案。"
    ),
    "6.3": mark("核对两个环节的日期，写错的更正工作纪实；确实颠倒的，后一个环节重新开展。"),
    "6.4": mark("在规定时间内召开推荐会议，到会人数达到要求，再报送推荐结果。"),
    "6.5": mark(
        "核对警示教育的日期，写错的更正；确实不在推荐会议之前的，先开展警示教育，再重新召开推荐会议。"
    ),
}
LATE: Mapping[What, str] = {
    "roster": mark("推荐提名开始以前收齐名册，逐个党委催交。"),
    "sign": mark("散会当场签字；没有签的，第二天以前补签。"),
    "mark": mark("推荐会以前列好外出和年老体弱的党员，安排上门、电话和微信，逐人登记。"),
    "settle": mark("每天核对一次重复登记，由两人核定，不留到最后。"),
    "review": mark("先定好集体研究的日子，汇总一出来就开会。"),
    "vet": mark("上报人选一确定就开始考察和核查，给每个部门定好完成的日子。"),
    "ask": mark("上报人选一确定就发征求意见函。"),
    "remind": mark("到期前三天和当天各催一次；没有答复不算同意。"),
    "decide": mark("先定好县委会议的日子，给考察和核查留够时间。"),
    "object": mark("收到异议当天就定承办人和期限。"),
    "end": mark("公示期满就结束；有没有办结的异议，先办结。"),
}
UNLAWFUL: Mapping[str, str] = {
    "10.1": mark("会前核对开会的日子和应到、实到人数，不过半数不开会。"),
    "10.2": mark("逐人计票，同意票超过应到委员半数的才列入。"),
    "10.3": mark("表决以前核对四关的结论，没有通过的不提交。"),
    "10.4": mark("表决以前核对人选结构，不符合的先调整。"),
    "11.9": mark("会议记录上的日子和人数与报送的对上、签字以后再报送。"),
}


def said(one: Deviation, unit: str) -> str:
    """The deviation as a sentence in the language spoken; ``unit``: how its organisation is called here."""
    both = sentences.deviation(one, unit)
    return both.zh if spoken() == "zh" else both.en


def mend(one: Deviation) -> str:
    """How it is mended, in the language spoken."""
    return _(MENDS[one.rule])


def told(one: Lapse) -> str:
    """What went wrong, as a sentence in the language spoken."""
    if isinstance(one.what, Task):
        return agenda.sentence(one.what)
    if isinstance(one.what, Deviation):
        return said(one.what, one.unit)
    return _(sentences.FAULTS[one.rule])


def prevented(one: Lapse) -> str:
    """What keeps it from happening when it counts, in the language spoken."""
    if isinstance(one.what, Task):
        return _(LATE[one.what.what])
    return _(MENDS[one.rule] if isinstance(one.what, Deviation) else UNLAWFUL[one.rule])
