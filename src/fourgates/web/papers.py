"""Documents of the record as the site hands them out (文书): written as of the entry shown, with everything people wrote."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from fourgates import canon
from fourgates.errors import Refused
from fourgates.log.tree import Frontier, leaf
from fourgates.papers.documents import kinds, writing
from fourgates.papers.documents.ground import Ground
from fourgates.papers.documents.kind import Kind
from fourgates.papers.documents.writing import Source, Templates
from fourgates.units import COMMITTEES, Unit
from fourgates.web import access, texts
from fourgates.web.access import Room
from fourgates.web.roles import COMMITTEE, COUNTY

OWN = (
    "meeting", "opinions", "participation", "summary", "minutes", "request", "report", "process",
)  # fmt: skip
"""Kinds that a committee writes itself, about itself and its branches; the rest is the county office's."""


def subjects(room: Room, kind: Kind, ground: Ground) -> Sequence[str]:
    """What there is a document of this kind for, as far as the visitor may have it."""
    if room.has(COUNTY):
        return kind.subjects(ground)
    if kind.key not in OWN or not room.has(COMMITTEE):
        return ()
    return [each for each in kind.subjects(ground) if room.sees(unit_of(room, each))]


def unit_of(room: Room, subject: str) -> str:
    """The unit a document is about: the second meeting of a branch is called by the branch and its number."""
    return subject if subject in room.tree else subject.rpartition("（第")[0]


def offered(room: Room, keys: Iterable[str], about: str = "") -> list[tuple[str, str]]:
    """The documents of these kinds that there are now, of the whole county or about one unit or person: title and address."""
    if room.facts.plan is None or room.facts.tree is None or not room.has(COUNTY, COMMITTEE):
        return []
    ground = Ground(room.state, room.names, room.report)
    return [
        (kind.title, room.to("document", kind.key, access.key(each)))
        for kind in map(kinds.kind, keys)
        for each in subjects(room, kind, ground)
        if about in ("", each) or (each not in room.tree and unit_of(room, each) == about)
    ]


def source(room: Room) -> Source:
    """Where documents are written from: the state the page shows, the seal of its last entry, the root over all of them."""
    n = room.state.n
    with room.keeper.store.reading() as view:
        lines = list(view.lines(0, n))
    frontier = Frontier()
    frontier.extend(leaf(line) for line in lines)
    people = texts.together(room.row, room.names)
    return Source(
        Ground(room.state, people, room.report),
        n,
        canon.digest(lines[-1]),
        frontier.root(),
        bool(people.people),
    )


def made(room: Room, key: str, subject: str) -> bytes:
    """One document of the kind ``key``; ``Refused`` (D.2) where there is none for ``subject``, (D.3) where names are gone."""
    kind, written_from = kinds.kind(key), source(room)
    if subject not in kind.subjects(written_from.ground):
        raise Refused(
            "D.2",
            "没有可出的{title}{unit}：每份对应{one}",
            title=kind.title,
            unit=f"（{subject}）",
            one=kind.one,
        )
    return writing.make(written_from, kind, subject, Templates()).content


def minutes_of(room: Room, meeting: str, unit: Unit) -> bytes:
    """The minutes of a meeting: of a branch that put names forward, of a committee or the county that voted on them."""
    if unit.kind == "branch":
        told = room.facts.met.get(("NominationsFiled", unit.name), ())
        if meeting not in told:
            raise Refused("D.2", "先报送这次会议的推荐结果，才有会议记录可出")
        place = told.index(meeting) + 1
        return made(room, "meeting", unit.name if place == 1 else f"{unit.name}（第{place}次会议）")
    about = ("CommitteeReviewed", unit.name) if unit.kind in COMMITTEES else ("CountyDecided", "")
    if meeting not in room.facts.met.get(about, ()):
        raise Refused("D.2", "先报送这次会议的研究结果，才有会议记录可出")
    return made(room, "minutes", unit.name)
