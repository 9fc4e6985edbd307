"""What a box asks (推荐事项): of whom, how many names, until when, and what a member may read before answering."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated

import msgspec

from fourgates import canon
from fourgates.errors import Refused

Text = Annotated[str, msgspec.Meta(max_length=4000)]
Name = Annotated[str, msgspec.Meta(min_length=1, max_length=20)]
Receipt = Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{32}$")]
Line = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]


class Nominee(msgspec.Struct, frozen=True, array_like=True):
    """Somebody who may be named: id, name, the name's pinyin initials for searching, branch."""

    id: Line
    name: Line
    pinyin: str
    branch: Line


class Voter(msgspec.Struct, frozen=True, array_like=True):
    """Whose code it may be (有推荐权的党员): id, name as the own roll entry shows it, branch, the month of joining."""

    id: Line
    name: Line
    branch: Line
    joined: str = ""


class Visitor(msgspec.Struct, frozen=True, array_like=True):
    """Two who visit together (上门人员): the digest of their code (hexadecimal), their names, their committee, and whom
    they are to visit, as it stands on their route sheet."""

    digest: str
    names: tuple[Line, ...]
    committee: Line
    route: tuple[Line, ...] = ()


class Question(msgspec.Struct, frozen=True):
    """Everything the box needs to know while it is open; it lies beside the box and is destroyed with it.

    ``channel``, ``visit``: what taking part alone and with visitors counts as; ``closes``: UTC to the second;
    ``names_at_most``; ``write_in``: whether other names may be written; ``changeable``: whether a nomination may be
    changed until closing, by its receipt; ``satisfaction``: the options, none for no question; ``committee_of``: branch
    → committee, from whose branches a member may name.
    """

    box: Line
    title: Line
    unit: Line
    closes: Annotated[str, msgspec.Meta(pattern="^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$")]
    public: str
    channel: Line
    visit: Line
    names_at_most: Annotated[int, msgspec.Meta(ge=1, le=20)]
    write_in: bool
    changeable: bool
    satisfaction: tuple[Line, ...]
    conditions: tuple[Text, ...]
    bars: tuple[Text, ...]
    posted: tuple[Text, ...]
    committee_of: Mapping[str, str]
    nominees: tuple[Nominee, ...]
    voters: tuple[Voter, ...]
    visitors: tuple[Visitor, ...] = ()

    @property
    def branches(self) -> tuple[str, ...]:
        """The branches in the order in which nominations are put under them by number."""
        return tuple(sorted(self.committee_of))

    @property
    def size(self) -> int:
        """Bytes that any answer to this question fits into; all are filled up to it."""
        return -(-(96 + 64 * self.names_at_most) // 128) * 128

    @property
    def closes_at(self) -> float:
        """The end of the box in seconds since 1970."""
        return datetime.fromisoformat(self.closes).astimezone(UTC).timestamp()


class Answer(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a member sends: code, receipt (32 hexadecimal digits, drawn by the member's own phone), the ids named, the
    names written in, and the option chosen for satisfaction."""

    code: Annotated[str, msgspec.Meta(max_length=64)]
    receipt: Receipt
    names: Annotated[tuple[Line, ...], msgspec.Meta(max_length=20)] = ()
    written: Annotated[tuple[Name, ...], msgspec.Meta(max_length=20)] = ()
    satisfaction: Annotated[str, msgspec.Meta(max_length=50)] = ""


class Named(msgspec.Struct, frozen=True, array_like=True):
    """What lies sealed in the box: the receipt, from which the place in the published box follows, and what was named.

    A visitor's phone seals it without a network, so it is judged once more when the box is opened.
    """

    receipt: Receipt
    names: Annotated[tuple[Line, ...], msgspec.Meta(max_length=20)] = ()
    written: Annotated[tuple[Name, ...], msgspec.Meta(max_length=20)] = ()
    satisfaction: Annotated[str, msgspec.Meta(max_length=50)] = ""


def check(answer: Answer | Named, question: Question, branch: str, nominees: Mapping[str, Nominee]) -> None:
    """Raises ``Refused`` (B.3) when the answer is not one the question allows.

    ``nominees``: id → nominee, from ``question``. Naming nobody is allowed: taking part is not agreeing.
    """
    if len(answer.names) + len(answer.written) > question.names_at_most:
        raise Refused(
            "B.3",
            "最多推荐{most}人，收到{read}人",
            most=question.names_at_most,
            read=len(answer.names) + len(answer.written),
        )
    if len(set(answer.names)) != len(answer.names) or len(set(answer.written)) != len(answer.written):
        raise Refused("B.3", "同一个人推荐了两次")
    if answer.written and not question.write_in:
        raise Refused("B.3", "本次推荐不能另写姓名")
    committee = question.committee_of[branch]
    for id_ in answer.names:
        named = nominees.get(id_)
        if named is None or question.committee_of.get(named.branch) != committee:
            raise Refused("B.3", "推荐的人不在可推荐的名册中")
    if answer.satisfaction and answer.satisfaction not in question.satisfaction:
        raise Refused("B.3", "满意度没有“{option}”这一项", option=answer.satisfaction)


def read(content: bytes) -> Question:
    """The question as it was written beside the box; ``msgspec.DecodeError`` when it is none."""
    return canon.reader(Question).decode(content)
