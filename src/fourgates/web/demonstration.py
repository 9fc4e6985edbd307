"""A site to look at (演示): an invented county halfway through its nominations, and somebody in every role."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import UTC, date, datetime, time
from pathlib import Path

from django.conf import settings

from fourgates import canon, events
from fourgates.keeper import Keeper
from fourgates.papers import folder, intake, people
from fourgates.papers.intake import Intake
from fourgates.plan import Plan
from fourgates.run import adopt
from fourgates.simulate import halfway
from fourgates.store import open_store
from fourgates.units import Tree
from fourgates.web import access, records, roles
from fourgates.web.models import Role, Selection, User
from fourgates.web.roles import BRANCH, COMMITTEE, COUNTY, DEPARTMENT, OBSERVER, SUPERVISOR

Progress = Callable[[int, int], None]
SLUG = "demo"


def middle(plan: Plan) -> date:
    """The day in the middle of the nomination window."""
    window = plan.windows.nomination
    return window.first + (window.last - window.first) // 2


def show(root: Path, progress: Progress | None = None) -> Selection:
    """Open the invented county in the folder ``root``, as it stood in the middle of its nominations."""
    plan = adopt(root)
    day = middle(plan)
    key = secrets.token_bytes(32)
    taken = intake.take(plan, folder.look(root), key, progress)
    store = settings.INSTALLATION.store(SLUG)
    record(store, taken, key, plan.selection.unit, day)
    noon = datetime.combine(day, time(17, 30), access.CHINA)
    row = Selection.objects.create(
        slug=SLUG,
        title=plan.selection.title,
        store=store,
        ahead=int((noon - datetime.now(UTC)).total_seconds()),
    )
    tree = records.keeper(row).current().facts.register()
    for kind, unit, department in cast(tree, plan):
        user = User(username=f"demo-{kind}", name=roles.WORDS[kind])
        user.set_unusable_password()
        user.save()
        Role.objects.create(user=user, selection=row, kind=kind, unit=unit, department=department)
    return row


def record(store: str, taken: Intake, key: bytes, by: str, day: date) -> None:
    """Write what was known on ``day`` into the record, each claim sealed on the day it came in, in one go a day."""
    claims = list(halfway.until(taken.claims, taken.documents, day))
    first = min((when for when, _claim, _documents in claims if when is not None), default=day)
    days: dict[date, list[tuple[events.Claim, dict[str, bytes]]]] = {}
    for when, claim, documents in claims:
        days.setdefault(when or first, []).append((claim, dict(documents)))
    reached = [first]

    def sealed() -> str:
        start = datetime.combine(reached[-1], time(9), access.CHINA)
        return start.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

    put_forward = {
        name.person
        for claim in taken.claims
        if isinstance(claim, events.NominationsFiled)
        for sitting in claim.sittings
        for name in sitting.names
    }
    kept = canon.spell(people.gather(key, taken.desk.known.values(), put_forward, taken.desk.texts))
    keeper = Keeper(open_store(store), sealed)
    named = canon.digest(kept)
    for when in sorted(days):
        reached.append(when)
        together = days[when]
        documents = {digest: content for _claim, own in together for digest, content in own.items()}
        keeper.offer([claim for claim, _own in together], by=by, documents=documents)
    keeper.offer([events.PeopleKept(named, len(taken.desk.known))], by=by, people={f"{named}.json": kept})
    keeper.store.close()


def cast(tree: Tree, plan: Plan) -> list[tuple[str, str, str]]:
    """A role of every kind: kind, unit, department."""
    committee = tree.committees()[0].name
    branch = tree.branches(committee)[0].name
    return [
        (COUNTY, "", ""),
        (COMMITTEE, committee, ""),
        (BRANCH, branch, ""),
        (DEPARTMENT, "", plan.integrity.departments[0]),
        (SUPERVISOR, "", ""),
        (OBSERVER, "", ""),
    ]
