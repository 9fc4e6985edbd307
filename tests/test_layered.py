"""A layered mapping is a dictionary that is copied before it is changed, whatever is done to it and in whatever order."""

from __future__ import annotations

import threading
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from fourgates.layered import FEW, Layered

KEYS = st.integers(0, 60)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("but"), KEYS, st.integers()),
        st.tuples(st.just("without"), KEYS),
        st.tuples(st.just("changing"), st.lists(st.tuples(KEYS, st.integers()), max_size=40)),
        st.tuples(st.just("looked through")),
    ),
    max_size=60,
)


def same(found: Layered[int, int], wanted: dict[int, int]) -> None:
    assert list(found.items()) == list(wanted.items())
    assert (list(found), list(found.values()), len(found)) == (
        list(wanted),
        list(wanted.values()),
        len(wanted),
    )
    assert found == wanted
    assert dict(found) == wanted


@given(STEPS, st.dictionaries(KEYS, st.integers()))
def test_whatever_is_done_it_is_what_a_copied_dictionary_would_be(
    steps: list[Any], begun: dict[int, int]
) -> None:
    now, model = Layered(dict(begun)), dict(begun)
    before = [(now, model)]
    for kind, *what in steps:
        match kind, what:
            case "but", [key, value]:
                now, model = now.but(key, value), {**model, key: value}
            case "without", [key]:
                now, model = now.without(key), {told: value for told, value in model.items() if told != key}
            case "changing", [changes]:
                changing = now.changing()
                for key, value in changes:
                    changing.put(key, value)
                    model = {**model, key: value}
                    assert changing[key] == value
                now = changing.done()
            case _:
                same(now, model)
        for key in range(61):
            assert (now.get(key), key in now) == (model.get(key), key in model)
        before.append((now, model))
    for old, then in before:
        differs = {key for key in then.keys() | model.keys() if then.get(key) != model.get(key)}
        assert (now.since(old) or differs) >= differs
        same(old, then)


def test_what_was_changed_lately_is_known_and_what_stands_on_other_ground_is_not() -> None:
    base = Layered(dict.fromkeys(range(500), 0))
    assert base.since(base) == set()
    assert base.but(7, 1).but(8, 1).since(base) == {7, 8}
    assert base.since(base.but(7, 1)) == {7}
    assert base.without(7).since(base) is None
    changing = base.changing()
    changing.put(7, 1)
    seen = changing.seen()
    changing.put(8, 1)
    assert (seen.get(7), seen.get(8)) == (1, 0)
    assert seen.seen() is seen
    assert changing.since(seen) == {7, 8}


def test_what_is_missing_is_missing_as_in_a_dictionary() -> None:
    found = Layered({1: "one"}).but(2, "two")
    assert (found[1], found[2], found.get(3)) == ("one", "two", None)
    assert repr(found) == "Layered({1: 'one', 2: 'two'})"
    assert found.without(3) is found
    assert found == Layered([(1, "one"), (2, "two")])
    assert found != Layered({1: "one"})
    assert found == found.without(3)


def test_who_reads_in_another_thread_meets_no_gap() -> None:
    for _turn in range(30):
        found = Layered(dict.fromkeys(range(500), 0))
        for key in range(FEW):
            found = found.but(key, 1)
        assert read_by_two(found) == [{1}, {1}]


def read_by_two(found: Layered[int, int]) -> list[set[int]]:
    """What the first keys hold, read by one thread as they are asked for and by another that goes through all."""
    seen: list[set[int]] = []
    threads = [
        threading.Thread(target=lambda: seen.append({found[key] for key in range(FEW)})),
        threading.Thread(target=lambda: seen.append(set(list(found.values())[:FEW]))),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return seen
