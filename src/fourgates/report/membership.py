"""Whom each count of members takes in (党员计数): everybody on a roster, or those of one standing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

import msgspec

from fourgates.i18n import mark
from fourgates.roster import Member, Roster


class Kind(msgspec.Struct, frozen=True):
    """A count of members: what it is called, by which rule, and whom it takes in."""

    label: str
    rule: str
    takes: Callable[[Member, Roster], bool]


KINDS: Mapping[str, Kind] = {
    "members": Kind(mark("在册党员"), "1.4", lambda _one, _roster: True),
    "full": Kind(mark("正式党员"), "1.4", lambda one, _roster: one.full),
    "probationary": Kind(mark("预备党员"), "1.4", lambda one, _roster: not one.full),
    "stopped": Kind(mark("停止党籍"), "1.4", lambda one, _roster: one.full and not one.normal),
    "suspended": Kind(
        mark("留党察看期内"),
        "1.4",
        lambda one, roster: one.full and one.normal and one.id not in roster.rights,
    ),
    "with_rights": Kind(mark("有推荐权的党员"), "3.2", lambda one, roster: one.id in roster.rights),
}


def taken(kind: str, members: Iterable[Member], roster: Roster) -> tuple[str, ...]:
    """The ids of those whom a count takes in, in the order given."""
    takes = KINDS[kind].takes
    return tuple(one.id for one in members if takes(one, roster))
