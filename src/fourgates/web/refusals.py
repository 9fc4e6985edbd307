"""A rule's no becomes a page (不予受理), here and nowhere else: its number, its sentence, and the way back."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from fourgates.errors import Broken, Refused
from fourgates.i18n import sentence


class Refusals:
    """Turns ``Refused`` and ``Broken`` into a page; anything else is a fault of ours."""

    def __init__(self, answer: Callable[[HttpRequest], HttpResponse]) -> None:
        self._answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The answer of the view."""
        return self._answer(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """The page for a rule's no (409) or a record that does not hold (500)."""
        if not isinstance(error, Refused | Broken):
            return None
        status = 409 if isinstance(error, Refused) else 500
        return refused(request, error, status)


def refused(request: HttpRequest, no: Refused | Broken, status: int = 409) -> HttpResponse:
    """The page that says which rule said no, and why."""
    back = request.headers.get("Referer", "/")
    own = f"{request.scheme}://{request.get_host()}/"
    said = {"rule": no.rule, "why": sentence(no), "back": back if back.startswith(own) else "/"}
    return render(request, "refused.html", said, status=status)


def forged(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The page for a form that was not ours, or lay open too long."""
    del reason  # of use to an attacker alone
    return render(request, "forged.html", status=403)
