"""The only writer over a store (纪实保管): lock, catch up, judge, seal, store, commit.

Whoever offers events gets an answer that lasts: the entries, on the disk when they are given back, or the rule that
refuses, and then nothing is stored. Offers that come while another is being put on the disk are put there together with
one commit. Threads may share a keeper; processes may each have one over the same store.
"""

from __future__ import annotations

import secrets
import threading
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import MappingProxyType
from typing import TYPE_CHECKING

from fourgates import canon
from fourgates.bundle import Head
from fourgates.errors import Broken, Refused
from fourgates.events import Event
from fourgates.ledger import FIRST, Chain, Entry, read
from fourgates.selection import Selection, advance
from fourgates.store import Store, Unsure
from fourgates.store.rows import Answer, Reading, Writing
from fourgates.store.verdict import Documents as Seen

if TYPE_CHECKING:
    from fourgates.papers.people import People

Clock = Callable[[], str]
TOGETHER = 1000  # events in one commit, so that nobody waits long for the offers of others
STRIDE, REMEMBERED = 1000, 64  # entries between states kept for looking back, and at most how many of them
STRIDES = (
    8  # a long way is made in strides of this part of what lies behind: each costs a copy of what it changes
)
WEIGHT = 1_500_000  # entries that all states kept have come through together: what they share they do not share for long
NEAR = 100  # entries that one question reads at least, where more than one of them is wanted
NOTHING: Mapping[str, bytes] = MappingProxyType({})


def moment() -> str:
    """Now, as an entry writes it: UTC to the second."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def chance() -> str:
    """The salt of one entry: 16 bytes that nobody can guess, so that a line that is withheld cannot be found by trying."""
    return secrets.token_hex(16)


class Documents(Mapping[str, bytes]):
    """The documents of a store by digest, read when asked for."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def __getitem__(self, digest: str) -> bytes:
        with self._store.reading() as view:
            content = view.document(digest)
        if content is None:
            raise KeyError(digest)
        return content

    def __iter__(self) -> Iterator[str]:
        with self._store.reading() as view:
            return iter(view.digests())

    def __len__(self) -> int:
        return sum(1 for _digest in self)


@dataclass(slots=True)
class _Offer:
    """What somebody wants recorded, until it is answered."""

    events: Sequence[Event]
    by: str
    documents: Mapping[str, bytes]
    people: Mapping[str, bytes | None]
    key: str
    asked: str
    turn: threading.Event = field(default_factory=threading.Event)
    answered: bool = False
    entries: tuple[Entry, ...] = ()
    no: BaseException | None = None

    def answer(self) -> tuple[Entry, ...]:
        if self.no is not None:
            raise self.no
        return self.entries


@dataclass(slots=True)
class _Batch:
    """What goes to the disk with one commit: where things stand with it, and what was not there before."""

    state: Selection
    chain: Chain
    lines: list[bytes] = field(default_factory=list)
    documents: dict[str, bytes] = field(default_factory=dict)
    people: dict[str, bytes | None] = field(default_factory=dict)
    answers: dict[str, Answer] = field(default_factory=dict)
    entries: dict[int, Entry] = field(default_factory=dict)


