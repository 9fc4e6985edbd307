"""Every record that was ever released replays, for ever: with the same seal, the same standing, the same figures."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from cast import results
from fourgates import bundle, events, judging
from fourgates.events import Event
from fourgates.selection import counted_together

RECORDS = sorted(path.parent for path in (Path(__file__).parent / "records").glob("*/seal.json"))


class Seal(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a released record came to when it was released."""

    entries: int
    head: str
    standing: int
    results: int


@pytest.fixture(params=RECORDS, ids=lambda path: path.name)
def released(request: pytest.FixtureRequest) -> Path:
    return Path(request.param)


def test_there_is_a_released_record() -> None:
    assert RECORDS


def test_a_released_record_still_holds(released: Path) -> None:
    seal = msgspec.json.decode((released / "seal.json").read_bytes(), type=Seal)
    found = bundle.verify(released / "record")
    assert not found.unfinished
    assert (
        Seal(found.head.entries, found.head.head, len(found.selection.standing), len(found.selection.results))
        == seal
    )


def test_a_released_record_comes_to_the_same_results(released: Path) -> None:
    selection = bundle.verify(released / "record").selection
    worked_out = {events.subject(one): one for one in results(selection.facts)}
    for subject, (_number, recorded) in selection.results.items():
        match recorded:
            case events.TallyCounted():
                found = worked_out[subject]
                assert isinstance(found, events.TallyCounted)
                assert sorted(line.person for line in found.lines) == sorted(
                    line.person for line in recorded.lines
                )
            case events.ParticipationCounted():  # before small channels were put together
                assert recorded.counted == judging.counted(selection.facts)
                together = counted_together(selection.facts)
                assert worked_out[subject] == msgspec.structs.replace(recorded, counted=together)
            case events.ListProposed() | events.ListImpossible():
                assert type(worked_out[subject]) is type(recorded)
            case _:
                assert worked_out[subject] == recorded


# Kinds that came after the last release; the record of the next one holds them.
UNRELEASED = {
    "MemberMarked",
    "ConflictSettled",
    "MeetingCalled",
    "AttendanceTaken",
    "MotionVoted",
    "MinutesSigned",
    "DepartmentAsked",
    "DepartmentReminded",
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
    "SeatsAllotted",
    "RightsJudged",
    "EligibleJudged",
    "FactsSealed",
    "PersonErased",
    "RetentionEnded",
}


def test_every_kind_of_entry_was_released() -> None:
    told: set[type[Event]] = {
        type(entry.event) for path in RECORDS for entry, _line in bundle.entries(path / "record")
    }
    assert told == {kind for kind in Event.__args__ if kind.__name__ not in UNRELEASED}
