"""A site to look at (演示): an invented county halfway through its nominations, and somebody in every role."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from django.conf import settings

from fourgates import bundle, events
from fourgates.events import Claim
from fourgates.keeper import Keeper
from fourgates.plan import Plan
from fourgates.simulate import halfway
from fourgates.store import open_store
from fourgates.units import Tree
from fourgates.web import access, records
from fourgates.web.models import Role, Selection, User
from fourgates.web.roles import BRANCH, COMMITTEE, COUNTY, DEPARTMENT, OBSERVER, SUPERVISOR, WORDS

SLUG = "demo"
BEGINS, SHOWN = time(9), time(17, 30)
"""When the entries of a day are sealed, and what the clock says when the demonstration is opened."""


def show(record: Path) -> Selection:
    """The demonstration, as the record in ``record`` stood in the middle of its nominations; made the first time, opened
    again afterwards with whatever was done in it."""
    row = Selection.objects.filter(slug=SLUG).first()
    if row is None:
        plan = bundle.verify(record).selection.facts.rulebook()
        store = settings.INSTALLATION.store(SLUG)
        write(record, store, middle(plan))
        row = Selection.objects.create(slug=SLUG, title=plan.selection.title, store=store)
        people(row, plan)
    set_clock(row)
    return row


def middle(plan: Plan) -> date:
    """The day in the middle of the nomination window."""
    window = plan.windows.nomination
    return window.first + (window.last - window.first) // 2


def set_clock(row: Selection) -> None:
    """Let it be the evening of the middle day, or the last entry's time where people have gone on since."""
    keeper = records.keeper(row)
    evening = datetime.combine(middle(keeper.current().facts.rulebook()), SHOWN, access.CHINA)
    last = max((entry.at for entry in keeper.entries(max(0, keeper.current().n - 1))), default="")
    when = max(evening, datetime.fromisoformat(last) if last else evening)
    row.ahead = int((when - datetime.now(UTC)) / timedelta(seconds=1)) + 1
    row.save(update_fields=["ahead"])
    records.close(row)


def write(record: Path, store: str, day: date) -> None:
    """Write what the record in ``record`` knew on ``day`` into ``store``, sealed day by day."""
    documents = bundle.Documents(record / bundle.DOCUMENTS)
    claims: list[Claim] = []
    kept: events.PeopleKept | None = None
    for entry, _line in bundle.entries(record):
        if isinstance(entry.event, events.PeopleKept):
            kept = entry.event
        elif isinstance(entry.event, Claim):
            claims.append(entry.event)
    known = list(halfway.until(claims, documents, day))
    first = min((when for when, _claim, _own in known if when is not None), default=day)
    reached = [first]
    keeper = Keeper(open_store(store), lambda: sealed(reached[-1]))
    for when in sorted({one or first for one, _claim, _own in known}):
        reached.append(when)
        together = [(claim, own) for one, claim, own in known if (one or first) == when]
        keeper.offer(
            [claim for claim, _own in together],
            by=office(claims),
            documents=dict(joined(own for _c, own in together)),
        )
    if kept is not None:
        name = f"{kept.document}.json"
        content = (record / bundle.PEOPLE / name).read_bytes()
        keeper.offer([kept], by=office(claims), people={name: content})
    keeper.store.close()


def joined(parts: Iterable[halfway.Documents]) -> Iterable[tuple[str, bytes]]:
    """Every document of several claims."""
    return ((digest, content) for part in parts for digest, content in part.items())


def sealed(day: date) -> str:
    """The time at which the entries of ``day`` are sealed."""
    return datetime.combine(day, BEGINS, access.CHINA).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def office(claims: Iterable[Claim]) -> str:
    """The office that runs the selection."""
    return next(claim.plan.selection.unit for claim in claims if isinstance(claim, events.PlanAdopted))


def people(row: Selection, plan: Plan) -> None:
    """Somebody of every kind, to be entered as."""
    tree = records.keeper(row).current().facts.register()
    for kind, unit, department in cast(tree, plan):
        username = f"demo-{kind}"
        user = User(username=username, name=User.sealed(username, WORDS[kind]))
        user.set_unusable_password()
        user.save()
        Role.objects.create(user=user, selection=row, kind=kind, unit=unit, department=department)


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
