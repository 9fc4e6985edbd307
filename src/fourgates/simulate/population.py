"""Who lives in the invented county (党员): members by branch, and the few who carry the list that must exist."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from random import Random

from fourgates.simulate.cast import Cast, Person
from fourgates.simulate.chances import split
from fourgates.simulate.places import Committee

LEADING_JOBS = ("乡镇领导干部", "科级领导干部")
_TURNS = ("农民", "专业技术人员", "专业技术人员", "工人", "服务窗口职工", "社区工作者")


@dataclass
class Population:
    """Members by branch; ``pillars`` is, for some committees, the person kept free of every bar.

    The pillars together are a lawful list, so that one exists; ``tags`` has their marks for file 08 by citizen number.
    ``suspended`` has the approval date of each 留党察看一年 whose year is not over on the reference date.
    """

    branches: dict[str, list[Person]] = field(default_factory=dict)
    pillars: dict[str, Person] = field(default_factory=dict)
    tags: dict[str, set[str]] = field(default_factory=dict)
    suspended: dict[str, date] = field(default_factory=dict)

    def everyone(self) -> Iterator[Person]:
        """All members, branch by branch."""
        for members in self.branches.values():
            yield from members

    def entitled(self, branch: str) -> list[Person]:
        """The members of ``branch`` with rights on the reference date."""
        return [p for p in self.branches[branch] if self.has_rights(p)]

    def has_rights(self, person: Person) -> bool:
        """Full member, membership not stopped, not inside 留党察看."""
        return person.confirmed is not None and not person.stopped and person.number not in self.suspended

    def change(self, person: Person, job: str) -> Person:
        """The same person with another post, in the roster too."""
        changed = replace(person, job=job)
        members = self.branches[person.branch]
        members[members.index(person)] = changed
        return changed


def settle(
    committees: list[Committee], members: int, list_length: int, today: date, rng: Random
) -> Population:
    """``members`` members in the branches of ``committees``, one in a hundred without rights.

    ``list_length`` committees each get a pillar: two women in five, every sixth of a minority, one leading cadre in
    five, so that every share of ``programme.shares`` can be met.
    """
    cast = Cast(rng, today)
    population = Population()
    pillar_of = {name: turn for turn, name in enumerate(_pillar_committees(committees, list_length, rng))}
    names = [branch for committee in committees for branch in committee.branches]
    sizes = dict(zip(names, split(members, len(names), min(7, members // len(names)), rng), strict=True))
    for committee in committees:
        for i, branch in enumerate(committee.branches):
            people = [_anyone(cast, branch, committee.township, rng) for _ in range(sizes[branch])]
            _keep_enough(people, cast, branch, committee.township)
            population.branches[branch] = people
            if i == 0 and committee.name in pillar_of:
                turn = pillar_of[committee.name]
                people[0] = _pillar(cast, branch, committee.township, turn)
                population.pillars[committee.name] = people[0]
                population.tags[people[0].number] = _pillar_tags(people[0], turn)
    _suspend(population, today, rng)
    return population


def _pillar_committees(committees: list[Committee], count: int, rng: Random) -> list[str]:
    """Which committees have a pillar, in turn: farmers' turns fall to townships, so the list's kinds are likely ones."""
    towns = [c.name for c in rng.sample(committees, len(committees)) if c.township]
    offices = [c.name for c in rng.sample(committees, len(committees)) if not c.township]
    chosen: list[str] = []
    for turn in range(min(count, len(committees))):
        first, second = (towns, offices) if turn % 6 in (0, 2, 4) else (offices, towns)
        chosen.append((first or second).pop())
    return chosen


def _suspend(population: Population, today: date, rng: Random) -> None:
    """About one member in two thousand is inside 留党察看, in branches large enough to meet without them."""
    pillars = {person.number for person in population.pillars.values()}
    large = [person for members in population.branches.values() if len(members) >= 12 for person in members]
    for person in rng.sample(large, min(len(large), 1 + len(large) // 2000)):
        if person.number not in pillars and population.has_rights(person):
            population.suspended[person.number] = today - timedelta(days=rng.randrange(30, 330))


def _anyone(cast: Cast, branch: str, township: bool, rng: Random) -> Person:
    fate = rng.random()
    return cast.member(branch, township=township, probationary=fate < 0.01, stopped=0.01 <= fate < 0.0112)


def _keep_enough(people: list[Person], cast: Cast, branch: str, township: bool) -> None:
    """At most one in five of a branch without rights, so that the smallest branch can still meet."""
    for i, person in enumerate(people):
        without = sum(1 for p in people if p.confirmed is None or p.stopped)
        if without > len(people) // 5 and (person.confirmed is None or person.stopped):
            people[i] = cast.member(branch, township=township)


def _pillar(cast: Cast, branch: str, township: bool, turn: int) -> Person:
    woman, minority = turn % 5 in (0, 2), turn % 6 == 1
    person = cast.member(branch, township=township, woman=woman, minority=minority, prime=True)
    leading = turn % 5 == 4 and turn % 6 != 0
    return replace(person, job=LEADING_JOBS[0 if township else 1] if leading else _TURNS[turn % 6])


def _pillar_tags(person: Person, turn: int) -> set[str]:
    kinds = {"农民", "工人", "专业技术人员"}
    tags = (
        {"党员领导干部"}
        if person.job in LEADING_JOBS
        else {"生产和工作一线", person.job} & (kinds | {"生产和工作一线"})
    )
    marks = {"先进模范": turn % 4 == 0, "脱贫攻坚": turn % 5 == 0, "疫情防控": turn % 3 == 1}
    return tags | {mark for mark, holds in marks.items() if holds}
