"""The terminal's slate: two tables in, a list, a judgement, an explanation, a swap out."""

from __future__ import annotations

import csv
import os
import random
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner, Result
from defusedxml.ElementTree import fromstring

from fourgates.commands.slate import slate
from fourgates.errors import Refused
from fourgates.papers import writing
from fourgates.slate import sheets
from fourgates.slate.answer import Slate
from fourgates.slate.certificate import verify
from fourgates.slate.model import Person, Problem, Ratio, Requirement
from fourgates.slate.picture import picture
from fourgates.slate.solve import solve
from fourgates.slate.watch import Watch
from slate.cases import county


def ask(*words: object) -> Result:
    return CliRunner().invoke(slate, [str(word) for word in words])


@pytest.fixture
def tables(tmp_path: Path) -> tuple[Path, Path]:
    """The county as the two tables a clerk would have."""
    problem, _ = county()
    people, requirements = tmp_path / "人选.csv", tmp_path / "要求.csv"
    rows = [["编号", "单位", "标签", "支持支部", "支持党员", "女"]]
    for person in problem.people:
        tags = "；".join(tag for tag in person.tags if tag != "女")
        support = [str(number) for number in person.support]
        rows.append([person.id, person.unit, tags, *support, "是" if "女" in person.tags else ""])
    write(people, rows)
    shares = {8: "60%", 5: "2/5"}
    asked = [["要求", "标签", "不少于", "不超过"]]
    for rule in problem.requirements:
        bounds = [rule.at_least, rule.at_most]
        asked.append(
            [rule.name, rule.tag, *(shares.get(n or 0, "" if n is None else str(n)) for n in bounds)]
        )
    write(requirements, asked)
    return people, requirements


def write(path: Path, rows: list[list[str]]) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows(rows)


def test_solve_prints_the_list_and_says_that_it_is_proven(tables: tuple[Path, Path]) -> None:
    _, best = county()
    done = ask("solve", *tables, "--size", "13", "--per-unit", "1")
    assert done.exit_code == 0
    assert sorted(done.stdout.split()) == best["list"]
    assert "名单13人，支持数 226、3243" in done.stderr
    assert done.stderr.endswith("已证明：没有更好的名单\n")


def test_a_saved_answer_is_judged_and_its_proof_verified(tables: tuple[Path, Path], tmp_path: Path) -> None:
    saved = tmp_path / "名单.json"
    assert ask("solve", *tables, "--size", 13, "--per-unit", 1, "--out", saved).exit_code == 0
    done = ask("check", *tables, "--size", 13, "--per-unit", 1, "--list", saved)
    assert done.exit_code == 0
    assert "证明成立：没有更好的名单" in done.stderr
    told = msgspec.json.decode(saved.read_bytes())
    told["support"][0] += 1
    saved.write_bytes(msgspec.json.encode(told))
    forged = ask("check", *tables, "--size", 13, "--per-unit", 1, "--list", saved)
    assert forged.exit_code == 1
    assert "证明" in forged.stderr or "支持数不符" in forged.stderr


def test_workbooks_are_read_and_written(tables: tuple[Path, Path], tmp_path: Path) -> None:
    out, drawing = tmp_path / "名单.xlsx", tmp_path / "名单.svg"
    assert ask("solve", *tables, "--size", 13, "--per-unit", 1, "--out", out).exit_code == 0
    assert ask("solve", *tables, "--size", 13, "--per-unit", 1, "--out", drawing).exit_code == 0
    assert out.read_bytes()[:2] == b"PK"
    assert drawing.read_text(encoding="utf-8")[:4] == "<svg"
    assert ask("solve", *tables, "--size", 13, "--out", tmp_path / "名单.doc").exit_code == 2


