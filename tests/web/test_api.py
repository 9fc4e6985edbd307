"""The interface for machines: a token's rights are its owner's, what comes in is judged, and nothing made up breaks it."""

from __future__ import annotations

import io
import os
import zipfile
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import hypothesis
import jsonschema_rs
import pytest
import schemathesis
from django.conf import settings as configured
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given
from hypothesis import strategies as st
from ninja import Schema
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

import offices
from fourgates import judging
from fourgates.web import access, records, wsgi
from fourgates.web.api.described import operations
from fourgates.web.models import Role, Selection, Token, User
from web.oracle import ORACLE, Target, expected
from web.test_access import enclosed, handed_in
from web.test_meetings import Office
from web.test_notice import object_, post

Visit = Callable[[str], Client]
CHECKS = [not_a_server_error, response_schema_conformance, status_code_conformance, content_type_conformance]
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
    "rule": "rules/2.5",
    "screen": "gates",
    "log": "log",
    "bundle": "record.zip",
    "department": "departments/{department}",
    "marks": "branches/{branch}/marks",
    "calls": "branches/{branch}/calls",
    "meetings": "meetings",
    "held": "meetings?of={branch}",
    "meeting": "meetings/{meeting}",
    "process": "units/{committee}/process",
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
    "case": "notices/1/cases/{case}",
    "question": "- the form to answer on one person: what was answered is told with the department",
    "document-kind": "documents",
    "trial": "list/trial",
    "binding": "list/binding",
    "standing": "list/people/{proposed}",
    "sheet": "meetings/{meeting}/roll",
    "filing": "meetings/{meeting}/names",
    "minutes": "meetings/{meeting}/minutes.docx",
    "signin": "- the code that lets members in who stand at the door; a program has no way to be there",
    "erasing": "people/{person}/erasing",
    "papers": "papers",
    "folder": "papers/folder.zip",
    "upload": "papers/{upload}",
    "upload-rows": "papers/{upload}/rows",
    "books": "papers/{upload}/returned.zip",
    "letter": "departments/{department}/letter.docx",
    "reply-file": "departments/{department}/people/{answered}/file",
    "reply-form": "departments/{department}/reply.xlsx",
    "letters": "letters.zip",
    "rehearsal": "rehearsal",
}
MORE = {  # the same rooms, asked for something else of them
    "committees/{committee}/tally": "unit",
    "branches": "unit",
    "people": "unit",
    "behind": "county",
    "course": "county",
    "questions": "supervision",
    "figures/members": "figure",
}


def test_what_a_page_shows_a_program_reads_with_the_same_rights(hall: Selection, visit: Visit) -> None:
    assert READS.keys() == ORACLE.keys()
    post(hall, visit)
    case, upload, (department, answered) = object_(hall), handed_in(hall), enclosed(hall)
    secretary = Role.objects.get(user__username="secretary", selection=hall)
    branch_office = Office(hall, visit("secretary"), secretary.unit)
    branch_office.call(offices.facts(hall).rulebook().meetings.kinds[0].name, offices.MONDAY.isoformat())
    facts = offices.facts(hall)
    tree = facts.register()
    committee = tree.committees()[0].name
    branch = tree.branches(committee)[0].name
    person = next(one.id for one in facts.roster().members.values() if one.branch == branch)
    about = {
        "committee": access.key(committee),
        "branch": access.key(branch),
        "person": person,
        "department": department,
        "answered": answered,
        "meeting": branch_office.name,
        "sent_up": next(iter(judging.sent_up(facts))),
        "proposed": asked("office", f"/api/s/{hall.slug}/list").json()["people"][0]["person"],
        "case": case,
        "upload": upload,
    }
    unit_of = {"person": branch, "branch": branch, "committee": committee, "meeting": branch}
    asking = [(page, path) for page, path in READS.items() if not path.startswith("-")]
    for page, path in [*asking, *((page, path) for path, page in MORE.items())]:
        unit = next((unit_of[word] for word in unit_of if f"{{{word}}}" in path), "")
        if path == "figures/members":
            unit = tree.county
        target = Target(page, "", unit, department if "{department}" in path else "")
        where = f"/api/s/{hall.slug}/{path.format(**about)}"
        for name in offices.CAST:
            roles = list(Role.objects.filter(user__username=name, selection=hall))
            status = asked(name, where).status_code
            told = 409 if page == "minutes" else 200  # that meeting has put nobody forward yet
            assert status == (told if expected(facts, roles, target) else 404), (name, where)


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
    members = facts.roster().members
    own, others = (
        [id_ for id_ in sorted(facts.roster().rights) if (members[id_].branch == branch) is mine]
        for mine in (True, False)
    )
    rights = [others[0], own[0]]
    number = keeper.people().number(own[0])
    sitting = {
        "day": window.first.isoformat(),
        "due": 10,
        "present": 9,
        "names": [{"person": rights[0], "members": 5}, {"person": number, "members": 4}],
    }
    client, n = Client(), keeper.current().n
    told = {"sittings": [sitting]}
    # By a number nobody is found who is not one's own: it would tell whether the number is a member's.
    for hidden in (keeper.people().number(others[0]), "620000199001011234"):
        named = {"sittings": [{**sitting, "names": [{"person": hidden, "members": 5}]}]}
        no = client.post(where, named, content_type="application/json", headers=key("secretary"))
        assert (no.status_code, no.json()["rule"]) == (409, "F.4")
    once = {**key("secretary"), "Idempotency-Key": "a"}
    first = client.post(where, told, content_type="application/json", headers=once)
    assert (first.status_code, first.json()) == (200, {"entries": [n + 1]})
    assert client.post(where, told, content_type="application/json", headers=once).json() == first.json()
    changed = {"sittings": [{**sitting, "due": 11}]}
    again = client.post(where, changed, content_type="application/json", headers=once)
    assert (again.status_code, again.json()["rule"]) == (409, "K.5")
    (filed,) = keeper.current().facts.filed[branch]
    assert [name.person for name in filed.names] == rights
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


