"""A rehearsal (演练): the same county with invented people and a fast clock, in which nothing counts.

Plan and organisations are those of the selection it is a copy of; every member is replaced by one who was made up, so that
a branch has as many as it has. Whoever has a role in the one has it in the other. Papers are marked as they leave (``leaving``).
"""

from __future__ import annotations

import random
import secrets
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, time, timedelta

import msgspec
from django.conf import settings
from django.db import transaction

from fourgates import canon, identity
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
from fourgates.simulate.cast import Cast
from fourgates.web import access, records
from fourgates.web.leaving import MARK
from fourgates.web.models import Role, Selection

MORNING = time(9)
DAY = 24 * 60


def begin(row: Selection, slug: str, minutes: int) -> Selection:
    """A rehearsal of ``row`` at the address ``slug``, in which a day takes ``minutes``; it begins on the morning of the first
    day of the plan. ``Refused`` (0.2) before a plan and a register were entered."""
    facts = records.keeper(row).current().facts
    plan = facts.rulebook()
    facts.register()
    first = min(getattr(plan.windows, name).first for name in plan.windows.__struct_fields__)
    with transaction.atomic():
        copy = Selection(
            slug=slug, title=f"{MARK}{row.title}", store=settings.INSTALLATION.store(slug), rehearsal=True
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
