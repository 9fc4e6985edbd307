"""The shapes of what machines are told and tell (接口数据): no citizen number is in any of them but in what comes in."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

from ninja import Field, Schema

Count = Annotated[int, Field(ge=0, le=10**9)]
Digest = Annotated[str, Field(max_length=64)]
Word = Annotated[str, Field(max_length=200)]
Text = Annotated[str, Field(max_length=2000)]


class No(Schema):
    """Why something was not done: the number of the rule (empty for none), and one sentence."""

    rule: str
    why: str


class Place(Schema):
    """A role of the token's owner in a selection."""

    slug: str
    title: str
    kind: str
    unit: str
    department: str
    rehearsal: bool


class Share(Schema):
    """A figure: what it counts, the part, of how many (null: a plain number), the share as people write it, the rule."""

    key: str
    label: str
    part: int
    whole: int | None
    rate: str
    rule: str


class Opened(Share):
    """A figure with everything behind it: what its rule says and where that comes from, entries, persons and units."""

    says: str
    source: str
    entries: list[int]
    people: list[str]
    units: list[str]


class Overview(Schema):
    """Where a selection stands: entries, the plan, the day its clock shows, the figures of the whole county."""

    entries: int
    head: str
    title: str
    county: str
    today: date
    figures: list[Share]


class CommitteeRow(Schema):
    """A committee: how many of its branches and members took part, names put forward and sent up, deviations."""

    key: str
    name: str
    kind: str
    sector: str
    quota: int
    branches: int
    branches_took_part: int
    members: int
    members_took_part: int
    put_forward: int
    sent_up: int
    deviations: int


class BranchRow(Schema):
    """A branch: members with rights, who took part, names its meetings put forward."""

    key: str
    name: str
    committee: str
    members: int
    took_part: int
    put_forward: int


class PersonRow(Schema):
    """A member as the record knows one: the id, the name where it is still kept, the branch, whether with rights."""

    id: str
    name: str
    branch: str
    rights: bool


class Station(Schema):
    """A station of a person's path: how it went, one sentence, the rule, the entry it rests on (0: none)."""

    station: str
    outcome: str
    sentence: str
    rule: str
    entry: int


class Entry(Schema):
    """An entry as it is told; ``corrects`` the one it takes the place of, ``changed`` what differs."""

    n: int
    at: str
    by: str
    kind: str
    sentence: str
    corrects: int
    changed: str


class Answer(Schema):
    """A department's answer on one person; no word while there is none."""

    person: str
    name: str
    committee: str
    word: str
    day: date | None


class Due(Schema):
    """Something to do next: what, until when, how pressing (late, soon, open, coming)."""

    what: str
    until: date | None
    state: str


class GateCount(Schema):
    """A gate: how many met it, of how many; ``open`` says why there is nothing to count yet, ``figure`` opens it."""

    name: str
    part: int
    whole: int
    figure: str
    open: str


class Marked(Schema):
    """A member with rights: whether and how they took part, on which days, why not, whether the marks contradict each other, and
    whether it is the box that is still open that says so."""

    person: str
    name: str
    took_part: bool
    how: str
    days: str
    why: str
    contradicts: bool
    box: bool


class Calls(Schema):
    """A member who is missing: why, how often they were called, how the last call came out, and when."""

    person: str
    name: str
    why: str
    calls: int
    last: str
    at: datetime | None


class Mark(Schema):
    """A mark of one member: by which source, which channel."""

    source: str
    channel: str


class Contradiction(Schema):
    """A member whose marks contradict each other, and the channel that was proposed (empty: none was)."""

    person: str
    name: str
    branch: str
    marks: list[Mark]
    proposed: str


class Handed(Schema):
    """What one unit was handed: the exact share, the whole number of it, the adjustment, what it has in the end."""

    key: str
    unit: str
    share: str
    split: int
    adjusted: int
    number: int


class Wanting(Schema):
    """A requirement at the unit's own number: how many have the tag, how many are wanting or too many."""

    tag: str
    have: int
    wanting: int
    over: int


class Allotment(Schema):
    """What a unit has to hand down or to fill (null: nobody gave it anything), what it handed down, how far it is from the
    structure."""

    unit: str
    has: int | None
    handed: list[Handed]
    gaps: list[Wanting]


