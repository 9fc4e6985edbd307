"""What stands against a person (否决情形): told to the person, answered, reviewed by somebody else, lifted by two.

The person is told the category and nothing else. Who reported something is asked nowhere here and kept nowhere. A bar is lifted
by two people: one proposes on a stated ground, another one signs in and confirms, and one entry names both.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path

from fourgates import canon, consultation, judging
from fourgates.consultation import Concern, Lifted, Outcome, Raised
from fourgates.errors import Broken, Refused
from fourgates.events import BarLifted, ConcernAnswered, ConcernNotified, ConcernReviewed
from fourgates.i18n import _, mark
from fourgates.web import access, proposals
from fourgates.web.access import Room
from fourgates.web.models import Proposal
from fourgates.web.roles import COUNTY, SUPERVISOR
from fourgates.workdays import Calendar

LIFT = "lift"
"""The kind of such a proposal."""
SPEAKERS = (mark("本人"),)
"""Who is heard where the plan says nothing of it; what it says stays as it wrote it."""
SOMEBODY = "somebody else"
"""Stands for the second person while it is only asked whether a bar could be lifted at all."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A bar and everything about it: what raises it, what passed with the person, how it was lifted or is proposed to be, until
    when the person may reply (``None``: no day is set, or nobody was told yet), and what would be said now to each act."""

    bar: str
    raised: tuple[Raised, ...]
    stands: bool
    concern: Concern | None
    lifted: Lifted | None
    proposal: Proposal | None
    stale: bool
    until: date | None
    texts: dict[str, str]
    notify: Refused | Broken | None
    reply: Refused | Broken | None
    review: Refused | Broken | None
    propose: Refused | Broken | None
    confirm: Refused | Broken | None


@access.page(COUNTY, SUPERVISOR)
def concern(room: Room, id_: str) -> HttpResponse:
    """The bars of one person sent up, one after another."""
    id_ = sent_up(room, id_)
    return render(
        room.request,
        "concern/concern.html",
        {
            "id": id_,
            "name": room.names.name(id_),
            "number": access.masked(room.names, id_),
            "bars": [standing(room, id_, bar) for bar in bars(room, id_)],
            "acts": room.at is None and room.has(COUNTY),
            "hearing": room.facts.rulebook().hearing,
            "trail": [(_("征求意见"), room.to("consultation")), (room.names.name(id_), "")],
        },
    )


def sent_up(room: Room, id_: str) -> str:
    """Somebody sent up; 404 for anybody else."""
    id_ = room.person(id_)
    if not room.facts.reviews or id_ not in judging.sent_up(room.facts):
        raise Http404
    return id_


def bars(room: Room, id_: str) -> tuple[str, ...]:
    """The bars that stand against a person, and those about which something was done."""
    found = set(judging.person(room.facts, id_).integrity.bars)
    every = room.facts.rulebook().integrity.bars
    about = {bar: f"{id_} {bar}" for bar in every}
    return tuple(
        bar
        for bar in every
        if bar in found or about[bar] in room.facts.lifted or about[bar] in room.facts.concerns
    )


def standing(room: Room, id_: str, bar: str) -> Standing:
    """Everything about one bar. What may be done is asked of the rules with the visitor as the one who does it."""
    about = f"{id_} {bar}"
    passed, lifted = room.facts.concerns.get(about), room.facts.lifted.get(about)
    proposal = proposed(room, id_, bar).select_related("user").first()
    over = over_now(room, id_, bar)
    digests = [passed.told_by, passed.recorded_by] if passed else []
    digests += [lifted.ground] if lifted else []
    digests += [proposal.says["ground"]] if proposal else []
    acts = room.at is None and room.has(COUNTY)
    may: dict[str, Refused | Broken | None] = dict.fromkeys(
        ("notify", "reply", "review", "propose", "confirm")
    )
    if acts:
        me, day = room.hand(), room.today
        may["notify"] = room.may(room.anew(ConcernNotified(id_, bar, day, me)))
        may["reply"] = room.may(room.anew(ConcernAnswered(id_, bar, "—", day, me)))
        may["review"] = room.may(room.anew(ConcernReviewed(id_, bar, "cleared", "—", day, me)))
        may["propose"] = room.may(room.anew(BarLifted(id_, bar, "—", me, SOMEBODY, day)))
        if proposal:
            by = room.hand(proposal.user)
            may["confirm"] = room.may(room.anew(BarLifted(id_, bar, proposal.says["ground"], by, me, day)))
    return Standing(
        bar,
        judging.raised(room.facts, id_, bar),
        bar in judging.person(room.facts, id_).integrity.bars,
        passed,
        lifted,
        proposal,
        bool(proposal and proposal.says["over"] != over),
        _until(room, passed) if passed else None,
        room.written(*digests),
        **may,
    )


def _until(room: Room, passed: Concern) -> date | None:
    rule = room.facts.rulebook()
    try:
        calendar = Calendar(rule.notice.holidays, rule.notice.workdays)
        return consultation.until(passed.told, rule.hearing, calendar) if rule.hearing.speakers else None
    except Refused:  # a year whose working days nobody knows: the rule says so to whoever acts
        return None


def proposed(room: Room, id_: str, bar: str) -> QuerySet[Proposal]:
    """The proposal to lift a bar, where there is one."""
    return proposals.waiting(room, LIFT, f"{id_} {bar}")


def over_now(room: Room, id_: str, bar: str) -> str:
    """The digest of what raises the bar now: whoever confirms signs for the same that was proposed."""
    return canon.digest(canon.spell(judging.raised(room.facts, id_, bar)))


# --- acts -------------------------------------------------------------------------------------------------------


def _asked(room: Room, id_: str) -> tuple[str, str]:
    """The person and the bar that a form is about; ``Refused`` (8.11) where there is no such bar."""
    id_, bar = sent_up(room, id_), room.request.POST.get("bar", "")[:80]
    if bar not in room.facts.rulebook().integrity.bars:
        raise Refused("8.11", "规则中没有否决情形“{bar}”", bar=bar)
    return id_, bar


def _text(room: Room) -> str:
    return room.request.POST.get("text", "").strip()[:2000]


def _offer(room: Room, id_: str, event: Any) -> HttpResponse:
    room.offer(room.anew(event), once=room.request.POST.get("once", ""))
    return redirect(room.to("concern", id_))


def _unsaid(room: Room, id_: str) -> HttpResponse:
    messages.error(room.request, _("请写明依据或者内容"))
    return redirect(room.to("concern", id_))


@access.act(COUNTY)
def notify(room: Room, id_: str) -> HttpResponse:
    """The person was told the category."""
    id_, bar = _asked(room, id_)
    return _offer(room, id_, ConcernNotified(id_, bar, room.today, room.hand()))


@access.act(COUNTY)
def replied(room: Room, id_: str) -> HttpResponse:
    """What the person replied."""
    id_, bar = _asked(room, id_)
    if not _text(room):
        return _unsaid(room, id_)
    text = room.put_away(f"concern:{id_}:{bar}", _text(room))
    speaker = room.request.POST.get("speaker", "")[:80]
    return _offer(room, id_, ConcernAnswered(id_, bar, text, room.today, room.hand(), speaker=speaker))


@access.act(COUNTY)
def reviewed(room: Room, id_: str) -> HttpResponse:
    """Somebody who had no part in it reviewed the bar."""
    id_, bar = _asked(room, id_)
    if not _text(room):
        return _unsaid(room, id_)
    outcome: Outcome = "cleared" if room.request.POST.get("outcome") == "cleared" else "upheld"
    ground = room.put_away(f"review:{id_}:{bar}", _text(room))
    return _offer(room, id_, ConcernReviewed(id_, bar, outcome, ground, room.today, room.hand()))


@access.act(COUNTY)
def propose(room: Room, id_: str) -> HttpResponse:
    """Propose that a bar be lifted; nothing is recorded before a second person confirms."""
    id_, bar = _asked(room, id_)
    if not _text(room):
        return _unsaid(room, id_)
    ground = room.put_away(f"lift:{id_}:{bar}", _text(room))
    refusal = room.may(room.anew(BarLifted(id_, bar, ground, room.hand(), SOMEBODY, room.today)))
    if refusal is not None:
        raise refusal
    proposals.propose(room, LIFT, f"{id_} {bar}", ground, _text(room), over=over_now(room, id_, bar))
    messages.success(room.request, _("提议已经留下，等另一人确认"))
    return redirect(room.to("concern", id_))


@access.act(COUNTY)
def confirm(room: Room, id_: str) -> HttpResponse:
    """The second person confirms: one entry names both."""
    id_, bar = _asked(room, id_)
    with transaction.atomic():
        proposal = proposed(room, id_, bar).select_for_update(of=("self",)).select_related("user").first()
        if proposal is None:
            raise Http404
        if proposal.says["over"] != over_now(room, id_, bar):
            messages.error(room.request, _("提议以后情况变了，请撤回，重新提议"))
            return redirect(room.to("concern", id_))
        event = BarLifted(
            id_, bar, proposal.says["ground"], room.hand(proposal.user), room.hand(), room.today
        )
        answer = _offer(room, id_, event)
        proposal.delete()
    return answer


@access.act(COUNTY)
def retract(room: Room, id_: str) -> HttpResponse:
    """A proposal is given up."""
    id_, bar = _asked(room, id_)
    proposals.put_aside(room, LIFT, f"{id_} {bar}")
    return redirect(room.to("concern", id_))


urlpatterns = [
    path("concerns/<str:id_>/", concern, name="concern"),
    path("concerns/<str:id_>/notify/", notify, name="notify"),
    path("concerns/<str:id_>/reply/", replied, name="concern-reply"),
    path("concerns/<str:id_>/review/", reviewed, name="concern-review"),
    path("concerns/<str:id_>/propose/", propose, name="propose-lift"),
    path("concerns/<str:id_>/confirm/", confirm, name="confirm-lift"),
    path("concerns/<str:id_>/retract/", retract, name="retract-lift"),
]
