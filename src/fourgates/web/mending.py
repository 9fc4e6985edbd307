"""How a departure from the procedure is mended (整改): a sentence a clerk can act on, for every rule of the gate."""

from __future__ import annotations

from collections.abc import Mapping

from fourgates.gates.procedure import Deviation
from fourgates.i18n import _, mark, spoken
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


def said(one: Deviation, unit: str) -> str:
    """The deviation as a sentence in the language spoken; ``unit``: how its organisation is called here."""
    both = sentences.deviation(one, unit)
    return both.zh if spoken() == "zh" else both.en


def mend(one: Deviation) -> str:
    """How it is mended, in the language spoken."""
    return _(MENDS[one.rule])
