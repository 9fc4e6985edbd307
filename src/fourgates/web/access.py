"""Who may see and do what (权限): the only way to a selection, its units and its people, each already permitted.

A view takes a ``Room``: what somebody with these roles may see of one selection. ``@page`` says which kinds of role a page
is for, ``@act`` which may offer something to the record there. Whatever lies outside answers as if it did not exist.
Django says who; the record says whether.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property, lru_cache, wraps
from types import MappingProxyType
from typing import Concatenate, ParamSpec, TypeVar
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

import msgspec
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.urls import reverse

from fourgates import canon, events, identity
from fourgates.errors import Broken, Refused
from fourgates.events import Claim, Event
from fourgates.facts import Facts
from fourgates.i18n import _
from fourgates.keeper import Keeper
from fourgates.ledger import Entry
from fourgates.papers.people import People
from fourgates.papers.rolls import Rolls
from fourgates.report.figures import Report
from fourgates.selection import Selection as State
from fourgates.units import COMMITTEES, Tree, Unit
from fourgates.web import enclosures, leaving, records, texts
from fourgates.web.models import Role, Selection, User
from fourgates.web.roles import BRANCH, COMMITTEE, COUNTY, DEPARTMENT, OBSERVER, SUPERVISOR, WHOLE, WORDS

P = ParamSpec("P")
C = TypeVar("C", bound=Claim)
CHINA = ZoneInfo("Asia/Shanghai")


@lru_cache(10_000)
def key(unit: str) -> str:
    """What a unit is called in an address: the beginning of the digest of its name."""
    return canon.digest(unit.encode())[:12]


def address(name: str, slug: str) -> str:
    """The address of a page of another selection."""
    return _address(name, (slug,), ())


@lru_cache(50_000)
def _address(name: str, parts: tuple[str, ...], asked: tuple[tuple[str, str], ...]) -> str:
    where = reverse(name, args=parts)
    return f"{where}?{urlencode(asked)}" if asked else where


@dataclass(frozen=True)
class Room:
    """The part of one selection that one visitor may see, now or as of the entry ``at``.

    ``roles`` are the visitor's roles in this selection that the page is for; never empty.
    """

    request: HttpRequest
    user: User
    row: Selection
    roles: tuple[Role, ...]
    keeper: Keeper
    at: int | None = None
    waiting: dict[str, str] = field(default_factory=dict)
    """Texts that the events to be offered name by their digests; kept when these are recorded."""
    enclosing: dict[str, bytes] = field(default_factory=dict)
    """Files that they name, likewise."""

    # --- where things stand -------------------------------------------------------------------------------------

    @cached_property
    def state(self) -> State:
        """Where the selection stands, or stood as of ``at``."""
        return self.keeper.current() if self.at is None else self.keeper.at(self.at)

    @property
    def facts(self) -> Facts:
        """The claims that stand."""
        return self.state.facts

    @cached_property
    def tree(self) -> Tree:
        """The register of organisations; ``Refused`` (0.2) before it was entered."""
        return self.facts.register()

    @cached_property
    def report(self) -> Report:
        """Every figure. What of it may be shown to whom is the caller's to ask: ``sees``."""
        return records.report(self.row, self.state)

    @cached_property
    def names(self) -> People:
        """The names behind the ids. Which of them may be shown is the caller's to ask: ``person``, ``knows``."""
        return self.keeper.people()

    @property
    def today(self) -> date:
        """The day it is for this selection."""
        return self.clock.date()

    @cached_property
    def clock(self) -> datetime:
        """The moment it is for this selection, in China; one moment for all that is said in one answer."""
        return records.now(*self.row.time).astimezone(CHINA)

    # --- what may be seen ---------------------------------------------------------------------------------------

    def has(self, *kinds: str) -> bool:
        """Whether one of the roles is of one of these kinds."""
        return any(role.kind in kinds for role in self.roles)

    @cached_property
    def whole(self) -> bool:
        """Whether the whole county is seen."""
        return self.has(*WHOLE)

    def sees(self, unit: str) -> bool:
        """Whether the unit lies in a part of the tree that one of the roles is for."""
        if unit not in self.tree or self.whole:
            return unit in self.tree
        return not self._own.isdisjoint((*self.tree.above(unit), self.tree.county))

    @cached_property
    def _own(self) -> set[str]:
        """The units at the heads of the visitor's parts of the tree."""
        return {role.unit for role in self.roles if role.kind in (COMMITTEE, BRANCH)}

    def unit(self, address: str) -> Unit:
        """The unit with this address; 404 where there is none or it lies elsewhere."""
        name = self._addresses.get(address, "")
        if not name or not self.sees(name):
            raise Http404
        return self.tree[name]

    def committee(self, address: str) -> Unit:
        """The committee with this address; 404 where there is none or it lies elsewhere."""
        unit = self.unit(address)
        if unit.kind not in COMMITTEES:
            raise Http404
        return unit

    def branch(self, address: str) -> Unit:
        """The branch with this address; 404 where there is none or it lies elsewhere."""
        unit = self.unit(address)
        if unit.kind != "branch":
            raise Http404
        return unit

    def person(self, id_: str) -> str:
        """The id of a member on a roster; 404 where there is none or it is not one of theirs."""
        if not self.knows(id_):
            raise Http404
        return id_

    def knows(self, id_: str) -> bool:
        """Whether this is a member of a unit that is seen."""
        return bool(self.known([id_]))

    def known(self, ids: Iterable[str]) -> list[str]:
        """Those of these ids that are members of units that are seen."""
        members = self.facts.roster().members
        if self.whole:
            return [id_ for id_ in ids if id_ in members]
        return [id_ for id_ in ids if id_ in members and self.sees(members[id_].branch)]

    def department(self, name: str) -> str:
        """A department that is asked; 404 where there is none or it is another one."""
        own = {role.department for role in self.roles if role.kind == DEPARTMENT}
        if name not in self.facts.rulebook().integrity.departments or not (self.whole or name in own):
            raise Http404
        return name

    def units(self, kind: str = "branch") -> list[Unit]:
        """The units of a kind that are seen, in the order of the register."""
        kinds = COMMITTEES if kind == "committee" else (kind,)
        return [unit for unit in self.tree if unit.kind in kinds and self.sees(unit.name)]

    def to(self, name: str, *parts: str, **asked: object) -> str:
        """The address of a page of this selection, at the same moment."""
        if self.at is not None:
            asked["at"] = self.at
        said = tuple((key, str(value)) for key, value in asked.items() if value not in ("", None))
        return _address(name, (self.row.slug, *parts), said)

    @cached_property
    def _addresses(self) -> Mapping[str, str]:
        memo = self.facts.memo
        if "addresses" not in memo:
            memo["addresses"] = {key(unit.name): unit.name for unit in self.tree}
        found: Mapping[str, str] = memo["addresses"]
        return found

    # --- what may be done ---------------------------------------------------------------------------------------

    def office(self, unit: str = "") -> str:
        """Who is said to write an entry about ``unit``: the office of the role that reaches it, narrowest last."""
        for role in self.roles:
            if role.kind == COUNTY:
                return self.facts.plan.selection.unit if self.facts.plan else _(WORDS[COUNTY])
            if role.kind == DEPARTMENT:
                return role.department
            if role.kind in (COMMITTEE, BRANCH) and (not unit or self.sees(unit)):
                return role.unit
        raise PermissionDenied

    def may(self, event: Event, unit: str = "") -> Refused | Broken | None:
        """What would be said to this event now; the text beside a button that is grey."""
        if self.at is not None:
            return Refused("K.4", "这一页是过去的样子，只能看，不能办理")
        return self.keeper.may(event, self.office(unit))

    def offer(
        self,
        *events: Event,
        unit: str = "",
        documents: Mapping[str, bytes] = MappingProxyType({}),
        once: str = "",
    ) -> tuple[Entry, ...]:
        """Offer events to the record, all or none; ``once``: the key under which a repeated offer is the same one."""
        if self.at is not None:
            raise PermissionDenied
        office, left = self.office(unit), texts.missing(self.row, self.waiting)
        if not left and not self.enclosing:
            return self.keeper.offer(events, by=office, documents=documents, key=once)
        with transaction.atomic():  # a text and a file stay only where an entry names them
            texts.keep(self.row, left)
            enclosures.keep(self.row, self.enclosing)
            return self.keeper.offer(events, by=office, documents=documents, key=once)

    def standing(self, about: Claim) -> int:
        """The number of the entry that stands about the same as this claim; 0 where none does."""
        return self.state.standing.get(events.subject(about), 0)

    def anew(self, claim: C) -> C:
        """The claim, said to correct whatever stands about the same."""
        return msgspec.structs.replace(claim, corrects=self.standing(claim))

    # --- what people write --------------------------------------------------------------------------------------

    def put_away(self, about: str, text: str) -> str:
        """The keyed digest of a text, for an event to name; the text itself is kept when the event is recorded."""
        text = " ".join(text.split())
        digest = texts.digest(self.names, about, text)
        if digest:
            self.waiting[digest] = text
        return digest

    def enclose(self, about: str, content: bytes) -> str:
        """The keyed digest of a file, for an event to name; the file itself is kept when the event is recorded."""
        digest = enclosures.digest(self.names, about, content)
        self.enclosing[digest] = content
        return digest

    def by_strokes(self, people: Iterable[str]) -> list[str]:
        """Ids in the order of surname strokes, as a printed list has them."""
        return by_strokes(self.names, self.facts, people)

    def hand(self, whose: User | None = None) -> str:
        """The keyed digest of who is at work, or was: by the name colleagues know, told apart where two have the same."""
        user = whose or self.user
        name = str(user)
        if any(str(one) == name for one in User.objects.exclude(pk=user.pk).only("username", "name")):
            name = f"{name}（{user.username}）"
        return self.put_away("handler", name)

    def written(self, *digests: str) -> dict[str, str]:
        """What was written under these digests; those whose text is gone are left out."""
        return texts.written(self.row, self.names, digests)


