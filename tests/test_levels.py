"""The level above takes in what goes on from what it has, keeps what does not as evidence, and adds counties up."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest

import counties
from counties import asked
from fourgates import bundle, run
from fourgates.commands import standing


@pytest.fixture(scope="module")
def other_out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same county, run anew: another key, another history."""
    place = tmp_path_factory.mktemp("other")
    counties.ran(counties.written(counties.small(), place / "county"), place / "out")
    return place / "out"


def test_only_what_goes_on_from_what_came_is_taken_in(
    small_out: Path, other_out: Path, tmp_path: Path
) -> None:
    into = tmp_path / "in"
    head = bundle.head(small_out / run.RECORD)
    first = asked("receive", small_out, "--into", into)
    assert (first.exit_code, first.stdout) == (
        0,
        f"中共青梧县县委：新增{head.entries}条，共{head.entries}条，封印 {head.head}\n",
    )
    assert asked("receive", small_out, "--into", into).stdout.startswith("中共青梧县县委：新增0条，")
    rewritten = asked("receive", other_out, "--into", into)
    assert (rewritten.exit_code, rewritten.stdout) == (2, "")
    assert rewritten.stderr.startswith("[X.5] ")
    assert head.head in rewritten.stderr
    assert bundle.head(other_out / run.RECORD).head in rewritten.stderr
    (place,) = into.iterdir()
    kept = sorted(path.name for path in place.iterdir())
    assert kept == ["record", f"refused-{bundle.head(other_out / run.RECORD).head[:16]}"]
    assert counties.files(place / "record") == counties.files(small_out / run.RECORD)
    assert counties.files(place / kept[1]) == counties.files(other_out / run.RECORD)


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
    outs = sorted(path.parent for path in province.glob("out*/summary.json"))
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