def test_the_picture_has_a_bar_for_pool_and_list_and_a_mark_for_every_bound() -> None:
    people = tuple(
        Person(f"p{n}", "u", tuple(t for t, k in (("女", 2), ("农民", 3)) if n % k == 0)) for n in range(12)
    )
    asked = (
        Requirement("x" * 40, "女", 0, 2),
        Requirement("名" * 20, "农民", 1, 1),
        Requirement("空", "无", None, 3),
    )
    problem = Problem(people, 4, asked, ratios=(Ratio("农民妇女", "女", "农民", (1, 2)),))
    drawn = fromstring(picture(problem, ["p0", "p1", "p5", "p7"]))
    said = [element.text for element in drawn.iter("{http://www.w3.org/2000/svg}text")]
    # A minimum of nothing is no bound, and two equal ones are one.
    assert said[2:-1] == [
        *("x" * 29 + "…", "≤2", "1 / 6"),
        *("名" * 14 + "…", "=1", "1 / 4"),
        *("空", "≤3", "0 / 0"),
        *("农民妇女", "≥1", "1 / 2"),
    ]
    bars = [element.get("width") for element in drawn.iter("{http://www.w3.org/2000/svg}rect")][1:]
    # Of the pool half, a third, nobody, half of the farmers; of the list a quarter twice, nobody, the one farmer.
    assert bars == ["280.0", "140.0", "186.7", "140.0", "0.0", "0.0", "280.0", "560.0"]


def test_an_unlawful_list_is_judged_and_swapped(tables: tuple[Path, Path], tmp_path: Path) -> None:
    _, best = county()
    listed = tmp_path / "现有.txt"
    listed.write_text("\n".join([*best["list"][:-1], "无此人"]), encoding="utf-8")
    judged = ask("check", *tables, "--size", 13, "--per-unit", 1, "--list", listed)
    assert judged.exit_code == 1
    assert "没有这个人选: 无此人" in judged.stdout
    swapped = ask("swap", *tables, "--size", 13, "--per-unit", 1, "--list", listed)
    assert swapped.exit_code == 0
    assert swapped.stdout == f"最少调换：换下无此人，换上{best['list'][-1]}。\n"


def test_explain_tells_costs_and_absences(tables: tuple[Path, Path]) -> None:
    asking = ("explain", *tables, "--size", 13, "--per-unit", 1)
    done = ask(*asking, "--why-not", "p41", "--why-not", "p01")
    assert done.exit_code == 0
    lines = done.stdout.splitlines()
    assert lines[0] == "每个单位不超过1人：正好；没有这项要求，支持数可变化+16、+96"
    assert lines[-2:] == [
        "p41已在名单上。",
        "p01列入名单时，最好的名单要换下p41，支持数变化为-1、-32。",
    ]


def test_a_conflict_names_the_rules_and_who_would_help(tables: tuple[Path, Path], tmp_path: Path) -> None:
    people, requirements = tables
    with people.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    few = tmp_path / "少.csv"
    write(few, [row for row in rows if "农民" not in row[2]])
    done = ask("explain", few, requirements, "--size", 13, "--per-unit", 1, "--reserve", people)
    assert done.exit_code == 1
    assert "“农民不少于2人”无法做到" in done.stdout
    assert "再有2人即可拟出名单：" in done.stdout
    assert ask("solve", few, requirements, "--size", 13, "--per-unit", 1).exit_code == 1


@pytest.mark.parametrize(
    ("people", "requirements", "said"),
    [
        ([["姓名"], ["甲"]], [["标签", "不少于"]], "人选.csv: 没有“编号”这一栏"),
        ([["编号", "编号"]], [["标签"]], "人选.csv: “编号”一栏出现了2次"),
        ([["编号"], ["甲"], ["甲"]], [["标签"]], "人选.csv: 人选重复：甲（第2行和第3行）"),
        ([["编号", "支持"], ["甲", "多"]], [["标签"]], "人选.csv: 第2行“支持”应当是整数：多"),
        ([], [["标签"]], "人选.csv: 表是空的"),
        ([["编号"]], [["要求"]], "要求.csv: 没有“标签”这一栏"),
        ([["编号"]], [["标签", "强度"], ["女", "大概"]], "要求.csv: 第2行的强度应当是必须、应当或争取"),
        ([["编号"]], [["标签", "不少于"], ["女", "-1"]], "要求.csv: 第2行“不少于/不超过”应当是整数：-1"),
        ([["编号"]], [["标签", "不少于"], ["女", ""]], "结构要求没有界限：女"),
        ([["编号", "列入"], ["甲", "可"]], [["标签"]], "人选.csv: 第2行的“列入”应当是必须、不得，或者空着"),
        (
            [["编号"]],
            [["标签", "关系", "甲", "乙"], ["", "互斥", "甲", ""]],
            "要求.csv: 第2行的关系应当是互斥或随同，并且写明甲和乙",
        ),
        (
            [["编号"]],
            [["标签", "不少于", "参照"], ["女", "2", "50%"]],
            "要求.csv: 第2行写了参照，参照和界限都应当是比例",
        ),
        (
            [["编号"]],
            [["标签", "单位", "不少于", "其中"], ["女", "甲", "50%", "农民"]],
            "要求.csv: 第2行：其中的比例不能与单位或人数写在同一行",
        ),
    ],
)
def test_what_cannot_be_read_is_located(
    tmp_path: Path, people: list[list[str]], requirements: list[list[str]], said: str
) -> None:
    write(tmp_path / "人选.csv", people)
    write(tmp_path / "要求.csv", requirements)
    done = ask("solve", tmp_path / "人选.csv", tmp_path / "要求.csv", "--size", "1")
    assert done.exit_code == 2
    assert done.stderr.splitlines()[-1] == said


