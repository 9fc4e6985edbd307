"""Every address with every role against a table written by hand: who sees what, and nothing more."""

from __future__ import annotations

import os
import random
import re
from collections.abc import Callable, Iterator
from typing import cast

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

import offices
from fourgates import events, judging
from fourgates.facts import Facts
from fourgates.web import access, cabinet, enclosures, records
from fourgates.web.models import Job, Role, Selection, User
from web import plain
from web.oracle import ACTS, ORACLE, Target, expected

Visit = Callable[[str], Client]
ABOUT = re.compile(r"/(?:people|units)/([0-9a-f]+)/")

# What such an act answers where it is not a rule that says no: a form that is sent back, a page, the way back.
ANSWERED = {
    "answer": 422,
    "returned": 422,
    "look": 422,
    "erase": 422,
    "confirm-replies": 302,
    "ask": 422,
    "door": 200,
    "post-notice": 422,
    "draw-up": 302,
    "stop": 302,
    "halt": 302,
    "rehearse": 422,
    "turn": 404,  # no rehearsal, no clock to turn
}
# What hangs under no selection: the way in, one's own account, and what only the administrator sees.
ELSEWHERE = {
    "front",
    "language",
    "demonstrate",
    "link",
    "security",
    "token",
    "untoken",
    "end",
    "end-all",
    "installation",
    "begin",
    "invite",
    "seat",
    "unseat",
    "renew",
    "arrive",
    "mail",
    "sessions",
    "public",
    "objection",
}


def addresses() -> Iterator[URLPattern]:
    """Every address of our own."""

    def below(resolver: URLResolver) -> Iterator[URLPattern]:
        for one in resolver.url_patterns:
            if isinstance(one, URLResolver):
                yield from below(one)
            else:
                yield one

    for one in get_resolver().url_patterns:
        if isinstance(one, URLPattern):
            yield one
        elif not str(one.pattern).startswith(("accounts/", "api/")):
            yield from below(one)


def test_every_address_is_in_the_table_and_says_for_whom_it_is() -> None:
    named = {str(one.name): one.callback for one in addresses()}
    assert set(named) == ORACLE.keys() | ACTS.keys() | ELSEWHERE
    said = {name: set(getattr(named[name], "kinds", ())) for name in (*ORACLE, *ACTS)}
    assert said == {name: set(row) for name, row in (ORACLE | ACTS).items()}


def enclosed(row: Selection) -> tuple[str, str]:
    """The department that was asked first and whom it answered on first, with a file from now on."""
    keeper = records.keeper(row)
    name, (first, *_more) = next(each for each in keeper.current().facts.replies.items() if each[1])
    content = b"%PDF-1.7 what the department found"
    file = enclosures.digest(keeper.people(), f"file:{name}:{first.person}", content)
    enclosures.keep(row, {file: content})
    keeper.offer([events.ReplyEnclosed(name, first.person, file)], by=name, key="enclosed")
    return name, first.person


def handed_in(row: Selection) -> int:
    """An upload that was recorded and had a fault, with the folder it left; gives its number."""
    user = User.objects.get(username="office")
    job, made = Job.objects.get_or_create(
        selection=row, user=user, kind="look", defaults={"result": {"entered": 0}}
    )
    if made:
        cabinet.stage(job, {"01.xlsx": b"x"})
        cabinet.lay_beside(job, cabinet.RETURNED, b"x")
        cabinet.put_away(job, {"01.xlsx": b"x"})
    return job.pk


