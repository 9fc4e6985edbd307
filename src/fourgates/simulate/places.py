"""The invented county's organisations (党组织): committees, general branches, branches. No such county exists."""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random

from fourgates.simulate.chances import split

COUNTY = "青梧县"
COUNTY_COMMITTEE = f"中共{COUNTY}县委"
_TOWNS = ("梧桐镇", "双桥镇", "柳湾镇", "石磨镇", "白杨镇", "清水坪镇", "麦积坪镇", "青石镇", "核桃坝镇", "马莲镇",
          "槐树镇", "月亮湾镇", "红崖镇", "药水乡", "大坪乡", "鹰嘴乡", "云台乡", "沙枣乡", "杏树乡", "桑园乡")  # fmt: skip
_DIRECT = (("县直机关", True), ("教育", True), ("卫生健康", True), ("公安局", False), ("自然资源局", False),
           ("农业农村局", False), ("交通运输局", False), ("住房和城乡建设局", False), ("国有企业", True),
           ("非公有制经济组织和社会组织", True), ("市场监督管理局", False), ("工业集中区", True), ("水务局", False),
           ("林业和草原局", False), ("文体广电和旅游局", False))  # fmt: skip
_VILLAGES = "东西南北上下前后大小新老龙凤虎马牛羊柳杨松柏桃李杏梅石沙泉河沟坪梁湾崖"
_VILLAGE_ENDS = ("家沟", "家湾", "家坪", "家庄", "家梁", "家坝", "家河", "家山")
_TOWN_OFFICES = ("机关", "卫生院", "中心小学", "中学", "粮油专业合作社", "退休干部")
_OFFICES = ("办公室", "审计局", "人社局", "发改局", "团委", "残联", "档案馆", "气象局", "质监站", "建材公司", "水泥厂",
            "机修厂", "勘测队", "实验小学", "第一中学", "人民医院", "中医院", "疾控中心", "服务中心", "执法队")  # fmt: skip
_ORDINALS = ("", "第一", "第二", "第三", "第四", "退休")


@dataclass(frozen=True)
class Committee:
    """A committee 党委 or working committee 党工委 with the branches below it, each with its direct superior."""

    name: str
    short: str
    township: bool
    working: bool
    generals: tuple[str, ...]
    branches: dict[str, str] = field(hash=False)


def invent(township: int, direct: int, branches: int, rng: Random) -> list[Committee]:
    """``township`` + ``direct`` committees with ``branches`` in all. Raises ``ValueError`` when it has too few names."""
    if township > len(_TOWNS) or direct > len(_DIRECT):
        raise ValueError(f"at most {len(_TOWNS)} townships and {len(_DIRECT)} county-direct committees")
    shares = split(branches, township + direct, 3, rng)
    heads = [(name, False, True) for name in _TOWNS[:township]]
    heads += [(name, working, False) for name, working in _DIRECT[:direct]]
    return [_committee(*head, share, rng) for head, share in zip(heads, shares, strict=True)]


def _committee(short: str, working: bool, township: bool, count: int, rng: Random) -> Committee:
    name = f"中共{COUNTY}{short}{'工作' if working else ''}委员会"
    stems = _town_stems(count, rng) if township else _office_stems(count, rng)
    generals: list[str] = []
    branches: dict[str, str] = {}
    superior = name
    for i, stem in enumerate(stems):
        if i % 6 == 3:
            superior = name
            if count - i > 3 and rng.random() < 0.6:
                superior = f"{short}{stem}{'片区' if township else ''}党总支"
                generals.append(superior)
        branches[f"{short}{stem}党支部"] = superior
    return Committee(name, short, township, working, tuple(generals), branches)


def _town_stems(count: int, rng: Random) -> list[str]:
    stems = list(_TOWN_OFFICES[: min(count - 1, 1 + count // 6)])
    villages = [f"{first}{end}村" for first in _VILLAGES for end in _VILLAGE_ENDS]
    return stems + rng.sample(villages, count - len(stems))


def _office_stems(count: int, rng: Random) -> list[str]:
    return rng.sample([office + ordinal for office in _OFFICES for ordinal in _ORDINALS], count)
