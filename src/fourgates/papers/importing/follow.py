"""What would follow from an import (影响): members, members with rights, and the denominators of participation."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Protocol

import msgspec

from fourgates import participation
from fourgates.papers import forms, nationalities
from fourgates.papers.importing.standing import Standing
from fourgates.roster import Member, Roster


class Figures(msgspec.Struct, frozen=True):
    """Members 党员, members with rights 有权利的党员, and the two denominators of participation 参与率的分母: organisations
    (branches with members who count) and members."""

    members: int
    with_rights: int
    organisations: int
    due: int


class Follows(msgspec.Struct, frozen=True):
    """The figures of one committee (or of all, under ``""``) as they are and as they would be."""

    before: Figures
    after: Figures


class Entered(Protocol):
    """A row that would be entered."""

    committee: str
    values: dict[str, Any]


def follows(standing: Standing, entries: Mapping[str, Entered]) -> dict[str, Follows]:
    """The figures by committee, and of all under ``""``; only committees that an entry touches are named.

    Without a plan nobody's punishments are known, and a member has rights who is full and of normal status.
    """
    before = {
        number: (person.committee, dict(person.values))
        for number, person in standing.people.items()
        if person.sound
    }
    after = {number: (committee, dict(values)) for number, (committee, values) in before.items()}
    for number, entry in entries.items():
        _committee, values = after.get(number, ("", {}))
        after[number] = (entry.committee, values | entry.values)
    touched = dict.fromkeys(entry.committee for entry in entries.values() if entry.committee)
    return {
        name: Follows(_figures(standing, before, name), _figures(standing, after, name))
        for name in ("", *touched)
    }


def _figures(
    standing: Standing, people: Mapping[str, tuple[str, Mapping[str, Any]]], committee: str
) -> Figures:
    members = [
        _member(number, values)
        for number, (whose, values) in people.items()
        if not committee or whose == committee
    ]
    rights, due = _rights(standing, members)
    branch = {member.id: member.branch for member in members}
    return Figures(len(members), len(rights), len({branch[id_] for id_ in due}), len(due))


def _rights(standing: Standing, members: Iterable[Member]) -> tuple[set[str], set[str]]:
    plan = standing.plan
    if plan is None:
        rights = {member.id for member in members if member.full and member.normal}
        return rights, rights
    known = {member.id for member in members}
    sanctions = [one for one in standing.sanctions if one.person in known]
    roster = Roster(members, sanctions, plan.integrity, plan.selection.reference_date)
    return roster.rights, participation.entitled(roster, plan.participation)


def _member(number: str, values: Mapping[str, Any]) -> Member:
    return Member(
        number,
        values.get("所在党支部", ""),
        values.get("人员类别") == forms.FULL,
        values.get("党籍状态") == forms.NORMAL,
        values.get("性别") == "女",
        values.get("民族") != nationalities.HAN,
    )
