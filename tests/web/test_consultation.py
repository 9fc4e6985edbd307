"""The consultation desk: letters with clocks, answers one by one and in bulk, silence that is no consent, bars lifted by two."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

import offices
from fourgates import consultation, erasing, judging
from fourgates.consultation import Asked
from fourgates.events import ChecksDone
from fourgates.gates.integrity import Result
from fourgates.papers.rolls import Rolls
from fourgates.web import access, records, texts
from fourgates.web.models import Enclosure, Look, Proposal, Role, Selection, User
from offices import facts, last, morning

Visit = Callable[[str], Client]
DEPARTMENT, OTHER = "审计", "税务"
COMPLAINT, IDENTITY = "举报反映问题没有查清", "党员身份存疑"


@pytest.fixture
def desk(db: None, stores: dict[str, str], tmp_path: Path) -> Iterator[Selection]:
    """A county with everybody vetted, on the day after its decision, in a record of its own; ``second`` is of the office too."""
    row = offices.open_county("desk", offices.copied(stores["done"], tmp_path / "desk.db"))
    for name, department in (("audit", DEPARTMENT), ("tax", OTHER)):
        Role.objects.filter(user__username=name, selection=row).update(department=department)
    second = User.objects.create(username="second", name=User.sealed("second", "second"))
    Role.objects.create(user=second, selection=row, kind="county")
    morning(
        row, records.keeper(row).current().facts.rulebook().windows.county_review.last + timedelta(days=1)
    )
    yield row
    records.close(row)


def today(row: Selection) -> str:
    return records.now(row.ahead).astimezone(access.CHINA).date().isoformat()


def ask(row: Selection, visit: Visit, *departments: str, due: str = "") -> None:
    due = due or (records.now(row.ahead) + timedelta(days=7)).date().isoformat()
    sent = visit("office").post(
        f"/s/{row.slug}/consultation/ask/", {"departments": departments, "due": due, "once": "a"}
    )
    assert sent.status_code == 302


def unanswered(row: Selection) -> None:
    """Take back what came in by the folder, so that there is somebody to ask."""
    from fourgates.events import Withdrawn

    keeper = records.keeper(row)
    standing = keeper.current().standing
    keeper.offer(
        [Withdrawn(standing["RepliesReceived", name]) for name in (DEPARTMENT, OTHER)], by="县委组织部"
    )


def test_a_letter_starts_a_clock_and_silence_is_said(desk: Selection, visit: Visit) -> None:
    unanswered(desk)
    assert (
        "征求意见的名单" in visit("audit").get(f"/s/{desk.slug}/departments/{DEPARTMENT}/").content.decode()
    )
    up = tuple(judging.sent_up(facts(desk)))
    ask(desk, visit, DEPARTMENT)
    letter = facts(desk).asked[DEPARTMENT]
    day = records.now(desk.ahead).astimezone(access.CHINA).date()
    assert letter == Asked(up, day, day + timedelta(days=7))
    page = visit("audit").get(f"/s/{desk.slug}/departments/{DEPARTMENT}/").content.decode()
    assert len(re.findall(r"没有答复\s*</td>", page)) == len(up)
    people, state = records.keeper(desk).people(), records.keeper(desk).current()
    listed = [f"/{one}/" for one in Rolls(people, state.facts, up).order(up)]
    assert sorted(listed, key=page.index) == listed
    above = visit("office").get(f"/s/{desk.slug}/departments/{DEPARTMENT}/").content.decode()
    own, told = (one.partition('id="duties"')[2].partition("</section>")[0] for one in (page, above))
    assert (told, f"departments/{quote(DEPARTMENT)}/" in told) == (own, True)
    morning(desk, day + timedelta(days=9))
    late = visit("office").get(f"/s/{desk.slug}/consultation/").content.decode()
    assert "超期2天，没有答复不算同意" in late
    reminder = re.findall(r"<textarea[^>]*readonly>([^<]*)</textarea>", late)
    assert len(reminder) == 1
    assert [
        one.name for one in records.keeper(desk).people().people.values() if one.name in reminder[0]
    ] == []


def test_a_department_answers_on_its_list_alone(desk: Selection, visit: Visit) -> None:
    unanswered(desk)
    ask(desk, visit, DEPARTMENT)
    client, at_ = visit("audit"), f"/s/{desk.slug}/departments/{DEPARTMENT}/"
    first, second = list(judging.sent_up(facts(desk)))[:2]
    outside = next(id_ for id_ in facts(desk).roster().members if id_ not in judging.sent_up(facts(desk)))
    day = today(desk)
    assert client.get(f"{at_}{outside}/").status_code == 404
    assert client.post(f"{at_}{outside}/answer/", {"word": "无异议", "day": day}).status_code == 404
    assert client.get(f"/s/{desk.slug}/departments/{OTHER}/{first}/").status_code == 404
    assert client.post(f"{at_}{first}/answer/", {"word": "有影响", "day": day}).status_code == 422
    client.post(f"{at_}{first}/answer/", {"word": "有影响", "day": day, "note": "正在核实的一件事"})
    client.post(f"{at_}{second}/answer/", {"word": "无异议", "day": day})
    given = {one.person: one for one in facts(desk).replies[DEPARTMENT]}
    assert {id_: one.word for id_, one in given.items()} == {first: "有影响", second: "无异议"}
    assert last(desk).by == DEPARTMENT
    assert list(texts.everything(desk).values()) == ["正在核实的一件事"]
    # A correction wants its reason; the same again is not recorded again.
    assert client.post(f"{at_}{first}/answer/", {"word": "无异议", "day": day}).status_code == 422
    n = last(desk).n
    client.post(f"{at_}{second}/answer/", {"word": "无异议", "day": day})
    assert last(desk).n == n
    # With a file: of a kind that is taken, under no name, readable by those who ask and answer, gone with the person.
    page, scan = b"%PDF-1.7 found in the files", SimpleUploadedFile
    for wrong in (scan("查.pdf", b"MZ"), scan("查.pdf", b"%PDF" * (3 << 20)), scan("查.docm", b"PK\x03\x04")):
        sent = {"word": "无异议", "day": day, "file": wrong}
        assert client.post(f"{at_}{second}/answer/", sent).status_code == 422
    assert (last(desk).n, Enclosure.objects.count()) == (n, 0)
    client.post(f"{at_}{second}/answer/", {"word": "无异议", "day": day, "file": scan("../张三.pdf", page)})
    kept, there = Enclosure.objects.get(), f"{at_}{second}/file/"
    assert (last(desk).n, dict(facts(desk).enclosed)) == (n + 1, {f"{DEPARTMENT} {second}": kept.digest})
    assert (page in bytes(kept.sealed), "张三" in str(vars(kept))) == (False, False)
    taken = client.get(there)
    assert (taken.content, taken.headers["Content-Type"]) == (page, "application/pdf")
    assert taken.headers["Content-Disposition"].startswith("attachment")
    statuses = [visit(one).get(there).status_code for one in ("office", "tax", "discipline", "secretary")]
    assert statuses == [200, 404, 404, 404]
    assert client.get(at_).content.decode().count(f'href="{quote(there)}"') == 1
    erasing.person(erasing.Kept(records.keeper(desk)), second, "误录")
    assert client.get(there).status_code == 404


def filled(content: bytes, word: str, note: str = "见附件", *, row: int = 4) -> bytes:
    """The workbook to answer on, with ``word`` in one row."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    sheet = book.worksheets[0]
    heads = {str(cell.value): cell.column for cell in sheet[3]}
    sheet.cell(row, heads["意见"]).value = word
    sheet.cell(row, heads["说明"]).value = note
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_a_returned_workbook_is_shown_first_and_recorded_when_confirmed(
    desk: Selection, visit: Visit
) -> None:
    unanswered(desk)
    ask(desk, visit, DEPARTMENT, OTHER)
    client, at_ = visit("audit"), f"/s/{desk.slug}/departments/{DEPARTMENT}/"
    blank = client.get(f"{at_}reply.xlsx").content
    people = facts(desk).asked[DEPARTMENT].people
    assert Look.objects.count() == len(people)
    n = last(desk).n

    def returned(content: bytes, name: str = "回函.xlsx", **more: str) -> str:
        upload = SimpleUploadedFile(name, content)
        return client.post(f"{at_}returned/", {"file": upload, **more}).content.decode(errors="replace")

    page = returned(filled(blank, "无异议"))
    assert (page.count("新答复"), page.count("没有填</td>"), last(desk).n) == (1, len(people) - 1, n)
    found = re.search(r'name="answers" value="([^"]+)"', page)
    assert found is not None
    assert (
        visit("tax").post(f"/s/{desk.slug}/departments/{OTHER}/confirm/", {"answers": found[1]}).status_code
        == 302
    )
    assert last(desk).n == n
    client.post(f"{at_}confirm/", {"answers": found[1]})
    assert [one.word for one in facts(desk).replies[DEPARTMENT]] == ["无异议"]
    assert returned(filled(blank, "无异议")).count("没有变化</td>") == 1
    assert "在说明栏写明事实或者理由" not in returned(filled(blank, "有影响"))
    unsaid = returned(filled(blank, "有影响", ""))
    assert ("更正以前的答复，也要写明理由" in unsaid, "有错" in unsaid) == (True, True)
    marked = client.post(
        f"{at_}returned/", {"file": SimpleUploadedFile("回函.xlsx", filled(blank, "随便")), "give": "marked"}
    )
    assert openpyxl.load_workbook(io.BytesIO(marked.content)).sheetnames[0] == "问题清单"
    other = visit("office").get(f"/s/{desk.slug}/departments/{OTHER}/reply.xlsx").content
    assert f"这是{OTHER}的回函，不是{DEPARTMENT}的" in returned(other)
    assert 'role="alert"' in returned(b"no workbook")
    assert last(desk).n == n + 1


