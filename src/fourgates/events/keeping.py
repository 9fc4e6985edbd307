"""What concerns the record itself: a claim withdrawn, names put away, sealed and erased (撤回、人员附件、删除)."""

from __future__ import annotations

from datetime import date

from fourgates.events.written import Written


class Withdrawn(Written, frozen=True):
    """What an earlier entry claimed is no longer claimed by anyone: the form is gone or nothing sound is left in it."""

    corrects: int


class PeopleKept(Written, frozen=True):
    """The names behind the ids were put away in a separate document that can be erased; ``people`` of them."""

    document: str
    people: int


class FactsSealed(Written, frozen=True):
    """The personal facts of those put forward were sealed one by one: a salted digest each, in the document."""

    document: str
    people: int


class PersonErased(Written, frozen=True):
    """The names, facts and salts of one person were destroyed, on one of the grounds the rulebook knows."""

    person: str
    ground: str


class RetentionEnded(Written, frozen=True):
    """The names of everybody were destroyed, because the day until which they are kept (``until``) has passed."""

    until: date
    people: int


Keeping = PeopleKept | FactsSealed | PersonErased | RetentionEnded
