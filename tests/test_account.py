"""One person's path, station by station, and every reason for which a name was not carried up."""

from __future__ import annotations

from datetime import date

import msgspec
import pytest

from afterwards import OFFICE_MEETING, PAPERS, box, closed, longer, parts
from afterwards import told as after
from cast import (
    ASSESSMENT,
    CHENGGUAN,
    DECISION,
    LIUHE,
    MEETING,
    NOMINATED,
    OFFICE,
    REVIEW,
    REVIEWS,
    SCHOOL,
    SHUILI,
    UNITS,
    VILLAGE,
    WEST,
    but,
    checks,
    follow,
    opinion,
    results,
    rulebook,
    selection,
    steps,
    units_entered,
    without,
)
from fourgates import account, events, i18n
from fourgates.account import Step
from fourgates.days import Window
from fourgates.events import Claim, ListProposed
from fourgates.gates.integrity import Result
from fourgates.review import Sitting, Vote
from fourgates.roster import Sanction
from fourgates.selection import Selection

Path = list[Step]


def judged(told: list[Claim]) -> Selection:
    """Where things stand after these claims and every result they give."""
    stands = selection(told)
    return follow(stands, *results(stands.facts))


def path(person: str, told: list[Claim]) -> Path:
    stands = judged(told)
    _entry, listed = stands.results["List", ""]
    return account.path(stands, person, listed if isinstance(listed, ListProposed) else None)


def at(found: Path, station: str) -> list[tuple[str, str, str]]:
    return [(step.outcome, step.rule, step.sentence) for step in found if step.station == station]


def entry(told: list[Claim], claim: Claim) -> int:
    return [events.subject(one) for one in told].index(events.subject(claim)) + 1


def reviewed(committee: str, *votes: Vote, day: date = REVIEW, present: int | None = None) -> Claim:
    sitting = REVIEWS[committee]
    changed = msgspec.structs.replace(sitting, day=day, present=present or sitting.present, votes=votes)
    return events.CommitteeReviewed(committee, (changed,))


UP = Vote("李梅", 7, 0, 0, True, "")


# --- the whole way ----------------------------------------------------------------------------------------------


def test_who_is_on_the_list_passed_every_station() -> None:
    found = path("李梅", but())
    assert list(dict.fromkeys(step.station for step in found)) == [
        "名册",
        "党支部提名",
        "推荐汇总",
        "党委研究",
        "政治标准关",
        "廉洁纪律关",
        "推荐程序关",
        "人选结构关",
        "县委研究",
    ]
    assert {step.outcome for step in found} == {"met", "not_applicable"}
    assert at(found, "名册") == [("met", "2.5", f"{WEST}，有被推荐的权利")]
    assert [sentence for _, _, sentence in at(found, "党支部提名")] == [
        "东街第一党支部2022-02-22会议，应到4、实到4，4名党员提名，计入",
        "东街第二党支部2022-02-22会议，应到5、实到5，5名党员提名，计入",
        "西街党支部2022-02-22会议，应到4、实到4，4名党员提名，计入",
    ]
    assert at(found, "推荐汇总") == [("met", "4.1", "城关镇党委：3个党支部、13名党员推荐，3人中在其上的0人")]
    assert at(found, "党委研究") == [("met", "5.4", "城关镇党委上报：应到9，同意7、不同意0、弃权0")]
    assert ("met", "7.1", "政治判断力 优秀") in at(found, "政治标准关")
    assert ("met", "8.4", "政法 无异议 2022-03-10") in at(found, "廉洁纪律关")
    assert ("not_applicable", "8.1", "个人事项核查 不适用") in at(found, "廉洁纪律关")
    assert at(found, "推荐程序关") == [("met", "6.1", "城关镇党委程序齐全")]
    assert at(found, "人选结构关") == [("met", "9.3", "在建议名单上")]
    assert at(found, "县委研究") == [("met", "10.2", "决定上报")]


def test_every_station_rests_on_its_entry() -> None:
    told = but()
    stands = judged(told)
    found = path("李梅", told)
    rests = {(step.station, step.rule, step.sentence.split(" ")[0]): step.entry for step in found}
    department = next(claim for claim in told if isinstance(claim, events.RepliesReceived))
    assert rests["廉洁纪律关", "8.4", department.department] == entry(told, department)
    assert rests["廉洁纪律关", "8.6", "处分影响期内"] == entry(told, events.SanctionsEntered(()))
    assert rests["廉洁纪律关", "8.1", "党员身份"] == entry(told, events.ChecksDone("李梅", {}, ""))
    assert rests["政治标准关", "7.5", "事实依据"] == entry(told, events.StandardAssessed("李梅", ASSESSMENT))
    assert {step.entry for step in found if step.station == "名册"} == {
        entry(told, events.RosterEntered(CHENGGUAN, "", 0))
    }
    assert [step.entry for step in found if step.station == "党支部提名"] == [
        entry(told, events.NominationsFiled(branch, ())) for branch in list(NOMINATED)[:3]
    ]
    assert [step.entry for step in found if step.station == "党委研究"] == [
        entry(told, events.CommitteeReviewed(CHENGGUAN, ()))
    ]
    for station, about in (
        ("推荐汇总", ("TallyCounted", CHENGGUAN)),
        ("推荐程序关", ("ProcedureJudged", CHENGGUAN)),
        ("人选结构关", ("List", "")),
    ):
        assert [step.entry for step in found if step.station == station] == [stands.results[about][0]]
    assert found[-1].entry == entry(told, events.CountyDecided(()))


