"""A person erased (删除个人信息): on one of the plan's grounds, after whoever does it has written out whose names go."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path

from fourgates import erasing, events
from fourgates.i18n import _, mark
from fourgates.web import access, cabinet
from fourgates.web.access import Room
from fourgates.web.roles import COUNTY
from fourgates.web.texts import plain

WORDS = (mark("依法要求删除"), mark("误录"))
"""The grounds of our rulebooks; another plan's stay as it wrote them."""


class Ground(forms.Form):
    """On which ground, and whom: the name is written out, so that nobody is erased by a slip of the hand."""

    def __init__(self, room: Room, id_: str, *args: Any) -> None:
        super().__init__(*args)
        self.room, self.id = room, id_
        grounds = room.facts.rulebook().retention.grounds
        self.fields["ground"] = forms.ChoiceField(label=_("情形"), choices=[(one, _(one)) for one in grounds])
        self.fields["name"] = forms.CharField(
            label=_("写下这个人的姓名"), max_length=80, help_text=_("写对了才删除；删除以后谁也恢复不了。")
        )

    def clean_name(self) -> str:
        """The name as it is kept; of somebody whose name is gone, the id."""
        name = str(self.cleaned_data["name"])
        if plain(name) != plain(self.room.names.name(self.id)):
            raise forms.ValidationError(_("与这个人的姓名不同"))
        return name


@access.page(COUNTY)
def page(room: Room, id_: str) -> HttpResponse:
    """What goes, what stays, and the form."""
    return _shown(room, room.person(id_))


@access.act(COUNTY)
def erase(room: Room, id_: str) -> HttpResponse:
    """Record it, then destroy the keys; asked again after a break, whatever was left is destroyed."""
    id_ = room.person(id_)
    form = Ground(room, id_, room.request.POST)
    if not form.is_valid():
        return _shown(room, id_, form, 422)
    erased(room, id_, form.cleaned_data["ground"])
    messages.success(room.request, _("个人信息已经删除，已记入纪实"))
    return redirect(room.to("person", id_))


def erased(room: Room, id_: str, ground: str) -> None:
    """Record it and destroy the keys, and what nothing opens any more."""
    erasing.person(erasing.Kept(room.keeper), id_, ground)
    cabinet.sweep(room.row)


def _shown(room: Room, id_: str, form: Ground | None = None, status: int = 200) -> HttpResponse:
    ground = room.facts.rulebook().retention.grounds[0]
    return render(
        room.request,
        "erasing/person.html",
        {
            "id": id_,
            "form": form or Ground(room, id_),
            "refusal": room.may(events.PersonErased(id_, ground)),
            "trail": [(room.names.name(id_), room.to("person", id_)), (_("删除个人信息"), "")],
        },
        status=status,
    )


urlpatterns = [
    path("people/<str:id_>/erasing/", page, name="erasing"),
    path("people/<str:id_>/erasing/confirm/", erase, name="erase"),
]
