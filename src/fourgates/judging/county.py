"""The county's list and its decision (县级名单的认定): who may stand, what is asked of the list, what was decided."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from fourgates import meetings, review
from fourgates.facts import Facts
from fourgates.gates import structure
from fourgates.gates.structure import Eligible
from fourgates.judging.meetings import held
from fourgates.judging.memo import remembered
from fourgates.judging.nomination import deviations, filed, sent_up, tallied
from fourgates.judging.vetting import person
from fourgates.slate.check import Judgement, check
from fourgates.slate.model import Problem


class Decision(msgspec.Struct, frozen=True):
    """The county's decision judged (县委研究): the list decided, whether it is lawful, the rules it breaks, and faults of
    single names (rule, person)."""

    lawful: bool
    people: tuple[str, ...]
    broken: tuple[str, ...]
    faults: tuple[tuple[str, str], ...]


def _numbered(facts: Facts) -> Mapping[str, int]:
    """Everybody nominated, numbered as the names came: by the register's branches, then as each branch wrote them down.

    Lots are drawn under these numbers and not under the ids, whose key is another in every record: the same forms give
    the same list, however often somebody begins anew.
    """
    named = (
        name.person
        for told in (facts.filed, filed(facts))  # the forms, as ever; then who was named in a box alone
        for branch in facts.register().branches()
        for sitting in told.get(branch.name, ())
        for name in sitting.names
    )
    return {person: number for number, person in enumerate(dict.fromkeys(named), start=1)}


@remembered
def eligible(facts: Facts) -> Mapping[str, Eligible]:
    """Who may stand on the county's list (rule 9.1): sent up, both personal gates met, the committee's procedure met,
    and described, because a list cannot be judged by tags nobody stated."""
    numbers = _numbered(facts)

    def described(id_: str, tags: tuple[str, ...]) -> Eligible:
        committee = sent_up(facts)[id_]
        line = next(line for line in tallied(facts, committee) if line.person == id_)
        return Eligible(committee, tags, line, str(numbers[id_]))

    if facts.given is not None:
        return {id_: described(id_, tags) for id_, tags in (facts.given.eligible or {}).items()}
    found: dict[str, Eligible] = {}
    for id_, committee in sent_up(facts).items():
        profile = facts.profiles.get(id_)
        if profile is not None and not deviations(facts, committee) and person(facts, id_).passed:
            tags = {profile.part, *profile.tags, *facts.roster().tags(id_)}
            found[id_] = described(id_, tuple(sorted(tags)))
    return found


@remembered
def problem(facts: Facts) -> Problem:
    """What is asked of the county's list (rules 9.1 to 9.4)."""
    return structure.problem(eligible(facts), facts.rulebook(), facts.roster())


def judge_list(facts: Facts, people: tuple[str, ...]) -> Judgement:
    """Any list judged against the structure gate, without choosing one."""
    return check(problem(facts), people)


@remembered
def decision(facts: Facts) -> Decision | None:
    """The county's decision (rules 10.1 to 10.4); ``None`` while there is none."""
    if facts.decided is None:
        return None
    plan = facts.rulebook()
    faults: list[tuple[str, str]] = []
    people: list[str] = []
    broken: set[str] = set()
    county = facts.register().county
    if held(facts, "CountyDecided", "", county, facts.decided) != facts.decided:
        broken.add("11.9")
    for sitting in facts.decided:
        if not review.valid(sitting, plan.windows.county_review, plan.review):
            broken.add("10.1")
        for vote in (vote for vote in sitting.votes if vote.up):
            people.append(vote.person)
            if not meetings.more_than(vote.votes_for, plan.review.votes_more_than, sitting.due):
                faults.append(("10.2", vote.person))
            if vote.person not in eligible(facts):
                faults.append(("10.3", vote.person))
    judgement = judge_list(facts, tuple(people))
    if not judgement.lawful:
        broken.add("10.4")
    broken.update(rule for rule, _ in faults)
    return Decision(not broken, tuple(sorted(people)), tuple(sorted(broken)), tuple(faults))
