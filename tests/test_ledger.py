"""One entry after the other: what is sealed can be read, and what was changed cannot."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import msgspec
import pytest

from cast import AT, BY, broken, refused, rulebook, story
from fourgates import canon, events, ledger
from fourgates.errors import Broken
from fourgates.ledger import FIRST, Chain, Entry


def sealed(*told: events.Event) -> list[bytes]:
    chain = Chain()
    return [chain.seal(event, at=AT, by=BY)[1] for event in told]


LINES = sealed(events.Withdrawn(7), events.PeopleKept("0" * 64, 3), *story()[:3])


def respelt(place: int, **changed: Any) -> list[bytes]:
    """The lines with one entry changed and spelt as it should be, the seals after it left as they were."""
    entry = msgspec.structs.replace(list(ledger.read(LINES))[place], **changed)
    return [*LINES[:place], canon.spell(entry), *LINES[place + 1 :]]


def test_what_is_sealed_is_read_again() -> None:
    chain = Chain()
    told = [events.Withdrawn(7), events.PeopleKept("0" * 64, 3), *story()]
    pairs = [chain.seal(event, at=AT, by=BY) for event in told]
    assert [entry.event for entry, _line in pairs] == told
    assert [entry.n for entry, _line in pairs] == list(range(1, len(told) + 1))
    assert pairs[0][0].prev == FIRST
    reader = Chain()
    assert list(ledger.read((line for _entry, line in pairs), reader)) == [entry for entry, _line in pairs]
    assert (reader.n, reader.head) == (chain.n, chain.head) == (len(told), canon.digest(pairs[-1][1]))


def test_each_entry_bears_the_seal_of_the_one_before() -> None:
    entries = list(ledger.read(LINES))
    assert [entry.prev for entry in entries] == [FIRST, *map(canon.digest, LINES[:-1])]


SALT = "00112233445566778899aabbccddeeff"


def test_a_salt_stands_in_the_line_where_one_was_given_and_nothing_where_none_was() -> None:
    plain, salted = (Chain().seal(events.Withdrawn(7), at=AT, by=BY, salt=salt)[1] for salt in ("", SALT))
    assert plain == LINES[0]
    assert salted == plain[:-1] + f',"salt":"{SALT}"'.encode() + b"}"
    assert [entry.salt for entry in ledger.read([salted])] == [SALT]
    for wrong in (SALT[:-1], SALT.upper(), SALT + "0", "\n"):
        with refused("R.1"):
            Chain().seal(events.Withdrawn(7), at=AT, by=BY, salt=wrong)
    with broken(1, "R.1"):
        list(ledger.read([plain[:-1] + b',"salt":""}']))


def test_reading_goes_on_where_a_chain_ended() -> None:
    chain = Chain()
    list(ledger.read(LINES[:2], chain))
    assert [entry.n for entry in ledger.read(LINES[2:], chain)] == [3, 4, 5]


@pytest.mark.parametrize(
    ("lines", "entry", "rule"),
    [
        (LINES[1:], 1, "R.2"),
        ([LINES[0], *LINES[2:]], 2, "R.2"),
        ([LINES[0], LINES[0]], 2, "R.2"),
        ([LINES[1], LINES[0]], 1, "R.2"),
        (respelt(1, n=1), 2, "R.2"),
        (respelt(1, n=-1), 2, "R.2"),
        (respelt(0, prev="1" * 64), 1, "R.3"),
        (respelt(2, prev=FIRST), 3, "R.3"),
        (respelt(0, by="别人"), 2, "R.3"),
        (respelt(1, event=events.PeopleKept("0" * 64, 4)), 3, "R.3"),
        ([LINES[0].replace(b'"n":1', b'"n": 1')], 1, "R.1"),
        ([LINES[0].replace(b'"n":1', b'"n":1,"n":1')], 1, "R.1"),
        ([LINES[0].replace(b'"n":1', b'"n":1.0')], 1, "R.1"),
        ([LINES[0].replace(b'"n":1', b'"n":true')], 1, "R.1"),
        ([LINES[0].replace(b'"n":1', b'"n":NaN')], 1, "R.1"),
        ([LINES[0].replace(b'"n":1', b'"n":' + b"9" * 5000)], 1, "R.1"),
        ([LINES[0].replace(b'"n":1', b'"n":1,"note":""')], 1, "R.1"),
        ([LINES[0].replace(b"Withdrawn", b"Forgotten")], 1, "R.1"),
        ([LINES[0].replace(b'"corrects":7', b'"corrects":"7"')], 1, "R.1"),
        ([LINES[0].replace(b'"corrects":7', b'"corrects":' + b"[" * 100_000)], 1, "R.1"),
        ([LINES[0].replace(b'"corrects":7', b'"corrects":7,"x":' + b"[" * 99_999 + b"]" * 99_999)], 1, "R.1"),
        ([LINES[0].replace(b"2022-03-24T08:00:00Z", b"yesterday")], 1, "R.1"),
        ([LINES[0].replace(b"2022-03-24T08:00:00Z", b"2022-03-24T08:00:00Z\\u0000")], 1, "R.1"),
        ([LINES[0][:-1]], 1, "R.1"),
        ([b" " + LINES[0]], 1, "R.1"),
        ([LINES[0] + b"\x00"], 1, "R.1"),
        ([LINES[0] + b"\r"], 1, "R.1"),
        ([LINES[0] + LINES[1]], 1, "R.1"),
        ([b"\xef\xbb\xbf" + LINES[0]], 1, "R.1"),
        ([LINES[0].replace("县委".encode(), b"\xff\xfe")], 1, "R.1"),
        ([LINES[0].replace("县".encode(), b"\\ud800")], 1, "R.1"),
        ([LINES[0].replace("县".encode(), b"\\u53bf")], 1, "R.1"),
        ([b""], 1, "R.1"),
        ([b"null"], 1, "R.1"),
        ([b"[]"], 1, "R.1"),
        ([b"{}"], 1, "R.1"),
        ([b"[" * 1_000_000], 1, "R.1"),
    ],
    ids=range(37),
)
def test_a_line_that_is_not_what_was_sealed(lines: list[bytes], entry: int, rule: str) -> None:
    assert lines[: entry - 1] == LINES[: entry - 1] or rule == "R.3"
    with broken(entry, rule):
        list(ledger.read(lines))


@pytest.mark.parametrize("date", ["9999-12-31", "0001-01-01"])
def test_a_far_date_is_a_date(date: str) -> None:
    plan = rulebook()
    head = msgspec.structs.replace(plan.selection, reference_date=msgspec.convert(date, type(plan.judged_on)))
    told = events.PlanAdopted(msgspec.structs.replace(plan, selection=head))
    assert [entry.event for entry in ledger.read(sealed(told))] == [told]


@pytest.mark.parametrize("date", ["9999-12-32", "10000-01-01", "0000-01-01", "2022-02-29"])
def test_a_day_that_is_not_one(date: str) -> None:
    line = LINES[2].replace(b"2022-01-31", date.encode())
    with broken(3, "R.1"):
        list(ledger.read([*LINES[:2], line]))


@pytest.mark.parametrize(
    ("event", "at", "by"),
    [
        (events.Withdrawn(7), "", BY),
        (events.Withdrawn(7), "2022-03-24 08:00", BY),
        (events.Withdrawn(7), "٢٠22-03-24T08:00:00Z", BY),
        (events.Withdrawn(7), AT + "\n", BY),
        (events.Withdrawn(7), AT, ""),
        (events.Withdrawn(7), AT, "县" * 201),
        (events.Withdrawn("7"), AT, BY),  # type: ignore[arg-type]
        (events.Withdrawn(7.5), AT, BY),  # type: ignore[arg-type]
        (events.Withdrawn(float("nan")), AT, BY),  # type: ignore[arg-type]
        (events.Withdrawn(10**5000), AT, BY),
        (events.NamesCarriedUp("\ud800", ()), AT, BY),
        (events.NamesCarriedUp("城关镇党委", ("李梅", 7)), AT, BY),  # type: ignore[arg-type]
        (Entry(1, AT, BY, events.Withdrawn(7), FIRST), AT, BY),
    ],
)
def test_what_no_reader_would_find_is_not_sealed(event: Any, at: str, by: str) -> None:
    chain = Chain()
    with refused("R.1"):
        chain.seal(event, at=at, by=by)
    assert (chain.n, chain.head) == (0, FIRST)


@pytest.mark.parametrize("number", [0, 2])
def test_every_byte_of_a_line_is_held_by_its_seal(number: int) -> None:
    before, line, after = LINES[:number], LINES[number], LINES[number + 1]
    chain = Chain()
    list(ledger.read(before, chain))
    for place in range(len(line)):
        for other in (
            line[:place] + bytes([line[place] ^ 1]) + line[place + 1 :],
            line[:place] + line[place + 1 :],
            line[:place] + b" " + line[place:],
            line[:place] + line[place : place + 1] + line[place:],
        ):
            if other == line:
                continue
            with pytest.raises(Broken) as caught:
                list(ledger.read([other, after], Chain(chain.n, chain.head)))
            assert caught.value.rule in ("R.1", "R.2", "R.3")
            assert caught.value.entry in (number + 1, number + 2)


def one_by_one(lines: list[bytes]) -> tuple[list[Entry], tuple[int, str] | None, tuple[int, str]]:
    """What is read line by line: the entries, number and rule of what does not hold, and where the chain stands."""
    chain, found = Chain(), list[Entry]()
    try:
        for line in lines:
            found.append(chain.read(line))
    except Broken as no:
        return found, (no.entry, no.rule), (chain.n, chain.head)
    return found, None, (chain.n, chain.head)


def in_blocks(lines: Iterable[bytes]) -> tuple[list[Entry], tuple[int, str] | None, tuple[int, str]]:
    chain, found = Chain(), list[Entry]()
    try:
        for entry, line in ledger.followed(lines, chain):
            assert (entry.n, canon.digest(line)) == (chain.n, chain.head)
            found.append(entry)
    except Broken as no:
        return found, (no.entry, no.rule), (chain.n, chain.head)
    return found, None, (chain.n, chain.head)


@pytest.mark.parametrize(("together", "most"), [(1, 1 << 20), (3, 1 << 20), (500, 1 << 20), (500, 300)])
def test_blocks_say_what_lines_say(monkeypatch: pytest.MonkeyPatch, together: int, most: int) -> None:
    """Whatever is done to whichever line, the same entries are given before the same is found."""
    monkeypatch.setattr(ledger, "TOGETHER", together)
    monkeypatch.setattr(ledger, "MOST", most)
    lines = sealed(*(events.Withdrawn(n) for n in range(1, 12)))
    said = [in_blocks(lines)]
    assert said[0] == one_by_one(lines)
    for place, line in enumerate(lines):
        other = canon.spell(
            msgspec.structs.replace(canon.reader(Entry).decode(line), at="2022-03-25T00:00:00Z")
        )
        for spoilt in (
            line[:-1],
            line + b"\n",
            line + b"\n" + line,
            b"",
            line.replace(b":", b": ", 1),
            other,
        ):
            damaged = [*lines[:place], spoilt, *lines[place + 1 :]]
            assert in_blocks(damaged) == one_by_one(damaged)
            said.append(in_blocks(damaged))
        for damaged in (
            lines[:place] + lines[place + 1 :],
            [*lines[:place], *lines[place - 1 :]],
            lines[:place],
        ):
            assert in_blocks(damaged) == one_by_one(damaged)
    assert {len(found) for found, _no, _chain in said} == set(range(12))


def test_where_the_lines_break_off_what_came_before_is_given_first() -> None:
    def breaking() -> Iterator[bytes]:
        yield from LINES[:3]
        raise Broken(4, "R.4", "")

    found, no, _chain = in_blocks(breaking())
    assert (found, no) == (list(ledger.read(LINES[:3])), (4, "R.4"))
