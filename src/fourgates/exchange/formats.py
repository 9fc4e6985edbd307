"""Every format a record can be written in (格式), by the word it is asked for."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from fourgates.errors import Refused
from fourgates.exchange import bpmn, carried, cascade, channels, nist, opinions, popolo, postings, xes
from fourgates.exchange.source import Source
from fourgates.i18n import mark


class Format(msgspec.Struct, frozen=True):
    """A format: the word it is asked for, what it holds in a sentence, and what writes it."""

    key: str
    title: str
    write: Callable[[Source], bytes]


FORMATS = (
    Format("xes", mark("过程日志，XES（IEEE 1849）：每个党（工）委、每个党支部一条轨迹"), xes.write),
    Format("bpmn", mark("方案规定的程序，BPMN 2.0：轨迹应当符合的模型"), bpmn.write),
    Format("popolo", mark("人员、组织、名额，Popolo JSON"), popolo.write),
    Format("nist", mark("各级推荐和表决结果，NIST SP 1500-100 第2版 JSON"), nist.write),
    Format("nominations", mark("逐级推荐的全过程，JSON（nominations.schema.json）"), carried.write),
    Format("participation", mark("参与情况和方式，JSON（participation.schema.json）"), channels.write),
    Format("opinions", mark("各部门意见，JSON（opinions.schema.json）"), opinions.write),
    Format("notices", mark("公示和异议，JSON（notices.schema.json）"), postings.write),
    Format("cascade", mark("名额逐级分解，JSON（cascade.schema.json）"), cascade.write),
)


def named(key: str) -> Format:
    """The format asked for by ``key``; ``Refused`` (X.3) when there is none."""
    for one in FORMATS:
        if one.key == key:
            return one
    raise Refused(
        "X.3", "没有“{key}”这种格式；有：{known}", key=key, known="、".join(one.key for one in FORMATS)
    )
