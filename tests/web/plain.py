"""The site's own addresses, with no page to draw where there is none."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from fourgates.web.urls import urlpatterns

__all__ = ["handler404", "urlpatterns"]


def handler404(request: HttpRequest, exception: Exception) -> HttpResponse:
    return HttpResponse(status=404)