def test_a_slip_of_the_pen_is_pointed_out_and_a_list_of_any_length_is_bounded(tmp_path: Path) -> None:
    write(tmp_path / "人选.csv", [["编号", "标签"], ["甲", "女"]])
    write(tmp_path / "要求.csv", [["标签", "不少过", "不超过"], ["妇", "1", "0"]])
    done = ask("solve", tmp_path / "人选.csv", tmp_path / "要求.csv", "--size", "1")
    assert done.exit_code == 0
    assert done.stderr.splitlines()[:2] == [
        "提示：没有用到“不少过”这一栏",
        "提示：没有人带有“妇”这个标签",
    ]
    done = ask("solve", tmp_path / "人选.csv", tmp_path / "要求.csv", "--size", "10000000")
    assert (done.exit_code, done.stderr) == (2, "名单人数超过上限1000000：10000000\n")


def test_a_missing_file_and_files_that_are_not_what_their_name_says_are_one_sentence_each(
    tmp_path: Path,
) -> None:
    write(tmp_path / "人选.csv", [["编号"], ["甲"]])
    (tmp_path / "坏.csv").write_bytes("编号\n甲".encode("gb18030"))
    (tmp_path / "坏.xlsx").write_bytes(b"not a workbook")
    for name in ("无.csv", "坏.csv", "坏.xlsx"):
        done = ask("solve", tmp_path / name, tmp_path / "人选.csv", "--size", "1")
        assert done.exit_code == 2
        assert len(done.stderr.splitlines()) == 1


def test_requirements_of_a_workbook_with_strengths_units_and_ratios(tmp_path: Path) -> None:
    columns = ["要求", "标签", "单位", "不少于", "不超过", "强度", "其中"]
    rows: list[list[object]] = [
        ["妇女", "女", "", "1/3", "", "应当", ""],
        ["城关", "", "城关", 1, "", "", ""],
        ["一线妇女", "女", "", "50%", "", "争取", "一线"],
    ]
    path = tmp_path / "要求.csv"
    write(path, [columns, *[[str(cell) for cell in row] for row in rows]])
    with path.open(encoding="utf-8-sig", newline="") as file:
        requirements, ratios = sheets.read_requirements(list(csv.reader(file)), 10)
    assert [(r.name, r.tag, r.unit, r.at_least, r.strength) for r in requirements] == [
        ("妇女", "女", "", 4, "should"),
        ("城关", "", "城关", 1, "must"),
    ]
    assert [(r.name, r.tag, r.of, r.at_least, r.strength) for r in ratios] == [
        ("一线妇女", "女", "一线", (1, 2), "goal")
    ]