def test_before_any_result_is_written_the_results_rest_on_no_entry() -> None:
    found = account.path(selection(without(("CountyDecided", ""))), "李梅", None)
    assert {
        step.station: step.entry for step in found if step.station in ("推荐汇总", "推荐程序关", "人选结构关")
    } == {
        "推荐汇总": 0,
        "推荐程序关": 0,
        "人选结构关": 0,
    }
    assert "县委研究" not in {step.station for step in found}


def test_a_path_is_told_in_english_too() -> None:
    with i18n.speaking("en"):
        found = path("李梅", but())
    assert [step.sentence for step in found if step.station == "county review"] == []
    assert [step.sentence for step in found if step.station == "County review"] == ["decided to be sent up"]
    assert [step.sentence for step in found if step.station == "roster"] == [
        f"{WEST}, has the right to be nominated"
    ]


# --- before the committee ---------------------------------------------------------------------------------------


def test_somebody_on_no_roster_has_no_path() -> None:
    assert path("无名", but()) == [Step("名册", "no_answer", "不在任何一份党员名册中", "1.5")]


@pytest.mark.parametrize("person", ["高远", "牛犇", "谢晋"])
def test_without_rights_nobody_is_nominated(person: str) -> None:
    (only,) = path(person, but())
    assert (only.outcome, only.rule) == ("not_met", "2.5")
    assert only.sentence.endswith("，没有被推荐的权利")


def test_a_member_nobody_nominated_ends_at_the_roster() -> None:
    assert [step.station for step in path("贾林", but())] == ["名册"]


def test_a_nomination_by_too_few_does_not_count() -> None:
    sitting = msgspec.structs.replace(NOMINATED[VILLAGE], present=3, names=(NOMINATED[VILLAGE].names[1],))
    sitting = msgspec.structs.replace(sitting, names=(msgspec.structs.replace(sitting.names[0], members=3),))
    found = path("秦岭", but(events.NominationsFiled(VILLAGE, (sitting,))))
    assert at(found, "党支部提名") == [
        ("not_met", "3.6", "柳河村党支部2022-02-22会议，应到5、实到3，3名党员提名，到会不足，不计")
    ]
    assert at(found, "推荐汇总") == []


def test_a_nomination_out_of_its_window_does_not_count() -> None:
    sitting = msgspec.structs.replace(NOMINATED[VILLAGE], day=date(2022, 3, 3))
    found = path("秦岭", but(events.NominationsFiled(VILLAGE, (sitting,))))
    assert at(found, "党支部提名") == [
        ("not_met", "3.5", "柳河村党支部2022-03-03会议，应到5、实到4，4名党员提名，会议不在规定时间内，不计")
    ]


def test_a_nomination_at_a_meeting_nobody_signed_does_not_count() -> None:
    stands = after(
        *(claim for claim in OFFICE_MEETING if not isinstance(claim, events.MinutesSigned)), after=selection()
    )
    assert at(account.path(stands, "周正", None), "党支部提名") == [
        (
            "not_met",
            "11.9",
            "水利局机关党支部2022-02-22会议，应到5、实到5，5名党员提名，会议记录没有签字，或者与会议不符，不计",
        )
    ]
    signed = after(*OFFICE_MEETING, after=selection())
    (named,) = [one for one in account.path(signed, "周正", None) if one.station == "党支部提名"]
    assert (named.outcome, named.rule, named.entry) == (
        "met",
        "3.6",
        signed.standing["NominationsFiled", OFFICE],
    )


