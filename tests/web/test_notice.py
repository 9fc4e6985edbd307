"""The public notice: posted by working days, read by anybody, objected to by nobody in particular, ended with no case open."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client
from python_calamine import CalamineWorkbook

import offices
from fourgates import judging, oversight
from fourgates.errors import Broken
from fourgates.events import Withdrawn
from fourgates.papers import mending, sentences
from fourgates.web import records
from fourgates.web.models import Selection, Statement
from fourgates.web.posted import bound, said
from offices import MONDAY, facts, last, morning
from web.test_pages import Untranslated, names

Visit = Callable[[str], Client]


def post(row: Selection, visit: Visit) -> None:
    said = {"place": "县委门前公告栏", "start": MONDAY.isoformat(), "days": "5", "once": "a"}
    assert visit("office").post(f"/s/{row.slug}/notices/post/", said).status_code == 302


def object_(row: Selection, number: int = 1, text: str = "反映的事") -> str:
    """Object from outside, and give the number by which the answer is looked up."""
    category = facts(row).rulebook().notice.categories[0]
    sent = Client().post(f"/public/{row.slug}/1/", {"person": number, "category": category, "text": text})
    assert sent.status_code == 302
    return sent.headers["Location"].split("/")[4]


def test_a_notice_runs_by_working_days_and_anybody_reads_it(hall: Selection, visit: Visit) -> None:
    assert Client().get(f"/public/{hall.slug}/1/").status_code == 404
    short = {"place": "公告栏", "start": MONDAY.isoformat(), "days": "4"}
    assert visit("office").post(f"/s/{hall.slug}/notices/post/", short).status_code == 409
    post(hall, visit)
    decided = judging.decision(facts(hall))
    notice = facts(hall).notices["1"]
    assert decided is not None
    assert (notice.people, notice.start, notice.last) == (decided.people, MONDAY, date(2022, 4, 2))
    page = Client().get(f"/public/{hall.slug}/1/").content.decode()
    assert ("2022-03-28至2022-04-02，5个工作日" in page, "县委门前公告栏" in page) == (True, True)
    people = records.keeper(hall).people()
    assert [people.name(id_) for id_ in notice.people if people.name(id_) not in page] == []
    others = [one for id_, one in people.people.items() if id_ not in notice.people and len(one.name) > 2]
    assert [one.name for one in others if one.name in page] == []
    assert [id_ for id_ in people.people if id_ in page] == []
    assert [one.number for one in people.people.values() if one.number in page] == []
    rows = sheets(Client().get(f"/public/{hall.slug}/1/?as=xlsx").content)["公示的名单"]
    assert sorted(row[0] for row in rows[-len(notice.people) :]) == sorted(map(people.name, notice.people))
    assert [one.number for one in people.people.values() if one.number in str(rows)] == []
    taken = visit("office").get(f"/s/{hall.slug}/notices/1/?as=xlsx").content
    assert [row[1:] for row in sheets(taken)["公示的名单"][-len(notice.people) :]] == [
        [row[0], "列入"] for row in rows[-len(notice.people) :]
    ]


def sheets(content: bytes) -> dict[str, list[list[Any]]]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def test_an_objection_becomes_a_case_and_names_no_sender(hall: Selection, visit: Visit) -> None:
    post(hall, visit)
    n = last(hall).n
    case = object_(hall, text="反映一件事")
    found = facts(hall).objections[case]
    assert (last(hall).n, found.day, found.due, found.closed) == (n + 1, MONDAY, date(2022, 4, 2), False)
    # Another one about the same person and matter joins the open case: nobody can bury a notice under cases. Whoever wrote it
    # has a number of their own, and is not told that there was one before.
    morning(hall, date(2022, 3, 29))
    second = object_(hall, text="又反映一件事")
    assert (second == case, second in facts(hall).objections, last(hall).n) == (False, False, n + 1)
    kept = list(Statement.objects.all())
    assert [text for _day, text in said(hall, case)] == ["反映一件事", "又反映一件事"]
    with pytest.raises(Broken):
        records.keys(hall).opened(bound(hall, "another"), bytes(kept[0].sealed))
    assert "反映".encode() not in bytes(kept[0].sealed)
    at = f"/s/{hall.slug}/notices/1/{case}/"
    office, discipline = visit("office"), visit("discipline")
    assert ["反映一件事" in client.get(at).content.decode() for client in (office, discipline)] == [
        True,
        False,
    ]
    person = records.keeper(hall).people().name(found.person)
    for number, day in ((case, "2022-03-28"), (second, "2022-03-29")):
        looked = Client().get(f"/public/{hall.slug}/1/{number}/").content.decode()
        seen = (
            "等待认定" in looked,
            person in looked,
            re.findall(r"<code>(\w+)</code>|>(2022-[-\d]+)<", looked),
        )
        assert seen == (True, False, [(number, ""), ("", day)])
    assert Client().get(f"/public/{hall.slug}/1/000000000000/").status_code == 404
    office.post(f"{at}find/", {"text": "查无此事", "upheld": "no"})
    office.post(f"{at}answer/", {"text": "已经核实"})
    # The text is gone with the answer, and each number still finds it.
    assert ([bytes(one.sealed) for one in Statement.objects.all()], said(hall, case)) == ([b""], [])
    answers = [Client().get(f"/public/{hall.slug}/1/{one}/").content.decode() for one in (case, second)]
    assert ["已经核实" in answer for answer in answers] == [True, True]


def test_an_english_page_of_a_notice_says_nothing_in_chinese_but_names(hall: Selection, visit: Visit) -> None:
    post(hall, visit)
    case, known = object_(hall), names(hall)
    known |= {one.nationality for one in records.keeper(hall).people().people.values()}
    known |= {one.post for one in records.keeper(hall).people().people.values()} | {
        "县委门前公告栏",
        "反映的事",
        "office",
    }
    found = []
    for client, path in (
        (visit("office"), f"/s/{hall.slug}/notices/1/"), (visit("office"), f"/s/{hall.slug}/notices/1/{case}/"),
        (Client(), f"/public/{hall.slug}/1/"), (Client(), f"/public/{hall.slug}/1/{case}/"),
    ):  # fmt: skip
        client.cookies["language"] = "en"
        reader = Untranslated()
        reader.feed(client.get(path).content.decode())
        found += [*reader.found, *(text for text in reader.marked if text not in known)]
    assert found == []


def test_only_the_office_acts_on_a_notice_and_only_who_sees_the_whole_reads_its_cases(
    hall: Selection, visit: Visit
) -> None:
    post(hall, visit)
    at = f"/s/{hall.slug}/notices/1/"
    case, n = object_(hall), last(hall).n
    read = {
        name: [visit(name).get(f"{at}{end}").status_code for end in ("", f"{case}/")] for name in offices.CAST
    }
    assert {name for name, codes in read.items() if codes == [200, 200]} == {"office", "discipline"}
    assert {name for name, codes in read.items() if codes == [404, 404]} == read.keys() - {
        "office",
        "discipline",
    }
    ends = ("end/", "objections/", f"{case}/assign/", f"{case}/find/", f"{case}/answer/")
    acted = {name: [visit(name).post(f"{at}{end}").status_code for end in ends] for name in offices.CAST}
    assert acted.pop("office") == [409, 422, 422, 404, 409]
    assert {code for codes in acted.values() for code in codes} == {404}
    assert last(hall).n == n


def test_a_flood_is_told_to_come_back(hall: Selection, visit: Visit) -> None:
    post(hall, visit)
    for number in range(1, 6):
        object_(hall, number % 2 + 1)
    category = facts(hall).rulebook().notice.categories[0]
    sent = Client().post(f"/public/{hall.slug}/1/", {"person": 1, "category": category, "text": "再来"})
    assert (sent.status_code, Statement.objects.count(), len(facts(hall).objections)) == (429, 5, 2)


def test_a_notice_does_not_end_before_its_day_or_with_a_case_open(hall: Selection, visit: Visit) -> None:
    post(hall, visit)
    office, at = visit("office"), f"/s/{hall.slug}/notices/1/"
    case = object_(hall)
    assert "公示到2022-04-02当日结束为止，不能提前结束 · 12.5" in offices.text(
        office.get(at).content.decode()
    )
    morning(hall, date(2022, 4, 3))
    assert "还有1件异议没有办结，公示不能结束 · 12.5" in offices.text(office.get(at).content.decode())
    assert office.post(f"{at}end/").status_code == 409
    grey = '<button type="button" class="grey" aria-disabled="true" aria-describedby="why-end-1">结束公示</button>'
    assert grey in office.get(at).content.decode()
    assert facts(hall).notices["1"].ended is None
    assert office.post(f"{at}{case}/answer/", {"text": "已经核实"}).status_code == 409
    office.post(f"{at}{case}/find/", {"text": "查无此事", "upheld": "no"})
    office.post(f"{at}{case}/answer/", {"text": "已经核实"})
    assert (facts(hall).objections[case].upheld, Statement.objects.count()) == (False, 0)
    assert "已经核实" in Client().get(f"/public/{hall.slug}/1/{case}/").content.decode()
    assert office.post(f"{at}end/").status_code == 302
    assert facts(hall).notices["1"].ended == date(2022, 4, 3)


def test_nobody_is_named_before_a_notice_begins_or_after_its_days(hall: Selection, visit: Visit) -> None:
    office, at = visit("office"), f"/public/{hall.slug}/1/"
    said = {"place": "公告栏", "start": "2022-03-29", "days": "5", "once": "a"}
    assert office.post(f"/s/{hall.slug}/notices/post/", {**said, "start": "2022-03-27"}).status_code == 409
    assert office.post(f"/s/{hall.slug}/notices/post/", said).status_code == 302
    people, notice = records.keeper(hall).people(), facts(hall).notices["1"]
    shown = [people.name(id_) for id_ in notice.people]
    sent = {"person": 1, "category": facts(hall).rulebook().notice.categories[0], "text": "事"}

    def seen(words: str) -> tuple[int, bool, int, int, int]:
        """Names on the page, whether it says so, names in what is sent back, and what the table and an objection answer."""
        page, refused = Client().get(at).content.decode(), Client().post(at, sent)
        return (
            sum(name in page for name in shown), words in page,
            sum(name in refused.content.decode() for name in shown), Client().get(f"{at}?as=xlsx").status_code,
            refused.status_code,
        )  # fmt: skip

    assert seen("还没有开始，2022-03-29开始") == (0, True, 0, 404, 409)
    morning(hall, date(2022, 3, 29))
    assert seen("正在公示") == (len(shown), True, 0, 200, 302)
    morning(hall, date(2022, 4, 6))  # its last day, after the holiday
    assert seen("还剩0天14小时，工作日1个") == (len(shown), True, 0, 200, 302)
    morning(hall, date(2022, 4, 7))
    assert seen("已经期满，还没有结束") == (0, True, 0, 404, 409)
    (case,) = facts(hall).objections
    office.post(f"/s/{hall.slug}/notices/1/{case}/find/", {"text": "查实", "upheld": "yes"})
    office.post(f"/s/{hall.slug}/notices/1/{case}/answer/", {"text": "已经核实"})
    assert office.post(f"/s/{hall.slug}/notices/1/end/").status_code == 302
    assert seen("2022-04-07结束") == (0, True, 0, 404, 409)
    page = Client().get(at).content.decode()
    result = re.findall(r"<dt>([^<]+)</dt><dd>(\d+)</dd>", page)
    assert result == [
        ("公示人数", str(len(shown))), ("收到的异议", "1"), ("认定成立", "1"), ("仍然列入", str(len(shown) - 1)),
    ]  # fmt: skip


def test_a_notice_says_what_is_left_by_the_clock_and_by_working_days(hall: Selection, visit: Visit) -> None:
    office = visit("office")
    said = {"place": "公告栏", "start": "2022-03-29", "days": "5"}
    assert office.post(f"/s/{hall.slug}/notices/post/", said).status_code == 302
    n, told = last(hall).n, []
    for day in (28, 29, 30):
        morning(hall, date(2022, 3, day))
        for client, at in ((office, f"/s/{hall.slug}/notices/1/"), (Client(), f"/public/{hall.slug}/1/")):
            found = re.search(r'<dl class="facts">(.*?)</dl>', client.get(at).content.decode(), re.DOTALL)
            assert found is not None
            told.append(re.findall(r"<dd>(.*?)</dd>", found[1]))
    off = [f"2022-04-0{day} 星期{word} · 节假日" for day, word in ((3, "日"), (4, "一"), (5, "二"))]
    assert told == [
        ["2022-03-29 · 当天不计入", "2022-04-06 24:00", left, worked, "<br>".join(off), "2022-04-02 星期六 · 调休上班"]
        for left, worked in (
            ("还剩9天14小时", "共5个，还剩5个"), ("还剩8天14小时", "共5个，还剩5个"), ("还剩7天14小时", "共5个，还剩5个"),
        )
        for _page in range(2)
    ]  # fmt: skip
    # A page as of an entry reads the clock as of the entry.
    morning(hall, date(2022, 4, 8))
    pages = [office.get(f"/s/{hall.slug}/notices/1/{end}").content.decode() for end in ("", f"?at={n}")]
    assert ["已经期满" in page for page in pages] == [True, False]
    assert ["还没有开始" in page for page in pages] == [False, True]


def test_a_page_of_the_past_offers_nothing_to_do(hall: Selection, visit: Visit) -> None:
    post(hall, visit)
    office, case = visit("office"), object_(hall)
    known = facts(hall)
    sent = next(id_ for id_ in judging.sent_up(known) if judging.person(known, id_).integrity.bars)
    n = last(hall).n
    at = f"/s/{hall.slug}/"
    pages = (
        "notices/",
        "notices/1/",
        f"notices/1/{case}/",
        f"concerns/{sent}/",
        "supervision/",
        "supervision/steps/",
    )
    told = {}
    for page in pages:
        texts = [office.get(f"{at}{page}{end}").content.decode() for end in ("", f"?at={n}")]
        told[page] = [len(re.findall(r'<form[^>]*action="/s/|aria-disabled="true"', text)) for text in texts]
    assert {page: then for page, (_now, then) in told.items()} == dict.fromkeys(pages, 0)
    assert [bool(told[page][0]) for page in pages] == [True, True, True, True, False, False]


def test_a_case_is_given_to_somebody_else_on_a_stated_ground(hall: Selection, visit: Visit) -> None:
    post(hall, visit)
    office, case = visit("office"), object_(hall)
    at = f"/s/{hall.slug}/notices/1/{case}/"
    said = {"owner": "纪检监察室", "due": "2022-04-01", "ground": "承办人与本人有亲属关系", "once": "b"}
    for wrong in ({"ground": ""}, {"due": "soon"}):
        assert office.post(f"{at}assign/", {**said, **wrong}).status_code == 422
    assert office.post(f"{at}assign/", {**said, "due": "2022-03-27"}).status_code == 409
    n = last(hall).n
    assert [office.post(f"{at}assign/", said).status_code for _time in range(2)] == [302, 409]
    assert (last(hall).n, facts(hall).objections[case].due) == (n + 1, date(2022, 4, 1))
    office.post(f"{at}assign/", {**said, "owner": "组织科", "once": "c"})
    pages = [visit(name).get(at).content.decode() for name in ("office", "discipline")]
    for page in pages:
        assert re.findall(r"2022-03-28交(\S+?)，2022-04-01以前办结 · (\S+?) · (\S+?) ·", page) == [
            ("纪检监察室", "承办人与本人有亲属关系", "office"),
            ("组织科", "承办人与本人有亲属关系", "office"),
        ]
        assert [int(one) for one in re.findall(r"\?before=(\d+)#n\d+", page)] == [n + 2, n + 3]
    assert [f'action="{at}assign/"' in page for page in pages] == [True, False]
    office.post(f"{at}find/", {"text": "查无此事", "upheld": "no"})
    office.post(f"{at}answer/", {"text": "已经核实"})
    assert f'id="why-assign-{case}"' in office.get(at).content.decode()
    assert office.post(f"{at}assign/", {**said, "once": "d"}).status_code == 409


def test_an_upheld_objection_takes_a_name_off_the_list(hall: Selection, visit: Visit) -> None:
    post(hall, visit)
    office, at = visit("office"), f"/s/{hall.slug}/notices/1/"
    person = facts(hall).notices["1"].people[0]
    said = {
        "person": person, "category": facts(hall).rulebook().notice.categories[1], "owner": "干部科",
        "due": "2022-04-01", "text": "来信反映",
    }  # fmt: skip
    assert office.post(f"{at}objections/", {**said, "text": ""}).status_code == 422
    office.post(f"{at}objections/", said)
    (case,) = facts(hall).objections
    office.post(f"{at}{case}/find/", {"text": "查实", "upheld": "yes"})
    left = oversight.remaining(facts(hall), "1")
    assert left.left == (person,)
    page = office.get(at).content.decode()
    assert ("异议成立，1人不再列入" in page, "干部科" in page) == (True, True)
    name = records.keeper(hall).people().name(person)
    public = Client().get(f"/public/{hall.slug}/1/").content.decode()
    assert (re.findall(rf">{name}<", public), "名单有变动" in public) == ([], True)


def test_the_supervisor_sees_rules_and_how_to_mend_and_changes_nothing(hall: Selection, visit: Visit) -> None:
    keeper = records.keeper(hall)
    committee = facts(hall).register().committees()[0].name
    keeper.offer([Withdrawn(keeper.current().standing["StepsRecorded", committee])], by="县委组织部")
    client = visit("discipline")
    page = client.get(f"/s/{hall.slug}/supervision/").content.decode()
    wrong = judging.deviations(facts(hall), committee)
    assert len(wrong) > 3
    rules = re.findall(r'<th scope="row" class="">\s*(6\.[1-5])', page)
    assert rules == [one.rule for one in wrong]
    assert page.count(mending.mend(wrong[0])) == rules.count("6.1")
    assert re.findall(r'<form method="post" action="/s/', page) == []
    steps = client.get(f"/s/{hall.slug}/supervision/steps/").content.decode()
    assert steps.count('<th scope="row"') == len(facts(hall).register().committees())


def test_every_rule_of_the_gate_says_how_it_is_mended() -> None:
    assert mending.MENDS.keys() == sentences.DEVIATIONS.keys()
