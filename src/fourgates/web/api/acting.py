"""What machines may do (接口·办理): nominations in, a person erased; and how any act is offered, once under its key."""

from __future__ import annotations

from collections.abc import Container
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Field, Header, Router, Schema

from fourgates import events, identity, nominations
from fourgates.clerk import spelt
from fourgates.errors import Refused
from fourgates.i18n import mark, sentence
from fourgates.web import access
from fourgates.web.access import Room
from fourgates.web.api.shapes import NO, Named, No, Nominations, Numbered, Word
from fourgates.web.roles import BRANCH, COMMITTEE, COUNTY
from fourgates.web.views import erasing

acting = Router(tags=["act"])
ONCE: Any = Header(  # type: ignore[type-arg]  # its shape is in what it is given
    "", alias="Idempotency-Key", max_length=60, description="The same key records the same once."
)


@acting.post(
    "/s/{slug}/branches/{key}/nominations",
    response={200: Numbered, **NO},
    summary=mark("党支部提名报送"),
)
def nominate(request: HttpRequest, slug: str, key: str, told: Nominations, once: str = ONCE) -> Numbered:
    """File what a branch's meetings put forward; it takes the place of what was filed before."""
    room = access.enter(request, slug, (COUNTY, COMMITTEE, BRANCH))
    branch = room.branch(key).name
    sittings = tuple(
        nominations.Sitting(
            one.day,
            one.due,
            one.present,
            tuple(_named(room, branch, name) for name in one.names),
        )
        for one in told.sittings
    )
    named = tuple(one.meeting for one in told.sittings)
    claim = room.anew(events.NominationsFiled(branch, sittings, meetings=named if any(named) else ()))
    return offered(room, claim, branch, once)


class Erasable(Schema):
    """Whether somebody may be erased now: the grounds of the plan, and why not (null: nothing stands against it)."""

    grounds: list[str]
    refusal: No | None


class Erasure(Schema):
    """On which ground of the plan somebody is erased, and the name written out, so that nobody is erased by a slip."""

    ground: Word
    name: Annotated[str, Field(max_length=80)]


@acting.get(
    "/s/{slug}/people/{id_}/erasing",
    response={200: Erasable, **NO},
    summary=mark("能不能删除一个人的个人信息"),
)
def erasable(request: HttpRequest, slug: str, id_: str) -> Erasable:
    """On which grounds a person's names may be destroyed, and whether they may be now."""
    room = access.as_page(request, slug, erasing.page)
    grounds = room.facts.rulebook().retention.grounds
    refusal = room.may(events.PersonErased(room.person(id_), grounds[0]))
    return Erasable(
        grounds=list(grounds),
        refusal=No(rule=refusal.rule, why=sentence(refusal)) if refusal is not None else None,
    )


@acting.post(
    "/s/{slug}/people/{id_}/erasing", response={200: Numbered, **NO}, summary=mark("删除一个人的个人信息")
)
def erase(request: HttpRequest, slug: str, id_: str, told: Erasure) -> Numbered:
    """Record that a person is erased, and destroy the keys; asked again after a break, whatever was left is destroyed. Nobody
    brings the names back."""
    room = access.enter(request, slug, (COUNTY,))
    id_, before = room.person(id_), room.keeper.current().n
    form = erasing.Ground(room, id_, {"ground": told.ground, "name": told.name})
    if not form.is_valid():
        raise Refused("V.2", "情形不在方案写明的几种里，或者姓名写得不对，没有删除")
    erasing.erased(room, id_, told.ground)
    return Numbered(
        entries=[
            one.n
            for one in room.keeper.entries(before)
            if isinstance(one.event, events.PersonErased) and one.event.person == id_
        ]
    )


def _named(room: Room, branch: str, name: Named) -> nominations.Name:
    id_ = _person(room, name.person)
    return nominations.Name(id_, name.members, room.put_away(f"merit:{branch}:{id_}", name.merit))


def _person(room: Room, said: str) -> str:
    """The member who is meant; ``Refused`` (F.4) where it is nobody. Who is not seen by the token's owner may be put forward
    all the same, since a branch names whom it wants, but by id: by a number nobody is found who is not seen."""
    members = room.facts.roster().members
    id_ = meant(room, said, members)
    if not id_ or (said not in members and not room.knows(id_)):
        raise Refused("F.4", "名册中没有“{who}”", who=said[:4] + "…")
    return id_


def meant(room: Room, said: str, among: Container[str]) -> str:
    """Who of ``among`` is meant, by id or by citizen number; empty for nobody."""
    if said in among:
        return said
    id_ = room.names.id_of(identity.normalise(said)) if room.names.key else ""
    return id_ if id_ in among else ""


def offered(room: Room, claim: events.Claim, unit: str, once: str) -> Numbered:
    """Offer a claim; under a key that was used for the same claim, the entry it became then, whatever stands by now."""
    key = once_by(room, once)
    known = already(room, claim, key)
    if known is None:
        known = [one.n for one in room.offer(claim, unit=unit, once=key)]
    return Numbered(entries=known)


def once_by(room: Room, once: str) -> str:
    """The key under which the record knows what the token's owner sends once; empty for none."""
    return f"api-{room.user.pk}-{once}" if once else ""


def already(room: Room, claim: events.Claim, key: str) -> list[int] | None:
    """The entry that a claim became under this key before; ``None`` where it did not, ``Refused`` (K.5) where another did."""
    if not key:
        return None
    with room.keeper.store.reading() as view:
        known = view.answer(key)
    if known is None:
        return None
    before = next(room.keeper.entries(known.first - 1))
    if spelt(before.event) != spelt(claim):
        raise Refused("K.5", "这个提交编号已经用于另一件事，请用新的编号提交")
    return [before.n]
