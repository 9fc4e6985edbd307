"""Telephone calls to members (打电话): the next person first, what to say, how it came out, and the text for WeChat."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone

from fourgates.errors import Refused
from fourgates.i18n import _
from fourgates.units import Unit
from fourgates.web import access, listing, roles
from fourgates.web.access import Room
from fourgates.web.listing import Head, Listing, Row, cell
from fourgates.web.models import Call
from fourgates.web.reaching import DECLINED, REACHED, WORDS, WRONG, calls_of
from fourgates.web.roles import BRANCH, COMMITTEE, COUNTY
from fourgates.web.views.marks import Member, marked, members, one_of
from fourgates.web.views.unit import trail

TELEPHONE = "电话"


@access.page(*roles.WITHIN)
def calls(room: Room, key: str) -> HttpResponse:
    """Whom to call next, and what to say."""
    branch = room.branch(key)
    left = [one for one in members(room, branch) if not one.took]
    made = calls_of(room, [one.id for one in left])
    table = listing.arranged(room.request, waiting(room, branch, left, made))
    if listing.wanted(room.request):
        return listing.workbook(table)
    works, rule = room.has(COUNTY, COMMITTEE, BRANCH) and room.at is None, room.facts.rulebook()
    ahead = following(left, made)
    wanted = room.request.GET.get("whom", "")
    chosen = next((one for one in ahead if one.id == wanted), ahead[0] if ahead else None)
    refusal = None
    if chosen is not None and works:
        refusal = room.may(marked(room, chosen.id, TELEPHONE, room.today, "", ""), branch.name)
    return render(
        room.request,
        "calls/calls.html",
        {
            "unit": branch,
            "of": key,
            "trail": [*trail(room, branch)[:-1], (branch.name, room.to("unit", key)), (_("打电话"), "")],
            "next": chosen,
            "calls": [(call, WORDS[call.outcome]) for call in made.get(chosen.id, [])] if chosen else [],
            "words": WORDS,
            "left": len(left),
            "table": table,
            "works": works,
            "refusal": refusal,
            "plan": rule,
            "callee": room.names.name(chosen.id) if chosen else "",
            "who": str(room.user),
            "until": rule.windows.nomination.last,
        },
    )


def following(left: list[Member], made: Mapping[str, list[Call]]) -> list[Member]:
    """Those to be called: who was never called first, then whose last call is longest ago, wrong numbers last."""

    def turn(one: Member) -> tuple[int, float]:
        own = made.get(one.id, [])
        if not own:
            return (0, 0.0)
        return (2 if own[-1].outcome == WRONG else 1, own[-1].at.timestamp())

    return sorted((one for one in left if not one.contradicts), key=turn)


def waiting(room: Room, branch: Unit, left: list[Member], made: Mapping[str, list[Call]]) -> Listing:
    """Everybody who is missing, with how often they were called and how the last call came out."""
    heads = [
        Head(_("姓名")), Head(_("公民身份号码")), Head(_("没有参与的原因")), Head(_("打过"), "number"),
        Head(_("上一次")), Head(_("时间")),
    ]  # fmt: skip
    rows = []
    for one in left:
        own = made.get(one.id, [])
        here = room.to("calls", access.key(branch.name), whom=one.id)
        rows.append(
            Row(
                [
                    cell(room.names.name(one.id), where=here),
                    cell(access.masked(room.names, one.id)),
                    cell(one.why),
                    cell(len(own), here),
                    cell(_(WORDS[own[-1].outcome]) if own else ""),
                    cell(_moment(own[-1].at) if own else ""),
                ]
            )
        )
    return Listing(_("{unit}还要联系的党员").format(unit=branch.name), heads, rows)


def _moment(at: datetime) -> str:
    return at.astimezone(access.CHINA).strftime("%Y-%m-%d %H:%M")


@access.act(COUNTY, COMMITTEE, BRANCH)
def called(room: Room, key: str, person: str) -> HttpResponse:
    """How a call came out: taking part and declining are marks of the record, the rest is our own note."""
    branch = room.branch(key)
    person, outcome = one_of(room, branch, person), room.request.POST.get("outcome", "")
    rule = room.facts.rulebook().participation
    if outcome not in WORDS:
        raise Refused("2.2", "规则中没有参与方式“{channel}”", channel=outcome)
    if outcome == REACHED:
        room.offer(marked(room, person, TELEPHONE, room.today, "", ""), unit=branch.name)
    elif outcome == DECLINED:
        reason = room.request.POST.get("reason", "")[:200] or _("本人不愿参与")
        room.offer(marked(room, person, rule.absent, None, "", reason), unit=branch.name)
    Call.objects.create(selection=room.row, user=room.user, person=person, outcome=outcome, at=timezone.now())
    return redirect(room.to("calls", key))


urlpatterns = [
    path("units/<str:key>/calls/", calls, name="calls"),
    path("units/<str:key>/calls/<str:person>/", called, name="called"),
]
