"""One run over a county folder (一次汇总): read, record what is new, judge, and give back what was found.

A run may be repeated and interrupted at any moment: it records only what changed, says what it corrects, and the record on
disk always holds.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Literal

from fourgates import adopting, events, judging, names
from fourgates.bundle import Writer
from fourgates.clerk import Clerk, Recording, Said
from fourgates.errors import Refused
from fourgates.facts import Facts
from fourgates.i18n import _, sentence
from fourgates.keeper import moment
from fourgates.log.key import Signer
from fourgates.papers import folder, forms, intake, people
from fourgates.papers.desk import NUMBER, Desk
from fourgates.papers.intake import Grid, Intake
from fourgates.papers.people import People
from fourgates.papers.problems import Place, Problem, problem
from fourgates.papers.table import Row, Table
from fourgates.plan import Plan
from fourgates.selection import Selection

Stage = Literal["read", "record", "judge"]
Signing = Callable[[], Signer | None]
Progress = Callable[[Stage, int, int], None]
PLAN_MOST = 1 << 20
RECORD = "record"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run found: where things stand, the names, problems and oddities, how many entries were added, and where the
    headings of each file stand."""

    selection: Selection
    people: People
    problems: list[Problem]
    oddities: list[Problem]
    answered: list[str]
    added: int
    grids: Mapping[str, Grid]


def adopt(root: Path) -> Plan:
    """The plan in ``root``; ``Refused`` (1.0, F.1) when it is missing or unreadable."""
    path = root / folder.PLAN
    try:
        if not path.is_file() or path.stat().st_size > PLAN_MOST:
            raise Refused("F.1", "没有找到 plan.toml，或者它不是一个普通文件")
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise Refused("F.1", "plan.toml 打不开：{what}", what=error.strerror or str(error)) from None
    except UnicodeDecodeError:
        raise Refused("F.1", "plan.toml 不是 UTF-8 文本") from None
    return adopting.adopt(text)


def run(
    root: Path, out: Path, plan: Plan, progress: Progress | None = None, signer: Signing = lambda: None
) -> Outcome:
    """Run over the county folder ``root`` under ``plan``, with the record in ``out/record``; the key ``signer`` gives,
    asked for once the folder is found usable, signs its checkpoints.

    Raises ``Refused`` (F.1, F.2, F.6, 1.2) when the folder is not usable, ``Broken`` when the record in ``out`` does not hold;
    in both cases nothing is recorded.
    """
    writer = Writer(out / RECORD)
    same(plan, writer.selection.facts.plan)
    taken = intake.take(plan, folder.look(root), key(writer), _told(progress, "read"), known(writer).ids())
    writer.sign_with(signer())
    return into(writer, taken, progress)


def into(
    writer: Recording,
    taken: Intake,
    progress: Progress | None = None,
    *,
    before: Said | None = None,
    clock: Callable[[], str] = moment,
) -> Outcome:
    """Write what a folder claims into ``writer``, judge the gates, and say what was found.

    ``before``: what the papers said when they were last written in; then only what they say anew is written. Without it the
    folder says everything that the forms ever said.
    """
    start = writer.selection.n
    desk = taken.desk
    standing = known(writer)
    kept = _people(taken, desk.key, standing)
    if before is not None:
        kept = people.joined(standing, kept)
    clerk = Clerk(writer, desk.plan.selection.unit, taken, before, clock)
    clerk.record(kept, _told(progress, "record"))
    clerk.judge(kept, _told(progress, "judge"))
    facts = writer.selection.facts
    _found_by_judging(taken, facts, kept)
    strange = names.unknown(one.name for one in kept.people.values() if one.nationality)
    if strange is not None:
        desk.odd(
            Place(""),
            "、".join(strange.characters),
            sentence(strange),
            _("名单中排在最后；可用更正表补上笔顺"),
        )
    return Outcome(
        writer.selection,
        kept,
        sorted(desk.problems, key=_where),
        sorted(desk.oddities, key=_where),
        taken.answered,
        writer.selection.n - start,
        taken.grids,
    )


def same(plan: Plan, standing: Plan | None) -> None:
    """``Refused`` (F.6) when the record is another selection's: its entries would all be withdrawn."""
    if standing is not None and standing.selection.id != plan.selection.id:
        raise Refused(
            "F.6",
            "输出文件夹里是另一次推选“{other}”的纪实，这次是“{this}”；请换一个输出文件夹",
            other=standing.selection.id,
            this=plan.selection.id,
        )


def _where(one: Problem) -> tuple[str, int]:
    return one.place.file, one.place.row or 0


def _told(progress: Progress | None, stage: Stage) -> intake.Progress | None:
    return None if progress is None else lambda done, of: progress(stage, done, of)


def key(writer: Recording) -> bytes:
    """The key of ids and digests: the record's own, or a new one; ``Refused`` (F.2) when the names were deleted."""
    if writer.selection.people is None:
        return secrets.token_bytes(32)
    found = known(writer).key
    if not found:
        raise Refused("F.2", "这份纪实的人员附件已经删除，不能在它上面继续；请换一个输出文件夹")
    return bytes.fromhex(found)


