"""The oracle: who sees which page and may do what, in tables written by hand, without looking at how the site decides."""

from __future__ import annotations

from dataclasses import dataclass

from fourgates.facts import Facts
from fourgates.web.models import Role

# What each kind of page is for, by the name of its address: the oracle. ``all``: the whole county; ``own``: the visitor's part
# of the tree; ``county``: what is said of the county alone; ``dept``: the visitor's department; ``any``: whoever has a role in
# the selection.
ORACLE: dict[str, dict[str, str]] = {
    "selection":  dict.fromkeys(("county", "committee", "branch", "department", "supervisor", "observer"), "any"),
    "county":     {"county": "all", "supervisor": "all"},
    "unit":       {"county": "all", "committee": "own", "branch": "own", "supervisor": "all"},
    "person":     {"county": "all", "committee": "own", "branch": "own", "supervisor": "all"},
    "figure":     {"county": "all", "committee": "own", "branch": "own", "supervisor": "all", "observer": "county"},
    "rule":       dict.fromkeys(("county", "committee", "branch", "department", "supervisor", "observer"), "any"),
    "screen":     {"county": "all", "supervisor": "all", "observer": "all"},
    "log":        {"county": "all", "committee": "own", "branch": "own", "supervisor": "all"},
    "bundle":     {"county": "all"},
    "department": {"county": "all", "department": "dept", "supervisor": "all"},
    "marks":      {"county": "all", "committee": "own", "branch": "own", "supervisor": "all"},
    "calls":      {"county": "all", "committee": "own", "branch": "own", "supervisor": "all"},
    "meetings":   {"county": "all", "committee": "own", "branch": "own", "supervisor": "all"},
    "held":       {"county": "all", "committee": "own", "branch": "own", "supervisor": "all"},
    "meeting":    {"county": "all", "committee": "own", "branch": "own", "supervisor": "all"},
    "process":    {"county": "all", "committee": "own", "branch": "own", "supervisor": "all"},
    "sheet":      {"county": "all", "committee": "own", "branch": "own", "supervisor": "all"},
    "filing":     {"county": "all", "committee": "own", "branch": "own", "supervisor": "all"},
    "minutes":    {"county": "all", "committee": "own", "branch": "own", "supervisor": "all"},
    "signin":     {"county": "all", "committee": "own", "branch": "own"},
    "cascade":    {"county": "all", "committee": "own", "branch": "own", "supervisor": "all"},
    "slate":      {"county": "all", "supervisor": "all"},
    "trial":      {"county": "all", "supervisor": "all"},
    "binding":    {"county": "all", "supervisor": "all"},
    "standing":   {"county": "all", "supervisor": "all"},
    "documents":  {"county": "all", "committee": "own"},
    "document-kind": {"county": "all", "committee": "own"},
    "document":   {"county": "all", "committee": "own"},
    "conflicts":  {"county": "all", "committee": "own", "branch": "own", "supervisor": "all"},
    "papers":     {"county": "all"},
    "folder":     {"county": "all"},
    "upload":     {"county": "all"},
    "upload-rows": {"county": "all"},
    "books":      {"county": "all"},
    "letter":     {"county": "all", "department": "dept"},
    "reply-form": {"county": "all", "department": "dept"},
    "question":   {"county": "all", "department": "dept"},
    "reply-file": {"county": "all", "department": "dept"},
    "consultation": {"county": "all", "supervisor": "all"},
    "letters":    {"county": "all"},
    "concern":    {"county": "all", "supervisor": "all"},
    "notices":    {"county": "all", "supervisor": "all"},
    "notice":     {"county": "all", "supervisor": "all"},
    "case":       {"county": "all", "supervisor": "all"},
    "supervision": {"county": "all", "supervisor": "all"},
    "steps":      {"county": "all", "supervisor": "all"},
    "looks":      {"county": "all", "supervisor": "all"},
    "erasing":    {"county": "all"},
    "rehearsal":  {"county": "all", "supervisor": "all"},
}  # fmt: skip
# What may be done, sent by POST: who may, in which part of the tree. Asked for with nothing in it, so that nothing comes of it.
WORKING = {"county": "all", "committee": "own", "branch": "own"}
ANSWERING = {"county": "all", "department": "dept"}
OFFICE = {"county": "all"}
ACTS: dict[str, dict[str, str]] = {
    "mark":    WORKING,
    "unmark":  WORKING,
    "look":    WORKING,
    "erase":   OFFICE,
    "called":  WORKING,
    "hand-in":    {"county": "all"},
    "take-in":    {"county": "all"},
    "throw-away": {"county": "all"},
    "halt":       {"county": "all"},
    "answer":          ANSWERING,
    "returned":        ANSWERING,
    "confirm-replies": ANSWERING,
    "ask":             OFFICE,
    "remind":          OFFICE,
    "door":            OFFICE,
    "notify":          OFFICE,
    "concern-reply":   OFFICE,
    "concern-review":  OFFICE,
    "propose-lift":    OFFICE,
    "confirm-lift":    OFFICE,
    "retract-lift":    OFFICE,
    "settle-propose": WORKING,
    "settle-confirm": WORKING,
    "call":    WORKING,
    "call-off": WORKING,
    "write-step": WORKING,
    "tick":    WORKING,
    "attend":  WORKING,
    "vote":    WORKING,
    "sign":    WORKING,
    "nominate": WORKING,
    "decide":  WORKING,
    "post-notice":        OFFICE,
    "end-notice":         OFFICE,
    "receive-objection":  OFFICE,
    "assign-objection":   OFFICE,
    "find-objection":     OFFICE,
    "answer-objection":   OFFICE,
    "draw-up": OFFICE,
    "stop": OFFICE,
    "allot":   WORKING,
    "rehearse":           OFFICE,
    "turn":               OFFICE,
}  # fmt: skip


@dataclass(frozen=True)
class Target:
    """A page to ask for: the name of its address, its path, and what it is about (a unit, a department, or nothing)."""

    name: str
    path: str
    unit: str = ""
    department: str = ""


def expected(facts: Facts, roles: list[Role], target: Target) -> bool:
    """Whether the table lets somebody with these roles see the page; written without looking at how the site decides."""
    tree = facts.register()
    for role in roles:
        how = (ORACLE | ACTS)[target.name].get(role.kind)
        if how in ("all", "any"):
            return True
        if how == "county" and target.unit == tree.county:
            return True
        if how == "dept" and role.department == target.department:
            return True
        if how == "own" and not target.unit:
            return True
        if how == "own":
            line = [target.unit]
            while tree[line[-1]].parent:
                line.append(tree[line[-1]].parent)
            if role.unit in line:
                return True
    return False
