"""Explain a figure (数字的来历): what it counts, over which rows, up to when, by which rule, from which entries."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import path

from fourgates.i18n import _
from fourgates.web import access, figures, listing, roles, rules
from fourgates.web.access import Room
from fourgates.web.listing import Head, Listing, Row, cell


@access.page(*roles.WITHIN, roles.OBSERVER)
def figure(room: Room, key: str) -> HttpResponse:
    """One figure with everything behind it."""
    of = room.request.GET.get("of", "")
    found = figures.find(room, key, of)
    if found is None:
        raise Http404
    units = [name for name in found.units if room.sees(name)]
    people = room.known(found.people)

    def made(about: str) -> Row:
        if found.units:
            return Row([cell(about, where=room.to("unit", access.key(about)))])
        number = cell(access.masked(room.names, about))
        return Row([cell(room.names.name(about), where=room.to("person", about)), number])

    rows = listing.Rows(units if found.units else people, made)
    heads = [Head(_("党支部"))] if found.units else [Head(_("姓名")), Head(_("公民身份号码"))]
    table = listing.arranged(room.request, Listing(_(found.label), heads, rows))
    if listing.wanted(room.request):
        return listing.workbook(table)
    unit = room.unit(of) if of else room.tree[room.tree.county]
    return render(
        room.request,
        "figure/figure.html",
        {
            "figure": found,
            "unit": unit,
            "rule": rules.rule(found.rule),
            "table": table if table.whole else None,
            "entries": found.entries[:200],
            "logged": room.has(*roles.WITHIN),
            "trail": [
                (unit.name, room.to("unit", access.key(unit.name)) if room.sees(unit.name) else ""),
                (_("数字的来历"), ""),
            ],
        },
    )


urlpatterns = [path("figures/<str:key>/", figure, name="figure")]
