"""Workbooks in: recognised, previewed, confirmed, kept sealed; too many, too large and badly named ones are turned away."""

from __future__ import annotations

import io
import re
import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client, RequestFactory
from openpyxl.workbook.defined_name import DefinedName

import counties
import offices
from fourgates import bundle, run
from fourgates.errors import Broken, Refused
from fourgates.events import Event, PlanAdopted
from fourgates.papers import forms
from fourgates.papers.importing import standing
from fourgates.web import cabinet, jobs, placing, records, uploads
from fourgates.web.models import Job, Paper, Role, Selection, User

ZIP = "application/zip"


@pytest.fixture(autouse=True)
def _at_once(settings: object) -> None:
    """A job is done before the page is answered."""
    settings.JOBS_BESIDE = False  # type: ignore[attr-defined]


@pytest.fixture
def fresh(db: None, tmp_path: Path) -> Iterator[Selection]:
    """A selection of which nothing is known yet, and its office."""
    row = Selection.objects.create(slug="fresh", title="新的", store=f"sqlite:///{tmp_path}/fresh.db")
    user = User.objects.create(username="office")
    Role.objects.create(user=user, selection=row, kind="county")
    yield row
    records.close(row)


def quiet(done: int, of: int) -> None:
    """Progress that nobody looks at."""


