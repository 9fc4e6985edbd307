"""A box from its opening to its end on the record: two documents, one entry, counts that agree, and nothing left."""

from __future__ import annotations

import asyncio
import json
import shutil
from pathlib import Path

import pytest

import counties
from box.boxes import BEFORE
from box.test_commands import printed
from fourgates import bundle, judging
from fourgates.box.desk import Desk
from fourgates.box.place import Place
from fourgates.box.question import Answer, Question
from fourgates.facts import Facts
from fourgates.keeper import Keeper
from fourgates.store import open_store

PAST = "2022-03-02T18:00+08:00"
TOOK = 30


@pytest.fixture(params=["folder", "store"])
def record(request: pytest.FixtureRequest, small: Path, tmp_path: Path) -> str:
    """A county before anybody has taken part: the folder of its results, or a store."""
    shutil.copytree(small, tmp_path / "county")
    shutil.rmtree(tmp_path / "county" / "04 参与情况")
    counties.ran(tmp_path / "county", tmp_path / "out")
    if request.param == "folder":
        return str(tmp_path / "out")
    address = f"sqlite:///{tmp_path / 'record.db'}"
    assert counties.asked("store", "import", tmp_path / "out", address).exit_code == 0
    return address


def stands(record: str) -> Facts:
    if "://" not in record:
        return bundle.verify(Path(record) / "record").selection.facts
    store = open_store(record)
    facts = Keeper(store).current().facts
    store.close()
    return facts


def opened(record: str, folder: Path) -> tuple[Place, list[str]]:
    asked = counties.asked(
        "box", "open", record, folder, "--until", PAST, "--address", "https://cx.example/", "--slips", folder.with_suffix(".html")
    )  # fmt: skip
    assert asked.exit_code == 0, asked.output
    return Place(folder), printed(folder.with_suffix(".html"))


def answered(place: Place, slips: list[str]) -> Question:
    """The first members name the two who come after them; one writes a name in."""
    question = place.question()

    async def work() -> None:
        desk = Desk(question, place.urn(), lambda: BEFORE)
        for number, code in enumerate(slips[:TOOK]):
            mine = question.voters[number]
            same = [one.id for one in question.nominees if one.branch == mine.branch and one.id != mine.id][
                :2
            ]
            written = ("某某",) if number == 0 else ()
            await desk.take(Answer(code, f"{number:032x}", tuple(same), written, "满意"), "2022-03-01")
        await desk.finish()

    asyncio.run(work())
    return question


def test_what_was_in_a_box_stands_on_the_record_and_nothing_is_left_of_it(
    record: str, tmp_path: Path
) -> None:
    place, slips = opened(record, tmp_path / "box")
    question = answered(place, slips)
    (name,) = stands(record).boxes
    assert name == question.box
    closed = counties.asked("box", "close", record, place.folder)
    assert (closed.exit_code, "30人参加，30份，其中无效0份" in closed.output) == (0, True)
    facts = stands(record)
    box = facts.boxes[name]
    assert (len(box.parts), len(box.papers)) == (TOOK, TOOK)
    counted = judging.counted(facts)
    assert (counted.members.part, counted.by_channel["微信"]) == (TOOK, TOOK)
    assert [path.name for path in place.folder.rglob("*") if path.is_file() and path.suffix != ".lock"] == []
    (written,) = (text for paper in box.papers for text in paper.written)
    people = _people(record)
    assert people["texts"][written] == "某某"
    again = counties.asked("box", "close", record, place.folder)
    assert (again.exit_code, "[B.8]" in again.output) == (2, True)
    _finds_its_own(record, question, tmp_path / "published")


def _finds_its_own(record: str, question: Question, out: Path) -> None:
    """What is published says of each paper that it was counted, to the holder of its receipt; and of nobody what they named."""
    assert counties.asked("box", "publish", record, question.box, out).exit_code == 0
    shown = json.loads(out.with_suffix(".json").read_text(encoding="utf-8"))
    assert (shown["took_part"], len(shown["papers"]), sum(shown["satisfaction"].values())) == (
        TOOK,
        TOOK,
        TOOK,
    )
    assert sum(group["took_part"] for group in shown["groups"]) == TOOK
    assert min(group["took_part"] for group in shown["groups"]) >= 6
    mine = question.voters[1]
    named = [one.id for one in question.nominees if one.branch == mine.branch and one.id != mine.id][:2]
    words = ["--named", named[0], "--named", named[1], "--satisfaction", "满意"]
    receipt, other = f"{1:032x}", f"{TOOK + 5:032x}"
    assert [
        counties.asked("box", "find", out.with_suffix(".json"), *asked).exit_code
        for asked in (
            [receipt],
            [receipt, *words],
            [receipt, *words[:2], *words[4:]],
            [other],
            [other, *words],
        )
    ] == [0, 0, 1, 1, 1]
    assert receipt not in out.with_suffix(".json").read_text(encoding="utf-8")
    page = out.with_suffix(".html").read_text(encoding="utf-8")
    assert page.count("<li>") == TOOK


