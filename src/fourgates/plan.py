"""The plan in force (工作方案): the rulebook, overlaid by what the organisation decided for this selection.

A rulebook is data shipped with a version; ``plan.toml`` overrides its defaults. The whole of it is one entry of the
record, so that a rule changed later never rewrites a past decision.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from datetime import date
from fractions import Fraction
from typing import Annotated, Literal

import msgspec

from fourgates import arrangements, canon
from fourgates.arrangements import (
    Boxes,
    Consultation,
    Count,
    Hearing,
    Marking,
    Meetings,
    Notice,
    Retention,
    Seals,
    Signals,
    Table,
    Text,
)
from fourgates.days import Window
from fourgates.errors import Refused

NONE = Fraction(0)
Step = Literal[
    "plan",
    "training",
    "mobilisation",
    "warning_education",
    "nomination",
    "committee_review",
    "vetting",
    "county_review",
]


class Head(Table, frozen=True):
    """What is selected, by whom, under which rulebook, on which day rights are judged; ``seed`` for drawing lots, where
    one was drawn in public (otherwise the digest of the plan itself serves: it is published before any name is)."""

    id: Text
    title: Text
    unit: Text
    rulebook: Text
    reference_date: date
    seed: str = ""


class Quota(Table, frozen=True):
    """Names allotted 推荐名额, how many times as many the committees together must exceed, and the list's length."""

    allotted: Annotated[int, msgspec.Meta(ge=1, le=100_000)]
    more_than_times: Count
    county_list: Annotated[int, msgspec.Meta(ge=1, le=100_000)]


class Windows(Table, frozen=True):
    """First and last day of each step, both included."""

    plan: Window
    training: Window
    mobilisation: Window
    warning_education: Window
    nomination: Window
    committee_review: Window
    vetting: Window
    county_review: Window


class Participation(Table, frozen=True):
    """Channels by which a member takes part, the word for not taking part, and who is in the denominator."""

    channels: tuple[Text, ...]
    absent: Text
    counts_probationary: bool


class Satisfaction(Table, frozen=True):
    """Options of the satisfaction question and which of them count as satisfied."""

    options: tuple[Text, ...]
    satisfied: tuple[Text, ...]


class Nomination(Table, frozen=True):
    """Share of the members due who must be present at a branch meeting (not fewer than)."""

    quorum_at_least: Fraction


class Review(Table, frozen=True):
    """A committee's or the county's meeting: present over due, and votes for over due, both strictly more than."""

    quorum_more_than: Fraction
    votes_more_than: Fraction


class Procedure(Table, frozen=True):
    """The steps a committee must show, in their order, and the word each has on the form (环节)."""

    words: Mapping[str, str]
    other_words: tuple[Text, ...]


class Condition(Table, frozen=True):
    """One of the ordered conditions; ``text`` is filled in by the operator and is empty until then."""

    label: Text
    text: str = ""


class Standard(Table, frozen=True):
    """The political standard: the scale, best first, what is rated, the conditions, and the recognition needed."""

    scale: tuple[Text, ...]
    ratings: tuple[Text, ...]
    rating_at_least: Text
    recognition_at_least: Fraction
    conditions: tuple[Condition, ...]


class Punishment(Table, frozen=True):
    """Months without rights (留党察看) and months of the effect period (影响期), both counted from the day of approval."""

    kind: Text
    without_rights: Count
    effect: Count


class Opinions(Table, frozen=True):
    """What a department may answer, and what each word means."""

    clear: tuple[Text, ...]
    objection: tuple[Text, ...]
    open: tuple[Text, ...]
    not_applicable: tuple[Text, ...]

    def words(self) -> tuple[str, ...]:
        """Every word that may stand in a reply."""
        return (*self.clear, *self.objection, *self.open, *self.not_applicable)


class Check(Table, frozen=True):
    """One of the checks (四必): its name on the form, what its results mean, the bar a barring result raises, whether it
    must be dated inside the vetting window, and the ground on which it may be not applicable."""

    name: Text
    clear: tuple[Text, ...]
    barring: tuple[Text, ...]
    bar: Text
    dated: bool
    not_applicable: tuple[Text, ...] = ()
    ground: Literal["never", "no_file", "not_reportable"] = "never"

    def words(self) -> tuple[str, ...]:
        """Every word that may stand as this check's result."""
        return (*self.clear, *self.barring, *self.not_applicable)


