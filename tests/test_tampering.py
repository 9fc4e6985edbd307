"""Bundles tampered with: two programs that share no code find every one and name the same place, and no honest one is doubted.

Some hundreds here; ``make mutate-bundles`` tries 10,000 tampered and 1,000 honest ones and says what became of them. Any
failing number can be made again by itself: ``tampering.tampered(number, …)``.
"""

from __future__ import annotations

import contextlib
import io
import os
import random
import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

import tampering
from cast import (
    AT,
    BY,
    NOMINATED,
    REVIEWS,
    SURVEYS,
    asked,
    but,
    documents,
    marked,
    marks,
    results,
)
from fourgates import events, handout, verifier
from fourgates.bundle import Writer
from fourgates.errors import Broken
from fourgates.log import key
from fourgates.log.algorithms import ED25519
from fourgates.readers import Reader
from tampering import Content, Tampered

HOW_MANY = int(os.environ.get("FOURGATES_BUNDLES", "120"))
HONEST = max(HOW_MANY // 10, 12)
READERS = [Reader("public"), Reader("superior"), Reader("department", "统战"), Reader("person", "李梅")]
LOG = key.generate("青梧/2022", ED25519)
SALT = "00112233445566778899aabbccddeeff"


def votes(chance: random.Random) -> list[events.Claim]:
    """The story with other votes in the branches and committees, other marks, other answers."""
    told: list[events.Claim] = []
    for branch, sitting in NOMINATED.items():
        names = tuple(
            msgspec.structs.replace(one, members=chance.randint(1, sitting.present)) for one in sitting.names
        )
        told.append(events.NominationsFiled(branch, (msgspec.structs.replace(sitting, names=names),)))
    for committee, review in REVIEWS.items():
        cast = []
        for one in review.votes:
            yes = chance.randint(review.present // 2, review.present)
            cast.append(
                msgspec.structs.replace(
                    one, votes_for=yes, against=review.present - yes, abstained=0, reason="reason"
                )
            )
        told.append(
            events.CommitteeReviewed(committee, (msgspec.structs.replace(review, votes=tuple(cast)),))
        )
        some = [one for one in marks(committee) if chance.random() < 0.9]
        told.append(marked(committee, tuple(some)))
    told.append(asked(tuple(one for one in SURVEYS if chance.random() < 0.9)))
    return told


def record(folder: Path, number: int) -> Path:
    """The record of one invented course: with checkpoints or without, told once or with corrections after the results."""
    chance = random.Random(f"course {number}")
    signer = LOG if number % 3 == 1 else None
    writer = Writer(folder, signer)

    def tell(*told: events.Event) -> None:
        for event in told:
            writer.offer(event, at=AT, by=BY, documents=documents, salt=SALT)

    tell(*but(*votes(chance)))
    tell(*results(writer.selection.facts))
    if number % 2:
        tell(
            *(
                msgspec.structs.replace(one, corrects=writer.selection.standing[events.subject(one)])
                for one in chance.sample(votes(chance), 3)
            )
        )
        tell(*results(writer.selection.facts))
    writer.commit(pin=True)
    return folder


@pytest.fixture(scope="module")
def honest(tmp_path_factory: pytest.TempPathFactory) -> list[Content]:
    """Bundles of many records for every reader, each found to hold when it was written."""
    room = tmp_path_factory.mktemp("honest")
    found = []
    for number in range(-(-HONEST // len(READERS))):
        folder = record(room / "record", number)
        for reader in READERS:
            handout.write(folder, room / "out", reader)
            found.append(tampering.content(room / "out"))
            shutil.rmtree(room / "out")
        shutil.rmtree(folder)
    return found


def both(folder: Path) -> tuple[str, str]:
    """The places that the two verifiers name, empty where they find nothing."""
    ours = theirs = ""
    try:
        handout.verify(folder)
    except Broken as broken:
        ours = f"entry {broken.entry}" if broken.entry else str(broken.facts.get("file", ""))
        ours = ours or f"? {broken}"
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            verifier.verify(folder)
    except verifier.Fault as fault:
        theirs = fault.args[0]
    return ours, theirs


def said(
    folder: Path, honest: list[Content], numbers: range
) -> Iterator[tuple[int, str, Tampered, str, str]]:
    """What both say of every mutant, laid into ``folder`` one after the other."""
    folder.mkdir()
    lying: Content = {}
    for number in numbers:
        way, _whole, made = tampering.tampered(number, honest)
        tampering.laid(folder, lying, made.content)
        lying = made.content
        yield number, way, made, *both(folder)


def test_no_honest_bundle_is_doubted(honest: list[Content], tmp_path: Path) -> None:
    lying: Content = {}
    doubts = []
    (tmp_path / "bundle").mkdir()
    for number, whole in enumerate(honest):
        tampering.laid(tmp_path / "bundle", lying, whole)
        lying = whole
        if (found := both(tmp_path / "bundle")) != ("", ""):
            doubts.append((number, found))
    print(f"\n{len(honest)} honest bundles: {len(doubts)} doubted")  # noqa: T201
    assert doubts == []
    assert len({whole[tampering.LEAVES] for whole in honest}) * len(READERS) == len(honest)


def test_both_find_every_bundle_tampered_with_at_the_same_place(
    honest: list[Content], tmp_path: Path
) -> None:
    tried, wrong = Counter[str](), []
    for number, way, made, ours, theirs in said(tmp_path / "bundle", honest, range(HOW_MANY)):
        tried[way] += 1
        if ours != theirs or ours not in made.places:
            wrong.append((number, way, sorted(made.places)[:4], ours, theirs))
    found = f"{sum(tried.values()) - len(wrong)} found by both at its place"
    print(f"\n{sum(tried.values())} bundles tampered with, {found}: {dict(tried)}")  # noqa: T201
    assert wrong == []
    assert set(tried) == set(tampering.WAYS)


def test_a_verifier_that_looks_away_lets_some_pass(
    honest: list[Content], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Whoever looks away at one point must miss what is tampered with there: else nothing here could fail.
    monkeypatch.setattr(verifier, "files", lambda _folder, _manifest: None)
    monkeypatch.setattr(handout, "_same", lambda _folder, _files, _manifest: None)
    missed = {"ours": 0, "theirs": 0}
    for _number, _way, _made, ours, theirs in said(tmp_path / "bundle", honest, range(27)):
        missed["ours"] += not ours
        missed["theirs"] += not theirs
    assert min(missed.values()) > 0
    monkeypatch.undo()
    for kind in verifier.CHECKS:
        monkeypatch.setitem(verifier.CHECKS, kind, lambda _count, _event: True)
    forged = range([*tampering.WAYS].index("forge"), 90, len(tampering.WAYS))
    for number in forged:
        _way, _whole, made = tampering.tampered(number, honest)
        folder = tmp_path / str(number)
        folder.mkdir()
        tampering.laid(folder, {}, made.content)
        assert both(folder)[1] == ""
