"""A record replayed as far as one reader is shown it (节录重算): what is shown is judged, what is withheld is taken as given.

The rules are those of ``selection``. In place of the rosters stands the roll of those who count, in place of vetting the
roll of those who may stand on the list; both are results that who sees everything works out again. What a branch named
in a box, and who came to a meeting that sittings name, is withheld: a result that follows from these and cannot be worked
out without them is taken as given too, and counted.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from fractions import Fraction
from hashlib import sha256
from typing import NamedTuple

import msgspec

from fourgates import canon, events, judging, participation
from fourgates.errors import Broken, Refused
from fourgates.events import Finding
from fourgates.facts import Facts, Given
from fourgates.ledger import FIRST, Chain, Entry
from fourgates.log import tree
from fourgates.participation import Mark
from fourgates.readers import LINES, Reader
from fourgates.roster import MEMBER_TAGS, BranchRoll, Roster
from fourgates.selection import Selection, advance, arm, findings

Line = Entry | bytes
"""An entry that is shown, or the leaf (32 bytes) of one that is withheld."""


def lines(content: Iterable[bytes], leaves: Iterable[bytes], hashing: tree.Hash = sha256) -> list[Line]:
    """What stands on the lines of an extract, each held to its leaf and to the line before it; ``Broken`` where it is not.

    ``content``: a line as sealed, or the leaf in hexadecimal where it is withheld; ``leaves``: every leaf in hexadecimal.
    """
    found: list[Line] = []
    chain = Chain()
    listed = iter(leaves)
    for number, text in enumerate(content, start=1):
        line: Line
        if text.startswith(b"{"):
            line, leaf = chain.read(text), tree.leaf(text, hashing)
        else:
            line = leaf = _leaf(number, text)
            chain.n, chain.head = number, ""
        if next(listed, b"") != leaf.hex().encode():
            raise Broken(number, "H.2", "这一条与它的叶子不符：有改动、缺失或换了位置")
        found.append(line)
    if next(listed, None) is not None:
        raise Broken(len(found) + 1, "H.2", "末尾的条目缺失")
    return found


def _leaf(number: int, text: bytes) -> bytes:
    try:
        leaf = bytes.fromhex(text.decode("ascii"))
    except ValueError:
        leaf = b""
    if len(leaf) != tree.WIDTH or leaf.hex().encode() != text:
        raise Broken(number, "H.2", "这一条既不是条目，也不是叶子")
    return leaf


class Replayed(NamedTuple):
    """Where things stand, and how many results were taken as given because what they follow from is withheld."""

    selection: Selection
    given: int


def follow(content: Iterable[Line], reader: Reader, documents: Mapping[str, bytes]) -> Replayed:
    """Where things stand after these lines, as far as ``reader`` is shown them.

    Raises ``Broken`` with the number of the first line that a rule refuses, whose result is not what the lines before it
    give, or that this reader should not have been shown.
    """
    content = list(content)
    shown = [line for line in content if isinstance(line, Entry)]
    fold = _Fold(shown, documents, whole=reader.kind == "superior")
    for number, line in enumerate(content, start=1):
        if not isinstance(line, Entry):
            continue
        if not reader.sees(line.event):
            raise Broken(number, "H.3", "{reader}不应看到这一条", reader=str(reader))
        try:
            fold.step(line)
        except Refused as refused:
            raise Broken(number, refused.rule, refused.why, **refused.facts) from None
        except Broken as broken:
            raise Broken(broken.entry or number, broken.rule, broken.why, **broken.facts) from None
    return Replayed(replace(fold.state, n=len(content)), fold.given)


FOLDED = (
    events.PlanAdopted,
    events.UnitsEntered,
    events.PeopleKept,
    events.StepsRecorded,
    events.NominationsFiled,
    events.CommitteeReviewed,
    events.CountyDecided,
)
"""The claims that a part is judged by; of the others only that they were made is known."""
RESTING = (
    events.TallyCounted,
    events.NamesCarriedUp,
    events.ProcedureJudged,
    events.EligibleJudged,
    events.ListProposed,
    events.ListImpossible,
    events.DecisionJudged,
)
"""Results that follow from nominations and votes."""


class _Fold:
    """One pass over the lines that are shown; ``given``: the results that were taken as given."""

    def __init__(self, shown: Iterable[Entry], documents: Mapping[str, bytes], *, whole: bool) -> None:
        self.state = Selection()
        self.documents = documents
        self.given = 0
        self._whole = whole
        self._withheld = False
        self._roll: Roster | None = None
        self._eligible: Mapping[str, tuple[str, ...]] | None = None
        # Who may be named is not known before the roll: a claim is judged as if everybody it names could be.
        self._named = BranchRoll("", tuple(_named(shown)), ())

    def step(self, entry: Entry) -> None:
        """One line that is shown."""
        event = entry.event
        if self._whole:
            self._advance(entry)
        elif isinstance(event, Finding):
            self._judge(entry, event)
        elif isinstance(event, events.Withdrawn):
            if event.corrects in self.state.standing.values():
                self._advance(entry)
        elif isinstance(event, events.SeatsAllotted):
            allotted = self.state.facts.allotted.but(event.unit, event.numbers)
            self.state = replace(self.state, facts=self.state.facts.but(allotted=allotted))
        elif isinstance(event, events.BoxOpened):
            self._withheld |= self.state.facts.rulebook().boxes.counts
        elif isinstance(event, FOLDED):
            self._claim(entry)

    def _claim(self, entry: Entry) -> None:
        event = entry.event
        if isinstance(event, events.nomination.Claim):
            self._withheld |= any(event.meetings)
            entry = msgspec.structs.replace(entry, event=msgspec.structs.replace(event, meetings=()))
            rule = self.state.facts.rulebook().integrity
            self._believing(Given(Roster.rolled([self._named], {}, rule), None))
        self._advance(entry)

    def _advance(self, entry: Entry) -> None:
        self.state = advance(self.state, [entry], self.documents)

    def _believing(self, given: Given) -> None:
        self.state = replace(self.state, facts=self.state.facts.but(given=given))

    def _judge(self, entry: Entry, event: Finding) -> None:
        facts = self.state.facts
        if isinstance(event, events.RightsJudged):
            rolls = arm.document(self.documents, event.document, events.RightsDocument, entry.n).branches
            self._roll = _rolled(facts, rolls, event)
            return
        if LINES[type(event)] != "everybody":
            return
        if self._roll is None:
            raise Refused("H.4", "纪实还没有认定计入的党员，不能节录；先重新汇总一次")
        given = Given(self._roll, self._eligible)
        if facts.given is None or (facts.given.roster, facts.given.eligible) != (
            given.roster,
            given.eligible,
        ):
            self._believing(given)
        try:
            self._recompute(entry, event)
        except (Refused, Broken, LookupError, StopIteration):
            if not (self._withheld and isinstance(event, RESTING)):
                raise
            self.given += 1
        results = self.state.results.but(events.subject(event), (entry.n, event))
        self.state = replace(self.state, results=results)

    def _recompute(self, entry: Entry, event: Finding) -> None:
        if isinstance(event, events.EligibleJudged):
            self._eligible = _stand(self.state.facts, event)
        elif isinstance(event, events.ParticipationCounted):
            _took_part(self.state.facts, event)
        else:
            findings.recompute(self.state.facts, event, entry.n, self.documents)


def _named(shown: Iterable[Entry]) -> set[str]:
    return {
        name.person
        for entry in shown
        if isinstance(entry.event, events.NominationsFiled)
        for sitting in entry.event.sittings
        for name in sitting.names
    }


def _rolled(facts: Facts, rolls: tuple[BranchRoll, ...], event: events.RightsJudged) -> Roster:
    """The roster the roll tells; ``Refused`` (0.3) when it cannot be one: a branch nobody knows or twice, a person twice,
    another number of members, more women than members."""
    order = [unit.name for unit in facts.register().branches()]
    branches = [roll.branch for roll in rolls]
    ids = [id_ for roll in rolls for id_ in (*roll.rights, *roll.counted)]
    good = branches == [name for name in order if name in set(branches)]
    good &= len(set(ids)) == len(ids)
    good &= event.people == sum(len(roll.rights) for roll in rolls)
    good &= all(0 <= share.part <= share.whole for share in event.shares.values())
    if not good:
        raise Refused("0.3", "重新计算的结果与记录的{kind}不同", kind=type(event).__name__)
    shares = {tag: Fraction(share.part, share.whole or 1) for tag, share in event.shares.items()}
    return Roster.rolled(rolls, shares, facts.rulebook().integrity)


def _stand(facts: Facts, event: events.EligibleJudged) -> Mapping[str, tuple[str, ...]]:
    """Who may stand on the list with which tags; ``Refused`` (0.3) unless they went up from committees that kept to the
    procedure, each once, and every tag is one the plan knows."""
    sent = judging.sent_up(facts)
    rule = facts.rulebook().structure
    known = {*rule.partition, *rule.tags, *rule.roster_tags, *MEMBER_TAGS}
    ids = [one.person for one in event.people]
    good = ids == sorted(set(ids)) and all(
        one.person in sent and not judging.deviations(facts, sent[one.person]) and set(one.tags) <= known
        for one in event.people
    )
    if not good:
        raise Refused("0.3", "重新计算的结果与记录的{kind}不同", kind=type(event).__name__)
    return {one.person: one.tags for one in event.people}


def _took_part(facts: Facts, event: events.ParticipationCounted) -> None:
    """Participation worked out from the roll and the list of those who did not take part; by which channel the others did
    is withheld, so that its figures are held only to their sum. ``Refused`` (0.3) when it is not what comes out, (2.14)
    where fewer took part by a channel than may be published."""
    rule, roster = facts.rulebook().participation, facts.roster()
    absent = set(event.counted.absent)
    marks = {id_: Mark(id_, rule.channels[0], None) for id_ in roster.members if id_ not in absent}
    found = participation.count(roster, facts.register(), marks, rule)
    said = event.counted
    same = (said.organisations, said.members, said.silent, said.absent) == (
        found.organisations,
        found.members,
        found.silent,
        found.absent,
    )
    told = participation.JOINT.join(said.by_channel).split(participation.JOINT)
    same &= sorted(told) == sorted(rule.channels) and min(said.by_channel.values()) >= 0
    if not same or sum(said.by_channel.values()) != found.members.part:
        raise Refused("0.3", "重新计算的结果与记录的{kind}不同", kind=type(event).__name__)
    if participation.merged(said.by_channel, facts.rulebook().boxes.smallest) != said.by_channel:
        raise Refused("2.14", "有的参与方式人数太少，没有合并，不能公开；先重新认定")


def head(content: Iterable[bytes]) -> str:
    """The seal of the last line, empty where that is withheld."""
    last = FIRST
    for text in content:
        last = canon.digest(text) if text.startswith(b"{") else ""
    return last
