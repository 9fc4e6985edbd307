"""A programme in columns of numbers for the solver (数列): the same groups in the same order, a million persons in a second.

Persons are never looked at one by one where numbers do: tags become a profile, unit and profile and support one number
of mixed radix, and equal numbers are one group. ``lay`` makes what ``frame`` makes (a test holds the two together); who
verifies uses ``frame``, which needs nothing but the language.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, overload

from fourgates.chance import Lots
from fourgates.slate import pool as pools
from fourgates.slate.frame import Rows, frame, leant, table_of
from fourgates.slate.model import FIXED, PER_UNIT, SIZE, Problem, Rule
from fourgates.slate.pool import Pool
from fourgates.slate.programme import Group, Programme

WIDE = 1 << 31
KEPT = 100_000


@dataclass(frozen=True)
class Columns:
    """Numbers of each group, and the entries of each kind of group (kind = what is counted in which row).

    ``unit``, ``kind``, ``least``, ``most``: one for each group; ``support``: groups × supports. Kind ``k`` counts
    ``value[i]`` in row ``place[i]`` for i from ``start[k]`` to ``start[k + 1]``.
    """

    unit: Any
    kind: Any
    support: Any
    least: Any
    most: Any
    start: Any
    place: Any
    value: Any

    def worth(self, support: int) -> Any:
        """The support of this number of each group; nothing where nobody is left."""
        return self.support[:, support] if len(self.kind) else self.least

    def priced(self, prices: Any) -> Any:
        """What each group pays at these prices for the rows."""
        import numpy as np

        paid = np.concatenate([[0], np.cumsum(prices[self.place] * self.value)])
        return (paid[self.start[1:]] - paid[self.start[:-1]])[self.kind]

    def without(self, rows: Any, line: Any) -> Columns:
        """The same without these rows (true where one is left out), each of the others under its new number."""
        import numpy as np

        stays = ~rows[self.place]
        upto = np.append(0, np.cumsum(stays))
        return replace(self, start=upto[self.start], place=line[self.place[stays]], value=self.value[stays])


class Groups(Sequence[Group]):
    """The groups of a programme laid in columns, each written out when it is asked for."""

    def __init__(self, columns: Columns, pool: Pool, order: Any, first: Any, lots: Lots) -> None:
        self.columns, self._pool, self._order, self._first, self._lots = columns, pool, order, first, lots
        self._written: dict[int, Group] = {}
        self._members: dict[int, tuple[str, ...]] = {}
        self._group: Any = None

    def __len__(self) -> int:
        return len(self.columns.kind)

    @overload
    def __getitem__(self, place: int) -> Group: ...
    @overload
    def __getitem__(self, place: slice) -> tuple[Group, ...]: ...
    def __getitem__(self, place: int | slice) -> Group | tuple[Group, ...]:
        if isinstance(place, slice):
            return tuple(self[each] for each in range(*place.indices(len(self))))
        if (known := self._written.get(place)) is not None:
            return known
        columns, kind = self.columns, self.columns.kind[place]
        begin, end = columns.start[kind], columns.start[kind + 1]
        found = Group(
            int(columns.unit[place]),
            tuple(zip(columns.place[begin:end].tolist(), columns.value[begin:end].tolist(), strict=True)),
            tuple(columns.support[place].tolist()),
            self.members(place),
            int(columns.least[place]),
        )
        if len(self._written) < KEPT:
            self._written[place] = found
        return found

    def __iter__(self) -> Iterator[Group]:
        return (self[place] for place in range(len(self)))

    def members(self, place: int) -> tuple[str, ...]:
        """The ids of one group in lot order, without writing out the rest of it."""
        if (known := self._members.get(place)) is None:
            its = self._order[self._first[place] : self._first[place + 1]].tolist()
            known = tuple(self._lots.order(self._pool.ids[member] for member in its))
            if len(self._members) < KEPT:
                self._members[place] = known
        return known

    def held(self, persons: Iterable[str]) -> list[int]:
        """The group of each of these persons."""
        import numpy as np

        if self._group is None:
            self._group = np.full(len(self._pool.ids), -1, dtype=np.int64)
            self._group[self._order] = np.repeat(np.arange(len(self)), self.columns.most)
        named = list(persons)
        places = self._pool.places(set(named))
        return [int(self._group[places[each]]) for each in named]


def columns_of(programme: Programme) -> Columns:
    """The columns of any programme."""
    if isinstance(programme.groups, Groups):
        return programme.groups.columns
    import numpy as np

    groups = programme.groups
    entries = [entry for group in groups for entry in group.rows]
    depth = len(groups[0].support) if groups else 0
    return Columns(
        np.array([group.unit for group in groups], dtype=np.int64),
        np.arange(len(groups), dtype=np.int64),
        np.array([group.support for group in groups], dtype=np.int64).reshape(len(groups), depth),
        np.array([group.least for group in groups], dtype=np.int64),
        np.array([len(group.ids) for group in groups], dtype=np.int64),
        np.cumsum([0, *(len(group.rows) for group in groups)]),
        np.array([place for place, _ in entries], dtype=np.int64),
        np.array([value for _, value in entries], dtype=np.int64),
    )


def lay(
    problem: Problem,
    kept: Collection[Rule] | None = None,
    elastic: Collection[Rule] = (),
    raised: int = 0,
    *,
    supported: bool = True,
) -> Programme:
    """What ``frame`` makes of the same, in columns where there are many persons."""
    if len(problem.people) < pools.FEW:
        return frame(problem, kept, elastic, raised, supported=supported)
    table = table_of(problem, kept, elastic)
    pool = Pool.of(problem.people)
    if pool is None or any(abs(count) >= WIDE for count in table.numbers()):
        return frame(problem, kept, elastic, raised, supported=supported)
    groups = _grouped(problem, pool, table, supported=supported)
    cap = problem.per_unit_at_most
    size = Rule(SIZE, "", problem.size)
    exact = size in table.held and size not in table.loose
    heads = int(groups.columns.most.sum())
    return Programme(
        groups=groups,
        rows=tuple(table.rows),
        units=1 if cap is None else len(pool.units),
        cap=None if cap is None or Rule(PER_UNIT, "", cap) not in table.held else cap + raised,
        shortest=problem.size if exact else 0,
        longest=problem.size if exact else heads,
    )


def leaning(problem: Problem, name: str, *, supported: bool) -> Programme:
    """What ``frame.leaning`` makes of the same, in columns where there are many persons."""
    trial, kept, own = leant(problem, name)
    return lay(trial, kept, own, supported=supported)


def _grouped(problem: Problem, pool: Pool, table: Rows, *, supported: bool) -> Groups:
    import numpy as np

    wanted = sorted(set(problem.fixed))
    alone = sorted({*wanted, *table.by_person})
    places = pool.places({*alone, *problem.barred})
    free = np.ones(len(pool.ids), dtype=bool)
    free[[places[each] for each in problem.barred]] = False
    by_unit = table.by_unit or any(unit for rows in table.by_tag.values() for _, _, unit, _ in rows)
    # A class is a unit and a profile; each person who is asked for by name is a class alone.
    radix = pool.profiles.shape[1]
    keys = pool.profile.astype(np.int64)
    if by_unit or problem.per_unit_at_most is not None:
        keys = keys + pool.unit * np.int64(radix)
    classes, inverse = _distinct(keys, radix * len(pool.units))
    apart = [places[each] for each in alone if free[places[each]]]
    inverse[apart] = len(classes) + np.arange(len(apart))
    profile = np.concatenate([classes % radix, pool.profile[apart]]).astype(np.int64)
    unit = np.concatenate([classes // radix, pool.unit[apart]]).astype(np.int64)
    named = {pool.ids[place]: len(classes) + number for number, place in enumerate(apart)}
    start, place, value = _entries(table, pool, profile, unit, named)
    rank, kinds = _ranked(start, place, value)

    persons = np.flatnonzero(free)
    order = {each: number for number, each in enumerate(wanted, 1)}
    held = np.zeros(len(pool.ids), dtype=np.int64)
    held[[places[each] for each in wanted]] = [order[each] for each in wanted]
    capped = problem.per_unit_at_most is not None
    key = [pool.unit[persons] if capped else np.zeros(len(persons), dtype=np.int64), rank[inverse[persons]]]
    depth = pool.support.shape[1] if supported else 0
    key += [pool.support[persons, each] for each in range(depth)]
    key.append(held[persons])
    sorting = _sorted(key)
    persons = persons[sorting]
    key = [each[sorting] for each in key]
    new = np.ones(len(persons), dtype=bool)
    new[1:] = np.any([each[1:] != each[:-1] for each in key], axis=0)
    first = np.flatnonzero(new)
    must = np.array([False, *(Rule(FIXED, each, 1) in table.held for each in wanted)])
    columns = Columns(
        unit=key[0][first],
        kind=key[1][first],
        support=np.stack([each[first] for each in key[2:-1]], axis=1)
        if depth
        else np.zeros((len(first), 0), dtype=np.int64),
        least=must[key[-1][first]].astype(np.int64),
        most=np.diff(np.append(first, len(persons))),
        start=kinds[0],
        place=kinds[1],
        value=kinds[2],
    )
    return Groups(columns, pool, persons, np.append(first, len(persons)), problem.lots())


def _distinct(keys: Any, most: int) -> tuple[Any, Any]:
    """The different keys in order, and for each key its place among them."""
    import numpy as np

    if most > 4 * len(keys) + 1000:
        found: tuple[Any, Any] = np.unique(keys, return_inverse=True)
        return found
    there = np.zeros(most, dtype=bool)
    there[keys] = True
    return np.flatnonzero(there), (np.cumsum(there) - 1)[keys]


def _sorted(key: list[Any]) -> Any:
    """The order of the mixed-radix number of these columns, the first weighing most."""
    import numpy as np

    whole = np.zeros(len(key[0]), dtype=np.int64)
    span = 1
    for each in key:
        high = int(each.max(initial=0)) + 1
        span *= high
        if span >= 1 << 62:
            return np.lexsort(key[::-1])
        whole = whole * high + each
    return np.argsort(whole, kind="stable")


def _entries(table: Rows, pool: Pool, profile: Any, unit: Any, named: dict[str, int]) -> tuple[Any, Any, Any]:
    """What each class counts in which row, rows in order."""
    import numpy as np

    units = {name: place for place, name in enumerate(pool.units)}
    found: list[tuple[int, Any, Any]] = []
    bearing: dict[str, Any] = {}

    def bears(tag: str) -> Any:
        if tag not in bearing:
            bearing[tag] = pool.bears(tag)[profile]
        return bearing[tag]

    def add(row: int, who: Any, value: Any) -> None:
        found.append((row, who, value))

    every = np.arange(len(profile))
    for row, value in table.everyone:
        add(row, every, value)
    for tag, rows in table.by_tag.items():
        who = np.flatnonzero(bears(tag))
        for row, value, its, among in rows:
            some = who[unit[who] == units.get(its, -1)] if its else who
            add(row, some[bears(among)[some]] if among else some, value)
    for its, plain in table.by_unit.items():
        for row, value in plain:
            add(row, np.flatnonzero(unit == units.get(its, -1)), value)
    for of, ratios in table.by_ratio.items():
        for row, tag, part, whole in ratios:
            who = np.flatnonzero(bears(of))
            values = np.where(bears(tag)[who], whole - part, -part)
            add(row, who[values != 0], values[values != 0])
    for person, plain in table.by_person.items():
        for row, value in plain if person in named else ():
            add(row, np.array([named[person]]), value)
    found.sort(key=lambda each: each[0])
    empty = np.zeros(0, dtype=np.int64)
    whose = np.concatenate([empty, *(who for _, who, _ in found)])
    which = np.repeat([row for row, _, _ in found], [len(who) for _, who, _ in found]).astype(np.int64)
    counts = np.concatenate([empty, *(np.broadcast_to(value, len(who)) for _, who, value in found)])
    start = np.concatenate([[0], np.cumsum(np.bincount(whose, minlength=len(profile)))])
    order = np.argsort(whose, kind="stable")
    return start, which[order], counts[order]


def _ranked(start: Any, place: Any, value: Any) -> tuple[Any, tuple[Any, Any, Any]]:
    """Classes that count alike are one kind: the rank of each class among the kinds, and the entries of each kind."""
    import numpy as np

    classes = len(start) - 1
    long = np.diff(start)
    width = int(long.max(initial=0))
    # What is not there comes first.
    codes = np.zeros((max(width, 1), classes), dtype=np.int64)
    column = np.arange(len(place)) - np.repeat(start[:-1], long)
    low = value.min(initial=0)
    span = int(value.max(initial=0) - low) + 1
    codes[column, np.repeat(np.arange(classes), long)] = place * span + (value - low) + 1
    order = _sorted(list(codes))
    sorted_codes = codes[:, order]
    new = np.ones(classes, dtype=bool)
    new[1:] = np.any(sorted_codes[:, 1:] != sorted_codes[:, :-1], axis=0)
    first = order[new]
    inverse = np.empty(classes, dtype=np.int64)
    inverse[order] = np.cumsum(new) - 1
    long = long[first]
    begin = np.cumsum([0, *long.tolist()])
    take = np.repeat(start[first] - begin[:-1], long) + np.arange(begin[-1])
    return inverse, (begin, place[take], value[take])
