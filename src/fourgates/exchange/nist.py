"""Results as NIST SP 1500-100 (election results reporting, version 2, JSON): who had whose support, unit by unit.

A contest a committee for what its branches put forward (counted valid meetings only), one for what the committee voted,
one for the county's decision. What the format has no word for is ``other`` with the Chinese term beside it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from fourgates import judging, nominations
from fourgates.exchange.popolo import KINDS, put_forward, unit_ids
from fourgates.exchange.source import Source
from fourgates.facts import Facts
from fourgates.review import Sitting
from fourgates.units import Unit

Thing = dict[str, Any]


def write(source: Source) -> bytes:
    """The report as JSON, UTF-8."""
    facts = source.selection.facts
    head = facts.rulebook().selection
    report = _typed(
        "ElectionReport",
        Format="precinct-level",
        GeneratedDate=source.at,
        Issuer=head.unit,
        IssuerAbbreviation=head.id,
        SequenceStart=1,
        SequenceEnd=1,
        Status="unofficial-partial" if facts.decided is None else "unofficial-complete",
        VendorApplicationId="fourgates",
        Notes=f"entry {source.n}, seal {source.seal}",
        GpUnit=list(_units(facts)),
        Person=[
            _typed("Person", **{"@id": f"person-{id_}"}, FullName=_text(source.called(id_)))
            for id_ in put_forward(facts)
        ],
        Election=[_election(source)],
    )
    return msgspec.json.format(msgspec.json.encode(report), indent=1) + b"\n"


def _typed(kind: str, **fields: Any) -> Thing:
    return {"@type": f"ElectionResults.{kind}", **fields}


def _text(content: str) -> Thing:
    said = _typed("LanguageString", Content=content, Language="zh-Hans")
    return _typed("InternationalizedText", Text=[said])


def _units(facts: Facts) -> Iterator[Thing]:
    """Every unit with those below it; of a branch, how many may take part and how many did."""
    ids, roster = unit_ids(facts), facts.roster()
    inside: dict[str, list[str]] = {}
    for unit in facts.register():
        inside.setdefault(unit.parent, []).append(ids[unit.name])
    absent = set(judging.counted(facts).absent)
    took: dict[str, int] = {}
    for id_ in roster.rights - absent:
        branch = roster.members[id_].branch
        took[branch] = took.get(branch, 0) + 1
    for unit in facts.register():
        said = _typed("ReportingUnit", **{"@id": ids[unit.name]}, Name=_text(unit.name), **_kind(unit))
        if unit.name in inside:
            said["ComposingGpUnitIds"] = inside[unit.name]
        if unit.kind == "branch":
            said["VotersRegistered"] = roster.of_branch.get(unit.name, 0)
            said["VotersParticipated"] = took.get(unit.name, 0)
        yield said


def _kind(unit: Unit) -> Thing:
    return {"Type": "county"} if unit.kind == "county" else {"Type": "other", "OtherType": KINDS[unit.kind]}


def _election(source: Source) -> Thing:
    facts = source.selection.facts
    plan, ids = facts.rulebook(), unit_ids(facts)
    up = judging.sent_up(facts)
    contests = [_named(facts, unit, ids) for unit in facts.register().committees()]
    for unit in facts.register().committees():
        contests += _voted(facts.reviews.get(unit.name, ()), f"review-{ids[unit.name]}", f"{unit.name}党委研究",
                           ids[unit.name], unit.quota)  # fmt: skip
    county = ids[facts.register().county]
    contests += _voted(facts.decided or (), "decision", "县委研究", county, plan.quota.county_list)
    return _typed(
        "Election",
        ElectionScopeId=county,
        StartDate=plan.windows.nomination.first.isoformat(),
        EndDate=plan.windows.county_review.last.isoformat(),
        Name=_text(plan.selection.title),
        Type="other",
        OtherType="代表推荐提名",
        Candidate=[
            _typed(
                "Candidate",
                **{"@id": f"candidate-{id_}"},
                BallotName=_text(source.called(id_)),
                PersonId=f"person-{id_}",
                PreElectionStatus="qualified" if id_ in up else "filed",
            )
            for id_ in put_forward(facts)
        ],
        BallotCounts=[
            _typed("BallotCounts", GpUnitId=ids[branch], Type="total", BallotsCast=sitting.present)
            for branch, sittings in judging.filed(facts).items()
            for sitting in sittings
            if nominations.valid(sitting, plan)
        ],
        Contest=contests,
    )


def _contest(
    key: str, name: str, district: str, allowed: int, selections: Iterable[tuple[str, list[Thing]]]
) -> Thing:
    return _typed(
        "CandidateContest",
        **{"@id": f"contest-{key}"},
        ElectionDistrictId=district,
        Name=name,
        VotesAllowed=allowed,
        VoteVariation="other",
        ContestSelection=[
            _typed(
                "CandidateSelection",
                **{"@id": f"selection-{key}-{id_}"},
                CandidateIds=[f"candidate-{id_}"],
                VoteCounts=counts,
            )
            for id_, counts in selections
        ],
    )


def _count(unit: str, count: int, other: str = "") -> Thing:
    kind = {"Type": "other", "OtherType": other} if other else {"Type": "total"}
    return _typed("VoteCounts", GpUnitId=unit, Count=count, **kind)


def _named(facts: Facts, unit: Unit, ids: dict[str, str]) -> Thing:
    """What a committee's branches put forward: the members behind a name by branch, their sum and the branches."""
    plan, rights = facts.rulebook(), facts.roster().rights
    behind: dict[str, list[Thing]] = {}
    for branch in facts.register().branches(unit.name):
        for sitting in judging.filed(facts).get(branch.name, ()):
            if nominations.valid(sitting, plan):
                for name in sitting.names:
                    if name.person in rights:
                        behind.setdefault(name.person, []).append(_count(ids[branch.name], name.members))
    selections = (
        (
            line.person,
            [
                _count(ids[unit.name], line.members),
                _count(ids[unit.name], line.branches, "推荐的党支部"),
                *behind[line.person],
            ],
        )
        for line in judging.tallied(facts, unit.name)
    )
    return _contest(f"tally-{ids[unit.name]}", f"{unit.name}推荐提名", ids[unit.name], unit.quota, selections)


def _voted(sittings: Iterable[Sitting], key: str, name: str, unit: str, allowed: int) -> list[Thing]:
    """A committee's or the county's votes: for as the total, against, abstained and those due beside it."""
    selections = [
        (
            vote.person,
            [
                _count(unit, vote.votes_for),
                _count(unit, vote.against, "不同意"),
                _count(unit, vote.abstained, "弃权"),
                _count(unit, sitting.due, "应到委员"),
            ],
        )
        for sitting in sittings
        for vote in sitting.votes
    ]
    return [_contest(key, name, unit, allowed, selections)] if selections else []
