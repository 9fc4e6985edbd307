"""A box is opened, extended on a stated ground, and closed with two documents (票箱)."""

from __future__ import annotations

from typing import Annotated, ClassVar

import msgspec

from fourgates.ballots import Paper, Part
from fourgates.events.written import Digest, Id, Keyed, Written

Moment = Annotated[
    str, msgspec.Meta(pattern="^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$", max_length=20)
]


class BoxOpened(Written, frozen=True):
    """A box was opened for branches: how many names, write-ins, satisfaction, until when (UTC), changeable or not."""

    about: ClassVar[tuple[str, ...]] = ("box",)
    box: Id
    branches: tuple[str, ...]
    names_at_most: int
    write_in: bool
    satisfaction: bool
    until: Moment
    changeable: bool
    corrects: int = 0


class BoxExtended(Written, frozen=True):
    """A box that was down at its deadline stays open until later, on a ground of the rulebook; ``by`` decided it."""

    about: ClassVar[tuple[str, ...]] = ("box",)
    box: Id
    until: Moment
    ground: str
    note: Keyed
    by: Keyed
    corrects: int = 0


class BoxClosed(Written, frozen=True):
    """A box was closed: ``document`` holds who took part, ``papers`` what was named, as many of each; ``published``: the
    document everybody may see, tag and seal of every paper (none in a record made before there was one)."""

    about: ClassVar[tuple[str, ...]] = ("box",)
    box: Id
    at: Moment
    document: Digest
    papers: Digest
    took_part: int
    corrects: int = 0
    published: str = ""


class PartsDocument(msgspec.Struct, frozen=True):
    """First document of ``BoxClosed``: who took part, ordered by id."""

    parts: tuple[Part, ...]


class PapersDocument(msgspec.Struct, frozen=True):
    """Second document of ``BoxClosed``: what was named, ordered by tag."""

    papers: tuple[Paper, ...]


class PublishedDocument(msgspec.Struct, frozen=True):
    """Third document of ``BoxClosed``: tag and seal of every paper, ordered by tag."""

    papers: tuple[tuple[str, str], ...]


Claim = BoxOpened | BoxExtended | BoxClosed
