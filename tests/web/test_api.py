"""The interface for machines: a token's rights are its owner's, what comes in is judged, and nothing made up breaks it."""

from __future__ import annotations

import io
import os
import zipfile
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
from fourgates.web import access, records, wsgi
from fourgates.web.models import Role, Selection, Token, User

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


# Path after the selection → who gets an answer; everybody else is told that there is no such thing.
ORACLE = {
    "overview": {"office", "discipline"},
    "committees": {"office", "discipline", "clerk", "neighbour", "secretary", "other-secretary"},
    "branches": {"office", "discipline", "clerk", "neighbour", "secretary", "other-secretary"},
    "people": {"office", "discipline", "clerk", "neighbour", "secretary", "other-secretary"},
    "log": {"office", "discipline", "clerk", "neighbour", "secretary", "other-secretary"},
    "figures/members": {"office", "discipline"},
    "figures/members?of={committee}": {"office", "discipline", "clerk"},
    "people/{person}": {"office", "discipline", "clerk", "secretary"},
    "departments/{department}": {"office", "discipline", "audit"},
    "record.zip": {"office"},
    "papers/1": set(),
}


def test_every_path_with_every_role(county: Selection) -> None:
    facts = records.keeper(county).current().facts
    tree = facts.register()
    committee = tree.committees()[0].name
    branch = tree.branches(committee)[0].name
    about = {
        "committee": access.key(committee),
        "person": next(one.id for one in facts.roster().members.values() if one.branch == branch),
        "department": facts.rulebook().integrity.departments[0],
    }
    for path, good in ORACLE.items():
        where = f"/api/s/{county.slug}/{path.format(**about)}"
        heard = {name for name in offices.CAST if asked(name, where).status_code == 200}
        assert heard == good, path
        others = {asked(name, where).status_code for name in set(offices.CAST) - good}
        assert others == {404}, path


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
    headers, heard = key("office"), set()
    made = [one.ok().as_strategy() for one in schema.get_all_operations()]  # type: ignore[union-attr]  # it is sound

    @hypothesis.settings(
        max_examples=int(os.environ.get("FOURGATES_MADE_UP", "3")),
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
            if "slug" in case.path_parameters:
                case.path_parameters["slug"] = working.slug
            answer = case.call(headers=headers)
            heard.add((case.method, case.path))
            case.validate_response(answer, checks=[not_a_server_error, response_schema_conformance])

    tried()
    assert len(heard) == len(made) == 15
