"""What machines may read (接口·查询): the same rooms as the pages, so that nobody sees more by asking otherwise."""

from __future__ import annotations

from itertools import islice
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from ninja import Query, Router

from fourgates import account, judging, nominations
from fourgates.events import ListProposed
from fourgates.i18n import mark
from fourgates.papers.people import People
from fourgates.participation import NOBODY
from fourgates.report.figures import Figure
from fourgates.web import access, figures, rules
from fourgates.web.api.shapes import (
    NO,
    Addend,
    BranchRow,
    CommitteeRow,
    Entry,
    No,
    Opened,
    Overview,
    PersonRow,
    Place,
    Rule,
    Share,
    Station,
)
from fourgates.web.views import county, record
from fourgates.web.views import figure as opening
from fourgates.web.views import log as logs
from fourgates.web.views import person as path
from fourgates.web.views import rule as ruling
from fourgates.web.views import unit as units

reading = Router(tags=["read"])
MOST = 1000
AT: Any = Query(  # type: ignore[type-arg]  # its shape is in what it is given
    None, ge=0, le=10**9, description="As of this entry; the newest when left out."
)
LIMIT: Any = Query(  # type: ignore[type-arg]  # its shape is in what it is given
    100, ge=1, le=MOST, description="How many, at most."
)
OF: Any = Query(  # type: ignore[type-arg]  # its shape is in what it is given
    "", max_length=40, description="The key of a unit: of it alone."
)
AFTER: Any = Query(  # type: ignore[type-arg]  # its shape is in what it is given
    0, ge=0, le=10**9, description="Entries behind this one."
)
OFFSET: Any = Query(  # type: ignore[type-arg]  # its shape is in what it is given
    0, ge=0, le=10**9, description="How many are left out before the first."
)


@reading.get("/selections", response={200: list[Place], 401: No}, summary=mark("令牌的主人在哪里有岗位"))
def selections(request: HttpRequest) -> list[Place]:
    """Every role, the newest selection first."""
    return [
        Place(
            slug=role.selection.slug,
            title=role.selection.title,
            kind=role.kind,
            unit=role.unit,
            department=role.department,
            rehearsal=role.selection.rehearsal,
        )
        for role in access.everywhere(request.user)  # type: ignore[arg-type]  # a token has an owner
    ]


@reading.get("/s/{slug}/overview", response={200: Overview, **NO}, summary=mark("全县进展"))
def overview(request: HttpRequest, slug: str, at: int | None = AT) -> Overview:
    """Figures of the whole county."""
    del at  # the room reads it
    room = access.as_page(request, slug, county.county)
    plan = room.facts.rulebook()
    return Overview(
        entries=room.state.n,
        head=room.keeper.store.head().head if room.at is None else "",
        title=plan.selection.title,
        county=room.tree.county,
        today=room.today,
        figures=[share(key, one) for key, one in figures.named(room.report).items()],
    )


def share(key: str, one: Figure) -> Share:
    """A figure as machines are told it."""
    return Share(key=key, label=one.label, part=one.part, whole=one.whole, rate=str(one.rate), rule=one.rule)


@reading.get("/s/{slug}/figures/{key}", response={200: Opened, **NO}, summary=mark("一个数字的来历"))
def figure(request: HttpRequest, slug: str, key: str, of: str = OF, at: int | None = AT) -> Opened:
    """Rows, cut-off, rule and entries of one figure; ``of`` the key of a committee or a branch for a figure of its own."""
    del at
    room = access.as_page(request, slug, opening.figure)
    found = opening.opened(room, key, of)
    return Opened(
        **share(key, found.figure).dict(),
        says=found.rule.says if found.rule else "",
        source=found.rule.source if found.rule else "",
        entries=list(found.entries),
        claims=list(found.claims),
        at=found.at,
        n=found.n,
        day=found.day,
        rows=[
            Addend(
                about=row.about, person=row.person, part=row.part, whole=row.whole, figure=row.key,
                of="" if row.person else access.key(row.about),
            )
            for row in found.rows
        ],
        hidden=found.hidden,
    )  # fmt: skip


@reading.get("/s/{slug}/rules/{number}", response={200: Rule, **NO}, summary=mark("一条规则"))
def rule(request: HttpRequest, slug: str, number: str, at: int | None = AT) -> Rule:
    """What a rule says in both languages, its source, how sure that is, and the county's figures it counts."""
    del at
    room = access.as_page(request, slug, ruling.rule)
    one = rules.rule(number)
    if one is None:
        raise Http404
    return Rule(
        number=one.number,
        zh=one.zh,
        en=one.en,
        source=one.source,
        mark=one.mark,
        figures=[key for key, _figure in ruling.counted(room, number)],
    )


