"""A rehearsal (演练): the same county with invented people and a fast clock, in which nothing counts.

Plan and organisations are those of the selection it is a copy of; every member is replaced by one who was made up, so that
a branch has as many as it has. Whoever has a role in the one has it in the other; units in whose place nobody sits may act by
themselves (``simulate.others``), evening by evening as the clock is turned. Papers are marked as they leave (``leaving``).
"""

from __future__ import annotations

import random
import secrets
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta

import msgspec
from django.conf import settings
from django.db import transaction

from fourgates import canon, events, identity
from fourgates.events import (
    Claim,
    PeopleKept,
    PlanAdopted,
    RosterDocument,
    RosterEntered,
    UnitsDocument,
    UnitsEntered,
)
from fourgates.facts import Facts
from fourgates.papers.people import Details, People
from fourgates.roster import Member
from fourgates.simulate import others as offices
from fourgates.simulate.cast import Cast
from fourgates.web import access, records, texts
from fourgates.web.leaving import MARK
from fourgates.web.models import Role, Selection

MORNING, EVENING = time(9), time(18)
ALL = "*"
"""Everybody but the county office acts by itself."""
DAY = 24 * 60
ROUNDS = 5
"""What is done may let others do what they owe, and no chain of that is longer."""


def begin(row: Selection, slug: str, minutes: int, others: str = "") -> Selection:
    """A rehearsal of ``row`` at the address ``slug``, in which a day takes ``minutes``; it begins on the morning of the first
    day of the plan. ``others``: as ``Selection`` has it. ``Refused`` (0.2) before a plan and a register were entered."""
    facts = records.keeper(row).current().facts
    plan = facts.rulebook()
    facts.register()
    first = min(getattr(plan.windows, name).first for name in plan.windows.__struct_fields__)
    with transaction.atomic():
        copy = Selection(
            slug=slug,
            title=f"{MARK}{row.title}",
            store=settings.INSTALLATION.store(slug),
            rehearsal=True,
            others=others,
        )
        turn_to(copy, datetime.combine(first, MORNING, access.CHINA))
        copy.pace = max(1, DAY // minutes)
        copy.save()
        Role.objects.bulk_create(
            Role(user=one.user, selection=copy, kind=one.kind, unit=one.unit, department=one.department)
            for one in row.roles.select_related("user")
        )
        fill(copy, facts)
    return copy


def turn_to(row: Selection, when: datetime) -> None:
    """Let it be ``when`` from now on, at the same pace; the caller saves."""
    row.began = datetime.now(UTC)
    row.ahead = int((when - row.began) / timedelta(seconds=1))


def go_on(row: Selection, until: datetime) -> int:
    """Let it become ``until``, while on each evening on the way the other offices do what they owe; gives how many entries came
    of it. Broken off, it has come as far as its clock says, and goes on from there."""
    now = records.now(*row.time).astimezone(access.CHINA)
    before = records.keeper(row).current().n
    for evening in evenings(now, until) if row.others else ():
        turn_to(row, evening)
        row.save(update_fields=["ahead", "began"])
        _everybody(row, evening.date())
    turn_to(row, until)
    row.save(update_fields=["ahead", "began"])
    return records.keeper(row).current().n - before


def evenings(now: datetime, until: datetime) -> list[datetime]:
    """The evenings from ``now`` to ``until``; where the clock is not turned on, this moment, on which they catch up."""
    first = datetime.combine(now.date(), EVENING, access.CHINA)
    every = [first + timedelta(days=gone) for gone in range((until.date() - now.date()).days + 1)]
    return [max(now, one) for one in every if one <= until] if until > now else [now]


def _everybody(row: Selection, day: date) -> None:
    """Offer what the other offices do by the end of a day, until nobody owes anything that was not let lie."""
    keeper = records.keeper(row)
    names = keeper.people()
    texted: dict[str, str] = {}

    def word(about: str, text: str) -> str:
        digest = texts.digest(names, about, text)
        texted[digest] = text
        return digest

    for _round in range(ROUNDS):
        state = keeper.current()
        facts = state.facts
        found = list(offices.acts(facts, day, row.slug, played(row, facts), word))
        if not found:
            return
        with transaction.atomic():
            texts.keep(row, texts.missing(row, texted))
            texted.clear()
            for act in found:
                standing = state.standing.get(events.subject(act.claim), 0)
                claim = msgspec.structs.replace(act.claim, corrects=standing)
                by = act.by or facts.rulebook().selection.unit
                keeper.offer([claim], by=by, documents=act.documents)


def played(row: Selection, facts: Facts) -> frozenset[str]:
    """The units in whose place somebody sits, beside the county office."""
    if row.others == ALL:
        return frozenset()
    tree = facts.register()
    return frozenset([row.others, *(unit.name for unit in tree.branches(row.others))])


def fill(copy: Selection, facts: Facts) -> None:
    """Write the plan, the register and invented rosters into the record of the copy."""
    plan, tree = facts.rulebook(), facts.register()
    head = msgspec.structs.replace(plan.selection, title=f"{MARK}{plan.selection.title}")
    units = canon.spell(UnitsDocument(tuple(tree)))
    documents = {canon.digest(units): units}
    claims: list[Claim] = [
        PlanAdopted(msgspec.structs.replace(plan, selection=head)),
        UnitsEntered(canon.digest(units), len(list(tree))),
    ]
    key = secrets.token_hex(32)
    details: dict[str, Details] = {}
    cast = Cast(random.SystemRandom(), plan.selection.reference_date)
    for committee, members in facts.rosters.items():
        township = tree[committee].sector == "township"
        fresh = dict(invented(cast, key, members, township=township))
        details.update((one.id, told) for one, told in fresh.values())
        roster = canon.spell(RosterDocument(tuple(fresh[id_][0] for id_ in sorted(fresh))))
        documents[canon.digest(roster)] = roster
        claims.append(RosterEntered(committee, canon.digest(roster), len(fresh)))
    kept = canon.spell(People(key, details))
    records.keeper(copy).offer(
        [*claims, PeopleKept(canon.digest(kept), len(details))],
        by=plan.selection.unit,
        documents=documents,
        people={f"{canon.digest(kept)}.json": kept},
    )


def invented(
    cast: Cast, key: str, members: Iterable[Member], *, township: bool
) -> Iterator[tuple[str, tuple[Member, Details]]]:
    """Somebody made up for each member: of the same branch, as far as the rules look at them the same, and nobody."""
    for member in members:
        one = cast.member(
            member.branch,
            township=township,
            woman=member.female,
            minority=member.minority,
            probationary=not member.full,
            stopped=not member.normal,
        )
        id_ = identity.keyed(bytes.fromhex(key), "person", one.number)
        told = Details(
            one.name,
            one.number,
            one.nation,
            one.woman,
            f"{one.born:%Y.%m}",
            one.schooling,
            f"{one.joined:%Y.%m}",
            one.job,
        )
        yield id_, (msgspec.structs.replace(member, id=id_), told)
