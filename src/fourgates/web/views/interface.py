"""What programs may ask and do (接口), for people to read: every address with what it is for, and how it is entered."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from fourgates.i18n import _
from fourgates.web.api.described import TAGS, Described, operations

METHODS = {"get": "GET", "post": "POST", "delete": "DELETE"}


def page(api: Described) -> Callable[[HttpRequest], HttpResponse]:
    """The page that shows the description of ``api``."""

    @require_safe
    def interface(request: HttpRequest) -> HttpResponse:
        """Every address, in groups."""
        told = [
            (method, where, one["summary"], one["tags"]) for where, method, one in operations(api.spoken())
        ]
        groups = [
            (
                _(name),
                [(METHODS[method], where, _(said)) for method, where, said, tags in told if tag in tags],
            )
            for tag, name in TAGS.items()
        ]
        return render(
            request,
            "interface/interface.html",
            {"groups": groups, "here": request.build_absolute_uri("/").rstrip("/")},
        )

    return interface