def targets(row: Selection) -> list[Target]:
    """Every address of a selection, with everything it can be about."""
    facts = records.keeper(row).current().facts
    tree, roster = facts.register(), facts.roster()
    at = f"/s/{row.slug}/"
    found = [
        Target("selection", at),
        Target("county", f"{at}county/"),
        Target("rule", f"{at}rules/6.1/"),
        Target("screen", f"{at}screen/"),
        Target("log", f"{at}log/"),
        Target("bundle", f"{at}record.zip"),
        Target("conflicts", f"{at}conflicts/"),
        Target("consultation", f"{at}consultation/"),
        Target("meetings", f"{at}meetings/"),
        Target("notices", f"{at}notices/"),
        Target("supervision", f"{at}supervision/"),
        Target("steps", f"{at}supervision/steps/"),
        Target("looks", f"{at}looks/"),
        Target("slate", f"{at}list/"),
        Target("trial", f"{at}list/trial/"),
        Target("binding", f"{at}list/binding/"),
        Target("documents", f"{at}documents/"),
        Target("document-kind", f"{at}documents/summary/"),
        Target("rehearsal", f"{at}rehearsal/"),
    ]
    upload = f"{at}papers/{handed_in(row)}/"
    found.append(Target("erasing", f"{at}people/{next(iter(roster.members))}/erasing/"))
    found += [
        Target("papers", f"{at}papers/"),
        Target("folder", f"{at}papers/folder.zip"),
        Target("upload", upload),
        Target("upload-rows", f"{upload}rows/"),
        Target("books", f"{upload}returned.zip"),
    ]
    for unit in tree:
        key = access.key(unit.name)
        found.append(Target("unit", f"{at}units/{key}/", unit.name))
        found.append(Target("held", f"{at}units/{key}/meetings/", unit.name))
        found.append(Target("process", f"{at}units/{key}/process/", unit.name))
        found.append(Target("cascade", f"{at}units/{key}/allotment/", unit.name))
        if unit.kind == "branch":
            found += [Target(one, f"{at}units/{key}/{one}/", unit.name) for one in ("marks", "calls")]
            found.append(Target("figure", f"{at}figures/members/?of={key}", unit.name))
        if unit.kind in ("committee", "working_committee"):
            found.append(Target("document", f"{at}documents/process/{key}.docx", unit.name))
            found += [
                Target("figure", f"{at}figures/{one}/?of={key}", unit.name)
                for one in ("members", "organisations", "sent-up")
            ]
    found += [
        Target("figure", f"{at}figures/{one}/", tree.county)
        for one in ("members", "funnel-0", "unit-branches")
    ]
    found += [Target("person", f"{at}people/{id_}/", member.branch) for id_, member in roster.members.items()]
    found += [
        Target("department", f"{at}departments/{name}/", department=name)
        for name in facts.rulebook().integrity.departments
    ]  # fmt: skip
    answered = [(name, opinions[0].person) for name, opinions in facts.replies.items() if opinions]
    found += [
        Target("question", f"{at}departments/{name}/{id_}/", department=name) for name, id_ in answered[:3]
    ]
    found += [
        Target(one, f"{at}departments/{name}/{end}", department=name)
        for name, _id in answered[:2]
        for one, end in (("letter", "letter.docx"), ("reply-form", "reply.xlsx"))
    ]
    found += [Target("concern", f"{at}concerns/{id_}/") for _name, id_ in answered[:1]]
    found += [Target("standing", f"{at}list/people/{id_}/") for id_ in list(judging.eligible(facts))[:2]]
    return found


def acts(row: Selection) -> list[Target]:
    """Everything that may be done, about the first member of every branch."""
    facts = records.keeper(row).current().facts
    at, roster = f"/s/{row.slug}/", facts.roster()
    found = []
    for branch in facts.register().branches():
        key = access.key(branch.name)
        id_ = next(one.id for one in roster.members.values() if one.branch == branch.name)
        found += [
            Target(name, f"{at}{path}", branch.name)
            for name, path in (
                ("mark", f"units/{key}/marks/{id_}/"),
                ("unmark", f"units/{key}/marks/{id_}/back/"),
                ("look", f"people/{id_}/number/"),
                ("allot", f"units/{key}/allotment/hand-down/"),
                ("call", f"units/{key}/meetings/call/"),
                ("write-step", f"units/{key}/process/write/"),
                ("called", f"units/{key}/calls/{id_}/"),
                ("settle-propose", f"conflicts/{id_}/propose/"),
                ("settle-confirm", f"conflicts/{id_}/confirm/"),
            )
        ]
    upload = f"{at}papers/{handed_in(row)}/"
    found += [
        Target("erase", f"{at}people/{id_}/erasing/confirm/"),
        Target("hand-in", f"{at}papers/upload/"),
        Target("take-in", f"{upload}confirm/"),
        Target("throw-away", f"{upload}drop/"),
        Target("halt", f"{upload}stop/"),
    ]
    person = next(iter(judging.sent_up(facts)))
    for name in facts.rulebook().integrity.departments[:2]:
        there = f"{at}departments/{name}/"
        found += [
            Target("answer", f"{there}{person}/answer/", department=name),
            Target("returned", f"{there}returned/", department=name),
            Target("confirm-replies", f"{there}confirm/", department=name),
            Target("door", f"{at}consultation/doors/{name}/"),
            Target("remind", f"{at}consultation/reminders/{name}/"),
        ]
    found += [
        Target("ask", f"{at}consultation/ask/"),
        Target("post-notice", f"{at}notices/post/"),
        Target("rehearse", f"{at}rehearsal/begin/"),
        Target("turn", f"{at}rehearsal/turn/"),
    ]
    found += [
        Target(name, f"{at}concerns/{person}/{path}/")
        for name, path in (
            ("notify", "notify"),
            ("concern-reply", "reply"),
            ("concern-review", "review"),
            ("propose-lift", "propose"),
            ("confirm-lift", "confirm"),
            ("retract-lift", "retract"),
        )
    ]
    return found


