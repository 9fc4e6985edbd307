"""The level above takes in what goes on from what it has, keeps what does not as evidence, and adds counties up."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest

import cast
import counties
from counties import asked
from fourgates import bundle, checkpoints, events, run
from fourgates.commands import standing
from fourgates.keeper import Keeper
from fourgates.store import open_store


@pytest.fixture(scope="module")
def other_out(small_out: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same county, run anew and signed by the same office: another history."""
    place = tmp_path_factory.mktemp("other")
    shutil.copy(standing.key_file(small_out), standing.key_file(place / "out"))
    counties.ran(counties.written(counties.small(), place / "county"), place / "out")
    return place / "out"


def test_only_what_goes_on_from_what_came_is_taken_in(
    small_out: Path, other_out: Path, tmp_path: Path
) -> None:
    into = tmp_path / "in"
    head = bundle.head(small_out / run.RECORD)
    first = asked("receive", small_out, "--into", into)
    (log,) = checkpoints.read(small_out / run.RECORD).policy.logs
    assert first.stderr == f"第一次收到，按送来的公钥记住，请向对方核对：{log}\n"
    assert (first.exit_code, first.stdout) == (
        0,
        f"中共青梧县县委：新增{head.entries}条，共{head.entries}条，封印 {head.head}\n",
    )
    assert asked("receive", small_out, "--into", into).stdout.startswith("中共青梧县县委：新增0条，")
    rewritten = asked("receive", other_out, "--into", into)
    assert (rewritten.exit_code, rewritten.stdout) == (2, "")
    assert rewritten.stderr.startswith("[X.5] ")
    assert rewritten.stderr.endswith(f"两份都签发过的：{log.name}\n")
    assert head.head in rewritten.stderr
    assert bundle.head(other_out / run.RECORD).head in rewritten.stderr
    (place,) = into.iterdir()
    kept = sorted(path.name for path in place.iterdir())
    assert kept == ["keys", "record", f"refused-{bundle.head(other_out / run.RECORD).head[:16]}"]
    assert (place / "keys").read_text(encoding="utf-8") == f"{log}\n"
    assert counties.files(place / "record") == counties.files(small_out / run.RECORD)
    assert counties.files(place / kept[2]) == counties.files(other_out / run.RECORD)


def resigned(out: Path, place: Path) -> tuple[Path, str]:
    """The record in ``out`` signed by somebody else, and that one's public key."""
    shutil.copytree(out / run.RECORD, place / "record")
    shutil.rmtree(place / "record" / checkpoints.FOLDER)
    for name in (checkpoints.LATEST, checkpoints.POLICY):
        (place / "record" / name).unlink()
    public = asked("keys", "new", place / "strange", "--name", "县委/qingwu").stdout.strip()
    assert asked("checkpoint", "sign", place / "record", "--key", place / "strange").exit_code == 0
    return place / "record", public


def test_only_what_a_known_key_has_signed_is_taken_in(small_out: Path, tmp_path: Path) -> None:
    strange, public = resigned(small_out, tmp_path / "a")
    (log,) = checkpoints.read(small_out / run.RECORD).policy.logs
    told = asked("receive", small_out, "--into", tmp_path / "told", "--key", str(log))
    assert (told.exit_code, told.stderr) == (0, "")
    assert asked("receive", strange, "--into", tmp_path / "told").stderr.startswith("[X.6] ")
    assert asked("receive", strange, "--into", tmp_path / "new", "--key", str(log)).stderr.startswith(
        "[X.6] "
    )
    (place,) = (tmp_path / "told").iterdir()
    assert counties.files(place / "record") == counties.files(small_out / run.RECORD)
    changed = asked("receive", strange, "--into", tmp_path / "told", "--key", public)
    assert (changed.exit_code, changed.stderr) == (0, "")
    assert (place / "keys").read_text(encoding="utf-8") == f"{log}\n{public}\n"
    # Lines nobody has signed may be anybody's: they are not taken in behind those that are.
    with_more = Path(shutil.copytree(small_out / run.RECORD, tmp_path / "more"))
    writer = bundle.Writer(with_more)
    writer.offer(
        events.Withdrawn(writer.selection.standing["CountyDecided", ""]), at="2030-01-01T00:00:00Z", by="x"
    )
    writer.commit()
    assert asked("receive", with_more, "--into", tmp_path / "told").stderr.startswith("[X.6] ")


