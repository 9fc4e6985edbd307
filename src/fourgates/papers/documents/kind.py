"""A kind of document (文种): what it is called, for whom one is written, what may stand in its template."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import msgspec

from fourgates.papers.documents.ground import Ground
from fourgates.papers.template import Values

COMMON: Mapping[str, str] = {
    "指纹": "the fingerprint; must stand in the footer",
    "题名": "title of the selection",
    "代表": "the delegates selected, such as 甘肃省第十四次党代会代表",
    "县": "the county's short name",
    "单位": "the organisation that runs the selection",
    "基准日": "the day on which rights and ages are judged",
    "年": "the year of the nomination",
    "名额": "names the county may recommend",
    "名单人数": "length of the county's list",
}
"""The places every kind of document has."""


class Kind(msgspec.Struct, frozen=True):
    """One kind: ``key`` at the terminal, ``title`` in Chinese, ``one`` what one document is for, ``subjects`` all of them,
    ``values`` what the record says, ``places`` the names these values stand under (``列表.栏目`` inside a list), ``signed``
    whether people sign it, so that it bears the code of the record's root."""

    key: str
    title: str
    one: str
    subjects: Callable[[Ground], Sequence[str]]
    values: Callable[[Ground, str], Values]
    places: Mapping[str, str]
    names: bool = True
    signed: bool = False

    @property
    def every_place(self) -> Mapping[str, str]:
        """The kind's own places and those of every kind."""
        return {**COMMON, **self.places}


def county(ground: Ground) -> Sequence[str]:
    """One document for the county, called by its committee."""
    return (ground.tree.county,)


def committees(ground: Ground) -> Sequence[str]:
    """One for each committee and working committee."""
    return tuple(ground.committees)


def sent_up(ground: Ground) -> Sequence[str]:
    """One for each person sent up."""
    return tuple(ground.report.people)
