"""The invented county's plan (方案): the seed's figures with dates, windows and shares, and plan.toml."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from fourgates.simulate.places import COUNTY, COUNTY_COMMITTEE

DEPARTMENTS = ("纪检监察", "组织", "政法", "统战", "信访", "公安", "法院", "检察院", "审计", "税务", "市场监管",
               "生态环境", "应急管理", "自然资源", "卫健")  # fmt: skip
_WINDOWS = {
    "plan": (date(2022, 2, 7), date(2022, 2, 9)),
    "training": (date(2022, 2, 10), date(2022, 2, 14)),
    "mobilisation": (date(2022, 2, 15), date(2022, 2, 18)),
    "warning_education": (date(2022, 2, 15), date(2022, 2, 20)),
    "nomination": (date(2022, 2, 21), date(2022, 3, 2)),
    "committee_review": (date(2022, 3, 3), date(2022, 3, 7)),
    "vetting": (date(2022, 3, 8), date(2022, 3, 18)),
    "county_review": (date(2022, 3, 21), date(2022, 3, 23)),
}


@dataclass(frozen=True)
class Share:
    """One share of the county's list (结构比例): a tag with a floor or a ceiling, spelt as plan.toml spells it."""

    tag: str
    at_least: str = ""
    at_most: str = ""


@dataclass
class Programme:
    """What plan.toml says. Faults may change it before it is written."""

    allotted: int
    county_list: int
    shares: list[Share]
    title: str = f"某省第十四次党代会代表推荐提名（{COUNTY}，虚构）"
    reference_date: date = date(2022, 1, 31)
    more_than_times: int = 8
    windows: dict[str, tuple[date, date]] = field(default_factory=lambda: dict(_WINDOWS))
    rating_at_least: str = "良好"
    recognition_at_least: str = "4/5"
    per_committee_at_most: int = 1
    departments: Sequence[str] = DEPARTMENTS

    @property
    def judged_on(self) -> date:
        """The day the integrity gate is judged: the first of ``county_review``."""
        return self.windows["county_review"][0]

    def days(self, window: str) -> list[date]:
        """Every day of ``window``, first and last included."""
        first, last = self.windows[window]
        return [first + timedelta(days=i) for i in range((last - first).days + 1)]

    def toml(self) -> str:
        """The text of plan.toml."""
        lines = ["[selection]"]
        lines += _pairs({"id": "qingwu", "title": self.title, "unit": COUNTY_COMMITTEE,
                         "rulebook": "cpc-county-recommendation"})  # fmt: skip
        lines += [f"reference_date = {self.reference_date}", "", "[quota]", f"allotted = {self.allotted}"]
        lines += [
            f"more_than_times = {self.more_than_times}",
            f"county_list = {self.county_list}",
            "",
            "[windows]",
        ]
        lines += [f"{name} = [{first}, {last}]" for name, (first, last) in self.windows.items()]
        lines += ["", "[standard]", *_pairs({"rating_at_least": self.rating_at_least})]
        lines += _pairs({"recognition_at_least": self.recognition_at_least})
        lines += ["", "[structure]", f"per_committee_at_most = {self.per_committee_at_most}"]
        for share in self.shares:
            bounds = {"at_least": share.at_least, "at_most": share.at_most}
            lines += [
                "[[structure.share]]",
                *_pairs({"tag": share.tag} | {k: v for k, v in bounds.items() if v}),
            ]
        departments = ", ".join(f'"{name}"' for name in self.departments)
        return "\n".join([*lines, "", "[integrity]", f"departments = [{departments}]", ""])


def shares(county_list: int) -> list[Share]:
    """Shares a list of that length can meet: ten as a county sets them, five when the list has under six names."""
    if county_list < 6:
        return [Share("生产和工作一线", at_least="50%"), Share("女", at_least="members"),
                Share("党员领导干部", at_most="50%"), Share("农民", at_least="1"),
                Share("先进模范", at_least="1")]  # fmt: skip
    sixth = str(county_list // 6)
    return [
        Share("生产和工作一线", at_least="60%"),
        Share("女", at_least="members"),
        Share("少数民族", at_least="1"),
        Share("党员领导干部", at_most="40%"),
        Share("农民", at_least=sixth),
        Share("工人", at_least="1"),
        Share("专业技术人员", at_least=sixth),
        Share("先进模范", at_least=sixth),
        Share("脱贫攻坚", at_least="1"),
        Share("疫情防控", at_least="1"),
    ]


def _pairs(values: Mapping[str, str]) -> list[str]:
    return [f'{key} = "{value}"' for key, value in values.items()]
