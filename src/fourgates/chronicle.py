"""The record told in sentences (纪事): one an entry, and what a correction changed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, assert_never

import msgspec

from fourgates import canon, events
from fourgates.events import Event
from fourgates.i18n import _
from fourgates.ledger import Entry
from fourgates.nominations import Sitting as BranchSitting
from fourgates.review import Sitting as ReviewSitting

Documents = Mapping[str, bytes]
EVERYBODY = "*"
"""What an entry is about that everybody sees."""


class Told(msgspec.Struct, frozen=True):
    """One entry as it is told: number, time, author, kind, sentence; ``corrects`` the claim it corrects or the result it
    takes the place of, 0 for none; ``changed`` what differs."""

    n: int
    at: str
    by: str
    kind: str
    sentence: str
    corrects: int = 0
    changed: str = ""


class Course:
    """What each entry is about and which one it takes the place of (线索): enough to find those that somebody asks for and to
    tell them without the rest.

    ``about``: of entry ``n`` at ``n - 1`` the unit or whatever else it is about; ``EVERYBODY`` for the plan and the register,
    empty for what only the whole is about. ``corrects``: number → the claim it corrects or the result it takes the place of.
    """

    def __init__(self) -> None:
        self.about: list[str] = []
        self.corrects: dict[int, int] = {}
        self._results: dict[tuple[str, str], int] = {}

    def follow(self, entry: Entry) -> int:
        """Take in the next entry; the number of the one whose place it takes, 0 for none."""
        event, before = entry.event, getattr(entry.event, "corrects", 0)
        subject = ("", "")
        if not isinstance(event, events.Withdrawn | events.Keeping):
            subject = events.subject(event)
        if isinstance(event, events.Finding):
            before, self._results[subject] = self._results.get(subject, 0), entry.n
        if before:
            self.corrects[entry.n] = before
        about = subject[1]
        if isinstance(event, events.PlanAdopted | events.UnitsEntered):
            about = EVERYBODY
        elif isinstance(event, events.MemberMarked):
            about = ""  # only the whole is told of it, and there are many: nothing is kept of whose it is
        self.about.append(about)
        return before


def tell(entries: Iterable[Entry], documents: Documents) -> Iterator[Told]:
    """Every entry in its order, from the first."""
    seen: dict[int, Event] = {}
    course = Course()
    for entry in entries:
        yield told(entry, course.follow(entry), seen, documents)
        seen[entry.n] = entry.event


def told(entry: Entry, before: int, seen: Mapping[int, Event], documents: Documents) -> Told:
    """One entry; ``before``: the number of the one whose place it takes, which stands in ``seen``."""
    event = entry.event
    changed = _changed(seen[before], event, documents) if before in seen else ""
    return Told(entry.n, entry.at, entry.by, type(event).__name__, sentence(event, seen), before, changed)


def sentence(event: Event, seen: Mapping[int, Event]) -> str:
    """One entry as a sentence; persons stay unnamed, because the record does not name them."""
    match event:
        case events.PlanAdopted():
            return _("通过工作方案《{title}》，规则 {id} {version}").format(
                title=event.plan.selection.title,
                id=event.plan.rulebook.id,
                version=event.plan.rulebook.version,
            )
        case events.UnitsEntered():
            return _("党组织名册：{units}个党组织").format(units=event.units)
        case events.RosterEntered():
            return _("{committee}党员名册：{members}人").format(
                committee=event.committee, members=event.members
            )
        case events.SanctionsEntered():
            return _("处分情况：{rows}条").format(rows=len(event.sanctions))
        case events.StepsRecorded():
            return _("{keeper}工作纪实：{rows}条").format(keeper=event.keeper, rows=len(event.held))
        case events.ParticipationMarked():
            return _("{committee}参与情况：{marks}人").format(committee=event.committee, marks=event.marks)
        case events.SatisfactionAsked():
            return _("满意度测评：{branches}个党支部").format(branches=event.branches)
        case events.MemberMarked():
            return _("逐人登记：{person}，{channel}").format(person=event.person, channel=event.channel)
        case events.ConflictSettled():
            return _("重复登记核定：{person}，{channel}").format(person=event.person, channel=event.channel)
        case events.MeetingCalled():
            what = _("取消会议") if event.cancelled else _("召集会议")
            return _("{what}：{unit}{kind}，{day} {time}").format(
                what=what, unit=event.unit, kind=event.profile, day=event.day, time=event.time
            )
        case events.AttendanceTaken():
            return _("会议{meeting}签到：应到{due}人，实到{present}人").format(
                meeting=event.meeting, due=event.due, present=event.present
            )
        case events.MotionVoted():
            return _("会议{meeting}表决：同意{votes_for}，不同意{against}，弃权{abstained}").format(
                meeting=event.meeting,
                votes_for=event.votes_for,
                against=event.against,
                abstained=event.abstained,
            )
        case events.MinutesSigned():
            return _("会议{meeting}记录签字：{signers}人").format(
                meeting=event.meeting, signers=len(event.signers)
            )
        case events.NominationsFiled():
            return _("{branch}推荐提名：{names}人").format(
                branch=event.branch, names=sum(len(sitting.names) for sitting in event.sittings)
            )
        case events.CommitteeReviewed():
            return _("{committee}集体研究：表决{votes}人").format(
                committee=event.committee, votes=sum(len(sitting.votes) for sitting in event.sittings)
            )
        case events.PersonDescribed():
            return _("人选情况：{person}，{part}").format(person=event.person, part=event.part)
        case events.StandardAssessed():
            return _("政治标准考察：{person}").format(person=event.person)
        case events.ChecksDone():
            return _("四必核查：{person}").format(person=event.person)
        case events.RepliesReceived():
            return _("{department}回函：{people}人").format(
                department=event.department, people=len(event.opinions)
            )
        case events.CountyDecided():
            return _("县委研究：表决{votes}人").format(
                votes=sum(len(sitting.votes) for sitting in event.sittings)
            )
        case events.SeatsAllotted():
            return _("{unit}分解名额：{total}个，{units}个党组织").format(
                unit=event.unit, total=event.total, units=len(event.numbers)
            )
        case events.BoxOpened():
            return _("票箱{box}开箱：{branches}个党支部，到{until}").format(
                box=event.box, branches=len(event.branches), until=event.until
            )
        case events.BoxExtended():
            return _("票箱{box}延长到{until}：{ground}").format(
                box=event.box, until=event.until, ground=event.ground
            )
        case events.BoxClosed():
            return _("票箱{box}关闭：{people}人参加").format(box=event.box, people=event.took_part)
        case events.RightsJudged():
            return _("有推荐权的党员名册：{people}人").format(people=event.people)
        case events.DepartmentAsked():
            return _("征求{department}意见：{people}人，{due}前答复").format(
                department=event.department, people=len(event.people), due=event.due
            )
        case events.DepartmentReminded():
            return _("{day}催办：{department}").format(day=event.day, department=event.department)
        case events.ReplyEnclosed():
            return _("{department}答复的附件：{person}").format(
                department=event.department, person=event.person
            )
        case events.BarLifted():
            return _("解除“{bar}”：{person}").format(bar=event.bar, person=event.person)
        case events.ConcernNotified():
            return _("告知本人“{bar}”：{person}").format(bar=event.bar, person=event.person)
        case events.ConcernAnswered():
            return _("本人就“{bar}”申辩：{person}").format(bar=event.bar, person=event.person)
        case events.ConcernReviewed():
            verdict = _("维持") if event.outcome == "upheld" else _("查清")
            return _("复核“{bar}”，{verdict}：{person}").format(
                bar=event.bar, verdict=verdict, person=event.person
            )
        case events.NoticePosted():
            return _("公示{people}人：{start}起{days}个工作日，到{last}为止").format(
                people=len(event.people), start=event.start, days=event.working_days, last=event.last
            )
        case events.ObjectionReceived():
            return _("收到异议{case}：{category}").format(case=event.case, category=event.category)
        case events.ObjectionAssigned():
            return _("异议{case}重新交办，{due}以前办结").format(case=event.case, due=event.due)
        case events.ObjectionFound():
            verdict = _("成立") if event.upheld else _("不成立")
            return _("异议{case}认定：{verdict}").format(case=event.case, verdict=verdict)
        case events.ObjectionAnswered():
            return _("异议{case}已答复").format(case=event.case)
        case events.NoticeEnded():
            return _("公示{notice}结束").format(notice=event.notice)
        case events.Withdrawn():
            before = seen.get(event.corrects)
            what = "" if before is None else sentence(before, seen)
            return _("撤回第{number}条（{what}）").format(number=event.corrects, what=what)
        case events.PeopleKept():
            return _("人员附件另存：{people}人").format(people=event.people)
        case events.FactsSealed():
            return _("个人事项逐项封存：{people}人").format(people=event.people)
        case events.PersonErased():
            return _("{person}的姓名等个人信息已删除：{ground}").format(
                person=event.person, ground=event.ground
            )
        case events.RetentionEnded():
            return _("保存期到{until}为止，{people}人的姓名等个人信息已全部删除").format(
                until=event.until, people=event.people
            )
        case events.ParticipationCounted():
            counted = event.counted
            return _(
                "参与率：党组织{units}（{unit_part}/{unit_whole}），党员{members}（{part}/{whole}）"
            ).format(
                units=counted.organisations,
                unit_part=counted.organisations.part,
                unit_whole=counted.organisations.whole,
                members=counted.members,
                part=counted.members.part,
                whole=counted.members.whole,
            )
        case events.EligibleJudged():
            return _("可列入建议名单的人选：{people}人").format(people=len(event.people))
        case events.TallyCounted():
            return _("{committee}推荐汇总：{people}人").format(
                committee=event.committee, people=len(event.lines)
            )
        case events.NamesCarriedUp():
            return _("{committee}上报{people}人").format(committee=event.committee, people=len(event.people))
        case events.ProcedureJudged():
            if not event.deviations:
                return _("推荐程序关：{committee}通过").format(committee=event.committee)
            return _("推荐程序关：{committee}未通过，{count}处").format(
                committee=event.committee, count=len(event.deviations)
            )
        case events.PersonJudged():
            return _("政治标准关{standard}，廉洁纪律关{integrity}：{person}").format(
                standard=outcome(event.standard), integrity=outcome(event.integrity), person=event.person
            )
        case events.ListProposed():
            return _("人选结构关：建议名单{people}人，支持党支部{branches}个、党员{members}人次").format(
                people=len(event.slate.chosen),
                branches=event.slate.support[0],
                members=event.slate.support[1],
            )
        case events.ListImpossible():
            return _("人选结构关：不存在符合要求的名单")
        case events.DecisionJudged():
            return _("县委决定：{verdict}").format(verdict=_("合规") if event.lawful else _("不合规"))
        case _:
            assert_never(event)


def outcome(word: str) -> str:
    """An outcome as people say it."""
    return {
        "met": _("通过"),
        "not_met": _("未通过"),
        "not_applicable": _("不适用"),
        "no_answer": _("未答复"),
        "pending": _("待定"),
    }[word]


def _changed(before: Event, after: Event, documents: Documents) -> str:
    """What a correction changed, as counts of rows added, changed and gone."""
    if isinstance(after, events.Withdrawn | events.Finding) or type(before) is not type(after):
        return ""
    old, new = rows(before, documents), rows(after, documents)
    added, gone = len(new.keys() - old.keys()), len(old.keys() - new.keys())
    changed = sum(old[key] != new[key] for key in old.keys() & new.keys())
    return _("新增{added}行，更改{changed}行，减少{gone}行").format(added=added, changed=changed, gone=gone)


_BULK: Mapping[type, tuple[type, str]] = {
    events.UnitsEntered: (events.UnitsDocument, "units"),
    events.RosterEntered: (events.RosterDocument, "members"),
    events.ParticipationMarked: (events.MarksDocument, "marks"),
    events.SatisfactionAsked: (events.SurveysDocument, "surveys"),
}


def rows(event: Event, documents: Documents) -> Mapping[Any, Any]:
    """The rows of a claim by what each is about; a claim that has none by its fields. What a meeting was stands in each
    of its rows, as it does on the forms."""
    if type(event) in _BULK:
        kind, name = _BULK[type(event)]
        content = documents.get(getattr(event, "document", ""))
        values = getattr(canon.reader(kind).decode(content), name) if content is not None else ()
        return _by(values, lambda row: msgspec.structs.astuple(row)[0])
    match event:
        case events.NominationsFiled():
            return _by(
                ((_met(sitting), name) for sitting in event.sittings for name in sitting.names),
                lambda row: row[1].person,
            )
        case events.CommitteeReviewed() | events.CountyDecided():
            return _by(
                ((_met(sitting), vote) for sitting in event.sittings for vote in sitting.votes),
                lambda row: row[1].person,
            )
        case events.RepliesReceived():
            return _by(event.opinions, lambda opinion: opinion.person)
        case events.SanctionsEntered():
            return _by(event.sanctions, lambda one: (one.person, one.kind, one.approved))
        case events.StepsRecorded():
            return _by(event.held, lambda line: (line.word, line.unit, line.day))
        case _:
            fields = msgspec.structs.asdict(event)
            return {name: value for name, value in fields.items() if name not in ("corrects", "document")}


def _met(sitting: BranchSitting | ReviewSitting) -> Mapping[str, Any]:
    return {"day": sitting.day, "due": sitting.due, "present": sitting.present}


def _by(rows: Iterable[Any], key: Callable[[Any], Any]) -> dict[Any, Any]:
    return {key(row): row for row in rows}
