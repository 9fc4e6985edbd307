"""The box from the terminal: set up from a record, slips to print, a lost one replaced, visitors sent out."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import openpyxl
import pytest

import counties
from box.boxes import Box
from box.test_app import served
from fourgates.box import cases, codes
from fourgates.box.cases import Case
from fourgates.box.place import CASES, SIGN_IN, Place
from fourgates.box.urn import State

UNTIL = "2099-03-02T18:00+08:00"
ADDRESS = "https://cx.example/"


@pytest.fixture(scope="module")
def record(small: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A county before anybody has taken part."""
    room = tmp_path_factory.mktemp("before")
    shutil.copytree(small, room / "county")
    shutil.rmtree(room / "county" / "04 参与情况")
    counties.ran(room / "county", room / "out")
    return room / "out"


@pytest.fixture
def place(record: Path, tmp_path: Path) -> Place:
    asked = counties.asked(
        "box", "open", record, tmp_path / "box", "--until", UNTIL, "--address", ADDRESS, "--slips", tmp_path / "slips.html"
    )  # fmt: skip
    assert asked.exit_code == 0, asked.output
    return Place(tmp_path / "box")


def printed(page: Path) -> list[str]:
    """The codes on a page of slips or a route sheet."""
    return re.findall(r'<p class="code">([0-9a-z-]{19})</p>', page.read_text(encoding="utf-8"))


def states(place: Place) -> dict[str, State]:
    urn = place.urn()
    found = {one.digest.hex(): one.state for one in urn.roll()}
    urn.close()
    return found


