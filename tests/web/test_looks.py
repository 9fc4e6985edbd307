"""A masked number is shown once, to who may, for a reason; and who looked stands where the county and the supervisor read it."""

from __future__ import annotations

import io
from collections.abc import Callable

from django.test import Client
from python_calamine import CalamineWorkbook

import offices
from fourgates.web import looks, records
from fourgates.web.models import Look, Role, Selection

Visit = Callable[[str], Client]
WHY = "核对入党志愿书上的号码"


def test_a_number_is_shown_once_and_the_look_is_noted(county: Selection, visit: Visit) -> None:
    branch = Role.objects.get(user__username="secretary", selection=county).unit
    id_ = next(one.id for one in offices.facts(county).roster().members.values() if one.branch == branch)
    names = records.keeper(county).people()
    number, at = names.number(id_), f"/s/{county.slug}/"
    secretary = visit("secretary")
    assert f"{at}people/{id_}/number/" in secretary.get(f"{at}people/{id_}/").content.decode()
    assert f"{at}people/{id_}/number/" not in visit("discipline").get(f"{at}people/{id_}/").content.decode()
    for reason in ("", "看看", f"他的号码 {number[:10]} {number[10:]}"):
        answer = secretary.post(f"{at}people/{id_}/number/", {"reason": reason})
        assert (answer.status_code, number in answer.content.decode().replace(reason or " ", "")) == (
            422,
            False,
        )
    assert not Look.objects.exists()
    answer = secretary.post(f"{at}people/{id_}/number/", {"reason": WHY})
    assert (answer.status_code, answer.content.decode().count(number)) == (200, 1)
    assert answer.headers["Cache-Control"] == "no-store, private"
    assert secretary.get(f"{at}people/{id_}/number/").status_code == 405
    (kept,) = Look.objects.all()
    assert (kept.user.username, kept.person, looks.reason(kept)) == ("secretary", id_, WHY)
    assert WHY not in kept.reason
    for name in ("office", "discipline"):
        page = visit(name).get(f"{at}looks/").content.decode()
        assert [what in page for what in (id_, "secretary", WHY, number)] == [True, True, True, False]
    book = visit("office").get(f"{at}looks/?as=xlsx").content
    rows = CalamineWorkbook.from_filelike(io.BytesIO(book)).get_sheet_by_index(0).to_python()
    assert rows[-1] == [kept.at.isoformat(), "secretary", names.name(id_), id_, WHY]
    assert WHY in secretary.get("/account/").content.decode()


def test_files_with_everybody_s_number_are_noted_too(county: Selection, visit: Visit) -> None:
    visit("office").get(f"/s/{county.slug}/record.zip")
    assert [(one.person, looks.reason(one)) for one in Look.objects.all()] == [(looks.EVERYBODY, "纪实包")]
    assert "全部人员" in visit("discipline").get(f"/s/{county.slug}/looks/").content.decode()
    assert "全部人员" in visit("office").get("/account/").content.decode()
