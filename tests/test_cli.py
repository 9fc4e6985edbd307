"""The terminal: what it prints, in both languages, and with which exit code."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import filelock
import pytest
from click.testing import CliRunner
from rich.cells import cell_len

import counties
from counties import asked, files, written
from fourgates import bundle, run
from fourgates import names as naming
from fourgates.bundle import HEAD, LEDGER, PEOPLE
from fourgates.cli import main
from fourgates.commands import helping
from fourgates.simulate.county import County
from scripts import docs

RECORD = run.RECORD


@pytest.fixture
def out(small_out: Path, tmp_path: Path) -> Path:
    """Results of one run, to be carried on or spoilt."""
    return Path(shutil.copytree(small_out, tmp_path / "out"))


def spoilt(out: Path) -> Path:
    """The same results with one byte of the ledger changed."""
    ledger = out / RECORD / LEDGER
    content = bytearray(ledger.read_bytes())
    content[content.index(b'"n":7,') + 4] = ord("8")
    ledger.write_bytes(content)
    return out


# --- run --------------------------------------------------------------------------------------------------------


def test_a_run_without_problems_prints_the_figures_and_exits_0(small: Path, tmp_path: Path) -> None:
    answer = asked("run", small, "--out", tmp_path / "out")
    assert answer.exit_code == 0
    lines = {line.split()[0]: " ".join(line.split()[1:]) for line in answer.stdout.splitlines()}
    record = lines.pop("纪实")
    assert record.startswith("97条，新增97条，重算一致，封印 ")
    assert record.endswith(bundle.head(tmp_path / "out" / RECORD).head[:16])
    assert lines == {
        "党（工）委": "3个 = 乡镇2 + 县直1；党支部12个，党员200人，有权利197人",
        "党组织参与率": "100% 12/12",
        "党员参与率": "99.5% 196/197",
        "党员满意度": "100% 196/196",
        "上报人选": "9人，分配名额1人的9.0倍（达到要求）",
        "征求意见": "15个部门，回函15个",
        "政治标准关": "通过8人，未通过1人",
        "人选结构关": "建议名单2人，党支部8、党员98",
        "推荐程序关": "通过3个党（工）委，未通过0个",
        "廉洁纪律关": "通过7人，否决2人，待定0人",
        "县委决定": "合规",
        "问题": "0处",
        "成果": str(tmp_path / "out"),
    }
    assert "读表册" in answer.stderr
    assert {path.name for path in (tmp_path / "out").iterdir()} - {".lock"} == {
        "record",
        "summary.json",
        "problems.xlsx",
        "report.html",
        "report.docx",
        "lists",
    }


def test_a_run_prints_summary_json_byte_by_byte(small: Path, out: Path) -> None:
    answer = asked("run", small, "--out", out, "--json")
    assert answer.exit_code == 0
    assert answer.stdout_bytes == (out / "summary.json").read_bytes()
    assert json.loads(answer.stdout)["record"]["head"] == bundle.head(out / RECORD).head


def test_a_run_with_problems_exits_1(tmp_path: Path) -> None:
    county = counties.small()
    (_, row), *_ = county.sheets["05 满意度测评.xlsx"].filled()
    row.put("收回", "很多")
    folder = written(county, tmp_path / "county")
    answer = asked("run", folder, "--out", tmp_path / "out")
    assert answer.exit_code == 1
    assert counties.summary(tmp_path / "out")["problems"] > 0
    assert asked("run", folder, "--out", tmp_path / "out", "--json").exit_code == 1


def test_a_run_without_a_lawful_list_or_a_survey_says_so(tmp_path: Path) -> None:
    county = counties.small()
    del county.sheets["05 满意度测评.xlsx"], county.sheets["09 政治标准考察.xlsx"]
    answer = asked("run", written(county, tmp_path / "county"), "--out", tmp_path / "out")
    lines = {line.split()[0]: " ".join(line.split()[1:]) for line in answer.stdout.splitlines()}
    assert answer.exit_code == 1
    assert lines["党员满意度"] == "没有数据"
    assert lines["人选结构关"] == "不存在符合要求的名单，原因见报告"
    assert lines["县委决定"] == "不合规"


def emptied(county: County) -> County:
    county.sheets["01 党组织名册.xlsx"].rows.clear()
    return county


def misplanned(county: County) -> County:
    county.plan_text = county.toml() + '\n[quotas]\nallotted = "many"\n'
    return county


def unplanned(county: County) -> County:
    county.plan_text = "="
    return county


def unregistered(county: County) -> County:
    del county.sheets["01 党组织名册.xlsx"]
    return county


def textual(county: County) -> County:
    county.files["01 党组织名册.xlsx"] = "党组织名称,组织类别".encode()
    return county


@pytest.mark.parametrize("spoil", [emptied, misplanned, unplanned, unregistered, textual])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_folder_that_is_not_usable_exits_2_and_records_nothing(
    tmp_path: Path, spoil: Callable[[County], County], language: str
) -> None:
    folder = written(spoil(counties.small()), tmp_path / "county")
    answer = asked("--lang", language, "run", folder, "--out", tmp_path / "out")
    assert (answer.exit_code, answer.stdout) == (2, "")
    assert len([line for line in answer.stderr.splitlines() if "━" not in line and line.strip()]) == 1
    assert not (tmp_path / "out" / RECORD).exists()


def test_no_folder_and_an_empty_folder_are_not_usable(tmp_path: Path) -> None:
    answer = asked("--lang", "en", "run", tmp_path / "nowhere", "--out", tmp_path / "out")
    assert (answer.exit_code, answer.stderr) == (
        2,
        f"[F.1] there is no such folder: {tmp_path / 'nowhere'}\n",
    )
    assert not (tmp_path / "out").exists()
    (tmp_path / "empty").mkdir()
    answer = asked("run", tmp_path / "empty", "--out", tmp_path / "out")
    assert (answer.exit_code, answer.stderr) == (2, "[F.1] 没有找到 plan.toml，或者它不是一个普通文件\n")
    assert not (tmp_path / "out").exists()


def test_a_run_over_a_broken_record_changes_nothing(small: Path, out: Path) -> None:
    before = files(spoilt(out) / RECORD)
    answer = asked("--lang", "en", "run", small, "--out", out)
    assert answer.exit_code == 2
    assert answer.stderr.lstrip().startswith(f"[F.3] the record in {out} does not hold: ")
    assert files(out / RECORD) == before


def test_of_two_runs_at_once_one_is_told(small: Path, out: Path) -> None:
    before = files(out / RECORD)
    with filelock.FileLock(out / ".lock"):
        answer = asked("run", small, "--out", out)
    assert (answer.exit_code, answer.stderr) == (2, "另一个程序正在使用这个输出文件夹\n")
    assert files(out / RECORD) == before
    assert asked("run", small, "--out", out).exit_code == 0


def test_an_output_that_cannot_be_written_is_one_sentence(small: Path, tmp_path: Path) -> None:
    (tmp_path / "out").write_text("a file", encoding="utf-8")
    answer = asked("--lang", "en", "run", small, "--out", tmp_path / "out")
    assert answer.exit_code == 2
    assert answer.stderr.startswith("cannot go on writing: ")
    assert (tmp_path / "out").read_text(encoding="utf-8") == "a file"


# --- verify -----------------------------------------------------------------------------------------------------


def test_a_record_that_holds(out: Path) -> None:
    head = bundle.head(out / RECORD)
    for place in (out, out / RECORD):
        answer = asked("verify", place)
        assert (answer.exit_code, answer.stderr) == (0, "")
        first, *checkpoints = answer.stdout.splitlines()
        assert first == f"成立：97条，逐条重算一致，封印 {head.head}"
        assert [line.partition(" ")[0][:4] for line in checkpoints] == ["检查点8", "根码", "见证方案"]
    verdict = json.loads(asked("verify", out, "--json").stdout)
    said = verdict.pop("checkpoints")
    assert (said["count"], said["entries"], said["enough"]) == (8, 97, True)
    assert verdict == {
        "holds": True,
        "entries": 97,
        "head": head.head,
        "people": True,
        "unfinished": False,
    }
    assert "Holds: 97 entries" in asked("--lang", "en", "verify", out).stdout


def test_a_record_that_does_not_hold_names_entry_and_rule(out: Path) -> None:
    spoilt(out)
    answer = asked("verify", out, "--json")
    assert answer.exit_code == 1
    found = json.loads(answer.stdout)
    assert (found["holds"], found["entry"], found["rule"]) == (False, 7, "R.2")
    assert asked("verify", out).stdout.startswith("不成立：第7条，规则R.2：")
    assert asked("--lang", "en", "verify", out).stdout.startswith("Does not hold: entry 7, rule R.2: ")


def test_no_record_does_not_hold(tmp_path: Path) -> None:
    assert json.loads(asked("verify", tmp_path, "--json").stdout)["rule"] == "R.4"
    assert asked("verify", tmp_path / "nowhere").exit_code == 1


def test_a_record_whose_names_are_deleted_holds_and_says_so(out: Path) -> None:
    shutil.rmtree(out / RECORD / PEOPLE)
    (out / RECORD / "pending").write_text(f"{HEAD}.new", encoding="utf-8")
    answer = asked("verify", out)
    assert answer.exit_code == 0
    said = ["人员附件不在：数字都可重算，姓名已不可查", "有一次没有写完的记录，不计入；下次运行会清理"]
    assert [line for line in answer.stdout.splitlines() if line in said] == said


# --- figures and log --------------------------------------------------------------------------------------------


def test_figures_are_those_of_the_run(out: Path) -> None:
    answer = asked("figures", out)
    assert answer.exit_code == 0
    expected = counties.summary(out)
    del expected["problems"]
    assert json.loads(answer.stdout) == expected


def test_figures_stay_when_the_names_are_deleted(out: Path) -> None:
    (kept,) = (out / RECORD / PEOPLE).iterdir()
    people = json.loads(kept.read_bytes())["people"]
    kept.unlink()
    shown = asked("figures", out).stdout
    assert [one["number"] for one in people.values() if one["number"] in shown] == []
    for id_, one in people.items():
        shown = shown.replace(id_, one["number"])
    expected = counties.summary(out)
    del expected["problems"]
    assert counties.unordered(json.loads(shown)) == counties.unordered(expected)


def test_the_record_is_told_entry_by_entry(small: Path, out: Path) -> None:
    lines = asked("log", out).stdout.splitlines()
    assert len(lines) == 97
    assert lines[0].split()[0] == "1"
    assert [json.loads(line)["n"] for line in asked("log", out, "--json").stdout.splitlines()] == list(
        range(1, 98)
    )
    (out.parent / "county").mkdir()
    shutil.copytree(small, out.parent / "county", dirs_exist_ok=True)
    (out.parent / "county" / "05 满意度测评.xlsx").unlink()
    asked("run", out.parent / "county", "--out", out)
    more = asked("log", out).stdout.splitlines()
    assert more[:97] == lines
    number = next(line.split()[0] for line in lines if "满意度测评" in line)
    assert f"撤回第{number}条（满意度测评：12个党支部）" in more[97]
    assert "entry " in asked("--lang", "en", "log", out).stdout.splitlines()[97]


@pytest.mark.parametrize("command", [["figures"], ["log"], ["why"]])
def test_what_asks_a_broken_record_exits_1(out: Path, command: list[str]) -> None:
    spoilt(out)
    answer = asked(*command, out, *(["somebody"] if command == ["why"] else []))
    assert answer.exit_code == 1
    assert len(answer.stderr.splitlines()) == 1


# --- why --------------------------------------------------------------------------------------------------------


def whom(out: Path) -> dict[str, tuple[str, str]]:
    """Names that only one person bears: name → (id, citizen number)."""
    (kept,) = (out / RECORD / PEOPLE).iterdir()
    people = json.loads(kept.read_bytes())["people"]
    keys = [naming.key(one["name"]) for one in people.values()]
    alone = {id_: one for id_, one in people.items() if keys.count(naming.key(one["name"])) == 1}
    return {one["name"]: (id_, one["number"]) for id_, one in alone.items()}


def test_a_person_is_found_by_name_number_and_id(small_out: Path) -> None:
    listed = counties.summary(small_out)["gates"]["structure"]["list"]
    name, (id_, number) = next((name, one) for name, one in whom(small_out).items() if one[1] in listed)
    told = asked("why", small_out, name)
    assert told.exit_code == 0
    assert asked("why", small_out, number).stdout == told.stdout
    assert asked("why", small_out, id_).stdout == told.stdout
    assert asked("why", small_out, f" {name[0]} {name[1:]} ").stdout == told.stdout
    lines = told.stdout.splitlines()
    assert lines[0] == f"{name}  {id_}"
    assert any(line.startswith("  ✓ 人选结构关  在建议名单上  [通过 · 9.3 · 第") for line in lines)
    found = json.loads(asked("why", small_out, name, "--json").stdout)
    assert (found["id"], found["loses"]) == (id_, None)
    assert found["path"][0]["station"] == "名册"
    english = asked("--lang", "en", "why", small_out, name).stdout
    assert "Candidate structure  on the proposed list  [passed · 9.3 · entry " in english


def test_who_is_eligible_but_not_on_the_list_is_told_what_the_list_would_lose(small_out: Path) -> None:
    gates = counties.summary(small_out)["gates"]
    both = set(gates["standard"]["met"]) & set(gates["integrity"]["met"])
    (left, *_) = sorted(both - set(gates["structure"]["list"]))
    found = json.loads(asked("why", small_out, left, "--json").stdout)
    assert found["path"][-2]["rule"] == "9.3"
    assert found["loses"]
    assert asked("why", small_out, left).stdout.splitlines()[-1] == "  " + found["loses"]


def test_nobody_is_refused_by_rule(small_out: Path) -> None:
    answer = asked("why", small_out, "诸葛无名")
    assert (answer.exit_code, answer.stderr) == (2, "[F.4] 名册中没有“诸葛无名”\n")


def test_of_namesakes_each_is_named_by_id(tmp_path: Path) -> None:
    county, alike = counties.small(), "欧阳青山"
    nominated = {row.text("公民身份号码") for sheet in county.under("06") for _, row in sheet.filled()}
    chosen = sorted(nominated)[:2]
    for path, sheet in county.sheets.items():
        for _, row in sheet.filled():
            if row.text("公民身份号码") in chosen:
                row.put("被推荐人" if path.startswith("06") else "姓名", alike)
    out = tmp_path / "out"
    assert counties.ran(written(county, tmp_path / "county"), out) == 0
    (kept,) = (out / RECORD / PEOPLE).iterdir()
    ids = {id_ for id_, one in json.loads(kept.read_bytes())["people"].items() if one["name"] == alike}
    assert len(ids) == 2
    answer = asked("why", out, alike)
    assert answer.exit_code == 2
    assert answer.stderr.startswith(f"[F.4] 叫“{alike}”的不止一人，请用记录编号：")
    assert [id_ for id_ in ids if id_ not in answer.stderr] == []
    for id_ in ids:
        assert asked("why", out, id_).stdout.splitlines()[0].split() == [alike, id_]


# --- names sort -------------------------------------------------------------------------------------------------


def test_names_are_sorted_by_the_strokes_of_the_surname() -> None:
    answer = asked("names", "sort", stdin="张三\n丁一\n王五\n\n李四\n".encode())
    assert (answer.exit_code, answer.stdout.split()) == (0, ["丁一", "王五", "李四", "张三"])


def test_names_read_from_a_file_with_a_mark_of_its_encoding() -> None:
    answer = asked("names", "sort", stdin="\ufeff王五\n丁一\n".encode())
    assert (answer.exit_code, answer.stdout.split()) == (0, ["丁一", "王五"])


def test_a_character_without_strokes_is_refused_until_a_correction_gives_them(tmp_path: Path) -> None:
    answer = asked("names", "sort", stdin="\U00031000一\n丁一\n".encode())
    assert answer.exit_code == 2
    assert answer.stderr.startswith("[N.1] ")
    assert "\U00031000" in answer.stderr
    assert answer.stdout == ""
    (tmp_path / "corrections").write_text("\U00031000 1\n", encoding="utf-8")
    answer = asked(
        "names", "sort", "--corrections", tmp_path / "corrections", stdin="丁一\n\U00031000一\n".encode()
    )
    assert (answer.exit_code, answer.stdout.split()) == (0, ["\U00031000一", "丁一"])


def test_corrections_that_cannot_be_read_and_text_that_is_none(tmp_path: Path) -> None:
    (tmp_path / "corrections").write_text("一横\n", encoding="utf-8")
    answer = asked("names", "sort", "--corrections", tmp_path / "corrections", stdin=b"")
    assert answer.exit_code == 2
    assert answer.stderr.startswith("[N.2] ")
    assert "一横" in answer.stderr
    answer = asked("--lang", "en", "names", "sort", stdin=b"\xff\xfe\x00")
    assert (answer.exit_code, answer.stderr) == (2, "[N.3] what was read is not text in UTF-8\n")


# --- simulate and demo ------------------------------------------------------------------------------------------


def test_the_same_seed_makes_the_same_county(small: Path, tmp_path: Path) -> None:
    answer = asked("simulate", "county", tmp_path / "county", "--small", "--decision")
    assert (answer.exit_code, answer.stdout.replace("\n", "")) == (0, f"已生成：{tmp_path / 'county'}")
    assert files(tmp_path / "county") == files(small)
    asked("simulate", "county", tmp_path / "other", "--small", "--decision", "--seed", "柳河")
    assert files(tmp_path / "other") != files(small)


def test_a_folder_with_something_in_it_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("mine", encoding="utf-8")
    answer = asked("--lang", "en", "simulate", "county", tmp_path, "--small")
    assert answer.exit_code == 2
    assert answer.stderr.splitlines()[-1] == f"[F.5] {tmp_path} is not empty; choose an empty folder"
    assert files(tmp_path) == {"mine": b"mine"}


# --- the program ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("environment", "words", "said"),
    [
        ({}, [], "成立："),
        ({"FOURGATES_LANG": "en"}, [], "Holds:"),
        ({"FOURGATES_LANG": "en", "LC_ALL": "zh_CN.UTF-8"}, [], "Holds:"),
        ({"LANG": "en_US.UTF-8"}, [], "Holds:"),
        ({"LC_ALL": "zh_CN.UTF-8", "LANG": "en_US.UTF-8"}, [], "成立："),
        ({"FOURGATES_LANG": "en"}, ["--lang", "zh"], "成立："),
    ],
)
def test_the_language_is_the_first_wish(
    small_out: Path,
    monkeypatch: pytest.MonkeyPatch,
    environment: dict[str, str],
    words: list[str],
    said: str,
) -> None:
    for name in ("FOURGATES_LANG", "LC_ALL", "LANG"):
        monkeypatch.delenv(name, raising=False)
    answer = CliRunner(env=environment).invoke(main, [*words, "verify", str(small_out)])
    assert answer.stdout.startswith(said)


def test_the_program_starts_as_a_module(small_out: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "fourgates", "--lang", "en", "verify", small_out],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("Holds: 97 entries")


@pytest.mark.parametrize("words", [["--lang", "de", "verify", "."], ["run"], ["nothing"], ["verify"]])
def test_a_command_that_is_not_understood_exits_2(words: list[str]) -> None:
    assert asked(*words).exit_code == 2


# --- help -------------------------------------------------------------------------------------------------------

# `slate` stands below this layer and explains itself in English only.
COMMANDS = sorted(
    command
    for context in docs.commands(docs.terminal())
    if not (command := " ".join(context.command_path.split()[1:])).startswith("slate")
)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself_in_both_languages(command: str) -> None:
    chinese, english = (asked("--lang", language, *command.split(), "--help") for language in ("zh", "en"))
    assert (chinese.exit_code, english.exit_code) == (0, 0)
    assert chinese.stdout.startswith(f"用法：fourgates {command}".rstrip())
    assert english.stdout.startswith(f"Usage: fourgates {command}".rstrip())
    assert [line for line in chinese.stdout.splitlines() if cell_len(line) > helping.WIDEST] == []
    assert [line for line in english.stdout.splitlines() if cell_len(line) > helping.WIDEST] == []
    said = "\n".join(line for line in chinese.stdout.splitlines()[1:] if not line.startswith("  slate "))
    assert not re.search(r"[a-z]{3,} [a-z]{3,} [a-z]{3,} [a-z]{3,}", said), (
        "English is left in the Chinese help"
    )


def test_help_asked_before_the_language_speaks_that_of_the_environment() -> None:
    answer = CliRunner(env={"FOURGATES_LANG": "en"}).invoke(main, ["--help"])
    assert answer.stdout.startswith("Usage: fourgates ")
    assert CliRunner(env={"FOURGATES_LANG": "zh"}).invoke(main, ["-h"]).stdout.startswith("用法：")


@pytest.mark.parametrize(
    ("said", "width", "lines"),
    [
        ("", 10, [""]),
        ("一二三四五", 10, ["一二三四五"]),
        ("一二三四五六", 10, ["一二三四五", "六"]),
        ("一二三四五，六", 10, ["一二三四", "五，六"]),
        ("see OUT/problems.xlsx for more", 12, ["see", "OUT/problems.xlsx", "for more"]),
        ("记到 OUT 里", 8, ["记到 OUT", "里"]),
    ],
)
def test_help_is_folded_by_the_width_of_what_is_printed(said: str, width: int, lines: list[str]) -> None:
    assert helping.folded(said, width) == lines
