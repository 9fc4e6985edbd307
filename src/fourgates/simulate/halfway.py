"""A county on some day of its selection (某一天): what had come in by the evening of that day, and nothing later."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

import msgspec

from fourgates import canon, events
from fourgates.events import Claim

Documents = Mapping[str, bytes]


def until(
    claims: Iterable[Claim], documents: Documents, day: date
) -> Iterator[tuple[date | None, Claim, Documents]]:
    """Every claim as it stood on ``day``, with the day its last row is about and the document it names.

    Rows of a later day are left out, and a claim none of whose rows was known yet is left out whole; what has no day of its
    own (plan, registers, punishments) was known from the beginning.
    """
    for claim in claims:
        match claim:
            case events.PlanAdopted() | events.SanctionsEntered():
                yield None, claim, {}
            case events.UnitsEntered() | events.RosterEntered():
                yield None, claim, {claim.document: documents[claim.document]}
            case events.StepsRecorded():
                held = tuple(line for line in claim.held if line.day <= day)
                if held:
                    yield max(line.day for line in held), msgspec.structs.replace(claim, held=held), {}
            case events.ParticipationMarked():
                sheet = canon.reader(events.MarksDocument).decode(documents[claim.document])
                marks = tuple(mark for mark in sheet.marks if mark.day is not None and mark.day <= day)
                if marks:
                    content = canon.spell(events.MarksDocument(marks))
                    digest = canon.digest(content)
                    last = max(mark.day for mark in marks if mark.day is not None)
                    yield (
                        last,
                        msgspec.structs.replace(claim, document=digest, marks=len(marks)),
                        {digest: content},
                    )
            case events.NominationsFiled():
                sittings = tuple(sitting for sitting in claim.sittings if sitting.day <= day)
                if sittings:
                    last = max(sitting.day for sitting in sittings)
                    yield last, msgspec.structs.replace(claim, sittings=sittings), {}
            case events.CommitteeReviewed() | events.CountyDecided():
                met = tuple(sitting for sitting in claim.sittings if sitting.day <= day)
                if met:
                    yield (
                        max(sitting.day for sitting in met),
                        msgspec.structs.replace(claim, sittings=met),
                        {},
                    )
            case _:
                # What vetting finds comes after the committees have sent their names up; it is left to those who work on.
                continue
