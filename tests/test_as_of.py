"""Every reading command answers as of an entry or a time, and `diff` tells what happened between two of them."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

import counties
from counties import asked, written
from fourgates import bundle, events, run
from fourgates.cli import main
from fourgates.ledger import Entry
from fourgates.simulate.county import County


@pytest.fixture(scope="module")
def twice(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A record after one run, and the same after a second with one form corrected."""
    place = tmp_path_factory.mktemp("twice")
    county = counties.small()
    counties.ran(written(county, place / "county"), place / "now")
    shutil.copytree(place / "now", place / "before")
    counties.ran(written(corrected(county), place / "again"), place / "now")
    return place / "before", place / "now"


def corrected(county: County) -> County:
    """The county with one vote of the review otherwise, and the person not sent up."""
    (_, row), *_ = county.sheets["07 党委研究.xlsx"].filled()
    row.put("是否上报", "否")
    row.put("未上报理由", "本人要求不再推荐")
    return county


def entries(out: Path) -> list[Entry]:
    return [entry for entry, _line in bundle.entries(out / run.RECORD)]


def test_a_record_is_verified_as_of_an_entry(small_out: Path) -> None:
    seal = entries(small_out)[50].prev
    answer = asked("verify", small_out, "--as-of", 50)
    first = answer.stdout.partition("\n")[0]
    assert (answer.exit_code, first) == (0, f"成立：50条，逐条重算一致，封印 {seal}")
    assert json.loads(asked("verify", small_out, "--as-of", "50", "--json").stdout)["head"] == seal


def test_what_is_broken_later_holds_until_then(small_out: Path, tmp_path: Path) -> None:
    out = Path(shutil.copytree(small_out, tmp_path / "out"))
    ledger = out / run.RECORD / bundle.LEDGER
    ledger.write_bytes(ledger.read_bytes().replace(b'"n":60,', b'"n":61,'))
    assert asked("verify", out).exit_code == 1
    assert asked("verify", out, "--as-of", 60).exit_code == 1
    assert asked("verify", out, "--as-of", 59).exit_code == 0
    assert asked("figures", out, "--as-of", 59).exit_code == 0
    assert asked("figures", out, "--as-of", 60).exit_code == 1


def test_every_reading_command_stops_there(twice: tuple[Path, Path], tmp_path: Path) -> None:
    before, now = twice
    n = bundle.head(before / run.RECORD).entries
    assert bundle.head(now / run.RECORD).entries > n
    for command in ("figures", "log", "verify"):
        assert asked(command, now, "--as-of", n).stdout == asked(command, before).stdout
        assert asked(command, now).stdout != asked(command, before).stdout
    who = next(
        vote.person
        for entry in entries(before)
        if isinstance(entry.event, events.CommitteeReviewed)
        for sitting in entry.event.sittings
        for vote in sitting.votes
        if vote.up
    )
    assert asked("why", now, who, "--as-of", n).stdout == asked("why", before, who).stdout
    assert asked("why", now, who).stdout != asked("why", before, who).stdout
    asked("papers", "write", now, "summary", "--as-of", n, "--into", tmp_path / "now")
    asked("papers", "write", before, "summary", "--into", tmp_path / "before")
    assert counties.files(tmp_path / "now") == counties.files(tmp_path / "before") != {}


# Every command without --as-of, by the reason.
WITHOUT = {
    "is given two moments itself": {"diff"},
    "goes by the entry in the footer of the paper": {"papers check"},
    "proposes changes to what stands today": {"import"},
    "writes into the record, or sets what holds from today on": {
        "run", "serve", "checkpoint sign", "store sign", "checkpoint policy", "witness take",
        "box open", "box extend", "box close", "erase", "retention",
    },
    "asks for the latest checkpoint": {"witness ask", "witness send"},
    "copies the record, whole": {"receive", "store import", "store export", "backup", "restore", "site backup", "site restore"},
    "publishes a closed box, which does not change any more": {"box publish"},
    "reads no record": {
        "box serve", "box sso", "box cases", "box roll", "box replace", "box strike", "box visit", "box find",
        "box outbox", "box send",
        "witness new", "witness watch", "witness sign", "witness serve", "keys new", "keys show",
        "names sort", "papers kinds", "papers templates", "simulate county", "demo",
        "slate solve", "slate check", "slate explain", "slate swap", "slate draw", "slate elect",
    },
}  # fmt: skip


def commands(group: click.Group, above: tuple[str, ...] = ()) -> Iterator[tuple[str, click.Command]]:
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands(command, (*above, name))
        else:
            yield " ".join((*above, name)), command


