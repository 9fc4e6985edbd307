"""Every figure of the report equals what the county did, and says where it stands in the record."""

from __future__ import annotations

from datetime import date

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

import afterwards
import cast
from fourgates import events, judging
from fourgates.events import Claim
from fourgates.gates.procedure import Held
from fourgates.participation import Rate
from fourgates.plan import Share
from fourgates.report.build import build
from fourgates.report.committees import entries
from fourgates.report.figures import Behind, Figure, Report, tenths, times
from fourgates.roster import Sanction
from fourgates.selection import Selection


def judged(told: list[Claim] | None = None) -> Selection:
    """Where things stand once the results are in the record too."""
    stands = cast.selection(told)
    return cast.follow(stands, *cast.results(stands.facts))


def report(told: list[Claim] | None = None) -> Report:
    return build(judged(told))


def plan(**changed: object) -> events.PlanAdopted:
    return events.PlanAdopted(msgspec.structs.replace(cast.rulebook(), **changed))


# --- numbers ----------------------------------------------------------------------------------------------------


def test_units_and_members_by_kind() -> None:
    assert {name: figure.part for name, figure in report().units.items()} == {
        "committees": 3,
        "township": 2,
        "county_direct": 1,
        "branches": 6,
        "members": 30,
        "full": 29,
        "probationary": 1,
        "stopped": 1,
        "suspended": 1,
        "with_rights": 27,
    }


def test_how_many_branches_of_a_committee_have_met() -> None:
    assert [(one.unit.name, one.held) for one in report().committees] == [
        (cast.CHENGGUAN, 3),
        (cast.LIUHE, 2),
        (cast.SHUILI, 1),
    ]
    late = cast.but(events.NominationsFiled(cast.EAST1, ()))
    assert [one.held for one in report(late).committees] == [2, 2, 1]


def test_participation_with_its_list_and_channels() -> None:
    found = report()
    assert found.members.rate == Rate(26, 27)
    assert found.members.people == ("宋江河",)
    assert str(found.members.rate) == "96.3%"
    assert found.organisations.rate == Rate(6, 6)
    assert {one.label: one.part for one in found.channels} == {"会议": 25, "上门": 1, "电话": 0, "微信": 0}
    assert found.members.day == cast.MEETING
    assert found.satisfaction is not None
    assert found.satisfaction.rate == Rate(24, 24)


def test_the_committees_make_up_the_county() -> None:
    found = report()
    assert sum(one.members.part for one in found.committees) == found.members.part
    assert sum(one.members.whole for one in found.committees) == found.members.whole
    assert sum(one.organisations.part for one in found.committees) == found.organisations.part
    assert {id_ for one in found.committees for id_ in one.absent} == set(found.members.people)
    for channel in found.channels:
        assert sum(one.by_channel[channel.label] for one in found.committees) == channel.part


def test_the_funnel_from_members_to_list() -> None:
    assert [(one.part, one.whole) for one in report().funnel] == [
        (27, None),
        (26, 27),
        (13, None),
        (8, None),
        (4, 8),
        (4, 4),
        (4, 4),
        (4, 4),
        (2, 4),
    ]


def test_names_are_counted_before_any_tally_is_announced() -> None:
    """A tally is what the facts give; that it was announced only puts equals in the order of their surnames' strokes."""
    told = cast.selection()
    found = build(told)
    tallies = {one.unit.name: one.tally for one in found.committees}
    assert tallies == {name: tuple(judging.tallied(told.facts, name)) for name in tallies}
    assert {one.entry for one in found.people.values()} == {0}
    assert [(one.label, one.part) for one in found.funnel[2:5]] == [
        ("党支部提名（人次）", 13),
        ("被提名的人", 8),
        ("党（工）委上报", 4),
    ]


def test_the_branches_behind_a_name_are_those_of_the_tally() -> None:
    for committee in report().committees:
        for line in committee.tally:
            behind = committee.behind[line.person]
            assert (len(behind), sum(one.members for one in behind)) == line.support


def test_what_a_meeting_that_does_not_count_put_forward_stands_behind_nobody() -> None:
    late = msgspec.structs.replace(cast.NOMINATED[cast.OFFICE], day=date(2022, 3, 9))
    found = report(cast.but(events.NominationsFiled(cast.OFFICE, (late,))))
    assert found.committees[2].behind == {}
    assert found.committees[2].put_forward == 0


def test_who_loses_the_right_later_has_nobody_behind_the_name() -> None:
    stands = cast.selection()
    harder = (*cast.SANCTIONS, Sanction("王芳", "留党察看一年", date(2021, 12, 1)))
    told = events.SanctionsEntered(harder, stands.standing["SanctionsEntered", ""])
    found = build(cast.follow(stands, told))
    assert "王芳" not in found.committees[1].behind
    assert found.committees[1].put_forward == 2


def test_both_readings_of_the_multiple() -> None:
    assert times(report()) == ((4, 0), (3, 0))
    nobody = cast.without(*(("CommitteeReviewed", committee) for committee in cast.REVIEWS))
    assert times(report(nobody)) == ((0, 0), None)
    assert (report().more_than_times, report(nobody).more_than_times) == (True, False)


