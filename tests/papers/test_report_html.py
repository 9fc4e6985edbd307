"""The page is one file that opens offline, says what was counted in both languages, and runs nothing of others."""

from __future__ import annotations

import base64
import hashlib
import os
import re
import shutil
import subprocess
import tomllib
from functools import cache
from html.parser import HTMLParser
from importlib import resources
from pathlib import Path

import msgspec
import pytest

import cast
from fourgates import events
from fourgates.papers import report_html
from fourgates.papers.charts import bar, bullet, stacked
from fourgates.papers.report_html import spread
from fourgates.plan import Share
from fourgates.report.figures import Asked
from papers import reported

VOID = {"meta", "input", "br", "rect", "path", "link", "img"}


class Page(HTMLParser):
    """Elements in their order with attributes, the text shown, text by language, and what was opened but not closed."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.languages: list[str] = []
        self.said: list[tuple[str, str]] = []
        self.crossed: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)
            self.languages.append(dict(attrs).get("lang") or "" if tag == "span" else "")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        if self.open[-1:] != [tag]:
            self.crossed.append(tag)
        else:
            self.open.pop()
            self.languages.pop()

    def handle_data(self, data: str) -> None:
        if "style" not in self.open and "script" not in self.open:
            spoken = next((one for one in reversed(self.languages) if one), "")
            self.said.append((spoken, data))

    def text(self, language: str = "zh") -> str:
        """Everything a reader of one language may see, without white space."""
        return "".join("".join(data for spoken, data in self.said if spoken in ("", language)).split())


@cache
def page(kind: str = "good") -> str:
    selection = {
        "good": reported.stands,
        "infeasible": reported.infeasible,
        "unlawful": reported.unlawful,
    }[kind]()
    return report_html.render(**reported.arguments(selection))


def table(text: str, heading: str) -> list[str]:
    """The names in the first column of the table below a heading, as printed."""
    part = text[text.index(heading) :]
    rows = part[part.index("<tbody>") : part.index("</tbody>")]
    return re.findall(r'<th scope="row">(.*?)</th>', rows)


# --- the file ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["good", "infeasible", "unlawful"])
def test_the_page_is_well_formed(kind: str) -> None:
    parsed = Page(page(kind))
    assert (parsed.crossed, parsed.open) == ([], [])
    ids = [one["id"] for _tag, one in parsed.elements if "id" in one]
    assert len(ids) == len(set(ids))
    inside = {str(one["href"])[1:] for tag, one in parsed.elements if tag == "a"}
    assert inside <= set(ids)


def test_nothing_comes_from_elsewhere_and_only_its_own_style_and_script_may_run() -> None:
    text = page()
    parsed = Page(text)
    (policy,) = (
        str(one["content"])
        for tag, one in parsed.elements
        if one.get("http-equiv") == "Content-Security-Policy"
    )
    for tag in ("style", "script"):
        (content,) = re.findall(rf"<{tag}>(.*?)</{tag}>", text, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in policy
    assert policy.startswith("default-src 'none'")
    assert {tag for tag, _ in parsed.elements} & {
        "img",
        "link",
        "iframe",
        "object",
        "embed",
        "base",
        "form",
    } == set()
    for tag, one in parsed.elements:
        assert not {"src", "style", "srcset", "action"} & one.keys(), tag
        assert not [name for name in one if name.startswith("on")]
    assert not re.search(r"https?:|//[a-z]|@import|url\(", text)


def test_the_same_county_gives_the_same_bytes() -> None:
    again = report_html.render(**reported.arguments(reported.stands()))
    assert again == page()


def test_write_puts_the_page_in_its_place_whole(tmp_path: Path) -> None:
    place = tmp_path / "report.html"
    place.write_text("older", encoding="utf-8")
    report_html.write(place, **reported.arguments(reported.stands()))
    assert place.read_text(encoding="utf-8") == page()
    assert [one.name for one in tmp_path.iterdir()] == ["report.html"]


# --- what it says -----------------------------------------------------------------------------------------------


def test_figures_stand_with_their_denominators_and_basis() -> None:
    shown = Page(page()).text()
    at, _counted = reported.stands().results["ParticipationCounted", ""]
    for said in (
        "全县3个党（工）委（乡镇2个、县直1个）、6个党支部、30名党员，有推荐权的27名",
        "上报4人，是分配名额1人的4.0倍",
        "党员参与率96.3%26/27",
        "党组织参与率100%6/6",
        "党员满意度100%24/24",
        "在册党员30名：正式党员29名，预备党员1名；停止党籍1名、留党察看期内1名没有推荐权。",
        "预备党员没有推荐权，不计入参与率的分母。",
        "扩大到：上报人数÷分配名额（本次采用）4÷14.0倍",
        "扩大了：增加的人数÷分配名额3÷13.0倍",
        "要求：超过3×1＝3人4>3达到",
        f"规则2.5纪实第{at}条",
        "宋江河柳河镇党委柳河村党支部外出务工",
        "未上报：年龄偏大",
        "应回3个部门，已回3个。",
        "县委研究决定的2人名单符合规定。",
        "与建议名单相同。",
        "纪实共51条，最后一条的封印是：" + reported.HEAD.head,
        "来表有1处问题没有解决",
    ):
        assert said in shown, said


def test_a_hundred_per_cent_is_printed_only_when_nobody_is_missing() -> None:
    rates = re.findall(r'<p class="big">([\d.]+%)</p>', page())
    assert rates == ["100%", "96.3%", "100%"]


def test_the_list_is_in_stroke_order_with_notes_in_brackets() -> None:
    assert table(page(), 'id="list"') == ["王芳（女，回族）", "李梅（女）"]


def test_namesakes_are_told_apart_by_birth_and_branch() -> None:
    kept = reported.people(李梅="王芳")
    text = report_html.render(**reported.arguments(reported.stands(), kept))
    assert table(text, 'id="list"') == [
        f"王芳（女，{born('李梅')}，西街党支部）",
        f"王芳（女，回族，{born('王芳')}，柳河中学党支部）",
    ]


def born(name: str) -> str:
    digits = reported.number(name)
    return f"{digits[6:10]}年{int(digits[10:12])}月生"


@pytest.mark.parametrize("kind", ["good", "infeasible", "unlawful"])
def test_no_citizen_number_leaves_the_county(kind: str) -> None:
    for name in reported.NAMES:
        assert reported.number(name) not in page(kind)
        assert reported.number(name)[6:14] not in page(kind)


def test_everything_is_said_in_both_languages() -> None:
    parsed = Page(page())
    spans = [one.get("lang") for tag, one in parsed.elements if tag == "span" and "lang" in one]
    assert spans.count("zh") == spans.count("en") > 100
    english = " ".join(data for spoken, data in parsed.said if spoken == "en")
    assert "The county has 3 committees (2 township, 1 county-direct)" in english
    assert "Probationary members have no right to nominate" in english
    left = set(re.findall(r"[一-鿿]+", english))
    named = {part for unit in cast.UNITS for part in re.findall(r"[一-鿿]+", unit.name)} | set(reported.NAMES)
    assert left - named - {"年龄偏大", "青梧"} == set()


def test_where_no_list_exists_the_page_says_which_requirements_exclude_each_other() -> None:
    shown = Page(page("infeasible")).text()
    assert "目前不存在符合人选结构要求的名单" in shown
    assert "名单共2人；生产和工作一线不少于100%，即至少2人；党员领导干部不少于1人" in shown
    assert "最小的调整“党员领导干部不少于1人”的界限由1人改为0人" in shown
    assert 'id="list"' not in page("infeasible")


def test_an_unlawful_decision_says_why_and_how_it_differs() -> None:
    shown = Page(page("unlawful")).text()
    assert "县委研究决定的名单不符合规定" in shown
    assert "有人的同意票没有超过应到委员的半数" in shown
    assert "“生产和工作一线不少于60%”：名单中1人" in shown
    assert "周正：有人的同意票没有超过应到委员的半数" in shown
    assert "与建议名单不同：增加1人，减少1人。" in shown


def test_a_deviation_is_told_in_a_sentence() -> None:
    told = cast.without(("StepsRecorded", cast.SHUILI))
    shown = Page(report_html.render(**reported.arguments(reported.stands(told)))).text()
    assert "水利局党工委没有方案的记录6.1" in shown
    assert "水利局机关党支部没有警示教育的记录6.1" in shown


@pytest.mark.parametrize("kind", ["good", "infeasible", "unlawful"])
def test_every_rule_named_is_a_rule(kind: str) -> None:
    shipped = resources.files("fourgates").joinpath("rulebooks", "rules.toml").read_text(encoding="utf-8")
    known = {str(rule["number"]) for rule in tomllib.loads(shipped)["rule"]}
    named = set(re.findall(r"(?:规则|</dt><dd>|<td class=\"soft\">)(\d+\.\d+)", page(kind)))
    assert named > {"2.5", "5.4", "7.1", "8.4", "9.2"}
    assert named - known == set()


def test_a_department_that_is_silent_is_named() -> None:
    given = reported.arguments(reported.stands(cast.without(("RepliesReceived", "政法"))))
    shown = Page(report_html.render(**(given | {"answered": ["纪检监察", "统战"]}))).text()
    assert "应回3个部门，已回2个。没有回函：政法。" in shown
    assert "待定的4人" in shown


def test_without_satisfaction_forms_no_rate_is_made_up() -> None:
    shown = Page(
        report_html.render(**reported.arguments(reported.stands(cast.without(("SatisfactionAsked", "")))))
    ).text()
    assert "党员满意度—没有来表" in shown


# --- hostile ----------------------------------------------------------------------------------------------------


def hostile() -> str:
    plan = cast.rulebook()
    head = msgspec.structs.replace(
        plan.selection, title="</title><script>alert(1)</script>", unit=reported.HOSTILE
    )
    told = cast.but(events.PlanAdopted(msgspec.structs.replace(plan, selection=head)))
    selection = reported.renamed(reported.stands(told), cast.VILLAGE, reported.HOSTILE)
    selection = reported.renamed(selection, cast.LIUHE, f"{reported.HOSTILE}党委")
    kept = reported.people(李梅=reported.HOSTILE, 宋江河="<b>", 王芳="</table></details>", 秦岭="&lt;i&gt;")
    kept = msgspec.structs.replace(
        kept, texts=dict.fromkeys(("merit", "reason", "away"), "</li><svg onload=alert(1)>]]>")
    )
    given = reported.arguments(selection, kept)
    place = msgspec.structs.replace(reported.PROBLEMS[0].place, file=f"{reported.HOSTILE}.xlsx")
    given["problems"] = [msgspec.structs.replace(reported.PROBLEMS[0], place=place)]
    return report_html.render(**given)


def test_what_people_wrote_stays_text() -> None:
    good, bad = Page(page()), Page(hostile())
    assert (bad.crossed, bad.open) == ([], [])
    assert {tag for tag, _ in bad.elements} == {tag for tag, _ in good.elements}
    assert [tag for tag, _ in bad.elements].count("script") == 1
    for _tag, one in bad.elements:
        assert not [name for name in one if name.startswith("on")]
    shown = bad.text()
    assert reported.HOSTILE.replace(" ", "") in shown
    assert "</li><svgonload=alert(1)>]]>" in shown
    assert "&lt;i&gt;" in shown


# --- small parts ------------------------------------------------------------------------------------------------


def test_entries_are_told_as_one_or_as_a_run() -> None:
    assert spread([]).zh == "—"
    assert (spread([7]).zh, spread([7]).en) == ("第7条", "entry 7")
    assert spread([3, 5, 9]).zh == "第3至9条中的3条"


def test_bars_are_in_proportion_and_one_of_many_is_still_seen() -> None:
    widths = [
        float(width) for width in re.findall(r'width="([\d.]+)" height="10" class', stacked([14_999], 15_000))
    ]
    assert len(widths) == 2
    assert min(widths) >= 0.4
    assert sum(widths) <= 150
    assert "<rect" not in stacked([0], 0)
    assert 'width="180"' in bar(1, 2)
    assert "<rect" not in bar(0, 5)


@pytest.mark.parametrize(("count", "kind"), [(2, "c0"), (1, "missing"), (5, "missing"), (None, "")])
def test_a_bullet_is_drawn_as_missing_where_a_bound_is_broken(count: int | None, kind: str) -> None:
    asked = Asked(Share("女", "2", "4"), "女", 2, 4, 9, None, None)
    drawn = bullet(asked, 13, count=count)
    assert re.findall(r'class="(c0|missing)"', drawn) == ([kind] if kind else [])
    assert drawn.count('class="bound"') == 2


CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome") or shutil.which("chrome")


@pytest.mark.skipif(
    CHROMIUM is None, reason="chromium is not installed: printing the page is not tested here"
)
def test_the_page_prints_on_a4_and_its_script_is_allowed_to_run(tmp_path: Path) -> None:
    place = tmp_path / "report.html"
    report_html.write(place, **reported.arguments(reported.stands()))
    root = ["--no-sandbox"] if os.geteuid() == 0 else []
    done = subprocess.run(
        [
            str(CHROMIUM),
            *("--headless=new", "--disable-gpu", "--no-pdf-header-footer", "--enable-logging=stderr", *root),
            f"--user-data-dir={tmp_path / 'profile'}",
            f"--print-to-pdf={tmp_path / 'report.pdf'}",
            f"{place.as_uri()}#en",
        ],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    printed = (tmp_path / "report.pdf").read_bytes()
    assert re.search(rb"/MediaBox \[0 0 59[45][.\d]* 84[12][.\d]*\]", printed)
    assert "CONSOLE" not in done.stderr, done.stderr