def test_a_nomination_in_a_box_is_told_with_the_entry_that_closed_it() -> None:
    secret = selection(without(("NominationsFiled", SCHOOL), ("ParticipationMarked", LIUHE)))
    stands = after(box(), longer(), after=secret)
    assert at(account.path(stands, "陶然", None), "党支部提名") == []
    stands = after(closed(), after=stands)
    said = "柳河中学党支部2022-02-25票箱“b1”，应到4、参加4，1名党员提名，"
    (named,) = [one for one in account.path(stands, "陶然", None) if one.station == "党支部提名"]
    assert named == Step("党支部提名", "met", f"{said}计入", "14.6", stands.standing["BoxClosed", "b1"])
    plan = rulebook()

    def under(**changed: object) -> list[tuple[str, str, str]]:
        other = events.PlanAdopted(msgspec.structs.replace(plan, **changed))
        return at(account.path(after(other, after=stands), "陶然", None), "党支部提名")

    silent = msgspec.structs.replace(plan.boxes, counts=False)
    assert under(boxes=silent) == [("not_met", "14.6", f"{said}方案规定票箱不作提名，不计")]
    window = msgspec.structs.replace(plan.windows, nomination=Window(MEETING, MEETING))
    assert under(windows=window) == [("not_met", "3.5", f"{said}不在规定时间内，不计")]
    few = tuple(part for part in parts() if part.person == "陶然")
    alone = after(box(), longer(), closed(few, PAPERS[1:2]), after=secret)
    assert at(account.path(alone, "陶然", None), "党支部提名") == [
        ("not_met", "3.6", "柳河中学党支部2022-02-25票箱“b1”，应到4、参加1，1名党员提名，参加的人不足，不计")
    ]


def test_names_with_the_same_support_are_level() -> None:
    sitting = NOMINATED[VILLAGE]
    (first, second) = sitting.names
    told = but(
        events.NominationsFiled(VILLAGE, (msgspec.structs.replace(sitting, names=(second,)),)),
        events.NominationsFiled("柳河中学党支部", ()),
    )
    assert first.person == "王芳"
    assert at(path("秦岭", told), "推荐汇总") == [
        ("met", "4.1", "柳河镇党委：1个党支部、4名党员推荐，1人中在其上的0人")
    ]
    level = but(events.NominationsFiled("柳河中学党支部", ()))
    assert at(path("秦岭", level), "推荐汇总") == [
        ("met", "4.1", "柳河镇党委：1个党支部、4名党员推荐，2人中在其上的0人，同票1人")
    ]


# --- why a name was not carried up ------------------------------------------------------------------------------


def up(person: str, told: list[Claim]) -> list[tuple[str, str, str]]:
    return at(path(person, told), "党委研究")


def test_the_committee_has_not_met_yet() -> None:
    assert up("秦岭", without(("CommitteeReviewed", LIUHE))) == [
        ("pending", "5.1", "柳河镇党委还没有研究情况")
    ]


def test_a_name_below_those_sent_up_was_not_put_to_the_vote() -> None:
    assert up("陈大山", but()) == [("not_met", "5.8", "没有提交表决；上报者中最低为2个党支部、5名党员")]


def test_a_name_was_not_put_to_the_vote_where_nobody_went_up() -> None:
    assert up("陈大山", but(reviewed(CHENGGUAN))) == [("not_met", "5.8", "没有提交表决")]


def test_a_name_voted_down_with_a_reason() -> None:
    assert up("秦岭", but()) == [
        ("not_met", "5.4", "应到7，同意2、不同意3、弃权1；没有超过应到的半数，未上报，写有理由")
    ]


def test_a_name_that_had_the_votes_was_left_without_a_reason() -> None:
    told = but(reviewed(CHENGGUAN, UP, Vote("何平", 5, 1, 1, False, "")))
    assert up("何平", told) == [("not_met", "5.4", "应到9，同意5、不同意1、弃权1；过半数，未上报")]


def test_a_meeting_that_does_not_count() -> None:
    told = but(reviewed(CHENGGUAN, UP, day=date(2022, 3, 8)))
    assert up("李梅", told) == [
        ("not_met", "5.1", "应到9，同意7、不同意0、弃权0；会议不在规定时间内或者到会没有过半数")
    ]


def test_a_name_marked_to_go_up_without_the_votes() -> None:
    told = but(reviewed(CHENGGUAN, Vote("李梅", 4, 3, 0, True, "")))
    assert up("李梅", told) == [("not_met", "5.4", "应到9，同意4、不同意3、弃权0；同意票没有超过应到的半数")]


def test_a_name_marked_to_go_up_that_no_branch_of_the_committee_nominated() -> None:
    told = but(reviewed(CHENGGUAN, UP, Vote("康宁", 7, 0, 0, True, "")))
    assert up("康宁", told) == [("not_met", "5.5", "应到9，同意7、不同意0、弃权0；没有有效的提名")]
    assert at(path("康宁", told), "推荐汇总") == []


def test_more_names_than_the_quota() -> None:
    units = [msgspec.structs.replace(unit, quota=1) if unit.name == CHENGGUAN else unit for unit in UNITS]
    assert up("何平", but(units_entered(units))) == [
        ("not_met", "5.6", "应到9，同意5、不同意1、弃权1；上报人数超过推荐名额1，全部不计")
    ]


