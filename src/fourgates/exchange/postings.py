"""Public notices as cases (公示、异议): what was posted until when, every objection with its finding and answer."""

from __future__ import annotations

from datetime import date

import msgspec

from fourgates.exchange.source import Origin, Source, origin
from fourgates.notices import Case


class Posting(msgspec.Struct, frozen=True, omit_defaults=True):
    """A person posted; ``name`` only where names were asked for."""

    person: str
    name: str = ""


class Objection(msgspec.Struct, frozen=True):
    """An objection: about whom, of which category, the day it came and by when it is due, whether it was upheld and on which
    day (``None`` while open), the day it was answered, and the entries in which these stand (0: none yet). Never from whom."""

    case: str
    person: str
    category: str
    day: date
    due: date
    upheld: bool | None
    found: date | None
    answered: date | None
    entries: tuple[int, int, int]


class Notice(msgspec.Struct, frozen=True):
    """One notice: first and last day, the day it ended (``None`` while it runs), people, objections, entries of posting and
    ending."""

    notice: str
    start: date
    last: date
    ended: date | None
    people: tuple[Posting, ...]
    objections: tuple[Objection, ...]
    entries: tuple[int, int]


class Notices(msgspec.Struct, frozen=True):
    """Every notice of a selection, in the order they were posted."""

    origin: Origin
    notices: tuple[Notice, ...]


def write(source: Source) -> bytes:
    """The notices as JSON, UTF-8."""
    facts = source.selection.facts
    built = Notices(
        origin(source),
        tuple(
            Notice(
                name,
                posted.start,
                posted.last,
                posted.ended,
                tuple(Posting(id_, source.called(id_) if source.people else "") for id_ in posted.people),
                tuple(
                    _objection(source, key, case)
                    for key, case in facts.objections.items()
                    if case.notice == name
                ),
                (source.entry("NoticePosted", name), source.entry("NoticeEnded", name)),
            )
            for name, posted in facts.notices.items()
        ),
    )
    return msgspec.json.format(msgspec.json.encode(built), indent=1) + b"\n"


def _objection(source: Source, key: str, case: Case) -> Objection:
    received, found, answered = (
        source.entry(kind, key) for kind in ("ObjectionReceived", "ObjectionFound", "ObjectionAnswered")
    )
    return Objection(
        key, case.person, case.category, case.day, case.due, case.upheld, case.found, case.answered,
        (received, found, answered),
    )  # fmt: skip
