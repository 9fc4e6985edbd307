"""Persons as lists print them (名册): in surname-stroke order, 女 and nationality in brackets, namesakes told apart.

A citizen number is never printed: whoever bears the same name as another is told apart by month of birth and branch.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence

import msgspec

from fourgates import identity, names
from fourgates.facts import Facts
from fourgates.papers.people import People
from fourgates.report.figures import Report

_INSIDE = re.compile(r"(?<=[\u3400-\u9fff\U00020000-\U0003ffff])\s+(?=[\u3400-\u9fff\U00020000-\U0003ffff])")


class Entry(msgspec.Struct, frozen=True):
    """One person on a list: name without padding, notes for the brackets behind it, month of birth (``1970年2月生``, empty where
    unknown), branch and committee by name, and what the roster says besides."""

    id: str
    name: str
    notes: tuple[str, ...]
    birth: str
    branch: str
    committee: str
    post: str
    education: str
    joined: str

    @property
    def noted(self) -> str:
        """The name with its notes: ``古丽（女，维吾尔族）``."""
        return _bracketed(self.name, self.notes)

    @property
    def printed(self) -> str:
        """The same with two characters set apart by a full-width space, for typeset lists only."""
        return names.pad(_bracketed(self.name, self.notes))


def _bracketed(name: str, notes: Sequence[str]) -> str:
    return f"{name}（{'，'.join(notes)}）" if notes else name


class Rolls:
    """The names behind the ids of one report; ``shown``: everybody the report may name, among whom namesakes are told
    apart."""

    def __init__(self, people: People, facts: Facts, shown: Iterable[str]) -> None:
        self._people, self._facts = people, facts
        self._shared = Counter(names.key(people.name(id_)) for id_ in dict.fromkeys(shown))

    def entry(self, id_: str) -> Entry:
        """What lists print of a person."""
        details = self._people.people.get(id_)
        member = self._facts.roster().members.get(id_)
        notes = []
        if member is not None and member.female:
            notes.append("女")
        if member is not None and member.minority and details is not None and details.nationality:
            notes.append(details.nationality)
        branch = member.branch if member is not None else ""
        return Entry(
            id=id_,
            name=_INSIDE.sub("", self._people.name(id_).strip()),
            notes=tuple(notes),
            birth=_birth(self._people.number(id_)),
            branch=branch,
            committee=self._facts.register().committee_of(branch) if branch else "",
            post=details.post if details else "",
            education=details.education if details else "",
            joined=details.joined if details else "",
        )

    def namesake(self, id_: str) -> bool:
        """Whether somebody else the report may name is written the same."""
        return self._shared[names.key(self._people.name(id_))] > 1

    def told_apart(self, id_: str, *, branch: bool = True) -> str:
        """The name with its notes; a namesake's with month of birth and, unless it stands beside it, ``branch`` too."""
        one = self.entry(id_)
        if not self.namesake(id_):
            return one.noted
        return _bracketed(one.name, [*one.notes, *filter(None, (one.birth, one.branch if branch else ""))])

    def order(self, ids: Iterable[str]) -> list[str]:
        """Ids in surname-stroke order of their names; namesakes by birth, then branch. Names with a character that no
        table has stand last."""
        return sorted(ids, key=self._place)

    def _place(self, id_: str) -> tuple[tuple[int, ...], str, str, str]:
        one = self.entry(id_)
        number = self._people.number(id_)
        return names.sort_key(one.name), number[6:14], one.branch, id_

    def unlisted(self, ids: Iterable[str]) -> str:
        """The sentence about characters no stroke table has, empty when every name could be put in its place."""
        found = names.unknown(self._people.name(id_) for id_ in ids)
        if found is None:
            return ""
        listed = "；".join(f"{char}（{'、'.join(of)}）" for char, of in found.characters.items())
        return f"笔画表中没有这些字，有关姓名暂列最后，请更正：{listed}"

    def text(self, digest: str) -> str:
        """What somebody wrote, by its digest; empty where nothing was written or the names are gone."""
        return self._people.texts.get(digest, "") if digest else ""


def shown(report: Report) -> Iterable[str]:
    """Everybody a report names: those absent and those put forward."""
    yield from report.members.people
    for committee in report.committees:
        yield from (line.person for line in committee.tally)


def _birth(number: str) -> str:
    try:
        born = identity.birth(number)
    except ValueError:
        return ""
    return f"{born.year}年{born.month}月生"
