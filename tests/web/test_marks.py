"""The secretary marks who took part, one click each; calls are made in turn; conflicts are settled by two."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client
from python_calamine import CalamineWorkbook

from fourgates import events, judging
from fourgates.facts import Facts
from fourgates.web import access, records
from fourgates.web.models import Call, Proposal, Role, Selection, Text

Visit = Callable[[str], Client]


class Branch:
    """The secretary's own branch, in a record to be written to."""

    def __init__(self, row: Selection) -> None:
        self.row = row
        self.unit = Role.objects.get(user__username="secretary", selection=row).unit
        self.at = f"/s/{row.slug}/units/{access.key(self.unit)}/"

    @property
    def facts(self) -> Facts:
        return records.keeper(self.row).current().facts

    @property
    def missing(self) -> list[str]:
        members = self.facts.roster().members
        return [one for one in judging.counted(self.facts).absent if members[one].branch == self.unit]

    @property
    def day(self) -> str:
        return self.facts.rulebook().windows.nomination.first.isoformat()


@pytest.fixture
def branch(working: Selection) -> Branch:
    return Branch(working)


def test_one_click_marks_one_member(branch: Branch, visit: Visit) -> None:
    client, missing = visit("secretary"), branch.missing
    page = client.get(f"{branch.at}marks/").content.decode()
    assert re.findall(r'<li id="m-(\w+)">', page) == [
        one.id
        for one in branch.facts.rosters[branch.facts.register().committee_of(branch.unit)]
        if one.id in missing
    ]
    answer = client.post(
        f"{branch.at}marks/{missing[0]}/", {"channel": "电话", "day": branch.day, "second": ""}
    )
    assert answer.headers["Location"] == f"{branch.at}marks/?day={branch.day}#missing"
    assert branch.missing == missing[1:]
    assert judging.marks(branch.facts)[missing[0]].channel == "电话"
    book = CalamineWorkbook.from_filelike(io.BytesIO(client.get(f"{branch.at}marks/?as=xlsx").content))
    rows = {row[0]: row[2:6] for row in book.get_sheet_by_index(0).to_python()}
    name = records.keeper(branch.row).people().name
    assert rows[name(missing[0])] == ["电话", branch.day, "secretary", ""]
    assert rows[name(missing[1])] == ["", "", "", "还没有登记"]


def test_the_record_says_no_and_the_page_says_why(branch: Branch, visit: Visit) -> None:
    client, who = visit("secretary"), branch.missing[0]
    for sent, rule in (
        ({"channel": "上门", "day": branch.day}, "2.10"),
        ({"channel": "电话", "day": "someday"}, "2.9"),
        ({"channel": "爬山", "day": branch.day}, "2.2"),
    ):
        answer = client.post(f"{branch.at}marks/{who}/", sent)
        assert (answer.status_code, f"<b>{rule}</b>" in answer.content.decode()) == (409, True)
    good = {"channel": "上门", "day": branch.day, "second": "李同志"}
    assert client.post(f"{branch.at}marks/{who}/", good).status_code == 302


def test_why_somebody_did_not_take_part_and_taking_it_back(branch: Branch, visit: Visit) -> None:
    client, who = visit("secretary"), branch.missing[0]
    client.post(f"{branch.at}marks/{who}/", {"channel": "未参与", f"reason-{who}": "因病住院"})
    assert who in branch.missing
    assert '<span class="why">因病住院</span>' in client.get(f"{branch.at}marks/").content.decode()
    assert client.post(f"{branch.at}marks/{who}/back/").status_code == 302
    assert '<span class="why">因病住院</span>' not in client.get(f"{branch.at}marks/").content.decode()
    assert client.post(f"{branch.at}marks/{who}/back/").status_code == 409


def test_a_member_of_another_branch_is_not_marked_here(branch: Branch, visit: Visit) -> None:
    other = next(one for one in branch.facts.roster().members.values() if one.branch != branch.unit)
    sent = {"channel": "电话", "day": branch.day}
    assert visit("office").post(f"{branch.at}marks/{other.id}/", sent).status_code == 404


