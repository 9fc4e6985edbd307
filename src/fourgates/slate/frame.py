"""Write a question as a programme (列式): which rows there are, and what each person counts in them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

from fourgates.slate.model import (
    AT_LEAST,
    EXCLUDES,
    FIXED,
    PER_UNIT,
    SIZE,
    Pair,
    Person,
    Problem,
    Ratio,
    Requirement,
    Rule,
    asked_of,
    rules,
    settled,
    sides,
)
from fourgates.slate.programme import Group, Programme, Row


@dataclass
class Rows:
    """The rows so far, and where to look up what a person counts in them."""

    held: frozenset[Rule]
    loose: frozenset[Rule]
    rows: list[Row] = field(default_factory=list)
    by_tag: dict[str, list[tuple[int, int, str, str]]] = field(default_factory=dict)
    by_unit: dict[str, list[tuple[int, int]]] = field(default_factory=dict)
    by_ratio: dict[str, list[tuple[int, str, int, int]]] = field(default_factory=dict)
    by_person: dict[str, list[tuple[int, int]]] = field(default_factory=dict)
    everyone: list[tuple[int, int]] = field(default_factory=list)

    def numbers(self) -> list[int]:
        """Every number that somebody counts in some row."""
        found = [n for rows in self.by_tag.values() for _, n, _, _ in rows]
        found += [
            n
            for _, _, part, whole in (r for rows in self.by_ratio.values() for r in rows)
            for n in (part, whole)
        ]
        return found

    def add(self, rule: Rule, low: int | None, high: int | None, step: int = 1) -> int | None:
        """The place of a new row, or None when the rule is left out."""
        soft = rule in self.loose
        if not soft and rule not in self.held:
            return None
        self.rows.append(Row(rule, low, high, soft and low is not None, soft and high is not None, step))
        return len(self.rows) - 1

    def count(self, asked: Requirement) -> None:
        """The rows of a requirement."""
        for rule in sides(asked):
            # Each side is a row of its own: the solver takes no row whose lower bound is above its upper one.
            low = rule.kind == AT_LEAST
            place = self.add(rule, rule.bound if low else None, None if low else rule.bound)
            if place is not None and (asked.tag or asked.among):
                tag, among = (asked.tag, asked.among) if asked.tag else (asked.among, "")
                self.by_tag.setdefault(tag, []).append((place, 1, asked.unit, among))
            elif place is not None and not asked.unit:
                self.everyone.append((place, 1))
            elif place is not None:
                self.by_unit.setdefault(asked.unit, []).append((place, 1))

    def relate(self, asked: Ratio) -> None:
        """The row of a ratio."""
        for rule in sides(asked):
            low = rule.kind == AT_LEAST
            part, whole = (asked.at_least if low else asked.at_most) or (0, 1)
            off = whole * asked.grace
            place = self.add(rule, -off if low else None, None if low else off, whole)
            if place is not None:
                self.by_ratio.setdefault(asked.of, []).append((place, asked.tag, part, whole))

    def bind(self, pair: Pair) -> None:
        """The row of a pair."""
        excludes = pair.kind == EXCLUDES
        place = self.add(Rule(pair.kind, pair.name, 1), None, 1 if excludes else 0)
        if place is not None:
            self.by_person.setdefault(pair.first, []).append((place, 1))
            self.by_person.setdefault(pair.second, []).append((place, 1 if excludes else -1))

    def of(self, person: Person) -> tuple[tuple[int, int], ...]:
        """What this person counts in which row."""
        entries = [*self.everyone, *self.by_unit.get(person.unit, ()), *self.by_person.get(person.id, ())]
        tags = frozenset(person.tags)
        for tag in tags:
            entries += [
                (place, n)
                for place, n, unit, among in self.by_tag.get(tag, ())
                if unit in ("", person.unit) and (not among or among in tags)
            ]
            for place, other, part, whole in self.by_ratio.get(tag, ()):
                entries.append((place, whole - part if other in tags else -part))
        return tuple(sorted(entry for entry in entries if entry[1]))


def table_of(problem: Problem, kept: Collection[Rule] | None, elastic: Collection[Rule]) -> Rows:
    """The rows of a problem under the ``kept`` rules (all musts when None) and the ``elastic`` ones."""
    held = frozenset(rules(problem) if kept is None else kept)
    table = Rows(held, frozenset(elastic))
    for asked in problem.requirements:
        table.count(asked)
    for ratio in problem.ratios:
        table.relate(ratio)
    for pair in problem.pairs:
        table.bind(pair)
    wanted = {each: Rule(FIXED, each, 1) for each in sorted(set(problem.fixed))}
    for each, rule in wanted.items():
        if rule in table.loose:
            table.by_person.setdefault(each, []).append((len(table.rows), 1))
            table.add(rule, 1, None)
    size = Rule(SIZE, "", problem.size)
    if size in table.loose:
        table.everyone.append((len(table.rows), 1))
        table.add(size, problem.size, problem.size)
    return table


def frame(
    problem: Problem,
    kept: Collection[Rule] | None = None,
    elastic: Collection[Rule] = (),
    raised: int = 0,
    *,
    supported: bool = True,
) -> Programme:
    """The programme under the ``kept`` rules (all musts when None); ``elastic`` ones count what they are broken by.

    Where ``supported`` is false persons of unequal support are alike: why no list exists has nothing to do with it.
    ``raised`` is added to the per-unit number. A fixed person who is elastic, or the length when elastic, is a row.
    """
    table = table_of(problem, kept, elastic)
    held = table.held
    size = Rule(SIZE, "", problem.size)
    wanted = {each: Rule(FIXED, each, 1) for each in sorted(set(problem.fixed))}
    barred = set(problem.barred)
    cap = problem.per_unit_at_most
    units = {unit: place for place, unit in enumerate(sorted({person.unit for person in problem.people}))}
    apart = {*wanted, *table.by_person}
    alike: dict[tuple[str, tuple[str, ...], tuple[int, ...], str], list[str]] = {}
    for person in problem.people:
        if person.id not in barred:
            alone = person.id if person.id in apart else ""
            alike.setdefault((person.unit, person.tags, person.support, alone), []).append(person.id)
    merged: dict[tuple[int, tuple[tuple[int, int], ...], tuple[int, ...], str], list[str]] = {}
    for (unit, tags, support, alone), ids in alike.items():
        entries = table.of(Person(alone, unit, tags))
        key = (
            0 if cap is None else units[unit],
            entries,
            support if supported else (),
            alone if alone in wanted else "",
        )
        merged.setdefault(key, []).extend(ids)
    lots = problem.lots()
    groups = tuple(
        Group(unit, entries, support, tuple(lots.order(ids)), 1 if wanted.get(alone) in held else 0)
        for (unit, entries, support, alone), ids in sorted(merged.items())
    )
    pool = sum(len(group.ids) for group in groups)
    exact = size in held and size not in table.loose
    return Programme(
        groups=groups,
        rows=tuple(table.rows),
        units=1 if cap is None else len(units),
        cap=None if cap is None or Rule(PER_UNIT, "", cap) not in held else cap + raised,
        shortest=problem.size if exact else 0,
        longest=problem.size if exact else pool,
    )


def leaning(problem: Problem, name: str, *, supported: bool) -> Programme:
    """The programme in which only the requirement of this name may be broken, and counts by how much."""
    trial, kept, own = leant(problem, name)
    return frame(trial, kept, own, supported=supported)


def leant(problem: Problem, name: str) -> tuple[Problem, list[Rule], set[Rule]]:
    """The problem with this requirement as a must, the rules that hold, and its own, which may be broken."""
    trial = settled(problem, name, 0)
    own = {rule for asked in asked_of(trial) if asked.name == name for rule in sides(asked)}
    return trial, [rule for rule in rules(trial) if rule not in own], own
