"""A meeting from its call to its signed minutes: signed in to by a code that changes, voted, filed, locked, corrected."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, get_args

import pytest
from django.test import Client
from django.utils import timezone
from docx import Document
from python_calamine import CalamineWorkbook

import offices
from fourgates import convening, judging, nominations
from fourgates.convening import Meeting
from fourgates.facts import Facts
from fourgates.units import Kind, Unit
from fourgates.web import access, records
from fourgates.web.models import Arrival, Role, Selection
from fourgates.web.views import attendance, meetings

Visit = Callable[[str], Client]


class Office:
    """A unit's desk: its meetings in a record to be written to, through the browser of who works there."""

    def __init__(self, row: Selection, client: Client, unit: str) -> None:
        self.row, self.client, self.unit = row, client, unit
        self.at = f"/s/{row.slug}/"
        self.name = ""

    @property
    def facts(self) -> Facts:
        return records.keeper(self.row).current().facts

    @property
    def meeting(self) -> Meeting:
        return self.facts.meetings[self.name]

    def call(self, profile: str, day: str) -> None:
        sent = {"profile": profile, "day": day, "time": "09:00", "place": "会议室", "item": ["推荐提名", ""]}
        answer = self.client.post(f"{self.at}units/{access.key(self.unit)}/meetings/call/", sent)
        assert answer.status_code == 302, answer.content.decode()
        self.name = answer.headers["Location"].rstrip("/").rpartition("/")[2]

    def post(self, what: str, **sent: object) -> int:
        return self.client.post(f"{self.at}meetings/{self.name}/{what}/", sent).status_code

    @property
    def stands(self) -> str:
        """The entry that the form of the attendance was opened at."""
        found = re.search(r'name="stands" value="(\d+)"', self.page("sheet/"))
        assert found is not None
        return found[1]

    def page(self, what: str = "") -> str:
        return self.client.get(f"{self.at}meetings/{self.name}/{what}").content.decode()

    def book(self, what: str = "") -> list[list[Any]]:
        content = self.client.get(f"{self.at}meetings/{self.name}/{what}?as=xlsx").content
        return CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()


@pytest.fixture
def branch(working: Selection, visit: Visit) -> Office:
    unit = Role.objects.get(user__username="secretary", selection=working).unit
    office = Office(working, visit("secretary"), unit)
    office.call("党员大会", office.facts.rulebook().windows.nomination.first.isoformat())
    return office


def roll(office: Office) -> list[str]:
    facts = office.facts
    return sorted(convening.roll(office.unit, facts.register(), facts.roster()))


def test_a_branch_meets_from_its_call_to_its_signed_minutes(branch: Office) -> None:
    due = roll(branch)
    least = convening.needed(branch.facts.rulebook().meetings.kinds[0], len(due))
    assert branch.post("votes", text="通过", **{"for": "1", "against": "0", "abstained": "0"}) == 409
    assert branch.post("sheet/tick", here=due[: least - 1]) == 302
    assert f"应到{len(due)}人，最少要到{least}人。 还差1人。" in branch.page("sheet/")
    assert branch.post("attendance", here=due[:least], ended="10:30") == 302
    came = branch.meeting.attendance
    assert came is not None
    assert (came.due, came.present, came.manner, came.ended) == (len(due), least, "paper", "10:30")
    assert Arrival.objects.count() == 0
    assert branch.post("votes", text="通过", **{"for": str(least), "against": "1", "abstained": "0"}) == 409
    assert (
        branch.post("votes", text="通过", **{"for": str(least - 1), "against": "1", "abstained": "0"}) == 302
    )
    assert branch.book()[-1][:5] == ["通过", least - 1, 1, 0, least]
    assert branch.client.get(f"{branch.at}meetings/{branch.name}/minutes.docx").status_code == 409
    who = records.keeper(branch.row).people()
    sent = {
        "who": [who.name(due[0]), ""],
        "tail": [who.number(due[0])[-4:], ""],
        "members": ["3", ""],
        "merit": ["实干", ""],
    }
    assert branch.post("names/put-forward", **sent, instead="1") == 302
    assert judging.filed(branch.facts)[branch.unit] == ()  # not before the minutes are signed
    content = branch.client.get(f"{branch.at}meetings/{branch.name}/minutes.docx").content
    cells = {
        cell.text
        for table in Document(io.BytesIO(content)).tables
        for row in table.rows
        for cell in row.cells
    }
    assert "实干" in cells
    day = branch.meeting.called.day.isoformat()
    assert branch.post("sign", signer=["王主持", "王主持"], day=day) == 409
    assert branch.post("sign", signer=["王主持", "李记录"], day=day) == 302
    assert branch.meeting.signed
    (sitting,) = judging.filed(branch.facts)[branch.unit][-1:]
    assert nominations.valid(sitting, branch.facts.rulebook())
    assert [(name.person, name.members) for name in sitting.names] == [(due[0], 3)]
    assert "<b>王主持</b>、<b>李记录</b>" in branch.page()


