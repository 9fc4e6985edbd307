"""The invented county as a folder: what stands on disk is what was meant, the same on every run, and like no one alive."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

import pytest

from fourgates.simulate import county
from fourgates.simulate.chances import chances
from fourgates.simulate.faults.catalogue import CATALOGUE, plant
from fourgates.simulate.writing import write
from oracle import cells, judge, reading


def fingerprints(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_same_seed_same_bytes(tmp_path: Path) -> None:
    for name in ("one", "two"):
        county.make(tmp_path / name, seed="春", size=county.SMALL, with_decision=True)
    assert fingerprints(tmp_path / "one") == fingerprints(tmp_path / "two")


def test_another_seed_is_another_county(tmp_path: Path) -> None:
    for seed in ("春", "秋"):
        county.make(tmp_path / seed, seed=seed, size=county.SMALL)
    assert fingerprints(tmp_path / "春") != fingerprints(tmp_path / "秋")


@pytest.mark.parametrize("turn", range(12))
def test_disk_says_what_was_meant(tmp_path: Path, turn: int) -> None:
    """Whatever the clerks' habits and the faults, both readings lead to the same troubles and figures."""
    rng = chances("disk", turn)
    invented = county.invent(f"disk {turn}", county.SMALL, with_decision=turn % 2 == 0)
    names = [name for name in CATALOGUE if name != "formula_without_value"]
    plant(invented, rng.sample(names, turn % 4), rng)
    write(invented.sheets, invented.toml(), invented.files, tmp_path / "county")
    meant = judge.answers(reading.from_county(invented))
    read = judge.answers(reading.from_disk(tmp_path / "county"))
    assert [answer.must for answer in read] == [answer.must for answer in meant]
    assert [judge.figures(answer) for answer in read] == [judge.figures(answer) for answer in meant]
    assert [answer.known["integrity"] for answer in read] == [answer.known["integrity"] for answer in meant]


def test_folder_must_be_new_or_empty(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("not mine", encoding="utf-8")
    with pytest.raises(FileExistsError):
        county.make(tmp_path, seed="春", size=county.SMALL)
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


def test_progress_counts_every_file(tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    county.make(
        tmp_path, seed="春", size=county.SMALL, progress=lambda written, of: told.append((written, of))
    )
    files = len(fingerprints(tmp_path))
    assert told == [(written, files) for written in range(2, files + 1)]


def test_no_number_or_telephone_can_be_anyones() -> None:
    invented = county.invent("春", county.SMALL)
    for sheet in invented.under("02"):
        for _, row in sheet.filled():
            number = row.text("公民身份号码")
            assert cells.number(number) == number
            assert number[2:4] == "99"
            assert row.text("手机号码").startswith("199000")


def test_the_seeds_figures() -> None:
    invented = county.invent("春")
    answer = judge.judge(reading.from_county(invented), {})
    figures = judge.figures(answer)
    assert (answer.must, answer.may, answer.open) == ([], set(), set())
    assert {k: figures["units"][k] for k in ("committees", "township", "county_direct", "branches", "members")} == {
        "committees": 29, "township": 17, "county_direct": 12, "branches": 620, "members": 15_000,
    }  # fmt: skip
    participation = figures["participation"]
    assert participation["organisations"]["rate"] == "100%"
    assert participation["members"]["rate"] == "99.8%"
    assert participation["satisfaction"]["rate"] == "100%"
    assert figures["quota"] == {"allotted": 10, "sent_up": 87, "times": "8.7", "more_than_times": True}
    assert figures["departments"] == {"asked": 15, "answered": 15}
    assert answer.known["best"] is not None
    assert {"met", "not_met"} == set(answer.known["standard"].values())


@pytest.mark.parametrize("size", [county.Size(allotted=11, sent_up=88), county.Size(township=2, direct=2)])
def test_a_size_that_cannot_be_honest_is_refused(size: county.Size) -> None:
    with pytest.raises(ValueError, match="the list needs"):
        county.invent("春", size)
