"""The page of looks at masked numbers (查看号码): one number, once, for a stated reason; and who looked at whose, and why."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path

from fourgates import identity
from fourgates.errors import Refused
from fourgates.i18n import _
from fourgates.web import access, listing, looks
from fourgates.web.access import Room
from fourgates.web.listing import Cell, Head, Listing, Row, Rows, cell
from fourgates.web.models import Look
from fourgates.web.roles import BRANCH, COMMITTEE, COUNTY, SUPERVISOR
from fourgates.web.templatetags.saying import clock

NUMBER = re.compile(r"[0-9]{14}", re.ASCII)


class Reason(forms.Form):
    """Why somebody must know a number."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"] = forms.CharField(
            label=_("查看的理由"),
            min_length=4,
            max_length=200,
            help_text=_("谁、何时、为什么看了谁的号码，会记下来，县委组织部和纪检监督都能看到。"),
        )

    def clean_reason(self) -> str:
        """A reason in which no number stands: it is kept, and the number must not be."""
        reason = " ".join(str(self.cleaned_data["reason"]).split())
        if NUMBER.search(identity.normalise(reason)):
            raise forms.ValidationError(_("理由里不要写号码"))
        return reason


@access.act(COUNTY, COMMITTEE, BRANCH)
def look(room: Room, id_: str) -> HttpResponse:
    """Note the look, then show the one number on the page that answers; it is nowhere else and is not shown again."""
    id_ = room.person(id_)
    form = Reason(room.request.POST)
    number = ""
    if form.is_valid():
        number = room.names.number(id_)
        if number == id_:
            raise Refused("F.2", "人员附件已经删除，没有号码可看")
        looks.note(room, [id_], form.cleaned_data["reason"])
    said = {
        "id": id_,
        "form": form,
        "number": number,
        "trail": [(room.names.name(id_), room.to("person", id_)), (_("查看号码"), "")],
    }
    return render(room.request, "looks/number.html", said, status=200 if number else 422)


@access.page(COUNTY, SUPERVISOR)
def log(room: Room) -> HttpResponse:
    """Every look, newest first."""
    table = listing.arranged(room.request, told(room))
    if listing.wanted(room.request):
        return listing.workbook(table)
    trail = [(_("监督"), room.to("supervision")), (_("查看号码的记录"), "")]
    return render(room.request, "looks/log.html", {"table": table, "trail": trail})


def told(room: Room) -> Listing:
    """The looks, one a row: when, who, whose number by the id of the record, and why."""
    heads = [
        Head(_("时间")),
        Head(_("谁看的")),
        Head(_("谁的号码")),
        Head(_("记录编号")),
        Head(_("看的理由")),
    ]
    found = Look.objects.filter(selection=room.row).select_related("user", "selection").order_by("-at", "-pk")
    seen = {str(one.pk): one for one in found}

    def row(number: str) -> Row:
        one = seen[number]
        known = room.knows(one.person)
        whose = room.names.name(one.person) if one.person else _("全部人员")
        return Row(
            [
                Cell(one.at.isoformat(), clock(one.at)),
                cell(str(one.user)),
                cell(whose, room.to("person", one.person) if known else ""),
                cell(one.person),
                cell(looks.reason(one)),
            ]
        )

    return Listing(_("查看号码的记录"), heads, Rows(list(seen), row))


urlpatterns = [path("people/<str:id_>/number/", look, name="look"), path("looks/", log, name="looks")]