def test_signed_minutes_are_corrected_with_a_reason_and_signed_anew(branch: Office) -> None:
    due = roll(branch)
    day = branch.meeting.called.day.isoformat()
    branch.post("attendance", here=due)
    branch.post("sign", signer=["王主持", "李记录"], day=day, paper=io.BytesIO(b"scan"))
    assert "已经锁定" in branch.page()
    changed = {"here": due[:-1], "seen": due, "ended": "10:30"}
    assert branch.post("attendance", **changed, reason="多数了一人") == 409  # opened before it was entered
    assert branch.post("attendance", **changed, stands=branch.stands) == 409
    assert branch.post("attendance", **changed, stands=branch.stands, reason="多数了一人") == 302
    assert branch.meeting.attendance == convening.Attendance(
        len(due), len(due) - 1, "paper", tuple(due[:-1]), (), "10:30"
    )
    assert not branch.meeting.signed
    assert "更正过，要重新签字" in branch.page()
    assert branch.post("off", reason="没有开成") == 302
    assert "已取消" in branch.page()


def test_members_sign_in_by_a_code_that_changes(branch: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    member = Client()
    due, people = roll(branch), records.keeper(branch.row).people()
    shown = re.search(r'<div class="qr"', branch.page("signin/"))
    assert shown is not None
    where = (
        f"/in/{branch.row.slug}/{branch.name}/{attendance.code(branch.row, branch.name, attendance.now())}/"
    )
    sent = {"who": people.name(due[0]), "digits": people.number(due[0])[-4:].lower()}
    assert member.get(where).status_code == 200
    assert member.post(where, {**sent, "digits": "000"}).status_code == 422
    assert member.post(where, {**sent, "who": "无名氏"}).status_code == 422
    assert [member.post(where, sent).status_code for _twice in range(2)] == [200, 200]
    assert [(one.person, one.manner) for one in Arrival.objects.all()] == [(due[0], "qr")]
    assert (
        '<b class="big">1</b>'
        in branch.client.get(
            f"{branch.at}meetings/{branch.name}/signin/", headers={"HX-Request": "true"}
        ).content.decode()
    )
    own = branch.client.get(f"{branch.at}units/{access.key(branch.unit)}/").content.decode()
    sittings = own.partition('id="sittings"')[2].partition("</ul>")[
        0
    ]  # the branch's own page tells it as it changes
    assert ("every 20s" in sittings, f"应到{len(due)}人，实到1人。" in sittings) == (True, True)
    guess = {"who": people.name(due[1]), "digits": "0000"}
    right = {"who": people.name(due[1]), "digits": people.number(due[1])[-4:]}
    assert {member.post(where, guess).status_code for _try in range(attendance.TRIES)} == {422}
    assert member.post(where, right).status_code == 422
    later = attendance.now() + 5
    monkeypatch.setattr(attendance, "now", lambda: later)
    assert (member.get(where).status_code, member.post(where, sent).status_code) == (410, 410)
    branch.post("attendance")
    attended = branch.meeting.attendance
    assert attended is not None
    assert (attended.manner, attended.people) == ("qr", (due[0],))
    assert branch.client.get(f"{branch.at}meetings/{branch.name}/signin/").status_code == 404


def test_a_sheet_says_what_it_changed_and_nothing_else(branch: Office) -> None:
    """Who signs in after the sheet was opened stays signed in, whatever is sent with it; and a sheet may clear everybody."""
    due = roll(branch)
    signed_in = (
        Arrival.objects.filter(meeting=branch.name).values_list("person", flat=True).order_by("person")
    )
    branch.post("sheet/tick", here=due[:3])
    opened = re.findall(r'name="seen" value="(\w+)"', branch.page("sheet/"))
    assert sorted(opened) == due[:3]
    Arrival.objects.create(
        selection=branch.row, meeting=branch.name, person=due[5], manner="qr", at=timezone.now()
    )
    sent = {"seen": opened, "here": [*due[1:3], due[4]]}  # the first cleared, the fifth ticked
    where = f"{branch.at}meetings/{branch.name}/sheet/tick/"
    told = branch.client.post(where, sent, headers={"HX-Request": "true"}).content.decode()
    assert list(signed_in.all()) == [*due[1:3], *due[4:6]]
    assert sorted(re.findall(r'name="seen" value="(\w+)"', told)) == list(signed_in.all())
    assert re.findall(r'id="box-(\w+)"( checked)?', told) == [(due[5], " checked")]
    assert branch.post("sheet/tick", seen=due[:2], here=due[:1]) == 302  # a page that was opened long ago
    assert list(signed_in.all()) == [due[2], *due[4:6]]
    assert branch.post("attendance", seen=[due[2], due[4]]) == 302  # all its boxes cleared
    came = branch.meeting.attendance
    assert came is not None
    assert (came.people, came.manner, signed_in.count()) == ((due[5],), "qr", 0)
    Arrival.objects.create(
        selection=branch.row, meeting=branch.name, person=due[6], manner="qr", at=timezone.now()
    )
    assert "1" in re.findall(r'<b class="big">(\d+)', branch.page())
    assert f'value="{due[6]}" id="box-{due[6]}" checked' in branch.page(
        "sheet/"
    )  # too late to be counted, but seen
    assert branch.post("attendance", seen=due[5:7], here=due[5:7], stands=branch.stands) == 302
    came = branch.meeting.attendance
    assert came is not None
    assert came.people == tuple(due[5:7])
    assert branch.post("attendance", seen=due[5:7], stands=branch.stands) == 302
    assert branch.meeting.attendance == convening.Attendance(len(due), 0, "paper")


def test_what_is_past_is_only_looked_at(branch: Office) -> None:
    due = roll(branch)
    called = records.keeper(branch.row).current().n
    branch.post("attendance", here=due)
    entered = records.keeper(branch.row).current().n
    past = {
        what: branch.client.get(f"{branch.at}{what}?at={at}").content.decode()
        for at in (called, entered)
        for what in (
            f"meetings/{branch.name}/", f"meetings/{branch.name}/sheet/",
            f"meetings/{branch.name}/names/", f"units/{access.key(branch.unit)}/meetings/",
        )
    }  # fmt: skip
    main = {what: page.partition("<main")[2] for what, page in past.items()}
    assert {what: page.count('method="post"') for what, page in main.items()} == dict.fromkeys(main, 0)
    assert branch.client.get(f"{branch.at}meetings/{branch.name}/signin/?at={called}").status_code == 404
    assert sum("到会" in row for row in branch.book("sheet/")) == len(due) + 1  # with its heading
    then = branch.client.get(f"{branch.at}meetings/{branch.name}/sheet/?at={called}&as=xlsx").content
    rows = CalamineWorkbook.from_filelike(io.BytesIO(then)).get_sheet_by_index(0).to_python()
    assert (sum("到会" in row for row in rows), len(rows) > len(due)) == (1, True)


def test_what_may_not_be_done_now_is_grey_with_the_reason(branch: Office) -> None:
    due = roll(branch)
    page = branch.page()
    assert grey(page) == {"sign": "11.2"}  # nobody signed in yet
    branch.post("attendance", here=due[:1])
    assert grey(branch.page()) == {"vote": "11.4"}
    branch.post("off", reason="没有开成")
    assert grey(branch.page()) == {}
    assert grey(branch.page("sheet/")) == {"attend": "11.2"}


def grey(page: str) -> dict[str, str]:
    """The acts that are grey, each with the rule that says no."""
    return dict(re.findall(r'id="why-(\w+)-">[^<]* · <a class="rule"[^>]*><b>(\d+\.\d+)<', page))


def test_a_general_branch_files_no_names() -> None:
    kinds = {kind: meetings.files(Unit(kind, kind)) for kind in get_args(Kind)}
    assert kinds == {
        "county": "votes",
        "committee": "votes",
        "working_committee": "votes",
        "general_branch": "",
        "branch": "names",
    }


def test_somebody_is_lawfully_not_counted(branch: Office) -> None:
    due = roll(branch)
    ground = branch.facts.rulebook().meetings.exclusions[0]
    sent = {"here": due[1:], "whom": [due[0], ""], "ground": [ground, ground], "consent": ["党委2月3日", ""]}
    assert branch.post("attendance", **{**sent, "consent": ["", ""]}) == 409
    assert branch.post("attendance", **sent) == 302
    came = branch.meeting.attendance
    assert came is not None
    assert (came.due, came.present) == (len(due) - 1, len(due) - 1)
    page = branch.page("sheet/")  # a correction begins with what stands
    assert (f'<option value="{due[0]}" selected>' in page, 'value="党委2月3日"' in page) == (True, True)


def test_what_is_refused_stays_as_it_was_typed(branch: Office) -> None:
    due = roll(branch)
    branch.post("attendance", here=due)
    people = records.keeper(branch.row).people()
    who, tail = people.name(due[0]), people.number(due[0])[-4:]
    sent = {"who": [who], "tail": [tail], "members": [str(len(due) + 1)], "merit": ["实干"], "instead": "1"}
    answer = branch.client.post(f"{branch.at}meetings/{branch.name}/names/put-forward/", sent)
    assert answer.status_code == 409
    page = answer.content.decode()
    assert ("<b>3.3</b>" in page, f'value="{who}"' in page, 'value="实干"' in page) == (True, True, True)
    assert branch.post("names/put-forward", who=["无名氏"], tail=[""], members=["1"], merit=[""]) == 409


def test_a_form_tells_nobody_s_number(branch: Office) -> None:
    """Neither by showing its end nor by saying, before everything else is in order, whether a guess was right."""
    due = roll(branch)
    branch.post("attendance", here=due)
    people = records.keeper(branch.row).people()
    who, number = people.name(due[0]), people.number(due[0])
    other = f"{int(number[-4:-1]) ^ 1:03}{number[-1]}"
    where = f"{branch.at}meetings/{branch.name}/names/put-forward/"

    def asked(tail: str, members: str = "1", id_: str = "") -> str:
        sent = {
            "id": [id_],
            "who": [who],
            "tail": [tail],
            "members": [members],
            "merit": [""],
            "instead": "1",
        }
        answer = branch.client.post(where, sent)
        found = re.findall(r"<b>(\d+\.\d+)</b>", answer.content.decode())
        return found[0] if found else str(answer.status_code)

    assert {asked(tail, "x") for tail in (number[-4:], other, "", number[-6:])} == {"3.1"}
    assert {asked(tail) for tail in (number[-1:], number[-6:], number, "....")} == {"3.2"}
    assert asked(number[-4:]) == "302"
    page = branch.client.get(f"{branch.at}meetings/{branch.name}/names/").content.decode()
    assert (f'value="{who}"' in page, number[-4:] in page) == (True, False)
    assert [asked(other) for _try in range(12)] == ["3.2"] * 12
    assert asked(number[-4:]) == "3.2"  # too often for this hour
    assert asked("", "2", due[0]) == "302"  # who was filed is known without them


@pytest.fixture
def decided(db: None, stores: dict[str, str], tmp_path: Path) -> Iterator[Selection]:
    row = offices.open_county("redone", offices.copied(stores["done"], tmp_path / "redone.db"))
    yield row
    records.close(row)


def test_a_committee_votes_name_by_name(decided: Selection, visit: Visit) -> None:
    unit = Role.objects.get(user__username="clerk", selection=decided).unit
    office = Office(decided, visit("clerk"), unit)
    office.call("党委会", office.facts.rulebook().windows.committee_review.first.isoformat())
    assert office.post("attendance", due="9", present="x") == 409
    assert office.post("attendance", due="9", present="8") == 302
    assert grey(office.page("names/")) == {}
    lines = judging.tallied(office.facts, unit)[:2]
    first, second = (line.person for line in lines)
    sent = {
        f"for-{first}": "7", f"against-{first}": "1", f"up-{first}": "1",
        f"for-{second}": "3", f"against-{second}": "4", f"abstained-{second}": "1", f"reason-{second}": "票数不够",
    }  # fmt: skip
    before = records.keeper(decided).current().n
    assert office.post("names/voted", **{**sent, f"against-{second}": "9"}) == 409
    assert records.keeper(decided).current().n == before
    assert office.post("names/voted", **sent) == 409  # voted on before, at a meeting that nobody named
    sent["instead"] = "1"
    assert office.post("names/voted", **sent) == 302
    assert {motion.person: motion.votes_for for motion in office.meeting.motions.values()} == {
        first: 7,
        second: 3,
    }
    assert office.client.get(f"{office.at}meetings/{office.name}/minutes.docx").status_code == 200
    assert office.post("sign", signer=["甲", "乙"], day=office.meeting.called.day.isoformat()) == 302
    assert judging.holds(office.facts, office.meeting)
    assert [vote.person for vote in judging.reviewed(office.facts)[unit][-1].votes] == [first, second]
    rows = {row[0]: row[2:7] for row in office.book("names/")}
    assert rows[records.keeper(decided).people().name(second)] == [3, 4, 1, "否", "票数不够"]


def test_the_county_decides_by_meeting(decided: Selection, visit: Visit) -> None:
    facts = records.keeper(decided).current().facts
    office = Office(decided, visit("office"), facts.register().county)
    office.call("常委会", facts.rulebook().windows.county_review.first.isoformat())
    office.post("attendance", due="11", present="11")
    page = office.page("names/")
    everybody = re.findall(r'name="for-(\w+)"', page)
    assert set(everybody) == set(judging.eligible(facts))
    chosen = everybody[: facts.rulebook().quota.county_list]
    sent = {f"for-{one}": "11" for one in chosen}
    assert office.post("names/voted", **sent, instead="1") == 409  # nobody goes up, and that is not said
    none = office.client.post(
        f"{office.at}meetings/{office.name}/names/voted/", {**sent, "instead": "1"}
    ).content.decode()
    assert ("没有勾选上报的人" in none, none.count('value="11"') >= len(chosen)) == (True, True)
    assert office.facts.met.get(("CountyDecided", "")) is None
    assert office.post("names/voted", **sent, instead="1", nobody="1") == 302
    assert office.facts.met["CountyDecided", ""][-1] == office.name
    sent |= {f"up-{one}": "1" for one in chosen}
    assert office.post("names/voted", **sent, instead="1") == 302
    decision = judging.decision(office.facts)
    assert decision is not None
    assert set(decision.people) == set(chosen)


def test_meetings_are_listed_and_taken_away(branch: Office) -> None:
    page = branch.client.get(f"{branch.at}meetings/").content.decode()
    assert page.count("/meetings/" + branch.name) == 1
    assert branch.book("sheet/")[-1][3:] == ["", ""]


def test_a_meeting_of_others_is_not_found(branch: Office, visit: Visit) -> None:
    for name in ("neighbour", "other-secretary", "guest", "stranger", "audit"):
        got = [
            visit(name).get(f"{branch.at}meetings/{branch.name}/{what}").status_code
            for what in ("", "sheet/", "names/", "signin/", "minutes.docx")
        ]
        acts = [
            visit(name).post(f"{branch.at}meetings/{branch.name}/{what}/").status_code
            for what in (
                "off",
                "sheet/tick",
                "attendance",
                "votes",
                "sign",
                "names/put-forward",
                "names/voted",
            )
        ]
        assert set(got) | set(acts) == {404}, name
    assert visit("discipline").get(f"{branch.at}meetings/{branch.name}/").status_code == 200
