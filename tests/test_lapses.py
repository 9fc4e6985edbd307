"""What went wrong up to a day: what was not done in time, departs from the procedure, or was decided against a rule."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import msgspec

from afterwards import called, came, signed, told
from cast import COUNTY, OFFICE, SHUILI, VILLAGE, but, rulebook, selection, story, without
from counties import asked
from fourgates import events, lapses
from fourgates.agenda import Task
from fourgates.lapses import Lapse
from fourgates.papers import mending, sentences

BEFORE, AFTER = date(2022, 2, 1), date(2022, 4, 1)
AWAY = Lapse("2.5", VILLAGE, date(2022, 3, 2), Task("mark", VILLAGE, date(2022, 3, 2), "2.5", 1, late=True))


def listed(*claims: events.Claim, day: date = AFTER) -> list[tuple[str, str, str]]:
    """Rule, unit, and the task that was left or the step that departs."""
    found = lapses.found(selection(claims).facts, day)
    return [(one.rule, one.unit, getattr(one.what, "what", getattr(one.what, "step", ""))) for one in found]


def test_of_a_selection_that_is_done_only_who_stayed_away_is_left() -> None:
    assert lapses.found(selection().facts, AFTER) == (AWAY,)
    assert lapses.found(selection().facts, AWAY.day or AFTER) == ()  # the day itself is still in time
    assert lapses.found(selection(story()[:6]).facts, BEFORE) == ()


def test_a_step_left_out_and_a_review_not_held_are_said_once_each() -> None:
    claims = without(("StepsRecorded", SHUILI), ("CommitteeReviewed", SHUILI), ("CountyDecided", ""))
    found = [one for one in listed(*claims) if one[1] in (SHUILI, OFFICE)]
    words = rulebook().procedure.words
    assert found == [
        ("6.1", SHUILI, words["plan"]),
        ("6.1", SHUILI, words["training"]),
        ("6.1", SHUILI, words["mobilisation"]),
        ("6.1", OFFICE, words["warning_education"]),
        ("5.1", SHUILI, "review"),
        ("6.1", SHUILI, words["committee_review"]),
    ]


def test_a_roster_that_did_not_come_is_the_countys() -> None:
    claims = story()[:4]
    assert listed(*claims, day=BEFORE) == []
    assert ("1.4", COUNTY, "roster") in listed(*claims)


def test_minutes_left_without_a_signature() -> None:
    open_ = told(called(), came(), after=selection())
    late = [one for one in lapses.found(open_.facts, AFTER) if one.rule == "11.9"]
    assert [(one.unit, type(one.what)) for one in late] == [(called().unit, Task)]
    done = told(signed(), after=open_)
    assert [one for one in lapses.found(done.facts, AFTER) if one.rule == "11.9"] == []


def test_a_decision_against_the_rules_is_named_by_each_rule() -> None:
    decided = next(one for one in story() if isinstance(one, events.CountyDecided))
    (sitting,) = decided.sittings
    votes = tuple(
        msgspec.structs.replace(vote, votes_for=0, against=sitting.present, abstained=0)
        for vote in sitting.votes
    )
    wrong = msgspec.structs.replace(decided, sittings=(msgspec.structs.replace(sitting, votes=votes),))
    found = [one for one in lapses.found(selection(but(wrong)).facts, AFTER) if one.what is None]
    assert [(one.rule, one.unit, one.day) for one in found] == [("10.2", COUNTY, None)]


def test_whatever_can_go_wrong_has_a_sentence_and_a_way_not_to() -> None:
    assert mending.MENDS.keys() == sentences.DEVIATIONS.keys()
    assert mending.UNLAWFUL.keys() == sentences.FAULTS.keys()
    assert mending.told(AWAY) == "柳河村党支部还有1名党员没有参与"
    assert mending.prevented(AWAY) == mending.LATE["mark"]


def test_the_terminal_lists_what_went_wrong(small_out: Path) -> None:
    answer = asked("rehearse", small_out, "--json")
    (one,) = json.loads(answer.stdout)
    assert (answer.exit_code, one["rule"], one["day"]) == (1, "2.5", "2022-03-02")
    told = asked("rehearse", small_out).stdout.splitlines()
    assert (told[0], len(told)) == ("没有办、办晚、办错的：1件", 3)
    assert asked("rehearse", small_out, "--on", "2022-02-01").exit_code == 0
