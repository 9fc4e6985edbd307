"""A claim is taken back (撤回): what it said is as if never claimed."""

from __future__ import annotations

from typing import Any

from fourgates.errors import Refused
from fourgates.facts import Facts

# The kind of a claim → the facts it stands among, by what it is about.
_AMONG = {
    "RosterEntered": "rosters",
    "StepsRecorded": "steps",
    "ParticipationMarked": "marks",
    "NominationsFiled": "filed",
    "CommitteeReviewed": "reviews",
    "PersonDescribed": "profiles",
    "StandardAssessed": "assessments",
    "ChecksDone": "checks",
    "RepliesReceived": "replies",
    "ConflictSettled": "settled",
    "DepartmentAsked": "asked",
    "DepartmentReminded": "reminders",
    "ReplyEnclosed": "enclosed",
    "SeatsAllotted": "allotted",
    "BarLifted": "lifted",
}
# The kind of a claim of which there is one → the facts as they are without it.
_ALONE: dict[str, dict[str, Any]] = {
    "SanctionsEntered": {"sanctions": None, "unread": ()},
    "SatisfactionAsked": {"surveys": None},
    "CountyDecided": {"decided": None},
}


def without(facts: Facts, about: tuple[str, str] | None, number: int) -> Facts:
    """The facts without the claim of entry ``number``; ``about`` is what it is about, ``None`` when it does not stand.

    ``Refused`` (0.1) when it does not stand, or is one that others lean on and can only be corrected: the plan,
    the register, a meeting, a box, a notice, what was said to a person.
    """
    kind, what = about or ("", "")
    if about is not None and about in facts.met:
        facts = facts.but(met=facts.met.without(about))
    if kind == "MemberMarked":
        person, _, source = what.rpartition(" ")
        own = {told: mark for told, mark in facts.acts[person].items() if told != source}
        rest = facts.acts.without(person)
        return facts.but(acts=rest.but(person, own) if own else rest)
    if kind in _ALONE:
        return facts.but(**_ALONE[kind])
    if kind not in _AMONG:
        raise Refused("0.1", "第{number}条不是现行的申报，不能撤回", number=number)
    name = _AMONG[kind]
    return facts.but(**{name: getattr(facts, name).without(what)})