def test_the_bundle_for_the_level_above_is_taken_in_as_the_record_is(small_out: Path, tmp_path: Path) -> None:
    """What was new is told entry by entry; the names do not come along, and a bundle for somebody else is not taken in."""
    into, record = tmp_path / "in", small_out / run.RECORD
    n = sorted(checkpoints.read(record).notes)[-2]
    words = {"then": ("--for", "superior", "--as-of", n), "now": ("--for", "superior"), "public": ()}
    for name, options in words.items():
        assert asked("bundle", small_out, tmp_path / name, *options).exit_code == 0
    public = asked("receive", tmp_path / "public", "--into", into)
    assert (public.exit_code, public.stderr[:6], list(into.iterdir())) == (2, "[X.7] ", [])
    first = asked("receive", tmp_path / "then", "--into", into, "--new")
    log = asked("log", small_out).stdout.splitlines()
    assert first.stdout.splitlines()[1:] == log[:n]
    second = asked(
        "receive", tmp_path / "now", "--into", into, "--new", "--store", f"sqlite:///{tmp_path}/one.db"
    )
    assert second.exit_code == 0
    assert second.stdout.splitlines()[1:] == log[n:]
    (place,) = into.iterdir()
    there, held = counties.files(place / "record"), counties.files(record)
    assert there == {name: content for name, content in held.items() if not name.startswith("people/")}
    spoilt = tmp_path / "now" / "ledger.jsonl"
    spoilt.write_bytes(spoilt.read_bytes().replace(b'"n":60,', b'"n":61,'))
    assert asked("receive", tmp_path / "now", "--into", into).exit_code == 1
    assert counties.files(place / "record") == there


def test_without_any_key_nothing_is_remembered_and_that_is_said(small_out: Path, tmp_path: Path) -> None:
    bare, _public = resigned(small_out, tmp_path / "a")
    shutil.rmtree(bare / checkpoints.FOLDER)
    for name in (checkpoints.LATEST, checkpoints.POLICY):
        (bare / name).unlink()
    found = asked("receive", bare, "--into", tmp_path / "in")
    assert (found.exit_code, found.stderr) == (0, "没有检查点：只能证明前后相接，不能证明没有第二本\n")
    (place,) = (tmp_path / "in").iterdir()
    assert [path.name for path in place.iterdir()] == ["record"]


def test_what_is_taken_in_goes_into_a_store_too_and_comes_out_as_it_was(
    small_out: Path, tmp_path: Path
) -> None:
    url = f"sqlite:///{tmp_path}/county.db"
    for _time in range(2):
        assert asked("receive", small_out, "--into", tmp_path / "in", "--store", url).exit_code == 0
    keeper = Keeper(open_store(url))
    assert keeper.current().n == bundle.head(small_out / run.RECORD).entries
    assert set(keeper.checkpoints()) == set(checkpoints.read(small_out / run.RECORD).notes)
    assert asked("store", "export", url, tmp_path / "out").exit_code == 0
    assert counties.files(tmp_path / "out") == counties.files(small_out / run.RECORD)


def test_a_county_that_has_a_plan_and_nothing_else_is_listed_as_that(tmp_path: Path) -> None:
    writer = bundle.Writer(tmp_path / "record")
    writer.offer(events.PlanAdopted(cast.rulebook()), at=cast.AT, by=cast.BY)
    writer.commit()
    assert asked("receive", tmp_path / "record", "--into", tmp_path / "in").exit_code == 0
    found = json.loads(asked("levels", tmp_path / "in", "--json").stdout)
    (county,) = found["counties"]
    assert (county["county"], county["entries"], county["members"]["whole"], found["conflicts"]) == (
        cast.COUNTY,
        1,
        0,
        [],
    )


