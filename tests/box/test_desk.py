from __future__ import annotations

import asyncio
import os
import random
import sqlite3
from collections import Counter
from collections.abc import Awaitable, Callable
from pathlib import Path

from box.boxes import AFTER, BEFORE, OTHER, RECEIPT, Box, answer, opened
from fourgates.box import counting
from fourgates.box.desk import PIECE, Desk, Outcome
from fourgates.box.question import Answer
from fourgates.box.urn import State
from fourgates.errors import Refused

Work = Callable[[Desk], Awaitable[object]]


def at_the_desk(box: Box, work: Work, now: float = BEFORE) -> object:
    async def whole() -> object:
        desk = Desk(box.question, box.place.urn(), lambda: now)
        found = await work(desk)
        await desk.finish()
        return found

    return asyncio.run(whole())


def taken(box: Box, *answers: Answer, now: float = BEFORE) -> list[Outcome | str]:
    """What became of each, sent one after the other: the outcome, or the rule that refused it."""

    async def work(desk: Desk) -> list[Outcome | str]:
        found: list[Outcome | str] = []
        for one in answers:
            try:
                found.append(await desk.take(one, "2022-03-02"))
            except Refused as no:
                found.append(no.rule)
        return found

    return at_the_desk(box, work, now)  # type: ignore[return-value]  # what `work` gives


def in_the_box(box: Box) -> counting.Opened:
    urn = box.place.urn()
    found = counting.opened(box.question, urn, box.place.key())
    urn.close()
    return found


def test_a_nomination_is_counted_once_under_its_tag_and_nobody_stands_beside_it(tmp_path: Path) -> None:
    box = opened(tmp_path / "box")
    assert taken(box, answer(box, 0, 1, 2)) == ["recorded"]
    found = in_the_box(box)
    assert [tuple(part) for part in _plain(found.took_part)] == [
        (box.question.voters[0].id, box.question.voters[0].branch, "微信", "2022-03-02", "")
    ]
    (paper,) = found.papers
    assert (paper.tag, paper.names, paper.satisfaction, paper.void) == (
        "7b51c69cda6131bbe808b9336cda7974",
        (box.question.voters[1].id, box.question.voters[2].id),
        "满意",
        "",
    )


def _plain(parts: tuple[counting.Part, ...]) -> list[tuple[str, str, str, str, str]]:
    return [(one.member, one.branch, one.channel, one.day, one.by) for one in parts]


def test_a_code_counts_once_and_who_asks_again_with_the_receipt_is_told_the_same(tmp_path: Path) -> None:
    box = opened(tmp_path / "box")
    first = answer(box, 0, 1)
    assert taken(box, first, first, answer(box, 0, 2, receipt=OTHER)) == ["recorded", "already", "B.2"]
    assert taken(box, first, answer(box, 0, 2, receipt=OTHER)) == ["already", "B.2"]  # after a restart too
    assert [paper.names for paper in in_the_box(box).papers] == [(box.question.voters[1].id,)]


def test_a_receipt_of_another_cannot_be_taken(tmp_path: Path) -> None:
    box = opened(tmp_path / "box")
    assert taken(box, answer(box, 0, 1), answer(box, 3, 2)) == ["recorded", "B.2"]
    assert len(in_the_box(box).papers) == 1


def test_until_closing_the_receipt_changes_a_nomination_where_the_rulebook_lets_it(tmp_path: Path) -> None:
    box = opened(tmp_path / "box", changeable=True)
    assert taken(box, answer(box, 0, 1), answer(box, 0, 2)) == ["recorded", "changed"]
    assert taken(box, answer(box, 0, 3)) == ["changed"]
    found = in_the_box(box)
    assert ([paper.names for paper in found.papers], len(found.took_part)) == (
        [(box.question.voters[3].id,)],
        1,
    )


def test_after_closing_nothing_is_taken(tmp_path: Path) -> None:
    box = opened(tmp_path / "box")
    assert taken(box, answer(box, 0, 1), now=AFTER) == ["B.5"]
    assert in_the_box(box) == counting.Opened((), ())