def _people(record: str) -> dict[str, dict[str, str]]:
    if "://" in record:
        store = open_store(record)
        texts = dict(Keeper(store).people().texts)
        store.close()
        return {"texts": texts}
    (kept,) = (Path(record) / "record" / "people").iterdir()
    found: dict[str, dict[str, str]] = json.loads(kept.read_bytes())
    return found


def test_what_is_not_closed_or_not_published_is_refused(small_out: Path, tmp_path: Path) -> None:
    none = counties.asked("box", "publish", small_out, "box-none", tmp_path / "x")
    assert (none.exit_code, "[14.1]" in none.output) == (2, True)
    (tmp_path / "x.json").write_text("[]", encoding="utf-8")
    other = counties.asked("box", "find", tmp_path / "x.json", "0" * 32)
    assert (other.exit_code, "[B.8]" in other.output) == (2, True)


def test_a_box_does_not_close_before_its_end(small: Path, tmp_path: Path) -> None:
    shutil.copytree(small, tmp_path / "county")
    shutil.rmtree(tmp_path / "county" / "04 参与情况")
    counties.ran(tmp_path / "county", tmp_path / "out")
    asked = counties.asked(
        "box", "open", tmp_path / "out", tmp_path / "box", "--until", "2099-01-01T18:00+08:00", "--address", "https://x/",
        "--slips", tmp_path / "s.html",
    )  # fmt: skip
    assert asked.exit_code == 0
    early = counties.asked("box", "close", tmp_path / "out", tmp_path / "box")
    assert (early.exit_code, "[14.3]" in early.output) == (2, True)
    wrong = counties.asked(
        "box", "extend", tmp_path / "out", tmp_path / "box", "--until", "2099-01-01T20:00+08:00", "--ground", "忘了",
        "--note", "没有通知", "--by", "县委组织部",
    )  # fmt: skip
    assert (wrong.exit_code, "[14.2]" in wrong.output) == (2, True)
    longer = counties.asked(
        "box", "extend", tmp_path / "out", tmp_path / "box", "--until", "2099-01-01T20:00+08:00", "--ground", "停电",
        "--note", "全县停电两小时", "--by", "县委组织部",
    )  # fmt: skip
    assert longer.exit_code == 0, longer.output
    assert Place(tmp_path / "box").question().closes == "2099-01-01T12:00:00Z"
    (box,) = bundle.verify(tmp_path / "out" / "record").selection.facts.boxes.values()
    assert box.until == "2099-01-01T12:00:00Z"
    # Whoever takes the folder in once more leaves the box alone.
    assert counties.ran(tmp_path / "county", tmp_path / "out") == 1
    assert bundle.verify(tmp_path / "out" / "record").selection.facts.boxes != {}


def test_closing_that_was_broken_off_is_finished(
    small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(small, tmp_path / "county")
    shutil.rmtree(tmp_path / "county" / "04 参与情况")
    counties.ran(tmp_path / "county", tmp_path / "out")
    place, slips = opened(str(tmp_path / "out"), tmp_path / "box")
    answered(place, slips)
    with monkeypatch.context() as patch:
        patch.setattr(
            Place, "destroy", lambda *_words: (_ for _ in ()).throw(OSError(5, "Input/output error"))
        )
        assert counties.asked("box", "close", tmp_path / "out", place.folder).exit_code == 2
    entries = bundle.head(tmp_path / "out" / "record").entries
    done = counties.asked("box", "close", tmp_path / "out", place.folder)
    assert (done.exit_code, bundle.head(tmp_path / "out" / "record").entries) == (0, entries)
    assert not (place.folder / "key.json").exists()