@given(st.integers(0, 10**6), st.integers(1, 10**4))
def test_tenths_are_the_nearest_and_half_goes_up(part: int, whole: int) -> None:
    found, tenth = tenths(part, whole)
    shown = 10 * found + tenth
    assert (2 * shown - 1) * whole <= 20 * part < (2 * shown + 1) * whole


# --- where a figure stands --------------------------------------------------------------------------------------


def test_every_figure_names_its_rule_and_the_entries_that_hold_it() -> None:
    stands = judged()
    found = build(stands)
    kinds = {number: kind for (kind, _about), (number, _event) in stands.results.items()}
    for figure, kind in (
        (found.organisations, "ParticipationCounted"),
        (found.members, "ParticipationCounted"),
        (found.sent_up, "NamesCarriedUp"),
        (found.standard, "PersonJudged"),
        (found.integrity, "PersonJudged"),
        (found.procedure, "ProcedureJudged"),
        *((bar, "PersonJudged") for bar in found.bars),
    ):
        assert figure.entries
        assert {kinds[number] for number in figure.entries} == {kind}
        assert figure.rule
        assert figure.day is not None
    assert found.entries == stands.n
    assert {kinds[number] for number in found.structure.entries} == {"List"}
    for name in ("members", "with_rights"):
        assert found.units[name].entries == tuple(
            sorted(stands.standing["RosterEntered", committee] for committee in cast.REVIEWS)
        )


def test_before_anything_is_judged_a_figure_stands_nowhere() -> None:
    found = build(cast.selection())
    assert found.members.entries == ()
    assert found.structure.entries == ()
    assert found.structure.slate is None
    assert found.structure.conflict is None
    assert (found.standard.entries, found.integrity.entries) == ((), ())


def test_entries_are_those_there_are_in_their_order() -> None:
    assert entries({("a", ""): 9, ("b", ""): 3}, ("a", ""), ("b", ""), ("c", "")) == (3, 9)


def test_a_plain_number_has_no_rate() -> None:
    assert str(Figure("党支部", 6).rate) == "—"


# --- gates ------------------------------------------------------------------------------------------------------


def test_persons_stand_by_committee_with_vote_and_finding() -> None:
    found = report()
    assert list(found.people) == ["李梅", "何平", "王芳", "周正"]
    one = found.people["李梅"]
    assert (one.committee, one.line.support, one.vote.votes_for, one.due) == (cast.CHENGGUAN, (3, 13), 7, 9)
    assert (one.eligible, one.listed, one.decided) == (True, True, True)
    assert one.tags == ("生产和工作一线", "农民", "女")
    assert [found.people[id_].listed for id_ in ("何平", "周正")] == [False, False]


def test_somebody_not_described_has_the_tags_of_the_roster_only() -> None:
    found = report(cast.without(("PersonDescribed", "李梅")))
    assert found.people["李梅"].tags == ("女",)
    assert not found.people["李梅"].eligible


def test_outcomes_are_counted_requirement_by_requirement() -> None:
    found = report(
        cast.but(events.RepliesReceived("政法", (cast.opinion("李梅", "有影响"), cast.opinion("王芳"))))
    )
    assert [one.requirement for one in found.departments] == ["纪检监察", "政法", "统战"]
    assert found.departments[1].outcomes == {"not_met": 1, "met": 1, "no_answer": 2}
    assert found.integrity_not_met == ("李梅",)
    assert found.integrity_pending == ("何平", "周正")
    assert {one.label: one.part for one in found.bars if one.part} == {"廉洁上有风险": 1}
    assert found.requirements[0].outcomes == {"met": 4}
    assert len(found.checks) == 5


def test_who_did_not_meet_the_standard_is_listed() -> None:
    two_faced = msgspec.structs.replace(cast.ASSESSMENT, two_faced=True)
    found = report(cast.but(events.StandardAssessed("周正", two_faced)))
    assert found.standard_not_met == ("周正",)
    assert found.standard.rate == Rate(3, 4)


def test_steps_show_their_days_and_what_deviates() -> None:
    (first, *_others) = report().committees
    assert [(step.key, step.first, step.last) for step in first.steps] == [
        ("plan", date(2022, 2, 8), date(2022, 2, 8)),
        ("training", date(2022, 2, 11), date(2022, 2, 11)),
        ("mobilisation", date(2022, 2, 16), date(2022, 2, 16)),
        ("warning_education", date(2022, 2, 17), date(2022, 2, 17)),
        ("nomination", cast.MEETING, cast.MEETING),
        ("committee_review", cast.REVIEW, cast.REVIEW),
    ]
    assert [step.reached for step in first.steps[3:5]] == [Rate(3, 3), Rate(3, 3)]
    assert first.steps[4].days == ((cast.MEETING, 3),)
    assert not any(step.deviates for step in first.steps)
    held = (Held("方案", cast.CHENGGUAN, date(2022, 2, 20), 9, 8), *cast.steps(cast.CHENGGUAN)[1:3])
    (bent, *_others) = report(cast.but(events.StepsRecorded(cast.CHENGGUAN, held))).committees
    assert [step.key for step in bent.steps if step.deviates] == [
        "plan",
        "training",
        "warning_education",
        "committee_review",
    ]
    assert (bent.steps[3].first, bent.steps[3].last, bent.steps[3].reached) == (None, None, Rate(0, 3))


