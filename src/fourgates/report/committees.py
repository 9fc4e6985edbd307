"""One committee in figures (党（工）委情况): participation by channel, tally, meeting, and the days of its steps."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date

from fourgates import judging, nominations, participation
from fourgates.facts import Facts
from fourgates.gates.procedure import NOMINATION, Deviation, Held
from fourgates.judging.memo import again
from fourgates.nominations import Sitting
from fourgates.participation import Rate
from fourgates.plan import Plan
from fourgates.report.figures import Behind, Committee, Step
from fourgates.roster import Roster
from fourgates.tally import Line
from fourgates.units import Tree, Unit


def entries(numbers: Mapping[tuple[str, str], int], *about: tuple[str, str]) -> tuple[int, ...]:
    """The entries in which these subjects stand, ascending; those that stand nowhere yet are left out."""
    return tuple(sorted(numbers[one] for one in about if one in numbers))


def report_on(
    facts: Facts,
    unit: Unit,
    lines: tuple[Line, ...],
    numbers: Mapping[tuple[str, str], int],
) -> Committee:
    """Everything the report says of one committee; ``lines``: its tally in the order announced."""
    plan, tree = facts.rulebook(), facts.register()
    turnout = judging.turnout(facts)
    obliged = tuple(turnout[branch.name] for branch in tree.branches(unit.name) if branch.name in turnout)
    whole = again(facts, ("together", unit.name), participation.together, obliged, plan.participation)
    sittings = facts.reviews.get(unit.name, ())
    filed = judging.filed_of(facts, unit.name)
    behind = again(facts, ("behind", unit.name), _behind, filed, facts.roster(), plan)
    deviations = judging.deviations(facts, unit.name)
    held = judging.lines_of(facts, unit.name)
    kinds = ("TallyCounted", "NamesCarriedUp", "ProcedureJudged")
    return Committee(
        unit=unit,
        organisations=Rate(sum(one.took > 0 for one in obliged), len(obliged)),
        members=Rate(whole.took, whole.due),
        by_channel=whole.by_channel,
        absent=whole.absent,
        put_forward=sum(map(len, behind.values())),
        tally=lines,
        behind=behind,
        sittings=sittings,
        votes={vote.person: vote for sitting in sittings for vote in sitting.votes},
        up=judging.carried(facts).up.get(unit.name, ()),
        steps=again(
            facts,
            ("steps", unit.name),
            _steps,
            unit.name,
            held,
            filed,
            deviations,
            tree,
            facts.roster(),
            plan,
        ),
        deviations=deviations,
        entries=entries(numbers, *((kind, unit.name) for kind in kinds)),
    )


def _behind(
    filed: Mapping[str, tuple[Sitting, ...]], roster: Roster, plan: Plan
) -> Mapping[str, tuple[Behind, ...]]:
    """Everybody with rights whom a branch put forward, with the branches behind them: id → branches in their order."""
    behind: dict[str, tuple[Behind, ...]] = {}
    for branch, sittings in filed.items():
        for sitting in sittings:
            for name in sitting.names if nominations.valid(sitting, plan) else ():
                if name.person in roster.rights:
                    one = Behind(branch, name.members, name.merit)
                    behind[name.person] = (*behind.get(name.person, ()), one)
    return behind


def _steps(
    committee: str,
    held: tuple[Held, ...],
    filed: Mapping[str, tuple[Sitting, ...]],
    deviations: tuple[Deviation, ...],
    tree: Tree,
    roster: Roster,
    plan: Plan,
) -> tuple[Step, ...]:
    """The steps in their order, with the days they were held on; ``held``: the lines of the committee's own units."""
    branches = [branch.name for branch in tree.branches(committee) if roster.of_branch.get(branch.name)]
    wrong = {one.step for one in deviations}

    def step(key: str, days: list[date], reached: Rate | None = None) -> Step:
        word = plan.procedure.words.get(key, NOMINATION)
        return Step(key, word, tuple(sorted(Counter(days).items())), reached, word in wrong)

    def own(key: str) -> Step:
        word = plan.procedure.words[key]
        return step(key, [line.day for line in held if line.unit == committee and line.word == word])

    word = plan.procedure.words["warning_education"]
    warned = [line for line in held if line.word == word]
    units = {line.unit for line in warned}
    reached = sum(not units.isdisjoint(tree.above(branch)) for branch in branches)
    met = [branch for branch in branches if any(nominations.valid(s, plan) for s in filed.get(branch, ()))]
    days = [sitting.day for sittings in filed.values() for sitting in sittings]
    return (
        own("plan"),
        own("training"),
        own("mobilisation"),
        step("warning_education", [line.day for line in warned], Rate(reached, len(branches))),
        step("nomination", days, Rate(len(met), len(branches))),
        own("committee_review"),
    )
