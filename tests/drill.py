"""Faults on purpose: how often, who writes meanwhile in a process of its own, and whether everything acknowledged is there.

``FOURGATES_FAULTS=1`` gives the counts of a night, ``0.1`` a tenth of them; without it a few of each are tried.
"""

from __future__ import annotations

import os
import select
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec

from cast import BY, CHENGGUAN, LIUHE, SURVEYS, asked, documents, story
from fourgates import canon, events
from fourgates.bundle import Writer
from fourgates.events import Event
from fourgates.keeper import Keeper
from fourgates.selection import Selection
from fourgates.store import Store
from fourgates.store.verdict import verify

SCALE = float(os.environ.get("FOURGATES_FAULTS", "0"))
BEGUN = 11
"""Entries before the sealings begin: plan, register, rosters, punishments, process records."""
EACH = 3
"""Entries of one sealing."""


def amount(few: int, night: int) -> int:
    """How often a fault is tried."""
    return max(few, round(night * SCALE)) if SCALE else few


def said(row: str, **counts: Any) -> None:
    """Print what a row of the matrix came to."""
    shown = ", ".join(f"{name.replace('_', ' ')} {count}" for name, count in counts.items())
    print(f"\n    {row}: {shown}", end="")  # noqa: T201  # this is what the counts are for


# --- one sealing ------------------------------------------------------------------------------------------------


def sealing(k: int, state: Selection, committee: str = CHENGGUAN) -> dict[str, Any]:
    """The ``k``-th thing to be sealed: two claims, a document of its own, names beside the record, and a key."""
    digits = [(k // 5**place) % 5 for place in range(len(SURVEYS))]
    surveys = tuple(
        msgspec.structs.replace(survey, answers=(digit, 4 - digit, 0))
        for survey, digit in zip(SURVEYS, digits, strict=True)
    )
    names = b'{"key":"%06x"}' % k
    told: list[Event] = [
        asked(surveys, corrects=state.standing.get(("SatisfactionAsked", ""), 0)),
        events.StepsRecorded(committee, (), state.standing.get(("StepsRecorded", committee), 0)),
        events.PeopleKept(canon.digest(names), k),
    ]
    return {
        "events": told,
        "by": BY,
        "documents": documents,
        "people": {f"{canon.digest(names)}.json": names},
        "key": f"{committee} {k}",
    }


def begin(keeper: Keeper) -> None:
    """The record as it is before the first sealing."""
    keeper.offer(story()[:BEGUN], by=BY, documents=documents)


def holds(store: Store, *, keyed: bool = True) -> int:
    """The number of sealings in a store, which holds in every way and has none by half; one that came out of a folder
    knows nothing of keys."""
    with store.reading() as view:
        state, answers, head = verify(view), view.answers(), view.head()
        people, documents_ = view.people(), view.digests()
    assert head.entries == state.n
    assert (head.entries - BEGUN) % EACH == 0
    sealed = (head.entries - BEGUN) // EACH
    spans = sorted((answer.first, answer.last) for answer in answers.values())
    assert spans == [(n, n + EACH - 1) for n in range(BEGUN + 1, head.entries, EACH) if keyed]
    assert len(people) == min(sealed, 1)
    assert state.people is None or list(people) == [f"{state.people.document}.json"]
    assert len(documents_) >= (sealed > 0)
    return sealed


def told_to(writer: Writer, k: int) -> None:
    """The ``k``-th sealing, written into a folder."""
    what = sealing(k, writer.selection)
    for content in what["people"].values():
        writer.keep_people(content)
    for event in what["events"]:
        writer.offer(event, at="2022-03-24T08:00:00Z", by=BY, documents=documents)
    writer.commit()


# --- who writes -------------------------------------------------------------------------------------------------


class Child:
    """A process of its own that works until it is killed, and what it said meanwhile."""

    def __init__(self, work: Callable[[Callable[[str], None]], None]) -> None:
        out, into = os.pipe()
        self.pid = os.fork()
        if not self.pid:
            try:
                os.close(out)
                work(lambda text: (os.write(into, text.encode() + b"\n"), None)[1])
            except BaseException as error:  # noqa: BLE001  # whatever it is, the parent must hear of it
                os.write(into, f"! {type(error).__name__}: {error}".replace("\n", " ").encode() + b"\n")
            finally:
                os._exit(0)
        os.close(into)
        self._out, self._said = out, b""

    def hears(self, lines: int = 1, seconds: float = 30) -> None:
        """Wait until the child has said so many lines."""
        until = time.monotonic() + seconds
        while self._said.count(b"\n") < lines:
            assert time.monotonic() < until, self._said.decode()
            assert self._read(0.05), self._said.decode()

    def _read(self, seconds: float) -> bool:
        if not select.select([self._out], [], [], seconds)[0]:
            return True
        more = os.read(self._out, 1 << 16)
        self._said += more
        return bool(more)

    def killed(self) -> list[str]:
        """Kill it; gives everything it said before."""
        os.kill(self.pid, signal.SIGKILL)
        return self.ended()

    def ended(self) -> list[str]:
        """Wait for its end; gives everything it said."""
        while self._read(30):
            pass
        os.waitpid(self.pid, 0)
        os.close(self._out)
        return self._said.decode().split("\n")[:-1]


@contextmanager
def opened(store: Store) -> Iterator[Store]:
    """A store for as long as it is needed: nothing of it may be open when a process forks."""
    try:
        yield store
    finally:
        store.close()


def files(place: Path) -> dict[str, bytes]:
    return {
        path.relative_to(place).as_posix(): path.read_bytes() for path in place.rglob("*") if path.is_file()
    }


COMMITTEES = (CHENGGUAN, LIUHE)