def test_letters_go_out_for_every_department(county: Selection, visit: Visit) -> None:
    content = visit("office").get(f"/s/{county.slug}/consultation/letters.zip").content
    departments = facts(county).rulebook().integrity.departments
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert len(archive.namelist()) == 2 * len(departments)
        letter = archive.read(f"征求意见函/征求意见函_{DEPARTMENT}.docx")
    with zipfile.ZipFile(io.BytesIO(letter)) as document:
        assert DEPARTMENT in document.read("word/document.xml").decode()


def test_a_department_that_was_asked_about_nobody_has_not_answered(halfway: Selection, visit: Visit) -> None:
    page = visit("office").get(f"/s/{halfway.slug}/consultation/").content.decode()
    assert "没有发函" in page
    assert "已答完" not in page


def test_a_department_comes_in_by_a_link_once(desk: Selection, visit: Visit) -> None:
    page = visit("office").post(f"/s/{desk.slug}/consultation/doors/{DEPARTMENT}/").content.decode()
    found = re.search(r"http://testserver(/link/[\w-]+/)", page)
    assert found is not None
    client = Client()
    assert client.get(found[1]).status_code == 200
    landed = client.post(found[1], follow=True)
    assert landed.redirect_chain[-1][0].endswith("/departments/%E5%AE%A1%E8%AE%A1/")
    assert client.get(f"/s/{desk.slug}/consultation/").status_code == 404
    assert Client().get(found[1]).status_code == 404
    # Somebody's own account is never handed out, whatever it is called.
    user = User.objects.get(username=f"{desk.slug}-{access.key(DEPARTMENT)}")
    Role.objects.create(user=user, selection=desk, kind="county")
    assert visit("office").post(f"/s/{desk.slug}/consultation/doors/{DEPARTMENT}/").status_code == 404


