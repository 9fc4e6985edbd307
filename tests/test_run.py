"""One run after another over a county folder: what is new is recorded, nothing else, and the record always holds."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

import counties
from counties import files, written
from disk import Stopped, failing
from fourgates import bundle, chronicle, clerk, delivery, events, run
from fourgates.bundle import LEDGER, PEOPLE, Documents, Writer
from fourgates.chronicle import Told
from fourgates.errors import Broken, Refused
from fourgates.papers import folder, intake
from fourgates.papers import summary as papers
from fourgates.run import RECORD, Outcome, Progress
from fourgates.simulate.county import County
from fourgates.simulate.sheet import Row, Sheet

COMMITTEES = ("梧桐镇", "双桥镇", "县直机关工作")


def take(folder: Path, out: Path, progress: Progress | None = None) -> Outcome:
    return run.run(folder, out, run.adopt(folder), progress)


def told(out: Path) -> list[Told]:
    record = out / RECORD
    return list(
        chronicle.tell((entry for entry, _ in bundle.entries(record)), Documents(record / "documents"))
    )


def of(name: str, form: str, county: County) -> Sheet:
    (sheet,) = (sheet for sheet in county.under(form) if name in sheet.path)
    return sheet


def rows(sheet: Sheet, **meant: str) -> list[Row]:
    return [row for _, row in sheet.filled() if all(row.text(key) == value for key, value in meant.items())]


@pytest.fixture
def out(small_out: Path, tmp_path: Path) -> Path:
    """Results of one run, to be carried on."""
    return Path(shutil.copytree(small_out, tmp_path / "out"))


def figures(outcome: Outcome, out: Path) -> dict[str, Any]:
    """Every figure but the seal, and but which of equally good lists the lots chose."""
    head = bundle.verify(out / RECORD).head
    built = papers.build(
        outcome.selection.facts,
        outcome.people,
        delivery.proposed(outcome),
        len(outcome.problems),
        len(outcome.answered),
        head,
    )
    found: dict[str, Any] = msgspec.to_builtins(built)
    del found["record"], found["gates"]["structure"]["list"], found["gates"]["structure"]["tags"]
    (found["decision"] or {}).pop("instead_of", None)
    return found


def as_if_new(county: County, out: Path, tmp_path: Path) -> tuple[list[Told], dict[str, Any]]:
    """The county, changed, is run over ``out`` and into an empty folder: the figures are the same.

    Gives what was added, and the figures.
    """
    before = bundle.head(out / RECORD).entries
    folder, fresh = written(county, tmp_path / "changed"), tmp_path / "fresh"
    found = figures(take(folder, out), out)
    assert found == figures(take(folder, fresh), fresh)
    return told(out)[before:], found


# --- the same again ---------------------------------------------------------------------------------------------


def test_a_first_run_records_everything_in_its_order(small: Path, small_out: Path) -> None:
    lines = told(small_out)
    assert [line.n for line in lines] == list(range(1, len(lines) + 1))
    assert list(dict.fromkeys(line.kind for line in lines)) == [
        "PlanAdopted",
        "UnitsEntered",
        "RosterEntered",
        "SanctionsEntered",
        "StepsRecorded",
        "ParticipationMarked",
        "SatisfactionAsked",
        "NominationsFiled",
        "CommitteeReviewed",
        "PersonDescribed",
        "StandardAssessed",
        "ChecksDone",
        "RepliesReceived",
        "CountyDecided",
        "PeopleKept",
        "FactsSealed",
        "RightsJudged",
        "ParticipationCounted",
        "TallyCounted",
        "NamesCarriedUp",
        "ProcedureJudged",
        "PersonJudged",
        "EligibleJudged",
        "ListProposed",
        "DecisionJudged",
    ]
    assert {line.corrects for line in lines} == {0}
    assert {line.by for line in lines} == {run.adopt(small).selection.unit}


def test_the_same_folder_again_adds_nothing(small: Path, out: Path) -> None:
    before = files(out / RECORD)
    outcome = take(small, out)
    assert outcome.added == 0
    assert files(out / RECORD) == before


def test_the_same_county_typed_otherwise_claims_nothing_new(out: Path, tmp_path: Path) -> None:
    county = counties.small()
    for sheet in county.sheets.values():
        for line in (sheet.columns, sheet.headings):
            line[1:] = line[:0:-1]
        for _, row in sheet.filled():
            row.typed.clear()
    before = bundle.head(out / RECORD).entries
    outcome = take(written(county, tmp_path / "county"), out)
    assert outcome.problems == []
    # Names are kept as they were written; nothing that is claimed or judged has changed.
    assert [line.kind for line in told(out)[before:]] == ["PeopleKept", "FactsSealed"]


def test_progress_is_told_stage_by_stage(small: Path, tmp_path: Path) -> None:
    seen: list[tuple[str, int, int]] = []
    take(small, tmp_path / "out", lambda *step: seen.append(step))
    assert list(dict.fromkeys(stage for stage, _, _ in seen)) == ["read", "record", "judge"]
    for stage in ("read", "record", "judge"):
        steps = [(done, of) for name, done, of in seen if name == stage]
        assert [done for done, _ in steps] == list(range(1, len(steps) + 1))
        assert {of for _, of in steps} == {0 if stage == "judge" else len(steps)}


def test_no_name_and_no_number_stands_in_the_record(small_out: Path) -> None:
    county = counties.small()
    names = {row.text("姓名") for sheet in county.under("02") for row in rows(sheet)}
    numbers = {row.text("公民身份号码") for sheet in county.under("02") for row in rows(sheet)}
    kept = {
        name: content for name, content in files(small_out / RECORD).items() if not name.startswith(PEOPLE)
    }
    text = b"\n".join(kept.values()).decode()
    assert [one for one in numbers if one in text] == []
    assert [one for one in names if f'"{one}"' in text] == []


# --- corrected --------------------------------------------------------------------------------------------------


def test_a_corrected_cell_corrects_its_claim_and_what_follows_from_it(out: Path, tmp_path: Path) -> None:
    before = told(out)
    county = counties.small()
    sheet = of("双桥镇", "06", county)
    (row, *_) = rows(sheet)
    row.put("提名党员数", row.count("提名党员数") - 1)
    added, _ = as_if_new(county, out, tmp_path)
    branch = row.text("党支部")
    (filed,) = (
        line for line in before if line.kind == "NominationsFiled" and line.sentence.startswith(branch)
    )
    assert (added[0].kind, added[0].corrects, added[0].changed) == (
        "NominationsFiled",
        filed.n,
        "新增0行，更改1行，减少0行",
    )
    assert {line.kind for line in added[1:]} <= {"TallyCounted", "ListProposed"}
    (tally,) = (line for line in added if line.kind == "TallyCounted")
    assert before[tally.corrects - 1].sentence == tally.sentence


def test_a_correction_taken_back_stands_as_before(small: Path, out: Path, tmp_path: Path) -> None:
    county = counties.small()
    (row, *_) = rows(of("双桥镇", "06", county))
    row.put("提名党员数", row.count("提名党员数") - 1)
    first = figures(take(small, out), out)
    assert figures(take(written(county, tmp_path / "changed"), out), out) != first
    middle = bundle.head(out / RECORD).entries
    assert figures(take(small, out), out) == first
    assert {line.corrects > 0 for line in told(out)[middle:]} == {True}


def test_a_plan_changed_half_way_is_adopted_and_judged_by(out: Path, tmp_path: Path) -> None:
    county = counties.small()
    county.plan_text = county.toml().replace('recognition_at_least = "4/5"', 'recognition_at_least = "1"')
    assert county.plan_text != county.programme.toml()
    added, _ = as_if_new(county, out, tmp_path)
    assert (added[0].kind, added[0].corrects) == ("PlanAdopted", 1)


def test_no_list_and_then_one_again(small: Path, out: Path, tmp_path: Path) -> None:
    county = counties.small()
    for _, row in county.sheets["08 人选情况.xlsx"].filled():
        row.put("类别", "党员领导干部")
    added, found = as_if_new(county, out, tmp_path)
    assert "ListImpossible" in {line.kind for line in added}
    assert found["gates"]["structure"]["feasible"] is False
    before = bundle.head(out / RECORD)
    assert take(tmp_path / "changed", out).added == 0
    assert bundle.head(out / RECORD) == before
    take(small, out)
    assert [line.kind for line in told(out)[before.entries :]][-2:] == ["ListProposed", "DecisionJudged"]


def test_a_decision_outside_its_window_is_a_problem_of_its_day(tmp_path: Path) -> None:
    county = counties.small()
    for _, row in county.sheets["13 县委研究.xlsx"].filled():
        row.put("会议日期", row.day("会议日期") + timedelta(days=60))
    outcome = take(written(county, tmp_path / "county"), tmp_path / "out")
    assert [(one.place.file, one.place.column) for one in outcome.problems] == [
        ("13 县委研究.xlsx", "会议日期")
    ]


def test_what_only_judging_finds_stands_where_it_is_on_the_forms(tmp_path: Path) -> None:
    """Nothing on a form alone is wrong: a day outside its window, a reason owed, a form that did not come, a strange name."""
    county = counties.small()
    (reviews,) = county.under("07")
    (unread,) = rows(reviews, 姓名="魏辉超")
    unread.put("未上报理由", "")
    unread.put("同意", "三")  # the reason may stand on it, so nothing is said of the reason
    reviews.rows.remove(*rows(reviews, 姓名="金彦林"))
    del county.sheets[of("双桥镇", "06", county).path]
    (checks,) = county.under("10")
    for name, column, day in (("卢忠", "信访举报", date(2022, 1, 9)), ("易国德", "档案审核", "")):
        (row,) = rows(checks, 姓名=name)
        row.put(column, "无" if day else "不适用")
        row.put(column + "日期", day)
    for sheet in county.sheets.values():
        for _, row in sheet.filled():
            for column in [column for column, value in row.meant.items() if value == "雷红萍"]:
                row.put(column, "雷红\u9fff")
    outcome = take(written(county, tmp_path / "county"), tmp_path / "out")
    assert [(one.place.file[:2], one.place.row, one.place.column, one.read) for one in outcome.problems] == [
        ("06", None, "", ""),
        ("07", None, "未上报理由", "金彦林"),
        ("07", 6, "同意", "三"),
        ("10", 5, "信访举报日期", "2022-01-09"),
        ("10", 7, "档案审核", "不适用"),
        ("13", 4, "公民身份号码", "519924198009114624"),
    ]
    assert [(one.place.file[:2], one.read) for one in outcome.oddities] == [
        ("", "\u9fff"),
        *[("07", "中共青梧县双桥镇委员会")] * 3,
    ]


def test_a_claim_the_fold_refuses_is_a_problem_and_what_it_would_have_corrected_is_withdrawn(
    small: Path, out: Path
) -> None:
    writer = Writer(out / RECORD)
    key = run.key(writer)
    taken = intake.take(run.adopt(small), folder.look(small), key)
    place, claim = next((n, c) for n, c in enumerate(taken.claims) if isinstance(c, events.NominationsFiled))
    (sitting,) = claim.sittings
    taken.claims[place] = events.NominationsFiled(
        claim.branch, (msgspec.structs.replace(sitting, present=sitting.due + 1),)
    )
    taken.claims.append(events.NominationsFiled("没有这个党支部", ()))
    before = writer.selection.n
    clerk.Clerk(writer, "office", taken).record(run._people(taken, key, run.known(writer)), None)
    assert [(one.place.file, one.mend) for one in taken.desk.problems] == [
        (claim.branch, "按第3.1条核对后更正"),
        ("没有这个党支部", "按第3.0条核对后更正"),
    ]
    added = [entry.event for entry, _ in bundle.entries(out / RECORD)][before:]
    assert [type(event) for event in added] == [events.Withdrawn]
    assert claim.branch not in writer.selection.facts.filed
    bundle.verify(out / RECORD)


# --- moved ------------------------------------------------------------------------------------------------------


def ordinary(county: County, name: str) -> Row:
    """A member of a committee whom no other form than roster and participation speaks of."""
    elsewhere = {
        row.text(number)
        for path, sheet in county.sheets.items()
        if path[:2] not in ("02", "04")
        for row in rows(sheet)
        for number in ("公民身份号码",)
    }
    return next(
        row
        for row in rows(of(name, "02", county), 人员类别="正式党员", 党籍状态="正常")
        if row.text("公民身份号码") not in elsewhere
    )


def move(county: County, row: Row, source: str, target: str, branch: str) -> None:
    """The member goes to a branch of another committee, with the mark of participation."""
    for form, column in (("02", "所在党支部"), ("04", "所在党支部")):
        (moved,) = rows(of(source, form, county), 公民身份号码=row.text("公民身份号码"))
        of(source, form, county).rows.remove(moved)
        moved.put(column, branch)
        of(target, form, county).rows.append(moved)


def test_a_member_moved_to_another_committee(out: Path, tmp_path: Path) -> None:
    county = counties.small()
    row, branch = ordinary(county, "梧桐镇"), ordinary(county, "双桥镇").text("所在党支部")
    move(county, row, "梧桐镇", "双桥镇", branch)
    added, found = as_if_new(county, out, tmp_path)
    assert Counter(line.kind for line in added)["RosterEntered"] == 2
    assert found["problems"] == 0


def test_two_members_swapped_between_committees(out: Path, tmp_path: Path) -> None:
    county = counties.small()
    first, second = ordinary(county, "梧桐镇"), ordinary(county, "双桥镇")
    here, there = first.text("所在党支部"), second.text("所在党支部")
    move(county, first, "梧桐镇", "双桥镇", there)
    move(county, second, "双桥镇", "梧桐镇", here)
    added, found = as_if_new(county, out, tmp_path)
    assert Counter(line.kind for line in added)["RosterEntered"] == 2
    assert Counter(line.kind for line in added)["Withdrawn"] >= 1
    assert found["problems"] == 0


def test_a_ring_of_members_moved_round_all_committees(small: Path, out: Path, tmp_path: Path) -> None:
    county = counties.small()
    members = [ordinary(county, name) for name in COMMITTEES]
    branches = [row.text("所在党支部") for row in members]
    for place, row in enumerate(members):
        after = (place + 1) % len(COMMITTEES)
        move(county, row, COMMITTEES[place], COMMITTEES[after], branches[after])
    _, found = as_if_new(county, out, tmp_path)
    assert found["problems"] == 0
    assert take(small, out).problems == []


# --- gone -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "withdrawn", "problems"),
    [
        ("05 满意度测评.xlsx", {"满意度测评"}, 1),
        ("12 处分情况.xlsx", {"处分情况"}, 3),
        ("11 部门回函/政法.xlsx", {"政法回函"}, 3),
        ("13 县委研究.xlsx", {"县委研究"}, 0),
        ("09 政治标准考察.xlsx", {"政治标准考察"}, 3),
    ],
)
def test_what_a_removed_file_claimed_is_withdrawn(
    out: Path, tmp_path: Path, path: str, withdrawn: set[str], problems: int
) -> None:
    county = counties.small()
    del county.sheets[path]
    added, found = as_if_new(county, out, tmp_path)
    gone = [line for line in added if line.kind == "Withdrawn"]
    assert {line.sentence.partition("（")[2].partition("：")[0] for line in gone} == withdrawn
    assert added[: len(gone)] == gone
    assert found["problems"] == problems


def test_a_roster_that_is_gone_takes_its_members_with_it(small: Path, out: Path, tmp_path: Path) -> None:
    county = counties.small()
    path = of("双桥镇", "02", county).path
    del county.sheets[path]
    added, _ = as_if_new(county, out, tmp_path)
    assert "Withdrawn" in {line.kind for line in added}
    assert take(small, out).problems == []


# --- not usable: nothing is recorded ----------------------------------------------------------------------------


def unusable(folder: Path, out: Path, rule: str) -> None:
    before = files(out)
    with pytest.raises(Refused) as caught:
        take(folder, out)
    assert caught.value.rule == rule
    assert files(out) == before


def test_with_the_names_deleted_nothing_can_be_added(small: Path, out: Path) -> None:
    for path in (out / RECORD / PEOPLE).iterdir():
        path.unlink()
    unusable(small, out, "F.2")
    assert not bundle.verify(out / RECORD).people


def test_a_record_of_another_selection_is_left_alone(out: Path, tmp_path: Path) -> None:
    county = counties.small()
    county.plan_text = county.toml().replace('id = "', 'id = "other-')
    unusable(written(county, tmp_path / "county"), out, "F.6")


def test_a_broken_record_is_left_alone(small: Path, out: Path) -> None:
    ledger = out / RECORD / LEDGER
    content = bytearray(ledger.read_bytes())
    content[len(content) // 2] ^= 1
    ledger.write_bytes(content)
    before = files(out)
    with pytest.raises(Broken):
        take(small, out)
    assert files(out) == before


def plan(tmp_path: Path, content: bytes | None) -> Path:
    folder = tmp_path / "county"
    folder.mkdir()
    if content is not None:
        (folder / "plan.toml").write_bytes(content)
    return folder


@pytest.mark.parametrize(
    ("content", "rule"),
    [(None, "F.1"), (b"\xff\xfe", "F.1"), (b"#" * (run.PLAN_MOST + 1), "F.1"), (b"[selection", "1.0")],
)
def test_a_plan_that_cannot_be_read(tmp_path: Path, content: bytes | None, rule: str) -> None:
    with pytest.raises(Refused) as caught:
        run.adopt(plan(tmp_path, content))
    assert caught.value.rule == rule


def test_a_plan_that_is_a_folder(tmp_path: Path) -> None:
    (plan(tmp_path, None) / "plan.toml").mkdir()
    with pytest.raises(Refused) as caught:
        run.adopt(tmp_path / "county")
    assert caught.value.rule == "F.1"


def test_a_plan_that_the_system_does_not_open(tmp_path: Path, small: Path) -> None:
    folder = plan(tmp_path, (small / "plan.toml").read_bytes())
    with failing(1, stops=False), pytest.raises(Refused) as caught:
        run.adopt(folder)
    assert (caught.value.rule, caught.value.facts) == ("F.1", {"what": "No space left on device"})


def test_a_plan_saved_with_a_mark_of_its_encoding_reads_the_same(tmp_path: Path, small: Path) -> None:
    content = (small / "plan.toml").read_bytes()
    assert run.adopt(plan(tmp_path, b"\xef\xbb\xbf" + content)) == run.adopt(small)


# --- broken off -------------------------------------------------------------------------------------------------


def carries_on(folder: Path, out: Path, entries: int) -> None:
    """What a broken-off run left holds, and the next one comes to the same end."""
    if (out / RECORD).exists():
        bundle.verify(out / RECORD)
    assert take(folder, out).problems == []
    assert bundle.verify(out / RECORD).head.entries == entries
    assert not bundle.verify(out / RECORD).unfinished


def breaking(stage: str, at: int, how: Callable[[], object]) -> Progress:
    def seen(now: str, done: int, _of: int) -> None:
        if (now, done) == (stage, at):
            how()

    return seen


@pytest.mark.parametrize(
    ("stage", "at"), [("read", 3), ("record", 1), ("record", 40), ("judge", 1), ("judge", 12)]
)
def test_interrupted_anywhere_the_next_run_carries_on(
    small: Path, tmp_path: Path, stage: str, at: int
) -> None:
    def interrupt() -> None:
        raise KeyboardInterrupt

    out = tmp_path / "out"
    with pytest.raises(KeyboardInterrupt):
        take(small, out, breaking(stage, at, interrupt))
    carries_on(small, out, 97)


@pytest.mark.parametrize("stops", [False, True], ids=["full", "stopped"])
@pytest.mark.parametrize("at", [1, 9, 41])
def test_on_a_disk_that_fails_the_next_run_carries_on(
    small: Path, tmp_path: Path, at: int, *, stops: bool
) -> None:
    out = tmp_path / "out"
    with ExitStack() as stack:
        fails = stack.enter_context(pytest.raises((OSError, Stopped)))
        take(small, out, breaking("record", 1, lambda: stack.enter_context(failing(at, stops=stops))))
    assert fails.type is (Stopped if stops else OSError)
    carries_on(small, out, 97)


def test_killed_at_any_moment_the_next_run_carries_on(small: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    reached = []
    moments: tuple[Callable[[], bool], ...] = (
        lambda: (out / ".lock").exists(),
        lambda: (out / RECORD / "pending").exists(),
        lambda: (out / RECORD / "head.json").exists() and bundle.head(out / RECORD).entries > 0,
        lambda: (out / "problems.xlsx").exists(),
    )
    for moment in moments:
        started = subprocess.Popen(
            [sys.executable, "-m", "fourgates", "run", small, "--out", out],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        while started.poll() is None and not moment():
            time.sleep(0.002)
        started.send_signal(signal.SIGKILL)
        started.wait()
        held = bundle.verify(out / RECORD).head.entries if (out / RECORD).exists() else 0
        reached.append(held)
    assert reached == sorted(reached)
    assert reached[-1] == 97
    carries_on(small, out, 97)
