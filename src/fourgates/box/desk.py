"""The desk at the box (受理台): who comes with which code, and one commit for all who come at the same moment.

It answers only after the nomination is on the disk. A code counts once, however often and however fast it is sent; who
never heard the answer may ask again with the same receipt and is told the same.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Literal, NamedTuple

from fourgates import canon
from fourgates.box import codes
from fourgates.box.question import Answer, Named, Nominee, Question, Voter, check
from fourgates.box.sealing import Sealer
from fourgates.box.urn import GATHERED, Ballot, Code, State, Urn
from fourgates.errors import Refused

Outcome = Literal["recorded", "changed", "already"]
SETTLE_EVERY = 2.0
"""Seconds between two movings at the least: moving costs three more writes to the disk."""


class Waiting(NamedTuple):
    """A nomination on its way to the disk, and who waits for it."""

    ballot: Ballot
    done: asyncio.Future[None]


class Desk:
    """Takes nominations for one open box; belongs to one event loop.

    ``clock``: seconds since 1970. What it remembers of a code is whether it is still good; which nomination a code
    brought is forgotten as soon as it is on the disk.
    """

    def __init__(
        self,
        question: Question,
        urn: Urn,
        clock: Callable[[], float],
        kept: Callable[[Question], None] = lambda _q: None,
    ) -> None:
        """``kept`` writes down a question whose end has moved."""
        self.question, self._urn, self._clock, self._kept = question, urn, clock, kept
        self.nominees: Mapping[str, Nominee] = {one.id: one for one in question.nominees}
        self.voters: Mapping[str, Voter] = {one.id: one for one in question.voters}
        self._codes: dict[bytes, Code] = {one.digest: one for one in urn.roll()}
        self._branches = {branch: place for place, branch in enumerate(question.branches)}
        self._handles = set(urn.handles())
        self._sealer = Sealer(bytes.fromhex(question.public), question.box, question.size)
        self._coming: dict[bytes, asyncio.Future[None]] = {}
        self._batch: list[Waiting] = []
        self._disk = ThreadPoolExecutor(1, "box")
        self._busy: asyncio.Task[None] | None = None
        self._gathered, self._settled = urn.waiting(), 0.0

    @property
    def open(self) -> bool:
        """Whether nominations are still taken."""
        return self._clock() < self.question.closes_at

    def known(self, code: str) -> Code:
        """The code on the roll; ``Refused`` (B.1, B.2) when it cannot be one, is on no slip, or its slip was replaced."""
        found = self.roll_entry(code)
        if found is None:
            raise Refused("B.2", "没有这个编码，请对照纸条再输一次")
        if found.state is State.DEAD:
            raise Refused("B.2", "这张纸条已经换过，或者已经用别的方式参加，编码不再有效")
        return found

    async def take(self, answer: Answer, day: str) -> Outcome:
        """Store the answer; gives what became of it once that is on the disk.

        Raises ``Refused`` (B.1 to B.5), and ``OSError`` or the database's error when the disk failed: then the code is
        good again and nothing was taken.
        """
        code = self.known(answer.code)
        check(answer, self.question, code.branch, self.nominees)
        named = Named(answer.receipt, answer.names, answer.written, answer.satisfaction)
        sealed = self._sealer.seal(canon.spell(named))
        return await self.store(code, codes.handle(answer.receipt), sealed, (self.question.channel, day, ""))

    async def store(self, code: Code, handle: bytes, sealed: bytes, told: tuple[str, str, str]) -> Outcome:
        """Store what is sealed already, as ``take`` does; ``told``: channel, day and by whom, for the roll."""
        if not self.open:
            raise Refused("B.5", "推荐已经截止")
        if handle in self._coming:  # asked again before the first answer
            await asyncio.shield(self._coming[handle])
            return "already"
        fresh = self._codes[code.digest].state is State.GOOD
        if fresh and handle in self._handles:
            raise Refused("B.2", "这个回执已经属于另一份推荐")
        if not fresh and handle not in self._handles:
            raise Refused("B.2", "这个编码已经用过")
        if not fresh and not self.question.changeable:
            return "already"
        spent = code.digest if fresh else None
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        if fresh:
            channel, day, by = told
            self._codes[code.digest] = code._replace(state=State.SPENT, channel=channel, day=day, by=by)
        self._coming[handle] = done

        def landed(one: asyncio.Future[None]) -> None:
            """Not in `finally`: whoever asked may hang up before the disk has answered."""
            del self._coming[handle]
            if one.exception() is None:
                self._handles.add(handle)
            elif fresh:
                self._codes[code.digest] = code

        done.add_done_callback(landed)
        self._batch.append(Waiting(Ballot(handle, spent, self._branches[code.branch], sealed, *told), done))
        if self._busy is None:
            self._busy = asyncio.create_task(self._work())
        await asyncio.shield(done)
        return "recorded" if fresh else "changed"

    async def _work(self) -> None:
        """Commit whatever waits, all of it at once, until nothing does."""
        loop = asyncio.get_running_loop()
        while self._batch:
            batch, self._batch = self._batch, []
            try:
                await loop.run_in_executor(self._disk, self._urn.commit, [one.ballot for one in batch])
            except Exception as failed:  # noqa: BLE001 - each who waits is told, whatever it was
                for one in batch:
                    one.done.set_exception(failed)
                continue
            for one in batch:
                one.done.set_result(None)
            self._gathered += len(batch)
            if self._gathered >= GATHERED and self._clock() - self._settled >= SETTLE_EVERY:
                self._settled = self._clock()
                with suppress(Exception):  # it is all on the disk; the next moving takes it along
                    await self.settle()
        self._busy = None

    def roll_entry(self, code: str) -> Code | None:
        """The code on the roll, spent and dead ones too; ``None`` when it is on none."""
        return self._codes.get(codes.digest(codes.read(code)))

    def roll(self) -> Iterable[Code]:
        """Every code and what became of it; never what anybody named."""
        return self._codes.values()

    async def retire(self, member: str, fresh: Code | None, told: tuple[str, str, str] = ("", "", "")) -> int:
        """Make every good code of ``member`` dead, and put ``fresh`` on the roll; gives how many died.

        ``Refused`` (B.2) when the member has taken part already, or is not on this roll: then nothing changes.
        """
        mine = [one for one in self._codes.values() if one.member == member]
        if not mine:
            raise Refused("B.2", "这个党员不在本箱的名册上")
        if any(one.state is State.SPENT for one in mine):
            raise Refused("B.2", "这个党员已经通过推荐箱参加")
        channel, day, by = told
        dead = [
            one._replace(state=State.DEAD, channel=channel, day=day, by=by)
            for one in mine
            if one.state is State.GOOD
        ]
        for one in [*dead, *([fresh] if fresh is not None else [])]:
            self._codes[one.digest] = one
        changed = [*dead, *([fresh] if fresh is not None else [])]
        await asyncio.get_running_loop().run_in_executor(self._disk, self._urn.enrol, changed)
        return len(dead)

    def extend(self, question: Question) -> None:
        """Keep the box open until the question's new end; an entry of the record says why."""
        self._kept(question)
        self.question = question

    async def settle(self) -> None:
        """Move what gathered; called when enough has, and before closing."""
        await asyncio.get_running_loop().run_in_executor(self._disk, self._urn.settle)
        self._gathered, self._settled = 0, self._clock()

    async def finish(self) -> None:
        """Wait for what is on its way, move it, and let go of the files."""
        while self._busy is not None:
            await self._busy
        await self.settle()
        self._urn.close()
        self._disk.shutdown()