Ask = Callable[[str, str], HttpResponse]


def beyond(facts: Facts, roles: list[Role]) -> frozenset[str]:
    """The people and units that somebody with these roles sees nothing of, by the table; as addresses say them."""
    hidden = {
        unit.name for unit in facts.register() if not expected(facts, roles, Target("unit", "", unit.name))
    }
    people = (one.id for one in facts.roster().members.values() if one.branch in hidden)
    return frozenset([*map(access.key, hidden), *people])


def answers(row: Selection, ask: Ask, asked: list[tuple[str, Target]]) -> list[tuple[str, str, int, object]]:
    """What does not come out as the table says: who, the path, the status, and what was expected or is seen too much."""
    facts = records.keeper(row).current().facts
    roles = {name: list(Role.objects.filter(user__username=name, selection=row)) for name in offices.CAST}
    hidden = {name: beyond(facts, roles[name]) for name in offices.CAST}
    wrong: list[tuple[str, str, int, object]] = []
    for name, target in asked:
        answer = ask(name, target.path)
        status, good = answer.status_code, expected(facts, roles[name], target)
        if (status not in (200, 302)) if good else (status != 404):
            wrong.append((name, target.path, status, good))
        elif status == 200 and answer.headers["Content-Type"].startswith("text/html"):
            seen = hidden[name].intersection(ABOUT.findall(answer.content.decode()))
            wrong += [(name, target.path, status, one) for one in sorted(seen)]
    return wrong


@pytest.fixture
def whole(visit: Visit) -> Ask:
    """Asks as a browser does, through everything."""
    clients = {name: visit(name) for name in offices.CAST}

    def ask(name: str, path: str) -> HttpResponse:
        return cast("HttpResponse", clients[name].get(path))

    return ask


def kinds_of(asked: list[tuple[str, Target]], row: Selection) -> list[tuple[str, Target]]:
    """Of everything asked, one for each visitor, address and answer that the table gives: what decides is one function, which
    all of them are asked of, and what lies around it differs by these alone."""
    facts = records.keeper(row).current().facts
    roles = {name: list(Role.objects.filter(user__username=name, selection=row)) for name in offices.CAST}
    found = {(name, one.name, expected(facts, roles[name], one)): (name, one) for name, one in asked}
    return list(found.values())


def test_every_address_with_every_role(county: Selection, whole: Ask) -> None:
    every = [(name, one) for name in offices.CAST for one in targets(county)]
    with plain.site():
        assert answers(county, plain.asking(offices.CAST), every) == []
    assert answers(county, whole, kinds_of(every, county)) == []


def refusals(row: Selection, send: Ask, sent: list[tuple[str, Target]]) -> list[tuple[str, str, int, bool]]:
    """What is not answered as the table says: who, the path, the status, and whether they may."""
    facts = records.keeper(row).current().facts
    roles = {name: list(Role.objects.filter(user__username=name, selection=row)) for name in offices.CAST}
    wrong = []
    for name, target in sent:
        status, good = send(name, target.path).status_code, expected(facts, roles[name], target)
        if status != (ANSWERED.get(target.name, 409) if good else 404):
            wrong.append((name, target.path, status, good))
    return wrong