View = Callable[Concatenate[Room, P], HttpResponse]


def page(*kinds: str) -> Callable[[View[P]], Callable[..., HttpResponse]]:
    """A page for these kinds of role; for anybody else there is no such page."""

    def wrapped(view: View[P]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def asked(request: HttpRequest, slug: str, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            if request.method not in ("GET", "HEAD"):
                return HttpResponseNotAllowed(["GET", "HEAD"])
            return _left(enter(request, slug, kinds), view, *args, **kwargs)

        asked.kinds = kinds  # type: ignore[attr-defined]  # read by the test that walks every address
        return asked

    return wrapped


def act(*kinds: str) -> Callable[[View[P]], Callable[..., HttpResponse]]:
    """Something these kinds of role may do, sent by POST, now and not in the past; supervisors and observers never."""
    if not {SUPERVISOR, OBSERVER}.isdisjoint(kinds):
        raise ValueError(kinds)

    def wrapped(view: View[P]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def asked(request: HttpRequest, slug: str, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            if request.method != "POST":
                return HttpResponseNotAllowed(["POST"])
            return _left(enter(request, slug, kinds), view, *args, **kwargs)

        asked.kinds = kinds  # type: ignore[attr-defined]  # read by the test that walks every address
        return asked

    return wrapped


def _left(room: Room, view: View[P], *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
    """What a view answers, as it leaves: a paper of a rehearsal is marked as one."""
    response = view(room, *args, **kwargs)
    return leaving.marked(response) if room.row.rehearsal else response


def enter(request: HttpRequest, slug: str, kinds: Iterable[str]) -> Room:
    """The room of the visitor in the selection ``slug``; 404 without a role of one of ``kinds`` in it, and wherever somebody
    would act in what is past."""
    user = request.user
    if not isinstance(user, User):
        raise Http404
    wanted = tuple(kinds)
    found = tuple(role for role in everywhere(user) if role.selection.slug == slug and role.kind in wanted)
    if not found:
        raise Http404
    row = found[0].selection
    keeper = records.keeper(row)
    at = _moment(request.GET.get("at", ""), keeper.current().n)
    if at is not None and request.method not in ("GET", "HEAD"):
        raise Http404
    room = Room(request, user, row, found, keeper, at)
    request.room = room  # type: ignore[attr-defined]  # what surrounds every page is about the room
    return room


def as_page(request: HttpRequest, slug: str, view: Callable[..., HttpResponse]) -> Room:
    """The room of whoever may open the page ``view``: what is told of it otherwise is told to them and to nobody else."""
    return enter(request, slug, view.kinds)  # type: ignore[attr-defined]  # every page of a selection has them


def answer(
    request: HttpRequest, slug: str, view: Callable[..., HttpResponse], *about: str | int
) -> HttpResponse:
    """What the page ``view`` answers to whoever may open it: a file is the same, whichever way it is asked for."""
    behind = view.__wrapped__  # type: ignore[attr-defined]  # the page behind its door
    return _left(as_page(request, slug, view), behind, *about)


def _moment(text: str, last: int) -> int | None:
    """The entry that a page is asked for as of; 404 where the record has not come so far."""
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 10) or int(text) > last:
        raise Http404
    return int(text)


def everywhere(user: User) -> list[Role]:
    """Every role of a user, the newest selection first and in it the widest; asked of the database once a request."""
    if user.held is None:
        order = tuple(WORDS)
        user.held = sorted(
            user.roles.select_related("selection"),
            key=lambda role: (-role.selection.pk, order.index(role.kind), role.pk),
        )
    return user.held


def by_strokes(names: People, facts: Facts, people: Iterable[str]) -> list[str]:
    """Ids in the order of surname strokes, as a printed list has them."""
    ids = list(people)
    return Rolls(names, facts, ids).order(ids)


def masked(names: People, id_: str) -> str:
    """A person's number as screens show it; empty where the names are gone."""
    number = names.number(id_)
    return "" if number == id_ else identity.masked(number)