class MeetingRow(Schema):
    """A meeting: of which unit and kind, when, members due and present and how many must be (null: not taken yet), motions,
    how far it has come."""

    meeting: str
    key: str
    unit: str
    kind: str
    day: date
    time: str
    due: int | None
    present: int | None
    needed: int | None
    motions: int
    cancelled: bool
    signed: bool
    state: str


class Motion(Schema):
    """What was put to the vote, and whom it is about (empty: nobody)."""

    text: str
    person: str
    votes_for: int
    against: int
    abstained: int


class Minuted(MeetingRow):
    """A meeting with everything of it: where, the items, who came, the votes."""

    place: str
    items: list[str]
    people: list[str]
    votes: list[Motion]


class Standing(Schema):
    """Somebody who may stand on the list, with support and tags, whether proposed and whether decided."""

    person: str
    name: str
    committee: str
    tags: list[str]
    branches: int
    members: int
    proposed: bool
    decided: bool


class List(Schema):
    """The list: its size, who may stand on it (the proposed first), the entry of the proposal (0: none), whether that is still
    of those who may stand, why there is none, and the decision (null: none) with the rules it breaks."""

    size: int
    people: list[Standing]
    entry: int
    current: bool
    conflict: list[str]
    decided: list[str] | None
    broken: list[str]


class NoticeRow(Schema):
    """A public notice: from which day, to the end of which, ended when, persons, cases and those still open."""

    notice: str
    start: date
    last: date
    ended: date | None
    people: list[str]
    cases: int
    open: int
    clock: str


class CaseRow(Schema):
    """An objection: about whom, of which category, since when, by when, what was found, how far it is. Nobody's name is in it."""

    case: str
    person: str
    category: str
    day: date
    due: date
    upheld: bool | None
    answered: date | None
    state: str


class Clock(Schema):
    """A department: asked when, due when (null: not asked), about how many, answered how many, whether the day is over."""

    department: str
    asked: date | None
    due: date | None
    people: int
    answered: int
    late: bool


class Bar(Schema):
    """A bar against a person: whether it stands, told when, answered when, reviewed how, lifted when."""

    bar: str
    stands: bool
    told: date | None
    answered: date | None
    outcome: str
    lifted: date | None


class Departure(Schema):
    """Where a committee departs from the procedure: the rule, the step, which unit, a sentence, how to mend it."""

    committee: str
    unit: str
    rule: str
    step: str
    sentence: str
    mend: str


class Held(Schema):
    """A step of a committee: its first day (null: not held), and whether it departs from the procedure."""

    step: str
    first: date | None
    deviates: bool


class Steps(Schema):
    """A committee with its steps, in their order."""

    committee: str
    steps: list[Held]


class Question(Schema):
    """What a supervisor may ask about: the sentence, what could explain it, the first entries it was seen in."""

    sentence: str
    explanations: list[str]
    entries: list[int]


class Looked(Schema):
    """A look at a masked number: when, who, whose (empty: everybody's), why; never the number."""

    at: datetime
    who: str
    person: str
    reason: str


class Paper(Schema):
    """A kind of document, and what there is one for now: key and name of each."""

    kind: str
    title: str
    signed: bool
    about: list[tuple[str, str]]


class Numbered(Schema):
    """Entries that were recorded, by their numbers."""

    entries: list[int]


class Named(Schema):
    """A person put forward, by id or by citizen number, and how many members put the name forward."""

    person: Digest
    members: Count


class Sitting(Schema):
    """One meeting of a branch: day, members due and present, names put forward."""

    day: date
    due: Count
    present: Count
    names: Annotated[list[Named], Field(max_length=500)]


class Nominations(Schema):
    """Everything a branch put forward; it takes the place of what it filed before."""

    sittings: Annotated[list[Sitting], Field(max_length=20)]


class Reply(Schema):
    """An answer on one person, by id or by citizen number: the word of the rulebook, the day, an explanation."""

    person: Digest
    word: Word
    day: date | None = None
    note: Text = ""


class Replies(Schema):
    """Answers of a department; those on other persons stay as they were."""

    opinions: Annotated[list[Reply], Field(max_length=2000)]


class Upload(Schema):
    """An upload of workbooks: how far it is, what was said, and once it was looked at what it comes to."""

    number: int
    state: str
    said: str
    done: int
    of: int
    entries: int | None
    results: int | None
    problems: int | None
    entered: int | None
    where: str