def test_departments_answer_on_their_own_list_alone(hall: Selection) -> None:
    """Whoever tries ids or numbers learns nothing of anybody else, and silence stays silence."""
    keeper = records.keeper(hall)
    facts, people = keeper.current().facts, keeper.people()
    department = Role.objects.get(user__username="audit", selection=hall).department
    own = [one["person"] for one in asked("audit", f"/api/s/{hall.slug}/departments/{department}").json()]
    assert own == list(dict.fromkeys(one.person for one in facts.replies[department]))
    other = next(id_ for id_ in facts.roster().members if id_ not in own)
    clear, n = facts.rulebook().integrity.opinions.clear[0], keeper.current().n
    said = []
    for person in (own[0], people.number(own[0]), other, people.number(other), "x"):
        answer = Client().post(
            f"/api/s/{hall.slug}/departments/{department}/replies",
            {"opinions": [{"person": person, "word": clear, "day": "2022-03-28", "note": "核实过"}]},
            content_type="application/json",
            headers=key("audit"),
        )
        said.append((answer.status_code, answer.json().get("rule", "")))
    assert said == [(200, ""), (200, ""), (409, "8.8"), (409, "8.8"), (409, "8.8")]
    assert keeper.current().n == n + 2
    first = asked("office", f"/api/s/{hall.slug}/departments/{department}").json()[0]
    assert (first["person"], first["word"], first["note"]) == (own[0], clear, "核实过")
    objection = facts.rulebook().integrity.opinions.objection[0]
    for note, status, rule in (("", 409, "8.15"), ("有问题没有查清", 200, "")):
        answer = Client().post(
            f"/api/s/{hall.slug}/departments/{department}/replies",
            {"opinions": [{"person": own[0], "word": objection, "day": "2022-03-28", "note": note}]},
            content_type="application/json",
            headers=key("audit"),
        )
        assert (answer.status_code, answer.json().get("rule", "")) == (status, rule)


def test_a_file_goes_with_an_answer(hall: Selection) -> None:
    keeper = records.keeper(hall)
    department = Role.objects.get(user__username="audit", selection=hall).department
    at = f"/api/s/{hall.slug}/departments/{department}"
    own = {one["person"] for one in asked("audit", at).json()}
    first, other = min(own), next(id_ for id_ in keeper.current().facts.roster().members if id_ not in own)

    def handed(person: str, content: bytes) -> tuple[int, Any]:
        file = SimpleUploadedFile("附件.pdf", content)
        answer = Client().post(f"{at}/people/{person}/file", {"file": file}, headers=key("audit"))
        return answer.status_code, answer.json().get("rule", answer.json().get("entries"))

    n = keeper.current().n
    assert handed(first, b"%PDF-1.7 one") == (200, [n + 1])
    assert handed(first, b"%PDF-1.7 one") == (200, [])
    assert handed(other, b"%PDF-1.7 one") == (409, "8.8")
    assert handed(first, b"MZ") == (409, "F.8")
    assert asked("audit", f"{at}/people/{first}/file").content == b"%PDF-1.7 one"


def test_a_list_is_tried_and_somebody_explained(county: Selection) -> None:
    at = f"/api/s/{county.slug}/list"
    proposed = [one["person"] for one in asked("office", at).json()["people"] if one["proposed"]]
    whole = asked("office", f"{at}/trial").json()
    assert (sorted(whole["people"]), whole["lawful"], whole["change"]) == (sorted(proposed), True, None)
    fewer = "&".join(f"person={id_}" for id_ in proposed[1:])
    tried = asked("office", f"{at}/trial?{fewer}").json()
    assert (tried["lawful"], tried["change"]["leave"], len(tried["change"]["join"])) == (False, [], 1)
    assert asked("office", f"{at}/trial?person=nobody").json()["rule"] == "9.1"
    told = asked("office", f"{at}/people/{proposed[0]}").json()
    assert (told["on"], proposed[0] in (told["people"] or ())) == (True, False)
    assert asked("guest", f"{at}/trial").status_code == 404


