"""What happened between two points of a record (比对): entries, corrections from what to what, figures, lists.

Everything is a value here; persons are ids and texts are digests. Where each point stands is worked out by the fold,
so that a difference is told of what the rules make of the entries, not of what lines were added.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import zip_longest
from typing import Any

import msgspec

from fourgates import chronicle, events, judging
from fourgates.chronicle import Told
from fourgates.errors import Refused
from fourgates.events import Event
from fourgates.facts import Facts
from fourgates.i18n import _, mark
from fourgates.ledger import Entry
from fourgates.participation import Rate
from fourgates.selection import Selection, advance

NOTHING = "—"


class Point(msgspec.Struct, frozen=True):
    """A point of the record: after entry ``n``, made at ``at``; 0 and empty for the beginning."""

    n: int
    at: str


class Field(msgspec.Struct, frozen=True):
    """One value that is another now: where it stands in its row (names of fields, from the outside in), before, after."""

    place: tuple[str, ...]
    before: str
    after: str


class Row(msgspec.Struct, frozen=True):
    """One row of a claim: what it is about, ``added``, ``changed`` or ``gone``, and the fields that differ."""

    about: tuple[str, ...]
    state: str
    fields: tuple[Field, ...] = ()


class Corrected(msgspec.Struct, frozen=True):
    """A claim that stood at the first point and is another, or none (``after`` 0), at the last: entries, both sentences,
    and its rows that differ."""

    before: int
    after: int
    was: str
    is_: str = msgspec.field(name="is")
    rows: tuple[Row, ...] = ()


class Changed(msgspec.Struct, frozen=True):
    """Something worked out that came to another value: what it is, before and after, as printed."""

    what: str
    before: str
    after: str


class Moved(msgspec.Struct, frozen=True):
    """Who came into a list and who left it: ids, in the order of the ids."""

    list: str
    came: tuple[str, ...]
    left: tuple[str, ...]


class Difference(msgspec.Struct, frozen=True):
    """What happened after ``first`` up to ``last``."""

    first: Point
    last: Point
    told: tuple[Told, ...]
    corrected: tuple[Corrected, ...]
    results: tuple[Changed, ...]
    figures: tuple[Changed, ...]
    moved: tuple[Moved, ...]


def fork(first: Iterable[bytes], second: Iterable[bytes]) -> int:
    """The number of the first line in which two ledgers differ; 0 where one continues the other."""
    for number, (one, other) in enumerate(zip_longest(first, second), start=1):
        if one is None or other is None:
            return 0
        if one != other:
            return number
    return 0


def between(entries: Sequence[Entry], documents: Mapping[str, bytes], first: int, last: int) -> Difference:
    """The difference between entries number ``first`` (0: the beginning) and ``last`` of one record.

    ``entries``: the record's, from its first at least to ``last``. Raises what ``advance`` raises where it does not hold.
    """
    made = {entry.n: entry.event for entry in entries[:last]}
    was = advance(Selection(), entries[:first], documents)
    now = advance(was, entries[first:last], documents)
    told = tuple(line for line in chronicle.tell(entries[:last], documents) if line.n > first)
    return Difference(
        _point(entries, first),
        _point(entries, last),
        told,
        tuple(_corrected(was, now, made, documents)),
        tuple(_results(was, now)),
        tuple(_compared(figures(was.facts), figures(now.facts))),
        tuple(_moved(was, now)),
    )


def _point(entries: Sequence[Entry], n: int) -> Point:
    return Point(n, entries[n - 1].at if n else "")


def _corrected(
    was: Selection, now: Selection, made: Mapping[int, Event], documents: Mapping[str, bytes]
) -> Iterator[Corrected]:
    for about, before in was.standing.items():
        after = now.standing.get(about, 0)
        if after != before:
            said = chronicle.sentence(made[before], made)
            if after:
                rows = tuple(
                    _rows(chronicle.rows(made[before], documents), chronicle.rows(made[after], documents))
                )
                yield Corrected(before, after, said, chronicle.sentence(made[after], made), rows)
            else:
                yield Corrected(before, 0, said, "")


def _rows(old: Mapping[Any, Any], new: Mapping[Any, Any]) -> Iterator[Row]:
    for key in {**old, **new}:
        about = tuple(text(part) for part in (key if isinstance(key, tuple) else (key,)))
        if key not in new:
            yield Row(about, "gone")
        elif key not in old:
            yield Row(about, "added")
        elif old[key] != new[key]:
            before, after = dict(leaves(old[key])), dict(leaves(new[key]))
            places = (place for place in {**before, **after} if before.get(place) != after.get(place))
            yield Row(
                about,
                "changed",
                tuple(Field(at, before.get(at, NOTHING), after.get(at, NOTHING)) for at in places),
            )


def leaves(value: Any, place: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], str]]:
    """Every plain value inside ``value`` with its place: fields by name, things in a row by number from 1.

    The two halves of a row that belongs to a meeting stand side by side, as on the form.
    """
    match value:
        case (Mapping() as met, msgspec.Struct() as row):
            yield from leaves({**met, **msgspec.structs.asdict(row)}, place)
        case msgspec.Struct():
            yield from leaves(msgspec.structs.asdict(value), place)
        case Mapping():
            for name, inner in value.items():
                yield from leaves(inner, (*place, str(name)))
        case tuple():
            for number, inner in enumerate(value, start=1):
                yield from leaves(inner, (*place, str(number)))
        case _:
            yield place, text(value)


def text(value: Any) -> str:
    """A plain value as it is printed."""
    match value:
        case None | "":
            return NOTHING
        case bool():
            return _("是") if value else _("否")
        case date():
            return value.isoformat()
        case _:
            return str(value)


def _results(was: Selection, now: Selection) -> Iterator[Changed]:
    """Results that came out otherwise, by their sentences; what is new stands among the entries."""
    for about, (before, event) in was.results.items():
        after, instead = now.results[about]
        if after != before:
            one, other = chronicle.sentence(event, {}), chronicle.sentence(instead, {})
            if one != other:
                yield Changed("→".join((str(before), str(after))), one, other)


def figures(facts: Facts) -> dict[str, str]:
    """The figures of a selection by what they count, as printed; only those that can be worked out already."""
    counted: dict[str, Callable[[], object]] = {
        mark("党支部"): lambda: len(facts.register().branches()),
        mark("在册党员"): lambda: len(facts.roster().members),
        mark("有推荐权的党员"): lambda: len(facts.roster().rights),
        mark("党组织参与率"): lambda: _rate(judging.counted(facts).organisations),
        mark("党员参与率"): lambda: _rate(judging.counted(facts).members),
        mark("党员满意度"): lambda: _rate(judging.satisfaction(facts)),
        mark("推荐提名的党支部"): lambda: len(judging.filed(facts)),
        mark("被推荐的人"): lambda: len({line.person for unit in _committees(facts) for line in judging.tallied(facts, unit)}),
        mark("上报人选"): lambda: len(judging.sent_up(facts)),
        mark("政治标准关通过的人"): lambda: _passing(facts, "standard"),
        mark("廉洁纪律关通过的人"): lambda: _passing(facts, "integrity"),
        mark("推荐程序关通过的党（工）委"): lambda: sum(not judging.deviations(facts, unit) for unit in _committees(facts)),
        mark("可以列入名单的人"): lambda: len(judging.eligible(facts)),
        mark("回函的部门"): lambda: len(facts.replies),
    }  # fmt: skip
    found: dict[str, str] = {}
    for label, count in counted.items():
        try:
            value = count()
        except Refused:
            continue
        found[_(label)] = text(value)
    return found


def _committees(facts: Facts) -> list[str]:
    return [unit.name for unit in facts.register().committees()]


def _rate(rate: Rate | None) -> str:
    return NOTHING if rate is None else f"{rate}（{rate.part}/{rate.whole}）"


def _passing(facts: Facts, gate: str) -> int:
    judged = (judging.person(facts, id_) for id_ in judging.sent_up(facts))
    return sum((one.standard if gate == "standard" else one.integrity.outcome) == "met" for one in judged)


def _compared(before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[Changed]:
    for label in {**before, **after}:
        one, other = before.get(label, NOTHING), after.get(label, NOTHING)
        if one != other:
            yield Changed(label, one, other)


def lists(selection: Selection) -> dict[str, tuple[str, ...]]:
    """The lists that stand in the record by what they are called: sent up, proposed, decided."""
    found: dict[str, list[str]] = {_("上报人选"): [], _("建议名单"): [], _("县委决定的名单"): []}
    sent, proposed, decided = found.values()
    for _number, result in selection.results.values():
        match result:
            case events.NamesCarriedUp():
                sent.extend(result.people)
            case events.ListProposed():
                proposed.extend(result.slate.chosen)
            case events.DecisionJudged():
                decided.extend(result.people)
    return {name: tuple(sorted(people)) for name, people in found.items()}


def _moved(was: Selection, now: Selection) -> Iterator[Moved]:
    before, after = lists(was), lists(now)
    for name, people in after.items():
        came = tuple(one for one in people if one not in before[name])
        left = tuple(one for one in before[name] if one not in people)
        if came or left:
            yield Moved(name, came, left)
