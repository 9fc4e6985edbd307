"""Somebody holds every file of the box, all its backups and the published papers: can they say who named whom?

The attacker below orders people by when and where their codes were first seen spent, and papers by when and where they
were first seen, and pairs them in that order within each branch. On a careless box that finds nearly everybody; on ours it
does no better than chance.
"""

from __future__ import annotations

import asyncio
import math
import random
import sqlite3
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from box.boxes import BEFORE, Box, opened
from box.test_desk import in_the_box
from fourgates.box import codes
from fourgates.box.desk import Desk
from fourgates.box.question import Answer

Snapshot = dict[str, bytes]
PEOPLE, EACH = 1000, 100


def snapshot(folder: Path) -> Snapshot:
    """Every file as a backup of this moment has it, write-ahead logs too."""
    return {path.name: path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def first_seen(snapshots: list[Snapshot], marks: Mapping[str, bytes]) -> dict[str, tuple[int, str, int]]:
    """Where each mark is first found: number of the snapshot, file, place in it; what is in none comes last."""
    whose = {int.from_bytes(mark[:8], "little"): (who, mark) for who, mark in marks.items()}
    likely = np.zeros(1 << 16, bool)  # by the lowest two bytes, to pass over most of a file at once
    likely[[word & 0xFFFF for word in whose]] = True
    found = dict.fromkeys(marks, (len(snapshots), "", 0))
    for number, files in enumerate(snapshots):
        for name, content in files.items():
            for shift in range(8):
                words = np.frombuffer(content, "<u8", offset=shift, count=max(0, len(content) - shift) // 8)
                for at in np.flatnonzero(likely[words & 0xFFFF]).tolist():
                    who, mark = whose.get(int(words[at]), ("", b""))
                    if not mark:
                        continue
                    place = at * 8 + shift
                    if content[place : place + len(mark)] == mark:
                        found[who] = min(found[who], (number, name, place))
    return found


def guessed(
    snapshots: list[Snapshot],
    spent: Mapping[str, bytes],
    papers: Mapping[str, bytes],
    branch_of: Mapping[str, str],
) -> dict[str, str]:
    """Member → the paper guessed to be theirs; both ordered as they were first seen, paired within each branch."""
    by_time, lies = first_seen(snapshots, spent), first_seen(snapshots, papers)
    found: dict[str, str] = {}
    for branch in sorted(set(branch_of.values())):
        people = sorted(
            (who for who in spent if branch_of[who] == branch), key=lambda who: (by_time[who], spent[who])
        )
        left = sorted(
            (which for which in papers if branch_of[which] == branch), key=lambda which: lies[which]
        )
        found.update(zip(people, left, strict=True))
    return found


def likelihood(right: int, branches: int) -> float:
    """The chance that blind pairing gets ``right`` or more: matches of a drawn order are Poisson with mean 1 a branch."""
    below = math.fsum(math.exp(-branches) * branches**k / math.factorial(k) for k in range(right))
    return 1 - below


def everybody_comes(box: Box) -> tuple[list[Snapshot], dict[str, str]]:
    """All members name somebody in a drawn order; a backup is made every few. Gives the backups and who has which tag."""
    drawn = random.Random(14)
    order = list(enumerate(box.question.voters))
    drawn.shuffle(order)
    tags: dict[str, str] = {}
    snapshots: list[Snapshot] = []

    async def work() -> None:
        desk = Desk(box.question, box.place.urn(), lambda: BEFORE)
        for number in range(0, len(order), EACH):
            asking = []
            for _place, voter in order[number : number + EACH]:
                receipt = f"{drawn.getrandbits(128):032x}"
                tags[voter.id] = codes.tag(receipt)
                named = drawn.choice(box.question.voters).id
                asking.append(desk.take(Answer(box.codes[voter.id], receipt, (named,)), "2022-03-01"))
            await asyncio.gather(*asking)
            snapshots.append(snapshot(box.place.folder / "urn"))
        await desk.finish()

    asyncio.run(work())
    snapshots.append(snapshot(box.place.folder / "urn"))
    return snapshots, tags


def test_with_every_file_and_backup_a_guess_is_no_better_than_chance(tmp_path: Path) -> None:
    box = opened(tmp_path / "box", people=PEOPLE, branches=20)
    snapshots, tags = everybody_comes(box)
    published = in_the_box(box).papers
    branch_of = {voter.id: voter.branch for voter in box.question.voters} | {
        paper.tag: paper.branch for paper in published
    }
    # A code is seen spent where its digest stands beside a nomination in the intake: that much the files do say.
    intake = [
        {name: content for name, content in files.items() if name.startswith("intake")} for files in snapshots
    ]
    spent = {who: codes.digest(code) for who, code in box.codes.items()}
    papers = {paper.tag: bytes.fromhex(paper.tag) for paper in published}
    guess = guessed(intake, spent, papers, branch_of)
    right = sum(tags[who] == paper for who, paper in guess.items())
    assert len(guess) == PEOPLE
    assert likelihood(right, 20) > 0.01, right
    # Neither what was named nor a receipt's tag stands in any file, in any form a search would find.
    everything = b"".join(content for files in snapshots for content in files.values())
    assert [paper.tag for paper in published if paper.tag.encode() in everything] == []
    assert [paper.tag for paper in published if bytes.fromhex(paper.tag) in everything] == []
    named = {id_ for paper in published for id_ in paper.names}
    sealed = b"".join(
        content for files in snapshots for name, content in files.items() if not name.startswith("roll")
    )
    assert [id_ for id_ in sorted(named) if id_.encode() in sealed] == []


def test_the_same_attacker_finds_the_link_in_a_careless_box(tmp_path: Path) -> None:
    """One table for the roll, one for the papers, each row as it comes: what anybody would write first."""
    drawn = random.Random(14)
    file = sqlite3.connect(tmp_path / "careless.db")
    file.executescript("CREATE TABLE roll (code BLOB); CREATE TABLE paper (tag BLOB, named TEXT);")
    order = list(range(PEOPLE))
    drawn.shuffle(order)
    spent, papers, branch_of, tags = {}, {}, {}, {}
    for number in order:
        who, tag = f"member {number}", drawn.randbytes(16)
        spent[who], papers[tag.hex()], tags[who] = drawn.randbytes(32), tag, tag.hex()
        branch_of[who] = branch_of[tag.hex()] = f"branch {number % 20}"
        file.execute("INSERT INTO roll VALUES (?)", (spent[who],))
        file.execute("INSERT INTO paper VALUES (?, ?)", (tag, "somebody"))
    file.commit()
    file.close()
    content = (tmp_path / "careless.db").read_bytes()
    # Pages fill from their ends, so the order within one is turned round; both tables alike.
    guess = guessed([{"careless.db": content}], spent, papers, branch_of)
    right = sum(tags[who] == paper for who, paper in guess.items())
    assert likelihood(right, 20) < 0.01, right
