"""What is asked of a list (代表候选人名单的结构要求): people, requirements, length.

The programme, with one variable for each person i of the pool P (those not barred):

    least    what the *shoulds* are short of, each in turn by rank;
    greatest (Σ s₁ᵢ xᵢ, Σ s₂ᵢ xᵢ, …) one after the other;
    least    what the *goals* are short of, each in turn; then the order of the lots
    with     Σ xᵢ = size                                    the list has its length
             l_r ≤ Σ_{i counts in r} xᵢ ≤ u_r               for each requirement r, where given
             Σ_{i of unit c} xᵢ ≤ per_unit_at_most          for each unit c, where given
             whole_q · Σ_{i bears both} xᵢ ≥ part_q · Σ_{i bears of} xᵢ − whole_q · grace_q   for each ratio q
             xᵢ + xⱼ ≤ 1 where i excludes j, xᵢ ≤ xⱼ where i requires j
             xᵢ = 1 for the fixed, xᵢ ∈ {0, 1}

Every number is whole: a share becomes a count before it comes here, a minimum rounded up, a maximum rounded down.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from fractions import Fraction

import msgspec

from fourgates.chance import Lots
from fourgates.errors import Refused


class Person(msgspec.Struct, frozen=True):
    """One person who may stand on the list (人选): home unit, tags borne, support in the order it counts; ``lot`` is the
    name under which the person draws lots, where the id is not to decide (empty: the id)."""

    id: str
    unit: str
    tags: tuple[str, ...] = ()
    support: tuple[int, ...] = ()
    lot: str = ""


class Requirement(msgspec.Struct, frozen=True):
    """One requirement (结构要求): at least and/or at most so many on the list bear the tag.

    With ``unit`` only its persons count, with ``among`` only who bears that tag too; an empty tag counts all of them.
    ``strength``: *must* (必须); *should* (应当), departed from only as far as the musts and the shoulds before it force;
    *goal* (争取), for the choice between lists of equal support.
    """

    name: str
    tag: str
    at_least: int | None = None
    at_most: int | None = None
    unit: str = ""
    strength: str = "must"
    among: str = ""

    def counts(self, person: Person) -> bool:
        """Whether this person counts here."""
        return (
            (not self.tag or self.tag in person.tags)
            and self.unit in ("", person.unit)
            and (not self.among or self.among in person.tags)
        )


class Ratio(msgspec.Struct, frozen=True):
    """A share relative to another tag: of those on the list who bear ``of``, so great a part bears ``tag`` too.

    Shares are (part, whole), exact: (1, 3) of ``of`` means that three times those with both are at least all with
    ``of``. ``grace`` persons may be wanting (that is how a ratio gives way).
    """

    name: str
    tag: str
    of: str
    at_least: tuple[int, int] | None = None
    at_most: tuple[int, int] | None = None
    grace: int = 0
    strength: str = "must"


class Pair(msgspec.Struct, frozen=True):
    """Two persons bound to each other: ``first`` *excludes* ``second``, or *requires* that ``second`` stand too."""

    name: str
    kind: str
    first: str
    second: str


class Problem(msgspec.Struct, frozen=True):
    """The whole question. The order of requirements is their rank, ratios after them: the last gives way first.

    ``fixed`` persons must stand on the list and ``barred`` ones may not; ``seed`` is published before the lots
    are drawn. The order of ``people`` means nothing.
    """

    people: Sequence[Person]
    size: int
    requirements: tuple[Requirement, ...] = ()
    per_unit_at_most: int | None = None
    fixed: tuple[str, ...] = ()
    barred: tuple[str, ...] = ()
    seed: str = ""
    ratios: tuple[Ratio, ...] = ()
    pairs: tuple[Pair, ...] = ()

    def lots(self) -> Lots:
        """The drum of the published seed, in which everybody draws under the name that was given for it."""
        lots = getattr(self.people, "lots", None)
        if lots is None:
            lots = {person.id: person.lot for person in self.people if person.lot}
        return Lots(self.seed, lots)


MUST = "must"
SHOULD = "should"
GOAL = "goal"
EXCLUDES = "excludes"
REQUIRES = "requires"
SIZE = "size"
PER_UNIT = "per_unit_at_most"
AT_LEAST = "at_least"
AT_MOST = "at_most"
FIXED = "fixed"


class Rule(msgspec.Struct, frozen=True, order=True):
    """One rule that can stand in a conflict. ``kind``: size · per_unit_at_most · at_least · at_most · fixed · excludes
    · requires; ``name``: of the requirement, ratio or pair, or the id of the fixed person; ``bound``: the number it
    asks (for a ratio: how many may be wanting; for a pair: 1 while it holds)."""

    kind: str
    name: str
    bound: int


class Loosened(msgspec.Struct, frozen=True):
    """One rule given way, from its bound to another; a fixed person who gives way goes from 1 to 0."""

    rule: Rule
    to: int


def rules(problem: Problem) -> tuple[Rule, ...]:
    """Every *must* that can stand in a conflict, highest rank first: length, units, persons, pairs, requirements."""
    found = [Rule(SIZE, "", problem.size)]
    if problem.per_unit_at_most is not None:
        found.append(Rule(PER_UNIT, "", problem.per_unit_at_most))
    found += [Rule(FIXED, each, 1) for each in sorted(set(problem.fixed))]
    found += [Rule(pair.kind, pair.name, 1) for pair in problem.pairs]
    for asked in asked_of(problem):
        if asked.strength == MUST:
            found += sides(asked)
    return tuple(found)


def asked_of(problem: Problem) -> tuple[Requirement | Ratio, ...]:
    """Requirements and ratios in the order of rank."""
    return (*problem.requirements, *problem.ratios)


def of_strength(problem: Problem, strength: str) -> list[str]:
    """The names of requirements and ratios of one strength, in the order of rank."""
    return [asked.name for asked in asked_of(problem) if asked.strength == strength]


def sides(asked: Requirement | Ratio) -> list[Rule]:
    """The one or two rules a requirement or a ratio makes, whatever its strength."""
    if isinstance(asked, Ratio):
        low = None if asked.at_least is None else asked.grace
        high = None if asked.at_most is None else asked.grace
    else:
        low, high = asked.at_least, asked.at_most
    found = []
    if low is not None:
        found.append(Rule(AT_LEAST, asked.name, low))
    if high is not None:
        found.append(Rule(AT_MOST, asked.name, high))
    return found


def loosen(problem: Problem, loosened: tuple[Loosened, ...]) -> Problem:
    """The problem with these rules given way; a fixed person or a pair that gives way is no longer in it."""
    to = {each.rule: each.to for each in loosened}
    if not to.keys() <= set(rules(problem)):
        raise Refused("S.8", "调整的要求不在题中")

    def bound(kind: str, name: str, now: int | None) -> int | None:
        return None if now is None else to.get(Rule(kind, name, now), now)

    return msgspec.structs.replace(
        problem,
        size=to.get(Rule(SIZE, "", problem.size), problem.size),
        per_unit_at_most=bound(PER_UNIT, "", problem.per_unit_at_most),
        fixed=tuple(each for each in problem.fixed if to.get(Rule(FIXED, each, 1), 1)),
        pairs=tuple(pair for pair in problem.pairs if to.get(Rule(pair.kind, pair.name, 1), 1)),
        requirements=tuple(
            msgspec.structs.replace(
                asked,
                at_least=bound(AT_LEAST, asked.name, asked.at_least),
                at_most=bound(AT_MOST, asked.name, asked.at_most),
            )
            for asked in problem.requirements
        ),
        ratios=tuple(
            msgspec.structs.replace(asked, grace=to.get(sides(asked)[0], asked.grace))
            for asked in problem.ratios
        ),
    )


def settled(problem: Problem, name: str, short: int) -> Problem:
    """The problem in which a *should* or a *goal* has become a *must*, with ``short`` persons allowed to be wanting."""

    def settle(asked: Requirement) -> Requirement:
        if asked.name != name:
            return asked
        low = None if asked.at_least is None else max(0, asked.at_least - short)
        high = None if asked.at_most is None else asked.at_most + short
        return msgspec.structs.replace(asked, at_least=low, at_most=high, strength=MUST)

    return msgspec.structs.replace(
        problem,
        requirements=tuple(map(settle, problem.requirements)),
        ratios=tuple(
            msgspec.structs.replace(asked, grace=asked.grace + short, strength=MUST)
            if asked.name == name
            else asked
            for asked in problem.ratios
        ),
    )


def at_least_count(share: Fraction, of: int) -> int:
    """The fewest that make up the share: 60% of 13 is 8 (a minimum is rounded up)."""
    return -(-share.numerator * of // share.denominator)


def of_each_unit(asked: Requirement, units: Iterable[str]) -> tuple[Requirement, ...]:
    """The same of each unit (每个单位), one requirement for each, so that a conflict can name the unit."""
    return tuple(
        msgspec.structs.replace(asked, name=f"{asked.name}·{unit}", unit=unit) for unit in sorted(set(units))
    )


def with_surplus(seats: int, surplus: Fraction) -> int:
    """How long the list is for so many seats (差额): 120% of 10 is 12, rounded up."""
    return at_least_count(surplus, seats)


def at_most_count(share: Fraction, of: int) -> int:
    """The most that stay within the share: 40% of 13 is 5 (a maximum is rounded down)."""
    return share.numerator * of // share.denominator


def admit(problem: Problem) -> None:
    """Refuse a question that contradicts itself before anything is counted (S.2 to S.7)."""
    ids = ids_of(problem.people)
    known = set(ids)
    if len(known) < len(ids):
        twice = next(each for each, times in Counter(ids).items() if times > 1)
        raise Refused("S.2", "人选重复：{person}", person=twice)
    _admit_support(problem.people)
    if problem.size < 0:
        raise Refused("S.4", "名单人数不能为负：{size}", size=problem.size)
    cap = problem.per_unit_at_most
    if cap is not None and cap < 0:
        raise Refused("S.4", "每单位人数上限不能为负：{cap}", cap=cap)
    _admit_requirements(asked_of(problem))
    _admit_pairs(problem.pairs, known)
    for each in (*problem.fixed, *problem.barred):
        if each not in known:
            raise Refused("S.7", "没有这个人选：{person}", person=each)
    for each in problem.fixed:
        if each in problem.barred:
            raise Refused("S.7", "同一人选既列为必选又列为不选：{person}", person=each)


def ids_of(people: Sequence[Person]) -> Sequence[str]:
    """The ids of these persons; a pool has them at hand."""
    ids: Sequence[str] | None = getattr(people, "ids", None)
    return [person.id for person in people] if ids is None else ids


def some_of(people: Sequence[Person], ids: Collection[str]) -> list[Person]:
    """Those of these persons, in their order."""
    some: Callable[[Collection[str]], list[Person]] | None = getattr(people, "some", None)
    return [person for person in people if person.id in ids] if some is None else some(ids)


def _admit_support(people: Sequence[Person]) -> None:
    if hasattr(people, "ids"):
        return  # a pool has as many supports for everybody as for anybody, and looked at them when it was made
    if len({len(person.support) for person in people}) > 1:
        raise Refused("S.3", "各人选的支持数项目不一致")
    for person in people:
        if any(number < 0 for number in person.support):
            raise Refused("S.3", "支持数不能为负：{person}", person=person.id)


def _admit_requirements(requirements: tuple[Requirement | Ratio, ...]) -> None:
    names: set[str] = set()
    for asked in requirements:
        if asked.name in names:
            raise Refused("S.5", "结构要求重名：{name}", name=asked.name)
        names.add(asked.name)
        bounds = sides(asked)
        if not bounds:
            raise Refused("S.6", "结构要求没有界限：{name}", name=asked.name)
        if any(rule.bound < 0 for rule in bounds):
            raise Refused("S.6", "结构要求的界限不能为负：{name}", name=asked.name)
        if asked.strength not in (MUST, SHOULD, GOAL):
            raise Refused("S.6", "结构要求的强度不明：{name}", name=asked.name)
        if isinstance(asked, Ratio):
            if len(bounds) > 1:
                raise Refused("S.6", "一条比例要求只能有一个界限：{name}", name=asked.name)
            for share in (asked.at_least, asked.at_most):
                if share is not None and not 0 <= share[0] <= share[1] != 0:
                    raise Refused("S.6", "比例应当在零与一之间：{name}", name=asked.name)


def _admit_pairs(pairs: tuple[Pair, ...], known: set[str]) -> None:
    names: set[str] = set()
    for pair in pairs:
        if pair.name in names:
            raise Refused("S.5", "结构要求重名：{name}", name=pair.name)
        names.add(pair.name)
        if pair.kind not in (EXCLUDES, REQUIRES) or pair.first == pair.second:
            raise Refused("S.6", "两人之间的关系不明：{name}", name=pair.name)
        for each in (pair.first, pair.second):
            if each not in known:
                raise Refused("S.7", "没有这个人选：{person}", person=each)
