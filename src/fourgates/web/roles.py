"""The kinds of role (岗位类别) and what each is called; every one is valid inside its own part of the tree."""

from __future__ import annotations

from collections.abc import Mapping

from fourgates.i18n import mark

COUNTY, COMMITTEE, BRANCH = "county", "committee", "branch"
DEPARTMENT, SUPERVISOR, OBSERVER = "department", "supervisor", "observer"
KINDS = (COUNTY, COMMITTEE, BRANCH, DEPARTMENT, SUPERVISOR, OBSERVER)
WHOLE = (COUNTY, SUPERVISOR)
"""Kinds of role that see the whole county."""
WITHIN = (COUNTY, COMMITTEE, BRANCH, SUPERVISOR)
"""Kinds of role that see units: all of them, or their own part of the tree."""
WORDS: Mapping[str, str] = {
    COUNTY: mark("县委组织部"),
    COMMITTEE: mark("党委经办人"),
    BRANCH: mark("支部书记"),
    DEPARTMENT: mark("征求意见部门"),
    SUPERVISOR: mark("纪检监督"),
    OBSERVER: mark("观察员"),
}
