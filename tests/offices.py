"""A county's offices in the site: the cast with their roles, and the records they work on."""

from __future__ import annotations

import re
import shutil
import sqlite3
from contextlib import closing
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from django.test import Client

from fourgates import bundle, vault
from fourgates.facts import Facts
from fourgates.keeper import Keeper
from fourgates.ledger import Entry
from fourgates.store import moving, open_store
from fourgates.web import access, demonstration, records
from fourgates.web.models import Role, Selection, User
from fourgates.web.roles import BRANCH, COMMITTEE, COUNTY, DEPARTMENT, OBSERVER, SUPERVISOR

OWN = "django.contrib.auth.backends.ModelBackend"
MONDAY = date(2022, 3, 28)
"""After the county has decided, before a holiday."""
# Somebody of every kind; two of those who have a place of their own, so that each has a neighbour to look in on.
CAST = {
    "office": (COUNTY, None),
    "clerk": (COMMITTEE, 0),
    "neighbour": (COMMITTEE, 1),
    "secretary": (BRANCH, 0),
    "other-secretary": (BRANCH, -1),
    "audit": (DEPARTMENT, 0),
    "tax": (DEPARTMENT, 1),
    "discipline": (SUPERVISOR, None),
    "guest": (OBSERVER, None),
    "stranger": ("", None),
}


def stores(out: Path, place: Path) -> dict[str, str]:
    """The record in ``out`` halfway through its nominations, and at its end, each in a database of its own."""
    half, done = (f"sqlite:///{place / name}.db" for name in ("half", "done"))
    record = out / "record"
    plan = bundle.verify(record).selection.facts.rulebook()
    demonstration.write(record, half, demonstration.middle(plan))
    moving.bring_in(record, open_store(done))
    return {"half": half, "done": done}


def open_county(slug: str, store: str) -> Selection:
    """A selection with the whole cast in it."""
    row = Selection.objects.create(slug=slug, title="某省第十四次党代会代表推荐提名", store=store)
    for name in CAST:
        seat(name, row)
    return row


def seat(name: str, row: Selection) -> User:
    """Somebody of the cast with their role in ``row``."""
    user, _made = User.objects.get_or_create(username=name)
    kind, place = CAST[name]
    if kind:
        facts = records.keeper(row).current().facts
        committees = facts.register().committees()
        unit = department = ""
        if kind == COMMITTEE and place is not None:
            unit = committees[place].name
        elif kind == BRANCH and place is not None:
            unit = facts.register().branches(committees[0].name)[place].name
        elif kind == DEPARTMENT and place is not None:
            department = facts.rulebook().integrity.departments[place]
        Role.objects.create(user=user, selection=row, kind=kind, unit=unit, department=department)
    return user


def visit(name: str) -> Client:
    """A browser that somebody of the cast has signed in with; a stranger to everything for ``""``."""
    client = Client()
    if name:
        client.force_login(User.objects.get(username=name), backend=OWN)
    return client


def text(page: str) -> str:
    """What a page says, without its tags."""
    return re.sub(r"<[^>]+>", "", page)


def keeper(store: str) -> Keeper:
    """A keeper of a record of one's own, to be written to."""
    return Keeper(open_store(store))


def copied(store: str, place: Path) -> str:
    """A record of one's own, to be written to: ``store`` as it stands, copied to ``place``."""
    with (
        closing(sqlite3.connect(store.removeprefix("sqlite:///"))) as source,
        closing(sqlite3.connect(place)) as copy,
    ):
        source.backup(copy)
    keys = vault.beside(Path(store.removeprefix("sqlite:///")))
    if keys.exists():
        shutil.copy(keys, vault.beside(place))  # with its mode: others may not read them
    return f"sqlite:///{place}"


def morning(row: Selection, day: date) -> None:
    """Let it be the morning of ``day``."""
    row.ahead = int((datetime.combine(day, time(9), access.CHINA) - datetime.now(UTC)) / timedelta(seconds=1))
    row.save(update_fields=["ahead"])
    records.close(row)


def facts(row: Selection) -> Facts:
    """What stands in the record of ``row``."""
    return records.keeper(row).current().facts


def last(row: Selection) -> Entry:
    """The newest entry of the record of ``row``."""
    return list(records.keeper(row).entries())[-1]