class Integrity(Table, frozen=True, omit_defaults=True):
    """The bars in their order, the checks, the departments asked one by one and what they may answer, punishments;
    ``numbers_to``: the departments whose letter carries citizen numbers because they cannot answer without."""

    bars: tuple[Text, ...]
    standard_bar: Text
    department_bar: Text
    effect_bar: Text
    checks: tuple[Check, ...]
    departments: tuple[Text, ...]
    opinions: Opinions
    punishments: tuple[Punishment, ...]
    numbers_to: tuple[Text, ...] = ()

    def punishment(self, kind: str) -> Punishment:
        """The punishment called ``kind``; ``Refused`` (rule 8.6) when the rulebook has none of that name."""
        for punishment in self.punishments:
            if punishment.kind == kind:
                return punishment
        raise Refused("8.6", "规则中没有处分种类“{kind}”", kind=kind)


class Share(Table, frozen=True):
    """A bound on how many of the list bear ``tag``: a count ``"2"``, a share ``"60%"`` or ``"1/3"``, or ``"members"``:
    the share of the tag among full members. A minimum rounds up, a maximum rounds down."""

    tag: Text
    at_least: str | None = None
    at_most: str | None = None


class Structure(Table, frozen=True):
    """The shares of the county's list, the partition every person falls into, the tags one may bear."""

    partition: tuple[Text, ...]
    tags: tuple[Text, ...]
    roster_tags: tuple[Text, ...]
    share: tuple[Share, ...]
    per_committee_at_most: Annotated[int, msgspec.Meta(ge=1)] | None = None


class Version(Table, frozen=True):
    """Which rulebook this is and the readings it takes where the sources leave a choice (shown in every report)."""

    id: Text
    version: Text
    title: Text
    title_en: Text
    readings: tuple[Text, ...]
    readings_en: tuple[Text, ...]


ROSTER_TAGS = ("女", "少数民族")
"""The tags a roster can bear (性别、民族): what a share of ``members`` may be measured by."""

COMMITTEE_STEPS: tuple[Step, ...] = (
    "plan",
    "training",
    "mobilisation",
    "warning_education",
    "committee_review",
)
"""The steps the procedure gate looks for on the form: each needs its word (环节)."""


class Plan(Table, frozen=True, omit_defaults=True):
    """The whole rulebook in force for one selection."""

    rulebook: Version
    selection: Head
    quota: Quota
    windows: Windows
    participation: Participation
    satisfaction: Satisfaction
    nomination: Nomination
    review: Review
    procedure: Procedure
    standard: Standard
    integrity: Integrity
    structure: Structure
    marking: Marking = Marking()
    meetings: Meetings = Meetings()
    consultation: Consultation = Consultation()
    hearing: Hearing = Hearing()
    notice: Notice = Notice()
    boxes: Boxes = Boxes()
    signals: Signals = Signals()
    seals: Seals = Seals()
    retention: Retention = Retention()

    @property
    def seed(self) -> str:
        """The published seed of every lot: the plan's own, or the digest of the plan as adopted."""
        return self.selection.seed or canon.digest(canon.spell(self))

    @property
    def judged_on(self) -> date:
        """The day on which the integrity gate is judged: the first day of the county's review."""
        return self.windows.county_review.first


