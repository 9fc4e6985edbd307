"""What one person proposes and a second confirms (一人提出、另一人确认), until then: the ground lies with the texts, sealed."""

from __future__ import annotations

from django.db import transaction
from django.db.models import QuerySet

from fourgates.web import texts
from fourgates.web.access import Room
from fourgates.web.models import Proposal


def waiting(room: Room, kind: str, about: str) -> QuerySet[Proposal]:
    """The proposal of this kind about this, where there is one."""
    return Proposal.objects.filter(selection=room.row, kind=kind, about=about)


def propose(room: Room, kind: str, about: str, ground: str, text: str, **says: object) -> None:
    """Keep a proposal in the place of any before; ``ground`` is the digest of the ``text`` written for it."""
    with transaction.atomic():
        put_aside(room, kind, about)
        fresh = bool(texts.missing(room.row, {ground: text}))
        texts.keep(room.row, {ground: text})
        Proposal.objects.create(
            selection=room.row,
            user=room.user,
            kind=kind,
            about=about,
            says={**says, "ground": ground, "fresh": fresh},
        )


def put_aside(room: Room, kind: str, about: str) -> None:
    """A proposal goes, and what was written for it alone: where an entry says the same, its text stays."""
    for one in waiting(room, kind, about):
        if one.says.get("fresh", True):
            room.row.texts.filter(digest=one.says["ground"]).delete()
        one.delete()
