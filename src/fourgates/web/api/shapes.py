"""The shapes of what machines are told and tell (接口数据): no citizen number is in any of them but in what comes in."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from ninja import Field, Schema

from fourgates.gates.procedure import Deviation
from fourgates.papers import mending
from fourgates.web.models import Job

Count = Annotated[int, Field(ge=0, le=10**9)]
Digest = Annotated[str, Field(max_length=64)]
Word = Annotated[str, Field(max_length=200)]
Text = Annotated[str, Field(max_length=2000)]


class No(Schema):
    """Why something was not done: the number of the rule (empty for none), and one sentence."""

    rule: str
    why: str


NO = dict.fromkeys((401, 404, 409, 422), No)
"""What may be answered instead by every address: no token, nothing there for its owner, a rule's no, not as described."""


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


class Departure(Schema):
    """Where a committee departs from the procedure: the rule, the step, which unit, a sentence, how to mend it."""

    committee: str
    unit: str
    rule: str
    step: str
    sentence: str
    mend: str


def departure(committee: str, one: Deviation) -> Departure:
    """A departure of a committee from the procedure as machines are told it."""
    return Departure(
        committee=committee,
        unit=one.unit,
        rule=one.rule,
        step=one.step,
        sentence=mending.said(one, one.unit),
        mend=mending.mend(one),
    )


class Rule(Schema):
    """A rule: what it says in both languages, its source, the marks of how sure that is, and the figures it counts."""

    number: str
    zh: str
    en: str
    source: str
    mark: str
    figures: list[str]


class Addend(Schema):
    """A row that adds to a figure: a unit with the figure it opens to (``figure`` of the unit with the key ``of``), or a person;
    ``whole``: what it adds to the denominator, where that is a sum of rows."""

    about: str
    person: bool
    part: int
    whole: int | None
    figure: str
    of: str


class Opened(Share):
    """A figure with everything behind it: what its rule says and where that comes from, the rows that add up to it with how many
    the asker may not see, the entry ``n`` it is as of with its time, the day it was judged for, the entries it stands in and
    those it was worked out from."""

    says: str
    source: str
    n: int
    at: str
    day: date | None
    entries: list[int]
    claims: list[int]
    rows: list[Addend]
    hidden: int


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


class Far(Schema):
    """How far a piece of work is: its state (waiting, running, done, refused, lost), what is done or said of it now, how much
    of how much, and how many entries it recorded in the end (null: not yet, or nothing)."""

    number: int
    state: str
    said: str
    done: int
    of: int
    entered: int | None


def far(job: Job) -> Far:
    """How far a job is."""
    entered = (job.result or {}).get("entered")
    return Far(number=job.pk, state=job.state, said=job.sentence, done=job.done, of=job.of, entered=entered)


class Numbered(Schema):
    """Entries that were recorded, by their numbers."""

    entries: list[int]


class Named(Schema):
    """A person put forward, by id or by citizen number, how many members put the name forward, and the main deeds."""

    person: Digest
    members: Count
    merit: Annotated[str, Field(max_length=200)] = ""


class Sitting(Schema):
    """One meeting of a branch: day, members due and present, names put forward, and the name of the meeting on the site where
    it was called there."""

    day: date
    due: Count
    present: Count
    names: Annotated[list[Named], Field(max_length=500)]
    meeting: Digest = ""


class Nominations(Schema):
    """Everything a branch put forward; it takes the place of what it filed before."""

    sittings: Annotated[list[Sitting], Field(max_length=20)]
