"""The lists as workbooks (名单): proposed, sent up, put forward, absent; in surname-stroke order, ready to print.

They leave the county: no citizen number stands in them. Each is written even when nobody is on it, so that no older
list is left lying beside newer results.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from fourgates.bundle import Head
from fourgates.papers import sentences, writing
from fourgates.papers.abbreviations import abbreviations
from fourgates.papers.people import People
from fourgates.papers.report_annexes import OUTCOMES
from fourgates.papers.rolls import Rolls, shown
from fourgates.papers.writing import Column, Table, Value
from fourgates.report.build import build
from fourgates.report.figures import Report
from fourgates.selection import Selection

PROPOSED, SENT_UP, PUT_FORWARD, ABSENT = "推荐人选建议名单", "上报人选名册", "推荐提名汇总", "未参与党员名单"
DECIDED = "县委决定上报名单"
FOOTER = "填表人：　　　　　　审核人：　　　　　　联系电话："


def write(folder: Path, selection: Selection, people: People, *, head: Head) -> list[Path]:
    """Write the lists into ``folder``, which is made if it is not there, each whole or not at all; gives their paths.

    ``head``: of the record that was just verified; entries and seal go into the workbooks' properties.
    """
    report = build(selection)
    rolls = Rolls(people, selection.facts, shown(report))
    folder.mkdir(parents=True, exist_ok=True)
    stamp = {"fourgates-entries": str(head.entries), "fourgates-head": head.head}
    written = []
    for table in tables(report, rolls, abbreviations(selection.facts.register())):
        path = folder / f"{table.name}.xlsx"
        writing.write(path, [table], stamp=stamp)
        written.append(path)
    if report.decision is None:
        (folder / f"{DECIDED}.xlsx").unlink(missing_ok=True)
    return written


def tables(report: Report, rolls: Rolls, short: Mapping[str, str]) -> Iterator[Table]:
    """Every list as one sheet; ``short``: how units are called."""
    yield _proposed(report, rolls, short)
    yield _sent_up(report, rolls, short)
    yield _put_forward(report, rolls, short)
    yield _absent(report, rolls, short)
    if report.decision is not None:
        yield _chosen(report, rolls, short, DECIDED, report.decision.judged.people)


def _sheet(
    report: Report,
    name: str,
    columns: list[Column],
    rows: list[list[Value]],
    total: list[Value],
    note: str = "",
    *,
    landscape: bool = False,
) -> Table:
    return Table(
        name=name,
        title=name,
        columns=columns,
        rows=rows,
        unit=f"单位：{report.plan.selection.unit}",
        day=f"截至{sentences.day(report.plan.judged_on, year=True).zh}，纪实第{report.entries}条",
        total=total,
        footer=f"{FOOTER}　　　{note}" if note else FOOTER,
        landscape=landscape,
    )


def _proposed(report: Report, rolls: Rolls, short: Mapping[str, str]) -> Table:
    note = "" if report.structure.slate else "目前不存在符合人选结构要求的名单，原因见报告"
    return _chosen(report, rolls, short, PROPOSED, report.structure.chosen, note)


def _chosen(
    report: Report, rolls: Rolls, short: Mapping[str, str], name: str, ids: Iterable[str], note: str = ""
) -> Table:
    """A list of persons in surname-stroke order, with the support behind each where there is any."""
    ordered = rolls.order(ids)
    rows: list[list[Value]] = []
    for number, id_ in enumerate(ordered, start=1):
        one, person = rolls.entry(id_), report.people.get(id_)
        rows.append(
            [
                number,
                one.printed,
                one.birth.removesuffix("生"),
                one.education,
                one.joined,
                short.get(person.committee if person else one.committee, ""),
                one.branch,
                one.post,
                "、".join(tag for tag in person.tags if tag not in report.plan.structure.roster_tags)
                if person
                else "",
                person.line.branches if person else None,
                person.line.members if person else None,
            ]
        )
    backed = [report.people[id_].line for id_ in ordered if id_ in report.people]
    return _sheet(
        report,
        name,
        [
            Column("序号", 6),
            Column("姓名", 24),
            Column("出生年月", 12),
            Column("学历", 9),
            Column("入党时间", 11),
            Column("党（工）委", 32),
            Column("所在党支部", 30),
            Column("工作岗位", 16),
            Column("类别", 46),
            Column("推荐党支部", 11),
            Column("推荐党员", 10),
        ],
        rows,
        [
            "合计",
            f"{len(rows)}人",
            *[None] * 7,
            sum(line.branches for line in backed),
            sum(line.members for line in backed),
        ],
        _joined(note, rolls.unlisted(ordered)),
        landscape=True,
    )


def _sent_up(report: Report, rolls: Rolls, short: Mapping[str, str]) -> Table:
    """Everyone sent up, by committee in the order of the register, inside it in surname-stroke order."""
    rows: list[list[Value]] = []
    for committee in report.committees:
        for id_ in rolls.order(committee.up):
            person, one = report.people[id_], rolls.entry(id_)
            gate = person.judged.integrity
            rows.append(
                [
                    len(rows) + 1,
                    short[committee.unit.name],
                    one.printed,
                    one.birth.removesuffix("生"),
                    one.branch,
                    person.line.branches,
                    person.line.members,
                    f"{person.vote.votes_for}/{person.due}",
                    OUTCOMES[person.judged.standard],
                    OUTCOMES[gate.outcome],
                    "、".join(gate.bars or gate.pending),
                ]
            )
    return _sheet(
        report,
        SENT_UP,
        [
            Column("序号", 6),
            Column("党（工）委", 32),
            Column("姓名", 24),
            Column("出生年月", 12),
            Column("所在党支部", 30),
            Column("推荐党支部", 11),
            Column("推荐党员", 10),
            Column("同意/应到", 10),
            Column("政治标准关", 11),
            Column("廉洁纪律关", 11),
            Column("否决情形或未了事项", 28),
        ],
        rows,
        ["合计", None, f"{len(rows)}人", *[None] * 8],
        rolls.unlisted(report.people),
        landscape=True,
    )


def _put_forward(report: Report, rolls: Rolls, short: Mapping[str, str]) -> Table:
    """The tally of every committee, as ranked: branches, then members, then surname strokes."""
    rows: list[list[Value]] = []
    for committee in report.committees:
        for place, line in enumerate(committee.tally, start=1):
            one = rolls.entry(line.person)
            rows.append(
                [
                    short[committee.unit.name],
                    place,
                    one.printed,
                    one.birth.removesuffix("生"),
                    one.branch,
                    line.branches,
                    line.members,
                    "上报" if line.person in committee.up else "",
                ]
            )
    return _sheet(
        report,
        PUT_FORWARD,
        [
            Column("党（工）委", 32),
            Column("位次", 6),
            Column("姓名", 24),
            Column("出生年月", 12),
            Column("所在党支部", 30),
            Column("推荐党支部", 11),
            Column("推荐党员", 10),
            Column("是否上报", 10),
        ],
        rows,
        [
            "合计",
            None,
            f"{len({line.person for one in report.committees for line in one.tally})}人",
            None,
            None,
            sum(line.branches for one in report.committees for line in one.tally),
            sum(line.members for one in report.committees for line in one.tally),
            f"{len(report.people)}人",
        ],
        rolls.unlisted(line.person for one in report.committees for line in one.tally),
    )


def _absent(report: Report, rolls: Rolls, short: Mapping[str, str]) -> Table:
    """Members with rights who did not take part, by committee, with the reason written."""
    rows: list[list[Value]] = []
    for committee in report.committees:
        for id_ in rolls.order(committee.absent):
            one = rolls.entry(id_)
            rows.append(
                [
                    len(rows) + 1,
                    short[committee.unit.name],
                    one.branch,
                    one.printed,
                    one.birth.removesuffix("生") if rolls.namesake(id_) else "",
                    rolls.text(report.reasons.get(id_, "")) or "没有写原因",
                ]
            )
    return _sheet(
        report,
        ABSENT,
        [
            Column("序号", 6),
            Column("党（工）委", 32),
            Column("所在党支部", 30),
            Column("姓名", 20),
            Column("出生年月", 12),
            Column("未参与原因", 32),
        ],
        rows,
        ["合计", None, None, f"{len(rows)}人", None, f"应参与{report.members.whole}人"],
        rolls.unlisted(report.members.people),
    )


def _joined(*notes: str) -> str:
    return "；".join(note for note in notes if note)
