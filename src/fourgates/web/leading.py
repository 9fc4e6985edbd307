"""Where a workbook that came to the wrong page belongs (错投的表): by what it says of itself, as far as the visitor may go."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from fourgates.i18n import _
from fourgates.papers import forms, stamp
from fourgates.web import access, records
from fourgates.web.access import Room
from fourgates.web.models import Selection
from fourgates.web.roles import COUNTY


@dataclass(frozen=True, slots=True)
class Lead:
    """A sentence that says who hands such a workbook in, and where; ``where``: that page, for who may go there."""

    said: str
    where: str = ""


def lead(room: Room, said: Mapping[str, str]) -> Lead | None:
    """Where a workbook with the stamp ``said`` belongs; ``None`` where it says nothing that leads anywhere."""
    form, unit = said.get(stamp.FORM, ""), said.get(stamp.UNIT, "")
    selection = said.get(stamp.SELECTION, "")
    if selection and room.facts.plan and selection != room.facts.plan.selection.id:
        row = _other(room, selection)
        if row is None:
            return Lead(_("由那一次推选的县委组织部在它的“表册”页面交"))
        return Lead(
            _("到“{title}”的表册页面交").format(title=row.title),
            access.address("papers", row.slug),
        )
    if form == forms.REPLIES:
        known = room.facts.plan is not None and unit in room.facts.plan.integrity.departments
        return Lead(
            _("部门回函由{department}在自己的页面交").format(department=_(unit) if known else _("那个部门")),
            room.to("department", unit) if known and room.whole else "",
        )
    if form:
        return Lead(_("表册由县委组织部在“表册”页面交"), room.to("papers") if room.has(COUNTY) else "")
    return None


def _other(room: Room, selection: str) -> Selection | None:
    """The other selection with this id, of those whose county office the visitor is."""
    rows = {role.selection for role in access.everywhere(room.user) if role.kind == COUNTY} - {room.row}
    for row in sorted(rows, key=lambda one: one.pk):
        plan = records.keeper(row).current().facts.plan
        if plan is not None and plan.selection.id == selection:
            return row
    return None
