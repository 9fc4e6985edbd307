"""Setting up a box from a record (设箱): who may take part, whom they may name, and a slip for everybody."""

from __future__ import annotations

from typing import NamedTuple

from pypinyin import Style, lazy_pinyin

from fourgates import judging, names
from fourgates.box import codes, sealing
from fourgates.box.place import Place
from fourgates.box.question import Nominee, Question, Voter
from fourgates.box.slips import Slip
from fourgates.box.urn import Code
from fourgates.errors import Refused
from fourgates.facts import Facts
from fourgates.papers.people import People
from fourgates.plan import Plan


class Wish(NamedTuple):
    """What the office decides for this box: its name, until when (UTC to the second), how many names, whether others may be
    written in, whether a nomination may be changed, for which committees (none: all), and what is posted."""

    box: str
    closes: str
    names_at_most: int = 3
    write_in: bool = True
    changeable: bool = False
    committees: tuple[str, ...] = ()
    posted: tuple[str, ...] = ()


VISIT = "上门"


def _visiting(plan: Plan) -> str:
    """What taking part with visitors counts as: a home visit where the plan has one, else as any other through the box."""
    channels = plan.participation.channels
    return VISIT if VISIT in channels else plan.boxes.channel or channels[0]


def initials(name: str) -> str:
    """The pinyin initials of a name and the whole of it, as somebody would type either: ``zw zhangwei``."""
    return f"{''.join(lazy_pinyin(name, style=Style.FIRST_LETTER))} {''.join(lazy_pinyin(name))}".lower()


def asked(facts: Facts, people: People, wish: Wish, key: sealing.Key) -> Question:
    """The question for everybody with rights who has not taken part otherwise; ``Refused`` (B.8) where the names are
    gone or nobody is left to ask."""
    plan, tree, roster = facts.rulebook(), facts.register(), facts.roster()
    committee_of = {
        branch.name: tree.committee_of(branch.name)
        for branch in tree.branches()
        if not wish.committees or tree.committee_of(branch.name) in wish.committees
    }
    absent = set(judging.counted(facts).absent)
    members = [
        member
        for member in roster.members.values()
        if member.id in roster.rights and member.branch in committee_of and member.id in people.people
    ]
    members.sort(key=lambda member: (member.branch, names.sort_key(people.name(member.id)), member.id))
    voters = tuple(
        Voter(member.id, people.name(member.id), member.branch, people.people[member.id].joined)
        for member in members
        if member.id in absent
    )
    if not voters:
        raise Refused("B.8", "没有可以参加的党员：姓名不在，或者都已经参加")
    return Question(
        box=wish.box,
        title=plan.selection.title,
        unit=plan.selection.unit,
        closes=wish.closes,
        public=key.public.hex(),
        channel=plan.boxes.channel or plan.participation.channels[0],
        visit=_visiting(plan),
        names_at_most=wish.names_at_most,
        write_in=wish.write_in,
        changeable=wish.changeable,
        satisfaction=plan.satisfaction.options,
        conditions=tuple(condition.text or condition.label for condition in plan.standard.conditions),
        bars=plan.integrity.bars,
        posted=wish.posted,
        committee_of=committee_of,
        nominees=tuple(
            Nominee(member.id, people.name(member.id), initials(people.name(member.id)), member.branch)
            for member in members
        ),
        voters=voters,
    )


def enrolled(place: Place, question: Question) -> list[Slip]:
    """Draw a code for everybody, put its digest on the roll, and give the slips; the codes are kept nowhere."""
    slips = [Slip(voter.name, voter.branch, codes.draw()) for voter in question.voters]
    urn = place.urn()
    urn.enrol(
        Code(codes.digest(slip.code), voter.id, voter.branch)
        for slip, voter in zip(slips, question.voters, strict=True)
    )
    urn.close()
    return slips