def test_every_kind_of_requirement_stands_in_the_two_tables(tmp_path: Path) -> None:
    people = [["编号", "单位", "标签", "支持", "列入"]]
    tags = [
        "一线；女",
        "一线",
        "一线；女",
        "一线；女",
        "干部",
        "女；干部",
        "干部",
        "一线",
        "干部；女",
        "一线",
    ]
    for n, own in enumerate(tags):
        people.append([f"p{n}", "甲乙丙"[n % 3], own, str(10 - n), {0: "必须", 9: "不得"}.get(n, "")])
    columns = ["要求", "标签", "单位", "不少于", "不超过", "强度", "其中", "参照", "关系", "甲", "乙"]
    asked = [
        ["", "", "*", "1", "2", "", "", "", "", "", ""],
        ["妇女", "女", "", "90%", "", "", "", "485/1000", "", "", ""],
        ["一线妇女", "女", "", "1", "", "", "一线", "", "", "", ""],
        ["干部妇女", "女", "", "1/2", "", "应当", "干部", "", "", "", ""],
        ["一线", "一线", "", "3", "3", "", "", "", "", "", ""],
        ["不同队", "", "", "", "", "", "", "", "互斥", "p0", "p1"],
        ["", "", "", "", "", "", "", "", "随同", "p3", "p6"],
    ]
    write(tmp_path / "人选.csv", people)
    write(tmp_path / "要求.csv", [columns, *asked])
    rules, ratios = sheets.read_requirements([columns, *asked], 6, "甲乙丙")
    assert [(r.name, r.tag, r.unit, r.at_least, r.at_most, r.among) for r in rules] == [
        ("*·丙", "", "丙", 1, 2, ""),
        ("*·乙", "", "乙", 1, 2, ""),
        ("*·甲", "", "甲", 1, 2, ""),
        # 90 % of 48.5 % of 6 is 2.619.
        ("妇女", "女", "", 3, None, ""),
        ("一线妇女", "女", "", 1, None, "一线"),
        ("一线", "一线", "", 3, 3, ""),
    ]
    assert [(r.name, r.tag, r.of, r.at_least, r.strength) for r in ratios] == [
        ("干部妇女", "女", "干部", (1, 2), "should")
    ]
    assert [(p.name, p.kind, p.first, p.second) for p in sheets.read_pairs([columns, *asked])] == [
        ("不同队", "excludes", "p0", "p1"),
        ("随同p3·p6", "requires", "p3", "p6"),
    ]
    assert sheets.read_standing(people) == (("p0",), ("p9",))
    out = tmp_path / "名单.json"
    words = (tmp_path / "人选.csv", tmp_path / "要求.csv", "--size", 5, "--surplus", "120%", "--per-unit", 2)
    done = ask("solve", *words, "--out", out)
    assert done.exit_code == 0, done.stderr
    listed = set(done.stdout.split())
    assert len(listed) == 6
    assert listed & {"p0", "p1", "p9"} == {"p0"}
    assert ask("check", *words, "--list", out).exit_code == 0


def test_a_should_that_is_departed_from_comes_with_its_reason(tmp_path: Path) -> None:
    write(tmp_path / "人选.csv", [["#", "标签"], ["", "女"], ["", "农民"], ["", "农民"]])
    asked = [["标签", "不少于", "强度"], ["农民", "2", ""], ["女", "1", "应当"], ["工人", "1", "争取"]]
    write(tmp_path / "要求.csv", asked)
    out = tmp_path / "名单.xlsx"
    words = (tmp_path / "人选.csv", tmp_path / "要求.csv", "--size", 2, "--id-column", "#", "--out", out)
    done = ask("solve", *words)
    assert done.exit_code == 0
    assert done.stdout.split() == sorted(done.stdout.split(), key=done.stdout.index)
    assert set(done.stdout.split()) == {"3", "4"}
    reason = done.stderr[done.stderr.index("应当做到") :].splitlines()
    assert reason == [
        "应当做到而没有做到：女，差1人。原因：",
        "以下要求不能同时做到（少任何一项就可以）：名单共2人；农民不少于2人；女不少于1人",
        "可选人选共3人，来自1个单位",
        "可选人选中农民共2人，来自1个单位",
        "可选人选中女共1人，来自1个单位",
        "争取而没有做到：工人，差1人；支持多的在先。",
        "已证明：没有更好的名单",
    ]


def test_what_kind_of_persons_would_do_is_said_by_the_tags_the_conflict_is_about(tmp_path: Path) -> None:
    people = [["编号", "单位", "标签"], *[[f"p{n}", f"u{n}", "女" if n < 2 else "一线"] for n in range(6)]]
    write(tmp_path / "人选.csv", people)
    asked = [
        ["要求", "标签", "不少于", "不超过", "其中"],
        ["一线妇女", "女", "2", "", "一线"],
        ["女", "女", "", "2", ""],
    ]
    write(tmp_path / "要求.csv", asked)
    asking = ("explain", tmp_path / "人选.csv", tmp_path / "要求.csv", "--size", 4, "--per-unit", 1)
    done = ask(*asking)
    assert done.exit_code == 1
    assert done.stdout.splitlines()[-1] == "再有2名“一线＋女”的人选，就能拟出名单。"
    below = [["编号", "单位", "标签"], ["q1", "v1", "女；一线"], ["q2", "v2", "女"], ["q3", "v3", "女；一线"]]
    write(tmp_path / "线下.csv", below)
    done = ask(*asking, "--reserve", tmp_path / "线下.csv")
    assert done.stdout.splitlines()[-4:] == [
        "线下人选中，以下2人是“一线＋女”：q1、q3",
        *("再有2人即可拟出名单：", "q3", "q1"),
    ]
    write(tmp_path / "线下.csv", below[:1] + below[2:3])
    done = ask(*asking, "--reserve", tmp_path / "线下.csv")
    assert done.stdout.splitlines()[-2:] == [
        "线下人选中没有“一线＋女”。",
        "线下人选都列为可选，也拟不出名单。",
    ]


