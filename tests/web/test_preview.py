"""What an upload comes to, row by row: of every form, before anything is recorded, and just what is recorded afterwards."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl.workbook.defined_name import DefinedName

import offices
from fourgates.papers import forms, stamp
from fourgates.papers.importing.preview import CHANGED, FAULTY, NEW, UNCHANGED
from fourgates.papers.importing.rows import GONE, Compared
from fourgates.web import cabinet, records
from fourgates.web.models import Job, Role, Selection, User
from web.test_papers import handed_in, packed

Visit = Callable[[str], Client]

EVERY: dict[str, tuple[str, object, str]] = {
    forms.ROSTER: ("手机号码", "13900000000", "性别"),
    forms.STEPS: ("地点", "二楼会议室", "日期"),
    forms.MARKS: ("经办人", "另一人", "日期"),
    forms.SURVEYS: ("发出", 500, "收回"),
    forms.NOMINATIONS: ("主要事迹", "改写了事迹", "提名党员数"),
    forms.REVIEWS: ("未上报理由", "另有考虑", "同意"),
    forms.PROFILES: ("疫情防控", "是", "类别"),
    forms.STANDARD: ("测评发出", 999, "测评收回"),
    forms.CHECKS: ("核查人", "另一人", "公民身份号码"),
    forms.REPLIES: ("说明", "补充说明", "公民身份号码"),
    forms.DECISION: ("决定", "不上报", "会议日期"),
    forms.UNITS: ("书记", "新书记", "组织类别"),
}
"""Every form with rows in the small county: a cell to change and what to, and a cell to spoil."""


@pytest.fixture
def held(db: None, tmp_path: Path, settings: object) -> Iterator[Selection]:
    """A selection of which nothing is known yet, and its office; a job is done before the page is answered."""
    settings.JOBS_BESIDE = False  # type: ignore[attr-defined]
    row = Selection.objects.create(slug="fresh", title="新的", store=f"sqlite:///{tmp_path}/fresh.db")
    user, _made = User.objects.get_or_create(username="office")
    Role.objects.create(user=user, selection=row, kind="county")
    yield row
    records.close(row)


def of(small: Path, form: str) -> Path:
    """One workbook of a form."""
    place = small / form
    return sorted(place.glob("*.xlsx"))[-1] if place.is_dir() else place


def altered(path: Path, change: tuple[str, object], spoil: str) -> tuple[bytes, list[int]]:
    """A workbook with its first row gone, its second changed, its third spoilt; and how many rows it has."""
    book = openpyxl.load_workbook(path)
    sheet: Any = book.worksheets[0]
    head = next(
        row for row in range(1, 8) if any("".join(str(c.value).split()) == change[0] for c in sheet[row])
    )
    places = {"".join(str(c.value).split()): c.column for c in sheet[head]}
    lines = range(head + 1, sheet.max_row + 1)
    said = {row: ["".join(str(cell.value or "").split()) for cell in sheet[row]] for row in lines}
    last = next(
        (row for row in lines if any(one.startswith(("合计", "填表人", "审核人")) for one in said[row])),
        sheet.max_row + 1,
    )
    count = sum(any(said[row][1:]) for row in lines if row < last)
    sheet.cell(head + 2, places[change[0]]).value = change[1]
    sheet.cell(head + 3, places[spoil]).value = "?"
    if last <= sheet.max_row:
        sheet.delete_rows(last, sheet.max_row - last + 1)  # totals, which no longer add up
    sheet.delete_rows(head + 1)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue(), [head + 1, head + 2, count - 1]


def told(client: Client, job: Job, **asked: str) -> list[list[str]]:
    """The rows of the preview as its workbook has them."""
    where = f"/s/fresh/papers/{job.pk}/rows/"
    content = client.get(where, {**asked, "as": "xlsx"}).content
    sheet = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]
    return [
        ["" if c is None else str(c) for c in row] for row in sheet.iter_rows(min_row=4, values_only=True)
    ]


def test_every_row_of_every_form_is_previewed(held: Selection, small: Path) -> None:
    client = offices.visit("office")
    job = handed_in(client, packed(small))
    first = cabinet.rows(job)
    assert {one.state for one in first} == {NEW}
    assert {one.file.partition("/")[0] for one in first} >= EVERY.keys()
    counts = cabinet.found(job).counts  # type: ignore[union-attr]  # it was looked at
    assert sum(sum(own.values()) for own in counts.values()) == len(first) == len(told(client, job))
    assert records.keeper(held).current().n == 0
    client.post(f"/s/fresh/papers/{job.pk}/confirm/")

    for form, (heading, value, spoil) in EVERY.items():
        path = of(small, form)
        content, (changed, faulty, read) = altered(path, (heading, value), spoil)
        name = path.relative_to(small).as_posix()
        n = records.keeper(held).current().n
        job = handed_in(client, SimpleUploadedFile("x.zip", zipped(name, content)))
        if job.state == "refused" and form == forms.UNITS:
            continue  # without its units a county has nothing to compare: refused as a whole, in words
        found = {one.row: one for one in cabinet.rows(job) if one.state != GONE}
        gone = [one for one in cabinet.rows(job) if one.state == GONE]
        assert (form, len(found)) == (form, read)
        assert (form, found[changed].state, found[faulty].state) == (form, CHANGED, FAULTY)
        assert [each.heading for each in found[changed].changes] == [heading], form
        assert "（" in found[faulty].wrong[0], form
        assert len(gone) in (1, 2), (
            form
        )  # the row that was taken out, and the spoilt one where it was its own name
        states = {one.state for number, one in found.items() if number not in (changed, faulty)}
        assert states <= {UNCHANGED, FAULTY}, (form, states)
        assert records.keeper(held).current().n == n
        page = re.sub(r"<[^>]+>", " ", client.get(f"/s/fresh/papers/{job.pk}/rows/").content.decode())
        assert f"读到{read}行" in page
        assert len(told(client, job, state="changed")) == len(
            [1 for one in found.values() if one.state == "changed"]
        )
        client.post(f"/s/fresh/papers/{job.pk}/drop/")


def zipped(name: str, content: bytes) -> bytes:
    """One file in an archive, at its place."""
    import zipfile

    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(name, content)
    return out.getvalue()


def test_a_roster_whose_paper_never_came_is_compared_with_the_record(
    county: Selection, small: Path, settings: object
) -> None:
    """A selection opened from a record has no papers: its members are not new."""
    settings.JOBS_BESIDE = False  # type: ignore[attr-defined]
    answer = offices.visit("office").post(f"/s/{county.slug}/papers/upload/", {"files": [packed(small)]})
    assert answer.status_code == 302
    job = Job.objects.latest("pk")
    own: list[Compared] = [one for one in cabinet.rows(job) if one.file.startswith(forms.ROSTER)]
    assert own
    assert {one.state for one in own} == {UNCHANGED}
    job.delete()


def stamped(**said: str) -> bytes:
    """A workbook that says of itself what it is."""
    book = openpyxl.Workbook()
    for name, text in said.items():
        book.defined_names[stamp.PREFIX + name] = DefinedName(
            stamp.PREFIX + name, attr_text=stamp.formula(text)
        )
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_a_wrong_file_is_led_to_its_page(
    county: Selection, held: Selection, small: Path, visit: Visit
) -> None:
    """What comes to a department and is not its reply, and what comes to the county and is another selection's."""
    plan = offices.facts(county).rulebook()
    asked, other = plan.integrity.departments[:2]
    own, page = plan.selection.id, f"/s/{county.slug}/departments/{asked}/returned/"

    def said(name: str, content: bytes) -> str:
        answer = visit(name).post(page, {"file": SimpleUploadedFile("表.xlsx", content)}).content.decode()
        return answer.partition('id="preview"')[2].partition("</section>")[0]

    theirs = stamped(form=forms.REPLIES, unit=other, selection=own)
    assert f'href="/s/{county.slug}/departments/{quote(other)}/"' in said("office", theirs)
    roster = (small / forms.ROSTER).glob("*.xlsx").__next__().read_bytes()
    for content in (stamped(form=forms.MARKS, unit="某党委", selection=own), roster):
        assert f'href="/s/{county.slug}/papers/"' in said("office", content)
    assert "由那一次推选的县委组织部" in said("office", stamped(form=forms.REPLIES, selection="else"))
    role = Role.objects.filter(selection=county, kind="department").order_by("pk").first()
    assert role is not None
    asked, page = role.department, f"/s/{county.slug}/departments/{role.department}/returned/"
    for content in (stamped(form=forms.MARKS, selection=own), roster, theirs):
        seen = said(role.user.username, content)
        assert "页面交" in seen
        assert (
            "href=" not in seen.partition('role="alert"')[2].partition("</p>")[2].partition("不记，返回")[0]
        )

    client, register = offices.visit("office"), (small / forms.UNITS).read_bytes()
    begun = (small / "plan.toml").read_text("utf-8").replace(f'id = "{own}"', 'id = "another"')
    handed = [SimpleUploadedFile("plan.toml", begun.encode()), SimpleUploadedFile(forms.UNITS, register)]
    job = handed_in(client, *handed)
    client.post(f"/s/fresh/papers/{job.pk}/confirm/")
    for selection, led in ((own, f'href="/s/{county.slug}/papers/"'), ("else", "由那一次推选的县委组织部")):
        job = handed_in(client, SimpleUploadedFile("表.xlsx", stamped(form=forms.MARKS, selection=selection)))
        assert led in client.get(f"/s/fresh/papers/{job.pk}/").content.decode()
    answer = client.post("/s/fresh/papers/upload/", {"files": [SimpleUploadedFile("记录.docx", b"PK")]})
    assert (answer.status_code, "会议的页面" in answer.content.decode()) == (409, True)
