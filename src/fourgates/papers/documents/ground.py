"""What every document is written from (依据): where the selection stands, the names, and how offices say things."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from functools import cached_property

from fourgates import judging, names
from fourgates.days import Window
from fourgates.facts import Facts
from fourgates.papers.abbreviations import abbreviations
from fourgates.papers.people import Details, People
from fourgates.papers.rolls import Rolls, shown
from fourgates.papers.template import Values
from fourgates.participation import Mark
from fourgates.plan import Plan
from fourgates.report.build import build
from fourgates.report.figures import Committee, Person, Report
from fourgates.selection import Selection

_COUNTY = re.compile(r"(?:中共)?(.+?)(?:县委|委员会|委)")
_DELEGATE = re.compile(r"(.+?代表)(?:人选)?(?:推荐|提名|推选|选举)")
_NUMBERS = "零一二三四五六七八九十"


class Ground:
    """One selection as documents see it; every figure comes from the report, every name from the people document."""

    def __init__(self, selection: Selection, people: People, report: Report | None = None) -> None:
        self.selection, self.people = selection, people
        self.facts: Facts = selection.facts
        self.plan: Plan = selection.facts.rulebook()
        self.tree = selection.facts.register()
        self.report = build(selection) if report is None else report
        self.short: Mapping[str, str] = abbreviations(self.tree)
        self.committees: Mapping[str, Committee] = {one.unit.name: one for one in self.report.committees}

    @cached_property
    def rolls(self) -> Rolls:
        """Names as lists print them, namesakes told apart."""
        return Rolls(self.people, self.facts, shown(self.report))

    @cached_property
    def marks(self) -> Mapping[str, Mark]:
        """How each member took part, by id, whatever source it was gathered from."""
        return judging.marks(self.facts)

    @cached_property
    def members(self) -> Mapping[str, Sequence[str]]:
        """The members of each branch who count for participation, in the order of the roster."""
        found: dict[str, list[str]] = {}
        rights = self.facts.roster().rights
        for member in self.facts.roster().members.values():
            if member.id in rights or (self.plan.participation.counts_probationary and not member.full):
                found.setdefault(member.branch, []).append(member.id)
        return found

    @cached_property
    def probationary(self) -> Counter[str]:
        """How many probationary members each branch has."""
        return Counter(one.branch for one in self.facts.roster().members.values() if not one.full)

    @cached_property
    def listed(self) -> tuple[str, ...]:
        """The list in surname-stroke order: the one decided, before there is a decision the one proposed."""
        decided = self.report.decision
        chosen = decided.judged.people if decided is not None else self.report.structure.chosen
        return tuple(self.rolls.order(dict.fromkeys(chosen)))

    @property
    def lawful(self) -> bool:
        """Whether nothing was decided against the rules; a list that was is neither sent up nor posted."""
        return self.report.decision is None or self.report.decision.judged.lawful

    @property
    def county(self) -> str:
        """The county by its short name: 成县."""
        found = _COUNTY.fullmatch(self.plan.selection.unit)
        name = found[1] if found else self.plan.selection.unit
        return name if name.endswith(("县", "区", "市", "旗")) else f"{name}县"

    @property
    def delegates(self) -> str:
        """Whom the selection is for: 甘肃省第十四次党代会代表."""
        found = _DELEGATE.match(self.plan.selection.title)
        return found[1] if found else self.plan.selection.title

    def everywhere(self) -> Values:
        """The places every kind of document has."""
        head = self.plan.selection
        return {
            "题名": head.title,
            "代表": self.delegates,
            "县": self.county,
            "单位": head.unit,
            "基准日": day(head.reference_date),
            "年": str(self.plan.windows.nomination.first.year),
            "名额": str(self.plan.quota.allotted),
            "名单人数": str(self.plan.quota.county_list),
        }

    def details(self, id_: str) -> Details:
        """Name and what lists print beside it."""
        return self.people.people.get(id_, Details(id_, ""))

    def sex(self, id_: str) -> str:
        """男 or 女, by the roster."""
        return "女" if self.facts.roster().members[id_].female else "男"

    def age(self, id_: str) -> str:
        """Month of birth and, below it, the age in full years at the month of the reference date: ``1970.02``, ``（51岁）``."""
        born = self.details(id_).birth
        if not re.fullmatch(r"\d{4}\.\d{2}", born):
            return ""
        at = self.plan.selection.reference_date
        years = at.year - int(born[:4]) - (at.month < int(born[5:]))
        return f"{born}\n（{years}岁）"

    def name(self, id_: str) -> str:
        """The name in running text, with its notes; namesakes told apart."""
        return self.rolls.told_apart(id_)

    def bare(self, id_: str) -> str:
        """The name alone, as typed."""
        return self.rolls.entry(id_).name

    def printed(self, id_: str) -> str:
        """The name as typeset lists have it, two characters set apart, women and nationalities in brackets."""
        return names.pad(self.rolls.told_apart(id_, branch=False))

    def merits(self, id_: str) -> str:
        """What the branches wrote in support, each sentence once."""
        found: dict[str, None] = {}
        for committee in self.report.committees:
            for behind in committee.behind.get(id_, ()):
                if said := self.rolls.text(behind.merit).strip("。；; "):
                    found[said] = None
        return "；".join(found) + "。" if found else ""

    def person(self, id_: str) -> Person:
        """Everything the report says of a person sent up."""
        return self.report.people[id_]


def day(when: date) -> str:
    """A date in a document, no leading zeros: 2022年3月5日."""
    return f"{when.year}年{when.month}月{when.day}日"


def short_day(when: date | None) -> str:
    """The same without the year: 3月5日; empty where there is none."""
    return f"{when.month}月{when.day}日" if when else ""


def span(window: Window) -> str:
    """First and last day: 2022年2月21日至3月2日."""
    if window.first == window.last:
        return day(window.first)
    last = short_day(window.last) if window.first.year == window.last.year else day(window.last)
    return f"{day(window.first)}至{last}"


def chinese(number: int) -> str:
    """A small number as headings count: 十二."""
    if number <= 10:
        return _NUMBERS[number]
    tens, ones = divmod(number, 10)
    return f"{_NUMBERS[tens] if tens > 1 else ''}十{_NUMBERS[ones] if ones else ''}"


def spelt(month: str) -> str:
    """``1970.02`` as running text has it: 1970年2月."""
    year, _dot, rest = month.partition(".")
    return f"{year}年{int(rest[:2])}月" if rest[:2].isdigit() else month


def ended(text: str) -> str | None:
    """What somebody wrote, with one full stop; ``None`` where nothing was written."""
    said = text.strip("。；; ")
    return f"{said}。" if said else None


def said_share(value: Fraction) -> str:
    """A share as official Chinese says it: 五分之四, 半数."""
    if value == Fraction(1, 2):
        return "半数"
    return f"{chinese(value.denominator)}分之{chinese(value.numerator)}" if value.denominator > 1 else "全部"


def listing(parts: Iterable[str], none: str = "无") -> str:
    """Parts one after the other, ``none`` where there are none."""
    return "、".join(parts) or none


def shares(parts: Sequence[int]) -> list[str]:
    """Parts of a whole as percentages of one decimal that add up to exactly 100.0 (largest remainder 最大余数法); dashes
    where there is nothing."""
    whole = sum(parts)
    if whole == 0:
        return ["—"] * len(parts)
    tenths = [1000 * part // whole for part in parts]
    owed = sorted(range(len(parts)), key=lambda at: (-(1000 * parts[at] % whole), at))
    for at in owed[: 1000 - sum(tenths)]:
        tenths[at] += 1
    if 1000 in tenths and max(parts) < whole:  # what is not all never prints as 100%
        tenths[tenths.index(1000)] = 999
        tenths[max((part, at) for at, part in enumerate(parts) if part < max(parts))[1]] = 1
    return [f"{one // 10}.{one % 10}%" for one in tenths]