def test_another_tools_two_files_are_read_and_written_back(tmp_path: Path) -> None:
    """The features and people files that sortition-algorithms reads."""
    features = [
        ["feature", "value", "min", "max", "min_flex", "max_flex"],
        ["gender", "female", "1", "2", "0", "3"],
        ["gender", "male", "1", "2", "0", "3"],
    ]
    people = [
        ["nationbuilder_id", "unit", "gender"],
        ["a", "", "female"],
        ["b", "", "male"],
        ["c", "", "male"],
    ]
    requirements, ratios = sheets.read_requirements(features, 3)
    problem = Problem(sheets.read_people(people), 3, requirements, ratios=ratios)
    assert sheets.feature_rows(problem) == features
    assert sheets.people_rows(problem) == people
    write(tmp_path / "people.csv", people)
    write(tmp_path / "features.csv", features)
    done = ask("solve", tmp_path / "people.csv", tmp_path / "features.csv", "--size", 3, "--json")
    answer = msgspec.json.decode(done.stdout, type=Slate)
    verify(problem, answer)
    assert sorted(answer.chosen) == ["a", "b", "c"]


def test_a_table_whose_first_row_is_a_title_is_not_guessed_at(
    tables: tuple[Path, Path], tmp_path: Path
) -> None:
    table = writing.Table("x", "x", [writing.Column("编号")], [["甲"]])
    writing.write(tmp_path / "x.xlsx", [table])
    done = ask("solve", tmp_path / "x.xlsx", tables[1], "--size", 1)
    assert done.exit_code == 2
    assert done.stderr == "x.xlsx: 没有“编号”这一栏\n"


def test_a_list_is_drawn_from_a_published_seed_and_a_kept_lottery(
    tables: tuple[Path, Path], tmp_path: Path
) -> None:
    kept = tmp_path / "抽签方案.json"
    words = ("draw", *tables, "--size", 13, "--per-unit", 1, "--lottery", kept)
    assert ask(*words).exit_code == 2
    first = ask(*words, "--seed", "2022-03-21", "--chances")
    assert first.exit_code == 0
    assert len(first.stdout.split()) == 13
    assert ask(*words, "--seed", "2022-03-21").stdout == first.stdout
    other = ask(*words, "--seed", "2022-03-21", "--kind", "nash")
    assert (other.exit_code, other.stderr) == (2, "抽签方案.json: 保存的抽签方案是leximin，不是nash\n")
    gone, stays = first.stdout.split()[:2]
    follow = ask(*words, "--seed", "2022-03-21", "--gone", gone).stdout.split()
    assert len(follow) == 1
    assert not set(follow) & {*first.stdout.split(), stays}
    assert ask(*words, "--seed", "2022-03-21", "--gone", follow[0]).exit_code == 2
    told = msgspec.json.decode(ask(*words, "--seed", "2022-03-22", "--json").stdout)
    assert set(told) == {"drawn", "chances", "lottery"}
    kept.write_bytes(kept.read_bytes()[:-9])
    assert ask(*words, "--seed", "2022-03-21").exit_code == 2


def test_a_committee_is_elected_from_ballots_under_quotas(tmp_path: Path) -> None:
    ballots = tmp_path / "票.abc.yaml"
    ballots.write_text("profile: [[0, 1, 2], [0, 1, 2], [0, 1, 2], [3]]\nnum_cand: 4\ncommitteesize: 2\n")
    done = ask("elect", ballots, "--rule", "av", "--seed", "x")
    assert done.exit_code == 0
    assert set(done.stdout.split()) < {"0", "1", "2"}
    assert done.stderr == "✓ JR\n✓ EJR+\n"
    write(tmp_path / "人选.csv", [["编号", "标签"], ["0", "甲"], ["1", "甲"], ["2", "甲"], ["3", "乙"]])
    write(tmp_path / "要求.csv", [["标签", "不少于"], ["乙", "1"]])
    quotas = ("--people", tmp_path / "人选.csv", "--requirements", tmp_path / "要求.csv")
    for rule in ("av", "phragmen", "shares", "pav"):
        done = ask("elect", ballots, "--rule", rule, *quotas)
        assert done.exit_code == 0
        assert "3" in done.stdout.split()
    cat = tmp_path / "票.cat"
    cat.write_text("# ALTERNATIVE NAME 1: 甲\n# ALTERNATIVE NAME 2: 乙\n3: 1,2\n1: 2,1\n")
    assert ask("elect", cat, "--size", 1).stdout == "甲\n"
    assert ask("elect", cat).exit_code == 2