def test_a_name_sent_up_by_two_committees() -> None:
    sitting = NOMINATED["水利局机关党支部"]
    nominated = msgspec.structs.replace(
        sitting, names=(*sitting.names, msgspec.structs.replace(sitting.names[0], person="李梅"))
    )
    told = but(
        events.NominationsFiled("水利局机关党支部", (nominated,)),
        reviewed(SHUILI, Vote("李梅", 3, 0, 0, True, "")),
    )
    assert up("李梅", told) == [
        ("not_met", "5.7", "应到9，同意7、不同意0、弃权0；另有党委也上报，两处都不计"),
        ("not_met", "5.7", "应到5，同意3、不同意0、弃权0；另有党委也上报，两处都不计"),
    ]
    assert len(at(path("李梅", told), "推荐汇总")) == 2


# --- after it ---------------------------------------------------------------------------------------------------


def test_a_rating_too_low_bars_from_the_list() -> None:
    low = msgspec.structs.replace(ASSESSMENT, ratings=("较差", *ASSESSMENT.ratings[1:]))
    found = path("李梅", but(events.StandardAssessed("李梅", low)))
    assert ("not_met", "7.1", "政治判断力 较差") in at(found, "政治标准关")
    assert ("not_met", "8.7", "政治上不合格") in at(found, "廉洁纪律关")
    assert at(found, "人选结构关") == [("not_met", "9.1", "没有通过前面各关，不能列入名单")]
    assert at(found, "县委研究") == [("met", "10.2", "决定上报")]


def test_no_assessment_is_no_answer() -> None:
    found = path("李梅", without(("StandardAssessed", "李梅")))
    assert {outcome for outcome, _, _ in at(found, "政治标准关")} == {"no_answer"}
    assert {step.entry for step in found if step.station == "政治标准关"} == {0}


def test_a_check_not_passed_and_a_department_that_objects() -> None:
    results = checks("李梅") | {"纪检监察意见": Result("不通过", date(2022, 3, 10))}
    found = path(
        "李梅",
        but(
            events.ChecksDone("李梅", results, "handler"),
            events.RepliesReceived("政法", (opinion("李梅", "有影响"),)),
        ),
    )
    assert ("not_met", "8.1", "纪检监察意见 不通过 2022-03-10") in at(found, "廉洁纪律关")
    assert ("not_met", "8.4", "政法 有影响 2022-03-10") in at(found, "廉洁纪律关")


def test_a_punishment_in_effect_until_the_day_after_the_judging() -> None:
    approved = date(2021, 3, 22)
    found = path("何平", but(events.SanctionsEntered((Sanction("何平", "警告", approved),))))
    assert at(found, "廉洁纪律关")[-1] == (
        "not_met",
        "8.6",
        "处分影响期内 警告 → 2022-03-22 2021-03-22",
    )
    assert at(path("何平", but()), "廉洁纪律关")[-1] == ("met", "8.6", "处分影响期内")


def test_a_committee_that_left_a_step_out() -> None:
    told = but(events.StepsRecorded(CHENGGUAN, steps(CHENGGUAN)[1:]))
    found = path("李梅", told)
    assert at(found, "推荐程序关") == [("not_met", "6.1", "城关镇党委有1处不合程序")]
    assert at(found, "人选结构关") == [("not_met", "9.1", "没有通过前面各关，不能列入名单")]


def test_who_is_not_described_cannot_be_judged_by_tags() -> None:
    found = path("李梅", without(("PersonDescribed", "李梅")))
    assert at(found, "人选结构关") == [("no_answer", "9.1", "没有人选情况，不能按类别判断")]


def test_where_no_list_exists_nobody_is_on_it() -> None:
    plan = msgspec.structs.replace(rulebook(), quota=msgspec.structs.replace(rulebook().quota, county_list=9))
    found = path("李梅", but(events.PlanAdopted(plan)))
    assert at(found, "人选结构关") == [("not_met", "9.4", "不存在符合要求的名单")]


def test_who_is_eligible_but_has_less_support_is_not_on_the_list() -> None:
    found = path("周正", but())
    assert at(found, "人选结构关") == [("not_met", "9.3", "可以列入，但不在支持最多的名单上")]
    assert at(found, "县委研究") == [("not_met", "10.2", "没有决定上报")]


def test_the_day_of_the_decision_is_not_needed_to_tell_it() -> None:
    sitting = Sitting(DECISION.day, DECISION.due, DECISION.present, ())
    assert at(path("李梅", but(events.CountyDecided((sitting,)))), "县委研究") == [
        ("not_met", "10.2", "没有决定上报")
    ]
