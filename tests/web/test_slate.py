"""The list room: solved beside the page, judged as names are ticked, explained; and the papers that go up."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client, override_settings

import offices
from fourgates import events, judging
from fourgates.events import ListProposed
from fourgates.facts import Facts
from fourgates.selection import eligible_judged
from fourgates.slate.solve import solve
from fourgates.slate.watch import Watch
from fourgates.web import access, records, solving
from fourgates.web.models import Job, Role, Selection, User

Visit = Callable[[str], Client]


@pytest.fixture
def decided(db: None, stores: dict[str, str], tmp_path: Path) -> Iterator[Selection]:
    """The county with everything decided, in a record of its own to be written to."""
    row = offices.open_county("room", offices.copied(stores["done"], tmp_path / "room.db"))
    yield row
    records.close(row)


def facts(row: Selection) -> Facts:
    return records.keeper(row).current().facts


def proposed(row: Selection) -> tuple[str, ...]:
    _n, result = records.keeper(row).current().results["List", ""]
    assert isinstance(result, ListProposed)
    return result.slate.chosen


def woman_and_man(row: Selection) -> tuple[str, str]:
    """Whom the list cannot do without, because a woman has to be on it and nobody else is one, and the other of both."""
    tagged = judging.eligible(facts(row))
    only, other = sorted(proposed(row), key=lambda id_: "女" not in tagged[id_].tags)
    assert [id_ for id_, one in tagged.items() if "女" in one.tags] == [only]
    return only, other


def forgotten(row: Selection, person: str) -> None:
    """What describes a person is taken back: they may not stand on the list any more."""
    keeper = records.keeper(row)
    number = keeper.current().standing["PersonDescribed", person]
    keeper.offer([events.Withdrawn(number)], by="中共青梧县委组织部")


@override_settings(JOBS_BESIDE=False)
def test_the_list_is_drawn_up_beside_the_page_and_recorded(decided: Selection, visit: Visit) -> None:
    """Who is on the list may not stand any more: it is found anew and recorded with its proof, or why there is none."""
    office, at = visit("office"), f"/s/{decided.slug}/list/"
    only, other = woman_and_man(decided)
    forgotten(decided, other)
    assert "要重新拟订" in office.get(at).content.decode()
    assert office.post(f"{at}draw-up/").headers["Location"] == at
    job = Job.objects.get(kind=solving.LIST)
    kinds = [type(entry.event).__name__ for entry in list(records.keeper(decided).entries())[-2:]]
    assert (job.state, job.result) == ("done", {"entered": 2})
    assert kinds == ["EligibleJudged", "ListProposed"]
    assert other not in proposed(decided)
    assert judging.judge_list(facts(decided), proposed(decided)).lawful
    page = office.get(at).content.decode()
    assert "要重新拟订" not in page
    assert sorted(re.findall(r'name="t" value="(\w+)" checked', page)) == sorted(proposed(decided))
    assert office.post(f"{at}draw-up/").status_code == 302
    assert [one.result for one in Job.objects.filter(kind=solving.LIST)] == [{"entered": 0}, {"entered": 2}]
    forgotten(decided, only)
    office.post(f"{at}draw-up/")
    page = office.get(at).content.decode()
    assert ("没有符合全部要求的名单。" in page, "再有1名“女”的人选，就能拟出名单。" in page) == (True, True)


def test_a_record_that_goes_on_meanwhile_is_begun_anew_with(
    decided: Selection, monkeypatch: pytest.MonkeyPatch
) -> None:
    only, other = woman_and_man(decided)
    third = next(id_ for id_ in judging.eligible(facts(decided)) if id_ not in (only, other))
    gone: list[str] = []

    def slowly(*given: Any, **more: Any) -> Any:
        if not gone:
            gone.append(third)
            forgotten(decided, third)
        return solve(*given, **more)

    forgotten(decided, other)
    monkeypatch.setattr("fourgates.web.solving.solve", slowly)
    job = Job.objects.create(selection=decided, user=User.objects.get(username="office"), kind=solving.LIST)
    solving.draw_up(job, lambda _said, _done, _of: None)
    assert {third, other}.isdisjoint(proposed(decided))
    assert records.keeper(decided).current().results["EligibleJudged", ""][1] == eligible_judged(
        facts(decided)
    )


@override_settings(JOBS_BESIDE=False)
@pytest.mark.parametrize("ends", ["a stage", "the solver"])
def test_it_can_be_stopped_and_leaves_nothing(
    decided: Selection, visit: Visit, monkeypatch: pytest.MonkeyPatch, ends: str
) -> None:
    office, at = visit("office"), f"/s/{decided.slug}/list/"
    _only, other = woman_and_man(decided)
    forgotten(decided, other)
    before = records.keeper(decided).current().n
    assert office.post(f"{at}draw-up/stop/").headers["Location"] == at  # there is nothing to stop

    def stopping(problem: Any, passed: Any, *, watch: Watch) -> Any:
        shown = office.get(at).content.decode()
        assert (
            "<button>停止</button>" in shown,
            "停止</button>" in visit("discipline").get(at).content.decode(),
        ) == (
            True,
            False,
        )
        assert office.post(f"{at}draw-up/stop/").headers["Location"] == at
        assert "正在停止" in office.get(at).content.decode()
        if ends == "the solver":
            assert watch.hear is not None
            watch.hear(1e300, 2)  # as the engine does, before it found anything and after
            assert watch.stopped
            return solve(problem, watch=watch)
        return solve(problem, passed, watch=watch)

    monkeypatch.setattr("fourgates.web.jobs.OFTEN", 0)
    monkeypatch.setattr("fourgates.web.solving.solve", stopping)
    office.post(f"{at}draw-up/")
    job = Job.objects.get(kind=solving.LIST)
    assert (job.state, job.ended is not None, job.result) == ("stopped", True, {})
    assert records.keeper(decided).current().n == before
    assert "已经停止，什么都没有记" in office.get(at).content.decode()
    monkeypatch.undo()
    with override_settings(JOBS_BESIDE=False):
        office.post(f"{at}draw-up/")
    assert Job.objects.filter(kind=solving.LIST).first().state == "done"  # type: ignore[union-attr]  # it was begun


def test_what_is_ticked_is_judged_with_the_least_change(county: Selection, visit: Visit) -> None:
    office, at = visit("office"), f"/s/{county.slug}/list/"
    chosen = proposed(county)
    whole = office.get(f"{at}trial/", {"t": chosen}).content.decode()
    assert ("✗" in whole, "最少调换" in whole) == (False, False)
    part = office.get(f"{at}trial/", {"t": [chosen[0], "nobody"], "ticked": "1"}).content.decode()
    assert ("选了1人，应当2人" in part, "最少调换：换下无人" in part) == (True, True)
    better = re.findall(r"t=(\w+)", re.findall(r'class="button small" href="([^"]+)"', part)[0])
    assert judging.judge_list(facts(county), tuple(better)).lawful
    assert chosen[0] in better
    plain = office.get(at, {"t": chosen[1:], "ticked": "1"}).content.decode()
    assert re.findall(r'name="t" value="(\w+)" checked', plain) == list(chosen[1:])
    none = office.get(at, {"ticked": "1"}).content.decode()
    assert re.findall(r'name="t" value="(\w+)" checked', none) == []


def test_why_somebody_is_on_the_list_or_not(county: Selection, visit: Visit) -> None:
    office, at = visit("office"), f"/s/{county.slug}/list/people/"
    only, other = woman_and_man(county)
    outside = next(id_ for id_ in judging.eligible(facts(county)) if id_ not in (only, other))
    name = records.keeper(county).people().name
    page = office.get(f"{at}{outside}/").content.decode()
    assert f"{name(outside)}列入名单时，最好的名单要换下" in page
    assert f"没有{name(only)}就没有符合要求的名单。" in office.get(f"{at}{only}/").content.decode()
    page = office.get(f"{at}{other}/").content.decode()
    assert f"{name(other)}不列入时，最好的名单换上" in page
    barred = next(id_ for id_ in judging.sent_up(facts(county)) if id_ not in judging.eligible(facts(county)))
    assert office.get(f"{at}{barred}/").status_code == 404
    binds = office.get(f"/s/{county.slug}/list/binding/").content.decode()
    assert "起作用，有代价" in binds


def test_without_anybody_who_may_stand_it_is_grey_with_the_rule(halfway: Selection, visit: Visit) -> None:
    office, at = visit("office"), f"/s/{halfway.slug}/list/"
    assert 'id="why-draw">还没有人选通过前面各关' in office.get(at).content.decode()
    answer = office.post(f"{at}draw-up/")
    assert (answer.status_code, "<b>9.1</b>" in answer.content.decode()) == (409, True)
    assert "draw-up" not in visit("discipline").get(at).content.decode()


def test_the_papers_that_go_up(county: Selection, visit: Visit) -> None:
    office, clerk, at = visit("office"), visit("clerk"), f"/s/{county.slug}/documents/"
    page = office.get(at).content.decode()
    for key in ("list", "public-notice", "joint-review"):
        where = re.findall(rf'href="({at}{key}/\w+\.docx)"', page)[0]
        assert office.get(where).content[:2] == b"PK"
        assert clerk.get(where).status_code == 404
    own = Role.objects.get(user__username="clerk", selection=county).unit
    shown = clerk.get(at).content.decode()
    assert "inspection" not in shown
    assert clerk.get(f"{at}summary/{access.key(own)}.docx").content[:2] == b"PK"
    assert clerk.get(f"{at}inspection/").status_code == 404
    assert office.get(f"{at}nothing/").status_code == 404
    branches = re.findall(r"documents/meeting/\w+\.docx", clerk.get(f"{at}meeting/").content.decode())
    assert len(branches) == sum(
        len(facts(county).filed.get(one.name, ())) for one in facts(county).register().branches(own)
    )