class Keeper:
    """The only writer over ``store``; ``clock`` gives the time that entries are sealed at, ``salt`` each its salt."""

    def __init__(self, store: Store, clock: Clock = moment, salt: Callable[[], str] = chance) -> None:
        self.store, self._clock, self._salt = store, clock, salt
        self.documents: Mapping[str, bytes] = Documents(store)
        self._state, self._chain = Selection(), Chain()
        self._passed: list[Selection] = [self._state]
        self._catching = threading.RLock()
        self._names: tuple[object, People] = (None, None)  # type: ignore[assignment]  # looked at only under a name
        self._waiting: list[_Offer] = []
        self._queue = threading.Lock()
        self._led = False

    # --- reading ------------------------------------------------------------------------------------------------

    def current(self) -> Selection:
        """Where things stand now, with everything that any process has committed.

        ``Broken`` at an entry that does not hold, or when the store has gone back behind what was read from it.
        """
        reached, state = self.store.head(), self._state
        if reached.entries == state.n:
            return state
        with self._catching, self.store.reading() as view:
            return self._catch_up(view)

    def at(self, n: int) -> Selection:
        """Where things stood after entry ``n``; ``Refused`` (K.4) for a number that the record has not reached."""
        now = self.current()
        if n == now.n:
            return now
        if not 0 <= n < now.n:
            raise Refused("K.4", "纪实有{entries}条，没有第{number}条", entries=now.n, number=n)
        passed = list(self._passed)
        start = passed[bisect_right([state.n for state in passed], n) - 1]
        with self.store.reading() as view:
            return advance(start, _entries(view, start.n, n), Seen(view))

    def entries(self, after: int = 0) -> Iterator[Entry]:
        """The entries behind ``after``, down to the last one committed when it is asked for."""
        with self.store.reading() as view:
            yield from _entries(view, after)

    def some(self, numbers: Iterable[int]) -> Mapping[int, Entry]:
        """The entries with these numbers; those that lie near each other are read together."""
        wanted, found = sorted(set(numbers)), dict[int, Entry]()
        with self.store.reading() as view:
            for number in wanted:
                if number not in found:
                    last = wanted[bisect_left(wanted, number + NEAR) - 1]
                    found.update((entry.n, entry) for entry in _entries(view, number - 1, last))
        return {number: found[number] for number in wanted}

    def people(self) -> People:
        """The names behind the ids, as kept beside the record; none where they were erased."""
        # Here and not above: who keeps a record without names needs none of the papers.
        from fourgates.papers.people import People, read

        kept = self.current().people
        name = f"{kept.document}.json" if kept is not None else ""
        stamp = (name, self.store.keys.losses() if self.store.keys is not None else 0)
        known, names = self._names
        with self.store.reading() as view:
            if name and stamp == known and view.keeps(name):
                return names
            content = view.person(name) if name else None
        names = read(content) if content is not None else People("")
        self._names = (stamp if content is not None else None, names)
        return names

    def may(self, event: Event, by: str, documents: Mapping[str, bytes] = NOTHING) -> Refused | Broken | None:
        """What would be said to this event now, without recording it: the refusal, or ``None`` when it would be taken."""
        state = self.current()
        try:
            with self.store.reading() as view:
                entry, _line = Chain(state.n).seal(event, at=self._clock(), by=by)
                advance(state, [entry], Seen(view, documents))
        except (Refused, Broken) as no:
            return no
        return None

    # --- writing ------------------------------------------------------------------------------------------------

    def offer(
        self,
        events: Iterable[Event],
        *,
        by: str,
        documents: Mapping[str, bytes] = NOTHING,
        people: Mapping[str, bytes | None] = MappingProxyType({}),
        key: str = "",
    ) -> tuple[Entry, ...]:
        """Record ``events``, all or none, on the disk when this returns.

        ``documents`` holds the bulk that events name by digest; ``people`` what is kept beside the record under its name
        (``None``: erase it). Under a ``key`` the same offer is recorded once and answered with the same entries however
        often it comes. Raises ``Refused`` (K.5: the key was used for something else) or ``Broken`` and stores nothing,
        ``Unsure`` when the database did not answer: ask again under the same key.
        """
        told, documents, people = (
            tuple(events),
            dict(documents),
            dict(people),
        )  # what is offered stays as it is
        one = _Offer(told, by, documents, people, key, _asked(told, by, people) if key else "")
        with self._queue:
            self._waiting.append(one)
            if not self._led:
                self._led = True
                one.turn.set()
        try:
            one.turn.wait()
            if not one.answered:
                self._lead()
        except BaseException:
            self._leave(one)
            raise
        return one.answer()

    def answered(self, key: str) -> int:
        """How many entries were recorded under ``key``, by whichever process; 0 where none were."""
        with self.store.reading() as view:
            known = view.answer(key)
        return known.last - known.first + 1 if known else 0

    def keep_checkpoint(self, n: int, note: bytes) -> None:
        """Keep the signed note on the first ``n`` entries."""
        with self.store.writing() as room:
            room.keep_checkpoint(n, note)

    def checkpoints(self) -> Mapping[int, bytes]:
        """Every signed note by the number of entries that it speaks of."""
        with self.store.reading() as view:
            return view.checkpoints()

    def _lead(self) -> None:
        """Answer everybody who waits now, then let the first of those who came meanwhile lead."""
        with self._queue:
            batch: list[_Offer] = []
            events = 0
            while self._waiting and (not batch or events + len(self._waiting[0].events) <= TOGETHER):
                batch.append(self._waiting.pop(0))
                events += len(batch[-1].events)
        try:
            self._commit(batch)
        except BaseException as fault:
            # An interruption is the leader's own; the others only know that they had no answer.
            told = fault if isinstance(fault, Exception) else Unsure("interrupted")
            for one in batch:
                one.no = one.no or told
            raise
        finally:
            for one in batch:
                one.answered = True
                one.turn.set()
            self._hand_on()

    def _hand_on(self) -> None:
        with self._queue:
            self._led = bool(self._waiting)
            if self._waiting:
                self._waiting[0].turn.set()

    def _leave(self, one: _Offer) -> None:
        """Somebody is interrupted while waiting: the others must not wait for them."""
        with self._queue:
            if one not in self._waiting:
                return
            self._waiting.remove(one)
        if one.turn.is_set():
            self._hand_on()

    def _commit(self, offers: list[_Offer]) -> None:
        with self._catching:
            with self.store.writing() as room:
                batch = _Batch(self._catch_up(room), Chain(self._chain.n, self._chain.head))
                reached = room.head()
                for one in offers:
                    try:
                        one.entries = self._judge(one, room, batch)
                    except Exception as no:  # noqa: BLE001  # what one offer comes to must not be answered to the others
                        one.no = no
                if batch.documents:
                    room.keep_documents(batch.documents)
                if batch.people:
                    room.keep_people(batch.people)
                if batch.answers:
                    room.keep_answers(batch.answers)
                if batch.lines:
                    size = reached.bytes + sum(len(line) + 1 for line in batch.lines)
                    room.append(batch.lines, Head(batch.chain.n, size, batch.chain.head))
            self._reach(batch.state, batch.chain)

    def _judge(self, one: _Offer, room: Writing, batch: _Batch) -> tuple[Entry, ...]:
        """The entries of one offer, put into ``batch``; or raises, and ``batch`` is as before."""
        if one.key and (known := batch.answers.get(one.key) or room.answer(one.key)):
            if known.asked != one.asked:
                raise Refused("K.5", "这个提交编号已经用于另一件事，请用新的编号提交")
            return self._again(known, room, batch)
        at, chain = self._clock(), Chain(batch.chain.n, batch.chain.head)
        sealed = [chain.seal(event, at=at, by=one.by, salt=self._salt()) for event in one.events]
        coming = {**batch.documents, **one.documents}
        state = advance(batch.state, [entry for entry, _line in sealed], Seen(room, coming))
        lines = [line for _entry, line in sealed]
        named = {digest: content for digest, content in one.documents.items() if _named(digest, lines)}
        for digest, content in named.items():
            if canon.digest(content) != digest:
                raise Refused("R.5", "附件{digest}被改动过", digest=digest)
        replaced = batch.state.people
        if state.people is not replaced and replaced is not None:
            batch.people[f"{replaced.document}.json"] = None
        batch.people.update(one.people)
        batch.documents.update(named)
        batch.lines += lines
        batch.entries.update((entry.n, entry) for entry, _line in sealed)
        if one.key:
            batch.answers[one.key] = Answer(one.asked, batch.chain.n + 1, chain.n)
        batch.state, batch.chain = state, chain
        return tuple(entry for entry, _line in sealed)

    def _again(self, known: Answer, room: Reading, batch: _Batch) -> tuple[Entry, ...]:
        """The entries that were given as the answer before."""
        if known.first in batch.entries:
            return tuple(batch.entries[n] for n in range(known.first, known.last + 1))
        return tuple(_entries(room, known.first - 1, known.last)) if known.first <= known.last else ()

    # --- catching up --------------------------------------------------------------------------------------------

    def _catch_up(self, view: Reading) -> Selection:
        """Where things stand in ``view``, judged from where they stood here."""
        reached = view.head()
        state, chain = self._state, Chain(self._chain.n, self._chain.head)
        if reached.entries < state.n or (reached.entries == state.n and reached.head != chain.head):
            raise Broken(0, "R.4", "存库退到了已经读过的条目之前：有人换过或者恢复过它，请重新启动")
        seen = Seen(view)
        while state.n < reached.entries:
            until = min(reached.entries, state.n + max(STRIDE, state.n // STRIDES))
            try:
                state = advance(state, read(view.lines(state.n, until), chain), seen)
            except Refused as refused:
                raise Broken(chain.n, refused.rule, refused.why, **refused.facts) from None
            self._reach(state, chain)
        if chain.head != reached.head:
            raise Broken(reached.entries, "R.4", "账头写明的封印与末条不同")
        return state

    def _reach(self, state: Selection, chain: Chain) -> None:
        """Stand here from now on, and remember some of the way."""
        self._state, self._chain = state, Chain(chain.n, chain.head)
        if state.n >= self._passed[-1].n + STRIDE:
            passed = [*self._passed, state]
            while len(passed) > REMEMBERED or (len(passed) > 2 and sum(one.n for one in passed) > WEIGHT):
                passed = passed[:1] + passed[2::2]
            self._passed = passed


def _entries(view: Reading, after: int, until: int | None = None) -> Iterator[Entry]:
    """The entries of a view, each checked to follow the one before."""
    (before,) = view.lines(after - 1, after) if after else (b"",)
    chain = Chain(after, canon.digest(before) if after else FIRST)
    return read(view.lines(after, until), chain)


def _named(digest: str, lines: Iterable[bytes]) -> bool:
    """Whether an entry speaks of ``digest``."""
    return any(b'"%s"' % digest.encode() in line for line in lines)


def _asked(events: Sequence[Event], by: str, people: Mapping[str, bytes | None]) -> str:
    """What an offer comes to: the same for the same offer, whoever asks again. Documents are named by the events."""
    names = {name: canon.digest(content) if content is not None else "" for name, content in people.items()}
    try:
        return canon.digest(canon.spell((list(events), by, names)))
    except (ValueError, UnicodeEncodeError) as error:
        raise Refused("R.1", "这一条写不成：{what}", what=str(error)) from None
