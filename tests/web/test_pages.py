"""Pages say what the record says, in both languages, with as many questions to the database for three rows as for many."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from python_calamine import CalamineWorkbook

import counties
from fourgates import judging
from fourgates.facts import Facts
from fourgates.gates import structure
from fourgates.papers.abbreviations import abbreviations
from fourgates.papers.said import WORDS
from fourgates.web import access, records
from fourgates.web.models import Selection
from fourgates.web.templatetags.saying import CHINESE
from scripts import docs
from web.test_access import targets

Visit = Callable[[str], Client]
HAN = re.compile(r"[㐀-鿿]")
TEMPLATES = sorted((Path(access.__file__).parent / "templates").rglob("*.html"))


class Untranslated(HTMLParser):
    """Chinese on an English page that is not marked as Chinese: in texts, and in what is read aloud."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.found: list[str] = []
        self.marked: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        if tag not in ("br", "img", "input", "link", "meta", "path", "rect", "hr"):
            hidden = "aria-hidden" in said or tag == "title"
            chinese = (said.get("lang") or "").startswith("zh")
            # In a text to be copied nothing can be marked: what is Chinese in it is a name.
            here = "zh" if chinese else "hidden" if hidden else "letter" if tag == "textarea" else ""
            self.open.append((self.open and self.open[-1]) or here)
        for name in ("aria-label", "title", "alt", "placeholder"):
            if HAN.search(said.get(name) or "") and name != "aria-label":
                self.found.append(f"{name}={said[name]}")

    def handle_endtag(self, tag: str) -> None:
        if tag not in ("path", "rect") and self.open:
            self.open.pop()

    def handle_data(self, text: str) -> None:
        where = self.open[-1] if self.open else ""
        if where == "letter":
            self.marked += CHINESE.findall(text)
        elif HAN.search(text) and where != "hidden":
            (self.marked if where else self.found).append(text.strip())


def names(row: Selection) -> set[str]:
    """Whatever stays Chinese in any language: names of units, people and accounts, and words an office wrote itself."""
    keeper = records.keeper(row)
    facts = keeper.current().facts
    plan = facts.rulebook()
    found = {unit.name for unit in facts.register()} | set(abbreviations(facts.register()).values())
    # A name with a point in it is marked in two runs of characters.
    found |= {run for one in keeper.people().people.values() for run in (one.name, *one.name.split("·"))}
    found |= set(keeper.people().texts.values())
    found |= {run for rule in docs.rules().rule for run in CHINESE.findall(rule.source)}
    found |= {run for text in keeper.people().texts.values() for run in CHINESE.findall(text)}
    found |= {structure.name(share) for share in plan.structure.share}
    found |= {plan.selection.title, plan.rulebook.title, row.title, "中文"}
    found |= {rule.zh for rule in docs.rules().rule}
    return found | set(WORDS)


def first_asked(facts: Facts) -> str:
    """The first person that the first department has answered on; nobody while none has."""
    return next((one.person for one in facts.replies.get(facts.rulebook().integrity.departments[0], ())), "-")


def paths(row: Selection) -> list[tuple[str, str]]:
    """One page of every kind, with somebody who may see it."""
    facts = records.keeper(row).current().facts
    committee = facts.register().committees()[0].name
    branch = facts.register().branches(committee)[0].name
    person = min(judging.sent_up(facts), default="") or next(iter(facts.roster().members))
    at = f"/s/{row.slug}/"
    return [
        ("office", f"{at}county/"), ("office", f"{at}units/{access.key(committee)}/"),
        ("office", f"{at}units/{access.key(branch)}/"), ("office", f"{at}people/{person}/"),
        ("office", f"{at}figures/members/"), ("office", f"{at}figures/standard/"), ("office", f"{at}log/"),
        ("office", f"{at}rules/6.1/"), ("guest", f"{at}rules/2.5/"), ("office", f"{at}units/{access.key(branch)}/process/"),
        ("office", f"{at}screen/"), ("office", f"{at}departments/审计/"), ("office", f"{at}nowhere/"),
        ("clerk", f"{at}units/{access.key(branch)}/marks/"), ("clerk", f"{at}units/{access.key(branch)}/calls/"),
        ("office", f"{at}papers/"),
        ("office", f"{at}consultation/"), ("discipline", f"{at}consultation/"), ("office", f"{at}notices/"),
        ("discipline", f"{at}supervision/"), ("discipline", f"{at}supervision/steps/"), ("office", f"{at}rehearsal/"),
        ("audit", f"{at}departments/{facts.rulebook().integrity.departments[0]}/{first_asked(facts)}/"),
        ("office", f"{at}list/"), ("office", f"{at}list/binding/"), ("office", f"{at}documents/"),
        ("office", f"{at}units/{access.key(committee)}/allotment/"),
        ("office", f"{at}conflicts/"), ("office", f"{at}meetings/"), ("office", f"{at}units/{access.key(committee)}/meetings/"),
        ("discipline", f"{at}looks/"), ("office", f"{at}people/{person}/erasing/"),
        ("secretary", at), ("clerk", at), ("audit", at), ("guest", at), ("discipline", at), ("office", "/account/"),
        ("office", "/api/"),
    ]  # fmt: skip


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_a_template_says_nothing_in_chinese_outside_its_tags(template: Path) -> None:
    if template.name == "500.html":  # drawn when nothing else works, in both languages
        return
    left = re.sub(
        r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}", "", template.read_text(encoding="utf-8"), flags=re.DOTALL
    )
    left = re.sub(r"<button[^>]*lang=\"zh-Hans\">中文</button>", "", left)
    assert HAN.findall(left.replace("（", "").replace("）", "")) == []


