"""The public notice (公示页): the list posted, readable by anybody without an account, and where objections arrive.

It shows what the printed notice shows, while that hangs, and nothing else: no number, no telephone, no committee's count. Before
and afterwards nobody is named; what came of it is told in whole numbers. Whoever objects is asked
for no name, gets a number of their own to look the answer up by, and leaves no trace here but the objection.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.views.decorators.http import require_http_methods, require_safe

from fourgates import notices, oversight
from fourgates.errors import Refused
from fourgates.events import NoticePosted, ObjectionAnswered, ObjectionReceived
from fourgates.facts import Facts
from fourgates.i18n import _
from fourgates.keeper import Keeper
from fourgates.notices import Posted
from fourgates.papers.people import People
from fourgates.selection import Selection as State
from fourgates.web import leaving, listing, records, texts
from fourgates.web.access import CHINA, by_strokes
from fourgates.web.listing import Head, Listing, Row, cell
from fourgates.web.models import Selection, Statement
from fourgates.web.posted import STATES, Clock, calendar, clock, keep, kept, state

A_MINUTE = 5
"""Objections to one notice that are taken in one minute: whoever floods the page is told to come back or to write."""
A_CASE = 50
"""Texts that are kept with one case that is open."""
LONGEST = 2000


@dataclass(frozen=True, slots=True)
class Board:
    """A notice as anybody may see it: the record it stands in, and the names of those posted, looked up for no other."""

    row: Selection
    keeper: Keeper
    state: State
    name: str
    notice: Posted
    names: People
    now: datetime

    @property
    def clock(self) -> Clock:
        """Where its clock stands."""
        return clock(self.notice, self.now, calendar(self.facts))

    @property
    def open(self) -> bool:
        """Whether those posted are named, and objections taken, now."""
        return self.notice.stage(self.now.date()) == "open"

    @property
    def facts(self) -> Facts:
        """The claims that stand."""
        return self.state.facts


def board(request: HttpRequest, slug: str, name: str) -> Board:
    """The notice with this address; 404 where none was posted there."""
    row = get_object_or_404(Selection, slug=slug)
    request.drill = row.rehearsal  # type: ignore[attr-defined]  # every page of a rehearsal says that it is one
    keeper = records.keeper(row)
    state = keeper.current()
    notice = state.facts.notices.get(name)
    if notice is None:
        raise Http404
    now = records.now(*row.time).astimezone(CHINA)
    return Board(row, keeper, state, name, notice, keeper.people(), now)


@login_not_required
@require_http_methods(["GET", "POST"])
def public(request: HttpRequest, slug: str, name: str) -> HttpResponse:
    """The notice; sent by POST, an objection to it."""
    here = board(request, slug, name)
    if not here.open:
        if listing.wanted(request):
            raise Http404
        return _page(request, here, status=200 if request.method == "GET" else 409)
    form = Objection(here, request.POST if request.method == "POST" else None)
    if listing.wanted(request):
        return leaving.marked(_sheet(here)) if here.row.rehearsal else _sheet(here)
    if form.is_valid():
        if not within(here):
            return _page(request, here, form, _("现在收到的太多，请过一分钟再交，或者来信、来电、来访"), 429)
        return redirect("objection", slug, name, take(here, form))
    return _page(request, here, form, status=422 if form.is_bound else 200)


def _sheet(here: Board) -> HttpResponse:
    heads = [Head(_("姓名")), Head(_("性别")), Head(_("民族")), Head(_("出生年月")), Head(_("单位及职务"))]
    left = oversight.remaining(here.facts, here.name).people
    rows = [Row([cell(value) for value in one.values()]) for one in people(here, left)]
    return listing.workbook(Listing(_("公示的名单"), heads, rows))


def _page(
    request: HttpRequest, here: Board, form: Objection | None = None, busy: str = "", status: int = 200
) -> HttpResponse:
    event = _posted(here)
    place = event.place if event else ""
    left = oversight.remaining(here.facts, here.name)
    said = {
        "row": here.row,
        "key": here.name,
        "title": here.facts.rulebook().selection.title,
        "unit": here.facts.rulebook().selection.unit,
        "notice": here.notice,
        "clock": here.clock,
        "days": event.working_days if event else 0,
        "place": texts.written(here.row, here.names, [place]).get(place, ""),
        "people": people(here, left.people) if here.open else [],
        "left": left,
        "cases": [one for one in here.facts.objections.values() if one.notice == here.name],
        "upheld": sum(
            one.notice == here.name and one.upheld is True for one in here.facts.objections.values()
        ),
        "form": form,
        "busy": busy,
    }
    return render(request, "public/notice.html", said, status=status)


def _posted(here: Board) -> NoticePosted | None:
    number = here.state.standing.get(("NoticePosted", here.name))
    found = next(here.keeper.entries(number - 1)).event if number else None
    return found if isinstance(found, NoticePosted) else None


def people(here: Board, still: tuple[str, ...]) -> list[dict[str, str]]:
    """What the printed notice says of each: name, sex, nationality, month of birth, unit and post."""
    members = here.facts.roster().members
    found = []
    for id_ in by_strokes(here.names, here.facts, still):
        details = here.names.people.get(id_)
        found.append(
            {
                "name": here.names.name(id_) if details else "—",
                "sex": _("女性") if members[id_].female else _("男性"),
                "nationality": details.nationality if details else "",
                "birth": details.birth if details else "",
                "post": details.post if details else "",
            }
        )
    return found


class Objection(forms.Form):
    """An objection: about whom, of which kind, and what it says. There is no field for who writes it."""

    def __init__(self, here: Board, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        listed = by_strokes(here.names, here.facts, oversight.remaining(here.facts, here.name).people)
        self.people = dict(enumerate(listed, start=1))
        self.fields["person"] = forms.TypedChoiceField(
            label=_("反映对象"),
            coerce=int,
            widget=forms.Select(attrs={"lang": "zh"}),
            choices=[(number, here.names.name(id_)) for number, id_ in self.people.items()],
        )
        self.fields["category"] = forms.ChoiceField(
            label=_("反映的方面"),
            choices=[(word, _(word)) for word in here.facts.rulebook().notice.categories],
        )
        self.fields["text"] = forms.CharField(
            label=_("反映的内容"),
            max_length=LONGEST,
            widget=forms.Textarea(attrs={"rows": 6}),
            help_text=_("写明时间、地点、事情。不用写自己是谁，这里不问，也不记录是谁写的。"),
        )


def within(here: Board) -> bool:
    """Whether this minute has not had its objections; nothing about who sends them is counted or kept."""
    key = f"objections:{here.row.pk}:{here.name}"
    cache.add(key, 0, 60)
    try:
        return cache.incr(key) <= A_MINUTE
    except ValueError:  # the minute ended between the two
        return True


def take(here: Board, form: Objection) -> str:
    """Record an objection as a case, or put it to the open case about the same person and matter, so that nobody can bury a
    notice under cases; gives the number to look it up by, which nobody else is given."""
    today = here.now.date()
    said, plan = form.cleaned_data, here.facts.rulebook()
    person, category = form.people[said["person"]], said["category"]
    same = next(
        (
            case
            for case, one in here.facts.objections.items()
            if (one.notice, one.person, one.category, one.closed) == (here.name, person, category, False)
        ),
        "",
    )
    with transaction.atomic():
        if same:
            notices.check_case(here.facts.objections[same], here.notice, plan.notice)
            if kept(here.row, same).count() >= A_CASE:
                raise Refused("12.3", "关于同一人同一类的反映已经很多，请来信、来电、来访")
            receipt = secrets.token_hex(6)
            keep(here.row, same, said["text"], today, receipt)
            return receipt
        case = secrets.token_hex(6)
        owner = texts.digest(here.names, "owner", plan.selection.unit)
        texts.keep(here.row, texts.missing(here.row, {owner: plan.selection.unit}))
        event = ObjectionReceived(
            case, here.name, person, category, owner, today, max(here.notice.last, today)
        )
        here.keeper.offer([event], by=plan.selection.unit)
        keep(here.row, case, said["text"], today)
    return case


@login_not_required
@require_safe
def objection(request: HttpRequest, slug: str, name: str, case: str) -> HttpResponse:
    """How far an objection is, for whoever has its number: its state and its answer, and not whom it is about."""
    here, given = board(request, slug, name), case
    joined = Statement.objects.filter(selection=here.row, receipt=given).first()
    case = joined.case if joined else given
    one = here.facts.objections.get(case)
    if one is None or one.notice != name:
        raise Http404
    number = here.state.standing.get(("ObjectionAnswered", case))
    event = next(here.keeper.entries(number - 1)).event if number and one.closed else None
    text = event.text if isinstance(event, ObjectionAnswered) else ""
    said = {
        "row": here.row,
        "key": name,
        "case": given,
        "day": joined.day if joined else one.day,
        "state": _(STATES[state(one)]),
        "answer": texts.written(here.row, here.names, [text]).get(text, ""),
    }
    return render(request, "public/objection.html", said)


urlpatterns = [
    path("<slug:slug>/<str:name>/", public, name="public"),
    path("<slug:slug>/<str:name>/<str:case>/", objection, name="objection"),
]