def check(plan: Plan) -> None:
    """Raises ``Refused`` (rule 1.0) when the plan contradicts itself."""
    for field in msgspec.structs.fields(Windows):
        window: Window = getattr(plan.windows, field.name)
        if window.last < window.first:
            raise Refused("1.0", "方案中{step}的截止日早于开始日", step=field.name)
    if plan.standard.rating_at_least not in plan.standard.scale:
        raise Refused("1.0", "方案中评价等次“{rating}”不在等次表内", rating=plan.standard.rating_at_least)
    for step in COMMITTEE_STEPS:
        if not plan.procedure.words.get(step):
            raise Refused("1.0", "方案没有写明环节{step}在表上的名称", step=step)
    _check_lists(plan)
    for part in (
        plan.nomination.quorum_at_least,
        plan.standard.recognition_at_least,
        plan.review.quorum_more_than,
        plan.review.votes_more_than,
    ):
        if part > 1:
            raise Refused("1.0", "方案中的比例{share}大于1", share=str(part))
    rule = plan.integrity
    if not {rule.standard_bar, rule.department_bar, rule.effect_bar, *(c.bar for c in rule.checks)} <= set(
        rule.bars
    ):
        raise Refused("1.0", "方案中有否决情形不在否决情形表内")
    if not set(rule.numbers_to) <= set(rule.departments):
        raise Refused("1.0", "方案中写明附身份号码的部门不在征求意见的部门之列")
    if not set(plan.consultation.liftable) <= set(rule.bars) - {rule.standard_bar, rule.effect_bar}:
        raise Refused("1.0", "方案中写明可以解除的情形不是可以解除的否决情形")
    channels = {*plan.participation.channels}
    if not {*plan.marking.two_visitors, plan.boxes.channel} <= {*channels, ""}:
        raise Refused("1.0", "方案中票箱或者两人上门的参与方式不在参与方式表内")
    arrangements.check_meetings(plan.meetings)
    if not set(plan.satisfaction.satisfied) <= set(plan.satisfaction.options):
        raise Refused("1.0", "方案中算作满意的选项不在选项表内")
    if len({(share.tag, share.at_least, share.at_most) for share in plan.structure.share}) != len(
        plan.structure.share
    ):
        raise Refused("1.0", "方案中同一条结构要求写了两次")
    if not set(plan.structure.roster_tags) <= set(ROSTER_TAGS):
        raise Refused("1.0", "方案中有名册上没有的类别，名册上只有{known}", known="、".join(ROSTER_TAGS))
    known = {*plan.structure.partition, *plan.structure.tags, *plan.structure.roster_tags}
    for share in plan.structure.share:
        if share.tag not in known:
            raise Refused("1.0", "方案中的结构要求“{tag}”不是已知的类别", tag=share.tag)
        if share.at_least is None and share.at_most is None:
            raise Refused("1.0", "方案中“{tag}”的结构要求没有写上限或下限", tag=share.tag)
        for text in (share.at_least, share.at_most):
            _check_bound(share, text, plan)


def _check_lists(plan: Plan) -> None:
    for what, names in _lists(plan):
        seen: set[str] = set()
        for name in names:
            if name in seen:
                raise Refused("1.0", "方案的{what}中“{name}”写了两次", what=what, name=name)
            seen.add(name)


def _lists(plan: Plan) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Everything in a plan that is found by its name, where a name that stands twice would mean two things."""
    standard, integrity, structure = plan.standard, plan.integrity, plan.structure
    yield "参与方式", (*plan.participation.channels, plan.participation.absent)
    yield "满意度选项", plan.satisfaction.options
    yield "环节", (*plan.procedure.words.values(), *plan.procedure.other_words)
    yield "评价等次", standard.scale
    yield "评价项", standard.ratings
    yield "条件", tuple(condition.label for condition in standard.conditions)
    yield "征求意见的部门", integrity.departments
    yield "附身份号码的部门", integrity.numbers_to
    yield "意见", integrity.opinions.words()
    yield "否决情形", integrity.bars
    yield "核查项", tuple(one.name for one in integrity.checks)
    for one in integrity.checks:
        yield one.name, one.words()
    yield "处分种类", tuple(punishment.kind for punishment in integrity.punishments)
    yield from arrangements.lists(
        plan.marking, plan.meetings, plan.consultation, plan.hearing, plan.notice, plan.boxes, plan.retention
    )
    yield "人选类别", (*structure.partition, *structure.tags, *structure.roster_tags)


def _check_bound(share: Share, text: str | None, plan: Plan) -> None:
    if text is None:
        return
    if text == "members":
        if share.tag not in plan.structure.roster_tags:
            raise Refused("1.0", "方案中“{tag}”不能与党员比例相比：名册中没有这一项", tag=share.tag)
        return
    try:
        value = canon.fraction(text)
    except ValueError:
        raise Refused("1.0", "方案中“{tag}”的结构要求“{text}”读不懂", tag=share.tag, text=text) from None
    if _is_share(text) and value > 1:
        raise Refused("1.0", "方案中“{tag}”的结构要求“{text}”读不懂", tag=share.tag, text=text)


def _is_share(text: str) -> bool:
    return "%" in text or "/" in text


def bound(text: str, of: int, members: Fraction, *, up: bool) -> int:
    """A share's text as a whole number of persons on a list of ``of``: a minimum goes ``up``, a maximum down.

    ``members`` is the share of the tag among full members, used where ``text`` is ``"members"``.
    """
    if text != "members" and not _is_share(text):
        return int(canon.fraction(text))
    exact = (members if text == "members" else canon.fraction(text)) * of
    return math.ceil(exact) if up else math.floor(exact)
