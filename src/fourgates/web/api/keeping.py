"""How the record is kept (接口·保管): checkpoints signed and cosigned elsewhere come in; names go when their time is over."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from django.http import HttpRequest
from ninja import Field, Router, Schema

from fourgates import erasing
from fourgates.checkpoints import Kept
from fourgates.i18n import mark
from fourgates.log import checkpoint, note
from fourgates.log import policy as policies
from fourgates.store import signing
from fourgates.web import access, cabinet
from fourgates.web.api.shapes import NO
from fourgates.web.roles import COUNTY

keeping = Router(tags=["keeping"])


class Sealed(Schema):
    """Checkpoints of a copy of the record: its policy (C2SP tlog-policy), and signed notes, each over its first entries."""

    policy: Annotated[str, Field(max_length=note.LARGEST)]
    notes: Annotated[list[Annotated[str, Field(max_length=note.LARGEST)]], Field(max_length=1000)]


class Covered(Schema):
    """The numbers of entries covered by the checkpoints that are new, or were cosigned by more than before."""

    sizes: list[int]


class Ended(Schema):
    """Until which day names are kept, and of how many persons they were destroyed just now (0: none)."""

    until: date
    people: int


@keeping.post(
    "/s/{slug}/checkpoints", response={200: Covered, **NO}, summary=mark("收下签发、联署过的检查点")
)
def take(request: HttpRequest, slug: str, told: Sealed) -> Covered:
    """Keep checkpoints that were signed or cosigned over a copy of this record; it is replayed under them first."""
    room = access.enter(request, slug, (COUNTY,))
    notes = [note.read(one.encode()) for one in told.notes]
    sizes = [checkpoint.read(one.text).size for one in notes]
    coming = Kept(policies.read(told.policy.encode()), dict(zip(sizes, notes, strict=True)))
    return Covered(sizes=signing.take(room.keeper.store, coming))


@keeping.post(
    "/s/{slug}/retention", response={200: Ended, **NO}, summary=mark("保存期满的，删除全部个人信息")
)
def end(request: HttpRequest, slug: str) -> Ended:
    """Destroy all names once the day until which they are kept has passed, by the clock of the selection; nothing before."""
    room = access.enter(request, slug, (COUNTY,))
    last, count = erasing.everybody(erasing.Kept(room.keeper), room.today)
    cabinet.sweep(room.row)
    return Ended(until=last, people=count)