def test_a_committee_without_a_review_sends_nobody_up() -> None:
    found = report(cast.without(("CommitteeReviewed", cast.SHUILI)))
    assert (found.committees[2].up, found.committees[2].sittings) == ((), ())
    assert found.sent_up.people == ("李梅", "何平", "王芳")


def test_without_forms_there_is_no_satisfaction() -> None:
    assert report(cast.without(("SatisfactionAsked", ""))).satisfaction is None


def test_reasons_are_kept_by_their_digest() -> None:
    told = [
        msgspec.structs.replace(mark, reason="digest") if mark.person == "宋江河" else mark
        for mark in cast.marks(cast.LIUHE)
    ]
    assert report(cast.but(cast.marked(cast.LIUHE, tuple(told)))).reasons == {"宋江河": "digest"}


# --- list and decision ------------------------------------------------------------------------------------------


def test_the_requirements_stand_with_list_and_decision() -> None:
    found = report()
    assert set(found.structure.chosen) == set(cast.BEST)
    assert [
        (one.share.tag, one.at_least, one.at_most, one.available, one.proposed, one.decided)
        for one in found.structure.asked
    ] == [
        ("生产和工作一线", 2, None, 2, 2, 2),
        ("女", 1, None, 2, 2, 2),
        ("党员领导干部", None, 0, 2, 0, 0),
        ("农民", 1, None, 1, 1, 1),
    ]
    assert all(finding.met for finding in found.structure.findings)
    assert found.structure.seed == "青梧"


def test_where_no_list_exists_the_conflict_stands_instead() -> None:
    structure = msgspec.structs.replace(
        cast.rulebook().structure, share=(Share("农民", "2"), Share("党员领导干部", "1"))
    )
    found = report(cast.but(plan(structure=structure)))
    assert found.structure.slate is None
    assert found.structure.conflict is not None
    assert found.structure.chosen == ()
    assert [one.proposed for one in found.structure.asked] == [None, None]


def test_the_decision_stands_beside_the_list() -> None:
    found = report()
    assert found.decision is not None
    assert found.decision.judged.lawful
    assert (found.decision.added, found.decision.left_out) == ((), ())
    votes = tuple(
        msgspec.structs.replace(vote, up=vote.person != "王芳", votes_for=9, against=0)
        for vote in cast.DECISION.votes
    )
    other = msgspec.structs.replace(cast.DECISION, votes=votes)
    found = report(cast.but(events.CountyDecided((other,))))
    assert found.decision is not None
    assert not found.decision.judged.lawful
    assert (found.decision.added, found.decision.left_out) == (("周正",), ("王芳",))
    assert [number > 0 for number in found.decision.entries] == [True, True]


def test_without_a_decision_nothing_is_decided() -> None:
    found = report(cast.without(("CountyDecided", "")))
    assert found.decision is None
    assert [one.decided for one in found.structure.asked] == [None] * 4


@pytest.mark.parametrize("missing", ["PlanAdopted", "UnitsEntered"])
def test_nothing_is_reported_before_plan_and_register(missing: str) -> None:
    told = [claim for claim in cast.story()[:2] if type(claim).__name__ != missing]
    with cast.refused("0.2"):
        build(cast.selection([claim for claim in told if missing == "UnitsEntered"]))


# --- boxes and marks of single members --------------------------------------------------------------------------


def test_a_box_and_single_marks_stand_in_the_report_as_the_gates_count_them() -> None:
    """No sheet, no meeting of the school branch: its members took part in a box, one of the village by telephone."""
    secret = cast.selection(
        cast.without(("NominationsFiled", cast.SCHOOL), ("ParticipationMarked", cast.LIUHE))
    )
    stands = afterwards.told(
        afterwards.mark("宋江河", "电话"), afterwards.mark("沈冰", "未参与", day=None),
        afterwards.box(), afterwards.longer(), afterwards.closed(), after=secret,
    )  # fmt: skip
    stands = cast.follow(stands, *cast.results(stands.facts))
    found = build(stands)
    liuhe = {one.unit.name: one for one in found.committees}[cast.LIUHE]
    assert (liuhe.by_channel["微信"], liuhe.by_channel["电话"], liuhe.members) == (4, 1, Rate(5, 9))
    assert liuhe.behind["陶然"] == (Behind(cast.SCHOOL, 1, ""),)
    (nomination,) = [step for step in liuhe.steps if step.key == "nomination"]
    assert nomination.reached == Rate(2, 2)
    assert nomination.days == ((cast.MEETING, 1), (date(2022, 2, 25), 1))
    assert sum(one.members.part for one in found.committees) == judging.counted(stands.facts).members.part
    assert "沈冰" in found.reasons
