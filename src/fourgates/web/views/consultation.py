"""The consultation desk (征求意见): every department with its clock, letters out, reminders, and the way in for a department."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django import forms
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse

from fourgates import judging
from fourgates.errors import Broken, Refused
from fourgates.events import DepartmentAsked, DepartmentReminded
from fourgates.i18n import _
from fourgates.web import access, leaving, letters, listing, replies
from fourgates.web.access import Room
from fourgates.web.duties import duties
from fourgates.web.listing import Cell, Head, Listing, Row, cell
from fourgates.web.models import Link, Role, User
from fourgates.web.roles import COUNTY, DEPARTMENT, SUPERVISOR
from fourgates.workdays import Calendar


@access.page(COUNTY, SUPERVISOR)
def consultation(room: Room) -> HttpResponse:
    """Every department: asked when, due when, answered of how many, what is overdue; and whom a bar stands against."""
    table = listing.arranged(room.request, departments(room))
    if listing.wanted(room.request):
        return listing.workbook(table, against(room))
    return _desk(room, table)


def _desk(room: Room, table: Listing, form: Asking | None = None) -> HttpResponse:
    form = form or Asking(room)
    trial = [event(room, name, room.today + timedelta(days=1)) for name, _left in unasked(room)[:1]]
    refusal = room.may(trial[0]) if trial and room.has(COUNTY) else None
    return render(
        room.request,
        "consultation/desk.html",
        {
            "table": table,
            "duties": duties(room),
            "form": form,
            "unasked": unasked(room),
            "refusal": refusal,
            "acts": room.at is None and room.has(COUNTY),
            "reminders": reminders(room),
            "barred": barred(room),
            "departments": room.facts.rulebook().integrity.departments,
            "trail": [(_("征求意见"), "")],
        },
        status=422 if form.is_bound else 200,
    )


def departments(room: Room) -> Listing:
    """The departments, one a row, with their clocks."""
    heads = [
        Head(_("部门")), Head(_("发函日期")), Head(_("答复期限")), Head(_("人数"), "number"), Head(_("已答复"), "number"),
        Head(_("没有答复"), "number"), Head(_("状态")), Head(_("最近催办")),
    ]  # fmt: skip
    rows = []
    for name in room.facts.rulebook().integrity.departments:
        letter = room.facts.asked.get(name)
        people = letter.people if letter else tuple(replies.listed(room, name))
        given = replies.answers(room, name)
        answered = sum(bool(given[id_].word) for id_ in people if id_ in given)
        late = bool(letter and letter.due < room.today and answered < len(people))
        here = room.to("department", name)
        rows.append(
            Row(
                [
                    Cell(name, _(name), where=here),
                    cell(letter.day if letter else None),
                    cell(letter.due if letter else None),
                    cell(len(people), here),
                    cell(answered, here),
                    cell(len(people) - answered, here),
                    cell(_clock(room, letter.due if letter else None, len(people), answered)),
                    cell(max((day for day, _who in replies.reminded(room, name)), default=None)),
                ],
                "late" if late else "",
            )
        )
    return Listing(_("征求意见进展"), heads, rows)


def _clock(room: Room, due: date | None, of: int, answered: int) -> str:
    """Where a department's clock stands, in words; silence is never an answer, and neither is having been asked about nobody."""
    if of and answered == of:
        return _("已答完")
    if due is None:
        return _("没有发函")
    days = (due - room.today).days
    if days < 0:
        return _("超期{days}天，没有答复不算同意").format(days=-days)
    return _("还剩{days}天").format(days=days)


def unasked(room: Room) -> list[tuple[str, int]]:
    """Departments that have not been asked about somebody sent up, and about how many."""
    up = set(judging.sent_up(room.facts)) if room.facts.reviews else set()
    found = []
    for name in room.facts.rulebook().integrity.departments:
        letter = room.facts.asked.get(name)
        answered = {id_ for id_, one in replies.answers(room, name).items() if one.word}
        left = up - set(letter.people if letter else ()) - answered
        if left:
            found.append((name, len(left)))
    return found


def event(room: Room, name: str, due: date) -> DepartmentAsked:
    """The letter to a department about everybody sent up, and whoever it was asked about before."""
    letter = room.facts.asked.get(name)
    people = [*(letter.people if letter else ()), *judging.sent_up(room.facts)]
    return room.anew(DepartmentAsked(name, tuple(dict.fromkeys(people)), room.today, due))


@dataclass(frozen=True, slots=True)
class Reminder:
    """A department that has not answered: its day, a text to copy that names nobody, when it was reminded and by whom, and what
    would be said to noting a reminder now."""

    department: str
    due: date
    text: str
    sent: list[tuple[date, str]]
    refusal: Refused | Broken | None


def reminders(room: Room) -> list[Reminder]:
    """Every department that has not answered, the earliest day first."""
    found = []
    for name, letter in room.facts.asked.items():
        silent = replies.silent(room, name)
        if silent:
            said = (
                _(
                    "{department}：征求意见函还有{count}人没有答复，答复期限是{due}，已经过期，请尽快答复。没有答复不算同意。"
                )
                if letter.due < room.today
                else _("{department}：征求意见函还有{count}人没有答复，请在{due}前答复。没有答复不算同意。")
            )
            found.append(
                Reminder(
                    name,
                    letter.due,
                    said.format(department=_(name), count=len(silent), due=letter.due.isoformat()),
                    replies.reminded(room, name),
                    room.may(_reminder(room, name)) if room.has(COUNTY) else None,
                )
            )
    return sorted(found, key=lambda one: one.due)


