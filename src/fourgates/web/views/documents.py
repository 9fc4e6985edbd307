"""Documents to sign (文书): every kind the record can fill in by now, written as of the entry shown."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import path

from fourgates.i18n import _
from fourgates.papers.documents.ground import Ground
from fourgates.papers.documents.kind import Kind
from fourgates.papers.documents.kinds import KINDS
from fourgates.web import access, leaving, listing
from fourgates.web.access import Room
from fourgates.web.listing import Head, Listing, Row, cell
from fourgates.web.papers import OWN, made, subjects
from fourgates.web.roles import COMMITTEE, COUNTY


@access.page(COUNTY, COMMITTEE)
def documents(room: Room) -> HttpResponse:
    """Every kind, with how many there are of it now; what there is none of is said with what it takes."""
    if room.facts.plan is None or room.facts.tree is None:
        return render(room.request, "documents/documents.html", {"trail": [(_("文书"), "")]})
    table = listing.arranged(room.request, kinds(room))
    if listing.wanted(room.request):
        return listing.workbook(table)
    return render(room.request, "documents/documents.html", {"table": table, "trail": [(_("文书"), "")]})


def kinds(room: Room) -> Listing:
    """The kinds, one a row."""
    heads = [Head(_("文种")), Head(_("每份对应")), Head(_("现在可出"), "number"), Head(_("要签字"))]
    ground = Ground(room.state, room.names, room.report)
    rows = []
    for kind in KINDS:
        if not room.has(COUNTY) and kind.key not in OWN:
            continue
        there = subjects(room, kind, ground)
        where = room.to("document-kind", kind.key) if there else ""
        if len(there) == 1:
            where = room.to("document", kind.key, access.key(there[0]))
        rows.append(
            Row(
                [
                    cell(_(kind.title), where=where),
                    cell(_(kind.one)),
                    cell(len(there) or None, where),
                    cell(_("是") if kind.signed else ""),
                ]
            )
        )
    return Listing(_("文书"), heads, rows)


def _kind(key: str) -> Kind:
    for kind in KINDS:
        if kind.key == key:
            return kind
    raise Http404


@access.page(COUNTY, COMMITTEE)
def document_kind(room: Room, key: str) -> HttpResponse:
    """Every document of one kind."""
    kind = _kind(key)
    there = subjects(room, kind, Ground(room.state, room.names, room.report))
    if not there:
        raise Http404
    rows = [
        Row([cell(_(room.names.name(each)), where=room.to("document", key, access.key(each)))])
        for each in there
    ]
    table = listing.arranged(room.request, Listing(_(kind.title), [Head(_("对应"))], rows))
    if listing.wanted(room.request):
        return listing.workbook(table)
    return render(
        room.request,
        "documents/documents.html",
        {
            "kind": kind,
            "table": table,
            "trail": [(_("文书"), room.to("documents")), (_(kind.title), "")],
        },
    )


@access.page(COUNTY, COMMITTEE)
def document(room: Room, key: str, about: str) -> HttpResponse:
    """One document, to print and sign."""
    kind = _kind(key)
    there = subjects(room, kind, Ground(room.state, room.names, room.report))
    subject = next((each for each in there if access.key(each) == about), None)
    if subject is None:
        raise Http404
    return leaving.attached(made(room, key, subject), f"{kind.title}（{room.names.name(subject)}）.docx")


urlpatterns = [
    path("documents/", documents, name="documents"),
    path("documents/<str:key>/", document_kind, name="document-kind"),
    path("documents/<str:key>/<str:about>.docx", document, name="document"),
]