def test_a_table_of_too_many_rows_is_refused_before_it_is_read(
    tables: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sheets, "MOST_ROWS", 20)
    done = ask("solve", *tables, "--size", "13")
    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr == "人选.csv: 表超过上限20行，没有读入\n"


def test_a_search_stopped_before_it_found_a_list_says_so() -> None:
    watch = Watch()
    watch.stop()
    with pytest.raises(Refused) as refused:
        solve(county()[0], watch=watch)
    assert refused.value.rule == "S.9"


class Running:
    """A search at a terminal of its own: what it says there, and what it gives."""

    def __init__(self, folder: Path, *words: object) -> None:
        self.terminal, own = os.openpty()
        self.out = folder / "out"
        with self.out.open("wb") as out:
            command = [sys.executable, "-m", "fourgates", "slate", *map(str, words)]
            self.process = subprocess.Popen(command, stdout=out, stderr=own)
        os.close(own)
        self.said = ""

    def hear(self, words: str, seconds: float) -> None:
        """Wait until these words are there."""
        until = time.monotonic() + seconds
        while words not in self.said:
            assert time.monotonic() < until, self.said
            if select.select([self.terminal], [], [], 0.2)[0]:
                self.said += self.read()

    def end(self, seconds: float) -> int:
        """Its exit code, and the rest of what it says."""
        until = time.monotonic() + seconds
        while self.process.poll() is None:
            assert time.monotonic() < until, self.said
            if select.select([self.terminal], [], [], 0.1)[0]:
                self.said += self.read()
        while select.select([self.terminal], [], [], 0)[0] and (more := self.read()):
            self.said += more
        return self.process.returncode

    def read(self) -> str:
        try:
            return os.read(self.terminal, 1 << 16).decode(errors="replace")
        except OSError:  # the other side is gone
            return ""


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Running]:
    """A question that nobody answers within a minute: thirty overlapping shares, two hundred units, large numbers."""
    dice = random.Random(5)
    tags = [f"t{n}" for n in range(30)]
    people = [["编号", "单位", "标签", "支持"]]
    for n in range(400):
        own = "；".join(tag for tag in tags if dice.random() < 0.4)
        people.append([f"p{n}", f"u{dice.randrange(200)}", own, str(dice.randint(1, 10**6))])
    write(tmp_path / "人选.csv", people)
    write(tmp_path / "要求.csv", [["标签", "不少于", "不超过"], *[[tag, "22", "26"] for tag in tags]])
    asked = (tmp_path / "人选.csv", tmp_path / "要求.csv", "--size", 60, "--per-unit", 1)
    found = Running(tmp_path, "solve", *asked, "--out", tmp_path / "名单.json")
    yield found
    found.process.kill()
    found.process.wait()
    os.close(found.terminal)


def test_ctrl_c_gives_the_best_list_so_far_with_its_gap_and_what_is_proven_of_it(
    running: Running, tmp_path: Path
) -> None:
    running.hear("上界", 60)
    running.process.send_signal(signal.SIGINT)
    assert running.end(30) == 130
    listed = running.out.read_text(encoding="utf-8").split()
    assert len(set(listed)) == 60
    assert "正在停下：给出目前最好的名单" in running.said
    assert "时间已到：这是目前最好的名单，与上界相差" in running.said
    answer = msgspec.json.decode((tmp_path / "名单.json").read_bytes(), type=Slate)
    assert list(answer.chosen) == listed
    assert not answer.complete
    assert answer.bound[0] > answer.support[0] > 0
    asked = ("--size", 60, "--per-unit", 1, "--list", tmp_path / "名单.json")
    done = ask("check", tmp_path / "人选.csv", tmp_path / "要求.csv", *asked)
    assert done.exit_code == 0
    assert "证明成立：界限如所述" in done.stderr
