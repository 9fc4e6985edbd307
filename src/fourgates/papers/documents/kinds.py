"""Every kind of document, in the order the work needs them (文种)."""

from __future__ import annotations

import difflib

from fourgates.errors import Refused
from fourgates.papers.documents import branches, committees, lists, persons, setting, story, vetting
from fourgates.papers.documents.kind import Kind

_ORDER = (
    "work-plan", "notice", "allotment", "meeting", "nomination", "opinions", "participation", "summary", "minutes",
    "request", "report", "letter", "reply", "checks", "joint-review", "inspection", "list", "registration",
    "public-notice", "notice-result", "process", "bulletin",
)  # fmt: skip
_MODULES = (setting, branches, committees, vetting, persons, lists, story)
_EVERY = {kind.key: kind for module in _MODULES for kind in module.KINDS}
KINDS: tuple[Kind, ...] = tuple(_EVERY[key] for key in _ORDER)


def kind(said: str) -> Kind:
    """The kind called ``said``, by its key or its Chinese title; ``Refused`` (D.2) with the nearest when there is none."""
    for one in KINDS:
        if said in (one.key, one.title):
            return one
    known = [name for one in KINDS for name in (one.key, one.title)]
    near = difflib.get_close_matches(said, known, 1, 0.3)
    raise Refused(
        "D.2",
        "没有文种“{said}”，最接近的是“{near}”；全部文种见 fourgates papers kinds",
        said=said,
        near=near[0] if near else "—",
    )
