"""The other offices of a rehearsal (其余单位): what each does on its day, invented from a seed; never what somebody did already.

Every unit has a day of its own in each window. On that day or as soon after it as anybody asks it does what it owes; a few let it
lie, so that there is somebody to press. Whoever was sent up is always vetted: nobody could do that instead.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import date, timedelta
from typing import NamedTuple

from fourgates import canon, events, judging, review
from fourgates.days import Window
from fourgates.events import Claim
from fourgates.facts import Facts
from fourgates.gates.integrity import Opinion, Result
from fourgates.gates.procedure import Held
from fourgates.gates.standard import Assessment
from fourgates.nominations import Name, Sitting
from fourgates.participation import Mark, Survey
from fourgates.plan import Plan, Step
from fourgates.simulate.chances import chances, weighted
from fourgates.simulate.course import ABSENT_REASONS, DEEDS
from fourgates.simulate.vetting import EVIDENCE

STEPS: tuple[Step, ...] = ("plan", "training", "mobilisation", "warning_education")
ELSEWHERE, AWAY, FAULTY, OBJECTED = 30, 400, 12, 200
"""One member in so many takes part otherwise than in the meeting, one in so many does not at all; one person in so many is found
wanting, on one in so many a department objects."""
IDLE, IDLE_BRANCH = 30, 200
"""One committee in so many lets a step lie, one department in so many answers late; one branch in so many does not meet."""
SLOWEST, LATE = 5, 2
"""Days that a department takes to answer, at most; and after its last day, where it is late."""

Word = Callable[[str, str], str]
"""Puts a text away under what it is about, and gives its keyed digest."""


class Act(NamedTuple):
    """What an office does: which office, the claim, and the documents it names."""

    by: str
    claim: Claim
    documents: Mapping[str, bytes] = {}


def acts(facts: Facts, day: date, seed: str, people: Collection[str], word: Word) -> Iterator[Act]:
    """What the other offices do by the end of ``day``, each after the facts as they stood before; ``people``: the units and
    departments in whose place somebody sits, who do nothing by themselves."""
    play = _Play(facts, day, seed, people, word)
    for unit in facts.register().committees():
        if unit.name in facts.rosters:
            yield from play.held(unit.name)
            yield from play.nominated(unit.name)
            yield from play.reviewed(unit.name)
    yield from play.surveyed()
    yield from play.vetted()
    yield from play.answered()


class _Play:
    def __init__(self, facts: Facts, day: date, seed: str, people: Collection[str], word: Word) -> None:
        self.facts, self.day, self.seed, self.people, self.word = facts, day, seed, people, word
        self.plan: Plan = facts.rulebook()

    def _day(self, window: Window, *place: str, idle: int = IDLE) -> date | None:
        """The day of its own that a unit has in a window, once it has come; ``None`` before, and for the one in ``idle`` that
        lets it lie."""
        rng = chances(self.seed, "day", *place)
        own = window.first + timedelta(days=rng.randrange((window.last - window.first).days + 1))
        return own if own <= self.day and (not idle or rng.randrange(idle)) else None

    # --- what a committee and its branches owe ------------------------------------------------------------------

    def held(self, committee: str) -> Iterator[Act]:
        """The committee's steps before the nominations, and its study of the names once that was held."""
        if committee in self.people:
            return
        words, there = self.plan.procedure.words, self.facts.steps.get(committee, ())
        lines, before = list(there), date.min
        for step in STEPS:
            day = self._day(getattr(self.plan.windows, step), step, committee)
            if day is not None and not any(line.word == words[step] for line in there):
                day = before = max(day, before)
                due, present = self._attendance(step, committee)
                lines.append(Held(words[step], committee, day, due, present))
        study = words["committee_review"]
        if not any(line.word == study for line in there):
            sittings = self.facts.reviews.get(committee, ())
            lines += [Held(study, committee, one.day, one.due, one.present) for one in sittings]
        if len(lines) > len(there):
            yield Act(committee, events.StepsRecorded(committee, tuple(lines)))

    def _attendance(self, *place: str) -> tuple[int, int]:
        rng = chances(self.seed, "attendance", *place)
        due = rng.randint(9, 13)
        return due, due - rng.randint(0, 2)

    def nominated(self, committee: str) -> Iterator[Act]:
        """The branches' meetings, and how everybody took part."""
        marks, filed = {mark.person: mark for mark in self.facts.marks.get(committee, ())}, list[Act]()
        before = len(marks)
        for unit in self.facts.register().branches(committee):
            due = judging.due(self.facts).get(unit.name, ())
            day = self._day(self.plan.windows.nomination, "nomination", unit.name, idle=IDLE_BRANCH)
            if day is None or not due or unit.name in self.people or unit.name in self.facts.filed:
                continue
            took = {
                id_: self._mark(id_, day) for id_ in due if id_ not in marks and id_ not in self.facts.acts
            }
            marks |= took
            met = self.plan.participation.channels[0]
            present = sum(marks[id_].channel == met for id_ in due if id_ in marks)
            filed.append(self._names(committee, unit.name, day, len(due), present))
        if len(marks) > before:
            document = canon.spell(events.MarksDocument(tuple(marks[id_] for id_ in sorted(marks))))
            digest = canon.digest(document)
            yield Act(
                committee,
                events.ParticipationMarked(committee, digest, len(marks)),
                {digest: document},
            )
        yield from filed

    def _mark(self, id_: str, day: date) -> Mark:
        rng, rule = chances(self.seed, "mark", id_), self.plan.participation
        if not rng.randrange(AWAY):
            return Mark(id_, rule.absent, day, reason=self.word(f"reason:{id_}", rng.choice(ABSENT_REASONS)))
        otherwise = len(rule.channels) > 1 and not rng.randrange(ELSEWHERE)
        return Mark(id_, rng.choice(rule.channels[1:]) if otherwise else rule.channels[0], day)

    def _names(self, committee: str, branch: str, day: date, due: int, present: int) -> Act:
        rng, pool = chances(self.seed, "names", branch), self._pool(committee)
        chosen = weighted(pool, [1 / place for place in range(1, len(pool) + 1)], rng.randint(1, 3), rng)
        names = tuple(
            Name(id_, rng.randint(1, present), self.word(f"merit:{branch}:{id_}", rng.choice(DEEDS)))
            for id_ in (chosen if present else ())
        )
        return Act(branch, events.NominationsFiled(branch, (Sitting(day, due, present, names),)))

    def _pool(self, committee: str) -> list[str]:
        """Whom people think of in a committee, the likeliest first."""
        roster, tree = self.facts.roster(), self.facts.register()
        branches = {unit.name for unit in tree.branches(committee)}
        able = sorted(id_ for id_ in roster.rights if roster.members[id_].branch in branches)
        many = 2 * judging.quotas(self.facts)[committee] + 3
        return chances(self.seed, "pool", committee).sample(able, min(many, len(able)))

    def reviewed(self, committee: str) -> Iterator[Act]:
        """The committee studies the names and sends the best supported up."""
        day = self._day(self.plan.windows.committee_review, "review", committee)
        lines = judging.tallied(self.facts, committee)
        if day is None or not lines or committee in self.people or committee in self.facts.reviews:
            return
        due, present = self._attendance("committee_review", committee)
        quota = judging.quotas(self.facts)[committee]
        votes = []
        for place, line in enumerate(lines[: quota + 3]):
            up = place < quota
            votes_for = present - (place % 2 if up else present - place % 3)
            reason = "" if up else self.word(f"reason:{committee}:{line.person}", "按名额和得票情况研究")
            votes.append(review.Vote(line.person, votes_for, present - votes_for, 0, up, reason))
        sitting = review.Sitting(day, due, present, tuple(votes))
        yield Act(committee, events.CommitteeReviewed(committee, (sitting,)))

    # --- what the county's groups and the departments owe -------------------------------------------------------

    def surveyed(self) -> Iterator[Act]:
        """The satisfaction forms, once the nominations are over."""
        if self.day <= self.plan.windows.nomination.last or self.facts.surveys is not None:
            return
        surveys = []
        for branch in sorted(self.facts.filed):
            returned = sum(sitting.present for sitting in self.facts.filed[branch])
            rest = [0] * (len(self.plan.satisfaction.options) - 1)
            surveys.append(Survey(branch, returned, returned, (returned, *rest)))
        if surveys:
            document = canon.spell(events.SurveysDocument(tuple(surveys)))
            digest = canon.digest(document)
            yield Act("", events.SatisfactionAsked(digest, len(surveys)), {digest: document})

    def vetted(self) -> Iterator[Act]:
        """Who was sent up is described, assessed and checked; nobody who was invented stands under a punishment."""
        if self.facts.sanctions is None and self.day >= self.plan.windows.vetting.first:
            yield Act("", events.SanctionsEntered(()))
        for id_ in judging.sent_up(self.facts):
            day = self._day(self.plan.windows.vetting, "vetting", id_, idle=0)
            if day is None:
                continue
            rng, rule = chances(self.seed, "vetted", id_), self.plan.structure
            if id_ not in self.facts.profiles:
                tags = sorted({rng.choice(rule.tags) for _turn in range(3)} - set(rule.roster_tags))
                part = rng.choice(rule.partition)
                yield Act("", events.PersonDescribed(id_, part, tuple(tags), reports=False, has_file=True))
            if id_ not in self.facts.assessments:
                yield Act("", events.StandardAssessed(id_, self._assessed(id_)))
            if id_ not in self.facts.checks:
                faulty = "" if rng.randrange(FAULTY) else rng.choice(self.plan.integrity.checks).name
                results = {
                    one.name: Result((one.barring if one.name == faulty else one.clear)[0], day)
                    for one in self.plan.integrity.checks
                }
                yield Act("", events.ChecksDone(id_, results, self.word(f"handler:{id_}", "考察组")))

    def _assessed(self, id_: str) -> Assessment:
        rng, rule = chances(self.seed, "assessed", id_), self.plan.standard
        issued, against = rng.randint(20, 60), rng.randint(0, 2)
        return Assessment(
            ratings=tuple(rule.scale[0] for _rating in rule.ratings),
            conditions=tuple(True for _condition in rule.conditions),
            issued=issued,
            returned=issued,
            recognised=issued - against,
            not_recognised=against,
            abstained=0,
            two_faced=False,
            evidence=self.word(f"evidence:{id_}", rng.choice(EVIDENCE)),
        )

    def answered(self) -> Iterator[Act]:
        """The departments that were asked answer, each after some days."""
        words = self.plan.integrity.opinions
        for name, letter in self.facts.asked.items():
            rng = chances(self.seed, "answer", name, str(len(letter.people)))
            late = not rng.randrange(IDLE)
            day = (
                letter.due + timedelta(days=LATE)
                if late
                else letter.day + timedelta(days=rng.randint(1, SLOWEST))
            )
            said = {one.person: one for one in self.facts.replies.get(name, ()) if one.word}
            silent = [id_ for id_ in letter.people if id_ not in said]
            if day > self.day or not silent or name in self.people:
                continue
            handler = {id_: self.word(f"handler:{name}:{id_}", "经办人") for id_ in silent}
            for id_ in silent:
                objected = not chances(self.seed, "objected", name, id_).randrange(OBJECTED)
                note = self.word(f"note:{name}:{id_}", "正在核查") if objected else ""
                one = (words.objection if objected else words.clear)[0]
                said[id_] = Opinion(id_, one, day, note, handler[id_])
            opinions = tuple(said[id_] for id_ in letter.people if id_ in said)
            yield Act(name, events.RepliesReceived(name, opinions))
