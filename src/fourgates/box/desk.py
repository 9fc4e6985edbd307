"""The desk at the box (受理台): who comes with which code, and one commit for all who come at the same moment.

It answers only after the nomination is on the disk. A code counts once, however often and however fast it is sent; who
never heard the answer may ask again with the same receipt and is told the same.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Literal, TypeVar

from fourgates import canon
from fourgates.box import codes
from fourgates.box.question import Answer, Named, Nominee, Question, Voter, check
from fourgates.box.sealing import Sealer
from fourgates.box.urn import GATHERED, Ballot, Code, State, Urn
from fourgates.errors import Refused

What = TypeVar("What")
Found = TypeVar("Found")
Outcome = Literal["recorded", "changed", "already"]
SETTLE_EVERY, MANY, PIECE = 30.0, 16_384, 256
"""Seconds between two movings at the least, unless ``MANY`` have gathered; and how many are moved at once.

Moving costs more writes to the disk than taking in. It stays out of the way of a county's busiest minute, and whoever comes
meanwhile waits for one piece, not for all of it.
"""


class Waiting:
    """A nomination on its way to the disk, the code it spends, and all who wait for it."""

    __slots__ = ("ballot", "code", "ears")

    def __init__(self, ballot: Ballot, code: Code | None) -> None:
        self.ballot, self.code = ballot, code
        self.ears: list[asyncio.Future[None]] = []

    def heard(self) -> asyncio.Future[None]:
        """One more who waits; whoever hangs up stops only their own waiting."""
        ear: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.ears.append(ear)
        return ear

    def tell(self, failed: Exception | None) -> None:
        """It is on the disk, or the disk failed."""
        for ear in self.ears:
            if ear.done():
                continue
            if failed is None:
                ear.set_result(None)
            else:
                ear.set_exception(failed)


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
        self._coming: dict[bytes, Waiting] = {}
        self._batch: list[Waiting] = []
        self._disk = ThreadPoolExecutor(1, "box")
        self._busy: asyncio.Task[None] | None = None
        self._gathered, self._rests_until = urn.waiting(), 0.0
        self._closes = question.closes_at

    @property
    def open(self) -> bool:
        """Whether nominations are still taken."""
        return self._clock() < self._closes

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
            await self._coming[handle].heard()
            return "already"
        fresh = self._codes[code.digest].state is State.GOOD
        if fresh and handle in self._handles:
            raise Refused("B.2", "这个回执已经属于另一份推荐")
        if not fresh and handle not in self._handles:
            raise Refused("B.2", "这个编码已经用过")
        if not fresh and not self.question.changeable:
            return "already"
        if fresh:
            self._codes[code.digest] = Code(code.digest, code.member, code.branch, State.SPENT, *told)
        spent = code.digest if fresh else None
        ballot = Ballot(handle, spent, self._branches[code.branch], sealed, *told)
        mine = Waiting(ballot, code if fresh else None)
        self._coming[handle] = mine
        self._batch.append(mine)
        if self._busy is None:
            self._busy = asyncio.create_task(self._work())
        await mine.heard()
        return "recorded" if fresh else "changed"

    async def _work(self) -> None:
        """Commit whatever waits, all of it at once, until nothing does; then move a piece of what gathered, if it is time."""
        while self._batch or self._due():
            if self._batch:
                await self._commit()
            if self._due():
                await self._move()
        self._busy = None

    async def _commit(self) -> None:
        batch, self._batch = self._batch, []
        failed: Exception | None = None
        try:
            await self._on_disk(self._urn.commit, [one.ballot for one in batch])
            self._gathered += len(batch)
            if self._gathered >= MANY:
                self._rests_until = 0.0
        except Exception as error:  # noqa: BLE001 - each who waits is told, whatever it was
            failed = error
        for one in batch:
            del self._coming[one.ballot.handle]
            if failed is None:
                self._handles.add(one.ballot.handle)
            elif one.code is not None:
                self._codes[one.code.digest] = one.code
            one.tell(failed)

    def _due(self) -> bool:
        return self._gathered >= GATHERED and self._clock() >= self._rests_until

    async def _move(self) -> None:
        try:
            self._gathered -= await self._on_disk(self._urn.settle, PIECE)
            rests = self._gathered < PIECE
        except Exception:  # noqa: BLE001 - it is all in the intake, and the next moving takes it along
            rests = True
        if rests:
            self._rests_until = self._clock() + SETTLE_EVERY

    async def _on_disk(self, work: Callable[[What], Found], what: What) -> Found:
        return await asyncio.get_running_loop().run_in_executor(self._disk, work, what)

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
        await self._on_disk(self._urn.enrol, changed)
        return len(dead)

    def extend(self, question: Question) -> None:
        """Keep the box open until the question's new end; an entry of the record says why."""
        self._kept(question)
        self.question, self._closes = question, question.closes_at

    async def quiet(self) -> None:
        """Wait until nothing is on its way."""
        while self._busy is not None:
            await self._busy

    async def finish(self) -> None:
        """Wait for what is on its way, move it, and let go of the files."""
        await self.quiet()
        await self._on_disk(self._urn.settle, -1)
        self._urn.close()
        self._disk.shutdown()
