"""Names sealed and erased as the fold judges it: of whom, on what grounds, and when their time is over."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from cast import BY, broken, documents, follow, kept, refused, results, rulebook, selection
from fourgates import chronicle, events, sealed
from fourgates.arrangements import Retention
from fourgates.events import Event
from fourgates.ledger import Entry
from fourgates.log import durable
from fourgates.sealed import Sealed, SealedDocument
from fourgates.selection import Selection, advance

TOLD = selection()
LAST = date(2027, 3, 23)
OVER = events.RetentionEnded(LAST, 30)


def facts_sealed(*people: str, document: str = "", said: int = -1) -> events.FactsSealed:
    content = sealed.seal({one: sealed.facts(one.encode(), {"姓名": one}) for one in people})
    return events.FactsSealed(document or kept(content), len(people) if said < 0 else said)


def then(event: Event, at: str) -> Selection:
    return advance(TOLD, [Entry(TOLD.n + 1, at, BY, event, "")], documents)


def test_facts_are_sealed_of_persons_on_the_rosters() -> None:
    event = facts_sealed("李梅", "王芳")
    assert follow(TOLD, event).sealed == event
    assert follow(TOLD, event, facts_sealed("李梅")).sealed == facts_sealed("李梅")
    with refused("1.5"):
        follow(TOLD, facts_sealed("冯唐"))
    with refused("0.4"):
        follow(TOLD, facts_sealed("李梅", said=2))
    with broken(TOLD.n + 1, "R.5"):
        follow(TOLD, facts_sealed(document="0" * 64))
    with refused("0.4"):
        follow(TOLD, events.FactsSealed(kept(SealedDocument((Sealed("李梅", ("short",)),))), 1))


def test_a_person_is_erased_once_on_a_ground_the_plan_knows_and_nothing_else_changes() -> None:
    erased = follow(TOLD, events.PersonErased("李梅", "误录"), events.PersonErased("王芳", "依法要求删除"))
    assert erased.erased == {"李梅": TOLD.n + 1, "王芳": TOLD.n + 2}
    assert (erased.facts, erased.standing, TOLD.erased) == (TOLD.facts, TOLD.standing, {})
    assert (
        follow(erased, *results(erased.facts)).results.keys()
        == follow(TOLD, *results(TOLD.facts)).results.keys()
    )
    with refused("V.2", ground="不高兴"):
        follow(TOLD, events.PersonErased("李梅", "不高兴"))
    with refused("1.5"):
        follow(TOLD, events.PersonErased("冯唐", "误录"))
    with refused("V.3"):
        follow(erased, events.PersonErased("李梅", "误录"))
    with refused("V.3"):
        follow(erased, facts_sealed("李梅"))
    with refused("0.2"):
        follow(Selection(), events.PersonErased("李梅", "误录"))


@pytest.mark.parametrize(
    ("event", "at"),
    [
        (OVER, "2027-03-23T23:59:59Z"),
        (OVER, "2022-03-24T08:00:00Z"),
        (events.RetentionEnded(date(2026, 3, 23), 30), "2027-03-24T00:00:00Z"),
        (events.RetentionEnded(LAST, -1), "2027-03-24T00:00:00Z"),
    ],
)
def test_names_are_not_destroyed_before_their_time_is_over(event: Event, at: str) -> None:
    with refused("V.4", until="2027-03-23"):
        then(event, at)


def test_names_are_destroyed_once_after_their_time() -> None:
    over = then(OVER, "2027-03-24T00:00:00Z")
    assert over.ended == TOLD.n + 1
    with refused("V.4"):
        advance(over, [Entry(over.n + 1, "2028-01-01T00:00:00Z", BY, OVER, "")], documents)


def test_the_years_are_the_plan_s_and_a_leap_day_ends_on_the_28th() -> None:
    assert rulebook().retention == Retention()
    assert Retention(years=3).until(date(2024, 2, 29)) == date(2027, 2, 28)
    assert Retention(years=4).until(date(2024, 2, 29)) == date(2028, 2, 29)


def test_each_is_told_in_a_sentence() -> None:
    for event, words in (
        (facts_sealed("李梅"), "个人事项逐项封存：1人"),
        (events.PersonErased("李梅", "误录"), "李梅的姓名等个人信息已删除：误录"),
        (OVER, "保存期到2027-03-23为止，30人的姓名等个人信息已全部删除"),
    ):
        assert chronicle.sentence(event, {}) == words


def test_a_file_is_overwritten_before_it_goes_and_what_is_none_just_goes(tmp_path: Path) -> None:
    (tmp_path / "one").write_bytes(b"secret")
    (tmp_path / "other").hardlink_to(tmp_path / "one")
    (tmp_path / "link").symlink_to(tmp_path / "other")
    durable.shred(tmp_path / "link")
    assert (tmp_path / "other").read_bytes() == b"secret"
    durable.shred(tmp_path / "one")
    durable.shred(tmp_path / "one")
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("other", bytes(6))]