def accused(row: Selection) -> str:
    """Somebody sent up with an open complaint and doubts about the membership."""
    keeper, stands = records.keeper(row), facts(row)
    person = next(iter(judging.sent_up(stands)))
    day = stands.rulebook().windows.vetting.first
    results = {**stands.checks[person], "信访举报": Result("未查清", day), "党员身份": Result("存疑", None)}
    number = keeper.current().standing["ChecksDone", person]
    keeper.offer([ChecksDone(person, results, "handler", corrects=number)], by="县委组织部")
    return person


def test_a_bar_is_lifted_by_two_people_in_one_entry(desk: Selection, visit: Visit) -> None:
    person = accused(desk)
    at_, one, two = f"/s/{desk.slug}/concerns/{person}/", visit("office"), visit("second")
    page = one.get(at_).content.decode()
    assert "规则规定“党员身份存疑”一律不得解除 · 8.10" in offices.text(page)
    assert one.post(f"{at_}propose/", {"bar": IDENTITY, "text": "无"}).status_code == 409
    n = last(desk).n
    one.post(f"{at_}propose/", {"bar": COMPLAINT, "text": "经核查，反映不实"})
    assert (last(desk).n, Proposal.objects.count()) == (n, 1)
    assert "要由不同的两人决定 · 8.10" in offices.text(one.get(at_).content.decode())
    assert one.post(f"{at_}confirm/", {"bar": COMPLAINT}).status_code == 409
    assert visit("discipline").post(f"{at_}confirm/", {"bar": COMPLAINT}).status_code == 404
    two.post(f"{at_}confirm/", {"bar": COMPLAINT})
    event = last(desk).event
    lifted = facts(desk).lifted[f"{person} {COMPLAINT}"]
    assert (last(desk).n, Proposal.objects.count(), lifted.ground) == (n + 1, 0, event.ground)  # type: ignore[union-attr]
    said = texts.everything(desk)
    assert (said[event.by], said[event.second]) == ("office", "second")  # type: ignore[union-attr]
    assert said[lifted.ground] == "经核查，反映不实"