def test_nobody_acts_in_what_is_past(county: Selection, visit: Visit) -> None:
    """Whatever is sent to a page as of an entry, by whoever might act there now: nothing is there."""
    client = {name: visit(name) for name in offices.CAST}
    sent = [(name, one.path) for name in ("office", "clerk", "secretary") for one in acts(county)]
    wrong = [(name, path) for name, path in sent if client[name].post(f"{path}?at=5").status_code != 404]
    assert (wrong, len(sent) > 60) == ([], True)


def test_every_act_with_every_role(county: Selection, visit: Visit) -> None:
    """Nothing is in what is sent, so whoever may is refused by a rule, and whoever may not finds no such address."""
    before = records.keeper(county).current().n
    every = [(name, one) for name in offices.CAST for one in acts(county)]
    clients = {name: visit(name) for name in offices.CAST}
    with plain.site():
        assert refusals(county, plain.asking(offices.CAST, "POST"), every) == []
    send = cast("Ask", lambda name, path: clients[name].post(path))
    assert refusals(county, send, kinds_of(every, county)) == []
    assert records.keeper(county).current().n == before


def drawn(row: Selection, number: int, seed: str) -> list[tuple[str, Target]]:
    """Random visitors and pages, half of them from the neighbourhood of the visitor's own part."""
    draw = random.Random(seed)
    every = targets(row)
    facts = records.keeper(row).current().facts
    near: dict[str, list[Target]] = {}
    for name in offices.CAST:
        role = Role.objects.filter(user__username=name, selection=row).first()
        committee = facts.register().committee_of(role.unit) if role and role.unit else ""
        around = {committee, facts.register().committees()[1].name}
        near[name] = [
            one
            for one in every
            if one.unit in facts.register() and facts.register().committee_of(one.unit) in around
        ] or every
    return [
        (name, draw.choice(near[name] if draw.random() < 0.5 else every))
        for name in (draw.choice(list(offices.CAST)) for _number in range(number))
    ]


@plain.site()
def test_random_requests_across_roles(county: Selection) -> None:
    """Ten thousand, asked in this process of what decides and nothing around it; `make storm` asks a hundred thousand times."""
    number = int(os.environ.get("FOURGATES_REQUESTS", "10000"))
    assert answers(county, plain.asking(offices.CAST), drawn(county, number, "跨岗位")) == []


@plain.site()
def test_a_hole_is_found(county: Selection, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: with the check of one function gone, the walk says so."""
    monkeypatch.setattr(access.Room, "knows", lambda _room, _id: True)
    found = answers(county, plain.asking(offices.CAST), drawn(county, 200, "漏洞"))
    assert {status for _name, _path, status, _good in found} == {200}
    assert {path.split("/")[3] for _name, path, _status, good in found if good is False} == {"people"}


def test_a_link_too_many_is_seen_on_a_page(county: Selection, whole: Ask) -> None:
    """The control: of what the county sees, the walk knows what a clerk would see too much."""
    facts = records.keeper(county).current().facts
    page = whole("office", f"/s/{county.slug}/county/").content.decode()
    clerk = list(Role.objects.filter(user__username="clerk", selection=county))
    tree = facts.register()
    heads = [access.key(name) for name in (tree.county, *(unit.name for unit in tree.committees()))]
    others = {heads[0], *heads[2:]}
    assert beyond(facts, clerk).intersection(ABOUT.findall(page)) & {*heads} == others


def test_nobody_sees_anything_without_signing_in(county: Selection, visit: Visit) -> None:
    nobody = visit("")
    some = [one for number, one in enumerate(targets(county)) if one.name != "person" or number % 20 == 0]
    assert {nobody.get(one.path).status_code for one in some} == {302}


def test_who_left_sees_nothing_more(county: Selection, visit: Visit) -> None:
    client = visit("clerk")
    User.objects.filter(username="clerk").update(is_active=False)
    assert client.get(f"/s/{county.slug}/log/").status_code == 302


def test_a_past_entry_is_only_looked_at(county: Selection, visit: Visit) -> None:
    client = visit("office")
    assert client.get(f"/s/{county.slug}/county/?at=5").status_code == 200
    assert client.get(f"/s/{county.slug}/county/?at=999999").status_code == 404
    assert client.get(f"/s/{county.slug}/county/?at=x").status_code == 404
