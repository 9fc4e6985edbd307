"""Signals: questions with what could explain them, each raised by its pattern and by nothing less."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Literal, get_args

import msgspec
import pytest

from afterwards import OFFICE_MEETING, mark
from cast import (
    BY,
    EAST1,
    FILED,
    MEETING,
    NOMINATED,
    OFFICE,
    PEOPLE,
    WEST,
    documents,
    rulebook,
    selection,
    story,
)
from fourgates import events, i18n, judging
from fourgates.events import Claim
from fourgates.ledger import Entry
from fourgates.nominations import Name
from fourgates.selection import advance
from fourgates.signals import Kind, Question, explanations, questions, sentence

TOLD = selection()


def changed(event: Any, **fields: Any) -> Any:
    return msgspec.structs.replace(event, **fields)


def asked(*claims: Claim, at: str = "2022-02-22T06:00:00Z", **limits: int) -> tuple[Question, ...]:
    """What is asked about after the story and these claims, all made at one time."""
    plan = changed(rulebook(), signals=changed(rulebook().signals, **limits))
    before: Iterable[Claim] = (events.PlanAdopted(plan), *story()[1:])
    standing = selection(before)
    entries = []
    for place, claim in enumerate(claims, start=1):
        number = standing.standing.get(events.subject(claim), 0)
        entries.append(Entry(standing.n + place, at, BY, changed(claim, corrects=number), ""))
    return questions(entries, advance(standing, entries, documents).facts)


WHO = PEOPLE[WEST][:4]


def test_nothing_is_asked_about_a_quiet_record() -> None:
    assert asked() == ()
    entries = [Entry(n, "2022-03-24T08:00:00Z", BY, claim, "") for n, claim in enumerate(story(), start=1)]
    assert questions(entries, TOLD.facts) == ()


def test_many_acts_from_one_device_or_by_one_person_in_one_minute() -> None:
    acts = [changed(mark(one, "会议"), device="phone") for one in WHO]
    first = TOLD.n + 1
    assert asked(*acts, same_device=4) == (
        Question("same_device", "phone", 4, (first, first + 1, first + 2, first + 3)),
    )
    assert asked(*acts, same_device=5) == ()
    plain = [mark(one, "会议") for one in WHO]
    assert [(one.kind, one.about, one.count) for one in asked(*plain, same_minute=4)] == [
        ("same_minute", "clerk", 4)
    ]
    others = [*plain[:2], *(changed(one, by="other") for one in plain[2:])]
    assert asked(*others, same_minute=3) == ()


def test_two_branches_with_the_same_names_in_the_same_order() -> None:
    names = (Name("李梅", 3, ""), Name("何平", 2, ""), Name("陈大山", 1, ""))
    same = [
        events.NominationsFiled(branch, (changed(NOMINATED[branch], names=names),))
        for branch in (EAST1, WEST)
    ]
    assert [(one.kind, one.about, one.count) for one in asked(*same)] == [
        ("same_order", f"{EAST1}、{WEST}", 2)
    ]
    assert asked(same[0]) == ()
    assert asked(same[0], changed(same[1], sittings=(changed(NOMINATED[WEST], names=names[::-1]),))) == ()
    assert asked(*same, same_order=4) == ()
    assert asked(same[0], events.NominationsFiled(OFFICE, FILED[OFFICE])) == ()
    assert len(asked(same[0], events.NominationsFiled(WEST, FILED[WEST]))) == 1


def test_figures_entered_before_the_meeting_had_ended() -> None:
    found = [one for one in asked(*OFFICE_MEETING, at="2022-02-22T07:59:59Z") if one.kind == "before_end"]
    first = TOLD.n + 2
    assert found == [Question("before_end", "office", 4, (first, first + 1, first + 2, first + 3))]
    assert asked(*OFFICE_MEETING, at="2022-02-22T08:00:00Z") == ()
    endless = (OFFICE_MEETING[0], changed(OFFICE_MEETING[1], ended=""), *OFFICE_MEETING[2:])
    assert asked(*endless, at="2022-02-22T00:00:00Z") == ()
    plain = events.NominationsFiled(OFFICE, (NOMINATED[OFFICE],), meetings=("",))
    assert asked(plain, at="2022-02-22T00:00:00Z") == ()


def test_a_channel_that_one_visitor_alone_reports() -> None:
    calls = [mark(one, "电话", "phone") for one in PEOPLE[OFFICE]]
    assert [(one.kind, one.about, one.count) for one in asked(*calls, lone_visitor=5)] == [
        ("lone_visitor", f"{OFFICE}（电话）", 5)
    ]
    assert asked(*calls, lone_visitor=6) == ()
    assert asked(*calls[:4], changed(calls[4], by="other"), lone_visitor=5) == ()
    meeting = [mark(one, "会议") for one in PEOPLE[OFFICE]]
    assert asked(*meeting, lone_visitor=5) == ()


def test_a_signal_changes_no_figure() -> None:
    acts = [changed(mark(one, "会议"), device="phone") for one in WHO]
    assert judging.counted(selection([*story(), *acts]).facts) == judging.counted(TOLD.facts)
    assert acts[0].day == MEETING


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_question_is_put_and_could_be_explained_in_both_languages(
    language: Literal["zh", "en"],
) -> None:
    with i18n.speaking(language):
        for kind in get_args(Kind):
            question = Question(kind, "甲", 3, ())
            assert sentence(question).endswith(("？", "?"))
            assert len(explanations(question)) == 2
