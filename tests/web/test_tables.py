"""Every kind of page with its tables: it asks the databases no more for three hundred rows than for three, and every table it
shows is taken away as a workbook with the same rows."""

from __future__ import annotations

import hashlib
import io
import re
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from python_calamine import CalamineWorkbook

from fourgates import canon, events, judging
from fourgates.events import Event
from fourgates.roster import Member
from fourgates.store import sqlite
from fourgates.web import access, cabinet, records
from fourgates.web.leaving import XLSX
from fourgates.web.models import Call, Job, Look, Role, Selection, Token, User
from fourgates.web.sessions import SessionStore
from offices import MONDAY
from web.oracle import ORACLE
from web.test_access import targets
from web.test_notice import post

FEW, MANY = 3, 300
HEADS = 3
"""Rows of a sheet above those of its table."""
ALONE = {"minutes", "reply-file"}
"""One document and one file, which list nothing that grows here."""
Visit = Callable[[str], Client]


def id_(word: str, number: int) -> str:
    """An id like those of a record."""
    return hashlib.sha256(f"{word}{number}".encode()).hexdigest()[:24]


def in_the_record(row: Selection, numbers: range) -> Iterator[tuple[list[Event], dict[str, bytes]]]:
    """So many more members of the first branch, marks of theirs, meetings at every level, reminders and objections."""
    facts, standing = records.keeper(row).current().facts, records.keeper(row).current().standing
    tree, plan = facts.register(), facts.rulebook()
    committee = tree.committees()[0].name
    branch = tree.branches(committee)[0].name
    more = [Member(id_("member", n), branch, True, True, False, False) for n in numbers]
    members = tuple(sorted((*facts.rosters[committee], *more), key=lambda one: one.id))
    content = canon.spell(events.RosterDocument(members))
    number = standing["RosterEntered", committee]
    digest = canon.digest(content)
    yield [events.RosterEntered(committee, digest, len(members), number)], {digest: content}
    day, hand = plan.windows.nomination.last, id_("hand", 0)
    channel = next(one for one in plan.participation.channels if one not in plan.marking.two_visitors)
    yield [events.MemberMarked(one.id, "site", channel, day, hand) for one in more[: len(more) // 2]], {}
    kind = {"branch": plan.meetings.kinds[0].name}
    units = (branch, committee, tree.county)
    called: list[Event] = []
    for n in numbers:
        unit = units[n % 3]
        profile = kind.get(tree[unit].kind) or next(
            one.name for one in plan.meetings.kinds if tree[unit].kind in str(one)
        )
        called.append(events.MeetingCalled(f"m{n}", unit, profile, day, "09:00", id_("place", n), ()))
    yield called, {}
    posted, category = facts.notices["1"], plan.notice.categories[0]
    due = posted.last + timedelta(days=5)
    yield (
        [
            events.ObjectionReceived(f"c{n}", "1", posted.people[0], category, hand, MONDAY, due)
            for n in numbers
        ],
        {},
    )


def in_the_site(row: Selection, numbers: range) -> None:
    """So many more accounts with roles, tokens, sessions, looks at numbers, uploads with rows, and calls."""
    office, now = User.objects.get(username="office"), timezone.now()
    facts = records.keeper(row).current().facts
    person = next(iter(facts.roster().members))
    for n in numbers:
        user = User.objects.create(username=f"user{n}", name=User.sealed(f"user{n}", f"人{n}"))
        Role.objects.create(user=user, selection=row, kind="supervisor")
        Token.objects.create(
            digest=Token.digested(f"{n}"), user=office, name=f"{n}", until=now + timedelta(days=1)
        )
        store = SessionStore()
        store[SESSION_KEY] = str(office.pk)
        store.save()
        UserSession.objects.create(user=office, session_key=store.session_key, ip="127.0.0.1", user_agent="x")
        Look.objects.create(user=office, selection=row, person=person, reason="", at=now)
        Job.objects.create(selection=row, user=office, kind="enter", state="stopped")
        Call.objects.create(selection=row, user=office, person=person, outcome="again", at=now)
    cabinet.put_away(Job.objects.latest("pk"), {f"02 党员名册/{n}.xlsx": b"x" for n in numbers})
    assert Session.objects.count() >= len(numbers)


def grown(row: Selection, numbers: range) -> None:
    """Everything with so many more rows."""
    keeper = records.keeper(row)
    for several, documents in in_the_record(row, numbers):
        keeper.offer(several, by="县委组织部", documents=documents)
    in_the_site(row, numbers)


def pages(row: Selection) -> dict[str, tuple[str, str]]:
    """An address of every kind, with somebody who may ask for it: the first of each kind is about what was made to grow."""
    facts = records.keeper(row).current().facts
    tree = facts.register()
    committee = tree.committees()[0].name
    of, own = access.key(committee), access.key(tree.branches(committee)[0].name)
    at = f"/s/{row.slug}/"
    found = {one.name: ("office", one.path) for one in reversed(targets(row))}
    found |= {
        "selection": ("secretary", at),
        "unit": ("office", f"{at}units/{of}/"),
        "branch": ("secretary", f"{at}units/{own}/"),
        "held": ("office", f"{at}units/{own}/meetings/"),
        "process": ("clerk", f"{at}units/{of}/process/"),
        "cascade": ("clerk", f"{at}units/{of}/allotment/"),
        "marks": ("secretary", f"{at}units/{own}/marks/"),
        "calls": ("secretary", f"{at}units/{own}/calls/"),
        "missing": ("office", f"{at}figures/missing/"),
        "figure": ("secretary", f"{at}figures/members/?of={own}"),
        "notices": ("office", f"{at}notices/"),
        "notice": ("office", f"{at}notices/1/"),
        "case": ("office", f"{at}notices/1/c0/"),
        "public": ("", f"/public/{row.slug}/1/"),
        "sheet": ("secretary", f"{at}meetings/m0/sheet/"),
        "filing": ("secretary", f"{at}meetings/m0/names/"),
        "signin": ("secretary", f"{at}meetings/m0/signin/"),
        "letters": ("office", f"{at}consultation/letters.zip"),
        "meeting": ("secretary", f"{at}meetings/m0/"),
        "installation": ("admin", "/installation/"),
        "account": ("office", "/account/"),
        "department": ("audit", at),
        "screen": ("guest", at),
        "supervision": ("discipline", at + "supervision/"),
        "log": ("discipline", at + "log/"),
    }
    return found


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Callable[[Client, str], tuple[int, int, int]]:
    """How a page is answered, and how many questions the site's tables and the record are asked for it."""
    counted: list[str] = []
    ask = sqlite.Connected.ask

    def noted(self: sqlite.Connected, sql: str, *values: Any) -> list[Any]:
        counted.append(sql)
        return ask(self, sql, *values)

    def page(client: Client, path: str) -> tuple[int, int, int]:
        client.get(path)
        monkeypatch.setattr(sqlite.Connected, "ask", noted)
        counted.clear()
        with CaptureQueriesContext(connection) as queries:
            status = client.get(path).status_code
        monkeypatch.undo()
        return status, len(queries), len(counted)

    return page


def test_three_hundred_rows_ask_no_more_than_three(
    hall: Selection, visit: Visit, asked: Callable[[Client, str], tuple[int, int, int]]
) -> None:
    User.objects.create(username="admin", is_superuser=True)
    post(hall, visit)
    told: list[dict[str, tuple[int, int, int]]] = []
    every = pages(hall)
    assert ORACLE.keys() - every.keys() <= ALONE
    grown(hall, range(FEW))
    clients = {name: visit(name) if name else Client() for name, _path in every.values()}
    for several in (range(0), range(FEW, MANY)):
        if several:
            grown(hall, several)
        judging.counted(records.keeper(hall).current().facts)
        told.append({kind: asked(clients[name], path) for kind, (name, path) in every.items()})
    few, many = told
    more = {
        kind: (one, many[kind]) for kind, one in few.items() if max(map(int.__sub__, many[kind], one)) > 0
    }
    assert more == {}
    assert {kind: one for page in told for kind, one in page.items() if one[0] not in (200, 302)} == {}


def taken_away(client: Client, page: Any) -> Counter[int]:
    """How many rows each sheet has of the workbook that a page offers."""
    query = page.wsgi_request.GET.copy()
    query["as"] = "xlsx"
    answer = client.get(page.wsgi_request.path, query)
    assert answer.headers["Content-Type"] == XLSX, page.wsgi_request.path
    book = CalamineWorkbook.from_filelike(io.BytesIO(answer.content))
    return Counter(
        len(book.get_sheet_by_index(place).to_python()) - HEADS for place in range(len(book.sheet_names))
    )


def test_every_table_is_taken_away_with_its_rows(hall: Selection, visit: Visit) -> None:
    User.objects.create(username="admin", is_superuser=True)
    post(hall, visit)
    every = pages(hall)
    grown(hall, range(FEW))
    tables = 0
    for name, path in every.values():
        client = visit(name) if name else Client()
        page = client.get(path, follow=True)
        if not page.headers["Content-Type"].startswith("text/html"):
            continue
        content = page.content.decode()
        found = re.findall(r"<table([^>]*)>(.*?)</table>", content, re.DOTALL)
        rows = Counter(
            len(re.findall(r"<tr", inside.partition("<tbody>")[2])) - ('class="none"' in inside)
            for kind, inside in found
            if "worked" not in kind  # a form, in which numbers are handed down
        )
        if rows:
            assert "as=xlsx" in content, path
            assert rows - taken_away(client, page) == Counter(), path
            tables += rows.total()
    assert tables > len(ORACLE) // 2
