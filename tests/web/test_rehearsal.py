"""A rehearsal: nobody in it is real, its clock is its own, every screen and every paper says so, and it ends with a list."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest
from django.test import Client, override_settings
from docx import Document
from openpyxl import load_workbook

from fourgates import events, judging, lapses, nominations
from fourgates.papers import drill
from fourgates.web import access, leaving, records, rehearsal
from fourgates.web.home import Home
from fourgates.web.models import Selection

Visit = Callable[[str], Client]


@pytest.fixture
def copy(county: Selection, visit: Visit, tmp_path: Path) -> Iterator[Selection]:
    """A rehearsal of the county, as its office begins one."""
    row = begun(county, visit, tmp_path, "")
    yield row
    records.close(row)


def begun(county: Selection, visit: Visit, place: Path, others: str) -> Selection:
    with override_settings(INSTALLATION=Home(place, factor="none")):
        sent = visit("office").post(f"/s/{county.slug}/rehearsal/begin/", {"minutes": "1", "others": others})
    row = Selection.objects.get(rehearsal=True)
    assert (sent.status_code, sent.headers["Location"]) == (302, f"/s/{row.slug}/rehearsal/")
    return row


def now(row: Selection) -> datetime:
    row.refresh_from_db()
    return records.now(*row.time).astimezone(access.CHINA)


def test_everybody_in_it_is_made_up_and_has_a_place_like_somebody_real(
    county: Selection, copy: Selection
) -> None:
    real, made = records.keeper(county), records.keeper(copy)
    facts, drilled = real.current().facts, made.current().facts
    assert drilled.register().county == facts.register().county
    assert drilled.rulebook().selection.title == f"【演练】{facts.rulebook().selection.title}"

    def looks(members: object) -> list[tuple[object, ...]]:
        return sorted((m.branch, m.full, m.normal, m.female, m.minority) for m in members)  # type: ignore[attr-defined]

    assert looks(drilled.roster().members.values()) == looks(facts.roster().members.values())
    assert facts.roster().members.keys().isdisjoint(drilled.roster().members)
    numbers = [{one.number for one in keeper.people().people.values()} for keeper in (real, made)]
    assert (numbers[0] & numbers[1], len(numbers[1])) == (set(), len(drilled.roster().members))
    assert real.people().key != made.people().key
    seated = [
        sorted(row.roles.values_list("user__username", "kind", "unit", "department"))
        for row in (county, copy)
    ]
    assert seated[0] == seated[1]


def test_its_clock_runs_ahead_is_turned_on_and_stopped(copy: Selection, visit: Visit) -> None:
    plan = records.keeper(copy).current().facts.rulebook()
    assert (now(copy).date(), now(copy).hour) == (plan.windows.plan.first, 9)
    first, second = now(copy), now(copy)
    assert (copy.pace, second > first) == (24 * 60, True)
    office, at = visit("office"), f"/s/{copy.slug}/rehearsal/"
    office.post(f"{at}turn/", {"to": "step"})
    assert now(copy).date() == plan.windows.training.first
    office.post(f"{at}turn/", {"to": "60"})
    office.post(f"{at}turn/", {"to": "morning"})
    assert ((now(copy).date() - plan.windows.training.first).days, copy.pace) == (1, 24)
    office.post(f"{at}turn/", {"to": "stop"})
    assert now(copy) == now(copy)
    assert visit("discipline").post(f"{at}turn/", {"to": "60"}).status_code == 404
    assert "演练结束" in office.get(at).content.decode()


def test_an_entry_made_in_it_is_sealed_by_its_clock(copy: Selection) -> None:
    keeper = records.keeper(copy)
    committee = keeper.current().facts.register().committees()[0].name
    (entry,) = keeper.offer([events.StepsRecorded(committee, ())], by="县委组织部")
    assert abs((datetime.fromisoformat(entry.at) - now(copy)).total_seconds()) < 60 * 24 * 60


def test_every_screen_and_every_paper_says_that_it_is_a_rehearsal(copy: Selection, visit: Visit) -> None:
    facts = records.keeper(copy).current().facts
    committee = facts.register().committees()[0].name
    branch = facts.register().branches(committee)[0].name
    person = next(iter(facts.roster().members))
    at, papers = f"/s/{copy.slug}/", 0
    pages = [
        *("", "county/", "screen/", "log/", "consultation/", "notices/", "supervision/", "meetings/", "rehearsal/"),
        *("papers/", "conflicts/", f"people/{person}/", "papers/folder.zip", "county/?as=xlsx"),
        *(f"units/{access.key(name)}/{end}" for name in (committee, branch) for end in ("", "?as=xlsx", "meetings/")),
        *(f"units/{access.key(branch)}/{end}/" for end in ("marks", "calls")),
        *(f"departments/审计/{end}" for end in ("", "reply.xlsx")),
    ]  # fmt: skip
    for path in pages:
        answer = visit("office").get(f"{at}{path}", follow=True)
        kind = answer["Content-Type"].partition(";")[0]
        if kind == "text/html":
            assert 'class="banner drill"' in answer.content.decode(), path
        else:
            papers += 1
            assert unmarked(answer.content, leaving.PAPERS[kind]) == [], path
    assert papers > 3


def unmarked(content: bytes, kind: str, name: str = "") -> list[str]:
    """The papers in an answer without the mark on their pages."""
    if kind == "xlsx":
        book = load_workbook(io.BytesIO(content))
        return [name + sheet.title for sheet in book.worksheets if sheet.oddHeader.center.text != drill.HEAD]
    if kind == "docx":
        heads = [section.header.paragraphs[0].text for section in Document(io.BytesIO(content)).sections]
        return [name for head in heads if head != drill.HEAD]
    if kind != "zip":
        return []
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return [
            found
            for one in archive.namelist()
            for found in unmarked(archive.read(one), one.rpartition(".")[2], one)
        ]


def test_a_real_selection_is_not_marked_and_has_no_clock_to_turn(county: Selection, visit: Visit) -> None:
    office = visit("office")
    assert 'class="banner drill"' not in office.get(f"/s/{county.slug}/rehearsal/").content.decode()
    book = office.get(f"/s/{county.slug}/county/?as=xlsx").content
    assert unmarked(book, "xlsx") != []
    letter = office.get(f"/s/{county.slug}/departments/审计/letter.docx").content
    assert (unmarked(letter, "docx"), unmarked(drill.marked(letter, "docx"), "docx")) == ([""], [])
    assert office.post(f"/s/{county.slug}/rehearsal/turn/", {"to": "stop"}).status_code == 404


def test_it_ends_with_what_would_have_gone_wrong(copy: Selection, visit: Visit) -> None:
    office, at = visit("office"), f"/s/{copy.slug}/rehearsal/"
    assert "现在没有。" in office.get(at).content.decode()
    for _step in range(12):
        office.post(f"{at}turn/", {"to": "step"})
    for _day in range(5):
        office.post(f"{at}turn/", {"to": "morning"})
    office.post(f"{at}turn/", {"to": "stop"})
    facts = records.keeper(copy).current().facts
    found = lapses.found(facts, now(copy).date())
    page = office.get(at).content.decode()
    rules = re.findall(r'<th scope="row" class="">\s*(\d+\.\d+)', page)
    assert rules == [one.rule for one in found]
    assert {"5.1", "6.1", "6.4"} <= set(rules)


def test_units_in_whose_place_nobody_sits_act_on_their_days(
    county: Selection, visit: Visit, tmp_path: Path
) -> None:
    """One committee is played; of the others each did what it owed in its window, as the rules want it, or let it lie."""
    tree = records.keeper(county).current().facts.register()
    played = tree.committees()[0].name
    row = begun(county, visit, tmp_path, played)
    office, at = visit("office"), f"/s/{row.slug}/"
    keeper = records.keeper(row)
    plan = keeper.current().facts.rulebook()
    before = keeper.current().n
    while now(row).date() < plan.windows.vetting.first:
        assert office.post(f"{at}rehearsal/turn/", {"to": "step"}).status_code == 302
    facts = keeper.current().facts
    own = {unit.name for unit in tree.branches(played)}
    rest = {unit.name for unit in tree.branches()} - own
    told = {entry.by for entry in keeper.entries(before)}
    assert (own & facts.filed.keys(), {played, *own} & told) == (set(), set())
    assert facts.filed.keys() <= rest
    assert len(rest) - len(facts.filed) <= len(rest) // 4
    for branch, sittings in facts.filed.items():
        assert [nominations.valid(sitting, plan) for sitting in sittings] == [True], branch
    others = {unit.name for unit in tree.committees()} - {played}
    assert facts.reviews.keys() == others
    assert {one.rule for name in others for one in judging.deviations(facts, name)} <= {"6.1", "6.4", "6.5"}
    up = judging.sent_up(facts)
    assert set(up.values()) == others

    office.post(f"{at}rehearsal/turn/", {"to": "others"})
    n = keeper.current().n
    office.post(f"{at}rehearsal/turn/", {"to": "others"})  # nobody owes anything that was not let lie
    assert keeper.current().n == n
    due = plan.windows.vetting.last.isoformat()
    office.post(f"{at}consultation/ask/", {"departments": plan.integrity.departments, "due": due})
    asked = keeper.current().facts.asked
    office.post(f"{at}rehearsal/turn/", {"to": "step"})
    facts = keeper.current().facts
    assert facts.replies.keys() == asked.keys() == set(plan.integrity.departments)
    found = {one: judging.person(facts, one) for one in up}
    assert (facts.surveys is not None, {one.standard for one in found.values()}) == (True, {"met"})
    assert {one.integrity.outcome for one in found.values()} <= {"met", "not_met", "pending"}
    assert [one for one in found.values() if one.integrity.outcome == "met"] != []
    assert office.get(f"{at}county/").status_code == office.get(f"{at}list/").status_code == 200


def test_a_rehearsal_cannot_be_rehearsed(copy: Selection, visit: Visit) -> None:
    visit("office").post(f"/s/{copy.slug}/rehearsal/begin/", {"minutes": "1"})
    assert Selection.objects.filter(rehearsal=True).count() == 1
    assert rehearsal.DAY // copy.pace == 1
