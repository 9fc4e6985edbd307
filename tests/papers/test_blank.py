"""The forms that go out come back: filled in they read without a fault, empty they say what is missing, old ones are named."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner

from fourgates import run as running
from fourgates.cli import main
from fourgates.commands import standing
from fourgates.errors import Refused
from fourgates.papers import blank, forms, prefill, reading, stamp
from fourgates.papers.cells import Options
from fourgates.papers.folder import look
from fourgates.papers.intake import take
from fourgates.papers.workbook import Sheet
from fourgates.plan import Plan
from fourgates.simulate import county
from fourgates.simulate.county import County

KEY = b"k" * 32
OFFICE = shutil.which("soffice")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[County, Path, Plan]:
    """An honest county of three committees, with the county's decision, and its plan."""
    folder = tmp_path_factory.mktemp("county") / "县"
    invented = county.make(folder, seed="表册", size=county.SMALL, with_decision=True)
    return invented, folder, running.adopt(folder)


@pytest.fixture(scope="module")
def handed_out(made: tuple[County, Path, Plan], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The forms for that county, units and members filled in."""
    _invented, folder, plan = made
    out = tmp_path_factory.mktemp("blank") / "表册"
    text = (folder / "plan.toml").read_text(encoding="utf-8")
    blank.write(out, plan, text, prefill.of_folder(plan, folder))
    return out


def every(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.xlsx"))


def headings(page: Any) -> dict[str, int]:
    return {cell.value: cell.column for cell in page[3]}


def fill(path: Path, rows: Sequence[dict[str, Any]], *, totals: bool = True) -> None:
    """Fill a form in as people do: into the cells that are there; the program works out the totals."""
    book = openpyxl.load_workbook(path)
    page = book.worksheets[0]
    at = headings(page)
    total = next(row for row in range(4, page.max_row + 1) if page.cell(row, 1).value == "合计")
    assert len(rows) <= total - 4, f"{path.name} has room for {total - 4} rows"
    for number in range(4, total):
        line = rows[number - 4] if number - 4 < len(rows) else {}
        for heading, column in at.items():
            page.cell(number, column).value = line.get(heading)
    for heading, column in at.items() if totals else ():
        formula = page.cell(total, column).value
        if isinstance(formula, str) and formula.startswith("="):
            said = [line.get(heading) for line in rows]
            summed = formula.startswith("=SUM")
            page.cell(total, column).value = sum(filter(None, said)) if summed else len(rows)
    book.save(path)


def meant(invented: County, folder: Path, path: Path) -> list[dict[str, Any]]:
    sheet = invented.sheets[path.relative_to(folder).as_posix()]
    return [dict(row.meant) for _number, row in sheet.filled()]


def sheet_of(path: Path) -> Sheet:
    found = reading.read(path)
    assert isinstance(found, Sheet), found
    return found


def test_a_folder_filled_in_says_what_the_county_says(
    made: tuple[County, Path, Plan], handed_out: Path, tmp_path: Path
) -> None:
    invented, folder, plan = made
    filled = shutil.copytree(handed_out, tmp_path / "填好")
    assert {path.relative_to(filled).as_posix() for path in every(filled)} == set(invented.sheets)
    for path in every(filled):
        fill(path, meant(invented, filled, path))
    taken, honest = take(plan, look(filled), KEY), take(plan, look(folder), KEY)
    assert taken.desk.problems == []
    assert taken.claims == honest.claims


@pytest.mark.skipif(
    OFFICE is None, reason="LibreOffice (soffice) is not here: nobody recalculated the totals"
)
def test_the_office_program_opens_the_forms_and_counts_the_totals(
    made: tuple[County, Path, Plan], handed_out: Path, tmp_path: Path
) -> None:
    invented, _folder, plan = made
    filled = shutil.copytree(handed_out, tmp_path / "填好")
    some = {path.relative_to(filled).parts[0]: path for path in every(filled)}
    for path in some.values():
        fill(path, meant(invented, filled, path), totals=False)
    # All at once, and under names of their own: a committee's forms are all called after the committee.
    sent = {tmp_path / f"{number}.xlsx": path for number, path in enumerate(some.values())}
    for copy, path in sent.items():
        shutil.copy(path, copy)
    done = tmp_path / "存过"
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    command = [str(OFFICE), profile, "--headless", "--convert-to", "xlsx", "--outdir", str(done)]
    subprocess.run([*command, *map(str, sent)], check=True, capture_output=True, timeout=240)
    for copy, path in sent.items():
        saved = done / copy.name
        assert sheet_of(saved).stamp == sheet_of(path).stamp
        shutil.copy(saved, path)
    names = {path.relative_to(filled).as_posix() for path in some.values()}
    found = take(plan, look(filled), KEY).desk.problems
    assert [one for one in found if one.place.file in names] == []


def test_forms_nobody_filled_in_give_problems_with_their_places(
    made: tuple[County, Path, Plan], handed_out: Path, tmp_path: Path
) -> None:
    found = CliRunner().invoke(main, ["run", str(handed_out), "--out", str(tmp_path / "out")])
    assert (found.exit_code, found.exception.__class__) == (1, SystemExit)
    problems = take(made[2], look(handed_out), KEY).desk.problems
    assert {one.place.file.partition("/")[0] for one in problems} == {
        "03 工作纪实",
        "04 参与情况",
        "05 满意度测评.xlsx",
        "06 推荐提名",
    }
    assert all(
        one.place.row and one.place.column and one.wrong == "没有填写" and one.mend for one in problems
    )


def test_a_folder_without_any_unit_says_so(made: tuple[County, Path, Plan], tmp_path: Path) -> None:
    _invented, folder, _plan = made
    new = ["forms", "new", str(tmp_path / "表册"), "--plan", str(folder / "plan.toml")]
    assert CliRunner().invoke(main, new).exit_code == 0
    found = CliRunner().invoke(main, ["run", str(tmp_path / "表册"), "--out", str(tmp_path / "out")])
    assert found.exit_code == 2
    assert "01 党组织名册.xlsx不能用：一行也没有填" in found.output


def test_forms_are_filled_in_from_one_place_only(made: tuple[County, Path, Plan], tmp_path: Path) -> None:
    _invented, folder, _plan = made
    new = ["forms", "new", str(tmp_path / "表册"), "--plan", str(folder / "plan.toml")]
    found = CliRunner().invoke(main, [*new, "--units", str(folder), "--from", str(folder)])
    assert (found.exit_code, "--units 和 --from 只能用一个" in found.output) == (2, True)  # rule F.6
    assert not (tmp_path / "表册").exists()


def test_no_committee_is_called_so_that_its_forms_lie_elsewhere(
    made: tuple[County, Path, Plan], tmp_path: Path
) -> None:
    _invented, _folder, plan = made
    known = prefill.Prefill("某县委", ("../../甲",), {"../../甲": ()})
    with pytest.raises(Refused) as refused:
        blank.write(tmp_path / "里" / "表册", plan, "", known)
    assert refused.value.facts["wrong"] == "“../../甲”不能作文件名"
    assert not list(tmp_path.rglob("甲*"))


def test_committees_get_their_forms_once_the_register_is_filled_in(
    made: tuple[County, Path, Plan], tmp_path: Path
) -> None:
    invented, folder, _plan = made
    forms_ = tmp_path / "表册"
    new = ["forms", "new", str(forms_), "--plan", str(folder / "plan.toml")]
    assert CliRunner().invoke(main, new).exit_code == 0
    first = forms_ / forms.UNITS
    fill(first, meant(invented, forms_, first))
    written = first.read_bytes()
    again = CliRunner().invoke(main, new)
    assert again.exit_code == 0
    assert first.read_bytes() == written
    assert set(invented.sheets) <= {path.relative_to(forms_).as_posix() for path in every(forms_)}
    (branch, *_rest) = [
        row["党组织名称"] for row in meant(invented, forms_, first) if row["组织类别"] == "党支部"
    ]
    assert any(branch in row for path in (forms_ / "06 推荐提名").iterdir() for row in sheet_of(path).rows)


def test_a_record_fills_in_members_and_names_sent_up(made: tuple[County, Path, Plan], tmp_path: Path) -> None:
    _invented, folder, plan = made
    out = tmp_path / "out"
    assert CliRunner().invoke(main, ["run", str(folder), "--out", str(out)]).exit_code == 0
    record = out / "record"
    known = prefill.of_record(plan, record, standing.names(record))
    honest = prefill.of_folder(plan, folder)
    assert known.committees == honest.committees
    assert known.branches == honest.branches
    for committee in known.committees:
        mine, theirs = known.lines[forms.MARKS, committee], honest.lines[forms.MARKS, committee]
        assert {line["公民身份号码"] for line in mine} == {line["公民身份号码"] for line in theirs}
    sent = known.lines[forms.CHECKS, ""]
    assert len(sent) == county.SMALL.sent_up
    assert known.lines[forms.REPLIES, plan.integrity.departments[0]] == sent


def test_every_form_says_what_it_is(made: tuple[County, Path, Plan], handed_out: Path) -> None:
    _invented, _folder, plan = made
    for path in every(handed_out):
        place = path.relative_to(handed_out)
        said = sheet_of(path).stamp
        assert said[stamp.FORM] == (place.parts[0] if len(place.parts) > 1 else place.name)
        assert (said[stamp.VERSION], said[stamp.SELECTION]) == (stamp.CURRENT, plan.selection.id)
        own = len(place.parts) > 1 and place.stem != "县委"
        assert said[stamp.UNIT] == (place.stem if own else prefill.nothing(plan).county)


def test_forms_are_locked_where_nobody_writes_and_open_elsewhere(handed_out: Path) -> None:
    for path in every(handed_out):
        page = openpyxl.load_workbook(path).worksheets[0]
        total = next(row for row in range(4, page.max_row + 1) if page.cell(row, 1).value == "合计")
        assert page.protection.sheet
        assert page.protection.password is None
        # In the file these mean *forbidden*.
        assert (page.protection.sort, page.protection.autoFilter, page.protection.insertRows) == (False,) * 3
        for column in range(1, page.max_column + 1):
            assert page.cell(3, column).protection.locked
            assert page.cell(total, column).protection.locked
            assert not any(page.cell(row, column).protection.locked for row in range(4, total))


def test_forms_offer_every_option_and_keep_numbers_as_text(
    made: tuple[County, Path, Plan], handed_out: Path
) -> None:
    layout = forms.forms(made[2])
    for path in every(handed_out):
        place = path.relative_to(handed_out)
        form = layout[place.parts[0] if len(place.parts) > 1 else place.name]
        page = openpyxl.load_workbook(path).worksheets[0]
        at, spare = headings(page), page.max_row - 2
        assert list(at) == [column.heading for column in form.columns]
        for column in form.columns:
            # A row nobody has written in: what is filled in already keeps its own kind.
            where = page.cell(spare, at[column.heading]).coordinate
            rules = [rule for rule in page.data_validations.dataValidation if where in rule.sqref]
            if isinstance(column.read, Options):
                ((rule,), words) = rules, ",".join(column.read.words)
                assert (rule.type, rule.formula1, rule.showInputMessage) == ("list", f'"{words}"', True)
            if column.heading in ("公民身份号码", "手机号码", "联系电话", "入党日期"):
                assert page[where].number_format == "@"
            if column.heading in ("会议日期", "回函日期", "批准日期"):
                assert ([rule.type for rule in rules], page[where].number_format) == (["date"], "yyyy-mm-dd")


def test_forms_print_on_a4_with_their_headings_and_page_numbers(handed_out: Path) -> None:
    for path in every(handed_out):
        page = openpyxl.load_workbook(path).worksheets[0]
        assert (page.page_setup.paperSize, page.print_title_rows) == (9, "$1:$3")
        assert page.sheet_properties.pageSetUpPr.fitToPage
        assert page.oddFooter.center.text == "第 &P 页，共 &N 页"


def test_the_same_forms_are_the_same_bytes(made: tuple[County, Path, Plan]) -> None:
    _invented, folder, plan = made
    known = prefill.of_register(plan, folder / forms.UNITS)
    form = forms.forms(plan)[forms.NOMINATIONS]
    one, two = (blank.workbook(plan, form, known.committees[0], known) for _time in range(2))
    assert one == two


def test_a_register_with_dates_to_the_day_keeps_them(
    made: tuple[County, Path, Plan], handed_out: Path
) -> None:
    joined = [
        cell for path in (handed_out / "02 党员名册").iterdir() for row in sheet_of(path).rows for cell in row
    ]
    assert any(isinstance(cell, date) for cell in joined)
