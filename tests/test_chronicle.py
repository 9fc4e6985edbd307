"""Every entry is told in one sentence, and a correction says what it changed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

import msgspec
import pytest

import cast
from afterwards import afterwards, called
from cast import (
    AT,
    BY,
    CHENGGUAN,
    COUNTY,
    DECISION,
    EAST1,
    LIUHE,
    NOMINATED,
    REVIEWS,
    SANCTIONS,
    SURVEYS,
    UNITS,
    asked,
    but,
    marked,
    marks,
    members,
    opinion,
    results,
    roster_entered,
    rulebook,
    selection,
    steps,
    story,
    units_entered,
)
from fourgates import chronicle, events, i18n
from fourgates.chronicle import Told
from fourgates.events import Event
from fourgates.ledger import Entry
from fourgates.review import Vote
from fourgates.roster import Sanction


def told(happened: Iterable[Event]) -> list[Told]:
    entries = [Entry(n, AT, BY, event, "") for n, event in enumerate(happened, start=1)]
    return list(chronicle.tell(entries, cast.documents))


def corrected(first: Event, second: Event) -> Told:
    """What is told of ``second``, which corrects ``first``."""
    return told([first, msgspec.structs.replace(second, corrects=1)])[1]


def test_a_meeting_called_off_is_told_as_such() -> None:
    off = msgspec.structs.replace(called(), cancelled=True)
    assert chronicle.sentence(off, {}) == "取消会议：水利局机关党支部党员大会，2022-02-22 14:30"


# --- sentences --------------------------------------------------------------------------------------------------

STORY: list[Event] = [*story()]
TOLD = selection().facts
JUDGED: list[Event] = [*results(TOLD)]


def test_every_kind_of_entry_is_told() -> None:
    impossible = msgspec.structs.replace(
        rulebook(), quota=msgspec.structs.replace(rulebook().quota, county_list=9)
    )
    (none,) = (
        event
        for event in results(selection(but(events.PlanAdopted(impossible))).facts)
        if isinstance(event, events.ListImpossible)
    )
    unlawful = events.DecisionJudged(False, (), ("10.1",))
    deviating = next(
        event
        for event in results(selection(but(events.StepsRecorded(LIUHE, ()))).facts)
        if isinstance(event, events.ProcedureJudged) and event.deviations
    )
    kept = events.PeopleKept("0" * 64, 30)
    happened = [
        *STORY,
        *afterwards(),
        *JUDGED,
        none,
        unlawful,
        deviating,
        kept,
        events.Withdrawn(2),
        events.FactsSealed("0" * 64, 4),
        events.PersonErased("周正", "误录"),
        events.RetentionEnded(date(2027, 3, 25), 30),
    ]
    lines = told(happened)
    assert {line.kind for line in lines} == {
        cls.__name__ for cls in vars(events).values() if cls in events.Event.__args__
    }
    assert [line.n for line in lines] == list(range(1, len(happened) + 1))
    assert {(line.at, line.by) for line in lines} == {(AT, BY)}
    sentences = {line.kind: line.sentence for line in reversed(lines)}
    assert sentences == {
        "MemberMarked": "逐人登记：宋江河，电话",
        "ConflictSettled": "重复登记核定：白玉兰，上门",
        "MeetingCalled": "召集会议：水利局机关党支部党员大会，2022-02-22 14:30",
        "AttendanceTaken": "会议office签到：应到5人，实到5人",
        "MotionVoted": "会议office表决：同意5，不同意0，弃权0",
        "MinutesSigned": "会议office记录签字：2人",
        "DepartmentAsked": "征求政法意见：4人，2022-03-15前答复",
        "DepartmentReminded": "2022-03-14催办：统战",
        "ReplyEnclosed": "政法答复的附件：周正",
        "BarLifted": "解除“举报反映问题没有查清”：周正",
        "ConcernNotified": "告知本人“举报反映问题没有查清”：周正",
        "ConcernAnswered": "本人就“举报反映问题没有查清”申辩：周正",
        "ConcernReviewed": "复核“举报反映问题没有查清”，查清：周正",
        "NoticePosted": "公示2人：2022-03-24起5个工作日，到2022-03-31为止",
        "ObjectionReceived": "收到异议c1：推荐程序",
        "ObjectionAssigned": "异议c1重新交办，2022-03-29以前办结",
        "ObjectionFound": "异议c1认定：不成立",
        "ObjectionAnswered": "异议c1已答复",
        "NoticeEnded": "公示n1结束",
        "BoxOpened": "票箱b1开箱：1个党支部，到2022-02-28T10:00:00Z",
        "BoxExtended": "票箱b1延长到2022-02-28T12:00:00Z：停电",
        "BoxClosed": "票箱b1关闭：4人参加",
        "SeatsAllotted": "中共青梧县委分解名额：4个，3个党组织",
        "RightsJudged": "有推荐权的党员名册：27人",
        "PlanAdopted": f"通过工作方案《{rulebook().selection.title}》，"
        f"规则 {rulebook().rulebook.id} {rulebook().rulebook.version}",
        "UnitsEntered": "党组织名册：11个党组织",
        "RosterEntered": "城关镇党委党员名册：15人",
        "SanctionsEntered": "处分情况：2条",
        "StepsRecorded": "城关镇党委工作纪实：6条",
        "ParticipationMarked": "城关镇党委参与情况：13人",
        "SatisfactionAsked": "满意度测评：6个党支部",
        "NominationsFiled": "东街第一党支部推荐提名：2人",
        "CommitteeReviewed": "城关镇党委集体研究：表决2人",
        "PersonDescribed": "人选情况：李梅，生产和工作一线",
        "StandardAssessed": "政治标准考察：李梅",
        "ChecksDone": "四必核查：李梅",
        "RepliesReceived": "纪检监察回函：4人",
        "CountyDecided": "县委研究：表决3人",
        "EligibleJudged": "可列入建议名单的人选：4人",
        "ParticipationCounted": "参与率：党组织100%（6/6），党员96.3%（26/27）",
        "TallyCounted": "城关镇党委推荐汇总：3人",
        "NamesCarriedUp": "城关镇党委上报2人",
        "ProcedureJudged": "推荐程序关：城关镇党委通过",
        "PersonJudged": "政治标准关通过，廉洁纪律关通过：何平",
        "ListProposed": "人选结构关：建议名单2人，支持党支部5个、党员21人次",
        "ListImpossible": "人选结构关：不存在符合要求的名单",
        "DecisionJudged": "县委决定：合规",
        "PeopleKept": "人员附件另存：30人",
        "Withdrawn": "撤回第2条（党组织名册：11个党组织）",
        "FactsSealed": "个人事项逐项封存：4人",
        "PersonErased": "周正的姓名等个人信息已删除：误录",
        "RetentionEnded": "保存期到2027-03-25为止，30人的姓名等个人信息已全部删除",
    }
    assert lines[-6].sentence == f"推荐程序关：柳河镇党委未通过，{len(deviating.deviations)}处"
    assert lines[-7].sentence == "县委决定：不合规"


def test_a_withdrawal_of_something_untold_names_its_number() -> None:
    assert [line.sentence for line in told([events.Withdrawn(7)])] == ["撤回第7条（）"]


@pytest.mark.parametrize(
    ("word", "said", "english"),
    [
        ("met", "通过", "passed"),
        ("not_met", "未通过", "not passed"),
        ("not_applicable", "不适用", "not applicable"),
        ("no_answer", "未答复", "no answer"),
        ("pending", "待定", "pending"),
    ],
)
def test_an_outcome_is_said_in_both_languages(word: str, said: str, english: str) -> None:
    assert chronicle.outcome(word) == said
    with i18n.speaking("en"):
        assert chronicle.outcome(word) == english


# --- what a correction changed ----------------------------------------------------------------------------------


def test_what_corrects_nothing_changed_nothing() -> None:
    assert {(line.corrects, line.changed) for line in told(STORY)} == {(0, "")}


def test_a_result_takes_the_place_of_the_one_before_it() -> None:
    first, second = (events.NamesCarriedUp(CHENGGUAN, people) for people in (("李梅",), ("何平", "李梅")))
    other = events.NamesCarriedUp(LIUHE, ("王芳",))
    assert [(line.corrects, line.changed) for line in told([first, other, second, first])] == [
        (0, ""),
        (0, ""),
        (1, ""),
        (3, ""),
    ]


def test_a_withdrawal_says_what_it_takes_back() -> None:
    (_, line) = told([units_entered(), events.Withdrawn(1)])
    assert (line.corrects, line.changed) == (1, "")


def changed(added: int, other: int, gone: int) -> str:
    return f"新增{added}行，更改{other}行，减少{gone}行"


def test_units_members_marks_and_surveys_are_compared_row_by_row() -> None:
    fewer = [msgspec.structs.replace(UNITS[1], quota=9), UNITS[0], *UNITS[2:-1]]
    assert corrected(units_entered(), units_entered(fewer)).changed == changed(0, 1, 1)
    here = members(CHENGGUAN)
    moved = (msgspec.structs.replace(here[0], full=False), *here[2:])
    line = corrected(roster_entered(CHENGGUAN), roster_entered(CHENGGUAN, moved))
    assert (line.corrects, line.changed) == (1, changed(0, 1, 1))
    fresh = (*marks(CHENGGUAN)[1:], msgspec.structs.replace(marks(CHENGGUAN)[0], person="新人"))
    assert corrected(marked(CHENGGUAN), marked(CHENGGUAN, fresh)).changed == changed(1, 0, 1)
    again = (msgspec.structs.replace(SURVEYS[0], returned=3), *SURVEYS[1:])
    assert corrected(asked(), asked(again)).changed == changed(0, 1, 0)


def test_a_document_that_is_gone_has_no_rows() -> None:
    line = corrected(roster_entered(CHENGGUAN), events.RosterEntered(CHENGGUAN, "f" * 64, 0))
    assert line.changed == changed(0, 0, 15)


def test_nominations_are_compared_by_person() -> None:
    sitting = NOMINATED[EAST1]
    fewer = msgspec.structs.replace(sitting, names=sitting.names[:1])
    both = [events.NominationsFiled(EAST1, (one,)) for one in (fewer, sitting)]
    assert corrected(both[0], both[1]).changed == changed(1, 0, 0)
    moved = msgspec.structs.replace(sitting, day=sitting.day + timedelta(1))
    assert corrected(both[1], events.NominationsFiled(EAST1, (moved,))).changed == changed(0, 2, 0)


def test_votes_are_compared_by_person() -> None:
    sitting = REVIEWS[CHENGGUAN]
    revoted = msgspec.structs.replace(sitting, votes=(Vote("李梅", 6, 1, 0, True, ""), *sitting.votes[1:]))
    assert corrected(
        events.CommitteeReviewed(CHENGGUAN, (sitting,)), events.CommitteeReviewed(CHENGGUAN, (revoted,))
    ).changed == changed(0, 1, 0)
    shorter = msgspec.structs.replace(DECISION, votes=DECISION.votes[:1])
    assert corrected(events.CountyDecided((DECISION,)), events.CountyDecided((shorter,))).changed == changed(
        0, 0, 2
    )


def test_opinions_punishments_and_steps_are_compared_by_what_they_are_about() -> None:
    first, second = (
        events.RepliesReceived("政法", (opinion("李梅"), opinion("何平", word)))
        for word in ("无异议", "有影响")
    )
    assert corrected(first, second).changed == changed(0, 1, 0)
    later = (Sanction("谢晋", "留党察看一年", date(2021, 7, 1)), SANCTIONS[1])
    assert corrected(events.SanctionsEntered(SANCTIONS), events.SanctionsEntered(later)).changed == changed(
        1, 0, 1
    )
    held = steps(CHENGGUAN)
    fewer = (msgspec.structs.replace(held[0], present=1), *held[1:-1])
    assert corrected(
        events.StepsRecorded(CHENGGUAN, held), events.StepsRecorded(CHENGGUAN, fewer)
    ).changed == changed(0, 1, 1)


def test_a_claim_without_rows_is_compared_field_by_field() -> None:
    first = events.PersonDescribed("李梅", "生产和工作一线", ("农民",), False, False)
    second = msgspec.structs.replace(first, tags=(), reports=True)
    assert corrected(first, second).changed == changed(0, 2, 0)
    assert corrected(first, first).changed == changed(0, 0, 0)


def test_an_entry_that_says_it_corrects_another_kind_is_told_without_a_count() -> None:
    line = corrected(events.StepsRecorded(COUNTY, ()), events.CountyDecided(()))
    assert (line.corrects, line.changed) == (1, "")