def test_what_the_question_does_not_allow_spends_no_code(tmp_path: Path) -> None:
    box = opened(tmp_path / "box")
    code, ids = box.codes[box.question.voters[0].id], [voter.id for voter in box.question.voters]
    wrong = [
        Answer(code, RECEIPT, tuple(ids[:4])),
        Answer(code, RECEIPT, (ids[1], ids[1])),
        Answer(code, RECEIPT, (), ("张三", "张三")),
        Answer(code, RECEIPT, ("0" * 23 + "x",)),
        Answer(code, RECEIPT, ("f" * 24,)),
        Answer(code, RECEIPT, (), (), "很满意"),
    ]
    assert taken(box, *wrong) == ["B.3"] * len(wrong)
    assert taken(box, Answer(code, RECEIPT, (), ("某某",))) == ["recorded"]


def test_a_code_of_nobody_and_a_dead_slip_are_told_apart_from_a_typing_slip(tmp_path: Path) -> None:
    box = opened(tmp_path / "box")

    async def work(desk: Desk) -> None:
        assert await desk.retire(box.question.voters[0].id, None, ("会议", "2022-03-01", "")) == 1

    at_the_desk(box, work)
    assert taken(box, Answer("0" * 16, RECEIPT), Answer("0" * 15, RECEIPT), answer(box, 0, 1)) == [
        "B.2",
        "B.1",
        "B.2",
    ]
    urn = box.place.urn()
    (dead,) = (one for one in urn.roll() if one.state is State.DEAD)
    urn.close()
    assert (dead.member, dead.channel) == (box.question.voters[0].id, "会议")


def test_who_took_part_cannot_be_struck_off_nor_given_another_slip(tmp_path: Path) -> None:
    box = opened(tmp_path / "box")
    assert taken(box, answer(box, 0, 1)) == ["recorded"]

    async def work(desk: Desk) -> str:
        try:
            await desk.retire(box.question.voters[0].id, None)
        except Refused as no:
            return no.rule
        return ""

    assert at_the_desk(box, work) == "B.2"


def test_of_many_who_send_the_same_at_once_one_is_recorded(tmp_path: Path) -> None:
    box = opened(tmp_path / "box")

    async def work(desk: Desk) -> list[Outcome | BaseException]:
        same = [desk.take(answer(box, 0, 1), "2022-03-02") for _time in range(50)]
        others = [
            desk.take(answer(box, 0, 2, receipt=f"{number:032x}"), "2022-03-02") for number in range(50)
        ]
        return await asyncio.gather(*same, *others, return_exceptions=True)

    found: list[object] = at_the_desk(box, work)  # type: ignore[assignment]  # what `work` gives
    said = [one.rule if isinstance(one, Refused) else one for one in found]
    assert (said.count("recorded"), said.count("already"), said.count("B.2")) == (1, 49, 50)
    assert len(in_the_box(box).papers) == 1


def test_who_hangs_up_before_the_answer_is_counted_all_the_same(tmp_path: Path) -> None:
    box = opened(tmp_path / "box")

    async def work(desk: Desk) -> list[Outcome | str]:
        asking = asyncio.create_task(desk.take(answer(box, 0, 1), "2022-03-02"))
        await asyncio.sleep(0)
        asking.cancel()
        found: list[Outcome | str] = [await desk.take(answer(box, 0, 1), "2022-03-02")]
        try:
            await desk.take(answer(box, 0, 2, receipt=OTHER), "2022-03-02")
        except Refused as no:
            found.append(no.rule)
        return found

    assert at_the_desk(box, work) == ["already", "B.2"]
    assert len(in_the_box(box).papers) == 1


