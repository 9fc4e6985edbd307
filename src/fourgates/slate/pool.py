"""Very many persons in columns (人选库): a sequence of persons that writes out a person only when one is asked for.

A citizens' register of a million rows fits as columns of numbers where a million objects would not. Whoever asks for
one person gets a ``Person``; the solver takes the columns.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from operator import attrgetter, itemgetter
from types import MappingProxyType
from typing import Any, overload

import msgspec

from fourgates.errors import Refused
from fourgates.slate.model import Person, Problem

MOST = 1 << 40
FEW = 1_000
INDEXED = 100_000


class Pool(Sequence[Person]):
    """Persons in columns.

    ``ids``: one for each person; ``unit``: the place of each one's unit in ``units``, which are in order; ``profile``:
    the column of each one's tags in ``profiles``, a table of places in ``tags`` (-1: nothing); ``support``: persons ×
    supports, whole numbers; ``lots``: the name under which somebody draws, where it is not the id.
    """

    def __init__(
        self,
        ids: Sequence[str],
        unit: Any,
        units: Sequence[str],
        profile: Any,
        profiles: Any,
        tags: Sequence[str],
        support: Any,
        lots: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        self.ids, self.unit, self.units = ids, unit, units
        self.profile, self.profiles, self.tags, self.support = profile, profiles, tags, support
        self.lots = lots
        self._where: dict[str, int] | None = None
        self._bearing: dict[str, Any] = {}

    @classmethod
    def of(cls, people: Sequence[Person]) -> Pool | None:
        """The columns of these persons; None where a number is too large for them."""
        if isinstance(people, Pool):
            return people
        import numpy as np

        # Columns are taken whole: a step of the language for each person is what takes long here.
        tagged, homes, supports, drawn = (
            list(map(attrgetter(name), people)) for name in ("tags", "unit", "support", "lot")
        )
        profiles = {its: place for place, its in enumerate(dict.fromkeys(tagged))}
        profile = np.array(list(map(profiles.__getitem__, tagged)), dtype=np.int64)
        units = sorted(set(homes))
        where = {unit: place for place, unit in enumerate(units)}
        unit = np.array(list(map(where.__getitem__, homes)), dtype=np.int64)
        depth = len(people[0].support) if people else 0
        support = np.zeros((len(people), depth), dtype=np.int64)
        for place in range(depth):
            numbers = list(map(itemgetter(place), supports))
            if max(numbers) >= MOST:
                return None
            support[:, place] = numbers
        flat = [tag for its in profiles for tag in its]
        tags = list(dict.fromkeys(flat))
        known = {tag: place for place, tag in enumerate(tags)}
        long = np.fromiter(map(len, profiles), np.int64, len(profiles))
        table = np.full((int(long.max(initial=1)), len(profiles)), -1, dtype=np.int32)
        column = np.arange(len(flat)) - np.repeat(np.cumsum(long) - long, long)
        table[column, np.repeat(np.arange(len(profiles)), long)] = [known[tag] for tag in flat]
        lots = {person.id: person.lot for person in people if person.lot} if any(drawn) else {}
        return cls(list(map(attrgetter("id"), people)), unit, units, profile, table, tags, support, lots)

    @classmethod
    def held(cls, problem: Problem) -> Problem:
        """The same problem with its persons in columns, where they are many."""
        pool = cls.of(problem.people) if len(problem.people) >= FEW else None
        return problem if pool is None else msgspec.structs.replace(problem, people=pool)

    @classmethod
    def of_columns(
        cls,
        ids: Sequence[str],
        features: Mapping[str, tuple[Any, Sequence[str]]],
        support: Sequence[Sequence[int]] = (),
        unit: tuple[Any, Sequence[str]] | None = None,
    ) -> Pool:
        """From columns of places: feature → (the place of each person's value, the values); ``unit`` likewise.

        A value makes the tag ``feature=value``; an empty value makes none. ``support``: one column for each support.
        """
        import numpy as np

        tags: list[str] = []
        key = np.zeros(len(ids), dtype=np.int64)
        span = 1
        columns, offsets = [], []
        for feature, (places, values) in features.items():
            own = np.asarray(places, dtype=np.int64)
            if len(own) != len(ids) or own.min(initial=0) < 0 or own.max(initial=-1) >= len(values):
                raise Refused("S.10", "“{heading}”一栏与人选数不一致", heading=feature)
            if span * len(values) >= 1 << 62:
                _, key = np.unique(key, return_inverse=True)
                span = int(key.max(initial=0)) + 1
            key = key * len(values) + own
            span *= max(len(values), 1)
            columns.append(own)
            known = np.array([len(tags) + place if value else -1 for place, value in enumerate(values)])
            offsets.append(known)
            tags += [f"{feature}={value}" for value in values]
        _, first, profile = np.unique(key, return_index=True, return_inverse=True)
        rows = [known[own[first]] for own, known in zip(columns, offsets, strict=True)]
        table = np.stack(rows).astype(np.int32) if rows else np.full((1, len(first)), -1, np.int32)
        numbers = np.array([np.asarray(each, dtype=np.int64) for each in support], dtype=np.int64)
        places, named = (np.zeros(len(ids), dtype=np.int64), [""]) if unit is None else unit
        order = np.argsort(np.array(named, dtype=object), kind="stable")
        rank = np.empty(len(order), dtype=np.int64)
        rank[order] = np.arange(len(order))
        return cls(
            ids,
            rank[np.asarray(places, dtype=np.int64)],
            [named[place] for place in order],
            profile,
            table,
            tags,
            numbers.T if len(numbers) else np.zeros((len(ids), 0), dtype=np.int64),
        )

    def __len__(self) -> int:
        return len(self.ids)

    @overload
    def __getitem__(self, place: int) -> Person: ...
    @overload
    def __getitem__(self, place: slice) -> tuple[Person, ...]: ...
    def __getitem__(self, place: int | slice) -> Person | tuple[Person, ...]:
        if isinstance(place, slice):
            return tuple(self._at(list(range(*place.indices(len(self))))))
        return self._at([range(len(self))[place]])[0]

    def __iter__(self) -> Iterator[Person]:
        return (self[place] for place in range(len(self)))

    def places(self, ids: Collection[str]) -> dict[str, int]:
        """Where these persons stand."""
        if len(self.ids) > INDEXED:
            return {each: place for place, each in enumerate(self.ids) if each in ids} if ids else {}
        if self._where is None:
            self._where = {each: place for place, each in enumerate(self.ids)}
        return dict(
            sorted(((each, self._where[each]) for each in ids if each in self._where), key=itemgetter(1))
        )

    def bears(self, tag: str) -> Any:
        """Which profiles have this tag."""
        import numpy as np

        if tag in self._bearing:
            return self._bearing[tag]
        found = np.zeros(self.profiles.shape[1], dtype=bool)
        for code in [place for place, name in enumerate(self.tags) if name == tag]:
            for column in self.profiles:
                found |= column == code
        self._bearing[tag] = found
        return found

    def some(self, ids: Collection[str]) -> list[Person]:
        """These persons, in the order of the pool."""
        return self._at(list(self.places(ids).values()))

    def _at(self, its: list[int]) -> list[Person]:
        profiles = self.profiles[:, self.profile[its]].T.tolist()
        support, units = self.support[its].tolist(), self.unit[its].tolist()
        return [
            Person(
                self.ids[place],
                self.units[unit],
                tuple(self.tags[tag] for tag in profile if tag >= 0),
                tuple(numbers),
                self.lots.get(self.ids[place], ""),
            )
            for place, unit, profile, numbers in zip(its, units, profiles, support, strict=True)
        ]
