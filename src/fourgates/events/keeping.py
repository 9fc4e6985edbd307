"""What concerns the record itself: a claim withdrawn, names put away (撤回、人员附件)."""

from __future__ import annotations

from fourgates.events.written import Written


class Withdrawn(Written, frozen=True):
    """What an earlier entry claimed is no longer claimed by anyone: the form is gone or nothing sound is left in it."""

    corrects: int


class PeopleKept(Written, frozen=True):
    """The names behind the ids were put away in a separate document that can be erased; ``people`` of them."""

    document: str
    people: int