@reading.get(
    "/s/{slug}/committees", response={200: list[CommitteeRow], **NO}, summary=mark("看得到的党（工）委")
)
def committees(request: HttpRequest, slug: str, at: int | None = AT) -> list[CommitteeRow]:
    """The committees that the token's owner sees, in the order of the register."""
    del at
    room = access.as_page(request, slug, units.unit)
    seen = {unit.name for unit in room.units("committee")}
    return [
        CommitteeRow(
            key=access.key(one.unit.name),
            name=one.unit.name,
            kind=one.unit.kind,
            sector=one.unit.sector,
            quota=one.unit.quota,
            branches=one.organisations.whole,
            branches_took_part=one.organisations.part,
            members=one.members.whole,
            members_took_part=one.members.part,
            put_forward=one.put_forward,
            sent_up=len(one.up),
            deviations=len(one.deviations),
        )
        for one in county.settled(room).values()
        if one.unit.name in seen
    ]


@reading.get("/s/{slug}/branches", response={200: list[BranchRow], **NO}, summary=mark("看得到的党支部"))
def branches(
    request: HttpRequest, slug: str, limit: int = LIMIT, offset: int = OFFSET, at: int | None = AT
) -> list[BranchRow]:
    """The branches that the token's owner sees, in the order of the register."""
    del at
    room = access.as_page(request, slug, units.unit)
    plan, turnout = room.facts.rulebook(), judging.turnout(room.facts)
    rows = []
    for unit in islice(room.units(), offset, offset + limit):
        own = turnout.get(unit.name, NOBODY)
        held = [one for one in judging.filed(room.facts).get(unit.name, ()) if nominations.valid(one, plan)]
        rows.append(
            BranchRow(
                key=access.key(unit.name),
                name=unit.name,
                committee=room.tree.committee_of(unit.name),
                members=own.due,
                took_part=own.took,
                put_forward=len({name.person for sitting in held for name in sitting.names}),
            )
        )
    return rows


@reading.get(
    "/s/{slug}/people", response={200: list[PersonRow], **NO}, summary=mark("看得到的党员，没有号码")
)
def people(
    request: HttpRequest, slug: str, limit: int = LIMIT, offset: int = OFFSET, at: int | None = AT
) -> list[PersonRow]:
    """The members that the token's owner sees, ordered by id; a citizen number is never told."""
    del at
    room = access.as_page(request, slug, units.unit)
    roster = room.facts.roster()
    seen = (id_ for id_ in sorted(roster.members) if room.knows(id_))
    return [
        PersonRow(
            id=id_,
            name=called(room.names, id_),
            branch=roster.members[id_].branch,
            rights=id_ in roster.rights,
        )
        for id_ in islice(seen, offset, offset + limit)
    ]


def called(names: People, id_: str) -> str:
    """A person's name; empty where the names are gone."""
    name = names.name(id_)
    return "" if name == id_ else name


@reading.get("/s/{slug}/people/{id_}", response={200: list[Station], **NO}, summary=mark("一个人走到哪一步"))
def person(request: HttpRequest, slug: str, id_: str, at: int | None = AT) -> list[Station]:
    """Station by station, as far as the token's owner may follow it."""
    del at
    room = access.as_page(request, slug, path.person)
    id_ = room.person(id_)
    _number, result = room.state.results.get(("List", ""), (0, None))
    steps = account.path(room.state, id_, result if isinstance(result, ListProposed) else None)
    return [
        Station(
            station=one.station, outcome=one.outcome, sentence=one.sentence, rule=one.rule, entry=one.entry
        )
        for one in steps
        if room.whole or path.shown(room, one)
    ]


@reading.get("/s/{slug}/log", response={200: list[Entry], **NO}, summary=mark("纪实，逐条"))
def log(
    request: HttpRequest, slug: str, after: int = AFTER, limit: int = LIMIT, at: int | None = AT
) -> list[Entry]:
    """Entries behind ``after`` that concern what the token's owner sees."""
    del at
    room = access.as_page(request, slug, logs.log)
    found = islice(logs.concerning(room, range(after + 1, room.state.n + 1)), limit)
    return [
        Entry(
            n=one.n,
            at=one.at,
            by=one.by,
            kind=one.kind,
            sentence=one.sentence,
            corrects=one.corrects,
            changed=one.changed,
        )
        for one in logs.told(room, found)
    ]


@reading.get(
    "/s/{slug}/record.zip",
    response={200: bytes, **NO},
    summary=mark("整个纪实包"),
    openapi_extra={
        "responses": {
            200: {"description": "A .zip of the record's folder", "content": {"application/zip": {}}}
        }
    },
)
def whole(request: HttpRequest, slug: str) -> HttpResponse:
    """The record with its documents and names, as a run writes it; it holds citizen numbers and is the county office's alone."""
    return access.answer(request, slug, record.bundle)
