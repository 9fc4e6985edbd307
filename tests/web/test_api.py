"""The interface for machines: a token's rights are its owner's, what comes in is judged, and nothing made up breaks it."""

from __future__ import annotations

import io
import os
import zipfile
from collections.abc import Callable
from typing import Any

import hypothesis
import pytest
import schemathesis
from django.conf import settings as configured
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import response_schema_conformance

import offices
from fourgates import judging
from fourgates.web import access, records, wsgi
from fourgates.web.models import Role, Selection, Token, User
from web.oracle import ORACLE, Target, expected
from web.test_meetings import Office
from web.test_notice import post

Visit = Callable[[str], Client]
SECRET = "一个只用来试的令牌".encode().hex()


def key(name: str) -> dict[str, str]:
    """The header that speaks as somebody of the cast."""
    secret = f"{SECRET}-{name}"
    Token.objects.get_or_create(
        digest=Token.digested(secret), defaults={"user": User.objects.get(username=name), "name": "试"}
    )
    return {"Authorization": f"Bearer {secret}"}


def asked(name: str, path: str) -> Any:
    """The answer to somebody of the cast."""
    return Client().get(path, headers=key(name))


def test_a_token_alone_opens_the_door(county: Selection) -> None:
    path = f"/api/s/{county.slug}/overview"
    assert Client().get(path).status_code == 401
    assert offices.visit("office").get(path).status_code == 401
    assert Client().get(path, headers={"Authorization": "Bearer another"}).status_code == 401
    assert asked("office", path).status_code == 200
    Token.objects.update(until=timezone.now())
    assert asked("office", path).status_code == 401
    Token.objects.update(until=None)
    User.objects.filter(username="office").update(is_active=False)
    assert asked("office", path).status_code == 401


# What the site shows, by the name of its address → where a program reads the same; to whom is what the oracle of the
# pages says; or, behind a dash, why it does not.
READS = {
    "selection": "duties",
    "county": "overview",
    "unit": "committees",
    "person": "people/{person}",
    "figure": "figures/members?of={committee}",
    "screen": "gates",
    "log": "log",
    "bundle": "record.zip",
    "department": "departments/{department}",
    "marks": "branches/{branch}/marks",
    "calls": "branches/{branch}/calls",
    "meetings": "meetings",
    "held": "meetings?of={branch}",
    "meeting": "meetings/{meeting}",
    "cascade": "units/{committee}/allotment",
    "slate": "list",
    "documents": "documents",
    "document": "documents/process/{committee}",
    "conflicts": "conflicts",
    "consultation": "clocks",
    "concern": "concerns/{sent_up}",
    "notices": "notices",
    "notice": "notices/1/cases",
    "supervision": "deviations",
    "steps": "steps",
    "looks": "looks",
    "case": "- a case: among the cases of its notice",
    "question": "- the form to answer on: what was answered stands with the department",
    "document-kind": "- one kind of document: among the documents",
    "trial": "- a list tried by ticking names: solved by `fourgates slate check`",
    "binding": "- what binds the list: `fourgates slate explain` of the record",
    "standing": "- why a person is in or out: `fourgates why` of the record",
    "sheet": "- a form to type the attendance in: who came stands with the meeting",
    "filing": "- a form to report votes: they stand with the meeting",
    "minutes": "- minutes to sign: among the documents",
    "signin": "- a picture to be scanned at the door",
    "erasing": "- a form to erase a person: `fourgates erase`",
    "papers": "- a form to hand workbooks in",
    "folder": "- the workbooks that programs handed in themselves",
    "upload": "- one upload: told where it is handed in, by its number",
    "books": "- an upload's workbooks with their faults marked, for people",
    "letter": "- a letter to a department: for people",
    "reply-form": "- a workbook to answer on: programs answer without",
    "letters": "- every letter: for people",
    "rehearsal": "- the list on which a rehearsal ends: `fourgates rehearse` of the record",
}
MORE = {  # the same rooms, asked for something else of them
    "committees": "unit",
    "branches": "unit",
    "people": "unit",
    "questions": "supervision",
    "figures/members": "figure",
}


def test_what_a_page_shows_a_program_reads_with_the_same_rights(hall: Selection, visit: Visit) -> None:
    assert READS.keys() == ORACLE.keys()
    post(hall, visit)
    secretary = Role.objects.get(user__username="secretary", selection=hall)
    branch_office = Office(hall, visit("secretary"), secretary.unit)
    branch_office.call(offices.facts(hall).rulebook().meetings.kinds[0].name, offices.MONDAY.isoformat())
    facts = offices.facts(hall)
    tree = facts.register()
    committee = tree.committees()[0].name
    branch = tree.branches(committee)[0].name
    department = facts.rulebook().integrity.departments[0]
    person = next(one.id for one in facts.roster().members.values() if one.branch == branch)
    about = {
        "committee": access.key(committee),
        "branch": access.key(branch),
        "person": person,
        "department": department,
        "meeting": branch_office.name,
        "sent_up": next(iter(judging.sent_up(facts))),
    }
    unit_of = {"person": branch, "branch": branch, "committee": committee, "meeting": branch}
    asking = [(page, path) for page, path in READS.items() if not path.startswith("-")]
    for page, path in [*asking, *((page, path) for path, page in MORE.items())]:
        unit = next((unit_of[word] for word in unit_of if f"{{{word}}}" in path), "")
        if path == "figures/members":
            unit = tree.county
        target = Target(page, "", unit, department if page == "department" else "")
        where = f"/api/s/{hall.slug}/{path.format(**about)}"
        for name in offices.CAST:
            roles = list(Role.objects.filter(user__username=name, selection=hall))
            status = asked(name, where).status_code
            assert status == (200 if expected(facts, roles, target) else 404), (name, where)