def test_an_english_page_says_nothing_in_chinese_but_names(
    county: Selection, halfway: Selection, visit: Visit
) -> None:
    found: dict[tuple[str, str], str] = {}
    for row in (county, halfway):
        known = names(row)
        kinds = {one.name: one.path for one in targets(row)}
        everything = [*paths(row), *(("office", path) for path in kinds.values())]
        for name, path in [*everything, ("office", f"/s/{row.slug}/looks/"), ("office", "/account/")]:
            client = visit(name)
            client.cookies["language"] = "en"
            answer = client.get(path, follow=True)
            if not answer.headers["Content-Type"].startswith("text/html"):
                continue
            reader = Untranslated()
            reader.feed(answer.content.decode())
            found |= {(path, text): name for text in reader.found}
            found |= {(path, text): name for text in reader.marked if text not in known}
    assert sorted(found) == []


def test_no_page_carries_script_or_style_of_its_own(county: Selection, visit: Visit) -> None:
    for name, path in paths(county):
        page = visit(name).get(path, follow=True).content.decode()
        assert re.findall(r"<style|style=|<script(?![^>]* src=)| on[a-z]+=", page) == [], path


def test_a_table_is_sorted_and_taken_away(county: Selection, visit: Visit) -> None:
    client = visit("office")
    facts = records.keeper(county).current().facts
    names = [unit.name for unit in facts.register().committees()]
    page = client.get(f"/s/{county.slug}/county/?sort=0&down=1").content.decode()
    table = page[page.index('aria-sort="descending"') :].partition("</table>")[0]
    assert re.findall(r'<th scope="row" class=""><a [^>]+>([^<]+)</a>', table) == sorted(names, reverse=True)
    book = CalamineWorkbook.from_filelike(
        io.BytesIO(client.get(f"/s/{county.slug}/county/?as=xlsx").content)
    ).get_sheet_by_index(0)
    assert [row[0] for row in book.to_python()[-len(names) :]] == names


@pytest.mark.parametrize("entry", [0, 1])
def test_every_page_opens_as_of_the_beginning(county: Selection, visit: Visit, entry: int) -> None:
    """What is not there yet is said or not found; before the first entry there is no plan to go by."""
    wrong = []
    for name, path in paths(county):
        answer = visit(name).get(path, {"at": entry}, follow=True)
        if answer.status_code not in (200, 404, 409):
            wrong.append((path, answer.status_code))
    assert wrong == []


def test_a_page_of_the_past_shows_the_past_and_its_links_stay_there(county: Selection, visit: Visit) -> None:
    page = visit("office").get(f"/s/{county.slug}/county/?at=12").content.decode()
    assert "这是第12条时的样子" in page
    inside = re.findall(rf'href="(/s/{county.slug}/[^"]*)"', page)
    own = f"/s/{county.slug}/county/"
    assert [link for link in inside if "at=12" not in link and link not in (own, f"/s/{county.slug}/")] == []


def test_a_figure_opens_with_its_rows_rule_and_entries(county: Selection, visit: Visit) -> None:
    page = visit("office").get(f"/s/{county.slug}/figures/members/").content.decode()
    figure = records.report(county, records.keeper(county).current()).members
    assert f"{figure.part} ÷ {figure.whole}" in page
    assert f"rules/{figure.rule}/" in page
    assert page.count('<th scope="row"') == len(
        records.keeper(county).current().facts.register().committees()
    )
    missing = visit("office").get(f"/s/{county.slug}/figures/missing/").content.decode()
    assert missing.count('<th scope="row"') == len(figure.people)


def test_satisfaction_is_said_with_what_it_is_a_part_of(county: Selection, visit: Visit) -> None:
    found = records.report(county, records.keeper(county).current()).satisfaction
    assert found is not None
    page = re.sub(r"<[^>]+>", "", visit("office").get(f"/s/{county.slug}/county/").content.decode())
    assert f"收回{found.whole}张，选“满意”{found.part}张，占{found.rate}" in page


def test_the_big_screen_names_nobody(county: Selection, visit: Visit) -> None:
    page = visit("guest").get(f"/s/{county.slug}/screen/").content.decode()
    people = records.keeper(county).people().people.values()
    assert [one.name for one in people if len(one.name) > 2 and one.name in page] == []
    assert [one.number for one in people if one.number in page] == []


def test_a_number_is_never_shown_whole(county: Selection, visit: Visit) -> None:
    numbers = [one.number for one in records.keeper(county).people().people.values()]
    for name, path in paths(county):
        page = visit(name).get(path, follow=True).content.decode()
        assert [number for number in numbers if number in page] == [], path


def test_the_site_gives_back_the_record_it_was_given(
    county: Selection, visit: Visit, small_out: Path
) -> None:
    content = visit("office").get(f"/s/{county.slug}/record.zip").content
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        given = {name.removeprefix("record/"): archive.read(name) for name in archive.namelist()}
    assert given == counties.files(small_out / "record")


def test_a_list_asks_the_database_as_often_for_three_rows_as_for_many(
    county: Selection, visit: Visit
) -> None:
    """Rows come from the fold: the questions are the session, its user and their roles."""
    client = visit("office")
    asked = []
    for path in ("county/", "figures/members/", "figures/unit-branches/", "log/", "log/?before=4"):
        with CaptureQueriesContext(connection) as queries:
            client.get(f"/s/{county.slug}/{path}")
        asked.append(len(queries))
    assert asked == [3, 3, 3, 3, 3]
