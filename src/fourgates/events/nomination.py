"""Names put forward by branches and studied by committees (推荐提名、党委研究、县委研究)."""

from __future__ import annotations

from typing import ClassVar

from fourgates.events.written import Written
from fourgates.nominations import Sitting as BranchSitting
from fourgates.review import Sitting as ReviewSitting


class NominationsFiled(Written, frozen=True):
    """A branch filed the names its meeting put forward; ``meetings`` names each sitting's recorded meeting, empty for none."""

    about: ClassVar[tuple[str, ...]] = ("branch",)
    branch: str
    sittings: tuple[BranchSitting, ...]
    corrects: int = 0
    meetings: tuple[str, ...] = ()


class CommitteeReviewed(Written, frozen=True):
    """A committee studied the names collectively and voted on each; ``meetings`` as for a branch."""

    about: ClassVar[tuple[str, ...]] = ("committee",)
    committee: str
    sittings: tuple[ReviewSitting, ...]
    corrects: int = 0
    meetings: tuple[str, ...] = ()


class CountyDecided(Written, frozen=True):
    """The county committee decided on the list; ``meetings`` as for a branch."""

    sittings: tuple[ReviewSitting, ...]
    corrects: int = 0
    meetings: tuple[str, ...] = ()


Claim = NominationsFiled | CommitteeReviewed | CountyDecided
