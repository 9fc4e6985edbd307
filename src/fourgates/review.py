"""A committee studies the names collectively and sends some of them up (党委集体研究、上报)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

import msgspec

from fourgates import meetings
from fourgates.days import Window
from fourgates.errors import Refused
from fourgates.plan import Plan, Review
from fourgates.tally import Line


class Vote(msgspec.Struct, frozen=True, array_like=True):
    """The vote on one name: for 同意, against 不同意, abstained 弃权, whether it is to go up 是否上报, and the keyed digest of
    the reason when it is not (未上报理由; empty when none was written)."""

    person: str
    votes_for: int
    against: int
    abstained: int
    up: bool
    reason: str


class Sitting(msgspec.Struct, frozen=True, array_like=True):
    """One meeting of a committee: day, members due and present, votes."""

    day: date
    due: int
    present: int
    votes: tuple[Vote, ...]


class Fault(msgspec.Struct, frozen=True):
    """Why a name marked to go up does not, or what is missing beside one that stays (rule and facts)."""

    rule: str
    committee: str
    person: str
    facts: Mapping[str, str | int] = {}


class CarriedUp(msgspec.Struct, frozen=True):
    """Who goes up from which committee, and every fault found on the way."""

    up: Mapping[str, tuple[str, ...]]
    faults: tuple[Fault, ...]


def check(sittings: Iterable[Sitting]) -> None:
    """Raises ``Refused`` when a review cannot be: attendance (3.1), votes that do not add up (5.2), a name twice (5.3)."""
    seen: set[str] = set()
    for sitting in sittings:
        meetings.check(sitting.day, sitting.due, sitting.present)
        for vote in sitting.votes:
            meetings.check_votes(sitting.present, vote.votes_for, vote.against, vote.abstained)
            if vote.person in seen:
                raise Refused("5.3", "研究情况中同一人列了两次")
            seen.add(vote.person)


def valid(sitting: Sitting, window: Window, rule: Review) -> bool:
    """Whether the meeting counts (rule 5.1): inside its window, present more than half of those due."""
    return window.holds(sitting.day) and meetings.more_than(
        sitting.present, rule.quorum_more_than, sitting.due
    )


def carried(vote: Vote, sitting: Sitting, rule: Review) -> bool:
    """Whether the name has the votes (rule 5.4): more than half of those due, not of those present."""
    return meetings.more_than(vote.votes_for, rule.votes_more_than, sitting.due)


def judge(
    reviews: Mapping[str, tuple[Sitting, ...]],
    tallies: Mapping[str, list[Line]],
    quotas: Mapping[str, int],
    plan: Plan,
) -> CarriedUp:
    """Who goes up, by committee (rules 5.1 and 5.4 to 5.8); ``reviews``, ``tallies``, ``quotas``: by committee.

    A name without a valid meeting, the votes or the nomination does not go up; when more than the quota would, none
    of that committee's does; a person marked to go up from two committees goes up from none.
    """
    faults: list[Fault] = []
    passed: dict[str, list[str]] = {}
    for committee, sittings in reviews.items():
        nominated = {line.person for line in tallies[committee]}
        passed[committee] = []
        for sitting in sittings:
            for vote in sitting.votes:
                rule = _lacks(vote, sitting, nominated, plan)
                # Every vote of a meeting that does not count is at fault; otherwise only a name marked to go up can be.
                if rule == "5.1" or (rule and vote.up):
                    faults.append(Fault(rule, committee, vote.person))
                elif vote.up:
                    passed[committee].append(vote.person)
    for committee, people in passed.items():
        for person in people:
            others = [other for other, names in passed.items() if other != committee and person in names]
            if others:
                faults.append(Fault("5.7", committee, person, {"other": others[0]}))
    twice = {fault.person for fault in faults if fault.rule == "5.7"}
    up: dict[str, tuple[str, ...]] = {}
    for committee, people in passed.items():
        up[committee] = tuple(sorted(person for person in people if person not in twice))
        if len(people) > quotas[committee]:
            facts = {"count": len(people), "quota": quotas[committee]}
            faults.extend(Fault("5.6", committee, person, facts) for person in people)
            up[committee] = ()
        faults.extend(_unexplained(committee, up[committee], reviews[committee], tallies[committee]))
    return CarriedUp(up, tuple(faults))


def _lacks(vote: Vote, sitting: Sitting, nominated: set[str], plan: Plan) -> str:
    """The rule for which a name cannot go up; empty when it can."""
    if not valid(sitting, plan.windows.committee_review, plan.review):
        return "5.1"
    if not carried(vote, sitting, plan.review):
        return "5.4"
    return "" if vote.person in nominated else "5.5"


def _unexplained(
    committee: str, up: tuple[str, ...], sittings: Iterable[Sitting], lines: list[Line]
) -> Iterable[Fault]:
    """Nominees who stand above one sent up and have neither gone up nor been given a reason (rule 5.8)."""
    lowest = min((line.support for line in lines if line.person in up), default=None)
    if lowest is None:
        return
    votes = {vote.person: vote for sitting in sittings for vote in sitting.votes}
    for line in lines:
        vote = votes.get(line.person)
        explained = vote is not None and (vote.up or vote.reason)
        if line.support > lowest and not explained:
            yield Fault("5.8", committee, line.person, {"branches": line.branches, "members": line.members})
