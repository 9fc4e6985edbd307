"""The fold that judges: what is accepted, what is refused by which rule, and that a refusal changes nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from cast import (
    ASSESSMENT,
    AT,
    BY,
    CHENGGUAN,
    COUNTY,
    DECISION,
    EAST1,
    FILED,
    LIUHE,
    REVIEWS,
    SENT_UP,
    SHUILI,
    SURVEYS,
    UNITS,
    WEST,
    asked,
    broken,
    but,
    checks,
    documents,
    facts,
    follow,
    kept,
    marked,
    marks,
    member,
    members,
    opinion,
    refused,
    results,
    roster_entered,
    rulebook,
    selection,
    steps,
    story,
    units_entered,
    without,
)
from fourgates import canon, events, judging
from fourgates.events import Event, Finding
from fourgates.gates.integrity import Opinion, Result
from fourgates.gates.procedure import Deviation, Held
from fourgates.ledger import Entry
from fourgates.nominations import Name
from fourgates.participation import Mark, Rate, Survey
from fourgates.review import Vote
from fourgates.roster import Sanction
from fourgates.selection import Selection, advance
from fourgates.units import Unit

TOLD = selection()
RESULTS = list(results(TOLD.facts))


def changed(event: Any, **fields: Any) -> Any:
    return msgspec.structs.replace(event, **fields)


def entry_of(kind: str, about: str = "") -> int:
    return TOLD.standing[kind, about]


# --- what is accepted -------------------------------------------------------------------------------------------


def test_the_whole_story_is_accepted_and_every_claim_stands() -> None:
    assert TOLD.n == len(story()) == len(TOLD.standing)
    assert [TOLD.standing[events.subject(claim)] for claim in story()] == list(range(1, TOLD.n + 1))
    assert TOLD.results == {}


def test_every_result_the_facts_give_is_accepted_and_stands_by_what_it_is_about() -> None:
    judged = follow(TOLD, *RESULTS)
    assert judged.n == TOLD.n + len(RESULTS)
    assert [event for _n, event in judged.results.values()] == RESULTS
    assert judged.results["List", ""][0] == judged.n - 1
    assert judged.facts == TOLD.facts
    again = follow(judged, RESULTS[0])
    assert again.results[events.subject(RESULTS[0])] == (judged.n + 1, RESULTS[0])


def test_following_one_by_one_comes_to_the_same() -> None:
    one_by_one = Selection()
    for claim in story():
        one_by_one = follow(one_by_one, claim)
    assert one_by_one.standing == TOLD.standing
    assert list(results(one_by_one.facts)) == RESULTS


def test_the_state_before_is_never_changed() -> None:
    before = selection(story()[:5])
    standing, told = dict(before.standing), before.facts
    after = follow(before, *story()[5:])
    assert (before.n, dict(before.standing), before.facts) == (5, standing, told)
    assert after.facts.rosters.keys() - before.facts.rosters.keys() == {SHUILI} - before.facts.rosters.keys()
    with refused("0.1"):
        follow(before, story()[5], story()[5])
    assert (before.n, dict(before.standing), before.facts) == (5, standing, told)


def test_the_names_are_kept_under_their_digest() -> None:
    event = events.PeopleKept("0" * 64, 30)
    assert follow(TOLD, event).people == event
    for bad in (events.PeopleKept("../../etc/passwd", 30), events.PeopleKept("0" * 64, -1)):
        with refused("0.4"):
            follow(TOLD, bad)


# --- corrections and withdrawals --------------------------------------------------------------------------------


def test_a_correction_names_the_entry_it_replaces() -> None:
    first = entry_of("NominationsFiled", WEST)
    filed = events.NominationsFiled(WEST, FILED[WEST][:0])
    with refused("0.1", says=0, stands=first):
        follow(TOLD, filed)
    with refused("0.1", says=first - 1, stands=first):
        follow(TOLD, changed(filed, corrects=first - 1))
    once = follow(TOLD, changed(filed, corrects=first))
    assert once.facts.filed[WEST] == ()
    assert once.standing["NominationsFiled", WEST] == TOLD.n + 1
    with refused("0.1", says=first, stands=TOLD.n + 1):
        follow(once, changed(filed, corrects=first))
    with refused("0.1", says=7, stands=0):
        follow(selection(story()[:5]), changed(story()[5], corrects=7))


@pytest.mark.parametrize("subject", [events.subject(claim) for claim in story()[2:]], ids=":".join)
def test_what_is_withdrawn_is_as_if_never_claimed(subject: tuple[str, str]) -> None:
    withdrawn = follow(TOLD, events.Withdrawn(TOLD.standing[subject]))
    assert withdrawn.standing.keys() == TOLD.standing.keys() - {subject}
    for name, value in facts_of(selection(told_without_judging(subject))).items():
        assert facts_of(withdrawn)[name] == value, name
    with refused("0.1", number=TOLD.standing[subject]):
        follow(withdrawn, events.Withdrawn(TOLD.standing[subject]))
    claim = next(claim for claim in story() if events.subject(claim) == subject)
    assert facts_of(follow(withdrawn, claim)) == facts_of(TOLD)


def told_without_judging(subject: tuple[str, str]) -> list[Event]:
    """The story without one claim, told in the order in which it can be: a roster is withdrawn after all was told."""
    if subject[0] != "RosterEntered":
        return [*without(subject)]
    return [*story(), roster_entered(subject[1], (), corrects=TOLD.standing[subject])]


def facts_of(state: Selection) -> dict[str, Any]:
    found = {
        name: getattr(state.facts, name) for name in type(state.facts).__struct_fields__ if name != "memo"
    }
    found["tree"] = list(found["tree"])
    found["rosters"] = {committee: one for committee, one in found["rosters"].items() if one}
    return found


@pytest.mark.parametrize("number", [0, 1, 2, -1, 10_000])
def test_plan_and_register_stand_and_nothing_else_can_be_withdrawn(number: int) -> None:
    with refused("0.1", number=number):
        follow(TOLD, events.Withdrawn(number))


def test_a_result_follows_its_claim() -> None:
    late = changed(REVIEWS[LIUHE], present=7, votes=(Vote("秦岭", 7, 0, 0, True, ""),))
    corrected = follow(
        TOLD, events.CommitteeReviewed(LIUHE, (late,), corrects=entry_of("CommitteeReviewed", LIUHE))
    )
    with refused("0.3", kind="NamesCarriedUp"):
        follow(corrected, events.NamesCarriedUp(LIUHE, ("王芳",)))
    follow(corrected, events.NamesCarriedUp(LIUHE, ("秦岭",)))


# --- before plan and register -----------------------------------------------------------------------------------


@pytest.mark.parametrize("event", [*story()[1:], *RESULTS[:-1]], ids=lambda one: type(one).__name__)
def test_nothing_comes_before_the_plan(event: Event) -> None:
    with refused("0.2"):
        follow(Selection(), event)


@pytest.mark.parametrize("event", [*story()[2:], *RESULTS[:-1]], ids=lambda one: type(one).__name__)
def test_nothing_but_the_register_comes_before_the_register(event: Event) -> None:
    with refused("0.2"):
        follow(selection(story()[:1]), event)


def test_a_decision_is_not_judged_before_it_was_made() -> None:
    for told in ([], story()[:1], without(("CountyDecided", ""))):
        with refused("0.3", kind="DecisionJudged"):
            follow(selection(told), RESULTS[-1])


# --- claims that cannot be --------------------------------------------------------------------------------------

STRANGER = member("冯唐", WEST)

CANNOT_BE: list[tuple[str, Event]] = [
    ("1.0", events.PlanAdopted(changed(rulebook(), integrity=changed(rulebook().integrity, bars=())))),
    ("0.4", changed(units_entered(), units=10)),
    ("1.2", units_entered(UNITS[1:])),
    ("1.2", units_entered((*UNITS, Unit(WEST, "branch", LIUHE)))),
    ("0.4", changed(roster_entered(LIUHE), members=9)),
    ("1.3", roster_entered("没有的党委", ())),
    ("1.3", roster_entered(WEST, ())),
    ("1.3", roster_entered(COUNTY, ())),
    ("1.3", roster_entered(LIUHE, (STRANGER,))),
    ("1.4", roster_entered(LIUHE, (*members(LIUHE), members(LIUHE)[0]))),
    ("1.4", roster_entered(LIUHE, (changed(members(LIUHE)[0], id="白玉兰"),))),
    ("1.5", events.SanctionsEntered((Sanction("无名", "警告", DECISION.day),))),
    ("1.5", events.SanctionsEntered((), unread=("无名",))),
    ("8.6", events.SanctionsEntered((Sanction("李梅", "诫勉", DECISION.day),))),
    ("1.3", events.StepsRecorded("没有的党委", steps(CHENGGUAN))),
    ("1.3", events.StepsRecorded(LIUHE, (Held("方案", "没有的党委", DECISION.day, 1, 1),))),
    ("6.0", events.StepsRecorded(LIUHE, (Held("座谈", LIUHE, DECISION.day, 1, 1),))),
    ("3.1", events.StepsRecorded(LIUHE, (Held("方案", LIUHE, DECISION.day, 1, 2),))),
    ("0.4", changed(marked(LIUHE), marks=8)),
    ("2.1", marked("没有的党委", marks(LIUHE))),
    ("2.1", marked(LIUHE, marks(CHENGGUAN))),
    ("2.2", marked(LIUHE, (Mark("王芳", "传真", None),))),
    ("2.3", marked(LIUHE, (*marks(LIUHE), marks(LIUHE)[0]))),
    ("0.4", changed(asked(), branches=7)),
    ("2.6", asked((*SURVEYS, SURVEYS[0]))),
    ("2.7", asked((Survey(WEST, 3, 4, (4, 0, 0)),))),
    ("3.0", events.NominationsFiled("没有的党支部", FILED[WEST])),
    ("3.1", events.NominationsFiled(WEST, (changed(FILED[WEST][0], present=5),))),
    ("3.2", events.NominationsFiled(WEST, (changed(FILED[WEST][0], names=(Name("无名", 1, ""),)),))),
    ("3.3", events.NominationsFiled(WEST, (changed(FILED[WEST][0], names=(Name("李梅", 5, ""),)),))),
    ("3.4", events.NominationsFiled(WEST, (FILED[WEST][0], FILED[WEST][0]))),
    ("1.3", events.CommitteeReviewed("没有的党委", (REVIEWS[LIUHE],))),
    ("1.3", events.CommitteeReviewed(COUNTY, (REVIEWS[LIUHE],))),
    ("3.1", events.CommitteeReviewed(LIUHE, (changed(REVIEWS[LIUHE], present=8),))),
    ("5.2", events.CommitteeReviewed(LIUHE, (changed(REVIEWS[LIUHE], present=5),))),
    ("5.3", events.CommitteeReviewed(LIUHE, (REVIEWS[LIUHE], REVIEWS[LIUHE]))),
    ("1.5", events.PersonDescribed("无名", "党员领导干部", (), True, True)),
    ("9.5", events.PersonDescribed("李梅", "军人", (), True, True)),
    ("9.5", events.PersonDescribed("李梅", "党员领导干部", ("女",), True, True)),
    ("1.5", events.StandardAssessed("无名", ASSESSMENT)),
    ("7.0", events.StandardAssessed("李梅", changed(ASSESSMENT, ratings=()))),
    ("7.6", events.StandardAssessed("李梅", changed(ASSESSMENT, issued=3))),
    ("1.5", events.ChecksDone("无名", checks("李梅"), "")),
    ("8.0", events.ChecksDone("李梅", {"体检": Result("通过", None)}, "")),
    ("8.4", events.RepliesReceived("气象", ())),
    ("8.5", events.RepliesReceived("政法", (Opinion("李梅", "随便", None, "", ""),))),
    ("8.5", events.RepliesReceived("政法", (opinion("李梅"), opinion("李梅")))),
    ("1.5", events.RepliesReceived("政法", (opinion("无名"),))),
    ("5.2", events.CountyDecided((changed(DECISION, present=8),))),
    ("5.3", events.CountyDecided((DECISION, DECISION))),
]


@pytest.mark.parametrize(
    ("rule", "event"), CANNOT_BE, ids=lambda one: one if isinstance(one, str) else type(one).__name__
)
def test_a_claim_that_cannot_be_is_refused_whenever_it_comes(rule: str, event: Any) -> None:
    stands = TOLD.standing.get(events.subject(event), 0)
    with refused(rule):
        follow(TOLD, changed(event, corrects=stands))


def test_every_kind_of_claim_is_among_them() -> None:
    assert {type(event) for _rule, event in CANNOT_BE} == {type(claim) for claim in story()}


# --- results that are not what the facts give -------------------------------------------------------------------


def result(kind: type[Event], about: str = "") -> Any:
    return next(one for one in RESULTS if isinstance(one, kind) and events.subject(one)[1] == about)


PARTICIPATION = result(events.ParticipationCounted)
TALLY = result(events.TallyCounted, CHENGGUAN)
JUDGED = result(events.PersonJudged, "李梅")
DECISION_JUDGED = result(events.DecisionJudged)

FORGED: list[Finding] = [
    changed(PARTICIPATION, counted=changed(PARTICIPATION.counted, members=Rate(27, 27))),
    changed(PARTICIPATION, counted=changed(PARTICIPATION.counted, absent=())),
    changed(PARTICIPATION, satisfaction=None),
    changed(PARTICIPATION, satisfaction=Rate(23, 24)),
    changed(TALLY, lines=(changed(TALLY.lines[0], members=14), *TALLY.lines[1:])),
    changed(TALLY, lines=TALLY.lines[1:]),
    changed(TALLY, lines=(*TALLY.lines, TALLY.lines[0])),
    changed(TALLY, lines=TALLY.lines[::-1]),
    changed(TALLY, committee=LIUHE),
    events.NamesCarriedUp(CHENGGUAN, ("何平", "李梅", "陈大山")),
    events.NamesCarriedUp(CHENGGUAN, ("李梅",)),
    events.NamesCarriedUp(CHENGGUAN, ("李梅", "何平")),
    events.NamesCarriedUp("没有的党委", ()),
    events.ProcedureJudged(CHENGGUAN, (Deviation("6.1", "方案", CHENGGUAN),)),
    changed(JUDGED, integrity="not_met"),
    changed(JUDGED, standard="not_met"),
    changed(JUDGED, bars=("廉洁上有风险",)),
    changed(JUDGED, pending=("政法",)),
    changed(JUDGED, day=REVIEWS[LIUHE].day),
    changed(DECISION_JUDGED, lawful=False),
    changed(DECISION_JUDGED, people=("李梅",)),
    changed(DECISION_JUDGED, broken=("10.4",)),
]


@pytest.mark.parametrize("event", FORGED, ids=lambda one: type(one).__name__)
def test_a_result_that_is_not_what_the_facts_give_is_refused(event: Finding) -> None:
    with refused("0.3", kind=type(event).__name__):
        follow(TOLD, event)


@pytest.mark.parametrize("nobody", ["陈大山", "无名"])
def test_nobody_is_judged_who_does_not_go_up(nobody: str) -> None:
    with refused("7.7"):
        follow(TOLD, changed(JUDGED, person=nobody))


@pytest.mark.parametrize("event", [events.TallyCounted(WEST, ()), events.ProcedureJudged("没有的党委", ())])
def test_only_a_committee_has_a_tally_and_a_procedure(event: Finding) -> None:
    with refused("1.3"):
        follow(TOLD, event)


def test_names_with_equal_support_may_stand_in_any_order() -> None:
    equal = changed(FILED[WEST][0], names=(Name("康宁", 1, ""), Name("刘伟", 1, "")))
    level = selection(but(events.NominationsFiled(WEST, (equal,))))
    lines = judging.tallied(level.facts, CHENGGUAN)
    assert [line.person for line in lines[-2:]] == ["刘伟", "康宁"]
    swapped = (*lines[:-2], lines[-1], lines[-2])
    follow(level, events.TallyCounted(CHENGGUAN, tuple(lines)))
    follow(level, events.TallyCounted(CHENGGUAN, swapped))
    with refused("0.3"):
        follow(level, events.TallyCounted(CHENGGUAN, (lines[-1], *lines[:-1])))


def swap(slate: Any) -> Any:
    return changed(slate, chosen=("何平", "王芳"), support=(4, 13))


@pytest.mark.parametrize(
    "forge",
    [
        swap,
        lambda slate: changed(slate, chosen=slate.chosen[::-1]),
        lambda slate: changed(slate, chosen=slate.chosen[:1]),
        lambda slate: changed(slate, chosen=("无名", "李梅")),
        lambda slate: changed(slate, support=(5, 22)),
        lambda slate: changed(slate, bound=(5, 20)),
        lambda slate: changed(slate, certificate=changed(slate.certificate, stages=())),
    ],
)
def test_a_list_that_its_certificate_does_not_prove_is_broken(forge: Callable[[Any], Any]) -> None:
    proposed = result(events.ListProposed)
    with broken(0, "S.8"):
        follow(TOLD, events.ListProposed(forge(proposed.slate)))


def test_no_list_is_impossible_while_there_is_one() -> None:
    mixed = changed(rulebook(), quota=changed(rulebook().quota, county_list=4))
    none = selection(but(events.PlanAdopted(mixed)))
    found = list(results(none.facts))
    impossible = next(one for one in found if isinstance(one, events.ListImpossible))
    assert follow(none, *found).results["List", ""][1] == impossible
    with broken(0, "S.8"):
        follow(TOLD, impossible)
    with broken(0, "S.8"):
        follow(none, result(events.ListProposed))


# --- documents --------------------------------------------------------------------------------------------------


def told_from(held: dict[str, bytes], event: Event) -> Selection:
    before = selection(story()[:2])
    return advance(before, [Entry(3, AT, BY, event, "")], held)


def test_a_document_is_there_whole_and_of_its_kind() -> None:
    entered = roster_entered(LIUHE)
    content = documents[entered.document]
    assert told_from({entered.document: content}, entered).n == 3
    with broken(3, "R.5"):
        told_from({}, entered)
    with broken(3, "R.5"):
        told_from({entered.document: content + b" "}, entered)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff",
        b"{}",
        b"[]",
        b'{"members":[["a"]]}',
        b'{"members": []}',
        b'{"members":[],"names":["\xe7\x8e\x8b\xe8\x8a\xb3"]}',
        b'{"members":[],"members":[]}',
        b'{"x":' + b"[" * 100_000 + b"]" * 100_000 + b"}",
        kept(events.MarksDocument(())).encode(),
    ],
    ids=range(10),
)
def test_a_document_that_is_not_what_the_entry_needs(content: bytes) -> None:
    digest = canon.digest(content)
    with broken(3, "R.5"):
        told_from({digest: content}, events.RosterEntered(LIUHE, digest, 0))


def test_facts_name_what_has_not_come_in() -> None:
    assert facts().rulebook() == rulebook()
    assert list(facts().register()) == list(UNITS)
    assert judging.sent_up(facts()) == SENT_UP
    assert EAST1 in facts().roster().of_branch
