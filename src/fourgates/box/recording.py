"""The box and the record (推荐箱与纪实): opening, extending and closing a box are entries; closing brings two documents.

The record may be a folder or a store; what is told is the same. The names of visitors and the names written in become keyed
digests, and their texts go where all texts that people wrote are kept: beside the record, never in it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from fourgates import ballots, canon, events, identity
from fourgates.ballots import Paper, Part
from fourgates.box.counting import Opened
from fourgates.box.question import Question
from fourgates.errors import Refused
from fourgates.papers.people import People
from fourgates.recorder import Recorder


def open_(record: Recorder, question: Question) -> None:
    """Record that the box is opened."""
    record.record(
        events.BoxOpened(
            question.box,
            question.branches,
            question.names_at_most,
            question.write_in,
            bool(question.satisfaction),
            question.closes,
            question.changeable,
        ),
        {},
        None,
    )


def extend(record: Recorder, question: Question, until: str, ground: str, note: str, by: str) -> None:
    """Record that the box stays open until later, on a ground of the rulebook, with a note, decided by somebody.

    ``Refused`` (14.2) for a ground that the rulebook does not have, or beyond its hours.
    """
    people = record.people()
    noted, decided = (identity.keyed(_key(people), "box", text) for text in (note, by))
    event = events.BoxExtended(question.box, until, ground, noted, decided)
    record.record(event, {}, _with(people, {noted: note, decided: by}))


def closed(record: Recorder, question: Question) -> bool:
    """Whether the record has the box closed already: what was broken off then only remains to be destroyed."""
    box = record.current().facts.boxes.get(question.box)
    return box is not None and bool(box.closed)


def close(record: Recorder, question: Question, opened: Opened, at: str) -> int:
    """Record what was in the box as two documents and one entry; gives how many took part.

    ``Refused`` (14.3, 14.4, 14.5) when a rule says no; the box is destroyed by whoever calls, once this has returned.
    """
    people = record.people()
    key = _key(people)
    texts = {text for one in opened.papers for text in one.written} | {
        one.by for one in opened.took_part if one.by
    }
    told = {identity.keyed(key, "box", text): text for text in sorted(texts)}
    digest = {text: keyed for keyed, text in told.items()} | {"": ""}
    parts = events.PartsDocument(
        tuple(
            Part(one.member, one.branch, one.channel, date.fromisoformat(one.day), digest[one.by])
            for one in opened.took_part
        )
    )
    papers = events.PapersDocument(
        tuple(
            Paper(
                one.tag,
                one.branch,
                one.names,
                tuple(digest[text] for text in one.written),
                one.satisfaction,
                one.void,
                one.seal,
            )
            for one in opened.papers
        )
    )
    shown = events.PublishedDocument(ballots.sealed(papers.papers))
    spelt = [canon.spell(document) for document in (parts, papers, shown)]
    came, named, published = map(canon.digest, spelt)
    record.record(
        events.BoxClosed(question.box, at, came, named, len(parts.parts), published=published),
        {canon.digest(content): content for content in spelt},
        _with(people, told) if told else None,
    )
    return len(parts.parts)


def _key(people: People) -> bytes:
    if not people.key:
        raise Refused("F.2", "这份纪实的人员附件已经删除，不能在它上面继续；请换一个输出文件夹")
    return bytes.fromhex(people.key)


def _with(people: People, texts: Mapping[str, str]) -> People:
    return People(people.key, people.people, {**people.texts, **texts})
