"""Public notice (公示): the list posted, its clock in working days, the objections to it, and its end."""

from __future__ import annotations

import secrets
from datetime import date
from typing import Any

from django import forms
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse

from fourgates import judging, oversight
from fourgates.events import NoticeEnded, NoticePosted, ObjectionReceived
from fourgates.i18n import _
from fourgates.notices import Posted
from fourgates.web import access, listing
from fourgates.web.access import Room
from fourgates.web.duties import duties
from fourgates.web.listing import Head, Listing, Row, cell
from fourgates.web.posted import (
    STATES,
    calendar,
    cases,
    clock,
    entry,
    finding,
    keep,
    moment,
    posted,
    ready,
    state,
)
from fourgates.web.roles import COUNTY, SUPERVISOR
from fourgates.workdays import Calendar

# --- posting ----------------------------------------------------------------------------------------------------


class Posting(forms.Form):
    """Where a list is posted, from which day, for how many working days."""

    def __init__(self, room: Room, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        least = room.facts.rulebook().notice.working_days
        self.fields["place"] = forms.CharField(label=_("张贴地点"), max_length=200)
        self.fields["start"] = forms.DateField(
            label=_("张贴日期"),
            initial=room.today,
            widget=forms.DateInput(attrs={"type": "date", "min": room.today.isoformat()}, format="%Y-%m-%d"),
            help_text=_("张贴当天不计入，不早于今天。"),
        )
        self.fields["days"] = forms.IntegerField(
            label=_("工作日"),
            initial=least,
            min_value=1,
            max_value=60,
            help_text=_("不少于{least}个。节假日和调休照国务院公布的安排。").format(least=least),
        )


@access.page(COUNTY, SUPERVISOR)
def notices(room: Room) -> HttpResponse:
    """Every notice with its clock, and the form to post one."""
    table = listing.arranged(room.request, every(room))
    if listing.wanted(room.request):
        return listing.workbook(table)
    return _notices(room, table)


def _notices(room: Room, table: Listing, form: Posting | None = None) -> HttpResponse:
    form, acts = form or Posting(room), room.at is None and room.has(COUNTY)
    refusal = (
        room.may(_posting(room, "—", room.today, room.facts.rulebook().notice.working_days)) if acts else None
    )
    return render(
        room.request,
        "notice/notices.html",
        {
            "table": table,
            "duties": duties(room),
            "form": form,
            "refusal": refusal,
            "acts": acts,
            "people": ready(room),
            "decided": judging.decision(room.facts) is not None,
            "trail": [(_("公示"), "")],
        },
        status=422 if form.is_bound else 200,
    )


def every(room: Room) -> Listing:
    """The notices, one a row."""
    heads = [
        Head(_("公示")), Head(_("张贴日期")), Head(_("截止")), Head(_("人数"), "number"), Head(_("异议"), "number"),
        Head(_("没有办结"), "number"), Head(_("状态")),
    ]  # fmt: skip
    rows, now, days = [], moment(room), calendar(room.facts)
    for name, one in room.facts.notices.items():
        open_ = oversight.open_cases(room.facts, name)
        rows.append(
            Row(
                [
                    cell(_("公示{name}").format(name=name), where=room.to("notice", name)),
                    cell(one.start),
                    cell(one.last),
                    cell(len(one.people)),
                    cell(len(cases(room, name))),
                    cell(len(open_)),
                    cell(clock(one, now, days).said),
                ],
                "late" if open_ and now.date() > one.last else "",
            )
        )
    return Listing(_("公示"), heads, rows)


def _posting(room: Room, place: str, start: date, days: int) -> NoticePosted:
    """The notice that would be posted; ``Refused`` (12.2) in a year whose working days nobody knows."""
    rule = room.facts.rulebook().notice
    number = len(room.facts.notices) + 1
    last = Calendar(rule.holidays, rule.workdays).after(start, days)
    return NoticePosted(str(number), ready(room), place, start, days, last)


@access.act(COUNTY)
def post(room: Room) -> HttpResponse:
    """Post the list."""
    form = Posting(room, room.request.POST)
    if not form.is_valid():
        return _notices(room, listing.arranged(room.request, every(room)), form)
    said = form.cleaned_data
    place = room.put_away(f"place:{len(room.facts.notices) + 1}", said["place"])
    event = _posting(room, place, said["start"], said["days"])
    room.offer(event, once=room.request.POST.get("once", ""))
    return redirect(room.to("notice", event.notice))


# --- one notice -------------------------------------------------------------------------------------------------


@access.page(COUNTY, SUPERVISOR)
def notice(room: Room, name: str) -> HttpResponse:
    """One notice: whom it posts and what became of them, its cases, and its end."""
    one = posted(room, name)
    table = listing.arranged(room.request, objections(room, name))
    if listing.wanted(room.request):
        return listing.workbook(table, listed(room, name, one))
    return _notice(room, name, one, table)


def listed(room: Room, name: str, one: Posted) -> Listing:
    """Whom the notice posts, one a row, and whether an objection took them off."""
    left = oversight.remaining(room.facts, name).left
    heads = [Head(_("序号"), "number"), Head(_("姓名")), Head(_("状态"))]
    rows = [
        Row(
            [
                cell(number),
                cell(room.names.name(id_), where=room.to("person", id_)),
                cell(_("异议成立，不再列入") if id_ in left else _("列入")),
            ],
            "late" if id_ in left else "",
        )
        for number, id_ in enumerate(room.by_strokes(one.people), start=1)
    ]
    return Listing(_("公示的名单"), heads, rows, "?as=xlsx", len(rows))


def _notice(
    room: Room, name: str, one: Posted, table: Listing, form: Objection | None = None
) -> HttpResponse:
    acts = room.at is None and room.has(COUNTY)
    left = oversight.remaining(room.facts, name)
    event = entry(room, "NoticePosted", name)
    place = event.place if isinstance(event, NoticePosted) else ""
    form = form or (Objection(room, one) if acts and one.ended is None else None)
    return render(
        room.request,
        "notice/notice.html",
        {
            "key": name,
            "notice": one,
            "clock": clock(one, moment(room), calendar(room.facts)),
            "place": room.written(place).get(place, ""),
            "days": event.working_days if isinstance(event, NoticePosted) else 0,
            "people": listed(room, name, one),
            "left": left,
            "table": table,
            "open": oversight.open_cases(room.facts, name),
            "acts": acts,
            "form": form,
            "end": room.may(room.anew(NoticeEnded(name, room.today))) if acts else None,
            "receive": _may_receive(room, name, one) if acts else None,
            "public": ""
            if room.at
            else room.request.build_absolute_uri(reverse("public", args=[room.row.slug, name])),
            "trail": [(_("公示"), room.to("notices")), (_("公示{name}").format(name=name), "")],
        },
        status=422 if form is not None and form.is_bound else 200,
    )


def _may_receive(room: Room, name: str, one: Posted) -> Any:
    category = next(iter(room.facts.rulebook().notice.categories), "")
    return room.may(received(room, name, one.people[0], category, "—", one.last))


def received(room: Room, name: str, person: str, category: str, owner: str, due: date) -> ObjectionReceived:
    """An objection as it would be recorded: a number nobody can guess, and never a sender."""
    return ObjectionReceived(
        secrets.token_hex(6), name, person, category, owner, room.today, max(due, room.today)
    )


def objections(room: Room, name: str) -> Listing:
    """The cases of a notice, one a row; whom they are about, never from whom they came."""
    heads = [
        Head(_("异议编号")), Head(_("反映对象")), Head(_("反映的方面")), Head(_("收到")), Head(_("承办")), Head(_("办理期限")),
        Head(_("认定")), Head(_("状态")),
    ]  # fmt: skip
    found = cases(room, name)
    owners = room.written(*(one.owner for one in found.values()))
    rows = [
        Row(
            [
                cell(case, where=room.to("case", name, case)),
                cell(room.names.name(one.person)),
                cell(_(one.category)),
                cell(one.day),
                cell(owners.get(one.owner, "")),
                cell(one.due),
                cell(finding(one)),
                cell(_(STATES[state(one)])),
            ],
            "late" if not one.closed and one.due < room.today else "",
        )
        for case, one in found.items()
    ]
    return Listing(_("公示{name}的异议").format(name=name), heads, rows)


@access.act(COUNTY)
def end(room: Room, name: str) -> HttpResponse:
    """End a notice; the record refuses while a case is open or a working day is left."""
    posted(room, name)
    room.offer(room.anew(NoticeEnded(name, room.today)), once=room.request.POST.get("once", ""))
    return redirect(room.to("notice", name))


# --- objections ----------------------------------------------------------------------------------------------


class Objection(forms.Form):
    """An objection that came by letter, by telephone or in person, as the office types it in."""

    def __init__(self, room: Room, one: Posted, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = room.names
        self.fields["person"] = forms.ChoiceField(
            label=_("反映对象"),
            widget=forms.Select(attrs={"lang": "zh"}),
            choices=[(id_, names.name(id_)) for id_ in room.by_strokes(one.people)],
        )
        self.fields["category"] = forms.ChoiceField(
            label=_("反映的方面"),
            choices=[(word, _(word)) for word in room.facts.rulebook().notice.categories],
        )
        self.fields["owner"] = forms.CharField(label=_("承办"), max_length=80, initial=room.office())
        self.fields["due"] = forms.DateField(
            label=_("办理期限"),
            initial=max(one.last, room.today),
            widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        )
        self.fields["text"] = forms.CharField(
            label=_("反映的内容"),
            max_length=2000,
            widget=forms.Textarea(attrs={"rows": 4}),
            help_text=_("只写反映的事。是谁反映的不要写，这里也没有地方可填。"),
        )


@access.act(COUNTY)
def receive(room: Room, name: str) -> HttpResponse:
    """Type in an objection."""
    one = posted(room, name)
    form = Objection(room, one, room.request.POST)
    if not form.is_valid():
        return _notice(room, name, one, listing.arranged(room.request, objections(room, name)), form)
    said = form.cleaned_data
    owner = room.put_away("owner", said["owner"])
    event = received(room, name, said["person"], said["category"], owner, said["due"])
    with transaction.atomic():
        room.offer(event)
        keep(room.row, event.case, said["text"], room.today)
    return redirect(room.to("case", name, event.case))


urlpatterns = [
    path("notices/", notices, name="notices"),
    path("notices/post/", post, name="post-notice"),
    path("notices/<str:name>/", notice, name="notice"),
    path("notices/<str:name>/end/", end, name="end-notice"),
    path("notices/<str:name>/objections/", receive, name="receive-objection"),
]
