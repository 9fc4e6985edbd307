"""The document says what the page says, in the form an office sends up, and carries no citizen number."""

from __future__ import annotations

import re
import shutil
import subprocess
import zipfile
from functools import cache
from io import BytesIO
from pathlib import Path

import docx
import msgspec
import pytest
from docx.document import Document
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

import cast
from fourgates import events
from fourgates.papers import report_docx
from fourgates.papers.official import FANG, HEI, INSTEAD, KAI, SONG
from papers import reported


def written(folder: Path, kind: str = "good") -> Path:
    selection = {
        "good": reported.stands,
        "infeasible": reported.infeasible,
        "unlawful": reported.unlawful,
    }[kind]()
    place = folder / "report.docx"
    report_docx.write(place, **reported.arguments(selection))
    return place


@pytest.fixture
def document(tmp_path: Path) -> Document:
    return docx.Document(str(written(tmp_path)))


def styled(document: Document, style: str) -> list[str]:
    return [one.text for one in document.paragraphs if one.style is not None and one.style.name == style]


def text(document: Document) -> str:
    """Body and tables, without white space."""
    said = [one.text for one in document.paragraphs]
    said += [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "".join("".join(said).split())


def column(document: Document, annex: str, heading: str) -> list[str]:
    """The cells below a heading in the table that follows an annex title."""
    at = [one.text for one in document.paragraphs].index(annex)
    wanted = next(document.paragraphs[at]._p.itersiblings(qn("w:tbl")))
    (rows,) = (table.rows for table in document.tables if table._tbl is wanted)
    place = [cell.text for cell in rows[0].cells].index(heading)
    return [row.cells[place].text for row in rows[1:]]


def test_the_figures_are_those_of_the_page(document: Document) -> None:
    said = text(document)
    for expected in (
        "全县有党（工）委3个，其中乡镇2个、县直1个；党支部6个；在册党员30名，其中正式党员29名、预备党员1名。以2022年1月31日为准，"
        "停止党籍1名、留党察看期内1名没有推荐权，有推荐权的党员27名。",
        "党组织参与率100%（6/6），党员参与率96.3%（26/27）。",
        "会议25名，上门1名，电话0名，微信0名；未参与1名（外出务工1名）。",
        "党员满意度100%（24/24）：收回测评票24张，选“满意”的24张。",
        "提名13人次、8人；各党（工）委集体研究，上报4人，扩大到分配名额1人的4.0倍（比分配名额增加3人，扩大了3.0倍），达到超过3倍即超过3人的要求。",
        "经考察，4人达到，0人未达到。",
        "3个党（工）委中3个符合，没有缺漏、倒置或者超出时限的环节。",
        "逐一征求纪检监察、政法、统战等3个部门意见，已回函3个。",
        "经核查，4人通过，0人被否决。",
        "背后共有5个党支部次、21名党员次推荐。",
        "经核对，会议、票数、人选和结构均符合规定。",
        "来表有问题1处",
        "纪实共51条",
        reported.HEAD.head,
    ):
        assert expected in said, expected


def test_the_layout_is_that_of_official_documents(document: Document) -> None:
    (section,) = document.sections
    width, height, top, bottom, left, right = (
        round((side or 0) / Mm(1))
        for side in (
            section.page_width,
            section.page_height,
            section.top_margin,
            section.bottom_margin,
            section.left_margin,
            section.right_margin,
        )
    )
    assert (width, height, top, left) == (210, 297, 37, 28)
    assert (width - left - right, height - top - bottom) == (156, 225)
    for name, face, size in (
        ("Title", SONG, Pt(22)),
        ("Heading 1", HEI, Pt(16)),
        ("Heading 2", KAI, Pt(16)),
        ("Normal", FANG, Pt(16)),
    ):
        style = document.styles[name]
        assert style.font.size == size
        assert style.element.rPr.rFonts.get(qn("w:eastAsia")) == face
    assert styled(document, "Heading 1") == [
        "一、基本情况",
        "二、严把政治标准关",
        "三、严把人选结构关",
        "四、严把推荐程序关",
        "五、严把廉洁纪律关",
        "六、县委研究情况",
        "七、需要说明的事项",
    ]
    assert document.settings.odd_and_even_pages_header_footer
    assert section.footer.paragraphs[0].text == "—  —"
    assert "PAGE" in section.footer.paragraphs[0]._p.xml
    assert styled(document, "Signed") == [
        "中共青梧县委",
        "2022年3月21日",
    ]


def test_every_font_has_a_substitute_and_none_is_brought_along(tmp_path: Path) -> None:
    with zipfile.ZipFile(written(tmp_path)) as parts:
        fonts = parts.read("word/fontTable.xml").decode()
        assert not [name for name in parts.namelist() if "embed" in name or name.endswith((".odttf", ".ttf"))]
    for name, other in INSTEAD.items():
        assert f'<w:font w:name="{name}"><w:altName w:val="{other}"/>' in fonts


def test_lists_are_in_stroke_order_padded_and_repeat_their_headings(document: Document) -> None:
    assert column(document, "推荐人选建议名单", "姓名") == ["王　芳（女，回族）", "李　梅（女）"]
    assert column(document, "上报人选名册", "姓名") == [
        "李　梅（女）",
        "何　平",
        "王　芳（女，回族）",
        "周　正",
    ]
    assert column(document, "未参与推荐的党员", "姓名") == ["宋江河"]
    assert column(document, "未参与推荐的党员", "原因") == ["外出务工"]
    for table in document.tables:
        assert table.rows[0]._tr.findall(f"{qn('w:trPr')}/{qn('w:tblHeader')}")


@pytest.mark.parametrize("kind", ["good", "infeasible", "unlawful"])
def test_no_citizen_number_leaves_the_county(tmp_path: Path, kind: str) -> None:
    with zipfile.ZipFile(written(tmp_path, kind)) as parts:
        everything = "".join(parts.read(name).decode("utf-8", "replace") for name in parts.namelist())
    for name in reported.NAMES:
        assert reported.number(name) not in everything
        assert reported.number(name)[6:14] not in everything


def test_where_no_list_exists_the_document_says_why(tmp_path: Path) -> None:
    said = text(docx.Document(str(written(tmp_path, "infeasible"))))
    assert "目前尚不存在符合人选结构要求的名单" in said
    assert "1．名单共2人；生产和工作一线不少于100%，即至少2人；党员领导干部不少于1人。" in said
    assert "最小的调整是：“党员领导干部不少于1人”的界限由1人改为0人。" in said
    assert "六、需要说明的事项" in said


def test_an_unlawful_decision_says_why(tmp_path: Path) -> None:
    said = text(docx.Document(str(written(tmp_path, "unlawful"))))
    assert "经核对，决定不符合规定：有人的同意票没有超过应到委员的半数；" in said
    assert "与建议名单相比，增加1人（周正），减少1人（王芳（女，回族））。" in said


def test_the_same_county_gives_the_same_bytes(tmp_path: Path) -> None:
    first = written(tmp_path).read_bytes()
    assert written(tmp_path).read_bytes() == first
    assert [one.name for one in tmp_path.iterdir()] == ["report.docx"]


def test_what_people_wrote_stays_text(tmp_path: Path) -> None:
    plan = cast.rulebook()
    head = msgspec.structs.replace(plan.selection, unit="中共<w:br/>&\x07县委")
    told = cast.but(events.PlanAdopted(msgspec.structs.replace(plan, selection=head)))
    kept = reported.people(李梅="</w:t>\x0b<&{{x}}", 宋江河="\ud7ff\x00王")
    place = tmp_path / "report.docx"
    report_docx.write(place, **reported.arguments(reported.stands(told), kept))
    said = text(docx.Document(str(place)))
    assert "</w:t>\ufffd<&{{x}}（女）" in said
    assert "中共<w:br/>&\ufffd县委" in said


@cache
def soffice() -> str | None:
    return shutil.which("soffice") or shutil.which("libreoffice")


@pytest.mark.skipif(
    soffice() is None, reason="LibreOffice is not installed: opening the document is not tested here"
)
def test_a_word_processor_opens_it_and_prints_it_on_a4(tmp_path: Path) -> None:
    place = written(tmp_path)
    subprocess.run(
        [
            str(soffice()),
            f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}",
            *("--headless", "--convert-to", "pdf", "--outdir", str(tmp_path), str(place)),
        ],
        capture_output=True,
        timeout=180,
        check=True,
    )
    printed = (tmp_path / "report.pdf").read_bytes()
    boxes = re.findall(rb"/MediaBox ?\[0 0 (\d+)[.\d]* (\d+)", printed)
    assert boxes
    assert set(boxes) == {(b"595", b"841")}


def test_the_file_is_a_whole_package(tmp_path: Path) -> None:
    with zipfile.ZipFile(BytesIO(written(tmp_path).read_bytes())) as parts:
        assert parts.testzip() is None
        assert parts.namelist()[0] == "[Content_Types].xml"