def test_lists_end_where_the_owner_s_part_ends(county: Selection) -> None:
    branch = Role.objects.get(user__username="secretary", selection=county).unit
    at = f"/api/s/{county.slug}/"
    people = asked("secretary", f"{at}people?limit=1000").json()
    assert {one["branch"] for one in people} == {branch}
    whole = asked("office", f"{at}people?limit=1000")
    assert len(whole.json()) == len(records.keeper(county).current().facts.roster().members)
    numbers = [one.number for one in records.keeper(county).people().people.values()]
    assert [number for number in numbers if number in whole.content.decode()] == []
    assert [one["name"] for one in asked("secretary", f"{at}branches").json()] == [branch]
    figures = {one["key"]: one for one in asked("office", f"{at}overview").json()["figures"]}
    assert figures["members"] == {
        one: value
        for one, value in asked("office", f"{at}figures/members").json().items()
        if one in figures["members"]
    }
    then = asked("office", f"{at}log?at=12&after=10").json()
    assert [one["n"] for one in then] == [11, 12]


def test_nominations_and_replies_come_in_and_are_judged(working: Selection) -> None:
    keeper = records.keeper(working)
    facts = keeper.current().facts
    branch = Role.objects.get(user__username="secretary", selection=working).unit
    where = f"/api/s/{working.slug}/branches/{access.key(branch)}/nominations"
    window = facts.rulebook().windows.nomination
    rights = sorted(facts.roster().rights)
    number = keeper.people().number(rights[1])
    sitting = {
        "day": window.first.isoformat(),
        "due": 10,
        "present": 9,
        "names": [{"person": rights[0], "members": 5}, {"person": number, "members": 4}],
    }
    client, n = Client(), keeper.current().n
    told = {"sittings": [sitting]}
    once = {**key("secretary"), "Idempotency-Key": "a"}
    first = client.post(where, told, content_type="application/json", headers=once)
    assert (first.status_code, first.json()) == (200, {"entries": [n + 1]})
    assert client.post(where, told, content_type="application/json", headers=once).json() == first.json()
    changed = {"sittings": [{**sitting, "due": 11}]}
    again = client.post(where, changed, content_type="application/json", headers=once)
    assert (again.status_code, again.json()["rule"]) == (409, "K.5")
    (filed,) = keeper.current().facts.filed[branch]
    assert [name.person for name in filed.names] == rights[:2]
    bad = client.post(
        where,
        {"sittings": [{**sitting, "present": 11}]},
        content_type="application/json",
        headers=key("secretary"),
    )
    assert (bad.status_code, bad.json()["rule"]) == (409, "3.1")
    other = client.post(where, told, content_type="application/json", headers=key("neighbour"))
    assert (other.status_code, keeper.current().n) == (404, n + 1)
    department = Role.objects.get(user__username="audit", selection=working).department
    reply = {"opinions": [{"person": rights[0], "word": "没有这个词"}]}
    answer = client.post(
        f"/api/s/{working.slug}/departments/{department}/replies",
        reply,
        content_type="application/json",
        headers=key("audit"),
    )
    assert (answer.status_code, answer.json()["rule"][:2]) == (409, "8.")


def test_the_record_is_the_same_file_as_on_the_page(county: Selection) -> None:
    content = asked("office", f"/api/s/{county.slug}/record.zip").content
    page = offices.visit("office").get(f"/s/{county.slug}/record.zip").content
    first, second = (
        {name: archive.read(name) for name in archive.namelist()}
        for archive in (zipfile.ZipFile(io.BytesIO(one)) for one in (content, page))
    )
    assert first == second


def test_nothing_made_up_breaks_it(working: Selection, monkeypatch: pytest.MonkeyPatch) -> None:
    """Requests made up from the description, as the county office: none is a fault of ours, and answers are as described."""
    monkeypatch.setattr(configured, "JOBS_BESIDE", False)
    schema = schemathesis.openapi.from_wsgi("/api/openapi.json", wsgi.application)
    headers, heard, facts = key("office"), set(), offices.facts(working)
    known = {
        "slug": working.slug,
        "key": access.key(facts.register().branches()[0].name),
        "name": facts.rulebook().integrity.departments[0],
        "id_": next(iter(facts.roster().members)),
    }
    made = [one.ok().as_strategy() for one in schema.get_all_operations()]  # type: ignore[union-attr]  # it is sound

    @hypothesis.settings(
        max_examples=int(os.environ.get("FOURGATES_MADE_UP", "2")),
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(made_up=st.data())
    def tried(made_up: st.DataObject) -> None:
        for strategy in made:
            case = made_up.draw(strategy)
            there = {name: value for name, value in known.items() if name in case.path_parameters}
            case.path_parameters.update(there if made_up.draw(st.booleans()) else {"slug": working.slug})
            answer = case.call(headers=headers)
            heard.add((case.method, case.path))
            case.validate_response(answer, checks=[not_a_server_error, response_schema_conformance])

    tried()
    assert len(heard) == len(made) == 34