def test_every_command_that_reads_a_record_does_so_as_of_a_moment() -> None:
    """A new command belongs to one of the two: this test fails until somebody says to which."""
    every = dict(commands(main))
    without = {name for names in WITHOUT.values() for name in names}
    assert {
        name for name, one in every.items() if not any("--as-of" in option.opts for option in one.params)
    } == without


def test_what_is_handed_out_as_of_a_moment_is_what_was_handed_out_then(
    twice: tuple[Path, Path], tmp_path: Path
) -> None:
    before, now = twice
    n = bundle.head(before / run.RECORD).entries
    then, since = tmp_path / "then", tmp_path / "since"
    for out, into, words in ((before, then, ()), (now, since, ("--as-of", n))):
        into.mkdir()
        store = f"sqlite:///{into}.db"
        assert asked("store", "import", out, store).exit_code == 0
        told = asked("store", "verify", store, *words).stdout
        (into / "told").write_text(told, encoding="utf-8")
        assert told.startswith(f"成立：{n}条")
        assert "\n检查点" in told
        plan = next((out.parent / "county").glob("plan.toml"))
        for command in (
            ("bundle", out, into / "bundle", *words),
            ("checkpoint", "publish", out, into / "tiles", *words),
            ("receipt", out, 20, "--out", into / "receipt", *words),
            ("forms", "new", into / "forms", "--plan", plan, "--from", out, *words),
        ):
            assert asked(*command).exit_code == 0
    held = counties.files(then)
    assert {name: content for name, content in held.items() if name.endswith(".xlsx")}
    assert {name for name, content in counties.files(since).items() if held.get(name) != content} == set()
    assert asked("bundle", now, tmp_path / "whole").exit_code == 0
    assert counties.files(tmp_path / "whole") != counties.files(then / "bundle")


def test_counties_stand_together_as_of_a_moment(twice: tuple[Path, Path], tmp_path: Path) -> None:
    before, now = twice
    n = bundle.head(before / run.RECORD).entries
    for out, into in ((before, "then"), (now, "now")):
        assert asked("receive", out, "--into", tmp_path / into).exit_code == 0
    told = asked("levels", tmp_path / "then").stdout
    assert asked("levels", tmp_path / "now", "--as-of", n).stdout == told
    assert asked("levels", tmp_path / "now").stdout != told
    assert asked("levels", tmp_path / "now", "--as-of", "2020-01-01").stdout.count("\n") == 1


@pytest.mark.parametrize("moment", ["0", "9999", "2020-01-01", "soon"])
@pytest.mark.parametrize("command", ["verify", "figures", "log"])
def test_a_moment_that_is_not_there_is_refused(small_out: Path, command: str, moment: str) -> None:
    answer = asked(command, small_out, "--as-of", moment)
    assert (answer.exit_code, answer.stdout) == (2, "")
    assert answer.stderr.startswith("[X.1] ")


def test_a_difference_is_told_in_sentences(twice: tuple[Path, Path]) -> None:
    before, now = twice
    n, end = (bundle.head(out / run.RECORD).entries for out in (before, now))
    told = asked("diff", now, n).stdout
    assert told.splitlines()[0].startswith(f"第{n}条之后，到第{end}条（")
    assert "是否上报 是 → 否，理由 — → 本人要求不再推荐" in told
    assert "  上报人选：9 → 8" in told.splitlines()
    assert any(line.startswith("  上报人选：移出") for line in told.splitlines())
    for same in ((now, n, end), (now, end, n), (before, now), (now, before), (before / run.RECORD, now)):
        assert asked("diff", *same).stdout == told
    english = asked("--lang", "en", "diff", now, n).stdout
    assert "goes up 是 → 否" not in english
    assert "goes up yes → no, reason — → 本人要求不再推荐" in english
    found = json.loads(asked("diff", now, n, "--json").stdout)
    assert (found["first"]["n"], found["last"]["n"], len(found["told"])) == (n, end, end - n)
    assert asked("diff", now, n, n).stdout == f"第{n}条：没有先后，没有变化\n"


def test_from_the_beginning(small_out: Path) -> None:
    told = asked("diff", small_out, 0, 3).stdout.splitlines()
    assert [line.split()[0] for line in told[1:4]] == ["1", "2", "3"]


def test_two_selections_have_no_difference(small_out: Path, twice: tuple[Path, Path]) -> None:
    answer = asked("diff", small_out, twice[0])
    assert (answer.exit_code, answer.stdout) == (2, "")
    assert answer.stderr.startswith("[X.2] 两份纪实从第")
