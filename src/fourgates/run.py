"""One run over a county folder (一次汇总): read, record what is new, judge, and give back what was found.

A run may be repeated and interrupted at any moment: it records only what changed, says what it corrects, and the record on
disk always holds.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType
from typing import Literal

import msgspec

from fourgates import adopting, canon, events, judging, names
from fourgates.bundle import Writer
from fourgates.errors import Broken, Refused
from fourgates.events import Claim, Event, ListImpossible, ListProposed
from fourgates.facts import Facts
from fourgates.i18n import _, sentence
from fourgates.log.key import Signer
from fourgates.papers import folder, forms, intake, people
from fourgates.papers.desk import NUMBER, Desk
from fourgates.papers.intake import Grid, Intake
from fourgates.papers.people import People
from fourgates.papers.problems import Place, Problem, problem
from fourgates.papers.summary import ranked
from fourgates.papers.table import Row, Table
from fourgates.plan import Plan
from fourgates.selection import Selection, person_judged
from fourgates.slate import certificate, refutation
from fourgates.slate.answer import Slate
from fourgates.slate.solve import solve

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
    before = writer.selection.n
    _same(plan, writer.selection.facts.plan)
    key = _key(writer)
    taken = intake.take(plan, folder.look(root), key, _told(progress, "read"))
    writer.sign_with(signer())
    clerk = _Clerk(writer, plan.selection.unit, taken)
    kept = _people(taken, key)
    clerk.record(kept, progress)
    clerk.judge(kept, progress)
    facts = writer.selection.facts
    _found_by_judging(taken, facts, kept)
    desk = taken.desk
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
        writer.selection.n - before,
        taken.grids,
    )


def _same(plan: Plan, standing: Plan | None) -> None:
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


def _key(writer: Writer) -> bytes:
    """The key of ids and digests: the record's own, or a new one; ``Refused`` (F.2) when the names were deleted."""
    if writer.selection.people is None:
        return secrets.token_bytes(32)
    content = writer.people()
    if content is None:
        raise Refused("F.2", "这份纪实的人员附件已经删除，不能在它上面继续；请换一个输出文件夹")
    return bytes.fromhex(people.read(content).key)


def _people(taken: Intake, key: bytes) -> People:
    """Names for everybody known, with what lists print for those put forward."""
    put_forward = {
        name.person
        for claim in taken.claims
        if isinstance(claim, events.NominationsFiled)
        for sitting in claim.sittings
        for name in sitting.names
    }
    return people.gather(key, taken.desk.known.values(), put_forward, taken.desk.texts)


class _Clerk:
    """Writes a run into the record: only what differs from what stands."""

    def __init__(self, writer: Writer, by: str, taken: Intake) -> None:
        self._writer, self._by, self._taken = writer, by, taken

    def _offer(self, event: Event) -> None:
        at = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        self._writer.offer(
            event, at=at, by=self._by, documents=self._taken.documents, salt=secrets.token_hex(16)
        )

    def record(self, kept: People, progress: Progress | None) -> None:
        """Every claim that is new or differs, after the withdrawal of what is claimed no longer.

        The names go to the disk in the same step: without their key the ids could never be made again.
        """
        claims = self._taken.claims
        waiting = [claim for claim in claims if not self._stands(claim)]
        about = {events.subject(claim) for claim in claims}
        for subject, number in list(self._writer.selection.standing.items()):
            if subject not in about:
                self._offer(events.Withdrawn(number))
        self._make_room(waiting)
        for done, claim in enumerate(waiting, start=1):
            standing = self._writer.selection.standing.get(events.subject(claim), 0)
            try:
                self._offer(msgspec.structs.replace(claim, corrects=standing))
            except Refused as why:
                intake.refused(self._taken, claim, why)
                if standing and not isinstance(claim, events.PlanAdopted | events.UnitsEntered):
                    # What stood was said under another plan or register; it must not outlive its correction.
                    self._offer(events.Withdrawn(standing))
            if progress is not None:
                progress("record", done, len(waiting))
        self._put_away(kept)
        self._writer.commit()

    def _stands(self, claim: Claim) -> bool:
        number = self._writer.selection.standing.get(events.subject(claim))
        if number is None:
            return False
        return self._writer.events[number] == msgspec.structs.replace(
            claim, corrects=getattr(self._writer.events[number], "corrects", 0)
        )

    def _make_room(self, waiting: list[Claim]) -> None:
        """Withdraw rosters that are to change when a member moves between them: nobody may stand on two at once."""
        changing = [claim for claim in waiting if isinstance(claim, events.RosterEntered)]
        for claim in changing:
            content = self._taken.documents[claim.document]
            coming = {m.id for m in canon.reader(events.RosterDocument).decode(content).members}
            for committee, members in list(self._writer.selection.facts.rosters.items()):
                if committee != claim.committee and not coming.isdisjoint(member.id for member in members):
                    self._offer(events.Withdrawn(self._writer.selection.standing["RosterEntered", committee]))

    def _put_away(self, kept: People) -> None:
        """Keep the names beside the record, where they changed."""
        content = canon.spell(kept)
        digest = canon.digest(content)
        standing = self._writer.selection.people
        if standing is None or standing.document != digest:
            self._writer.keep_people(content)
            self._offer(events.PeopleKept(digest, len(kept.people)))

    def judge(self, kept: People, progress: Progress | None) -> None:
        """Every result that is new or differs."""
        facts = self._writer.selection.facts
        for done, result in enumerate(_results(facts, kept, self._writer.selection), start=1):
            standing = self._writer.selection.results.get(events.subject(result))
            if standing is None or standing[1] != result:
                self._offer(result)
            if progress is not None:
                progress("judge", done, 0)
        self._writer.commit(pin=True)


def _results(facts: Facts, kept: People, selection: Selection) -> Iterator[events.Finding]:
    """Every result the facts give, in the order of the gates."""
    committees = [unit.name for unit in facts.register().committees()]
    yield events.ParticipationCounted(judging.counted(facts), judging.satisfaction(facts))
    for committee in committees:
        yield events.TallyCounted(committee, tuple(ranked(judging.tallied(facts, committee), kept)))
    for committee, up in judging.carried(facts).up.items():
        yield events.NamesCarriedUp(committee, up)
    for committee in committees:
        yield events.ProcedureJudged(committee, judging.deviations(facts, committee))
    for id_ in judging.sent_up(facts):
        yield person_judged(facts, id_)
    yield _list(facts, selection)
    judged = judging.decision(facts)
    if judged is not None:
        yield events.DecisionJudged(judged.lawful, judged.people, judged.broken)


def _list(facts: Facts, selection: Selection) -> ListProposed | ListImpossible:
    """The list that stands where its proof still holds, else a newly solved one."""
    problem_ = judging.problem(facts)
    _entry, standing = selection.results.get(("List", ""), (0, None))
    with suppress(Broken, Refused):
        if isinstance(standing, ListProposed):
            certificate.verify(problem_, standing.slate)
            return standing
        if isinstance(standing, ListImpossible):
            refutation.verify_conflict(problem_, standing.conflict)
            return standing
    answer = solve(problem_)
    return ListProposed(answer) if isinstance(answer, Slate) else ListImpossible(answer)


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
