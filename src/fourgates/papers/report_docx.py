"""The report as a document (工作报告): the figures of the page, in the form an office sends up.

Chinese only, as such documents are; the sentences about findings are the ones of the page. Every number is the
report's own: nothing is said that was not counted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path

from fourgates.bundle import Head
from fourgates.papers import report_annexes, sentences
from fourgates.papers.abbreviations import abbreviations
from fourgates.papers.files import put
from fourgates.papers.official import Official
from fourgates.papers.people import People
from fourgates.papers.problems import Problem
from fourgates.papers.rolls import Rolls, shown
from fourgates.report.build import build
from fourgates.report.figures import Figure, Report, times
from fourgates.selection import Selection

LONGEST_TITLE = 20  # characters of 2号 in a line
LONGEST_LIST = 2_000  # rows of an annex; what goes beyond stands in the workbooks


def write(
    path: Path,
    selection: Selection,
    people: People,
    *,
    problems: Sequence[Problem],
    oddities: Sequence[Problem],
    answered: Sequence[str],
    head: Head,
) -> None:
    """Write the document to ``path``, whole or not at all; the arguments are those of the page."""
    report = build(selection)
    writer = _Writer(
        report, Rolls(people, selection.facts, shown(report)), abbreviations(selection.facts.register())
    )
    put(path, writer.write(problems, oddities, answered, head))


def _day(when: date) -> str:
    return sentences.day(when, year=True).zh


def _share(figure: Figure) -> str:
    return f"{figure.rate}（{figure.part}/{figure.whole}）"


def _joined(parts: Iterable[str], mark: str = "、") -> str:
    return mark.join(parts)


class _Writer:
    """One document: the chapters in their order."""

    def __init__(self, report: Report, rolls: Rolls, short: dict[str, str]) -> None:
        self._report, self._plan, self._rolls, self._short = report, report.plan, rolls, short
        self._asked = {one.name: one for one in report.structure.asked}
        self._paper = Official(f"{self._plan.selection.title}四关把关情况的报告", self._plan.selection.unit)

    def write(
        self, problems: Sequence[Problem], oddities: Sequence[Problem], answered: Sequence[str], head: Head
    ) -> bytes:
        paper, plan = self._paper, self._plan
        paper.title(
            _titled(f"关于{plan.selection.title}", "四关把关情况的报告"),
            f"（截至{_day(plan.judged_on)}，全程纪实第{head.entries}条）",
        )
        self._opening()
        self._basics()
        self._selection()
        paper.first("二、严把政治标准关")
        self._standard()
        paper.first("三、严把人选结构关")
        self._structure()
        paper.first("四、严把推荐程序关")
        self._procedure()
        paper.first("五、严把廉洁纪律关")
        self._integrity(answered)
        if self._report.decision is not None:
            paper.first("六、县委研究情况")
            self._decision()
        paper.first(f"{'七' if self._report.decision else '六'}、需要说明的事项")
        self._notes(problems, oddities, head)
        annexes = list(report_annexes.annexes(self._report, self._rolls, self._short))
        paper.annexes([one.title for one in annexes])
        paper.signed(plan.selection.unit, _day(plan.judged_on))
        for number, one in enumerate(annexes, start=1):
            paper.annex(number, one.title, one.below)
            paper.table(one.headings, one.rows[:LONGEST_LIST], one.widths)
            if len(one.rows) > LONGEST_LIST:
                paper.note(f"另有{len(one.rows) - LONGEST_LIST}行，见同名工作簿。")
        return paper.content()

    def _opening(self) -> None:
        report, plan = self._report, self._plan
        done = (
            f"形成{len(report.structure.chosen)}人的推荐人选建议名单。"
            if report.structure.slate
            else "目前尚不存在符合人选结构要求的名单，原因见第三部分。"
        )
        self._paper.say(
            f"按照推荐工作方案，我们对党代会代表推荐提名严把政治标准、人选结构、推荐程序、廉洁纪律四个关口，各环节全程纪实、"
            f"逐项认定。{report.units['branches'].part}个党支部提名{report.funnel[3].part}人，"
            f"{report.units['committees'].part}个党（工）委研究上报{report.sent_up.part}人，为分配名额"
            f"{plan.quota.allotted}人的{_tenths(times(report)[0])}倍，其中{len(report.structure.eligible)}人"
            f"通过政治标准、推荐程序、廉洁纪律三关；{done}现将有关情况报告如下。"
        )

    def _basics(self) -> None:
        report, paper, units = self._report, self._paper, self._report.units
        paper.first("一、基本情况")
        paper.second("（一）党组织和党员")
        paper.say(
            f"全县有党（工）委{units['committees'].part}个，其中乡镇{units['township'].part}个、县直"
            f"{units['county_direct'].part}个；党支部{units['branches'].part}个；在册党员{units['members'].part}名，其中正式党员"
            f"{units['full'].part}名、预备党员{units['probationary'].part}名。以{_day(self._plan.selection.reference_date)}为准，"
            f"停止党籍{units['stopped'].part}名、留党察看期内{units['suspended'].part}名没有推荐权，有推荐权的党员"
            f"{units['with_rights'].part}名。"
        )
        paper.second("（二）参与推荐")
        members, organisations = report.members, report.organisations
        paper.say(
            f"党组织参与率{_share(organisations)}，党员参与率{_share(members)}。参与推荐的{members.part}名党员中，"
            + "，".join(f"{one.label}{one.part}名" for one in report.channels)
            + f"；未参与{len(members.people)}名{self._reasons()}。"
            + (
                ""
                if not report.silent
                else f"没有党员参与的党支部{len(report.silent)}个：{_joined(report.silent[:20])}。"
            )
        )
        if report.satisfaction is not None:
            answers = _joined(self._plan.satisfaction.satisfied)
            paper.say(
                f"党员满意度{_share(report.satisfaction)}：收回测评票{report.satisfaction.whole}张，选“{answers}”的"
                f"{report.satisfaction.part}张。"
            )
        else:
            paper.say("满意度测评没有来表，暂无数字。")

    def _reasons(self) -> str:
        why = Counter(
            self._rolls.text(self._report.reasons.get(id_, "")) for id_ in self._report.members.people
        )
        if not why:
            return ""
        told = (f"{text or '没有写原因'}{count}名" for text, count in why.most_common(8))
        return f"（{_joined(told, '，')}）"

    def _selection(self) -> None:
        report, plan, paper = self._report, self._plan, self._paper
        to, by = times(report)
        bound = plan.quota.more_than_times * plan.quota.allotted
        paper.second("（三）逐级遴选")
        paper.say(
            f"各党支部有效推荐会议提名{report.funnel[2].part}人次、{report.funnel[3].part}人；各党（工）委集体研究，上报"
            f"{report.sent_up.part}人，扩大到分配名额{plan.quota.allotted}人的{_tenths(to)}倍"
            + (
                f"（比分配名额增加{report.sent_up.part - plan.quota.allotted}人，扩大了{_tenths(by)}倍）"
                if by
                else ""
            )
            + f"，{'达到' if report.more_than_times else '没有达到'}超过{plan.quota.more_than_times}倍即超过{bound}人的要求。"
        )
        paper.caption("逐级遴选情况")
        paper.table(
            ("层级", "数量", "占上一级"),
            [
                (one.label, one.part, "—" if one.whole is None else f"{one.rate}（{one.part}/{one.whole}）")
                for one in report.funnel
            ],
            (76, 24, 56),
            centred=1,
        )

    def _standard(self) -> None:
        report, rule, paper = self._report, self._plan.standard, self._paper
        paper.say(
            f"政治标准在先，对上报的{len(report.people)}人逐一考察{_joined(rule.ratings)}，各项评价均须在“"
            f"{rule.rating_at_least}”以上，{len(rule.conditions)}个条件全部具备，认可票不少于收回票的"
            f"{sentences.share(rule.recognition_at_least)}，有“两面人”情形的一律不通过，评价须写明事实依据。一项不达到，其他方面不能弥补。"
        )
        waiting = len(report.people) - report.standard.part - len(report.standard_not_met)
        paper.say(
            f"经考察，{report.standard.part}人达到，{len(report.standard_not_met)}人未达到"
            + (f"，{waiting}人尚无考察结果" if waiting else "")
            + "。"
        )
        self._told(
            (
                id_,
                "；".join(
                    sentences.finding(found, self._plan).zh
                    for found in report.people[id_].judged.standard_findings
                    if found.outcome == "not_met"
                ),
            )
            for id_ in report.standard_not_met
        )

    def _told(self, people: Iterable[tuple[str, str]]) -> None:
        """A small table of persons and why, in stroke order; nothing when there are none."""
        why = dict(people)
        if why:
            rows = [
                (self._rolls.entry(id_).printed, self._short[self._report.people[id_].committee], why[id_])
                for id_ in self._rolls.order(why)
            ]
            self._paper.table(("姓名", "党（工）委", "情况"), rows, (34, 44, 78))

    def _structure(self) -> None:
        report, plan, paper = self._report, self._plan, self._paper
        each = plan.structure.per_committee_at_most
        paper.say(
            f"县级名单{plan.quota.county_list}人，从通过其他三关的{len(report.structure.eligible)}人中产生"
            + (f"，每个党（工）委不多于{each}人" if each else "")
            + "。下限折算向上取整，上限向下取整。"
        )
        if report.structure.slate is not None:
            branches, members = report.structure.slate.support[:2]
            paper.say(
                f"在全部符合要求的名单中，按推荐的党支部数、再按党员数最多，得出{len(report.structure.chosen)}人的建议名单，"
                f"背后共有{branches}个党支部次、{members}名党员次推荐。各项结构要求均已满足。"
            )
        elif not report.structure.eligible:
            paper.say(
                f"目前没有可列入名单的人：上报的{len(report.people)}人中，{len(report.integrity_not_met)}人被否决，"
                f"{len(report.integrity_pending)}人待定，须先办结未了事项。"
            )
        elif report.structure.conflict is not None:
            self._conflict()
        paper.caption("人选结构情况")
        paper.table(
            ("要求", "折合人数", "可选人数", "建议名单", *(("县委决定",) if report.decision else ())),
            [
                (
                    sentences.asked(one.share).zh,
                    "，".join(
                        f"{words}{bound}"
                        for words, bound in (("至少", one.at_least), ("至多", one.at_most))
                        if bound is not None
                    ),
                    one.available,
                    "—" if one.proposed is None else one.proposed,
                    *((one.decided,) if report.decision else ()),
                )
                for one in report.structure.asked
            ],
            (60, 24, 24, 24, 24) if report.decision else (66, 30, 30, 30),
            centred=1,
        )

    def _conflict(self) -> None:
        conflict = self._report.structure.conflict
        if conflict is None:
            return
        clashes = (
            "；".join(sentences.rule(one, self._asked).zh for one in clash.rules)
            for clash in conflict.clashes
        )
        self._paper.say("不存在符合全部要求的名单。下列要求不能同时满足：")
        for number, clash in enumerate(clashes, start=1):
            self._paper.say(f"{number}．{clash}。")
        for place, change in enumerate(conflict.changes[:3]):
            said = "；".join(sentences.loosened(one, self._asked).zh for one in change.loosened)
            self._paper.say(f"{'或者' if place else '最小的调整是'}：{said}。")

    def _procedure(self) -> None:
        report, paper = self._report, self._paper
        words = self._plan.procedure.words
        steps = (
            *(words[one] for one in ("plan", "training", "mobilisation", "warning_education")),
            "推荐提名",
        )
        paper.say(
            f"要求各党（工）委{_joined(steps)}、{words['committee_review']}环节齐全、时限不超、先后不乱，警示教育在前，每个有"
            f"推荐权党员的党支部都召开有效的推荐会议。经逐一核对，{report.procedure.whole}个党（工）委中"
            f"{report.procedure.part}个符合"
            + (
                "，没有缺漏、倒置或者超出时限的环节。"
                if report.procedure.part == report.procedure.whole
                else f"，{len(report.committees) - report.procedure.part}个有偏离，其人选不列入名单："
            )
        )
        for one in report.committees:
            if one.deviations:
                said = [sentences.deviation(found, self._short[found.unit]).zh for found in one.deviations]
                more = f"；等{len(said)}处" if len(said) > 10 else ""
                paper.say(f"{self._short[one.unit.name]}：{_joined(said[:10], '；')}{more}。")

    def _integrity(self, answered: Sequence[str]) -> None:
        report, rule, paper = self._report, self._plan.integrity, self._paper
        silent = [name for name in rule.departments if name not in answered]
        paper.say(
            f"对上报的{len(report.people)}人逐人核查，逐一征求{_joined(rule.departments)}等"
            f"{len(rule.departments)}个部门意见，已回函{len(answered)}个"
            + (f"，没有回函的有{_joined(silent)}" if silent else "")
            + f"。以{_day(self._plan.judged_on)}的情况认定，不回不算同意，不适用不算通过，有一种否决情形即不列入。"
        )
        bars = [f"{one.label}{one.part}人" for one in report.bars if one.part]
        paper.say(
            f"经核查，{report.integrity.part}人通过，{len(report.integrity_not_met)}人被否决"
            + (f"（{_joined(bars)}，一人可有几种情形）" if bars else "")
            + (f"，{len(report.integrity_pending)}人待定" if report.integrity_pending else "")
            + "。"
        )
        self._told(
            (id_, _joined(report.people[id_].judged.integrity.bars)) for id_ in report.integrity_not_met
        )
        if report.integrity_pending:
            paper.caption("待定人选的未了事项")
            self._told(
                (id_, _joined(report.people[id_].judged.integrity.pending))
                for id_ in report.integrity_pending
            )

    def _decision(self) -> None:
        found, paper = self._report.decision, self._paper
        if found is None:
            return
        for sitting in found.sittings:
            paper.say(
                f"{_day(sitting.day)}县委召开会议研究，应到委员{sitting.due}人，实到{sitting.present}人，决定上报"
                f"{sum(vote.up for vote in sitting.votes)}人。"
            )
        if found.judged.lawful:
            paper.say("经核对，会议、票数、人选和结构均符合规定。")
        else:
            said = sentences.unlawful(found, self._asked, self._plan.quota.county_list)
            paper.say(f"经核对，决定不符合规定：{_joined((one.zh for one in said), '；')}。")
        names = (self._rolls.told_apart(id_) for id_ in self._rolls.order(found.judged.people))
        paper.say(f"决定上报的{len(found.judged.people)}人（按姓氏笔画为序）：{_joined(names)}。")
        if self._report.structure.slate is not None:
            same = not found.added and not found.left_out
            paper.say(
                "决定名单与建议名单相同。"
                if same
                else f"与建议名单相比，增加{self._names(found.added)}，减少{self._names(found.left_out)}。"
            )

    def _names(self, ids: Sequence[str]) -> str:
        return f"{len(ids)}人" + (
            f"（{_joined(self._rolls.told_apart(id_) for id_ in self._rolls.order(ids))}）" if ids else ""
        )

    def _notes(self, problems: Sequence[Problem], oddities: Sequence[Problem], head: Head) -> None:
        paper = self._paper
        paper.second("（一）统计口径")
        for number, reading in enumerate(self._plan.rulebook.readings, start=1):
            paper.say(f"{number}．{reading}")
        paper.second("（二）来表问题")
        paper.say(
            f"来表有问题{len(problems)}处，逐条列在“problems.xlsx”，涉及的数字以改正后为准；另有提示{len(oddities)}条，不影响结果。"
            if problems
            else f"来表没有问题；有提示{len(oddities)}条，不影响结果。"
        )
        paper.second("（三）全程纪实")
        paper.say(
            f"本报告的每个数字都能由全程纪实重新算出。纪实共{head.entries}条，用“fourgates verify record”核验，"
            "成立时得出同样的条数和封印。最后一条的封印是："
        )
        paper.note(" ".join(head.head[at : at + 8] for at in range(0, len(head.head), 8)))


def _titled(about: str, what: str) -> str:
    """A title broken by sense: before what it is, or before a bracket where the line would be too long for that."""
    head, bracket, tail = about.partition("（")
    if len(about) <= LONGEST_TITLE or not bracket:
        return f"{about}\n{what}"
    return f"{head}\n{bracket}{tail}{what}"


def _tenths(value: tuple[int, int] | None) -> str:
    return "—" if value is None else f"{value[0]}.{value[1]}"