def test_a_proposal_lapses_when_something_else_raises_the_bar(desk: Selection, visit: Visit) -> None:
    person = accused(desk)
    at_ = f"/s/{desk.slug}/concerns/{person}/"
    visit("office").post(f"{at_}propose/", {"bar": COMPLAINT, "text": "经核查，反映不实"})
    keeper, results = records.keeper(desk), facts(desk).checks[person]
    day = facts(desk).rulebook().windows.vetting.last
    number = keeper.current().standing["ChecksDone", person]
    again = ChecksDone(person, {**results, "信访举报": Result("未查清", day)}, "handler", corrects=number)
    keeper.offer([again], by="县委组织部")
    visit("second").post(f"{at_}confirm/", {"bar": COMPLAINT})
    assert (len(facts(desk).lifted), Proposal.objects.count()) == (0, 1)
    visit("second").post(f"{at_}retract/", {"bar": COMPLAINT})
    assert Proposal.objects.count() == 0


def test_the_person_is_told_answers_and_is_reviewed_by_somebody_else(desk: Selection, visit: Visit) -> None:
    person = accused(desk)
    at_, one, two = f"/s/{desk.slug}/concerns/{person}/", visit("office"), visit("second")
    assert "还没有告知本人" in one.get(at_).content.decode()
    one.post(f"{at_}notify/", {"bar": COMPLAINT})
    one.post(f"{at_}reply/", {"bar": COMPLAINT, "text": "情况不是这样"})
    assert (
        one.post(f"{at_}review/", {"bar": COMPLAINT, "text": "看过", "outcome": "cleared"}).status_code == 409
    )
    two.post(f"{at_}review/", {"bar": COMPLAINT, "text": "看过", "outcome": "cleared"})
    passed: consultation.Concern = facts(desk).concerns[f"{person} {COMPLAINT}"]
    assert (passed.told_by, passed.outcome) == (passed.recorded_by, "cleared")
    page = visit("discipline").get(at_).content.decode()
    assert ("复核：情况已经查清" in page, '<form method="post" action="/s/' in page) == (True, False)