def test_calls_go_round_and_only_two_outcomes_are_marks(branch: Branch, visit: Visit) -> None:
    client, before = visit("secretary"), records.keeper(branch.row).current().n
    missing = len(branch.missing)

    def now() -> str:
        page = client.get(f"{branch.at}calls/").content.decode()
        return "".join(re.findall(r'class="callee"><a class="person" href="[^"]*/people/(\w+)/', page))

    last = branch.facts.rulebook().windows.nomination.last
    assert f"到{last.month}月{last.day}日截止" in client.get(f"{branch.at}calls/").content.decode()
    first = now()
    for outcome in ("again", "wrong"):
        assert client.post(f"{branch.at}calls/{first}/", {"outcome": outcome}).status_code == 302
    second = now()
    assert (second != first, records.keeper(branch.row).current().n) == (True, before)
    page = client.get(branch.at).content.decode()
    visits, calls = (
        re.findall(r"/people/(\w+)/", page.partition(f'id="{part}"')[2].partition("</section>")[0])
        for part in ("visits", "tocall")
    )
    assert (visits, sorted(calls)) == ([first], sorted(id_ for id_ in branch.missing if id_ != first))
    assert ("还要上门的1人</h2>" in page, f"还要打电话的{missing - 1}人</h2>" in page) == (True, True)
    client.post(f"{branch.at}calls/{second}/", {"outcome": "reached"})
    third = now()
    client.post(f"{branch.at}calls/{third}/", {"outcome": "declined", "reason": "在国外"})
    assert judging.marks(branch.facts)[second].channel == "电话"
    assert judging.marks(branch.facts)[third].channel == "未参与"
    assert len(branch.missing) == missing - 1
    assert [call.outcome for call in Call.objects.all()] == ["again", "wrong", "reached", "declined"]
    book = CalamineWorkbook.from_filelike(io.BytesIO(client.get(f"{branch.at}calls/?as=xlsx").content))
    said = {(row[2], row[4]) for row in book.get_sheet_by_index(0).to_python()[2:]}
    assert {("还没有登记", "号码不对"), ("在国外", "本人不参与")} <= said
    assert client.post(f"{branch.at}calls/{first}/", {"outcome": "guessed"}).status_code == 409


def test_a_conflict_is_settled_by_two(branch: Branch, visit: Visit) -> None:
    secretary, clerk, who = visit("secretary"), visit("clerk"), branch.missing[0]
    secretary.post(f"{branch.at}marks/{who}/", {"channel": "电话", "day": branch.day})
    clerk.post(f"{branch.at}marks/{who}/", {"channel": "微信", "day": branch.day})
    assert who in branch.missing
    at = f"/s/{branch.row.slug}/conflicts/"
    secretary.post(f"{at}{who}/propose/", {"channel": "电话", "ground": "问过本人"})
    assert "问过本人" in clerk.get(at).content.decode()
    assert "问过本人" not in str([*Proposal.objects.values(), *Text.objects.values()])
    assert clerk.post(f"{at}{who}/confirm/", {"aside": "1"}).status_code == 302
    assert (Proposal.objects.count(), "问过本人" in clerk.get(at).content.decode()) == (0, False)
    page = secretary.get(at).content.decode()
    assert re.findall(r"<li>(.+?) · <b>(.+?)</b></li>", page) == [("支部登记", "电话"), ("党委登记", "微信")]
    assert secretary.post(f"{at}{who}/propose/", {"channel": "会议", "ground": "问过本人"}).status_code == 409
    assert secretary.post(f"{at}{who}/propose/", {"channel": "电话", "ground": " "}).status_code == 409
    assert secretary.post(f"{at}{who}/propose/", {"channel": "电话", "ground": "问过本人"}).status_code == 302
    assert 'aria-disabled="true"' in secretary.get(at).content.decode()
    assert secretary.post(f"{at}{who}/confirm/").status_code == 409
    assert who in branch.missing
    assert clerk.post(f"{at}{who}/confirm/").status_code == 302
    assert judging.marks(branch.facts)[who].channel == "电话"
    assert (judging.conflicts(branch.facts), Proposal.objects.count()) == ((), 0)
    kept = Text.objects.count()
    mark = events.MemberMarked(who, "another", "会议", date.fromisoformat(branch.day), "f" * 24)
    records.keeper(branch.row).offer([mark], by="中共青梧县委组织部")
    secretary.post(f"{at}{who}/propose/", {"channel": "电话", "ground": "问过本人"})
    clerk.post(f"{at}{who}/confirm/", {"aside": "1"})
    assert (Proposal.objects.count(), Text.objects.count()) == (
        0,
        kept,
    )  # what an entry says goes with no proposal


def test_a_proposal_is_put_aside(branch: Branch, visit: Visit) -> None:
    secretary, clerk, who = visit("secretary"), visit("clerk"), branch.missing[0]
    secretary.post(f"{branch.at}marks/{who}/", {"channel": "电话", "day": branch.day})
    clerk.post(f"{branch.at}marks/{who}/", {"channel": "微信", "day": branch.day})
    at = f"/s/{branch.row.slug}/conflicts/{who}/"
    clerk.post(f"{at}propose/", {"channel": "微信", "ground": "记错了"})
    secretary.post(f"{at}confirm/", {"aside": "1"})
    assert (len(judging.conflicts(branch.facts)), Proposal.objects.count()) == (1, 0)
