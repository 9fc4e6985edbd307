"""One objection (异议): whose it is and until when, what was found on it and on which ground, and what was answered.

Who objects is asked nowhere. What an objection says lies sealed beside the record until its case is answered, and is read by
the county office alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path

from fourgates.errors import Refused
from fourgates.events import ObjectionAnswered, ObjectionAssigned, ObjectionFound
from fourgates.i18n import _
from fourgates.notices import Case
from fourgates.web import access
from fourgates.web.access import Room
from fourgates.web.posted import STATES, cases, entry, finding, forget, posted, state
from fourgates.web.posted import said as statements_of
from fourgates.web.roles import COUNTY, SUPERVISOR


def open_case(room: Room, name: str, case: str) -> Case:
    """The case of that name among those of a notice; 404 where there is none."""
    posted(room, name)
    found = cases(room, name).get(case)
    if found is None:
        raise Http404
    return found


@dataclass(frozen=True, slots=True)
class Written:
    """What was written of a case: whose it is, on which ground it was found so, what was answered; empty where nothing is."""

    owner: str
    ground: str
    answer: str


def written(room: Room, case: str, one: Case) -> Written:
    """What was written of a case."""
    found, answered = entry(room, "ObjectionFound", case), entry(room, "ObjectionAnswered", case)
    ground = found.ground if isinstance(found, ObjectionFound) else ""
    text = answered.text if isinstance(answered, ObjectionAnswered) else ""
    said = room.written(one.owner, ground, text)
    return Written(said.get(one.owner, ""), said.get(ground, ""), said.get(text, ""))


@dataclass(frozen=True, slots=True)
class Given:
    """That a case was given to another owner or deadline: the entry, the day, on which ground and by whom."""

    n: int
    day: date
    due: date
    owner: str
    ground: str
    by: str


def given(room: Room, case: str) -> list[Given]:
    """Every time that a case changed hands or its deadline, the first of all first."""
    number, found = (
        room.state.standing.get(("ObjectionAssigned", case), 0),
        list[tuple[int, ObjectionAssigned]](),
    )
    while number:
        event = next(room.keeper.entries(number - 1)).event
        if not isinstance(event, ObjectionAssigned):
            break
        found.insert(0, (number, event))
        number = event.corrects
    texts = room.written(*(text for _n, one in found for text in (one.owner, one.ground, one.by)))
    return [
        Given(n, one.day, one.due, *(texts.get(text, "") for text in (one.owner, one.ground, one.by)))
        for n, one in found
    ]


class Assigning(forms.Form):
    """To whom an open case is given, by when it is to be done, and why."""

    def __init__(self, room: Room, one: Case, owner: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"] = forms.CharField(label=_("承办"), max_length=80, initial=owner)
        self.fields["due"] = forms.DateField(
            label=_("办理期限"),
            initial=max(one.due, room.today),
            widget=forms.DateInput(attrs={"type": "date", "min": room.today.isoformat()}, format="%Y-%m-%d"),
        )
        self.fields["ground"] = forms.CharField(
            label=_("理由"), max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
        )


@access.page(COUNTY, SUPERVISOR)
def case(room: Room, name: str, key: str) -> HttpResponse:
    """One objection: what it is about, whose it is, what was found and answered. What it says is shown to the county office."""
    return _case(room, name, key)


def _case(room: Room, name: str, key: str, form: Assigning | None = None) -> HttpResponse:
    one = open_case(room, name, key)
    acts = room.at is None and room.has(COUNTY)
    said = written(room, key, one)
    statements = statements_of(room.row, key) if acts else []
    me = room.hand() if acts else ""
    return render(
        room.request,
        "notice/case.html",
        {
            "notice": name,
            "key": key,
            "case": one,
            "person": room.names.name(one.person),
            "owner": said.owner,
            "finding": finding(one),
            "ground": said.ground,
            "text": said.answer,
            "state": _(STATES[state(one)]),
            "given": given(room, key),
            "statements": statements,
            "acts": acts,
            "form": (form or Assigning(room, one, said.owner)) if acts else None,
            "assign": room.may(assigned(room, key, "—", max(one.due, room.today), "—")) if acts else None,
            "find": room.may(room.anew(ObjectionFound(key, False, "—", me, room.today))) if acts else None,
            "answer": room.may(room.anew(ObjectionAnswered(key, "—", room.today))) if acts else None,
            "trail": [
                (_("公示"), room.to("notices")),
                (_("公示{name}").format(name=name), room.to("notice", name)),
                (key, ""),
            ],
        },
        status=422 if form is not None else 200,
    )


def assigned(room: Room, case: str, owner: str, due: date, ground: str) -> ObjectionAssigned:
    """The change of hands as it would be recorded: by whoever is at work here, today."""
    return room.anew(ObjectionAssigned(case, owner, due, ground, room.hand(), room.today))


def _written(room: Room) -> str:
    text = room.request.POST.get("text", "").strip()[:2000]
    if not text:
        raise Refused("12.4", "请写明依据或者内容")
    return text


@access.act(COUNTY)
def assign(room: Room, name: str, key: str) -> HttpResponse:
    """Give an open case to another owner, or another day to be done by, on a stated ground."""
    one = open_case(room, name, key)
    form = Assigning(room, one, "", room.request.POST)
    if not form.is_valid():
        return _case(room, name, key, form)
    said = form.cleaned_data
    owner, ground = room.put_away("owner", said["owner"]), room.put_away(f"assigned:{key}", said["ground"])
    room.offer(assigned(room, key, owner, said["due"], ground), once=room.request.POST.get("once", ""))
    return redirect(room.to("case", name, key))


@access.act(COUNTY)
def find(room: Room, name: str, key: str) -> HttpResponse:
    """Find on an objection, on a stated ground."""
    open_case(room, name, key)
    upheld = room.request.POST.get("upheld", "")
    if upheld not in ("yes", "no"):
        raise Http404
    ground = room.put_away(f"ground:{key}", _written(room))
    event = ObjectionFound(key, upheld == "yes", ground, room.hand(), room.today)
    room.offer(room.anew(event), once=room.request.POST.get("once", ""))
    return redirect(room.to("case", name, key))


@access.act(COUNTY)
def answer(room: Room, name: str, key: str) -> HttpResponse:
    """Answer an objection; what it said is deleted then."""
    open_case(room, name, key)
    text = room.put_away(f"answer:{key}", _written(room))
    room.offer(room.anew(ObjectionAnswered(key, text, room.today)), once=room.request.POST.get("once", ""))
    forget(room.row, key)
    return redirect(room.to("case", name, key))


urlpatterns = [
    path("notices/<str:name>/<str:key>/", case, name="case"),
    path("notices/<str:name>/<str:key>/assign/", assign, name="assign-objection"),
    path("notices/<str:name>/<str:key>/find/", find, name="find-objection"),
    path("notices/<str:name>/<str:key>/answer/", answer, name="answer-objection"),
]
