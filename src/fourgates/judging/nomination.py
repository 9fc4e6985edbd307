"""Names on their way up (提名与上报的认定): branches' meetings, tallies, committees' votes, and their procedure."""

from __future__ import annotations

from collections.abc import Mapping

from fourgates import ballots, review, tally
from fourgates.facts import Facts
from fourgates.gates import procedure
from fourgates.gates.procedure import Held
from fourgates.judging.meetings import held
from fourgates.judging.memo import again, remembered
from fourgates.nominations import Sitting as BranchSitting
from fourgates.review import Sitting as ReviewSitting
from fourgates.tally import Line


@remembered
def filed(facts: Facts) -> Mapping[str, tuple[BranchSitting, ...]]:
    """Each branch's nomination meetings that count, with its closed boxes where these count: branch → sittings."""
    found = {
        branch: held(facts, "NominationsFiled", branch, branch, sittings)
        for branch, sittings in facts.filed.items()
    }
    for box in facts.boxes.values():
        if box.closed and facts.rulebook().boxes.counts:
            for branch, sitting in ballots.sittings(box, facts.roster()).items():
                found[branch] = (*found.get(branch, ()), sitting)
    return found


@remembered
def reviewed(facts: Facts) -> Mapping[str, tuple[ReviewSitting, ...]]:
    """Each committee's meetings on the names that count: committee → sittings."""
    return {
        committee: held(facts, "CommitteeReviewed", committee, committee, sittings)
        for committee, sittings in facts.reviews.items()
    }


@remembered
def tallied(facts: Facts, committee: str) -> list[Line]:
    """A committee's tally (rule 4.1)."""
    given = (committee, filed_of(facts, committee), facts.register(), facts.roster(), facts.rulebook())
    return again(facts, ("tallied", committee), tally.count, *given)


def filed_of(facts: Facts, committee: str) -> Mapping[str, tuple[BranchSitting, ...]]:
    """The nomination meetings of one committee's branches that count: branch → sittings, in the order of the register."""
    every = filed(facts)
    return {
        unit.name: every[unit.name] for unit in facts.register().branches(committee) if unit.name in every
    }


def quotas(facts: Facts) -> Mapping[str, int]:
    """How many names each committee may send up: as the county allotted them (13.4), else as the register has them."""
    tree = facts.register()
    told = {one.unit: one.number for one in facts.allotted.get(tree.county, ())}
    return {unit.name: told.get(unit.name, unit.quota) for unit in tree.committees()}


@remembered
def carried(facts: Facts) -> review.CarriedUp:
    """Who goes up from which committee, and why others do not (rules 5.1 to 5.8)."""
    committees = quotas(facts)
    reviews = {name: reviewed(facts)[name] for name in committees if name in facts.reviews}
    tallies = {name: tallied(facts, name) for name in reviews}
    return review.judge(reviews, tallies, committees, facts.rulebook())


@remembered
def sent_up(facts: Facts) -> Mapping[str, str]:
    """Everyone who goes up: id → committee, in the order of the register."""
    return {id_: committee for committee, people in carried(facts).up.items() for id_ in people}


@remembered
def deviations(facts: Facts, committee: str) -> tuple[procedure.Deviation, ...]:
    """The procedure gate for one committee (rules 6.1 to 6.5)."""
    given = (
        committee,
        lines_of(facts, committee),
        filed_of(facts, committee),
        facts.register(),
        facts.roster(),
        facts.rulebook(),
    )
    return again(facts, ("deviations", committee), procedure.judge, *given)


def lines_of(facts: Facts, committee: str) -> tuple[Held, ...]:
    """The lines of the process records about a committee and the units below it, whoever kept them."""
    own = (unit.name for unit in facts.register().under(committee))
    return tuple(line for unit in own for line in _lines(facts).get(unit, ()))


@remembered
def _lines(facts: Facts) -> Mapping[str, list[Held]]:
    """Every line of the process records, whoever kept them, by the unit it was held for."""
    found: dict[str, list[Held]] = {}
    for lines in facts.steps.values():
        for line in lines:
            found.setdefault(line.unit, []).append(line)
    return found
