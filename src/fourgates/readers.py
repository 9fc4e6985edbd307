"""Who may read what of a record (读者), as one table: lines by their kind, documents by the kind that names them.

What stands in no table is for the upper level alone: a kind that is new is withheld until somebody says otherwise.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, NamedTuple

from fourgates import events
from fourgates.errors import Refused
from fourgates.events import Event

Seen = Literal["everybody", "department", "person", "superior"]

LINES: Mapping[type, Seen] = {
    events.PlanAdopted: "everybody",
    events.UnitsEntered: "everybody",
    events.RosterEntered: "superior",
    events.SanctionsEntered: "superior",
    events.SeatsAllotted: "everybody",
    events.StepsRecorded: "everybody",
    events.ParticipationMarked: "superior",
    events.SatisfactionAsked: "superior",
    events.MemberMarked: "superior",
    events.ConflictSettled: "superior",
    events.MeetingCalled: "everybody",
    events.AttendanceTaken: "superior",
    events.MotionVoted: "superior",
    events.MinutesSigned: "everybody",
    events.NominationsFiled: "everybody",
    events.CommitteeReviewed: "everybody",
    events.CountyDecided: "everybody",
    events.PersonDescribed: "person",
    events.StandardAssessed: "person",
    events.ChecksDone: "person",
    events.DepartmentAsked: "department",
    events.DepartmentReminded: "department",
    events.RepliesReceived: "department",
    events.ReplyEnclosed: "department",
    events.BarLifted: "person",
    events.ConcernNotified: "person",
    events.ConcernAnswered: "person",
    events.ConcernReviewed: "person",
    events.NoticePosted: "everybody",
    events.ObjectionReceived: "superior",
    events.ObjectionAssigned: "superior",
    events.ObjectionFound: "superior",
    events.ObjectionAnswered: "superior",
    events.NoticeEnded: "everybody",
    events.BoxOpened: "everybody",
    events.BoxExtended: "everybody",
    events.BoxClosed: "superior",
    events.Withdrawn: "everybody",
    events.PeopleKept: "everybody",
    events.FactsSealed: "everybody",
    events.PersonErased: "person",
    events.RetentionEnded: "everybody",
    events.RightsJudged: "everybody",
    events.ParticipationCounted: "everybody",
    events.TallyCounted: "everybody",
    events.NamesCarriedUp: "everybody",
    events.ProcedureJudged: "everybody",
    events.PersonJudged: "person",
    events.EligibleJudged: "everybody",
    events.ListProposed: "everybody",
    events.ListImpossible: "everybody",
    events.DecisionJudged: "everybody",
}
"""Who is shown a line. ``department`` and ``person``: whom it is about, beside the upper level. A line that names a document
of persons is withheld with it: of few persons the document could be guessed, and its digest would say when it was right."""

DOCUMENTS: Mapping[type, Seen] = {
    events.UnitsEntered: "everybody",
    events.RightsJudged: "everybody",
    events.FactsSealed: "everybody",
}
"""Who is shown the documents a line names."""


class Reader(NamedTuple):
    """For whom a bundle is made: ``public``, ``superior``, a ``department`` or a ``person`` by name or id."""

    kind: Literal["public", "superior", "department", "person"]
    name: str = ""

    def __str__(self) -> str:
        return f"{self.kind}:{self.name}" if self.name else self.kind

    def sees(self, event: Event) -> bool:
        """Whether this reader is shown the line of ``event``."""
        return self._among(LINES.get(type(event), "superior"), event)

    def reads(self, event: Event) -> bool:
        """Whether this reader is shown the document that ``event`` names."""
        return self.sees(event) and self._among(DOCUMENTS.get(type(event), "superior"), event)

    def _among(self, seen: Seen, event: Event) -> bool:
        if seen == "everybody" or self.kind == "superior":
            return True
        return seen == self.kind and getattr(event, self.kind, None) == self.name


def read(text: str) -> Reader:
    """``public``, ``superior``, ``department:纪检监察`` or ``person:<id>``; ``Refused`` (H.1) otherwise."""
    _kind, _colon, name = text.partition(":")
    named = [Reader("department", name), Reader("person", name)] if name else []
    every: list[Reader] = [Reader("public"), Reader("superior"), *named]
    for reader in every:
        if str(reader) == text:
            return reader
    raise Refused(
        "H.1", "没有“{reader}”这种读者：可以是 public、superior、department:部门、person:编号", reader=text
    )
