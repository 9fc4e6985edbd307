"""The command: what it shows, what it writes, how it ends."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from fourgates.cli import main
from fourgates.papers import forms, reading
from fourgates.papers.workbook import Sheet
from papers import qingwu
from papers.qingwu import FOREIGN, LI, MA, STREET, TOWN, WANG, text

ASSUMED = [f"--assume={one}" for one in ("党籍状态=正常", "流动党员=否", "年老体弱=否")]
WELL = ["李建国", LI, "汉", "大专", "正式", "青梧镇山前村党支部", "2005/7/1", "", ""]
NEW = ["马小青", MA, "回", "高中", "预备", STREET, "2021/7/1", "", ""]
ILL = ["孙大伟", "62992119", "汉", "高中", "正式", STREET, "2011/7/1", "", ""]


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, ["--lang", "zh", "import", *map(str, arguments)])


def everything(root: Path) -> dict[str, bytes]:
    return {
        path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()
    }


@pytest.fixture
def county(tmp_path: Path) -> Path:
    return qingwu.county(tmp_path / "青梧县")


@pytest.fixture
def roster(tmp_path: Path) -> Path:
    (tmp_path / "来件").mkdir()
    return text(tmp_path / "来件" / "名册.csv", FOREIGN, WELL, NEW, ILL)


def test_a_preview_shows_everything_and_writes_nothing(tmp_path: Path, county: Path, roster: Path) -> None:
    before = everything(tmp_path)
    done = run(roster, "--against", county, *ASSUMED)
    assert done.exit_code == 1, done.output
    for said in (
        "党员姓名",
        "（不认识，没有用）",
        "学历 高中 → 大专",
        "马小青",
        "孙大伟",
        "3 → 4",
        "什么也没有写",
    ):
        assert said in done.output
    assert WANG not in done.output
    assert LI not in done.output
    assert everything(tmp_path) == before


def test_into_a_folder_the_roster_is_written_and_the_faults_are_listed_beside_it(
    tmp_path: Path,
    county: Path,
    roster: Path,
) -> None:
    done = run(roster, "--into", county, *ASSUMED, "--json")
    assert done.exit_code == 1, done.output
    told = json.loads(done.stdout)
    assert {key: told["totals"][key] for key in ("rows", "new", "changed", "faulty", "absent")} == {
        "rows": 3,
        "new": 1,
        "changed": 1,
        "faulty": 1,
        "absent": 1,
    }
    assert told["follows"][TOWN]["after"] == {"members": 3, "with_rights": 2, "organisations": 2, "due": 2}
    assert [one["committee"] for one in told["entered"]] == [TOWN]
    listed = reading.read(tmp_path / f"{county.name} 导入问题.xlsx")
    assert isinstance(listed, Sheet)
    assert listed.rows[0] == ["文件", "工作表", "行", "列", "读到", "问题", "怎么改"]
    assert [row[:5] for row in listed.rows[1:]] == [["名册.csv", None, 4, "身份证号码", "62992119"]]


def test_with_nothing_wrong_it_ends_well_and_a_folder_of_files_is_taken_whole(
    tmp_path: Path,
    county: Path,
) -> None:
    folder = tmp_path / "来件"
    folder.mkdir()
    text(folder / "甲.csv", FOREIGN, WELL)
    text(folder / "乙.txt", FOREIGN, NEW, encoding="utf-16")
    (folder / "说明.docx").write_bytes(b"PK")
    done = run(folder, "--into", county, *ASSUMED)
    assert done.exit_code == 0, done.output
    assert sorted(path.name for path in tmp_path.iterdir()) == ["来件", county.name]
    assert (county / forms.ROSTER / f"{TOWN}.xlsx.1.bak").exists()


@pytest.mark.parametrize(
    "arguments",
    [
        ["--assume", "学厉=大学"],
        ["--assume", "流动党员=也许"],
        ["--assume", "姓名=某人"],
        ["--committee", "中共青梧县没有委员会"],
    ],
)
def test_what_does_not_fit_is_refused_and_nothing_is_written(
    tmp_path: Path,
    county: Path,
    roster: Path,
    arguments: list[str],
) -> None:
    before = everything(tmp_path)
    assert run(roster, "--into", county, *arguments).exit_code == 2
    assert everything(tmp_path) == before


def test_with_no_roster_among_the_files_nothing_is_done(tmp_path: Path) -> None:
    done = run(text(tmp_path / "账.csv", ["日期", "金额"], ["2005/7/1", "3"]))
    assert done.exit_code == 2
    assert "没有一份名册能用" in done.output
