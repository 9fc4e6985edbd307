"""The vocabulary of the record (纪实事项): one frozen class each, one sentence each, one module a step.

An entry is a claim: the fold judges it before anything changes (``selection.advance``). A claim carries ``corrects``,
the number of the entry it replaces, 0 for none. A result is worked out again and must be equal. Persons appear by
their keyed ids only; texts that people wrote appear as keyed digests; bulk lies in documents, named by SHA-256.
"""

from __future__ import annotations

from fourgates.events import boxes, meetings, nomination, notice, participation, setting, vetting
from fourgates.events.boxes import (
    BoxClosed,
    BoxExtended,
    BoxOpened,
    PapersDocument,
    PartsDocument,
    PublishedDocument,
)
from fourgates.events.findings import (
    DecisionJudged,
    EligibleJudged,
    Finding,
    ListImpossible,
    ListProposed,
    NamesCarriedUp,
    ParticipationCounted,
    PersonJudged,
    ProcedureJudged,
    RightsDocument,
    RightsJudged,
    Tagged,
    TallyCounted,
)
from fourgates.events.keeping import (
    FactsSealed,
    Keeping,
    PeopleKept,
    PersonErased,
    RetentionEnded,
    Withdrawn,
)
from fourgates.events.meetings import AttendanceTaken, MeetingCalled, MinutesSigned, MotionVoted
from fourgates.events.nomination import (
    CommitteeReviewed,
    CountyDecided,
    NominationsFiled,
)
from fourgates.events.notice import (
    NoticeEnded,
    NoticePosted,
    ObjectionAnswered,
    ObjectionAssigned,
    ObjectionFound,
    ObjectionReceived,
)
from fourgates.events.participation import (
    ConflictSettled,
    MarksDocument,
    MemberMarked,
    ParticipationMarked,
    SatisfactionAsked,
    StepsRecorded,
    SurveysDocument,
)
from fourgates.events.setting import (
    PlanAdopted,
    RosterDocument,
    RosterEntered,
    SanctionsEntered,
    SeatsAllotted,
    UnitsDocument,
    UnitsEntered,
)
from fourgates.events.vetting import (
    BarLifted,
    ChecksDone,
    ConcernAnswered,
    ConcernNotified,
    ConcernReviewed,
    DepartmentAsked,
    DepartmentReminded,
    PersonDescribed,
    RepliesReceived,
    ReplyEnclosed,
    StandardAssessed,
)

__all__ = [
    "Claim",
    "Event",
    "Finding",
    "documents",
    "subject",
    "PlanAdopted",
    "UnitsEntered",
    "RosterEntered",
    "SanctionsEntered",
    "SeatsAllotted",
    "RosterDocument",
    "UnitsDocument",
    "StepsRecorded",
    "ParticipationMarked",
    "SatisfactionAsked",
    "MemberMarked",
    "ConflictSettled",
    "MarksDocument",
    "SurveysDocument",
    "MeetingCalled",
    "AttendanceTaken",
    "MotionVoted",
    "MinutesSigned",
    "NominationsFiled",
    "CommitteeReviewed",
    "CountyDecided",
    "PersonDescribed",
    "StandardAssessed",
    "ChecksDone",
    "DepartmentAsked",
    "DepartmentReminded",
    "RepliesReceived",
    "ReplyEnclosed",
    "BarLifted",
    "ConcernNotified",
    "ConcernAnswered",
    "ConcernReviewed",
    "NoticePosted",
    "ObjectionReceived",
    "ObjectionAssigned",
    "ObjectionFound",
    "ObjectionAnswered",
    "NoticeEnded",
    "BoxOpened",
    "BoxExtended",
    "BoxClosed",
    "PartsDocument",
    "PapersDocument",
    "PublishedDocument",
    "RightsJudged",
    "RightsDocument",
    "ParticipationCounted",
    "TallyCounted",
    "NamesCarriedUp",
    "ProcedureJudged",
    "PersonJudged",
    "EligibleJudged",
    "Tagged",
    "ListProposed",
    "ListImpossible",
    "DecisionJudged",
    "Withdrawn",
    "Keeping",
    "PeopleKept",
    "FactsSealed",
    "PersonErased",
    "RetentionEnded",
]

Claim = (
    setting.Claim
    | participation.Claim
    | meetings.Claim
    | nomination.Claim
    | vetting.Claim
    | notice.Claim
    | boxes.Claim
)
Event = Claim | Finding | Withdrawn | Keeping
_LISTS = (ListProposed, ListImpossible)


def documents(event: Event) -> tuple[str, ...]:
    """The digests of the documents an event names; none for the document of names, which is kept apart."""
    if isinstance(event, PeopleKept):
        return ()
    named = (getattr(event, name, "") for name in ("document", "papers", "published"))
    return tuple(digest for digest in named if digest)


def subject(event: Claim | Finding) -> tuple[str, str]:
    """What an entry is about: its kind and the unit, person or department; a later one about the same replaces it."""
    kind = "List" if isinstance(event, _LISTS) else type(event).__name__
    return kind, " ".join([getattr(event, name) for name in event.about])
