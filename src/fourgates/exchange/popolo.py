"""People, units and posts as Popolo: everyone put forward, every organisation, and what one may be sent up to."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from fourgates import judging
from fourgates.events import DecisionJudged, ListProposed
from fourgates.exchange.source import Source
from fourgates.facts import Facts

KINDS = {
    "county": "县委",
    "committee": "党委",
    "working_committee": "党工委",
    "general_branch": "党总支",
    "branch": "党支部",
}
SENT, PROPOSED, DECIDED = "推荐人选", "建议名单", "县委决定的名单"
Thing = dict[str, Any]


class Popolo(msgspec.Struct, frozen=True):
    """The four collections, each in the order of the register or of the ids."""

    persons: list[Thing]
    organizations: list[Thing]
    posts: list[Thing]
    memberships: list[Thing]


def unit_ids(facts: Facts) -> dict[str, str]:
    """Every unit of the register by name with an id that holds for one register."""
    return {unit.name: f"unit-{number}" for number, unit in enumerate(facts.register(), start=1)}


def put_forward(facts: Facts) -> list[str]:
    """Everyone whom a branch named, at a meeting or in a box, or a committee voted on, by id."""
    named = {
        name.person
        for told in (facts.filed, judging.filed(facts))
        for sittings in told.values()
        for sitting in sittings
        for name in sitting.names
    }
    reviewed = (*facts.reviews.values(), facts.decided or ())
    voted = {vote.person for sittings in reviewed for sitting in sittings for vote in sitting.votes}
    return sorted(named | voted)


def write(source: Source) -> bytes:
    """The collections as JSON, UTF-8."""
    facts = source.selection.facts
    units = unit_ids(facts)
    people = put_forward(facts)
    built = Popolo(
        [_person(source, id_) for id_ in people],
        [
            {
                "id": units[unit.name],
                "name": unit.name,
                "classification": KINDS[unit.kind],
                **({"parent_id": units[unit.parent]} if unit.parent else {}),
            }
            for unit in facts.register()
        ],
        list(_posts(facts, units)),
        [
            {"id": f"membership-{number}", **one}
            for number, one in enumerate(_memberships(source, units, people), start=1)
        ],
    )
    return msgspec.json.format(msgspec.json.encode(built), indent=1) + b"\n"


def _person(source: Source, id_: str) -> Thing:
    details = source.details(id_)
    said: Thing = {"id": id_, "name": source.called(id_)}
    if details is not None:
        known = {
            "gender": "female" if details.female else "male",
            "birth_date": details.birth.replace(".", "-"),
            "national_identity": details.nationality,
        }
        said |= {key: value for key, value in known.items() if value}
    return said


def _posts(facts: Facts, units: dict[str, str]) -> Iterator[Thing]:
    county = facts.register().county
    for unit in facts.register().committees():
        yield {
            "id": f"post-{units[unit.name]}",
            "label": f"{unit.name}{SENT}",
            "role": SENT,
            "organization_id": units[unit.name],
        }
    for key, role in (("proposed", PROPOSED), ("decided", DECIDED)):
        yield {"id": f"post-{key}", "label": role, "role": role, "organization_id": units[county]}


def _memberships(source: Source, units: dict[str, str], people: list[str]) -> Iterator[Thing]:
    facts = source.selection.facts
    members = facts.roster().members
    for id_ in people:
        if id_ in members:
            yield {"person_id": id_, "organization_id": units[members[id_].branch], "role": "党员"}
    for id_, committee in judging.sent_up(facts).items():
        at = units[committee]
        yield {"person_id": id_, "organization_id": at, "post_id": f"post-{at}", "role": SENT}
    county = units[facts.register().county]
    for _entry, result in source.selection.results.values():
        match result:
            case ListProposed():
                key, role, chosen = "proposed", PROPOSED, result.slate.chosen
            case DecisionJudged():
                key, role, chosen = "decided", DECIDED, result.people
            case _:
                continue
        for id_ in sorted(chosen):
            yield {"person_id": id_, "organization_id": county, "post_id": f"post-{key}", "role": role}