def test_counties_add_up_and_conflicts_are_listed(small_out: Path, other_out: Path, tmp_path: Path) -> None:
    into = tmp_path / "in"
    for name, out in (("a", small_out), ("b", other_out)):
        shutil.copytree(out / run.RECORD, into / name / "record")
    found = json.loads(asked("levels", into, "--json").stdout)
    facts = standing.replayed(small_out)[0].selection.facts
    one = json.loads(asked("figures", small_out).stdout)
    assert [county["sent_up"] for county in found["counties"]] == [one["quota"]["sent_up"]] * 2
    assert found["sent_up"] == 2 * one["quota"]["sent_up"]
    members = one["participation"]["members"]
    assert found["members"] == {"part": 2 * members["took_part"], "whole": 2 * members["of"]}
    entries = {entry.n: type(entry.event).__name__ for entry, _line in bundle.entries(small_out / run.RECORD)}
    assert {entries[n] for n in found["counties"][0]["stands"]["sent_up"]} == {"NamesCarriedUp"}
    units, up = len(list(facts.register())), one["quota"]["sent_up"]
    said = [conflict.endswith("都上报了") for conflict in found["conflicts"]]
    assert (said.count(False), said.count(True)) == (units, up)
    (into / "b" / "record" / bundle.LEDGER).write_bytes(b"")
    spoilt = json.loads(asked("levels", into, "--json").stdout)
    assert len(spoilt["counties"]) == 1
    assert [line.startswith("b的纪实不成立：") for line in spoilt["conflicts"]] == [True]
    assert asked("levels", into).stdout.splitlines()[1].startswith("合计：")


@pytest.fixture(scope="module")
def province(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Small counties, each with a selection of its own; the first has sent in twice. Twenty where asked for."""
    place = tmp_path_factory.mktemp("province")
    for number in range(int(os.environ.get("FOURGATES_LEVELS", "2"))):
        folder = counties.written(counties.small(f"{counties.SEED}{number}"), place / f"county{number}")
        plan = folder / "plan.toml"
        plan.write_text(
            plan.read_text(encoding="utf-8").replace('id = "qingwu"', f'id = "county{number}"'),
            encoding="utf-8",
        )
        counties.ran(folder, place / f"out{number}")
        for _time in range(1 + (number == 0)):
            assert asked("receive", place / f"out{number}", "--into", place / "in").exit_code == 0
    return place


def test_many_counties_fold_into_one(province: Path) -> None:
    outs = sorted(path for path in province.glob("out*") if path.is_dir())
    found = json.loads(asked("levels", province / "in", "--json").stdout)
    alone = [json.loads(asked("figures", out).stdout) for out in outs]
    assert {county["selection"] for county in found["counties"]} == {f"county{n}" for n in range(len(outs))}
    assert found["sent_up"] == sum(one["quota"]["sent_up"] for one in alone)
    assert found["allotted"] == sum(one["quota"]["allotted"] for one in alone)
    assert found["listed"] == sum(len(one["gates"]["structure"]["list"]) for one in alone)
    for key in ("organisations", "members"):
        parts = [one["participation"][key] for one in alone]
        whole = {"part": sum(one["took_part"] for one in parts), "whole": sum(one["of"] for one in parts)}
        assert found[key] == whole
    numbers = [number for one in alone for number in sent(one["gates"]["standard"])]
    twice = [one for one in found["conflicts"] if one.endswith("都上报了")]
    assert len(twice) == len(numbers) - len(set(numbers))


def sent(gate: dict[str, list[str]]) -> list[str]:
    """Everybody a gate has judged."""
    return [*gate["met"], *gate["not_met"]]