def known(writer: Recording) -> People:
    """The names as they are kept so far."""
    content = writer.people()
    return people.read(content) if content is not None else People("")


def _people(taken: Intake, key: bytes, before: People) -> People:
    """Names for everybody known, with what lists print for those put forward."""
    put_forward = {
        name.person
        for claim in taken.claims
        if isinstance(claim, events.NominationsFiled)
        for sitting in claim.sittings
        for name in sitting.names
    }
    return people.gather(key, taken.desk.known.values(), put_forward, taken.desk.texts, before.people)


_VOTE_COLUMNS = {
    "5.1": "会议日期",
    "5.4": "同意",
    "5.5": NUMBER,
    "5.6": "是否上报",
    "5.7": "是否上报",
    "5.8": "未上报理由",
    "10.2": "同意",
    "10.3": NUMBER,
}


def _wrong(rule: str) -> tuple[str, str]:
    """What is wrong and how to mend it, for a fault found by judging."""
    return {
        "5.1": (
            _("党委会议不在规定时间内，或者到会没有过半数，表决不计"),
            _("写错的请改正；确实无效的，重新召开会议研究"),
        ),
        "5.4": (_("同意票没有超过应到委员的半数，不能上报"), _("写错的请改正；确实未过半数的，改为不上报")),
        "5.5": (_("本党委没有党支部有效提名这个人，不能上报"), _("核对06中的提名，或者改为不上报")),
        "5.6": (_("上报{count}人，超过推荐名额{quota}人，本党委全部不计"), _("由党委研究，减到名额以内")),
        "5.7": (_("{other}也上报了这个人，两处都不计"), _("只由一个党委上报")),
        "5.8": (_("推荐得票高于已上报的人，没有上报，也没有写理由"), _("补写未上报理由")),
        "8.2": (
            _("核查日期不在规定时间{first}至{last}内，或者没有写，按未完成处理"),
            _("补做核查或者改正日期"),
        ),
        "8.3": (
            _("写了不适用，但没有不适用的依据，按未完成处理"),
            _("与08核对：无干部档案、非个人事项报告对象才可不适用"),
        ),
        "10.1": (
            _("县委会议不在规定时间内，或者到会没有过半数"),
            _("写错的请改正；确实无效的，重新召开会议研究"),
        ),
        "10.2": (_("同意票没有超过应到委员的半数，不能上报"), _("写错的请改正；确实未过半数的，改为不上报")),
        "10.3": (_("这个人没有通过四关，不在可上报之列"), _("核对前面各表，或者改为不上报")),
    }[rule]


def _found_by_judging(taken: Intake, facts: Facts, kept: People) -> None:
    """Faults that only judging can find, put where they stand on the forms."""
    desk = taken.desk
    for fault in judging.carried(facts).faults:
        if fault.rule == "5.5" and (forms.NOMINATIONS, fault.committee) in taken.missing:
            desk.odd(Place(forms.REVIEWS), fault.committee, _("06没有交来，上报的名字暂不计入"), _("补交06"))
            continue
        at = taken.votes.get((fault.committee, fault.person))
        if fault.rule == "5.8" and at is None and fault.person in taken.unread_votes:
            continue  # the reason may well stand on the row that could not be used
        _put(desk, at, forms.REVIEWS, fault.rule, kept.name(fault.person), facts=fault.facts)
    vetting = desk.plan.windows.vetting
    for id_ in judging.sent_up(facts):
        for finding in judging.person(facts, id_).integrity.findings:
            if finding.rule in ("8.2", "8.3"):
                column = finding.requirement + ("日期" if finding.rule == "8.2" else "")
                window = {"first": vetting.first.isoformat(), "last": vetting.last.isoformat()}
                _put(
                    desk,
                    taken.checked.get(id_),
                    forms.CHECKS,
                    finding.rule,
                    kept.name(id_),
                    column,
                    facts=window,
                )
    judged = judging.decision(facts)
    if judged is None:
        return
    if "10.1" in judged.broken:
        _put(desk, next(iter(taken.decided.values()), None), forms.DECISION, "10.1", "", "会议日期")
    for rule, id_ in judged.faults:
        _put(desk, taken.decided.get(("", id_)), forms.DECISION, rule, kept.name(id_))


def _put(
    desk: Desk,
    at: tuple[Table, Row] | None,
    file: str,
    rule: str,
    name: str,
    column: str = "",
    facts: Mapping[str, str | int] = MappingProxyType({}),
) -> None:
    wrong, mend = _wrong(rule)
    column = column or _VOTE_COLUMNS[rule]
    place, read = Place(file, column=column), None
    if at is not None:
        table, row = at
        place, read = table.place(row.number, column), row.cell(column)
    desk.problems.append(problem(place, read if at is not None else name, wrong.format(**facts), mend))
