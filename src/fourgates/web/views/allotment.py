"""The allotment cascade (名额分解): what a unit has, how it is split among those under it, and its gap to the structure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.safestring import SafeString

from fourgates import allotment, judging
from fourgates.allotment import Allotted, Method
from fourgates.errors import Broken, Refused
from fourgates.events import SeatsAllotted
from fourgates.i18n import _, mark
from fourgates.units import Unit
from fourgates.web import access, figures, listing, roles
from fourgates.web.access import Room
from fourgates.web.listing import Head, Listing, Row, cell
from fourgates.web.quotas import gaps, has, lacking
from fourgates.web.roles import BRANCH, COMMITTEE, COUNTY
from fourgates.web.views.meetings import number, way

METHODS: Mapping[Method, str] = {
    "members": mark("按有推荐权的党员数"),
    "organisations": mark("按党支部数"),
    "fixed": mark("定数"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """What one unit gets: its address, what it was split by, the exact share with its remainder, how it was rounded, the
    adjustment and its reason as typed."""

    key: str
    where: str
    one: Allotted
    members: int
    branches: int
    remainder: str
    more: bool
    reason: str


@access.page(*roles.WITHIN)
def cascade(room: Room, key: str) -> HttpResponse:
    """What a unit has, how it was or would be split, and how far it is from the structure."""
    return shown(room, room.unit(key), None)


def asked_for(room: Room) -> QueryDict:
    """How the split is asked for: in a form that is sent, or in the address of a page that only shows it."""
    return room.request.POST if room.request.method == "POST" else room.request.GET


def shown(room: Room, unit: Unit, refusal: Refused | Broken | None) -> HttpResponse:
    """The page; what the record refused stays as it was typed, under the reason."""
    table = listing.arranged(room.request, below(room, unit))
    if listing.wanted(room.request):
        return listing.workbook(table, lacking(room, unit))
    quota, adopted = room.facts.rulebook().quota, room.state.standing.get(("PlanAdopted", ""), 0)
    standing, asked = room.facts.allotted.get(unit.name, ()), asked_for(room)
    works = room.has(COUNTY, COMMITTEE, BRANCH) and room.at is None
    numbers, no = standing, refusal
    method, base = _standing(room, unit)
    if (
        allotment.under(unit.name, room.tree)
        and (works or not standing)
        and ("method" in asked or not standing)
    ):
        try:
            event = drawn(room, unit)
            numbers, method, base = event.numbers, event.method, event.base
            no = no or (room.may(event, unit.name) if works else None)
        except (Refused, Broken) as problem:
            numbers, no = (), no or problem
    return render(
        room.request,
        "allotment/cascade.html",
        {
            "unit": unit,
            "of": access.key(unit.name),
            "has": has(room, unit),
            "given": link(room, unit, has(room, unit)),
            "plan_seats": figures.at(room, adopted, str(quota.allotted)),
            "plan_list": figures.at(room, adopted, str(quota.county_list)),
            "up_to": link(room, unit, total(room, unit)),
            "total": asked.get("total") or total(room, unit),
            "base": asked.get("base") or base,
            "method": asked.get("method") or method,
            "methods": METHODS,
            "lines": lines(room, unit, numbers),
            "handed": sum(one.number for one in numbers),
            "standing": bool(standing) and numbers == standing,
            "before": bool(standing),
            "gaps": gaps(room, unit),
            "table": table,
            "works": works and bool(allotment.under(unit.name, room.tree)),
            "refusal": no,
            "trail": way(room, unit, _("名额分解")),
        },
        status=409 if refusal is not None else 200,
    )  # fmt: skip


def link(room: Room, unit: Unit, number: object) -> SafeString:
    """A number of a unit with the entry it comes from: who handed it down, else the register."""
    above, stands = unit.parent or room.tree.county, room.state.standing
    handed = stands.get(("SeatsAllotted", above), 0) or stands.get(("UnitsEntered", ""), 0)
    return figures.at(room, handed, str(number))


def _standing(room: Room, unit: Unit) -> tuple[Method, int]:
    """By which method, after which base, the standing split was made; by members while there is none."""
    number = room.state.standing.get(("SeatsAllotted", unit.name), 0)
    event = next(room.keeper.entries(number - 1)).event if number else None
    return (event.method, event.base) if isinstance(event, SeatsAllotted) else ("members", 0)


def lines(room: Room, unit: Unit, numbers: tuple[Allotted, ...]) -> list[Line]:
    """What each unit gets, with the rounding: the whole part of the exact share, or one more."""
    reasons = room.written(*(one.reason for one in numbers)) | room.waiting
    roster, tree = room.facts.roster(), room.tree
    members = allotment.weights(unit.name, "members", tree, roster)
    branches = allotment.weights(unit.name, "organisations", tree, roster)
    found = []
    for one in numbers:
        whole, rest = divmod(Fraction(one.share), 1)
        found.append(
            Line(
                access.key(one.unit),
                opened(room, room.tree[one.unit]),
                one,
                members.get(one.unit, 0),
                branches.get(one.unit, 0),
                str(rest) if rest else "",
                one.split > whole,
                reasons.get(one.reason, ""),
            )
        )
    return found


def opened(room: Room, unit: Unit) -> str:
    """Where the members a unit is counted with are seen."""
    of = access.key(unit.name)
    return room.to("unit", of) if unit.kind == "general_branch" else room.to("figure", "members", of=of)


def total(room: Room, unit: Unit) -> int:
    """What there is to be handed down: what the unit has, for the county what the committees may send up together."""
    if unit.kind == "county":
        return sum(judging.quotas(room.facts).values())
    return has(room, unit) or 0


def drawn(room: Room, unit: Unit) -> SeatsAllotted:
    """The allotment as it is asked for: split by the method, adjusted as typed."""
    asked = asked_for(room)
    method: Method = next((one for one in METHODS if one == asked.get("method")), "members")
    whole = number(asked.get("total") or str(total(room, unit)))
    base = number(asked.get("base") or "0") if method != "fixed" else 0
    if method == "fixed":
        numbers = tuple(
            Allotted(child, str(count), count)
            for child in allotment.under(unit.name, room.tree)
            for count in [
                number(asked.get(f"fixed-{access.key(child)}") or str(has(room, room.tree[child]) or 0))
            ]
        )
    else:
        by = allotment.weights(unit.name, method, room.tree, room.facts.roster())
        numbers = allotment.split(whole, by, base)
    adjusted = tuple(_adjusted(room, one, asked) for one in numbers)
    return room.anew(SeatsAllotted(unit.name, whole, method, adjusted, base))


def _adjusted(room: Room, one: Allotted, asked: QueryDict) -> Allotted:
    key = access.key(one.unit)
    by = asked.get(f"adjust-{key}", "").strip() or "0"
    if not (by.isascii() and by.lstrip("+-").isdigit() and len(by) < 7):
        raise Refused("13.3", "“{text}”不是调整的人数", text=by[:20])
    reason = room.put_away(f"adjust:{one.unit}", asked.get(f"reason-{key}", "")[:200])
    return Allotted(one.unit, one.share, one.split, int(by), reason if int(by) else "")


def below(room: Room, unit: Unit) -> Listing:
    """Every unit under this one that has a number, level by level; those directly under it with what they lack."""
    heads = [
        Head(_("党组织")), Head(_("上级")), Head(_("精确份额"), "number"), Head(_("取整"), "number"),
        Head(_("调整"), "number"), Head(_("名额"), "number"), Head(_("与结构要求的差距")),
    ]  # fmt: skip
    told = {one.unit: one for numbers in room.facts.allotted.values() for one in numbers}
    quotas = judging.quotas(room.facts)
    rows = []
    for one in room.tree:
        if one.name == unit.name or unit.name not in (*room.tree.above(one.name), room.tree.county):
            continue
        got = told.get(one.name)
        count = got.number if got else quotas.get(one.name)
        if count is None:
            continue
        above = room.to("cascade", access.key(one.parent or room.tree.county))
        lacking = [
            _("{tag}还差{count}人").format(tag=_(each.gap.tag), count=each.wanting)
            for each in (gaps(room, one) if one.parent == unit.name else ())
            if each.wanting
        ]
        rows.append(
            Row(
                [
                    cell(one.name, where=room.to("cascade", access.key(one.name))),
                    cell(one.parent),
                    listing.Cell(got.share if got else "", got.share if got else "", above, kind="number"),
                    cell(got.split if got else None, above),
                    cell(got.adjusted if got else None, above),
                    cell(count, above),
                    cell(_("、").join(lacking)),
                ]
            )
        )
    return Listing(_("{unit}以下的名额").format(unit=unit.name), heads, rows)


@access.act(COUNTY, COMMITTEE, BRANCH)
def allot(room: Room, key: str) -> HttpResponse:
    """Hand the numbers down."""
    unit = room.unit(key)
    if not allotment.under(unit.name, room.tree):
        raise Refused("13.1", "{unit}的名额应分给它的各下级党组织", unit=unit.name)
    try:
        room.offer(drawn(room, unit), unit=unit.name, once=room.request.POST.get("once", ""))
    except (Refused, Broken) as no:
        return shown(room, unit, no)
    return redirect(room.to("cascade", key))


urlpatterns = [
    path("units/<str:key>/allotment/", cascade, name="cascade"),
    path("units/<str:key>/allotment/hand-down/", allot, name="allot"),
]
