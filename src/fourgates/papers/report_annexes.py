"""The lists at the end of the document (附件): who is proposed, who was sent up, what each committee did, who was absent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import msgspec

from fourgates.papers.rolls import Rolls
from fourgates.report.figures import Report

OUTCOMES = {
    "met": "达到",
    "not_met": "未达到",
    "pending": "待定",
    "no_answer": "没有结果",
    "not_applicable": "不适用",
}


class Annex(msgspec.Struct, frozen=True):
    """One list: its title with a line below, headings, rows, and the widths of its columns in millimetres."""

    title: str
    below: str
    headings: Sequence[str]
    rows: Sequence[Sequence[object]]
    widths: Sequence[int]


def annexes(report: Report, rolls: Rolls, short: Mapping[str, str]) -> Iterator[Annex]:
    """The lists behind the figures, each only where it has somebody on it."""
    if report.structure.chosen:
        yield Annex(
            "推荐人选建议名单",
            f"（{len(report.structure.chosen)}人，按姓氏笔画为序）",
            ("序号", "姓名", "党（工）委", "岗位", "推荐党支部", "推荐党员"),
            [
                (
                    number,
                    _listed(rolls, id_),
                    short[one.committee],
                    rolls.entry(id_).post,
                    *one.line.support,
                )
                for number, id_ in enumerate(rolls.order(report.structure.chosen), start=1)
                for one in (report.people[id_],)
            ],
            (11, 43, 38, 25, 21, 18),
        )
    yield Annex(
        "上报人选名册",
        f"（{len(report.people)}人，按党组织名册顺序，同一党（工）委内按姓氏笔画为序）",
        ("序号", "党（工）委", "姓名", "推荐党支部", "推荐党员", "政治标准", "廉洁纪律"),
        [
            (
                number,
                short[one.committee],
                _listed(rolls, one.id),
                *one.line.support,
                OUTCOMES[one.judged.standard],
                OUTCOMES[one.judged.integrity.outcome],
            )
            for number, one in enumerate(
                (report.people[id_] for committee in report.committees for id_ in rolls.order(committee.up)),
                start=1,
            )
        ],
        (11, 34, 37, 20, 17, 19, 18),
    )
    yield Annex(
        "各党（工）委参与和推荐情况",
        "",
        ("党（工）委", "党支部", "党员", "参与率", "提名", "上报", "名额", "程序"),
        [
            (
                short[one.unit.name],
                str(one.organisations.part) + "/" + str(one.organisations.whole),
                f"{one.members.part}/{one.members.whole}",
                one.members,
                len(one.tally),
                len(one.up),
                one.unit.quota,
                "有偏离" if one.deviations else "符合",
            )
            for one in report.committees
        ],
        (46, 20, 26, 16, 12, 12, 12, 14),
    )
    if report.members.people:
        yield Annex(
            "未参与推荐的党员",
            f"（{len(report.members.people)}名，按姓氏笔画为序）",
            ("序号", "姓名", "党支部", "原因"),
            [
                (
                    number,
                    _listed(rolls, id_),
                    rolls.entry(id_).branch,
                    rolls.text(report.reasons.get(id_, "")) or "没有写原因",
                )
                for number, id_ in enumerate(rolls.order(report.members.people), start=1)
            ],
            (12, 42, 54, 48),
        )


def _listed(rolls: Rolls, id_: str) -> str:
    """A name in a typeset list, a namesake's month of birth behind it."""
    one = rolls.entry(id_)
    return f"{one.printed}（{one.birth}）" if rolls.namesake(id_) and one.birth else one.printed