def test_everybody_with_rights_has_a_slip_whose_code_is_on_the_roll_by_its_digest(
    record: Path, place: Place, tmp_path: Path
) -> None:
    summary = json.loads((record / "summary.json").read_text(encoding="utf-8"))
    slips = printed(tmp_path / "slips.html")
    assert len(slips) == len(set(slips)) == summary["units"]["with_rights"]
    assert {codes.digest(codes.read(code)).hex() for code in slips} == set(states(place))
    everything = b"".join(path.read_bytes() for path in place.folder.rglob("*") if path.is_file())
    assert [code for code in slips if codes.read(code).encode() in everything] == []
    page = (tmp_path / "slips.html").read_text(encoding="utf-8")
    assert (page.count('class="four"'), page.count("<svg")) == (-(-len(slips) // 4), len(slips))


def test_a_county_that_took_part_is_asked_no_more(small_out: Path, tmp_path: Path) -> None:
    absent = json.loads((small_out / "summary.json").read_text(encoding="utf-8"))["participation"]["members"][
        "absent"
    ]
    asked = counties.asked(
        "box", "open", small_out, tmp_path / "box", "--until", UNTIL, "--address", ADDRESS, "--slips", tmp_path / "s.html"
    )  # fmt: skip
    assert (asked.exit_code, len(printed(tmp_path / "s.html"))) == (0, len(absent))


@pytest.mark.parametrize("until", ["tomorrow", "2099-03-02", "2099-03-02T18:00"])
def test_an_end_without_a_zone_is_refused(record: Path, tmp_path: Path, until: str) -> None:
    asked = counties.asked(
        "box", "open", record, tmp_path / "box", "--until", until, "--address", ADDRESS, "--slips", tmp_path / "s.html"
    )  # fmt: skip
    assert (asked.exit_code, "[X.1]" in asked.output) == (2, True)
    assert not (tmp_path / "box").exists()


@pytest.mark.parametrize("running", [False, True])
def test_the_office_replaces_strikes_off_and_sends_out_whether_the_box_is_served_or_not(
    place: Place, tmp_path: Path, running: bool
) -> None:
    first, second, third = place.question().voters[:3]
    before = printed(tmp_path / "slips.html")

    def work() -> list[tuple[int, str]]:
        found = [
            counties.asked("box", "replace", place.folder, first.id, "--address", ADDRESS, "--slips", tmp_path / "new.html"),
            counties.asked("box", "strike", place.folder, second.id),
            counties.asked("box", "strike", place.folder, "查无此人"),
            counties.asked("box", "visit", place.folder, "--by", "王芳", "--by", "李强", "--committee",
                           place.question().committee_of[third.branch], "--member", third.name, "--address", ADDRESS,
                           "--sheet", tmp_path / "route.html"),
            counties.asked("box", "visit", place.folder, "--by", "王芳", "--committee", "x", "--address", ADDRESS,
                           "--sheet", tmp_path / "none.html"),
            counties.asked("box", "roll", place.folder, "--missing"),
        ]  # fmt: skip
        return [(one.exit_code, one.output) for one in found]

    if running:
        with served(Box(place, place.question(), {}, "")) as server:
            (place.folder / "address").write_text(f"127.0.0.1:{server.port}", encoding="utf-8")
            with place.lock():
                found = work()
    else:
        found = work()
    assert [exit_code for exit_code, _text in found] == [0, 0, 2, 0, 2, 0]
    assert ("[B.8]" in found[2][1], "[B.9]" in found[4][1]) == (True, True)
    (code,) = printed(tmp_path / "new.html")
    now = states(place)
    assert (now[codes.digest(codes.read(code)).hex()], now[codes.digest(codes.read(before[0])).hex()]) == (
        State.GOOD,
        State.DEAD,
    )
    assert third.name in (tmp_path / "route.html").read_text(encoding="utf-8")
    assert len(printed(tmp_path / "route.html")) == 1
    assert first.name in found[5][1]
    (mine,) = (line for line in found[5][1].splitlines() if line.startswith(second.branch))
    assert " 0 + 1 / " in mine.replace("  ", " ")


def test_two_cannot_serve_one_box(place: Place) -> None:
    with place.lock():
        asked = counties.asked("box", "serve", place.folder)
    assert (asked.exit_code, "另一个程序" in asked.output) == (2, True)


def test_what_somebody_has_to_look_into_goes_to_the_branches(place: Place, tmp_path: Path) -> None:
    first, second = place.question().voters[:2]
    cases.note(place.folder / CASES, Case(first.id, "=1+1 支部写错了"))
    cases.note(place.folder / CASES, Case(second.id, by="王芳、李强", channel="微信"))
    asked = counties.asked("box", "cases", place.folder, tmp_path / "cases.xlsx")
    assert (asked.exit_code, "2件" in asked.output) == (0, True)
    (sheet,) = openpyxl.load_workbook(tmp_path / "cases.xlsx").worksheets
    rows = {tuple(cell.value for cell in row) for row in sheet.iter_rows(min_row=4, max_row=5)}
    committee_of = place.question().committee_of
    assert rows == {
        (committee_of[first.branch], first.branch, first.name, "名册信息有误", "=1+1 支部写错了"),
        (committee_of[second.branch], second.branch, second.name, "重复参加，由两人核实", "先前：微信；上门带回：王芳、李强"),
    }  # fmt: skip


def test_members_may_be_let_in_by_accounts_that_they_have(place: Place, tmp_path: Path) -> None:
    (tmp_path / "sso.toml").write_text(
        'issuer = "https://id.example"\nclient_id = "box"\nclient_secret = "known to two"\naddress = "https://cx.example/"\n',
        encoding="utf-8",
    )
    voter = place.question().voters[0]
    table = tmp_path / "accounts.csv"
    for branch, exit_code in ((voter.branch, 0), ("没有的党支部", 2)):
        table.write_text(f"姓名,党支部,联系方式\n{voter.name},{branch},worker-17\n", encoding="utf-8")
        asked = counties.asked("box", "sso", place.folder, tmp_path / "sso.toml", table)
        assert (asked.exit_code, "[B.11]" in asked.output) == (exit_code, exit_code == 2)
    kept = place.folder / SIGN_IN
    assert (kept.stat().st_mode & 0o777, "worker-17" in kept.read_text(encoding="utf-8")) == (0o600, False)