def packed(root: Path, below: str = "青梧县/") -> SimpleUploadedFile:
    """A folder as an archive, as an office would pack it: the folder itself inside."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for file in sorted(root.rglob("*")):
            if file.is_file():
                archive.write(file, below + file.relative_to(root).as_posix())
    return SimpleUploadedFile("县级文件夹.zip", out.getvalue(), ZIP)


def handed_in(client: Client, *files: SimpleUploadedFile, committee: str = "") -> Job:
    answer = client.post("/s/fresh/papers/upload/", {"files": list(files), "committee": committee})
    assert answer.status_code == 302, answer.content.decode()
    return Job.objects.latest("pk")


def recorded(row: Selection) -> list[Event]:
    return [entry.event for entry in records.keeper(row).entries()]


def test_a_whole_folder_records_what_a_run_records(
    fresh: Selection, small: Path, small_out: Path, tmp_path: Path
) -> None:
    client = offices.visit("office")
    job = handed_in(client, packed(small))
    assert (job.state, job.sentence, recorded(fresh)) == ("done", "", [])
    page = client.get(f"/s/fresh/papers/{job.pk}/").content.decode()
    assert "确认记入" in page
    found = cabinet.found(job)
    assert found is not None
    assert (found.problems, {one.state for one in found.seen}) == ((), {"new"})
    staged = list(job.papers.exclude(file__in=cabinet.BESIDE))
    client.post(f"/s/fresh/papers/{job.pk}/confirm/")
    record = [entry.event for entry, _line in bundle.entries(small_out / "record")]
    # Ids come of a key of the record's own, so that kinds and sizes are compared; the draft's test compares everything.
    assert [type(event) for event in recorded(fresh)] == [type(event) for event in record]
    assert "已记入" in client.get(f"/s/fresh/papers/{job.pk}/").content.decode()
    assert a_server_died(fresh, client, job, staged) == counties.files(small)

    # The same again changes nothing; one workbook alone, by its own name, changes what it says.
    again = handed_in(client, packed(small))
    seen = cabinet.found(again)
    assert seen is not None
    assert (seen.planned, {one.state for one in seen.seen}) == ((), {"unchanged"})
    client.post(f"/s/fresh/papers/{again.pk}/drop/")
    assert not Job.objects.filter(pk=again.pk).exists()
    one_changes(fresh, client, small, tmp_path)


def a_server_died(row: Selection, client: Client, job: Job, staged: list[Paper]) -> dict[str, bytes]:
    """It died after the entries were on the disk and before anything was noted of it: said as it is, and brought to its end."""
    n, at = records.keeper(row).current().n, f"/s/fresh/papers/{job.pk}/"
    Paper.objects.filter(job=None).delete()
    Paper.objects.bulk_create(staged)
    Job.objects.filter(pk=job.pk).update(state="running", result={})
    Selection.objects.update(said={})
    assert (jobs.give_up(), jobs.give_up()) == (1, 0)
    page = client.get(at).content.decode()
    assert f"记入了{n}条以后出了意外，没有收尾" in page
    assert [word in page for word in ("收尾</button>", "确认记入", "不要了")] == [True, False, False]
    assert client.post(f"{at}drop/").status_code == 409
    client.post(f"{at}confirm/")
    job.refresh_from_db()
    assert (job.state, job.result, records.keeper(row).current().n) == (
        "done",
        {"recorded": n, "entered": n},
        n,
    )
    return cabinet.kept(row)


def one_changes(row: Selection, client: Client, small: Path, tmp_path: Path) -> None:
    place = small / forms.REVIEWS
    book = openpyxl.load_workbook(place)
    sheet = book.worksheets[0]
    heads = {cell.value: cell.column for cells in sheet.iter_rows(max_row=5) for cell in cells}
    first = next(r for r in range(4, sheet.max_row) if sheet.cell(r, heads["同意"]).value is not None)
    sheet.cell(first, heads["同意"]).value = "许多"
    book.save(tmp_path / "07.xlsx")
    n = records.keeper(row).current().n
    job = handed_in(client, SimpleUploadedFile(forms.REVIEWS, (tmp_path / "07.xlsx").read_bytes()))
    found = cabinet.found(job)
    assert found is not None
    assert [(one.state, one.sentence.partition("集体")[2][:2]) for one in found.planned] == [
        ("changed", "研究")
    ]
    assert [(one.place.file, one.place.row, one.place.column) for one in found.problems] == [
        (forms.REVIEWS, first, "同意")
    ]
    books = client.get(f"/s/fresh/papers/{job.pk}/returned.zip").content
    with zipfile.ZipFile(io.BytesIO(books)) as archive:
        assert archive.namelist() == [forms.REVIEWS, "problems.xlsx"]
        coloured = openpyxl.load_workbook(io.BytesIO(archive.read(forms.REVIEWS))).worksheets[1]
    assert "许多" in coloured.cell(first, heads["同意"]).comment.text
    client.post(f"/s/fresh/papers/{job.pk}/confirm/")
    assert records.keeper(row).current().n > n
    away = client.get("/s/fresh/papers/folder.zip").content
    with zipfile.ZipFile(io.BytesIO(away)) as archive:
        kept = {name: archive.read(name) for name in archive.namelist()}
    assert kept == counties.files(small) | {forms.REVIEWS: (tmp_path / "07.xlsx").read_bytes()}


def test_a_record_that_came_without_papers_wants_the_rosters_first(county: Selection, small: Path) -> None:
    file = SimpleUploadedFile(forms.SANCTIONS, (small / forms.SANCTIONS).read_bytes())
    register = SimpleUploadedFile(forms.UNITS, (small / forms.UNITS).read_bytes())
    offices.visit("office").post(f"/s/{county.slug}/papers/upload/", {"files": [file, register]})
    job = Job.objects.latest("pk")
    assert (job.state, job.sentence[-5:], "02" in job.sentence) == ("refused", "（F.8）", True)


def test_what_was_confirmed_is_what_is_recorded_or_nothing(fresh: Selection, small: Path) -> None:
    client = offices.visit("office")
    job = handed_in(client, packed(small))
    keeper = records.keeper(fresh)
    found = cabinet.found(job)
    assert found is not None
    plan = run.adopt(small)
    keeper.offer([PlanAdopted(plan)], by="县委组织部")
    client.post(f"/s/fresh/papers/{job.pk}/confirm/")
    job.refresh_from_db()
    assert (job.state, job.sentence[-5:], keeper.current().n) == ("refused", "（F.9）", 1)
    assert not Paper.objects.filter(job=None).exists()
    anew = cabinet.found(job)
    assert anew is not None
    assert (found.n, anew.n, anew.key) == (0, 1, found.key)


def test_papers_lie_sealed_and_bound_to_their_rows(fresh: Selection) -> None:
    job = jobs.opened(fresh, User.objects.get(), "look")
    cabinet.stage(job, {"01.xlsx": b"610121199001011234", "02.xlsx": b"other"})
    first, second = (bytes(one.content) for one in Paper.objects.exclude(file=cabinet.NAMES))
    assert b"610121" not in first
    assert cabinet.waiting(job)["01.xlsx"] == b"610121199001011234"
    Paper.objects.filter(file="1").update(content=first)
    with pytest.raises(Broken, match=r"R\.5"):
        cabinet.waiting(job)
    with pytest.raises(Broken, match=r"R\.5"):
        records.keys(fresh).opened(
            cabinet.about(fresh, "waiting", f"{job.pk}/1"), second[:-1] + bytes([second[-1] ^ 1])
        )


def test_few_jobs_are_under_way_and_a_stopped_server_leaves_none(fresh: Selection) -> None:
    user = User.objects.get()
    for _number in range(jobs.MOST):
        jobs.opened(fresh, user, "look")
    with pytest.raises(Refused, match=re.escape("F.9")):
        jobs.opened(fresh, user, "look")
    assert jobs.give_up() == jobs.MOST
    assert set(Job.objects.values_list("state", flat=True)) == {"lost"}

    def breaks(job: Job, told: jobs.Told) -> None:
        told("", 1, 2)
        raise KeyError(job)

    broken = jobs.begin(jobs.opened(fresh, user, "look"), breaks)
    assert (broken.state, "什么都没有记" in broken.sentence) == ("lost", True)
    # Where the record cannot be asked, nobody is told that nothing was recorded.
    Selection.objects.update(store="sqlite:////dev/null/none.db")
    unknown = jobs.begin(jobs.opened(Selection.objects.get(), user, "look"), breaks)
    assert (unknown.state, "不知道记了没有" in unknown.sentence) == ("lost", True)


def test_an_upload_is_stopped_from_its_page_and_nothing_is_recorded(
    fresh: Selection, monkeypatch: pytest.MonkeyPatch
) -> None:
    user, client = User.objects.get(), Client()
    client.force_login(user, "django.contrib.auth.backends.ModelBackend")
    monkeypatch.setattr("fourgates.web.jobs.OFTEN", 0)
    seen: list[str] = []

    def work(job: Job, told: jobs.Told) -> None:
        at = f"/s/{fresh.slug}/papers/{job.pk}/"
        told("读", 1, 2)
        assert "<button>停止</button>" in client.get(at).content.decode()
        assert client.post(f"{at}stop/").headers["Location"] == at
        seen.append(client.get(at).content.decode())
        told("读", 2, 2)
        seen.append("went on")

    job = jobs.begin(jobs.opened(fresh, user, "look"), work)
    assert (job.state, ["正在停止" in page for page in seen]) == ("stopped", [True])
    assert "已经停止，什么都没有记" in client.get(f"/s/{fresh.slug}/papers/{job.pk}/").content.decode()
    assert not jobs.stop(job)


# --- where a file belongs -------------------------------------------------------------------------------------------


def test_a_file_finds_its_place(small: Path, tmp_path: Path) -> None:
    root, room = tmp_path / "county", tmp_path / "room"
    shutil.copytree(small, root)
    (roster, *_rest) = sorted((small / forms.ROSTER).iterdir())
    plan = run.adopt(small)
    book = openpyxl.load_workbook(small / forms.STANDARD)
    book.defined_names["fourgates.selection"] = DefinedName("fourgates.selection", attr_text='"另一次"')
    book.save(tmp_path / "other.xlsx")
    given = {
        "收到/02 党员名册/某党委.xlsx": b"1",
        "县/07党委研究.xlsx": b"2",
        roster.name: roster.read_bytes(),
        "新建表格.xlsx": (tmp_path / "other.xlsx").read_bytes(),
        "照片.xlsx": b"\x89PNG",
    }
    upload = placing.place(given, root, room, plan, "", quiet)
    assert dict(upload.names) == {
        "收到/02 党员名册/某党委.xlsx": "02 党员名册/某党委.xlsx",
        "县/07党委研究.xlsx": forms.REVIEWS,
        roster.name: f"{forms.ROSTER}/{roster.name}",
        "新建表格.xlsx": "",
        "照片.xlsx": "",
    }
    assert [one.place.file for one in upload.problems] == ["新建表格.xlsx", "照片.xlsx"]
    assert "另一次" in upload.problems[0].wrong


def test_a_roster_made_elsewhere_becomes_its_committees_own(small: Path, tmp_path: Path) -> None:
    root = tmp_path / "county"
    (_first, roster, *_rest) = sorted((small / forms.ROSTER).iterdir())
    for file in ("plan.toml", forms.UNITS, f"{forms.ROSTER}/{roster.name}"):
        placing.lay(root, file, (small / file).read_bytes())
    before = counties.files(root).keys()
    tree = standing.of_folder(root, run.adopt(small)).tree
    assert tree is not None
    branch = tree.branches(roster.stem)[0].name
    text = "姓名,身份证号,性别,民族,出生日期,学历,人员类别,所在党支部,入党日期,转正日期,流动党员,年老体弱,党籍状态\n"
    text += (
        f"新来者,110101199003070097,男,汉族,1990-03-07,大学,正式党员,{branch},2015-07,2016-07,否,否,正常\n"
    )
    given = {"外来.csv": text.encode("gb18030")}
    plan = run.adopt(small)
    upload = placing.place(given, root, tmp_path / "room", plan, roster.stem, quiet)
    assert (upload.problems, upload.names) == ([], [("外来.csv", f"{forms.ROSTER}/{roster.name}")])
    after = openpyxl.load_workbook(io.BytesIO(upload.placed[f"{forms.ROSTER}/{roster.name}"])).worksheets[0]
    assert "新来者" in {cell.value for row in after.iter_rows() for cell in row}
    assert counties.files(root).keys() == before


# --- what is turned away --------------------------------------------------------------------------------------------


def sent(name: str, content: bytes = b"x") -> SimpleUploadedFile:
    file = SimpleUploadedFile("x", content)
    file._name = name  # type: ignore[attr-defined]  # what a browser sends need not be a name
    return file


def archived(*members: tuple[str, bytes]) -> SimpleUploadedFile:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return sent("a.zip", out.getvalue())


@pytest.mark.parametrize(
    "name",
    ["../01.xlsx", "a/../../x.xlsx", "/etc/x.xlsx", "C:\\x.xlsx", "a\u202ex.xlsx", "a" * 201 + ".xlsx", ""],
)
def test_no_name_leads_out(name: str) -> None:
    for upload in (sent(name), archived((name or "\x01.xlsx", b"x"))):
        with pytest.raises(Refused, match=re.escape("F.8")):
            uploads.files([upload])


def test_what_is_no_paper_is_turned_away(monkeypatch: pytest.MonkeyPatch) -> None:
    for upload in (sent("a.exe"), sent("a.zip", b"PK"), archived(("a.exe", b"x")), archived()):
        with pytest.raises(Refused, match=re.escape("F.8")):
            uploads.files([upload])
    assert uploads.files([archived(("县/__MACOSX/._a.xlsx", b"x"), ("县/a.xlsx", b"y"))]) == {
        "县/a.xlsx": b"y"
    }
    monkeypatch.setattr(uploads, "LARGEST", 1000)
    with pytest.raises(Refused, match=re.escape("F.8")):
        uploads.files([archived(("a.xlsx", bytes(100_000)))])
    monkeypatch.setattr(uploads, "MOST", 3)
    with pytest.raises(Refused, match=re.escape("F.8")):
        uploads.files([archived(*((f"{n}.xlsx", b"x") for n in range(4)))])
    monkeypatch.setattr(uploads, "LARGEST_LIST", 10)
    with pytest.raises(Refused, match=re.escape("F.8")):
        uploads.files([archived(("a.xlsx", b"x"))])


def test_names_of_archives_made_in_chinese_offices_are_read() -> None:
    (name, content) = ("07.xlsx", b"x")
    raw = archived((name, content)).read().replace(name.encode(), "党.xlsx".encode("gbk"))
    assert uploads.files([sent("a.zip", raw)]) == {"党.xlsx": content}


@pytest.mark.usefixtures("db")
def test_a_body_too_large_is_not_read() -> None:
    request = RequestFactory().post("/", {"a": "b"})
    assert uploads.Bounded(lambda _request: HttpResponse("read"))(request).content == b"read"
    request.META["CONTENT_LENGTH"] = str(uploads.TOGETHER * 2)
    for path, kind in (("/", "text/html; charset=utf-8"), ("/api/s/a/papers", "application/json")):
        request.path = path
        answer = uploads.Bounded(lambda _request: HttpResponse("read"))(request)
        assert (answer.status_code, answer.headers["Content-Type"]) == (413, kind)
