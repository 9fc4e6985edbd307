"""Every result worked out from the facts, and remembered only while they hold."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import msgspec
import pytest

from cast import (
    ASSESSMENT,
    BEST,
    CHENGGUAN,
    DECISION,
    LIUHE,
    NOMINATED,
    REVIEWS,
    SENT_UP,
    SHUILI,
    UNITS,
    VETTED,
    VILLAGE,
    WEST,
    checks,
    facts,
    follow,
    members,
    opinion,
    refused,
    roster_entered,
    rulebook,
    selection,
    steps,
    story,
    units_entered,
    without,
)
from fourgates import events, judging
from fourgates.facts import Facts
from fourgates.gates.integrity import SANCTIONS_OPEN, STANDARD_OPEN, Result
from fourgates.gates.procedure import Deviation
from fourgates.judging import Decision
from fourgates.nominations import Name
from fourgates.participation import Rate
from fourgates.review import Sitting, Vote
from fourgates.roster import Sanction
from fourgates.selection import findings
from fourgates.tally import Line

STORY = facts()
DAY = timedelta(days=1)


def left_out(*subjects: tuple[str, str]) -> Facts:
    return selection(without(*subjects)).facts


def replanned(**changed: Any) -> Facts:
    """The facts after the plan was corrected, everything else standing as it was told under the old one."""
    plan = msgspec.structs.replace(rulebook(), **changed)
    return selection([*story(), events.PlanAdopted(plan, corrects=1)]).facts


def test_participation_is_counted_over_all_committees() -> None:
    found = judging.counted(STORY)
    assert (found.organisations, found.members) == (Rate(6, 6), Rate(26, 27))
    assert found.by_channel == {"会议": 25, "上门": 1, "电话": 0, "微信": 0}
    assert (found.silent, found.absent) == ((), ("宋江河",))


def test_satisfaction_is_unknown_until_the_forms_come_in() -> None:
    assert judging.satisfaction(STORY) == Rate(24, 24)
    assert judging.satisfaction(left_out(("SatisfactionAsked", ""))) is None


def test_tally_and_names_sent_up() -> None:
    assert judging.tallied(STORY, LIUHE) == [Line("王芳", 2, 8), Line("秦岭", 1, 4), Line("陶然", 1, 1)]
    assert judging.carried(STORY).faults == ()
    assert judging.sent_up(STORY) == SENT_UP
    assert list(judging.sent_up(STORY)) == ["何平", "李梅", "王芳", "周正"]
    assert judging.sent_up(left_out(("CommitteeReviewed", CHENGGUAN))) == {"王芳": LIUHE, "周正": SHUILI}


def test_procedure_is_judged_over_everybodys_lines() -> None:
    assert {committee: judging.deviations(STORY, committee) for committee in REVIEWS} == {
        CHENGGUAN: (),
        LIUHE: (),
        SHUILI: (),
    }
    own = left_out(("StepsRecorded", LIUHE))
    assert [one.rule for one in judging.deviations(own, LIUHE)] == ["6.1"] * 6
    kept_by_the_county = facts(
        events.StepsRecorded(LIUHE, ()), events.StepsRecorded("中共青梧县委", steps(LIUHE))
    )
    assert judging.deviations(kept_by_the_county, LIUHE) == ()


# --- one person -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("person", list(SENT_UP))
def test_who_is_clear_passes_both_gates(person: str) -> None:
    found = judging.person(STORY, person)
    assert (found.committee, found.standard, found.integrity.outcome) == (SENT_UP[person], "met", "met")
    assert found.passed


@pytest.mark.parametrize("nobody", ["陈大山", "秦岭", "谢晋", "无名"])
def test_only_who_goes_up_is_judged(nobody: str) -> None:
    with refused("7.7"):
        judging.person(STORY, nobody)


def test_who_left_the_roster_goes_up_no_longer() -> None:
    rest = tuple(one for one in members(LIUHE) if one.id != "王芳")
    gone = selection([*story(), roster_entered(LIUHE, rest, corrects=4)]).facts
    assert "王芳" not in judging.sent_up(gone)
    assert judging.carried(gone).faults[0].rule == "5.5"
    with refused("7.7"):
        judging.person(gone, "王芳")


def test_what_has_not_come_in_is_open() -> None:
    bare = left_out(
        ("PersonDescribed", "李梅"),
        ("StandardAssessed", "李梅"),
        ("ChecksDone", "李梅"),
        ("RepliesReceived", "政法"),
        ("SanctionsEntered", ""),
    )
    found = judging.person(bare, "李梅")
    assert (found.standard, found.integrity.outcome, found.passed) == ("pending", "pending", False)
    assert found.integrity.pending == (
        STANDARD_OPEN,
        "档案审核",
        "个人事项核查",
        "纪检监察意见",
        "信访举报",
        "党员身份",
        "政法",
        SANCTIONS_OPEN,
    )


def test_not_applicable_waits_until_the_person_is_described() -> None:
    found = judging.person(left_out(("PersonDescribed", "李梅")), "李梅")
    assert found.integrity.pending == ("档案审核", "个人事项核查")


def test_a_sanction_bars_only_its_own_person() -> None:
    running = facts(events.SanctionsEntered((Sanction("李梅", "警告", date(2021, 6, 1)),)))
    assert judging.person(running, "李梅").integrity.bars == ("处分影响期内",)
    assert judging.person(running, "何平").passed


def test_who_stands_on_a_row_that_could_not_be_read_stays_open() -> None:
    open_ = facts(events.SanctionsEntered((), unread=("李梅",)))
    assert judging.person(open_, "李梅").integrity.pending == (SANCTIONS_OPEN,)
    assert judging.person(open_, "何平").passed
    running = facts(events.SanctionsEntered((Sanction("李梅", "警告", date(2021, 6, 1)),), unread=("李梅",)))
    assert judging.person(running, "李梅").integrity.bars == ("处分影响期内",)
    assert judging.person(running, "李梅").integrity.pending == ()


# --- eligible and the list --------------------------------------------------------------------------------------


def test_who_may_stand_on_the_list() -> None:
    assert list(judging.eligible(STORY)) == ["何平", "李梅", "王芳", "周正"]
    assert judging.judge_list(STORY, BEST).lawful
    assert judging.judge_list(STORY, BEST).support == (5, 21)


@pytest.mark.parametrize(
    "changed",
    [
        events.StandardAssessed("李梅", msgspec.structs.replace(ASSESSMENT, two_faced=True)),
        events.ChecksDone("李梅", {**checks("李梅"), "党员身份": Result("存疑", VETTED)}, ""),
        events.ChecksDone("李梅", {}, ""),
        events.RepliesReceived("政法", (opinion("何平"), opinion("王芳"), opinion("周正"))),
    ],
)
def test_who_fails_or_waits_at_a_gate_may_not(changed: events.Claim) -> None:
    assert list(judging.eligible(facts(changed))) == ["何平", "王芳", "周正"]


def test_nobody_of_a_committee_that_left_out_a_step_may() -> None:
    shortened = facts(events.StepsRecorded(CHENGGUAN, steps(CHENGGUAN)[1:]))
    assert judging.deviations(shortened, CHENGGUAN) == (Deviation("6.1", "方案", CHENGGUAN),)
    assert list(judging.eligible(shortened)) == ["王芳", "周正"]


def test_nobody_whom_no_form_describes_may() -> None:
    plain = {
        name: Result("通过", VETTED) if name in ("档案审核", "个人事项核查") else one
        for name, one in checks("李梅").items()
    }
    told = [
        claim
        for claim in without(("PersonDescribed", "李梅"))
        if events.subject(claim) != ("ChecksDone", "李梅")
    ]
    bare = selection([*told, events.ChecksDone("李梅", plain, "")]).facts
    assert judging.person(bare, "李梅").passed
    assert list(judging.eligible(bare)) == ["何平", "王芳", "周正"]


# --- the decision -----------------------------------------------------------------------------------------------


def decided(*votes: Vote, **changed: Any) -> Decision | None:
    sitting: Sitting = msgspec.structs.replace(DECISION, **({"votes": votes} if votes else {}), **changed)
    return judging.decision(facts(events.CountyDecided((sitting,))))


def test_a_lawful_decision() -> None:
    assert decided() == Decision(True, BEST, (), ())
    assert judging.decision(left_out(("CountyDecided", ""))) is None


@pytest.mark.parametrize(
    ("changed", "valid"),
    [
        ({"day": date(2022, 3, 20)}, False),
        ({"day": date(2022, 3, 21)}, True),
        ({"day": date(2022, 3, 23)}, True),
        ({"day": date(2022, 3, 24)}, False),
        ({"due": 17}, True),
        ({"due": 18}, False),
    ],
)
def test_the_county_meets_in_its_window_with_more_than_half(changed: dict[str, Any], valid: bool) -> None:
    found = decided(Vote("李梅", 9, 0, 0, True, ""), Vote("王芳", 9, 0, 0, True, ""), **changed)
    assert found is not None
    assert ("10.1" not in found.broken) == valid


def test_exactly_half_of_those_present_is_no_quorum() -> None:
    found = decided(due=18)
    assert found is not None
    assert "10.1" in found.broken


def test_exactly_half_of_those_due_does_not_decide() -> None:
    votes = (Vote("李梅", 5, 4, 0, True, ""), Vote("王芳", 6, 3, 0, True, ""))
    assert decided(*votes, due=10) == Decision(False, BEST, ("10.2",), (("10.2", "李梅"),))
    assert decided(*votes, due=9) == Decision(True, BEST, (), ())


def test_only_who_is_eligible_can_be_decided_on() -> None:
    votes = (Vote("李梅", 9, 0, 0, True, ""), Vote("无名", 9, 0, 0, True, ""))
    assert decided(*votes) == Decision(False, ("无名", "李梅"), ("10.3", "10.4"), (("10.3", "无名"),))


def test_the_list_decided_meets_the_structure() -> None:
    votes = (Vote("李梅", 9, 0, 0, True, ""), Vote("周正", 9, 0, 0, True, ""))
    assert decided(*votes) == Decision(False, ("周正", "李梅"), ("10.4",), ())
    assert decided(votes[0]) == Decision(False, ("李梅",), ("10.4",), ())


# --- what no longer fits ----------------------------------------------------------------------------------------


def test_a_department_no_longer_asked_is_not_waited_for() -> None:
    integrity = msgspec.structs.replace(rulebook().integrity, departments=("政法", "信访"))
    found = judging.person(replanned(integrity=integrity), "李梅")
    assert found.integrity.pending == ("信访",)


def test_a_punishment_the_new_plan_does_not_know_stops_every_result_until_it_is_mended() -> None:
    fewer = tuple(one for one in rulebook().integrity.punishments if one.kind != "警告")
    stands = replanned(integrity=msgspec.structs.replace(rulebook().integrity, punishments=fewer))
    for result in (judging.counted, judging.carried, judging.problem, judging.decision):
        with refused("8.6", kind="警告"):
            result(stands)


def test_an_assessment_by_the_old_conditions_stops_the_judgement() -> None:
    fewer = msgspec.structs.replace(rulebook().standard, conditions=rulebook().standard.conditions[:5])
    with refused("7.0"):
        judging.person(replanned(standard=fewer), "李梅")


def test_forms_with_the_old_options_stop_the_rate() -> None:
    asked = msgspec.structs.replace(rulebook().satisfaction, options=("满意", "不满意"))
    with refused("2.7"):
        judging.satisfaction(replanned(satisfaction=asked))


def test_a_branch_struck_from_the_register_stops_results_until_its_members_are_moved() -> None:
    struck = [unit for unit in UNITS if unit.name != WEST]
    stands = selection([*story(), units_entered(struck, corrects=2)])
    with refused("1.3", branch=WEST, committee=CHENGGUAN):
        judging.counted(stands.facts)
    with refused("2.6", branch=WEST):
        judging.satisfaction(stands.facts)


# --- what is remembered -----------------------------------------------------------------------------------------


def test_a_result_is_worked_out_once_for_the_same_facts() -> None:
    stands = facts()
    assert judging.carried(stands) is judging.carried(stands)
    assert judging.tallied(stands, LIUHE) is judging.tallied(stands, LIUHE)
    assert judging.tallied(stands, LIUHE) != judging.tallied(stands, SHUILI)


def test_nothing_but_the_roster_and_what_names_its_givens_outlives_a_change_of_facts() -> None:
    stands = facts()
    roster = stands.roster()
    judging.carried(stands)
    earlier = stands.memo["earlier"]
    assert stands.but(decided=None).memo == {"roster": roster, "earlier": earlier}
    assert stands.but(sanctions=()).memo == {"earlier": earlier}
    assert stands.but(sanctions=()).roster() is not roster
    assert stands.but(decided=None) == Facts(**{**as_told(stands), "decided": None})


def test_what_a_change_did_not_touch_is_not_worked_out_again() -> None:
    before = selection()
    number = before.standing["NominationsFiled", VILLAGE]
    sitting = msgspec.structs.replace(NOMINATED[VILLAGE], names=(Name("秦岭", 4, "merit"),))
    after = follow(before, events.NominationsFiled(VILLAGE, (sitting,), number))
    kept = {committee: judging.tallied(before.facts, committee) for committee in (CHENGGUAN, LIUHE, SHUILI)}
    same = [one for one, lines in kept.items() if judging.tallied(after.facts, one) is lines]
    assert same == [CHENGGUAN, SHUILI]
    for work in (judging.tallied, judging.deviations):
        for committee in kept:
            assert work(after.facts, committee) == work(
                msgspec.structs.replace(after.facts, memo={}), committee
            )
    assert judging.tallied(after.facts, LIUHE) != judging.tallied(before.facts, LIUHE)
    assert judging.counted(after.facts) == judging.counted(msgspec.structs.replace(after.facts, memo={}))


def as_told(stands: Facts) -> dict[str, Any]:
    return {name: getattr(stands, name) for name in Facts.__struct_fields__ if name != "memo"}


def test_lots_are_drawn_under_the_order_of_the_forms_and_never_under_the_ids() -> None:
    people = judging.problem(STORY).people
    assert len({person.lot for person in people}) == len(people)
    renamed = {person.id: f"另一个编号{number}" for number, person in enumerate(people)}
    again = msgspec.structs.replace(
        judging.problem(STORY),
        people=tuple(msgspec.structs.replace(person, id=renamed[person.id]) for person in people),
    )
    drawn = judging.problem(STORY).lots().order(renamed)
    assert again.lots().order(renamed.values()) == [renamed[id_] for id_ in drawn]


def test_a_result_that_follows_an_older_roll_or_older_eligibility_is_refused() -> None:
    found = events.DecisionJudged(True, (), ())
    stand = findings.eligible_judged(STORY)
    roll = findings.rights_judged(STORY)[0]
    findings.current(STORY, found, None, None)
    findings.current(STORY, found, roll, stand)
    for older in ((object(), stand), (roll, object())):
        with refused("0.3"):
            findings.current(STORY, found, *older)


def test_only_what_lasts_is_remembered_after_a_mark_was_changed_in_place() -> None:
    held = msgspec.structs.replace(STORY, memo={})
    judging.counted(held)
    kept = {"roster", "rights", "earlier"} & held.memo.keys()
    assert held.memo.keys() - kept
    held.forget()
    assert held.memo.keys() == kept
