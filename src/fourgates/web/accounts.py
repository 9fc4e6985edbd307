"""How accounts behave here (账号): nobody signs up alone, and who tries too often waits."""

from __future__ import annotations

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


class Adapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth ships no types
    """An account is made by whoever gives out roles, never by a visitor."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never."""
        del request
        return False


def locked_out(request: HttpRequest, credentials: object, *_rest: object) -> HttpResponse:
    """The page for somebody who tried too often."""
    del credentials
    return render(request, "locked.html", status=429)