def _reminder(room: Room, name: str) -> DepartmentReminded:
    return DepartmentReminded(secrets.token_hex(6), name, room.today, room.hand())


@access.act(COUNTY)
def remind(room: Room, name: str) -> HttpResponse:
    """Note that a department was reminded: who, and on which day."""
    room.offer(_reminder(room, room.department(name)), once=room.request.POST.get("once", ""))
    return redirect(room.to("consultation"))


def barred(room: Room) -> list[tuple[str, tuple[str, ...]]]:
    """Persons sent up against whom a bar stands or was lifted, with their bars in the rulebook's order."""
    if not room.facts.reviews:
        return []
    bars = room.facts.rulebook().integrity.bars
    found = []
    for id_ in room.by_strokes(judging.sent_up(room.facts)):
        standing = judging.person(room.facts, id_).integrity.bars
        own = tuple(bar for bar in bars if bar in standing or f"{id_} {bar}" in room.facts.lifted)
        if own:
            found.append((id_, own))
    return found


def against(room: Room) -> Listing:
    """The same as a table to take away."""
    rows = [Row([cell(room.names.name(id_)), cell("；".join(map(_, bars)))]) for id_, bars in barred(room)]
    return Listing(_("有否决情形的人"), [Head(_("姓名")), Head(_("否决情形"))], rows)


# --- asking -----------------------------------------------------------------------------------------------------


class Asking(forms.Form):
    """Which departments are asked, and by when they are to answer."""

    def __init__(self, room: Room, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [
            (name, _("{department}（{count}人）").format(department=_(name), count=count))
            for name, count in unasked(room)
        ]
        self.fields["departments"] = forms.MultipleChoiceField(
            label=_("向哪些部门发函"),
            choices=choices,
            initial=[name for name, _label in choices],
            widget=forms.CheckboxSelectMultiple,
        )
        self.fields["due"] = forms.DateField(
            label=_("答复期限"),
            initial=usual(room),
            widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            help_text=_("按规则给{days}个工作日，可以改。").format(
                days=room.facts.rulebook().consultation.working_days
            ),
        )


def usual(room: Room) -> date | None:
    """The day by which to answer that the rulebook gives; none in a year whose working days nobody knows."""
    plan = room.facts.rulebook()
    try:
        calendar = Calendar(plan.notice.holidays, plan.notice.workdays)
        return calendar.after(room.today, plan.consultation.working_days)
    except Refused:
        return None


@access.act(COUNTY)
def ask(room: Room) -> HttpResponse:
    """Ask the departments that were chosen, all or none."""
    form = Asking(room, room.request.POST)
    if not form.is_valid():
        return _desk(room, listing.arranged(room.request, departments(room)), form)
    due = form.cleaned_data["due"]
    events = [event(room, name, due) for name in form.cleaned_data["departments"]]
    room.offer(*events, once=room.request.POST.get("once", ""))
    return redirect(room.to("consultation"))


@access.page(COUNTY)
def every_letter(room: Room) -> HttpResponse:
    """Every letter and every workbook to answer on, in one archive."""
    names = room.facts.rulebook().integrity.departments
    return leaving.attached(letters.together(room, names), f"{room.row.slug}-letters.zip")


@access.act(COUNTY)
def door(room: Room, name: str) -> HttpResponse:
    """A link by which a department comes in once; it is shown this once. Earlier links to it end."""
    name = room.department(name)
    username = f"{room.row.slug}-{access.key(name)}"
    with transaction.atomic():
        user, made = User.objects.get_or_create(
            username=username, defaults={"name": User.sealed(username, name)}
        )
        if made:
            user.set_unusable_password()
            user.save(update_fields=["password"])
        elif not user.is_active or not _only_theirs(user, room, name):
            raise Http404
        Role.objects.get_or_create(user=user, selection=room.row, kind=DEPARTMENT, department=name)
        user.links.filter(purpose="enter").delete()
        secret = Link.issue("enter", user)
    where = room.request.build_absolute_uri(reverse("link", args=[secret]))
    trail = [(_("征求意见"), room.to("consultation")), (_(name), room.to("department", name))]
    return render(
        room.request, "consultation/door.html", {"department": name, "where": where, "trail": trail}
    )


def _only_theirs(user: User, room: Room, name: str) -> bool:
    """Whether an account of that name is this department's and nothing more: a link must let nobody in elsewhere."""
    return not user.is_superuser and all(
        (role.selection_id, role.kind, role.department) == (room.row.pk, DEPARTMENT, name)
        for role in user.roles.all()
    )


urlpatterns = [
    path("consultation/", consultation, name="consultation"),
    path("consultation/ask/", ask, name="ask"),
    path("consultation/letters.zip", every_letter, name="letters"),
    path("consultation/reminders/<str:name>/", remind, name="remind"),
    path("consultation/doors/<str:name>/", door, name="door"),
]
