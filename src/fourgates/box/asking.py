"""What else the box may be asked (其他请求): by members about themselves, by visitors, by the office that keeps it."""

from __future__ import annotations

import hmac
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Annotated

import msgspec

from fourgates import canon, i18n
from fourgates.box import cases, codes
from fourgates.box.cases import Case
from fourgates.box.desk import Desk
from fourgates.box.question import Question, Visitor
from fourgates.box.urn import Code, State
from fourgates.errors import Refused

Body = bytes
Short = Annotated[str, msgspec.Meta(max_length=64)]
Hex = Annotated[str, msgspec.Meta(pattern="^([0-9a-f]{2})+$", max_length=8192)]


class Enter(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Somebody shows a code."""

    code: Short


class Wrong(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Somebody says that the own roll entry is wrong, and what should stand there."""

    code: Short
    says: Annotated[str, msgspec.Meta(min_length=1, max_length=500)]


class Visit(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Two visitors ask for their kit."""

    visitor: Short


class Brought(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One nomination that a visitor's phone sealed: the member's code, the handle of the receipt, the sealed content."""

    code: Short
    handle: Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{32}$")]
    sealed: Hex


class Sealed(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What two visitors bring."""

    visitor: Short
    brought: Annotated[tuple[Brought, ...], msgspec.Meta(max_length=200)]


class Replace(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The office gives a member a new slip, because the old one was lost."""

    member: Short


class Strike(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The office strikes off a member who took part otherwise (a meeting, paper), so that the code is dead."""

    member: Short
    channel: Short


class Welcome(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The office sends two visitors out."""

    visitor: Visitor


class Extend(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The office keeps the box open longer, as an entry of the record says; ``closes`` in UTC to the second."""

    closes: Annotated[str, msgspec.Meta(pattern="^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$")]


Work = Callable[[bytes], Awaitable[object]]


class Asking:
    """Answers by path; ``noted``: where what somebody has to look into is put down; ``token``: what the office shows."""

    def __init__(self, desk: Desk, noted: Path, token: str, day: Callable[[], str]) -> None:
        self._desk, self._noted, self._token, self._day = desk, noted, token, day
        self._visitors: dict[str, Visitor] = {one.digest: one for one in desk.question.visitors}
        self._anybody: Mapping[str, Work] = {
            "/b/enter": self._enter,
            "/b/wrong": self._wrong,
            "/b/visit": self._visit,
            "/b/sealed": self._sealed,
        }
        self._office: Mapping[str, Work] = {
            "/b/roll": self._roll,
            "/b/replace": self._replace,
            "/b/strike": self._strike,
            "/b/extend": self._extend,
            "/b/welcome": self._welcome,
            "/b/cases": self._cases,
        }

    async def ask(self, path: str, content: bytes, shown: bytes) -> object:
        """The answer; ``LookupError`` for a path that is none, ``Refused`` (B.1 to B.7), ``ValueError`` for a body that
        cannot be read."""
        if path in self._anybody:
            return await self._anybody[path](content)
        work = self._office[path]
        if not hmac.compare_digest(shown, f"Bearer {self._token}".encode()):
            raise Refused("B.7", "只有推荐箱的管理人员可以这样做")
        return await work(content)

    async def _enter(self, content: bytes) -> object:
        code = self._desk.known(canon.reader(Enter).decode(content).code)
        voter = self._desk.voters[code.member]
        return {
            "name": voter.name,
            "branch": voter.branch,
            "joined": voter.joined,
            "used": code.state is State.SPENT,
            "open": self._desk.open,
            **_asked(self._desk.question, self._desk.question.committee_of[code.branch]),
        }

    async def _wrong(self, content: bytes) -> object:
        said = canon.reader(Wrong).decode(content)
        member = self._desk.known(said.code).member
        cases.note(self._noted, Case(member, said.says))
        return {"outcome": "noted"}

    async def _visit(self, content: bytes) -> object:
        visitor = self._visitor(canon.reader(Visit).decode(content).visitor)
        return {
            "names": visitor.names,
            "route": visitor.route,
            **_asked(self._desk.question, visitor.committee),
        }

    def _visitor(self, shown: str) -> Visitor:
        found = self._visitors.get(codes.digest(codes.read(shown)).hex())
        if found is None:
            raise Refused("B.2", "没有这个上门编码，请对照路线单")
        return found

    async def _sealed(self, content: bytes) -> object:
        said = canon.reader(Sealed).decode(content)
        by = "、".join(self._visitor(said.visitor).names)
        taken, refused = [], {}
        for one in said.brought:
            try:
                code = self._desk.known(one.code)
                await self._desk.store(
                    code,
                    bytes.fromhex(one.handle),
                    bytes.fromhex(one.sealed),
                    (self._desk.question.visit, self._day(), by),
                )
                taken.append(one.handle)
            except Refused as no:
                refused[one.handle] = i18n.sentence(no)
                self._twice(one, by)
        return {"taken": taken, "refused": refused}

    def _twice(self, one: Brought, by: str) -> None:
        """What visitors bring for a code that is spent or dead counts for nothing, and is not passed over in silence."""
        code = self._desk.roll_entry(one.code)
        if code is not None and code.channel:
            cases.note(self._noted, Case(code.member, by=by, channel=code.channel))

    async def _cases(self, content: bytes) -> object:
        del content
        return {"cases": cases.table(cases.read(self._noted), self._desk.question)}

    async def _roll(self, content: bytes) -> object:
        del content
        rows = sorted((one.member, one.branch, one.state.name.lower(), *one[4:]) for one in self._desk.roll())
        return {"roll": rows, "open": self._desk.open, "states": Counter(row[2] for row in rows)}

    async def _replace(self, content: bytes) -> object:
        fresh, old = await self.fresh(canon.reader(Replace).decode(content).member)
        return {"code": codes.shown(fresh), "retired": old}

    async def fresh(self, member: str) -> tuple[str, int]:
        """A new code for ``member``, and how many died for it; ``Refused`` (B.2) when the member has taken part."""
        code = codes.draw()
        mine = Code(codes.digest(code), member, self._desk.voters[member].branch)
        return code, await self._desk.retire(member, mine)

    async def _strike(self, content: bytes) -> object:
        said = canon.reader(Strike).decode(content)
        return {"retired": await self._desk.retire(said.member, None, (said.channel, self._day(), ""))}

    async def _welcome(self, content: bytes) -> object:
        visitor = canon.reader(Welcome).decode(content).visitor
        if visitor.committee not in self._desk.question.committee_of.values():
            raise Refused("B.8", "{committee}不在本箱之内", committee=visitor.committee)
        self._desk.extend(
            msgspec.structs.replace(self._desk.question, visitors=(*self._desk.question.visitors, visitor))
        )
        self._visitors[visitor.digest] = visitor
        return {"visitors": len(self._visitors)}

    async def _extend(self, content: bytes) -> object:
        self._desk.extend(
            msgspec.structs.replace(self._desk.question, closes=canon.reader(Extend).decode(content).closes)
        )
        return {"closes": self._desk.question.closes}


def _asked(question: Question, committee: str) -> dict[str, object]:
    """What a page has to know of the question, for members of one committee."""
    return {
        "committee": committee,
        "closes": question.closes,
        "most": question.names_at_most,
        "writeIn": question.write_in,
        "changeable": question.changeable,
        "satisfaction": question.satisfaction,
        "key": question.public,
        "box": question.box,
        "size": question.size,
        "nominees": [one for one in question.nominees if question.committee_of.get(one.branch) == committee],
    }