def test_on_a_disk_that_fails_the_code_stays_good(tmp_path: Path) -> None:
    box = opened(tmp_path / "box")
    full = sqlite3.connect(box.place.folder / "urn" / "intake.db")

    async def work(desk: Desk) -> list[str]:
        full.execute(
            "CREATE TRIGGER full BEFORE INSERT ON coming BEGIN SELECT RAISE(FAIL, 'disk is full'); END"
        )
        full.commit()
        found = []
        try:
            await desk.take(answer(box, 0, 1), "2022-03-02")
        except sqlite3.Error:
            found.append("failed")
        full.execute("DROP TRIGGER full")
        full.commit()
        found.append(await desk.take(answer(box, 0, 1), "2022-03-02"))
        return found

    assert at_the_desk(box, work) == ["failed", "recorded"]
    full.close()
    assert len(in_the_box(box).papers) == 1


def test_what_gathers_is_moved_in_pieces_while_nobody_is_kept_waiting(tmp_path: Path) -> None:
    box = opened(tmp_path / "box", people=600)
    intake = sqlite3.connect(box.place.folder / "urn" / "intake.db")

    async def work(desk: Desk) -> list[int]:
        async def come(some: range) -> int:
            asked = [desk.take(answer(box, n, 0, receipt=f"{n:032x}"), "2022-03-02") for n in some]
            assert set(await asyncio.gather(*asked)) == {"recorded"}
            await desk.quiet()
            return int(intake.execute("SELECT count(*) FROM coming").fetchone()[0])

        # The first moving is due at once, and goes on until less than a piece is left; the next half a minute later.
        return [await come(range(60)), await come(range(60, 560)), await come(range(560, 600))]

    assert at_the_desk(box, work) == [60, 560 - 2 * PIECE, 600 - 2 * PIECE]
    intake.close()
    assert len(in_the_box(box).papers) == 600


def test_where_moving_fails_nobody_notices_and_it_is_done_at_the_next(tmp_path: Path) -> None:
    box = opened(tmp_path / "box", people=100)
    roll = sqlite3.connect(box.place.folder / "urn" / "roll.db")

    async def work(desk: Desk) -> int:
        roll.execute(
            "CREATE TRIGGER full BEFORE UPDATE ON code BEGIN SELECT RAISE(FAIL, 'disk is full'); END"
        )
        roll.commit()
        asked = [desk.take(answer(box, n, 0, receipt=f"{n:032x}"), "2022-03-02") for n in range(100)]
        outcomes = Counter(await asyncio.gather(*asked))
        await desk.quiet()
        roll.execute("DROP TRIGGER full")
        roll.commit()
        return outcomes["recorded"]

    assert at_the_desk(box, work) == 100
    roll.close()
    found = in_the_box(box)
    assert (len(found.papers), len(found.took_part)) == (100, 100)


def test_however_often_and_fast_the_same_is_sent_it_counts_once(tmp_path: Path) -> None:
    """`FOURGATES_DUPLICATES` submissions (100,000 for a release): each member's, again and again, and others for the code."""
    number = int(os.environ.get("FOURGATES_DUPLICATES", "2000"))
    box, drawn = opened(tmp_path / "box", people=100), random.Random(7)

    async def work(desk: Desk) -> Counter[str]:
        async def one() -> str:
            mine = drawn.randrange(100)
            other = drawn.random() < 0.3
            receipt = f"{mine + 1000 * other:032x}"
            await asyncio.sleep(0)
            try:
                return await desk.take(answer(box, mine, (mine + 1) % 100, receipt=receipt), "2022-03-02")
            except Refused as no:
                return no.rule

        found: Counter[str] = Counter()
        for _round in range(max(1, number // 500)):
            found.update(await asyncio.gather(*(one() for _time in range(min(500, number)))))
        return found

    found: Counter[str] = at_the_desk(box, work)  # type: ignore[assignment]  # what `work` gives
    inside = in_the_box(box)
    assert found.total() >= number
    assert set(found) == {"recorded", "already", "B.2"}
    assert found["recorded"] == len(inside.papers) == len(inside.took_part)
    assert (
        len({paper.tag for paper in inside.papers})
        == len(inside.papers)
        == len({p.member for p in inside.took_part})
    )
