"""What happened between two points is told from what to what, and is nothing between a point and itself."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import msgspec

import cast
from cast import AT, BY, CHENGGUAN, DECISION, LIUHE, NOMINATED, VILLAGE, results, rulebook, selection, story
from fourgates import difference, events, i18n
from fourgates.difference import NOTHING, Changed, Corrected, Difference, Field, Moved, Point, Row
from fourgates.events import Event
from fourgates.gates.integrity import Result
from fourgates.ledger import Entry
from fourgates.nominations import Name
from fourgates.nominations import Sitting as BranchSitting

TOLD: list[Event] = [*story(), *results(selection().facts)]


def entered(told: Iterable[Event]) -> list[Entry]:
    return [Entry(n, AT, BY, event, "") for n, event in enumerate(told, start=1)]


def number(event: Event) -> int:
    return TOLD.index(event) + 1


def after(*more: Event) -> Difference:
    """The difference that these events make to the whole story with its results."""
    entries = entered([*TOLD, *more])
    return difference.between(entries, cast.documents, len(TOLD), len(entries))


def corrected(event: events.Claim) -> events.Claim:
    """The claim, as a correction of the one about the same."""
    about = events.subject(event)
    return msgspec.structs.replace(event, corrects=selection(TOLD).standing[about])


def test_between_a_point_and_itself_nothing_happened() -> None:
    entries = entered(TOLD)
    for n in (0, 1, len(TOLD)):
        found = difference.between(entries, cast.documents, n, n)
        assert (found.told, found.corrected, found.results, found.figures, found.moved) == (
            (),
            (),
            (),
            (),
            (),
        )


def test_from_the_beginning_everything_is_new_and_nothing_corrected() -> None:
    found = difference.between(entered(TOLD), cast.documents, 0, len(TOLD))
    assert (found.first, found.last) == (Point(0, ""), Point(len(TOLD), AT))
    assert [line.n for line in found.told] == list(range(1, len(TOLD) + 1))
    assert (found.corrected, found.results) == ((), ())
    assert {one.what: (one.before, one.after) for one in found.figures} == {
        "党支部": (NOTHING, "6"),
        "在册党员": (NOTHING, "30"),
        "有推荐权的党员": (NOTHING, "27"),
        "党组织参与率": (NOTHING, "100%（6/6）"),
        "党员参与率": (NOTHING, "96.3%（26/27）"),
        "党员满意度": (NOTHING, "100%（24/24）"),
        "推荐提名的党支部": ("0", "6"),
        "被推荐的人": (NOTHING, "8"),
        "上报人选": (NOTHING, "4"),
        "政治标准关通过的人": (NOTHING, "4"),
        "廉洁纪律关通过的人": (NOTHING, "4"),
        "推荐程序关通过的党（工）委": (NOTHING, "3"),
        "可以列入名单的人": (NOTHING, "4"),
        "回函的部门": ("0", "3"),
    }
    assert found.moved == (
        Moved("上报人选", ("何平", "周正", "李梅", "王芳"), ()),
        Moved("建议名单", ("李梅", "王芳"), ()),
        Moved("县委决定的名单", ("李梅", "王芳"), ()),
    )


def test_a_correction_is_told_from_what_to_what() -> None:
    sitting = NOMINATED[VILLAGE]
    other = BranchSitting(sitting.day, 5, 5, (Name("王芳", 5, "merit"), Name("任重", 1, "")))
    event = corrected(events.NominationsFiled(VILLAGE, (other,)))
    found = after(event)
    before = number(events.NominationsFiled(VILLAGE, (sitting,)))
    assert found.corrected == (
        Corrected(
            before,
            len(TOLD) + 1,
            "柳河村党支部推荐提名：2人",
            "柳河村党支部推荐提名：2人",
            (
                Row(("王芳",), "changed", (Field(("present",), "4", "5"), Field(("members",), "4", "5"))),
                Row(("秦岭",), "gone"),
                Row(("任重",), "added"),
            ),
        ),
    )
    assert [line.corrects for line in found.told] == [before]
    assert found.moved == ()


def test_a_plan_is_compared_to_its_last_number() -> None:
    quota = msgspec.structs.replace(rulebook().quota, allotted=2)
    found = after(corrected(events.PlanAdopted(msgspec.structs.replace(rulebook(), quota=quota))))
    assert [one.rows for one in found.corrected] == [
        (Row(("plan",), "changed", (Field(("quota", "allotted"), "1", "2"),)),)
    ]


def test_values_inside_a_row_are_found_by_their_place() -> None:
    worse = msgspec.structs.replace(
        cast.ASSESSMENT, ratings=("一般", *cast.ASSESSMENT.ratings[1:]), two_faced=True
    )
    found = after(corrected(events.StandardAssessed("李梅", worse)))
    fields = [field for one in found.corrected for row in one.rows for field in row.fields]
    assert fields == [Field(("ratings", "1"), "优秀", "一般"), Field(("two_faced",), "否", "是")]
    undated = {**cast.checks("李梅"), "信访举报": Result("", None)}
    found = after(corrected(events.ChecksDone("李梅", undated, "handler")))
    fields = [field for one in found.corrected for row in one.rows for field in row.fields]
    assert fields == [
        Field(("信访举报", "word"), "无", NOTHING),
        Field(("信访举报", "day"), date(2022, 3, 10).isoformat(), NOTHING),
    ]


def test_a_withdrawal_changes_figures_results_and_lists() -> None:
    filed = events.NominationsFiled(VILLAGE, (NOMINATED[VILLAGE],))
    told: list[Event] = [events.Withdrawn(number(filed))]
    stands = selection([*TOLD, *told])
    told += [result for result in results(stands.facts) if result not in TOLD]
    found = after(*told)
    assert found.corrected == (Corrected(number(filed), 0, "柳河村党支部推荐提名：2人", ""),)
    n = {
        type(event).__name__ + str(getattr(event, "committee", "")): len(TOLD) + place
        for place, event in enumerate(told, 1)
    }
    tally = next(one for one in TOLD if isinstance(one, events.TallyCounted) and one.committee == LIUHE)
    judged = next(one for one in TOLD if isinstance(one, events.ProcedureJudged) and one.committee == LIUHE)
    assert found.results[0] == Changed(
        f"{number(tally)}→{n['TallyCounted' + LIUHE]}", "柳河镇党委推荐汇总：3人", "柳河镇党委推荐汇总：2人"
    )
    assert (
        Changed(
            f"{number(judged)}→{n['ProcedureJudged' + LIUHE]}",
            "推荐程序关：柳河镇党委通过",
            "推荐程序关：柳河镇党委未通过，1处",
        )
        in found.results
    )
    assert {one.what: (one.before, one.after) for one in found.figures} == {
        "推荐提名的党支部": ("6", "5"),
        "被推荐的人": ("8", "7"),
        "推荐程序关通过的党（工）委": ("3", "2"),
        "可以列入名单的人": ("4", "3"),
    }
    assert found.moved == (Moved("建议名单", (), ("李梅", "王芳")),)


def test_a_result_in_other_words_is_told_and_in_the_same_words_is_not() -> None:
    carried = next(
        one for one in TOLD if isinstance(one, events.NamesCarriedUp) and one.committee == CHENGGUAN
    )
    assert after(carried).results == ()


def test_a_decision_row_by_row() -> None:
    fewer = msgspec.structs.replace(DECISION, votes=DECISION.votes[:1])
    found = after(corrected(events.CountyDecided((fewer,))))
    assert [row for one in found.corrected for row in one.rows] == [
        Row(("王芳",), "gone"),
        Row(("周正",), "gone"),
    ]


def test_labels_are_said_in_the_language_spoken() -> None:
    with i18n.speaking("en"):
        found = difference.between(entered(TOLD), cast.documents, len(TOLD) - 1, len(TOLD))
    assert found.moved == (Moved("the list decided by the county committee", ("李梅", "王芳"), ()),)


def test_two_ledgers_fork_where_they_differ() -> None:
    lines = [b"1", b"2", b"3"]
    assert difference.fork(lines, lines) == 0
    assert difference.fork(lines[:2], lines) == 0
    assert difference.fork(lines, lines[:1]) == 0
    assert difference.fork([], lines) == 0
    assert difference.fork([b"1", b"x", b"3"], lines) == 2
    assert difference.fork([b"x"], lines) == 1
