"""The main pages of a selection (主要页面): which tabs each kind of role is shown."""

from __future__ import annotations

from fourgates.i18n import mark
from fourgates.web.access import Room, everywhere
from fourgates.web.roles import BRANCH, COMMITTEE, COUNTY, DEPARTMENT, OBSERVER, SUPERVISOR

TABS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("county", mark("总览"), (COUNTY, SUPERVISOR)),
    ("selection", mark("我的单位"), (COMMITTEE, BRANCH)),
    ("selection", mark("我的名单"), (DEPARTMENT,)),
    ("consultation", mark("征求意见"), (COUNTY, SUPERVISOR)),
    ("meetings", mark("会议"), (COUNTY, SUPERVISOR, COMMITTEE, BRANCH)),
    ("notices", mark("公示"), (COUNTY, SUPERVISOR)),
    ("supervision", mark("监督"), (COUNTY, SUPERVISOR)),
    ("slate", mark("名单"), (COUNTY, SUPERVISOR)),
    ("documents", mark("文书"), (COUNTY, COMMITTEE)),
    ("screen", mark("大屏"), (COUNTY, SUPERVISOR, OBSERVER)),
    ("papers", mark("表册"), (COUNTY,)),
    ("rehearsal", mark("演练"), (COUNTY, SUPERVISOR)),
    ("log", mark("纪实"), (COUNTY, SUPERVISOR, COMMITTEE, BRANCH)),
)
"""Name of the address, label, and the kinds of role that have the tab; in the order they are shown."""


def tabs(room: Room) -> list[tuple[str, str, bool]]:
    """The tabs of a visitor: address, label, and whether it is the page that is shown."""
    match = room.request.resolver_match
    here = match.url_name if match else ""
    kinds = {role.kind for role in everywhere(room.user) if role.selection == room.row}
    desk = "selection" if DEPARTMENT in kinds else "consultation"
    under = {
        "unit": "selection",
        "upload": "papers",
        "department": desk,
        "question": desk,
        "concern": "consultation",
        "door": "consultation",
        "notice": "notices",
        "case": "notices",
        "steps": "supervision",
        "looks": "supervision",
        "erasing": "county",
        "binding": "slate",
        "cascade": "selection",
        "standing": "slate",
    }
    own = under.get(here or "", here)
    return [(name, label, name in (here, own)) for name, label, who in TABS if kinds.intersection(who)]