def test_a_person_is_erased_once_the_name_is_written_out(hall: Selection) -> None:
    person = next(iter(judging.sent_up(offices.facts(hall))))
    at, n = f"/api/s/{hall.slug}/people/{person}/erasing", records.keeper(hall).current().n
    (ground, *_others), name = (
        asked("office", at).json()["grounds"],
        records.keeper(hall).people().name(person),
    )

    def told(name: str, ground: str = ground) -> Any:
        said = {"ground": ground, "name": name}
        return Client().post(at, said, content_type="application/json", headers=key("office"))

    assert [told("另一个人").status_code, told(name, "想删").status_code] == [409, 409]
    assert (told(name).json(), told(name).status_code) == ({"entries": [n + 1]}, 409)
    assert asked("office", f"/api/s/{hall.slug}/people/{person}").status_code == 200
    assert records.keeper(hall).people().name(person) == person


def test_the_description_is_whole() -> None:
    """Every operation says what it is for, what its parameters are, what may be answered, with examples that are as described."""
    told = Client().get("/api/openapi.json").json()
    schemas = [one for one in _below(Schema) if one.__module__.startswith("fourgates.web.api.")]
    assert len({one.__name__ for one in schemas}) == len(schemas)  # else one would stand for two
    known = {"components": told["components"]}
    for path, _method, one in operations(told):
        assert (one["summary"].isascii(), bool(one["description"])) == (True, True), path
        assert all(each["description"] and "example" in each for each in one.get("parameters", [])), path
        assert {"401", "404", "409", "422"} - one["responses"].keys() <= (
            {"404", "409", "422"} if path == "/api/selections" else set()
        )
        bodies = [one["requestBody"]] if "requestBody" in one else []
        for answer in (*one["responses"].values(), *bodies):
            for kind, content in answer.get("content", {}).items():
                if kind == "application/json":
                    jsonschema_rs.validate(content["schema"] | known, content["example"])
                else:
                    assert kind == "multipart/form-data" or "binary" not in str(content)
    assert Client().get("/api/nowhere").json()["why"] == "no such address: nowhere"


def _below(one: type) -> list[type]:
    below: list[type] = one.__subclasses__()
    return [*below, *(far for each in below for far in _below(each))]


def there(row: Selection) -> dict[str, str]:
    """Something that is there, by the part of a path that asks for it."""
    facts = offices.facts(row)
    known = {
        "branches": access.key(facts.register().branches()[0].name),
        "committees": access.key(facts.register().committees()[0].name),
        "units": access.key(facts.register().committees()[0].name),
        "departments": facts.rulebook().integrity.departments[0],
        "figures": "members",
        "rules": "2.5",
        "meetings": next(iter(facts.meetings), ""),
        "notices": next(iter(facts.notices), ""),
        "cases": next(iter(facts.objections), ""),
        "documents": "process",
        "people": next(iter(facts.roster().members)),
        "concerns": next(iter(judging.sent_up(facts)), "") if facts.reviews else "",
        "{kind}": access.key(facts.register().committees()[0].name),
    }
    return {part: name for part, name in known.items() if name}


def test_nothing_made_up_breaks_it(
    working: Selection, hall: Selection, visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Requests made up from the description, as it says and otherwise: none is a fault of ours, and every answer is described."""
    monkeypatch.setattr(configured, "JOBS_BESIDE", False)
    post(hall, visit)
    object_(hall)
    schema = schemathesis.openapi.from_wsgi("/api/openapi.json", wsgi.application)
    heard = set()
    every = [one.ok() for one in schema.get_all_operations()]  # type: ignore[union-attr]  # it is sound
    made = [(one.as_strategy(), one.as_strategy(generation_mode=GenerationMode.NEGATIVE)) for one in every]
    known = {row.slug: there(row) for row in (working, hall)}

    @hypothesis.settings(
        max_examples=int(os.environ.get("FOURGATES_MADE_UP", "1")),
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(made_up=st.data())
    def tried(made_up: st.DataObject) -> None:
        row = made_up.draw(st.sampled_from([working, hall]))
        name = made_up.draw(
            st.sampled_from(["office", "office", "clerk", "secretary", "audit", "discipline"])
        )
        for sound, unsound in made:
            case = made_up.draw(st.one_of(sound, unsound))
            parts, at = case.path.split("/"), {"slug": row.slug}
            if made_up.draw(st.booleans()):
                for before, part in pairwise(parts):
                    if part.startswith("{") and before in known[row.slug]:
                        at[part.strip("{}")] = known[row.slug][before]
            case.path_parameters.update({one: at[one] for one in case.path_parameters.keys() & at.keys()})
            answer = case.call(headers=key(name))
            heard.add((case.method, case.path))
            case.validate_response(answer, checks=CHECKS)

    tried()
    assert len(heard) == len(made) == 65
